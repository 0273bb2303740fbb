"""The site's own files: styles, the script, the icon, and what it asks of machines that read it."""

from collections.abc import Iterator
from contextlib import suppress
from importlib.resources import files

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from gazetteer.web.site import missing, site_of

_TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
_A_YEAR = "public, max-age=31536000, immutable"
_A_DAY = "public, max-age=86400"
_NOT_FOR_MACHINES = ("/api", "/sign-in", "/add", "/starred")


def routes() -> Iterator[BaseRoute]:
    """Give the routes of files."""
    yield Route("/static/{name}", _static, methods=["GET"], name="static")
    yield Route("/favicon.svg", _icon, methods=["GET"], name="icon")
    yield Route("/robots.txt", _robots, methods=["GET"], name="robots")


def _static(request: Request) -> Response:
    return _file(request.path_params["name"], lasting=_A_YEAR)


def _icon(_request: Request) -> Response:
    return _file("favicon.svg", lasting=_A_DAY)


def _file(name: str, *, lasting: str) -> Response:
    kind = _TYPES.get("." + name.rpartition(".")[2])
    with suppress(OSError, ValueError):
        if kind is not None and "/" not in name:
            content = (files("gazetteer.web") / "static" / name).read_bytes()
            return Response(content, media_type=kind, headers={"cache-control": lasting})
    raise missing("such file")


def _robots(request: Request) -> Response:
    refused = _NOT_FOR_MACHINES if site_of(request).settings.public else ("/",)
    return PlainTextResponse("\n".join(("User-agent: *", *(f"Disallow: {path}" for path in refused), "")))
