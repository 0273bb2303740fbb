"""The archive: everything that was read is kept in it, in one transaction each, and found again.

    with Archive.open("news.sqlite", create=True) as archive:
        archive.save(digest, capture)
        page = archive.search('ferry -football after:2023-01-01')

Any thread may use it. Lists come in pages: hand a page's `cursor` back for the next. No page costs more in a larger
archive: every list reads the rows of an index in its order. All errors are `ArchiveError`s, of queries `QueryError`s.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from sqlalchemy import func, select

from gazetteer.archive import (
    accounts,
    backup,
    counting,
    feeds,
    follows,
    hosts,
    names,
    notes,
    reading,
    saving,
    search,
    stories,
    subjects,
    tables,
    times,
    transfer,
)
from gazetteer.archive import (
    schema as t,
)
from gazetteer.archive.database import Database
from gazetteer.archive.names import Correction, Name, Rule
from gazetteer.archive.search import Order
from gazetteer.archive.stories import Placing, StoryRule
from gazetteer.archive.values import (
    Alias,
    Card,
    Day,
    EntryState,
    Expected,
    Follow,
    Heading,
    Hit,
    Kept,
    Kind,
    Mark,
    Page,
    Passage,
    Polled,
    Profile,
    Pulse,
    Rating,
    Review,
    Saved,
    Status,
    Story,
    Subject,
    Subscription,
    TagRule,
    Tally,
    Telling,
    Token,
    User,
    Version,
)
from gazetteer.types import Annotation, Article, Capture, Digest, Entry, FeedList

PAGE = 20
"""Rows of a page, unless another number is asked for; `reading.MOST` at most."""


class Archive:
    """An archive that is open. A context manager."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @classmethod
    def open(cls, url: str, *, create: bool = False) -> Self:
        """Open the archive at a file's path, `sqlite:///FILE` or `postgresql://USER@HOST/DATABASE`.

        It is brought up to date. Where there is none, it is made if `create`, else refused.
        """
        return cls(Database(url, create=create))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    @property
    def url(self) -> str:
        """Give the address by which another process opens the same archive, its password in it."""
        return self._database.url.render_as_string(hide_password=False)

    def close(self) -> None:
        """Close it."""
        self._database.close()

    # Keeping

    @contextmanager
    def together(self) -> Iterator[None]:
        """Make what is written within one transaction, which is faster, and is kept as a whole or not at all."""
        with self._database.write():
            yield

    def save(
        self, digest: Digest, capture: Capture | None = None, *, at: datetime | None = None, reader: str | None = None
    ) -> Saved:
        """Keep a digest and the page it was made from, in one transaction: when this returns, they are on the disk.

        The same article under another address, or again, is one article; where its headline or text differ, it has
        another version. `reader` names what read it, where that is more than its model: an article that was read by
        another is given this annotation.
        """
        with self._database.write() as connection:
            reader = reader or digest.annotation.model
            return saving.save(connection, digest, capture, at=at or _now(), reader=reader)

    def reannotate(self, article_id: int, annotation: Annotation, *, reader: str, at: datetime | None = None) -> None:
        """Put a new annotation in the place of an article's."""
        with self._database.write() as connection:
            saving.reread(connection, article_id, annotation, at=at or _now(), reader=reader)

    def unread(self, reader: str) -> Iterator[tuple[int, Article]]:
        """Give each article whose annotation is not this reader's, with its number."""
        after = -1
        while True:
            with self._database.read() as connection:
                statement = (
                    select(t.annotations.c.article_id, t.articles.c.version)
                    .join_from(t.annotations, t.articles, t.articles.c.id == t.annotations.c.article_id)
                    .where(t.annotations.c.article_id > after, t.annotations.c.reader != reader)
                    .order_by(t.annotations.c.article_id)
                    .limit(reading.MOST)
                )
                numbers = connection.execute(statement).all()
            for number, version in numbers:
                with self._database.read() as connection:
                    article = saving.current_version(connection, number, version)
                yield number, article
            if not numbers:
                return
            after = numbers[-1][0]

    def has(self, capture: Capture) -> int | None:
        """Give the article of which this very page was kept, from the same source."""
        sha256 = hashlib.sha256(capture.content).hexdigest()
        with self._database.read() as connection:
            return reading.has(connection, sha256, capture.source)

    # Articles

    def get(self, article_id: int) -> Kept | None:
        """Give an article's page."""
        with self._database.read() as connection:
            return reading.get(connection, article_id)

    def get_all(self, article_ids: Sequence[int]) -> tuple[Kept, ...]:
        """Give the pages of articles, in the order of their ids as given, by as many queries as that of one takes."""
        with self._database.read() as connection:
            return reading.get_all(connection, article_ids)

    def find(self, url: str) -> int | None:
        """Give the number of the article that is known by an address."""
        with self._database.read() as connection:
            return reading.find(connection, url)

    def versions(self, article_id: int) -> tuple[Version, ...]:
        """Give the versions of an article, the oldest first; `changes.difference` tells what lies between two."""
        with self._database.read() as connection:
            return reading.versions(connection, article_id)

    def capture(self, article_id: int, *, version: int | None = None) -> Capture | None:
        """Give the page that a version, or the newest that has one, was extracted from."""
        with self._database.read() as connection:
            return reading.capture(connection, article_id, version)

    def browse(
        self,
        *,
        of: tuple[Kind, int] | None = None,
        language: str | None = None,
        leaning: str | None = None,
        since: date | None = None,
        until: date | None = None,
        cursor: str | None = None,
        limit: int = PAGE,
    ) -> Page[Card]:
        """Give articles, the newest first: all, or those of one subject, one language, or one leaning.

        `since` and `until` (which is not among them) bound the days on which they were published.
        """
        with self._database.read() as connection:
            return reading.browse(
                connection,
                of=of,
                language=language,
                leaning=leaning,
                since=since,
                until=until,
                cursor=cursor,
                limit=limit,
            )

    def languages(self) -> tuple[str, ...]:
        """Give the languages that articles are in."""
        with self._database.read() as connection:
            return reading.languages(connection)

    def search(
        self, query: str, *, order: Order = Order.BEST, cursor: str | None = None, limit: int = PAGE
    ) -> Page[Hit]:
        """Give the articles that a query finds (docs/reference.md describes its language)."""
        with self._database.read() as connection:
            return search.search(connection, query, order=order, cursor=cursor, limit=limit)

    # Who and what articles share

    def subject(self, kind: Kind, number: int) -> Subject | None:
        """Give an entity, author, publisher or tag; of an entity that was merged, the one that it is shown as now."""
        with self._database.read() as connection:
            return subjects.subject(connection, kind, number)

    def most(self, kind: Kind, *, cursor: str | None = None, limit: int = PAGE) -> Page[Subject]:
        """Give the subjects of a kind, those in most articles first."""
        with self._database.read() as connection:
            return subjects.most(connection, kind, cursor=cursor, limit=limit)

    def covered(self, kind: Kind, *, since: date, until: date, limit: int = PAGE) -> tuple[Subject, ...]:
        """Give the subjects that most articles of some days have; `articles` counts these."""
        with self._database.read() as connection:
            return subjects.covered(connection, kind, since=since, until=until, limit=limit)

    def days(
        self, of: tuple[Kind, int] | None = None, *, since: date | None = None, until: date | None = None
    ) -> list[Day]:
        """Give how many articles each day has, of a subject or of all, and how they are told."""
        with self._database.read() as connection:
            return subjects.days(connection, of, since=since, until=until)

    def beside(self, day: date, of: tuple[Kind, int] | None = None) -> tuple[date | None, date | None]:
        """Give the nearest days before and after one that have articles, of a subject or of all."""
        with self._database.read() as connection:
            return subjects.beside(connection, of, day)

    def aliases(self, entity_id: int) -> tuple[Alias, ...]:
        """Give the names of an entity."""
        with self._database.read() as connection:
            return subjects.aliases(connection, entity_id)

    def company(self, entity_id: int, *, limit: int = PAGE) -> tuple[Subject, ...]:
        """Give who and what appears with an entity in its newest articles (`subjects.COMPANY`), with in how many."""
        with self._database.read() as connection:
            return subjects.company(connection, entity_id, limit=limit)

    def named(self, name: str, *, limit: int = PAGE) -> tuple[Subject, ...]:
        """Give the entities that have exactly this name, whatever its case and accents."""
        with self._database.read() as connection:
            return subjects.named(connection, name, limit=limit)

    def profile(self, kind: Kind, number: int, *, limit: int = PAGE) -> Profile:
        """Tell what a subject's newest articles (`subjects.COMPANY`) are like, and what they share most."""
        with self._database.read() as connection:
            return subjects.profile(connection, kind, number, limit=limit)

    def passages(
        self, entity_id: int, *, article_id: int | None = None, cursor: str | None = None, limit: int = PAGE
    ) -> Page[Passage]:
        """Give the sentences that name an entity: all of one article, or a few of each of its newest, page by page."""
        with self._database.read() as connection:
            if article_id is not None:
                return Page(rows=subjects.passages_in(connection, article_id, entity_id))
            return subjects.passages(connection, entity_id, cursor=cursor, limit=limit)

    def quotes(self, entity_id: int, *, cursor: str | None = None, limit: int = PAGE) -> Page[Passage]:
        """Give what an entity is quoted as saying, the newest articles first."""
        with self._database.read() as connection:
            return subjects.quotes(connection, entity_id, cursor=cursor, limit=limit)

    # Corrections

    def merge(self, entity_id: int, into: int, *, at: datetime | None = None) -> None:
        """Say that two entities are one, which is shown as the second."""
        self._correct(lambda name: Rule(kind=Correction.MERGE, name=name(entity_id), other=name(into)), at)

    def split(self, name: Name, *, at: datetime | None = None) -> None:
        """Say that a name that an entity has names something of its own."""
        self._correct(lambda _: Rule(kind=Correction.SPLIT, name=name), at)

    def rename(self, entity_id: int, shown: str, *, at: datetime | None = None) -> None:
        """Say by what name an entity is shown."""
        self._correct(lambda name: Rule(kind=Correction.RENAME, name=name(entity_id), shown=shown), at)

    def corrections(self) -> list[tuple[Rule, datetime]]:
        """Give every correction, with when it was made, in that order."""
        with self._database.read() as connection:
            return names.rules(connection)

    def _correct(self, rule: Callable[[Callable[[int], Name]], Rule], at: datetime | None) -> None:
        with self._database.write() as connection:
            names.apply(connection, rule(partial(names.name_of, connection)), at=at or _now())

    # Stories

    def rarity(self, words: Sequence[int]) -> tuple[dict[int, int], int]:
        """Give how many articles have each of these words, by their hashes, and of how many that is."""
        with self._database.write() as connection:
            return stories.rarity(connection, words)

    def candidates(self, article_id: int, keys: Sequence[int]) -> list[Telling]:
        """Give articles of the days about one that share most of these words (`stories.NEAREST` at most)."""
        with self._database.write() as connection:
            return stories.candidates(connection, article_id, keys)

    def tell(self, telling: Telling, *, words: Sequence[int], keys: Sequence[int], merged: Sequence[int] = ()) -> int:
        """Keep what is compared of an article, and put it into its story, where it is in none; gives its number."""
        with self._database.write() as connection:
            return stories.put(connection, telling, words=words, keys=keys, merged=merged)

    def untold(self) -> Iterator[tuple[int, Digest]]:
        """Give each article of which nothing is kept to be compared, with its number."""
        after = -1
        while True:
            with self._database.read() as connection:
                numbers = stories.untold(connection, after=after, limit=reading.MOST)
            for number in numbers:
                if (kept := self.get(number)) is not None:
                    yield number, kept.digest
            if not numbers:
                return
            after = numbers[-1]

    def story(self, number: int) -> Story | None:
        """Give a story; of one that was merged, the one that it is now."""
        with self._database.read() as connection:
            return stories.get(connection, number)

    def story_of(self, article_id: int) -> Story | None:
        """Give the story that an article belongs to."""
        with self._database.read() as connection:
            telling = stories.told(connection, article_id)
            return None if telling is None else stories.get(connection, telling.story_id)

    def is_corrected(self, story: int) -> bool:
        """Tell whether a reader said of an article of a story that it belongs there."""
        with self._database.read() as connection:
            return stories.is_corrected(connection, story)

    def stories(self, *, cursor: str | None = None, limit: int = PAGE) -> Page[Story]:
        """Give stories, those that were told last first."""
        with self._database.read() as connection:
            return stories.newest(connection, cursor=cursor, limit=limit)

    def cards(self, article_ids: Sequence[int]) -> list[Card]:
        """Give what lists show of these articles, in this order, without those that are not there."""
        with self._database.read() as connection:
            return reading.cards(connection, article_ids)

    def told_in(self, story: int, *, limit: int = reading.MOST) -> list[int]:
        """Give the numbers of a story's newest articles."""
        with self._database.read() as connection:
            return stories.members(connection, story, limit=limit)

    def headings(self, numbers: Sequence[int], *, until: datetime | None = None) -> dict[int, Heading]:
        """Give what stories go by, by their numbers: as of a time, where one is given."""
        with self._database.read() as connection:
            return stories.headings(connection, numbers, until=None if until is None else times.first_id(until))

    def stories_between(
        self, since: datetime, until: datetime, *, limit: int, articles: int, least: int = 1
    ) -> list[tuple[Story, list[int]]]:
        """Give the stories that at least so many articles of a time tell, those of most publishers first, each with the
        newest of these.
        """
        stretch = times.first_id(since), times.first_id(until)
        with self._database.read() as connection:
            return stories.between(connection, *stretch, limit=limit, articles=articles, least=least)

    def tellings(self, since: datetime, until: datetime, *, most: int | None = None) -> list[Telling]:
        """Give where the articles of a time, or the newest of them, belong, the first first; in a story that a reader
        corrected, all are said to be corrected.
        """
        with self._database.read() as connection:
            return stories.tellings(connection, times.first_id(since), times.first_id(until), most=most)

    def regroup(self, groups: Sequence[Sequence[int]]) -> int:
        """Part articles into stories anew, each keeping the number that most of it had; gives how many moved."""
        with self._database.write() as connection:
            return stories.regroup(connection, groups)

    def move(self, article_id: int, beside: int, *, at: datetime | None = None) -> int:
        """Say that an article belongs to the story of another; gives the story's number."""
        return self._place(Placing.TOGETHER, article_id, beside, at)

    def part(self, article_id: int, *, at: datetime | None = None) -> int:
        """Say that an article tells a story of its own; gives its number."""
        return self._place(Placing.APART, article_id, None, at)

    def merge_stories(self, article_id: int, into: int, *, at: datetime | None = None) -> int:
        """Say that the stories of two articles are one; gives its number, which was the second's."""
        return self._place(Placing.MERGE, article_id, into, at)

    def story_rules(self) -> list[tuple[StoryRule, datetime]]:
        """Give every correction of stories, with when it was made, in that order."""
        with self._database.read() as connection:
            return stories.rules(connection)

    def _place(self, kind: Placing, article_id: int, other: int | None, at: datetime | None) -> int:
        with self._database.write() as connection:
            rule = StoryRule(
                kind=kind,
                article=stories.address_of(connection, article_id),
                other=None if other is None else stories.address_of(connection, other),
            )
            return stories.apply(connection, rule, at=at or _now())

    # What readers follow

    def put_follow(self, reader: str, follow: Follow, *, at: datetime | None = None) -> None:
        """Let a reader (a user's name, or "" on a private archive) follow something."""
        with self._database.write() as connection:
            follows.put(connection, reader, follow, at=at or _now())

    def remove_follow(self, reader: str, follow: Follow) -> bool:
        """Let a reader follow something no longer; tells whether they did."""
        with self._database.write() as connection:
            return follows.remove(connection, reader, follow)

    def is_followed(self, reader: str, follow: Follow) -> bool:
        """Tell whether a reader follows something, or what was merged into it."""
        with self._database.read() as connection:
            return follows.is_followed(connection, reader, follow)

    def follows(self, reader: str) -> list[tuple[Follow, str]]:
        """Give what a reader follows, with its name, in the order in which they began to; not what is gone."""
        with self._database.read() as connection:
            found = [(each, follows.name_of(connection, each)) for each in follows.follows(connection, reader)]
        return [(each, name) for each, name in found if name is not None]

    def told_until(self) -> tuple[datetime, int] | None:
        """Give when the last article was kept that the owner was told of, and its number; None before the first."""
        with self._database.read() as connection:
            return follows.told_until(connection)

    def tell_until(self, kept_at: datetime, article_id: int) -> None:
        """Note up to which article the owner was told."""
        with self._database.write() as connection:
            follows.tell_until(connection, kept_at, article_id)

    def kept_since(self, *, limit: int) -> list[tuple[datetime, int]]:
        """Give when each article was kept that the owner was not told of, the first first, and its number."""
        with self._database.read() as connection:
            after = follows.told_until(connection)
            return [] if after is None else follows.kept_since(connection, after, limit=limit)

    # What readers add

    def review(
        self, article_id: int, *, reviewer: str, words: str, rating: int | None = None, at: datetime | None = None
    ) -> int:
        """Keep a review of an article, with a rating from 1 to 5; gives its number."""
        with self._database.write() as connection:
            return notes.put_review(
                connection, article_id, reviewer=reviewer, rating=rating, words=words, at=at or _now()
            )

    def remove_review(self, number: int, *, reviewer: str | None = None) -> bool:
        """Remove a review, and where a `reviewer` is named none but theirs; tells whether it was there."""
        with self._database.write() as connection:
            return notes.remove_review(connection, number, reviewer=reviewer)

    def rating(self, article_id: int) -> Rating:
        """Tell how many reviews an article has, and their mean rating."""
        with self._database.read() as connection:
            return notes.rating(connection, article_id)

    def reviews(self, article_id: int | None = None, *, cursor: str | None = None, limit: int = PAGE) -> Page[Review]:
        """Give the reviews of an article, or of all, the newest first."""
        with self._database.read() as connection:
            return notes.reviews(connection, article_id, cursor=cursor, limit=limit)

    def put_tag_rule(self, name: str, rule: str, *, at: datetime | None = None) -> None:
        """Keep a tag rule (its table in TOML, which the caller has checked), in the place of one of the same name."""
        with self._database.write() as connection:
            notes.put_tag_rule(connection, name, rule, at=at or _now())

    def remove_tag_rule(self, name: str) -> bool:
        """Remove a tag rule; tells whether it was there."""
        with self._database.write() as connection:
            return notes.remove_tag_rule(connection, name)

    def tag_rules(self) -> tuple[TagRule, ...]:
        """Give the tag rules."""
        with self._database.read() as connection:
            return notes.tag_rules(connection)

    def mark(
        self,
        reader: str,
        article_id: int,
        *,
        read: bool | None = None,
        starred: bool | None = None,
        at: datetime | None = None,
    ) -> bool:
        """Note whether a reader (a user's name, or "" on a private archive) read or starred an article; tells whether
        there is such an article.
        """
        with self._database.write() as connection:
            return notes.mark(connection, reader, article_id, read=read, starred=starred, at=at or _now())

    def marks(self, reader: str, article_ids: Sequence[int]) -> dict[int, Mark]:
        """Give what a reader noted of each of these articles."""
        with self._database.read() as connection:
            return notes.marks(connection, reader, article_ids)

    def starred(self, reader: str, *, cursor: str | None = None, limit: int = PAGE) -> Page[Card]:
        """Give the articles that a reader starred, the newest first."""
        with self._database.read() as connection:
            return notes.starred(connection, reader, cursor=cursor, limit=limit)

    # Who may do what

    def put_user(self, name: str, password: str, *, at: datetime | None = None) -> None:
        """Let somebody sign in with this password alone; their sessions end."""
        accounts.put_user(self._database, name, password, at=at or _now())

    def remove_user(self, name: str) -> bool:
        """Remove a user, with their sessions and marks; tells whether they were there."""
        return accounts.remove_user(self._database, name)

    def users(self) -> tuple[User, ...]:
        """Give the users, by their names."""
        return accounts.users(self._database)

    def sign_in(self, name: str, password: str, *, at: datetime | None = None) -> str | None:
        """Begin a session, and give its secret; None where the name or the password is wrong."""
        return accounts.sign_in(self._database, name, password, at=at or _now())

    def signed_in(self, secret: str, *, at: datetime | None = None) -> str | None:
        """Give the name of the user whose session it is, while it lasts (`accounts.LASTING`)."""
        return accounts.signed_in(self._database, secret, at=at or _now())

    def sign_out(self, secret: str) -> None:
        """End a session."""
        accounts.sign_out(self._database, secret)

    def allowed(self, key: str, *, most: int, seconds: int, at: datetime | None = None) -> bool:
        """Count an attempt, and tell whether it is among the first `most` of the present window of `seconds`."""
        return accounts.allowed(self._database, key, most=most, seconds=seconds, at=at or _now())

    def put_token(self, name: str, *, may_add: bool = False, at: datetime | None = None) -> str:
        """Let a program ask, with the secret that is given, in the place of one of the same name."""
        return accounts.put_token(self._database, name, may_add=may_add, at=at or _now())

    def remove_token(self, name: str) -> bool:
        """Remove a token; tells whether it was there."""
        return accounts.remove_token(self._database, name)

    def tokens(self) -> tuple[Token, ...]:
        """Give the tokens, by their names."""
        return accounts.tokens(self._database)

    def token(self, secret: str, *, at: datetime | None = None) -> Token | None:
        """Give the token that a secret belongs to."""
        return accounts.token(self._database, secret, at=at or _now())

    def secret(self) -> bytes:
        """Give the key of this archive, which signs forms: random, and the same for every process."""
        return accounts.secret(self._database)

    # The whole

    def lines(self) -> Iterator[dict[str, Any]]:
        """Give the whole archive as lines of JSON, from which `put_line` makes it anew."""
        with self._database.read() as connection:
            rules = list(transfer.rules(connection))
        yield from rules
        for number in self._numbers():
            with self._database.read() as connection:
                line = transfer.article(connection, number)
            if line is not None:
                yield line

    def put_line(self, line: Mapping[str, Any], *, at: datetime | None = None) -> Saved | None:
        """Take in a line that `lines` gave, here or elsewhere; what is there already stays one."""
        with self._database.write() as connection:
            return transfer.put(connection, line, at=at or _now())

    def rows(self, table: str) -> Iterator[dict[str, object]]:
        """Give the rows of a table for other programs; `tables.COLUMNS` describes them."""
        for number in self._numbers():
            with self._database.read() as connection:
                found = list(tables.rows(connection, table, number))
            yield from found

    def _numbers(self) -> Iterator[int]:
        after = -1
        statement = select(t.articles.c.id).order_by(t.articles.c.id).limit(reading.MOST)
        while True:
            with self._database.read() as connection:
                numbers = connection.execute(statement.where(t.articles.c.id > after)).scalars().all()
            yield from numbers
            if not numbers:
                return
            after = numbers[-1]

    def backup(self, path: Path) -> None:
        """Write all of the archive, as it is at one moment, to a new file: a SQLite archive."""
        backup.backup(self._database, path)

    def restore(self, path: Path) -> None:
        """Put what a backup holds in the place of all that this archive holds."""
        backup.restore(self._database, path)

    # Feeds

    def follow(
        self,
        url: str,
        *,
        title: str = "",
        site_url: str | None = None,
        folders: Sequence[str] = (),
        at: datetime | None = None,
    ) -> tuple[int, bool]:
        """Follow a feed, which is due at once; gives its number, and whether it is new.

        A feed that is followed already is in the folder besides, if one is named.
        """
        return feeds.add(self._database, url, title=title, site_url=site_url, folders=folders, at=at or _now())

    def follow_list(self, found: FeedList, *, at: datetime | None = None) -> list[tuple[int, bool]]:
        """Follow the feeds of a list, merged with the list that is kept; gives of each its number, and whether it is
        new, in their order.
        """
        return feeds.add_list(self._database, found, at=at or _now())

    def feed_list(self) -> FeedList:
        """Give the feeds as their reader ordered them, with all that lists said of them."""
        return feeds.feed_list(self._database)

    def move_feed(self, feed: int, folders: Sequence[str]) -> bool:
        """Let a feed be in this folder alone, the outermost first; tells whether there is such a feed."""
        return feeds.move(self._database, feed, folders)

    def unfollow(self, feed: int) -> bool:
        """Follow a feed no longer, and forget its entries; its articles stay. Tells whether there was such a feed."""
        return feeds.remove(self._database, feed)

    def pause(self, feed: int) -> bool:
        """Poll a feed no longer, for now; tells whether there is such a feed."""
        return feeds.pause(self._database, feed)

    def resume(self, feed: int, *, at: datetime | None = None) -> bool:
        """Poll a feed again, and now; tells whether there is such a feed."""
        return feeds.resume(self._database, feed, at=at or _now())

    def feed(self, feed: int) -> Subscription | None:
        """Give a feed that is followed: where it became part of another, that one."""
        return feeds.get(self._database, feed)

    def feeds(self, *, after: int = 0) -> Iterator[Subscription]:
        """Give the feeds that are followed, in the order in which they were added: those with numbers `after` this."""
        while found := feeds.listed(self._database, after=after, limit=reading.MOST):
            yield from found
            after = found[-1].id

    def tallies(self, of: Iterable[int], *, at: datetime | None = None) -> dict[int, Tally]:
        """Tell what became of the entries of feeds."""
        return feeds.tallies(self._database, of, at=at or _now())

    def entries(self, feed: int, state: EntryState, *, limit: int = PAGE) -> list[Expected]:
        """Give a feed's entries of a state: those settled last first, and of those that wait who was asked for."""
        return feeds.entries(self._database, feed, state, limit=limit)

    def failed_entries(self, *, at: datetime | None = None, limit: int = PAGE) -> list[Expected]:
        """Give the entries of all feeds that failed in the last week, the newest first; this reads every entry."""
        return feeds.failed(self._database, at=at or _now(), limit=limit)

    def retried_entries(self, *, limit: int = PAGE) -> list[Expected]:
        """Give the entries of all feeds that are asked for again, with the last reason, the next to come first."""
        return feeds.retried(self._database, limit=limit)

    def next_due(self) -> datetime | None:
        """Tell when the first feed or page is due; None where there is none."""
        return feeds.next_due(self._database)

    def claim_feeds(self, *, at: datetime, until: datetime, limit: int) -> list[Subscription]:
        """Claim feeds that are due: until then they are no other's."""
        return feeds.claim(self._database, at=at, until=until, limit=limit)

    def claim_entries(self, *, at: datetime, until: datetime, limit: int) -> list[Expected]:
        """Claim entries whose pages are due: until then they are no other's."""
        return feeds.claim_entries(self._database, at=at, until=until, limit=limit)

    def take_host(
        self, name: str, *, at: datetime, until: datetime, rests_until: datetime | None, is_first: bool = True
    ) -> datetime | None:
        """Claim a host that is to be asked, which then rests; gives None, or when to try again.

        Where it `is_first`, the host's rest from whoever asked before is waited for.
        """
        return hosts.take(self._database, name, at=at, until=until, rests_until=rests_until, is_first=is_first)

    def give_host(self, name: str, *, until: datetime, at: datetime, rests_until: datetime | None = None) -> None:
        """Give back a host that was claimed `until` then, and let it rest until another time, if it does not longer."""
        hosts.give(self._database, name, until=until, at=at, rests_until=rests_until or at)

    def release(
        self,
        entries: Mapping[Expected, datetime],
        *,
        polls: Mapping[Subscription, datetime] | None = None,
        reason: str | None = None,
    ) -> None:
        """Give back entries, for a `reason`, and feeds to be polled, as they were claimed: each is due when it is said.

        What is another's meanwhile, since the claim had lapsed, stays theirs.
        """
        feeds.release(self._database, entries, polls=polls or {}, reason=reason)

    def polled(
        self, feed: int, decide: Callable[[int], Polled], found: Sequence[Entry], *, at: datetime | None = None
    ) -> int:
        """Write down a poll, and the entries that are new; gives how many are, which `decide` is told."""
        return feeds.polled(self._database, feed, decide, found, at=at or _now())

    def save_entry(
        self, entry: int, digest: Digest, capture: Capture, *, reader: str, at: datetime | None = None
    ) -> Saved:
        """Keep the article of an entry, and settle the entry, in one transaction."""
        at = at or _now()
        with self._database.write() as connection:
            saved = saving.save(connection, digest, capture, at=at, reader=reader)
            feeds.keep(connection, entry, saved.id, at=at)
            return saved

    def settle(self, entry: int, article: int, *, at: datetime | None = None) -> None:
        """Settle an entry whose article the archive has."""
        with self._database.write() as connection:
            feeds.keep(connection, entry, article, at=at or _now())

    def fail(self, entry: int, reason: str, *, due_at: datetime | None = None, at: datetime | None = None) -> None:
        """Note why an entry gave no article; where it is not `due_at` again, that settles it."""
        feeds.fail(self._database, entry, reason, due_at=due_at, at=at or _now())

    def status(self) -> Status:
        """Tell what the archive holds; this counts, and takes its time in a large one."""
        with self._database.read() as connection:
            first, last, articles = connection.execute(
                select(func.min(t.articles.c.id), func.max(t.articles.c.id), func.count()).select_from(t.articles)
            ).one()
            readers = select(t.annotations.c.reader, func.count()).group_by(t.annotations.c.reader)
            return Status(
                place=self._database.name,
                migration=t.HEAD,
                articles=articles,
                captures=connection.execute(select(func.count()).select_from(t.captures)).scalar_one(),
                entities=connection.execute(select(func.count()).where(t.entities.c.alias_id.is_(None))).scalar_one(),
                oldest=None if first is None else times.time_of(first),
                newest=None if last is None else times.time_of(last),
                readers=tuple(sorted((reader, count) for reader, count in connection.execute(readers))),
                bytes=self._database.size(connection),
                following=feeds.following(connection),
            )

    def pulse(self, *, at: datetime | None = None) -> Pulse:
        """Tell how the archive fares; this costs no more in a large one, but where many feeds are followed."""
        at = at or _now()
        with self._database.read() as connection:
            states, failing, polled_at = feeds.polling(connection)
            articles = select(t.totals.c.articles).filter_by(kind=counting.EVERY, subject_id=0)
            waiting = select(func.count()).where(t.entries.c.due_at.is_not(None))
            return Pulse(
                articles=connection.execute(articles).scalar() or 0,
                bytes=self._database.size(connection),
                kept_at=connection.execute(select(func.max(t.articles.c.kept_at))).scalar(),
                polled_at=polled_at,
                feeds=states,
                failing=failing,
                polls=feeds.due(connection, t.feeds, at=at),
                pages=feeds.due(connection, t.entries, at=at),
                waiting=connection.execute(waiting).scalar_one(),
            )

    def check(self) -> None:
        """See that the archive is there and can be read; raises `ArchiveError` where it cannot."""
        self._database.check()


def _now() -> datetime:
    return datetime.now(UTC)
