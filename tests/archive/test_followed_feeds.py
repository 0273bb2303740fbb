"""Feeds that are followed: claimed by one at a time, their entries had once, none forgotten."""

import threading
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from digests import digest

from gazetteer.archive import Archive
from gazetteer.archive.values import EntryState, FeedState, Polled, Tally
from gazetteer.types import Capture, Entry

NOW = datetime(2024, 5, 6, 7, 8, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
FINE = Polled(due_at=NOW + HOUR, interval=HOUR, etag='"1"', title="The Brackwater Gazette")
PAGE = Capture(source="x", content=b"<p>The page")


def fine(_new: int) -> Polled:
    return FINE


def entry(number: int, url: str | None = None) -> Entry:
    url = url or f"https://www.brackwater.example/news/{number}"
    return Entry(id=f"tag:{number}", url=url, title=f"News {number}", published_at=NOW - number * HOUR)


def followed(archive: Archive, url: str = "https://www.brackwater.example/feed.xml") -> int:
    return archive.follow(url, title="", folders=("Local", "Papers"), at=NOW)[0]


def claimed(archive: Archive, at: datetime = NOW) -> list[str]:
    return [each.url for each in archive.claim_entries(at=at, until=at + HOUR, limit=100)]


def test_a_feed_is_followed_once_and_due_at_once(archive: Archive) -> None:
    number, is_new = archive.follow("https://www.brackwater.example/feed.xml", at=NOW)

    assert is_new
    assert archive.follow("http://brackwater.example/feed.xml?utm_source=x", at=NOW) == (number, False)
    (feed,) = archive.feeds()
    assert (feed.id, feed.state, feed.due_at) == (number, FeedState.ACTIVE, NOW)


def test_what_is_claimed_is_no_others_until_it_lapses(archive: Archive) -> None:
    number = followed(archive)

    first = archive.claim_feeds(at=NOW, until=NOW + HOUR, limit=10)

    assert [each.id for each in first] == [number]
    assert archive.claim_feeds(at=NOW, until=NOW + HOUR, limit=10) == []
    assert [each.id for each in archive.claim_feeds(at=NOW + HOUR, until=NOW + 2 * HOUR, limit=10)] == [number]


def test_many_threads_share_what_is_due(archive: Archive) -> None:
    for number in range(30):
        followed(archive, f"https://outlet-{number}.example/feed")
    taken: list[int] = []

    def take() -> None:
        while found := archive.claim_feeds(at=NOW, until=NOW + HOUR, limit=3):
            taken.extend(each.id for each in found)

    threads = [threading.Thread(target=take) for _ in range(4)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()

    assert sorted(taken) == [feed.id for feed in archive.feeds()]


def test_a_poll_is_written_down_with_what_is_new(archive: Archive) -> None:
    number = followed(archive)

    assert archive.polled(number, fine, [entry(1), entry(2)], at=NOW) == 2
    assert archive.polled(number, fine, [entry(2), entry(3)], at=NOW + HOUR) == 1

    feed = archive.feed(number)
    assert feed is not None
    assert (feed.title, feed.etag, feed.interval, feed.due_at) == ("The Brackwater Gazette", '"1"', HOUR, NOW + HOUR)
    assert (feed.succeeded_at, feed.folders) == (NOW + HOUR, ("Local", "Papers"))
    assert claimed(archive, NOW + HOUR) == [entry(n).url for n in (2, 1, 3)]  # the oldest of each poll first


def test_a_failed_poll_keeps_what_was_known(archive: Archive) -> None:
    number = followed(archive)
    archive.polled(number, fine, [], at=NOW)
    failed = Polled(due_at=NOW + HOUR, interval=HOUR, failures=1, error="the server\nhas trouble of its own")

    archive.polled(number, lambda _new: failed, [], at=NOW + HOUR)

    feed = archive.feed(number)
    assert feed is not None
    assert (feed.etag, feed.succeeded_at, feed.checked_at) == ('"1"', NOW, NOW + HOUR)
    assert (feed.failures, feed.error) == (1, "the server has trouble of its own")


def test_a_feed_that_is_gone_is_stopped_and_begins_anew_when_it_is_added_again(archive: Archive) -> None:
    number = followed(archive)
    archive.polled(number, lambda _new: Polled(due_at=None, interval=HOUR, error="it is gone"), [], at=NOW)

    feed = archive.feed(number)
    assert feed is not None
    assert (feed.state, feed.error) == (FeedState.STOPPED, "it is gone")
    assert archive.claim_feeds(at=NOW + 100 * HOUR, until=NOW + 101 * HOUR, limit=1) == []
    assert archive.follow("https://www.brackwater.example/feed.xml", at=NOW) == (number, False)
    assert len(archive.claim_feeds(at=NOW, until=NOW + HOUR, limit=1)) == 1


def moved(archive: Archive, number: int, to: str, found: Sequence[Entry] = ()) -> None:
    archive.polled(number, lambda _new: replace(FINE, moved_to=to), found, at=NOW)


OLD, NEW, NEWER = (f"https://{name}.example/feed" for name in ("old", "new", "newer"))


def test_a_feed_that_moved_for_good_is_asked_there_and_known_by_each_address(archive: Archive) -> None:
    number = followed(archive, OLD)
    moved(archive, number, NEW)
    moved(archive, number, NEWER)

    assert [feed.url for feed in archive.feeds()] == [NEWER]
    assert [archive.follow(each, at=NOW) for each in (OLD, NEW, NEWER)] == [(number, False)] * 3
    assert len([*archive.feeds()]) == 1


def test_a_feed_that_moves_in_a_circle_is_one_at_each_turn(archive: Archive) -> None:
    number = followed(archive, OLD)
    for to in (NEW, OLD, NEW, NEWER, OLD):
        moved(archive, number, to)
        assert [feed.url for feed in archive.feeds()] == [to]
        assert [archive.follow(each, at=NOW) for each in (OLD, NEW)] == [(number, False)] * 2


def test_whoever_has_an_address_now_comes_before_who_had_it(archive: Archive) -> None:
    first, second = followed(archive, OLD), followed(archive, "https://other.example/feed")
    moved(archive, first, NEW)
    moved(archive, second, OLD)  # the address was given away

    assert archive.follow(OLD, at=NOW) == (second, False)
    assert archive.follow(NEW, at=NOW) == (first, False)
    moved(archive, second, NEWER)
    assert archive.follow(OLD, at=NOW) == (second, False)


def test_what_is_removed_is_known_by_no_address(archive: Archive) -> None:
    number = followed(archive, OLD)
    moved(archive, number, NEW)
    archive.unfollow(number)

    assert archive.follow(OLD, at=NOW)[1]


def test_two_feeds_that_moved_to_one_address_become_one(archive: Archive) -> None:
    first, second = followed(archive, OLD), followed(archive, NEW)
    moved(archive, first, NEWER, [entry(1), entry(2), entry(3)])
    archive.polled(second, fine, [entry(2), entry(3), entry(4)], at=NOW)
    kept = archive.save_entry(archive.entries(second, EntryState.WAITING)[0].id, digest(), PAGE, reader="r", at=NOW)
    waiting = sorted(claimed(archive))
    moved(archive, second, NEWER, [entry(5)])

    assert [(feed.id, feed.url) for feed in archive.feeds()] == [(first, NEWER)]
    assert [archive.follow(each, at=NOW) for each in (OLD, NEW, NEWER)] == [(first, False)] * 3
    assert [each.article_id for each in archive.entries(first, EntryState.KEPT)] == [kept.id]
    assert len(archive.entries(first, EntryState.WAITING)) == 4
    assert sorted(claimed(archive, NOW + HOUR)) == sorted([*waiting, entry(5).url])
    assert archive.polled(second, fine, [entry(9)], at=NOW) == 0


def test_the_entry_of_two_feeds_that_become_one_is_the_one_that_is_kept(archive: Archive) -> None:
    first, second = followed(archive, OLD), followed(archive, NEW)
    archive.polled(first, fine, [entry(1)], at=NOW)
    archive.polled(second, fine, [replace(entry(1), url="https://new.example/elsewhere")], at=NOW)
    (own,) = archive.entries(second, EntryState.WAITING)
    kept = archive.save_entry(own.id, digest(), PAGE, reader="r", at=NOW)
    third = followed(archive, "https://other.example/feed")
    archive.polled(third, fine, [replace(entry(7), url=entry(1).url)], at=NOW)
    moved(archive, second, OLD)

    assert [each.article_id for each in archive.entries(first, EntryState.KEPT)] == [kept.id]
    assert archive.entries(first, EntryState.WAITING) == []
    assert claimed(archive) == [entry(1).url]  # another waits for it
    assert [each.url for each in archive.entries(third, EntryState.WAITING)] == [entry(1).url]


def test_a_feed_that_is_paused_is_polled_again_where_another_becomes_it(archive: Archive) -> None:
    first, second = followed(archive, OLD), followed(archive, NEW)
    archive.pause(first)
    moved(archive, second, OLD)

    feed = archive.feed(first)
    assert feed is not None
    assert (feed.state, feed.due_at) == (FeedState.ACTIVE, NOW + HOUR)


def test_a_page_that_two_feeds_name_is_had_once(archive: Archive) -> None:
    first, second = followed(archive), followed(archive, "https://other.example/feed")
    same = "https://www.brackwater.example/story"
    archive.polled(first, fine, [entry(1, same)], at=NOW)
    archive.polled(second, fine, [entry(2, f"{same}?utm_medium=rss"), entry(3, same)], at=NOW)

    (waiting,) = archive.claim_entries(at=NOW, until=NOW + HOUR, limit=10)
    saved = archive.save_entry(waiting.id, digest(), PAGE, reader="reader", at=NOW)

    assert [each.article_id for each in archive.entries(first, EntryState.KEPT)] == [saved.id]
    assert [each.article_id for each in archive.entries(second, EntryState.KEPT)] == [saved.id, saved.id]
    assert archive.next_due() == NOW + HOUR  # of the feeds


def test_a_page_that_its_feed_names_anew_at_each_poll_is_no_new_entry(archive: Archive) -> None:
    number = followed(archive)
    archive.polled(number, fine, [entry(1), entry(2), entry(3)], at=NOW)
    first, second, _ = sorted(archive.entries(number, EntryState.WAITING), key=lambda each: each.url)
    archive.save_entry(first.id, digest(), PAGE, reader="r", at=NOW)
    archive.fail(second.id, "it has no such page", at=NOW)
    anew = [replace(entry(n), id=f"anew:{n}") for n in (1, 2, 3, 4)]

    assert archive.polled(number, fine, anew, at=NOW + HOUR) == 1
    assert archive.tallies([number], at=NOW + HOUR)[number] == Tally(waiting=2, kept=1, failed=1)
    later = [replace(each, id=f"again {each.id}") for each in anew]
    assert archive.polled(number, fine, later, at=NOW + 8 * DAY) == 1  # what failed long ago is tried once more


def test_a_page_that_the_archive_has_is_not_asked_for(archive: Archive) -> None:
    known = digest()
    saved = archive.save(known)
    number = followed(archive)

    archive.polled(number, fine, [entry(1, known.article.url)], at=NOW)

    assert claimed(archive) == []
    assert [each.article_id for each in archive.entries(number, EntryState.KEPT)] == [saved.id]


def test_who_waits_for_a_page_takes_the_place_of_a_feed_that_is_removed(archive: Archive) -> None:
    first, second = followed(archive), followed(archive, "https://other.example/feed")
    same = "https://www.brackwater.example/story"
    archive.polled(first, fine, [entry(1, same)], at=NOW)
    archive.polled(second, fine, [entry(2, same)], at=NOW)

    assert archive.unfollow(first)
    assert not archive.unfollow(first)
    assert claimed(archive) == [same]


def test_a_failure_is_tried_again_and_then_settled_with_its_reason(archive: Archive) -> None:
    number = followed(archive)
    archive.polled(number, fine, [entry(1)], at=NOW)
    (waiting,) = archive.claim_entries(at=NOW, until=NOW + HOUR, limit=10)

    archive.fail(waiting.id, "it did not answer in time", due_at=NOW + 2 * HOUR, at=NOW)
    assert claimed(archive, NOW + HOUR) == []
    (again,) = archive.claim_entries(at=NOW + 2 * HOUR, until=NOW + 3 * HOUR, limit=10)
    archive.fail(again.id, "it has no such page", at=NOW + 2 * HOUR)

    assert again.tries == 1
    (failed,) = archive.entries(number, EntryState.FAILED)
    assert (failed.tries, failed.reason, failed.due_at) == (2, "it has no such page", None)
    tally = archive.tallies([number], at=NOW + 2 * HOUR)[number]
    assert (tally.waiting, tally.kept, tally.failed) == (0, 0, 1)


def test_a_page_that_was_given_up_is_not_asked_for_again_at_once_by_another_feed(archive: Archive) -> None:
    first, second = followed(archive), followed(archive, "https://other.example/feed")
    archive.polled(first, fine, [entry(1), entry(2)], at=NOW)
    for waiting in archive.claim_entries(at=NOW, until=NOW + HOUR, limit=10):
        archive.fail(waiting.id, "it has no such page", at=NOW)
    same = [replace(entry(n), id=f"other:{n}", url=f"{entry(n).url}?utm_source=other") for n in (1, 2)]

    archive.polled(second, fine, same[:1], at=NOW + 6 * DAY)
    archive.polled(second, fine, same[1:], at=NOW + 8 * DAY)

    assert [each.reason for each in archive.entries(second, EntryState.FAILED)] == ["it has no such page"]
    assert claimed(archive, NOW + 9 * DAY) == [same[1].url]


def test_what_failed_lately_is_told_of_once_and_the_newest_first(archive: Archive) -> None:
    first, second = followed(archive), followed(archive, "https://other.example/feed")
    archive.polled(first, fine, [entry(n) for n in range(4)], at=NOW)
    archive.polled(second, fine, [replace(entry(1), id="other:1")], at=NOW)
    waiting = {each.url: each.id for each in archive.claim_entries(at=NOW, until=NOW + HOUR, limit=10)}
    for days, number in ((0, 3), (2, 1), (3, 2)):
        archive.fail(waiting[entry(number).url], f"reason {number}", at=NOW + days * DAY)

    found = archive.failed_entries(at=NOW + 8 * DAY)

    assert [(each.url, each.reason) for each in found] == [(entry(n).url, f"reason {n}") for n in (2, 1)]
    assert archive.failed_entries(at=NOW + 8 * DAY, limit=1) == found[:1]


def test_what_is_asked_for_again_is_told_of_with_its_reason_and_the_next_first(archive: Archive) -> None:
    number = followed(archive)
    archive.polled(number, fine, [entry(n) for n in range(5)], at=NOW)
    waiting = {each.url: each for each in archive.claim_entries(at=NOW, until=NOW + HOUR, limit=10)}
    for hours, number_ in ((3, 1), (2, 2)):
        archive.fail(waiting[entry(number_).url].id, f"reason {number_}", due_at=NOW + hours * HOUR, at=NOW)
    archive.release({waiting[entry(3).url]: NOW + HOUR}, reason="it asks to be left alone")
    archive.release({waiting[entry(0).url]: NOW + HOUR})

    found = archive.retried_entries()

    told = ["it asks to be left alone", "reason 2", "reason 1"]
    assert [each.reason for each in found] == told
    assert [each.due_at for each in found] == [NOW + hours * HOUR for hours in (1, 2, 3)]
    assert [each.tries for each in found] == [0, 1, 1]
    assert archive.retried_entries(limit=1) == found[:1]
    listed = archive.entries(number, EntryState.WAITING)
    assert {each.reason for each in listed[:3]} == set(told)
    assert [each.reason for each in listed[3:]] == [None, None]


def test_what_is_given_back_is_due_when_it_is_said(archive: Archive) -> None:
    number = followed(archive)
    archive.polled(number, fine, [entry(1)], at=NOW)
    (waiting,) = archive.claim_entries(at=NOW, until=NOW + HOUR, limit=10)

    (feed,) = archive.claim_feeds(at=NOW + HOUR, until=NOW + 2 * HOUR, limit=1)
    archive.release({waiting: NOW + timedelta(minutes=5)}, polls={feed: NOW})

    assert claimed(archive) == []
    assert claimed(archive, NOW + timedelta(minutes=5)) == [waiting.url]
    assert len(archive.claim_feeds(at=NOW, until=NOW + HOUR, limit=1)) == 1


def test_who_comes_late_gives_back_nothing_that_is_anothers(archive: Archive) -> None:
    number = followed(archive)
    archive.polled(number, fine, [entry(1)], at=NOW)
    (late,) = archive.claim_entries(at=NOW, until=NOW + HOUR, limit=10)
    (polling,) = archive.claim_feeds(at=NOW + HOUR, until=NOW + 2 * HOUR, limit=1)
    assert claimed(archive, NOW + 2 * HOUR) == [late.url]
    assert len(archive.claim_feeds(at=NOW + 2 * HOUR, until=NOW + 3 * HOUR, limit=1)) == 1

    archive.release({late: NOW}, polls={polling: NOW})

    assert claimed(archive, NOW + 2 * HOUR) == []
    assert archive.claim_feeds(at=NOW + 2 * HOUR, until=NOW + 3 * HOUR, limit=1) == []


def test_a_feed_that_is_paused_rests_until_it_goes_on(archive: Archive) -> None:
    number = followed(archive)

    assert archive.pause(number)
    assert archive.polled(number, fine, [entry(1)], at=NOW) == 0  # it was asked before it was paused
    assert archive.claim_feeds(at=NOW + HOUR, until=NOW + 2 * HOUR, limit=1) == []
    assert archive.resume(number, at=NOW)
    assert len(archive.claim_feeds(at=NOW, until=NOW + HOUR, limit=1)) == 1
    assert not archive.pause(99)
    assert archive.feed(99) is None


@pytest.mark.parametrize("words", ["\0\ud800" * 300, "x" * 10_000, "", "\n\t"])
def test_what_strangers_say_can_be_kept(archive: Archive, words: str) -> None:
    number, _ = archive.follow(f"https://a.example/{words}", title=words, site_url=words, folders=(words,), at=NOW)

    odd = Entry(id=words, url=f"https://a.example/{words}", title=words)
    assert archive.polled(number, lambda _new: replace(FINE, title=words, error=words or None), [odd], at=NOW) == 1
    assert archive.polled(number, fine, [odd], at=NOW) == 0


def test_an_entry_without_an_address_is_a_failure(archive: Archive) -> None:
    number = followed(archive)

    archive.polled(number, fine, [Entry(id="tag:1", title="No link")], at=NOW)

    (failed,) = archive.entries(number, EntryState.FAILED)
    assert (failed.title, failed.reason) == ("No link", "the feed gives no address of a page for it")
    assert claimed(archive) == []
