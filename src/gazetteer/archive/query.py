"""The language of searches: a query's text → what it asks for. Pure.

    query = or                    or   = and {"OR" and}                 and  = not {["AND"] not}
    not   = {"-" | "NOT"} part    part = "(" or ")" | [field ":"] (word | word "*" | "phrase")

`after:` and `before:` bound the whole search, and so stand outside OR and NOT.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from gazetteer.archive.words import words
from gazetteer.errors import QueryError

LONGEST = 2_000
"""Characters of a query."""

MOST_TERMS = 100
DEEPEST = 30
FIELDS = ("title", "author", "publisher", "entity", "tag", "lang", "tone", "after", "before")
TONES = ("positive", "negative", "mixed", "neutral")
_LANGUAGE = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8}){0,4}")
_QUOTES = '"“”„«»'
_TOKEN = re.compile(
    rf"""(?P<space>\s+) | (?P<open>\() | (?P<close>\)) | (?P<operator>(?:AND|OR|NOT)(?![^\s()]))
      | (?P<minus>[-−–](?=[^\s)])) | (?P<field>[A-Za-z]+):(?=\S)
      | [{_QUOTES}](?P<quoted>[^{_QUOTES}]*)[{_QUOTES}] | (?P<bare>[^\s(){_QUOTES}]+)""",
    re.VERBOSE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """Words that stand one after another in `field` ("" for headline and body); the last may be a beginning.

    `written` is what was typed. In "lang" and "tone" there is one word, the value.
    """

    field: str
    words: tuple[str, ...]
    written: str
    is_prefix: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Not:
    """Asks for what `part` does not find."""

    part: "Part"


@dataclass(frozen=True, slots=True, kw_only=True)
class And:
    """Asks for what all of `parts` find."""

    parts: tuple["Part", ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Or:
    """Asks for what any of `parts` finds."""

    parts: tuple["Part", ...]


Part = Term | Not | And | Or


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """What is asked for: `part` (everything, where None), from the day `after` on, up to the day before `before`."""

    part: Part | None
    after: date | None = None
    before: date | None = None


def parse(text: str) -> Query:
    """Parse a query; raises `QueryError`, which tells where. No words at all ask for everything."""
    if len(text) > LONGEST:
        raise QueryError(f"a search has at most {LONGEST:,} characters", query=text, position=LONGEST)
    return _Parser(text).parse()


def shown(part: Part | None) -> Iterator[Term]:
    """Give the terms whose finding an article is shown for: those that are not excluded."""
    if isinstance(part, Term):
        yield part
    elif isinstance(part, And | Or):
        for each in part.parts:
            yield from shown(each)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Bound:
    """A day that bounds the search, and where it was written."""

    field: str
    day: date
    position: int


class _Parser:
    """Reads a query from left to right, by recursive descent."""

    def __init__(self, text: str) -> None:
        self._text, self._at, self._terms = text, 0, 0
        self._tokens = list(self._scan())

    def parse(self) -> Query:
        if not self._tokens:
            return Query(part=None)
        part = self._or(0)
        if self._kind() == "close":
            raise self._error("this “)” closes nothing; remove it, or open it before")
        return self._bounded(list(_joined(part)))

    def _bounded(self, parts: list["Part | _Bound"]) -> Query:
        """Take the days out of what is asked for; they may stand nowhere else."""
        days: dict[str, date] = {}
        kept: list[Part] = []
        for part in parts:
            if not isinstance(part, _Bound):
                self._check(part)
                kept.append(part)
            elif part.field in days:
                raise self._error(f"“{part.field}:” stands here for the second time", at=part.position)
            else:
                days[part.field] = part.day
        whole = And(parts=tuple(kept)) if len(kept) > 1 else kept[0] if kept else None
        return Query(part=whole, **days)

    def _check(self, part: "Part | _Bound") -> None:
        if isinstance(part, _Bound):
            reason = f"“{part.field}:” bounds the whole search, and cannot stand within OR or after a minus"
            raise self._error(reason, at=part.position)
        inner = (part.part,) if isinstance(part, Not) else part.parts if isinstance(part, And | Or) else ()
        for each in inner:
            self._check(each)

    def _scan(self) -> Iterator[re.Match[str]]:
        position = 0
        while position < len(self._text):
            found = _TOKEN.match(self._text, position)
            if found is None:
                raise self._error("these quotation marks are not closed", at=position)
            if found.lastgroup != "space":
                yield found
            position = found.end()

    def _error(self, reason: str, *, at: int | None = None) -> QueryError:
        return QueryError(reason, query=self._text, position=self._here() if at is None else at)

    def _here(self) -> int:
        return self._tokens[self._at].start() if self._at < len(self._tokens) else len(self._text)

    def _kind(self) -> str | None:
        """Give what comes next: an operator as it is written, another token's kind, or None at the end."""
        if self._at == len(self._tokens):
            return None
        token = self._tokens[self._at]
        return token["operator"] or token.lastgroup

    def _or(self, depth: int) -> "Part | _Bound":
        parts = [self._and(depth)]
        while self._kind() == "OR":
            self._at += 1
            parts.append(self._and(depth))
        return Or(parts=tuple(parts)) if len(parts) > 1 else parts[0]  # type: ignore[arg-type]

    def _and(self, depth: int) -> "Part | _Bound":
        parts = [self._not(depth)]
        while self._kind() not in (None, "OR", "close"):
            self._at += self._kind() == "AND"
            parts.append(self._not(depth))
        return And(parts=tuple(parts)) if len(parts) > 1 else parts[0]  # type: ignore[arg-type]

    def _not(self, depth: int) -> "Part | _Bound":
        negated = False
        is_plain = True
        while self._kind() in ("minus", "NOT"):
            self._at, negated, is_plain = self._at + 1, not negated, False
        part = self._part(depth)
        if isinstance(part, _Bound) and not is_plain:
            self._check(part)
        return Not(part=part) if negated else part  # type: ignore[arg-type]

    def _part(self, depth: int) -> "Part | _Bound":
        if depth > DEEPEST:
            raise self._error(f"over {DEEPEST} parentheses stand inside one another")
        kind = self._kind()
        if kind == "open":
            self._at += 1
            part = self._or(depth + 1)
            if self._kind() != "close":
                raise self._error("a closing “)” is missing")
            self._at += 1
            return part
        if kind not in ("field", "quoted", "bare"):
            what = "the end" if kind is None else f"“{self._tokens[self._at][0]}”"
            raise self._error(f"a word or a phrase is missing before {what}")
        return self._term()

    def _term(self) -> "Term | _Bound":
        here, field = self._here(), ""
        if self._kind() == "field":
            field = self._tokens[self._at]["field"].lower()
            if field not in FIELDS:
                raise self._error(f"there is no “{field}:”; known are {', '.join(FIELDS)}")
            self._at += 1
            if self._kind() not in ("quoted", "bare"):
                raise self._error(f"a word or a phrase is missing after “{field}:”")
        token = self._tokens[self._at]
        value = token["bare"] if token["quoted"] is None else token["quoted"]
        self._terms += 1
        if self._terms > MOST_TERMS:
            raise self._error(f"a search has at most {MOST_TERMS} words and phrases", at=here)
        self._at += 1
        if field in ("after", "before"):
            return self._day(field, value, at=here)
        if field in ("lang", "tone"):
            return self._value(field, value, at=here)
        return self._words(field, value, at=here)

    def _day(self, field: str, value: str, *, at: int) -> _Bound:
        try:
            return _Bound(field=field, day=date.fromisoformat(value), position=at)
        except ValueError:
            raise self._error(f"“{field}:” needs a day, as in {field}:2020-08-01", at=at) from None

    def _value(self, field: str, value: str, *, at: int) -> Term:
        if field == "lang" and not _LANGUAGE.fullmatch(value):
            raise self._error("“lang:” needs a language's tag, as in lang:en or lang:pt-BR", at=at)
        if field == "tone" and value.lower() not in TONES:
            raise self._error(f"“tone:” is one of {', '.join(TONES)}", at=at)
        return Term(field=field, words=(value.lower(),), written=value)

    def _words(self, field: str, value: str, *, at: int) -> Term:
        is_prefix = value.endswith("*")
        if "*" in value.removesuffix("*") or (is_prefix and not value[-2:-1].isalnum()):
            raise self._error("the * can only stand at the end of a word, for any ending", at=at)
        found = tuple(words(value))
        if not found:
            raise self._error(f"“{value}” has no letter or digit to look for", at=at)
        return Term(field=field, words=found, written=value, is_prefix=is_prefix)


def _joined(part: "Part | _Bound") -> Iterator["Part | _Bound"]:
    """Give what must all be found, through parentheses that change nothing."""
    if isinstance(part, And):
        for each in part.parts:
            yield from _joined(each)
    else:
        yield part
