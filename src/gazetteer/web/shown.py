"""What of a kept article is shown: its reading with corrections made and, on a public site, an excerpt. Pure."""

from collections.abc import Sequence
from dataclasses import replace

from gazetteer.archive.values import ENDLESS, Kept
from gazetteer.types import Article, Digest, Entity, Mention, Quote, Sentence, SentenceTone
from gazetteer.web import SiteSettings

_BETWEEN = "\n\n"
_UNSAID = "-"


def shown(kept: Kept, settings: SiteSettings) -> Digest:
    """Give what a site shows of an article."""
    if not settings.public:
        return readable(kept)
    return excerpted(corrected(kept), most_shown(kept.publisher.name if kept.publisher else "", settings))


def readable(kept: Kept) -> Digest:
    """Give what an owner's own site shows of an article: of one whose publisher wants no copy shown, the summary."""
    digest = corrected(kept)
    if not digest.article.opt_outs.no_copy:
        return digest
    summary = excerpted(digest, len(digest.annotation.summary))
    return replace(summary, article=replace(summary.article, source=digest.article.source))


def is_whole(article: Article, settings: SiteSettings) -> bool:
    """Tell whether a site shows the words of an article's text, and not an excerpt alone."""
    return not settings.public and not article.opt_outs.no_copy


def most_shown(publisher: str, settings: SiteSettings) -> int:
    """Give how many sentences of an article by this publisher a public site may show; its name's case is no matter."""
    own = {name.casefold(): most for name, most in settings.excerpts.items()}
    return own.get(publisher.casefold(), settings.excerpt)


def corrected(kept: Kept) -> Digest:
    """Give the digest with corrections made: names as the archive shows them, those that were merged as one.

    The entities are those of `dict.fromkeys(kept.entities)`, in that order.
    """
    annotation = kept.digest.annotation
    numbers = {subject: number for number, subject in enumerate(dict.fromkeys(kept.entities))}
    members: list[list[Entity]] = [[] for _ in numbers]
    for subject, entity in zip(kept.entities, annotation.entities, strict=True):
        members[numbers[subject]].append(entity)
    entities = tuple(
        _merged(same, name=subject.name, label=subject.label) for subject, same in zip(numbers, members, strict=True)
    )
    quotes = tuple(
        quote if quote.entity is None else replace(quote, entity=numbers[kept.entities[quote.entity]])
        for quote in annotation.quotes
    )
    return replace(kept.digest, annotation=replace(annotation, entities=entities, quotes=quotes))


def excerpted(digest: Digest, most: int) -> Digest:
    """Give the digest with no word of the text but the first `most` sentences of its summary that are not endless.

    What was read stays, and can be counted: the spans of all else are empty, as are the sentences that are left out.
    """
    annotation = digest.annotation
    length = [sentence.end - sentence.start for sentence in annotation.sentences]
    why = dict(zip(annotation.summary, annotation.summary_why, strict=False))
    chosen = tuple(number for number in annotation.summary if length[number] <= ENDLESS)[:most]
    text, sentences = _cut(digest.article.text, annotation.sentences, frozenset(chosen))
    moves = [
        (was.start, was.end, now.start - was.start)
        for was, now in zip(annotation.sentences, sentences, strict=True)
        if now.start < now.end
    ]

    def moved(start: int, end: int) -> tuple[int, int] | None:
        by = next((by for least, limit, by in moves if least <= start < end <= limit), None)
        return None if by is None else (start + by, end + by)

    def mention(was: Mention) -> Mention:
        start, end = moved(was.start, was.end) or (0, 0)
        return replace(was, start=start, end=end)

    def quote(was: Quote) -> Quote:
        start, end = moved(was.start, was.end) or (0, 0)
        cue, speaker = (span and moved(*span) for span in (was.cue, was.speaker))
        return replace(was, start=start, end=end, cue=cue, speaker=speaker)

    reading = replace(
        annotation,
        entities=tuple(replace(each, mentions=tuple(map(mention, each.mentions))) for each in annotation.entities),
        sentences=sentences,
        summary=chosen,
        summary_why=tuple(why.get(number, "") for number in chosen),
        quotes=tuple(map(quote, annotation.quotes)),
    )
    return Digest(article=replace(digest.article, text=text, source=_UNSAID), annotation=reading)


def read_as(kept: Kept) -> dict[int, tuple[str, ...]]:
    """Give the names that were read in the article for each subject's number that is shown by another."""
    found: dict[int, dict[str, None]] = {}
    for subject, entity in zip(kept.entities, kept.digest.annotation.entities, strict=True):
        found.setdefault(subject.id, {})[entity.name] = None
    shown_as = {subject.id: subject.name for subject in kept.entities}
    return {number: tuple(names) for number, names in found.items() if list(names) != [shown_as[number]]}


def _merged(same: Sequence[Entity], *, name: str, label: str | None) -> Entity:
    return Entity(
        name=name,
        label=label or same[0].label,
        mentions=tuple(sorted((each for entity in same for each in entity.mentions), key=lambda each: each.start)),
        place=next((entity.place for entity in same if entity.place), None),
        tone=_mean([(len(entity.mentions), entity.tone) for entity in same if entity.tone]),
        outcome=_mean([(len(entity.mentions), entity.outcome) for entity in same if entity.outcome]),
    )


def _mean(told: Sequence[tuple[int, SentenceTone]]) -> SentenceTone | None:
    """Give the mean of tones over mentions."""
    count = sum(weight for weight, _ in told)
    if len(told) < 2 or not count:
        return told[0][1] if told else None
    return SentenceTone(
        positive=sum(weight * tone.positive for weight, tone in told) / count,
        negative=sum(weight * tone.negative for weight, tone in told) / count,
        neutral=sum(weight * tone.neutral for weight, tone in told) / count,
    )


def _cut(text: str, sentences: Sequence[Sentence], chosen: frozenset[int]) -> tuple[str, tuple[Sentence, ...]]:
    """Give the words of the chosen sentences alone, and where each sentence stands in them."""
    words, cut = "", []
    for number, sentence in enumerate(sentences):
        if number in chosen and sentence.start < sentence.end:
            words += _BETWEEN if words else ""
            start = len(words)
            words += text[sentence.start : sentence.end]
        else:
            start = len(words)
        cut.append(replace(sentence, start=start, end=len(words)))
    return words, tuple(cut)
