"""Fetch pages over the network, and poll feeds: bounded in size, time and redirects, by the leave of each site's
robots.txt, and never from a private address unless the user allows the host.
"""

import ssl
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from itertools import takewhile
from math import ceil
from types import MappingProxyType

from gazetteer import __version__, optouts
from gazetteer.errors import BusyError, ConfigError, FetchError
from gazetteer.intake import FEED, PAGE, FetchSettings, Sort, addresses, exchange, feeds, headers, robots, url
from gazetteer.intake.exchange import Deadline, Reply
from gazetteer.intake.polling import News, Poll
from gazetteer.intake.turns import Host, Shared, Turns, Unshared
from gazetteer.intake.url import Url
from gazetteer.types import Capture

AGENT = "Gazetteer"
"""The product token by which a robots.txt names us."""

_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_PERMANENT = frozenset({301, 308})
_PASSING = frozenset({408, 425, 429})
_TOO_MUCH = frozenset({429, 503})
_UNTOLD = 300.0  # seconds that a host is left alone which asks to be asked less, and does not say when
_LONGEST_PAUSE = 24 * 3600.0  # seconds that a whole host is left alone at most, though one address may be for longer
_FILE_REDIRECTS = 5
_STATUS = {
    204: "answered with an empty page",
    401: "asks for a login; save the page in your browser and give the file",
    402: "asks for payment; save the page in your browser and give the file",
    403: "refuses automatic readers; save the page in your browser and give the file",
    404: "has no such page; check the address",
    410: "has removed the page",
    429: "asks us to slow down",
    451: "may not show the page for legal reasons",
}


class _LostError(FetchError):
    """Redirects lead nowhere."""


class Fetcher:
    """Fetches pages and polls feeds, from any thread.

    One request at a time goes to a host, with a pause between two pages of it, and few at once to all. A site's
    robots.txt is read once a day. Time spent waiting for others is not the page's. Where that would
    be longer than `max_delay`, `BusyError` is raised; hosts may be `shared` with other processes, which are waited for.

    `resolve` and `sleep` stand in for the system's; `tls` for its trust in certificates. Raises `ConfigError` where a
    host to allow is none, or the contact cannot be sent.
    """

    def __init__(
        self,
        settings: FetchSettings,
        *,
        resolve: addresses.Resolve = addresses.resolve,
        sleep: Callable[[float], None] = time.sleep,
        tls: ssl.SSLContext | None = None,
        shared: Shared | None = None,
    ) -> None:
        if not (settings.contact.isascii() and settings.contact.isprintable()):
            raise ConfigError(f"the contact {settings.contact!r} cannot be sent: write it in printable ASCII")
        self._settings = settings
        self._allowed = set(map(_host, settings.allow_hosts))
        self._resolve = resolve
        self._sleep = sleep
        self._tls = tls or ssl.create_default_context()
        self._robots = robots.Memory()
        self._hosts = Turns(at_once=settings.connections)
        self._readers = Turns()
        self._shared = shared or Unshared()

    def fetch(self, source: str, *, sort: Sort = PAGE) -> Capture:
        """Fetch the page at an address, or what else is wanted; raises `FetchError` or `BusyError` with a reason.

        What is cut is none, but for a feed.
        """
        get = partial(self._page, set(), sort)
        reply = self._follow(url.parse(source), Deadline(self._settings.timeout), self._settings.max_redirects, get)
        _check_status(reply)
        capture = _capture(source, reply)
        if reply.cut and not feeds.is_feed(capture):
            raise FetchError(reply.cut)
        return capture

    def poll(self, source: str, *, etag: str | None = None, last_modified: str | None = None) -> Poll:
        """Ask a feed whether there is anything new since the poll that gave `etag` and `last_modified`.

        No robots.txt is asked: a reader chose the feed. What goes wrong is told in the value; raises `BusyError`.
        """
        known = {"If-None-Match": headers.validator(etag), "If-Modified-Since": headers.validator(last_modified)}
        conditions = {name: value for name, value in known.items() if value}
        asked: set[str] = set()
        path: list[Reply] = []

        def get(at: Url, deadline: Deadline) -> Reply:
            found = self._addresses(at, deadline)
            path.append(self._ask(at, found, deadline, sort=FEED, asked=asked, conditions=conditions))
            return path[-1]

        try:
            reply = self._follow(url.parse(source), Deadline(self._settings.timeout), self._settings.max_redirects, get)
            return _news(source, reply, path, etag=etag, last_modified=last_modified)
        except FetchError as error:
            return Poll(news=News.FAILED, reason=error.reason, is_final=error.is_final, retry_after=error.retry_after)

    def _follow(self, start: Url, deadline: Deadline, limit: int, get: Callable[[Url, Deadline], Reply]) -> Reply:
        seen: list[Url] = []
        at = start
        while at not in seen:
            if len(seen) > limit:
                raise _LostError(f"it redirects more than {limit} times")
            seen.append(at)
            reply = get(at, deadline)
            location = reply.headers.get("location")
            if reply.status not in _REDIRECTS or not location:
                return reply
            at = url.redirected(at, location)
        raise _LostError("its redirects go round in a circle; save the page in your browser and give the file")

    def _page(self, asked: set[str], sort: Sort, at: Url, deadline: Deadline) -> Reply:
        """Ask for a page by the leave of its site."""
        found = self._addresses(at, deadline)
        rules = self._rules(at, deadline)
        if not rules.allows(str(at)):
            reason = f"the robots.txt of {at.host} asks automatic readers not to fetch this page"
            raise FetchError(reason, is_final=True)
        reply = self._ask(
            at, found, deadline, sort=sort, asked=asked, delay=min(rules.delay or 0.0, headers.LONGEST.total_seconds())
        )
        return replace(reply, opt_outs=optouts.merged(rules.opt_outs(str(at)), optouts.of_headers(reply.headers)))

    def _rules(self, at: Url, deadline: Deadline) -> robots.Rules:
        """Give the rules of a site, which one thread reads, and others that want them wait for."""
        with self._readers.of(at.origin, deadline):
            known = self._robots.get(at.origin)
            if known is not None:
                return known
            try:
                return self._robots.put(at.origin, self._read_robots(at, deadline))
            except FetchError as error:
                reason = f"without its robots.txt nothing is fetched from {at.host}: {error.reason}"
                return self._robots.fail(at.origin, FetchError(reason, retry_after=error.retry_after))

    def _read_robots(self, at: Url, deadline: Deadline) -> robots.Rules:
        """Read a site's robots.txt, and what else it asks.

        RFC 9309 allows all where it is missing (4xx, or more than five redirects), and nothing where it fails (5xx).
        """
        rules = robots.Rules()
        with suppress(_LostError):
            reply = self._file(f"{at.origin}/robots.txt", deadline)
            if reply.status >= 500:
                _check_status(reply)
            if reply.status == 200:
                rules = robots.parse(reply.content, agent=AGENT)
        return replace(rules, reservations=self._read_reservations(at, rules, deadline))

    def _read_reservations(self, at: Url, rules: robots.Rules, deadline: Deadline) -> tuple[robots.Wish, ...]:
        """Read a site's tdmrep.json; where it fails there is none: it asks, and lets nobody in."""
        address = f"{at.origin}/.well-known/tdmrep.json"
        if not rules.allows(address):
            return ()
        try:
            reply = self._file(address, deadline)
        except FetchError:
            return ()
        return robots.reservations(reply.content) if reply.status == 200 else ()

    def _file(self, address: str, deadline: Deadline) -> Reply:
        """Ask for a file that speaks of its site."""

        def get(at: Url, deadline: Deadline) -> Reply:
            return self._ask(at, self._addresses(at, deadline), deadline)

        return self._follow(url.parse(address), deadline, _FILE_REDIRECTS, get)

    def _pause(self, host: Host, at: Url, deadline: Deadline) -> None:
        """Wait until a site wants to be asked again."""
        wait, most = host.rests_until - time.monotonic(), self._settings.max_delay
        if wait > most:
            reason = (
                f"{at.host} asks to be left alone for {wait:.0f} s yet (by its robots.txt, or by a Retry-After), more "
                f"than the {most:g} s of max_delay in [intake]; fetch it in a later run"
            )
            raise BusyError(reason, seconds=ceil(wait))
        if wait > 0:
            self._sleep(wait)
            deadline.extend(wait)

    def _addresses(self, at: Url, deadline: Deadline) -> Sequence[str]:
        allowed = at.host in self._allowed
        return addresses.checked(at.host, at.port, allowed=allowed, timeout=deadline.left(), ask=self._resolve)

    def _ask(
        self,
        at: Url,
        found: Sequence[str],
        deadline: Deadline,
        *,
        sort: Sort | None = None,
        asked: set[str] | None = None,
        delay: float = 0.0,
        conditions: Mapping[str, str] = MappingProxyType({}),
    ) -> Reply:
        """Ask a host in its turn: for a robots.txt, or for a `sort`, after a pause where it was not `asked` before."""
        contact = f" (+{self._settings.contact})" if self._settings.contact else ""
        sent = {
            "Host": at.authority,
            "User-Agent": f"{AGENT}/{__version__}{contact}",
            "Accept": (sort or PAGE).accept,
            "Accept-Encoding": "gzip, deflate",
            "Connection": "close",
            **conditions,
        }
        limit = robots.MAX_BYTES if sort is None else self._settings.max_bytes
        is_first = asked is not None and at.host not in asked
        rest = None if asked is None else max(self._settings.delay, delay)
        with self._hosts.of(at.host, deadline) as host:
            if is_first:
                self._pause(host, at, deadline)
            with self._alone(at.host, host, deadline, rest=rest, is_first=is_first):
                if asked is not None and rest is not None:
                    asked.add(at.host)
                    host.rests_until = time.monotonic() + rest
                reply = exchange.ask(at, found, headers=sent, deadline=deadline, limit=limit, sort=sort, tls=self._tls)
                if sort is not None:
                    host.rests_until = max(host.rests_until, time.monotonic() + _pause_of(reply))
                return reply

    @contextmanager
    def _alone(
        self, name: str, host: Host, deadline: Deadline, *, rest: float | None, is_first: bool
    ) -> Iterator[None]:
        """Wait until no other process asks a host, and few others are asked; raises `BusyError`."""
        waited = 0.0
        while True:
            with self._hosts.connecting(deadline):
                wait = self._shared.take(name, seconds=deadline.left(), rest=rest, is_first=is_first)
                if wait <= 0:
                    try:
                        yield
                    finally:
                        self._shared.give(name, rest=max(host.rests_until - time.monotonic(), 0.0))
                    return
            waited += wait
            if waited > self._settings.max_delay:
                reason = (
                    f"{name} is left alone meanwhile: other programs of this archive fetch from it, or it asked for a "
                    "pause; try again later"
                )
                raise BusyError(reason, seconds=ceil(wait))
            self._sleep(wait)
            deadline.extend(wait)


def _host(name: str) -> str:
    try:
        return url.ascii_host(name.strip("[]"))
    except ValueError as error:
        raise ConfigError(
            f"{name!r} is not a host that could be allowed; give its name alone, without a port"
        ) from error


def _capture(source: str, reply: Reply) -> Capture:
    return Capture(
        source=source,
        content=reply.content,
        url=str(reply.url),
        content_type=reply.headers.get("content-type"),
        fetched_at=datetime.now(UTC),
        opt_outs=reply.opt_outs,
    )


def _news(source: str, reply: Reply, path: Sequence[Reply], *, etag: str | None, last_modified: str | None) -> Poll:
    """Tell what an answer means to who polls; raises `FetchError` where it is a failure."""
    if reply.status == 410:
        return Poll(news=News.GONE, reason=f"{reply.url.host} {_STATUS[410]} (HTTP 410)", is_final=True)
    is_unchanged = reply.status == 304 and bool(etag or last_modified)
    if not is_unchanged:
        _check_status(reply)
    new = headers.etag(reply.headers), headers.last_modified(reply.headers)
    told = Poll(
        news=News.UNCHANGED if is_unchanged else News.FRESH,
        etag=new[0],
        last_modified=new[1],
        moved_to=_moved(path),
        max_age=headers.max_age(reply.headers, now=datetime.now(UTC)),
    )
    if is_unchanged:
        return replace(told, etag=new[0] or etag, last_modified=new[1] or last_modified)
    if reply.cut:
        told = replace(told, etag=None, last_modified=None, cut=reply.cut)
    return replace(told, capture=_capture(source, reply))


def _moved(path: Sequence[Reply]) -> str | None:
    """Give where the permanent redirects lead that a way begins with."""
    permanent = list(takewhile(lambda reply: reply.status in _PERMANENT, path[:-1]))
    return str(path[len(permanent)].url) if permanent else None


def _check_status(reply: Reply) -> None:
    status = reply.status
    if status == 200:
        return
    words = "has trouble of its own" if status >= 500 else _STATUS.get(status, "answered in a way that is no page")
    raise FetchError(
        f"{reply.url.host} {words} (HTTP {status}){_retry_after(reply)}",
        is_final=400 <= status < 500 and status not in _PASSING,
        retry_after=headers.retry_after(reply.headers, now=datetime.now(UTC)),
    )


def _pause_of(reply: Reply) -> float:
    """Give the seconds for which a host that has too much to do is to be asked for nothing."""
    if reply.status not in _TOO_MUCH:
        return 0.0
    told = headers.retry_after(reply.headers, now=datetime.now(UTC))
    if told is None:
        return _UNTOLD if reply.status == 429 else 0.0
    return min(told.total_seconds(), _LONGEST_PAUSE)


def _retry_after(reply: Reply) -> str:
    if reply.status != 429 and reply.status < 500:
        return ""
    told = reply.headers.get("retry-after", "").strip()
    if told.isascii() and told.isdigit() and len(told) < 8:
        return f"; try again in {int(told)} s"
    if 0 < len(told) < 40 and told.isprintable():
        return f"; try again after {told}"
    return "; try again later"
