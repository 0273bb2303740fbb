"""Which stories of a day come first: those that most tell independently, that are newest, and that a reader follows."""

from datetime import datetime, timedelta
from math import exp2, log2

HALF = timedelta(hours=18)
"""The age at which a story counts half as much."""
FOLLOWED = 2.0
"""How much more what a reader follows counts."""


def weight(*, origins: int, newest_at: datetime, now: datetime, is_followed: bool = False) -> float:
    """Tell how much a story counts on a front page at a time."""
    age = max(now - newest_at, timedelta())
    return log2(1 + origins) * exp2(-(age / HALF)) * (FOLLOWED if is_followed else 1.0)
