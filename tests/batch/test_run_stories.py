"""The articles of a run are gathered into stories, step by step, each article once."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from digests import digest
from telling import TOLD
from test_runs import kept

from gazetteer.archive import Archive
from gazetteer.batch import stories, tables
from gazetteer.exports import read_tables
from gazetteer.types import Digest

FIRST = datetime(2024, 5, 6, 12, tzinfo=UTC)


def told(days: Sequence[float | None]) -> list[Digest]:
    """Give the articles of `TOLD`, each published so many days after the first day."""
    return [
        digest(
            source=f"{number}.html",
            url=f"https://a.example/{number}",
            canonical_url=None,
            headline=headline,
            text=text,
            published_at=None if day is None else FIRST + timedelta(days=day),
        )
        for number, (day, (_, headline, text)) in enumerate(zip(days, TOLD, strict=True))
    ]


def events(out: Path) -> set[frozenset[str]]:
    """Give the stories as the headlines in each, every article in one."""
    headlines = {
        row["article"]: row["headline"]
        for path in (out / "articles").glob("*.parquet")
        for row in pq.read_table(path, columns=["article", "headline"]).to_pylist()
    }
    found: dict[str, set[str]] = {}
    pairs = list(stories.told(str(out)))
    assert sorted(article for article, _ in pairs) == sorted(headlines)
    for article, story in pairs:
        found.setdefault(story, set()).add(headlines[article])
    assert all(headlines[story] in group for story, group in found.items())
    return {frozenset(group) for group in found.values()}


WANTED: dict[str, set[str]] = {}
for event, name, _ in TOLD:
    WANTED.setdefault(event, set()).add(name)
EVENTS = {frozenset(each) for each in WANTED.values()}


def gathered(out: Path, *, most: int = stories.MOST) -> list[int]:
    return list(stories.gather(str(out), most=most))


@pytest.mark.parametrize(
    ("days", "steps"),
    [
        ([0.0] * 8, [8]),
        ([0, 1, 2, 3, 3.5, 4, 5, 6], [8]),
        ([-1, 0, 6.9, 0, 1, 2, 2, 3], [7, 8]),
        ([0, 6, 8, 20, 21, 40, 41, 60], [2, 3, 5, 7, 8]),
        ([None] * 8, [8]),
        ([None, None, None, 0, 0, 0, 0, 0], [5, 8]),
    ],
)
def test_articles_of_one_event_are_one_story(tmp_path: Path, days: Sequence[float | None], steps: list[int]) -> None:
    kept(tmp_path, told(days))

    assert gathered(tmp_path) == steps
    assert events(tmp_path) == EVENTS


def test_a_day_that_has_many_articles_is_gathered_in_several_steps(tmp_path: Path) -> None:
    kept(tmp_path, told([0.0] * 8))

    assert gathered(tmp_path, most=5) == [5, 8]
    assert events(tmp_path) == EVENTS


def test_gathering_goes_on_where_it_was(tmp_path: Path) -> None:
    whole, out = tmp_path / "whole", tmp_path / "out"
    for folder in (whole, out):
        kept(folder, told([0, 6, 8, 20, 21, 40, 41, 60]))
    gathered(whole)
    halfway = stories.gather(str(out))
    assert [next(halfway), next(halfway)] == [2, 3]
    halfway.close()
    before = {path: path.stat().st_mtime_ns for path in (out / "stories").iterdir()}

    assert gathered(out) == [2, 3, 5, 7, 8]

    assert len(before) == 2
    assert {path: path.stat().st_mtime_ns for path in before} == before
    assert dict(stories.told(str(out))) == dict(stories.told(str(whole)))
    assert gathered(out) == []


def test_stories_are_gathered_anew_where_there_are_other_parts(tmp_path: Path) -> None:
    kept(tmp_path, told([0.0] * 8)[:4])
    gathered(tmp_path)
    kept(tmp_path, told([0.0] * 8)[4:], number=1)

    assert gathered(tmp_path) == [8]
    assert events(tmp_path) == EVENTS


def test_the_table_has_the_day_of_each_article(tmp_path: Path) -> None:
    kept(tmp_path, told([None, 0, 0, 0, 0, 0, 0, 0]))
    gathered(tmp_path)

    first, last = sorted((tmp_path / "stories").glob("*.parquet"))

    assert [first.name, last.name] == ["2024-05-06-000000.parquet", "undated-000001.parquet"]
    assert pq.read_table(first).schema == tables.STORIES
    assert {row["day"] for row in pq.read_table(first).to_pylist()} == {FIRST.date()}
    assert [row["day"] for row in pq.read_table(last).to_pylist()] == [None]


def test_an_archive_takes_the_stories_in(tmp_path: Path) -> None:
    kept(tmp_path, told([0.0] * 8))
    gathered(tmp_path)
    # another story than the archive would tell by itself: what the tables say holds
    (path,) = (tmp_path / "stories").glob("*.parquet")
    table = pq.read_table(path)
    one = table.column("article")[0].as_py()
    pq.write_table(table.set_column(0, "story", [[one] * len(table)]).cast(tables.STORIES), path)

    with Archive.open(str(tmp_path / "a.sqlite"), create=True) as archive:
        assert read_tables(archive, str(tmp_path)) == (8, 0)
        found = {story.id for row in archive.browse().rows if (story := archive.story_of(row.id)) is not None}

    assert len(found) == 1
