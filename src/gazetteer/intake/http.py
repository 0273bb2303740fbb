"""Fetch pages over the network, one at a time: bounded in size, time and redirects, by the leave of each site's
robots.txt, and never from a private address unless the user allows the host.

urllib3's connections are used, without its pools and retries: a connection is opened to the one address that was
checked, while the certificate and the Host header are the name's. Proxies that the environment names are not used,
since behind one nobody could check where a name leads.
"""

import contextlib
import http.client
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import quote, urljoin, urlsplit

from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError
from urllib3.response import BaseHTTPResponse

from gazetteer import __version__
from gazetteer.errors import FetchError
from gazetteer.intake import FetchSettings, addresses, robots
from gazetteer.types import Capture

AGENT = "Gazetteer"
_PORTS = {"http": 80, "https": 443}
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_PAGE_TYPES = frozenset({"", "text/html", "application/xhtml+xml", "text/xml", "application/xml", "text/plain"})
_ENCODINGS = frozenset({"", "identity", "gzip", "x-gzip", "deflate"})
_CHUNK = 65536
_STATUS = {
    401: "asks for a login; save the page in your browser and give the file",
    402: "asks for payment; save the page in your browser and give the file",
    403: "refuses automatic readers; save the page in your browser and give the file",
    404: "has no such page; check the address",
    410: "has removed the page",
    429: "asks us to slow down",
    451: "may not show the page for legal reasons",
}


@dataclass(frozen=True, slots=True)
class _Address:
    """An http(s) address in parts, all ASCII, ready to connect to."""

    scheme: str
    host: str
    port: int
    target: str

    @property
    def origin(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        port = "" if self.port == _PORTS[self.scheme] else f":{self.port}"
        return f"{self.scheme}://{host}{port}"

    def __str__(self) -> str:
        return self.origin + self.target


@dataclass(frozen=True, slots=True)
class _Reply:
    """What a server answered; `content` is read only where the status is 200."""

    address: _Address
    status: int
    headers: dict[str, str]
    content: bytes = b""


class Fetcher:
    """Fetches pages for one run: robots.txt is read once a site, and pauses are kept between two pages of one host.

    `resolve` and `sleep` stand in for the system's; `tls` for its certificates.
    """

    def __init__(
        self,
        settings: FetchSettings,
        *,
        resolve: addresses.Resolve = addresses.resolve,
        sleep: Callable[[float], None] = time.sleep,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self._settings = settings
        self._allowed = {_ascii_host(host) for host in settings.allow_hosts}
        self._resolve = resolve
        self._sleep = sleep
        self._tls = tls
        self._robots: dict[str, robots.Rules | FetchError] = {}
        self._visited: dict[str, float] = {}

    def fetch(self, url: str) -> Capture:
        """Fetch one page; raises `FetchError` with a reason that says what to do."""
        deadline = _Deadline(self._settings.timeout)
        address = _parse(url)
        reply = self._follow(address, deadline, self._settings.max_redirects, self._page)
        _check_status(reply)
        return Capture(
            source=url,
            content=reply.content,
            url=str(reply.address),
            content_type=reply.headers.get("content-type"),
            fetched_at=datetime.now(UTC),
        )

    def _follow(
        self,
        address: _Address,
        deadline: "_Deadline",
        limit: int,
        get: "Callable[[_Address, _Deadline], _Reply]",
    ) -> _Reply:
        seen = set()
        for _ in range(limit + 1):
            if address in seen:
                raise FetchError(
                    "its redirects go round in a circle; it may want cookies: save the page and give the file"
                )
            seen.add(address)
            reply = get(address, deadline)
            location = reply.headers.get("location")
            if reply.status not in _REDIRECTS or not location:
                return reply
            address = _redirected(address, location)
        raise FetchError(f"it redirects more than {limit} times")

    def _page(self, address: _Address, deadline: "_Deadline") -> _Reply:
        found = self._addresses(address, deadline)
        rules = self._rules(address, deadline)
        if not rules.allows(str(address)):
            raise FetchError(f"the robots.txt of {address.host} asks automatic readers not to fetch this page")
        self._pause(address, rules, deadline)
        return self._get(address, found, deadline, limit=self._settings.max_bytes, page=True)

    def _rules(self, address: _Address, deadline: "_Deadline") -> robots.Rules:
        """Give the rules of an address's site, read at most once in a run."""
        known = self._robots.get(address.origin)
        if known is None:
            try:
                known = self._read_robots(address, deadline)
            except FetchError as error:
                known = FetchError(
                    f"the robots.txt of {address.host} cannot be read, so nothing is fetched: {error.reason}"
                )
            self._robots[address.origin] = known
        if isinstance(known, FetchError):
            raise FetchError(known.reason)
        return known

    def _read_robots(self, address: _Address, deadline: "_Deadline") -> robots.Rules:
        def get(address: _Address, deadline: _Deadline) -> _Reply:
            found = self._addresses(address, deadline)
            return self._get(address, found, deadline, limit=robots.MAX_BYTES, page=False)

        reply = self._follow(_parse(f"{address.origin}/robots.txt"), deadline, 5, get)
        if reply.status == 200:
            return robots.parse(reply.content, agent=AGENT)
        if 500 <= reply.status < 600:
            _check_status(reply)
        return robots.Rules()

    def _pause(self, address: _Address, rules: robots.Rules, deadline: "_Deadline") -> None:
        delay = max(self._settings.delay, rules.delay or 0)
        last = self._visited.get(address.host)
        if last is not None:
            if delay > self._settings.max_delay:
                raise FetchError(
                    f"the robots.txt of {address.host} asks for {delay:.0f} s between two pages, "
                    f"more than max_delay ({self._settings.max_delay:.0f} s); fetch it in a later run"
                )
            wait = max(0.0, last + delay - time.monotonic())
            self._sleep(wait)
            deadline.extend(wait)
        self._visited[address.host] = time.monotonic()

    def _addresses(self, address: _Address, deadline: "_Deadline") -> list[str]:
        return list(
            addresses.checked(
                address.host,
                address.port,
                allowed=address.host in self._allowed,
                timeout=deadline.left(),
                ask=self._resolve,
            )
        )

    def _get(self, address: _Address, found: list[str], deadline: "_Deadline", *, limit: int, page: bool) -> _Reply:
        """Ask one server once; `page` also holds the answer to be a page, and to end within the limit."""
        with self._connected(address, found, deadline) as connection, deadline.watching(connection):
            try:
                connection.request(
                    "GET", address.target, headers=self._headers(address), preload_content=False, decode_content=True
                )
                response = connection.getresponse()
                reply = _Reply(
                    address, response.status, {name.lower(): value for name, value in response.headers.items()}
                )
                if response.status != 200:
                    return reply
                if page:
                    _check_headers(reply, limit)
                content = _body(response, limit, whole=page)
            except (HTTPError, http.client.HTTPException, OSError, ValueError) as error:
                deadline.left()
                raise FetchError(_network_reason(address.host, error)) from error
        deadline.left()
        return _Reply(address, reply.status, reply.headers, content)

    @contextlib.contextmanager
    def _connected(self, address: _Address, found: list[str], deadline: "_Deadline") -> Iterator[HTTPConnection]:
        """Connect to the first of the checked addresses that answers."""
        reason = ""
        for ip in found:
            connection = self._connection(address, ip, deadline.left())
            try:
                connection.connect()
            except (HTTPError, OSError) as error:
                connection.close()
                deadline.left()
                reason = _network_reason(address.host, error)
                continue
            with contextlib.closing(connection):
                yield connection
            return
        raise FetchError(reason)

    def _connection(self, address: _Address, ip: str, timeout: float) -> HTTPConnection:
        if address.scheme == "http":
            return HTTPConnection(ip, address.port, timeout=timeout)
        if self._tls is None:
            self._tls = ssl.create_default_context()
        return HTTPSConnection(
            ip,
            address.port,
            timeout=timeout,
            ssl_context=self._tls,
            server_hostname=address.host,
            assert_hostname=address.host,
        )

    def _headers(self, address: _Address) -> dict[str, str]:
        contact = f" (+{self._settings.contact})" if self._settings.contact else ""
        return {
            "Host": address.origin.partition("://")[2],
            "User-Agent": f"{AGENT}/{__version__}{contact}",
            "Accept": "text/html, application/xhtml+xml, application/xml;q=0.8, text/plain;q=0.5",
            "Accept-Encoding": "gzip, deflate",
            "Connection": "close",
        }


class _Deadline:
    """The time that one page may still take."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._end = time.monotonic() + seconds

    def extend(self, seconds: float) -> None:
        """Add time that was spent on purpose."""
        self._end += seconds

    def left(self) -> float:
        """Give the seconds that are left; raises `FetchError` where none are."""
        left = self._end - time.monotonic()
        if left <= 0:
            raise FetchError(
                f"it took longer than {self._seconds:.0f} s; try again later, or allow more with --timeout"
            )
        return left

    @contextlib.contextmanager
    def watching(self, connection: HTTPConnection) -> Iterator[None]:
        """Shut a connection down when time is up: a timeout on the socket begins anew with every byte that drips in."""
        sock = connection.sock

        def shut() -> None:
            with contextlib.suppress(OSError):
                socket.socket.shutdown(sock, socket.SHUT_RDWR)  # not SSLSocket's, which drops state that a reader holds

        timer = threading.Timer(self.left(), shut)
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()
            timer.join()


def fetch(url: str, *, settings: FetchSettings) -> Capture:
    """Fetch one page in a run of its own; raises `FetchError`."""
    return Fetcher(settings).fetch(url)


def redacted(url: str) -> str:
    """Write an address for people to read: without the user name and password that it may hold."""
    scheme, mark, rest = url.partition("://")
    if not mark:
        return url
    authority = rest.replace("\\", "/").partition("/")[0].partition("?")[0].partition("#")[0]
    return f"{scheme}://{rest[authority.rfind('@') + 1 :]}" if "@" in authority else url


def _parse(url: str) -> _Address:
    """Take an address apart; raises `FetchError`."""
    if not url.isprintable() or " " in url.strip():
        raise FetchError("the address holds spaces or control characters; check it")
    try:
        parts = urlsplit(url.strip())
        host, port = _ascii_host(parts.hostname or ""), parts.port
    except ValueError as error:
        raise FetchError("the address is not well formed; check it") from error
    if parts.scheme not in _PORTS:
        raise FetchError("only http and https addresses are fetched")
    if parts.username is not None or parts.password is not None:
        raise FetchError("addresses that hold a user name or password are not fetched; save the page and give the file")
    if not host or not host.isascii() or any(sign in host for sign in "\\/%<>^|"):
        raise FetchError("the address names no host; check it")
    path = quote(parts.path or "/", safe="/%:@!$&'()*+,;=~-._", errors="replace")
    query = f"?{quote(parts.query, safe='/%:@!$&()*+,;=~-._?', errors='replace')}" if parts.query else ""
    return _Address(parts.scheme, host, port or _PORTS[parts.scheme], path + query)


def _ascii_host(host: str) -> str:
    """Write a host name as the network does; raises ValueError (UnicodeError) where it can't be."""
    return host.lower() if host.isascii() else host.encode("idna").decode("ascii")


def _redirected(address: _Address, location: str) -> _Address:
    with contextlib.suppress(UnicodeError):
        location = location.encode("latin-1").decode("utf-8")
    try:
        return _parse(urljoin(str(address), location.strip().replace(" ", "%20")))
    except ValueError as error:
        raise FetchError("it redirects to an address that is not well formed") from error
    except FetchError as error:
        raise FetchError(
            f"it redirects to {redacted(location)[:200]!r}, which is not followed: {error.reason}"
        ) from error


def _check_status(reply: _Reply) -> None:
    status, host = reply.status, reply.address.host
    if status == 200:
        return
    if 500 <= status < 600:
        words = "has trouble of its own"
    elif status in (204, 205):
        words = "answered with an empty page"
    else:
        words = _STATUS.get(status, "answered in a way that is no page")
    raise FetchError(f"{host} {words} (HTTP {status}){_retry_after(reply)}")


def _retry_after(reply: _Reply) -> str:
    if reply.status != 429 and reply.status < 500:
        return ""
    told = reply.headers.get("retry-after", "").strip()
    if told.isascii() and told.isdigit() and len(told) < 8:
        return f"; try again in {int(told)} s"
    if 0 < len(told) < 40 and told.isprintable():
        return f"; try again after {told}"
    return "; try again later"


def _check_headers(reply: _Reply, limit: int) -> None:
    """Refuse early what can be no page, or is too large, or is packed in a way that can't be unpacked within bounds."""
    kind = reply.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind not in _PAGE_TYPES:
        raise FetchError(f"it is {kind[:60]!r}, not a page; give the address of an article")
    length = reply.headers.get("content-length", "")
    if length.isascii() and length.isdigit() and (len(length) > 15 or int(length) > limit):
        raise FetchError(_too_large(limit))
    packed = {part.strip() for part in reply.headers.get("content-encoding", "").lower().split(",")}
    if not packed <= _ENCODINGS:
        raise FetchError(f"it is packed as {', '.join(sorted(packed))[:60]!r}, which was not asked for")


def _body(response: BaseHTTPResponse, limit: int, *, whole: bool) -> bytes:
    """Read what a body unpacks to, up to the limit; where it must be `whole`, more raises `FetchError`."""
    content = bytearray()
    while len(content) <= limit and (chunk := response.read(_CHUNK)):
        content += chunk
    if whole and len(content) > limit:
        raise FetchError(_too_large(limit))
    return bytes(content[:limit])


def _too_large(limit: int) -> str:
    return f"it is larger than {limit / 1_048_576:.0f} MB; allow more with max_bytes in [intake]"


def _network_reason(host: str, error: Exception) -> str:
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return f"the certificate of {host} cannot be trusted: {cause.verify_message}"
        cause = cause.__cause__ or cause.__context__
    if isinstance(error, ssl.SSLError):
        return f"no secure connection to {host} could be made"
    if isinstance(error, ConnectionRefusedError) or "refused" in str(error):
        return f"{host} refused the connection; try again later"
    if isinstance(error, HTTPError | http.client.HTTPException):
        return f"{host} did not answer as a web server should ({type(error).__name__}); try again later"
    return f"the connection to {host} failed ({type(error).__name__}); try again later"
