"""The evaluation sets, read: the one place that knows how they are stored."""

import gzip
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any


def rows(path: Path) -> Iterator[dict[str, Any]]:
    """The objects of a packed file of JSON lines."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def pages(data: Path, name: str) -> Iterator[tuple[dict[str, Any], bytes]]:
    """What people read on each saved page of the set `name`, in the order of its `expected.json`, and its bytes."""
    folder = data / "pages" / name
    for entry in json.loads((folder / "expected.json").read_text(encoding="utf-8")):
        yield entry, gzip.decompress((folder / entry["file"]).read_bytes())
