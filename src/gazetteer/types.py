"""Every value that flows through Gazetteer: frozen dataclasses of tuples, strings and aware UTC times.

Spans (`start`, `end`) count characters of `Article.text`, end exclusive: `text[start:end]` is what is meant.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

LABELS = ("PERSON", "NORP", "FAC", "ORG", "GPE", "LOC", "PRODUCT", "EVENT", "WORK_OF_ART", "LAW", "LANGUAGE")
"""The labels of named entities, from OntoNotes 5.0 (Weischedel et al., LDC2013T19), without its numbers and times."""

MAX_FOLDERS = 32
"""How deep folders of feeds may nest; what is below is in the deepest that is kept."""


Targets = tuple[tuple[int, int], ...]
"""Spans of an article's text toward which the tone is asked for."""


class Access(StrEnum):
    """How much of an article its publisher shows to a reader without an account."""

    FREE = "free"
    METERED = "metered"
    PAYWALLED = "paywalled"
    BLOCKED = "blocked"


@dataclass(frozen=True, slots=True, kw_only=True)
class OptOuts:
    """What a publisher asks of programs that read a page.

    `robots` are directives for search engines, of noindex, noarchive, nosnippet, noimageindex, noai and noimageai;
    `signals` are content signals, as in `ai-train=no`; both are sorted. `tdm_reserved` says whether the rights to text
    and data mining are reserved, None where nothing does; `tdm_policy` is the address of the terms for it.
    """

    robots: tuple[str, ...] = ()
    signals: tuple[str, ...] = ()
    tdm_reserved: bool | None = None
    tdm_policy: str | None = None

    @property
    def words(self) -> tuple[str, ...]:
        """All that is told, in the words of those who tell it."""
        return (*self.robots, *self.signals, *(("tdm-reserved",) if self.tdm_reserved else ()))

    @property
    def no_copy(self) -> bool:
        """Whether no copy of the page may be shown."""
        return "noarchive" in self.robots

    @property
    def no_listing(self) -> bool:
        """Whether search engines may not list it."""
        return "noindex" in self.robots or "search=no" in self.signals


NO_OPT_OUTS = OptOuts()
"""Nothing is asked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Capture:
    """A page's bytes as they came, and where from.

    `source` is what the user named (an address, a path, `-`) and what messages name; `url` the address the bytes came
    from, redirects followed, where it is known; `content_type` the HTTP header's value; `opt_outs` what was told beside
    the page, in headers and files of its site.
    """

    source: str
    content: bytes
    url: str | None = None
    content_type: str | None = None
    fetched_at: datetime | None = None
    opt_outs: OptOuts = NO_OPT_OUTS


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What a feed says of one article.

    `id` names it within its feed, the same from poll to poll. `url` is an http(s) address, None where the entry has no
    such link; `title` is plain text, empty where there is none. Times are aware, in UTC.
    """

    id: str
    url: str | None = None
    title: str = ""
    published_at: datetime | None = None
    updated_at: datetime | None = None
    authors: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Skips:
    """When a publisher asks that its feed be left alone: in `hours` (0 to 23, of UTC) and on `days` (0 for Monday)."""

    hours: frozenset[int] = frozenset()
    days: frozenset[int] = frozenset()


NO_SKIPS = Skips()


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """What a publisher says is new: its entries, in the order of the feed.

    `url` is the address of the site that it is of. The publisher asks that it be polled no sooner than after `ttl`, and
    at no time that it `skips`. `sitemaps` are the addresses that the index of a site's maps lists, the newest first,
    where it is one; it then has no entries.
    """

    title: str = ""
    url: str | None = None
    entries: tuple[Entry, ...] = ()
    ttl: timedelta | None = None
    skips: Skips = NO_SKIPS
    sitemaps: tuple[str, ...] = ()


Pairs = tuple[tuple[str, str], ...]
"""Names with their values, in an order that means something."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outline:
    """A line of a list of feeds: a feed, which has a `url`; a folder; or what else such a list holds.

    It stands in the nearest line above it of a lesser `depth`. `name` is what its reader calls it, as it can be shown;
    `attributes` are all that the list says of it, as it does: strangers' text, those of a namespace named
    `{NAMESPACE}NAME`. There are none where no list said anything.
    """

    name: str = ""
    url: str | None = None
    site_url: str | None = None
    depth: int = 0
    attributes: Pairs = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedList:
    """A list of feeds, as feed readers exchange them: its `outlines` from the top down, and what its `head` says of it.

    `prefixes` are those that it has for namespaces, each after its namespace.
    """

    head: Pairs = ()
    prefixes: Pairs = ()
    outlines: tuple[Outline, ...] = ()

    @property
    def feeds(self) -> tuple[Outline, ...]:
        """The lines that are feeds."""
        return tuple(each for each in self.outlines if each.url is not None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """What a publisher said: one article, extracted from its page.

    `text` is the body alone, its paragraphs parted by a blank line. `byline` is the line as printed, `authors` the
    people and agencies in it. `language` is a BCP 47 tag, `und` where it is not known. Times are aware, in UTC; a date
    that was printed without a time is midnight UTC.
    """

    source: str
    headline: str
    text: str
    url: str | None = None
    canonical_url: str | None = None
    byline: str | None = None
    authors: tuple[str, ...] = ()
    publisher: str | None = None
    published_at: datetime | None = None
    modified_at: datetime | None = None
    section: str | None = None
    language: str = "und"
    image_url: str | None = None
    access: Access = Access.FREE
    opt_outs: OptOuts = NO_OPT_OUTS

    @property
    def link(self) -> str | None:
        """The address to cite: the canonical one where the publisher names it, else where the page came from."""
        return self.canonical_url or self.url


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """A span of the text that names something; `score` is the model's probability of it, 0 to 1."""

    start: int
    end: int
    score: float


@dataclass(frozen=True, slots=True, kw_only=True)
class SentenceTone:
    """How one sentence is told: three shares that sum to 1."""

    positive: float
    negative: float
    neutral: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a place is, or which country a people belongs to, from a packaged gazetteer.

    `country` is an ISO 3166-1 alpha-2 code, `subdivision` an ISO 3166-2 one; `latitude` and `longitude` are degrees
    (WGS 84), None where the place has no one position. `is_country` tells the country itself from what lies in it.
    """

    country: str | None = None
    subdivision: str | None = None
    latitude: float | None = None
    longitude: float | None = None
    is_country: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Entity:
    """One person, organisation, place…: its fullest `name` in the article, and every mention of it in reading order.

    `place` is None where a gazetteer knows none, or cannot tell several apart. `tone` is how the article speaks of it,
    mean over its mentions; None where that was not read. `outcome` is whether what happened is good or bad news for it;
    None where the model has not learned to say, which is everywhere but for bodies in business news.
    """

    name: str
    label: str
    mentions: tuple[Mention, ...]
    place: Place | None = None
    tone: SentenceTone | None = None
    outcome: SentenceTone | None = None


class QuoteKind(StrEnum):
    """How somebody's words are given: in quotation marks, in the author's words, or partly in each."""

    DIRECT = "direct"
    MIXED = "mixed"
    REPORTED = "reported"


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """Words that the text gives as somebody's.

    `start:end` is what was said (the marks of a direct quote included); `cue` the span of the verb of saying, `speaker`
    that of the words that name or stand for who said it ("he"), `entity` the number of that person or body in
    `Annotation.entities`. Each is None where the text does not tell, or where the rules cannot.
    """

    start: int
    end: int
    kind: QuoteKind
    cue: tuple[int, int] | None = None
    speaker: tuple[int, int] | None = None
    entity: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """A whole sentence of the text, how it is told, and its salience (0 to 1: how much it says of the article).

    `tone` is None where the model does not read the article's language. `is_quoted`: most of it is somebody's words.
    """

    start: int
    end: int
    tone: SentenceTone | None
    salience: float
    is_quoted: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Tone:
    """How an article is told.

    `positivity` and `negativity` share out what is charged, and sum to 1; `neutral` is the share of the whole that is
    not. `evidence` numbers the sentences that carry it, the most charged first.
    """

    positivity: float
    negativity: float
    neutral: float
    evidence: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Abstention:
    """No answer, and why."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Tag:
    """A topic of the article, and `why` it was given; `code` names it in a public scheme, where it comes from one."""

    name: str
    why: str
    code: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Annotation:
    """What was read in an article, by the model (and rules) that `model` names.

    `entities` come in the order of how much the article is about them; `summary` numbers sentences, in reading order,
    and `summary_why` says for each why it was chosen; `quotes` stand in reading order; `vector` is where the article
    lies among others (unit length), empty where it was not read; `targets` is the tone toward each span that was asked
    for. `notes` say in plain words what could not be read, and why.
    """

    entities: tuple[Entity, ...]
    sentences: tuple[Sentence, ...]
    tone: Tone | Abstention
    summary: tuple[int, ...]
    tags: tuple[Tag, ...]
    model: str
    quotes: tuple[Quote, ...] = ()
    summary_why: tuple[str, ...] = ()
    vector: tuple[float, ...] = ()
    targets: tuple[SentenceTone | None, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Digest:
    """The page of one article: what its publisher said, and what was read in it."""

    article: Article
    annotation: Annotation


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """A source that gave no digest: what was named, and the reason in words for its user."""

    source: str
    reason: str
