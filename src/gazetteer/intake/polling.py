"""What became of asking a feed whether there is anything new."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from gazetteer.types import Capture


class News(StrEnum):
    """What a feed's server answered: there is content; nothing changed; the feed is gone for good; it was not had."""

    FRESH = "fresh"
    UNCHANGED = "unchanged"
    GONE = "gone"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Poll:
    """The outcome of one poll.

    `capture` is there where the news is fresh; it may be cut short (`cut` says why), where the connection broke,
    the time was over or the feed too large: what came before is worth reading. `etag` and `last_modified` are what to
    send with the next poll, both None where it should be unconditional. `moved_to` is where redirects lead that are
    permanent: the address to ask from now on, once what is there is known to be the feed. `reason` says in words why
    there is no content, `is_final` that asking again will not help. `retry_after` is how long the server asks to be
    left alone, `max_age` how long it calls its answer fresh; both are bounded.
    """

    news: News
    capture: Capture | None = None
    cut: str = ""
    etag: str | None = None
    last_modified: str | None = None
    moved_to: str | None = None
    reason: str = ""
    is_final: bool = False
    retry_after: timedelta | None = None
    max_age: timedelta | None = None
