"""The front page: the newest articles, and who and what is covered most."""

from collections.abc import Iterator
from datetime import timedelta

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from gazetteer.archive.values import Kind
from gazetteer.web.site import onward, page, render, site_of

_DAYS = timedelta(days=7)


def routes() -> Iterator[BaseRoute]:
    """Give the routes of the front page."""
    yield page("/", front)


def front(request: Request) -> Response:
    """Show the newest articles."""
    site = site_of(request)
    listed = site.archive.browse(cursor=request.query_params.get("cursor"))
    until = site.now().date() + timedelta(days=1)
    covered = site.archive.covered(Kind.ENTITY, since=until - _DAYS, until=until)
    after = None if listed.cursor is None else onward(request, cursor=listed.cursor)
    return render(request, "front.html", cards=listed.rows, after=after, covered=covered)
