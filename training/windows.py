"""Examples to windows of subwords, and windows to batches of like length."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from gazetteer.annotate.subwords import Ints
from training.corpora import Example, Floats, Halves, Opinion, no_opinion

WINDOWS = (256, 256, 384, 512)
"""Subwords in a window at most, [CLS] and [SEP] included; each text is cut by one of these."""
PACKED = 0.6
"""The share of single sentences that share a window with others of their set, as an article's sentences do."""
BATCH = 3072
"""Subwords in a batch, about, padding included."""
CLS, SEP = 101, 102
TITLE, UPPER, LOWER, NO_LETTER = 4, 3, 2, 1
CAPITALS = ((0.03, TITLE), (0.02, UPPER), (0.01, LOWER))
"""The share of windows that is read as a headline in title case, in capitals, or as typed without any."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """A row a subword, [CLS] and [SEP] included, and what is known of them (see `training.corpora.Example`).

    `numbers` has the number of each sentence among all sentences of the run, which the original's vectors go by. What
    teachers say has rows as `allowed`, `sentences` and `targets` have, of NaN where they say nothing.
    """

    ids: Ints
    shapes: Ints
    allowed: npt.NDArray[np.bool_]
    sentences: Ints
    numbers: Ints
    valence: Floats
    targets: Ints
    polarity: Ints
    said_scores: Halves
    said_valence: Halves
    said_polarity: Halves


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """The subwords `start:end` of an example whose first sentence is number `number` of the run."""

    example: Example
    number: int
    start: int
    end: int

    @property
    def sentences(self) -> Ints:
        """The numbers, in the example, of the sentences that lie whole in the part."""
        bounds = self.example.sentences
        return np.flatnonzero((bounds[:, 0] >= self.start) & (bounds[:, 1] <= self.end))

    @property
    def targets(self) -> Ints:
        """The numbers, in the example, of the targets of those sentences."""
        return np.flatnonzero(np.isin(self.example.targets[:, 2], self.sentences))


def windows(examples: Sequence[tuple[int, Example]], chance: random.Random) -> Iterator[Window]:
    """Every window of one pass over `examples`, each with the number of its first sentence."""
    packed: list[Part] = []
    room = 0
    for number, one in examples:
        size = len(one.words.ids)
        whole = Part(example=one, number=number, start=0, end=size)
        if one.packs and chance.random() < PACKED and size < WINDOWS[0]:
            if packed and size > room:
                yield framed(packed, chance)
                packed = []
            if not packed:
                room = chance.randint(size, WINDOWS[0] - 2)
            packed.append(whole)
            room -= size
        else:
            yield from (framed([part], chance) for part in _cut(whole, chance))
    if packed:
        yield framed(packed, chance)


def _cut(whole: Part, chance: random.Random) -> Iterator[Part]:
    """`whole` in parts that fit a window, cut between words, at other places in each pass."""
    first = whole.example.words.first
    longest = chance.choice(WINDOWS) - 2
    cut, stop = 0, chance.randint(longest // 2, longest) if whole.end > longest else whole.end
    while cut < whole.end:
        end = whole.end if stop >= whole.end else int(first[np.searchsorted(first, stop, side="right") - 1])
        if end <= cut:
            end = min(stop, whole.end)
        yield Part(example=whole.example, number=whole.number, start=cut, end=end)
        cut, stop = end, end + longest


def framed(parts: Sequence[Part], chance: random.Random | None) -> Window:
    """The window of `parts`, one after the other between [CLS] and [SEP], perhaps, by `chance`, in other capitals."""
    shapes = np.concatenate([part.example.words.shapes[part.start : part.end] for part in parts])
    draw = chance.random() if chance else 1.0
    for share, row in CAPITALS:
        if draw < share:
            shapes[shapes != NO_LETTER] = row
            break
        draw -= share
    ids = np.concatenate([part.example.words.ids[part.start : part.end] for part in parts])
    allowed = np.concatenate([part.example.allowed[part.start : part.end] for part in parts])
    said = [part.example.said or no_opinion(part.example) for part in parts]
    scores = np.concatenate([each.scores[part.start : part.end] for part, each in zip(parts, said, strict=True)])
    rows = _sentences(parts, said)
    return Window(
        ids=np.r_[CLS, ids, SEP],
        shapes=np.r_[0, shapes, 0],
        allowed=np.pad(allowed, ((1, 1), (0, 0))),
        said_scores=np.pad(scores, ((1, 1), (0, 0)), constant_values=np.nan),
        **{name: np.concatenate([row[name] for row in rows]) for name in rows[0]},
    )


def _sentences(parts: Sequence[Part], said: Sequence[Opinion]) -> list[dict[str, npt.NDArray[Any]]]:
    """For each part, the sentences and targets that lie whole in it, by the places of the window."""
    rows: list[dict[str, npt.NDArray[Any]]] = []
    at = 1
    before = 0
    for part, each in zip(parts, said, strict=True):
        one, kept, targets = part.example, part.sentences, part.targets
        place = np.full(len(one.sentences), -1)
        place[kept] = before + np.arange(len(kept))
        moved = one.targets[targets] + (at - part.start)
        moved[:, 2] = place[one.targets[targets, 2]]
        rows.append(
            {
                "sentences": one.sentences[kept] + (at - part.start),
                "numbers": part.number + kept,
                "valence": one.valence[kept],
                "targets": moved,
                "polarity": one.polarity[targets],
                "said_valence": each.valence[kept],
                "said_polarity": each.polarity[targets],
            }
        )
        at += part.end - part.start
        before += len(kept)
    return rows


def batches(rows: list[Window], chance: random.Random) -> list[list[Window]]:
    """`rows` in groups of about `BATCH` subwords and of like length, in random order."""
    rows.sort(key=lambda row: (len(row.ids), chance.random()))
    groups: list[list[Window]] = [[]]
    for row in rows:
        if groups[-1] and (len(groups[-1]) + 1) * len(row.ids) > BATCH:
            groups.append([])
        groups[-1].append(row)
    chance.shuffle(groups)
    return groups
