"""What readers add: reviews of articles, and their own tag rules."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, select

from gazetteer.archive import cursors, reading
from gazetteer.archive import schema as t
from gazetteer.archive.rows import insert
from gazetteer.archive.values import Page, Review, TagRule
from gazetteer.archive.words import storable
from gazetteer.errors import ArchiveError

RATINGS = range(1, 6)


def put_review(
    connection: Connection, article_id: int, *, reviewer: str, rating: int | None, words: str, at: datetime
) -> int:
    """Keep a review; gives its number."""
    if rating is not None and rating not in RATINGS:
        raise ArchiveError("a rating is from 1 to 5")
    if connection.execute(select(t.articles.c.id).filter_by(id=article_id)).first() is None:
        raise ArchiveError(f"there is no article {article_id}")
    values = {
        "article_id": article_id,
        "reviewer": storable(reviewer),
        "rating": rating,
        "words": storable(words),
        "made_at": at,
    }
    return int(connection.execute(t.reviews.insert().values(**values).returning(t.reviews.c.id)).scalar_one())


def remove_review(connection: Connection, number: int) -> bool:
    """Remove a review; tells whether it was there."""
    return bool(connection.execute(delete(t.reviews).filter_by(id=number)).rowcount)


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


def _review(row: Any) -> Review:  # noqa: ANN401 - a row of reviews
    return Review(
        id=row.id,
        article_id=row.article_id,
        reviewer=row.reviewer,
        rating=row.rating,
        words=row.words,
        made_at=row.made_at,
    )
