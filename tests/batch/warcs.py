"""Web archives of our own making."""

import gzip
import json
from collections.abc import Sequence


def response(url: str, page: bytes, *, status: str = "200 OK", kind: str = "text/html; charset=utf-8") -> bytes:
    """Give a response record (ISO 28500:2017)."""
    head = f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {len(page)}\r\n\r\n"
    http = head.encode() + page
    fields = {
        "WARC-Type": "response",
        "WARC-Target-URI": url,
        "WARC-Date": "2024-05-06T07:08:09Z",
        "WARC-Record-ID": f"<urn:uuid:{len(url):032x}>",
        "Content-Type": "application/http; msgtype=response",
        "Content-Length": str(len(http)),
    }
    lines = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
    return b"WARC/1.1\r\n" + lines.encode() + b"\r\n" + http + b"\r\n\r\n"


def warc(pages: Sequence[tuple[str, bytes]], *, packed: bool = True) -> bytes:
    """Give an archive of these pages, each record packed by itself, with a request and an image between them."""
    records = [response(url, page) for url, page in pages]
    records.insert(1, response("https://www.brackwater.example/logo.png", b"\x89PNG", kind="image/png"))
    records.insert(1, response("https://www.brackwater.example/gone", b"<p>Gone", status="404 Not Found"))
    return b"".join(map(gzip.compress, records) if packed else records)


def lines(pages: Sequence[tuple[str, bytes]]) -> bytes:
    """Give the pages as JSON Lines."""
    return b"".join(json.dumps({"url": url, "html": page.decode()}).encode() + b"\n" for url, page in pages)
