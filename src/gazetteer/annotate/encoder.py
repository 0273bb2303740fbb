"""The shipped model, run: texts in, the probability of every mention label of every word out.

The only module that imports onnxruntime.
"""

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import onnxruntime

from gazetteer.annotate.subwords import Subwords, load_tokenizer, split
from gazetteer.errors import ModelError

WINDOW = 256
"""Subwords that the encoder reads at once, its two special ones included."""
CONTEXT = 48
"""Subwords beside a window's own that it reads for their context alone, on each side where there are any."""
BATCH = 2048
"""Subwords in a batch, at most, padding included."""

Floats = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What the encoder read in one text: the words' spans, and the log-probabilities (words, labels) of BIO labels."""

    words: Subwords
    mentions: Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class _Window:
    """Subwords `start:end` of text number `text`, of which `own_start:own_end` are read for their labels."""

    text: int
    start: int
    end: int
    own_start: int
    own_end: int


class Encoder:
    """The model in `folder`: `model.onnx`, `tokenizer.json` and `model.json`, which names them."""

    def __init__(self, folder: Path, *, threads: int | None = None) -> None:
        """Load the model, to run on `threads` cores (all, where it is None). Raise ModelError if it is not whole."""
        try:
            facts = json.loads((folder / "model.json").read_text(encoding="utf-8"))
            network = (folder / "model.onnx").read_bytes()
            if hashlib.sha256(network).hexdigest() != facts["sha256"]:
                raise ModelError(f"the model in {folder} is damaged: install Gazetteer again")
            self._tokenizer = load_tokenizer(folder / "tokenizer.json")
        except (OSError, ValueError, KeyError) as error:
            raise ModelError(f"the model in {folder} cannot be read ({error}): install Gazetteer again") from error
        self.version: str = facts["version"]
        self._frame = tuple(self._tokenizer.token_to_id(token) or 0 for token in ("[CLS]", "[SEP]"))
        options = onnxruntime.SessionOptions()
        options.log_severity_level = 3
        if threads is not None:
            options.intra_op_num_threads = threads
        self._session = onnxruntime.InferenceSession(network, options, providers=["CPUExecutionProvider"])

    def read(self, texts: Sequence[str]) -> list[Reading]:
        """Read `texts`, each in windows that overlap, in batches of windows of like length."""
        words = [split(self._tokenizer, text) for text in texts]
        scores = [np.empty((0, 0), dtype=np.float32)] * len(texts)
        for batch in _batches([window for n, text in enumerate(words) for window in _windows(n, len(text.ids))]):
            for window, rows in zip(batch, self._run(words, batch), strict=True):
                if not scores[window.text].size:
                    scores[window.text] = np.empty((len(words[window.text].ids), rows.shape[1]), dtype=np.float32)
                own = slice(1 + window.own_start - window.start, 1 + window.own_end - window.start)
                scores[window.text][window.own_start : window.own_end] = rows[own]
        return [
            Reading(words=text, mentions=_log_softmax(rows[text.first]))
            for text, rows in zip(words, scores, strict=True)
        ]

    def _run(self, words: Sequence[Subwords], batch: Sequence[_Window]) -> Floats:
        """The scores (windows, subwords, labels) of `batch`, special and padding subwords included."""
        length = 2 + max(window.end - window.start for window in batch)
        ids = np.zeros((len(batch), length), dtype=np.int64)
        shapes, mask = np.zeros_like(ids), np.zeros((len(batch), length), dtype=np.float32)
        for row, window in enumerate(batch):
            size = window.end - window.start
            ids[row, [0, size + 1]] = self._frame
            ids[row, 1 : size + 1] = words[window.text].ids[window.start : window.end]
            shapes[row, 1 : size + 1] = words[window.text].shapes[window.start : window.end]
            mask[row, : size + 2] = 1
        (scores,) = self._session.run(["mentions"], {"ids": ids, "shapes": shapes, "mask": mask})
        return np.asarray(scores, dtype=np.float32)


def _windows(text: int, size: int) -> Iterator[_Window]:
    """The windows of a text of `size` subwords: each subword is the own of one, with context where the text has it."""
    room = WINDOW - 2
    if size <= room:
        if size:
            yield _Window(text=text, start=0, end=size, own_start=0, own_end=size)
        return
    step = room - 2 * CONTEXT
    for own in range(0, size, step):
        own_end = min(own + step, size)
        start = max(0, min(own - CONTEXT, size - room))
        yield _Window(text=text, start=start, end=min(start + room, size), own_start=own, own_end=own_end)


def _batches(windows: list[_Window]) -> Iterator[list[_Window]]:
    """`windows` by length, in groups of at most `BATCH` subwords."""
    group: list[_Window] = []
    for window in sorted(windows, key=lambda window: window.start - window.end):
        longest = 2 + (group[0].end - group[0].start if group else 0)
        if group and (len(group) + 1) * longest > BATCH:
            yield group
            group = []
        group.append(window)
    if group:
        yield group


def _log_softmax(scores: Floats) -> Floats:
    """The logarithms of the probabilities along the last axis."""
    shifted = scores - scores.max(axis=-1, keepdims=True) if scores.size else scores
    return np.asarray(shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True)), dtype=np.float32)
