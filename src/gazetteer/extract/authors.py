"""Who wrote an article: what its page declares and prints, and which of them to believe."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain, islice
from typing import Any

from lxml.html import HtmlElement

from gazetteer.extract import byline
from gazetteer.extract.byline import Credits
from gazetteer.extract.structured import Declarations, strings, text_of, types, value_of

CANDIDATES = 300
BYLINE_CHARACTERS = 300

_METAS = (
    "parsely-author sailthru.author author article:author article:author_name article:author:name dc.creator "
    "dcterms.creator dc.author byl byline bylines citation_author cxenseparse:author cxenseparse:recs:author authors "
    "sailthru.byline_name creator rnews:author article.author og:author og:article:author bt:author vr:author "
    "shareaholic:article_author_name mediator_author dable:author lp.article:author".split()
)
_MARK = re.compile(r"by-?_?line|author|writer|contributor|reporter|credit", re.IGNORECASE)
_STRONG = re.compile(r"by-?_?line|author-?_?s?(?:name|list|link|info)?\b", re.IGNORECASE)
_NOT_BYLINE = re.compile(
    r"bio\b|biography|avatar|image|photo|caption|social|follow|description|twitter|comment|related|recommend|more-from|"
    r"sidebar|footer|teaser|promo|card|carousel|popular|trending|latest|newsletter|widget|feed|list-?item|river|rail",
    re.IGNORECASE,
)
_ELSEWHERE = re.compile(
    r"comment|related|recommend|sidebar|footer|teaser|promo|carousel|popular|trending|newsletter|widget|more-from|river|"
    r"most-?read|latest",
    re.IGNORECASE,
)
_AUTHOR_PAGE = re.compile(
    r"/(?:authors?|by|byline|people|person|staff|profiles?|contributors?|writers?|reporters?)/[^/?#]+", re.IGNORECASE
)
_ADDRESS = re.compile(r"\A(?:https?:)?//|\Awww\.|\A/|\A@|\A[\w.-]+\.(?:com|org|net|in|co|io|uk)\Z", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Authorship:
    """The visible byline as printed, where one was found, and the authors."""

    byline: str | None
    authors: tuple[str, ...]


def read(page: Declarations, tree: HtmlElement, *, publishers: Iterable[str]) -> Authorship:
    """Find who wrote the article. `publishers` are the publisher's names, which are authors only where a visible byline
    says "By" before them.

    The declared people come first; what the visible byline prints is believed where it names more of them, or where
    nobody is declared. An organisation is an author only where a visible byline credits it and names no person.
    """
    names = tuple(publishers)
    printed = list(islice(_visible(tree), 12))
    declared = _declared(page, names)
    seen = [(text, byline.parse(text, not_authors=() if byline.has_label(text) else names)) for text in printed]
    best = _best(seen, declared)
    if best is None:
        return Authorship(byline=None, authors=declared.people)
    text, credited = best
    authors = _chosen(declared, credited, labelled=byline.has_label(text))
    return Authorship(byline=" ".join(text.split()), authors=authors)


def _chosen(declared: Credits, printed: Credits, *, labelled: bool) -> tuple[str, ...]:
    if not declared.people:
        return printed.people or (printed.organisations if labelled else ())
    ours, theirs = ({byline.fold(name) for name in names} for names in (declared.people, printed.people))
    return printed.people if labelled and ours < theirs else declared.people


def _best(seen: list[tuple[str, Credits]], declared: Credits) -> tuple[str, Credits] | None:
    """The printed byline that names a declared author; else the first that names anybody, if it has a label."""
    ours = {byline.fold(name) for name in declared.people}
    for text, credited in seen:
        if ours & {byline.fold(name) for name in credited.people}:
            return text, credited
    if ours:
        return None
    people = [pair for pair in seen if pair[1].people]
    return next(
        chain((pair for pair in people if byline.has_label(pair[0])), people, (p for p in seen if p[1].authors)), None
    )


def _declared(page: Declarations, publishers: tuple[str, ...]) -> Credits:
    """The authors of the first declaration that names a person: JSON-LD, metas, microdata."""
    organisations: tuple[str, ...] = ()
    for values in _declarations(page):
        credited = [byline.parse(value, not_authors=publishers) for value in values if not _ADDRESS.match(value)]
        people = tuple({byline.fold(name): name for one in credited for name in one.people}.values())
        if people:
            return Credits(people=people)
        organisations = organisations or tuple(name for one in credited for name in one.organisations)
    return Credits(organisations=organisations)


def _declarations(page: Declarations) -> Iterator[list[str]]:
    for node in page.nodes:
        if node.get("author"):
            yield list(islice(_node_names(node["author"]), byline.MAX_NAMES))
    for node in page.nodes:
        if node.get("creator") and "headline" in node:
            yield list(islice(_node_names(node["creator"]), byline.MAX_NAMES))
    for name in _METAS:
        if name in page.metas:
            yield list(dict.fromkeys(page.metas[name]))
    yield [value_of(element) for element in page.properties.get("author", ())[: byline.MAX_NAMES]]


def _node_names(value: object) -> Iterator[str]:
    """The names in a JSON-LD author: not those of organisations by type."""
    members: list[Any] = value if isinstance(value, list) else [value]
    for member in members[:CANDIDATES]:
        if isinstance(member, list):
            yield from strings(member)
        elif not isinstance(member, dict):
            yield from strings(member)
        elif not any("Organization" in name for name in types(member)):
            joined = " ".join(chain(strings(member.get("givenName")), strings(member.get("familyName"))))
            yield from strings(member.get("name") or joined)


def _visible(tree: HtmlElement) -> Iterator[str]:
    """The texts that look like bylines: marked as such, by class or by a link to an author's page, in the page's order."""
    weaker: list[str] = []
    for element in islice(_marked(tree), CANDIDATES):
        label = _label(element)
        if _NOT_BYLINE.search(label) or _elsewhere(element):
            continue
        text = text_of(element, limit=BYLINE_CHARACTERS)
        if not 2 <= len(text) < BYLINE_CHARACTERS:
            continue
        if byline.has_label(text) or _STRONG.search(label) or element.get("rel") == "author":
            yield text
        else:
            weaker.append(text)
    yield from weaker


def _marked(tree: HtmlElement) -> Iterator[HtmlElement]:
    for element in tree.iter(
        "a",
        "span",
        "div",
        "p",
        "address",
        "li",
        "ul",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "section",
        "strong",
        "em",
        "b",
        "cite",
        "small",
        "header",
        "dd",
    ):
        if element.tag == "a":
            if element.get("rel", "").lower() == "author" or _AUTHOR_PAGE.search(element.get("href", "")[:500]):
                yield element
                continue
        if _MARK.search(_label(element)):
            yield element


def _label(element: HtmlElement) -> str:
    return " ".join(
        element.get(name, "")[:300] for name in ("class", "id", "itemprop", "data-testid", "data-component")
    )


def _elsewhere(element: HtmlElement) -> bool:
    """Whether an element stands in a part of the page that tells of other articles, or of readers' comments."""
    for ancestor in islice(element.iterancestors(), 30):
        if ancestor.tag in {"footer", "aside", "nav"} or (
            ancestor.tag not in {"body", "html"} and _ELSEWHERE.search(_label(ancestor))
        ):
            return True
    return False
