"""What every page of the site shares: the archive behind it, who visits, and how handlers become routes.

A handler takes a request (and, where something was sent, its form) and gives a response. It runs in a thread, so that
it may ask the archive. What goes wrong in it becomes a page that says so.
"""

import hashlib
import hmac
import logging
import math
import re
import secrets
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from http import HTTPStatus
from typing import Any, TypeVar
from urllib.parse import quote

from anyio import CapacityLimiter
from anyio.to_thread import run_sync
from starlette.concurrency import run_in_threadpool
from starlette.convertors import Convertor, register_url_convertor
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route
from starlette.types import Message

from gazetteer.archive import Archive
from gazetteer.archive.values import Card, Follow, Kind, Mark, Page, Saved, Subject
from gazetteer.errors import ArchiveError
from gazetteer.types import Capture, Failure
from gazetteer.web import SiteSettings, origins
from gazetteer.web.templating import environment

SESSION = "gazetteer-session"
"""The cookie of whoever signed in."""

NOTICE = "gazetteer-notice"
"""The cookie of whoever dismissed the owner's notice."""

_VISIT = "gazetteer-visit"  # the cookie that form tokens are made from
_LOG = logging.getLogger(__name__)
_TOKEN = "token"  # noqa: S105 - the name of the form's field
_LARGEST_FORM = 100_000  # bytes
_FORM = "application/x-www-form-urlencoded"  # the kind that every form of the site's is
_A_VISIT = re.compile(r"[\w-]{43}", re.ASCII)

WRITES = 1_000
"""How much a reader may write in an hour, marks too."""

_HOUR = 3_600

_MINUTE = timedelta(minutes=1)
_REMEMBERED = 500  # values
_ASIDE = CapacityLimiter(4)

Value = TypeVar("Value")

Take = Callable[[str | Capture], Saved | Failure]
"""Takes an address or a page in: fetches, digests and keeps it. Any thread may call it; raises `BusyError`."""

Check = Callable[[str, str], None]
"""Checks a tag rule, by its name and its TOML; raises `ConfigError` that says what is wrong."""

Picture = Callable[[str], Capture]
"""Fetches the picture at an address; raises `FetchError`. It may be called from any thread."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """The archive that is shown, and how; `secret` is the archive's own.

    `take` is None where nothing can be added, `check` where no tag rule can be made, `picture` where none is fetched.
    `counts` is the folder into which several processes count, None where one alone does (`meters`).
    """

    archive: Archive
    settings: SiteSettings
    secret: bytes
    now: Callable[[], datetime]
    take: Take | None = None
    check: Check | None = None
    picture: Picture | None = None
    counts: str | None = None


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


class Number(Convertor[int]):
    """A number in a path, `{id:number}`. One that has more digits than any in an archive leads nowhere."""

    regex = "[0-9]{1,18}"

    def convert(self, value: str) -> int:
        """Read it."""
        return int(value)

    def to_string(self, value: int) -> str:
        """Write it."""
        return str(value)


register_url_convertor("number", Number())

Show = Callable[[Request], Response]
Act = Callable[[Request, FormData], Response]


def page(path: str, show: Show) -> Route:
    """Make a route of a page."""

    async def endpoint(request: Request) -> Response:
        return await run_in_threadpool(show, request)

    return Route(path, endpoint, methods=["GET"])


def action(path: str, act: Act, *, strangers: bool = False, is_slow: bool = False) -> Route:
    """Make a route of what a form does. It is done for those who may write (for `strangers` too, where so said), and
    only where the form is one of the site's own pages'. What `is_slow` is done `aside`.
    """

    async def endpoint(request: Request) -> Response:
        acting = partial(_acted, request, await _form(request), act, strangers=strangers)
        return await (aside(acting) if is_slow else run_in_threadpool(acting))

    return Route(path, endpoint, methods=["POST"])


async def aside(act: Callable[[], Value]) -> Value:
    """Do what takes seconds in a thread beside those that pages are made in, of which there are few."""
    return await run_sync(act, limiter=_ASIDE)


def site_of(request: Request) -> Site:
    """Give the site that is asked."""
    site: Site = request.app.state.site
    return site


def visit_of(request: Request) -> Visit:
    """Tell who asks; this may ask the archive."""
    found: Visit | None = getattr(request.state, "visit", None)
    if found is None:
        try:
            found = _visit(request)
        except ArchiveError:  # the page that tells of it needs to know nobody
            found = Visit(reader=None, token=secrets.token_hex(32), cookie="", is_new=False)
        request.state.visit = found
    return found


def render(request: Request, template: str, *, status: int = 200, **values: object) -> HTMLResponse:
    """Give a page from its template.

    It knows `site`, `visit`, `settings`, `here` (the path asked for), `base` (the site's own address), `notice` (where
    it is to be shown), `marks` (`marks_of` this reader), and `is_followed` (by them).
    """
    site, visit = site_of(request), visit_of(request)
    words = (
        environment()
        .get_template(template)
        .render(
            site=site,
            visit=visit,
            settings=site.settings,
            here=here(request),
            base=base(request),
            notice=_notice(request),
            marks=partial(marks_of, request),
            is_followed=partial(is_followed, request),
            **values,
        )
    )
    response = HTMLResponse(words, status_code=status)
    response.headers["cache-control"] = "no-store" if visit.reader else "private, no-cache"
    if visit.is_new:
        set_cookie(request, response, _VISIT, visit.cookie)
    return response


def log(request: Request, status: int, reason: str) -> None:
    """Log what went wrong in an answer where that is the site's doing, and not the asker's."""
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        _LOG.error("%s %s: %s", request.method, request.url.path, reason, extra={"event": f"answered {int(status)}"})


def marks_of(request: Request, cards: Iterable[Card]) -> dict[int, Mark]:
    """Give what the reader noted of articles, by their numbers; nothing of strangers."""
    reader = visit_of(request).reader
    return {} if reader is None else site_of(request).archive.marks(reader, [card.id for card in cards])


def is_followed(request: Request, kind: str, number: int = 0, query: str = "") -> bool:
    """Tell whether the reader follows something; strangers follow nothing."""
    reader = visit_of(request).reader
    of = Follow(kind=kind, number=number, query=query)
    return reader is not None and site_of(request).archive.is_followed(reader, of)


def remembered(request: Request, key: Hashable, make: Callable[[], Value]) -> Value:
    """Give what `make` gives, or gave in the last minute: for what stands beside a page, and is dear to count."""
    known: dict[Hashable, tuple[datetime, Any]] = request.app.state.remembered
    now, found = site_of(request).now(), known.get(key)
    if found is None or not timedelta() <= now - found[0] < _MINUTE:
        if len(known) >= _REMEMBERED:
            known.clear()
        found = known[key] = (now, make())
    value: Value = found[1]
    return value


def notice_mark(words: str) -> str:
    """Give what tells a notice from others."""
    return hashlib.sha256(words.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def number(written: str) -> int | None:
    """Read a number that was sent as a path would have it; None where it is none."""
    return int(written) if re.fullmatch(Number.regex, written) else None


def subject_of(request: Request, kind: Kind) -> Subject:
    """Give the subject whose number is in the path; raises where there is none."""
    subject = site_of(request).archive.subject(kind, request.path_params["id"])
    if subject is None:
        raise missing(f"such {kind}")
    return subject


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


def cookie(request: Request, name: str) -> str:
    """Give what a cookie of the site's holds; nothing where the browser has none."""
    return request.cookies.get(_named(request, name), "")


def following(request: Request, found: Page[Any]) -> str | None:
    """Give the path of the page after one that was asked for; None where it was the last."""
    return None if found.cursor is None else onward(request, cursor=found.cursor)


def set_cookie(request: Request, response: Response, name: str, value: str, *, seconds: int | None = None) -> None:
    """Give the browser a cookie that no script reads, and that no other site's page sends; with 0 `seconds`, end it."""
    named, secure = _named(request, name), _is_secure(request)
    response.set_cookie(named, value, max_age=seconds, httponly=True, samesite="lax", secure=secure, path="/")


def limit(request: Request, key: str, *, most: int, seconds: int) -> None:
    """Count what is done, and refuse it after so many times in so many seconds."""
    if wait := to_wait(site_of(request), key, most=most, seconds=seconds):
        minutes = math.ceil(wait / 60)
        words = f"This was done too often. Try again in {minutes} minute{'' if minutes == 1 else 's'}."
        raise HTTPException(HTTPStatus.TOO_MANY_REQUESTS, words, {"retry-after": str(wait)})


def to_wait(site: Site, key: str, *, most: int, seconds: int) -> int:
    """Count what is done, as `key` tells it from other things; gives the seconds until it may be done again, 0 where it
    was not done more often than so many times in so many seconds.
    """
    at = site.now()
    if site.archive.allowed(key, most=most, seconds=seconds, at=at):
        return 0
    return seconds - int(at.timestamp()) % seconds


def _notice(request: Request) -> str | None:
    words = site_of(request).settings.notice
    return None if words is None or cookie(request, NOTICE) == notice_mark(words) else words


def _visit(request: Request) -> Visit:
    site = site_of(request)
    secret = cookie(request, SESSION)
    reader = site.archive.signed_in(secret, at=site.now()) if secret else None
    if reader is None and not site.settings.public:
        reader = ""
    known = cookie(request, _VISIT)
    is_new = _A_VISIT.fullmatch(known) is None
    visit = secrets.token_urlsafe(32) if is_new else known
    token = hmac.digest(site.secret, f"{visit} {secret}".encode(), "sha256").hex()
    return Visit(reader=reader, token=token, cookie=visit, is_new=is_new)


def _is_secure(request: Request) -> bool:
    return base(request).startswith("https:")


def _named(request: Request, name: str) -> str:
    """Give the name of a cookie: where it can be, one that no other host and no plain http can give a cookie."""
    return f"__Host-{name}" if _is_secure(request) else name


async def _form(request: Request) -> FormData:
    """Read a form of the kind that the site has, and no more of it than such a form can hold."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != _FORM:
        raise HTTPException(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, f"Forms are sent as {_FORM}.")
    received = 0

    async def receive() -> Message:
        nonlocal received
        message = await request.receive()
        received += len(message.get("body", b""))
        if received > _LARGEST_FORM:
            raise HTTPException(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "The form holds too much.")
        return message

    try:
        form = await Request(request.scope, receive).form(max_fields=100)
    except ClientDisconnect as error:
        raise HTTPException(HTTPStatus.BAD_REQUEST, "The form did not come whole.") from error
    return FormData([(name, str(value).replace("\0", "")) for name, value in form.multi_items()])  # no text has a NUL


def _acted(request: Request, form: FormData, act: Act, *, strangers: bool) -> Response:
    visit, own = visit_of(request), {base(request), str(request.base_url)}
    if not origins.sent_from(request.headers, own):
        raise HTTPException(HTTPStatus.FORBIDDEN, "The form was sent from another site.")
    if not hmac.compare_digest(str(form.get(_TOKEN, "")).encode(), visit.token.encode()):
        raise HTTPException(HTTPStatus.FORBIDDEN, "The form has expired. Load its page anew, and send it again.")
    if not (strangers or visit.may_write):
        return see(f"/sign-in?to={quote(origins.back(request.headers, own), safe='')}")
    if visit.reader:
        limit(request, f"writing by {visit.reader}", most=WRITES, seconds=_HOUR)
    return act(request, form)
