"""What the headers of an answer say of when to ask again, and by what to tell whether there is anything new.

Sources: RFC 9110 (validators, Retry-After, dates) and RFC 9111 (how long an answer is fresh). What is not well formed
says nothing.
"""

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

Headers = Mapping[str, str]
"""Headers by their names in lower case."""

LONGEST = timedelta(days=7)
"""The longest time that a server may have us wait: one that asks for more may have made a mistake."""
_LONGEST_VALUE = 1_000
_MAX_AGE = re.compile(r"(?:^|[,\s])max-age\s*=\s*\"?([0-9]{1,12})", re.IGNORECASE)
_NEVER_FRESH = re.compile(r"(?:^|[,\s])no-(?:cache|store)(?:[,\s]|$)", re.IGNORECASE)


def etag(headers: Headers) -> str | None:
    """Give the entity tag, as it is to be sent back."""
    return validator(headers.get("etag"))


def last_modified(headers: Headers) -> str | None:
    """Give the time of the last change, as it is to be sent back: servers compare the very text."""
    return validator(headers.get("last-modified"))


def validator(value: str | None) -> str | None:
    """Give a header's value where it can be sent back: printable, in ASCII, and of sane length."""
    value = (value or "").strip()
    return value if value and len(value) <= _LONGEST_VALUE and value.isascii() and value.isprintable() else None


def retry_after(headers: Headers, *, now: datetime) -> timedelta | None:
    """Give how long a server asks to be left alone, at most `LONGEST`; None where it does not say."""
    told = headers.get("retry-after", "").strip()
    if told.isascii() and told.isdigit():
        return min(timedelta(seconds=int(told[:12])), LONGEST)
    then = _date(told)
    return None if then is None else min(max(then - now, timedelta(0)), LONGEST)


def max_age(headers: Headers, *, now: datetime) -> timedelta | None:
    """Give how long an answer stays fresh, at most `LONGEST`; None where the server names no time."""
    control = headers.get("cache-control", "")[:_LONGEST_VALUE]
    if _NEVER_FRESH.search(control):
        return None
    told = _MAX_AGE.search(control)
    if told:
        spent = headers.get("age", "").strip()
        fresh = int(told[1]) - (int(spent) if spent.isascii() and spent.isdigit() and len(spent) < 12 else 0)
        return min(timedelta(seconds=fresh), LONGEST) if fresh > 0 else None
    expires = _date(headers.get("expires", ""))
    if expires is None:
        return None
    left = expires - (_date(headers.get("date", "")) or now)
    return min(left, LONGEST) if left > timedelta(0) else None


def _date(text: str) -> datetime | None:
    try:
        found = parsedate_to_datetime(text[:60])
        return found.replace(tzinfo=found.tzinfo or UTC).astimezone(UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
