"""JSON Feed, versions 1.0 and 1.1 (jsonfeed.org), as it comes in the wild."""

import json
import re
from collections.abc import Iterator
from itertools import islice

from gazetteer.errors import FeedError
from gazetteer.intake.text import address, hashed, identifier, line, time
from gazetteer.types import Entry, Feed

_SPACE = b"\xef\xbb\xbf \t\r\n"
_MARK = re.compile(rb'"version"\s{0,99}:\s{0,99}"https?:\\?/\\?/(?:www\.)?jsonfeed\.org')
_ITEMS = re.compile(r'"items"\s{0,99}:\s{0,99}\[')
_BETWEEN = " \t\r\n,"
_MAX_AUTHORS = 20
_MAX_VALUES = 200_000  # how much of a feed is read, in objects and lists; each may take 60 times its bytes
_VALUE = re.compile(r"[\[{]")

_Object = dict[str, object]


def begins(content: bytes) -> bool:
    """Tell whether bytes could be JSON, and not XML."""
    return content.lstrip(_SPACE).startswith(b"{")


def is_feed(content: bytes) -> bool:
    """Tell whether JSON says that it is a feed."""
    return _MARK.search(content) is not None


def parse(content: bytes, *, base: str | None, most: int) -> Feed:
    """Read a feed, and the first `most` of its entries, which come newest first.

    Raises `FeedError`. Where it is cut off, or too much, the entries before the cut are given.
    """
    if not is_feed(content):
        raise FeedError("it is JSON, but no JSON Feed")
    text = _bounded(content.decode("utf-8-sig", "replace"))
    try:
        feed = json.loads(text)
    except (ValueError, RecursionError) as error:
        feed = {"items": list(islice(_before_the_cut(text), most))}
        if not feed["items"]:
            raise FeedError("it is JSON that is damaged, or ends before its first entry does") from error
    items = feed.get("items")
    return Feed(
        title=line(_text(feed, "title")),
        url=address(_text(feed, "home_page_url"), base),
        entries=tuple(_entry(each, base) for each in islice(_objects(items), most)),
    )


def _bounded(text: str) -> str:
    beyond = next(islice(_VALUE.finditer(text), _MAX_VALUES, None), None)
    return text if beyond is None else text[: beyond.start()]


def _before_the_cut(text: str) -> Iterator[_Object]:
    """Give the items that are whole."""
    start = _ITEMS.search(text)
    if start is None:
        return
    at, decoder = start.end(), json.JSONDecoder()
    while True:
        while text[at : at + 1] and text[at] in _BETWEEN:
            at += 1
        try:
            found, at = decoder.raw_decode(text, at)
        except (ValueError, RecursionError):
            return
        yield found


def _entry(item: _Object, base: str | None) -> Entry:
    link = address(_text(item, "url"), base) or address(_text(item, "external_url"), base)
    title, published = line(_text(item, "title")), time(_text(item, "date_published"))
    updated = time(_text(item, "date_modified"))
    named = identifier(_text(item, "id"), link, title, published or updated)
    return Entry(
        id=named or hashed(_text(item, "content_text") + _text(item, "content_html")),
        url=link,
        title=title,
        published_at=published or updated,
        updated_at=updated,
        authors=tuple(dict.fromkeys(islice(_authors(item), _MAX_AUTHORS))),
    )


def _authors(item: _Object) -> Iterator[str]:
    listed = [*_objects(item.get("authors")), *_objects([item.get("author")])]
    yield from (name for each in listed if (name := line(_text(each, "name"))))


def _objects(value: object) -> Iterator[_Object]:
    return (each for each in value if isinstance(each, dict)) if isinstance(value, list) else iter(())


def _text(item: _Object, name: str) -> str:
    value = item.get(name)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    return value.strip() if isinstance(value, str) else ""
