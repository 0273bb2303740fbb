"""Examples to windows of subwords, and windows to batches of like length."""

import random
from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from gazetteer.annotate.subwords import Ints
from training.corpora import Example

WINDOW = 256
"""Subwords in a window at most, [CLS] and [SEP] included."""
BATCH = 2048
"""Subwords in a batch, about, padding included."""
CLS, SEP = 101, 102
TITLE, UPPER, LOWER, NO_LETTER = 4, 3, 2, 1
CAPITALS = ((0.03, TITLE), (0.02, UPPER), (0.01, LOWER))
"""The share of windows that is read as a headline in title case, in capitals, or as typed without any."""

Window = tuple[Ints, Ints, npt.NDArray[np.bool_]]
"""Ids, shapes and allowed labels of a window, one row a subword."""


def windows(examples: list[Example], chance: random.Random) -> Iterator[Window]:
    """(ids, shapes, allowed) of every window of one pass, with their [CLS] and [SEP]."""
    for example in examples:
        first, size = example.words.first, len(example.words.ids)
        cut = 0
        longest = WINDOW - 2
        stop = chance.randint(longest // 2, longest) if size > longest else size
        while cut < size:
            end = size if stop >= size else int(first[np.searchsorted(first, stop, side="right") - 1])
            if end <= cut:
                end = min(stop, size)
            yield framed(example, cut, end, chance)
            cut, stop = end, end + longest


def framed(example: Example, cut: int, end: int, chance: random.Random) -> Window:
    """The window of `example` from subword `cut` to `end`, between [CLS] and [SEP], perhaps in other capitals."""
    shapes = example.words.shapes[cut:end].copy()
    draw = chance.random()
    for share, row in CAPITALS:
        if draw < share:
            shapes[shapes != NO_LETTER] = row
            break
        draw -= share
    allowed = np.pad(example.allowed[cut:end], ((1, 1), (0, 0)))
    return np.r_[CLS, example.words.ids[cut:end], SEP], np.r_[0, shapes, 0], allowed


def batches(rows: list[Window], chance: random.Random) -> list[list[Window]]:
    """`rows` in groups of about `BATCH` subwords and of like length, in random order."""
    rows.sort(key=lambda row: (len(row[0]), chance.random()))
    groups: list[list[Window]] = [[]]
    for row in rows:
        if groups[-1] and (len(groups[-1]) + 1) * len(row[0]) > BATCH:
            groups.append([])
        groups[-1].append(row)
    chance.shuffle(groups)
    return groups
