"""Feeds of the site: Atom 1.0 and JSON Feed 1.1 of all articles, of each subject's, and of every search.

An entry's id is a UUID made of the archive's secret and the article's number: the same by whatever address the site is
asked, and in both formats.
"""

import hmac
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from functools import partial
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode
from uuid import UUID, uuid5

from lxml import etree
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from gazetteer import __version__
from gazetteer.archive import Kept, Kind, Order, Page, values
from gazetteer.view import NO_HEADLINE, safe_link
from gazetteer.web.excerpts import excerpt, line
from gazetteer.web.shown import shown
from gazetteer.web.site import Site, base, following, onward, page, site_of, subject_of
from gazetteer.web.stories import MOST, rows, story_of
from gazetteer.web.templating import PLURALS

ATOM = "application/atom+xml"
JSON = "application/feed+json"
_NAMESPACE = "http://www.w3.org/2005/Atom"
_DEFAULT: Any = {None: _NAMESPACE}
_XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_JSON_VERSION = "https://jsonfeed.org/version/1.1"
_LANGUAGE = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8}){0,4}")
_NEVER = datetime(1970, 1, 1, tzinfo=UTC)  # when a feed without entries changed


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """An article in a feed: `page` is its digest here, `source` where its publisher has it, `words` an excerpt, and
    `authors` who wrote it, the publisher last.
    """

    id: str
    page: str
    source: str | None
    headline: str
    words: str
    authors: tuple[str, ...]
    tags: tuple[values.Subject, ...]
    language: str | None
    published_at: datetime | None
    changed_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """A page of a feed: `own` is its address, `page` the page's that it is of, `following` that of its next page."""

    id: str
    title: str
    own: str
    page: str
    following: str | None
    site: str
    entries: tuple[Entry, ...]

    @property
    def changed_at(self) -> datetime:
        """Give when the newest of its changes was made."""
        return max((entry.changed_at for entry in self.entries), default=_NEVER).replace(microsecond=0)


Found = tuple[Page[values.Card], str, str]
"""Articles, the title of their feed, and the path of the page that it is of."""

Find = Callable[[Request], Found]


def routes() -> Iterator[BaseRoute]:
    """Give the routes of feeds: each path once for each format."""
    yield from _both("/feed", _newest)
    yield from _both("/search/feed", _search)
    yield from _both("/stories/feed", _stories)
    yield from _both("/stories/{id:number}/feed", _story)
    for kind, plural in PLURALS.items():
        yield from _both(f"/{plural}/{{id:number}}/feed", partial(_subject, kind))


def _both(path: str, find: Find) -> Iterator[BaseRoute]:
    for ending, written, media_type in ((".atom", atom, ATOM), (".json", json_feed, JSON)):

        def feed(request: Request, written: Callable[[Feed], bytes] = written, kind: str = media_type) -> Response:
            return _answer(request, _feed(request, *find(request)), written, kind)

        yield page(path + ending, feed)


def _newest(request: Request) -> Found:
    site = site_of(request)
    return site.archive.browse(cursor=request.query_params.get("cursor")), _title(site), "/"


def _subject(kind: Kind, request: Request) -> Found:
    site, subject = site_of(request), subject_of(request, kind)
    found = site.archive.browse(of=(kind, subject.id), cursor=request.query_params.get("cursor"))
    return found, f"{line(subject.name)} – {_title(site)}", f"/{PLURALS[kind]}/{subject.id}"


def _stories(request: Request) -> Found:
    site = site_of(request)
    found = site.archive.stories(cursor=request.query_params.get("cursor"))
    cards = tuple(each.card for each in rows(site, found))
    return Page(rows=cards, cursor=found.cursor), f"Stories – {_title(site)}", "/stories"


def _story(request: Request) -> Found:
    site, story = site_of(request), story_of(request)
    cards = site.archive.cards(site.archive.told_in(story.id, limit=MOST))
    heading = site.archive.headings([story.id]).get(story.id)
    title = next((line(card.headline) for card in cards if heading and card.id == heading.lead), "A story")
    return Page(rows=tuple(cards), cursor=None), f"{title} – {_title(site)}", f"/stories/{story.id}"


def _search(request: Request) -> Found:
    site, query = site_of(request), request.query_params.get("q", "").strip()
    found = site.archive.search(query, order=Order.NEWEST, cursor=request.query_params.get("cursor"))
    cards = tuple(hit.card for hit in found.rows)
    path = "/search?" + urlencode({"q": query, "order": Order.NEWEST}, errors="replace")
    return Page(rows=cards, cursor=found.cursor), f"“{line(query)}” – {_title(site)}", path


def _feed(request: Request, found: Page[values.Card], title: str, path: str) -> Feed:
    site, address = site_of(request), base(request)
    kept = site.archive.get_all([card.id for card in found.rows])
    after = following(request, found)
    return Feed(
        id=_id(site, f"feed {path}"),
        title=title,
        own=address + onward(request),
        page=address + path,
        following=None if after is None else address + after,
        site=_title(site),
        entries=tuple(_entry(site, each, address) for each in kept),
    )


def _title(site: Site) -> str:
    return line(site.settings.title) or "Gazetteer"


def _entry(site: Site, kept: Kept, address: str) -> Entry:
    digest = shown(kept, site.settings)
    article = digest.article
    credited = (*(author.name for author in kept.authors), article.publisher or "")
    return Entry(
        id=_id(site, f"/articles/{kept.id}"),
        page=f"{address}/articles/{kept.id}",
        source=safe_link(article.link),
        headline=line(article.headline) or NO_HEADLINE,
        words=excerpt(digest),
        authors=tuple(filter(None, dict.fromkeys(map(line, credited)))),
        tags=tuple(kept.tags),
        language=article.language if _LANGUAGE.fullmatch(article.language) and article.language != "und" else None,
        published_at=article.published_at,
        changed_at=kept.changed_at,
    )


def atom(feed: Feed) -> bytes:
    """Write a feed as Atom 1.0 (RFC 4287)."""
    root = _element(
        "feed",
        _element("id", feed.id),
        _element("title", feed.title),
        _element("updated", _time(feed.changed_at)),
        _element("author", _element("name", feed.site)),
        _element("generator", "Gazetteer", version=__version__),
        _link("self", feed.own, type=ATOM),
        _link("alternate", feed.page, type="text/html"),
        *([_link("next", feed.following, type=ATOM)] if feed.following else []),
        *map(_atom_entry, feed.entries),
    )
    return etree.tostring(root, encoding="utf-8", xml_declaration=True)


def _atom_entry(entry: Entry) -> etree._Element:
    made = _element(
        "entry",
        _element("id", entry.id),
        _element("title", entry.headline, type="text"),
        _element("updated", _time(entry.changed_at)),
        *([_element("published", _time(entry.published_at))] if entry.published_at else []),
        *(_element("author", _element("name", name)) for name in entry.authors),
        _link("alternate", entry.page, type="text/html"),
        *([_link("via", entry.source)] if entry.source else []),
        *(_category(tag) for tag in entry.tags if line(tag.name)),
        *([_element("summary", entry.words, type="text")] if entry.words else []),
    )
    if entry.language:
        made.set(_XML_LANG, entry.language)
    return made


def _category(tag: values.Subject) -> etree._Element:
    name = line(tag.name)
    return _element("category", term=line(tag.code or "") or name, label=name)


def _link(rel: str, href: str, **kinds: str) -> etree._Element:
    return _element("link", rel=rel, href=href, **kinds)


def _element(name: str, *inner: str | etree._Element, **attributes: str) -> etree._Element:
    """Make an element of Atom that holds a text, or elements."""
    made = etree.Element(f"{{{_NAMESPACE}}}{name}", attributes, nsmap=_DEFAULT)
    for each in inner:
        if isinstance(each, str):
            made.text = each
        else:
            made.append(each)
    return made


def json_feed(feed: Feed) -> bytes:
    """Write a feed as JSON Feed 1.1."""
    words: dict[str, object] = {
        "version": _JSON_VERSION,
        "title": feed.title,
        "home_page_url": feed.page,
        "feed_url": feed.own,
        "next_url": feed.following,
        "authors": [{"name": feed.site}],
    }
    items = [_known(_json_entry(entry)) for entry in feed.entries]
    return json.dumps(_known(words) | {"items": items}, ensure_ascii=False).encode()


def _json_entry(entry: Entry) -> dict[str, object]:
    return {
        "id": entry.id,
        "url": entry.page,
        "external_url": entry.source,
        "title": entry.headline,
        "content_text": entry.words,
        "date_published": entry.published_at and _time(entry.published_at),
        "date_modified": _time(entry.changed_at),
        "authors": [{"name": name} for name in entry.authors],
        "tags": [name for tag in entry.tags if (name := line(tag.name))],
        "language": entry.language,
    }


def _known(words: dict[str, object]) -> dict[str, object]:
    return {name: value for name, value in words.items() if value is not None and value != []}


def _answer(request: Request, feed: Feed, written: Callable[[Feed], bytes], media_type: str) -> Response:
    """Give a feed, unless whoever asks says that they have it: by its time, where they tell no tag of it."""
    headers = {"last-modified": format_datetime(feed.changed_at, usegmt=True)}
    if "if-none-match" not in request.headers and _has(request.headers.get("if-modified-since"), feed):
        return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=headers)
    return Response(written(feed), media_type=f"{media_type}; charset=utf-8", headers=headers)


def _has(since: str | None, feed: Feed) -> bool:
    try:
        return since is not None and parsedate_to_datetime(since).replace(tzinfo=UTC) >= feed.changed_at
    except (ValueError, OverflowError):
        return False


def _id(site: Site, path: str) -> str:
    """Give the name of what this archive has at a path, the same by whatever address the site is asked."""
    archive = UUID(bytes=hmac.digest(site.secret, b"feeds", "sha256")[:16])
    return uuid5(archive, path).urn


def _time(at: datetime) -> str:
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")
