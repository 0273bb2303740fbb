"""The list of feeds: what lists say is kept whole, several become one, and feeds are moved and removed in it."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from alembic import command
from hypothesis import given, settings
from hypothesis import strategies as st
from postgresql import Templates
from sqlalchemy import select, text

from gazetteer.archive import Archive, database, schema
from gazetteer.archive.values import Polled
from gazetteer.intake import opml
from gazetteer.types import FeedList, Outline, Pairs
from tests.archive.test_migrations import scripts
from tests.intake.test_opml import RICH

NOW = datetime(2024, 5, 6, 7, 8, tzinfo=UTC)
HARBOUR, NETS, TIDES = (f"https://{name}.example/feed" for name in ("harbour", "nets", "tides"))


def folder(name: str, depth: int = 0, **said: str) -> Outline:
    return Outline(name=name, depth=depth, attributes=(("text", name), *said.items()))


def feed(url: str, depth: int = 0, name: str = "", **said: str) -> Outline:
    named: Pairs = (("text", name),) if name else ()
    return Outline(url=url, name=name, depth=depth, attributes=(*named, ("xmlUrl", url), *said.items()))


def take(archive: Archive, *outlines: Outline, head: Pairs = (), prefixes: Pairs = ()) -> list[int]:
    found = FeedList(head=head, prefixes=prefixes, outlines=outlines)
    return [number for number, _ in archive.follow_list(found, at=NOW)]


def shown(archive: Archive) -> list[str]:
    """The list in words: a line for each, those within others further in."""
    return ["  " * each.depth + (each.url or each.name) for each in archive.feed_list().outlines]


def places(archive: Archive, number: int) -> tuple[tuple[str, ...], ...]:
    found = archive.feed(number)
    assert found is not None
    assert found.folders == found.places[0]
    return found.places


WHOLE = FeedList(
    head=(("title", "Mine"), ("ownerName", "Ada"), ("{urn:x}theme", "dark")),
    prefixes=(("urn:x", "x"),),
    outlines=(
        folder("Coast", isOpen="true"),
        feed(HARBOUR, 1, "Harbour & <Tide>", description="Ships,\ntides", category="/a,/b"),
        folder("Nothing in it"),
        folder("Coast"),
        Outline(name="North", depth=1, attributes=(("text", " North  "), ("{urn:x}n", "\u202e'\"\U0001f980"))),
        feed(NETS, 2),
        feed(HARBOUR, 2, "Harbour, again"),
        feed(HARBOUR, 1),
        feed(HARBOUR, 1),
        Outline(name="A page", attributes=(("type", "link"), ("text", "A page"), ("url", "https://page.example/"))),
        feed(TIDES),
        folder("Below a feed", 1),
        Outline(),
        feed(TIDES, 1),
    ),
)


def expected(archive: Archive) -> FeedList:
    """The list with what the archive calls its feeds, which is the name of the first of their lines that has one."""
    names = {each.url: each.title for each in archive.feeds()}
    lines = (
        Outline(name=names.get(each.url, each.name), url=each.url, depth=each.depth, attributes=each.attributes)
        for each in WHOLE.outlines
    )
    return FeedList(head=WHOLE.head, prefixes=WHOLE.prefixes, outlines=tuple(lines))


def test_a_list_is_kept_whole_and_taken_again_changes_nothing(archive: Archive) -> None:
    first = archive.follow_list(WHOLE, at=NOW)
    assert archive.feed_list() == expected(archive)
    again = archive.follow_list(WHOLE, at=NOW)

    assert archive.feed_list() == expected(archive)
    assert [number for number, _ in first] == [number for number, _ in again]
    assert [is_new for _, is_new in first] == [True] * 7
    assert not any(is_new for _, is_new in again)
    harbour, nets, *_ = (number for number, _ in first)
    assert places(archive, harbour) == (("Coast",), ("Coast", "North"))
    assert places(archive, nets) == (("Coast", "North"),)
    assert [each.places for each in archive.claim_feeds(at=NOW, until=NOW + timedelta(hours=1), limit=9)] == [
        each.places for each in archive.feeds()
    ]


def written(archive: Archive) -> bytes:
    return opml.render(archive.feed_list(), title="Feeds", modified_at=NOW)


def test_what_is_taken_in_and_written_is_the_same_list(archive: Archive, other: Archive) -> None:
    archive.follow_list(opml.parse(RICH.encode()), at=NOW)
    assert written(archive) == RICH.encode()
    other.follow_list(opml.parse(written(archive)), at=NOW)
    assert written(other) == RICH.encode()


def test_feeds_that_no_list_named_are_written_the_same_by_whoever_takes_them_in(
    archive: Archive, other: Archive
) -> None:
    number, _ = archive.follow(HARBOUR, folders=("Coast & more", "North"), at=NOW)
    archive.follow(NETS, title="Nets", site_url="https://nets.example/", at=NOW)
    take(archive, feed(TIDES))
    told = Polled(due_at=NOW, interval=timedelta(hours=1), title="Harbour", site_url="https://harbour.example/")
    archive.polled(number, lambda _new: told, (), at=NOW)
    other.follow_list(opml.parse(written(archive)), at=NOW)
    assert written(other) == written(archive)


def test_a_feed_that_moved_is_written_at_its_new_address(archive: Archive) -> None:
    (number,) = take(archive, feed(HARBOUR, name="Harbour", a="1"))
    moved = Polled(due_at=NOW, interval=timedelta(hours=1), moved_to=NETS)
    archive.polled(number, lambda _new: moved, (), at=NOW)
    (found,) = opml.parse(written(archive)).outlines
    assert found.attributes == (("text", "Harbour"), ("xmlUrl", NETS), ("a", "1"))


def test_a_feed_that_is_in_two_lists_in_different_folders_is_in_both(archive: Archive) -> None:
    head = (("title", "Mine"), ("ownerName", "Ada"))
    take(archive, folder("Coast", a="1", b="2"), feed(HARBOUR, 1, "Harbour", a="1", b="2"), feed(NETS), head=head)
    later = (("title", "Theirs"), ("docs", "d"))
    number, _ = take(
        archive,
        *(folder("Trade"), feed(HARBOUR, 1), folder("Coast", b="3", c="4"), feed(TIDES, 1)),
        head=later,
    )

    assert shown(archive) == ["Coast", f"  {HARBOUR}", f"  {TIDES}", NETS, "Trade", f"  {HARBOUR}"]
    assert places(archive, number) == (("Coast",), ("Trade",))
    found = archive.feed_list()
    assert found.outlines[0].attributes == (("text", "Coast"), ("a", "1"), ("b", "3"), ("c", "4"))
    assert found.head == (("ownerName", "Ada"), *later)


def test_what_the_later_list_says_of_a_feed_holds(archive: Archive) -> None:
    (number,) = take(archive, feed(HARBOUR, name="Harbour", a="1", b="2"))
    take(archive, feed(HARBOUR, name="The harbour", b="3"))
    take(archive, feed(HARBOUR))

    (line,) = archive.feed_list().outlines
    assert line.attributes == (("text", "The harbour"), ("xmlUrl", HARBOUR), ("a", "1"), ("b", "3"))
    (found,) = archive.feeds()
    assert (found.id, found.title) == (number, "The harbour")


def test_a_feed_that_was_followed_by_its_address_is_where_a_list_puts_it(archive: Archive) -> None:
    number, _ = archive.follow(HARBOUR, at=NOW)
    assert places(archive, number) == ((),)
    take(archive, folder("Coast"), feed(HARBOUR, 1))
    assert shown(archive) == ["Coast", f"  {HARBOUR}"]

    archive.follow(HARBOUR, at=NOW)
    assert places(archive, number) == (("Coast",),)
    archive.follow(HARBOUR, folders=("Trade", " \n"), at=NOW)
    archive.follow(HARBOUR, folders=("Trade",), at=NOW)
    assert places(archive, number) == (("Coast",), ("Trade",))
    take(archive, feed(HARBOUR))  # which says that it belongs there
    assert places(archive, number) == (("Coast",), ("Trade",), ())


def test_a_feed_is_moved_with_what_was_said_of_it(archive: Archive) -> None:
    number, *_ = take(
        archive,
        *(folder("Coast"), folder("North", 1), feed(HARBOUR, 2, "Harbour", a="1"), feed(NETS), folder("Empty")),
        *(folder("Trade"), feed(HARBOUR, 1, b="2")),
    )
    assert archive.move_feed(number, ("Coast", "South"))
    assert shown(archive) == ["Coast", "  South", f"    {HARBOUR}", NETS, "Empty"]
    assert dict(archive.feed_list().outlines[2].attributes) == {"text": "Harbour", "xmlUrl": HARBOUR, "a": "1"}

    assert archive.move_feed(number, ("Coast", "South"))
    assert places(archive, number) == (("Coast", "South"),)
    assert archive.move_feed(number, ())
    assert shown(archive) == [NETS, "Empty", HARBOUR]
    assert not archive.move_feed(number + 9, ("Coast",))


def test_a_feed_that_is_removed_leaves_its_folders_to_others(archive: Archive) -> None:
    number, *_ = archive.follow_list(WHOLE, at=NOW)[0]
    archive.unfollow(number)
    tides = next(each.id for each in archive.feeds() if each.url == TIDES)
    assert shown(archive)[:4] == ["Nothing in it", "Coast", "  North", f"    {NETS}"]
    archive.unfollow(tides)
    assert shown(archive)[4:] == ["A page", "Below a feed"]
    for each in archive.feeds():
        archive.unfollow(each.id)
    assert shown(archive) == ["Nothing in it", "A page", "Below a feed"]
    assert archive.feed_list().head == WHOLE.head


def test_a_feed_that_becomes_part_of_another_gives_it_its_places(archive: Archive) -> None:
    harbour, _, nets, _ = take(
        archive,
        *(folder("Coast"), feed(HARBOUR, 1, a="1"), feed(NETS, 1, b="2")),
        *(folder("Trade"), feed(NETS, 1, c="3"), folder("Papers"), feed(HARBOUR, 1)),
    )
    moved = Polled(due_at=NOW, interval=timedelta(hours=1), moved_to=HARBOUR)
    archive.polled(nets, lambda _new: moved, (), at=NOW)

    assert shown(archive) == ["Coast", f"  {HARBOUR}", "Trade", f"  {HARBOUR}", "Papers", f"  {HARBOUR}"]
    assert places(archive, nets) == places(archive, harbour) == (("Coast",), ("Trade",), ("Papers",))


def test_a_backup_holds_the_list(archive: Archive, other: Archive, tmp_path: Path) -> None:
    archive.follow_list(WHOLE, at=NOW)
    take(archive, folder("Coast", later="that its row is written anew"))
    before = archive.feed_list()
    archive.backup(tmp_path / "backup.sqlite")
    other.follow_list(FeedList(head=(("title", "x"),), outlines=(folder("Gone"), feed(NETS, 1))), at=NOW)

    other.restore(tmp_path / "backup.sqlite")

    assert other.feed_list() == before
    number, is_new = other.follow("https://new.example/feed", folders=("Coast",), at=NOW)
    assert is_new
    assert places(other, number) == (("Coast",),)


def test_feeds_of_an_older_archive_stay_in_their_folders(
    kind: str, templates: Templates, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = templates["bare"]() if kind == "postgresql" else str(tmp_path / "archive.sqlite")

    def upgrade(connection: object, **_: object) -> None:
        config = scripts()
        config.attributes["connection"] = connection
        command.upgrade(config, "0013")

    rows = [
        (3, HARBOUR, '["Coast", "North"]'),
        (5, NETS, "[]"),
        (6, TIDES, '["Coast"]'),
        (9, "https://d.example/", '["Coast", "North", ""]'),
    ]
    with monkeypatch.context() as old:
        old.setattr(database, "upgrade", upgrade)
        old.setattr(database, "HEAD", "0013")
        with Archive.open(url, create=True) as archive, archive._database.write() as connection:
            for number, address, folders in rows:
                connection.execute(
                    text(
                        "INSERT INTO feeds (id, key, url, title, folders, state, failures, added_at)"
                        " VALUES (:id, :url, :url, 'Kept', :folders, 'paused', 0, :at)"
                    ),
                    {"id": number, "url": address, "folders": folders, "at": NOW.replace(tzinfo=None)},
                )
    with Archive.open(url) as archive:
        assert [(each.id, each.title, each.places) for each in archive.feeds()] == [
            (3, "Kept", (("Coast", "North"),)),
            (5, "Kept", ((),)),
            (6, "Kept", (("Coast",),)),
            (9, "Kept", (("Coast", "North"),)),
        ]
        assert shown(archive) == [
            *("Coast", "  North", f"    {HARBOUR}", "    https://d.example/", f"  {TIDES}"),
            NETS,
        ]


urls = st.sampled_from([HARBOUR, NETS, TIDES])
folders = st.lists(st.sampled_from(["Coast", "Trade", ""]), max_size=3)
attributes = st.dictionaries(st.sampled_from(["text", "a", "{urn:x}b"]), st.text(max_size=5), max_size=2)


@st.composite
def lists(draw: st.DrawFn) -> FeedList:
    found: list[Outline] = []
    for _ in range(draw(st.integers(1, 6))):
        depth = draw(st.integers(0, found[-1].depth + 1 if found else 0))
        url = draw(st.none() | urls)
        said = draw(attributes) | ({"xmlUrl": url} if url else {})
        name = "" if url else draw(st.sampled_from(["Coast", "Trade", ""]))
        found.append(Outline(name=name, url=url, depth=depth, attributes=tuple(said.items())))
    return FeedList(head=tuple(draw(attributes).items()), outlines=tuple(found))


steps = st.one_of(
    st.tuples(st.just("take"), lists()),
    st.tuples(st.just("follow"), urls, folders),
    st.tuples(st.just("move"), urls, folders),
    st.tuples(st.just("join"), urls, urls),
    st.tuples(st.just("remove"), urls),
)


def do(archive: Archive, name: str, *words: object) -> None:
    if name == "take":
        (found,) = words
        assert isinstance(found, FeedList)
        archive.follow_list(found, at=NOW)
        return
    url, *more = words
    number = next((each.id for each in archive.feeds() if each.url == url), 0)
    if name == "follow":
        archive.follow(str(url), folders=more[0], at=NOW)  # type: ignore[arg-type]
    elif name == "move":
        assert archive.move_feed(number, more[0]) == bool(number)  # type: ignore[arg-type]
    elif name == "join":
        moved = Polled(due_at=NOW, interval=timedelta(hours=1), moved_to=str(more[0]))
        archive.polled(number, lambda _new: moved, (), at=NOW)
    else:
        assert archive.unfollow(number) == bool(number)


def check(archive: Archive) -> None:
    found = archive.feed_list()
    with archive._database.read() as connection:
        rows = connection.execute(select(schema.outlines)).all()
    assert len(found.outlines) == len(rows)  # none hangs in a circle
    assert all(row.parent_id is None or row.parent_id < row.id for row in rows)
    counts = Counter(each.url for each in found.feeds)
    assert counts.keys() == {each.url for each in archive.feeds()}
    for each in archive.feeds():
        assert 1 <= len(each.places) <= counts[each.url]
        assert len({*each.places}) == len(each.places)


@settings(max_examples=60)
@given(taken=st.lists(steps, min_size=1, max_size=8), last=lists())
def test_the_list_stays_whole_whatever_is_done(
    templates: Templates, taken: list[tuple[str, ...]], last: FeedList
) -> None:
    with Archive.open(templates["sqlite"]()) as archive:
        for name, *words in taken:
            do(archive, name, *words)
            check(archive)
        archive.follow_list(last, at=NOW)
        before = archive.feed_list()
        archive.follow_list(last, at=NOW)
        assert archive.feed_list() == before


@settings(max_examples=60)
@given(found=lists())
def test_a_list_that_is_taken_in_is_given_back_as_it_was(templates: Templates, found: FeedList) -> None:
    with Archive.open(templates["sqlite"]()) as archive:
        archive.follow_list(found, at=NOW)
        kept = archive.feed_list()
        assert [(each.depth, each.url, each.attributes) for each in kept.outlines] == [
            (each.depth, each.url, each.attributes) for each in found.outlines
        ]
        assert kept.head == found.head
        first = written(archive)
    with Archive.open(templates["sqlite"]()) as archive:
        archive.follow_list(opml.parse(first), at=NOW)
        assert written(archive) == first
