"""The Wikinews articles that were labelled with Media Topics, and the halves that they are parted into.

The labels stand in `evaluation/tags/labels.jsonl` (see the README beside it), the texts in the folder of the sets.
"""

import hashlib
import json
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from evaluation.sets import rows
from gazetteer.annotate import sentences
from gazetteer.annotate.topics import Seen
from gazetteer.annotate.vectors import WHOLE, Encode, Floats

LABELS = Path(__file__).parent / "tags" / "labels.jsonl"
VECTORS = Path("build/vectors.npz")
"""Where the vectors of the texts are kept, by `keep`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Labelled:
    """An article of the set: its headline and first sentences, and the codes of the topics that were decided on."""

    headline: str
    sentences: tuple[str, ...]
    tops: frozenset[str]
    deeper: frozenset[str]

    def seen(self, encode: Encode) -> Seen:
        """The article with its vectors."""
        vectors = encode([self.headline, *self.sentences])
        return Seen(
            headline=self.headline,
            sentences=self.sentences,
            headline_vector=vectors[0],
            sentence_vectors=vectors[1:],
        )


def labels(path: Path = LABELS) -> Iterator[dict[str, Any]]:
    """What each pass gave each article, and what was decided."""
    yield from map(json.loads, path.read_text(encoding="utf-8").splitlines())


def half(url: str) -> str:
    """The half that the article at `url` belongs to: "tune" or "report"."""
    return "report" if zlib.crc32(url.encode()) % 2 else "tune"


def articles(data: Path, *, of: str) -> list[Labelled]:
    """The articles of the half `of`, without those that are no news."""
    texts = {row["url"]: row for row in rows(data / "wikinews" / "wikinews.jsonl.gz")}
    found = []
    for row in labels():
        if half(row["url"]) == of and "discard" not in row:
            article = texts[row["url"]]
            spans = sentences.split(article["text"])
            found.append(
                Labelled(
                    headline=article["headline"],
                    sentences=tuple(article["text"][span.start : span.end] for span in spans[:WHOLE]),
                    tops=frozenset(row["decided"]["tops"]),
                    deeper=frozenset(row["decided"]["deeper"]),
                )
            )
    return found


def keep(texts: Sequence[str], encode: Encode, path: Path) -> None:
    """Compute the vectors of `texts` once, and keep them in the file `path`."""
    path.parent.mkdir(parents=True, exist_ok=True)
    np.savez(path, keys=np.array([_key(text) for text in texts]), vectors=encode(texts))


def kept(path: Path) -> Encode:
    """What gives the vectors that `keep` has kept in `path`; it raises KeyError for another text."""
    with np.load(path, allow_pickle=False) as table:
        places = {str(key): number for number, key in enumerate(table["keys"])}
        vectors: Floats = table["vectors"]
    return lambda texts: vectors[[places[_key(text)] for text in texts]]


def _key(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:24]
