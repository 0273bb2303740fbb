"""One request to one server, and its answer: bounded in time and size, to an address that was checked.

urllib3's connections are used, without its pools and retries: a connection is opened to the very address that was
checked, while the certificate and the Host header are the name's. Proxies that the environment names are not used,
since behind one nobody could check where a name leads.
"""

import contextlib
import http.client
import re
import socket
import ssl
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError, ProtocolError
from urllib3.response import BaseHTTPResponse

from gazetteer.errors import FetchError
from gazetteer.intake import Sort, too_large
from gazetteer.intake.headers import Headers
from gazetteer.intake.url import Url
from gazetteer.types import NO_OPT_OUTS, OptOuts

_NOT_ASKED_FOR = frozenset({"br", "zstd", "compress", "x-compress", "dcb", "dcz", "exi", "pack200-gzip", "aes128gcm"})
"""The other content codings of IANA's registry; browsers take words that are none, as `utf-8`, for nothing said."""
_SEPARATOR = re.compile(r"[;,\s]")
_NO_TYPES = frozenset({"*/*", "unknown/unknown"})
_CHUNK = 65536
_APART = frozenset({"x-robots-tag"})  # a name in one line is not that of the next line
_NO_ISSUER = 20  # OpenSSL's X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What a server answered, its headers by their names in lower case; `content` is read where the status is 200.

    `cut` says why less came than was sent, and is empty where all came; `opt_outs` is what the publisher asks, so far
    as that was read.
    """

    url: Url
    status: int
    headers: Headers
    content: bytes = b""
    cut: str = ""
    opt_outs: OptOuts = NO_OPT_OUTS


class Deadline:
    """The time that one page may still take."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._end = time.monotonic() + seconds

    def extend(self, seconds: float) -> None:
        """Add time that was spent on purpose."""
        self._end += seconds

    @property
    def is_over(self) -> bool:
        """Whether there is no time left."""
        return self._end <= time.monotonic()

    @property
    def words(self) -> str:
        """What is said where no time is left."""
        return f"it took longer than {self._seconds:g} s; try again later, or allow more with --timeout"

    def left(self) -> float:
        """Give the seconds that are left; raises `FetchError` where none are."""
        left = self._end - time.monotonic()
        if left <= 0:
            raise FetchError(self.words)
        return left

    @contextlib.contextmanager
    def watching(self, sock: socket.socket) -> Iterator[None]:
        """Shut a socket down when time is up: its own timeout begins anew with every byte that drips in."""

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


def ask(
    url: Url,
    addresses: Sequence[str],
    *,
    headers: Mapping[str, str],
    deadline: Deadline,
    limit: int,
    sort: Sort | None,
    tls: ssl.SSLContext,
) -> Reply:
    """Ask the first of the checked addresses that can be connected to.

    At most `limit` bytes of content are kept; where a `sort` is wanted, more, or what is of another, raises
    `FetchError`, as does every failure of the network. Where the sort may be cut, what came before too many bytes, a
    failure or the end of the time is given.
    """
    with _connected(url, addresses, deadline, tls) as connection, deadline.watching(connection.sock):
        try:
            connection.request("GET", url.target, headers=headers, preload_content=False, decode_content=True)
            with contextlib.closing(connection.getresponse()) as response:
                reply = _reply(url, response, limit, sort=sort, deadline=deadline)
        except (HTTPError, http.client.HTTPException, OSError, ValueError) as error:
            deadline.left()
            raise FetchError(_reason(url.host, error)) from error
    if not reply.cut:
        deadline.left()
    return reply


@contextlib.contextmanager
def _connected(url: Url, addresses: Sequence[str], deadline: Deadline, tls: ssl.SSLContext) -> Iterator[HTTPConnection]:
    reason = ""
    for number, address in enumerate(addresses):
        share = deadline.left() / (len(addresses) - number)  # one that never answers leaves time for the others
        with contextlib.closing(_connection(url, address, share, tls)) as connection:
            try:
                connection.connect()
            except (HTTPError, OSError) as error:
                deadline.left()
                reason = _reason(url.host, error)
                continue
            connection.sock.settimeout(deadline.left())
            yield connection
            return
    raise FetchError(reason)


def _connection(url: Url, address: str, timeout: float, tls: ssl.SSLContext) -> HTTPConnection:
    if url.scheme == "http":
        return HTTPConnection(address, url.port, timeout=timeout)
    return HTTPSConnection(address, url.port, timeout=timeout, ssl_context=tls, server_hostname=url.host)


def _reply(url: Url, response: BaseHTTPResponse, limit: int, *, sort: Sort | None, deadline: Deadline) -> Reply:
    headers = {name.lower(): response.headers[name] for name in response.headers}
    for name in headers.keys() & _APART:
        headers[name] = "\n".join(response.headers.getlist(name))
    if response.status != 200:
        return Reply(url=url, status=response.status, headers=headers)
    _check_packing(headers)
    if sort is None:
        return Reply(url=url, status=200, headers=headers, content=b"".join(_chunks(response, limit))[:limit])
    _check_sort(headers, limit, sort)
    content, cut = bytearray(), ""
    try:
        for chunk in _chunks(response, limit):
            content += chunk
    except (HTTPError, http.client.HTTPException, OSError) as error:
        if not (sort.may_be_cut and content):
            raise
        cut = _reason(url.host, error)
    if sort.may_be_cut and deadline.is_over:
        cut = deadline.words
    if len(content) > limit:
        if not sort.may_be_cut:
            raise FetchError(too_large(limit), is_final=True)
        cut = too_large(limit)
    return Reply(url=url, status=200, headers=headers, content=bytes(content[:limit]), cut=cut)


def _check_sort(headers: Headers, limit: int, sort: Sort) -> None:
    """Refuse early what is of another sort, or is too large."""
    kind = _kind(headers.get("content-type", ""))
    if not sort.takes(kind):
        raise FetchError(f"it is {kind[:60]!r}, not a {sort.name}; {sort.advice}", is_final=True)
    length = headers.get("content-length", "")
    if sort.may_be_cut or not (length.isascii() and length.isdigit()):
        return
    if len(length) > 15 or int(length) > limit:
        raise FetchError(too_large(limit), is_final=True)


def _kind(told: str) -> str:
    """Give the media type that a header names, the first of several; nothing where it names none, as browsers do."""
    kind = _SEPARATOR.split(told.strip().lower(), maxsplit=1)[0]
    return "" if "/" not in kind or kind in _NO_TYPES else kind


def _check_packing(headers: Headers) -> None:
    packings = {part.strip() for part in headers.get("content-encoding", "").lower().split(",")}
    if packings & _NOT_ASKED_FOR:
        raise FetchError(f"it is packed as {', '.join(sorted(packings))[:60]!r}, which was not asked for")


def _chunks(response: BaseHTTPResponse, limit: int) -> Iterator[bytes]:
    """Read what a body unpacks to, as it comes, until it is more than the limit."""
    size = 0
    while size <= limit and (chunk := response.read1(_CHUNK)):
        size += len(chunk)
        yield chunk


def _reason(host: str, error: Exception) -> str:
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLCertVerificationError):
            advice = "; if no site's can, install your system's certificates" if cause.verify_code == _NO_ISSUER else ""
            return f"the certificate of {host} cannot be trusted: {cause.verify_message}{advice}"
        cause = cause.__cause__ or cause.__context__
    if isinstance(error, ssl.SSLError):
        return f"no secure connection to {host} could be made"
    if "refused" in str(error):
        return f"{host} refused the connection; try again later"
    if isinstance(error, ProtocolError | http.client.IncompleteRead):
        return f"what {host} sent broke off, or was not as long as it said; try again later"
    if isinstance(error, HTTPError | http.client.HTTPException):
        return f"{host} did not answer as a web server should ({type(error).__name__}); try again later"
    return f"the connection to {host} failed ({type(error).__name__}); try again later"
