"""Who wrote an article: what its page declares and prints, and which of them to believe."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain, islice
from typing import Any

from lxml.html import HtmlElement

from gazetteer.extract import byline
from gazetteer.extract.byline import Credits
from gazetteer.extract.structured import Declarations, strings, text_of, types, value_of, words
from gazetteer.extract.surroundings import Surroundings, label

CANDIDATES = 300
PRINTED = 40
BYLINE_CHARACTERS = 300
UNLABELLED_CHARACTERS = 120
LABEL_CHARACTERS = 60

_METAS = words(
    "parsely-author sailthru.author author article:author article:author_name article:author:name dc.creator "
    "dcterms.creator dc.author byl byline bylines citation_author cxenseparse:author cxenseparse:recs:author authors "
    "sailthru.byline_name creator rnews:author article.author og:author og:article:author bt:author vr:author "
    "shareaholic:article_author_name mediator_author dable:author lp.article:author"
)
_MARK = re.compile(r"by-?_?line|author|writer|contributor|reporter|credit", re.IGNORECASE)
_STRONG = re.compile(r"by-?_?line|author-?_?s?(?:name|list|link|info)?\b", re.IGNORECASE)
_NOT_BYLINE = re.compile(
    r"bio\b|biography|avatar|image|photo|caption|social|follow|description|twitter|comment(?!ary)|related|recommend|more-from|"
    r"sidebar|footer|teaser|promo|card|carousel|popular|trending|latest|newsletter|widget|feed|list-?item|river|rail",
    re.IGNORECASE,
)
_AUTHOR_PAGE = re.compile(
    r"/(?:authors?|by|byline|staff|profiles?|contributors?|writers?|reporters?)/[^/?#]+", re.IGNORECASE
)
_MORE = re.compile(r"\b(?:more|others?)\b", re.IGNORECASE)
_SKIPPED = frozenset(
    {"script", "style", "noscript", "meta", "link", "img", "body", "html", "head", "title", "input", "option"}
)
_ADDRESS = re.compile(r"\A(?:https?:)?//|\Awww\.|\A/|\A@|\A[\w.-]+\.(?:com|org|net|in|co|io|uk)\Z", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Authorship:
    """The visible byline as printed, where one was found, and the authors."""

    byline: str | None
    authors: tuple[str, ...]


def read(page: Declarations, top: Surroundings, *, publishers: Iterable[str]) -> Authorship:
    """Find who wrote the article. `top` is what stands around its headline, `publishers` the publisher's names.

    A visible byline that says "By" is believed before what is declared, where both name a person in common: declared
    lists often hold the photographers and editors too. Where nobody is declared, the visible byline decides. Where no
    person is named, a news agency is the author, or the organisation that a byline names after "By".
    """
    names = tuple(publishers)
    declared = _declared(page, names)
    seen = [(text, byline.parse(text, publishers=names)) for text in islice(_visible(top), PRINTED)]
    text, credited = _shortest(seen, _best(seen, declared))
    labelled = text is not None and byline.has_label(text)
    return Authorship(
        byline=_line(text, credited) if text else None,
        authors=_chosen(declared, credited, labelled=labelled, text=text or "", publishers=names),
    )


def _line(text: str, credited: Credits) -> str:
    """The byline as one line, up to where everybody is named."""
    wanted = {byline.fold(name) for name in credited.authors}
    lines: list[str] = []
    for line in text.split("\n"):
        lines.append(line)
        folded = byline.fold(line)
        wanted -= {name for name in wanted if name in folded}
        if not wanted:
            break
    return " ".join(" ".join(lines).split()).strip(" ,|")


def _chosen(
    declared: Credits, printed: Credits, *, labelled: bool, text: str, publishers: Iterable[str]
) -> tuple[str, ...]:
    if not declared.people:
        if printed.people or labelled:
            return printed.people or _others(printed.organisations, publishers)
        return tuple(name for name in printed.organisations or declared.organisations if byline.is_agency(name))
    if not labelled or not printed.people or _MORE.search(text):
        return declared.people
    named = (next((ours for ours in declared.people if name.startswith(ours)), name) for name in printed.people)
    return tuple(dict.fromkeys(named))


def _others(organisations: tuple[str, ...], publishers: Iterable[str]) -> tuple[str, ...]:
    """The organisations apart from the publisher, unless it alone is named."""
    known = {byline.fold(name) for name in publishers}
    return tuple(name for name in organisations if byline.fold(name) not in known) or organisations


def _shortest(seen: list[tuple[str, Credits]], best: tuple[str, Credits] | None) -> tuple[str | None, Credits]:
    """The shortest of the bylines that credit the same people with the same kind of words."""
    if best is None:
        return None, Credits()
    labelled = byline.has_label(best[0])
    same = [pair for pair in seen if pair[1] == best[1] and byline.has_label(pair[0]) == labelled]
    return min(same, key=lambda pair: len(pair[0]), default=best)


def _best(seen: list[tuple[str, Credits]], declared: Credits) -> tuple[str, Credits] | None:
    """The printed byline that names a declared author, with a label if one has; where nobody is declared, the first
    that names anybody after a label, else the first that names a person.
    """
    ours = {byline.fold(name) for name in declared.people}
    labelled = [pair for pair in seen if byline.has_label(pair[0]) and pair[1].authors]
    others = [pair for pair in seen if pair[1].people and len(pair[0]) <= UNLABELLED_CHARACTERS]
    agencies = [pair for pair in seen if any(byline.is_agency(name) for name in pair[1].organisations)]
    both = chain(labelled, others, agencies)
    if not ours:
        return next(both, None)
    return next((pair for pair in both if ours & {byline.fold(name) for name in pair[1].people}), None)


def _declared(page: Declarations, publishers: tuple[str, ...]) -> Credits:
    """The authors of the first declaration that names a person: JSON-LD, metas, microdata."""
    organisations: tuple[str, ...] = ()
    for values in _declarations(page):
        credited = [byline.parse(value, publishers=publishers) for value in values if not _ADDRESS.match(value)]
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
        if not isinstance(member, dict):
            yield from strings(member)
        elif not any("Organization" in name for name in types(member)):
            joined = " ".join(chain(strings(member.get("givenName")), strings(member.get("familyName"))))
            yield from strings(member.get("name") or joined)


def _visible(top: Surroundings) -> Iterator[str]:
    """The texts near the headline that look like bylines: those that say so, then those that only link to an author."""
    weaker: list[str] = []
    for element in islice(_marked(top.elements), CANDIDATES):
        named = label(element)
        if _NOT_BYLINE.search(named) or top.elsewhere(element):
            continue
        text = text_of(element, limit=BYLINE_CHARACTERS)
        if not 2 <= len(text) < BYLINE_CHARACTERS:
            continue
        if byline.has_label(text) or _STRONG.search(named) or element.get("rel") == "author":
            yield text
        else:
            weaker.append(text)
    yield from weaker


def _begins_as_byline(text: str | None) -> bool:
    return text is not None and not text.isspace() and byline.has_label(text[:LABEL_CHARACTERS] + " x")


def _marked(elements: Iterable[HtmlElement]) -> Iterator[HtmlElement]:
    for element in elements:
        if element.tag in _SKIPPED:
            continue
        href = element.get("href", "")[:500] if element.tag == "a" else ""
        linked = element.get("rel", "").lower() == "author" or (href and _AUTHOR_PAGE.search(href))
        if linked or _MARK.search(label(element)) or _begins_as_byline(element.text):
            yield element
