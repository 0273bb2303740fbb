"""The whole archive out and in again, without loss: as lines, as a backup, as tables."""

import json
import sqlite3
import threading
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import digests
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from test_company import number_of

from gazetteer.archive import Archive, Kind, may_be_passed_on
from gazetteer.archive.tables import COLUMNS
from gazetteer.errors import ArchiveError
from gazetteer.types import Capture, Digest, OptOuts

AT = datetime(2023, 5, 1, tzinfo=UTC)
ASKED = OptOuts(robots=("noarchive",), signals=("ai-train=no",), tdm_reserved=True, tdm_policy="https://a.example/t")
PAGE = Capture(
    source="ferry.html", content=bytes(range(256)) * 9, url="https://a.example", fetched_at=AT, opt_outs=ASKED
)


def fill(archive: Archive) -> None:
    """Put in some of everything."""
    first = archive.save(digests.digest(), PAGE, at=AT).id
    archive.save(digests.digest(text=digests.FERRY + "\n\nMore."), PAGE, at=AT + timedelta(hours=1))
    bare = {"url": None, "canonical_url": None, "publisher": None, "authors": (), "published_at": None}
    archive.save(digests.digest(headline="\ud800\x00 odd", abstained="too little", **bare), at=AT, reader="x, rules 1")
    archive.review(first, reviewer="Ann", words="Sad.", rating=4, at=AT)
    archive.review(first, reviewer="Bo", words="Long.", at=AT)
    archive.merge(number_of(archive, "Norway"), number_of(archive, "Port Ellery"), at=AT)
    archive.rename(number_of(archive, "Aldo Fenn"), "A. Fenn", at=AT)
    archive.put_tag_rule("Sea", 'any = ["sea"]', at=AT)


def lines(archive: Archive) -> list[dict[str, object]]:
    """Give the lines as JSON gives them back; reviews have numbers of their own in each archive."""
    return json.loads(json.dumps(list(archive.lines())))


def shape(archive: Archive) -> list[object]:
    """Give what pages show of an archive."""
    subjects = [(each.name, each.articles) for kind in Kind for each in archive.most(kind, limit=100).rows]
    hits = [hit.card.id for hit in archive.search('entity:"port ellery" OR odd').rows]
    return [sorted(subjects), archive.browse().rows[0].headline, sorted(hits), archive.days(), archive.tag_rules()]


def test_lines_come_back_without_loss(archive: Archive, another: str) -> None:
    fill(archive)
    out = lines(archive)
    assert [next(iter(line)) for line in out] == ["correction", "correction", "tag_rule", "article", "article"]
    with Archive.open(another) as other:
        for line in out:
            other.put_line(line)
        assert lines(other) == out
        assert shape(other) == shape(archive)
        for line in out:
            other.put_line(line)
        assert lines(other) == out


@given(digest=digests.hostile_digests())
@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_article_comes_back_as_it_was(archive: Archive, other: Archive, digest: Digest) -> None:
    number = archive.save(digest, PAGE, at=AT).id
    (line,) = [line for line in lines(archive) if line["article"]["id"] == number]
    saved = other.put_line(line)
    assert saved is not None
    kept, copy = archive.get(number), other.get(saved.id)
    assert kept is not None
    assert copy is not None
    assert copy.digest.annotation == kept.digest.annotation
    assert copy.digest.article.text == kept.digest.article.text


@pytest.mark.parametrize(
    "line",
    [
        {},
        {"x": 1},
        {"article": 1},
        {"article": {}},
        {"article": {"id": 1}, "tag_rule": {}},
        {"article": {"versions": []}},
        {"tag_rule": {"name": 1, "rule": "", "changed_at": "2020-01-01T00:00:00Z"}},
        {"tag_rule": {"name": "a", "rule": "", "changed_at": "2020-01-01T00:00:00"}},
        {"correction": {"rule": {"kind": "guess"}}},
    ],
)
def test_a_line_that_is_none_of_ours_is_refused(archive: Archive, line: dict[str, object]) -> None:
    with pytest.raises(ArchiveError):
        archive.put_line(line)
    assert list(archive.lines()) == []


def test_a_damaged_line_changes_nothing(archive: Archive, another: str) -> None:
    fill(archive)
    (*_, good) = lines(archive)
    with Archive.open(another) as other:
        for path in (("annotation", "sentences"), ("versions",), ("kept_at",), ("annotation", "tone")):
            broken = json.loads(json.dumps(good))
            at = broken["article"]
            for name in path[:-1]:
                at = at[name]
            at[path[-1]] = [7]
            with pytest.raises(ArchiveError):
                other.put_line(broken)
        assert list(other.lines()) == []


@given(st.recursive(st.none() | st.integers() | st.text(max_size=3), lambda inner: st.lists(inner, max_size=3)))
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_json_is_a_line_or_refused(archive: Archive, data: object) -> None:
    for name in ("article", "correction", "tag_rule"):
        with pytest.raises(ArchiveError):
            archive.put_line({name: data})


def test_a_backup_is_the_archive(archive: Archive, another: str, tmp_path: Path) -> None:
    fill(archive)
    file = tmp_path / "backup.sqlite"
    archive.backup(file)
    assert sorted(path.name for path in tmp_path.glob("*backup*")) == ["backup.sqlite"]
    with Archive.open(str(file)) as copy:
        assert lines(copy) == lines(archive)
        assert shape(copy) == shape(archive)
    with Archive.open(another) as other:
        other.save(digests.digest(headline="Gone"), at=AT)
        other.restore(file)
        assert lines(other) == lines(archive)
        assert shape(other) == shape(archive)
        saved = other.save(digests.digest(url="https://b.example/1", canonical_url=None), at=AT)
        assert other.review(saved.id, reviewer="Cy", words="New.")
    with pytest.raises(ArchiveError, match="there already"):
        archive.backup(file)


def test_backup_and_restore_while_it_is_read_and_written(archive: Archive, tmp_path: Path) -> None:
    fill(archive)
    stop, wrong = threading.Event(), []

    def use(number: int) -> None:
        while not stop.is_set():
            try:
                if number:
                    assert archive.browse().rows
                    archive.search("ferry")
                else:
                    archive.save(digests.digest(headline=f"At {datetime.now(UTC)}"), at=AT)
            except BaseException as error:  # noqa: BLE001 - told below
                wrong.append(error)
                return

    threads = [threading.Thread(target=use, args=(number,)) for number in range(3)]
    for thread in threads:
        thread.start()
    try:
        for number in range(3):
            archive.backup(tmp_path / f"{number}.sqlite")
            archive.restore(tmp_path / f"{number}.sqlite")
    finally:
        stop.set()
        for thread in threads:
            thread.join()
    assert wrong == []
    assert len(archive.browse().rows) == 2


def test_what_is_no_backup_is_refused(archive: Archive, tmp_path: Path) -> None:
    fill(archive)
    before = lines(archive)
    other, damaged, newer = (tmp_path / name for name in ("other", "damaged", "newer"))
    with closing(sqlite3.connect(other)) as database:
        database.execute("CREATE TABLE a (b)")
    archive.backup(newer)
    damaged.write_bytes(newer.read_bytes()[: newer.stat().st_size // 2])
    with closing(sqlite3.connect(newer)) as database, database:
        database.execute("UPDATE alembic_version SET version_num = '9999'")
    (tmp_path / "text").write_text("words")
    for name in ("other", "damaged", "newer", "text", "nowhere", "."):
        with pytest.raises(ArchiveError):
            archive.restore(tmp_path / name)
    with pytest.raises(ArchiveError):
        archive.backup(tmp_path / "no" / "folder")
    assert lines(archive) == before


@pytest.mark.parametrize("table", COLUMNS)
def test_tables(archive: Archive, table: str) -> None:
    fill(archive)
    rows = list(archive.rows(table))
    assert rows
    for row in rows:
        assert list(row) == list(COLUMNS[table])
        assert all(value is None or type(value) is COLUMNS[table][name] for name, value in row.items())
    if table == "mentions":
        assert {row["entity"] for row in rows if row["name"] == "Norway"} == {"Port Ellery"}
        assert {row["words"] for row in rows if row["name"] == "Aldo Fenn"} == {"Aldo Fenn", "Fenn"}


def test_what_publishers_ask_is_kept_with_the_article_and_its_page(archive: Archive, another: str) -> None:
    number = archive.save(digests.digest(opt_outs=ASKED), PAGE, at=AT).id
    kept = archive.get(number)
    assert kept is not None
    assert kept.digest.article.opt_outs == ASKED
    assert archive.capture(number) == PAGE
    (line,) = lines(archive)
    assert not may_be_passed_on(line)
    with Archive.open(another) as other:
        other.put_line(line)
        assert other.capture(number) == PAGE
    (row,) = archive.rows("articles")
    assert (row["text"], row["opt_outs"]) == (None, "noarchive; ai-train=no; tdm-reserved")


def test_all_else_may_be_passed_on(archive: Archive) -> None:
    archive.save(digests.digest(opt_outs=OptOuts(robots=("noindex",), tdm_reserved=False)), at=AT)
    archive.put_tag_rule("Sea", 'any = ["sea"]', at=AT)
    assert all(map(may_be_passed_on, archive.lines()))
    (row,) = archive.rows("articles")
    assert (row["text"], row["opt_outs"]) == (digests.FERRY, "noindex")
