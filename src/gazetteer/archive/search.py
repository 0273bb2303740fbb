"""Search: a query → the articles that it finds, ranked or the newest first, in pages, with what was found in them."""

from collections.abc import Iterable, Iterator, Sequence
from enum import StrEnum

from sqlalchemy import Connection, func, select

from gazetteer.archive import codec, cursors, fulltext, names, reading
from gazetteer.archive import query as q
from gazetteer.archive import schema as t
from gazetteer.archive.query import Term
from gazetteer.archive.values import Card, Hit, Page, Piece
from gazetteer.archive.words import places

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
    found = list(places(text))
    return tuple(_pieces(text, 0, len(text), _matches(found, terms)))


def shortened(text: str, terms: Sequence[Term]) -> tuple[Piece, ...]:
    """Give the place in a text that shows most of the terms, in pieces; nothing where it holds none of them."""
    found = list(places(text))
    spans = _matches(found, terms)
    if not spans:
        return ()
    first = _best(spans)
    start, end = max(0, spans[first][0] - _BEFORE), min(len(found), spans[first][0] + _AFTER)
    left, right = found[start][1] if start else 0, found[end - 1][2] if end < len(found) else len(text)
    pieces = list(_pieces(text, left, right, spans))
    return (*([Piece(words="… ")] if start else []), *pieces, *([Piece(words=" …")] if right < len(text) else []))


Span = tuple[int, int, int, int]
"""A match: the number of its first word, its span in the text, and the number of the term that it is of."""


def _matches(found: Sequence[tuple[str, int, int]], terms: Iterable[Term]) -> list[Span]:
    spans: list[Span] = []
    for number, term in enumerate(terms):
        spans.extend(_of_term(found, term, number))
    return sorted(spans)


def _of_term(found: Sequence[tuple[str, int, int]], term: Term, number: int) -> Iterator[Span]:
    *leading, last = term.words
    size = len(term.words)
    for at in range(len(found) - size + 1):
        word = found[at + size - 1][0]
        if not (word.startswith(last) if term.is_prefix else word == last):
            continue
        if all(found[at + place][0] == each for place, each in enumerate(leading)):
            yield at, found[at][1], found[at + size - 1][2], number


def _best(spans: Sequence[Span]) -> int:
    """Give the number of the match from which on the most terms are found close together."""
    best, most = 0, 0
    for number, span in enumerate(spans[:200]):
        close = {other[3] for other in spans[number : number + 50] if other[0] < span[0] + _AFTER}
        if len(close) > most:
            best, most = number, len(close)
    return best


def _pieces(text: str, left: int, right: int, spans: Sequence[Span]) -> Iterator[Piece]:
    at = left
    for _, start, end, _ in spans:
        if start < at or end > right:
            continue
        if start > at:
            yield Piece(words=text[at:start])
        yield Piece(words=text[start:end], is_match=True)
        at = end
    if at < right:
        yield Piece(words=text[at:right])
