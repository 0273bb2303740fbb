"""The whole archive as JSON, line by line, and back without loss.

A line is an article with its versions, captures, annotation, reviews and story; or a correction, of names or of
stories; or a tag rule.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from gazetteer.archive import codec, identity, names, notes, reading, saving, stories
from gazetteer.archive import schema as t
from gazetteer.archive.values import Outcome, Review, Saved, TagRule
from gazetteer.errors import ArchiveError
from gazetteer.types import Annotation, Article, Capture, Digest

Line = dict[str, Any]

_KINDS = ("article", "correction", "story_correction", "tag_rule")


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """A correction, and when it was made."""

    rule: names.Rule
    made_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """A version of an article, and the page that it was extracted from."""

    kept_at: datetime
    article: Article
    capture: Capture | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """An article, with all that is kept of it."""

    id: int
    kept_at: datetime
    changed_at: datetime
    read_at: datetime
    reader: str
    annotation: Annotation
    versions: tuple[Version, ...]
    addresses: tuple[str, ...] = ()
    reviews: tuple[Review, ...] = ()
    belongs: stories.Belonging | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryCorrection:
    """A correction of stories, and when it was made."""

    rule: stories.StoryRule
    made_at: datetime


def rules(connection: Connection) -> Iterator[Line]:
    """Give the lines of corrections and tag rules."""
    for rule, at in names.rules(connection):
        yield {"correction": codec.to_json(Correction(rule=rule, made_at=at))}
    for placed, at in stories.rules(connection):
        yield {"story_correction": codec.to_json(StoryCorrection(rule=placed, made_at=at))}
    for each in notes.tag_rules(connection):
        yield {"tag_rule": codec.to_json(each)}


def article(connection: Connection, article_id: int) -> Line | None:
    """Give the line of an article."""
    statement = (
        select(t.articles.c.kept_at, t.articles.c.changed_at, t.annotations)
        .join_from(t.articles, t.annotations, t.annotations.c.article_id == t.articles.c.id)
        .where(t.articles.c.id == article_id)
    )
    row = connection.execute(statement).first()
    if row is None:
        return None
    addresses = select(t.addresses.c.key).filter_by(article_id=article_id).order_by(t.addresses.c.key)
    kept = Kept(
        id=article_id,
        kept_at=row.kept_at,
        changed_at=row.changed_at,
        read_at=row.read_at,
        reader=row.reader,
        annotation=codec.unpacked(Annotation, row.reading),
        versions=_versions(connection, article_id),
        addresses=tuple(connection.execute(addresses).scalars()),
        reviews=_reviews(connection, article_id),
        belongs=stories.belonging(connection, article_id),
    )
    return {"article": codec.to_json(kept)}


def may_be_passed_on(line: Mapping[str, Any]) -> bool:
    """Tell whether a line may be shown to others: not that of an article whose publisher asks that no copy be."""
    versions = line.get("article", {}).get("versions", ())
    return not any("noarchive" in each["article"].get("opt_outs", {}).get("robots", ()) for each in versions)


def put(connection: Connection, line: Mapping[str, Any], *, at: datetime) -> Saved | None:
    """Take a line in; gives the article, where it is one. Raises `ArchiveError` where it is no line of ours."""
    kind, *others = line or {"": None}
    if others or kind not in _KINDS:
        raise ArchiveError(f"this is no line of an archive: it holds one of {', '.join(_KINDS)}")
    if kind == "article":
        return _put_article(connection, line[kind], at=at)
    if kind == "tag_rule":
        rule = codec.from_json(TagRule, line[kind])
        notes.put_tag_rule(connection, rule.name, rule.rule, at=rule.changed_at)
        return None
    if kind == "story_correction":
        placed = codec.from_json(StoryCorrection, line[kind])
        stories.take(connection, placed.rule, at=placed.made_at)
        return None
    correction = codec.from_json(Correction, line[kind])
    if correction.rule not in [rule for rule, _ in names.rules(connection)]:
        names.apply(connection, correction.rule, at=correction.made_at)
    return None


def _reviews(connection: Connection, article_id: int) -> tuple[Review, ...]:
    found: list[Review] = []
    cursor: str | None = None
    while True:
        page = notes.reviews(connection, article_id, cursor=cursor, limit=reading.MOST)
        found.extend(page.rows)
        if (cursor := page.cursor) is None:
            return tuple(reversed(found))


def _versions(connection: Connection, article_id: int) -> tuple[Version, ...]:
    captures = {
        row.version: reading.unpacked_capture(row)
        for row in connection.execute(select(t.captures).filter_by(article_id=article_id))
    }
    return tuple(
        Version(kept_at=each.kept_at, article=each.article, capture=captures.get(each.number))
        for each in reading.versions(connection, article_id)
    )


def _put_article(connection: Connection, data: object, *, at: datetime) -> Saved:
    kept = codec.from_json(Kept, data)
    if not kept.versions:
        raise ArchiveError("this is no article as Gazetteer writes it: it has no versions")
    newest = kept.versions[-1]
    digest = Digest(article=newest.article, annotation=kept.annotation)
    if _is_known(connection, kept, digest.article):
        return saving.save(connection, digest, newest.capture, at=at, reader=kept.reader)
    taken = connection.execute(select(t.articles.c.id).filter_by(id=kept.id)).first() is not None
    number = saving.place(connection, kept.versions[0].article, kept.kept_at) if taken else kept.id
    saving.write_new(
        connection,
        number,
        digest,
        at=kept.read_at,
        reader=kept.reader,
        kept_at=kept.kept_at,
        changed_at=kept.changed_at,
        version=len(kept.versions),
    )
    for order, version in enumerate(kept.versions, start=1):
        saving.put_version(connection, number, order, version.article, version.kept_at)
        if version.capture is not None:
            saving.put_capture(connection, number, order, version.capture)
    saving.name_addresses(connection, number, kept.addresses)
    for review in kept.reviews:
        notes.put_review(
            connection,
            number,
            reviewer=review.reviewer,
            rating=review.rating,
            words=review.words,
            at=review.made_at,
        )
    if kept.belongs is not None:
        stories.place(connection, number, kept.belongs)
    return Saved(id=number, outcome=Outcome.KEPT)


def _is_known(connection: Connection, kept: Kept, newest: Article) -> bool:
    keys = {*kept.addresses, *identity.addresses_of(newest)}
    statement = select(t.addresses.c.key).where(t.addresses.c.key.in_(keys)).limit(1)
    return connection.execute(statement).first() is not None
