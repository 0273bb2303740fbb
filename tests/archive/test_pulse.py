"""How an archive is told to fare, on both databases."""

from datetime import timedelta
from pathlib import Path

import pytest
from digests import digest
from test_followed_feeds import HOUR, NOW, entry, fine, followed

from gazetteer.archive import Archive
from gazetteer.archive.values import Due, FeedState, Polled
from gazetteer.errors import ArchiveError


def test_an_empty_archive_has_nothing_to_tell(archive: Archive) -> None:
    pulse = archive.pulse(at=NOW)
    assert (pulse.articles, pulse.kept_at, pulse.polled_at, pulse.failing, pulse.waiting) == (0, None, None, 0, 0)
    assert pulse.feeds == dict.fromkeys(FeedState, 0)
    assert pulse.polls == pulse.pages == Due(count=0, since=None)


def test_what_is_there_and_what_is_due_is_told(archive: Archive) -> None:
    first, second, third, fourth = (followed(archive, f"https://outlet-{number}.example/feed") for number in range(4))
    archive.polled(first, fine, [entry(1), entry(2), entry(3)], at=NOW)
    failed = Polled(due_at=NOW + 2 * HOUR, interval=HOUR, failures=2, error="it failed")
    archive.polled(second, lambda _: failed, [], at=NOW + timedelta(minutes=1))
    archive.polled(third, lambda _: Polled(due_at=None, interval=HOUR, failures=9, error="it is gone"), [], at=NOW)
    archive.pause(fourth)
    archive.claim_entries(at=NOW, until=NOW + HOUR, limit=1)
    archive.save(digest(), at=NOW - HOUR)

    pulse = archive.pulse(at=NOW + timedelta(minutes=30))
    assert (pulse.articles, pulse.kept_at, pulse.polled_at) == (1, NOW - HOUR, NOW + timedelta(minutes=1))
    assert pulse.bytes
    assert pulse.feeds == {FeedState.ACTIVE: 2, FeedState.PAUSED: 1, FeedState.STOPPED: 1}
    assert pulse.failing == 1
    assert pulse.polls == Due(count=0, since=None)
    assert pulse.pages == Due(count=2, since=NOW)
    assert pulse.waiting == 3
    assert archive.pulse(at=NOW + HOUR).polls == Due(count=1, since=NOW + HOUR)


def test_an_archive_whose_file_is_gone_is_told(tmp_path: Path) -> None:
    path = tmp_path / "a.sqlite"
    with Archive.open(str(path), create=True) as archive:
        archive.check()
        path.unlink()
        with pytest.raises(ArchiveError, match="its file is gone; restore a backup"):
            archive.check()
