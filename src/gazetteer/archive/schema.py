"""The tables, for SQLite and PostgreSQL alike; `migrations/` makes them, and a test holds the two to each other.

What was read of an article is kept whole (`versions.article`, `annotations.reading`: JSON, packed) and never edited.
The other tables are made from it, to be searched and counted; corrections change these alone. An article's id tells
when it was published (`times`), so that every index that ends in it is in order of time.
"""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    DateTime,
    Dialect,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    false,
)
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlalchemy.types import TypeDecorator

HEAD = "0015"
"""The newest migration: what a database must be at."""


class Moment(TypeDecorator[datetime]):
    """An aware time, in UTC."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give UTC to the database, without its zone where the database knows none."""
        if value is None:
            return None
        at = value.astimezone(UTC)
        return at.replace(tzinfo=None) if dialect.name == "sqlite" else at

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Give an aware time back."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def _id() -> Column[Any]:
    return Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True)


def _to(table: str, *, name: str | None = None, **options: Any) -> Column[Any]:  # noqa: ANN401 - SQLAlchemy's own
    target = ForeignKey(f"{table}.id", ondelete="CASCADE")
    return Column(name or f"{table.removesuffix('s')}_id", BigInteger, target, **options)


publishers = Table(
    "publishers",
    metadata,
    _id(),
    Column("key", Text, nullable=False, unique=True),
    Column("name", Text, nullable=False),
)

authors = Table(
    "authors",
    metadata,
    _id(),
    Column("key", Text, nullable=False, unique=True),
    Column("name", Text, nullable=False),
)

tags = Table(
    "tags",
    metadata,
    _id(),
    Column("key", Text, nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("code", Text),
)

entities = Table(  # one that was merged stays, so that its number is given to no other
    "entities",
    metadata,
    _id(),
    Column("name", Text, nullable=False),
    Column("label", Text, nullable=False),
    Column("country", Text),
    Column("subdivision", Text),
    Column("latitude", Float),
    Column("longitude", Float),
    Column("place", Text, index=True),  # what all names of one country or city share
    Column("alias_id", BigInteger),  # of one that was merged: a name that it had, which tells whose that is now
)

aliases = Table(  # a name as it was read, and whose it is: all that merging and splitting change
    "aliases",
    metadata,
    _id(),
    Column("key", Text, nullable=False),
    Column("label", Text, nullable=False),
    Column("country", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("entity_id", BigInteger, ForeignKey("entities.id"), nullable=False, index=True),
    UniqueConstraint("key", "label", "country"),
)

articles = Table(  # what lists show of an article's newest version
    "articles",
    metadata,
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=False),
    _to("publishers", nullable=True),
    Column("headline", Text, nullable=False),
    Column("link", Text),
    Column("source", Text, nullable=False),
    Column("language", Text, nullable=False),
    Column("access", Text, nullable=False),
    Column("published_at", Moment),
    Column("modified_at", Moment),
    Column("kept_at", Moment, nullable=False),
    Column("changed_at", Moment, nullable=False),
    Column("version", Integer, nullable=False),
    Column("lead", Text, nullable=False),
    Column("positivity", Float),
    Column("negativity", Float),
    Column("neutral", Float),
    Column("leaning", Text, nullable=False),
    Index(None, "publisher_id", "id"),
    Index(None, "language", "id"),
    Index(None, "leaning", "id"),
    Index(None, "changed_at", "id"),
    Index(None, "kept_at", "id"),
)

addresses = Table(  # every address, or the fingerprint of a text without one, by which an article is known
    "addresses",
    metadata,
    Column("key", Text, primary_key=True),
    _to("articles", nullable=False, index=True),
    sqlite_with_rowid=False,
)

captures = Table(
    "captures",
    metadata,
    _id(),
    _to("articles", nullable=False),
    Column("version", Integer, nullable=False),
    Column("sha256", Text, nullable=False, index=True),
    Column("source", Text, nullable=False),
    Column("url", Text),
    Column("content_type", Text),
    Column("fetched_at", Moment),
    Column("content", LargeBinary, nullable=False),
    Column("opt_outs", LargeBinary),
    UniqueConstraint("article_id", "version"),
)

versions = Table(
    "versions",
    metadata,
    _to("articles", primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("kept_at", Moment, nullable=False),
    Column("article", LargeBinary, nullable=False),
)

annotations = Table(  # of the newest version
    "annotations",
    metadata,
    _to("articles", primary_key=True),
    Column("model", Text, nullable=False),
    Column("reader", Text, nullable=False),
    Column("read_at", Moment, nullable=False),
    Column("reading", LargeBinary, nullable=False),
)

credits = Table(  # noqa: A001 - the field's word
    "credits",
    metadata,
    _to("articles", primary_key=True),
    _to("authors", primary_key=True),
    Column("position", Integer, nullable=False),
    Index(None, "author_id", "article_id"),
    sqlite_with_rowid=False,
)

taggings = Table(
    "taggings",
    metadata,
    _to("articles", primary_key=True),
    _to("tags", primary_key=True),
    Column("why", Text, nullable=False),
    Index(None, "tag_id", "article_id"),
    sqlite_with_rowid=False,
)

sentences = Table(
    "sentences",
    metadata,
    _to("articles", primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("start", Integer, nullable=False),
    Column("end", Integer, nullable=False),
    Column("positive", Float),
    Column("negative", Float),
    Column("neutral", Float),
    sqlite_with_rowid=False,
)

appearances = Table(  # `number` is the entity's in the article's annotation
    "appearances",
    metadata,
    _to("articles", primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("alias_id", BigInteger, ForeignKey("aliases.id"), nullable=False, index=True),
    Column("entity_id", BigInteger, ForeignKey("entities.id"), nullable=False),
    Column("mentions", Integer, nullable=False),
    Column("positive", Float),
    Column("negative", Float),
    Column("neutral", Float),
    Column("is_quoted", Boolean, nullable=False, server_default=false()),
    Index(None, "entity_id", "article_id"),
    sqlite_with_rowid=False,
)
Index(
    "ix_appearances_quoted",
    appearances.c.entity_id,
    appearances.c.article_id,
    sqlite_where=appearances.c.is_quoted.is_(True),
    postgresql_where=appearances.c.is_quoted.is_(True),
)

mentions = Table(
    "mentions",
    metadata,
    _to("articles", primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("start", Integer, primary_key=True, autoincrement=False),
    Column("end", Integer, nullable=False),
    Column("score", Float, nullable=False),
    Column("sentence", Integer),
    sqlite_with_rowid=False,
)

quotes = Table(
    "quotes",
    metadata,
    _to("articles", primary_key=True),
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("number", Integer),
    Column("start", Integer, nullable=False),
    Column("end", Integer, nullable=False),
    Column("kind", Text, nullable=False),
    sqlite_with_rowid=False,
)

counts = Table(  # articles by day, kept as they come, so that no page has to count
    "counts",
    metadata,
    Column("kind", Text, primary_key=True),
    Column("subject_id", BigInteger, primary_key=True, autoincrement=False),
    Column("day", Integer, primary_key=True, autoincrement=False),
    Column("articles", Integer, nullable=False),
    Column("toned", Integer, nullable=False),
    Column("positive", Float, nullable=False),
    Column("negative", Float, nullable=False),
    sqlite_with_rowid=False,
)

totals = Table(
    "totals",
    metadata,
    Column("kind", Text, primary_key=True),
    Column("subject_id", BigInteger, primary_key=True, autoincrement=False),
    Column("articles", Integer, nullable=False),
    Index(None, "kind", "articles", "subject_id"),
    sqlite_with_rowid=False,
)

corrections = Table(  # rules about names, in the order in which they were made
    "corrections",
    metadata,
    _id(),
    Column("made_at", Moment, nullable=False),
    Column("rule", Text, nullable=False),
)

tag_rules = Table(
    "tag_rules",
    metadata,
    _id(),
    Column("name", Text, nullable=False, unique=True),
    Column("rule", Text, nullable=False),
    Column("changed_at", Moment, nullable=False),
)

reviews = Table(
    "reviews",
    metadata,
    _id(),
    _to("articles", nullable=False),
    Column("reviewer", Text, nullable=False),
    Column("rating", Integer),
    Column("words", Text, nullable=False),
    Column("made_at", Moment, nullable=False),
    Index(None, "article_id", "id"),
)

users = Table(
    "users",
    metadata,
    _id(),
    Column("key", Text, nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("password", Text, nullable=False),
    Column("made_at", Moment, nullable=False),
)

sessions = Table(
    "sessions",
    metadata,
    Column("hash", Text, primary_key=True),
    _to("users", nullable=False, index=True),
    Column("made_at", Moment, nullable=False),
    Column("until", Moment, nullable=False, index=True),
)

tokens = Table(
    "tokens",
    metadata,
    _id(),
    Column("name", Text, nullable=False, unique=True),
    Column("hash", Text, nullable=False, unique=True),
    Column("may_add", Boolean, nullable=False),
    Column("made_at", Moment, nullable=False),
    Column("used_at", Moment),
)

attempts = Table(  # counted in windows of some seconds, which end `until` a second of the epoch
    "attempts",
    metadata,
    Column("key", Text, primary_key=True),
    Column("seconds", Integer, primary_key=True, autoincrement=False),
    Column("until", BigInteger, primary_key=True, autoincrement=False, index=True),
    Column("tries", Integer, nullable=False),
    sqlite_with_rowid=False,
)

marks = Table(  # a reader is a user by their key, or "" where the archive is private
    "marks",
    metadata,
    _to("articles", primary_key=True),
    Column("reader", Text, primary_key=True),
    Column("read_at", Moment),
    Column("starred_at", Moment),
    sqlite_with_rowid=False,
)
Index(
    "ix_marks_starred",
    marks.c.reader,
    marks.c.article_id,
    sqlite_where=marks.c.starred_at.is_not(None),
    postgresql_where=marks.c.starred_at.is_not(None),
)

feeds = Table(  # one that is not active has no `due_at`
    "feeds",
    metadata,
    _id(),
    Column("key", Text, nullable=False, unique=True),
    Column("url", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("site_url", Text),
    Column("state", Text, nullable=False),
    Column("etag", Text),
    Column("last_modified", Text),
    Column("seconds", Integer),
    Column("failures", Integer, nullable=False),
    Column("error", Text),
    Column("added_at", Moment, nullable=False),
    Column("checked_at", Moment),
    Column("succeeded_at", Moment),
    Column("due_at", Moment, index=True),
    Column("skips", Text, nullable=False, server_default="[[], []]"),  # hours and days
)

outlines = Table(  # the list of feeds, its lines in the order of their numbers; of a feed, `name` is empty
    "outlines",
    metadata,
    _id(),
    Column(
        "parent_id",
        BigInteger,
        ForeignKey("outlines.id", deferrable=True, initially="DEFERRED"),  # rows are copied in any order
        index=True,
    ),
    _to("feeds", index=True),
    Column("name", Text, nullable=False),
    Column("attributes", Text, nullable=False),
)

lists = Table(  # one row: what is said of the list of feeds as a whole
    "lists",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("head", Text, nullable=False),
    Column("prefixes", Text, nullable=False),
)

moves = Table(  # the addresses that feeds had before, by their keys; whoever has one now comes first
    "moves",
    metadata,
    Column("key", Text, primary_key=True),
    _to("feeds", nullable=False, index=True),
    sqlite_with_rowid=False,
)

joins = Table(  # the numbers of feeds that became part of others
    "joins",
    metadata,
    _id(),
    _to("feeds", nullable=False, index=True),
)

entries = Table(  # of several that wait for the same page (`key`), one alone has a `due_at`
    "entries",
    metadata,
    _id(),
    _to("feeds", nullable=False),
    Column("guid", Text, nullable=False),
    Column("key", Text, nullable=False, index=True),
    Column("url", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("published_at", Moment),
    Column("found_at", Moment, nullable=False),
    Column("state", Text, nullable=False),
    Column("article_id", BigInteger, ForeignKey("articles.id")),
    Column("tries", Integer, nullable=False),
    Column("reason", Text),
    Column("due_at", Moment),
    Column("settled_at", Moment),
    UniqueConstraint("feed_id", "guid"),
    Index(None, "feed_id", "state", "settled_at"),
)
Index(
    "ix_entries_due",
    entries.c.due_at,
    sqlite_where=entries.c.due_at.is_not(None),
    postgresql_where=entries.c.due_at.is_not(None),
)

hosts = Table(  # those that were ever asked: whose turn it is, and when the next page may be had
    "hosts",
    metadata,
    Column("name", Text, primary_key=True),
    Column("held_until", Moment, nullable=False),
    Column("rests_until", Moment, nullable=False),
    sqlite_with_rowid=False,
)

secrets = Table(  # one row: what this archive signs forms with
    "secrets",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("key", LargeBinary, nullable=False),
)

stories = Table(  # one that was merged stays, and leads to what it was merged into
    "stories",
    metadata,
    _id(),
    Column("into_id", BigInteger),
    Column("articles", Integer, nullable=False),
    Column("newest", BigInteger, nullable=False, index=True),
)

tellings = Table(  # which story an article belongs to, and what of it is compared with others
    "tellings",
    metadata,
    _to("articles", primary_key=True),
    Column("story_id", BigInteger, ForeignKey("stories.id"), nullable=False),
    Column("is_corrected", Boolean, nullable=False),
    Column("features", LargeBinary),
    Column("around", Float, nullable=False, server_default="0"),
    Column("around_vector", Float, nullable=False, server_default="0"),
    Column("log_odds", Float),
    Index(None, "story_id", "article_id"),
)

Index(
    "ix_tellings_corrected",
    tellings.c.story_id,
    sqlite_where=tellings.c.is_corrected.is_(True),
    postgresql_where=tellings.c.is_corrected.is_(True),
)

story_words = Table(  # hashes of an article's weightiest words, by which others of its story are found
    "story_words",
    metadata,
    Column("word", BigInteger, primary_key=True, autoincrement=False),
    _to("articles", primary_key=True, index=True),
    sqlite_with_rowid=False,
)

word_counts = Table(  # in how many articles a word is, by its hash; -1 counts the articles
    "word_counts",
    metadata,
    Column("word", BigInteger, primary_key=True, autoincrement=False),
    Column("articles", Integer, nullable=False),
    sqlite_with_rowid=False,
)

story_rules = Table(  # corrections, in the order in which they were made
    "story_rules",
    metadata,
    _id(),
    Column("made_at", Moment, nullable=False),
    Column("rule", Text, nullable=False),
)

follows = Table(  # a reader as in `marks`; `number` of a subject or a story, `query` of a search
    "follows",
    metadata,
    _id(),
    Column("reader", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("number", BigInteger, nullable=False),
    Column("query", Text, nullable=False),
    Column("made_at", Moment, nullable=False),
    UniqueConstraint("reader", "kind", "number", "query"),
)

notified = Table(  # one row: up to which article the owner was told of what they follow
    "notified",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("kept_at", Moment, nullable=False),
    Column("article_id", BigInteger, nullable=False),
)

FLEETING = (sessions, attempts, hosts)
"""What a backup leaves out, and taking one back ends."""

documents = Table(  # the words that are searched; the index over them is each database's own (`fulltext`)
    "documents",
    metadata,
    _to("articles", primary_key=True),
    Column("words", LargeBinary().with_variant(TSVECTOR(), "postgresql"), nullable=False),
)
