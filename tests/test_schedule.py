"""When feeds and pages are asked for again."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gazetteer.intake.polling import News, Poll
from gazetteer.schedule import FIRST, LATEST, MOST_FAILURES, SOONEST, after_failed_page, after_poll
from gazetteer.types import Entry, Feed, Skips

NOW = datetime(2024, 5, 6, 7, 8, tzinfo=UTC)  # a Monday
DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)
spans = st.timedeltas(min_value=timedelta(0), max_value=7 * DAY)
polls = st.builds(
    Poll, news=st.sampled_from(News), retry_after=st.none() | spans, max_age=st.none() | spans, reason=st.just("x")
)
skips = st.builds(Skips, hours=st.frozensets(st.integers(0, 23)), days=st.frozensets(st.integers(0, 6)))
feeds = st.builds(
    Feed,
    ttl=st.none() | spans,
    skips=skips,
    entries=st.lists(
        st.builds(
            Entry,
            id=st.text(),
            published_at=st.none() | st.datetimes(timezones=st.just(UTC), min_value=datetime(1980, 1, 1)),  # noqa: DTZ001
        ),
        max_size=5,
    ).map(tuple),
)


def plan(news: News = News.FRESH, feed: Feed | None = None, **given: object):
    own = {"new": 0, "interval": HOUR, "failures": 0, "now": NOW} | {k: given.pop(k) for k in list(given) if k in KNOWN}
    return after_poll(Poll(news=news, **given), feed=feed or Feed(), **own)


KNOWN = {"new", "interval", "failures", "now"}


@given(
    poll=polls,
    feed=st.none() | feeds,
    new=st.integers(0, 50),
    interval=st.none() | st.timedeltas(min_value=SOONEST, max_value=LATEST),
    failures=st.integers(0, 2 * MOST_FAILURES),
    before=skips,
)
def test_no_feed_is_asked_sooner_than_it_may_be(poll, feed, new, interval, failures, before) -> None:
    found = after_poll(poll, feed=feed, new=new, interval=interval, failures=failures, now=NOW, skips=before)

    if found.due_at is None:
        assert poll.news is News.GONE or found.failures >= MOST_FAILURES
        return
    assert found.due_at >= NOW + max(SOONEST, poll.retry_after or SOONEST)
    assert found.due_at <= NOW + max(LATEST, poll.retry_after or LATEST) + 8 * DAY
    if found.failures == 0:
        asked = [each for each in (feed and feed.ttl, poll.max_age) if each is not None]
        assert all(found.due_at >= NOW + min(each, LATEST) for each in asked)
        assert SOONEST <= found.interval <= LATEST
    asked = feed.skips if feed is not None else before
    if len(asked.hours) < 24 and len(asked.days) < 7:
        assert found.due_at.hour not in asked.hours
        assert found.due_at.weekday() not in asked.days


def test_what_changes_is_asked_more_often_and_what_does_not_less() -> None:
    assert plan(new=3).interval == HOUR / 2
    assert plan(News.UNCHANGED).interval == HOUR * 1.5
    assert plan(new=3, interval=SOONEST).interval == SOONEST
    assert plan(interval=LATEST).interval == LATEST


@pytest.mark.parametrize("first", [{"feed": Feed(ttl=12 * HOUR)}, {"max_age": 12 * HOUR}, {"feed": Feed(ttl=9 * DAY)}])
def test_what_a_publisher_asks_holds_where_nothing_is_new_and_it_is_not_said_again(first: dict[str, object]) -> None:
    interval = plan(new=3, **first).interval

    assert plan(News.UNCHANGED, interval=interval).due_at >= NOW + 12 * HOUR
    assert plan(new=3, interval=interval, **first).interval == interval


def test_the_first_interval_comes_from_the_times_of_the_entries() -> None:
    times = [NOW - n * 4 * HOUR for n in range(1, 11)]
    feed = Feed(entries=tuple(Entry(id=str(at), published_at=at) for at in times))

    assert plan(feed=feed, interval=None).interval == 2 * HOUR
    assert plan(feed=Feed(), interval=None).interval == FIRST


def test_failures_are_left_alone_for_longer_each_time_and_ended_after_many() -> None:
    waits = [plan(News.FAILED, failures=n).due_at - NOW for n in range(10)]

    assert waits[:4] == [15 * MINUTE, 30 * MINUTE, HOUR, 2 * HOUR]
    assert waits == sorted(waits)
    assert waits[-1] == LATEST
    assert plan(News.FAILED, failures=MOST_FAILURES - 1).due_at is None


def test_a_success_ends_the_count_of_failures() -> None:
    assert plan(News.UNCHANGED, failures=7).failures == 0


def test_a_feed_that_is_gone_is_not_asked_again() -> None:
    assert plan(News.GONE).due_at is None


def test_the_hours_and_days_that_a_publisher_names_are_kept() -> None:
    monday = Feed(skips=Skips(days=frozenset({0})))
    assert plan(feed=monday).due_at == datetime(2024, 5, 7, 0, 0, tzinfo=UTC)
    morning = Feed(skips=Skips(hours=frozenset({7, 8, 9})))
    assert plan(feed=morning).due_at == datetime(2024, 5, 6, 10, 0, tzinfo=UTC)
    assert plan(feed=Feed(skips=Skips(hours=frozenset(range(24))))).due_at == NOW + HOUR * 1.5


@pytest.mark.parametrize(("tries", "wait"), [(1, 15 * MINUTE), (2, 2 * HOUR), (3, 12 * HOUR), (4, None)])
def test_a_page_is_asked_for_a_few_times(tries: int, wait: timedelta | None) -> None:
    due = after_failed_page(tries=tries, is_final=False, retry_after=None, now=NOW)

    assert due == (wait and NOW + wait)
    assert after_failed_page(tries=tries, is_final=True, retry_after=None, now=NOW) is None


def test_a_page_is_not_asked_for_before_its_server_wants() -> None:
    assert after_failed_page(tries=1, is_final=False, retry_after=DAY, now=NOW) == NOW + DAY
