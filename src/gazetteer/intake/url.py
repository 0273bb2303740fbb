"""The addresses of pages: taken apart once, so that what is checked, connected to and asked for is one and the same."""

import contextlib
import re
from dataclasses import dataclass
from ipaddress import IPv6Address
from urllib.parse import quote, urljoin, urlsplit

from gazetteer.errors import FetchError

_LONGEST = 8000  # what RFC 9110 asks servers to take at least; longer ones cost time against a hostile robots.txt
_PORTS = {"http": 80, "https": 443}
_HOST = re.compile(r"[a-z0-9_.-]+|[0-9a-f:.]+")


@dataclass(frozen=True, slots=True)
class Url:
    """An http(s) address in parts, all ASCII, ready to connect to; `target` is its path and query."""

    scheme: str
    host: str
    port: int
    target: str

    @property
    def origin(self) -> str:
        """The scheme, host and port: what a robots.txt is for."""
        return f"{self.scheme}://{self.authority}"

    @property
    def authority(self) -> str:
        """The host, and the port where it is not the scheme's own."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _PORTS[self.scheme] else f"{host}:{self.port}"

    def __str__(self) -> str:
        return self.origin + self.target


def parse(url: str) -> Url:
    """Take an address apart; raises `FetchError` with a reason that holds no part of it that could be secret."""
    url = url.strip()
    if len(url) > _LONGEST:
        raise FetchError(f"the address is longer than {_LONGEST:,} characters; check it", is_final=True)
    if not url.isprintable() or " " in url:
        raise FetchError("the address holds spaces or control characters; check it", is_final=True)
    if url.partition(":")[0].lower() not in _PORTS:
        raise FetchError("only http and https addresses are fetched", is_final=True)
    try:
        parts = urlsplit(url)
        host, port = ascii_host(parts.hostname or ""), parts.port
    except ValueError as error:
        raise FetchError("the address is not well formed; check it", is_final=True) from error
    if parts.username is not None or parts.password is not None:
        raise FetchError(
            "addresses that hold a user name or password are not fetched; save the page and give the file",
            is_final=True,
        )
    path = quote(parts.path or "/", safe="/%:@!$&'()*+,;=~-._", errors="replace")
    query = f"?{quote(parts.query, safe='/%:@!$&()*+,;=~-._?', errors='replace')}" if parts.query else ""
    return Url(parts.scheme, host, port or _PORTS[parts.scheme], path + query)


def redirected(url: Url, location: str) -> Url:
    """Give the address that a Location header leads to; raises `FetchError`."""
    with contextlib.suppress(UnicodeError):
        location = location.encode("latin-1").decode("utf-8")
    try:
        return parse(urljoin(str(url), location.strip().replace(" ", "%20")))
    except ValueError as error:
        raise FetchError("it redirects to an address that is not well formed", is_final=True) from error
    except FetchError as error:
        reason = f"its redirect to {redacted(location)[:200]!r} is not followed: {error.reason}"
        raise FetchError(reason, is_final=True) from error


def redacted(url: str) -> str:
    """Write an address for people to read: without the user name and password that it may hold."""
    scheme, mark, rest = url.partition("//")
    if not mark:
        return url
    authority = re.split(r"[/\\?#]", rest, maxsplit=1)[0]
    return f"{scheme}//{rest[authority.rfind('@') + 1 :]}" if "@" in authority else url


def ascii_host(host: str) -> str:
    """Write a host's name or IP address in the one way that the network does; raises ValueError where it is none."""
    host = host.lower()
    written = host if host.isascii() else host.encode("idna").decode("ascii")
    if not _HOST.fullmatch(written):
        raise ValueError(f"{host!r} names no host")
    return str(IPv6Address(written)) if ":" in written else written
