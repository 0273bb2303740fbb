"""What a text counts: figures in digits and words, what is counted, and what is said of it, as "14 people (hurt)".

What is said is read from the words around: the participle or verb after what is counted ("14 people were hurt", "14
people died"), else the verb or noun before the figure, with the preposition between ("killed 14 people", "cut the rate
to 2 percent"), else what follows a preposition ("14 people on board"). Where none of these is found, and across names,
commas and conjunctions, nothing is read.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from gazetteer.stories.words import stem

_NEARLY = re.compile(r"\b(?:at (?:least|most)|up to|as many as) (?=[$€£\w])", re.IGNORECASE)
_TOKEN = re.compile(r"[$€£]?\d+(?:[.,]\d+)*|[^\W\d_]+(?:[-'’][^\W\d_]+)*|%|\n\n|[^\w\s]")

_YEAR = re.compile(r"(?:1[5-9]|20)\d\d")


def _listed(words: str) -> tuple[str, ...]:
    return tuple(words.split())


_ONES = _listed("one two three four five six seven eight nine")
_TEENS = _listed("ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen")
_TENS = _listed("twenty thirty forty fifty sixty seventy eighty ninety")
_IN_WORDS = {word: number for number, word in enumerate([*_ONES, *_TEENS], start=1) if word != "one"}
_IN_WORDS |= {word: 10 * number for number, word in enumerate(_TENS, start=2)}
_IN_WORDS |= {
    f"{tens}-{ones}": 10 * ten + one for ten, tens in enumerate(_TENS, start=2) for one, ones in enumerate(_ONES, 1)
}
_SCALES = frozenset(_listed("hundred thousand million billion trillion"))
_IN_FIGURES = _SCALES | _IN_WORDS.keys() | {"-"}
_STATES = frozenset(_listed("hurt dead lost aboard ill alive held left"))
"""What can be said of somebody in one word that ends neither in "ed" nor in "ing"."""
_AUXILIARIES = frozenset(_listed("am are be been being had has have is was were could may might must will would"))
_BETWEEN = frozenset(_listed("who that which also still already all both there"))
_PREPOSITIONS = frozenset(
    _listed(
        "aboard across after against among at below between by for from in inside into near of off on onto out since "
        "through to toward towards under until upon with within without"
    )
)
_ENDS = frozenset(
    _listed("and but or nor while when because before if so though although whereas not no never nobody percent")
)
_DATES = frozenset(_listed("january february march april may june july august"))
_ABOUT = frozenset(_listed("approximately barely exactly nearly roughly"))
_NO_THINGS = _DATES | _ENDS | _IN_FIGURES | _ABOUT
_OPENS = frozenset(word.title() for word in (*_AUXILIARIES, *_PREPOSITIONS, *_BETWEEN))
_LONG = 40  # characters, from which nothing is a word or a figure to be read
_LONGEST = 3  # words of what is counted
_NEAR = 5  # words before a figure, and after a preposition, that can tell what is said


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """A figure as it is shown, what is counted, what is said of it, the stems by which two are of one thing, and where
    the figure stands in the text.
    """

    figure: str
    of: str
    said: str
    key: tuple[str, ...]
    start: int


def read(text: str) -> Iterator[Counted]:
    """Give what a text counts, of which it says something. Takes time linear in it."""
    found = [*_TOKEN.finditer(_NEARLY.sub(lambda words: " " * len(words[0]), text))]
    tokens = [each[0] for each in found]
    end = 0
    for start, token in enumerate(tokens):
        figure = _figure(token)
        if start < end or not figure or (start and tokens[start - 1] in _IN_FIGURES):
            continue
        figure, end = _scaled(tokens, figure, start + 1)
        if tokens[end : end + 1] == ["of"] and end + 1 < len(tokens) and _figure(tokens[end + 1]):
            _, end = _scaled(tokens, "", end + 2)  # "412 of 480 members" are 412
        counted = _counted(tokens, figure, start, end, at=found[start].start())
        if counted is not None:
            yield counted


def _scaled(tokens: Sequence[str], figure: str, end: int) -> tuple[str, int]:
    """Give a figure with the scales after it, and where they end."""
    while end < len(tokens) and tokens[end] in _SCALES:
        figure, end = f"{figure} {tokens[end]}", end + 1
    return figure, end


def _figure(token: str) -> str:
    """Give a figure as it is compared and shown, "" where the token is none."""
    if token[-1].isdecimal():
        if _YEAR.fullmatch(token):
            return ""
        whole = re.sub(r",(?=\d{3}(?!\d))|\.0+$", "", token)
        return re.sub(r"(?<=\d)(?=(?:\d{3})+$)", ",", whole) if len(whole) < _LONG and "." not in whole else whole
    number = _IN_WORDS.get(token.lower())
    return "" if number is None else str(number)


def _counted(tokens: Sequence[str], figure: str, start: int, end: int, *, at: int) -> Counted | None:
    """Read what a figure counts that stands from `start` to before `end`, in the text at a position."""
    things: list[str] = []
    rest = end
    while rest < len(tokens) and len(things) < _LONGEST and _tells(tokens[rest]):
        things.append(tokens[rest])
        rest += 1
    if not things and rest < len(tokens) and tokens[rest] in {"%", "percent"}:
        things, rest = ["percent"], rest + 1
    said: tuple[str, ...] = ()
    if len(things) > 1 and _is_verbal(things[-1]):
        said = (things.pop(),)
    else:
        said = _verb_after(tokens, rest) or _around(tokens, start, rest)
    if not said or not (things or figure[0] in "$€£"):
        return None
    return Counted(
        figure=figure,
        of=" ".join(things) or figure[0],
        said=said[-1],
        key=(*map(stem, things), "", *said[:-1], stem(said[-1])),
        start=at,
    )


def _tells(token: str) -> bool:
    """Whether a token is a word with a meaning of its own, and no name."""
    return token.islower() and 2 < len(token) < _LONG and token not in _NO_THINGS and bool(stem(token))


def _is_verbal(word: str) -> bool:
    return word in _STATES or word.endswith(("ed", "ing"))


def _verb_after(tokens: Sequence[str], at: int) -> tuple[str, ...]:
    """Give the verb or state after what is counted, past its auxiliaries and adverbs."""
    begin = at
    while at < len(tokens) and (
        tokens[at] in _AUXILIARIES | _BETWEEN or (at > begin and tokens[at].endswith("ly") and tokens[at].islower())
    ):
        at += 1
    return (tokens[at],) if begin < at < len(tokens) and _tells(tokens[at]) else ()


def _around(tokens: Sequence[str], start: int, rest: int) -> tuple[str, ...]:
    """Give what stands before a figure or, of what only is or comes with others, after what is counted."""
    before: tuple[str, ...] = ()
    prepositions: list[str] = []
    is_weak = False
    for word in reversed(tokens[max(start - _NEAR, 0) : start]):
        if _tells(word):
            before = (*reversed(prepositions), word)
            break
        if word in _ENDS or not (word.islower() or word in _OPENS):
            break
        if word in _PREPOSITIONS:
            prepositions.append(word)
        is_weak = is_weak or word == "with" or word in _AUXILIARIES
    after = _after_preposition(tokens, rest)
    return (after or before) if is_weak else (before or after)


def _after_preposition(tokens: Sequence[str], at: int) -> tuple[str, ...]:
    if at >= len(tokens) or tokens[at] not in _PREPOSITIONS:
        return ()
    for word in tokens[at + 1 : at + _NEAR]:
        if _tells(word):
            return (word,)
        if word in _ENDS or not word.islower():
            return ()
    return ()
