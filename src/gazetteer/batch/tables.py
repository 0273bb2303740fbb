"""Digests as rows of tables, and back without loss.

Every row names its article by `article`, which is unique in a run: the part that it came in, and its place there.
Within a file rows stand in the order of the articles, so that the files of one part can be read side by side.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import Any

import pyarrow as pa

from gazetteer.types import (
    Abstention,
    Access,
    Annotation,
    Article,
    Digest,
    Entity,
    Failure,
    Mention,
    OptOuts,
    Place,
    Quote,
    QuoteKind,
    Sentence,
    SentenceTone,
    Tag,
    Tone,
)

Row = dict[str, Any]

_TEXT, _NUMBER, _SHARE, _TIME = pa.string(), pa.int32(), pa.float64(), pa.timestamp("us", tz="UTC")
_SPAN = [("start", _NUMBER), ("end", _NUMBER)]
_TONE = [("positive", _SHARE), ("negative", _SHARE), ("neutral", _SHARE)]
_QUOTE = pa.struct(
    [
        *_SPAN,
        ("kind", _TEXT),
        ("cue_start", _NUMBER),
        ("cue_end", _NUMBER),
        ("speaker_start", _NUMBER),
        ("speaker_end", _NUMBER),
        ("entity", _NUMBER),
    ]
)

_ASKED = pa.struct(
    [
        ("robots", pa.list_(_TEXT)),
        ("signals", pa.list_(_TEXT)),
        ("tdm_reserved", pa.bool_()),
        ("tdm_policy", _TEXT),
    ]
)

SCHEMAS: dict[str, pa.Schema] = {
    "articles": pa.schema(
        [
            ("article", _TEXT),
            ("source", _TEXT),
            ("url", _TEXT),
            ("canonical_url", _TEXT),
            ("headline", _TEXT),
            ("byline", _TEXT),
            ("authors", pa.list_(_TEXT)),
            ("publisher", _TEXT),
            ("published_at", _TIME),
            ("modified_at", _TIME),
            ("section", _TEXT),
            ("language", _TEXT),
            ("image_url", _TEXT),
            ("access", _TEXT),
            ("opt_outs", _ASKED),
            ("text", _TEXT),
            ("positivity", _SHARE),
            ("negativity", _SHARE),
            ("neutral", _SHARE),
            ("evidence", pa.list_(_NUMBER)),
            ("no_tone_because", _TEXT),
            ("summary", pa.list_(_NUMBER)),
            ("summary_why", pa.list_(_TEXT)),
            ("tags", pa.list_(pa.struct([("name", _TEXT), ("code", _TEXT), ("why", _TEXT)]))),
            ("quotes", pa.list_(_QUOTE)),
            ("vector", pa.list_(pa.float32())),
            ("notes", pa.list_(_TEXT)),
            ("model", _TEXT),
        ]
    ),
    "sentences": pa.schema(
        [("article", _TEXT), ("number", _NUMBER), *_SPAN, *_TONE, ("salience", _SHARE), ("is_quoted", pa.bool_())]
    ),
    "entities": pa.schema(
        [
            ("article", _TEXT),
            ("number", _NUMBER),
            ("name", _TEXT),
            ("label", _TEXT),
            ("country", _TEXT),
            ("subdivision", _TEXT),
            ("latitude", _SHARE),
            ("longitude", _SHARE),
            ("is_country", pa.bool_()),
            ("has_place", pa.bool_()),
        ]
    ),
    "mentions": pa.schema([("article", _TEXT), ("entity", _NUMBER), *_SPAN, ("words", _TEXT), ("score", _SHARE)]),
    "tone": pa.schema([("article", _TEXT), ("entity", _NUMBER), ("of", _TEXT), *_TONE]),
    "failures": pa.schema([("article", _TEXT), ("source", _TEXT), ("reason", _TEXT)]),
}
"""The columns of each table that a part has. `docs/batch.md` says what each holds."""

STORIES = pa.schema([("story", _TEXT), ("article", _TEXT), ("day", pa.date32())])
"""The columns of `stories`, which is made of all parts."""

_PLAIN = (
    "source",
    "url",
    "canonical_url",
    "headline",
    "byline",
    "publisher",
    "section",
    "language",
    "image_url",
    "text",
)
_SHARES = ("positive", "negative", "neutral")
_PLACE = ("country", "subdivision", "latitude", "longitude", "is_country")
_TOWARD, _OUTCOME = "toward", "outcome"
_UNSTORABLE = re.compile("[\ud800-\udfff]")


def rows(article: str, found: Digest | Failure) -> dict[str, list[Row]]:
    """Give the rows of a page by their tables."""
    if isinstance(found, Failure):
        return {"failures": [{"article": article, "source": found.source, "reason": found.reason}]}
    made = {
        "articles": [_article(found)],
        "sentences": [_sentence(number, each) for number, each in enumerate(found.annotation.sentences)],
        "entities": [_entity(number, each) for number, each in enumerate(found.annotation.entities)],
        "mentions": list(_mentions(found)),
        "tone": list(_tones(found.annotation.entities)),
    }
    return {name: [{"article": article, **row} for row in some] for name, some in made.items()}


def digest(
    article: Row, sentences: Sequence[Row], entities: Sequence[Row], mentions: Sequence[Row], tone: Sequence[Row]
) -> Digest:
    """Make the digest that these rows of one article were made of."""
    told = {(row["entity"], row["of"]): _tone_of(row) for row in tone}
    spans: dict[int, list[Mention]] = defaultdict(list)
    for row in mentions:
        spans[row["entity"]].append(Mention(start=row["start"], end=row["end"], score=row["score"]))
    annotation = Annotation(
        entities=tuple(
            Entity(
                name=row["name"],
                label=row["label"],
                mentions=tuple(spans[row["number"]]),
                place=Place(**{name: row[name] for name in _PLACE}) if row["has_place"] else None,
                tone=told.get((row["number"], _TOWARD)),
                outcome=told.get((row["number"], _OUTCOME)),
            )
            for row in entities
        ),
        sentences=tuple(_sentence_of(row) for row in sentences),
        tone=_whole_tone_of(article),
        summary=tuple(article["summary"]),
        summary_why=tuple(article["summary_why"]),
        tags=tuple(Tag(**row) for row in article["tags"]),
        quotes=tuple(map(_quote_of, article["quotes"])),
        vector=tuple(article["vector"]),
        notes=tuple(article["notes"]),
        model=article["model"],
    )
    said = Article(
        **{name: article[name] for name in _PLAIN},
        authors=tuple(article["authors"]),
        published_at=article["published_at"],
        modified_at=article["modified_at"],
        access=Access(article["access"]),
        opt_outs=_opt_outs_of(article["opt_outs"]),
    )
    return Digest(article=said, annotation=annotation)


def table(name: str, some: Sequence[Row]) -> pa.Table:
    """Give rows as a table; halves of surrogate pairs, which UTF-8 cannot hold, are replaced."""
    try:
        return pa.Table.from_pylist(some, schema=SCHEMAS[name])
    except UnicodeEncodeError:
        return pa.Table.from_pylist(_storable(some), schema=SCHEMAS[name])


def _storable(value: Any) -> Any:  # noqa: ANN401 - what a row can hold
    if isinstance(value, str):
        return _UNSTORABLE.sub("\ufffd", value)
    if isinstance(value, dict):
        return {name: _storable(each) for name, each in value.items()}
    return [*map(_storable, value)] if isinstance(value, list | tuple) else value


def _article(found: Digest) -> Row:
    article, annotation = found.article, found.annotation
    tone = annotation.tone
    shares = ("positivity", "negativity", "neutral", "evidence")
    return {
        **{name: getattr(article, name) for name in _PLAIN},
        "authors": article.authors,
        "published_at": article.published_at,
        "modified_at": article.modified_at,
        "access": article.access.value,
        "opt_outs": asdict(article.opt_outs),
        **{name: getattr(tone, name, None) for name in shares},
        "no_tone_because": tone.reason if isinstance(tone, Abstention) else None,
        "summary": annotation.summary,
        "summary_why": annotation.summary_why,
        "tags": [{"name": each.name, "code": each.code, "why": each.why} for each in annotation.tags],
        "quotes": [*map(_quote, annotation.quotes)],
        "vector": annotation.vector,
        "notes": annotation.notes,
        "model": annotation.model,
    }


def _opt_outs_of(asked: Row) -> OptOuts:
    return OptOuts(**asked | {name: tuple(asked[name]) for name in ("robots", "signals")})


def _whole_tone_of(row: Row) -> Tone | Abstention:
    if row["positivity"] is None:
        return Abstention(reason=row["no_tone_because"])
    shares = {name: row[name] for name in ("positivity", "negativity", "neutral")}
    return Tone(**shares, evidence=tuple(row["evidence"]))


def _sentence(number: int, sentence: Sentence) -> Row:
    own = {"number": number, "start": sentence.start, "end": sentence.end}
    return own | _shares(sentence.tone) | {"salience": sentence.salience, "is_quoted": sentence.is_quoted}


def _sentence_of(row: Row) -> Sentence:
    own = {name: row[name] for name in ("start", "end", "salience", "is_quoted")}
    return Sentence(**own, tone=None if row["neutral"] is None else _tone_of(row))


def _entity(number: int, entity: Entity) -> Row:
    place = entity.place
    own = {"number": number, "name": entity.name, "label": entity.label, "has_place": place is not None}
    return own | {name: getattr(place, name, None) for name in _PLACE}


def _mentions(found: Digest) -> Iterator[Row]:
    for number, entity in enumerate(found.annotation.entities):
        for each in entity.mentions:
            words = found.article.text[each.start : each.end]
            yield {"entity": number, "start": each.start, "end": each.end, "words": words, "score": each.score}


def _tones(entities: Sequence[Entity]) -> Iterator[Row]:
    for number, entity in enumerate(entities):
        for of, tone in ((_TOWARD, entity.tone), (_OUTCOME, entity.outcome)):
            if tone is not None:
                yield {"entity": number, "of": of} | _shares(tone)


def _shares(tone: SentenceTone | None) -> Row:
    return {name: getattr(tone, name, None) for name in _SHARES}


def _tone_of(row: Row) -> SentenceTone:
    return SentenceTone(**{name: row[name] for name in _SHARES})


def _quote(quote: Quote) -> Row:
    ends = {"cue": quote.cue or (None, None), "speaker": quote.speaker or (None, None)}
    spans = {
        f"{name}_{side}": at for name, span in ends.items() for side, at in zip(("start", "end"), span, strict=True)
    }
    return {"start": quote.start, "end": quote.end, "kind": quote.kind.value, "entity": quote.entity} | spans


def _quote_of(row: Row) -> Quote:
    spans = {name: (row[f"{name}_start"], row[f"{name}_end"]) for name in ("cue", "speaker")}
    known = {name: span for name, span in spans.items() if span[0] is not None}
    return Quote(start=row["start"], end=row["end"], kind=QuoteKind(row["kind"]), entity=row["entity"], **known)
