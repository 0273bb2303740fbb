"""Feeds that are followed, move, become one and go, in any order: nothing is forgotten, nothing waited for twice."""

from collections import Counter
from datetime import UTC, datetime, timedelta

from digests import digest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from postgresql import Templates
from sqlalchemy import select

from gazetteer.archive import Archive, schema
from gazetteer.archive.values import EntryState, Polled
from gazetteer.types import Capture, Entry

NOW = datetime(2024, 5, 6, 7, 8, tzinfo=UTC)
HOUR = timedelta(hours=1)
ADDRESSES = [f"https://{name}.example/feed" for name in "abc"]
PAGES = [f"https://news.example/{n}" for n in range(2)]

addresses, pages = st.sampled_from(ADDRESSES), st.sampled_from(PAGES)
listed = st.lists(st.tuples(st.sampled_from("uv"), pages), min_size=1, max_size=2, unique_by=lambda pair: pair[0])
steps = st.one_of(
    st.tuples(st.just("follow"), addresses),
    st.tuples(st.just("poll"), addresses, st.none() | st.none() | addresses, listed),
    st.tuples(st.just("keep"), pages),
    st.tuples(st.just("fail"), pages),
    st.tuples(st.just("remove"), addresses),
)


JOINED = [
    ("poll", ADDRESSES[0], None, [("u", PAGES[0])]),
    ("poll", ADDRESSES[1], None, [("u", PAGES[1]), ("v", PAGES[1])]),
    ("poll", ADDRESSES[0], ADDRESSES[1], []),  # of the two "u" one goes, for whose page "v" waits
]


class Feeds:
    """An archive, and beside it what ought to be known: by which address which feed was and is known."""

    def __init__(self, archive: Archive) -> None:
        self.archive = archive
        self.current: dict[str, int] = {}
        self.former: dict[str, int] = {}
        self.kept: dict[str, int] = {}

    def follow(self, address: str) -> None:
        known = self.current.get(address) or self.former.get(address)
        number, is_new = self.archive.follow(address, at=NOW)
        assert (number, is_new) == (known or number, known is None)
        if is_new:
            self.current[address] = number

    def poll(self, address: str, to: str | None, entries: list[tuple[str, str]]) -> None:
        if (number := self.current.get(address)) is None:
            return
        found = [Entry(id=guid, url=url, title=guid) for guid, url in entries]
        told = Polled(due_at=NOW + HOUR, interval=HOUR, moved_to=to)
        self.archive.polled(number, lambda _new: told, found, at=NOW)
        if to is None or to == address:
            return
        self.former.pop(to, None)
        self.former[address] = number
        del self.current[address]
        other = self.current.setdefault(to, number)
        found = self.archive.feed(number)
        assert found is not None
        assert found.id == other
        self.former = {each: other if owner == number else owner for each, owner in self.former.items()}

    def keep(self, page: str) -> None:
        for each in self._due(page):
            saved = self.archive.save_entry(
                each, digest(url=page, canonical_url=page), Capture(source=page, content=b"x"), reader="r", at=NOW
            )
            self.kept[page] = saved.id

    def fail(self, page: str) -> None:
        for each in self._due(page):
            self.archive.fail(each, "it has no such page", at=NOW)

    def remove(self, address: str) -> None:
        if (number := self.current.pop(address, None)) is not None:
            self.archive.unfollow(number)
            self.former = {each: owner for each, owner in self.former.items() if owner != number}

    def _due(self, page: str) -> list[int]:
        entries = schema.entries.c
        with self.archive._database.read() as connection:
            due = select(entries.id).where(entries.url == page, entries.due_at.is_not(None))
            return [*connection.execute(due).scalars()]

    def check(self) -> None:
        with self.archive._database.read() as connection:
            rows = connection.execute(select(schema.entries)).all()
        waiting = [row for row in rows if row.state == EntryState.WAITING]
        assert {row.key for row in waiting} == {row.key for row in rows if row.due_at is not None}
        assert max(Counter(row.key for row in rows if row.due_at is not None).values(), default=1) == 1
        assert all(row.article_id == self.kept.get(row.url) for row in rows if row.state == EntryState.KEPT)
        assert {feed.url: feed.id for feed in self.archive.feeds()} == self.current


@settings(max_examples=60)
@example(taken=JOINED)
@given(taken=st.lists(steps, min_size=5, max_size=20))
def test_feeds_and_what_they_wait_for_stay_sound(templates: Templates, taken: list[tuple[object, ...]]) -> None:
    with Archive.open(templates["sqlite"]()) as archive:
        feeds = Feeds(archive)
        for address in ADDRESSES:
            feeds.follow(address)
        for name, *words in taken:
            getattr(feeds, str(name))(*words)
            feeds.check()
        for address in ADDRESSES:
            feeds.follow(address)
