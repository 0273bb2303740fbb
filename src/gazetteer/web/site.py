"""What every page of the site shares: the archive behind it, who visits, and how handlers become routes.

A handler takes a request (and, where something was sent, its form) and gives a response. It runs in a thread, so that
it may ask the archive. What goes wrong in it becomes a page that says so.
"""

import hmac
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from urllib.parse import quote

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from gazetteer.archive import Archive
from gazetteer.archive.values import Saved
from gazetteer.types import Capture, Failure
from gazetteer.web import SiteSettings
from gazetteer.web.templating import environment

SESSION = "gazetteer-session"
"""The cookie of whoever signed in."""

_VISIT = "gazetteer-visit"  # the cookie that form tokens are made from
_TOKEN = "token"  # noqa: S105 - the name of the form's field
_LARGEST_FORM = 100_000  # bytes

Take = Callable[[str | Capture], Saved | Failure]
"""Takes an address or a page in: fetches, digests and keeps it. It may be called from any thread."""

Check = Callable[[str, str], None]
"""Checks a tag rule, by its name and its TOML; raises `ConfigError` that says what is wrong."""

Picture = Callable[[str], Capture]
"""Fetches the picture at an address; raises `FetchError`. It may be called from any thread."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """The archive that is shown, and how; `secret` is the archive's own.

    `take` is None where nothing can be added, `check` where no tag rule can be made, `picture` where none is fetched.
    """

    archive: Archive
    settings: SiteSettings
    secret: bytes
    now: Callable[[], datetime]
    take: Take | None = None
    check: Check | None = None
    picture: Picture | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """Who asks: a `reader` by name, the owner of a private archive (""), or a stranger (None); and their form token.

    `cookie` is what the form token is made from; `is_new`: it has yet to be given to the browser.
    """

    reader: str | None
    token: str
    cookie: str
    is_new: bool

    @property
    def may_write(self) -> bool:
        """Whether they may review and correct."""
        return self.reader is not None


Show = Callable[[Request], Response]
Act = Callable[[Request, FormData], Response]


def page(path: str, show: Show) -> Route:
    """Make a route of a page."""

    async def endpoint(request: Request) -> Response:
        return await run_in_threadpool(show, request)

    return Route(path, endpoint, methods=["GET"], name=show.__name__)


def action(path: str, act: Act, *, strangers: bool = False) -> Route:
    """Make a route of what a form does. It is done for those who may write (for `strangers` too, where so said), and
    only where the form is one of the site's own pages'.
    """

    async def endpoint(request: Request) -> Response:
        form = await _form(request)
        return await run_in_threadpool(_acted, request, form, act, strangers=strangers)

    return Route(path, endpoint, methods=["POST"], name=act.__name__)


def site_of(request: Request) -> Site:
    """Give the site that is asked."""
    site: Site = request.app.state.site
    return site


def visit_of(request: Request) -> Visit:
    """Tell who asks; this may ask the archive."""
    found: Visit | None = getattr(request.state, "visit", None)
    if found is None:
        found = request.state.visit = _visit(request)
    return found


def render(request: Request, template: str, *, status: int = 200, **values: object) -> HTMLResponse:
    """Give a page from its template, which knows `site`, `visit`, `settings` and `here` (the path asked for)."""
    site, visit = site_of(request), visit_of(request)
    words = (
        environment()
        .get_template(template)
        .render(site=site, visit=visit, settings=site.settings, here=here(request), base=base(request), **values)
    )
    response = HTMLResponse(words, status_code=status)
    if visit.is_new:
        set_cookie(request, response, _VISIT, visit.cookie)
    return response


def see(path: str) -> RedirectResponse:
    """Send the browser on to a page of the site, after something was done."""
    return RedirectResponse(path, status_code=HTTPStatus.SEE_OTHER)


def missing(what: str) -> HTTPException:
    """Say that something is not there; raise it."""
    return HTTPException(HTTPStatus.NOT_FOUND, f"There is no {what}.")


def here(request: Request) -> str:
    """Give the path that was asked for, with its query."""
    return request.url.path + (f"?{request.url.query}" if request.url.query else "")


def base(request: Request) -> str:
    """Give the site's own address, without a slash at its end."""
    return (site_of(request).settings.address or str(request.base_url)).rstrip("/")


def onward(request: Request, **changes: str | None) -> str:
    """Give the path asked for with some of its query's values changed, those that are None taken out."""
    values = dict(request.query_params) | changes
    pairs = [f"{quote(name, safe='')}={quote(value, safe='')}" for name, value in values.items() if value is not None]
    return request.url.path + ("?" + "&".join(pairs) if pairs else "")


def set_cookie(request: Request, response: Response, name: str, value: str, *, seconds: int | None = None) -> None:
    """Give the browser a cookie that no script reads, and that no other site's page sends."""
    secure = base(request).startswith("https:")
    response.set_cookie(name, value, max_age=seconds, httponly=True, samesite="lax", secure=secure, path="/")


def _visit(request: Request) -> Visit:
    site = site_of(request)
    secret = request.cookies.get(SESSION)
    reader = site.archive.signed_in(secret) if secret else None
    if reader is None and not site.settings.public:
        reader = ""
    cookie = request.cookies.get(_VISIT, "")
    is_new = not (len(cookie) == len(secrets.token_urlsafe(32)) and cookie.isascii())
    cookie = secrets.token_urlsafe(32) if is_new else cookie
    token = hmac.digest(site.secret, f"{cookie} {secret or ''}".encode(), "sha256").hex()
    return Visit(reader=reader, token=token, cookie=cookie, is_new=is_new)


async def _form(request: Request) -> FormData:
    length = request.headers.get("content-length", "")
    if not (length.isascii() and length.isdigit()) or int(length) > _LARGEST_FORM:
        raise HTTPException(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "The form holds too much.")
    return await request.form(max_files=0, max_fields=100)


def _acted(request: Request, form: FormData, act: Act, *, strangers: bool) -> Response:
    visit = visit_of(request)
    if request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        raise HTTPException(HTTPStatus.FORBIDDEN, "The form was sent from another site.")
    if not hmac.compare_digest(str(form.get(_TOKEN, "")).encode(), visit.token.encode()):
        raise HTTPException(HTTPStatus.FORBIDDEN, "The form has expired. Load its page anew, and send it again.")
    if not (strangers or visit.may_write):
        return see(f"/sign-in?to={quote(request.headers.get('referer', '/'), safe='')}")
    return act(request, form)
