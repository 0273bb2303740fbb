"""What a publisher changed between two versions of an article: its headline and text, word by word. Pure."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from itertools import zip_longest

from gazetteer.types import Article

_WORDS = re.compile(r"\s+|\w+|[^\w\s]")
_LIKE = 0.5  # the share that two paragraphs have in common that are one paragraph, changed
_LONGEST = 20_000  # pieces of a paragraph that are compared word by word
_MOST_PAIRS = 2_500  # paragraphs that are compared with each other


class Change(StrEnum):
    """What became of words."""

    SAME = "same"
    ADDED = "added"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """Words, and what became of them."""

    change: Change
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """What changed in the headline, and in the text: its paragraphs, each in edits. Empty where nothing did."""

    headline: tuple[Edit, ...]
    text: tuple[tuple[Edit, ...], ...]


def difference(old: Article, new: Article) -> Difference:
    """Tell what was changed. The words of `SAME` and `REMOVED` make up what was, of `SAME` and `ADDED` what is."""
    headline = () if old.headline == new.headline else _edits(old.headline, new.headline)
    if old.text == new.text:
        return Difference(headline=headline, text=())
    return Difference(headline=headline, text=tuple(_paragraphs(old.text.split("\n\n"), new.text.split("\n\n"))))


def _paragraphs(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[Edit, ...]]:
    for kind, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "equal":
            yield from ((Edit(change=Change.SAME, words=each),) for each in old[a:b] if each)
        else:
            for was, now in _paired(old[a:b], new[c:d]):
                yield from _changed(was, now)


def _paired(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Give the paragraphs that became others, in order, so that those that share most words stand together.

    One that is gone or new stands with "".
    """
    if len(old) * len(new) > _MOST_PAIRS:
        yield from zip_longest(old, new, fillvalue="")
        return
    was, now = ([Counter(each.split()) for each in paragraphs] for paragraphs in (old, new))
    best = [[0.0] * (len(new) + 1) for _ in range(len(old) + 1)]
    alike = [[_alike(each, other) for other in now] for each in was]
    for i in reversed(range(len(old))):
        for j in reversed(range(len(new))):
            best[i][j] = max(best[i + 1][j], best[i][j + 1], best[i + 1][j + 1] + alike[i][j])
    i = j = 0
    while i < len(old) or j < len(new):
        if i < len(old) and best[i][j] == best[i + 1][j]:
            yield old[i], ""
            i += 1
        elif j < len(new) and best[i][j] == best[i][j + 1]:
            yield "", new[j]
            j += 1
        else:
            yield old[i], new[j]
            i, j = i + 1, j + 1


def _alike(was: Counter[str], now: Counter[str]) -> float:
    """Tell what share two paragraphs have in common; nothing where that is too little."""
    share = 2 * (was & now).total() / ((was.total() + now.total()) or 1)
    return share if share >= _LIKE else 0.0


def _changed(was: str, now: str) -> Iterator[tuple[Edit, ...]]:
    """Give two paragraphs as one that was changed, where they are alike, else as one gone and one new."""
    pieces = _WORDS.findall(was), _WORDS.findall(now)
    if max(map(len, pieces)) <= _LONGEST and SequenceMatcher(None, *pieces, autojunk=False).ratio() >= _LIKE:
        yield _edits(was, now)
        return
    if was:
        yield (Edit(change=Change.REMOVED, words=was),)
    if now:
        yield (Edit(change=Change.ADDED, words=now),)


def _edits(old: str, new: str) -> tuple[Edit, ...]:
    was, now = _WORDS.findall(old), _WORDS.findall(new)
    edits: list[Edit] = []
    for kind, a, b, c, d in SequenceMatcher(None, was, now, autojunk=False).get_opcodes():
        if kind == "equal":
            edits.append(Edit(change=Change.SAME, words="".join(was[a:b])))
            continue
        if a < b:
            edits.append(Edit(change=Change.REMOVED, words="".join(was[a:b])))
        if c < d:
            edits.append(Edit(change=Change.ADDED, words="".join(now[c:d])))
    return tuple(edits)
