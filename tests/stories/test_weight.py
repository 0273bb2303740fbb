from datetime import UTC, datetime, timedelta

from gazetteer.stories.edition import HALF, weight

NOW = datetime(2026, 3, 3, tzinfo=UTC)


def test_more_origins_newer_and_followed_stories_count_more() -> None:
    plain = weight(origins=2, newest_at=NOW, now=NOW)
    assert weight(origins=3, newest_at=NOW, now=NOW) > plain
    assert weight(origins=2, newest_at=NOW - HALF, now=NOW) == plain / 2
    assert weight(origins=2, newest_at=NOW, now=NOW, is_followed=True) == 2 * plain
    assert weight(origins=2, newest_at=NOW + timedelta(days=1), now=NOW) == plain
