"""Feeds as they come in the wild, beside the parser in common use: `python -m evaluation.feeds [--show]`.

Every file of `feeds/` must give entries or a `FeedError`; any other error ends the measurement. `feeds_entries` is the
share of feedparser's entries that is found; `feeds_times`, of the entries of feeds that have as many by both, the share
that has the time that feedparser reads (its published, else its updated).
"""

import argparse
import io
import warnings
from calendar import timegm
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import feedparser

from gazetteer.errors import FeedError
from gazetteer.intake import feeds
from gazetteer.types import Capture, Entry

ADDRESS = "https://feeds.example/all"


def files(data: Path) -> Iterator[Path]:
    """The files of the set, in the order of their names."""
    return (path for path in sorted((data / "feeds").rglob("*")) if path.is_file() and path.name != "LICENSE")


def peer(content: bytes) -> list[dict[str, Any]]:
    """The entries that feedparser finds."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found = feedparser.parse(io.BytesIO(content), response_headers={"content-location": ADDRESS})
    return list(found.entries)


def ours(path: Path) -> tuple[tuple[Entry, ...], str]:
    """Our entries, or the reason why there are none."""
    try:
        found = feeds.parse(Capture(source=path.name, content=path.read_bytes(), url=ADDRESS)).entries
    except FeedError as error:
        return (), error.reason
    return found, "" if found else "a feed without entries"


def is_same_time(entry: Entry, other: dict[str, Any]) -> bool:
    """Whether both read the same time, or neither any."""
    read = other.get("published_parsed") or other.get("updated_parsed")
    return entry.published_at == (datetime.fromtimestamp(timegm(read), UTC) if read else None)


def score(data: Path, *, show: bool = False) -> Counter[str]:
    """Count files, entries and times."""
    counts: Counter[str] = Counter()
    for path in files(data):
        theirs, (found, reason) = peer(path.read_bytes()), ours(path)
        counts["files"] += 1
        counts["refused" if reason else "read"] += 1
        counts["entries"] += len(theirs)
        counts["found"] += min(len(found), len(theirs))
        if len(found) == len(theirs):
            counts["pairs"] += len(found)
            counts["times"] += sum(map(is_same_time, found, theirs))
        if show:
            print(f"{path.relative_to(data / 'feeds')!s:80} {len(found):5} {len(theirs):5}  {reason}")
    return counts


def measure(data: Path) -> dict[str, float]:
    """The figures by name."""
    counts = score(data)
    return {"feeds_entries": counts["found"] / counts["entries"], "feeds_times": counts["times"] / counts["pairs"]}


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument(
        "--show", action="store_true", help="list every file: entries here, by feedparser, and why none"
    )
    options = parser.parse_args()
    print(dict(score(options.data, show=options.show)))
