"""How charged the words of a sentence are, as people rated them one by one, and what that adds to the encoder.

The ratings are those of VADER's lexicon (Hutto and Gilbert, ICWSM 2014, MIT). The encoder learned from few thousand
sentences; here are words that it met in none of them. `training/words.py` makes the table.
"""

import io
import math
import re
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from gazetteer.annotate.shipped import whole
from gazetteer.annotate.vectors import Floats
from gazetteer.errors import ModelError

FILE = "words.npz"
"""The table's name in the model's folder."""

_REACH = 3  # words after one that denies, of which it turns the rating
_DENIED = -0.74  # what is left of the rating of a word that is denied, by Hutto and Gilbert
_MANY = 15.0  # the square of the sum of ratings at which a sentence is charged by 1/√2, by the same
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_DENYING = frozenset(
    ("cannot", "hardly", "neither", "never", "no", "nobody", "none", "nor", "not", "nothing", "without")
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """The words that are rated (-4 to 4), in lower case, and what counts how much in a sentence's valence.

    Its valence (-4 to 4) is `of_reading` times what the encoder reads, plus `of_words` times the `charge` of its words,
    plus `offset`; `doubt` is the standard deviation of people's ratings about that.
    """

    ratings: Mapping[str, float]
    of_reading: float
    of_words: float
    offset: float
    doubt: float


def load(path: Path, *, sha256: str | None = None) -> Words:
    """The table at `path`, whose digest is `sha256` where that is given. Raise ModelError if it is not whole."""
    try:
        with np.load(io.BytesIO(whole(path, sha256)), allow_pickle=False) as table:
            of_reading, of_words, offset, doubt = map(float, table["counts"])
            words, ratings = str(table["words"]).split(), map(float, table["ratings"])
            return Words(
                ratings=dict(zip(words, ratings, strict=True)),
                of_reading=of_reading,
                of_words=of_words,
                offset=offset,
                doubt=doubt,
            )
    except (OSError, ValueError, KeyError, TypeError, AttributeError, EOFError, zipfile.BadZipFile) as error:
        raise ModelError(f"the words in {path} cannot be read ({error}): install Gazetteer again") from error


def save(words: Words, path: Path) -> None:
    """Write `words` to `path`, their ratings in 16 bits."""
    np.savez_compressed(
        path,
        words=np.array(" ".join(words.ratings)),
        ratings=np.array([*words.ratings.values()], dtype=np.float16),
        counts=np.array([words.of_reading, words.of_words, words.offset, words.doubt]),
    )


def charge(ratings: Mapping[str, float], text: str) -> float:
    """How charged the words of `text` are: -1 to 1, and 0 where none is rated.

    A word's rating is turned where one of the three before it denies.
    """
    total, denied = 0.0, 0
    for word in _WORD.findall(text.lower().replace("’", "'")):
        total += ratings.get(word, 0.0) * (_DENIED if denied else 1.0)
        if word in _DENYING or (word.endswith("n't") and word != "n't"):
            denied = _REACH
        elif denied:
            denied -= 1
    return total / math.sqrt(total * total + _MANY)


def valence(words: Words, readings: Floats, texts: Sequence[str]) -> Floats:
    """The valence (sentences,) of sentences, from what the encoder reads in each and from their `texts`."""
    charges = np.array([charge(words.ratings, text) for text in texts], dtype=np.float32)
    return np.asarray(words.of_reading * readings + words.of_words * charges + words.offset, dtype=np.float32)
