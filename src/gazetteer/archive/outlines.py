"""The list of feeds, as its reader ordered it: a tree of lines, in the order of their numbers.

A feed is at one place at least, in folders or in none. What lists that were taken in say of their lines is kept whole,
beside feeds and folders also what else they hold, so that the list can be written as it was.
"""

import json
from collections import defaultdict, deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, case, delete, exists, insert, select, update

from gazetteer.archive import schema as t
from gazetteer.archive.rows import free_numbers, put_all
from gazetteer.archive.words import storable_line
from gazetteer.types import FeedList, Outline, Pairs

_o = t.outlines.c
_NOTHING = "[]"
_LIST = 1  # the number of the one row of `lists`


def place(connection: Connection, feed: int, folders: Sequence[str]) -> None:
    """Put a feed into a folder, given by those around it and its own name, or into none; it stays where else it is."""
    parent = _folder(connection, folders)
    if connection.execute(select(_o.id).where(_o.feed_id == feed, _within(parent))).first() is None:
        _put(connection, parent, feed=feed)
    _tidy(connection, _o.feed_id == feed)


def move(connection: Connection, feed: int, folders: Sequence[str]) -> None:
    """Let a feed be in this folder alone, with what was said of it at the first of its places."""
    said = connection.execute(select(_o.attributes).where(_o.feed_id == feed).order_by(_o.id).limit(1)).scalar()
    parent = _folder(connection, folders)
    there = connection.execute(select(_o.id).where(_o.feed_id == feed, _within(parent)).order_by(_o.id)).scalar()
    stays = there or _put(connection, parent, feed=feed, attributes=said or _NOTHING)
    _remove(connection, (_o.feed_id == feed) & (_o.id != stays))


def remove(connection: Connection, feed: int) -> None:
    """Take a feed out of the list, and folders that hold nothing then."""
    _remove(connection, _o.feed_id == feed)


def join(connection: Connection, feed: int, other: int) -> None:
    """Let a feed's places be another's, as far as it is not there already."""
    own = t.outlines.alias()
    is_there = exists().where(own.c.feed_id == other, own.c.parent_id.is_not_distinct_from(_o.parent_id))
    _remove(connection, (_o.feed_id == feed) & is_there)
    connection.execute(update(t.outlines).where(_o.feed_id == feed).values(feed_id=other))
    _tidy(connection, _o.feed_id == other)


def places(connection: Connection, feeds: Iterable[int]) -> dict[int, tuple[tuple[str, ...], ...]]:
    """Give in which folders feeds are, those around each before it; each place once, in the order of the list."""
    up = select(_o.id.label("line"), _o.feed_id.label("feed"), _o.parent_id.label("parent"))
    rise = up.add_columns(t.outlines.c.name, _o.id.label("at")).where(_o.feed_id.in_([*feeds])).cte(recursive=True)
    above = t.outlines.alias()
    name = case((above.c.feed_id.is_(None), above.c.name), else_="")
    step = select(rise.c.line, rise.c.feed, above.c.parent_id, name, above.c.id)
    rise = rise.union_all(step.join_from(rise, above, above.c.id == rise.c.parent))
    found: dict[int, dict[int, list[str]]] = defaultdict(lambda: defaultdict(list))
    for row in connection.execute(select(rise).order_by(rise.c.line, rise.c.at)):
        own = found[row.feed][row.line]  # a folder's number is less than those of what it holds
        own.extend([row.name] if row.name and row.at != row.line else [])
    return {feed: tuple(dict.fromkeys(map(tuple, each.values()))) for feed, each in found.items()}


def take(connection: Connection, found: FeedList, feeds: Sequence[int]) -> None:
    """Merge a list with the one that is kept; `feeds` are the numbers of its feeds, in their order.

    A line is known by its feed or name, and by the line that it is in; one that is known stays where it is, and what
    the list says of it now replaces what was said under the same name. What is new follows at the end of its folder.
    """
    there = defaultdict[tuple[Any, ...], deque[Any]](deque)
    for row in connection.execute(select(t.outlines).order_by(_o.id)):
        there[row.parent_id, *_known_by(row.feed_id, row.name, row.attributes)].append(row)
    numbers, within = iter(feeds), list[int]()
    free = iter(free_numbers(connection, t.outlines, len(found.outlines)))
    new = []
    for each in found.outlines:
        del within[each.depth :]
        parent = within[-1] if within else None
        feed, name = (None, storable_line(each.name)) if each.url is None else (next(numbers), "")
        said = _written(dict(each.attributes))
        if known := there[parent, *_known_by(feed, name, said)]:
            within.append(_say(connection, known.popleft(), said))
        else:
            within.append(next(free))
            new.append({"id": within[-1], "parent_id": parent, "feed_id": feed, "name": name, "attributes": said})
    put_all(connection, t.outlines, new)
    _tidy(connection)
    _put_head(connection, found)


def listed(connection: Connection) -> FeedList:
    """Give the list."""
    feeds = select(t.outlines, t.feeds.c.url, t.feeds.c.title, t.feeds.c.site_url).outerjoin_from(t.outlines, t.feeds)
    within = defaultdict[int | None, list[Any]](list)
    for row in connection.execute(feeds.order_by(_o.id)):
        within[row.parent_id].append(row)
    head, prefixes = _head(connection)
    return FeedList(head=head, prefixes=prefixes, outlines=tuple(_lines(within)))


def _lines(within: Mapping[int | None, Sequence[Any]]) -> Iterator[Outline]:
    waiting = [(row, 0) for row in reversed(within.get(None, ()))]
    while waiting:
        row, depth = waiting.pop()
        yield Outline(
            name=row.name or row.title or "",
            url=row.url,
            site_url=row.site_url,
            depth=depth,
            attributes=_pairs(row.attributes),
        )
        waiting.extend((each, depth + 1) for each in reversed(within.get(row.id, ())))


def _known_by(feed: int | None, name: str, attributes: str) -> tuple[object, ...]:
    if feed is not None:
        return (feed,)
    said = dict(json.loads(attributes))
    return (name, said.get("url") or said.get("xmlUrl"))


def _say(connection: Connection, row: Any, attributes: str) -> int:  # noqa: ANN401 - a row
    if attributes != row.attributes:
        now = _written(dict(json.loads(row.attributes)) | dict(json.loads(attributes)))
        connection.execute(update(t.outlines).where(_o.id == row.id).values(attributes=now))
    return int(row.id)


def _folder(connection: Connection, folders: Sequence[str]) -> int | None:
    """Give the folder at the end of a path, None for no folder; those that are not there are made."""
    parent: int | None = None
    for name in filter(None, map(storable_line, folders)):
        own = (_o.feed_id.is_(None), _o.name == name, _within(parent))
        found = connection.execute(select(_o.id).where(*own).order_by(_o.id).limit(1)).scalar()
        parent = found or _put(connection, parent, name=name)
    return parent


def _put(
    connection: Connection, parent: int | None, *, feed: int | None = None, name: str = "", attributes: str = _NOTHING
) -> int:
    row = {"parent_id": parent, "feed_id": feed, "name": name, "attributes": attributes}
    return int(connection.execute(insert(t.outlines).values(row).returning(_o.id)).scalar_one())


def _tidy(connection: Connection, *which: ColumnElement[bool]) -> None:
    """Let feeds that are in no folder since nobody said where they belong be where somebody did."""
    other = t.outlines.alias()
    unsaid = (_o.parent_id.is_(None), _o.feed_id.is_not(None), _o.attributes == _NOTHING)
    _remove(connection, *which, *unsaid, exists().where(other.c.feed_id == _o.feed_id, other.c.id != _o.id))


def _remove(connection: Connection, *which: ColumnElement[bool]) -> None:
    """Remove lines of feeds; what they hold is where they were, and folders that hold nothing then go with them."""
    for line, parent in connection.execute(select(_o.id, _o.parent_id).where(*which).order_by(_o.id.desc())).all():
        connection.execute(update(t.outlines).where(_o.parent_id == line).values(parent_id=parent))
        connection.execute(delete(t.outlines).where(_o.id == line))
        _prune(connection, parent)


def _prune(connection: Connection, folder: int | None) -> None:
    inner = t.outlines.alias()
    while folder is not None:
        is_empty = (_o.id == folder, _o.feed_id.is_(None), ~exists().where(inner.c.parent_id == _o.id))
        folder = connection.execute(delete(t.outlines).where(*is_empty).returning(_o.parent_id)).scalar()


def _put_head(connection: Connection, found: FeedList) -> None:
    head, prefixes = _head(connection)
    said = {name for name, _ in found.head}
    head = (*(each for each in head if each[0] not in said), *found.head)
    row = {"id": _LIST, "head": json.dumps(head), "prefixes": _written(dict(found.prefixes) | dict(prefixes))}
    connection.execute(delete(t.lists))
    connection.execute(insert(t.lists).values(row))


def _head(connection: Connection) -> tuple[Pairs, Pairs]:
    row = connection.execute(select(t.lists)).first()
    return ((), ()) if row is None else (_pairs(row.head), _pairs(row.prefixes))


def _pairs(written: str) -> Pairs:
    return tuple((name, words) for name, words in json.loads(written))


def _written(attributes: Mapping[str, str]) -> str:
    return json.dumps([*attributes.items()])


def _within(parent: int | None) -> ColumnElement[bool]:
    return _o.parent_id.is_(None) if parent is None else _o.parent_id == parent
