"""Who and what articles share: entities, authors, publishers and tags, with counts, company, sentences, quotes."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Connection, Select, Subquery, Table, func, select, text

from gazetteer.archive import codec, counting, cursors, reading, times
from gazetteer.archive import schema as t
from gazetteer.archive.values import Alias, Day, Kind, Page, Passage, Profile, Subject
from gazetteer.archive.words import key
from gazetteer.types import Access, Article, QuoteKind

COMPANY = 60
"""Articles, the newest of an entity, that its company is counted in."""

_TABLES = {Kind.ENTITY: t.entities, Kind.AUTHOR: t.authors, Kind.PUBLISHER: t.publishers, Kind.TAG: t.tags}
_HELD = {
    Kind.ENTITY: (t.appearances.c.article_id, t.appearances.c.entity_id),
    Kind.AUTHOR: (t.credits.c.article_id, t.credits.c.author_id),
    Kind.PUBLISHER: (t.articles.c.id, t.articles.c.publisher_id),
    Kind.TAG: (t.taggings.c.article_id, t.taggings.c.tag_id),
}
"""The columns that say which article has which subject."""

_PASSAGES = 5  # sentences that one article may give to a page, at most


def subject(connection: Connection, kind: Kind, number: int) -> Subject | None:
    """Give one subject, with how many articles it is in; of an entity that was merged, the one that has its name."""
    row = connection.execute(_with_totals(kind).where(_TABLES[kind].c.id == number)).first()
    if row is None:
        return None
    if kind is Kind.ENTITY and row.alias_id is not None:
        has_it = select(t.aliases.c.entity_id).filter_by(id=row.alias_id)
        return subject(connection, kind, connection.execute(has_it).scalar_one())
    return _subject(kind, row)


def most(connection: Connection, kind: Kind, *, cursor: str | None, limit: int) -> Page[Subject]:
    """Give the subjects of a kind, those in most articles first."""
    totals = t.totals.c
    statement = (
        select(_TABLES[kind], totals.articles)
        .join_from(t.totals, _TABLES[kind], totals.subject_id == _TABLES[kind].c.id)
        .where(totals.kind == kind, totals.articles > 0)
        .order_by(totals.articles.desc(), totals.subject_id.desc())
    )
    if (after := cursors.read(cursor, 2)) is not None:
        articles, number = after
        statement = statement.where(
            totals.articles <= articles, (totals.articles < articles) | (totals.subject_id < number)
        )
    limit = min(limit, reading.MOST)
    rows = connection.execute(statement.limit(limit + 1)).all()
    found = [_subject(kind, row) for row in rows[:limit]]
    return reading.page(found, cursors.written(found[-1].articles, found[-1].id) if len(rows) > limit else None)


def covered(connection: Connection, kind: Kind, *, since: date, until: date, limit: int) -> tuple[Subject, ...]:
    """Give the subjects of a kind that most articles of these days (before `until`) have, with how many.

    They are counted in the articles, which lie together by day, as their ids begin with it.
    """
    least, most = reading.bounds(since, until)
    article, own = _HELD[kind]
    number = (own + text("0")).label("id")  # or SQLite groups by an index of all days
    total = func.count(article.distinct()).label("articles")
    of_days = (
        select(number, total)
        .where(article >= least, article <= most, own.is_not(None))
        .group_by(number)
        .order_by(total.desc(), number)
        .limit(min(limit, reading.MOST))
        .subquery()
    )
    statement = (
        select(_TABLES[kind], of_days.c.articles)
        .join_from(of_days, _TABLES[kind], of_days.c.id == _TABLES[kind].c.id)
        .order_by(of_days.c.articles.desc(), of_days.c.id)
    )
    return tuple(_subject(kind, row) for row in connection.execute(statement))


def days(connection: Connection, of: tuple[Kind, int] | None, *, since: date | None, until: date | None) -> list[Day]:
    """Give the days that a subject (all articles, where None) has articles of, in their order."""
    kind, number = of or (counting.EVERY, 0)
    counts = t.counts.c
    statement = select(counts.day, counts.articles, counts.toned, counts.positive, counts.negative).where(
        counts.kind == kind, counts.subject_id == number, counts.articles > 0
    )
    if since is not None:
        statement = statement.where(counts.day >= times.number_of(since))
    if until is not None:
        statement = statement.where(counts.day < times.number_of(until))
    return [_day(row) for row in connection.execute(statement.order_by(counts.day))]


def beside(connection: Connection, of: tuple[Kind, int] | None, day: date) -> tuple[date | None, date | None]:
    """Give the nearest days before and after a day that a subject (all articles, where None) has articles of."""
    kind, number = of or (counting.EVERY, 0)
    counts, at = t.counts.c, times.number_of(day)
    own = select(counts.day).where(counts.kind == kind, counts.subject_id == number, counts.articles > 0).limit(1)
    before = connection.execute(own.where(counts.day < at).order_by(counts.day.desc())).scalar()
    after = connection.execute(own.where(counts.day > at).order_by(counts.day)).scalar()
    return (
        None if before is None else times.day_of(before),
        None if after is None else times.day_of(after),
    )


def aliases(connection: Connection, entity_id: int) -> tuple[Alias, ...]:
    """Give the names under which an entity was read."""
    statement = select(t.aliases).filter_by(entity_id=entity_id).order_by(t.aliases.c.id).limit(reading.MOST)
    found = connection.execute(statement)
    return tuple(Alias(id=row.id, name=row.name, label=row.label, country=row.country) for row in found)


def company(connection: Connection, entity_id: int, *, limit: int) -> tuple[Subject, ...]:
    """Give who and what appears most with an entity in its newest articles (`COMPANY` of them), with how often."""
    newest = reading.newest(Kind.ENTITY, entity_id, COMPANY)
    return _shared(connection, Kind.ENTITY, newest, without=entity_id, limit=limit)


def named(connection: Connection, name: str, *, limit: int) -> tuple[Subject, ...]:
    """Give the entities that were read, or are shown, under exactly this name, those in most articles first."""
    own = select(t.aliases.c.entity_id).where(t.aliases.c.key == key(name))
    statement = _with_totals(Kind.ENTITY).where(t.entities.c.id.in_(own))
    found = connection.execute(statement.order_by(t.totals.c.articles.desc(), t.entities.c.id).limit(limit))
    return tuple(_subject(Kind.ENTITY, row) for row in found)


def profile(connection: Connection, kind: Kind, number: int, *, limit: int) -> Profile:
    """Tell what a subject's newest articles (`COMPANY` of them) are like; at most `limit` of what they share most."""
    newest = reading.newest(kind, number, COMPANY)
    columns = (t.articles.c.leaning, t.articles.c.access, t.articles.c.version > 1)
    inside = t.articles.c.id == newest.c.id
    counted = select(*columns, func.count()).join_from(newest, t.articles, inside).group_by(*columns)
    leanings: Counter[str] = Counter()
    access: Counter[Access] = Counter()
    changed = 0
    for leaning, way, is_changed, count in connection.execute(counted):
        leanings[leaning] += count
        access[Access(way)] += count
        changed += count * is_changed
    shared = {
        each: _shared(connection, each, newest, without=number if each is kind else None, limit=limit)
        for each in (Kind.TAG, Kind.ENTITY, Kind.PUBLISHER)
    }
    return Profile(
        articles=leanings.total(),
        changed=changed,
        leanings=dict(leanings.most_common()),
        access=dict(access.most_common()),
        tags=shared[Kind.TAG],
        entities=shared[Kind.ENTITY],
        publishers=shared[Kind.PUBLISHER],
    )


def _shared(
    connection: Connection,
    kind: Kind,
    newest: Subquery,
    *,
    without: int | None,
    limit: int,
) -> tuple[Subject, ...]:
    """Give the subjects of a kind that most of these articles have.

    Of entities that as many have, those that they are most about come first.
    """
    article, subject_id = _HELD[kind]
    rank = func.avg(t.appearances.c.number) if kind is Kind.ENTITY else subject_id
    together = func.count(article.distinct()).label("articles")
    counted = (
        select(subject_id.label("id"), together, rank.label("rank"))
        .join_from(newest, article.table, article == newest.c.id)
        .where(subject_id.is_not(None), subject_id != (-1 if without is None else without))
        .group_by(subject_id)
        .order_by(together.desc(), rank, subject_id)
        .limit(min(limit, reading.MOST))
        .subquery()
    )
    statement = (
        select(_TABLES[kind], counted.c.articles)
        .join_from(counted, _TABLES[kind], counted.c.id == _TABLES[kind].c.id)
        .order_by(counted.c.articles.desc(), counted.c.rank, counted.c.id)
    )
    return tuple(_subject(kind, row) for row in connection.execute(statement))


def passages(connection: Connection, entity_id: int, *, cursor: str | None, limit: int) -> Page[Passage]:
    """Give sentences that name an entity, the newest articles first: a few of each, `limit` articles a page."""
    ids, after = _newest(connection, entity_id, cursor, limit)
    texts = _texts(connection, ids)
    spans: dict[tuple[int, int, int], list[tuple[int, int]]] = {}
    for row in connection.execute(_mentions(entity_id, ids)) if ids else ():
        spans.setdefault((row.article_id, row.first, row.last), []).append((row.start, row.end))
    return reading.page(list(_passages(texts, ids, spans)), after)


def passages_in(connection: Connection, article_id: int, entity_id: int) -> tuple[Passage, ...]:
    """Give every sentence of an article that names an entity, in reading order."""
    spans: dict[tuple[int, int, int], list[tuple[int, int]]] = {}
    for row in connection.execute(_mentions(entity_id, [article_id])):
        spans.setdefault((row.article_id, row.first, row.last), []).append((row.start, row.end))
    return tuple(_passages(_texts(connection, [article_id]), [article_id], spans, most=len(spans)))


def quotes(connection: Connection, entity_id: int, *, cursor: str | None, limit: int) -> Page[Passage]:
    """Give what an entity is quoted as saying, the newest articles first, `limit` articles a page."""
    before = cursors.read(cursor, 1)
    statement = (
        select(t.appearances.c.article_id)
        .where(t.appearances.c.entity_id == entity_id, t.appearances.c.is_quoted.is_(True))
        .where(t.appearances.c.article_id < (reading.EVER if before is None else before[0]))
        .distinct()
        .order_by(t.appearances.c.article_id.desc())
    )
    limit = min(limit, reading.MOST)
    ids = list(connection.execute(statement.limit(limit + 1)).scalars())
    after = cursors.written(ids[limit - 1]) if len(ids) > limit else None
    own, said = t.appearances.c, t.quotes.c
    words = (
        select(said.article_id, said.start, said.end, said.kind)
        .join_from(t.appearances, t.quotes, (said.article_id == own.article_id) & (said.number == own.number))
        .where(own.entity_id == entity_id, own.article_id.in_(ids[:limit]))
        .order_by(said.position)
    )
    kinds: dict[tuple[int, int, int], QuoteKind] = {}
    for row in connection.execute(words) if ids else ():
        kinds[row.article_id, row.start, row.end] = QuoteKind(row.kind)
    spans: dict[tuple[int, int, int], list[tuple[int, int]]] = {where: [] for where in kinds}
    found = list(_passages(_texts(connection, ids[:limit]), ids[:limit], spans, kinds=kinds))
    return reading.page(found, after)


def _newest(connection: Connection, entity_id: int, cursor: str | None, limit: int) -> tuple[list[int], str | None]:
    before = cursors.read(cursor, 1)
    limit = min(limit, reading.MOST)
    statement = (
        select(t.appearances.c.article_id)
        .where(t.appearances.c.entity_id == entity_id)
        .where(t.appearances.c.article_id < (reading.EVER if before is None else before[0]))
        .distinct()
        .order_by(t.appearances.c.article_id.desc())
        .limit(limit + 1)
    )
    ids = list(connection.execute(statement).scalars())
    return ids[:limit], cursors.written(ids[limit - 1]) if len(ids) > limit else None


def _mentions(entity_id: int, ids: Sequence[int]) -> Select[Any]:
    own, mention, sentence = t.appearances.c, t.mentions.c, t.sentences.c
    return (
        select(
            own.article_id,
            mention.start,
            mention.end,
            sentence.start.label("first"),
            sentence.end.label("last"),
        )
        .join_from(t.appearances, t.mentions, (mention.article_id == own.article_id) & (mention.number == own.number))
        .join(t.sentences, (sentence.article_id == own.article_id) & (sentence.number == mention.sentence))
        .where(own.entity_id == entity_id, own.article_id.in_(ids))
        .order_by(own.article_id, mention.start)
    )


def _texts(connection: Connection, ids: Sequence[int]) -> dict[int, Article]:
    newest = (t.versions.c.article_id == t.articles.c.id) & (t.versions.c.number == t.articles.c.version)
    statement = select(t.articles.c.id, t.versions.c.article).join_from(t.articles, t.versions, newest)
    found = connection.execute(statement.where(t.articles.c.id.in_(ids))) if ids else ()
    return {number: codec.unpacked(Article, article) for number, article in found}


def _passages(
    texts: dict[int, Article],
    ids: Sequence[int],
    spans: dict[tuple[int, int, int], list[tuple[int, int]]],
    *,
    kinds: Mapping[tuple[int, int, int], QuoteKind] | None = None,
    most: int = _PASSAGES,
) -> Iterator[Passage]:
    for number in ids:
        sentences = sorted(where for where in spans if where[0] == number)
        for where in sentences[:most]:
            _, start, end = where
            inside = tuple((first - start, min(last, end) - start) for first, last in spans[where])
            article = texts[number]
            yield Passage(
                article_id=number,
                headline=article.headline,
                publisher=article.publisher,
                words=article.text[start:end],
                spans=inside,
                kind=None if kinds is None else kinds[where],
            )


def _with_totals(kind: Kind) -> Select[Any]:
    table: Table = _TABLES[kind]
    joined = (t.totals.c.kind == kind) & (t.totals.c.subject_id == table.c.id)
    return select(table, func.coalesce(t.totals.c.articles, 0).label("articles")).outerjoin_from(
        table, t.totals, joined
    )


def _subject(kind: Kind, row: Any) -> Subject:  # noqa: ANN401 - a row of any of the tables
    if kind is Kind.ENTITY:
        return reading.entity(row, articles=row.articles)
    code = row.code if kind is Kind.TAG else None
    return Subject(kind=kind, id=row.id, name=row.name, articles=row.articles, code=code)


def _day(row: Any) -> Day:  # noqa: ANN401 - a row of counts
    day, articles, toned, positive, negative = row
    charged = positive + negative
    shares = (positive / charged, negative / charged) if toned and charged > 0 else (None, None)
    return Day(day=times.day_of(day), articles=articles, positivity=shares[0], negativity=shares[1])
