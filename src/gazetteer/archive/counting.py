"""The counts of articles by day, kept as articles come and change, so that no page has to count.

What an article adds to the counts is read from its rows, and so is what it takes away: the two cannot differ.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import Connection, delete, func, literal, select

from gazetteer.archive import schema as t
from gazetteer.archive import times
from gazetteer.archive.rows import add_up
from gazetteer.archive.values import Kind

EVERY = "all"
"""The kind of the counts of all articles; its subject is 0."""

_SUMS = ("articles", "toned", "positive", "negative")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Share:
    kind: str
    subject_id: int
    positive: float | None
    negative: float | None


def count(connection: Connection, article_id: int, *, sign: int) -> None:
    """Count an article (`sign` 1), or take it out of the counts (-1)."""
    day = times.day_number(article_id)
    rows = [
        {
            "kind": share.kind,
            "subject_id": share.subject_id,
            "day": day,
            "articles": sign,
            "toned": 0 if share.positive is None else sign,
            "positive": sign * (share.positive or 0.0),
            "negative": sign * (share.negative or 0.0),
        }
        for share in _shares(connection, article_id)
    ]
    add_up(connection, t.counts, rows, sums=_SUMS)
    totals = [{name: row[name] for name in ("kind", "subject_id", "articles")} for row in rows]
    add_up(connection, t.totals, totals, sums=("articles",))


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


def _shares(connection: Connection, article_id: int) -> Iterator[_Share]:
    article = connection.execute(
        select(t.articles.c.publisher_id, t.articles.c.positivity, t.articles.c.negativity).filter_by(id=article_id)
    ).one()
    tone = {"positive": article.positivity, "negative": article.negativity}
    yield _Share(kind=EVERY, subject_id=0, **tone)
    if article.publisher_id is not None:
        yield _Share(kind=Kind.PUBLISHER, subject_id=article.publisher_id, **tone)
    others = (
        select(literal(Kind.AUTHOR.value), t.credits.c.author_id)
        .filter_by(article_id=article_id)
        .union_all(select(literal(Kind.TAG.value), t.taggings.c.tag_id).filter_by(article_id=article_id))
    )
    for kind, number in connection.execute(others):
        yield _Share(kind=kind, subject_id=number, **tone)
    entities = (
        select(
            t.appearances.c.entity_id,
            func.avg(t.appearances.c.positive),
            func.avg(t.appearances.c.negative),
        )
        .filter_by(article_id=article_id)
        .group_by(t.appearances.c.entity_id)
    )
    for number, positive, negative in connection.execute(entities):
        yield _Share(kind=Kind.ENTITY, subject_id=number, positive=positive, negative=negative)
