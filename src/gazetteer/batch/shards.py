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
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from itertools import islice
from types import TracebackType
from typing import Any, Self

from pyarrow import parquet

from gazetteer import pipeline
from gazetteer.batch import archives, tables
from gazetteer.batch.archives import Part
from gazetteer.batch.folders import Folder
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
    def mark(self) -> str:
        """Give the file, in the folder, that says that it is done."""
        return f"done/{self.name}.json"

    @property
    def note(self) -> str:
        """Give the file, in the folder, that says which page is being read."""
        return f"reading/{self.name}"


def begin(out: str, maker: dict[str, str]) -> None:
    """Make the folder of a run, or go on in it; raises `ReadError` where another maker's tables are in it."""
    folder = Folder(out)
    for name in (*tables.SCHEMAS, "done", "reading"):
        folder.make(name)
    try:
        before = json.loads(folder.read("run.json"))
    except FileNotFoundError:
        folder.write("run.json", json.dumps(maker, indent=1).encode())
        return
    if before != maker:
        raise ReadError(f"{out}: its tables were made by {before}, and not by {maker}; name another folder with --out")


def marks(out: str) -> frozenset[str]:
    """Give the marks of the parts that are done."""
    return frozenset(Folder(out).names("done"))


def done(task: Task) -> Done | None:
    """Give what came of a part that is done; None where its mark cannot be read."""
    try:
        return Done(**json.loads(Folder(task.out).read(task.mark)))
    except (FileNotFoundError, ValueError, TypeError):
        return None


def noted(task: Task) -> int | None:
    """Give the page that was being read when a careful process broke down; None where none was noted."""
    try:
        return int(Folder(task.out).read(task.note)) if task.careful else None
    except (FileNotFoundError, ValueError):
        return None


def fail(out: str, failure: Failure) -> None:
    """Write down that an archive cannot be read, or no further."""
    name = f"{_name(failure.source)}-archive"
    with Files(Folder(out), name) as files:
        files.put(tables.rows(name, failure))
        files.flush()


def process(task: Task, *, extract: pipeline.Extract, annotator: pipeline.Annotates) -> Done:
    """Digest a part, page by page, so that this takes one core and no more, and write its tables and its mark."""
    captures = _noted(task, archives.read(task.part, max_bytes=task.max_bytes))
    found = pipeline.run(captures, extract=extract, annotator=annotator, batch=1)
    counts = {"articles": 0, "failures": 0}
    folder = Folder(task.out)
    with Files(folder, task.name) as files:
        numbered = enumerate(found)
        while some := list(islice(numbered, _ROWS)):
            for number, each in some:
                counts["failures" if isinstance(each, Failure) else "articles"] += 1
                files.put(tables.rows(f"{task.name}-{number:05}", each))
            files.flush()
    result = Done(name=task.name, **counts)
    folder.write(task.mark, json.dumps(asdict(result)).encode())
    if task.careful:
        folder.remove(task.note)
    return result


def _noted(task: Task, captures: Iterator[Capture | Failure]) -> Iterator[Capture | Failure]:
    """Give the pages, each noted before it is read; a failure in the place of those that are passed over."""
    for number, capture in enumerate(captures):
        if number in task.passed:
            yield Failure(source=capture.source, reason=_BROKE)
            continue
        if task.careful:
            Folder(task.out).write(task.note, str(number).encode())
        yield capture


class Files:
    """The files of a part's tables, which come to their places together."""

    def __init__(self, folder: Folder, name: str) -> None:
        self._folder = folder
        self._name = name
        self._rows: dict[str, list[tables.Row]] = {table: [] for table in tables.SCHEMAS}
        self._stack = ExitStack()
        self._writers: dict[str, parquet.ParquetWriter] = {}

    def __enter__(self) -> Self:
        streams = {
            table: self._stack.enter_context(self._folder.writing(f"{table}/{self._name}.parquet"))
            for table in tables.SCHEMAS
        }
        for table, stream in streams.items():  # all are closed before the first file comes to its place
            writer = parquet.ParquetWriter(stream, tables.SCHEMAS[table], compression="zstd")
            self._writers[table] = self._stack.enter_context(writer)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._stack.__exit__(kind, error, at)

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


def digests(out: str) -> Iterator[tuple[str, Digest]]:
    """Give the digests of a folder's tables, part by part, each with what names its article there."""
    folder = Folder(out)
    for mark in sorted(marks(out)):
        yield from _digests(folder, mark.removeprefix("done/").removesuffix(".json"))


def _digests(folder: Folder, name: str) -> Iterator[tuple[str, Digest]]:
    tables_of = ("sentences", "entities", "mentions", "tone")
    others = {table: _Rows(rows(folder, f"{table}/{name}.parquet")) for table in tables_of}
    for article in rows(folder, f"articles/{name}.parquet"):
        own = {table: each.of(article["article"]) for table, each in others.items()}
        yield article["article"], tables.digest(article, **own)


def rows(folder: Folder, file: str, columns: Sequence[str] | None = None) -> Iterator[Any]:
    """Give the rows of a file of a table, or these columns of them."""
    with folder.reading(file) as stream, parquet.ParquetFile(stream) as opened:
        for batch in opened.iter_batches(batch_size=256, columns=columns):
            yield from batch.to_pylist()


class _Rows:
    """The rows of a table, taken article by article in the order that they stand in."""

    def __init__(self, rows: Iterator[Any]) -> None:
        self._rows = rows
        self._next = next(self._rows, None)

    def of(self, article: str) -> list[tables.Row]:
        """Give the rows of an article, which is no earlier than the last that was asked for."""
        found = []
        while self._next is not None and self._next["article"] == article:
            found.append(self._next)
            self._next = next(self._rows, None)
        return found


def _name(archive: str) -> str:
    return hashlib.sha256(archive.encode("utf-8", "surrogateescape")).hexdigest()[:12]
