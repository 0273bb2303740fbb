"""The index of words: what of an article is indexed, and how each database is asked for it.

An article is three streams of tokens: its headline, its text, and its fields. In the fields every word begins with a
mark that tells its field and that nobody can type, and names are parted, so that no phrase runs from one into the next.
FTS5 and `tsvector` keep the same tokens and answer the same questions.
"""

import json
import re
from collections.abc import Callable, Iterable, Iterator
from itertools import chain

from sqlalchemy import Connection, TextClause, delete, select, text

from gazetteer.archive import codec
from gazetteer.archive.query import And, Not, Or, Part, Term
from gazetteer.archive.schema import documents
from gazetteer.archive.words import words
from gazetteer.types import Digest

FIELDS = ("author", "publisher", "entity", "tag", "lang", "tone", "alias", "all")
_MARKS = {field: chr(0xE010 + number) for number, field in enumerate(FIELDS)}
_PARTED = "\ue000"
EVERYTHING = Term(field="all", words=("",), written="")
"""What every article has."""

_LANGUAGE = re.compile(r"[a-z0-9-]{1,35}")
_FARTHEST = 16_383  # the last place that a tsvector can tell
_MOST_PLACES = 255  # of one word, in a tsvector

Document = tuple[str, str, str]
"""The tokens of an article's headline, text and fields."""

_INSERT_FTS = text("INSERT INTO search (rowid, title, body, fields) VALUES (:id, :title, :body, :fields)")
_DELETE_FTS = text(
    "INSERT INTO search (search, rowid, title, body, fields) VALUES ('delete', :id, :title, :body, :fields)"
)
_INSERT_VECTOR = text("INSERT INTO documents (article_id, words) VALUES (:id, CAST(:vector AS tsvector))")
_RANKED = {
    "sqlite": text(
        "SELECT id, score FROM (SELECT rowid AS id, bm25(search, 8.0, 1.0, 1.0) AS score FROM search"
        " WHERE search MATCH :query AND rowid BETWEEN :least AND :most ORDER BY rowid DESC LIMIT :ranked) AS found"
        " ORDER BY score, id DESC LIMIT :limit OFFSET :offset"
    ),
    "postgresql": text(
        "SELECT id, score FROM (SELECT article_id AS id,"
        " -ts_rank('{0.1, 0.1, 0.1, 1.0}', words, CAST(:query AS tsquery), 1) AS score FROM (SELECT article_id, words"
        " FROM documents WHERE words @@ CAST(:query AS tsquery) AND article_id BETWEEN :least AND :most"
        " ORDER BY article_id DESC LIMIT :ranked) AS newest) AS found"
        " ORDER BY score, id DESC LIMIT :limit OFFSET :offset"
    ),
}
_NEWEST = {
    "sqlite": text(
        "SELECT rowid AS id FROM search WHERE search MATCH :query AND rowid BETWEEN :least AND :most"
        " ORDER BY rowid DESC LIMIT :limit"
    ),
    "postgresql": text(
        "SELECT article_id AS id FROM documents WHERE words @@ CAST(:query AS tsquery)"
        " AND article_id BETWEEN :least AND :most ORDER BY article_id DESC LIMIT :limit"
    ),
}


def document(digest: Digest, *, leaning: str, aliases: Iterable[int]) -> Document:
    """Give the tokens of an article; `aliases` number the names that are in it."""
    article, annotation = digest.article, digest.annotation
    fields = chain(
        _marked("author", article.authors),
        _marked("publisher", [article.publisher or ""]),
        _marked("entity", [entity.name for entity in annotation.entities]),
        _marked("tag", [tag.name for tag in annotation.tags]),
        (_MARKS["lang"] + language for language in _languages(article.language)),
        [_MARKS["tone"] + leaning],
        (f"{_MARKS['alias']}{number}" for number in sorted(set(aliases))),
        [_MARKS["all"]],
    )
    return " ".join(words(article.headline)), " ".join(words(article.text)), " ".join(fields)


def put(connection: Connection, article_id: int, found: Document) -> None:
    """Index an article that is not indexed."""
    if connection.dialect.name == "postgresql":
        connection.execute(_INSERT_VECTOR, {"id": article_id, "vector": vector(found)})
        return
    kept = codec.compressed(json.dumps(found).encode("ascii"))
    connection.execute(documents.insert(), {"article_id": article_id, "words": kept})
    connection.execute(_INSERT_FTS, _row(article_id, found))


def remove(connection: Connection, article_id: int) -> None:
    """Take an article out of the index."""
    if connection.dialect.name == "sqlite":  # whose index forgets only what it is told word by word
        kept = connection.execute(select(documents.c.words).filter_by(article_id=article_id)).scalar()
        if kept is not None:
            connection.execute(_DELETE_FTS, _row(article_id, json.loads(codec.decompressed(kept))))
    connection.execute(delete(documents).filter_by(article_id=article_id))


def expression(connection: Connection, part: Part, *, aliases: Callable[[Term], Iterable[int]]) -> str:
    """Give a query in the database's own words; `aliases` gives the numbers of an entity's names."""
    language = _FTS5 if connection.dialect.name == "sqlite" else _TSQUERY
    return language.written(_resolved(part, aliases))


def ranked(connection: Connection) -> TextClause:
    """Give the statement that ranks the newest `ranked` articles that a `query` finds: their `id` and `score`."""
    return _RANKED[connection.dialect.name]


def newest(connection: Connection) -> TextClause:
    """Give the statement that finds articles, the newest first: their `id`."""
    return _NEWEST[connection.dialect.name]


def vector(found: Document) -> str:
    """Give the tokens as a `tsvector` is written: the headline's with the weight A, each with its places."""
    title, body, fields = (stream.split() for stream in found)
    places: dict[str, list[str]] = {}
    at = 1
    for stream, weight in ((title, "A"), (fields, ""), (body, "")):
        for token in stream:
            places.setdefault(token, []).append(f"{min(at, _FARTHEST)}{weight}")
            at += 1
        at += 1  # so that no phrase runs from one into the next
    return " ".join(f"'{token}':{','.join(of[:_MOST_PLACES])}" for token, of in places.items())


def _row(article_id: int, found: Document) -> dict[str, object]:
    title, body, fields = found
    return {"id": article_id, "title": title, "body": body, "fields": fields}


def _marked(field: str, names: Iterable[str]) -> Iterator[str]:
    for name in dict.fromkeys(names):
        yield from (_MARKS[field] + word for word in words(name))
        yield _PARTED


def _languages(tag: str) -> list[str]:
    """Give a language's tag and the wider ones: `pt-br` and `pt`."""
    parts = tag.lower().split("-") if _LANGUAGE.fullmatch(tag.lower()) else ["und"]
    return ["-".join(parts[: number + 1]) for number in range(len(parts))]


def _resolved(part: Part, aliases: Callable[[Term], Iterable[int]]) -> Part:
    """Let a search for an entity find it under all of its names."""
    if isinstance(part, Term):
        if part.field != "entity" or part.is_prefix:
            return part
        numbers = [Term(field="alias", words=(str(number),), written="") for number in aliases(part)]
        return Or(parts=(part, *numbers))
    if isinstance(part, Not):
        return Not(part=_resolved(part.part, aliases))
    return type(part)(parts=tuple(_resolved(each, aliases) for each in part.parts))


class _Language:
    """Writes queries: `term` by term, joined by the words that a database has for it."""

    def __init__(self, *, term: Callable[[Term], str], both: str, either: str, without: str) -> None:
        self._term, self._both, self._either, self._without = term, both, either, without

    def written(self, part: Part) -> str:
        if isinstance(part, Term):
            return self._term(part)
        if isinstance(part, Or):
            return "(" + self._either.join(map(self.written, part.parts)) + ")"
        parts = part.parts if isinstance(part, And) else (part,)
        wanted = [each for each in parts if not isinstance(each, Not)] or [EVERYTHING]
        found = "(" + self._both.join(map(self.written, wanted)) + ")"
        for each in parts:
            if isinstance(each, Not):
                found = f"({found}{self._without}{self.written(each.part)})"
        return found


def _tokens(term: Term) -> list[str]:
    mark = _MARKS.get(term.field, "")
    return [mark + word for word in term.words]


def _fts5_term(term: Term) -> str:
    column = "title : " if term.field == "title" else ""
    return f'({column}"{" ".join(_tokens(term))}"{" *" if term.is_prefix else ""})'


def _tsquery_term(term: Term) -> str:
    weight = "A" if term.field == "title" else ""
    tokens = [f"'{token}':{weight}" for token in _tokens(term)]
    if term.is_prefix:
        tokens[-1] = f"'{_tokens(term)[-1]}':*{weight}"
    return "(" + " <-> ".join(token.removesuffix(":") for token in tokens) + ")"


_FTS5 = _Language(term=_fts5_term, both=" AND ", either=" OR ", without=" NOT ")
_TSQUERY = _Language(term=_tsquery_term, both=" & ", either=" | ", without=" & !")
