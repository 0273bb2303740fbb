"""The feeds that a web page names: those that it declares, and links in it that look like feeds."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from itertools import islice

from gazetteer.intake import xml
from gazetteer.intake.text import address, line
from gazetteer.types import Capture

MAX_LINKS = 50
"""The most feeds of a page that are given."""
_MAX_CHARACTERS = 4 * 2**20  # of a page that are read
_MAX_TAGS = 20_000

_TOKEN = re.compile(
    r"<!--.*?(?:-->|\Z)"
    r"|<(?P<raw>script|style|textarea)\b.*?(?:</(?P=raw)\b|\Z)"
    r"|<(?P<name>link|a|base)\b(?P<rest>(?:[^<>\"']++|\"[^\"<]*+\"|'[^'<]*+')*+)>",
    re.DOTALL | re.IGNORECASE,
)
_FEED_TYPES = frozenset(
    ("application/rss+xml", "application/atom+xml", "application/feed+json", "application/rdf+xml", "application/rss")
)
# These are declared for much else too.
_PERHAPS_TYPES = frozenset(("application/json", "application/xml", "text/xml", ""))
_LIKE_A_FEED = re.compile(
    r"(?:/|\A)(?:feeds?|rss|atom|rdf)/?\Z|(?:/|\A)(?:feeds?|rss|atom|index|news|all)\.(?:xml|rss|atom|rdf|json)\Z"
    r"|\.(?:rss|atom|rdf)\Z|\A(?:feeds\.feedburner\.com)/.",
    re.IGNORECASE,
)
_PERHAPS_A_FEED = re.compile(r"(?<![a-z])(?:feeds?|rss|atom)(?![a-z])", re.IGNORECASE)
_REMARKS = re.compile(r"comment", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedLink:
    """A feed that a page names, and what it calls it."""

    url: str
    title: str = ""


def discover(capture: Capture) -> tuple[FeedLink, ...]:
    """Find a page's feeds, the likeliest first; none of them is fetched.

    What the page declares (`<link rel="alternate">`, of the WHATWG HTML standard and the RSS Board) comes before links
    in it that look like feeds, and feeds of comments come last. Time is linear in the bytes.
    """
    text = xml.decode(capture.content, content_type=capture.content_type)[:_MAX_CHARACTERS]
    base = capture.url
    declared: dict[str, str] = {}
    linked: dict[str, str] = {}
    for name, attributes in islice(_tags(text), _MAX_TAGS):
        if name == "base" and base == capture.url:
            base = address(attributes.get("href"), capture.url) or base
            continue
        link = address(_http(attributes.get("href", "")), base)
        if link and name == "link" and _is_declared(attributes):
            declared.setdefault(link, line(attributes.get("title", "")))
        elif link and name == "a" and _looks_like_one(link):
            linked.setdefault(link, line(attributes.get("title", "")))
    found = (FeedLink(url=link, title=title) for link, title in (linked | declared).items())
    return tuple(sorted(found, key=lambda each: (_is_of_comments(each), each.url not in declared))[:MAX_LINKS])


def _tags(text: str) -> Iterator[tuple[str, dict[str, str]]]:
    for token in _TOKEN.finditer(text):
        if token["name"]:
            written = xml.attributes(token["rest"])
            yield token["name"].lower(), {name.lower(): unescape(value) for name, value in written.items()}


def _is_declared(attributes: dict[str, str]) -> bool:
    relations = attributes.get("rel", "").lower().split()
    kind = attributes.get("type", "").partition(";")[0].strip().lower()
    if "feed" in relations:
        return True
    if "alternate" not in relations or "stylesheet" in relations:
        return False
    told = f"{attributes.get('title', '')} {attributes.get('href', '')}"
    perhaps = kind in _PERHAPS_TYPES and "hreflang" not in attributes
    return kind in _FEED_TYPES or (perhaps and _PERHAPS_A_FEED.search(told) is not None)


def _looks_like_one(link: str) -> bool:
    return _LIKE_A_FEED.search(link.partition("://")[2].partition("?")[0].partition("#")[0]) is not None


def _is_of_comments(link: FeedLink) -> bool:
    return _REMARKS.search(link.url + link.title) is not None


def _http(link: str) -> str:
    """Give the address behind the scheme that some pages write for feeds: `feed:https://…` or `feed://…`."""
    scheme, mark, rest = link.strip().partition(":")
    if scheme.lower() != "feed" or not mark:
        return link
    return rest if rest.lower().startswith("http") else f"http:{rest}"
