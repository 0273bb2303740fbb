"""The publisher's headline: the one that readers see over the article, not the window's title."""

import re
from collections.abc import Iterable
from itertools import chain, islice

from lxml.html import HtmlElement

from gazetteer.extract.structured import Declarations, clean, strings, text_of
from gazetteer.extract.surroundings import fold

MAX_CHARACTERS = 500
HEADINGS = 40
KICKER_WORDS = 6
SHORT_KICKER_WORDS = 2
HEADLINE_WORDS = 4
TELLING_CHARACTERS = 4

_SEPARATOR = re.compile(r"\s+[-–—|·•:»›>/\\]+\s+|\s*[|»›]\s*|\s+[-–—]|[-–—:]\s+")


def read(page: Declarations, tree: HtmlElement, *, publishers: Iterable[str]) -> str | None:
    """Find the headline: the main heading that agrees with what the page declares, else what it declares."""
    names = tuple(publishers)
    declared = [
        without_site(text, names)
        for text in chain(
            page.meta("og:title"),
            (text for node in page.nodes for text in strings(node.get("headline"))),
            page.meta("twitter:title", "parsely-title", "sailthru.title", "dc.title", "title"),
            page.titles[:1],
        )
        if len(text) <= MAX_CHARACTERS
    ]
    declared = [text for text in declared if text and fold(text) not in {fold(name) for name in names}]
    headings = _headings(tree, page)
    agreed = _most_agreed(headings, declared)
    if agreed:
        return _without_kicker(agreed, declared)
    return _only(headings, declared) or next(chain(declared, headings), None)


def without_site(title: str, publishers: Iterable[str]) -> str:
    """A title without its site's name and section, where they stand after it (or the name before it)."""
    title = clean(title)
    folded = [fold(name) for name in publishers]
    cuts = [(match.start(), match.end()) for match in _SEPARATOR.finditer(title[:MAX_CHARACTERS])]
    for start, end in cuts:
        if _is_site(title[end:], folded):
            return without_site(title[:start], ()) if start else title
    for start, end in reversed(cuts):
        if fold(title[:start]) in folded and title[end:]:
            return title[end:]
    return title


def site_in(title: str, host: str | None) -> str | None:
    """The site's name where a title ends (or begins) with it, which its host confirms: "… - The Example Times"."""
    parts = [part for part in _SEPARATOR.split(clean(title)[:MAX_CHARACTERS]) if part]
    for part in (parts[-1], parts[0]) if host and len(parts) > 1 else ():
        folded = fold(part).replace(" ", "")
        if len(folded) > 2 and folded.removeprefix("the") in (host or "").replace("-", "").replace(".", ""):
            return part
    return None


def _is_site(text: str, publishers: Iterable[str]) -> bool:
    folded = fold(text)
    return any(name and (folded == name or folded.replace(" ", "") == name.replace(" ", "")) for name in publishers)


def _headings(tree: HtmlElement, page: Declarations) -> list[str]:
    marked = (element for element in page.properties.get("headline", ()) if element.tag not in {"meta", "html", "body"})
    found = (text_of(element, limit=MAX_CHARACTERS + 1) for element in islice(chain(tree.iter("h1"), marked), HEADINGS))
    return [" ".join(text.split()) for text in found if 1 < len(text) <= MAX_CHARACTERS]


def _most_agreed(headings: list[str], declared: list[str]) -> str | None:
    """The heading whose words are most those of a declared title: half of them at least."""
    best, most = None, 0.5
    wanted = [_words(text) for text in declared]
    for heading in headings:
        words = _words(heading)
        likeness = max((_overlap(words, other) for other in wanted), default=0.0)
        if likeness > most:
            best, most = heading, likeness
    return best


def _words(text: str) -> frozenset[str]:
    return frozenset(fold(text).split())


def _only(headings: list[str], declared: list[str]) -> str | None:
    """The page's only heading, where it is as long as headlines are and shares a telling word with what is declared."""
    if len(set(headings)) != 1 or len(headings[0].split()) < HEADLINE_WORDS:
        return None
    telling = {word for text in declared for word in _words(text) if len(word) >= TELLING_CHARACTERS}
    return headings[0] if telling & _words(headings[0]) else None


def _without_kicker(heading: str, declared: list[str]) -> str:
    """The heading without the section that stands in it before a declared headline: "Opinion What we owe". What ends
    with a colon is part of the headline.
    """
    shown = heading.split()
    wanted = {fold(text) for text in declared}
    for at in range(min(KICKER_WORDS, len(shown) - 1), 0, -1):
        barred = shown[at - 1] == "|"
        short = at <= SHORT_KICKER_WORDS and not shown[at - 1].endswith(":") and len(shown[0]) >= TELLING_CHARACTERS
        if (barred or short) and fold(" ".join(shown[at:])) in wanted:
            return " ".join(shown[at:])
    return heading


def _overlap(one: frozenset[str], other: frozenset[str]) -> float:
    return 2 * len(one & other) / (len(one) + len(other)) if one and other else 0.0
