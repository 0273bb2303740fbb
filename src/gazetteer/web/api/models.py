"""The words of the API: what each answer holds. Most are read off the values that the archive gives.

They are the words of `gazetteer.wire` where it has them. Programs depend on these names; they stay stable.
"""

from datetime import date, datetime
from typing import Annotated, Generic, Literal, TypeVar

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from gazetteer.archive import Correction, Outcome
from gazetteer.archive.changes import Change
from gazetteer.archive.stories import Placing
from gazetteer.archive.values import FeedState
from gazetteer.archive.words import storable
from gazetteer.types import MAX_FOLDERS, Access, QuoteKind

Row = TypeVar("Row")

Text = Annotated[str, AfterValidator(storable)]
"""What strangers wrote, as JSON can hold it: halves of surrogate pairs and NUL replaced."""

GREATEST = (1 << 63) - 1
"""The greatest number that anything can have."""

Number = Annotated[int, Field(ge=0)]
Counted = Annotated[int, Field(ge=1)]
Country = Annotated[Text | None, BeforeValidator(lambda code: code or None)]
Span = Annotated[tuple[Number, ...], Field(min_length=2, max_length=2)]


class Words(BaseModel):
    """What every answer is made of: values that do not change, with no other words than these."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Page(Words, Generic[Row]):
    """Some rows, and the `cursor` that gives those after them; null where there are none."""

    rows: tuple[Row, ...]
    cursor: str | None = Field(description="Opaque; hand it back for the next page. `null` on the last.")


class Named(Words):
    """An author or a publisher, by number and name."""

    id: Number
    name: Text


class NamedEntity(Words):
    """An entity by its number, name and label."""

    id: Number
    name: Text
    label: Text


class Place(Words):
    """Where a place is; what is not known is left out."""

    country: Text | None = None
    subdivision: Text | None = None
    latitude: float | None = None
    longitude: float | None = None
    is_country: bool = False


class Tone(Words):
    """How an article is told: two shares of what is charged, which sum to 1, and the share of the whole that is not."""

    positivity: float
    negativity: float
    neutral: float


class SentenceTone(Words):
    """How a sentence is told: three shares that sum to 1."""

    positive: float
    negative: float
    neutral: float


class Card(Words):
    """An article as lists show it.

    `lead` is the first sentence of its summary ("" where none may be shown), `entities` are what it is most about.
    """

    id: Number
    url: Text | None = Field(validation_alias="link")
    headline: Text
    publisher: Named | None
    published_at: datetime | None
    kept_at: datetime
    changed_at: datetime
    version: Counted
    language: Text
    access: Access
    tone: Tone | None
    lead: Text
    entities: tuple[NamedEntity, ...] = Field(validation_alias="names")


class Story(Words):
    """The articles of one event: how many they are, and when the newest was published."""

    id: Number
    articles: Counted
    newest_at: datetime


class Origin(Words):
    """Articles that were made from one text, or are one outlet's, the first first; the news agency that it names."""

    agency: str | None
    articles: tuple[Number, ...]


class ToldStory(Story):
    """A story: its headline, how many outlets tell it, from which independent origins, and whether a reader said which
    articles belong to it.
    """

    is_corrected: bool
    headline: Text
    outlets: Counted
    origins: tuple[Origin, ...]


class Piece(Words):
    """Words; `is_match`: they are what was searched for."""

    words: Text
    is_match: bool


class Hit(Words):
    """An article that a search found, and where: its headline, and a place in its text, in pieces."""

    article: Card = Field(validation_alias="card")
    headline: tuple[Piece, ...]
    snippet: tuple[Piece, ...]


class OptOuts(Words):
    """What a publisher asks of programs: directives for search engines, content signals, and whether its rights to text
    and data mining are reserved, with the address of its terms.
    """

    robots: tuple[Text, ...]
    signals: tuple[Text, ...]
    tdm_reserved: bool | None
    tdm_policy: Text | None


class Article(Words):
    """What the publisher said, and what the archive knows of it.

    `is_excerpt`: `text` holds but some sentences. `changed_at` is when its newest `version` was kept, `read_at` when
    it was annotated.
    """

    id: Number
    source: Text
    url: Text | None
    headline: Text
    byline: Text | None
    authors: tuple[Named, ...]
    publisher: Named | None
    published_at: datetime | None
    modified_at: datetime | None
    section: Text | None
    language: Text
    access: Access
    image_url: Text | None
    text: Text
    opt_outs: OptOuts | None = None
    is_excerpt: bool
    version: Counted
    kept_at: datetime
    changed_at: datetime
    read_at: datetime


class Mention(Words):
    """Where the text names something, and how sure that is."""

    start: Number
    end: Number
    score: float


class DigestEntity(Words):
    """Who or what the article names; what was not read is left out."""

    id: Number
    name: Text
    label: Text
    mentions: tuple[Mention, ...]
    place: Place | None = None
    tone: SentenceTone | None = None
    outcome: SentenceTone | None = None


class Sentence(Words):
    """A sentence of the text."""

    start: Number
    end: Number
    tone: SentenceTone | None
    salience: float
    quoted: bool


class Quote(Words):
    """What the text gives as somebody's words; `entity` counts in `entities`, from 0."""

    start: Number
    end: Number
    kind: QuoteKind
    cue: Span | None
    speaker: Span | None
    entity: Number | None


class DigestTag(Words):
    """A topic of the article, and why it was given."""

    id: Number
    name: Text
    why: Text
    code: Text | None = None


class Digest(Words):
    """A digest in the words of `gazetteer digest --json`, with the numbers of the article, its entities and its tags.

    Where `is_excerpt`, `text` holds but some sentences of the summary, and the spans of all else are empty.
    """

    id: Number
    is_excerpt: bool
    source: Text
    url: Text | None
    headline: Text
    byline: Text | None
    authors: tuple[Text, ...]
    publisher: Text | None
    published_at: datetime | None
    modified_at: datetime | None
    section: Text | None
    language: Text
    access: Access
    image_url: Text | None
    text: Text
    opt_outs: OptOuts | None = None
    entities: tuple[DigestEntity, ...]
    sentences: tuple[Sentence, ...]
    quotes: tuple[Quote, ...]
    tone: Tone | None
    tone_abstained: Text | None = None
    summary: tuple[Number, ...]
    summary_why: tuple[Text, ...]
    tags: tuple[DigestTag, ...]
    model: Text
    notes: tuple[Text, ...] = ()


class Version(Words):
    """An article as it stood when it was kept; `number` counts from 1."""

    number: Counted
    kept_at: datetime
    headline: Text
    text: Text


class Edit(Words):
    """Words, and what became of them."""

    change: Change
    words: Text


class Difference(Words):
    """What changed from the version before to this one: the headline, and the text by its paragraphs. Empty where
    nothing did.
    """

    headline: tuple[Edit, ...]
    text: tuple[tuple[Edit, ...], ...]


class Entity(Words):
    """Who or what articles name, and in how many; codes as in ISO 3166, degrees as in WGS 84."""

    id: Number
    name: Text
    articles: Number
    label: Text
    country: Country
    subdivision: Text | None
    latitude: float | None
    longitude: float | None


class Subject(Words):
    """An author or a publisher, and of how many articles."""

    id: Number
    name: Text
    articles: Number


class Tag(Words):
    """A tag, and on how many articles; `code` names it in a public scheme."""

    id: Number
    name: Text
    articles: Number
    code: Text | None


class Name(Words):
    """A name as it was read; `country` is null where none is known."""

    name: Text
    label: Text
    country: Country


class Passage(Words):
    """A sentence of an article, or what somebody says in it and how that is given (`kind`); `spans` are the places in
    `words` that were asked for.
    """

    article_id: Number
    headline: Text
    publisher: Text | None
    words: Text
    spans: tuple[Span, ...]
    kind: QuoteKind | None


class Day(Words):
    """How many articles a day has, and how they are told on the whole: shares that sum to 1, null where none is."""

    day: date
    articles: Number
    positivity: float | None
    negativity: float | None


class MadeCorrection(Words):
    """A correction: `name` and `other` name the same (`merge`), `name` something of its own (`split`), or what has
    `name` is shown as `shown` (`rename`).
    """

    kind: Correction
    name: Name
    other: Name | None
    shown: Text | None
    made_at: datetime


class Feed(Words):
    """A feed that is followed, and how it fares.

    `places` are the folders that it is in, each with those around it, the outermost first, and empty where it is in
    none; `folders` is the first of them.
    `state`: it is polled (`active`), its reader paused it, or it is `stopped`, since it is gone or failed a hundred
    times in a row. `error` is why the last poll failed, or why it is stopped, `failures` how many failed in a row.
    `due_at` is when it is polled next, null where it is not. So many of its entries are `waiting` for their page;
    in the last week others were kept, `articles_a_day`, or failed.
    """

    id: Counted
    url: Text
    title: Text
    site_url: Text | None
    folders: tuple[Text, ...]
    places: tuple[tuple[Text, ...], ...]
    state: FeedState
    error: Text | None
    failures: Number
    added_at: datetime
    checked_at: datetime | None
    succeeded_at: datetime | None
    due_at: datetime | None
    waiting: Number
    kept_in_a_week: Number
    failed_in_a_week: Number
    articles_a_day: float


class Added(Words):
    """The article that was added, and what adding it did."""

    id: Number
    outcome: Outcome


Address = Annotated[str, Field(pattern=r"^https?://[^\s\\@/?#]+([/?#]\S*)?$", max_length=2_000)]
"""An address of the web, as it may be posted."""


class PostedAddress(Words):
    """A page to be fetched."""

    url: Address


class PostedPage(Words):
    """A page's HTML, and where it is from."""

    html: str = Field(min_length=1)
    url: Address | None = None


class PostedText(Words):
    """An article's text, its paragraphs parted by empty lines, with its headline and where it is from."""

    text: str = Field(min_length=1)
    headline: str = Field(min_length=1, max_length=1_000)
    url: Address | None = None


Folder = Annotated[str, Field(min_length=1, max_length=500)]


class PostedFeed(Words):
    """A feed to be followed, or a site that names one; what it is called, where not by its own title, and in which
    folders it is, the outermost first.
    """

    url: Address
    title: str = Field("", max_length=500)
    folders: tuple[Folder, ...] = Field((), max_length=MAX_FOLDERS)


class PostedFolders(Words):
    """The folder that a feed is to be in alone, with those around it, the outermost first; none, for no folder."""

    folders: tuple[Folder, ...] = Field(max_length=MAX_FOLDERS)


class PostedPlacing(Words):
    """What is said of an article's story: that it is its own (`apart`), that of the article `other` (`together`), or
    one with that (`merge`).
    """

    how: Placing
    other: Annotated[int, Field(ge=0, le=GREATEST)] | None = None


Posted = PostedAddress | PostedPage | PostedText


class Wrong(Words):
    """What is wrong with a part of a request."""

    where: Text
    reason: Text


class Problem(Words):
    """Why something was not done (RFC 9457).

    `position` is where a search is written wrongly, in its characters from 0; `wrong` says what of the request is.
    Words that say nothing are left out.
    """

    type: Literal["about:blank"]
    title: str
    status: int
    detail: Text | None = None
    position: Number | None = None
    wrong: tuple[Wrong, ...] | None = None
