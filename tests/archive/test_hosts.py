"""Hosts that several processes ask by turns."""

import threading
from datetime import UTC, datetime, timedelta

from gazetteer.archive import Archive

NOW = datetime(2024, 5, 6, 7, 8, tzinfo=UTC)
SECOND = timedelta(seconds=1)
LEASE = 30 * SECOND


def take(archive: Archive, at: datetime, *, rest: timedelta | None = None, is_first: bool = True) -> datetime | None:
    rests_until = None if rest is None else at + rest
    return archive.take_host("a.example", at=at, until=at + LEASE, rests_until=rests_until, is_first=is_first)


def test_a_host_is_one_asker_at_a_time(archive: Archive) -> None:
    assert take(archive, NOW) is None
    assert take(archive, NOW + SECOND) == NOW + SECOND  # to be tried again at once: nobody knows how long it takes
    assert archive.take_host("b.example", at=NOW, until=NOW + LEASE, rests_until=None) is None

    archive.give_host("a.example", until=NOW + LEASE, at=NOW + 2 * SECOND)

    assert take(archive, NOW + 2 * SECOND) is None


def test_a_host_whose_asker_was_killed_is_free_again(archive: Archive) -> None:
    take(archive, NOW)

    assert take(archive, NOW + LEASE) is None
    archive.give_host("a.example", until=NOW + LEASE, at=NOW + LEASE)  # who comes late gives back nothing of another's
    assert take(archive, NOW + LEASE + SECOND) is not None


def test_a_host_rests_before_a_page_but_not_before_what_belongs_to_it(archive: Archive) -> None:
    take(archive, NOW, rest=10 * SECOND)
    archive.give_host("a.example", until=NOW + LEASE, at=NOW + SECOND)

    assert take(archive, NOW + SECOND) == NOW + 10 * SECOND
    assert take(archive, NOW + SECOND, is_first=False) is None  # as a robots.txt
    archive.give_host("a.example", until=NOW + SECOND + LEASE, at=NOW + 2 * SECOND)
    assert take(archive, NOW + 2 * SECOND) == NOW + 10 * SECOND
    assert take(archive, NOW + 10 * SECOND) is None


def test_a_host_rests_for_as_long_as_it_asks_for_and_no_less_than_before(archive: Archive) -> None:
    take(archive, NOW, rest=10 * SECOND)
    archive.give_host("a.example", until=NOW + LEASE, at=NOW + SECOND, rests_until=NOW + 5 * SECOND)
    assert take(archive, NOW + 5 * SECOND) == NOW + 10 * SECOND

    take(archive, NOW + 10 * SECOND)
    archive.give_host("a.example", until=NOW + 10 * SECOND + LEASE, at=NOW + 11 * SECOND, rests_until=NOW + LEASE)
    assert take(archive, NOW + 11 * SECOND) == NOW + LEASE
    assert take(archive, NOW + LEASE) is None


def test_of_many_who_take_a_host_at_once_one_has_it(archive: Archive) -> None:
    taken: list[datetime | None] = []
    threads = [threading.Thread(target=lambda: taken.append(take(archive, NOW))) for _ in range(8)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()

    assert sorted(each is None for each in taken) == [False] * 7 + [True]


def test_any_name_can_be_taken(archive: Archive) -> None:
    for name in ("", "\0", "\ud800", "".join(map(chr, range(40, 5_000))), "::1"):
        assert archive.take_host(name, at=NOW, until=NOW + LEASE, rests_until=None) is None
        archive.give_host(name, until=NOW + LEASE, at=NOW)
        assert archive.take_host(name, at=NOW, until=NOW + LEASE, rests_until=None) is None
