"""Archives of any size, made by varying the digests of the Wikinews set.

A variation is another article of the same length: the people and bodies that it names have other names (drawn as names
are in the news: few of them often, most of them seldom), and it has another outlet, author, address and time. A name's
words are replaced by words of the same length, so that every span still means what it meant.
"""

import random
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import accumulate, islice
from pathlib import Path

from evaluation.sets import rows
from gazetteer.annotate import Annotator
from gazetteer.archive import Archive
from gazetteer.types import Article, Digest

SINCE = datetime(2018, 1, 1, tzinfo=UTC)
DAYS = 1_000
OUTLETS, AUTHORS = 300, 2_000
_TOGETHER = 200  # articles in a transaction
_NAMES = 4_000  # of each length
_RENAMED = 0.7  # the share of people and bodies that have another name
_CONSONANTS, _VOWELS = "bdfghjklmnprstvz", "aeiou"
_WORD = re.compile(r"[^\W\d_]{3,}")


class Drawn:
    """Draws one of `count` things, the n-th of them in proportion to 1/n (Zipf)."""

    def __init__(self, count: int) -> None:
        self._numbers = range(count)
        self._weights = list(accumulate(1 / (n + 1) for n in self._numbers))

    def one(self, draw: random.Random) -> int:
        """Give its number."""
        return draw.choices(self._numbers, cum_weights=self._weights)[0]


_NAME, _OUTLET, _AUTHOR = Drawn(_NAMES), Drawn(OUTLETS), Drawn(AUTHORS)


def digests(data: Path) -> list[Digest]:
    """Read the articles of the set."""
    articles = [
        Article(source=row["url"], headline=row["headline"], text=row["text"], language="en")
        for row in rows(data / "wikinews" / "wikinews.jsonl.gz")
    ]
    annotations = Annotator().annotate(articles)
    return [Digest(article=each, annotation=read) for each, read in zip(articles, annotations, strict=True)]


def varied(originals: Sequence[Digest], count: int, *, first: int = 0) -> Iterator[Digest]:
    """Give the variations from the `first` to before the `count`th, in no order of time; the same ones each time."""
    for number in range(first, count):
        draw = random.Random(number)
        yield vary(originals[draw.randrange(len(originals))], number, draw)


def vary(digest: Digest, number: int, draw: random.Random) -> Digest:
    """Give the variation of this number."""
    article, annotation = digest.article, digest.annotation
    rename = _renaming(digest, draw)
    outlet, author = _OUTLET.one(draw), _AUTHOR.one(draw)
    at = SINCE + timedelta(days=draw.randrange(DAYS), seconds=draw.randrange(86_400))
    address = f"https://outlet-{outlet}.example/{at:%Y/%m/%d}/{number}"
    told = replace(
        article,
        source=address,
        url=address,
        headline=rename(article.headline),
        text=rename(article.text),
        publisher=f"The {made(outlet, 7)} Post",
        authors=(f"{made(author, 5)} {made(author * 7 + 1, 8)}",),
        published_at=at,
    )
    entities = tuple(replace(each, name=rename(each.name)) for each in annotation.entities)
    return Digest(article=told, annotation=replace(annotation, entities=entities))


def fill(archive: Archive, originals: Sequence[Digest], count: int, *, told: Callable[[int], object]) -> None:
    """Save so many variations that the archive lacks, and say how many it has after each transaction."""
    have = archive.status().articles
    more = varied(originals, count, first=have)
    while some := list(islice(more, _TOGETHER)):
        with archive.together():
            for digest in some:
                archive.save(digest)
        have += len(some)
        told(have)


def made(number: int, length: int) -> str:
    """Give a name of so many letters, the same for the same number."""
    draw = random.Random(number * 31 + length)
    letters = "".join(draw.choice(_VOWELS if n % 2 else _CONSONANTS) for n in range(length))
    return letters.capitalize()


def _renaming(digest: Digest, draw: random.Random) -> Callable[[str], str]:
    """Give what puts other names, of the same lengths, in the place of most people's and bodies'."""
    words = {
        word
        for entity in digest.annotation.entities
        if entity.label in ("PERSON", "ORG") and draw.random() < _RENAMED
        for word in _WORD.findall(entity.name)
        if word[0].isupper()
    }
    others = {word: made(_NAME.one(draw), len(word)) for word in sorted(words)}
    return lambda text: _WORD.sub(lambda found: others.get(found[0], found[0]), text)
