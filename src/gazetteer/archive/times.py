"""Numbers that tell when: the ids of articles, and the days of counts.

An article's id holds when it was published, so that ids order articles by time, every index of theirs does so too, and
a page's cursor is one number. Ids are below 2^53 until the year 2344: programs that know no larger numbers can hold
them.
"""

from datetime import UTC, date, datetime, timedelta

EPOCH = datetime(1800, 1, 1, tzinfo=UTC)
_FIRST = EPOCH.toordinal()
BITS = 19
"""Bits of an id that number the articles of one second."""

DAY = 86_400 << BITS
"""What the ids of one day span."""


def first_id(at: datetime) -> int:
    """Give the first id of a second; times before 1800 count as its beginning."""
    return max(0, int((at - EPOCH).total_seconds())) << BITS


def time_of(article_id: int) -> datetime:
    """Give the second that an id tells."""
    return EPOCH + timedelta(seconds=article_id >> BITS)


def day_number(article_id: int) -> int:
    """Give the day of an id, counted from the epoch's."""
    return article_id // DAY


def day_of(number: int) -> date:
    """Give the day that a number counts to."""
    return date.fromordinal(_FIRST + number)


def number_of(day: date) -> int:
    """Give the number of a day; days before 1800 count as its first."""
    return max(0, (day - EPOCH.date()).days)
