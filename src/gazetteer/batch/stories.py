"""The articles of a run gathered into stories, from the first day to the last, some thousands at once.

A step takes the next articles in order of time, of a week at most, and clusters them together with those of the days
before it, which keep the stories that they have: a cluster goes on with the story that most of its earlier articles
tell, or is a new one. So what is held does not grow with the run, and a story may go on for as long as it is told.
What is compared of the articles is written to a temporary file of this machine meanwhile (some 3 KB for each).

    OUT/stories/*.parquet  a file for each step
    OUT/stories.json       of which parts the stories are, and whether all are gathered
"""

import hashlib
import json
import sqlite3
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import pyarrow as pa
from pyarrow import parquet

from gazetteer.batch import shards, tables
from gazetteer.batch.folders import Folder
from gazetteer.stories import cluster
from gazetteer.stories.words import Words, count

DAYS = 7
"""Days of a step, at most."""
BEFORE = 7
"""Days before a step whose articles are clustered with its own."""
MOST = 10_000
"""Articles of a step, and of the days before it, at most."""

_DAY = 86_400
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_UNDATED = 1 << 60  # the seconds of articles of which no time is known: they come last
_TABLE = "CREATE TABLE told (at INTEGER, article TEXT, words BLOB, story TEXT)"
_INDEX = "CREATE UNIQUE INDEX by_time ON told (at, article)"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Told:
    """An article in its place in time (`at`, seconds since 1970): its words, its vector, its story where it has one."""

    at: int
    article: str
    words: Words
    vector: Sequence[float]
    story: str | None

    @property
    def day(self) -> date | None:
        return None if self.at == _UNDATED else (_EPOCH + timedelta(seconds=self.at)).date()


def gather(out: str, *, most: int = MOST) -> Iterator[int]:
    """Write the stories of a folder's articles; give how many articles have theirs, step by step.

    Steps that are done already are not done again; where the folder has other parts since, all of them are.
    """
    folder = Folder(out)
    marks = sorted(shards.marks(out))
    of = hashlib.sha256("\n".join(marks).encode()).hexdigest()
    folder.make("stories")
    if (state := _state(folder)).get("of") != of:
        for name in folder.names("stories"):
            folder.remove(name)
        folder.write("stories.json", json.dumps({"of": of}).encode())
    elif state.get("is_done"):
        return
    done = frozenset(folder.names("stories"))
    with TemporaryDirectory(prefix="gazetteer-") as place, closing(sqlite3.connect(Path(place, "told"))) as database:
        _fill(database, folder, marks)
        gathered = 0
        for number, step in enumerate(_steps(database, most)):
            name = f"stories/{step[0].day or 'undated'}-{number:06}.parquet"
            if name in done:
                stories = _written(folder, name)
                placed = [replace(each, story=stories[each.article]) for each in step]
            else:
                placed = _placed(_before(database, step[0], most), step)
                _write(folder, name, placed)
            database.executemany(
                "UPDATE told SET story = ? WHERE at = ? AND article = ?",
                [(each.story, each.at, each.article) for each in placed],
            )
            gathered += len(placed)
            yield gathered
    folder.write("stories.json", json.dumps({"of": of, "is_done": True}).encode())


def told(out: str) -> Iterator[tuple[str, str]]:
    """Give the articles of a folder that are in a story, each with its story."""
    folder = Folder(out)
    for name in folder.names("stories"):
        yield from _written(folder, name).items()


def _state(folder: Folder) -> dict[str, Any]:
    try:
        return dict(json.loads(folder.read("stories.json")))
    except (FileNotFoundError, ValueError, TypeError):
        return {}


def _fill(database: sqlite3.Connection, folder: Folder, marks: Sequence[str]) -> None:
    """Write down what is compared of every article."""
    database.executescript(f"PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; {_TABLE}")
    for mark in marks:
        name = f"articles/{mark.removeprefix('done/').removesuffix('.json')}.parquet"
        columns = ["article", "headline", "text", "published_at", "vector"]
        database.executemany(
            "INSERT INTO told VALUES (?, ?, ?, NULL)",
            (
                (_seconds(row["published_at"]), row["article"], _packed(row))
                for row in shards.rows(folder, name, columns)
            ),
        )
    database.execute(_INDEX)


def _seconds(at: datetime | None) -> int:
    return _UNDATED if at is None else (at - _EPOCH) // timedelta(seconds=1)


def _packed(row: tables.Row) -> bytes:
    words = count(row["headline"], row["text"])
    counts = np.minimum(words.counts, 255).astype("<u1")
    size = np.array([len(words.hashes)], dtype="<u4")
    parts = (size, words.hashes.astype("<u4"), counts, np.array(row["vector"], dtype="<f2"))
    return b"".join(part.tobytes() for part in parts)


def _told(row: tuple[int, str, bytes, str | None]) -> _Told:
    at, article, packed, story = row
    size = int(np.frombuffer(packed, dtype="<u4", count=1)[0])
    hashes = np.frombuffer(packed, dtype="<u4", count=size, offset=4)
    counts = np.frombuffer(packed, dtype="<u1", count=3 * size, offset=4 + 4 * size).reshape(3, size)
    vector = np.frombuffer(packed, dtype="<f2", offset=4 + 7 * size).tolist()
    return _Told(
        at=at, article=article, words=Words(hashes=hashes, counts=counts.astype(np.float32)), vector=vector, story=story
    )


def _steps(database: sqlite3.Connection, most: int) -> Iterator[list[_Told]]:
    after = (-_UNDATED, "")
    next_at = "SELECT at FROM told WHERE (at, article) > (?, ?) ORDER BY at, article LIMIT 1"
    while (first := database.execute(next_at, after).fetchone()) is not None:
        until = (first[0] // _DAY + DAYS) * _DAY
        rows = database.execute(
            "SELECT * FROM told WHERE (at, article) > (?, ?) AND at < ? ORDER BY at, article LIMIT ?",
            (*after, until, most),
        )
        step = [_told(row) for row in rows]
        yield step
        after = (step[-1].at, step[-1].article)


def _before(database: sqlite3.Connection, first: _Told, most: int) -> list[_Told]:
    """Give the articles of the days before a step, the newest of them where there are more."""
    rows = database.execute(
        "SELECT * FROM told WHERE (at, article) < (?, ?) AND at >= ? ORDER BY at DESC, article DESC LIMIT ?",
        (first.at, first.article, first.at - BEFORE * _DAY, most),
    )
    return [_told(row) for row in rows][::-1]


def _placed(before: Sequence[_Told], step: Sequence[_Told]) -> list[_Told]:
    """Give the articles of a step, each with its story: that of its cluster's earlier ones, or a new one."""
    both = [*before, *step]
    clusters = cluster.cluster([each.words for each in both], [each.vector for each in both])
    shares = Counter((each.story, found) for each, found in zip(before, clusters, strict=False))
    stories: dict[int, str | None] = {}
    taken: set[str | None] = set()
    for (story, found), _ in sorted(shares.items(), key=lambda each: (-each[1], each[0])):
        if found not in stories and story not in taken:
            stories[found] = story
            taken.add(story)
    return [
        replace(each, story=stories.setdefault(found, each.article))
        for each, found in zip(step, clusters[len(before) :], strict=True)
    ]


def _written(folder: Folder, name: str) -> dict[str, str]:
    return {row["article"]: row["story"] for row in shards.rows(folder, name)}


def _write(folder: Folder, name: str, placed: Sequence[_Told]) -> None:
    rows = [{"story": each.story, "article": each.article, "day": each.day} for each in placed]
    with folder.writing(name) as stream:
        parquet.write_table(pa.Table.from_pylist(rows, schema=tables.STORIES), stream, compression="zstd")
