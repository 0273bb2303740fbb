"""Where texts lie among others: unit vectors, and what they say of an article and of texts like it."""

from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]

Encode = Callable[[Sequence[str]], Floats]
"""Texts in, their vectors (texts, width) of unit length out."""

LEAD = 4
"""Sentences that open an article, and count beside the headline and the whole."""

WHOLE = 40
"""Sentences of an article, from its beginning, that tell where it lies."""


def unit(vectors: Floats) -> Floats:
    """`vectors` (…, width) at length 1; those of no length stay so."""
    lengths = np.linalg.norm(vectors, axis=-1, keepdims=True)
    return np.asarray(vectors / np.where(lengths > 0, lengths, 1), dtype=np.float32)


def article_vector(headline: Floats, sentences: Floats) -> Floats:
    """Where an article lies (width,): as much by its headline as by its opening and by its first `WHOLE` sentences.

    `headline` is (width,), all zeros where there is none; `sentences` is (sentences, width).
    """
    if not len(sentences):
        return unit(headline)
    return unit(headline + unit(sentences[:LEAD].mean(axis=0)) + unit(sentences[:WHOLE].mean(axis=0)))
