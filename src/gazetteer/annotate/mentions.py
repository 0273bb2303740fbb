"""The encoder's scores to mentions: the likeliest well-formed labelling, then spans cleaned of what is no name."""

import math
import re
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from gazetteer.annotate.encoder import Reading
from gazetteer.annotate.lexicon import NO_NAMES, OWN_POSSESSIVES, TITLES
from gazetteer.annotate.vectors import Floats
from gazetteer.types import LABELS

_IMPOSSIBLE = -1e4
_GOES_ON = 2.5
"""Log-odds that are added for a word with a capital to go on with the name before it: the encoder, which judges each
word by itself, ends names of several words too early.
"""
_PLACES = frozenset(("GPE", "LOC", "FAC", "NORP"))
"""Labels of what has no name of one letter."""
_WITH_ARTICLE = frozenset(("ORG", "GPE", "FAC", "WORK_OF_ART", "PRODUCT"))
"""Labels of what may be named with an article ("told The Associated Press")."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelledSpan:
    """A mention: its span in characters, its label, and the lowest probability of that label among its words."""

    start: int
    end: int
    label: str
    score: float


def _transitions() -> Floats:
    """(from, to) scores over O and B, I of each label: 0 where `to` may follow `from`, else impossible."""
    size = 1 + 2 * len(LABELS)
    allowed = np.zeros((size, size), dtype=np.float32)
    for inside in range(2, size, 2):
        allowed[:, inside] = _IMPOSSIBLE
        allowed[inside - 1 : inside + 1, inside] = 0
    return allowed


_TRANSITIONS = _transitions()


def decode(scores: Floats) -> npt.NDArray[np.int64]:
    """The likeliest BIO labels for `scores` (words, labels) in which no I stands without its B.

    Each word's best label, but where these leave an I alone: there the stretch from a word that is no I to the next is
    read as a whole. Were it best for that stretch to begin with an I, it begins earlier; so nothing is lost by it.
    Where many stand alone, all is read as a whole.
    """
    path: npt.NDArray[np.int64] = scores.argmax(axis=1) if len(scores) else np.empty(0, dtype=np.int64)
    if 20 * np.count_nonzero(_is_lone(path)) > len(path):
        return _viterbi(scores, first=True)
    while len(alone := np.flatnonzero(_is_lone(path))):
        heads = np.flatnonzero(~_is_inside(path))
        here = int(np.searchsorted(heads, alone[0]))
        end = heads[here] if here < len(heads) else len(path)
        for back in 2 ** np.arange(here.bit_length() + 1):
            start = heads[here - back] if back <= here else 0
            best = _viterbi(scores[start:end], first=start == 0)
            if start == 0 or not _is_inside(best[:1])[0]:
                break
        path[start:end] = best
    return path


def _is_inside(path: npt.NDArray[np.int64]) -> npt.NDArray[np.bool_]:
    return np.asarray((path > 0) & (path % 2 == 0))


def _is_lone(path: npt.NDArray[np.int64]) -> npt.NDArray[np.bool_]:
    """Where `path` has an I that follows neither its B nor its like."""
    before = np.concatenate([[0], path[:-1]])
    return np.asarray(_is_inside(path) & (before != path) & (before != path - 1))


def _viterbi(scores: Floats, *, first: bool) -> npt.NDArray[np.int64]:
    """The likeliest labels (Viterbi, 1967); where this is not the `first` word of a text, it may be an I."""
    best = scores[0].copy()
    if first:
        best[2::2] += _IMPOSSIBLE
    back = np.empty(scores.shape, dtype=np.int64)
    for n in range(1, len(scores)):
        paths = best[:, None] + _TRANSITIONS
        back[n] = paths.argmax(axis=0)
        best = paths.max(axis=0) + scores[n]
    path = np.empty(len(scores), dtype=np.int64)
    path[-1] = best.argmax()
    for n in range(len(scores) - 1, 0, -1):
        path[n - 1] = back[n, path[n]]
    return path


_EDGE_LEFT = re.compile(r"^(?:[\s\W_]+|(?:the|n[ée]e)\s+(?=\S))", re.IGNORECASE)
_POSSESSIVE = re.compile(r"[’'`´]s?$", re.IGNORECASE)
_EDGE_RIGHT = re.compile(r"[\s\"“”„«»‘’'`´,;:!?*_/\\|…&@®™©\-–—]+$")
_SMALL_WORDS = re.compile(r"(?:\s+(?:of|the|and|or|in|on|at|to|for|from|by|with|a|an|as|is|was|who|that))+$")
_STOP = re.compile(
    r"(?<!\b[A-Z])(?<!\.[A-Z])(?<!\b[A-Z][a-z])(?<!Inc)(?<!Co)(?<!Corp)(?<!Ltd)(?<!Bros)(?<!Jr)(?<!Sr)(?<!Mass)\.+$"
)
_BREAK = re.compile(r"\n|[.!?][”\"’')]|[.!?…]\s*[“\"‘(]|\s[-–—]+\s")
_PAIRED = re.compile(r"""[][(){}“„”«»"]""")
_EXCELLENCY = re.compile(r"\AH ?E (?=[A-Z])")
_FIRST_WORD = re.compile(r"([^\W\d_]+)\.?\s+(?=\S)")
_REST = re.compile(r"(?<=\d)(?:[.,]\d+)+\w*|(?<=[^\W\d_])(?:[’'](?!(?:re|ll|ve)\b)[^\W\d_]{2,})+")
_ARTICLE = re.compile(r"(?<!\w)([^\W\d_]{1,20}),? The \Z")
_BEFORE_ARTICLE = 27  # characters that the last may take
_OFFICE = re.compile(r"([^\W\d_]+)\s+of\s+(?:the\s+)?(?=[A-Z])")


def clean(text: str, start: int, end: int) -> tuple[int, int] | None:
    """The span of the name in `text[start:end]`, without what is no part of a name; None where nothing is left.

    Off go articles, quotation marks, stops, possessives, small words at the end, and all that follows the end of a
    sentence or paragraph, a dash between spaces, or a bracket or quotation mark left open. A lone title, words in small
    letters and addresses are no names.
    """
    broken = _BREAK.search(text, start, end)
    end = broken.start() if broken else end
    before = (-1, -1)
    while before != (start, end) and start < end:
        before = (start, end)
        for edge in (_EDGE_RIGHT, _POSSESSIVE, _STOP, _SMALL_WORDS):
            if (found := edge.search(text[start:end])) and not _keeps_possessive(text[start:end]):
                end = start + found.start()
        if found := _EDGE_LEFT.search(text[start:end]):
            start += found.end()
        end = _closed(text, start, end)
    addressed = "@" in text[max(start - 1, 0) : end + 1]
    return (start, end) if _is_name(text[start:end]) and not addressed else None


def _keeps_possessive(name: str) -> bool:
    """Whether `name` is one that ends in a possessive of its own ("Moody's")."""
    return not OWN_POSSESSIVES.isdisjoint(name.casefold().replace("’", "'").split()[-1:])


def _closed(text: str, start: int, end: int) -> int:
    """Where `text[start:end]` ends with no bracket or quotation mark left open, or closed that was not opened in it."""
    opened: list[int] = []
    for found in _PAIRED.finditer(text, start, end):
        n, mark = found.start(), found[0]
        if mark in "([{“„«" or (mark == '"' and not (opened and text[opened[-1]] == '"')):
            opened.append(n)
        elif not opened:
            return n
        else:
            opened.pop()
    return opened[0] if opened else end


def without_title(name: str) -> str:
    """A person's `name` without the titles before it: "Mr. Putin" is "Putin". A lone title is the empty string."""
    name = _EXCELLENCY.sub("", name)
    while (found := _FIRST_WORD.match(name)) and found[1].casefold() in TITLES:
        name = name[found.end() :]
    return "" if name.rstrip(".").casefold() in TITLES else name


def _whole(text: str, start: int, end: int) -> tuple[int, int] | None:
    """The name in `text[start:end]` with the rest of its last word or number ("Phase 8.7", "Wit'suwit'in"); None where
    that makes it an amount ("GHS6.2billion").
    """
    rest = _REST.match(text, end)
    if rest and text[end - 1].isdigit() and " " not in text[start:end]:
        return None
    return start, rest.end() if rest else end


def _with_article(text: str, start: int, end: int) -> tuple[int, int]:
    """The name in `text[start:end]` with the "The" before it, where that has its capital for the name alone."""
    found = _ARTICLE.search(text, max(0, start - _BEFORE_ARTICLE), start)
    return (start - 4 if found and found[1].islower() else start), end


def _without_office(text: str, start: int, end: int) -> tuple[int, int] | None:
    """The place in `text[start:end]`: "Emir of Qatar" is "Qatar"; None where it is one letter."""
    office = _OFFICE.match(text, start, end)
    start = office.end() if office and office[1].casefold() in TITLES else start
    return (start, end) if end - start > 1 else None


_LETTERS = re.compile(
    r"(?:,?\s(?:KC|QC|MP|MEP|MSP|MLA|OBE|CBE|MBE|FRS|PhD|Ph\.\s?D\.?|DPhil|Esq\.?))+\Z",
)
"""What may stand after a person's name for an office, an honour or a degree."""


def without_letters(name: str) -> str:
    """A person's `name` without the letters after it: "Ana Ruiz, PhD" is "Ana Ruiz"."""
    bare = _LETTERS.sub("", name)
    return bare if " " in bare else name


def _is_name(name: str) -> bool:
    """Whether `name` has a letter, in capitals where its script has them, and is no lone title or pronoun."""
    plain = name.strip(".").casefold()
    common = plain in TITLES or (plain in NO_NAMES and (name == "I" or not name.isupper()))
    return any(c.isalpha() and not c.islower() for c in name) and not common


def find(text: str, reading: Reading) -> list[LabelledSpan]:
    """The mentions that `reading` holds of `text`, in reading order, none overlapping."""
    starts, ends = reading.words.starts.tolist(), reading.words.ends.tolist()
    scores = reading.mentions.copy()
    scores[[text[start].isupper() for start in starts], 2::2] += _GOES_ON
    path = decode(scores)
    words = np.arange(len(path))
    begins = path - 1 + path % 2  # the row of B of the word's label
    of_label = np.logaddexp(reading.mentions[words, begins], reading.mentions[words, begins + 1]).tolist()
    rows = path.tolist()
    found = []
    for first, row in enumerate(rows):
        if row % 2 == 0:
            continue
        last = first
        while last + 1 < len(rows) and rows[last + 1] == row + 1:
            last += 1
        label = LABELS[row // 2]
        score = min(1.0, math.exp(min(of_label[first : last + 1])))
        span = clean(text, starts[first], ends[last])
        if span:
            span = _whole(text, *span)
        if span and label == "PERSON":
            named = without_letters(text[slice(*span)])
            bare = without_title(named)
            span = (span[0] + len(named) - len(bare), span[0] + len(named)) if bare else None
        elif span and label in _PLACES:
            span = _without_office(text, *span)
        if span and label in _WITH_ARTICLE:
            span = _with_article(text, *span)
        if span:
            found.append(LabelledSpan(start=span[0], end=span[1], label=label, score=score))
    return found
