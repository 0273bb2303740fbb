"""Articles as they are read from the archive: one with all that is known of it, or pages of them."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, Subquery, func, select

from gazetteer.archive import codec, cursors, identity, times
from gazetteer.archive import schema as t
from gazetteer.archive.saving import tag_key
from gazetteer.archive.values import Card, Kept, Kind, Page, Subject, Version
from gazetteer.archive.words import storable
from gazetteer.types import NO_OPT_OUTS, Access, Annotation, Article, Capture, Digest, OptOuts, Tone

MOST = 200
"""Rows of a page, at most."""

EVER = (1 << 62) - 1
"""More than any article's id."""

_GLANCE = 6  # names that a list shows of an article
_ENTITY = (
    t.entities.c.id,
    t.entities.c.name,
    t.entities.c.label,
    t.entities.c.country,
    t.entities.c.subdivision,
    t.entities.c.latitude,
    t.entities.c.longitude,
)


def get(connection: Connection, article_id: int) -> Kept | None:
    """Give an article's page."""
    return next(iter(get_all(connection, [article_id])), None)


def get_all(connection: Connection, article_ids: Sequence[int]) -> tuple[Kept, ...]:
    """Give the pages of articles, in the order of their ids as given, those that there are."""
    columns = (
        t.articles.c.id,
        t.articles.c.kept_at,
        t.articles.c.changed_at,
        t.articles.c.version,
        t.articles.c.publisher_id,
        t.publishers.c.name.label("publisher"),
        t.versions.c.article,
        t.annotations.c.reading,
        t.annotations.c.read_at,
    )
    of_newest = (t.versions.c.article_id == t.articles.c.id) & (t.versions.c.number == t.articles.c.version)
    statement = (
        select(*columns)
        .join_from(t.articles, t.versions, of_newest)
        .join(t.annotations, t.annotations.c.article_id == t.articles.c.id)
        .outerjoin(t.publishers, t.publishers.c.id == t.articles.c.publisher_id)
        .where(t.articles.c.id.in_(article_ids))
    )
    rows = {row.id: row for row in connection.execute(statement)} if article_ids else {}
    if not rows:
        return ()
    found = tuple(rows)
    authors, entities, tags = _authors(connection, found), _entities(connection, found), _tags(connection, found)
    return tuple(
        _kept(rows[number], authors.get(number, ()), entities.get(number, ()), tags.get(number, {}))
        for number in article_ids
        if number in rows
    )


def find(connection: Connection, url: str) -> int | None:
    """Give the article that is known by an address."""
    key = identity.address(url)
    return connection.execute(select(t.addresses.c.article_id).filter_by(key=key)).scalar() if key else None


def versions(connection: Connection, article_id: int) -> tuple[Version, ...]:
    """Give every version of an article, the oldest first."""
    found = connection.execute(select(t.versions).filter_by(article_id=article_id).order_by(t.versions.c.number))
    return tuple(
        Version(number=row.number, kept_at=row.kept_at, article=codec.unpacked(Article, row.article)) for row in found
    )


def capture(connection: Connection, article_id: int, version: int | None) -> Capture | None:
    """Give the page that a version (the newest that has one, where None) was extracted from."""
    statement = select(t.captures).filter_by(article_id=article_id).order_by(t.captures.c.version.desc())
    if version is not None:
        statement = statement.filter_by(version=version)
    row = connection.execute(statement.limit(1)).first()
    return None if row is None else unpacked_capture(row)


def unpacked_capture(row: Row[Any]) -> Capture:
    """Give a capture from its row."""
    return Capture(
        source=row.source,
        content=codec.decompressed(row.content),
        url=row.url,
        content_type=row.content_type,
        fetched_at=row.fetched_at,
        opt_outs=NO_OPT_OUTS if row.opt_outs is None else codec.unpacked(OptOuts, row.opt_outs),
    )


def has(connection: Connection, sha256: str, source: str) -> int | None:
    """Give the article of which a page with this content was kept, as taken from there."""
    statement = select(t.captures.c.article_id).filter_by(sha256=sha256, source=storable(source)).limit(1)
    return connection.execute(statement).scalar()


def browse(
    connection: Connection,
    *,
    of: tuple[Kind, int] | None,
    language: str | None,
    leaning: str | None,
    since: date | None,
    until: date | None,
    cursor: str | None,
    limit: int,
) -> Page[Card]:
    """Give articles, the newest first: all, or those of a subject, a language or a leaning."""
    if sum(each is not None for each in (of, language, leaning)) > 1:
        raise ValueError("browse by one of: a subject, a language, a leaning; search for more")
    least, most = bounds(since, until)
    before = cursors.read(cursor, 1)
    statement, number = _listing(of, language, leaning)
    statement = statement.where(number >= least, number <= (most if before is None else min(most, before[0] - 1)))
    limit = min(limit, MOST)
    ids = list(connection.execute(statement.order_by(number.desc()).limit(limit + 1)).scalars())
    return page(cards(connection, ids[:limit]), cursors.written(ids[limit - 1]) if len(ids) > limit else None)


def languages(connection: Connection) -> tuple[str, ...]:
    """Give the languages that articles are in, each found in the index behind the one before."""
    found: list[str] = []
    first = select(func.min(t.articles.c.language))
    while len(found) < MOST:
        after = first.where(t.articles.c.language > found[-1]) if found else first
        language = connection.execute(after).scalar()
        if language is None:
            break
        found.append(language)
    return tuple(found)


def newest(kind: Kind, number: int, count: int) -> Subquery:
    """Give what selects the `id`s of a subject's newest articles, so many of them."""
    statement, column = _listing((kind, number), None, None)
    return statement.with_only_columns(column.label("id")).order_by(column.desc()).limit(count).subquery()


def page(rows: Sequence[Any], cursor: str | None) -> Page[Any]:
    """Give a page."""
    return Page(rows=tuple(rows), cursor=cursor)


def bounds(since: date | None, until: date | None) -> tuple[int, int]:
    """Give the least and the greatest id of the days from `since` to before `until`."""
    least = 0 if since is None else times.number_of(since) * times.DAY
    return least, EVER if until is None else times.number_of(until) * times.DAY - 1


def _listing(
    of: tuple[Kind, int] | None, language: str | None, leaning: str | None
) -> tuple[Select[int], ColumnElement[int]]:
    """Give what selects articles, and the column of their ids: always the last of an index."""
    articles = t.articles.c
    if of is not None and of[0] is not Kind.PUBLISHER:
        columns = {
            Kind.ENTITY: (t.appearances.c.article_id, t.appearances.c.entity_id),
            Kind.AUTHOR: (t.credits.c.article_id, t.credits.c.author_id),
            Kind.TAG: (t.taggings.c.article_id, t.taggings.c.tag_id),
        }
        number, subject = columns[of[0]]
        return select(number).where(subject == of[1]).distinct(), number
    statement = select(articles.id)
    if of is not None:
        statement = statement.where(articles.publisher_id == of[1])
    if language is not None:
        statement = statement.where(articles.language == storable(language))
    if leaning is not None:
        statement = statement.where(articles.leaning == leaning)
    return statement, articles.id


def cards(connection: Connection, ids: Sequence[int]) -> list[Card]:
    """Give what lists show of articles, in the order of their ids as given."""
    statement = (
        select(t.articles, t.publishers.c.name.label("publisher"))
        .outerjoin_from(t.articles, t.publishers, t.publishers.c.id == t.articles.c.publisher_id)
        .where(t.articles.c.id.in_(ids))
    )
    rows = {row.id: row for row in connection.execute(statement)} if ids else {}
    names = _glances(connection, ids)
    return [_card(rows[number], names.get(number, ())) for number in ids if number in rows]


def entity(row: Any, *, articles: int = 0) -> Subject:  # noqa: ANN401 - a row of entities
    """Give an entity from its row."""
    return Subject(
        kind=Kind.ENTITY,
        id=row.id,
        name=row.name,
        articles=articles,
        label=row.label,
        country=row.country,
        subdivision=row.subdivision,
        latitude=row.latitude,
        longitude=row.longitude,
    )


def _glances(connection: Connection, ids: Sequence[int]) -> dict[int, tuple[Subject, ...]]:
    appearances = t.appearances.c
    statement = (
        select(appearances.article_id, *_ENTITY)
        .join_from(t.appearances, t.entities, t.entities.c.id == appearances.entity_id)
        .where(appearances.article_id.in_(ids), appearances.number < _GLANCE)
        .order_by(appearances.article_id, appearances.number)
    )
    found: dict[int, dict[int, Subject]] = {}
    for row in connection.execute(statement) if ids else ():
        found.setdefault(row.article_id, {}).setdefault(row.id, entity(row))
    return {number: tuple(subjects.values()) for number, subjects in found.items()}


def _card(row: Any, names: tuple[Subject, ...]) -> Card:  # noqa: ANN401 - a row of articles
    tone = None
    if row.positivity is not None:
        tone = Tone(positivity=row.positivity, negativity=row.negativity, neutral=row.neutral)
    return Card(
        id=row.id,
        headline=row.headline,
        link=row.link,
        publisher=_publisher(row),
        published_at=row.published_at,
        kept_at=row.kept_at,
        changed_at=row.changed_at,
        version=row.version,
        language=row.language,
        access=Access(row.access),
        tone=tone,
        lead=row.lead,
        names=names,
    )


def _publisher(row: Any) -> Subject | None:  # noqa: ANN401 - a row with a publisher
    if row.publisher_id is None:
        return None
    return Subject(kind=Kind.PUBLISHER, id=row.publisher_id, name=row.publisher)


def _kept(
    row: Any,  # noqa: ANN401 - a row of articles with its version and annotation
    authors: Sequence[Subject],
    entities: Sequence[Subject],
    tags: Mapping[str, Subject],
) -> Kept:
    annotation = codec.unpacked(Annotation, row.reading)
    return Kept(
        id=row.id,
        digest=Digest(article=codec.unpacked(Article, row.article), annotation=annotation),
        kept_at=row.kept_at,
        changed_at=row.changed_at,
        version=row.version,
        read_at=row.read_at,
        publisher=_publisher(row),
        authors=tuple(authors),
        entities=tuple(entities),
        tags=tuple(tags[tag_key(tag.name, tag.code)] for tag in annotation.tags),
    )


def _authors(connection: Connection, ids: Sequence[int]) -> dict[int, list[Subject]]:
    credited = t.credits.c
    statement = (
        select(credited.article_id, t.authors.c.id, t.authors.c.name)
        .join_from(t.credits, t.authors, t.authors.c.id == credited.author_id)
        .where(credited.article_id.in_(ids))
        .order_by(credited.article_id, credited.position)
    )
    found: dict[int, list[Subject]] = {}
    for row in connection.execute(statement):
        found.setdefault(row.article_id, []).append(Subject(kind=Kind.AUTHOR, id=row.id, name=row.name))
    return found


def _entities(connection: Connection, ids: Sequence[int]) -> dict[int, list[Subject]]:
    appearances = t.appearances.c
    statement = (
        select(appearances.article_id, *_ENTITY)
        .join_from(t.appearances, t.entities, t.entities.c.id == appearances.entity_id)
        .where(appearances.article_id.in_(ids))
        .order_by(appearances.article_id, appearances.number)
    )
    found: dict[int, list[Subject]] = {}
    for row in connection.execute(statement):
        found.setdefault(row.article_id, []).append(entity(row))
    return found


def _tags(connection: Connection, ids: Sequence[int]) -> dict[int, dict[str, Subject]]:
    """Give the tags of articles, each by its key."""
    statement = (
        select(t.taggings.c.article_id, t.tags)
        .join_from(t.taggings, t.tags, t.tags.c.id == t.taggings.c.tag_id)
        .where(t.taggings.c.article_id.in_(ids))
    )
    found: dict[int, dict[str, Subject]] = {}
    for row in connection.execute(statement):
        subject = Subject(kind=Kind.TAG, id=row.id, name=row.name, code=row.code)
        found.setdefault(row.article_id, {})[row.key] = subject
    return found
