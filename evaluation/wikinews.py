"""The Wikinews articles that were labelled with Media Topics, and the halves that they are parted into.

The labels stand in `evaluation/tags/labels.jsonl` (see the README beside it), the texts in the folder of the sets.
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
    found = []
    for row in labels():
        if half(row["url"]) == of and "discard" not in row:
            article = texts[row["url"]]
            found.append(
                Labelled(
                    article=Article(
                        source=row["url"], headline=article["headline"], text=article["text"], language="en"
                    ),
                    tops=frozenset(row["decided"]["tops"]),
                    deeper=frozenset(row["decided"]["deeper"]),
                )
            )
    return found
