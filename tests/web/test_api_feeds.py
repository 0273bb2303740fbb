"""The feeds that the archive follows, asked of the API and tended by it."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import digests
import papers
import pytest
from starlette.testclient import TestClient

from gazetteer.archive import Archive
from gazetteer.archive.values import EntryState, Polled
from gazetteer.types import Capture, Entry

FEEDS = "/api/v1/feeds"
FEED = "https://news.example/feed.xml"
HOUR = timedelta(hours=1)


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    with papers.opened(tmp_path) as opened:
        yield opened


def asking(archive: Archive, *, may_add: bool | None = True, public: bool = False) -> TestClient:
    """Somebody who asks, with a token that may add, or may not, or with none (None)."""
    asked = papers.client(papers.site(archive, public=public))
    if may_add is not None:
        secret = archive.put_token("adder" if may_add else "reader", may_add=may_add)
        asked.headers["authorization"] = f"Bearer {secret}"
    return asked


def follow(archive: Archive, count: int) -> list[int]:
    return [archive.follow(f"https://outlet-{n}.example/feed", at=papers.NOW)[0] for n in range(count)]


def test_a_feed_is_followed_once_and_known_by_its_old_address(archive: Archive) -> None:
    asked = asking(archive)
    sent = {"url": FEED, "title": "The Courier", "folders": ["Papers", "Local"]}
    first = asked.post(FEEDS, json=sent)
    number = first.json()["id"]
    moved = Polled(due_at=papers.NOW + HOUR, interval=HOUR, moved_to="https://courier.example/feed")
    archive.polled(number, lambda _new: moved, [], at=papers.NOW)
    again = asked.post(FEEDS, json={"url": FEED})
    also = asked.post(FEEDS, json={"url": FEED, "folders": ["Daily"]})

    assert (first.status_code, again.status_code) == (201, 200)
    assert first.headers["location"] == again.headers["location"] == f"{FEEDS}/{number}"
    assert {name: first.json()[name] for name in sent} == sent
    assert (first.json()["state"], first.json()["due_at"]) == ("active", "2023-04-20T12:00:00Z")
    assert again.json()["url"] == "https://courier.example/feed"
    assert first.json()["places"] == again.json()["places"] == [["Papers", "Local"]]
    assert (also.json()["places"], also.json()["folders"]) == ([["Papers", "Local"], ["Daily"]], ["Papers", "Local"])
    assert asked.get(first.headers["location"]).json() == also.json()


def test_a_feed_tells_how_it_fares(archive: Archive) -> None:
    (number,) = follow(archive, 1)
    listed = [Entry(id=f"{n}", url=f"https://outlet-0.example/{n}", title=f"{n}") for n in range(4)]
    fine = Polled(due_at=papers.NOW, interval=HOUR, title="Outlet", site_url="https://outlet-0.example/")
    archive.polled(number, lambda _new: fine, listed, at=papers.NOW - HOUR)
    kept, failed, *_ = archive.entries(number, EntryState.WAITING)
    archive.save_entry(kept.id, digests.digest(), Capture(source="x", content=b"x"), reader="r", at=papers.NOW)
    archive.fail(failed.id, "it has no such page", at=papers.NOW)
    worse = Polled(due_at=papers.NOW + HOUR, interval=HOUR, failures=1, error="the server has trouble of its own")
    archive.polled(number, lambda _new: worse, [], at=papers.NOW)

    assert asking(archive, may_add=None).get(f"{FEEDS}/{number}").json() == {
        "id": number,
        "url": "https://outlet-0.example/feed",
        "title": "Outlet",
        "site_url": "https://outlet-0.example/",
        "folders": [],
        "places": [[]],
        "state": "active",
        "error": "the server has trouble of its own",
        "failures": 1,
        "added_at": "2023-04-20T12:00:00Z",
        "checked_at": "2023-04-20T12:00:00Z",
        "succeeded_at": "2023-04-20T11:00:00Z",
        "due_at": "2023-04-20T13:00:00Z",
        "waiting": 2,
        "kept_in_a_week": 1,
        "failed_in_a_week": 1,
        "articles_a_day": 0.14,
    }


def test_feeds_come_in_pages_that_are_not_sent_again(archive: Archive) -> None:
    numbers, asked = follow(archive, 5), asking(archive)
    found, path = [], f"{FEEDS}?limit=2"
    while path:
        page = asked.get(path)
        found.append([each["id"] for each in page.json()["rows"]])
        path = page.links.get("next", {}).get("url", "")

    assert found == [numbers[:2], numbers[2:4], numbers[4:]]
    tag = asked.get(FEEDS).headers["etag"]
    assert asked.get(FEEDS, headers={"if-none-match": tag}).status_code == 304
    archive.pause(numbers[0])
    assert asked.get(FEEDS, headers={"if-none-match": tag}).status_code == 200


def test_a_feed_is_paused_resumed_and_removed(archive: Archive) -> None:
    (number,), asked = follow(archive, 1), asking(archive)
    path = f"{FEEDS}/{number}"

    paused = asked.post(f"{path}/pause").json()
    assert (paused["state"], paused["due_at"]) == ("paused", None)
    resumed = asked.post(f"{path}/resume").json()
    assert (resumed["state"], resumed["due_at"]) == ("active", "2023-04-20T12:00:00Z")
    removed = asked.delete(path)
    assert (removed.status_code, removed.content) == (204, b"")
    for answer in (asked.get(path), asked.delete(path), asked.post(f"{path}/pause"), asked.post(f"{path}/resume")):
        assert (answer.status_code, answer.json()["detail"]) == (404, "There is no such feed.")


def test_a_feed_is_moved_into_a_folder_and_out_of_all_others(archive: Archive) -> None:
    (number,), asked = follow(archive, 1), asking(archive)
    archive.follow("https://outlet-0.example/feed", folders=("Daily",), at=papers.NOW)
    archive.follow("https://outlet-0.example/feed", folders=("Weekly",), at=papers.NOW)

    moved = asked.post(f"{FEEDS}/{number}/move", json={"folders": ["Papers", "Local"]})
    assert (moved.status_code, moved.json()["places"]) == (200, [["Papers", "Local"]])
    assert asked.post(f"{FEEDS}/{number}/move", json={"folders": []}).json()["places"] == [[]]
    assert asked.post(f"{FEEDS}/{number + 1}/move", json={"folders": []}).status_code == 404
    for wrong in ({}, {"folders": [""]}, {"folders": ["x"] * 33}):
        assert asked.post(f"{FEEDS}/{number}/move", json=wrong).status_code == 422


ACTIONS = [
    ("POST", FEEDS),
    ("POST", f"{FEEDS}/1/move"),
    ("POST", f"{FEEDS}/1/pause"),
    ("POST", f"{FEEDS}/1/resume"),
    ("DELETE", f"{FEEDS}/1"),
]


@pytest.mark.parametrize(("method", "path"), ACTIONS)
@pytest.mark.parametrize(("may_add", "status"), [(None, 401), (False, 403)])
@pytest.mark.parametrize("public", [True, False])
def test_only_a_token_that_may_add_tends_feeds(
    archive: Archive, method: str, path: str, *, may_add: bool | None, status: int, public: bool
) -> None:
    follow(archive, 1)
    before = [*archive.feeds()]

    answer = asking(archive, may_add=may_add, public=public).request(method, path, json={"url": FEED})

    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert [*archive.feeds()] == before


@pytest.mark.parametrize("path", [FEEDS, f"{FEEDS}/1"])
def test_what_a_public_site_follows_is_shown_to_those_alone_who_may_add(archive: Archive, path: str) -> None:
    follow(archive, 1)

    asked = {may_add: asking(archive, may_add=may_add, public=True).get(path) for may_add in (None, False, True)}

    assert [answer.status_code for answer in asked.values()] == [401, 403, 200]
    assert not any("outlet-0" in asked[may_add].text for may_add in (None, False))


@pytest.mark.parametrize(
    "sent",
    [
        {},
        {"url": ""},
        {"url": "ftp://news.example/feed"},
        {"url": "https://user:secret@news.example/"},
        {"url": "https://news.example:port/"},
        {"url": 'https://news.example/"><script>'},
        {"url": FEED, "folders": [""]},
        {"url": FEED, "title": "x" * 501},
        {"url": FEED, "state": "paused"},
    ],
)
def test_what_is_no_feeds_address_is_refused(archive: Archive, sent: dict[str, object]) -> None:
    answer = asking(archive).post(FEEDS, json=sent)

    assert (answer.status_code, answer.json()["status"]) == (422, 422)
    assert list(archive.feeds()) == []
