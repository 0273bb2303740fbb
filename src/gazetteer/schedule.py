"""When a feed is polled again, and a page asked for again. Pure: it only decides.

A feed is polled about twice as often as it brings something new, between `SOONEST` and `LATEST`; never sooner than
its publisher asks (`ttl`, Cache-Control, Retry-After), and not in the hours and on the days that it names. One that
fails is left alone for longer each time.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from gazetteer.intake.polling import News, Poll
from gazetteer.types import NO_SKIPS, Feed, Skips

SOONEST, LATEST = timedelta(minutes=5), timedelta(days=1)
"""The bounds of the time between two polls that nobody asks otherwise of."""

FIRST = timedelta(hours=1)
"""The time between the first two polls of a feed that tells nothing of how often it changes."""

MOST_FAILURES = 100
"""Failures in a row after which a feed is stopped: more than three months of them."""

_AFTER_FAILURE = timedelta(minutes=15)
_SLOWER, _FASTER = 1.5, 0.5
_SKIPPED = timedelta(days=8)  # more than any hours and days that can be skipped
_PAGE_TRIES = (timedelta(minutes=15), timedelta(hours=2), timedelta(hours=12))


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What is to be: polled again at `due_at` (None: never), `interval` apart, after so many `failures` in a row."""

    due_at: datetime | None
    interval: timedelta
    failures: int = 0


def after_poll(
    poll: Poll,
    *,
    feed: Feed | None,
    new: int,
    interval: timedelta | None,
    failures: int,
    now: datetime,
    skips: Skips = NO_SKIPS,
) -> Plan:
    """Decide when a feed is due again that gave this `poll`.

    `feed` is what it said, None where that was nothing new or could not be read; `new` how many of its entries were not
    known. `interval` is that of the plan before, None at the first poll; `skips` are those that the feed named before.
    """
    skips = feed.skips if feed else skips
    if poll.news is News.GONE:
        return Plan(due_at=None, interval=interval or FIRST, failures=failures)
    if poll.news is News.FAILED or (poll.news is News.FRESH and feed is None):
        return _after_failure(poll, interval=interval or FIRST, failures=failures + 1, now=now, skips=skips)
    if interval is None:
        chosen = _first(feed, now) if feed is not None else FIRST
    else:
        chosen = interval * (_FASTER if new else _SLOWER)
    # What the publisher asks is part of the interval: an answer that nothing is new does not say it again.
    asked = [each for each in (feed.ttl if feed else None, poll.max_age) if each is not None]
    chosen = min(max(chosen, SOONEST, *asked), LATEST)
    due = now + max(chosen, poll.retry_after or SOONEST)
    return Plan(due_at=_allowed(due, skips), interval=chosen)


def after_failed_page(*, tries: int, is_final: bool, retry_after: timedelta | None, now: datetime) -> datetime | None:
    """Decide when a page is asked for again that was asked for so many times, and not had; None: it is given up."""
    if is_final or tries > len(_PAGE_TRIES):
        return None
    return now + max(_PAGE_TRIES[tries - 1], retry_after or SOONEST)


def _after_failure(poll: Poll, *, interval: timedelta, failures: int, now: datetime, skips: Skips) -> Plan:
    if failures >= MOST_FAILURES:
        return Plan(due_at=None, interval=interval, failures=failures)
    wait = min(_AFTER_FAILURE * 2 ** min(failures - 1, 10), LATEST)
    due = now + max(wait, poll.retry_after or SOONEST)
    return Plan(due_at=_allowed(due, skips), interval=interval, failures=failures)


def _first(feed: Feed, now: datetime) -> timedelta:
    """Guess from the times of a feed's entries: half of the mean time between them, up to now."""
    times = [each.published_at for each in feed.entries if each.published_at is not None and each.published_at <= now]
    if len(times) < 2:
        return FIRST
    return (now - min(times)) / len(times) / 2


def _allowed(due: datetime, skips: Skips) -> datetime:
    """Give the first time from `due` on at which the publisher wants to be asked; `due`, where that is never."""
    at = due
    while at - due < _SKIPPED:
        if at.weekday() not in skips.days and at.hour not in skips.hours:
            return at
        at = at.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
    return due
