"""The site over an archive: its routes, and what holds for every answer."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, datetime
from http import HTTPStatus
from importlib.resources import files
from ipaddress import ip_network
from urllib.parse import urlsplit

from starlette.applications import Starlette
from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from gazetteer.archive import Archive
from gazetteer.errors import ArchiveError, ConfigError, GazetteerError, QueryError
from gazetteer.web import SiteSettings, front, signing
from gazetteer.web.site import Site, Take, render

POLICY = "; ".join(
    (
        "default-src 'none'",
        "style-src 'self'",
        "script-src 'self'",
        "img-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
"""The Content-Security-Policy of every page: no script, style or picture but the site's own files."""

_HEADERS = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}
_TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
_A_YEAR = "public, max-age=31536000, immutable"


def create(
    archive: Archive,
    settings: SiteSettings,
    *,
    secret: bytes,
    take: Take | None = None,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> Starlette:
    """Make the site. `secret` signs form tokens: the same for every process that serves the archive."""
    app = Starlette(
        routes=list(_routes()),
        middleware=[
            Middleware(ProxyHeadersMiddleware, trusted_hosts=_proxies(settings)),
            Middleware(Headers),
            Middleware(TrustedHostMiddleware, allowed_hosts=_hosts(settings), www_redirect=False),
        ],
        exception_handlers={HTTPException: _refused, GazetteerError: _failed, 500: _broken},
    )
    app.state.site = Site(archive=archive, settings=settings, secret=secret, take=take, now=now)
    return app


class Headers:
    """Puts what every answer says of itself on it; an answer may say otherwise."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer."""

        async def sent(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in _HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        await self._app(scope, receive, sent)


def _routes() -> Iterator[BaseRoute]:
    yield from front.routes()
    yield from signing.routes()
    yield Route("/static/{name}", _static, methods=["GET"])


def _hosts(settings: SiteSettings) -> list[str]:
    """Give the names by which the site may be asked: no other site's name may be made to lead here."""
    own = urlsplit(settings.address or "").hostname
    names = ("localhost", "127.0.0.1", "::1", settings.host, *settings.hosts, *([own] if own else []))
    return [f"[{name}]" if ":" in name and not name.startswith("[") else name for name in names]


def _proxies(settings: SiteSettings) -> list[str]:
    """Give the machines that are believed when they say for whom they ask; raises `ConfigError` where one is none."""
    for each in settings.proxies:
        try:
            ip_network(each)
        except ValueError as error:
            raise ConfigError(f"[site] proxies: {each!r} is neither an IP address nor a network of them") from error
    return list(settings.proxies)


async def _static(request: Request) -> Response:
    name = request.path_params["name"]
    kind = _TYPES.get("." + name.rpartition(".")[2])
    with suppress(OSError, ValueError):
        if kind is not None and "/" not in name:
            content = (files("gazetteer.web") / "static" / name).read_bytes()
            return Response(content, media_type=kind, headers={"cache-control": _A_YEAR})
    return PlainTextResponse("There is no such file.", status_code=HTTPStatus.NOT_FOUND)


def _refused(request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else HTTPStatus.INTERNAL_SERVER_ERROR
    words = error.detail if isinstance(error, HTTPException) else ""
    answer = render(request, "error.html", status=status, title=HTTPStatus(status).phrase, words=words)
    answer.headers.update((error.headers if isinstance(error, HTTPException) else None) or {})
    return answer


def _failed(request: Request, error: Exception) -> Response:
    reason = error.reason if isinstance(error, GazetteerError) else ""
    status = HTTPStatus.BAD_REQUEST if isinstance(error, QueryError) else HTTPStatus.SERVICE_UNAVAILABLE
    if isinstance(error, ArchiveError) and "cursor" in reason:
        status = HTTPStatus.BAD_REQUEST
    return render(request, "error.html", status=status, title=status.phrase, words=f"{reason[:1].upper()}{reason[1:]}.")


def _broken(_request: Request, _error: Exception) -> Response:
    words, status = "Something went wrong; the log says what.", HTTPStatus.INTERNAL_SERVER_ERROR
    return PlainTextResponse(words, status_code=status, headers=_HEADERS)  # it is answered outside of `Headers`
