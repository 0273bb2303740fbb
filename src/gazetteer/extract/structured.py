"""What a page declares of itself for machines: JSON-LD, microdata, `<meta>` and `<link>` elements.

Nothing here trusts the page: a declaration may be of any type, size and depth. What cannot be read is left out.
"""

import html
import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any, TypeVar

from lxml import etree
from lxml.html import HtmlElement

_T = TypeVar("_T")

Node = Mapping[str, Any]
"""A JSON-LD object: its values are of any JSON type."""


def words(text: str) -> tuple[str, ...]:
    """The words of a text, as parted by white space."""
    return tuple(text.split())


SCRIPT_CHARACTERS = 2_000_000
SCRIPTS = 60
NODES = 2_000
VALUES = 500
TEXT_CHARACTERS = 2_000
MOVES = 2_000

_SPACES = re.compile(r"[\s\u00a0\u200b\u200c\u200d\u2060\ufeff]+")
_SILENT = frozenset({"script", "style", "noscript", "template", "svg", "iframe", "button", "select"})
_BLOCKS = frozenset(
    words(
        "address article aside blockquote br dd div dl dt figcaption figure footer h1 h2 h3 h4 h5 h6 header li main "
        "nav ol p section table td th time tr ul"
    )
)
_ARTICLE_TYPE = re.compile(r"(?:Article|BlogPosting|Posting|Report|Review|Critique|Recipe|HowTo)$")
_INDEX_TYPES = frozenset({"CollectionPage", "SearchResultsPage", "ProfilePage", "AboutPage", "ContactPage", "ItemList"})
_DOWN = ("@graph", "mainEntity", "mainEntityOfPage", "review")
_JSON_NOISE = re.compile(r'("(?:[^"\\]|\\.)*+(?:"|\Z))|/\*.*?(?:\*/|\Z)|//[^\n]*|<!--|-->|<!\[CDATA\[|\]\]>', re.DOTALL)
_TRAILING_COMMA = re.compile(r'("(?:[^"\\]|\\.)*+(?:"|\Z))|,(?=\s*+[}\]])', re.DOTALL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Declarations:
    """What one page declares.

    `metas` gives the contents by lower-case name or property, in the page's order; `properties` the elements that carry
    a microdata or RDFa property, by its name without a prefix; `links` the addresses by `rel`; `nodes` the JSON-LD
    objects that describe the page, the nearest to an article first; `item_types` the microdata types; `language` the
    root element's.
    """

    metas: Mapping[str, tuple[str, ...]]
    properties: Mapping[str, tuple[HtmlElement, ...]]
    links: Mapping[str, tuple[str, ...]]
    nodes: tuple[Node, ...]
    item_types: frozenset[str]
    titles: tuple[str, ...]
    language: str | None

    def meta(self, *names: str) -> Iterator[str]:
        """The contents of the metas of these names, name by name."""
        for name in names:
            yield from self.metas.get(name, ())

    @property
    def article(self) -> Node | None:
        """The JSON-LD object that describes the article, if there is one."""
        return next((node for node in self.nodes if is_article(node)), None)


def declarations(tree: HtmlElement) -> Declarations:
    """Read what a page declares, in one pass over its elements."""
    metas: dict[str, list[str]] = defaultdict(list)
    properties: dict[str, list[HtmlElement]] = defaultdict(list)
    links: dict[str, list[str]] = defaultdict(list)
    scripts: list[str] = []
    titles: list[str] = []
    item_types: set[str] = set()
    for element in tree.iter(etree.Element):
        tag = element.tag
        if tag == "script":
            if "ld+json" in element.get("type", "").lower() and len(scripts) < SCRIPTS:
                scripts.append("".join(element.itertext()))
            continue
        if tag == "meta":
            _meta(element, metas)
        elif tag == "link":
            _append(links, element.get("rel", "").lower(), element.get("href", "").strip())
        elif tag == "title" and len(titles) < VALUES:
            titles.append(text_of(element))
        _microdata(element, properties, item_types)
    return Declarations(
        metas={name: tuple(values) for name, values in metas.items()},
        properties={name: tuple(values) for name, values in properties.items()},
        links={name: tuple(values) for name, values in links.items()},
        nodes=tuple(_ranked(nodes(scripts))),
        item_types=frozenset(item_types),
        titles=tuple(title for title in titles if title),
        language=tree.get("lang") or tree.get("{http://www.w3.org/XML/1998/namespace}lang") or tree.get("xml:lang"),
    )


def is_article(node: Node) -> bool:
    """Whether a JSON-LD object is of a type that schema.org derives from articles (or is written as one: a recipe)."""
    return any(_ARTICLE_TYPE.search(name) for name in types(node))


def is_index(node: Node) -> bool:
    """Whether a JSON-LD object says that its page lists others, or presents a person or an organisation."""
    return not _INDEX_TYPES.isdisjoint(types(node))


def types(node: Node) -> frozenset[str]:
    """The names of a JSON-LD object's types, without their vocabulary's address."""
    found = (name.rstrip("/").rpartition("/")[2].rpartition(":")[2] for name in strings(node.get("@type")))
    return frozenset(name.rpartition("#")[2] for name in found)


def clean(text: str) -> str:
    """Text with its entities decoded and every run of white space as one space."""
    return _SPACES.sub(" ", html.unescape(text) if "&" in text else text).strip()


def strings(value: object) -> Iterator[str]:
    """The clean, non-empty strings of a JSON value: itself, a list's members, the `@value` or `name` of an object."""
    stack = [value]
    for _ in range(VALUES):
        if not stack:
            return
        top = stack.pop()
        if isinstance(top, str):
            text = clean(top[:TEXT_CHARACTERS])
            if text:
                yield text
        elif isinstance(top, list):
            stack.extend(reversed(top[:VALUES]))
        elif isinstance(top, dict):
            stack.append(top.get("@value") or top.get("name"))


def first(values: Iterable[str]) -> str | None:
    """The first non-empty string."""
    return next((value for value in values if value), None)


_BETWEEN = "\x1f"  # a space that stands between elements, and not in their text: French has some before a colon


def text_of(element: HtmlElement, *, limit: int = TEXT_CHARACTERS) -> str:
    """The visible text of an element, up to about `limit` characters: clean, with a line break between its blocks."""
    lines: list[str] = [""]
    size = 0
    walk = etree.iterwalk(element, events=("start", "end", "comment", "pi"))
    for event, node in islice(walk, MOVES):
        text = node.tail
        if event == "start":
            text = node.text
            if node.tag in _SILENT:
                walk.skip_subtree()
                text = None
        elif node is element:
            break
        lines.append("\n" if event in {"start", "end"} and node.tag in _BLOCKS else _BETWEEN)
        if text:
            lines.append(text[:limit].replace("\n", " "))
            size += len(text)
            if size > limit:
                break
    joined = (clean(line) for line in re.sub(rf"{_BETWEEN}+(?=[;:!?])", "", "".join(lines)).split("\n"))
    return re.sub(r" (?=[,.’”)])(?![.][A-Za-z])", "", "\n".join(line for line in joined if line))


def value_of(element: HtmlElement) -> str:
    """A microdata property's value: its machine-readable attribute where it has one, else its text."""
    for name in ("content", "datetime"):
        value = element.get(name)
        if value:
            return clean(value[:TEXT_CHARACTERS])
    return text_of(element)


def nodes(scripts: Iterable[str]) -> list[Node]:
    """The objects by which JSON-LD scripts describe their page: not those that they only mention."""
    roots: list[Any] = []
    for script in scripts:
        roots.extend(parse_json(script[:SCRIPT_CHARACTERS]))
    found: list[Node] = []
    stack: list[Any] = list(reversed(roots))
    seen = 0
    while stack and seen < NODES:
        seen += 1
        top = stack.pop()
        if isinstance(top, list):
            stack.extend(reversed(top[:VALUES]))
        elif isinstance(top, dict):
            found.append(top)
            stack.extend(top[name] for name in reversed(_DOWN) if isinstance(top.get(name), dict | list))
    return _resolved(found)


def parse_json(text: str) -> list[Any]:
    """The JSON values of a script that should hold one, read as forgivingly as browsers' users need: comments, trailing
    commas, control characters, HTML entities, and several values in a row.
    """
    text = text.strip().strip(";")
    for repair in (_as_it_is, _without_noise, _unescaped, _unquoted):
        repaired = repair(text)
        values = _values(repaired)
        if values:
            return values
    return []


def _as_it_is(text: str) -> str:
    return text


def _without_noise(text: str) -> str:
    text = _JSON_NOISE.sub(lambda match: match[1] or "", text)
    return _TRAILING_COMMA.sub(lambda match: match[1] or "", text)


def _unescaped(text: str) -> str:
    return _without_noise(html.unescape(text))


def _unquoted(text: str) -> str:
    """JSON that was escaped as if it stood in a string: every quotation mark after a backslash."""
    return text.replace('\\"', '"').replace("\\/", "/")


def _values(text: str) -> list[Any]:
    decoder = json.JSONDecoder(strict=False)
    found: list[Any] = []
    at = 0
    while at < len(text) and len(found) < SCRIPTS:
        while at < len(text) and text[at] in " \t\r\n;,":
            at += 1
        try:
            value, at = decoder.raw_decode(text, at)
        except (ValueError, RecursionError):
            break
        found.append(value)
    return found


def _resolved(found: list[Node]) -> list[Node]:
    """The nodes, with authors and publishers that are given by `@id` alone replaced by the node of that `@id`."""
    by_id = {node["@id"]: node for node in found if isinstance(node.get("@id"), str) and len(node) > 1}
    return [_with_references(node, by_id) for node in found]


def _with_references(node: Node, by_id: Mapping[str, Node]) -> Node:
    changed = dict(node)
    for name in ("author", "creator", "publisher", "isPartOf", "image", "primaryImageOfPage"):
        value = node.get(name)
        members = value[:VALUES] if isinstance(value, list) else [value]
        filled = [_referenced(member, by_id) for member in members]
        changed[name] = filled if isinstance(value, list) else filled[0]
    return changed


def _referenced(value: object, by_id: Mapping[str, Node]) -> object:
    if isinstance(value, dict) and isinstance(value.get("@id"), str) and not value.get("name"):
        return by_id.get(value["@id"], value)
    return value


def _ranked(found: list[Node]) -> list[Node]:
    """Articles first, then the rest; within each in the page's order, those that say who wrote, or when, first."""

    def rank(node: Node) -> tuple[bool, bool]:
        return (not is_article(node), not (node.get("author") or node.get("datePublished") or node.get("headline")))

    return sorted(found, key=rank)


def _meta(element: HtmlElement, metas: dict[str, list[str]]) -> None:
    content = element.get("content")
    if not content:
        return
    value = clean(content[:TEXT_CHARACTERS])
    for attribute in ("property", "name", "itemprop", "http-equiv"):
        name = element.get(attribute)
        if name:
            _append(metas, name.strip().lower()[:100], value)


def _microdata(element: HtmlElement, properties: dict[str, list[HtmlElement]], item_types: set[str]) -> None:
    names = element.get("itemprop") or element.get("property")
    if names and (element.tag != "meta" or element.get("itemprop")):
        for name in names.split()[:5]:
            _append(properties, name.rpartition(":")[2], element)
    kind = element.get("itemtype") or element.get("typeof")
    if kind and len(item_types) < VALUES:
        item_types.update(name.rpartition("/")[2] for name in kind[:TEXT_CHARACTERS].split())


def _append(into: dict[str, list[_T]], name: str, value: _T) -> None:
    if name and value is not None and value != "" and (name in into or len(into) < NODES) and len(into[name]) < VALUES:
        into[name].append(value)
