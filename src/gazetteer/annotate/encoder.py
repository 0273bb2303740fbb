"""The shipped model, run: texts in, the probability of every mention label of every word and a vector a subword out.

The only module that imports onnxruntime.
"""

import io
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
import onnxruntime

from gazetteer.annotate.heads import Heads
from gazetteer.annotate.shipped import LAYERS, NETWORK, TOKENIZER, facts, unreadable, whole
from gazetteer.annotate.subwords import Ints, Subwords, load_tokenizer, split
from gazetteer.annotate.vectors import Floats

WINDOW = 256
"""Subwords that the encoder reads at once, its two special ones included."""
BEFORE = 12
"""Subwords before a window's own that it reads for their context alone."""
AFTER = 24
"""Subwords after a window's own that it reads for their context alone, where it has to end inside a paragraph."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What the encoder read in one text.

    `words` has the words' spans, `mentions` the log-probabilities (words, labels) of BIO labels, `hidden` a vector for
    each subword (subwords, width), which the heads read.
    """

    words: Subwords
    mentions: Floats
    hidden: Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """Subwords `start:end` of a text, of which `own_start:own_end` are read for their labels."""

    start: int
    end: int
    own_start: int
    own_end: int


class Encoder:
    """The model in `folder`: `model.onnx`, `heads.npz`, `tokenizer.json` and `model.json`, which names them.

    `heads` read the vectors that `read` gives; `read` may be called from several threads. `sha256` has the digest of
    every file of the folder but the last, by name.
    """

    def __init__(self, folder: Path, *, threads: int = 1) -> None:
        """Load the model, to run on `threads` cores. Raise ModelError if it is not whole."""
        named = facts(folder)
        self.version, self.sha256 = named.version, named.sha256
        try:
            network, layers = (whole(folder / name, self.sha256[name]) for name in (NETWORK, LAYERS))
            self._tokenizer = load_tokenizer(folder / TOKENIZER, sha256=self.sha256[TOKENIZER])
            self.heads = Heads(io.BytesIO(layers))
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise unreadable(folder, error) from error
        self._cls, self._sep = (self._tokenizer.token_to_id(token) or 0 for token in ("[CLS]", "[SEP]"))
        options = onnxruntime.SessionOptions()
        options.log_severity_level = 3
        options.intra_op_num_threads = 1  # a window on each core costs less than several cores on one window
        options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_BASIC  # the export fused it
        self._map: Callable[..., Iterator[tuple[Floats, Floats]]] = (
            map if threads == 1 else ThreadPoolExecutor(threads).map
        )
        self._session = onnxruntime.InferenceSession(network, options, providers=["CPUExecutionProvider"])

    def read(self, text: str) -> Reading:
        """Read `text`, in windows that end with a paragraph where they can.

        Each window runs by itself: the network measures its activations to store them in 8 bits, so what else were read
        beside a window would change its scores.
        """
        words = split(self._tokenizer, text)
        own = list(self._map(partial(self._run, words), windows(len(words.ids), words.paragraphs)))
        if not own:
            nothing = np.empty((0, self.heads.width), dtype=np.float32)
            return Reading(words=words, mentions=nothing, hidden=nothing)
        scores, hidden = (np.concatenate(parts) for parts in zip(*own, strict=True))
        return Reading(words=words, mentions=_log_softmax(scores[words.first]), hidden=hidden)

    def _run(self, words: Subwords, window: Window) -> tuple[Floats, Floats]:
        """The scores (subwords, labels) and vectors (subwords, width) of the window's own subwords."""
        ids, shapes = words.ids[window.start : window.end], words.shapes[window.start : window.end]
        inputs = {
            "ids": np.concatenate([[self._cls], ids, [self._sep]])[None],
            "shapes": np.concatenate([[0], shapes, [0]])[None],
        }
        own = slice(1 + window.own_start - window.start, 1 + window.own_end - window.start)
        scores, hidden = self._session.run(["mentions", "hidden"], inputs)
        return scores[0, own], hidden[0, own]


def windows(size: int, paragraphs: Ints) -> Iterator[Window]:
    """The windows of a text of `size` subwords, in which a paragraph begins at each of `paragraphs`.

    Each subword is the own of one window. A window ends with the last paragraph that it has room for, unless that would
    leave over two thirds of it empty.
    """
    own = 0
    while own < size:
        start = max(0, own - BEFORE)
        end = min(start + WINDOW - 2, size)
        own_end = end
        if end < size:
            ends = paragraphs[(paragraphs > own + WINDOW // 3) & (paragraphs <= end)]
            own_end, end = (ends[-1], ends[-1]) if len(ends) else (end - AFTER, end)
        yield Window(start=start, end=int(end), own_start=own, own_end=int(own_end))
        own = int(own_end)


def _log_softmax(scores: Floats) -> Floats:
    """The logarithms of the probabilities along the last axis."""
    shifted = scores - scores.max(axis=-1, keepdims=True) if scores.size else scores
    return np.asarray(shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True)), dtype=np.float32)
