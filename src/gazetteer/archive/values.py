"""What the archive gives back: frozen values, as in `types`."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Generic, TypeVar

from gazetteer.types import NO_SKIPS, Access, Article, Digest, QuoteKind, Skips, Tone

Row = TypeVar("Row")

ENDLESS = 1_000
"""Characters of a sentence that is never quoted by itself: a longer one is a text without full stops."""


class Outcome(StrEnum):
    """What saving a digest did: a new article, a new version of one, nothing new but its reading, or nothing."""

    KEPT = "kept"
    CHANGED = "changed"
    READ_AGAIN = "read again"
    KNOWN = "known"


@dataclass(frozen=True, slots=True, kw_only=True)
class Saved:
    """The article that a digest was saved as, and what saving it did."""

    id: int
    outcome: Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """The articles of one event: its number, how many they are, and when the newest was published."""

    id: int
    articles: int
    newest_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """What a story goes by: its `lead`, the article whose headline it has, and, of its newest articles, the newest of
    each publisher, with all that name none.
    """

    lead: int
    outlets: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """Which story an article belongs to (0 for one that is to be made), and what of it is compared: `features`, None
    where that was not kept, and how like it is to articles of other stories (`stories.cluster.Assignment`).

    `is_corrected`: a reader put it there. `log_odds`: how surely it was put there, None where it began the story.
    """

    article_id: int
    story_id: int
    features: bytes | None = None
    around: float = 0.0
    around_vector: float = 0.0
    log_odds: float | None = None
    is_corrected: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Follow:
    """Something that a reader follows: a subject of a `kind` (`Kind`) or a "story", by its number, or a "search"."""

    kind: str
    number: int = 0
    query: str = ""


class Kind(StrEnum):
    """What articles can be listed and counted by."""

    ENTITY = "entity"
    AUTHOR = "author"
    PUBLISHER = "publisher"
    TAG = "tag"


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """Somebody or something that articles share: its number, shown name, and in how many articles it is.

    `label` is an entity's, `code` a tag's in a public scheme. Place and position are as in `types.Place`.
    """

    kind: Kind
    id: int
    name: str
    articles: int = 0
    label: str | None = None
    code: str | None = None
    country: str | None = None
    subdivision: str | None = None
    latitude: float | None = None
    longitude: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Alias:
    """A name under which an entity was read; `country` is "" where none is known."""

    id: int
    name: str
    label: str
    country: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """What a list shows of an article.

    `lead` is the first sentence of its summary that is not `ENDLESS`, "" where there is none; `names` are what it is
    most about.
    """

    id: int
    headline: str
    link: str | None
    publisher: Subject | None
    published_at: datetime | None
    kept_at: datetime
    changed_at: datetime
    version: int
    language: str
    access: Access
    tone: Tone | None
    lead: str
    names: tuple[Subject, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """Words of a snippet; `is_match`: they are what was searched for."""

    words: str
    is_match: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """An article that a search found, its headline and the place in its text with the matches in them."""

    card: Card
    headline: tuple[Piece, ...]
    snippet: tuple[Piece, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Page(Generic[Row]):
    """Some rows, and the `cursor` that gives those after them; None where there are none."""

    rows: tuple[Row, ...]
    cursor: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """An article as it stood when it was kept; `number` counts from 1."""

    number: int
    kept_at: datetime
    article: Article


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """An article's page: its newest version as it was read, and what the archive knows of it.

    `entities` and `tags` stand beside those of the annotation, one for each, in its order, with corrections made: two
    that were merged are the same subject. `version` is the number of the newest.
    """

    id: int
    digest: Digest
    kept_at: datetime
    changed_at: datetime
    version: int
    read_at: datetime
    publisher: Subject | None
    authors: tuple[Subject, ...]
    entities: tuple[Subject, ...]
    tags: tuple[Subject, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """How many articles of a day there are, and the mean tone of those that have one (two shares that sum to 1).

    Of an entity, the tone is the one toward it.
    """

    day: date
    articles: int
    positivity: float | None
    negativity: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """What a subject's newest articles are like: how many were looked at, and how many of them their publisher changed
    afterwards; by how they are told and by access, with how many of each; and what they share most.
    """

    articles: int
    changed: int
    leanings: Mapping[str, int]
    access: Mapping[Access, int]
    tags: tuple[Subject, ...]
    entities: tuple[Subject, ...]
    publishers: tuple[Subject, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """A sentence of an article, or what somebody says in it and how that is given (`kind`); `start:end` are the spans
    within it that were asked for.
    """

    article_id: int
    headline: str
    publisher: str | None
    words: str
    spans: tuple[tuple[int, int], ...]
    kind: QuoteKind | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """What a reader says of an article; `rating` is from 1 to 5."""

    id: int
    article_id: int
    reviewer: str
    rating: int | None
    words: str
    made_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Rating:
    """How an article is reviewed: by how many, and the mean of the ratings among them; None where there is none."""

    reviews: int
    mean: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TagRule:
    """A reader's own tag rule: `rule` is its table in TOML, as docs/tags.md describes."""

    name: str
    rule: str
    changed_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """What a reader noted of an article."""

    is_read: bool = False
    is_starred: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class User:
    """Somebody who may sign in."""

    name: str
    made_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """A program that may ask, and whether it may add articles; `used_at` is exact to the hour."""

    name: str
    may_add: bool
    made_at: datetime
    used_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """What an archive holds, and where."""

    place: str
    migration: str
    articles: int
    captures: int
    entities: int
    oldest: datetime | None
    newest: datetime | None
    readers: tuple[tuple[str, int], ...]
    bytes: int | None
    following: "Following"


@dataclass(frozen=True, slots=True, kw_only=True)
class Following:
    """How many feeds there are in each state, how many that are polled fail, and how many entries in each state."""

    feeds: Mapping["FeedState", int]
    failing: int
    entries: Mapping["EntryState", int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """How many wait whose time has come, and since when the first does."""

    count: int
    since: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Pulse:
    """How an archive fares, as far as it can be told as fast of a large one as of a small one.

    `failing` feeds are polled, and failed the last time; `polls` are feeds that are due, `pages` entries, of which more
    are `waiting` for a later time.
    """

    articles: int
    bytes: int | None
    kept_at: datetime | None
    polled_at: datetime | None
    feeds: Mapping["FeedState", int]
    failing: int
    polls: Due
    pages: Due
    waiting: int


class FeedState(StrEnum):
    """Whether a feed is polled: it is; its reader paused it; its publisher, or its failures, ended it."""

    ACTIVE = "active"
    PAUSED = "paused"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscription:
    """A feed that the archive follows.

    `interval` is the time between its polls as it was last decided, `failures` how many there were in a row, `error`
    why the last one failed, or why it is stopped. `due_at` is when it is polled next. `places` are the folders that it
    is in, each with those around it, the outermost first, and empty where it is in none; `skips` when its publisher
    asked, the last time that it was read, that it be left alone.
    """

    id: int
    url: str
    title: str
    site_url: str | None
    state: FeedState
    added_at: datetime
    places: tuple[tuple[str, ...], ...] = ((),)
    etag: str | None = None
    last_modified: str | None = None
    interval: timedelta | None = None
    failures: int = 0
    error: str | None = None
    checked_at: datetime | None = None
    succeeded_at: datetime | None = None
    due_at: datetime | None = None
    skips: Skips = NO_SKIPS

    @property
    def folders(self) -> tuple[str, ...]:
        """The first of its places."""
        return self.places[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """What became of a feed's entries: those that `wait`, and those of the last week that were `kept` or `failed`."""

    waiting: int = 0
    kept: int = 0
    failed: int = 0


class EntryState(StrEnum):
    """What became of an entry: its page is yet to be had; it is an article; it is not, for a reason."""

    WAITING = "waiting"
    KEPT = "kept"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """An entry of a feed, and what became of it; `tries` is how often its page was asked for."""

    id: int
    feed_id: int
    url: str
    title: str
    state: EntryState
    found_at: datetime
    tries: int = 0
    article_id: int | None = None
    reason: str | None = None
    due_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Polled:
    """What a poll changes of a feed; where `error` is None it succeeded."""

    due_at: datetime | None
    interval: timedelta
    failures: int = 0
    error: str | None = None
    etag: str | None = None
    last_modified: str | None = None
    title: str = ""
    site_url: str | None = None
    moved_to: str | None = None
    skips: Skips = NO_SKIPS
