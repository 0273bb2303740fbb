"""Where a page shows its headline, and what stands around it: its byline and dates, and those of other articles."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from lxml import etree
from lxml.html import HtmlElement

from gazetteer.extract.blocks import attributes
from gazetteer.extract.structured import text_of

BEFORE, AFTER = 200, 600
ANCESTORS = 40
HEADINGS = 200
HEADLINE_CHARACTERS = 500
LABEL_CHARACTERS = 300

_NAMES = ("class", "id", "itemprop", "data-testid", "data-component")
_HEADINGS = frozenset({"h1", "h2", "h3"})
_WORD = re.compile(r"\w+")
_ELSEWHERE = re.compile(
    r"related|recommend|comment(?!ary)|sidebar|trending|popular|latest-?(?:news|stor|post|article)|read-?more|teaser|promo|"
    r"newsletter|\bfooter|copyright|carousel|most-?read|more-?from|widget|river",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """The elements around the headline: those after it first, then those before it, each in the page's order.

    `holders` are the elements that contain the headline.
    """

    elements: tuple[HtmlElement, ...]
    holders: frozenset[HtmlElement]

    def elsewhere(self, element: HtmlElement) -> bool:
        """Whether an element stands in a part of the page that tells of other articles or of readers' comments, or ends
        the page; parts that hold the headline too are not such.
        """
        if element.tag in {"footer", "aside", "nav"}:
            return True
        for ancestor in self._parts(element):
            if ancestor.tag in {"footer", "aside", "nav"} or _ELSEWHERE.search(label(ancestor)):
                return True
        return False

    def _parts(self, element: HtmlElement) -> Iterator[HtmlElement]:
        """The element's ancestors, up to the first that holds the headline too."""
        for ancestor in islice(element.iterancestors(), ANCESTORS):
            if ancestor in self.holders or ancestor.tag == "body":
                return
            yield ancestor


def find(tree: HtmlElement, headline: str | None) -> Surroundings:
    """Find the first heading of the highest rank that shows the headline; the page's first elements where none does."""
    elements = list(tree.iter(etree.Element))
    wanted = fold(headline or "")
    headings = (at for at, one in enumerate(elements) if one.tag in _HEADINGS)
    shown = [at for at in islice(headings, HEADINGS) if wanted and _says(elements[at], wanted)]
    at = min(shown, key=lambda at: (elements[at].tag, at), default=None)
    if at is None:
        return Surroundings(elements=tuple(elements[: BEFORE + AFTER]), holders=frozenset())
    holders = frozenset(elements[at].iterancestors())
    return Surroundings(elements=tuple(elements[at : at + AFTER] + elements[max(0, at - BEFORE) : at]), holders=holders)


def label(element: HtmlElement) -> str:
    """What an element's attributes say of its part in the page: its class, id and the like, as one text."""
    return attributes(element, _NAMES, LABEL_CHARACTERS)


def fold(text: str) -> str:
    """A text for comparison: its words in one case, without marks."""
    return " ".join(_WORD.findall(text.casefold().replace("’", "").replace("'", "")))


def _says(element: HtmlElement, wanted: str) -> bool:
    return fold(text_of(element, limit=HEADLINE_CHARACTERS)) == wanted
