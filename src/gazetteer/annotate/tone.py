"""How sentences and articles are told, and how they speak of those they name: three things, kept apart.

- how the article is told: the wording of its sentences, on the scale of people who rated editorials (`shares`,
  `gather`);
- how it speaks of each name (`toward`);
- whether what happened is good or bad news for a name, which only business news has taught the model (`outcome`).
"""

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from gazetteer.annotate.heads import erf, softmax
from gazetteer.annotate.vectors import Floats
from gazetteer.types import Abstention, SentenceTone, Tone

CHARGED = 0.5
"""A sentence is positive or negative where the mean of twenty people's ratings (-4 to 4) is so far from 0."""

LEAST_CHARGED = 3.0
"""An article is not judged where it is expected to have fewer charged sentences than this."""

LARGEST_ERROR = 0.125
"""An article is not judged where the standard error of its positivity, over its sentences, is larger."""

MOST_EVIDENCE = 8

BODIES = frozenset({"ORG"})
"""The labels of what the model has learned the outcome for: companies, funds and the like, in headlines of business."""


class Polarity(NamedTuple):
    """How a text speaks of what it names, and whether what happened is good or bad news for it."""

    toward: SentenceTone
    outcome: SentenceTone


def shares(valence: Floats, *, doubt: float) -> tuple[SentenceTone, ...]:
    """How likely each sentence is to be called positive, negative and neither, from its `valence` (-4 to 4).

    `doubt` is the standard deviation of the ratings about the model's reading of them.
    """
    positive = _above((valence - CHARGED) / doubt)
    negative = _above((-valence - CHARGED) / doubt)
    return tuple(_told(float(p), float(n)) for p, n in zip(positive, negative, strict=True))


def polarity(scores: Floats) -> tuple[SentenceTone, ...]:
    """The probabilities of each row of scores (n, 3): negative, neutral, positive."""
    return tuple(_told(float(p), float(n)) for n, _, p in softmax(scores))


def mean(tones: Sequence[SentenceTone]) -> SentenceTone | None:
    """The mean of several tones; None of none."""
    if not tones:
        return None
    positive = sum([tone.positive for tone in tones]) / len(tones)
    negative = sum([tone.negative for tone in tones]) / len(tones)
    return _told(positive, negative)


def _told(positive: float, negative: float) -> SentenceTone:
    """The tone of which the rest is neutral."""
    return SentenceTone(positive=positive, negative=negative, neutral=max(0.0, 1 - positive - negative))


def _above(deviations: Floats) -> Floats:
    """The share of a normal distribution that lies above minus so many standard deviations."""
    return np.asarray(0.5 * (1 + erf(deviations / math.sqrt(2))), dtype=np.float64)


def gather(tones: Sequence[SentenceTone], lengths: Sequence[int]) -> Tone | Abstention:
    """The tone of the article that these sentences make, each weighted by its length (characters or words).

    A sentence of length 0 does not count.

    Positivity is what is positive of all that is charged. Its standard error is that of a ratio of sums over sentences.
    """
    weights = [(length * tone.positive, length * tone.negative) for tone, length in zip(tones, lengths, strict=True)]
    expected = sum(tone.positive + tone.negative for tone, length in zip(tones, lengths, strict=True) if length)
    if expected < LEAST_CHARGED:
        return Abstention(reason=_too_little(expected))
    charge = sum(map(sum, weights))
    positivity = sum(positive for positive, _ in weights) / charge
    squares = sum((positive - positivity * (positive + negative)) ** 2 for positive, negative in weights)
    if math.sqrt(squares) / charge > LARGEST_ERROR:
        return Abstention(reason="the charged sentences differ too much to put a number on it")
    return Tone(
        positivity=positivity,
        negativity=1 - positivity,
        neutral=min(1.0, max(0.0, 1 - charge / sum(lengths))),
        evidence=_evidence(tones, weights, positivity),
    )


def _too_little(expected: float) -> str:
    number = round(expected)
    about = (
        f"about {number} sentences are" if number < LEAST_CHARGED else f"fewer than {LEAST_CHARGED:.0f} sentences are"
    )
    found = {0: "no sentence is", 1: "about 1 sentence is"}.get(number, about)
    return f"{found} charged, and it takes {LEAST_CHARGED:.0f} to say"


def _evidence(
    tones: Sequence[SentenceTone], weights: Sequence[tuple[float, float]], positivity: float
) -> tuple[int, ...]:
    """The most charged sentences among those more likely charged than not, as many of each pole as its share."""
    poles: tuple[list[int], list[int]] = ([], [])
    charged = [number for number, tone in enumerate(tones) if tone.neutral < 0.5 and weights[number] != (0, 0)]
    for number in sorted(charged, key=lambda number: (-abs(weights[number][0] - weights[number][1]), number)):
        poles[weights[number][1] > weights[number][0]].append(number)
    positive = min(len(poles[0]), max(round(MOST_EVIDENCE * positivity), min(1, len(poles[0]))))
    negative = min(len(poles[1]), max(MOST_EVIDENCE - positive, min(1, len(poles[1]))))
    chosen = poles[0][: MOST_EVIDENCE - min(1, negative)][:positive] + poles[1][:negative]
    return tuple(sorted(chosen, key=lambda number: (-abs(weights[number][0] - weights[number][1]), number)))
