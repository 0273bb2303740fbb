"""What readers follow, and up to which article they have been told of it."""

from datetime import datetime

from sqlalchemy import Connection, delete, select, tuple_

from gazetteer.archive import identity, query, stories, subjects
from gazetteer.archive import schema as t
from gazetteer.archive.rows import insert
from gazetteer.archive.values import Follow, Kept, Kind
from gazetteer.archive.words import storable
from gazetteer.errors import ArchiveError

MOST = 500
"""What a reader may follow."""
STORY, SEARCH = "story", "search"
"""The kinds of what is followed, beside those of subjects."""


def put(connection: Connection, reader: str, follow: Follow, *, at: datetime) -> None:
    """Follow something; raises `ArchiveError` where it is not there, is a search that is written wrongly
    (`QueryError`), or too much is followed.
    """
    if name_of(connection, follow) is None:
        raise ArchiveError(f"there is no such {follow.kind} to follow")
    if follow.kind == SEARCH:
        query.parse(follow.query)
    if len(follows(connection, reader)) >= MOST:
        raise ArchiveError(f"nobody can follow more than {MOST} things; end one first")
    values = _key(reader, follow) | {"made_at": at}
    connection.execute(insert(connection, t.follows).values(**values).on_conflict_do_nothing())


def remove(connection: Connection, reader: str, follow: Follow) -> bool:
    """Follow something no longer; tells whether it was followed."""
    rows = _rows(connection, reader, follow)
    return bool(rows and connection.execute(delete(t.follows).where(t.follows.c.id.in_(rows))).rowcount)


def is_followed(connection: Connection, reader: str, follow: Follow) -> bool:
    """Tell whether a reader follows something, or what was merged into it."""
    return bool(_rows(connection, reader, follow))


def follows(connection: Connection, reader: str) -> list[Follow]:
    """Give what a reader follows, in the order in which they began to. What was merged is what it is now."""
    statement = select(t.follows).filter_by(reader=identity.user(reader)).order_by(t.follows.c.made_at, t.follows.c.id)
    found = (Follow(kind=row.kind, number=row.number, query=row.query) for row in connection.execute(statement).all())
    return [Follow(kind=each.kind, number=_now(connection, each), query=each.query) for each in found]


def name_of(connection: Connection, follow: Follow) -> str | None:
    """Give what is followed in words; None where it is not there."""
    if follow.kind == SEARCH:
        return follow.query or None
    if follow.kind == STORY:
        story = stories.get(connection, follow.number)
        headings = {} if story is None else stories.headings(connection, [story.id])
        headline = select(t.articles.c.headline).where(t.articles.c.id.in_([each.lead for each in headings.values()]))
        return connection.execute(headline).scalar()
    if follow.kind not in set(Kind):
        return None
    subject = subjects.subject(connection, Kind(follow.kind), follow.number)
    return None if subject is None else subject.name


def of(kept: Kept, story: int | None) -> set[tuple[str, int]]:
    """Give all that leads a reader who follows it to an article: kinds and numbers."""
    found = {(str(each.kind), each.id) for each in (*kept.entities, *kept.authors, *kept.tags)}
    if kept.publisher is not None:
        found.add((str(Kind.PUBLISHER), kept.publisher.id))
    return found if story is None else found | {(STORY, story)}


def told_until(connection: Connection) -> tuple[datetime, int] | None:
    """Give when the last article was kept that was told of, and its number."""
    row = connection.execute(select(t.notified.c.kept_at, t.notified.c.article_id)).first()
    return None if row is None else (row.kept_at, row.article_id)


def tell_until(connection: Connection, kept_at: datetime, article_id: int) -> None:
    """Note up to which article was told."""
    values = {"kept_at": kept_at, "article_id": article_id}
    statement = insert(connection, t.notified).values(id=1, **values)
    connection.execute(statement.on_conflict_do_update(index_elements=["id"], set_=values))


def kept_since(connection: Connection, after: tuple[datetime, int], *, limit: int) -> list[tuple[datetime, int]]:
    """Give when each article was kept that came after one, the first first, and its number."""
    order = (t.articles.c.kept_at, t.articles.c.id)
    statement = select(*order).where(tuple_(*order) > tuple_(*after, types=[each.type for each in order]))
    return [(row.kept_at, row.id) for row in connection.execute(statement.order_by(*order).limit(limit))]


def _key(reader: str, follow: Follow) -> dict[str, object]:
    return {
        "reader": identity.user(reader),
        "kind": follow.kind,
        "number": follow.number,
        "query": storable(follow.query),
    }


def _rows(connection: Connection, reader: str, follow: Follow) -> list[int]:
    """Give the rows by which a reader follows something: its own, and those of what is merged into it."""
    key = _key(reader, follow)
    own = list(connection.execute(select(t.follows.c.id).filter_by(**key)).scalars())
    if follow.kind not in {STORY, Kind.ENTITY}:
        return own
    statement = select(t.follows).filter_by(reader=key["reader"], kind=follow.kind)
    others = [(row.id, Follow(kind=row.kind, number=row.number)) for row in connection.execute(statement).all()]
    return own + [row for row, each in others if row not in own and _now(connection, each) == follow.number]


def _now(connection: Connection, follow: Follow) -> int:
    if follow.kind == STORY:
        return stories.leads(connection, follow.number) or follow.number
    if follow.kind == Kind.ENTITY and (subject := subjects.subject(connection, Kind.ENTITY, follow.number)):
        return subject.id
    return follow.number
