"""What the encoder's vectors say of sentences and of mentions: the small dense layers behind it, in numpy.

`training/model.py` has the same layers as they are trained. Shapes: `hidden` is (subwords, width), one row a subword of
the text; spans are (n, 2), first and last subword, exclusive.
"""

from typing import BinaryIO, NamedTuple

import numpy as np
import numpy.typing as npt

from gazetteer.annotate.subwords import Ints
from gazetteer.annotate.vectors import Floats, unit

_LOOKS = 6
"""Heads of the attention with which a mention looks at its sentence."""


class Sentences(NamedTuple):
    """How each sentence is told, on the scale of the raters of editorials (-4 to 4), and its vector of unit length."""

    valence: Floats
    vectors: Floats


class Polarities(NamedTuple):
    """Scores (mentions, 3), before softmax, of negative, neutral and positive.

    `toward`: how the sentence speaks of what is mentioned; `outcome`: whether what happened is bad or good news for it.
    """

    toward: Floats
    outcome: Floats


class Heads:
    """The layers in a file (numpy's npz, each array under its name in `training/model.py`).

    `width` is that of the vectors they read.
    """

    def __init__(self, file: BinaryIO) -> None:
        """Read the layers. Raise ValueError or KeyError where the file is not what it should be."""
        with np.load(file, allow_pickle=False) as stored:
            self._layers = {name: stored[name].astype(np.float32) for name in stored.files}
        self.width = len(self._layers["mention.query.bias"])
        parts = (_LOOKS, self.width // _LOOKS)
        # The keys' bias adds the same to every subword's score, so it drops out.
        self._keys = self._layers["mention.key.weight"].reshape(*parts, self.width)
        self._values = self._layers["mention.value.weight"].reshape(*parts, self.width)

    def _dense(self, name: str, rows: Floats) -> Floats:
        made: Floats = rows @ self._layers[f"{name}.weight"].T + self._layers[f"{name}.bias"]
        return made

    def sentences(self, hidden: Floats, spans: Ints) -> Sentences:
        """What is said of the sentences at `spans`; one without subwords is told plainly, and its vector is zero."""
        means = _means(hidden, spans)
        valence = self._dense("sentence.valence", _gelu(self._dense("sentence.hidden", means)))[:, 0]
        vectors = self._dense("sentence.vector", means)
        real = spans[:, 0] < spans[:, 1]
        return Sentences(valence=np.where(real, valence, 0.0), vectors=unit(np.where(real[:, None], vectors, 0.0)))

    def mentions(self, hidden: Floats, spans: Ints, sentences: Ints) -> Polarities:
        """What is said of the mentions at `spans`, each in the sentence at the same row of `sentences`.

        A span without subwords, or outside its sentence's, is answered from what there is.
        """
        rows = list(map(tuple, sentences.tolist()))
        place_of = {row: n for n, row in enumerate(dict.fromkeys(rows))}
        around = np.array([*place_of], dtype=np.int64).reshape(-1, 2)
        aims, whole = _means(hidden, spans), _means(hidden, around)[[place_of[row] for row in rows]]
        queries = self._dense("mention.query", aims).reshape(len(spans), *self._keys.shape[:2])
        asked = (queries.transpose(1, 0, 2) @ self._keys).transpose(1, 0, 2) / np.float32(np.sqrt(self._keys.shape[1]))
        seen = np.zeros((len(spans), _LOOKS, hidden.shape[1]), dtype=np.float32)
        for row, (start, end) in enumerate(sentences.tolist()):
            if start < end:
                subwords = hidden[start:end]
                seen[row] = softmax(asked[row] @ subwords.T) @ subwords
        values = (seen.transpose(1, 0, 2) @ self._values.transpose(0, 2, 1)).transpose(1, 0, 2)
        joined = np.concatenate(
            [aims, values.reshape(len(spans), self.width) + self._layers["mention.value.bias"], whole], axis=1
        )
        scores = self._dense("mention.polarity", _gelu(self._dense("mention.hidden", joined)))
        toward, outcome = scores.reshape(len(spans), 2, 3).transpose(1, 0, 2)
        return Polarities(toward=toward, outcome=outcome)


def softmax(scores: Floats) -> Floats:
    """Scores to probabilities along the last axis."""
    powers = np.exp(scores - scores.max(axis=-1, keepdims=True))
    shares: Floats = powers / powers.sum(axis=-1, keepdims=True)
    return shares


def erf(x: npt.NDArray[np.floating]) -> npt.NDArray[np.floating]:
    """The error function to 1.5e-7 (Abramowitz and Stegun, Handbook of Mathematical Functions, 7.1.26)."""
    t = 1 / (1 + 0.3275911 * np.abs(x))
    series = t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))))
    return np.asarray(np.sign(x) * (1 - series * np.exp(-x * x)))


def _gelu(x: Floats) -> Floats:
    """Gaussian error linear units (Hendrycks and Gimpel, 2016)."""
    return np.asarray(x * 0.5 * (1 + erf(x / np.float32(np.sqrt(2)))), dtype=np.float32)


def _means(hidden: Floats, spans: Ints) -> Floats:
    """The mean of the rows in each span, zero where there are none."""
    means = np.zeros((len(spans), hidden.shape[1]), dtype=np.float32)
    for row, (start, end) in enumerate(spans.tolist()):
        if start < end:
            np.add.reduce(hidden[start:end], axis=0, out=means[row])
    means /= np.maximum(spans[:, 1:] - spans[:, :1], 1)
    return means
