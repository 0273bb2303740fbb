"""The reader's own tags: rules in a TOML file, matched against an article's headline, text, entities and vector.

A rule is an expression over terms. A term is one or more words that stand one after another as whole words, whatever
their case; its last word may be a beginning ("protest*"). A rule may also give examples, to which the article must be
alike. `docs/tags.md` describes the file.
"""

import re
import tomllib
import unicodedata
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from gazetteer.annotate.likeness import Examples, learn, likeness
from gazetteer.annotate.vectors import Encode, Floats
from gazetteer.errors import ConfigError
from gazetteer.types import Tag

LARGEST_FILE = 1_000_000
"""Characters of a rules file."""

LONGEST_QUERY = 10_000
MOST_EXAMPLES = 100
DEEPEST_QUERY = 50
_KEYS = ("name", "any", "all", "none", "entity", "query", "like", "unlike")
_MOST_REASONS = 5
_SHOWN = 60  # characters of an example in a reason
_FIELDS = ("title", "entity", "text")
_UNSPACED = r"\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff"
_WORD = re.compile(rf"[{_UNSPACED}]|[^\W_{_UNSPACED}]+")
_TOKEN = re.compile(
    r"""(?P<space>\s+) | (?P<open>\() | (?P<close>\)) | (?P<operator>(?:AND|OR|NOT)(?![^\s()"“”]))
      | (?:(?P<field>[a-z]+):)?(?:["“”](?P<quoted>[^"“”]*)["“”] | (?P<bare>[^\s()"“”:]+))""",
    re.VERBOSE,
)


_SMALL_OPERATORS = ("and", "or", "not")


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """Words to be found in `field`: "text" (headline and body), "title" (headline) or "entity" (names of entities)."""

    field: str
    written: str
    words: tuple[str, ...]
    is_prefix: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Not:
    """Matches where `node` does not."""

    node: "Node"


@dataclass(frozen=True, slots=True, kw_only=True)
class And:
    """Matches where all of `nodes` do."""

    nodes: tuple["Node", ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Or:
    """Matches where at least one of `nodes` does."""

    nodes: tuple["Node", ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Like:
    """Matches where the article is like the texts `like` and less like each of `unlike`; `read_examples` reads them."""

    like: tuple[str, ...]
    unlike: tuple[str, ...] = ()
    examples: Examples | None = None


Node = Term | Not | And | Or | Like


@dataclass(frozen=True, slots=True, kw_only=True)
class TagRule:
    """A tag's name, and what an article must hold to get it."""

    name: str
    expression: And


@dataclass(frozen=True, slots=True, kw_only=True)
class TagRules:
    """The rules of a reader, in the order of their file."""

    rules: tuple[TagRule, ...] = ()

    @property
    def have_examples(self) -> bool:
        """Whether a rule has examples, which need the vectors of texts."""
        return any(isinstance(node, Like) for rule in self.rules for node in rule.expression.nodes)


NO_RULES = TagRules()


def load(path: Path) -> TagRules:
    """The rules in the file at `path`. Raise ConfigError, naming the file, the tag and what to do, if it is wrong."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        why = "is not UTF-8" if isinstance(error, UnicodeDecodeError) else f"cannot be read ({error.strerror})"
        raise ConfigError(f"{path} {why}; write the tag rules there, as docs/tags.md describes") from None
    return parse(text, source=str(path))


def parse(toml_text: str, *, source: str = "tags.toml") -> TagRules:
    """The rules in `toml_text`; messages name it `source`. Raise ConfigError if they are wrong."""
    document = _table(toml_text, source)
    unknown = sorted(document.keys() - {"tag"})
    if unknown:
        raise ConfigError(f"{source} has “{unknown[0]}” at its top; each rule starts with a line [[tag]]")
    tables = document.get("tag", [])
    if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
        raise ConfigError(f"{source} has a [tag]; write [[tag]], with two brackets, before each rule")
    rules = tuple(_rule(table, f"{source}: tag {number}") for number, table in enumerate(tables, start=1))
    names: set[str] = set()
    for rule in rules:
        if rule.name in names:
            raise ConfigError(f"{source} has two tags named “{rule.name}”; rename one, or join them with OR")
        names.add(rule.name)
    return TagRules(rules=rules)


def parse_rule(name: str, toml_text: str, *, source: str) -> TagRule:
    """The rule called `name` that `toml_text` holds: what stands below [[tag]] in a file, where `name` may be left out.

    Raise ConfigError if it is wrong.
    """
    named = f"{source} (“{name}”)"
    table = _table(toml_text, named)
    if table.get("name", name) != name:
        raise ConfigError(f"{named} has another name in its text; remove that")
    return _rule(table | {"name": name}, source)


def read_examples(rules: TagRules, encode: Encode) -> TagRules:
    """`rules` whose examples were read, once and for all, by `encode`."""

    def read(node: Node) -> Node:
        if not isinstance(node, Like):
            return node
        return replace(node, examples=learn(encode(node.like), encode(node.unlike) if node.unlike else None))

    return TagRules(
        rules=tuple(
            replace(rule, expression=And(nodes=tuple(map(read, rule.expression.nodes)))) for rule in rules.rules
        )
    )


def match(
    rules: TagRules,
    *,
    headline: str,
    text: str,
    names: Mapping[str, Iterable[str]],
    vector: Floats | None = None,
) -> tuple[Tag, ...]:
    """The tags whose rules the article meets, each with the reason.

    `names` gives each entity's forms by its name; `vector` (width,) says where the article lies. Where it is None, no
    rule with examples is met.
    """
    if not rules.rules:
        return ()
    title = _words_of(headline)
    article = _Article(
        fields={"title": _Index(title), "text": _Index([*title, "", *_words_of(text)])},
        names=[(name, _Index(_forms(name, forms))) for name, forms in names.items()],
        vector=vector,
    )
    found = ((rule, _reasons(rule.expression, article)) for rule in rules.rules)
    return tuple(Tag(name=rule.name, why=_why(reasons)) for rule, reasons in found if reasons is not None)


def _forms(name: str, forms: Iterable[str]) -> list[str]:
    """The words of all forms of a name, an empty word between one and the next."""
    return [word for form in dict.fromkeys((name, *forms)) for word in (*_words_of(form), "")]


def _table(toml_text: str, source: str) -> dict[str, Any]:
    if len(toml_text) > LARGEST_FILE:
        raise ConfigError(f"{source} has over {LARGEST_FILE:,} characters; part the rules or shorten them")
    try:
        return tomllib.loads(toml_text)
    except ValueError as error:
        raise ConfigError(f"{source} is not TOML: {error}") from None
    except RecursionError:
        raise ConfigError(f"{source} nests its values too deep") from None


def _rule(table: dict[str, Any], source: str) -> TagRule:
    name = table.get("name")
    if not isinstance(name, str) or not name.strip():
        raise ConfigError(f'{source} has no name; add a line like name = "Elections"')
    source = f"{source} (“{name}”)"
    unknown = [key for key in table if key not in _KEYS]
    if unknown:
        raise ConfigError(f"{source} has “{unknown[0]}”, which no rule has; use {', '.join(_KEYS)}")
    nodes: list[Node] = []
    if "any" in table:
        nodes.append(Or(nodes=_terms(table["any"], f"{source}: any", field="text")))
    if "all" in table:
        nodes += _terms(table["all"], f"{source}: all", field="text")
    if "entity" in table:
        nodes.append(Or(nodes=_terms(table["entity"], f"{source}: entity", field="entity")))
    if "query" in table:
        nodes.append(_Query(table["query"], f"{source}: query").parse())
    nodes += _likes(table, source)
    if not nodes:
        raise ConfigError(f"{source} says not what to look for; add any, all, entity, query or like")
    if "none" in table:
        nodes += [Not(node=term) for term in _terms(table["none"], f"{source}: none", field="text")]
    return TagRule(name=name.strip(), expression=And(nodes=tuple(nodes)))


def _likes(table: dict[str, Any], source: str) -> list[Node]:
    if "like" not in table and "unlike" in table:
        raise ConfigError(f"{source} has unlike, but no like; add the texts that the articles are to be like")
    unlike = _texts(table["unlike"], f"{source}: unlike") if "unlike" in table else ()
    return [Like(like=_texts(table["like"], f"{source}: like"), unlike=unlike)] if "like" in table else []


def _texts(value: object, source: str) -> tuple[str, ...]:
    if not isinstance(value, list) or not value or not all(isinstance(text, str) for text in value):
        raise ConfigError(f'{source} is not a list of texts, one or more; write it like ["Dockers walk out over pay"]')
    if len(value) > MOST_EXAMPLES:
        raise ConfigError(f"{source} has over {MOST_EXAMPLES} texts; leave the most alike out")
    texts = tuple(" ".join(text.split()) for text in value)
    if not all(map(_words_of, texts)):
        raise ConfigError(f"{source} has a text without a letter or digit; fill or remove it")
    return texts


def _terms(value: object, source: str, *, field: str) -> tuple[Term, ...]:
    if not isinstance(value, list) or not value or not all(isinstance(written, str) for written in value):
        raise ConfigError(f'{source} is not a list of words, one or more; write it like ["strike*", "walk out"]')
    return tuple(_term(written, source, field=field) for written in value)


def _term(written: str, source: str, *, field: str) -> Term:
    plain = written.strip()
    words = tuple(_words_of(plain))
    if not words:
        raise ConfigError(f"{source}: “{plain}” has no letter or digit to look for")
    is_prefix = plain.endswith("*")
    if "*" in plain.removesuffix("*") or (is_prefix and not plain[-2].isalnum()):
        raise ConfigError(f"{source}: in “{plain}” the * can only stand at the end of the last word")
    return Term(field=field, written=plain, words=words, is_prefix=is_prefix)


def _words_of(text: str) -> list[str]:
    return _WORD.findall(unicodedata.normalize("NFKC", text).casefold())


class _Query:
    """A recursive-descent parser: `or = and {OR and}`, `and = not {[AND] not}`, `not = {NOT} (term | "(" or ")")`."""

    def __init__(self, query: object, source: str) -> None:
        if not isinstance(query, str) or len(query) > LONGEST_QUERY:
            raise ConfigError(f"{source} is not a text of at most {LONGEST_QUERY:,} characters")
        self._query, self._source, self._at = query, source, 0
        self._tokens = list(self._scan())

    def _scan(self) -> Iterator[re.Match[str]]:
        position = 0
        while position < len(self._query):
            found = _TOKEN.match(self._query, position)
            if found is None:
                raise self._error(
                    "this can't be read; close the quotation marks, and put words with a colon in them", position
                )
            if found["field"] and found["field"] not in _FIELDS:
                raise self._error(f"there is no field “{found['field']}”; use {', '.join(_FIELDS)}", position)
            if found["bare"] in _SMALL_OPERATORS:
                small = found["bare"]
                raise self._error(f"write {small.upper()} in capitals, or “{small}” in quotation marks", position)
            if not found["space"]:
                yield found
            position = found.end()

    def _error(self, message: str, position: int) -> ConfigError:
        line = self._query.count("\n", 0, position) + 1
        column = position - self._query.rfind("\n", 0, position)
        return ConfigError(f"{self._source}: line {line}, column {column}: {message}")

    def _here(self) -> int:
        return self._tokens[self._at].start() if self._at < len(self._tokens) else len(self._query)

    def _next(self) -> str:
        """What comes next: an operator, a bracket, "term", or nothing."""
        if self._at == len(self._tokens):
            return ""
        token = self._tokens[self._at]
        return token["operator"] or token["open"] or token["close"] or "term"

    def parse(self) -> Node:
        node = self._or(0)
        if self._next():
            raise self._error("this “)” closes nothing; remove it, or open it before", self._here())
        return node

    def _or(self, depth: int) -> Node:
        nodes = [self._and(depth)]
        while self._next() == "OR":
            self._at += 1
            nodes.append(self._and(depth))
        return Or(nodes=tuple(nodes)) if len(nodes) > 1 else nodes[0]

    def _and(self, depth: int) -> Node:
        nodes = [self._not(depth)]
        while self._next() in ("AND", "NOT", "(", "term"):
            self._at += self._next() == "AND"
            nodes.append(self._not(depth))
        return And(nodes=tuple(nodes)) if len(nodes) > 1 else nodes[0]

    def _not(self, depth: int) -> Node:
        negated = False
        while self._next() == "NOT":
            self._at, negated = self._at + 1, not negated
        node = self._primary(depth)
        return Not(node=node) if negated else node

    def _primary(self, depth: int) -> Node:
        here, kind = self._here(), self._next()
        if depth > DEEPEST_QUERY:
            raise self._error(f"over {DEEPEST_QUERY} brackets inside one another; split the rule", here)
        if kind == "(":
            self._at += 1
            node = self._or(depth + 1)
            if self._next() != ")":
                raise self._error("a closing “)” is missing", self._here())
            self._at += 1
            return node
        if kind != "term":
            what = f"“{kind}”" if kind else "the end"
            raise self._error(f"a word or a phrase is missing before {what}", here)
        token = self._tokens[self._at]
        self._at += 1
        written = token["quoted"] if token["quoted"] is not None else token["bare"]
        try:
            return _term(written, "", field=token["field"] or "text")
        except ConfigError as error:
            raise self._error(error.reason.removeprefix(": "), here) from None


class _Index:
    """The places of each word in a sequence of words."""

    def __init__(self, words: Sequence[str]) -> None:
        self._words = words
        self._places: defaultdict[str, list[int]] = defaultdict(list)
        for place, word in enumerate(words):
            self._places[word].append(place)
        self._vocabulary = sorted(self._places)

    def count(self, term: Term) -> int:
        """How many times `term` occurs."""
        if len(term.words) == 1:
            return sum(len(self._places[word]) for word in self._forms(term))
        return sum(self._is_at(place, term) for place in self._places.get(term.words[0], ()))

    def _forms(self, term: Term) -> list[str]:
        word = term.words[0]
        first = bisect_left(self._vocabulary, word)
        last = bisect_left(self._vocabulary, word + chr(0x10FFFF)) if term.is_prefix else first + 1
        return [form for form in self._vocabulary[first:last] if term.is_prefix or form == word]

    def _is_at(self, place: int, term: Term) -> bool:
        window = self._words[place : place + len(term.words)]
        if len(window) < len(term.words) or tuple(window[:-1]) != term.words[:-1]:
            return False
        return window[-1].startswith(term.words[-1]) if term.is_prefix else window[-1] == term.words[-1]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Article:
    """What rules look at."""

    fields: dict[str, _Index]
    names: Sequence[tuple[str, _Index]]
    vector: Floats | None


def _reasons(node: Node, article: _Article) -> tuple[str, ...] | None:
    """Why `node` matches, in words; None where it does not."""
    if isinstance(node, Term):
        return _found(node, article.fields, article.names)
    if isinstance(node, Like):
        return _alike(node, article.vector)
    if isinstance(node, Not):
        held = _reasons(node.node, article) is None
        return ((f"no “{node.node.written}”",) if isinstance(node.node, Term) else ()) if held else None
    parts = [_reasons(child, article) for child in node.nodes]
    met = [part for part in parts if part is not None]
    if not met or (isinstance(node, And) and len(met) < len(parts)):
        return None
    return tuple(dict.fromkeys(reason for part in met for reason in part))


def _alike(node: Like, vector: Floats | None) -> tuple[str, ...] | None:
    found = likeness(node.examples, vector) if node.examples is not None and vector is not None else None
    if found is None:
        return None
    many, example = len(node.like) > 1, _short(node.like[found.nearest])
    nearest = f", nearest to “{example}”" if many else f" “{example}”"
    return (f"likeness {found.value:.2f} to {'its examples' if many else 'its example'}{nearest}",)


def _short(text: str) -> str:
    """The first words of `text`."""
    return text if len(text) <= _SHOWN else text[:_SHOWN].rsplit(" ", 1)[0] + " …"


def _found(term: Term, fields: dict[str, _Index], names: Sequence[tuple[str, _Index]]) -> tuple[str, ...] | None:
    if term.field == "entity":
        return tuple(f"the entity {name}" for name, index in names if index.count(term)) or None
    times = fields[term.field].count(term)
    if not times:
        return None
    if term.field == "title":
        return (f"“{term.written}” in the headline",)
    return (f"“{term.written}” {'once' if times == 1 else 'twice' if times == 2 else f'{times} times'}",)


def _why(reasons: Sequence[str]) -> str:
    """The reasons as one clause, what was found before what was not."""
    ordered = sorted(reasons, key=lambda reason: reason.startswith("no "))
    more = len(ordered) - _MOST_REASONS
    if more > 0:
        ordered = [*ordered[:_MOST_REASONS], f"{more} more"]
    return " and ".join(filter(None, [", ".join(ordered[:-1]), ordered[-1]])) if ordered else "nothing that it excludes"
