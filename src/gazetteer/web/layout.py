"""An article's text laid out: paragraphs of sentences, sentences of runs, each run a plain stretch or a mention.

Every character of the text comes out once and in order, whatever the spans say: spans that overlap or lie outside the
text lose against those before them.
"""

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass

from gazetteer.types import Annotation

_PARAGRAPHS = re.compile(r"\n[ \t]*\n\s*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """A stretch of text; `entity` numbers the entity that it mentions."""

    text: str
    entity: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A sentence, or what stands between two (`sentence` is None); `first` where its sentence begins here."""

    runs: tuple[Run, ...]
    sentence: int | None = None
    first: bool = True


class Layout:
    """The text of one article under the spans of its annotation."""

    def __init__(self, text: str, annotation: Annotation) -> None:
        self._text = text
        mentions = [
            (mention.start, mention.end, number)
            for number, entity in enumerate(annotation.entities)
            for mention in entity.mentions
        ]
        spans = [(sentence.start, sentence.end, number) for number, sentence in enumerate(annotation.sentences)]
        self._mentions = _disjoint(mentions, len(text))
        self._sentences = _disjoint(spans, len(text))
        self._starts = {number: start for start, _, number in self._sentences}
        self._runs: dict[tuple[int, int], tuple[Run, ...]] = {}

    def runs(self, start: int, end: int) -> tuple[Run, ...]:
        """The stretch from `start` to `end` as runs."""
        found = self._runs.get((start, end))
        if found is None:  # a sentence is shown for each name in it
            found = self._runs[start, end] = tuple(self._parted(start, end))
        return found

    def _parted(self, start: int, end: int) -> Iterator[Run]:
        for left, right, entity in _within(self._mentions, start, end):
            if start < left:
                yield Run(text=self._text[start:left])
            yield Run(text=self._text[left:right], entity=entity)
            start = right
        if start < end:
            yield Run(text=self._text[start:end])

    def paragraphs(self) -> Iterator[tuple[Piece, ...]]:
        """The text's paragraphs, each as its sentences and what stands between them."""
        start = 0
        for gap in _PARAGRAPHS.finditer(self._text):
            yield self._pieces(start, gap.start())
            start = gap.end()
        yield self._pieces(start, len(self._text))

    def naming(self) -> dict[int, dict[int, int]]:
        """For each entity, the sentences that hold a mention of it, in reading order, and where the first begins."""
        found: dict[int, dict[int, int]] = {}
        for start, end, entity in self._mentions:
            for left, _, sentence in _within(self._sentences, start, end):
                found.setdefault(entity, {}).setdefault(sentence, left)
        return found

    def _pieces(self, start: int, end: int) -> tuple[Piece, ...]:
        pieces = []
        for left, right, sentence in _within(self._sentences, start, end):
            if start < left:
                pieces.append(Piece(runs=self.runs(start, left)))
            pieces.append(Piece(runs=self.runs(left, right), sentence=sentence, first=self._starts[sentence] == left))
            start = right
        if start < end:
            pieces.append(Piece(runs=self.runs(start, end)))
        return tuple(pieces)


def _disjoint(spans: list[tuple[int, int, int]], length: int) -> list[tuple[int, int, int]]:
    kept: list[tuple[int, int, int]] = []
    cursor = 0
    for start, end, number in sorted(spans):
        if cursor <= start < end <= length:
            kept.append((start, end, number))
            cursor = end
    return kept


def _within(spans: list[tuple[int, int, int]], start: int, end: int) -> Iterator[tuple[int, int, int]]:
    """The spans that lie between `start` and `end`, cut to them."""
    for index in range(bisect_left(spans, start + 1, key=lambda span: span[1]), len(spans)):
        left, right, number = spans[index]
        if left >= end:
            return
        yield max(left, start), min(right, end), number
