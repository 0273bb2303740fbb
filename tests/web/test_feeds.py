"""Feeds, as readers parse them."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import digests
import papers
import pytest
from hypothesis import HealthCheck, given, settings
from lxml import etree
from starlette.testclient import TestClient

from gazetteer.archive import Archive, Kind
from gazetteer.types import Digest

ATOM = {"a": "http://www.w3.org/2005/Atom"}
ONCE = ("id", "title", "updated")
SUBJECTS = ("entities", "authors", "publishers", "tags")


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    with papers.opened(tmp_path) as opened:
        for number in range(22):
            opened.save(papers.about(number), at=papers.NOW - timedelta(minutes=number))
        yield opened


@pytest.fixture
def asked(archive: Archive) -> TestClient:
    return papers.client(papers.site(archive))


def parsed(content: bytes) -> etree._Element:
    """Parse an Atom feed, held to what RFC 4287 asks of it."""
    feed = etree.fromstring(content)
    assert feed.tag == f"{{{ATOM['a']}}}feed"
    for each in (feed, *feed.iterfind("a:entry", ATOM)):
        for name in ONCE:
            assert len(each.findall(f"a:{name}", ATOM)) == 1
            assert each.findtext(f"a:{name}", namespaces=ATOM).strip()
        assert datetime.fromisoformat(each.findtext("a:updated", namespaces=ATOM)).tzinfo is not None
        assert all(name.text.strip() for name in each.iterfind("a:author/a:name", ATOM))
        assert all(link.get("href").startswith("http") for link in each.iterfind("a:link", ATOM))
    assert feed.find("a:author", ATOM) is not None
    ids = [entry.findtext("a:id", namespaces=ATOM) for entry in feed.iterfind("a:entry", ATOM)]
    assert len(ids) == len(set(ids))
    return feed


def read(content: bytes) -> dict[str, object]:
    """Parse a JSON feed, held to what its version 1.1 asks of it."""
    feed = json.loads(content)
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert feed["title"]
    assert all(isinstance(entry["id"], str) and "content_text" in entry for entry in feed["items"])
    return feed


def links(element: etree._Element, rel: str) -> list[str]:
    return element.xpath("a:link[@rel=$rel]/@href", namespaces=ATOM, rel=rel)


def test_the_newest_articles_are_a_feed_in_both_formats(asked: TestClient) -> None:
    answer = asked.get("/feed.atom")
    assert answer.headers["content-type"] == "application/atom+xml; charset=utf-8"
    feed = parsed(answer.content)
    assert feed.xpath("a:entry/a:title/text()", namespaces=ATOM) == [f"Article {number}" for number in range(20)]
    assert links(feed, "self") == ["http://localhost/feed.atom"]
    assert links(feed, "alternate") == ["http://localhost/"]
    other = asked.get("/feed.json")
    assert other.headers["content-type"] == "application/feed+json; charset=utf-8"
    as_json = read(other.content)
    assert [entry["id"] for entry in as_json["items"]] == feed.xpath("a:entry/a:id/text()", namespaces=ATOM)


def test_an_entry_tells_of_the_digest_and_of_its_source(asked: TestClient, archive: Archive) -> None:
    number = archive.browse().rows[0].id
    entry = parsed(asked.get("/feed.atom").content).find("a:entry", ATOM)
    assert links(entry, "alternate") == [f"http://localhost/articles/{number}"]
    assert links(entry, "via") == ["https://news.example/0"]
    assert entry.xpath("a:author/a:name/text()", namespaces=ATOM) == [
        "Wren Calloway",
        "Ines Duarte",
        "The Island Courier",
    ]
    assert dict(entry.find("a:category", ATOM).attrib) == {"term": "medtop:20000337", "label": "Shipping"}
    assert entry.findtext("a:published", namespaces=ATOM) == "2023-04-16T17:05:00Z"
    assert entry.findtext("a:updated", namespaces=ATOM) == "2023-04-20T12:00:00Z"
    assert entry.get("{http://www.w3.org/XML/1998/namespace}lang") == "en"
    told = read(asked.get("/feed.json").content)["items"][0]
    assert told["url"] == f"http://localhost/articles/{number}"
    assert told["external_url"] == "https://news.example/0"
    assert told["tags"] == ["Shipping"]
    assert told["content_text"] == entry.findtext("a:summary", namespaces=ATOM)


@pytest.mark.parametrize(("sentences", "dots"), [(0, 0), (1, 1), (2, 2)])
def test_a_public_site_feeds_excerpts(archive: Archive, sentences: int, dots: int) -> None:
    asked = papers.client(papers.site(archive, public=True, excerpt=sentences))
    words = read(asked.get("/feed.json").content)["items"][0]["content_text"]
    assert words.count(".") == dots
    entry = parsed(asked.get("/feed.atom").content).find("a:entry", ATOM)
    assert entry.findtext("a:summary", default="", namespaces=ATOM) == words


@pytest.mark.parametrize(("plural", "kind"), list(zip(SUBJECTS, Kind, strict=True)))
@pytest.mark.parametrize("ending", [".atom", ".json"])
def test_every_subject_has_a_feed(asked: TestClient, archive: Archive, plural: str, kind: Kind, ending: str) -> None:
    subject = archive.most(kind).rows[0]
    answer = asked.get(f"/{plural}/{subject.id}/feed{ending}")
    feed = read(answer.content) if ending == ".json" else parsed(answer.content)
    title = feed["title"] if ending == ".json" else feed.findtext("a:title", namespaces=ATOM)
    assert title == f"{subject.name} – Gazetteer"
    for number in ("999", "x", "9" * 5_000, "-1"):
        assert asked.get(f"/{plural}/{number}/feed{ending}").status_code == 404


def test_every_search_has_a_feed_the_newest_first(asked: TestClient) -> None:
    answer = asked.get("/search/feed.json", params={"q": 'ferry title:"article 2"'})
    assert [entry["title"] for entry in read(answer.content)["items"]] == ["Article 2"]
    every = read(asked.get("/search/feed.json", params={"q": "ferry"}).content)
    assert [entry["title"] for entry in every["items"]][:3] == ["Article 0", "Article 1", "Article 2"]
    assert asked.get("/search/feed.atom", params={"q": "ferry)"}).status_code == 400


@pytest.mark.parametrize("path", ["/feed", "/entities/1/feed", "/search/feed?q=ferry"])
def test_a_feed_goes_on_in_pages(asked: TestClient, path: str) -> None:
    path, _, query = path.partition("?")
    first = parsed(asked.get(f"{path}.atom?{query}").content)
    (following,) = links(first, "next")
    second = parsed(asked.get(following).content)
    assert second.xpath("a:entry/a:title/text()", namespaces=ATOM) == ["Article 20", "Article 21"]
    assert links(second, "next") == []
    assert second.findtext("a:id", namespaces=ATOM) == first.findtext("a:id", namespaces=ATOM)
    as_json = read(asked.get(f"{path}.json?{query}").content)
    assert len(read(asked.get(as_json["next_url"]).content)["items"]) == 2


def test_feeds_have_ids_of_their_own_whatever_the_address(archive: Archive) -> None:
    paths = ("/feed.atom", "/entities/1/feed.atom", "/entities/2/feed.atom", "/search/feed.atom?q=.json")
    by_address = []
    for settings_ in ({}, {"address": "https://news.example.org"}):
        asked = papers.client(papers.site(archive, **settings_))
        feeds = [parsed(asked.get(path).content) for path in paths]
        by_address.append([feed.xpath("//a:id/text()", namespaces=ATOM) for feed in feeds])
    assert by_address[0] == by_address[1]
    assert len({ids[0] for ids in by_address[0]}) == len(paths)


def test_what_has_not_changed_is_not_sent_again(asked: TestClient, archive: Archive) -> None:
    first = asked.get("/feed.atom")
    since = {"if-modified-since": first.headers["last-modified"]}
    tag = {"if-none-match": first.headers["etag"]}
    for known in (since, tag, since | tag):
        same = asked.get("/feed.atom", headers=known)
        assert (same.status_code, same.content) == (304, b"")
    assert asked.get("/feed.atom", headers=since | {"if-none-match": '"other"'}).status_code == 200
    for unreadable in ("yesterday", "Thu, 99 Apr 2023 12:00:00 GMT", ""):
        assert asked.get("/feed.atom", headers={"if-modified-since": unreadable}).status_code == 200
    archive.save(papers.about(0, headline="Changed"), at=papers.NOW + timedelta(hours=1))
    for known in (since, tag):
        assert asked.get("/feed.atom", headers=known).status_code == 200


def test_an_article_that_changed_keeps_its_id(asked: TestClient, archive: Archive) -> None:
    before = parsed(asked.get("/feed.atom").content).find("a:entry", ATOM)
    archive.save(papers.about(0, headline="Changed"), at=papers.NOW + timedelta(hours=1))
    after = parsed(asked.get("/feed.atom").content).find("a:entry", ATOM)
    assert after.findtext("a:title", namespaces=ATOM) == "Changed"
    assert after.findtext("a:id", namespaces=ATOM) == before.findtext("a:id", namespaces=ATOM)
    assert after.findtext("a:updated", namespaces=ATOM) == "2023-04-20T13:00:00Z"


def test_an_empty_archive_has_feeds(tmp_path: Path) -> None:
    with papers.opened(tmp_path) as empty:
        asked = papers.client(papers.site(empty))
        assert parsed(asked.get("/feed.atom").content).findall("a:entry", ATOM) == []
        assert read(asked.get("/feed.json").content)["items"] == []


def test_a_title_that_cannot_be_printed_leaves_the_feed_one(archive: Archive) -> None:
    asked = papers.client(papers.site(archive, title="\x92"))
    assert parsed(asked.get("/feed.atom").content).findtext("a:title", namespaces=ATOM) == "Gazetteer"
    assert read(asked.get("/feed.json").content)["title"] == "Gazetteer"


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(digests.hostile_digests(), digests.words())
def test_whatever_an_article_says_feeds_can_be_parsed(tmp_path: Path, digest: Digest, title: str) -> None:
    with papers.opened(tmp_path) as archive:
        archive.save(digest, at=datetime(2023, 4, 21, tzinfo=UTC))
        asked = papers.client(papers.site(archive, title=title.strip() or "x"))
        feed = parsed(asked.get("/feed.atom").content)
        read(asked.get("/feed.json").content)
        assert len(feed.findall("a:entry", ATOM)) >= 1
        for plural, kind in zip(SUBJECTS, Kind, strict=True):
            for subject in archive.most(kind, limit=1).rows:
                parsed(asked.get(f"/{plural}/{subject.id}/feed.atom").content)


@given(digests.words())
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_is_searched_for_a_feed_or_a_page_answers(asked: TestClient, query: str) -> None:
    answer = asked.get("/search/feed.atom", params={"q": query.encode("utf-8", "replace")})
    assert answer.status_code in (200, 400)
    if answer.status_code == 200:
        parsed(answer.content)
