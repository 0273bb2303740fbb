"""How much speaks for a block's being the article's own.

The seventeen weights are a logistic regression's, fitted to which blocks of the pages in `pages/news-sites` are in
their expected texts (every page the same weight). No word, class or address of one site is among the signals.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import Final

from gazetteer.extract.blocks import Block

Words = tuple[str, ...]
SHINGLE: Final = 4
"""How many words in a row are compared."""

_WEIGHTS: Final = {
    "bias": -5.30,
    "agreed": 2.54,
    "length": 0.71,
    "short": 0.19,
    "linked": -3.01,
    "link": 2.20,
    "ends": 0.62,
    "figure": 0.13,
    "header": 2.03,
    "article": 0.35,
    "beside": -0.04,
    "holds": -0.58,
    "share_of_parent": 1.10,
    "rate_of_parent": 2.37,
    "share_of_kind": 1.37,
    "before": -0.15,
    "after": 1.15,
}
_WORD = re.compile(r"\w+")
_END = re.compile(r"[.!?…。！？:;\"”’'»)]\Z")
_LONGEST = 60
_SHORT = 5
_ONCE = 8
_SENTENCE = 12


def words(text: str) -> Words:
    """The text's words, in lower case."""
    return tuple(_WORD.findall(text.lower()))


def shingles(spoken: Words) -> Iterator[Words]:
    """Every `SHINGLE` words in a row of the text."""
    return zip(*(spoken[i:] for i in range(SHINGLE)), strict=False)


class Page:
    """A page's blocks beside the text that trafilatura found in it."""

    def __init__(self, blocks: Sequence[Block], found: str) -> None:
        self.blocks = blocks
        self.words = [words(block.text) for block in blocks]
        lines = found.splitlines()
        told = [words(line) for line in lines]
        self._quoted = frozenset(shingles(tuple(chain.from_iterable(told))))
        self._lines = Counter(told)
        self._cells = {words(cell) for line in lines if "|" in line for cell in line.split("|")}
        self._agreed = [self._agreement(spoken) for spoken in self.words]
        self._mass: defaultdict[tuple[str, object], float] = defaultdict(float)
        self._size: Counter[tuple[str, object]] = Counter()
        for block, spoken, agreed in zip(blocks, self.words, self._agreed, strict=True):
            for key in _groups(block):
                self._mass[key] += agreed * len(spoken)
                self._size[key] += len(spoken)
        self._total = max(1.0, sum(agreed * len(w) for agreed, w in zip(self._agreed, self.words, strict=True)))

    def once(self) -> list[int]:
        """The numbers of the blocks without the copies of a longer one, in reading order.

        Of several that are alike, those stand whose surroundings agree most with trafilatura's text: as many as it
        has itself, one at least.
        """
        alike: dict[Words, list[int]] = {}
        for i, spoken in enumerate(self.words):
            alike.setdefault(spoken if len(spoken) >= _ONCE else (str(i),), []).append(i)
        kept: list[int] = []
        for spoken, numbers in alike.items():
            kept += sorted(numbers, key=self._standing, reverse=True)[: max(1, self._lines[spoken])]
        return sorted(kept)

    def weigh(self, numbers: Sequence[int]) -> list[float]:
        """The weight of each of these blocks, over 0 where it is likelier the article's than not."""
        agreed = [0.0, *(self._agreed[i] for i in numbers), 0.0]
        return [self._weight(i, agreed[n], agreed[n + 2]) for n, i in enumerate(numbers)]

    def is_alike(self, number: int) -> bool:
        """Whether the template makes the block as it makes most of the article's text: trafilatura may stop early
        where a page tells its article in several parts.
        """
        block = self.blocks[number]
        return (
            self._share("kind", block.place.kind) > 1 / 2
            and self._share("article", block.place.article) > 1 / 2
            and len(self.words[number]) >= _SENTENCE
            and bool(_END.search(block.text))
            and block.linked < 2 / 5
            and block.place.beside == 0
        )

    def is_comment(self, number: int) -> bool:
        """Whether the block is a reader's comment; none is where nearly the whole text would be."""
        return self.blocks[number].place.commented and self._share("comments", value=True) < 4 / 5

    def _agreement(self, spoken: Words) -> float:
        """How much of a block trafilatura's text has, 0 to 1; a short one it must have as a line or a cell."""
        if len(spoken) < SHINGLE:
            return float(spoken in self._cells or spoken in self._lines)
        return sum(map(self._quoted.__contains__, shingles(spoken))) / (len(spoken) - SHINGLE + 1)

    def _standing(self, number: int) -> tuple[float, int]:
        place = self.blocks[number].place
        return self._mass["parent", place.parent], place.holds - place.beside

    def _share(self, group: str, value: object) -> float:
        """The share of all that trafilatura's text agrees with which is in this group of blocks."""
        return self._mass[group, value] / self._total

    def _weight(self, number: int, before: float, after: float) -> float:
        block, place, length = self.blocks[number], self.blocks[number].place, len(self.words[number])
        parent = ("parent", place.parent)
        signals = {
            "bias": 1.0,
            "agreed": self._agreed[number],
            "length": min(length, _LONGEST) / 30,
            "short": length < _SHORT,
            "linked": block.linked,
            "link": block.linked > 4 / 5,
            "ends": bool(_END.search(block.text)),
            "figure": bool(place.tags & {"figure", "figcaption"}),
            "header": "header" in place.tags,
            "article": bool(place.tags & {"article", "main"}),
            "beside": place.beside > 0,
            "holds": place.holds > 0,
            "share_of_parent": self._share(*parent),
            "rate_of_parent": self._mass[parent] / max(1, self._size[parent]),
            "share_of_kind": self._share("kind", place.kind),
            "before": before,
            "after": after,
        }
        return sum([_WEIGHTS[name] * value for name, value in signals.items()])


def _groups(block: Block) -> Iterable[tuple[str, object]]:
    place = block.place
    return ("parent", place.parent), ("kind", place.kind), ("article", place.article), ("comments", place.commented)
