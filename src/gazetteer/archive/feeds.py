"""Feeds that are followed, and what became of each of their entries.

What is due is claimed: it is put off for as long as its work may take, in one statement, so that several processes
share the work, and what a process that was killed had claimed is due again. An entry is settled in the transaction that
keeps its article, so nothing is lost, and nothing done twice.
"""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Select, Table, bindparam, delete, func, or_, select, update

from gazetteer.archive import identity, outlines
from gazetteer.archive import schema as t
from gazetteer.archive.database import Database
from gazetteer.archive.values import Due, EntryState, Expected, FeedState, Following, Polled, Subscription, Tally
from gazetteer.archive.words import storable, storable_line
from gazetteer.errors import ArchiveError
from gazetteer.types import Entry, FeedList, Outline, Skips

WEEK = timedelta(days=7)
_NO_ADDRESS = "the feed gives no address of a page for it"

_OWN = select(t.entries.c.key).where(t.entries.c.id == bindparam("entry")).scalar_subquery()
_WAITING = update(t.entries).where(t.entries.c.key == _OWN, t.entries.c.state == EntryState.WAITING.value)
"""Changes an `entry`, and those that wait for the same page."""
_KEEPING = _WAITING.values(
    state=EntryState.KEPT.value, article_id=bindparam("article"), reason=None, due_at=None, settled_at=bindparam("at")
)


def add(
    database: Database, url: str, *, title: str, site_url: str | None, folders: Sequence[str], at: datetime
) -> tuple[int, bool]:
    """Follow a feed, which is due at once; gives its number, and whether it is new. One that was ended begins anew.

    A feed that moved is known by the addresses that it had before, too. One that is known is put into the folder
    besides, if there is one.
    """
    key = _key(url)
    with database.write() as connection:
        found = _found(connection, key)
        if found is not None and found.state != FeedState.ACTIVE:
            _resume(connection, found.id, at)
        row = _new(key, url, title=title, site_url=site_url, at=at)
        adding = t.feeds.insert().values(row).returning(t.feeds.c.id)
        number = int(connection.execute(adding).scalar_one() if found is None else found.id)
        if found is None or folders:
            outlines.place(connection, number, folders)
        return number, found is None


def add_list(database: Database, found: FeedList, *, at: datetime) -> list[tuple[int, bool]]:
    """Follow the feeds of a list, and merge it with the one that is kept; gives the same of each feed, in their order.

    What the list calls a feed first, and the site that it names first, are the feed's from now on.
    """
    keys = [_key(each.url or "") for each in found.feeds]
    said: dict[str, Outline] = {}
    for key, each in zip(keys, found.feeds, strict=True):
        one = said.setdefault(key, each)
        said[key] = replace(one, name=one.name or each.name, site_url=one.site_url or each.site_url)
    with database.write() as connection:
        known = _known(connection)
        rows = []
        for key, each in said.items():
            if key in known:
                _say(connection, known[key], each, at)
            else:
                rows.append(_new(key, each.url or "", title=each.name, site_url=each.site_url, at=at))
        if rows:
            connection.execute(t.feeds.insert(), rows)
        numbers = {key: int(row.id) for key, row in _known(connection).items()}
        outlines.take(connection, found, [numbers[key] for key in keys])
        return [(numbers[key], key not in known) for key in keys]


def _known(connection: Connection) -> dict[str, Any]:
    """Give all feeds by the keys that they had and have."""
    had = select(t.moves.c.key.label("by"), t.feeds).join_from(t.moves, t.feeds)
    has = select(t.feeds.c.key.label("by"), t.feeds)
    return {row.by: row for each in (had, has) for row in connection.execute(each)}


def _say(connection: Connection, row: Any, said: Outline, at: datetime) -> None:  # noqa: ANN401 - a row
    if row.state != FeedState.ACTIVE:
        _resume(connection, row.id, at)
    title, site_url = storable_line(said.name) or row.title, storable(said.site_url or "") or row.site_url
    if (title, site_url) != (row.title, row.site_url):
        connection.execute(update(t.feeds).filter_by(id=row.id).values(title=title, site_url=site_url))


def _new(key: str, url: str, *, title: str, site_url: str | None, at: datetime) -> dict[str, object]:
    return {
        "key": key,
        "url": storable(url),
        "title": storable_line(title),
        "site_url": site_url and storable(site_url),
        "state": FeedState.ACTIVE.value,
        "failures": 0,
        "added_at": at,
        "due_at": at,
    }


def _found(connection: Connection, key: str) -> Any:  # noqa: ANN401 - a row
    """Give the feed that has an address, else the one that had it."""
    had = select(t.feeds).join_from(t.feeds, t.moves, t.moves.c.feed_id == t.feeds.c.id).where(t.moves.c.key == key)
    return connection.execute(select(t.feeds).filter_by(key=key)).first() or connection.execute(had).first()


def remove(database: Database, number: int) -> bool:
    """Follow a feed no longer, and forget its entries; its articles stay. Tells whether there was such a feed."""
    with database.write() as connection:
        outlines.remove(connection, number)
        followers = select(t.entries.c.key).where(t.entries.c.feed_id == number, t.entries.c.due_at.is_not(None))
        keys = [*connection.execute(followers).scalars()]
        removed = bool(connection.execute(delete(t.feeds).filter_by(id=number)).rowcount)
        for key in keys:  # others may have waited for the same page
            _succeed(connection, key)
        return removed


def move(database: Database, number: int, folders: Sequence[str]) -> bool:
    """Let a feed be in this folder alone; tells whether there is such a feed."""
    with database.write() as connection:
        if connection.execute(select(t.feeds.c.id).filter_by(id=number)).first() is None:
            return False
        outlines.move(connection, number, folders)
        return True


def feed_list(database: Database) -> FeedList:
    """Give the feeds as their reader ordered them, with what lists said of them."""
    with database.read() as connection:
        return outlines.listed(connection)


def pause(database: Database, number: int) -> bool:
    """Poll a feed no longer, for now."""
    values = {"state": FeedState.PAUSED.value, "due_at": None}
    with database.write() as connection:
        return bool(connection.execute(update(t.feeds).filter_by(id=number).values(values)).rowcount)


def resume(database: Database, number: int, *, at: datetime) -> bool:
    """Poll a feed again, and now: one that was paused or ended, or one that is not due yet."""
    with database.write() as connection:
        return _resume(connection, number, at)


def _resume(connection: Connection, number: int, at: datetime) -> bool:
    values = {"state": FeedState.ACTIVE.value, "failures": 0, "due_at": at}
    return bool(connection.execute(update(t.feeds).filter_by(id=number).values(values)).rowcount)


def get(database: Database, number: int) -> Subscription | None:
    """Give a feed: where it became part of another, that one."""
    into = select(t.joins.c.feed_id).filter_by(id=number).scalar_subquery()
    statement = select(t.feeds).where(t.feeds.c.id.in_((number, into))).order_by(t.feeds.c.id != number)
    with database.read() as connection:
        return next(iter(_subscriptions(connection, connection.execute(statement.limit(1)).all())), None)


def listed(database: Database, *, after: int, limit: int) -> list[Subscription]:
    """Give the feeds whose numbers follow this one."""
    statement = select(t.feeds).where(t.feeds.c.id > after).order_by(t.feeds.c.id).limit(limit)
    with database.read() as connection:
        return _subscriptions(connection, connection.execute(statement).all())


def tallies(database: Database, numbers: Iterable[int], *, at: datetime) -> dict[int, Tally]:
    """Tell what became of the entries of feeds."""
    with database.read() as connection:
        return {number: _tally(connection, number, at) for number in numbers}


def entries(
    database: Database, number: int, state: EntryState, *, limit: int, before: datetime | None = None
) -> list[Expected]:
    """Give a feed's entries of a state: those settled last first, and of those that wait who was asked for."""
    e = t.entries.c
    statement = select(t.entries).where(e.feed_id == number, e.state == state.value)
    if before is not None:
        statement = statement.where(e.settled_at < before)
    order = [e.reason.is_(None)] if state is EntryState.WAITING else []
    statement = statement.order_by(e.settled_at.desc(), *order, e.id.desc()).limit(limit)
    with database.read() as connection:
        return [*map(_expected, connection.execute(statement))]


def failed(database: Database, *, at: datetime, limit: int) -> list[Expected]:
    """Give the entries that failed in the last week, the newest first; of those that waited for one page, one.

    This reads every entry.
    """
    e = t.entries.c
    failed = (e.state == EntryState.FAILED.value, e.settled_at > at - WEEK)
    ones = select(func.max(e.id)).where(*failed).group_by(e.key).scalar_subquery()
    statement = select(t.entries).where(e.id.in_(ones)).order_by(e.settled_at.desc(), e.id.desc()).limit(limit)
    with database.read() as connection:
        return [*map(_expected, connection.execute(statement))]


def retried(database: Database, *, limit: int) -> list[Expected]:
    """Give the entries that are asked for again, since they were not had, with the last reason: the next to come first.

    This reads every entry that waits.
    """
    e = t.entries.c
    statement = select(t.entries).where(e.due_at.is_not(None), e.reason.is_not(None)).order_by(e.due_at, e.id)
    with database.read() as connection:
        return [*map(_expected, connection.execute(statement.limit(limit)))]


def next_due(database: Database) -> datetime | None:
    """Tell when the first feed or entry is due."""
    with database.read() as connection:
        found = [connection.execute(select(func.min(table.c.due_at))).scalar() for table in (t.feeds, t.entries)]
    return min(filter(None, found), default=None)


def claim(database: Database, *, at: datetime, until: datetime, limit: int) -> list[Subscription]:
    """Claim feeds that are due, the longest due first, until then."""
    if not (rows := sorted(_claimed(database, t.feeds, at, until, limit), key=lambda row: row.id)):
        return []
    with database.read() as connection:
        return _subscriptions(connection, rows)


def claim_entries(database: Database, *, at: datetime, until: datetime, limit: int) -> list[Expected]:
    """Claim entries whose pages are due, the longest due first, until then."""
    return sorted(map(_expected, _claimed(database, t.entries, at, until, limit)), key=lambda each: each.id)


def _claimed(database: Database, table: Table, at: datetime, until: datetime, limit: int) -> Sequence[Any]:
    due = select(table.c.id).where(table.c.due_at <= at).order_by(table.c.due_at, table.c.id).limit(limit)
    with database.read() as connection:  # who only looks holds up no writer
        if connection.execute(due.limit(1)).first() is None:
            return ()
    due = due.with_for_update(skip_locked=True)  # SQLite has one writer, and needs none
    statement = update(table).where(table.c.id.in_(due.scalar_subquery())).values(due_at=until)
    with database.write() as connection:
        return connection.execute(statement.returning(*table.c)).all()


def release(
    database: Database,
    entries: Mapping[Expected, datetime],
    *,
    polls: Mapping[Subscription, datetime],
    reason: str | None = None,
) -> None:
    """Give back what was claimed: each is due when it is said, unless it is another's by now.

    Of entries a `reason` is noted.
    """
    why: dict[str, object] = {} if reason is None else {"reason": storable_line(reason)}
    claimed: tuple[tuple[Table, Mapping[Any, datetime], dict[str, object]], ...] = (
        (t.entries, entries, why),
        (t.feeds, polls, {}),
    )
    with database.write() as connection:
        for table, due, values in claimed:
            own = (table.c.id == bindparam("number")) & (table.c.due_at == bindparam("claimed"))
            if rows := [{"number": each.id, "claimed": each.due_at, "at": at} for each, at in due.items()]:
                connection.execute(update(table).where(own).values(values | {"due_at": bindparam("at")}), rows)


def polled(
    database: Database, number: int, decide: Callable[[int], Polled], found: Sequence[Entry], *, at: datetime
) -> int:
    """Write down a poll, and the entries that are new, the oldest first; gives how many are.

    `decide` is told that, and says what the poll changes of the feed.
    """
    with database.write() as connection:
        row = connection.execute(select(t.feeds).filter_by(id=number)).first()
        if row is None or row.state != FeedState.ACTIVE:  # it was removed, or paused, meanwhile
            return 0
        new = _put_entries(connection, number, found, at)
        change = decide(new)
        connection.execute(update(t.feeds).filter_by(id=number).values(_changes(row, change, at)))
        if change.moved_to and change.error is None:
            _move(connection, number, row.key, change.moved_to)
        return new


def _changes(row: Any, change: Polled, at: datetime) -> dict[str, object]:  # noqa: ANN401 - a row
    values: dict[str, object] = {
        "checked_at": at,
        "due_at": change.due_at,
        "seconds": int(change.interval.total_seconds()),
        "failures": change.failures,
        "error": change.error and storable_line(change.error),
        "state": (FeedState.ACTIVE if change.due_at else FeedState.STOPPED).value,
    }
    if change.error is None:
        values |= {"succeeded_at": at, "etag": change.etag, "last_modified": change.last_modified}
        values |= {"skips": json.dumps([sorted(change.skips.hours), sorted(change.skips.days)])}
        values |= {"title": row.title or storable_line(change.title), "site_url": row.site_url or change.site_url}
    return values


def _move(connection: Connection, number: int, key: str, to: str) -> None:
    """Give a feed its new address, and remember the old one; where another feed has the new one, the two become one."""
    new = _key(to)
    if new != key:
        connection.execute(delete(t.moves).where(t.moves.c.key.in_((key, new))))
        connection.execute(t.moves.insert().values(key=key, feed_id=number))
        other = connection.execute(select(t.feeds).filter_by(key=new)).first()
        if other is not None:
            _join(connection, number, other)
            return
    connection.execute(update(t.feeds).filter_by(id=number).values(key=new, url=storable(to)))


def _join(connection: Connection, number: int, other: Any) -> None:  # noqa: ANN401 - a row
    """Let a feed, with its entries and the addresses that it had, become part of another, which is polled from now."""
    e = t.entries.c
    theirs = select(e.guid).where(e.feed_id == other.id)
    twice = select(e.guid).where(e.feed_id == number, e.guid.in_(theirs))
    for guid in connection.execute(twice).scalars().all():
        _join_entries(connection, select(t.entries).where(e.feed_id.in_((number, other.id)), e.guid == guid))
    for table in (t.entries, t.moves, t.joins):
        connection.execute(update(table).where(table.c.feed_id == number).values(feed_id=other.id))
    outlines.join(connection, number, other.id)
    at = connection.execute(delete(t.feeds).filter_by(id=number).returning(t.feeds.c.due_at)).scalar_one()
    connection.execute(delete(t.joins).filter_by(id=number))  # SQLite gives the last number again
    connection.execute(t.joins.insert().values(id=number, feed_id=other.id))
    if other.state != FeedState.ACTIVE:
        _resume(connection, other.id, at)


def _join_entries(connection: Connection, same: Select[Any]) -> None:
    """Of the same entry of two feeds, leave the one that is kept, else the one whose page is due."""
    _, *rest = sorted(connection.execute(same), key=lambda row: (row.state != EntryState.KEPT, row.due_at is None))
    for row in rest:
        connection.execute(delete(t.entries).where(t.entries.c.id == row.id))
        if row.due_at is not None:
            _succeed(connection, row.key)


def _put_entries(connection: Connection, number: int, found: Sequence[Entry], at: datetime) -> int:
    by_guid = {_guid(each): each for each in found}
    guids = select(t.entries.c.guid).where(t.entries.c.feed_id == number, t.entries.c.guid.in_([*by_guid]))
    known = set(connection.execute(guids).scalars()) if by_guid else set()
    new = [(guid, each) for guid, each in by_guid.items() if guid not in known]
    keys = {guid: _key(each.url) if each.url else f"entry:{number}:{guid}" for guid, each in new}
    had = _had(connection, number, set(keys.values()), at)
    new = [pair for pair in new if keys[pair[0]] not in had]
    settled, waited_for = _known_pages(connection, set(keys.values()))
    given_up = _given_up(connection, set(keys.values()), at)
    rows = []
    for guid, each in sorted(new, key=lambda pair: (pair[1].published_at or at, pair[0])):
        key = keys[guid]
        article = settled.get(key)
        reason = None if article else given_up.get(key) if each.url else _NO_ADDRESS
        state = EntryState.KEPT if article else EntryState.FAILED if reason else EntryState.WAITING
        is_waiting = state is EntryState.WAITING
        rows.append(
            {
                "feed_id": number,
                "guid": guid,
                "key": key,
                "url": storable(each.url or ""),
                "title": storable_line(each.title),
                "published_at": each.published_at,
                "found_at": at,
                "state": state.value,
                "article_id": article,
                "tries": 0,
                "reason": reason,
                "due_at": at if is_waiting and key not in waited_for else None,
                "settled_at": None if is_waiting else at,
            }
        )
        waited_for.add(key)
    if rows:
        connection.execute(t.entries.insert(), rows)
    return len(rows)


def _had(connection: Connection, number: int, keys: set[str], at: datetime) -> set[str]:
    """Give the pages that a feed has named, and may name anew at each poll; not those that failed long ago."""
    e = t.entries.c
    is_known = or_(e.state != EntryState.FAILED.value, e.settled_at > at - WEEK)
    found = select(e.key).where(e.feed_id == number, e.key.in_(keys), is_known)
    return set(connection.execute(found).scalars()) if keys else set()


def _known_pages(connection: Connection, keys: set[str]) -> tuple[dict[str, int], set[str]]:
    """Give the pages that are articles already, and those that another entry waits for."""
    if not keys:
        return {}, set()
    articles = connection.execute(
        select(t.addresses.c.key, t.addresses.c.article_id).where(t.addresses.c.key.in_(keys))
    )
    known = {row.key: row.article_id for row in articles}
    e = t.entries.c
    waits = select(e.key).where(e.key.in_(keys), e.due_at.is_not(None))
    return known, set(connection.execute(waits).scalars())


def _given_up(connection: Connection, keys: set[str], at: datetime) -> dict[str, str]:
    """Give the pages that were given up within a week, with the last reason: they are not asked for so soon again."""
    e = t.entries.c
    failed = (e.key.in_(keys), e.state == EntryState.FAILED.value, e.settled_at > at - WEEK)
    found = select(e.key, e.reason).where(*failed).order_by(e.settled_at)
    return {row.key: row.reason for row in connection.execute(found)} if keys else {}


def keep(connection: Connection, entry: int, article: int, *, at: datetime) -> None:
    """Settle an entry, and those that wait for the same page: it is this article."""
    connection.execute(_KEEPING, {"entry": entry, "article": article, "at": at})


def fail(database: Database, entry: int, reason: str, *, due_at: datetime | None, at: datetime) -> None:
    """Note that an entry's page was not had, or is no article; where it is not `due_at` again, that settles it."""
    values: dict[str, object] = {"reason": storable_line(reason), "tries": t.entries.c.tries + 1}
    with database.write() as connection:
        if due_at is None:
            values |= {"state": EntryState.FAILED.value, "settled_at": at, "due_at": None}
            connection.execute(_WAITING.values(values), {"entry": entry})
        else:
            connection.execute(update(t.entries).filter_by(id=entry).values(values | {"due_at": due_at}))


def _succeed(connection: Connection, key: str) -> None:
    """Let another entry that waits for a page be the one that is due."""
    e = t.entries.c
    other = select(func.min(e.id)).where(e.key == key, e.state == EntryState.WAITING.value).scalar_subquery()
    found_at = select(e.found_at).where(e.id == other).scalar_subquery()
    connection.execute(update(t.entries).where(e.id == other).values(due_at=found_at))


def following(connection: Connection) -> Following:
    """Count feeds and entries."""

    def counts(table: Table) -> dict[str, int]:
        found = connection.execute(select(table.c.state, func.count()).group_by(table.c.state))
        return {str(row[0]): int(row[1]) for row in found}

    feeds, entries_ = counts(t.feeds), counts(t.entries)
    fails = select(func.count()).where(t.feeds.c.failures > 0, t.feeds.c.state == FeedState.ACTIVE.value)
    return Following(
        feeds={state: feeds.get(state, 0) for state in FeedState},
        failing=connection.execute(fails).scalar_one(),
        entries={state: entries_.get(state, 0) for state in EntryState},
    )


def polling(connection: Connection) -> tuple[dict[FeedState, int], int, datetime | None]:
    """Count feeds by state, and those that fail, and tell when one was polled last; this reads every feed."""
    f = t.feeds.c
    found = connection.execute(
        select(f.state, func.count(), func.count().filter(f.failures > 0), func.max(f.checked_at)).group_by(f.state)
    ).all()
    counts = {FeedState(row[0]): int(row[1]) for row in found}
    failing = sum(int(row[2]) for row in found if row[0] == FeedState.ACTIVE)
    return (
        {state: counts.get(state, 0) for state in FeedState},
        failing,
        max((row[3] for row in found if row[3]), default=None),
    )


def due(connection: Connection, table: Table, *, at: datetime) -> Due:
    """Count the feeds, or entries, that are due."""
    count, since = connection.execute(select(func.count(), func.min(table.c.due_at)).where(table.c.due_at <= at)).one()
    return Due(count=count, since=since)


def _tally(connection: Connection, number: int, at: datetime) -> Tally:
    e = t.entries.c
    counted = {}
    for state in EntryState:
        own = select(func.count()).where(e.feed_id == number, e.state == state.value)
        if state is not EntryState.WAITING:
            own = own.where(e.settled_at > at - WEEK)
        counted[state.value] = connection.execute(own).scalar_one()
    return Tally(**counted)


def _key(url: str) -> str:
    """Give what addresses share that lead to the same; of a front page too, which is no article's."""
    return identity.address(url) or identity.key_of(storable(url))


def _guid(entry: Entry) -> str:
    return identity.key_of(storable(entry.id))


def _subscriptions(connection: Connection, rows: Sequence[Any]) -> list[Subscription]:
    places = outlines.places(connection, [row.id for row in rows]) if rows else {}
    return [_subscription(row, places.get(row.id, ((),))) for row in rows]


def _subscription(row: Any, places: tuple[tuple[str, ...], ...]) -> Subscription:  # noqa: ANN401 - a row
    own = ("id", "url", "title", "site_url", "etag", "last_modified", "failures", "error")
    times = ("added_at", "checked_at", "succeeded_at", "due_at")
    hours, days = json.loads(row.skips)
    return Subscription(
        **{name: getattr(row, name) for name in (*own, *times)},
        places=places,
        state=FeedState(row.state),
        interval=None if row.seconds is None else timedelta(seconds=row.seconds),
        skips=Skips(hours=frozenset(hours), days=frozenset(days)),
    )


def _expected(row: Any) -> Expected:  # noqa: ANN401 - a row
    names = ("id", "feed_id", "url", "title", "found_at", "tries", "article_id", "reason", "due_at")
    return Expected(**{name: getattr(row, name) for name in names}, state=EntryState(row.state))


def require(database: Database, number: int) -> Subscription:
    """Give a feed; raises `ArchiveError` where there is none of this number."""
    found = get(database, number)
    if found is None:
        raise ArchiveError(f"there is no feed {number}; gazetteer feeds lists them")
    return found
