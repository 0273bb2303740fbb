"""The articles that were labelled with Media Topics: those of Wikinews, in two halves, and further ones to fit on.

The labels stand in `evaluation/tags/` (see the README there), the texts in the folder of the sets.
"""

import json
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from evaluation.sets import rows
from gazetteer.types import Article

LABELS = Path(__file__).parent / "tags" / "labels.jsonl"
FURTHER = LABELS.with_name("worldwide.jsonl")


@dataclass(frozen=True, slots=True, kw_only=True)
class Labelled:
    """An article of the set, and the codes of the topics that were decided on."""

    article: Article
    tops: frozenset[str]
    deeper: frozenset[str]


def labels(path: Path = LABELS) -> Iterator[dict[str, Any]]:
    """What each pass gave each article, and what was decided."""
    yield from map(json.loads, path.read_text(encoding="utf-8").splitlines())


def half(url: str) -> str:
    """The half that the article at `url` belongs to: "tune" or "report"."""
    return "report" if zlib.crc32(url.encode()) % 2 else "tune"


def articles(data: Path, *, of: str) -> list[Labelled]:
    """The articles of the half `of`, without those that are no news."""
    texts = {row["url"]: row for row in rows(data / "wikinews" / "wikinews.jsonl.gz")}
    return [
        _labelled(row, source=row["url"], headline=texts[row["url"]]["headline"], text=texts[row["url"]]["text"])
        for row in labels()
        if half(row["url"]) == of and "discard" not in row
    ]


def further(data: Path) -> list[Labelled]:
    """The labelled articles of `entities/worldwide-train`, whose headlines stand in their texts."""
    texts = {row["id"]: row["text"] for row in rows(data / "entities" / "worldwide-train.jsonl.gz")}
    return [
        _labelled(row, source=row["id"], headline="", text=texts[row["id"]])
        for row in labels(FURTHER)
        if "discard" not in row
    ]


def _labelled(row: dict[str, Any], *, source: str, headline: str, text: str) -> Labelled:
    return Labelled(
        article=Article(source=source, headline=headline, text=text, language="en"),
        tops=frozenset(row["decided"]["tops"]),
        deeper=frozenset(row["decided"]["deeper"]),
    )
