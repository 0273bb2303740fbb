"""The pages of web archives, in parts: WARC, WACZ, zip and tar files, JSON Lines, folders.

`parts` walks an archive once, reading as little as it can, and says where each part begins; `read` then gives the pages
of one part. Any bytes give pages or a `Failure` that names where it was; one that is damaged gives what comes before.

WARC is ISO 28500:2017, WACZ 1.1.1 (https://specs.webrecorder.net/wacz/1.1.1/).
"""

import gzip
import io
import json
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from http import HTTPStatus
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO, cast

from gazetteer import optouts
from gazetteer.batch.folders import telling
from gazetteer.errors import ReadError, StoreError
from gazetteer.intake import MAX_BYTES, files, too_large
from gazetteer.types import Capture, Failure

SIZES = (16, 32, 64, 128, 256, 512)
"""Pages of an archive's first parts, so that there is soon something to see; every further one has as the last."""

LONGEST_LINE = 64 * 1024 * 1024
"""Bytes of a line of JSON."""

_UNSEEN = "it is not there, or this machine does not see it, as every machine of a run must"
_PAGES = (".html", ".htm", ".xhtml", ".shtml")
_HTML = ("text/html", "application/xhtml+xml")
_DAMAGED = (OSError, EOFError, ValueError, RuntimeError, NotImplementedError, zlib.error, tarfile.TarError)
_DAMAGED_ZIP = (zipfile.BadZipFile, KeyError)


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """Pages of an archive that stand together: those of the `member` (of a WACZ) from the `offset` on, of which `skip`
    are passed over and `count` read; or, of a folder, these `files`.

    `number` counts the parts of an archive. What an offset counts is the format's own.
    """

    archive: str
    number: int
    offset: int = 0
    skip: int = 0
    count: int = 0
    member: str | None = None
    files: tuple[str, ...] = ()


Found = tuple[int, bool]
"""Where a page begins, and whether reading can begin there."""

Pages = Iterator[tuple[str, Capture | Failure]]
"""Pages, each with its place in the archive, which its `source` is yet to be made of."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Format:
    """How an archive is walked; and read from an offset on, pages of no more than so many bytes and one."""

    walk: Callable[[BinaryIO], Iterator[Found]]
    read: Callable[[BinaryIO, int, int], Pages]


def found(names: Iterable[str]) -> Iterator[str]:
    """Give the archives that the names stand for, patterns (`news/*.warc.gz`) and folders of archives opened.

    Raises `ReadError` where a name stands for nothing, `StoreError` where a store does not say.
    """
    for name in names:
        matched = _matching(name)
        if not matched:
            raise ReadError(f"{name}: there is no such archive")
        yield from matched


def parts(archive: str, *, sizes: tuple[int, ...] = SIZES) -> Iterator[Part | Failure]:
    """Give the parts of an archive, as they are found; a `Failure` where it cannot be read, or no further.

    Raises `StoreError` where it is not there, or its store does not give it.
    """
    if files.is_folder(archive):
        yield from _folder_parts(archive, sizes)
        return
    if not archive.lower().endswith(_ENDINGS):
        yield Failure(source=archive, reason=f"its name does not end as an archive's does: in {', '.join(_ENDINGS)}")
        return
    number = 0
    try:
        for member in _members(archive):
            with _opened(archive, member) as stream:
                for offset, skip, count in _cut(_format(member or archive).walk(stream), number, sizes):
                    yield Part(archive=archive, number=number, offset=offset, skip=skip, count=count, member=member)
                    number += 1
    except (*_DAMAGED, *_DAMAGED_ZIP) as error:
        yield Failure(source=archive, reason=_reason(error))


def read(part: Part, *, max_bytes: int = MAX_BYTES) -> Iterator[Capture | Failure]:
    """Read the pages of a part, in their order; no fewer than its `count` where the archive is as it was.

    Raises `StoreError` where the archive is not there, or its store does not give it.
    """
    if part.files:
        if not files.is_folder(part.archive):
            raise StoreError(f"{part.archive}: {_UNSEEN}")
        for path in part.files:
            yield from files.read(path, max_bytes=max_bytes)
        return
    given = 0
    try:
        with _opened(part.archive, part.member) as stream:
            pages = _format(part.member or part.archive).read(stream, part.offset, max_bytes)
            for place, page in islice(pages, part.skip, part.skip + part.count):
                yield _bounded(page, f"{part.archive}#{place}", max_bytes)
                given += 1
    except (*_DAMAGED, *_DAMAGED_ZIP) as error:
        yield Failure(source=part.archive, reason=_reason(error))
    else:
        if given < part.count:
            yield Failure(source=part.archive, reason="it ends before the pages that it had when its parts were found")


def _cut(pages: Iterator[Found], number: int, sizes: tuple[int, ...]) -> Iterator[tuple[int, int, int]]:
    """Cut what was walked into parts: where each begins, how many pages are passed over from there, how many it has."""
    offset, skip, count, last = 0, 0, 0, 0
    size = sizes[min(number, len(sizes) - 1)]
    seen = 0  # pages since `last`, where reading can begin
    for at, begins in pages:
        if begins:
            last, seen = at, 0
        if count == 0:
            offset, skip = last, seen
        seen += 1
        count += 1
        if count == size:
            yield offset, skip, count
            number, count = number + 1, 0
            size = sizes[min(number, len(sizes) - 1)]
    if count:
        yield offset, skip, count


def _folder_parts(folder: str, sizes: tuple[int, ...]) -> Iterator[Part | Failure]:
    number, waiting = 0, list[str]()
    for each in files.walk(folder):
        if isinstance(each, Failure):
            yield each
            continue
        waiting.append(each)
        if len(waiting) == sizes[min(number, len(sizes) - 1)]:
            yield Part(archive=folder, number=number, count=len(waiting), files=tuple(waiting))
            number, waiting = number + 1, []
    if waiting:
        yield Part(archive=folder, number=number, count=len(waiting), files=tuple(waiting))


def _matching(name: str) -> list[str]:
    """Give the archives that a name stands for: none where there is nothing of that name."""
    import fsspec

    if files.is_folder(name):
        return sorted(str(each) for each in Path(name).iterdir() if each.name.lower().endswith(_ENDINGS)) or [name]
    if Path(name).exists():
        return [name]
    with telling(name):
        system, path = fsspec.core.url_to_fs(name)
        matched = sorted(system.glob(path)) if set(path) & set("*?[") else [path] if system.exists(path) else []
    return [system.unstrip_protocol(each) if "://" in name else each for each in matched]


@contextmanager
def _opened(archive: str, member: str | None) -> Iterator[BinaryIO]:
    with _stream(archive) as stream:
        if member is None:
            yield stream
            return
        with zipfile.ZipFile(stream) as inside, inside.open(member) as opened:
            yield cast("BinaryIO", opened)


@contextmanager
def _stream(archive: str) -> Iterator[BinaryIO]:
    with ExitStack() as stack:
        try:
            raw = _Stored(archive) if "://" in archive else io.FileIO(archive)
        except FileNotFoundError as error:
            raise StoreError(f"{archive}: {_UNSEEN}") from error
        yield stack.enter_context(io.BufferedReader(stack.enter_context(raw)))


class _Stored(io.RawIOBase):
    """A file in a store; what goes wrong there is a `StoreError`, so that it is not taken for damage of the archive."""

    def __init__(self, address: str) -> None:
        import fsspec

        self._address = address
        self._file: Any = None
        with telling(address, but=(FileNotFoundError,)):
            self._file = fsspec.open(address, "rb").open()

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:  # noqa: ANN401 - any buffer
        with telling(self._address):
            return int(self._file.readinto(buffer))

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        return int(self._file.seek(offset, whence))

    def tell(self) -> int:
        return int(self._file.tell())

    def close(self) -> None:
        if self._file is not None:
            self._file.close()
        super().close()


def _members(archive: str) -> list[str | None]:
    """Give what is to be read within an archive: the WARC files of a WACZ, else the archive itself (None)."""
    if not archive.lower().endswith(".wacz"):
        return [None]
    with _stream(archive) as stream, zipfile.ZipFile(stream) as inside:
        return [*sorted(name for name in inside.namelist() if name.lower().endswith((".warc", ".warc.gz")))]


def _format(name: str) -> _Format:
    return next(form for endings, form in _FORMATS.items() if name.lower().endswith(endings))


def _bounded(page: Capture | Failure, source: str, max_bytes: int) -> Capture | Failure:
    if isinstance(page, Capture) and len(page.content) > max_bytes:
        return Failure(source=source, reason=too_large(max_bytes))
    return replace(page, source=source)


def _reason(error: Exception) -> str:
    if isinstance(error, OSError) and error.strerror:
        return f"it cannot be read: {error.strerror}"
    return f"it is damaged from here on ({type(error).__name__}: {str(error)[:200]})"


# WARC: an offset is where a record, or the gzip member that it begins, stands in the file


def _records(stream: BinaryIO) -> Iterator[Any]:
    """Give the responses that hold a page of HTML."""
    from fastwarc.warc import ArchiveIterator, WarcRecordType

    for record in ArchiveIterator(stream, record_types=WarcRecordType.response, auto_decode="all"):
        headers = record.http_headers
        if (
            headers is not None
            and headers.status_code == HTTPStatus.OK
            and (record.http_content_type or "").lower() in _HTML
        ):
            yield record


def _walk_warc(stream: BinaryIO) -> Iterator[Found]:
    begins = True
    for number, record in enumerate(_records(stream)):
        if number == 1:  # an archive that was packed as a whole can be read from its beginning alone
            begins = _can_begin(stream, record.stream_pos)
        yield record.stream_pos, begins


def _can_begin(stream: BinaryIO, offset: int) -> bool:
    here = stream.tell()
    stream.seek(offset)
    head = stream.read(4)
    stream.seek(here)
    return head.startswith((b"WARC", b"\x1f\x8b", b"\x28\xb5\x2f\xfd"))


def _read_warc(stream: BinaryIO, offset: int, max_bytes: int) -> Pages:
    stream.seek(offset)
    for record in _records(stream):
        address = record.headers.get("WARC-Target-URI", "").strip("<>")
        headers = record.http_headers
        try:
            content = record.reader.read(max_bytes + 1)
        except (OSError, ValueError) as error:
            yield address, Failure(source="", reason=_reason(error))
            continue
        if _is_cut(headers, content, max_bytes):
            yield address, Failure(source="", reason="its record ends too early")
            continue
        yield (
            address,
            Capture(
                source="",
                content=content,
                url=address or None,
                content_type=headers.get("Content-Type"),
                fetched_at=record.record_date,
                opt_outs=optouts.of_fields(headers.items()),
            ),
        )


def _is_cut(headers: Any, content: bytes, max_bytes: int) -> bool:  # noqa: ANN401 - fastwarc's
    """Tell whether less came than was announced; where it is packed, unpacking it would have told."""
    length = headers.get("Content-Length", "")
    packed = headers.get("Content-Encoding") or headers.get("Transfer-Encoding")
    return not packed and length.isdecimal() and len(content) < min(int(length[:18]), max_bytes)


# JSON Lines: an offset counts bytes, unpacked


def _walk_lines(stream: BinaryIO) -> Iterator[Found]:
    at = 0
    with _unpacked(stream) as lines:
        while line := lines.readline(LONGEST_LINE):
            if line.strip():
                yield at, True
            at += len(line)


def _read_lines(stream: BinaryIO, offset: int, _max_bytes: int) -> Pages:
    with _unpacked(stream) as lines:
        lines.seek(offset)
        at = offset
        while line := lines.readline(LONGEST_LINE):
            if line.strip():
                yield f"byte {at}", _of_line(line)
            at += len(line)


def _of_line(line: bytes) -> Capture | Failure:
    try:
        found = json.loads(line)
        address, page = found.get("url"), found["html"]
    except (ValueError, RecursionError, KeyError, AttributeError, TypeError):
        return Failure(source="", reason='the line is no JSON object with "url" and "html"')
    if not isinstance(page, str) or not (address is None or isinstance(address, str)):
        return Failure(source="", reason='"url" and "html" of the line are no strings')
    content = page.encode("utf-8", "replace")
    return Capture(source="", content=content, url=address, content_type="text/html; charset=utf-8")


@contextmanager
def _unpacked(stream: BinaryIO) -> Iterator[BinaryIO]:
    head = stream.read(2)
    stream.seek(0)
    if head != b"\x1f\x8b":
        yield stream
        return
    with gzip.GzipFile(fileobj=stream) as unpacked:
        yield cast("BinaryIO", unpacked)


# zip and tar: an offset counts the files that pages can be in


def _walk_zip(stream: BinaryIO) -> Iterator[Found]:
    with zipfile.ZipFile(stream) as inside:
        yield from ((number, True) for number, _ in enumerate(_pages_of_zip(inside)))


def _read_zip(stream: BinaryIO, offset: int, max_bytes: int) -> Pages:
    with zipfile.ZipFile(stream) as inside:
        for member in islice(_pages_of_zip(inside), offset, None):
            try:
                with inside.open(member) as page:
                    yield member.filename, _saved(page.read(max_bytes + 1))
            except (*_DAMAGED, zipfile.BadZipFile) as error:  # the other files can be read
                yield member.filename, Failure(source="", reason=_reason(error))


def _pages_of_zip(inside: zipfile.ZipFile) -> Iterator[zipfile.ZipInfo]:
    return (each for each in inside.infolist() if each.filename.lower().endswith(_PAGES))


def _walk_tar(stream: BinaryIO) -> Iterator[Found]:
    with tarfile.open(fileobj=stream) as inside:
        yield from ((number, True) for number, _ in enumerate(_pages_of_tar(inside)))


def _read_tar(stream: BinaryIO, offset: int, max_bytes: int) -> Pages:
    with tarfile.open(fileobj=stream) as inside:
        for member in islice(_pages_of_tar(inside), offset, None):
            page = inside.extractfile(member)
            if page is not None:
                yield member.name, _saved(page.read(max_bytes + 1))


def _pages_of_tar(inside: tarfile.TarFile) -> Iterator[tarfile.TarInfo]:
    for each in inside:
        inside.members = []  # type: ignore[attr-defined]  # or it remembers each file of an archive of any size
        if each.isreg() and each.name.lower().endswith(_PAGES):
            yield each


def _saved(content: bytes) -> Capture:
    return Capture(source="", content=content, url=files.saved_from(content))


_FORMATS = {
    (".warc", ".warc.gz", ".warc.zst"): _Format(walk=_walk_warc, read=_read_warc),
    (".jsonl", ".jsonl.gz", ".ndjson", ".ndjson.gz"): _Format(walk=_walk_lines, read=_read_lines),
    (".zip",): _Format(walk=_walk_zip, read=_read_zip),
    (".tar", ".tar.gz", ".tgz", ".tar.bz2", ".tar.xz"): _Format(walk=_walk_tar, read=_read_tar),
}
_ENDINGS = (*(ending for endings in _FORMATS for ending in endings), ".wacz")
