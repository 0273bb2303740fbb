"""The labelled sets that the mention head learns from, as subwords with the labels that each word may have.

A set that does not tell our labels apart allows several: CrossNER's `location` is GPE, LOC or FAC, and its `misc` may
be anything, nothing included. The loss sums the probability of what is allowed (marginal likelihood).
"""

import gzip
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from tokenizers import Tokenizer

from gazetteer.annotate.subwords import Subwords, split
from gazetteer.types import LABELS

OUTSIDE = 0
Allowed = frozenset[str | None]
ANYTHING: Allowed = frozenset(LABELS) | {None}

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
class Example:
    """A text's subwords, and for each subword which labels it may have.

    `allowed` is (subwords, labels) of booleans; a row without any is one that the loss leaves out.
    """

    text: str
    words: Subwords
    allowed: npt.NDArray[np.bool_]


def bio(label: str | None, *, first: bool) -> int:
    """The row of the BIO scheme that a word of a mention with `label` has: O, then B and I of each label."""
    return OUTSIDE if label is None else 1 + 2 * LABELS.index(label) + (0 if first else 1)


def example(tokenizer: Tokenizer, text: str, spans: Iterable[tuple[int, int, Allowed]]) -> Example:
    """`text` whose `spans` (start, end, allowed labels) are mentions and which has no others."""
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
    return Example(text=text, words=words, allowed=allowed)


def read_spans(path: Path, tokenizer: Tokenizer) -> Iterator[Example]:
    """The texts of a file of JSON lines `{"text", "entities": [[start, end, label]]}`."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            yield example(tokenizer, row["text"], [(s, e, frozenset([label])) for s, e, label in row["entities"]])


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
        yield example(tokenizer, text, [(s, e, CROSSNER[label]) for s, e, label in spans])


def training_set(data: Path, tokenizer: Tokenizer) -> list[Example]:
    """All that the mention head is trained on, from the folder of entity corpora `data`."""
    examples = list(read_spans(data / "worldwide-train.jsonl.gz", tokenizer))
    examples += read_spans(data / "voxpopuli-train.jsonl.gz", tokenizer)
    for path in sorted((data / "crossner").glob("*-train.txt")) + sorted((data / "crossner").glob("*-dev.txt")):
        examples += read_crossner(path, tokenizer)
    return examples
