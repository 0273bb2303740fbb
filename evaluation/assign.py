"""What it costs to put an article into its story, in an archive of a million.

    python -m evaluation.assign [--articles 1000000] [--measured 300] [--place FILE]

The archive is made of simulated articles, half a year of them, in events of five that share words: rows of articles,
stories, words and what is compared, as large as those of real ones, written without reading anything. Then articles of
further events are put in, one by one, as
`gathering.gather` does within the transaction that keeps the article, and that is timed: by the clock, and in CPU time,
which what else runs disturbs less. SQLite, in a folder of the system's.
"""

import argparse
import random
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np

from gazetteer import gathering
from gazetteer.archive import Archive, times
from gazetteer.stories import similar
from gazetteer.stories.cluster import KEYS, keys
from gazetteer.stories.words import count
from gazetteer.types import Abstention, Annotation, Article, Digest

SINCE = datetime(2026, 1, 1, tzinfo=UTC)
SECONDS = 180 * 86_400
EVENT = 5
"""Articles of one event."""
OWN = 12
"""Words that the articles of an event share and few others have."""
COMMON, RARE = 4_000, 400_000
LONG = 350
"""Words of an article."""
BATCH = 5_000


def words_of(event: int, draw: random.Random) -> list[str]:
    """The words of an article of an event: some its own, most anybody's, the commonest most often."""
    own = [f"name{(event * 7919 + n * 104_729) % RARE}" for n in range(OWN)]
    rest = [f"word{int(COMMON * draw.random() ** 3)}" for _ in range(LONG)]
    return [*own, *rest]


def digest_of(event: int, number: int, at: datetime, draw: random.Random) -> Digest:
    """An article of an event, with a vector near those of the event."""
    words = words_of(event, draw)
    near, own = np.random.default_rng(event), np.random.default_rng(number)
    vector = near.standard_normal(384) + 0.7 * own.standard_normal(384)
    source = f"https://example.org/{number}"
    return Digest(
        article=Article(
            source=source,
            url=source,
            headline=" ".join(words[:8]),
            text=" ".join(words),
            published_at=at,
            language="en",
        ),
        annotation=Annotation(
            entities=(),
            sentences=(),
            tone=Abstention(reason="simulated"),
            summary=(),
            tags=(),
            model="simulated",
            vector=tuple((vector / np.linalg.norm(vector)).tolist()),
        ),
    )


def rows(articles: int, draw: random.Random) -> Iterator[tuple[int, int, bytes, list[int]]]:
    """The id, the event, what is compared and the weightiest words of each simulated article.

    What is compared is of one of a thousand models, which takes a minute; the weightiest words are its own.
    """
    models = []
    for number in range(1_000):
        digest = digest_of(number, number, SINCE, draw)
        words = count(digest.article.headline, digest.article.text)
        common = np.full(len(words.hashes), articles // 50, dtype=np.int64)
        features = similar.weigh(words, common, articles, digest.annotation.vector)
        models.append((similar.packed(features), features.words[keys(features)].tolist()))
    for number in range(articles):
        event = number // EVENT
        at = SINCE + timedelta(seconds=SECONDS * number / articles)
        blob, others = models[draw.randrange(len(models))]
        own = count("", " ".join(f"name{(event * 7919 + n * 104_729) % RARE}" for n in range(OWN))).hashes.tolist()
        yield times.first_id(at) + number % 1_000, event, blob, [*own, *others][:KEYS]


def fill(place: Path, articles: int) -> None:
    """Write the simulated articles."""
    draw = random.Random(1)
    with sqlite3.connect(place) as connection:
        connection.execute("PRAGMA foreign_keys = OFF")
        connection.execute("PRAGMA synchronous = OFF")
        stories = range(1, articles // EVENT + 2)
        connection.executemany("INSERT INTO stories VALUES (?, NULL, 5, ?)", ((n, n) for n in stories))
        connection.executemany("INSERT INTO word_counts VALUES (?, ?)", [(-1, articles)])
        tellings: list[tuple[int, int, bytes]] = []
        words: list[tuple[int, int]] = []
        listed: list[tuple[int, str]] = []
        for number, event, blob, own in rows(articles, draw):
            listed.append((number, f"https://example.org/{number}"))
            tellings.append((number, event + 1, blob))
            words += [(word, number) for word in dict.fromkeys(own)]
            if len(tellings) == BATCH:
                _put(connection, listed, tellings, words)
        _put(connection, listed, tellings, words)
    connection.close()


def _put(
    connection: sqlite3.Connection,
    listed: list[tuple[int, str]],
    tellings: list[tuple[int, int, bytes]],
    words: list[tuple[int, int]],
) -> None:
    connection.executemany(
        "INSERT INTO articles (id, headline, source, language, access, kept_at, changed_at, version, lead, leaning) "
        "VALUES (?, 'x', ?, 'en', 'free', '2026-01-01', '2026-01-01', 1, '', 'unread')",
        listed,
    )
    connection.executemany("INSERT INTO tellings VALUES (?, ?, 0, ?, 0.05, 0.3, 1.0)", tellings)
    connection.executemany("INSERT INTO story_words VALUES (?, ?)", words)
    listed.clear()
    tellings.clear()
    words.clear()


def measure(archive: Archive, measured: int) -> tuple[list[float], list[float]]:
    """The milliseconds that putting each of some articles into its story took, by the clock and of CPU time."""
    draw = random.Random(2)
    clock, used = [], []
    for number in range(measured):
        at = SINCE + timedelta(seconds=SECONDS // 2 + 60 * number)
        digest = digest_of(10_000_000 + number // EVENT, 20_000_000 + number, at, draw)
        with archive.together():
            saved = archive.save(digest, reader="simulated")
            start, before = time.perf_counter(), time.process_time()
            gathering.gather(archive, saved.id, digest)
            clock.append((time.perf_counter() - start) * 1000)
            used.append((time.process_time() - before) * 1000)
    return clock, used


def main() -> None:
    """Run the command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, default=1_000_000)
    parser.add_argument("--measured", type=int, default=300)
    parser.add_argument("--place", type=Path, help="keep the archive here, and use it again")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        place = options.place or Path(folder) / "archive.sqlite"
        if not place.exists():
            Archive.open(str(place), create=True).close()
            fill(place, options.articles)
        with Archive.open(str(place)) as archive:
            measured = measure(archive, options.measured)
    for by, found in zip(("by the clock", "of CPU time"), measured, strict=True):
        print(
            f"{options.articles:,} articles, {by}: median {statistics.median(found):.2f} ms, "
            f"95th percentile {statistics.quantiles(found, n=20)[-1]:.2f} ms"
        )


if __name__ == "__main__":
    main()
