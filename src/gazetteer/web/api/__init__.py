"""The API: what the archive holds, for programs. `routes` gives all of it; docs/api.md describes it."""

import re
from collections.abc import Iterator

from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.types import ASGIApp, Receive, Scope, Send

from gazetteer.web.api import problems, reference
from gazetteer.web.api.description import describe
from gazetteer.web.api.routes import router
from gazetteer.web.site import Site, page

PATH = "/api/v1"
REFERENCE = "/api"
_ABOUT = (
    "What this archive holds, for programs: articles and their digests, who and what they are about, and a search. "
    "Answers are JSON; errors are problems (RFC 9457). Times are RFC 3339, in UTC."
)


def routes(site: Site) -> Iterator[BaseRoute]:
    """Give the routes of the API and of its reference."""
    app = FastAPI(
        title="Gazetteer",
        version="1",
        description=_ABOUT,
        openapi_url=None,
        redirect_slashes=False,
        generate_unique_id_function=lambda route: route.name,
    )
    app.state.site = site
    app.include_router(router)
    problems.catch(app, router.routes)
    told = describe(app, path=PATH)
    app.add_route("/openapi.json", lambda _: JSONResponse(told), methods=["GET"], include_in_schema=False)
    app.add_middleware(Heads)
    yield page(REFERENCE, reference.of(told))
    yield Route(PATH, _to_reference)
    yield Route(f"{PATH}/", _to_reference)
    yield _mounted(app)


class Heads:
    """Answers HEAD as GET; whoever sends the answer leaves its words out."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer."""
        asked = {**scope, "method": "GET"} if scope.get("method") == "HEAD" else scope
        await self._app(asked, receive, send)


def _mounted(app: FastAPI) -> Mount:
    """Give the route of everything under the API's path: what holds a newline too is an address that is not there."""
    mount = Mount(PATH, app)
    mount.path_regex = re.compile(mount.path_regex.pattern, re.DOTALL)
    return mount


def _to_reference(_request: Request) -> Response:
    return RedirectResponse(REFERENCE)
