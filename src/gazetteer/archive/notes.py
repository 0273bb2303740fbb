"""What readers add: reviews of articles, marks on them, and their own tag rules."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, func, select

from gazetteer.archive import cursors, identity, reading
from gazetteer.archive import schema as t
from gazetteer.archive.rows import insert
from gazetteer.archive.values import Card, Mark, Page, Rating, Review, TagRule
from gazetteer.archive.words import storable
from gazetteer.errors import ArchiveError

RATINGS = range(1, 6)


def put_review(
    connection: Connection, article_id: int, *, reviewer: str, rating: int | None, words: str, at: datetime
) -> int:
    """Keep a review; gives its number."""
    if rating is not None and rating not in RATINGS:
        raise ArchiveError("a rating is from 1 to 5")
    if not _has(connection, article_id):
        raise ArchiveError(f"there is no article {article_id}")
    values = {
        "article_id": article_id,
        "reviewer": storable(reviewer),
        "rating": rating,
        "words": storable(words),
        "made_at": at,
    }
    return int(connection.execute(t.reviews.insert().values(**values).returning(t.reviews.c.id)).scalar_one())


def remove_review(connection: Connection, number: int, *, reviewer: str | None) -> bool:
    """Remove a review, of this reviewer where one is named; tells whether it was there."""
    statement = delete(t.reviews).filter_by(id=number)
    if reviewer is not None:
        statement = statement.filter_by(reviewer=storable(reviewer))
    return bool(connection.execute(statement).rowcount)


def rating(connection: Connection, article_id: int) -> Rating:
    """Tell how an article is reviewed."""
    counted = select(func.count(), func.avg(t.reviews.c.rating)).where(t.reviews.c.article_id == article_id)
    count, mean = connection.execute(counted).one()
    return Rating(reviews=count, mean=None if mean is None else float(mean))


def reviews(connection: Connection, article_id: int | None, *, cursor: str | None, limit: int) -> Page[Review]:
    """Give the reviews of an article, or of all, the newest first."""
    before = cursors.read(cursor, 1)
    statement = select(t.reviews).where(t.reviews.c.id < (reading.EVER if before is None else before[0]))
    if article_id is not None:
        statement = statement.filter_by(article_id=article_id)
    limit = min(limit, reading.MOST)
    rows = connection.execute(statement.order_by(t.reviews.c.id.desc()).limit(limit + 1)).all()
    after = cursors.written(rows[limit - 1].id) if len(rows) > limit else None
    return reading.page([_review(row) for row in rows[:limit]], after)


def mark(
    connection: Connection, reader: str, article_id: int, *, read: bool | None, starred: bool | None, at: datetime
) -> bool:
    """Note whether a reader read or starred an article, if there is one; what is None stays as it is."""
    if not _has(connection, article_id):
        return False
    key = {"reader": identity.user(reader), "article_id": article_id}
    was = connection.execute(select(t.marks.c.read_at, t.marks.c.starred_at).filter_by(**key)).first()
    read_at, starred_at = was or (None, None)
    values = {"read_at": _since(read_at, read, at), "starred_at": _since(starred_at, starred, at)}
    if not any(values.values()):
        connection.execute(delete(t.marks).filter_by(**key))
        return True
    statement = insert(connection, t.marks).values(**key, **values)
    connection.execute(statement.on_conflict_do_update(index_elements=list(key), set_=values))
    return True


def marks(connection: Connection, reader: str, article_ids: Sequence[int]) -> dict[int, Mark]:
    """Give what a reader noted of each of these articles."""
    statement = select(t.marks).filter_by(reader=identity.user(reader)).where(t.marks.c.article_id.in_(article_ids))
    found = connection.execute(statement).all() if article_ids else ()
    noted = {
        row.article_id: Mark(is_read=row.read_at is not None, is_starred=row.starred_at is not None) for row in found
    }
    return {number: noted.get(number, Mark()) for number in article_ids}


def starred(connection: Connection, reader: str, *, cursor: str | None, limit: int) -> Page[Card]:
    """Give the articles that a reader starred, the newest first."""
    before = cursors.read(cursor, 1)
    limit = min(limit, reading.MOST)
    number = t.marks.c.article_id
    statement = (
        select(number)
        .where(t.marks.c.reader == identity.user(reader), t.marks.c.starred_at.is_not(None))
        .where(number < (reading.EVER if before is None else before[0]))
        .order_by(number.desc())
        .limit(limit + 1)
    )
    ids = list(connection.execute(statement).scalars())
    after = cursors.written(ids[limit - 1]) if len(ids) > limit else None
    return reading.page(reading.cards(connection, ids[:limit]), after)


def put_tag_rule(connection: Connection, name: str, rule: str, *, at: datetime) -> None:
    """Keep a tag rule, in the place of one of the same name."""
    values = {"name": storable(name), "rule": storable(rule), "changed_at": at}
    statement = insert(connection, t.tag_rules).values(**values)
    connection.execute(statement.on_conflict_do_update(index_elements=["name"], set_=values))


def remove_tag_rule(connection: Connection, name: str) -> bool:
    """Remove a tag rule; tells whether it was there."""
    return bool(connection.execute(delete(t.tag_rules).filter_by(name=name)).rowcount)


def tag_rules(connection: Connection) -> tuple[TagRule, ...]:
    """Give the tag rules, in the order in which they were made."""
    found = connection.execute(select(t.tag_rules).order_by(t.tag_rules.c.id))
    return tuple(TagRule(name=row.name, rule=row.rule, changed_at=row.changed_at) for row in found)


def _has(connection: Connection, article_id: int) -> bool:
    return connection.execute(select(t.articles.c.id).filter_by(id=article_id)).first() is not None


def _since(was: datetime | None, wanted: bool | None, at: datetime) -> datetime | None:  # noqa: FBT001 - a mark
    """Give since when something is so: as it was, where nothing else is wanted."""
    if wanted is None:
        return was
    return (was or at) if wanted else None


def _review(row: Any) -> Review:  # noqa: ANN401 - a row of reviews
    return Review(
        id=row.id,
        article_id=row.article_id,
        reviewer=row.reviewer,
        rating=row.rating,
        words=row.words,
        made_at=row.made_at,
    )
