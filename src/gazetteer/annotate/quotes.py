"""Who said what: direct, mixed and reported speech, by rules, with the verb of saying and whoever it is given to.

A quotation is somebody's where a verb of saying stands beside it, where a colon brings it, or where it goes on with
what the one before began. Reported speech is somebody's where a verb of saying and its subject bring a clause, or
"according to" names who has it. Titles, single words and scare quotes are nobody's. In time linear in the text.
"""

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence

from gazetteer.annotate.speech.attribution import subject_of
from gazetteer.annotate.speech.clauses import Said
from gazetteer.annotate.speech.contents import said_in
from gazetteer.annotate.speech.marks import quoted
from gazetteer.annotate.speech.speakers import Cast
from gazetteer.annotate.speech.tokens import Kind, Named, Sentence, tokens_of
from gazetteer.types import Entity, Quote, QuoteKind

_FARTHEST = 1500
"""Characters after which a quotation no longer goes on with the one before."""

_DATELINE = re.compile(
    r"(?:[A-Z][A-Z.’'/ -]{2,60}(?:,[^\n(:—–]{1,30}?)?"
    r"|(?:[A-Z][\w.’'-]{0,30}(?:(?:,| &)? [A-Z0-9][\w.’'-]{0,30}){0,6}[ ,]{1,3})?(?=\())"
    r"\s{0,3}(?:\([A-Z][^()\n]{1,40}\))?\s{0,3}(?:(?:--|[—–-])\s{1,3}|—|:\s{1,3}(?=[A-Z]))"
    r"(?:\d{1,2} [A-Z][a-z]+ \d{4}:\s{1,3})?(?=[A-Z“\"‘'\d])"
)
"""Where and by whom something was written, as a report begins ("NAIROBI, Kenya (NPA) — The port …")."""

_HEADING = re.compile(r"\s*[“\"‘'][^“”\"\n]{1,120}[^“”\"\n\W][”\"’']\s*")
"""A quotation for a heading."""

_LONGEST_LINE = 200
_LONGEST_INDENT = 4
"""Characters."""


def quotes_of(text: str, sentences: Sequence[tuple[int, int]], entities: Sequence[Entity]) -> tuple[Quote, ...]:
    """What `text` gives as somebody's words, in reading order, none overlapping.

    `sentences` are the spans of `sentences.split`, `entities` those that the text names.
    """
    named = _named(entities)
    cast = Cast.of(text, entities, named)
    found: list[Quote] = []
    for sentence, names in _sentences(text, sentences, named):
        cast.enter(names, subject_of(sentence))
        for said in said_in(sentence):
            quote = _with_speaker(said, found[-1] if found else None, cast)
            if quote and (not found or found[-1].end <= quote.start):
                found.append(quote)
    return tuple(found)


def is_quoted(text: str, start: int, end: int, quotes: Sequence[Quote]) -> bool:
    """Whether most of the sentence `text[start:end]` is somebody's words, between marks.

    `quotes` are those of `text`, in reading order. Of mixed ones, those count that marks open and close.
    """
    inside = 0
    for n in range(bisect_left(quotes, start + 1, key=lambda quote: quote.end), len(quotes)):
        quote = quotes[n]
        if quote.start >= end:
            break
        marked = not (text[quote.start].isalnum() or text[quote.end - 1].isalnum())
        if quote.kind is QuoteKind.DIRECT or (quote.kind is QuoteKind.MIXED and marked):
            inside += min(end, quote.end) - max(start, quote.start)
    return 2 * inside > end - start


def _named(entities: Sequence[Entity]) -> list[Named]:
    """The mentions in reading order; one that overlaps the one before is left out."""
    every = sorted(Named(m.start, m.end, n, e.label) for n, e in enumerate(entities) for m in e.mentions)
    kept: list[Named] = []
    for name in every:
        if name.start < name.end and (not kept or name.start >= kept[-1].end):
            kept.append(name)
    return kept


def _sentences(
    text: str, sentences: Sequence[tuple[int, int]], named: Sequence[Named]
) -> Iterator[tuple[Sentence, list[Named]]]:
    """Each sentence, joined with those that a quotation in it reaches into, and the names outside its quotations."""
    stretches = quoted(text)
    nth = at_name = 0
    for start, end in _joined(text, sentences, stretches):
        first = nth
        while nth < len(stretches) and stretches[nth].start < end:
            nth += 1
        while at_name < len(named) and named[at_name].start < start:
            at_name += 1
        first_name = at_name
        while at_name < len(named) and named[at_name].start < end:
            at_name += 1
        names = named[first_name:at_name]
        tokens = tokens_of(text, _past_dateline(text, start, end), end, names, stretches[first:nth])
        outside = {token.start for token in tokens if token.kind is Kind.NAME}
        yield Sentence(text, tokens), [name for name in names if name.start in outside]


def _past_dateline(text: str, start: int, end: int) -> int:
    """Where the sentence `text[start:end]` begins without the dateline that a paragraph may have before it."""
    begins_line = start < _LONGEST_INDENT or "\n" in text[start - _LONGEST_INDENT : start]
    found = _DATELINE.match(text, start, end) if begins_line else None
    return found.end() if found else start


def _joined(
    text: str, sentences: Iterable[tuple[int, int]], stretches: Iterable[tuple[int, int]]
) -> Iterator[tuple[int, int]]:
    """The spans of `sentences`, those joined that one of `stretches` reaches across, or a colon before it."""
    reaching = iter(stretches)
    stretch = next(reaching, None)
    start: int | None = None
    last = 0
    for begin, end in sentences:
        start = begin if start is None else start
        last = end
        while stretch and stretch[1] <= end:
            stretch = next(reaching, None)
        is_brought = stretch and text[end - 1] == ":" and not text[end : stretch[0]].strip()
        if not stretch or (stretch[0] >= end and not is_brought):
            yield start, end
            start = None
    if start is not None:
        yield start, last


def _line_of(text: str, start: int, end: int) -> str:
    """What stands in the line, or lines, of `text[start:end]`, as far as a heading may reach."""
    least = max(0, start - _LONGEST_LINE)
    after = text.find("\n", end, end + _LONGEST_LINE)
    return text[max(least, text.rfind("\n", least, start) + 1) : after if after >= 0 else end + _LONGEST_LINE]


def _with_speaker(said: Said, before: Quote | None, cast: Cast) -> Quote | None:
    """What was said with whoever says it: whom its sentence names, or the one before if nobody speaks in that.

    Else it is whoever said the quotation `before`; None where that is nobody, and for a quotation without a stop that
    has a line for itself, which heads what follows it.
    """
    if said.phrase is None and _HEADING.fullmatch(_line_of(cast.text, said.start, said.end)):
        return None
    if said.phrase:
        speaker: tuple[int, int] | None = (said.phrase.start, said.phrase.end)
        entity = cast.who(said.phrase)
        cast.speaks(said.phrase, entity)
    elif name := cast.introduced():
        speaker, entity = (name.start, name.end), name.entity
    elif before and said.start - before.end < _FARTHEST:
        speaker, entity = before.speaker, before.entity
    else:
        return None
    return Quote(start=said.start, end=said.end, kind=said.kind, cue=said.cue, speaker=speaker, entity=entity)
