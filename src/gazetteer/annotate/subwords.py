"""Text to the encoder's input: subwords, the shape of their words, and windows.

The encoder reads lower-cased WordPiece subwords (Devlin et al., NAACL 2019). What lower-casing loses comes back as the
*shape* of the word that a subword belongs to, one of the six rows of `SHAPES`.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

import numpy as np
import numpy.typing as npt
from tokenizers import Tokenizer

from gazetteer.annotate.shipped import whole

SHAPES = ("special", "no letter", "lower", "UPPER", "Title", "mixed")

_LINE_END = re.compile(r"\n")
_SURROGATE = re.compile("[\ud800-\udfff]")

Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Subwords:
    """The subwords of one text.

    `ids` and `shapes` have one row a subword. `first`, `starts` and `ends` have one row a word: the index of its first
    subword, and its span in characters of the text. `paragraphs` has the first subword of each paragraph but the first.
    """

    ids: Ints
    shapes: Ints
    first: Ints
    starts: Ints
    ends: Ints
    paragraphs: Ints

    def of(self, spans: Sequence[tuple[int, int]]) -> Ints:
        """The subwords (n, 2), first and last exclusive, of the words that have a part in each of `spans` of the text.

        Both are the same where no word has.
        """
        pairs = np.array(spans, dtype=np.int64).reshape(-1, 2)
        bounds = np.append(self.first, len(self.ids))
        first = np.searchsorted(self.ends, pairs[:, 0], side="right")
        last = np.searchsorted(self.starts, pairs[:, 1], side="left")
        return np.stack([bounds[first], bounds[np.maximum(first, last)]], axis=1)


def load_tokenizer(path: Path, *, sha256: str | None = None) -> Tokenizer:
    """The WordPiece tokenizer at `path`, not truncating or padding; its digest is `sha256` where that is given.

    Raise OSError or ValueError if there is none, ModelError if it is another.
    """
    text = whole(path, sha256).decode()
    try:
        tokenizer = Tokenizer.from_str(text)
    except Exception as error:  # the library has no other
        raise ValueError(f"{path.name}: {error}") from error
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return tokenizer


def shape(word: str) -> int:
    """The row of `SHAPES` that `word` has."""
    if word.islower():
        return 2
    if word.isupper():
        return 4 if len(word) == 1 and word.isalpha() else 3
    if word.istitle():
        return 4
    return 5 if any(map(str.isalpha, word)) else 1


def _words_after(starts: Ints, places: Iterable[re.Match[str]]) -> Ints:
    """The words that come next after one of `places` and have words before them."""
    found = np.searchsorted(starts, [place.start() for place in places])
    words = found[np.diff(found, prepend=0) > 0]  # np.unique would bring in a package that nothing else needs
    return words[words < len(starts)]


def split(tokenizer: Tokenizer, text: str) -> Subwords:
    """The subwords and words of `text`."""
    encoding = tokenizer.encode(_SURROGATE.sub("\N{REPLACEMENT CHARACTER}", text), add_special_tokens=False)
    word_of = np.array([-1 if word is None else word for word in encoding.word_ids], dtype=np.int64)
    offsets = np.fromiter(chain.from_iterable(encoding.offsets), dtype=np.int64).reshape(-1, 2)
    first = np.flatnonzero(np.diff(word_of, prepend=-1))
    last = np.append(first[1:], len(word_of))[: len(first)] - 1
    starts, ends = offsets[first, 0], offsets[last, 1]
    words = [text[start:end] for start, end in zip(starts.tolist(), ends.tolist(), strict=True)]
    shape_of = {word: shape(word) for word in set(words)}
    word_shapes = np.array([shape_of[word] for word in words], dtype=np.int64)
    return Subwords(
        ids=np.array(encoding.ids, dtype=np.int64),
        shapes=np.repeat(word_shapes, last - first + 1),
        first=first,
        starts=starts,
        ends=ends,
        paragraphs=first[_words_after(starts, _LINE_END.finditer(text))],
    )
