"""The archive in other programs' forms: JSON Lines, CSV, Parquet; and JSON Lines back."""

import codecs
import csv
import io
import json
import os
import sys
from collections import deque
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import BinaryIO

import click

from gazetteer import gathering, lines
from gazetteer.archive import Archive, may_be_passed_on
from gazetteer.archive.tables import COLUMNS
from gazetteer.errors import ArchiveError, GazetteerError
from gazetteer.intake import opml
from gazetteer.view import printable

LONGEST_LINE = 128 * 1024 * 1024
"""Bytes of a line that is taken in: an article with all of its captures."""

_BEGINNING = 4096  # bytes that tell what a file is
_ROWS = 1000  # that Parquet packs together


def write(archive: Archive, form: str, *, table: str | None, output: str | None) -> None:
    """Write the archive, or one table of it, as `jsonl`, `csv` or `parquet`; a file is written whole or not at all."""
    with _stream(output) as stream:
        if form == "jsonl":
            _write_lines(stream, _passed_on(archive) if table is None else map(_plain, archive.rows(table)))
        elif form == "csv":
            _write_csv(stream, archive, table or "articles")
        else:
            _write_parquet(stream, archive, table or "articles")


def read(archive: Archive, file: str) -> tuple[int, int]:
    """Take in the lines of a file, or of standard input (`-`), one by one; gives how many were, and how many not.

    What fails is told on standard error, with its line. Raises `ArchiveError` where it is markup: a list of feeds, a
    page.
    """
    done, failed = 0, 0
    with _opened(file) as stream:
        for number, line in enumerate(iter(lambda: stream.readline(LONGEST_LINE + 1), b""), start=1):
            if not line.strip():
                continue
            if not done + failed:
                _check_beginning(stream, line)
            try:
                archive.put_line(_parsed(line))
                done += 1
            except ArchiveError as error:
                failed += 1
                click.echo(f"gazetteer: line {number}: {printable(error.reason)}", err=True)
    deque(gathering.gather_all(archive), maxlen=0)
    click.echo(f"gazetteer: took in {done} of {done + failed} lines", err=True)
    return done, failed


def read_tables(archive: Archive, folder: str) -> tuple[int, int]:
    """Take in the digests, and their stories, of a folder that `gazetteer process` made; gives how many were taken in,
    and how many not.
    """
    from gazetteer.batch import shards, stories

    numbers: dict[str, int] = {}
    done, failed = 0, 0
    for article, digest in shards.digests(folder):
        try:
            numbers[article] = archive.save(digest, reader=digest.annotation.model).id
            done += 1
        except ArchiveError as error:
            failed += 1
            click.echo(f"gazetteer: {printable(digest.article.source)}: {printable(error.reason)}", err=True)
    deque(gathering.gather_all(archive), maxlen=0)
    story_of = {numbers[article]: story for article, story in stories.told(folder) if article in numbers}
    groups: dict[str, list[int]] = {}
    for number, story in story_of.items():
        groups.setdefault(story, []).append(number)
    archive.regroup([*groups.values()])
    click.echo(f"gazetteer: took in {done} of {done + failed} articles", err=True)
    return done, failed


def _check_beginning(stream: BinaryIO, line: bytes) -> None:
    if line.removeprefix(codecs.BOM_UTF8).lstrip().startswith(b"<"):
        is_list = opml.is_opml(line + stream.read(_BEGINNING))
        what = "a list of feeds" if is_list else "a page or a feed"
        raise ArchiveError(f"it is {what}, not what `gazetteer export jsonl` writes: `gazetteer add` takes it in")


def _parsed(line: bytes) -> Mapping[str, object]:
    if len(line) > LONGEST_LINE:
        raise ArchiveError(f"it is longer than {LONGEST_LINE // 1_048_576} MB")
    try:
        found = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise ArchiveError("it is not JSON in UTF-8") from error
    if not isinstance(found, dict):
        raise ArchiveError("it is no JSON object")
    return found


@contextmanager
def _opened(file: str) -> Iterator[BinaryIO]:
    if file == "-":
        yield sys.stdin.buffer
        return
    try:
        stream = Path(file).open("rb")  # noqa: SIM115 - closed below; only opening it is told of here
    except OSError as error:
        raise GazetteerError(f"{file}: it cannot be read: {error.strerror}") from error
    with stream:
        yield stream


@contextmanager
def _stream(output: str | None) -> Iterator[BinaryIO]:
    if output is None:
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    path = Path(os.path.realpath(output))
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with beside.open("wb") as stream:
            yield stream
        beside.replace(path)
    except OSError as error:
        raise GazetteerError(f"{output}: it cannot be written: {error.strerror}") from error
    finally:
        beside.unlink(missing_ok=True)


def _write_lines(stream: BinaryIO, found: Iterator[Mapping[str, object]]) -> None:
    for line in found:
        stream.write(lines.written(line))


def _passed_on(archive: Archive) -> Iterator[Mapping[str, object]]:
    """Give the archive's lines, but those of articles whose publishers ask that no copy be shown; tells how many."""
    kept_back = 0
    for line in archive.lines():
        if may_be_passed_on(line):
            yield line
        else:
            kept_back += 1
    if kept_back:
        asked = "publishers ask that no copy be shown (noarchive)"
        click.echo(f"gazetteer: left out articles whose {asked}: {kept_back}; `gazetteer backup` keeps all", err=True)


def _plain(row: Mapping[str, object]) -> dict[str, object]:
    return {name: _time(value) if isinstance(value, datetime) else value for name, value in row.items()}


def _time(at: datetime) -> str:
    return at.isoformat().replace("+00:00", "Z")


def _write_csv(stream: BinaryIO, archive: Archive, table: str) -> None:
    words = io.TextIOWrapper(stream, encoding="utf-8", errors="replace", newline="")
    try:
        writer = csv.DictWriter(words, list(COLUMNS[table]))
        writer.writeheader()
        writer.writerows(map(_plain, archive.rows(table)))
    finally:
        words.detach()


def _write_parquet(stream: BinaryIO, archive: Archive, table: str) -> None:
    try:
        import pyarrow as pa
        from pyarrow import parquet
    except ImportError as error:
        raise GazetteerError("Parquet needs pyarrow: pip install 'gazetteer[parquet]'") from error
    kinds = {int: pa.int64(), float: pa.float64(), str: pa.string(), datetime: pa.timestamp("us", tz="UTC")}
    schema = pa.schema([(name, kinds[kind]) for name, kind in COLUMNS[table].items()])
    rows = map(_storable, archive.rows(table))
    with parquet.ParquetWriter(stream, schema) as writer:
        while batch := list(islice(rows, _ROWS)):
            writer.write_table(pa.Table.from_pylist(batch, schema=schema))


def _storable(row: Mapping[str, object]) -> dict[str, object]:
    """Give a row that UTF-8 can hold."""
    return {
        name: value.encode("utf-8", "replace").decode() if isinstance(value, str) else value
        for name, value in row.items()
    }
