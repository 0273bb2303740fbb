"""Lists of feeds, as feed readers exchange them: OPML 2.0 (opml.org/spec2.opml) and 1.0."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import lxml.etree

from gazetteer.errors import FeedError
from gazetteer.intake import xml
from gazetteer.intake.text import address, line

MAX_FEEDS = 10_000
"""The most feeds of a list that are read."""
MAX_DEPTH = 32
"""How deep folders may nest; feeds below are in the deepest that is kept."""

_ROOTS = frozenset(("opml",))
_NO_FEEDS = frozenset(("link", "include"))
"""Types of outlines whose `url` leads to a page, and to another list."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outline:
    """A feed on a list: its address, its name, its site's address, and the folders that it is in, outermost first.

    Its name is what its reader calls it (`text`), which need not be what it calls itself (`title`).
    """

    url: str
    title: str = ""
    site_url: str | None = None
    folders: tuple[str, ...] = ()


def is_opml(content: bytes) -> bool:
    """Tell whether bytes are a list of feeds, by how they begin."""
    return xml.begins(xml.decode(content), roots=_ROOTS)


def parse(content: bytes) -> tuple[Outline, ...]:
    """Read a list's feeds, in their order; what is no feed, and what has no http(s) address, is passed over.

    Raises `FeedError` where the bytes are no such list. Time is linear in the bytes.
    """
    document = xml.parse(xml.decode(content), roots=_ROOTS, parts=frozenset())
    if document is None:
        raise FeedError("it is no list of feeds (OPML)")
    return tuple(dict.fromkeys(_outlines(document.root)))


def render(outlines: Iterable[Outline], *, title: str) -> bytes:
    """Write a list of feeds that `parse` reads back as it was; folders are opened anew as the order asks."""
    root = lxml.etree.Element("opml", version="2.0")
    lxml.etree.SubElement(lxml.etree.SubElement(root, "head"), "title").text = line(title)
    body = lxml.etree.SubElement(root, "body")
    inside: list[tuple[str, xml.Element]] = []
    for outline in outlines:
        shared = _shared([name for name, _ in inside], outline.folders)
        del inside[shared:]
        for name in outline.folders[shared:]:
            parent = inside[-1][1] if inside else body
            inside.append((name, lxml.etree.SubElement(parent, "outline", text=name, title=name)))
        names = {"type": "rss", "text": outline.title or outline.url, "title": outline.title, "xmlUrl": outline.url}
        site = {"htmlUrl": outline.site_url} if outline.site_url else {}
        lxml.etree.SubElement(inside[-1][1] if inside else body, "outline", names | site)
    lxml.etree.indent(root)
    return lxml.etree.tostring(root, xml_declaration=True, encoding="UTF-8")


def _outlines(root: xml.Element) -> Iterator[Outline]:
    waiting: list[tuple[xml.Element, tuple[str, ...]]] = [(root, ())]
    found = 0
    while waiting and found < MAX_FEEDS:
        element, folders = waiting.pop()
        attributes = {str(name).lower(): str(value) for name, value in element.items()}
        names = [line(attributes.get(name, "")) for name in ("text", "title")]
        is_feed = attributes.get("type", "").strip().lower() not in _NO_FEEDS
        link = address(attributes.get("xmlurl") or (attributes.get("url") if is_feed else None), None)
        name = next((each for each in names if each and each != link), "")
        if link:
            found += 1
            site = address(attributes.get("htmlurl"), None)
            yield Outline(url=link, title=name, site_url=site, folders=folders)
        elif name and xml.local(element.tag) == "outline" and len(folders) < MAX_DEPTH:
            folders = (*folders, name)
        waiting.extend((child, folders) for child in reversed(element))


def _shared(first: list[str], second: tuple[str, ...]) -> int:
    """Tell how many names two paths share from their beginning."""
    pairs = list(zip(first, second, strict=False))
    return next((at for at, (one, other) in enumerate(pairs) if one != other), len(pairs))
