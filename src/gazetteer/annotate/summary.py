"""Which sentences say most of an article: a logistic regression on what is seen of each, and a choice among them."""

import math
import re
from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

COEFFICIENTS = {
    "intercept": -4.212,
    "rank": 1.488,
    "depth": -0.105,
    "depth_share": -1.667,
    "first": -1.395,
    "lead": -0.287,
    "length_log": 0.546,
    "length": -0.159,
    "short": 0.052,
    "names": 0.206,
    "opens_with_pronoun": -0.136,
    "opens_with_connective": -0.072,
    "pronouns": -0.488,
    "first_or_second_person": -1.481,
    "opens_with_quote": -0.415,
    "question": -0.926,
    "likeness_to_article": 6.611,
    "likeness_to_lead": -0.932,
    "likeness_to_headline": 1.401,
    "shared_words": -0.523,
}
"""The log-odds that people choose a sentence for the article's extract, by feature (see `features`). Fitted on the
1,000 earliest articles of the CNN-corpus (Lins et al., DocEng 2019) by `python -m evaluation.summaries --fit`."""

FEWEST, MOST = 3, 7
_LEAST_WORDS = 5
_LEANING = 0.5
_REDUNDANCY = 0.5
_SAME = 0.8
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_WHOLE = re.compile(r"""[.!?…。！？؟।॥｡]["'”’»›」』）)\]]*\Z""")


def _words(words: str) -> frozenset[str]:
    return frozenset(words.split())


_PRONOUNS = _words("he she they it his her their its this that these those him them i we you my our me us your")
_OURSELVES = _words("i we you my our your me us i'm i've it's we're you're don't")
_CONNECTIVES = _words(
    "and but so or yet also then now still however meanwhile instead moreover furthermore because too though thus "
    "therefore nor both such another otherwise similarly likewise"
)
_EMPTY = _PRONOUNS | _words(
    "a an the and or but if of to in on at by for from with as is are was were be been being has have had do does did "
    "will would can could should may might must not no who whom which what when where why how all any both each more "
    "most other some such than then there here so too very just also said says say one about after before over under "
    "out up into s t"
)


def default_count(sentences: int) -> int:
    """How many sentences sum up an article of `sentences`: a tenth of them, 3 to 7."""
    return min(MOST, max(FEWEST, round(sentences / 10)))


def salience(sentences: Sequence[str], *, headline: str) -> tuple[float, ...]:
    """How much each sentence says of the article, as the probability (0 to 1) that people choose it for an extract."""
    table = features(sentences, headline=headline)
    weights = np.array(list(COEFFICIENTS.values())[1:])
    return tuple(float(odds) for odds in 1 / (1 + np.exp(-(table @ weights + COEFFICIENTS["intercept"]))))


def choose(salience: Sequence[float], sentences: Sequence[str], *, count: int | None = None) -> tuple[int, ...]:
    """The numbers of at most `count` sentences to sum up with, in reading order.

    Fragments are left out where there are whole sentences. A sentence that leans on the one before ("But he…", the end
    of a quotation) yields to another nearly as good, unless the one before is chosen; so does one that repeats what is
    chosen, and one that says the same again is left out.
    """
    count = default_count(len(sentences)) if count is None else count
    tokens = [_WORD.findall(sentence) for sentence in sentences]
    vectors = [_unit(Counter(_contents(words))) for words in tokens]
    left = [
        number
        for number, sentence in enumerate(sentences)
        if len(tokens[number]) >= _LEAST_WORDS and _WHOLE.search(sentence[-12:])
    ] or [number for number, words in enumerate(tokens) if words]
    repeated = dict.fromkeys(left, 0.0)
    chosen: set[int] = set()

    def worth(number: int) -> float:
        leaning = _leans(sentences[number], tokens[number]) and number - 1 not in chosen
        return salience[number] * (_LEANING if leaning else 1) * (1 - _REDUNDANCY * repeated[number])

    while repeated and len(chosen) < count:
        best = max(repeated, key=lambda number: (worth(number), -number))
        chosen.add(best)
        del repeated[best]
        for number in tuple(repeated):
            repeated[number] = max(repeated[number], _dot(vectors[number], vectors[best]))
            if repeated[number] > _SAME:
                del repeated[number]
    return tuple(sorted(chosen))


def features(sentences: Sequence[str], *, headline: str) -> Floats:
    """A row a sentence: the features that `COEFFICIENTS` names, without the intercept."""
    tokens = [_WORD.findall(sentence) for sentence in sentences]
    bags = [Counter(_contents(words)) for words in tokens]
    spread = Counter(word for bag in bags for word in bag)
    rarity = {word: math.log(1 + len(sentences) / number) for word, number in spread.items()}
    vectors = [_unit({word: (1 + math.log(number)) * rarity[word] for word, number in bag.items()}) for bag in bags]
    article, lead = _sum(vectors), _sum(vectors[:3])
    title = frozenset(_contents(_WORD.findall(headline)))
    rows = [
        [
            *_row(number, len(sentences), sentence, words),
            _dot(vector, article),
            _dot(vector, lead) if number >= 3 else 0.0,
            len(title & bag.keys()) / (1 + len(title)),
            sum(times * math.log(spread[word]) for word, times in bag.items()) / (1 + bag.total()),
        ]
        for number, (sentence, words, bag, vector) in enumerate(zip(sentences, tokens, bags, vectors, strict=True))
    ]
    return np.array(rows, dtype=np.float64).reshape(len(rows), len(COEFFICIENTS) - 1)


def _row(number: int, total: int, sentence: str, words: Sequence[str]) -> list[float]:
    """Position, length, names, and the kind of sentence."""
    small = [word.lower().replace("’", "'") for word in words]
    first = small[0] if small else ""
    length = min(len(words), 60)
    return [
        1 / (1 + number),
        math.log1p(number),
        number / total,
        float(number == 0),
        float(number < 3),
        math.log1p(length),
        length / 60,
        float(length < 8),
        sum(word[0].isupper() for word in words[1:] if len(word) > 1) / (1 + len(words)),
        float(first in _PRONOUNS),
        float(first in _CONNECTIVES),
        sum(word in _PRONOUNS for word in small) / (1 + len(words)),
        sum(word in _OURSELVES for word in small) / (1 + len(words)),
        float(sentence[:1] in ('"', "“", "«", "„")),
        float(sentence.rstrip("\"”'’» )").endswith(("?", "？", "؟"))),
    ]


def _leans(sentence: str, words: Sequence[str]) -> bool:
    """Whether a sentence speaks of what was said before, or holds but a part of a quotation."""
    parted = sentence.count('"') % 2 == 1 or sentence.count("“") != sentence.count("”")
    return parted or (bool(words) and words[0].lower() in _PRONOUNS | _CONNECTIVES)


def _contents(words: Sequence[str]) -> list[str]:
    """The words that carry meaning, without their endings."""
    stems = map(stem, words)
    return [each for each in stems if len(each) > 1 and each not in _EMPTY]


def stem(word: str) -> str:
    """An English word in small letters, without the endings of its forms ("courts" and "court" are the same)."""
    word = word.lower().replace("’", "'").removesuffix("'s")
    for ending in ("ing", "ed", "es", "s"):
        if word.endswith(ending) and len(word) - len(ending) >= 4:
            return word[: -len(ending)]
    return word


def _unit(vector: Mapping[str, float]) -> dict[str, float]:
    length = math.sqrt(sum(value * value for value in vector.values())) or 1.0
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
    return sum(value * other.get(key, 0.0) for key, value in one.items())
