"""How sentences and articles are told: the shares of their words that are positive, negative and neutral.

The words' valence is VADER's (Hutto and Gilbert, ICWSM 2014): a lexicon that people rated, with rules for negation,
degree and contrast. It was made for posts on social media; for the news its typography is set aside (capitals and
exclamation marks shout nothing), and so are names ("Grace Hope" praises nobody) and words that the news uses plainly.
"""

import math
import re
from collections.abc import Sequence
from functools import cache
from typing import Any

from gazetteer.types import Abstention, SentenceTone, Tone

NEUTRAL_WORDS = 10
"""Neutral words added to each sentence, so that one word does not charge a short sentence through and through. Chosen
on four fifths of the raters' snippets (`evaluation.tone`)."""

LEAST_CHARGED = 5
"""An article with fewer charged sentences is not judged: below, its halves hardly agree (`evaluation.tone`)."""

LARGEST_ERROR = 0.125
"""An article is not judged where the standard error of its positivity, over its sentences, is larger: beyond,
the positivity of one half of an article says nothing of the other's (`evaluation.tone`)."""

MOST_EVIDENCE = 8
_PLAIN_WORDS = (
    "like party parties security safety justice share shares shared sharing play played playing plays value values "
    "number matter certain original legal special top hand ready join natural lower sure please true increase growing "
    "growth created creation trust interest interests interested clear clearly heart hearts greater easily huge "
    "active advantage agree agreed agreement agreements supporter supporters supporting fit favor ensure pretty "
    "prepared giving low okay "
)
"""Words of the lexicon that the news uses without praise or blame ("like a", "the party", "shares fell").

The first were chosen by their sense; those from "sure" on among the words that are frequent in news, where leaving one
out raised the agreement with the raters of EmoBank and of the snippets that nothing is reported on."""

_PLAIN = frozenset(_PLAIN_WORDS.split())
_GRAVE_WORDS = (
    "airstrike airstrikes bankruptcy beatings bloodshed bombing bombings casualties corrupt corruption coup crackdown "
    "clash clashes deadly deaths dies drought earthquake evicted explosion explosions famine flooding floods genocide "
    "hostage hostages injuries kidnapped layoffs massacre outbreak persecution shooting shootings unrest wildfire "
    "wildfires wounded"
)
"""Words of bad news that the lexicon lacks."""

_GRAVE = -2.0
_WINDOW = 100
_LONGEST_WORD = 40
_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
_BEFORE_CAPITAL = re.compile(r"""[.!?…:"“‘«]\s*\Z""")


@cache
def _vader() -> Any:  # noqa: ANN401 (the library has no types)
    from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

    analyzer = SentimentIntensityAnalyzer()
    analyzer.lexicon.update(dict.fromkeys(_GRAVE_WORDS.split(), _GRAVE))
    return analyzer


def tone_of(sentences: Sequence[str]) -> tuple[SentenceTone, ...]:
    """The tone of each sentence by itself. A sentence without a word of the lexicon is all neutral."""
    return tuple(map(_tone_of_one, sentences))


def _tone_of_one(sentence: str) -> SentenceTone:
    words = _plain_words(sentence)
    positive = negative = 0.0
    for start in range(0, len(words), _WINDOW):
        window = words[start : start + _WINDOW]
        scores = _vader().polarity_scores(" ".join(window))
        positive += scores["pos"] * len(window)
        negative += scores["neg"] * len(window)
    total = len(words) + NEUTRAL_WORDS
    return SentenceTone(positive=positive / total, negative=negative / total, neutral=1 - (positive + negative) / total)


def _plain_words(sentence: str) -> list[str]:
    """The words in small letters; plain ones and names are blotted out (names not in headlines, all of capitals)."""
    found = list(_WORD.finditer(sentence))
    names_show = sum(word[0][0].islower() for word in found) > 0.4 * len(found)
    words = []
    for number, word in enumerate(found):
        before = sentence[max(0, word.start() - 3) : word.start()]
        named = names_show and number > 0 and word[0][0].isupper() and not _BEFORE_CAPITAL.search(before)
        small = word[0][:_LONGEST_WORD].lower().replace("’", "'")
        words.append("name" if (named and len(small) > 1) or small in _PLAIN else small)
    return words


def gather(tones: Sequence[SentenceTone], lengths: Sequence[int]) -> Tone | Abstention:
    """The tone of the article that these sentences make, each weighted by its length (characters or words).

    Positivity is what is positive of all that is charged. Its standard error is that of a ratio of sums over sentences.
    """
    weights = [(length * tone.positive, length * tone.negative) for tone, length in zip(tones, lengths, strict=True)]
    charged = [number for number, pair in enumerate(weights) if sum(pair) > 0]
    if not charged:
        return Abstention(reason="no sentence is charged")
    if len(charged) < LEAST_CHARGED:
        few = "1 sentence is" if len(charged) == 1 else f"{len(charged)} sentences are"
        return Abstention(reason=f"only {few} charged, and it takes {LEAST_CHARGED} to say")
    charge = sum(map(sum, weights))
    positivity = sum(positive for positive, _ in weights) / charge
    squares = sum((positive - positivity * (positive + negative)) ** 2 for positive, negative in weights)
    if math.sqrt(squares) / charge > LARGEST_ERROR:
        return Abstention(reason="the charged sentences differ too much to put a number on it")
    return Tone(
        positivity=positivity,
        negativity=1 - positivity,
        neutral=min(1.0, max(0.0, 1 - charge / sum(lengths))),
        evidence=_evidence(weights, charged, positivity),
    )


def _evidence(weights: Sequence[tuple[float, float]], charged: Sequence[int], positivity: float) -> tuple[int, ...]:
    """The most charged sentences, as many of each pole as its share of the charge."""
    poles: tuple[list[int], list[int]] = ([], [])
    for number in sorted(charged, key=lambda number: (-sum(weights[number]), number)):
        poles[weights[number][1] > weights[number][0]].append(number)
    positive = min(len(poles[0]), max(round(MOST_EVIDENCE * positivity), min(1, len(poles[0]))))
    negative = min(len(poles[1]), max(MOST_EVIDENCE - positive, min(1, len(poles[1]))))
    chosen = poles[0][: MOST_EVIDENCE - min(1, negative)][:positive] + poles[1][:negative]
    return tuple(sorted(chosen, key=lambda number: (-sum(weights[number]), number)))
