"""Read saved pages from disk: a file, a folder with all that is under it, or standard input."""

import gzip
import io
import os
import re
import stat
import zlib
from collections.abc import Callable, Iterator
from html import unescape
from pathlib import Path
from typing import BinaryIO

from gazetteer.errors import ReadError
from gazetteer.intake import MAX_BYTES, too_large
from gazetteer.types import Capture, Failure

_SUFFIXES = (".html", ".htm", ".xhtml", ".shtml", ".html.gz", ".htm.gz", ".xhtml.gz")
_PACKED = b"\x1f\x8b"
_HEAD = 4096
_MARKUP = re.compile(rb"<(?:!doctype\s+html|html|head|body|article|\?xml|!--)", re.IGNORECASE)
# What browsers write at the top of a page that they save; SingleFile writes " url: " on a line of its own.
_SAVED_FROM = re.compile(rb"<!--\s*saved from url=\(\d{1,6}\)(https?://[^\s<>]{1,2000})\s", re.IGNORECASE)
_SINGLE_FILE = re.compile(rb"<!--\s{1,9}Page saved with SingleFile\s{1,9}url:\s{0,9}(https?://[^\s<>]{1,2000})\s")


def read(
    path: str, *, max_bytes: int = MAX_BYTES, stdin: BinaryIO | None = None, url: str | None = None
) -> Iterator[Capture | Failure]:
    """Read a file, every page under a folder (in the order of their names), or, for `-`, one page from `stdin`.

    A folder gives the files whose names end as pages' do (.html, .htm, .xhtml, .shtml, and these with .gz) or have no
    suffix and begin as pages do; links that lead to folders, hidden names, and the `NAME_files` folder that a browser
    saves beside `NAME.html` are passed over. `url` is the address of a single page, else a browser's own note in the
    page tells it. What cannot be read gives a `Failure`.
    """
    if path == "-" and stdin is not None:
        yield _page("-", lambda: _unpacked(stdin, max_bytes), url)
    elif is_folder(path):
        yield from _folder(path, max_bytes)
    else:
        yield _page(path, lambda: _content(path, max_bytes), url)


def saved_from(content: bytes) -> str | None:
    """Give the address that a browser wrote into a page as it saved it."""
    head = content[:_HEAD]
    match = _SAVED_FROM.search(head) or _SINGLE_FILE.search(head)
    return unescape(match[1].decode("utf-8", "replace")) if match else None


def _page(source: str, content: Callable[[], bytes], url: str | None) -> Capture | Failure:
    try:
        page = content()
    except ReadError as error:
        return Failure(source=source, reason=error.reason)
    except (OSError, ValueError) as error:
        return Failure(source=source, reason=_reason(error))
    return Capture(source=source, content=page, url=url or saved_from(page))


def walk(folder: str) -> Iterator[str | Failure]:
    """Give every page under a folder, its own files before its folders'; a `Failure` for one that cannot be read."""
    waiting = [folder]
    while waiting:
        current = waiting.pop()
        try:
            with os.scandir(current) as found:
                entries = sorted(
                    (entry for entry in found if not entry.name.startswith(".")), key=lambda each: each.name
                )
        except OSError as error:
            yield Failure(source=current, reason=_reason(error))
            continue
        yield from (entry.path for entry in entries if not is_folder(entry.path) and _is_page(entry))
        waiting.extend(reversed(_folders(entries)))


def _folder(path: str, max_bytes: int) -> Iterator[Capture | Failure]:
    empty = True
    for found in walk(path):
        empty = False
        yield from (found,) if isinstance(found, Failure) else read(found, max_bytes=max_bytes)
    if empty:
        yield Failure(source=path, reason=f"the folder holds no pages (files that end in {', '.join(_SUFFIXES[:4])})")


def is_folder(path: str) -> bool:
    """Tell whether a path names a folder, through links too."""
    try:
        return stat.S_ISDIR(Path(path).stat().st_mode)
    except (OSError, ValueError):
        return False


def _folders(entries: list[os.DirEntry[str]]) -> list[str]:
    pages = {entry.name.rpartition(".")[0] for entry in entries if entry.name.lower().endswith(_SUFFIXES)}
    return [
        entry.path
        for entry in entries
        if entry.is_dir(follow_symlinks=False)
        and not (entry.name.endswith("_files") and entry.name.removesuffix("_files") in pages)
    ]


def _is_page(entry: os.DirEntry[str]) -> bool:
    if "." in entry.name:
        return entry.name.lower().endswith(_SUFFIXES)
    try:
        with _opened(entry.path) as file:
            return _MARKUP.search(file.read(_HEAD)) is not None
    except ReadError:
        return False
    except OSError:
        return True


def _opened(path: str) -> BinaryIO:
    """Open a regular file, and nothing that could block: no pipe, socket or device. Raises `ReadError`, OSError."""
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise ReadError("it is a pipe, socket or device, not a file")
    return os.fdopen(descriptor, "rb")


def _content(path: str, max_bytes: int) -> bytes:
    with _opened(path) as file:
        return _unpacked(file, max_bytes)


def _unpacked(file: BinaryIO, max_bytes: int) -> bytes:
    """Read a page whole, unpacked where it is gzip; raises `ReadError` where it is larger than it may be."""
    content = file.read(max_bytes + 1)
    if content.startswith(_PACKED):
        content = _gunzipped(content, max_bytes + 1)
    if len(content) > max_bytes:
        raise ReadError(too_large(max_bytes))
    return content


def _gunzipped(packed: bytes, limit: int) -> bytes:
    """Unpack up to `limit` bytes of one or more gzip members."""
    try:
        return gzip.GzipFile(fileobj=io.BytesIO(packed)).read(limit)
    except EOFError as error:
        raise ReadError("it is a gzip file that ends too early; get it anew") from error
    except (gzip.BadGzipFile, zlib.error) as error:
        raise ReadError("it is a damaged gzip file; get it anew") from error


def _reason(error: Exception) -> str:
    if isinstance(error, FileNotFoundError):
        return "there is no such file or folder; check the name (an address begins with https://)"
    if isinstance(error, PermissionError):
        return "you may not read it; check its permissions"
    if isinstance(error, OSError) and error.strerror:
        return f"it cannot be read: {error.strerror}"
    return "it cannot be read: its name is not one that files have"
