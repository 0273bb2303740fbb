"""The counts of articles by day, kept as articles come and change, so that no page has to count.

What an article adds to the counts is read from its rows, and so is what it takes away: the two cannot differ.
"""

from functools import cache
from typing import Any

from sqlalchemy import (
    BigInteger,
    Connection,
    Integer,
    Subquery,
    bindparam,
    case,
    delete,
    func,
    literal,
    select,
    true,
    union_all,
)

from gazetteer.archive import schema as t
from gazetteer.archive import times
from gazetteer.archive.rows import add_up, adding, insert_of
from gazetteer.archive.values import Kind

EVERY = "all"
"""The kind of the counts of all articles; its subject is 0."""

_SUMS = ("articles", "toned", "positive", "negative")


def count(connection: Connection, article_id: int, *, sign: int) -> None:
    """Count an article (`sign` 1), or take it out of the counts (-1)."""
    values = {"article": article_id, "day": times.day_number(article_id), "sign": sign}
    for statement in _counting(connection.dialect.name):
        connection.execute(statement, values)


def recount(connection: Connection, entity_id: int) -> None:
    """Count the articles of one entity anew, after a correction."""
    for table in (t.counts, t.totals):
        connection.execute(delete(table).filter_by(kind=Kind.ENTITY, subject_id=entity_id))
    of_article = (
        select(
            t.appearances.c.article_id,
            func.avg(t.appearances.c.positive).label("positive"),
            func.avg(t.appearances.c.negative).label("negative"),
        )
        .filter_by(entity_id=entity_id)
        .group_by(t.appearances.c.article_id)
        .subquery()
    )
    day = (of_article.c.article_id - of_article.c.article_id % times.DAY) / times.DAY
    sums = (func.count(), func.count(of_article.c.positive), func.sum(of_article.c.positive))
    found = connection.execute(
        select(day, *sums, func.sum(of_article.c.negative)).select_from(of_article).group_by(day)
    ).all()
    rows = [
        {
            "kind": Kind.ENTITY,
            "subject_id": entity_id,
            "day": int(number),
            "articles": articles,
            "toned": toned,
            "positive": positive or 0.0,
            "negative": negative or 0.0,
        }
        for number, articles, toned, positive, negative in found
    ]
    add_up(connection, t.counts, rows, sums=_SUMS)
    total = {"kind": Kind.ENTITY, "subject_id": entity_id, "articles": sum(row[1] for row in found)}
    add_up(connection, t.totals, [total] if rows else [], sums=("articles",))


@cache
def _counting(dialect: str) -> tuple[Any, Any]:
    """Give the statements that add what an `article` adds, or takes away by its `sign`, on a `day`."""
    shares, sign = _shares(), bindparam("sign", type_=Integer)
    key = (shares.c.kind, shares.c.subject_id)
    toned = case((shares.c.positive.is_(None), 0), else_=sign)
    tones = (sign * func.coalesce(each, 0.0) for each in (shares.c.positive, shares.c.negative))
    counts = select(*key, bindparam("day", type_=Integer), sign, toned, *tones).where(true())
    totals = select(*key, sign).where(true())  # SQLite takes ON for a join's where nothing stands between
    return (
        adding(insert_of(dialect, t.counts).from_select([*t.counts.c.keys()], counts), t.counts, _SUMS),
        adding(insert_of(dialect, t.totals).from_select([*t.totals.c.keys()], totals), t.totals, ["articles"]),
    )


def _shares() -> Subquery:
    """Whom an `article` counts for, each once, and how it speaks of them."""
    article = bindparam("article", type_=BigInteger)
    a, own = t.articles.c, t.appearances.c
    tone = a.positivity.label("positive"), a.negativity.label("negative")
    every = select(literal(EVERY).label("kind"), literal(0).label("subject_id"), *tone).where(a.id == article)
    publisher = select(literal(Kind.PUBLISHER.value), a.publisher_id, *tone).where(
        a.id == article, a.publisher_id.is_not(None)
    )
    authors = select(literal(Kind.AUTHOR.value), t.credits.c.author_id, *tone).join_from(t.credits, t.articles)
    tags = select(literal(Kind.TAG.value), t.taggings.c.tag_id, *tone).join_from(t.taggings, t.articles)
    entities = select(literal(Kind.ENTITY.value), own.entity_id, func.avg(own.positive), func.avg(own.negative))
    return union_all(
        every,
        publisher,
        authors.where(t.credits.c.article_id == article),
        tags.where(t.taggings.c.article_id == article),
        entities.where(own.article_id == article).group_by(own.entity_id),
    ).subquery()
