"""The pages of the feeds that are followed."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from digests import ATTACKS, digest
from papers import NOW, SECRET, client, opened, parsed, texts, token
from starlette.testclient import TestClient

from gazetteer.archive import Archive
from gazetteer.archive.values import FeedState, Polled
from gazetteer.types import Capture, Entry
from gazetteer.view import moment
from gazetteer.web import SiteSettings
from gazetteer.web.app import create

HOUR = timedelta(hours=1)


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    with opened(tmp_path) as archive:
        yield archive


@pytest.fixture
def asked(archive: Archive) -> TestClient:
    return client(create(archive, SiteSettings(), secret=SECRET, now=lambda: NOW))


def followed(archive: Archive, title: str = "The Gazette", error: str | None = None) -> int:
    """Follow a feed that has an article, a failure and a page to come."""
    number, _ = archive.follow("https://gazette.example/feed", folders=("Local",), at=NOW - HOUR)
    entries = [Entry(id=str(n), url=f"https://gazette.example/{n}", title=f"News {n}") for n in range(3)]
    polled = Polled(due_at=NOW + HOUR, interval=HOUR, title=title, site_url="https://gazette.example/")
    archive.polled(number, lambda _new: polled, entries, at=NOW - HOUR)
    first, second, third = archive.claim_entries(at=NOW, until=NOW + HOUR, limit=3)
    article = digest(url=first.url, canonical_url=first.url)
    archive.save_entry(first.id, article, Capture(source=first.url, content=b"x"), reader="r", at=NOW)
    archive.fail(second.id, "it shows only a wall", at=NOW)
    archive.fail(third.id, "it did not answer in time", due_at=NOW + HOUR, at=NOW)
    if error:
        failed = Polled(due_at=NOW + HOUR, interval=HOUR, failures=2, error=error)
        archive.polled(number, lambda _new: failed, (), at=NOW)
    return number


def send(asked: TestClient, path: str, page: str = "/feeds", **form: str) -> int:
    return int(asked.post(path, data=form | {"token": token(asked, page)}).status_code)


def test_the_list_tells_how_each_feed_fares(archive: Archive, asked: TestClient) -> None:
    followed(archive, error="the server has trouble of its own")

    page = parsed(asked.get("/feeds").text)

    name, a_day, last, due, trouble = texts(page, "//tbody//td")
    assert (name, a_day) == ("The Gazette", "0.1")
    assert last != due
    assert trouble == "the server has trouble of its own; 1 page failed in a week"


def test_a_feeds_page_shows_what_became_of_its_entries(archive: Archive, asked: TestClient) -> None:
    number = followed(archive)

    page = parsed(asked.get(f"/feeds/{number}").text)

    assert texts(page, "//main//h2") == ["Pages that gave no article", "Pages to come", "Articles"]
    assert "it shows only a wall" in texts(page, "//tbody//td")
    assert f"it did not answer in time (again {moment(NOW + HOUR)})" in texts(page, "//tbody//td")
    assert page.xpath("//main//table[last()]//a/@href")[0].startswith("/articles/")
    assert "https://gazette.example/" in page.xpath("//main//a/@href")


def test_a_feeds_page_shows_each_of_its_folders(archive: Archive, asked: TestClient) -> None:
    number = followed(archive)
    archive.follow("https://gazette.example/feed", folders=("Papers <b>", "Daily"), at=NOW)
    page = parsed(asked.get(f"/feeds/{number}").text)
    assert texts(page, "//tr[th='Folder']/td") == ["Local", "Papers <b> / Daily"]


def test_a_feed_is_moved_from_its_page(archive: Archive, asked: TestClient) -> None:
    number = followed(archive)
    page = f"/feeds/{number}"
    for sent, places in ((" Papers / The  north ", (("Papers", "The north"),)), ("", ((),)), ("A/B", (("A/B",),))):
        assert send(asked, f"{page}/move", page, folder=sent) == 303
        assert [feed.places for feed in archive.feeds()] == [places]
        shown = parsed(asked.get(page).text).xpath("//input[@id='folder']/@value")
        assert shown == [" / ".join(places[0])]


def test_the_page_of_a_feed_that_became_part_of_another_is_that_ones(archive: Archive, asked: TestClient) -> None:
    number = followed(archive)
    other, _ = archive.follow("https://gazette.example/rss", at=NOW)
    moved = Polled(due_at=NOW + HOUR, interval=HOUR, moved_to="https://gazette.example/rss")
    archive.polled(number, lambda _new: moved, (), at=NOW)
    answer = asked.get(f"/feeds/{number}", follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, f"/feeds/{other}")
    assert asked.get(f"/api/v1/feeds/{number}").json()["id"] == other


def test_a_feed_is_followed_from_the_page(archive: Archive, asked: TestClient) -> None:
    answer = asked.post("/feeds", data={"address": " https://new.example/feed ", "token": token(asked, "/feeds")})

    assert answer.status_code == 303
    (feed,) = archive.feeds()
    assert answer.headers["location"] == f"/feeds/{feed.id}"
    assert (feed.url, feed.due_at) == ("https://new.example/feed", NOW)


@pytest.mark.parametrize("address", ["", "feed", "javascript:alert(1)", "https://user:pass@a.example/", "file:///etc"])
def test_what_is_no_address_comes_back_with_the_reason(archive: Archive, asked: TestClient, address: str) -> None:
    answer = asked.post("/feeds", data={"address": address, "token": token(asked, "/feeds")})

    assert answer.status_code == 422
    page = parsed(answer.text)
    assert texts(page, "//*[@role='alert']")[0].startswith("This is no address of a feed")
    assert page.xpath("//input[@id='address']/@value") == [address]
    assert list(archive.feeds()) == []


def test_a_feed_is_paused_polled_and_removed(archive: Archive, asked: TestClient) -> None:
    number = followed(archive)
    page = f"/feeds/{number}"

    assert send(asked, f"{page}/pause", page) == 303
    assert [feed.state for feed in archive.feeds()] == [FeedState.PAUSED]
    assert send(asked, f"{page}/resume", page) == 303
    assert [(feed.state, feed.due_at) for feed in archive.feeds()] == [(FeedState.ACTIVE, NOW)]
    assert send(asked, f"{page}/remove", page) == 303
    assert list(archive.feeds()) == []
    assert send(asked, f"{page}/remove") == 404
    assert asked.get(page).status_code == 404


def test_strangers_see_no_feeds(archive: Archive) -> None:
    number = followed(archive)
    stranger = client(create(archive, SiteSettings(public=True), secret=SECRET, now=lambda: NOW))

    for path in ("/feeds", f"/feeds/{number}"):
        answer = stranger.get(path)
        assert answer.status_code == 303
        assert answer.headers["location"].startswith("/sign-in")
    assert "/feeds" not in parsed(stranger.get("/").text).xpath("//nav//a/@href")


@pytest.mark.parametrize("attack", ATTACKS)
def test_what_feeds_say_of_themselves_is_shown_as_words(archive: Archive, asked: TestClient, attack: str) -> None:
    number = followed(archive, title=attack, error=attack)
    archive.follow("https://gazette.example/feed", folders=(attack,), at=NOW)
    archive.polled(
        number,
        lambda _new: Polled(due_at=NOW, interval=HOUR, error=attack),
        [Entry(id="x", title=attack), Entry(id="y", title=attack, url="https://a.example/?" + attack)],
        at=NOW,
    )

    for path in ("/feeds", f"/feeds/{number}"):
        page = parsed(asked.get(path).text)
        assert len(page.xpath("//script")) == 1
        assert not page.xpath("//main//*[@onerror or @onload or @onclick or @style]")
        assert all(not href.lower().startswith(("javascript:", "data:")) for href in page.xpath("//main//a/@href"))
