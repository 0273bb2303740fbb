"""Fetch pages over the network, one at a time: bounded in size, time and redirects, by the leave of each site's
robots.txt, and never from a private address unless the user allows the host.
"""

import ssl
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import partial

from gazetteer import __version__
from gazetteer.errors import ConfigError, FetchError
from gazetteer.intake import PAGE, FetchSettings, Sort, addresses, exchange, robots, url
from gazetteer.intake.exchange import Deadline, Reply
from gazetteer.intake.url import Url
from gazetteer.types import Capture

AGENT = "Gazetteer"
"""The product token by which a robots.txt names us."""

_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_ROBOTS_REDIRECTS = 5
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


class Fetcher:
    """Fetches pages for one run: robots.txt is read once a site, and pauses are kept between two pages of one host.

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
    ) -> None:
        if not (settings.contact.isascii() and settings.contact.isprintable()):
            raise ConfigError(f"the contact {settings.contact!r} cannot be sent: write it in printable ASCII")
        self._settings = settings
        self._allowed = set(map(_host, settings.allow_hosts))
        self._resolve = resolve
        self._sleep = sleep
        self._tls = tls or ssl.create_default_context()
        self._robots: dict[str, robots.Rules | FetchError] = {}
        self._visited: dict[str, float] = {}

    def fetch(self, source: str, *, sort: Sort = PAGE) -> Capture:
        """Fetch the page at an address, or what else is wanted; raises `FetchError` that says what to do."""
        deadline = Deadline(self._settings.timeout)
        asked: set[str] = set()
        get = partial(self._page, asked=asked, sort=sort)
        reply = self._follow(url.parse(source), deadline, self._settings.max_redirects, get)
        _check_status(reply)
        return Capture(
            source=source,
            content=reply.content,
            url=str(reply.url),
            content_type=reply.headers.get("content-type"),
            fetched_at=datetime.now(UTC),
        )

    def _follow(self, start: Url, deadline: Deadline, limit: int, get: Callable[[Url, Deadline], Reply]) -> Reply:
        seen: list[Url] = []
        at = start
        while at not in seen:
            if len(seen) > limit:
                raise FetchError(f"it redirects more than {limit} times")
            seen.append(at)
            reply = get(at, deadline)
            location = reply.headers.get("location")
            if reply.status not in _REDIRECTS or not location:
                return reply
            at = url.redirected(at, location)
        raise FetchError("its redirects go round in a circle; save the page in your browser and give the file")

    def _page(self, at: Url, deadline: Deadline, asked: set[str], sort: Sort) -> Reply:
        """Ask for a page, after a pause where its host was not `asked` already on the way to it."""
        found = self._addresses(at, deadline)
        rules = self._rules(at, deadline)
        if not rules.allows(str(at)):
            raise FetchError(f"the robots.txt of {at.host} asks automatic readers not to fetch this page")
        if at.host not in asked:
            self._pause(at, rules, deadline)
        asked.add(at.host)
        self._visited[at.host] = time.monotonic()
        return self._ask(at, found, deadline, limit=self._settings.max_bytes, sort=sort)

    def _rules(self, at: Url, deadline: Deadline) -> robots.Rules:
        """Give the rules of a site, read at most once in a run."""
        known = self._robots.get(at.origin)
        if known is None:
            try:
                known = self._read_robots(at, deadline)
            except FetchError as error:
                known = FetchError(f"without its robots.txt nothing is fetched from {at.host}: {error.reason}")
            self._robots[at.origin] = known
        if isinstance(known, FetchError):
            raise FetchError(known.reason)
        return known

    def _read_robots(self, at: Url, deadline: Deadline) -> robots.Rules:
        """Read a site's robots.txt: RFC 9309 allows all where it is missing (4xx), and nothing where it fails (5xx)."""

        def get(at: Url, deadline: Deadline) -> Reply:
            return self._ask(at, self._addresses(at, deadline), deadline, limit=robots.MAX_BYTES, sort=None)

        reply = self._follow(url.parse(f"{at.origin}/robots.txt"), deadline, _ROBOTS_REDIRECTS, get)
        if reply.status == 200:
            return robots.parse(reply.content, agent=AGENT)
        if reply.status >= 500:
            _check_status(reply)
        return robots.Rules()

    def _pause(self, at: Url, rules: robots.Rules, deadline: Deadline) -> None:
        """Wait until the site wants to be asked again."""
        delay, most = max(self._settings.delay, rules.delay or 0), self._settings.max_delay
        last = self._visited.get(at.host)
        if last is not None and delay > most:
            raise FetchError(
                f"the robots.txt of {at.host} asks for {delay:g} s between two pages, more than the {most:g} s "
                "of max_delay in [intake]; fetch the page in a later run"
            )
        wait = 0.0 if last is None else max(0.0, last + delay - time.monotonic())
        if wait:
            self._sleep(wait)
            deadline.extend(wait)

    def _addresses(self, at: Url, deadline: Deadline) -> Sequence[str]:
        allowed = at.host in self._allowed
        return addresses.checked(at.host, at.port, allowed=allowed, timeout=deadline.left(), ask=self._resolve)

    def _ask(self, at: Url, found: Sequence[str], deadline: Deadline, *, limit: int, sort: Sort | None) -> Reply:
        contact = f" (+{self._settings.contact})" if self._settings.contact else ""
        headers = {
            "Host": at.authority,
            "User-Agent": f"{AGENT}/{__version__}{contact}",
            "Accept": (sort or PAGE).accept,
            "Accept-Encoding": "gzip, deflate",
            "Connection": "close",
        }
        return exchange.ask(at, found, headers=headers, deadline=deadline, limit=limit, sort=sort, tls=self._tls)


def _host(name: str) -> str:
    try:
        return url.ascii_host(name.strip("[]"))
    except ValueError as error:
        raise ConfigError(
            f"{name!r} is not a host that could be allowed; give its name alone, without a port"
        ) from error


def _check_status(reply: Reply) -> None:
    status = reply.status
    if status == 200:
        return
    words = "has trouble of its own" if status >= 500 else _STATUS.get(status, "answered in a way that is no page")
    raise FetchError(f"{reply.url.host} {words} (HTTP {status}){_retry_after(reply)}")


def _retry_after(reply: Reply) -> str:
    if reply.status != 429 and reply.status < 500:
        return ""
    told = reply.headers.get("retry-after", "").strip()
    if told.isascii() and told.isdigit() and len(told) < 8:
        return f"; try again in {int(told)} s"
    if 0 < len(told) < 40 and told.isprintable():
        return f"; try again after {told}"
    return "; try again later"
