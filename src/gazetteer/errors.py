"""What can go wrong, as one tree.

GazetteerError
├── ConfigError     a setting or a rules file is wrong
├── ModelError      the model is missing or damaged
├── IntakeError     a source gave no bytes
│   ├── FetchError  … over the network: address, robots.txt, status, size, time
│   └── ReadError   … from disk: missing, unreadable, too large
├── FeedError       the bytes are no feed, or no list of feeds
├── ExtractError    the bytes are not an article: empty, binary, an index, an error page, a wall
├── AnnotateError   the text could not be read
├── BusyError       too much is being done already; later it may be
├── MailError       a letter could not be sent
├── NoticeError     a webhook did not take a notice
├── LimitError      a page took more time or memory than it may, or broke its reader down
├── StoreError      a run's archives or tables cannot be read or written where they are: no such place, no access, full
└── ArchiveError    the archive cannot be opened, read or written: missing, locked, full, damaged, newer
    ├── CursorError … a page is asked for by a cursor that is none
    └── QueryError  … a search is written wrongly
"""

from datetime import timedelta


class GazetteerError(Exception):
    """Something that a user can be told of: `reason` is a clause in plain words that says what is wrong and, where
    there is something to do, what.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class ConfigError(GazetteerError):
    """A setting or a rules file is wrong."""


class ModelError(GazetteerError):
    """The model is missing or damaged."""


class IntakeError(GazetteerError):
    """A source gave no bytes."""


class FetchError(IntakeError):
    """An address could not be, or must not be, fetched.

    `is_final` says that asking again will not help; `retry_after` is how long its server asks to be left alone.
    """

    def __init__(self, reason: str, *, is_final: bool = False, retry_after: timedelta | None = None) -> None:
        super().__init__(reason)
        self.is_final = is_final
        self.retry_after = retry_after


class ReadError(IntakeError):
    """A file could not be read."""


class StoreError(GazetteerError):
    """A run's archives or tables cannot be read or written where they are."""


class FeedError(GazetteerError):
    """Bytes are not a feed, or not a list of feeds (OPML)."""


class ExtractError(GazetteerError):
    """A page is not an article, or holds none that is shown."""


class AnnotateError(GazetteerError):
    """A text could not be annotated."""


class BusyError(GazetteerError):
    """Too much is being done already: it may be asked for again in so many `seconds`."""

    def __init__(self, reason: str, *, seconds: int) -> None:
        super().__init__(reason)
        self.seconds = seconds


class MailError(GazetteerError):
    """A letter could not be sent."""


class NoticeError(GazetteerError):
    """A webhook did not take a notice."""


class LimitError(GazetteerError):
    """A page took more time or memory than it may, or broke the process that read it down."""


class WorkerError(GazetteerError):
    """A process that reads pages cannot be started: no page's fault."""


class ArchiveError(GazetteerError):
    """The archive cannot be opened, read or written."""


class CursorError(ArchiveError):
    """A page is asked for by a cursor that no page gave."""


class QueryError(ArchiveError):
    """A search is written wrongly at the character `position` (from 0) of `query`."""

    def __init__(self, reason: str, *, query: str, position: int) -> None:
        super().__init__(f"{reason} (at character {position + 1} of the search)")
        self.query = query
        self.position = position
