"""How surely two articles tell of one event: log-odds of what they share.

A logistic regression of the likenesses of a pair, and of how like each is to articles of other stories: what everybody
writes about is shared by many, so it tells less. What goes on for weeks is told in the same words every day, but for
the day itself, so it counts whether both name one day of the week. `training/stories.py` fitted the coefficients on
pairs of neighbours in neus-train.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from gazetteer.stories.words import DAYS, HEAD, LEAD, WHOLE, Hashes, Words

Floats = npt.NDArray[np.float32]
Ints = npt.NDArray[np.intp]

LIKENESSES = ("whole", "lead", "head", "across", "vector", "one day", "next day", "other day")
"""What of a pair is compared, as `likenesses` gives it: cosines of words (of all, of the leads, of the headlines, the
better of one's headline with the other's lead) and of vectors; 1 where the leads name the same day of the week, days
that follow each other, others alone.
"""

MOST_WORDS = 400
"""Words of an article that are compared: the weightiest, and the days of the week."""
AROUND = 10
"""Articles of other stories by which it is told how common what an article tells is."""

FIRST = np.array([6.17, 6.165, 2.746, 6.507, 3.957, 0.36, -1.403, -3.006, -9.01])
SECOND = np.array([7.158, 7.157, 2.39, 6.043, 8.024, 0.555, -1.111, -2.676, -25.582, -8.186, -2.415])
"""Coefficients of the likenesses, of the surroundings (whole, vector; `SECOND` alone), and the intercept."""
MOST = 10.0
"""Log-odds beyond which nothing is surer."""
UNLIKE = (0.303, 1.525)
"""From `whole` to the likeness of vectors, for articles without one: intercept and slope."""


@dataclass(frozen=True, slots=True)
class Features:
    """What of an article is compared: sorted hashes of its words (n,), their weights in its parts (3, n), each of unit
    length, and its vector (width,), of unit length, or of no width where it has none.
    """

    words: Hashes
    weights: Floats
    vector: Floats


def weigh(words: Words, articles_with: npt.NDArray[np.int64], articles: int, vector: Sequence[float] = ()) -> Features:
    """Weigh words by their rarity: `articles_with` (n,) tells how many of `articles` have each.

    TF-IDF with logarithmic term frequencies (Manning, Raghavan and Schütze, 2008, chapter 6).
    """
    rarity = np.log((articles + 1) / (np.minimum(articles_with, articles) + 1)) + 1
    weights = (1 + np.log(np.maximum(words.counts, 1))) * (words.counts > 0) * rarity
    hashes = words.hashes
    if len(hashes) > MOST_WORDS:
        worth = np.where(np.isin(hashes, DAYS), np.inf, weights[WHOLE] + weights[LEAD])
        kept = np.sort(np.lexsort((hashes, -worth))[:MOST_WORDS])
        hashes, weights = hashes[kept], weights[:, kept]
    lengths = np.linalg.norm(weights, axis=1, keepdims=True)
    weights = np.divide(weights, lengths, out=np.zeros_like(weights), where=lengths > 0)
    return Features(words=hashes, weights=weights.astype(np.float32), vector=np.asarray(vector, dtype=np.float32))


def likenesses(one: Features, others: Sequence[Features]) -> npt.NDArray[np.float64]:
    """Compare an article with others: (`LIKENESSES`, others)."""
    rows = np.repeat(np.arange(len(others)), [len(other.words) for other in others])
    words = np.concatenate([other.words for other in others])
    at = np.minimum(np.searchsorted(one.words, words), max(len(one.words) - 1, 0))
    shared = one.words[at] == words if len(one.words) else np.zeros(len(words), dtype=bool)
    weights = np.concatenate([other.weights for other in others], axis=1)
    days = _days(words, weights[LEAD], rows, len(others))
    mine, theirs, rows = one.weights[:, at[shared]], weights[:, shared], rows[shared]

    def cosine(part: int, of_other: int) -> npt.NDArray[np.float64]:
        return np.bincount(rows, mine[part] * theirs[of_other], minlength=len(others)).astype(np.float64)

    whole = cosine(WHOLE, WHOLE)
    across = np.maximum(cosine(HEAD, LEAD), cosine(LEAD, HEAD))
    vector = UNLIKE[0] + UNLIKE[1] * whole
    if len(one.vector):
        has = np.array([len(other.vector) == len(one.vector) for other in others])
        if has.any():
            vector[has] = (
                np.stack([other.vector for other in others if len(other.vector) == len(one.vector)]) @ one.vector
            )
    return np.stack([whole, cosine(LEAD, LEAD), cosine(HEAD, HEAD), across, vector, *_same_days(one, days)])


def _days(words: Hashes, lead: Floats, rows: Ints, articles: int) -> Ints:
    """Give the days of the week that the leads of articles name, a bit each: (articles,), of words by article."""
    named = np.isin(words, DAYS) & (lead > 0)
    found = np.zeros(articles, dtype=np.intp)
    np.bitwise_or.at(found, rows[named], 1 << np.argmax(words[named][:, None] == DAYS, axis=1))
    return found


def _same_days(one: Features, others: Ints) -> tuple[npt.NDArray[np.bool_], ...]:
    """Tell whether an article and others name one day, following ones, or other ones alone; none where either names
    none.
    """
    own = int(_days(one.words, one.weights[LEAD], np.zeros(len(one.words), dtype=np.intp), 1)[0])
    beside = own << 1 | own >> 6 | own >> 1 | own << 6
    same, following = (own & others) > 0, (beside & others) > 0
    return same, following & ~same, (own > 0) & (others > 0) & ~same & ~following


def first(likeness: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Give log-odds (pairs,) by the likenesses (`LIKENESSES`, pairs) alone."""
    return np.asarray(np.clip(FIRST[:-1] @ likeness + FIRST[-1], -MOST, MOST))


def second(likeness: npt.NDArray[np.float64], around: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Give log-odds (pairs,) by the likenesses (`LIKENESSES`, pairs) and the mean surroundings of both (2, pairs)."""
    return np.asarray(np.clip(SECOND[:-1] @ np.concatenate([likeness, around]) + SECOND[-1], -MOST, MOST))


def surroundings(likeness: npt.NDArray[np.float64], outside: npt.NDArray[np.bool_]) -> npt.NDArray[np.float64]:
    """Tell how like an article is to those of other stories: (2,), the mean of the `AROUND` nearest.

    `likeness` (`LIKENESSES`, others) has its neighbours, `outside` (others,) which of them are of other stories.
    """
    found = np.sort(likeness[[0, 4]][:, outside], axis=1)[:, -AROUND:]
    return np.asarray(found.sum(axis=1) / AROUND)


def packed(features: Features) -> bytes:
    """Write features as bytes: 16 bits a weight."""
    sizes = np.array([len(features.words), len(features.vector)], dtype="<u2")
    parts = (sizes, features.words.astype("<u4"), features.weights.astype("<f2"), features.vector.astype("<f2"))
    return b"".join(part.tobytes() for part in parts)


def unpacked(data: bytes) -> Features:
    """Read what `packed` wrote."""
    words, width = (int(size) for size in np.frombuffer(data, dtype="<u2", count=2))
    at = 4 + 4 * words
    return Features(
        words=np.frombuffer(data, dtype="<u4", count=words, offset=4),
        weights=np.frombuffer(data, dtype="<f2", count=3 * words, offset=at).reshape(3, words),
        vector=np.frombuffer(data, dtype="<f2", count=width, offset=at + 6 * words),
    )
