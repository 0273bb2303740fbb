"""Gather what the archive keeps into stories, as it comes."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import numpy as np

from gazetteer.archive import Archive, Outcome, Saved
from gazetteer.archive.values import Telling
from gazetteer.stories import cluster, similar
from gazetteer.stories.words import count
from gazetteer.types import Capture, Digest
from gazetteer.worker import Worker

DAYS = 3
"""Days whose articles are gathered anew."""
MOST = 5_000
"""The newest of them that the live loop gathers anew."""

_SECONDS, _MEGABYTES = 600.0, 4096  # that gathering so many anew may take


def save(archive: Archive, digest: Digest, capture: Capture | None, *, reader: str) -> Saved:
    """Keep a digest and put it into its story, in one transaction."""
    with archive.together():
        saved = archive.save(digest, capture, reader=reader)
        if saved.outcome is not Outcome.KNOWN:
            gather(archive, saved.id, digest)
        return saved


def save_entry(archive: Archive, entry: int, digest: Digest, capture: Capture, *, reader: str) -> Saved:
    """Keep the article of a feed's entry, settle the entry, and put the article into its story, in one transaction."""
    with archive.together():
        saved = archive.save_entry(entry, digest, capture, reader=reader)
        if saved.outcome is not Outcome.KNOWN:
            gather(archive, saved.id, digest)
        return saved


def gather(archive: Archive, article_id: int, digest: Digest) -> int:
    """Put an article that is kept into its story, where it is in none; gives the story's number.

    What is compared of it is kept anew. What this costs does not grow with the archive.
    """
    words = count(digest.article.headline, digest.article.text)
    hashes = words.hashes.tolist()
    with archive.together():
        having, articles = archive.rarity(hashes)
        with_each = np.array([having.get(word, 0) for word in hashes], dtype=np.int64)
        features = similar.weigh(words, with_each, articles, digest.annotation.vector)
        keys = features.words[cluster.keys(features)].tolist()
        found = cluster.assign(features, [_candidate(each) for each in archive.candidates(article_id, keys)])
        telling = Telling(
            article_id=article_id,
            story_id=found.story or 0,
            features=similar.packed(features),
            around=found.around[0],
            around_vector=found.around[1],
            log_odds=found.log_odds,
        )
        return archive.tell(telling, words=hashes, keys=keys, merged=found.merged)


def gather_all(archive: Archive) -> Iterator[int]:
    """Put every article that is in no story into one, the oldest first; gives the number of each article when it is."""
    for number, digest in archive.untold():
        gather(archive, number, digest)
        yield number


def gather_latest(archive: Archive, *, now: datetime, days: int = DAYS, most: int | None = None) -> tuple[int, int]:
    """Gather the articles of the last days anew, as `gather_anew` does."""
    until = now + timedelta(days=1)
    return gather_anew(archive, since=now - timedelta(days=days), until=until, most=most)


def gather_apart(archive: Archive, *, now: datetime) -> tuple[int, int]:
    """Gather the newest articles anew in a process of its own, whose memory goes with it.

    Raises `LimitError` where that takes too long, or too much memory.
    """
    name = f"{__name__}:gather_newest"
    worker = Worker[tuple[str, datetime], tuple[int, int]](
        name, seconds=_SECONDS, megabytes=_MEGABYTES, doing="gathering them"
    )
    with worker as gather_newest:
        return gather_newest((archive.url, now))


def gather_newest(at: tuple[str, datetime]) -> tuple[int, int]:
    """Gather the newest articles of the archive at an address anew, as they are at a time."""
    url, now = at
    with Archive.open(url) as archive:
        return gather_latest(archive, now=now, most=MOST)


def gather_anew(archive: Archive, *, since: datetime, until: datetime, most: int | None = None) -> tuple[int, int]:
    """Gather the articles of a time, or the newest of them, all at once, which is surer than one by one; gives how many
    they are, and how many moved to another story. What a reader corrected stays as it is, and is what the others are
    compared with, so that these are not gathered otherwise for it.
    """
    tellings = archive.tellings(since, until, most=most)
    stories = cluster.gathered([similar.unpacked(each.features or b"") for each in tellings])
    groups: dict[int, list[int]] = {}
    for telling, story in zip(tellings, stories, strict=True):
        if not telling.is_corrected:
            groups.setdefault(story, []).append(telling.article_id)
    return len(tellings), archive.regroup(list(groups.values()))


def _candidate(telling: Telling) -> cluster.Candidate:
    return cluster.Candidate(
        features=similar.unpacked(telling.features or b"\0\0\0\0"),
        story=telling.story_id,
        around=(telling.around, telling.around_vector),
    )
