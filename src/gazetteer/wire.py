"""The words at the machine's edge: values → what goes into one line of JSON.

Programs depend on these names; they stay stable. Spans count characters of `text`; times are RFC 3339 in UTC.
"""

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from gazetteer.types import (
    NO_OPT_OUTS,
    Abstention,
    Annotation,
    Article,
    Digest,
    Entity,
    OptOuts,
    Place,
    Quote,
    Sentence,
    SentenceTone,
    Tag,
    Tone,
)

if TYPE_CHECKING:
    from gazetteer.archive.values import Hit
    from gazetteer.keeping import Added, Followed


def article_line(article: Article) -> dict[str, object]:
    """An article as `gazetteer extract --json` prints it; `url` is the address to cite, null where none is known."""
    words = _article(article)
    del words["section"], words["image_url"]
    return words


def opt_outs(asked: OptOuts) -> dict[str, object] | None:
    """What a publisher asks of programs, null where it asks nothing."""
    if asked == NO_OPT_OUTS:
        return None
    return {
        "robots": list(asked.robots),
        "signals": list(asked.signals),
        "tdm_reserved": asked.tdm_reserved,
        "tdm_policy": asked.tdm_policy,
    }


def annotation_line(annotation: Annotation) -> dict[str, object]:
    """An annotation as `gazetteer annotate --json` prints it, without its `id`.

    `tone` is null where there is no answer; `tone_abstained`, there alone, says why. `notes` stands only where there
    are some.
    """
    line: dict[str, object] = {
        "entities": [_entity(entity) for entity in annotation.entities],
        "sentences": [_sentence(sentence) for sentence in annotation.sentences],
        "quotes": [_quote(quote) for quote in annotation.quotes],
        "tone": _tone(annotation.tone),
    }
    if isinstance(annotation.tone, Abstention):
        line["tone_abstained"] = annotation.tone.reason
    line |= {
        "summary": list(annotation.summary),
        "summary_why": list(annotation.summary_why),
        "tags": [_tag(tag) for tag in annotation.tags],
        "model": annotation.model,
    }
    return line | {"notes": list(annotation.notes)} if annotation.notes else line


def sentence_tone(tone: SentenceTone | None) -> dict[str, float] | None:
    """How one sentence is told, null where that is not read."""
    return None if tone is None else {"positive": tone.positive, "negative": tone.negative, "neutral": tone.neutral}


def digest_line(digest: Digest) -> dict[str, object]:
    """A digest as `gazetteer digest --json` prints it: the article's words and the annotation's in one object."""
    return _article(digest.article) | annotation_line(digest.annotation)


def added_line(added: "Added | Followed") -> dict[str, object]:
    """What `gazetteer add --json` prints of an article that is in the archive now, or of a feed that it follows.

    `headline` may not be known.
    """
    from gazetteer.keeping import Followed

    if isinstance(added, Followed):
        outcome = "followed" if added.is_new else "known"
        own = {"source": added.source, "feed": added.feed, "outcome": outcome}
        return own | {"url": added.url, "title": added.title}
    saved = added.saved
    return {"source": added.source, "id": saved.id, "outcome": saved.outcome.value, "headline": added.headline}


def hit_line(hit: "Hit") -> dict[str, object]:
    """An article that a search found, as `gazetteer search --json` prints it."""
    card = hit.card
    return {
        "id": card.id,
        "url": card.link,
        "headline": card.headline,
        "publisher": card.publisher.name if card.publisher else None,
        "published_at": _time(card.published_at),
        "language": card.language,
        "tone": _tone(card.tone) if card.tone else None,
        "snippet": [{"words": piece.words, "is_match": piece.is_match} for piece in hit.snippet],
    }


def _article(article: Article) -> dict[str, object]:
    asked = opt_outs(article.opt_outs)
    return {
        "source": article.source,
        "url": article.link,
        "headline": article.headline,
        "byline": article.byline,
        "authors": list(article.authors),
        "publisher": article.publisher,
        "published_at": _time(article.published_at),
        "modified_at": _time(article.modified_at),
        "section": article.section,
        "language": article.language,
        "access": article.access.value,
        "image_url": article.image_url,
        "text": article.text,
    } | ({} if asked is None else {"opt_outs": asked})


def _time(at: datetime | None) -> str | None:
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z") if at else None


def _entity(entity: Entity) -> dict[str, object]:
    mentions = [{"start": each.start, "end": each.end, "score": each.score} for each in entity.mentions]
    line: dict[str, object] = {"name": entity.name, "label": entity.label, "mentions": mentions}
    if entity.place is not None:
        line["place"] = _place(entity.place)
    for word, told in (("tone", entity.tone), ("outcome", entity.outcome)):
        if told is not None:
            line[word] = sentence_tone(told)
    return line


def _place(place: Place) -> dict[str, object]:
    """What is known of the place: words that are not are left out."""
    words = {
        "country": place.country,
        "subdivision": place.subdivision,
        "latitude": place.latitude,
        "longitude": place.longitude,
        "is_country": place.is_country or None,
    }
    return {word: value for word, value in words.items() if value is not None}


def _sentence(sentence: Sentence) -> dict[str, object]:
    return {
        "start": sentence.start,
        "end": sentence.end,
        "tone": sentence_tone(sentence.tone),
        "salience": sentence.salience,
        "quoted": sentence.is_quoted,
    }


def _quote(quote: Quote) -> dict[str, object]:
    return {
        "start": quote.start,
        "end": quote.end,
        "kind": quote.kind.value,
        "cue": None if quote.cue is None else list(quote.cue),
        "speaker": None if quote.speaker is None else list(quote.speaker),
        "entity": quote.entity,
    }


def _tone(tone: Tone | Abstention) -> dict[str, float] | None:
    if isinstance(tone, Abstention):
        return None
    return {"positivity": tone.positivity, "negativity": tone.negativity, "neutral": tone.neutral}


def _tag(tag: Tag) -> dict[str, str]:
    code = {} if tag.code is None else {"code": tag.code}
    return {"name": tag.name} | code | {"why": tag.why}
