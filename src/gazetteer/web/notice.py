"""The owner's notice is shown until a reader dismisses it. A cookie remembers that, so it needs no script."""

from collections.abc import Iterator

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from gazetteer.web.origins import local
from gazetteer.web.site import NOTICE, action, notice_mark, see, set_cookie, site_of

_A_YEAR = 365 * 86_400


def routes() -> Iterator[BaseRoute]:
    """Give the route that dismisses the notice."""
    yield action("/notice", dismiss, strangers=True)


def dismiss(request: Request, form: FormData) -> Response:
    """Show this notice to this reader no more."""
    response = see(local(str(form.get("to", "/"))))
    if (words := site_of(request).settings.notice) is not None:
        set_cookie(request, response, NOTICE, notice_mark(words), seconds=_A_YEAR)
    return response
