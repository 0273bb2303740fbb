"""Feeds, to what they say: RSS 0.9x to 2.0, RDF, Atom, JSON Feed, and the maps that sites make for search engines.

Sources: the RSS Board's specification of RSS 2.0, RSS 1.0 with its Dublin Core and Syndication modules, RFC 4287
(Atom), jsonfeed.org (1.1), sitemaps.org and Google's news extension. Feeds are read as they come in the wild: elements
are known by their names wherever they stand, and what is broken is mended as far as it can be (`xml`).
"""

import zlib
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import islice

from gazetteer.errors import FeedError
from gazetteer.intake import MAX_BYTES, jsonfeed, too_large, xml
from gazetteer.intake.discovery import FeedLink, discover
from gazetteer.intake.text import address, hashed, identifier, line, plain, time
from gazetteer.types import Capture, Entry, Feed, Skips

__all__ = ["MAX_ENTRIES", "Entry", "Feed", "FeedLink", "discover", "is_feed", "parse"]

MAX_ENTRIES = 1_000
"""The most entries of a feed that are read: the newest, where there are more."""
_MAX_AUTHORS = 20
_LONGEST_TTL = timedelta(days=7)

_MOST_LISTED = 50_000  # what a map of a site may list, and so more than any feed does
_MOST_BASES = 16
_PARTS = frozenset(("item", "entry", "url", "sitemap"))
_ROOTS = frozenset(("rss", "rdf", "feed", "channel", "item", "entry", "urlset", "sitemapindex"))
_PREFIXES = {
    "http://purl.org/dc/elements/1.1/": "dc",
    "http://purl.org/dc/terms/": "dcterms",
    "http://www.google.com/schemas/sitemap-news/0.9": "news",
    "http://search.yahoo.com/mrss/": "media",
    "http://search.yahoo.com/mrss": "media",
    "http://www.itunes.com/dtds/podcast-1.0.dtd": "itunes",
    "http://purl.org/rss/1.0/modules/syndication/": "sy",
    "http://rssnamespace.org/feedburner/ext/1.0": "feedburner",
    "http://www.w3.org/2005/Atom": "",
    "http://purl.org/atom/ns#": "",
}
_BASE = "{http://www.w3.org/XML/1998/namespace}base"
_ABOUT = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}about"
_PERIODS = {"hourly": 1, "daily": 24, "weekly": 168, "monthly": 720, "yearly": 8760}
_WEEK = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_TITLES = ("title", "news:title", "dc:title", "media:title", "itunes:title")
_PUBLISHED = ("pubdate", "published", "issued", "news:publication_date", "dc:date", "dcterms:issued", "created")
_UPDATED = ("updated", "modified", "lastmod", "dcterms:modified")
_AUTHORS = ("author", "dc:creator", "itunes:author", "dc:author")

Element = xml.Element
_Fields = dict[str, list[Element]]
"""An element's children by their names: with a well-known prefix, or none for those of the feed's own language."""
_OLDEST = datetime.min.replace(tzinfo=UTC)
_NEVER = datetime.max.replace(tzinfo=UTC)


def parse(capture: Capture) -> Feed:
    """Read a feed, or the map of a site.

    Raises `FeedError` where the bytes are none, are too many, or are a feed that ends before its first entry does. Of a
    feed that is cut off, the entries before the cut are given. Time is linear in the bytes.
    """
    content = _unpacked(capture.content)
    if len(content) > MAX_BYTES:
        raise FeedError(too_large(MAX_BYTES))
    if jsonfeed.begins(content):
        return _finished(jsonfeed.parse(content, base=capture.url, most=MAX_ENTRIES))
    text = xml.decode(content, content_type=capture.content_type)
    document = xml.parse(text, roots=_ROOTS, parts=_PARTS)
    if document is None:
        raise FeedError(_refusal(text))
    return _finished(_feed(document, capture.url))


def is_feed(capture: Capture) -> bool:
    """Tell whether bytes are a feed, or the map of a site, by how they begin; `parse` may still refuse them."""
    try:
        content = _unpacked(capture.content)
    except FeedError:
        return False
    if jsonfeed.begins(content):
        return jsonfeed.is_feed(content)
    return xml.begins(xml.decode(content, content_type=capture.content_type), roots=_ROOTS)


def _unpacked(content: bytes) -> bytes:
    """Unpack what is kept as gzip, as the maps of sites often are."""
    if not content.startswith(b"\x1f\x8b"):
        return content
    try:
        return zlib.decompressobj(wbits=31).decompress(content, MAX_BYTES + 1)
    except zlib.error:
        raise FeedError("it is damaged gzip data") from None


def _refusal(text: str) -> str:
    if not text.strip():
        return "it is empty"
    if xml.begins(text, roots=frozenset(("opml",))):
        return "it is a list of feeds (OPML), not a feed"
    if xml.begins(text, roots=frozenset(("html", "head", "body"))):
        return "it is a web page, not a feed"
    return "it is no feed: neither RSS, RDF, Atom nor JSON Feed, nor the map of a site"


def _feed(document: xml.Document, base: str | None) -> Feed:
    root = document.root
    channel = next(_named(root, "channel"), root)
    about = _fields(channel)
    site = _link(about, channel, base)
    if xml.local(root.tag) == "sitemapindex":
        return Feed(url=site, sitemaps=_sitemaps(root, base))
    listed = [(each, _entry_fields(each)) for each in _listed(root)]
    if document.is_cut:
        listed = listed[:-1]
        if not listed:
            raise FeedError("it ends before its first entry does")
    return Feed(
        title=_title(about),
        url=site,
        entries=tuple(_entry(element, fields, base or site) for element, fields in _newest(listed)),
        ttl=_ttl(about),
        skips=Skips(hours=frozenset(_hours(about)), days=frozenset(_days(about))),
    )


def _listed(root: Element) -> Iterator[Element]:
    names = ("url",) if xml.local(root.tag) == "urlset" else ("item", "entry")
    return islice(_named(root, *names), _MOST_LISTED)


def _entry_fields(element: Element) -> _Fields:
    fields = _fields(element)
    for news in fields.pop("news:news", ()):
        fields = _fields(news) | fields
    return fields


def _newest(listed: list[tuple[Element, _Fields]]) -> list[tuple[Element, _Fields]]:
    """Keep the newest, in their order; those without a time are as good as new."""
    if len(listed) <= MAX_ENTRIES:
        return listed
    times = [_time(fields, _PUBLISHED + _UPDATED) or _NEVER for _, fields in listed]
    newest = sorted(range(len(listed)), key=times.__getitem__, reverse=True)[:MAX_ENTRIES]
    return [listed[at] for at in sorted(newest)]


def _entry(element: Element, fields: _Fields, base: str | None) -> Entry:
    title, link = _title(fields), _link(fields, element, base)
    published, updated = _time(fields, _PUBLISHED), _time(fields, _UPDATED)
    named = _text(fields, "guid", "id") or (element.get(_ABOUT) or "").strip()
    return Entry(
        id=identifier(named, link, title, published or updated) or hashed(xml.inner_text(element)),
        url=link,
        title=title,
        published_at=published or updated,
        updated_at=updated,
        authors=tuple(dict.fromkeys(islice(_authors(fields), _MAX_AUTHORS))),
    )


def _finished(feed: Feed) -> Feed:
    """Let no two entries have one `id`: where a feed gives one to several articles, it tells nothing."""
    shared = Counter(name for name, _ in {(entry.id, entry.url) for entry in feed.entries})
    unique: dict[str, Entry] = {}
    for entry in feed.entries:
        own = entry if shared[entry.id] == 1 else replace(entry, id=entry.url or entry.id)
        unique.setdefault(own.id, own)
    return replace(feed, entries=tuple(unique.values()))


def _named(root: Element, *names: str) -> Iterator[Element]:
    """Give the elements that have one of the names in no other well-known language, none within another of them."""
    waiting = [root]
    while waiting:
        element = waiting.pop()
        if _name(element, root).removeprefix("?:") in names:
            yield element
        else:
            waiting.extend(reversed(element))


def _fields(element: Element) -> _Fields:
    fields: _Fields = {}
    for child in element:
        fields.setdefault(_name(child, element), []).append(child)
    return fields


def _name(element: Element, parent: Element) -> str:
    """Name an element: without a prefix where it is of no namespace, or of its parent's, or of Atom's."""
    tag = element.tag
    space, _, name = tag.rpartition("}")
    if not space:
        return name.lower()
    prefix = _PREFIXES.get(space[1:])
    if prefix is None:
        prefix = "" if space == parent.tag.rpartition("}")[0] else "?"
    return f"{prefix}:{name}".removeprefix(":").lower()


def _text(fields: _Fields, *names: str) -> str:
    """Give the text of the first child, by the order of names, that has some."""
    for name in names:
        for element in fields.get(name, ()):
            text = xml.inner_text(element)
            if text:
                return text
    return ""


def _title(fields: _Fields) -> str:
    for name in _TITLES:
        for element in fields.get(name, ()):
            # Atom's text is no markup, and XHTML's markup is no text; of all others, what is escaped is HTML.
            is_text = element.get("type") in ("text", "text/plain", "xhtml")
            text = xml.inner_text(element)
            found = line(text) if is_text else plain(text)
            if found:
                return found
    return ""


def _link(fields: _Fields, element: Element, base: str | None) -> str | None:
    """Give the address of what an element is about, the surest first."""
    base = _base(element, base)
    return next((found for link in _links(fields, element) if (found := address(link, base))), None)


def _links(fields: _Fields, element: Element) -> Iterator[str | None]:
    yield _text(fields, "feedburner:origlink", "loc")
    links = fields.get("link", [])
    alternates = [each for each in links if each.get("href") and each.get("rel", "alternate").lower() == "alternate"]
    yield from (
        each.get("href") for each in sorted(alternates, key=lambda each: "html" not in each.get("type", "html"))
    )
    yield from (each.text for each in links if not each.get("href"))
    yield element.get(_ABOUT)
    yield from (each.get("src") for each in fields.get("content", ()))
    names = [each for name in ("guid", "id") for each in fields.get(name, ())]
    yield from (each.text for each in names if _is_address(each))


def _is_address(name: Element) -> bool:
    """Tell whether a name is an address too: `isPermaLink` is left out of many that are none."""
    is_permanent = name.get("isPermaLink", "true").lower() != "false"
    return is_permanent and (name.text or "").strip().lower().startswith(("http://", "https://"))


def _base(element: Element, base: str | None) -> str | None:
    """Give what an element's links are relative to: the nearest `xml:base`, each resolved against those around it."""
    around = islice(element.iterancestors(), _MOST_BASES)
    bases = [each.get(_BASE) for each in (element, *around) if each.get(_BASE)]
    for each in reversed(bases):
        base = address(each, base) or base
    return base


def _time(fields: _Fields, names: Iterable[str]) -> datetime | None:
    return next((found for name in names if (found := time(_text(fields, name)))), None)


def _authors(fields: _Fields) -> Iterator[str]:
    for name in _AUTHORS:
        for element in fields.get(name, ()):
            inner = _fields(element)
            found = _author(_text(inner, "name") if inner else xml.inner_text(element))
            if found:
                yield found


def _author(text: str) -> str:
    """Give the name alone of what RSS writes as `desk@news.example (Ada Quill)`, and nothing of a bare address."""
    text = plain(text)
    mail, _, name = text.partition("(")
    if "@" not in mail:
        return text
    return name.removesuffix(")").strip() if name else ""


def _ttl(fields: _Fields) -> timedelta | None:
    minutes = _number(_text(fields, "ttl"))
    hours = _PERIODS.get(_text(fields, "sy:updateperiod").lower())
    if minutes is None and hours:
        minutes = hours * 60 // max(1, _number(_text(fields, "sy:updatefrequency")) or 1)
    return min(timedelta(minutes=minutes), _LONGEST_TTL) if minutes else None


def _hours(fields: _Fields) -> Iterator[int]:
    for element in fields.get("skiphours", ()):
        numbers = (_number(xml.inner_text(each)) for each in element)
        yield from (number % 24 for number in numbers if number is not None and number <= 24)


def _days(fields: _Fields) -> Iterator[int]:
    for element in fields.get("skipdays", ()):
        names = (xml.inner_text(each).lower() for each in element)
        yield from (_WEEK.index(name) for name in names if name in _WEEK)


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 8 else None


def _sitemaps(root: Element, base: str | None) -> tuple[str, ...]:
    found: dict[str, datetime] = {}
    for element in islice(_named(root, "sitemap"), _MOST_LISTED):
        fields = _fields(element)
        link = address(_text(fields, "loc"), base)
        if link:
            found.setdefault(link, time(_text(fields, "lastmod")) or _OLDEST)
    return tuple(sorted(found, key=lambda link: found[link], reverse=True)[:MAX_ENTRIES])
