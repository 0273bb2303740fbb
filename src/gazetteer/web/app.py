"""The site over an archive: its routes, and what holds for every answer."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from http import HTTPStatus
from ipaddress import ip_network
from urllib.parse import urlsplit

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from gazetteer.archive import Archive
from gazetteer.errors import ConfigError, CursorError, GazetteerError, QueryError
from gazetteer.web import (
    SiteSettings,
    about,
    adding,
    api,
    articles,
    edition,
    feeds,
    followed,
    following,
    front,
    images,
    marking,
    metrics,
    notice,
    own,
    rules,
    search,
    signing,
    stories,
    subjects,
)
from gazetteer.web.answers import HEADERS, Said, Unchanged
from gazetteer.web.site import Check, Picture, Site, Take, log, render
from gazetteer.web.templating import sentence

_REASONS = {
    HTTPStatus.NOT_FOUND: "There is no page at this address.",
    HTTPStatus.METHOD_NOT_ALLOWED: "This cannot be done at this address.",
}


def create(
    archive: Archive,
    settings: SiteSettings,
    *,
    secret: bytes,
    take: Take | None = None,
    check: Check | None = None,
    picture: Picture | None = None,
    counts: str | None = None,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> Starlette:
    """Make the site. `secret` signs form tokens: the same for every process that serves the archive. Those of one
    site count into the folder `counts`.
    """
    site = Site(
        archive=archive,
        settings=settings,
        secret=secret,
        take=take,
        check=check,
        picture=picture,
        counts=counts,
        now=now,
    )
    app = Starlette(
        routes=list(_routes(site)),
        middleware=[
            Middleware(metrics.Measured),
            Middleware(ProxyHeadersMiddleware, trusted_hosts=proxies(settings)),
            Middleware(Said),
            Middleware(Unchanged),
            Middleware(TrustedHostMiddleware, allowed_hosts=_hosts(settings), www_redirect=False),
        ],
        exception_handlers={HTTPException: _refused, GazetteerError: _failed, 500: _broken},
    )
    app.state.site = site
    app.state.remembered = {}
    return app


def _routes(site: Site) -> Iterator[BaseRoute]:
    yield from front.routes()
    yield from articles.routes()
    yield from images.routes()
    yield from rules.routes()
    yield from search.routes()
    yield from subjects.routes()
    yield from stories.routes()
    yield from edition.routes()
    yield from following.routes()
    yield from about.routes()
    yield from adding.routes()
    yield from followed.routes()
    yield from marking.routes()
    yield from notice.routes()
    yield from signing.routes()
    yield from api.routes(site)
    yield from feeds.routes()
    yield from own.routes()
    yield from metrics.routes()


def _hosts(settings: SiteSettings) -> list[str]:
    """Give the names by which the site may be asked: no other site's name may be made to lead here."""
    own = urlsplit(settings.address or "").hostname
    names = ("localhost", "127.0.0.1", "::1", settings.host, *settings.hosts, *([own] if own else []))
    return [f"[{name}]" if ":" in name and not name.startswith("[") else name for name in names]


def proxies(settings: SiteSettings) -> list[str]:
    """Give the machines that are believed when they say for whom they ask; raises `ConfigError` where one is none."""
    for each in settings.proxies:
        try:
            ip_network(each)
        except ValueError as error:
            raise ConfigError(f"[site] proxies: {each!r} is neither an IP address nor a network of them") from error
    return list(settings.proxies)


def _refused(request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else HTTPStatus.INTERNAL_SERVER_ERROR
    words = error.detail if isinstance(error, HTTPException) else ""
    if words == HTTPStatus(status).phrase:
        words = _REASONS.get(HTTPStatus(status), "")
    answer = render(request, "error.html", status=status, title=HTTPStatus(status).phrase, words=words)
    answer.headers.update((error.headers if isinstance(error, HTTPException) else None) or {})
    return answer


def _failed(request: Request, error: Exception) -> Response:
    reason = error.reason if isinstance(error, GazetteerError) else ""
    is_asked_wrongly = isinstance(error, QueryError | CursorError)
    status = HTTPStatus.BAD_REQUEST if is_asked_wrongly else HTTPStatus.SERVICE_UNAVAILABLE
    log(request, status, reason)
    return render(request, "error.html", status=status, title=status.phrase, words=sentence(reason))


def _broken(request: Request, _error: Exception) -> Response:
    log(request, HTTPStatus.INTERNAL_SERVER_ERROR, "it broke down")
    words, status = "Something went wrong; the log says what.", HTTPStatus.INTERNAL_SERVER_ERROR
    return PlainTextResponse(words, status_code=status, headers=HEADERS)  # it is answered outside of `Said`
