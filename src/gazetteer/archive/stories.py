"""Stories: which articles tell of one event, as they are gathered and as readers correct it.

What is compared between articles (`Telling.features`) is made and read outside; here it is bytes. Articles are found by
the words that they share, hashed, the newest of some days about an article: what that costs does not grow with the
archive. A story that is merged stays as an empty row that leads on, as an entity does.

Corrections name articles by address, so that they hold in another archive. An article that was put by hand stays where
it is, and a story that holds one is merged with no other but by hand.
"""

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from functools import cache
from typing import Any

from sqlalchemy import Connection, Row, TextualSelect, bindparam, delete, func, insert, select, text, update

from gazetteer.archive import codec, cursors, times
from gazetteer.archive import schema as t
from gazetteer.archive.rows import put as put_row
from gazetteer.archive.rows import put_all
from gazetteer.archive.values import Heading, Page, Story, Telling
from gazetteer.errors import ArchiveError

DAYS = 7
"""Days before and after an article in which its story's others are looked for."""
NEAREST = 40
"""Articles that a word leads to, and that are given in all."""
COUNTED = 2_000
"""The first articles whose words are all counted; of later ones, every `SAMPLE`th's are, for as many."""
SAMPLE = 8
HEADING = 40
"""The newest articles of a story, by which it is headed."""

# One parameter for some hundred words: a list of as many costs more than finding them.
_HAVING = {
    "postgresql": text("SELECT word, articles FROM word_counts WHERE word = ANY(:words)"),
    "sqlite": text("SELECT word, articles FROM word_counts WHERE word IN (SELECT value FROM json_each(:words))"),
}
_ADD = {
    "postgresql": text(
        "INSERT INTO word_counts (word, articles) SELECT word, :worth FROM unnest(CAST(:words AS bigint[])) AS word"
        " ON CONFLICT (word) DO UPDATE SET articles = word_counts.articles + excluded.articles"
    ),
    "sqlite": text(
        "INSERT INTO word_counts (word, articles) SELECT value, :worth FROM json_each(:words) WHERE true"
        " ON CONFLICT (word) DO UPDATE SET articles = word_counts.articles + excluded.articles"
    ),
}
_AT_ONCE = 500  # numbers that are asked for at once
_ALL = -1  # the row of `word_counts` that counts the articles

_ARTICLES = select(t.word_counts.c.articles).where(t.word_counts.c.word == _ALL)
_TOLD = select(t.tellings.c.story_id, t.tellings.c.features).where(t.tellings.c.article_id == bindparam("article"))
_OF_STORY = t.tellings.c.story_id == bindparam("story")
_RECOUNT = (
    update(t.stories)
    .where(t.stories.c.id == bindparam("story"))
    .values(
        articles=select(func.count()).select_from(t.tellings).where(_OF_STORY).scalar_subquery(),
        newest=select(func.coalesce(func.max(t.tellings.c.article_id), 0)).where(_OF_STORY).scalar_subquery(),
    )
)


class Placing(StrEnum):
    """What a rule says of articles."""

    TOGETHER = "together"
    APART = "apart"
    MERGE = "merge"


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryRule:
    """A correction, of articles by an address that each is known by: `article` belongs to the story of `other`
    (together), to a story of its own (apart), or its story and that of `other` are one (merge).
    """

    kind: Placing
    article: str
    other: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Belonging:
    """Where an article belongs, to be told in another archive: the number of its story, an address of the story's
    oldest article, and whether a reader put it there.
    """

    story: int
    beside: str
    is_corrected: bool = False


def rarity(connection: Connection, words: Sequence[int]) -> tuple[dict[int, int], int]:
    """Give how many articles have each of these words, and of how many that is."""
    wanted = connection.execute(_HAVING[connection.dialect.name], {"words": _list(connection, [*words, _ALL])})
    found = {word: articles for word, articles in wanted.all()}  # noqa: C416 - rows
    return found, found.pop(_ALL, 0)


def _list(connection: Connection, words: list[int]) -> list[int] | str:
    """Give words as one parameter."""
    return words if connection.dialect.name == "postgresql" else json.dumps(words)


def candidates(connection: Connection, article_id: int, keys: Sequence[int]) -> list[Telling]:
    """Give the articles that share most of these words, which come weightiest first; `NEAREST` at most."""
    if not keys:
        return []
    around = {"since": article_id - DAYS * times.DAY, "until": article_id + DAYS * times.DAY, "own": article_id}
    words = {f"w{n}": word for n, word in enumerate(keys)}
    return [_telling(row) for row in connection.execute(_sharing(len(keys)), around | words).all()]


@cache
def _sharing(keys: int) -> TextualSelect:
    one = (
        "SELECT * FROM (SELECT {worth} AS worth, article_id FROM story_words WHERE word = :w{n} "
        "AND article_id BETWEEN :since AND :until AND article_id <> :own ORDER BY article_id DESC LIMIT {most}) AS s{n}"
    )
    having = " UNION ALL ".join(one.format(n=n, worth=keys - n, most=NEAREST) for n in range(keys))
    nearest = (
        f"SELECT article_id, SUM(worth) AS shared FROM ({having}) AS sharing GROUP BY article_id "  # noqa: S608 - numbers
        f"ORDER BY shared DESC, article_id DESC LIMIT {NEAREST}"
    )
    columns = [*t.tellings.c]
    return text(
        f"SELECT {', '.join(map(str, columns))} FROM ({nearest}) AS nearest "  # noqa: S608
        "JOIN tellings ON tellings.article_id = nearest.article_id "
        "WHERE tellings.features IS NOT NULL ORDER BY tellings.article_id"
    ).columns(*columns)


def put(
    connection: Connection,
    telling: Telling,
    *,
    words: Sequence[int],
    keys: Sequence[int],
    merged: Sequence[int] = (),
) -> int:
    """Keep what is compared of an article, and put it into its story, where it is in none; gives the story's number.

    `telling.story_id` is 0 for a new story. `merged` are other stories that it shows to be the same.
    """
    held = connection.execute(_TOLD, {"article": telling.article_id}).first()
    if held is not None:
        connection.execute(delete(t.story_words).filter_by(article_id=telling.article_id))
    put_all(
        connection, t.story_words, [{"word": word, "article_id": telling.article_id} for word in dict.fromkeys(keys)]
    )
    values = {"features": telling.features, "around": telling.around, "around_vector": telling.around_vector}
    if held is None or held.features is None:
        _count(connection, telling.article_id, words)
    if held is not None:
        connection.execute(update(t.tellings).filter_by(article_id=telling.article_id).values(**values))
        return int(held.story_id)
    story = telling.story_id or _new(connection)
    for other in merged:
        if not is_corrected(connection, other) and not is_corrected(connection, story):
            _join(connection, other, into=story)
    row = values | {"article_id": telling.article_id, "story_id": story, "is_corrected": False}
    put_row(connection, t.tellings, row | {"log_odds": telling.log_odds})
    _recount(connection, story)
    return story


def belonging(connection: Connection, article_id: int) -> Belonging | None:
    """Tell of an article's story what `place` needs."""
    telling = told(connection, article_id)
    if telling is None:
        return None
    oldest = select(func.min(t.tellings.c.article_id)).filter_by(story_id=telling.story_id)
    beside = address_of(connection, connection.execute(oldest).scalar_one())
    return Belonging(story=telling.story_id, beside=beside, is_corrected=telling.is_corrected)


def place(connection: Connection, article_id: int, belonging: Belonging) -> int:
    """Put an article that comes from another archive into its story, by its old number where that is free here."""
    statement = (
        select(t.tellings.c.story_id)
        .join_from(t.tellings, t.addresses, t.addresses.c.article_id == t.tellings.c.article_id)
        .where(t.addresses.c.key == belonging.beside)
    )
    story = connection.execute(statement).scalar()
    if story is None:
        story = _new(connection, belonging.story)
    row = {"article_id": article_id, "story_id": story, "is_corrected": belonging.is_corrected}
    connection.execute(t.tellings.insert(), row)
    _recount(connection, story)
    return int(story)


def told(connection: Connection, article_id: int) -> Telling | None:
    """Give where an article belongs."""
    row = connection.execute(select(t.tellings).filter_by(article_id=article_id)).first()
    return None if row is None else _telling(row)


def untold(connection: Connection, *, after: int, limit: int) -> list[int]:
    """Give the articles past one of which nothing is kept to be compared."""
    statement = (
        select(t.articles.c.id)
        .outerjoin_from(t.articles, t.tellings, t.tellings.c.article_id == t.articles.c.id)
        .where(t.articles.c.id > after, t.tellings.c.features.is_(None))
        .order_by(t.articles.c.id)
        .limit(limit)
    )
    return list(connection.execute(statement).scalars())


def leads(connection: Connection, story: int) -> int | None:
    """Give the number that a story has now; None where there was none."""
    while True:
        row = connection.execute(select(t.stories.c.into_id).filter_by(id=story)).first()
        if row is None or row.into_id is None:
            return story if row is not None else None
        story = row.into_id


def get(connection: Connection, story: int) -> Story | None:
    """Give a story; of one that was merged, the one that it is now."""
    number = leads(connection, story)
    row = None if number is None else connection.execute(select(t.stories).filter_by(id=number)).first()
    if row is None or not row.articles:
        return None
    return Story(id=row.id, articles=row.articles, newest_at=times.time_of(row.newest))


def newest(connection: Connection, *, cursor: str | None, limit: int) -> Page[Story]:
    """Give stories, those that were told last first."""
    statement = select(t.stories).where(t.stories.c.articles > 0)
    if (after := cursors.read(cursor, 1)) is not None:
        statement = statement.where(t.stories.c.newest < after[0])
    rows = connection.execute(statement.order_by(t.stories.c.newest.desc()).limit(limit + 1)).all()
    found = tuple(Story(id=row.id, articles=row.articles, newest_at=times.time_of(row.newest)) for row in rows[:limit])
    return Page(rows=found, cursor=cursors.written(rows[limit - 1].newest) if len(rows) > limit else None)


def members(connection: Connection, story: int, *, limit: int) -> list[int]:
    """Give the newest articles of a story."""
    statement = select(t.tellings.c.article_id).filter_by(story_id=story).order_by(t.tellings.c.article_id.desc())
    return list(connection.execute(statement.limit(limit)).scalars())


def headings(connection: Connection, numbers: Sequence[int], *, until: int | None = None) -> dict[int, Heading]:
    """Give what stories go by, as of before an id where one is given: of the newest articles, the first that was told
    within a day of the newest of all gives the headline, which is neither the latest copy's nor of days ago.
    """
    told = t.tellings.c
    rank = func.row_number().over(partition_by=told.story_id, order_by=told.article_id.desc())
    statement = select(told.story_id, told.article_id, rank.label("rank")).where(told.story_id.in_(numbers))
    if until is not None:
        statement = statement.where(told.article_id < until)
    ranked = statement.subquery()
    newest = (
        select(ranked.c.story_id, ranked.c.article_id, t.articles.c.publisher_id)
        .join_from(ranked, t.articles, t.articles.c.id == ranked.c.article_id)
        .where(ranked.c.rank <= HEADING)
        .order_by(ranked.c.article_id.desc())
    )
    found: dict[int, list[tuple[int, int | None]]] = {}
    for story, article, publisher in connection.execute(newest).all() if numbers else ():
        found.setdefault(story, []).append((article, publisher))
    return {story: _heading(own) for story, own in found.items()}


def _heading(articles: Sequence[tuple[int, int | None]]) -> Heading:
    """Head a story by its newest articles, the newest first, each with its publisher."""
    outlets: dict[int, int] = {}
    for article, publisher in articles:
        outlets.setdefault(-article if publisher is None else publisher, article)
    newest = articles[0][0]
    lead = min(article for article, _ in articles if article > newest - times.DAY)
    return Heading(lead=lead, outlets=tuple(outlets.values()))


def between(
    connection: Connection, since: int, until: int, *, limit: int, articles: int, least: int
) -> list[tuple[Story, list[int]]]:
    """Give the stories that at least so many articles of a stretch of ids tell, those of most publishers first, each
    with the newest of these. This reads the stretch's articles.
    """
    numbers = t.tellings.c.article_id
    publishers = func.count(t.articles.c.publisher_id.distinct())
    counted = (
        select(t.tellings.c.story_id, func.max(numbers).label("newest"))
        .join_from(t.tellings, t.articles, t.articles.c.id == numbers)
        .where(numbers >= since, numbers < until)
        .group_by(t.tellings.c.story_id)
        .having(func.count() >= least)
        .order_by(publishers.desc(), func.max(numbers).desc())
        .limit(limit)
    )
    found = []
    for story_id, _ in connection.execute(counted).all():
        own = select(numbers).where(t.tellings.c.story_id == story_id, numbers >= since, numbers < until)
        members = list(connection.execute(own.order_by(numbers.desc()).limit(articles)).scalars())
        if (story := get(connection, story_id)) is not None:
            found.append((replace(story, newest_at=times.time_of(members[0])), members))
    return found


def tellings(connection: Connection, since: int, until: int, *, most: int | None = None) -> list[Telling]:
    """Give where the articles of a stretch of ids, or the last of them, belong, the first first; in a story that a
    reader corrected, all are said to be corrected.
    """
    corrected = select(t.tellings.c.story_id).where(t.tellings.c.is_corrected.is_(True))
    statement = select(t.tellings, t.tellings.c.story_id.in_(corrected).label("is_held")).where(
        t.tellings.c.article_id >= since,
        t.tellings.c.article_id < until,
        t.tellings.c.features.is_not(None),
    )
    newest = statement.order_by(t.tellings.c.article_id.desc()).limit(most)
    return [replace(_telling(row), is_corrected=bool(row.is_held)) for row in connection.execute(newest)][::-1]


def regroup(connection: Connection, groups: Sequence[Sequence[int]]) -> int:
    """Part articles into stories anew; gives how many changed theirs.

    A group keeps the number of the story that most of its articles had, where no other group has more of it. Articles
    that were put elsewhere by a reader meanwhile stay. A story that is left without articles leads to where most went.
    """
    numbers = [number for group in groups for number in group]
    had = _stories_of(connection, numbers)
    shares = Counter((had[number], at) for at, group in enumerate(groups) for number in group if number in had)
    given: dict[int, int] = {}
    taken: set[int] = set()
    for (story, at), _ in sorted(shares.items(), key=lambda each: (-each[1], each[0])):
        if story not in taken and at not in given:
            given[at] = story
            taken.add(story)
    changed: dict[int, Counter[int]] = {}
    for at, group in enumerate(groups):
        moving = [number for number in group if number in had and had[number] != given.get(at)]
        if not moving:
            continue
        story = given.get(at) or _new(connection)
        for number in moving:
            connection.execute(update(t.tellings).filter_by(article_id=number).values(story_id=story))
            changed.setdefault(had[number], Counter())[story] += 1
        _recount(connection, story)
    for story, went in changed.items():
        _recount(connection, story)
        if connection.execute(select(t.stories.c.articles).filter_by(id=story)).scalar_one() == 0:
            connection.execute(update(t.stories).filter_by(id=story).values(into_id=went.most_common(1)[0][0]))
    return sum(went.total() for went in changed.values())


def _stories_of(connection: Connection, numbers: Sequence[int]) -> dict[int, int]:
    found: dict[int, int] = {}
    for at in range(0, len(numbers), _AT_ONCE):
        part = numbers[at : at + _AT_ONCE]
        statement = select(t.tellings.c.article_id, t.tellings.c.story_id).where(
            t.tellings.c.article_id.in_(part), t.tellings.c.is_corrected.is_(False)
        )
        found |= {row.article_id: row.story_id for row in connection.execute(statement).all()}
    return found


def apply(connection: Connection, rule: StoryRule, *, at: datetime) -> int:
    """Hold the archive to a rule, and keep it; gives the story's number. Raises `ArchiveError` where it cannot be.

    A story that is left without articles leads to where the last went.
    """
    kept = _belongs(connection, rule.article)
    if rule.kind is Placing.APART:
        story = kept.story_id if _is_alone(connection, kept) else _new(connection)
    else:
        story = _belongs(connection, rule.other).story_id
    if rule.kind is Placing.MERGE:
        _join(connection, kept.story_id, into=story)
        connection.execute(update(t.tellings).filter_by(story_id=story).values(is_corrected=True))
    else:
        own = t.tellings.c.article_id == kept.article_id
        is_left = story != kept.story_id and _is_alone(connection, kept)
        connection.execute(update(t.tellings).where(own).values(story_id=story, is_corrected=True))
        _recount(connection, kept.story_id)
        _recount(connection, story)
        if is_left:
            connection.execute(update(t.stories).filter_by(id=kept.story_id).values(into_id=story))
    _keep(connection, rule, at)
    return story


def take(connection: Connection, rule: StoryRule, *, at: datetime) -> None:
    """Take a rule of another archive in: it holds for the articles that are here; others bring their story along."""
    if rule in [each for each, _ in rules(connection)]:
        return
    here = [_find(connection, address) for address in (rule.article, rule.other) if address is not None]
    if all(number is not None and told(connection, number) is not None for number in here):
        apply(connection, rule, at=at)
    else:
        _keep(connection, rule, at)


def rules(connection: Connection) -> list[tuple[StoryRule, datetime]]:
    """Give the rules in the order in which they were made, with when."""
    found = connection.execute(select(t.story_rules.c.rule, t.story_rules.c.made_at).order_by(t.story_rules.c.id))
    return [(codec.from_json(StoryRule, json.loads(rule)), made_at) for rule, made_at in found]


def address_of(connection: Connection, article_id: int) -> str:
    """Give an address that an article is known by; raises `ArchiveError` where there is no such article."""
    statement = select(t.addresses.c.key).filter_by(article_id=article_id).order_by(t.addresses.c.key).limit(1)
    found = connection.execute(statement).scalar()
    if found is None:
        raise ArchiveError(f"there is no article {article_id}")
    return str(found)


def _telling(row: Row[Any]) -> Telling:
    return Telling(
        article_id=row.article_id,
        story_id=row.story_id,
        features=row.features,
        around=row.around,
        around_vector=row.around_vector,
        log_odds=row.log_odds,
        is_corrected=row.is_corrected,
    )


def _keep(connection: Connection, rule: StoryRule, at: datetime) -> None:
    connection.execute(t.story_rules.insert(), {"made_at": at, "rule": json.dumps(codec.to_json(rule))})


def _find(connection: Connection, address: str) -> int | None:
    return connection.execute(select(t.addresses.c.article_id).filter_by(key=address)).scalar()


def _belongs(connection: Connection, address: str | None) -> Telling:
    number = None if address is None else _find(connection, address)
    telling = None if number is None else told(connection, number)
    if telling is None:
        raise ArchiveError(f"the article {address} is in no story")
    return telling


def _count(connection: Connection, article_id: int, words: Sequence[int]) -> None:
    """Count the words of an article, of one in `SAMPLE` for as many, once there are enough."""
    articles = connection.execute(_ARTICLES).scalar() or 0
    worth = 1
    if articles >= COUNTED:
        if (article_id >> times.BITS) % SAMPLE:
            return
        worth = SAMPLE
    counted = {"words": _list(connection, sorted({*words, _ALL})), "worth": worth}
    connection.execute(_ADD[connection.dialect.name], counted)


def _new(connection: Connection, wanted: int | None = None) -> int:
    """Make a story, of the number that is `wanted` where no other has or had it."""
    values = {"articles": 0, "newest": 0}
    if wanted is None or connection.execute(select(t.stories.c.id).filter_by(id=wanted)).first() is not None:
        return int(connection.execute(insert(t.stories).values(values).returning(t.stories.c.id)).scalar_one())
    connection.execute(insert(t.stories).values(values | {"id": wanted}))
    if connection.dialect.name == "postgresql":
        sequence = func.pg_get_serial_sequence("stories", "id")
        connection.execute(select(func.setval(sequence, select(func.max(t.stories.c.id)).scalar_subquery())))
    return wanted


def _is_alone(connection: Connection, telling: Telling) -> bool:
    others = select(t.tellings.c.article_id).where(
        t.tellings.c.story_id == telling.story_id, t.tellings.c.article_id != telling.article_id
    )
    return connection.execute(others.limit(1)).first() is None


def is_corrected(connection: Connection, story: int) -> bool:
    """Tell whether a reader said of an article of a story that it belongs there."""
    statement = select(t.tellings.c.article_id).filter_by(story_id=story, is_corrected=True).limit(1)
    return connection.execute(statement).first() is not None


def _join(connection: Connection, story: int, *, into: int) -> None:
    if story == into:
        return
    connection.execute(update(t.tellings).filter_by(story_id=story).values(story_id=into))
    connection.execute(update(t.stories).filter_by(id=story).values(into_id=into, articles=0, newest=0))
    _recount(connection, into)


def _recount(connection: Connection, story: int) -> None:
    connection.execute(_RECOUNT, {"story": story})
