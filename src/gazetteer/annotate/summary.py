"""Which sentences say most of an article, and why: a logistic regression on what is seen of each, and a choice.

Where the model reads the language, what is seen are the sentences' vectors, the names in them, their words and their
place; elsewhere words and place alone.
"""

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np
import numpy.typing as npt

from gazetteer.annotate.sentences import Span
from gazetteer.annotate.standing import Needs, needs_of
from gazetteer.types import Entity

Floats = npt.NDArray[np.float64]

READ = {
    "intercept": -3.890,
    "depth": -0.204,
    "depth_share": -1.607,
    "first": -0.630,
    "length_log": 0.385,
    "figures": 0.277,
    "quoted": -0.434,
    "question": -0.886,
    "opens_with_pronoun": -0.134,
    "opens_with_connective": -0.055,
    "first_or_second_person": -1.187,
    "main_names": 0.312,
    "words_like_article": 5.676,
    "words_like_lead": -0.417,
    "words_like_headline": 0.893,
    "shared_words": -0.614,
    "near_article": 0.472,
    "near_lead": -0.193,
    "near_headline": 0.989,
}
"""The log-odds that people choose a sentence for the extract, by feature, where the model reads the language."""

UNREAD = {
    "intercept": -3.452,
    "depth": -0.415,
    "depth_share": -1.132,
    "first": -0.730,
    "length_log": 0.516,
    "figures": 0.278,
    "quoted": -0.510,
    "question": -0.930,
    "words_like_article": 4.593,
    "words_like_headline": 1.271,
}
"""The same where it does not. Both fitted on the 1,000 earliest articles of the CNN-corpus (Lins et al., DocEng 2019)
by `python -m evaluation.summaries --fit`."""

FEWEST, MOST = 3, 7
_LEAST_WORDS = 5
_REDUNDANCY = 0.5
_SAME = 0.8
_LEAD = 3
_LONG = 60
_MAIN = 5
_NEAR = 4
_TELLING = 0.15
_MOST_GROUNDS = 3
_FIGURES = "gives figures"
"""Said where a number stands that is no part of a date or a name, though what was fitted asks for a digit alone."""
_GROUNDS = {
    "place": ("depth", "depth_share", "first"),
    "names": ("main_names",),
    "close to the headline": ("words_like_headline", "near_headline"),
    "close to what the article says most": ("words_like_article", "shared_words", "near_article"),
    "long enough to say much": ("length_log",),
    _FIGURES: ("figures",),
}
"""What a sentence may be chosen for, in words or by a key of `_in_words`, with the features that tell it."""

_LEADS = "the next sentence goes on from it"
_COMPLETES = "completes the sentence before it"
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_WHOLE = re.compile(r"""[.!?…。！？؟।॥｡]["'”’»›」』）)\]]*\Z""")
_QUESTION = re.compile(r"""[?？؟]["'”’»› )]*\Z""")
_FIGURE = re.compile(r"\d")
_MONTH = (
    r"(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?|Oct(?:ober)?|"
    r"Nov(?:ember)?|Dec(?:ember)?)\b\.?"
)
_ORDINAL = r"(?:st|nd|rd|th)\b"
_DATE = re.compile(
    rf"\b{_MONTH}\s\d{{1,2}}(?:{_ORDINAL})?(?:\s?[-–]\s?\d{{1,2}}(?:{_ORDINAL})?)?(?![\w%]|[.,]\d)"
    rf"|(?<![\w.,])(?:\d{{1,2}}(?:{_ORDINAL})?\s?[-–]\s?)?\d{{1,2}}(?:{_ORDINAL})?\s(?:of\s)?{_MONTH}"
    r"|(?<![\w.,$£€¥])(?:\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}|(?:1[5-9]|20)\d\d(?:s|[-–/](?:\d\d)?\d\d)?)(?![\w%]|[.,]\d)"
    r"|\d+\s?[年月日]|\d+[년월일]"
)
_NUMBER = re.compile(rf"(?<![A-Za-zÀ-ɏ\d])(?<![A-Za-zÀ-ɏ][-–])\d+(?!\d|{_ORDINAL})")
_QUOTED = re.compile(r'"[^"]*"?|“[^”]*”?|«[^»]*»?|„[^“”]*[“”]?|「[^」]*」?')


def _words(words: str) -> frozenset[str]:
    return frozenset(words.split())


_PRONOUNS = _words("he she they it his her their its this that these those him them i we you my our me us your")
_OURSELVES = _words("i we you my our your me us i'm i've it's we're you're don't")
_CONNECTIVES = _words(
    "and but so or yet also then now still however meanwhile instead moreover furthermore because too though thus "
    "therefore nor both such another otherwise similarly likewise"
)
EMPTY = _PRONOUNS | _words(
    "a an the and or but if of to in on at by for from with as is are was were be been being has have had do does did "
    "will would can could should may might must not no who whom which what when where why how all any both each more "
    "most other some such than then there here so too very just also said says say one about after before over under "
    "out up into s t"
)
"""English words that carry no meaning of their own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Length:
    """How many sentences a summary has: so many `sentences`, else a `share` of the article's (0 to 1), else a tenth of
    them, 3 to 7.
    """

    sentences: int | None = None
    share: float | None = None

    def of(self, total: int) -> int:
        """The number of sentences for an article that has `total`."""
        if self.sentences is not None:
            return self.sentences
        if self.share is not None:
            return max(1, round(self.share * total))
        return min(MOST, max(FEWEST, round(total / 10)))


TENTH = Length()


@dataclass(frozen=True, kw_only=True)
class Material:
    """An article as it is summed up.

    `spans` are its sentences, and `own` says which of them can sum it up (all, where empty). `vectors` are those of its
    sentences and, last, of its headline (sentences + 1, width), each of unit length or zero; None where the model does
    not read its language. `entities` are those that it names, the one that it is most about first.
    """

    text: str
    headline: str
    spans: Sequence[Span]
    own: Sequence[bool] = ()
    entities: Sequence[Entity] = ()
    vectors: npt.NDArray[np.float32] | None = None

    @cached_property
    def sentences(self) -> tuple[str, ...]:
        """The sentences' words."""
        return tuple(self.text[span.start : span.end] for span in self.spans)

    @cached_property
    def tokens(self) -> tuple[list[str], ...]:
        """The words of each sentence."""
        return tuple(_WORD.findall(sentence) for sentence in self.sentences)

    @cached_property
    def bags(self) -> tuple[Counter[str], ...]:
        """The words of each sentence that carry meaning, without their endings."""
        return tuple(Counter(_contents(words)) for words in self.tokens)

    @cached_property
    def naming(self) -> tuple[tuple[tuple[int, int], ...], ...]:
        """For each sentence the entities that it names, in reading order: the number of each, and where."""
        starts = [span.start for span in self.spans]
        found: list[list[tuple[int, int]]] = [[] for _ in starts]
        places = sorted((m.start, number) for number, each in enumerate(self.entities) for m in each.mentions)
        at = np.searchsorted(starts, [start for start, _ in places], side="right") - 1
        for sentence, (start, number) in zip(at, places, strict=True):
            if sentence >= 0:
                found[sentence].append((number, start))
        return tuple(map(tuple, found))


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """Sentences by their numbers in reading order, `why` each was chosen, and every sentence's `salience` (0 to 1)."""

    chosen: tuple[int, ...]
    why: tuple[str, ...]
    salience: tuple[float, ...]


def features(material: Material) -> dict[str, Floats]:
    """What is seen of each sentence, by name: the features that `READ` or, without vectors, `UNREAD` may weigh."""
    found = _places(material) | _forms(material) | _likeness(material)
    if material.vectors is not None:
        found |= _names(material) | _nearness(material.vectors.astype(np.float64))
    return found


def _places(material: Material) -> dict[str, Floats]:
    number = np.arange(len(material.spans), dtype=np.float64)
    return {
        "depth": np.log1p(number),
        "depth_share": number / max(1, len(number)),
        "first": (number == 0).astype(np.float64),
    }


def _forms(material: Material) -> dict[str, Floats]:
    """Length, and the kind of sentence."""
    small = [[word.lower().replace("’", "'") for word in words] for words in material.tokens]
    first = [words[0] if words else "" for words in small]
    size = _column(map(len, small))
    return {
        "length_log": np.log1p(np.minimum(size, _LONG)),
        "figures": _column(_FIGURE.search(sentence) is not None for sentence in material.sentences),
        "opens_with_pronoun": _column(word in _PRONOUNS for word in first),
        "opens_with_connective": _column(word in _CONNECTIVES for word in first),
        "first_or_second_person": _column(sum(map(_OURSELVES.__contains__, words)) for words in small) / (1 + size),
        "quoted": _column(
            sum(len(found[0]) for found in _QUOTED.finditer(sentence)) / (1 + len(sentence))
            for sentence in material.sentences
        ),
        "question": _column(_QUESTION.search(sentence[-12:]) is not None for sentence in material.sentences),
    }


def _likeness(material: Material) -> dict[str, Floats]:
    """How many of its words a sentence shares with the article, its beginning and its headline."""
    bags = material.bags
    spread = Counter(word for bag in bags for word in bag)
    rarity = {word: math.log(1 + len(bags) / number) for word, number in spread.items()}
    vectors = [_unit({word: (1 + math.log(number)) * rarity[word] for word, number in bag.items()}) for bag in bags]
    article, lead = _sum(vectors), _sum(vectors[:_LEAD])
    title = frozenset(_contents(_WORD.findall(material.headline)))
    commonness = {word: math.log(number) for word, number in spread.items()}
    shared = (sum([n * commonness[word] for word, n in bag.items()]) / (1 + bag.total()) for bag in bags)
    return {
        "words_like_article": _column(_dot(vector, article) for vector in vectors),
        "words_like_lead": _column(_dot(vector, lead) if n >= _LEAD else 0 for n, vector in enumerate(vectors)),
        "words_like_headline": _column(len(title & bag.keys()) / (1 + len(title)) for bag in bags),
        "shared_words": _column(shared),
    }


def _names(material: Material) -> dict[str, Floats]:
    """How much of those that the article is mainly about a sentence names."""
    weights = [len(entity.mentions) for entity in material.entities[:_MAIN]]
    named = ({number for number, _ in each if number < _MAIN} for each in material.naming)
    return {"main_names": _column(sum(weights[number] for number in each) for each in named) / (1 + sum(weights))}


def _nearness(vectors: Floats) -> dict[str, Floats]:
    """How near a sentence's vector is to those of the article, its beginning, its headline and its other sentences."""
    sentences, headline = vectors[:-1], vectors[-1]
    article, lead = _direction(sentences), _direction(sentences[:_LEAD])
    return {
        "near_article": sentences @ article,
        "near_lead": (sentences @ lead) * (np.arange(len(sentences)) >= _LEAD),
        "near_headline": sentences @ headline,
    }


def _column(values: Iterable[float]) -> Floats:
    return np.array(list(values), dtype=np.float64)


def _direction(vectors: Floats) -> Floats:
    total: Floats = vectors.sum(axis=0)
    return total / (np.linalg.norm(total) or 1.0)


def _contents(words: Sequence[str]) -> list[str]:
    """The words that carry meaning, without their endings."""
    stems = map(stem, words)
    return [each for each in stems if len(each) > 1 and each not in EMPTY]


@lru_cache(maxsize=16_384)
def stem(word: str) -> str:
    """An English word in small letters, without the endings of its forms ("courts" and "court" are the same)."""
    word = word.lower().replace("’", "'").removesuffix("'s")
    for ending in ("ing", "ed", "es", "s"):
        if word.endswith(ending) and len(word) - len(ending) >= 4:
            return word[: -len(ending)]
    return word


def _unit(vector: Mapping[str, float]) -> dict[str, float]:
    length = math.sqrt(sum([value * value for value in vector.values()])) or 1.0
    return {key: value / length for key, value in vector.items()}


def _sum(vectors: Sequence[Mapping[str, float]]) -> dict[str, float]:
    """The unit vector along the sum of `vectors`."""
    total: dict[str, float] = {}
    for vector in vectors:
        for key, value in vector.items():
            total[key] = total.get(key, 0.0) + value
    return _unit(total)


def _dot(one: Mapping[str, float], other: Mapping[str, float]) -> float:
    if len(one) > len(other):
        one, other = other, one
    return sum([value * other[key] for key, value in one.items() if key in other])


def summarise(material: Material, *, length: Length = TENTH) -> Summary:
    """The summary of an article: whole sentences, none that leans on one that was left out, and why each is there."""
    weights = UNREAD if material.vectors is None else READ
    parts = contributions(features(material), weights)
    salience = 1 / (1 + np.exp(-parts.sum(axis=1)))
    chosen = choose(material, salience, count=length.of(len(material.spans)))
    above = parts - parts.mean(axis=0) if len(parts) else parts
    return Summary(
        chosen=tuple(chosen),
        why=tuple(
            _why(material, number, dict(zip(weights, map(float, above[number]), strict=True)), role)
            for number, role in chosen.items()
        ),
        salience=tuple(map(float, salience)),
    )


def _why(material: Material, number: int, above: Mapping[str, float], role: str) -> str:
    """In plain words, what raised sentence `number` most over the article's others (`above`, log-odds by feature)."""
    gains = {ground: sum(above.get(name, 0.0) for name in names) for ground, names in _GROUNDS.items()}
    telling = sorted((ground for ground in gains if gains[ground] >= _TELLING), key=lambda ground: -gains[ground])
    words = [_in_words(material, number, ground) for ground in telling]
    said = [role, *filter(None, words)] if role else list(filter(None, words))
    limits = ["by place and words only"] if material.vectors is None else []
    return "; ".join([*(said[:_MOST_GROUNDS] or ["the best of what is left"]), *limits])


def _in_words(material: Material, number: int, ground: str) -> str:
    """One ground for choosing sentence `number`; empty where there is no plain word for it."""
    if ground == "place":
        near = number < max(_NEAR, len(material.spans) // 4)
        return "opens the article" if number == 0 else "near the beginning" if near else ""
    if ground == "names":
        main = sorted({n for n, _ in material.naming[number] if n < _MAIN})[:2]
        return f"names {' and '.join(material.entities[n].name for n in main)}" if main else ""
    if ground == _FIGURES:
        return ground if _NUMBER.search(_DATE.sub(" ", material.sentences[number])) else ""
    return ground


def contributions(table: Mapping[str, Floats], weights: Mapping[str, float]) -> Floats:
    """What each of `weights`, the intercept first, adds to the log-odds of each sentence: (sentences, weights)."""
    columns = [np.full(len(table["depth"]), weights["intercept"])]
    return np.stack(columns + [weights[name] * table[name] for name in weights if name != "intercept"], axis=1)


def choose(material: Material, salience: Floats, *, count: int, is_standing: bool = True) -> dict[int, str]:
    """At most `count` sentences to sum up with, in reading order, each with what it does for another of them, if that
    is why it was taken.

    Fragments are left out where there are whole sentences, and so is what says the same as a sentence that is chosen.
    A sentence that leans on another comes with that one or, where there is no room for both, not at all (unless
    `is_standing` is off).
    """
    whole = _whole(material)
    needs = _needs(material, whole) if is_standing else (Needs(),) * len(whole)
    worth = salience[whole].tolist()
    likeness = _Likeness(material, whole)
    taken: dict[int, str] = {}
    left = [n for n in range(len(whole)) if not needs[n].is_broken]
    while left:
        now = [its * (1 - _REDUNDANCY * closest) for its, closest in zip(worth, likeness.closest, strict=True)]
        group = _best(sorted(left, key=lambda n: (-now[n], n)), now, needs, frozenset(taken), room=count - len(taken))
        if not group:
            break
        taken |= group
        if len(taken) >= count:
            break
        for n in group:
            likeness.add(n)
        left = [n for n in left if n not in taken and likeness.closest[n] <= _SAME]
    if not taken and whole and count:
        taken = {max(range(len(whole)), key=worth.__getitem__): ""}
    return {whole[n]: taken[n] for n in sorted(taken)}


def _whole(material: Material) -> list[int]:
    """The article's own sentences that are whole or, where there are none, those that have words."""
    lengths = [len(words) for words in material.tokens]
    own = [n for n, is_own in enumerate(material.own or (True,) * len(lengths)) if is_own]
    return [n for n in own if lengths[n] >= _LEAST_WORDS and _WHOLE.search(material.sentences[n][-12:])] or [
        n for n in own if lengths[n]
    ]


def _needs(material: Material, whole: Sequence[int]) -> tuple[Needs, ...]:
    persons = {n for n, entity in enumerate(material.entities) if entity.label == "PERSON"}
    return needs_of(
        material.text,
        [material.spans[n] for n in whole],
        persons=[[each for each in material.naming[n] if each[0] in persons] for n in whole],
        is_english=material.vectors is not None,
    )


class _Likeness:
    """How near each of the sentences `among` is to the closest that is chosen (0 to 1)."""

    def __init__(self, material: Material, among: Sequence[int]) -> None:
        self.closest = [0.0] * len(among)
        self._words = [_unit(material.bags[n]) for n in among]

    def add(self, chosen: int) -> None:
        """Count sentence `chosen` among the chosen."""
        shared = (_dot(words, self._words[chosen]) for words in self._words)
        self.closest = list(map(max, self.closest, shared))


def _best(
    order: Sequence[int], worth: Sequence[float], needs: Sequence[Needs], taken: frozenset[int], *, room: int
) -> dict[int, str]:
    """The sentence that is worth most with what it leans on, and that: the mean over them is what counts."""
    best: dict[int, str] = {}
    value = -1.0
    for n in order:
        if worth[n] <= value:
            break
        group = _group(n, needs, taken, room=room)
        if group and (mean := sum(worth[each] for each in group) / len(group)) > value:
            best, value = group, mean
    return best


def _group(n: int, needs: Sequence[Needs], taken: frozenset[int], *, room: int) -> dict[int, str]:
    """Sentence `n` with those that it leans on and that are not taken; empty where it cannot stand among `taken`."""
    group = {n: ""}
    while len(group) <= room:
        missing = _missing(sorted(taken | group.keys()), needs)
        if missing is None:
            return group
        number, role = missing
        if number in group or number in taken or needs[number].is_broken:
            return {}
        group[number] = role
    return {}


def _missing(chosen: Sequence[int], needs: Sequence[Needs]) -> tuple[int, str] | None:
    """The first sentence that one of `chosen` wants and that is not where it should be, and what it would be there for;
    None where all stand.
    """
    for before, n, after in zip([None, *chosen[:-1]], chosen, [*chosen[1:], None], strict=True):
        wanted = needs[n]
        if wanted.before is not None and not wanted.goes_on_from(before, needs):
            return wanted.before, _LEADS
        if wanted.after is not None and wanted.after != after:
            return wanted.after, _COMPLETES
    return None
