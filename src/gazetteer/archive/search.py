"""Search: a query → the articles that it finds, ranked or the newest first, in pages, with what was found in them."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from enum import StrEnum
from itertools import islice

from sqlalchemy import Connection, func, select

from gazetteer.archive import codec, cursors, fulltext, names, reading
from gazetteer.archive import query as q
from gazetteer.archive import schema as t
from gazetteer.archive.query import Term
from gazetteer.archive.values import Card, Hit, Page, Piece
from gazetteer.archive.words import places, words

RANKED = 1_000
"""How many articles are ranked: of more that a query finds, the newest. A search so costs the same in any archive."""

_BEFORE, _AFTER = 12, 28  # words of a snippet before what it is shown for, and from there on


class Order(StrEnum):
    """How results are ordered: what fits best first, or the newest first."""

    BEST = "best"
    NEWEST = "newest"


def search(connection: Connection, text: str, *, order: Order, cursor: str | None, limit: int) -> Page[Hit]:
    """Give the articles that a query finds; raises `QueryError` where it is written wrongly."""
    asked = q.parse(text)
    least, most = reading.bounds(asked.after, asked.before)
    part = asked.part if asked.part is not None else fulltext.EVERYTHING
    limit = min(limit, reading.MOST)
    values: dict[str, object] = {
        "query": fulltext.expression(connection, part, aliases=lambda term: names.aliases_of(connection, term)),
        "least": least,
        "limit": limit + 1,
    }
    terms = [term for term in q.shown(part) if term.field in ("", "title")]
    if order is Order.NEWEST or not terms:
        ids, after = _newest(connection, values, most, cursor, limit)
    else:
        ids, after = _ranked(connection, values, most, cursor, limit)
    found = reading.cards(connection, ids)
    return reading.page(_hits(connection, found, terms), after)


def _newest(
    connection: Connection, values: dict[str, object], most: int, cursor: str | None, limit: int
) -> tuple[list[int], str | None]:
    before = cursors.read(cursor, 1)
    values = values | {"most": most if before is None else min(most, before[0] - 1)}
    ids = list(connection.execute(fulltext.newest(connection), values).scalars())
    return ids[:limit], cursors.written(ids[limit - 1]) if len(ids) > limit else None


def _ranked(
    connection: Connection, values: dict[str, object], most: int, cursor: str | None, limit: int
) -> tuple[list[int], str | None]:
    """Rank what was there when the first page was asked for, so that pages neither repeat nor miss an article."""
    newest, offset = cursors.read(cursor, 2) or (_newest_id(connection), 0)
    values = values | {"most": min(most, newest), "offset": offset, "ranked": RANKED}
    ids = [row.id for row in connection.execute(fulltext.ranked(connection), values)]
    return ids[:limit], cursors.written(newest, offset + limit) if len(ids) > limit else None


def _newest_id(connection: Connection) -> int:
    return connection.execute(select(func.max(t.articles.c.id))).scalar() or 0


def _hits(connection: Connection, found: Sequence[Card], terms: Sequence[Term]) -> list[Hit]:
    newest = (t.versions.c.article_id == t.articles.c.id) & (t.versions.c.number == t.articles.c.version)
    statement = select(t.articles.c.id, t.versions.c.article).join_from(t.articles, t.versions, newest)
    ids = [card.id for card in found]
    rows = connection.execute(statement.where(t.articles.c.id.in_(ids))) if ids and terms else ()
    texts = {row.id: row.article for row in rows}
    return [_hit(card, texts.get(card.id), terms) for card in found]


def _hit(card: Card, article: bytes | None, terms: Sequence[Term]) -> Hit:
    text = codec.field_of("text", article) if article is not None else card.lead
    everywhere = [term for term in terms if term.field == ""]
    lead = (Piece(words=card.lead),) if card.lead else ()
    snippet = shortened(text, everywhere) if everywhere else ()
    return Hit(card=card, headline=marked(card.headline, terms), snippet=snippet or lead)


def marked(text: str, terms: Iterable[Term]) -> tuple[Piece, ...]:
    """Give a text in pieces, those marked that a term finds."""
    found = words(text)
    return tuple(_pieces(text, 0, len(found), len(found), _matches(found, terms)))


def shortened(text: str, terms: Sequence[Term]) -> tuple[Piece, ...]:
    """Give the place in a text that shows most of the terms, in pieces; nothing where it holds none of them."""
    found = words(text)
    matches = _matches(found, terms)
    if not matches:
        return ()
    first = _best(matches)
    start, end = max(0, first - _BEFORE), min(len(found), first + _AFTER)
    pieces = _pieces(text, start, end, len(found), matches)
    before, after = start > 0, end < len(found)
    return (*([Piece(words="… ")] if before else []), *pieces, *([Piece(words=" …")] if after else []))


Match = tuple[int, int, int]
"""The number of a match's first word, that of the word after its last, and the number of the term that it is of."""


def _matches(found: Sequence[str], terms: Iterable[Term]) -> list[Match]:
    return sorted(match for number, term in enumerate(terms) for match in _of_term(found, term, number))


def _of_term(found: Sequence[str], term: Term, number: int) -> Iterator[Match]:
    *leading, last = term.words
    for at in _places_of(last, found, is_prefix=term.is_prefix):
        first = at - len(leading)
        if first >= 0 and list(found[first:at]) == leading:
            yield first, at + 1, number


def _places_of(word: str, found: Sequence[str], *, is_prefix: bool) -> Iterator[int]:
    if is_prefix:
        yield from (at for at, each in enumerate(found) if each.startswith(word))
        return
    at = -1
    with suppress(ValueError):  # no more of them
        while True:
            at = found.index(word, at + 1)
            yield at


def _best(matches: Sequence[Match]) -> int:
    """Give the first word of the match from which on the most terms are found close together."""
    best, most = 0, 0
    for number, (first, _, _) in enumerate(matches[:200]):
        close = {term for other, _, term in matches[number : number + 50] if other < first + _AFTER}
        if len(close) > most:
            best, most = first, len(close)
    return best


def _pieces(text: str, start: int, end: int, count: int, matches: Sequence[Match]) -> Iterator[Piece]:
    """Give the words from `start` to before `end`, of so many, with the matches among them."""
    where = [(first, last) for _, first, last in islice(places(text), start, end)]
    at = where[0][0] if start else 0
    right = where[-1][1] if end < count else len(text)
    for first, after, _ in matches:
        if first < start or after > end or where[first - start][0] < at:
            continue
        left, until = where[first - start][0], where[after - 1 - start][1]
        if left > at:
            yield Piece(words=text[at:left])
        yield Piece(words=text[left:until], is_match=True)
        at = until
    if at < right:
        yield Piece(words=text[at:right])
