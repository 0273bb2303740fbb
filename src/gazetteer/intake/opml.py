"""Lists of feeds, as feed readers exchange them: OPML 2.0 (opml.org/spec2.opml), 1.1 and 1.0.

All that a list says of its feeds and folders is read and written again, whatever program wrote it. Its comments are
not, and not what its head says of how it is now (`_PASSING`), which would be wrong as soon as a feed is added.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from email.utils import format_datetime
from itertools import islice

import lxml.etree

from gazetteer.errors import FeedError
from gazetteer.intake import xml
from gazetteer.intake.text import address, line, without_controls
from gazetteer.types import MAX_FOLDERS, FeedList, Outline

MAX_OUTLINES = 20_000
"""The most lines of a list that are read."""
MAX_ATTRIBUTES = 50
"""The most attributes of a line, elements of a head, and namespaces of a list, that are read."""
MAX_VALUE = 65_536
"""The most characters of an attribute that are read."""
_MAX_NAME = 500

_ROOTS = frozenset(("opml",))
_NO_FEEDS = frozenset(("link", "include"))
"""Types of outlines whose `url` leads to a page, and to another list."""
_PASSING = frozenset(("dateModified", "expansionState", "vertScrollState"))
"""What a head says of how the list is now."""
_NAMES = {name.lower(): name for name in ("type", "text", "title", "xmlUrl", "htmlUrl", "url")}
_XML = "http://www.w3.org/XML/1998/namespace"
_UNDECLARED = "urn:undeclared:"
"""What begins the namespaces that are made for prefixes which a list leaves undeclared."""


def is_opml(content: bytes) -> bool:
    """Tell whether bytes are a list of feeds, by how they begin."""
    return xml.begins(xml.decode(content), roots=_ROOTS)


def parse(content: bytes) -> FeedList:
    """Read a list of feeds; a line without an http(s) address is no feed, whatever it says.

    Raises `FeedError` where the bytes are no such list. Time is linear in the bytes.
    """
    document = xml.parse(xml.decode(content), roots=_ROOTS, parts=frozenset())
    if document is None:
        raise FeedError("it is no list of feeds (OPML)")
    names = _Names()
    return FeedList(
        head=tuple(_head(document.root, names)),
        outlines=tuple(islice(_outlines(document.root, names), MAX_OUTLINES)),
        prefixes=tuple(names.prefixes.items()),
    )


def render(found: FeedList, *, title: str, modified_at: datetime) -> bytes:
    """Write a list of feeds that `parse` reads back as it was; `title` is for one that has none."""
    root = lxml.etree.Element("opml", version="2.0", nsmap=_nsmap(found))
    head = lxml.etree.SubElement(root, "head")
    own = found.head if any(name == "title" for name, _ in found.head) else (("title", title), *found.head)
    for name, words in (*own, ("dateModified", format_datetime(modified_at))):
        lxml.etree.SubElement(head, name).text = without_controls(words).strip()
    inside = [lxml.etree.SubElement(root, "body")]
    for each in found.outlines:
        del inside[each.depth + 1 :]
        element = lxml.etree.SubElement(inside[-1], "outline")
        for name, words in _written(each).items():
            element.set(name, without_controls(words))
        inside.append(element)
    lxml.etree.indent(root)
    return lxml.etree.tostring(root, xml_declaration=True, encoding="UTF-8")


class _Names:
    """Gives the names of a list as they can be written again, and gathers the prefixes of their namespaces."""

    def __init__(self) -> None:
        self.prefixes: dict[str, str] = {}

    def of(self, name: str, element: xml.Element) -> str | None:
        """Give the name of an element, or of an attribute of it; None where it cannot be written."""
        if len(name) > _MAX_NAME:
            return None
        prefix, colon, own = name.partition(":") if not name.startswith("{") else ("", "", "")
        if colon:
            name = f"{{{_UNDECLARED}{prefix}}}{own}"
        try:
            namespace = lxml.etree.QName(name).namespace
        except ValueError:
            return None
        return name if namespace in (None, _XML) or self._has(namespace, prefix, element) else None

    def _has(self, namespace: str, prefix: str, element: xml.Element) -> bool:
        if namespace in self.prefixes:
            return True
        if len(self.prefixes) == MAX_ATTRIBUTES:
            return False
        declared = (each for each, meant in element.nsmap.items() if each and meant == namespace)
        prefix = prefix or next(declared, "ns")
        try:
            lxml.etree.Element("opml", nsmap={prefix: namespace})
        except ValueError:
            return False
        self.prefixes[namespace] = prefix
        return True


def _head(root: xml.Element, names: _Names) -> Iterator[tuple[str, str]]:
    head = next((each for each in root if xml.local(each.tag) == "head"), ())
    for element in islice(head, MAX_ATTRIBUTES):
        name = names.of(element.tag if element.prefix else element.tag.rpartition("}")[2], element)
        if name and name not in _PASSING and not len(element):
            yield name, without_controls(element.text or "")[:MAX_VALUE].strip()


def _outlines(root: xml.Element, names: _Names) -> Iterator[Outline]:
    waiting: list[tuple[xml.Element, int]] = [(root, 0)]
    while waiting:
        element, depth = waiting.pop()
        if xml.local(element.tag) == "outline":
            found = _outline(element, names)
            if found.url or depth < MAX_FOLDERS:
                yield replace(found, depth=depth)
                depth = min(depth + 1, MAX_FOLDERS)
        waiting.extend((child, depth) for child in reversed(element))


def _outline(element: xml.Element, names: _Names) -> Outline:
    found: dict[str, str] = {}
    for given, words in islice(element.items(), MAX_ATTRIBUTES):
        if name := names.of(str(given), element):
            found.setdefault(_NAMES.get(name.lower(), name), without_controls(str(words))[:MAX_VALUE])
    is_feed = found.get("type", "").strip().lower() not in _NO_FEEDS
    link = address(found.get("xmlUrl") or (found.get("url") if is_feed else None), None)
    called = [line(found.get(name, "")) for name in ("text", "title")]
    if link and "xmlUrl" not in found:
        found = {("xmlUrl" if name == "url" else name): words for name, words in found.items()}
    return Outline(
        name=next((each for each in called if each and each != link), ""),
        url=link,
        site_url=address(found.get("htmlUrl"), None) if link else None,
        attributes=tuple((found | {"xmlUrl": link} if link else found).items()),
    )


def _written(outline: Outline) -> dict[str, str]:
    """Give the attributes of a line: its own, and what no list may lack."""
    own = dict(outline.attributes)
    if outline.url is None:
        return own if own or not outline.name else {"text": outline.name}
    called = {"text": outline.name or outline.url}
    if not own:
        own = {"type": "rss"} | called | {"title": outline.name, "xmlUrl": outline.url}
        return own | {"htmlUrl": outline.site_url} if outline.site_url else own
    return ({} if "text" in own or "title" in own else called) | own | {"xmlUrl": outline.url}


def _nsmap(found: FeedList) -> dict[str, str]:
    """Give the namespaces of a list, by the prefixes that it has for them as far as those differ."""
    prefixes, made = dict(found.prefixes), dict[str, str]()
    for namespace in dict.fromkeys(_namespaces(found)):
        prefix = wanted = prefixes.get(namespace, "ns")
        number = 0
        while prefix in made:
            number += 1
            prefix = f"{wanted}-{number}"
        made[prefix] = namespace
    return made


def _namespaces(found: FeedList) -> Iterator[str]:
    for name in _names(found):
        namespace = name[1:].partition("}")[0] if name.startswith("{") else _XML
        if namespace != _XML:
            yield namespace


def _names(found: FeedList) -> Iterable[str]:
    yield from (name for name, _ in found.head)
    for each in found.outlines:
        yield from (name for name, _ in each.attributes)
