"""Adding an article by its address."""

from collections.abc import Iterator
from http import HTTPStatus

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from gazetteer.errors import BusyError
from gazetteer.types import Failure
from gazetteer.view import safe_link
from gazetteer.web.site import action, page, render, see, site_of

_NO_ADDRESS = "this is no address of a page: it begins with http:// or https://, and names nobody before the host"


def routes() -> Iterator[BaseRoute]:
    """Give the routes of adding."""
    yield page("/add", adding)
    yield action("/add", add, is_slow=True)


def adding(request: Request) -> Response:
    """Show the form, or say why there is none."""
    return render(request, "add.html", address=request.query_params.get("address", ""), reason=None)


def add(request: Request, form: FormData) -> Response:
    """Take an address in, and go on to its article; where that fails, say why."""
    take = site_of(request).take
    address = str(form.get("address", "")).strip()
    if take is None:
        return render(request, "add.html", status=HTTPStatus.FORBIDDEN, address=address, reason=None)
    try:
        taken = take(address) if safe_link(address) else Failure(source=address, reason=_NO_ADDRESS)
    except BusyError as error:
        status = HTTPStatus.SERVICE_UNAVAILABLE
        answer = render(request, "add.html", status=status, address=address, reason=error.reason)
        answer.headers["retry-after"] = str(error.seconds)
        return answer
    if isinstance(taken, Failure):
        status = HTTPStatus.UNPROCESSABLE_ENTITY
        return render(request, "add.html", status=status, address=address, reason=taken.reason)
    return see(f"/articles/{taken.id}")
