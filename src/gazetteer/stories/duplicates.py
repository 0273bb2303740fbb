"""What two texts share word for word, and whether one is a copy of the other: reprinted, cut, reordered or edited.

A text is compared by its runs of `RUN` words (w-shingling: Broder, 1997). A copy shares most of the shorter text, and
its facts: where a form was filled in anew, as reports of results and of weather are, names and figures differ.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

RUN = 3
"""Words in a row that are alike by more than chance."""
LONGEST = 20_000
"""Words of a text, from its beginning, that are compared."""
LEAST = 25
"""Words that a text must have to be anybody's copy."""
COPIED = 0.4
"""The share of the shorter text's words that stand in shared runs, from which it is a copy."""
LITTLE = 0.08
"""The share of the shorter text's runs below which no two texts have much in common."""
SAME_FACTS = 0.5
"""The share of the shorter text's names and figures that a copy has."""

_WORD = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]|[^\W_\u3040-\u30ff\u3400-\u9fff]+(?:[.,:]\d+)*")
_SENTENCE_END = re.compile(r"[.!?:\"“”\n]\s*[\"“‘']?$")

Span = tuple[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Overlap:
    """What two texts share: the spans of it in each, in reading order, the share that it is of each text's words, and
    the share of the shorter one's distinct names and figures that the other has (1 where it has none).
    """

    of_one: tuple[Span, ...]
    of_other: tuple[Span, ...]
    share_of_one: float
    share_of_other: float
    facts: float

    @property
    def is_copy(self) -> bool:
        """Whether one text is made from the other, or both from one."""
        return max(self.share_of_one, self.share_of_other) >= COPIED and self.facts >= SAME_FACTS


@dataclass(frozen=True, slots=True)
class Print:
    """A text's words as they are compared (case folded), where each stands, and its distinct names and figures."""

    words: tuple[str, ...]
    spans: tuple[Span, ...]
    facts: frozenset[str]
    runs: frozenset[tuple[str, ...]]


def read(text: str) -> Print:
    """Read a text once, to be compared with many. Takes time linear in it."""
    found = list(islice(_WORD.finditer(text), LONGEST))
    words = tuple(match[0].casefold() for match in found)
    return Print(
        words=words,
        runs=frozenset(_runs(words)),
        spans=tuple(match.span() for match in found),
        facts=frozenset(_facts(text, found)),
    )


def may_be_copies(one: Print, other: Print) -> bool:
    """Tell quickly whether comparing two texts could find a copy, or the words of one agency."""
    least = min(len(one.runs), len(other.runs))
    return least > 0 and len(one.runs & other.runs) >= LITTLE * least


def compare(one: Print, other: Print) -> Overlap:
    """Tell what two texts share. Takes time linear in both."""
    shared = one.runs & other.runs
    covered_one, covered_other = _covered(_runs(one.words), shared), _covered(_runs(other.words), shared)
    shorter, longer = sorted((one, other), key=lambda each: len(each.words))
    words = set(longer.words)
    facts = sum(fact in words for fact in shorter.facts) / len(shorter.facts) if shorter.facts else 1.0
    return Overlap(
        of_one=_spans(one, covered_one),
        of_other=_spans(other, covered_other),
        share_of_one=_share(covered_one),
        share_of_other=_share(covered_other),
        facts=facts,
    )


def _facts(text: str, found: list[re.Match[str]]) -> Iterator[str]:
    """Give the figures, and the words with a capital that do not begin a sentence."""
    for match in found:
        word, start = match[0], match.start()
        if word[0].isdigit() or (
            word[0].isupper() and not _SENTENCE_END.search(text[max(start - 4, 0) : start]) and start
        ):
            yield word.casefold()


def _runs(words: tuple[str, ...]) -> list[tuple[str, ...]]:
    return list(zip(*(words[at:] for at in range(RUN)), strict=False))


def _covered(runs: list[tuple[str, ...]], shared: frozenset[tuple[str, ...]]) -> list[bool]:
    """Tell of each word whether it stands in a shared run."""
    if not runs:
        return []
    covered = [False] * (len(runs) + RUN - 1)
    for at, run in enumerate(runs):
        if run in shared:
            covered[at : at + RUN] = [True] * RUN
    return covered


def _share(covered: list[bool]) -> float:
    return sum(covered) / len(covered) if len(covered) >= LEAST else 0.0


def _spans(text: Print, covered: list[bool]) -> tuple[Span, ...]:
    spans: list[Span] = []
    for at, is_covered in enumerate(covered):
        if not is_covered:
            continue
        start, end = text.spans[at]
        if spans and at and covered[at - 1]:
            spans[-1] = (spans[-1][0], end)
        else:
            spans.append((start, end))
    return tuple(spans)
