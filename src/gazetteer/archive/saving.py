"""Save a digest: find the article that it is, keep what is new, and index it. All within the caller's transaction."""

import hashlib
from bisect import bisect_right
from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import Connection, bindparam, delete, func, select, update

from gazetteer.archive import codec, counting, fulltext, identity, names, times
from gazetteer.archive import schema as t
from gazetteer.archive.rows import insert_of, known, put, put_all
from gazetteer.archive.values import ENDLESS, Outcome, Saved
from gazetteer.archive.words import key, storable
from gazetteer.types import NO_OPT_OUTS, Annotation, Article, Capture, Digest, Sentence, Tone

_LONGEST_LEAD = 400  # characters
_CLEARLY = 0.6  # the share from which an article leans one way
_DERIVED = (t.credits, t.taggings, t.quotes, t.mentions, t.appearances, t.sentences)

_HELD = (
    select(t.addresses.c.key, t.articles.c.id.label("article_id"), t.articles.c.version, t.annotations.c.reader)
    .join_from(t.addresses, t.articles, t.addresses.c.article_id == t.articles.c.id)
    .join(t.annotations, t.annotations.c.article_id == t.articles.c.id)
    .where(t.addresses.c.key.in_(bindparam("keys", expanding=True)))
)
_LAST = select(func.max(t.articles.c.id)).where(
    t.articles.c.id >= bindparam("first"), t.articles.c.id < bindparam("after")
)


def save(connection: Connection, digest: Digest, capture: Capture | None, *, at: datetime, reader: str) -> Saved:
    """Save a digest that was read `at` this time by this `reader` (the model, and the rules of tags)."""
    article = digest.article
    keys = identity.addresses_of(article)
    held = _held(connection, keys)
    if held is None:
        article_id = place(connection, article, at)
        write_new(connection, article_id, digest, at=at, reader=reader)
        put_version(connection, article_id, 1, article, at)
        outcome, version = Outcome.KEPT, 1
    else:
        article_id, version = held.article_id, held.version
        current = current_version(connection, article_id, version)
        if (article.headline, article.text) != (current.headline, current.text):
            version, outcome = version + 1, Outcome.CHANGED
            write_version(connection, article_id, version, digest, at=at, reader=reader)
        elif held.reader != reader:
            outcome = Outcome.READ_AGAIN
            reread(connection, article_id, digest.annotation, at=at, reader=reader)
        else:
            outcome = Outcome.KNOWN
    name_addresses(connection, article_id, keys)
    if capture is not None and outcome in (Outcome.KEPT, Outcome.CHANGED):
        put_capture(connection, article_id, version, capture)
    return Saved(id=article_id, outcome=outcome)


def place(connection: Connection, article: Article, at: datetime) -> int:
    """Give a new article its id: the next that is free from when it was published, or else kept, on."""
    published = article.published_at
    first = times.first_id(published if published is not None and published < at + timedelta(days=1) else at)
    while True:
        after = first + (1 << times.BITS)
        taken = connection.execute(_LAST, {"first": first, "after": after}).scalar()
        if taken is None or taken + 1 < after:
            return first if taken is None else int(taken) + 1
        first = after


def write_new(
    connection: Connection,
    article_id: int,
    digest: Digest,
    *,
    at: datetime,
    reader: str,
    kept_at: datetime | None = None,
    changed_at: datetime | None = None,
    version: int = 1,
) -> None:
    """Write an article that is not there yet; its versions are put beside."""
    listed = _listed(connection, digest)
    own = {"id": article_id, "version": version, "kept_at": kept_at or at, "changed_at": changed_at or at}
    put(connection, t.articles, listed | own)
    _put_annotation(connection, article_id, digest.annotation, at=at, reader=reader)
    _index(connection, article_id, digest, leaning=str(listed["leaning"]))


def write_version(
    connection: Connection, article_id: int, number: int, digest: Digest, *, at: datetime, reader: str
) -> None:
    """Write a new version over the one that stands."""
    put_version(connection, article_id, number, digest.article, at)
    _replace(connection, article_id, digest, at=at, reader=reader, changes={"version": number, "changed_at": at})


def reread(connection: Connection, article_id: int, annotation: Annotation, *, at: datetime, reader: str) -> None:
    """Put a new annotation in the place of the one that stands."""
    version = connection.execute(select(t.articles.c.version).filter_by(id=article_id)).scalar_one()
    digest = Digest(article=current_version(connection, article_id, version), annotation=annotation)
    _replace(connection, article_id, digest, at=at, reader=reader, changes={})


def current_version(connection: Connection, article_id: int, number: int) -> Article:
    """Give one version of an article."""
    statement = select(t.versions.c.article).filter_by(article_id=article_id, number=number)
    return codec.unpacked(Article, connection.execute(statement).scalar_one())


def put_version(connection: Connection, article_id: int, number: int, article: Article, at: datetime) -> None:
    """Keep a version."""
    row = {"article_id": article_id, "number": number, "kept_at": at, "article": codec.packed(article)}
    put(connection, t.versions, row)


def put_capture(connection: Connection, article_id: int, version: int, capture: Capture) -> None:
    """Keep the page that a version was extracted from."""
    row = {
        "article_id": article_id,
        "version": version,
        "sha256": hashlib.sha256(capture.content).hexdigest(),
        "source": storable(capture.source),
        "url": capture.url and storable(capture.url),
        "content_type": capture.content_type and storable(capture.content_type),
        "fetched_at": capture.fetched_at,
        "content": codec.compressed(capture.content),
        "opt_outs": None if capture.opt_outs == NO_OPT_OUTS else codec.packed(capture.opt_outs),
    }
    put(connection, t.captures, row)


def name_addresses(connection: Connection, article_id: int, keys: Iterable[str]) -> None:
    """Let an article be known by these addresses, where no other is."""
    rows = [{"key": each, "article_id": article_id} for each in keys]
    connection.execute(_naming(connection.dialect.name), rows)


@cache
def _naming(dialect: str) -> Any:  # noqa: ANN401 - of one dialect or the other
    return insert_of(dialect, t.addresses).on_conflict_do_nothing()


def _held(connection: Connection, keys: tuple[str, ...]) -> Any:  # noqa: ANN401 - a row, or None
    """Give the article that is known by the surest of these addresses."""
    found = {row.key: row for row in connection.execute(_HELD, {"keys": keys})}
    return next((found[each] for each in keys if each in found), None)


def _replace(
    connection: Connection, article_id: int, digest: Digest, *, at: datetime, reader: str, changes: dict[str, object]
) -> None:
    counting.count(connection, article_id, sign=-1)
    for table in _DERIVED:
        connection.execute(delete(table).filter_by(article_id=article_id))
    fulltext.remove(connection, article_id)
    connection.execute(delete(t.annotations).filter_by(article_id=article_id))
    listed = _listed(connection, digest)
    connection.execute(update(t.articles).filter_by(id=article_id).values(**listed, **changes))
    _put_annotation(connection, article_id, digest.annotation, at=at, reader=reader)
    _index(connection, article_id, digest, leaning=str(listed["leaning"]))


def _put_annotation(
    connection: Connection, article_id: int, annotation: Annotation, *, at: datetime, reader: str
) -> None:
    row = {
        "article_id": article_id,
        "model": storable(annotation.model),
        "reader": storable(reader),
        "read_at": at,
        "reading": codec.packed(annotation),
    }
    put(connection, t.annotations, row)


def _listed(connection: Connection, digest: Digest) -> dict[str, object]:
    """Give what lists show of an article."""
    article, tone = digest.article, digest.annotation.tone
    publisher = None
    if article.publisher and article.publisher.strip():
        name = key(article.publisher)
        publisher = known(connection, t.publishers, {name: {"name": storable(article.publisher)}})[name]
    shares = (tone.positivity, tone.negativity, tone.neutral) if isinstance(tone, Tone) else (None, None, None)
    return {
        "publisher_id": publisher,
        "headline": storable(article.headline),
        "link": article.link and storable(article.link),
        "source": storable(article.source),
        "language": storable(article.language),
        "access": article.access.value,
        "published_at": article.published_at,
        "modified_at": article.modified_at,
        "lead": storable(_lead(digest)),
        **dict(zip(("positivity", "negativity", "neutral"), shares, strict=True)),
        "leaning": leaning(digest.annotation),
    }


def leaning(annotation: Annotation) -> str:
    """Tell in a word how an article is told; "unread" where that was not read."""
    tone = annotation.tone
    if isinstance(tone, Tone):
        if tone.positivity >= _CLEARLY:
            return "positive"
        return "negative" if tone.negativity >= _CLEARLY else "mixed"
    return "neutral" if any(sentence.tone for sentence in annotation.sentences) else "unread"


def _lead(digest: Digest) -> str:
    """Give the first sentence of the summary that can be quoted by itself."""
    summed = (digest.annotation.sentences[number] for number in digest.annotation.summary)
    spans = ((each.start, each.end) for each in summed if each.end - each.start <= ENDLESS)
    start, end = next(spans, (0, 0))
    words = " ".join(digest.article.text[start:end].split())
    return words if len(words) <= _LONGEST_LEAD else words[:_LONGEST_LEAD].rpartition(" ")[0] + " …"


def _index(connection: Connection, article_id: int, digest: Digest, *, leaning: str) -> None:
    """Write what an article is searched, listed and counted by."""
    annotation = digest.annotation
    put_all(connection, t.sentences, [_sentence(article_id, n, each) for n, each in enumerate(annotation.sentences)])
    aliases = names.put(connection, article_id, annotation)
    _put_mentions(connection, article_id, annotation)
    _put_credits(connection, article_id, digest.article)
    _put_tags(connection, article_id, annotation)
    fulltext.put(connection, article_id, fulltext.document(digest, leaning=leaning, aliases=aliases))
    counting.count(connection, article_id, sign=1)


def _sentence(article_id: int, number: int, sentence: Sentence) -> dict[str, object]:
    tone = sentence.tone
    return {
        "article_id": article_id,
        "number": number,
        "start": sentence.start,
        "end": sentence.end,
        "positive": tone and tone.positive,
        "negative": tone and tone.negative,
        "neutral": tone and tone.neutral,
    }


def _put_mentions(connection: Connection, article_id: int, annotation: Annotation) -> None:
    starts = [sentence.start for sentence in annotation.sentences]
    rows = {
        (number, mention.start): {
            "article_id": article_id,
            "number": number,
            "start": mention.start,
            "end": mention.end,
            "score": mention.score,
            "sentence": bisect_right(starts, mention.start) - 1 if starts and mention.start >= starts[0] else None,
        }
        for number, entity in enumerate(annotation.entities)
        for mention in entity.mentions
    }
    put_all(connection, t.mentions, list(rows.values()))
    quotes = [
        {
            "article_id": article_id,
            "position": position,
            "number": quote.entity,
            "start": quote.start,
            "end": quote.end,
            "kind": quote.kind.value,
        }
        for position, quote in enumerate(annotation.quotes)
    ]
    put_all(connection, t.quotes, quotes)


def _put_credits(connection: Connection, article_id: int, article: Article) -> None:
    found = {key(name): {"name": storable(name)} for name in reversed(article.authors) if name.strip()}
    order = list(dict.fromkeys(key(name) for name in article.authors if name.strip()))
    numbers = known(connection, t.authors, found)
    rows = [
        {"article_id": article_id, "author_id": numbers[name], "position": position}
        for position, name in enumerate(order)
    ]
    put_all(connection, t.credits, rows)


def _put_tags(connection: Connection, article_id: int, annotation: Annotation) -> None:
    tags = {tag_key(tag.name, tag.code): tag for tag in reversed(annotation.tags)}
    names_ = {each: {"name": storable(tag.name), "code": tag.code and storable(tag.code)} for each, tag in tags.items()}
    numbers = known(connection, t.tags, names_)
    rows = [{"article_id": article_id, "tag_id": numbers[each], "why": storable(tag.why)} for each, tag in tags.items()]
    put_all(connection, t.taggings, rows)


def tag_key(name: str, code: str | None) -> str:
    """Give what makes two tags one: their code in a public scheme, else their name."""
    return f"code:{storable(code)}" if code else key(name)
