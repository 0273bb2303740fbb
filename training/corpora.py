"""The labelled sets that the heads learn from, as subwords with what each set tells of them.

A set that does not tell our labels apart allows several: CrossNER's `location` is GPE, LOC or FAC, and its `misc` may
be anything, nothing included. The loss sums the probability of what is allowed (marginal likelihood). What a set does
not label at all is left out of the loss.
"""

import csv
import gzip
import json
import math
import re
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from tokenizers import Tokenizer

from gazetteer.annotate import sentences
from gazetteer.annotate.subwords import Ints, Subwords, split
from gazetteer.types import LABELS

SCALES = ("editorials", "emobank")
"""Raters' scales of how a sentence is told, each read by an output of its own."""
QUESTIONS = ("toward", "outcome")
"""What is asked of a mention: how the sentence speaks of it, and whether what happened is good or bad news for it."""
POLARITIES = ("negative", "neutral", "positive")

SPOKEN_OF: frozenset[str | None] = frozenset(["PERSON", "ORG", "GPE", "NORP"])
"""Labels of the mentions that one is asked how a sentence speaks of."""
OUTSIDE = 0
UNKNOWN = -1
Allowed = frozenset[str | None]
Floats = npt.NDArray[np.float32]
Halves = npt.NDArray[np.float16]
ANYTHING: Allowed = frozenset(LABELS) | {None}
_DECISION = re.compile(r"""['"](.+?)['"]: ['"](positive|neutral|negative)['"]""")
"""A name and its polarity in SEntFiN's column, which quotes names without escaping."""

_CROSSNER: tuple[tuple[str, Allowed], ...] = (
    ("person politician writer musicalartist scientist researcher", frozenset(["PERSON"])),
    ("organisation politicalparty band university", frozenset(["ORG"])),
    ("book album song poem", frozenset(["WORK_OF_ART"])),
    ("magazine academicjournal", frozenset(["ORG", "WORK_OF_ART"])),
    ("conference", frozenset(["ORG", "EVENT"])),
    ("country", frozenset(["GPE"])),
    ("location", frozenset(["GPE", "LOC", "FAC"])),
    ("event", frozenset(["EVENT"])),
    ("election", frozenset(["EVENT", None])),
    ("product", frozenset(["PRODUCT", None])),
    ("programlang", frozenset(["PRODUCT", "LANGUAGE", None])),
    ("astronomicalobject", frozenset(["LOC", None])),
    ("misc award", ANYTHING),
    ("literarygenre musicgenre field task algorithm metrics protein enzyme", frozenset([None])),
    ("chemicalcompound chemicalelement discipline theory musicalinstrument", frozenset([None])),
)
CROSSNER = {name: allowed for names, allowed in _CROSSNER for name in names.split()}
"""Which of our labels each of CrossNER's allows; None is no mention."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Opinion:
    """What trained readers make of an example: NaN where they have no say.

    `scores` is (subwords, labels), logarithms of probabilities; `valence` (sentences, scales), in units of
    `training.losses.SPREAD`; `polarity` (targets, questions, polarities), logarithms of probabilities.
    """

    scores: Halves
    valence: Halves
    polarity: Halves


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A text's subwords, and what is known of them.

    `allowed` is (subwords, labels) of booleans: the labels that each may have; a row without any is left out of the
    loss. `sentences` is (sentences, 2): first and last subword, exclusive; `valence` (sentences, scales), NaN where a
    scale was not asked. `targets` is (targets, 3): first and last subword and the sentence; `polarity` (targets,
    questions), UNKNOWN where a question was not asked. `packs`: the text may share a window with its like. `said` is
    what is to be imitated, if anything.
    """

    text: str
    words: Subwords
    allowed: npt.NDArray[np.bool_]
    sentences: Ints
    valence: Floats
    targets: Ints
    polarity: Ints
    packs: bool = False
    said: Opinion | None = None


def no_opinion(one: Example) -> Opinion:
    """What nobody makes of `one`."""
    return Opinion(
        scores=np.full(one.allowed.shape, np.nan, dtype=np.float16),
        valence=np.full(one.valence.shape, np.nan, dtype=np.float16),
        polarity=np.full((*one.polarity.shape, len(POLARITIES)), np.nan, dtype=np.float16),
    )


def bio(label: str | None, *, first: bool) -> int:
    """The row of the BIO scheme that a word of a mention with `label` has: O, then B and I of each label."""
    return OUTSIDE if label is None else 1 + 2 * LABELS.index(label) + (0 if first else 1)


def example(
    tokenizer: Tokenizer, text: str, spans: Sequence[tuple[int, int, Allowed]], *, packs: bool = False
) -> Example:
    """`text` whose `spans` (start, end, allowed labels) are mentions and which has no others.

    A mention of each sentence is a target whose polarity nobody knows: what teachers say of it can be imitated.
    """
    words = split(tokenizer, text)
    allowed = np.zeros((len(words.ids), 1 + 2 * len(LABELS)), dtype=bool)
    allowed[words.first, OUTSIDE] = True
    for start, end, labels in spans:
        inside = words.first[(words.starts < end) & (words.ends > start)]
        allowed[inside] = False
        for n, row in enumerate(inside):
            if labels == ANYTHING:
                allowed[row] = True
            else:
                allowed[row, [bio(label, first=n == 0) for label in labels]] = True
    bounds = words.of(sentences.split(text))
    bounds = bounds[bounds[:, 0] < bounds[:, 1]]
    targets = _one_a_sentence(words.of([(start, end) for start, end, labels in spans if labels <= SPOKEN_OF]), bounds)
    return Example(
        text=text,
        words=words,
        allowed=allowed,
        sentences=bounds,
        valence=np.full((len(bounds), len(SCALES)), np.nan, dtype=np.float32),
        targets=targets,
        polarity=np.full((len(targets), len(QUESTIONS)), UNKNOWN, dtype=np.int64),
        packs=packs,
    )


def _one_a_sentence(mentions: Ints, bounds: Ints) -> Ints:
    """Of the `mentions` (n, 2) the middle one of each of the sentences `bounds` that has any, as rows of `targets`."""
    found: list[tuple[int, int, int]] = []
    for n, (start, end) in enumerate(bounds):
        inside = mentions[(mentions[:, 0] >= start) & (mentions[:, 1] <= end) & (mentions[:, 0] < mentions[:, 1])]
        if len(inside):
            first, last = inside[len(inside) // 2]
            found.append((first, last, n))
    return np.array(found, dtype=np.int64).reshape(-1, 3)


def told(
    tokenizer: Tokenizer,
    text: str,
    *,
    valence: dict[str, float] | None = None,
    targets: Sequence[tuple[int, int, str, str]] = (),
) -> Example:
    """`text` as one sentence of the given `valence` by scale, with `targets`: start, end, question, polarity."""
    words = split(tokenizer, text)
    bounds = words.of([(start, end) for start, end, _, _ in targets])
    kept = np.flatnonzero(bounds[:, 0] < bounds[:, 1]).tolist()
    polarity = np.full((len(kept), len(QUESTIONS)), UNKNOWN, dtype=np.int64)
    for row, n in enumerate(kept):
        polarity[row, QUESTIONS.index(targets[n][2])] = POLARITIES.index(targets[n][3])
    return Example(
        text=text,
        words=words,
        allowed=np.zeros((len(words.ids), 1 + 2 * len(LABELS)), dtype=bool),
        sentences=np.array([[0, len(words.ids)]], dtype=np.int64),
        valence=np.array([[(valence or {}).get(scale, math.nan) for scale in SCALES]], dtype=np.float32),
        targets=np.pad(bounds[kept], ((0, 0), (0, 1))),
        polarity=polarity,
        packs=True,
    )


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def held_out(key: str) -> bool:
    """Whether what `key` names is kept out of training, to calibrate on: a twelfth of each set."""
    return zlib.crc32(key.encode()) % 12 == 0


def read_spans(path: Path, tokenizer: Tokenizer, *, packs: bool = False) -> Iterator[Example]:
    """The texts of a file of JSON lines `{"text", "entities": [[start, end, label]]}`."""
    for row in _rows(path):
        spans = [(s, e, frozenset([label])) for s, e, label in row["entities"]]
        yield example(tokenizer, row["text"], spans, packs=packs)


def read_unlabelled(path: Path, tokenizer: Tokenizer) -> Iterator[Example]:
    """The texts of a file of JSON lines `{"text"}`, of which nothing is known."""
    for row in _rows(path):
        one = example(tokenizer, row["text"], ())
        yield replace(one, allowed=np.zeros_like(one.allowed))


def read_crossner(path: Path, tokenizer: Tokenizer) -> Iterator[Example]:
    """The sentences of a file of CrossNER's columns, joined with spaces."""
    for block in path.read_text(encoding="utf-8").strip().split("\n\n"):
        text = ""
        spans: list[tuple[int, int, str]] = []
        for line in block.splitlines():
            word, tag = line.rsplit(None, 1)
            start = len(text) + bool(text)
            text = f"{text} {word}" if text else word
            if tag.startswith("B-"):
                spans.append((start, len(text), tag[2:]))
            elif tag.startswith("I-"):
                spans[-1] = (spans[-1][0], len(text), spans[-1][2])
        yield example(tokenizer, text, [(s, e, CROSSNER[label]) for s, e, label in spans], packs=True)


def read_editorials(path: Path, tokenizer: Tokenizer) -> Iterator[tuple[bool, Example]]:
    """The rated snippets of opinion pieces that nothing is reported on, and whether each is held out.

    Every fifth article is what `evaluation.tone` reports on, and is not read.
    """
    for row in _rows(path):
        article = int(row["id"].split("_")[0])
        if article % 5:
            yield article % 20 == 1, told(tokenizer, row["text"], valence={"editorials": row["valence"]})


def read_emobank(path: Path, tokenizer: Tokenizer) -> Iterator[tuple[bool, Example]]:
    """The rated sentences of EmoBank, and whether each is held out."""
    for row in _rows(path):
        yield held_out(row["id"]), told(tokenizer, row["text"], valence={"emobank": row["valence"]})


def read_newsmtsc(path: Path, tokenizer: Tokenizer) -> Iterator[tuple[bool, Example]]:
    """The sentences of NewsMTSC with the tone toward their targets, and whether each is held out."""
    for row in _rows(path):
        targets = [
            (target["start"], target["end"], "toward", polarity)
            for target, polarity in zip(row["targets"], row["polarity"], strict=True)
        ]
        yield held_out(row["id"]), told(tokenizer, row["text"], targets=targets)


def read_sentfin(path: Path, tokenizer: Tokenizer) -> Iterator[tuple[bool, Example]]:
    """The headlines of SEntFiN with what they mean for the bodies they name, and whether each is held out."""
    with path.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            title, decisions = row["Title"], _DECISION.findall(row["Decisions"])
            found = [(title.find(name), name, polarity) for name, polarity in decisions]
            targets = [(at, at + len(name), "outcome", polarity) for at, name, polarity in found if at >= 0 and name]
            yield held_out(title), told(tokenizer, title, targets=targets)


def named(data: Path, tokenizer: Tokenizer) -> list[Example]:
    """What the mention head is trained on, from the folder of all sets `data`."""
    folder = data / "entities"
    examples = list(read_spans(folder / "worldwide-train.jsonl.gz", tokenizer))
    examples += read_spans(folder / "voxpopuli-train.jsonl.gz", tokenizer, packs=True)
    for path in sorted((folder / "crossner").glob("*-train.txt")) + sorted((folder / "crossner").glob("*-dev.txt")):
        examples += read_crossner(path, tokenizer)
    return examples


def rated(data: Path, tokenizer: Tokenizer) -> tuple[dict[str, list[Example]], dict[str, list[Example]]]:
    """What the tone heads are trained on and what is held out, each by set, from the folder of all sets `data`."""
    folder = data / "tone"
    sets = {
        "editorials": read_editorials(folder / "nyt-editorial-snippets.jsonl.gz", tokenizer),
        "emobank": read_emobank(folder / "emobank.jsonl.gz", tokenizer),
        "newsmtsc": read_newsmtsc(folder / "newsmtsc-train.jsonl.gz", tokenizer),
        "sentfin": read_sentfin(folder / "sentfin.csv", tokenizer),
    }
    parts: tuple[dict[str, list[Example]], dict[str, list[Example]]] = ({}, {})
    for name, rows in sets.items():
        for is_held_out, one in rows:
            if len(one.words.ids):
                parts[is_held_out].setdefault(name, []).append(one)
    return parts
