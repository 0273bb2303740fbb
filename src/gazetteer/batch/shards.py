"""One part of an archive to files: the same files whoever asks for them, and however often.

A part's tables are written beside their places, and moved there when all are whole; then its mark is set, which says
that it is done and what came of it. So a run that was ended goes on with the parts that have no mark, and writes over
what an ended part left.

    OUT/run.json            what made the tables; they all have one maker
    OUT/articles/*.parquet  and so on, one file of each table for each part
    OUT/done/*.json         the marks
"""

import hashlib
import json
import os
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from itertools import islice
from pathlib import Path
from typing import Any, Self

from pyarrow import parquet

from gazetteer import pipeline
from gazetteer.batch import archives, tables
from gazetteer.batch.archives import Part
from gazetteer.errors import ReadError
from gazetteer.intake import MAX_BYTES
from gazetteer.types import Capture, Digest, Failure

_ROWS = 64
"""Pages whose rows are held before they are written."""

_BROKE = "the process that read it broke down at this page twice; please report this with the page"


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """What came of a part: so many articles, and so many failures."""

    name: str
    articles: int
    failures: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """A part, and the folder that its tables are to be in.

    Where it is `careful`, pages are read one by one, each noted before, so that one that breaks the process down is
    known; those in `passed` did, and are not read again.
    """

    part: Part
    out: str
    max_bytes: int = MAX_BYTES
    careful: bool = False
    passed: tuple[int, ...] = ()

    @property
    def name(self) -> str:
        """Give the name of the part's files: the same for the same part of the same archive."""
        return f"{_name(self.part.archive)}-{self.part.number:06}"

    @property
    def mark(self) -> Path:
        """Give the path of what says that it is done."""
        return Path(self.out, "done", f"{self.name}.json")

    @property
    def note(self) -> Path:
        """Give the path of what says which page is being read."""
        return Path(self.out, "reading", self.name)


def begin(out: Path, maker: dict[str, str]) -> None:
    """Make the folder of a run, or go on in it; raises `ReadError` where another maker's tables are in it."""
    file = out / "run.json"
    for folder in (out / name for name in (*tables.SCHEMAS, "done", "reading")):
        folder.mkdir(parents=True, exist_ok=True)
        for left in folder.glob(".*"):  # by a run that was ended
            left.unlink(missing_ok=True)
    if not file.exists():
        _write(file, json.dumps(maker, indent=1).encode())
    elif (before := json.loads(file.read_bytes())) != maker:
        raise ReadError(f"{out}: its tables were made by {before}, and not by {maker}; name another folder with --out")


def done(task: Task) -> Done | None:
    """Give what came of a part that is done; None where it is not."""
    try:
        return Done(**json.loads(task.mark.read_bytes()))
    except (FileNotFoundError, ValueError, TypeError):
        return None


def fail(out: Path, failure: Failure) -> None:
    """Write down that an archive cannot be read, or no further."""
    name = f"{_name(failure.source)}-archive"
    with Files(out, name) as files:
        files.put(tables.rows(name, failure))
        files.flush()


def process(
    task: Task, *, extract: pipeline.Extract, annotator: pipeline.Annotates, batch: int = pipeline.BATCH
) -> Done:
    """Digest a part, and write its tables and its mark."""
    captures = _noted(task, archives.read(task.part, max_bytes=task.max_bytes))
    found = pipeline.run(captures, extract=extract, annotator=annotator, batch=1 if task.careful else batch)
    counts = {"articles": 0, "failures": 0}
    with Files(Path(task.out), task.name) as files:
        numbered = enumerate(found)
        while some := list(islice(numbered, _ROWS)):
            for number, each in some:
                counts["failures" if isinstance(each, Failure) else "articles"] += 1
                files.put(tables.rows(f"{task.name}-{number:05}", each))
            files.flush()
    result = Done(name=task.name, **counts)
    _write(task.mark, json.dumps(asdict(result)).encode())
    task.note.unlink(missing_ok=True)
    return result


def _noted(task: Task, captures: Iterator[Capture | Failure]) -> Iterator[Capture | Failure]:
    """Give the pages, each noted before it is read; a failure in the place of those that are passed over."""
    for number, capture in enumerate(captures):
        if number in task.passed:
            yield Failure(source=capture.source, reason=_BROKE)
            continue
        if task.careful:
            _write(task.note, str(number).encode())
        yield capture


class Files:
    """The files of a part's tables, which come to their places together."""

    def __init__(self, out: Path, name: str) -> None:
        self._paths = {table: out / table / f"{name}.parquet" for table in tables.SCHEMAS}
        self._rows: dict[str, list[tables.Row]] = {table: [] for table in tables.SCHEMAS}
        self._stack = ExitStack()
        self._writers: dict[str, parquet.ParquetWriter] = {}

    def __enter__(self) -> Self:
        for table, path in self._paths.items():
            writer = parquet.ParquetWriter(_beside(path), tables.SCHEMAS[table], compression="zstd")
            self._writers[table] = self._stack.enter_context(writer)
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        self._stack.close()
        for path in self._paths.values():
            if kind is None:
                _beside(path).replace(path)
            else:
                _beside(path).unlink(missing_ok=True)

    def put(self, rows: dict[str, list[tables.Row]]) -> None:
        """Hold the rows of a page."""
        for table, some in rows.items():
            self._rows[table].extend(some)

    def flush(self) -> None:
        """Write what is held."""
        for table, held in self._rows.items():
            if held:
                self._writers[table].write_table(tables.table(table, held))
                held.clear()


def digests(out: Path) -> Iterator[Digest]:
    """Give the digests of a folder's tables, part by part."""
    for mark in sorted((out / "done").glob("*.json")):
        yield from _digests(out, mark.stem)


def _digests(out: Path, name: str) -> Iterator[Digest]:
    others = {table: _Rows(out / table / f"{name}.parquet") for table in ("sentences", "entities", "mentions", "tone")}
    for article in _rows(out / "articles" / f"{name}.parquet"):
        yield tables.digest(article, **{table: rows.of(article["article"]) for table, rows in others.items()})


class _Rows:
    """The rows of a table, taken article by article in the order that they stand in."""

    def __init__(self, path: Path) -> None:
        self._rows = _rows(path)
        self._next = next(self._rows, None)

    def of(self, article: str) -> list[tables.Row]:
        """Give the rows of an article, which is no earlier than the last that was asked for."""
        found = []
        while self._next is not None and self._next["article"] == article:
            found.append(self._next)
            self._next = next(self._rows, None)
        return found


def _rows(path: Path) -> Iterator[Any]:
    with parquet.ParquetFile(path) as file:
        for batch in file.iter_batches(batch_size=256):
            yield from batch.to_pylist()


def _name(archive: str) -> str:
    return hashlib.sha256(archive.encode("utf-8", "surrogateescape")).hexdigest()[:12]


def _beside(path: Path) -> Path:
    """Give where a file is written until it is whole: a place of this process's own."""
    return path.with_name(f".{path.name}.{os.getpid()}")


def _write(path: Path, content: bytes) -> None:
    """Write a file whole, or not at all."""
    beside = _beside(path)
    beside.write_bytes(content)
    beside.replace(path)
