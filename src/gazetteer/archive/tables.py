"""The archive as flat rows for other programs: articles, mentions, tone."""

from collections.abc import Callable, Iterator
from datetime import datetime

from sqlalchemy import Connection

from gazetteer.archive import reading
from gazetteer.archive.values import Kept
from gazetteer.types import Tone

Row = dict[str, object]

COLUMNS: dict[str, dict[str, type]] = {
    "articles": {
        "id": int,
        "url": str,
        "headline": str,
        "publisher": str,
        "authors": str,
        "published_at": datetime,
        "modified_at": datetime,
        "kept_at": datetime,
        "version": int,
        "section": str,
        "language": str,
        "access": str,
        "positivity": float,
        "negativity": float,
        "neutral": float,
        "tags": str,
        "summary": str,
        "model": str,
        "opt_outs": str,
        "text": str,
    },
    "mentions": {
        "article_id": int,
        "published_at": datetime,
        "publisher": str,
        "entity_id": int,
        "entity": str,
        "name": str,
        "label": str,
        "country": str,
        "words": str,
        "start": int,
        "end": int,
        "score": float,
    },
    "tone": {
        "article_id": int,
        "published_at": datetime,
        "publisher": str,
        "toward": str,
        "entity_id": int,
        "label": str,
        "positive": float,
        "negative": float,
        "neutral": float,
    },
}
"""The columns of each table, and what they hold where they are not null. `authors`, `tags` and `opt_outs` are parted
by "; ". Where the publisher asks that no copy be shown, `text` is null.
"""


def rows(connection: Connection, table: str, article_id: int) -> Iterator[Row]:
    """Give an article's rows of a table."""
    kept = reading.get(connection, article_id)
    if kept is not None:
        yield from _ROWS[table](kept)


def _articles(kept: Kept) -> Iterator[Row]:
    article, annotation = kept.digest.article, kept.digest.annotation
    tone = annotation.tone if isinstance(annotation.tone, Tone) else None
    sentences = [annotation.sentences[number] for number in annotation.summary]
    yield {
        "id": kept.id,
        "url": article.link,
        "headline": article.headline,
        "publisher": article.publisher,
        "authors": "; ".join(article.authors),
        "published_at": article.published_at,
        "modified_at": article.modified_at,
        "kept_at": kept.kept_at,
        "version": kept.version,
        "section": article.section,
        "language": article.language,
        "access": article.access.value,
        "positivity": tone and tone.positivity,
        "negativity": tone and tone.negativity,
        "neutral": tone and tone.neutral,
        "tags": "; ".join(tag.name for tag in annotation.tags),
        "summary": " ".join(article.text[each.start : each.end] for each in sentences),
        "model": annotation.model,
        "opt_outs": "; ".join(article.opt_outs.words),
        "text": None if article.opt_outs.no_copy else article.text,
    }


def _mentions(kept: Kept) -> Iterator[Row]:
    article = kept.digest.article
    for entity, subject in zip(kept.digest.annotation.entities, kept.entities, strict=True):
        for mention in entity.mentions:
            yield {
                "article_id": kept.id,
                "published_at": article.published_at,
                "publisher": article.publisher,
                "entity_id": subject.id,
                "entity": subject.name,
                "name": entity.name,
                "label": entity.label,
                "country": subject.country,
                "words": article.text[mention.start : mention.end],
                "start": mention.start,
                "end": mention.end,
                "score": mention.score,
            }


def _tone(kept: Kept) -> Iterator[Row]:
    """Give the tone of the article (`toward` is null), and then the tone toward each entity that has one."""
    article, annotation = kept.digest.article, kept.digest.annotation
    start: Row = {"article_id": kept.id, "published_at": article.published_at, "publisher": article.publisher}
    tone = annotation.tone
    if isinstance(tone, Tone):
        charged = 1 - tone.neutral
        shares = {"positive": charged * tone.positivity, "negative": charged * tone.negativity, "neutral": tone.neutral}
        yield start | {"toward": None, "entity_id": None, "label": None} | shares
    for entity, subject in zip(annotation.entities, kept.entities, strict=True):
        if (told := entity.tone) is not None:
            shares = {"positive": told.positive, "negative": told.negative, "neutral": told.neutral}
            yield start | {"toward": subject.name, "entity_id": subject.id, "label": entity.label} | shares


_ROWS: dict[str, Callable[[Kept], Iterator[Row]]] = {"articles": _articles, "mentions": _mentions, "tone": _tone}
