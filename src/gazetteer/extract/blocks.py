"""A page's tree as a row of blocks: the paragraphs, headings, rows and lines that a reader sees, in reading order."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

import lxml.etree
from lxml.html import HtmlElement

_BLOCK_NAMES = (
    "address article aside blockquote body center dd details dialog dir div dl dt fieldset figcaption figure footer "
    "form h1 h2 h3 h4 h5 h6 header hgroup hr html li main menu nav ol p pre section summary table tbody tfoot thead "
    "tr ul caption"
)
_BLOCKS: Final = frozenset(_BLOCK_NAMES.split())
HEADINGS: Final = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
"""The tags of headings."""
_CELLS: Final = frozenset(("td", "th"))
_SKIPPED_NAMES = (
    "script style noscript template svg head iframe object select option textarea button video audio canvas math map "
    "datalist"
)
_SKIPPED: Final = frozenset(_SKIPPED_NAMES.split())
_ATTRIBUTES = ("class", "id", "itemprop", "role", "data-component", "data-testid")
_NAMED: Final = 1_000
"""The characters of an attribute that are read: every block's is searched, and its children's with it."""
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_SPACE = re.compile(r"[ \t\r\f\v\n\u00a0\u2000-\u200a\u202f\u205f\u3000]+")
_INVISIBLE = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x9f\u00ad\u200b\u2060\ufeff\ud800-\udfff]")
_LINE_END = re.compile(r"\s*\n\s*")
_BREAK = "\x0b"
_BREAKS = re.compile(rf"{_BREAK}\s*{_BREAK}[\s{_BREAK}]*")

# Words of class names and ids that mark what is beside the article, and what holds it. No site's own names.
_BESIDE = re.compile(
    r"(?<![a-z])(?:shar(?:e|ing)|social|related|recommend(?:ed|ations?)?|promo|newsletter|sign-?up|subscri(?:be|ption)|"
    r"comments?|footer|foot|side-?bar|rail|breadcrumbs?|menu|nav|navbar|navigation|caption|credit|byline|author|bio|"
    r"timestamp|dateline|date|meta|metadata|tags?|topics?|teaser|widget|banner|advert|advertisement|ads?|sponsor|"
    r"sponsored|popular|trending|most-read|more-from|read-?more|read-next|also|cookie|consent|gdpr|paywall|login|modal|"
    r"pop-?up|tooltip|copyright|disclaimer|toolbar|print|gallery|carousel|slider|slideshow|video|player|poll|quiz|toc|"
    r"skip|hidden|sr-only|screen-reader|visually-hidden|hide)(?![a-z])",
    re.IGNORECASE,
)
_HOLDS = re.compile(
    r"(?<![a-z])(?:(?:article|story|entry|post|body|main|page)-{0,2}(?:body|content|text)|content-body|rich-?text|"
    r"paragraph|the-content)(?![a-z])",
    re.IGNORECASE,
)
_COMMENTS = re.compile(
    r"(?:^|\s)comments(?:\s|$)|(?<![a-z])comments?-(?:list|content|widget|thread|section|body|area|text|wrapper)|disqus",
    re.IGNORECASE,
)
_POSTED = re.compile(r"(?:twitter|instagram|tiktok|bluesky|mastodon|fb|reddit|threads|telegram)-", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where in the tree a block stands.

    `tags` are its ancestors', `kind` the tag and class of its element and of the one around it (what a template makes
    alike); `beside` and `holds` count the ancestors whose names mark them as beside the article, or as holding it;
    `posted` is whether it is in a post embedded from a social network, `commented` whether in readers' comments;
    `element`, `parent` and `article` number its element, the one around it and the innermost `<article>` (0 for none).
    """

    tags: frozenset[str] = frozenset()
    kind: tuple[str, str] = ("", "")
    posted: bool = False
    commented: bool = False
    beside: int = 0
    holds: int = 0
    article: int = 0
    parent: int = 0
    element: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A run of text that a reader sees as one: `linked` is the share of its characters that are links' text."""

    text: str
    linked: float
    place: Place


def split(page: HtmlElement) -> list[Block]:
    """The page's blocks, in reading order; texts have no control characters, and are stripped."""
    body = page.find("body")
    walk = _Walk()
    for event, element in lxml.etree.iterwalk(page if body is None else body, events=("start", "end")):
        if isinstance(element.tag, str):
            walk.start(element) if event == "start" else walk.end(element)
    walk.flush()
    return walk.blocks


def clean(text: str) -> str:
    """The text on one line, runs of white space made one space, and without control or invisible characters."""
    return _INVISIBLE.sub("", _SPACE.sub(" ", text)).strip()


@dataclass(slots=True)
class _Walk:
    """One pass over the tree: what is open, and the text since the last block began or ended."""

    blocks: list[Block] = field(default_factory=list)
    places: list[Place] = field(default_factory=lambda: [Place()])
    pieces: list[str] = field(default_factory=list)
    linked: int = 0
    links: int = 0
    skipped: int = 0
    elements: int = 0

    def start(self, element: HtmlElement) -> None:
        if self.skipped or element.tag in _SKIPPED:
            self.skipped += 1
            return
        if element.tag in _BLOCKS:
            self.flush()
            self.elements += 1
            self.places.append(_inside(self.places[-1], element, self.elements))
        elif element.tag == "br":
            self.pieces.append(_BREAK)
        elif element.tag in _CELLS and self.pieces:
            self.pieces.append(" | ")
        self.links += element.tag == "a"
        self.add(element.text)

    def end(self, element: HtmlElement) -> None:
        if self.skipped:
            self.skipped -= 1
            if self.skipped:
                return
        elif element.tag in _BLOCKS:
            self.flush()
            self.places.pop()
        else:
            self.links -= element.tag == "a"
        self.add(element.tail)

    def add(self, text: str | None) -> None:
        if text:
            self.pieces.append(text)
            self.linked += len(text.strip()) if self.links else 0

    def flush(self) -> None:
        text = "".join(self.pieces)
        linked, self.linked = self.linked, 0
        self.pieces.clear()
        if not text or text.isspace():
            return
        for part in _BREAKS.split(text):
            lines = "\n".join(filter(None, (clean(line).strip("| ") for line in part.split(_BREAK))))
            if lines:
                self.blocks.append(
                    Block(text=lines, linked=min(1.0, linked / max(1, len(text))), place=self.places[-1])
                )


def _inside(outer: Place, element: HtmlElement, number: int) -> Place:
    tag = str(element.tag)
    made = element.get("class", "")[:_NAMED]
    names = attributes(element, _ATTRIBUTES, _NAMED).strip()
    beside, holds, commented = _marks(names) if names and tag != "body" else (False, False, False)
    return Place(
        tags=outer.tags | {tag},
        kind=(outer.kind[1], f"{tag}.{made}"),
        posted=outer.posted or (tag == "blockquote" and bool(_POSTED.search(made))),
        commented=outer.commented or commented,
        beside=outer.beside + beside,
        holds=outer.holds + holds,
        article=number if tag == "article" else outer.article,
        parent=outer.element,
        element=number,
    )


def attributes(element: HtmlElement, names: Sequence[str], most: int) -> str:
    """What the attributes of these names hold, `most` characters of each, as one text."""
    return " ".join([value[:most] for name in names if (value := element.get(name))])


@lru_cache(maxsize=1024)
def _marks(names: str) -> tuple[bool, bool, bool]:
    """Whether an element's names mark it as beside the article, as holding it, and as readers' comments."""
    names = _CAMEL.sub("-", names).replace("_", "-")
    return bool(_BESIDE.search(names)), bool(_HOLDS.search(names)), bool(_COMMENTS.search(names))
