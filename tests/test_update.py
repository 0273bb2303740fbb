"""The live loop, against a real server on loopback."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest
from digests import annotation

from gazetteer import gathering, live, update
from gazetteer.archive import Archive, Saved
from gazetteer.archive.values import EntryState, Expected, FeedState
from gazetteer.errors import ArchiveError, BusyError
from gazetteer.extract import extract
from gazetteer.intake.polling import Poll
from gazetteer.pipeline import Targets
from gazetteer.types import Annotation, Article, Capture
from gazetteer.update import Checked, Event, Gathered, Kept, Lost, Tools
from tests.intake.websites import Answer, Site, reply

BODY = """<p>The harbour of Brackwater froze on the night of the {n}th, for the first time that anybody recalls, and the
ferry to the islands stayed in port until noon.</p><p>Its captain, Oona Tregear, said that she had seen ice in the
inner basin before, but never beyond the Mole, where the current runs.</p><p>The harbour office counted {n} boats that
could not leave; it expects a thaw on Sunday, and has asked the crews for patience.</p>"""


def page(number: int) -> bytes:
    title = f"Ice holds {number} boats in the harbour"
    return (
        f"<!doctype html><html lang=en><head><title>{title}</title></head><body><article><h1>{title}</h1>"
        f"{BODY.format(n=number)}</article></body></html>"
    ).encode()


def rss(site: Site, numbers: Sequence[int]) -> bytes:
    items = "".join(
        f"<item><guid>{n}</guid><title>Ice {n}</title><link>{site.url(f'/news/{n}')}</link></item>" for n in numbers
    )
    return f"<rss version='2.0'><channel><title>The Gazette</title>{items}</channel></rss>".encode()


class Annotator:
    """Stands in for the model: annotates every article alike."""

    def annotate(self, articles: Sequence[Article], /, *, targets: Sequence[Targets] = ()) -> list[Annotation]:  # noqa: ARG002
        return [annotation(each.text) for each in articles]


def reading() -> tuple[Annotator, str]:
    return Annotator(), "r"


@pytest.fixture
def site() -> Iterator[Site]:
    opened = Site()
    yield opened
    opened.close()


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    with Archive.open(str(tmp_path / "a.sqlite"), create=True) as opened:
        yield opened


def publish(site: Site, numbers: Sequence[int], path: str = "/feed", **headers: str) -> None:
    site.answers[path] = reply(rss(site, numbers), Content_Type="application/rss+xml", **headers)
    for number in numbers:
        site.answers.setdefault(f"/news/{number}", reply(page(number)))


def tools(site: Site, **changes: object) -> Tools:
    fetcher = site.fetcher()
    own = {"poll": fetcher.poll, "fetch": fetcher.fetch, "extract": extract, "reading": reading}
    return Tools(**({"delay": 0.0} | own | changes))  # type: ignore[arg-type]


def once(archive: Archive, site: Site, **changes: object) -> list[Event]:
    return list(update.run(archive, tools(site, **changes), watch=False, stop=threading.Event()))


def again(archive: Archive) -> None:
    for feed in archive.feeds():
        archive.resume(feed.id)


def test_every_entry_becomes_an_article(archive: Archive, site: Site) -> None:
    publish(site, range(1, 21))
    number, _ = archive.follow(site.url("/feed"))

    events = once(archive, site)

    assert [(each.new, each.error) for each in events if isinstance(each, Checked)] == [(20, None)]
    assert {each.headline for each in events if isinstance(each, Kept)} == {
        f"Ice holds {n} boats in the harbour" for n in range(1, 21)
    }
    assert len(archive.entries(number, EntryState.KEPT, limit=50)) == 20
    assert sorted(site.asked) == sorted(["/feed", "/robots.txt", *(f"/news/{n}" for n in range(1, 21))])


def test_what_was_kept_is_gathered_anew_at_the_end(archive: Archive, site: Site) -> None:
    publish(site, range(1, 6))
    archive.follow(site.url("/feed"))

    assert [each.articles for each in once(archive, site) if isinstance(each, Gathered)] == [5]
    again(archive)
    assert not [each for each in once(archive, site) if isinstance(each, Gathered)]


def test_what_cannot_be_gathered_anew_in_time_stays_as_it_is(
    archive: Archive, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gathering, "_SECONDS", 0.0)
    publish(site, range(1, 6))
    archive.follow(site.url("/feed"))

    *others, last = once(archive, site)

    assert sum(isinstance(each, Kept) for each in others) == 5
    assert last == Gathered(error="gathering them took longer than 0 s, and was ended")
    assert json.loads(live.line(last))["level"] == "warning"
    assert live.words(last) == "stories   not gathered anew: gathering them took longer than 0 s, and was ended"


def test_rules_are_asked_for_again_while_pages_keep_coming(
    archive: Archive, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[int] = []

    def counted() -> tuple[Annotator, str]:
        asked.append(archive.status().articles)
        return reading()

    monkeypatch.setattr(update, "_STRETCH", 8)
    publish(site, range(1, 41))
    archive.follow(site.url("/feed"))

    assert sum(isinstance(each, Kept) for each in once(archive, site, reading=counted)) == 40
    assert len(asked) >= 5
    assert asked[1] <= 8


def test_a_batch_is_kept_whole_or_not_at_all(archive: Archive, site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    saved: list[int] = []
    save_entry = gathering.save_entry

    def fails_at_the_third(archive: Archive, entry: int, *more: Any, **named: Any) -> Saved:
        saved.append(entry)
        if len(saved) == 3:
            raise ArchiveError("the disk is full")
        return save_entry(archive, entry, *more, **named)

    fetch, fetched, all_there = site.fetcher().fetch, [], threading.Event()

    def noted(source: str) -> Capture:
        fetched.append(fetch(source))
        if len(fetched) == 5:
            all_there.set()
        return fetched[-1]

    def late() -> tuple[Annotator, str]:
        all_there.wait(60)  # so that the pages are one batch
        return reading()

    publish(site, range(1, 6))
    archive.follow(site.url("/feed"))
    monkeypatch.setattr(gathering, "save_entry", fails_at_the_third)
    with pytest.raises(ArchiveError, match="the disk is full"):
        once(archive, site, fetch=noted, reading=late)
    assert archive.status().articles == 0

    monkeypatch.undo()
    once(archive, site, now=lambda: datetime.now(UTC) + timedelta(minutes=16))
    assert archive.status().articles == 5


def test_a_loop_that_watches_gathers_anew_soon_after_its_start(archive: Archive, site: Site) -> None:
    publish(site, [1, 2])
    archive.follow(site.url("/feed"))
    stop, kept = threading.Event(), 0
    gathered: list[Gathered] = []

    def now() -> datetime:
        return datetime.now(UTC) + timedelta(minutes=6 if kept == 2 else 0)

    for event in update.run(archive, tools(site, now=now), watch=True, stop=stop):
        kept += isinstance(event, Kept)
        if isinstance(event, Gathered):
            gathered.append(event)
            stop.set()

    assert [each.articles for each in gathered] == [2]


def test_nothing_is_asked_twice(archive: Archive, site: Site) -> None:
    publish(site, [1, 2], ETag='"one"')
    archive.follow(site.url("/feed"))
    once(archive, site)
    before, sent = len(site.asked), len(site.headers)

    assert once(archive, site) == []  # it is not due
    again(archive)
    publish(site, [1, 2, 3])
    (checked, _, kept) = sorted(once(archive, site), key=lambda each: type(each).__name__)

    assert isinstance(checked, Checked)
    assert checked.new == 1
    assert isinstance(kept, Kept)
    assert [path for path in site.asked[before:] if path != "/robots.txt"] == ["/feed", "/news/3"]
    assert site.headers[sent]["If-None-Match"] == '"one"'


@pytest.mark.parametrize("status", [304, 503])
def test_the_hours_that_a_feed_skips_are_kept_where_it_does_not_name_them_again(
    archive: Archive, site: Site, status: int
) -> None:
    skipped = "".join(f"<hour>{hour}</hour>" for hour in range(24) if hour != 5)
    feed = rss(site, [1]).replace(b"<item>", f"<skipHours>{skipped}</skipHours><item>".encode(), 1)
    publish(site, [1])
    site.answers["/feed"] = reply(feed, Content_Type="application/rss+xml", ETag='"one"')
    number, _ = archive.follow(site.url("/feed"))
    once(archive, site)
    site.answers["/feed"] = reply(b"", status=status)
    again(archive)

    once(archive, site)

    found = archive.feed(number)
    assert found is not None
    assert found.due_at is not None
    assert (found.due_at.hour, found.failures) == (5, int(status == 503))


def test_what_fails_is_recorded_with_its_reason(archive: Archive, site: Site) -> None:
    publish(site, [1, 2, 3, 4])
    site.answers["/news/2"] = reply(b"gone", status=404)
    site.answers["/news/3"] = reply(b"<html><body><p>Sign in.</p></body></html>")
    site.answers["/news/4"] = reply(b"busy", status=503)
    number, _ = archive.follow(site.url("/feed"))

    lost = {each.url: each for each in once(archive, site) if isinstance(each, Lost)}

    assert set(lost) == {site.url(f"/news/{n}") for n in (2, 3, 4)}
    assert lost[site.url("/news/4")].again is not None
    failed = archive.entries(number, EntryState.FAILED)
    assert {each.url for each in failed} == {site.url("/news/2"), site.url("/news/3")}
    assert all(each.reason for each in failed)
    (waiting,) = archive.entries(number, EntryState.WAITING)
    assert (waiting.tries, waiting.due_at) == (1, lost[site.url("/news/4")].again)


def test_a_feed_that_is_gone_is_stopped_and_one_that_is_none_is_told_of(archive: Archive, site: Site) -> None:
    site.answers["/gone"] = reply(b"", status=410)
    site.answers["/page"] = reply(b"<html><p>No feed here</p></html>")
    gone, none = archive.follow(site.url("/gone"))[0], archive.follow(site.url("/page"))[0]

    events = once(archive, site)

    assert all(isinstance(each, Checked) and each.error for each in events)
    first, second = archive.feed(gone), archive.feed(none)
    assert first is not None
    assert first.state is FeedState.STOPPED
    assert second is not None
    assert (second.failures, second.error) == (1, "it is a web page, not a feed")


def test_a_site_that_names_a_feed_is_followed_there(archive: Archive, site: Site) -> None:
    publish(site, [1])
    head = "<link rel=alternate type=application/rss+xml href=/feed>"
    site.answers["/"] = reply(f"<html><head>{head}</head><body>Today</body></html>".encode())
    archive.follow(site.url("/"))

    events = once(archive, site)

    assert {type(each) for each in events} == {Checked, Kept, Gathered}
    (feed,) = archive.feeds()
    assert (feed.url, feed.title, feed.error) == (site.url("/feed"), "The Gazette", None)


def test_a_feed_that_turns_into_a_page_stays_where_it_is(archive: Archive, site: Site) -> None:
    publish(site, [1])
    publish(site, [2], "/other")
    number, _ = archive.follow(site.url("/feed"))
    once(archive, site)
    link = "<link rel=alternate type=application/rss+xml href=/other>"
    site.answers["/feed"] = reply(f"<html><head>{link}</head><body>We are back soon</body></html>".encode())
    again(archive)

    (event,) = once(archive, site)

    assert isinstance(event, Checked)
    assert event.error == "it is a web page, not a feed"
    feed = archive.feed(number)
    assert feed is not None
    assert (feed.url, feed.failures) == (site.url("/feed"), 1)


def test_a_slow_site_holds_up_nobody(archive: Archive, site: Site) -> None:
    publish(site, range(1, 11))
    wait = threading.Event()

    def slow(handler: object) -> None:
        wait.wait(20)
        reply(page(99))(handler)  # type: ignore[arg-type]

    site.answers["/slow"] = slow
    archive.follow(site.url("/slow", host="slow.test"))
    archive.follow(site.url("/feed"))
    kept = 0
    fetcher = site.fetcher(allow_hosts=("news.test", "slow.test"), timeout=30.0)

    for event in update.run(
        archive, tools(site, poll=fetcher.poll, fetch=fetcher.fetch), watch=False, stop=threading.Event()
    ):
        kept += isinstance(event, Kept)
        if kept == 10:
            wait.set()

    assert kept == 10


def test_many_feeds_of_a_site_that_never_answers_hold_up_nobody(archive: Archive, site: Site) -> None:
    def never(_: object) -> None:
        site.done.wait(60)

    for number in range(40):
        site.answers[f"/slow/{number}"] = never
        archive.follow(site.url(f"/slow/{number}", host="slow.test"))
    publish(site, range(1, 4))
    archive.follow(site.url("/feed"))
    fetcher = site.fetcher(allow_hosts=("news.test", "slow.test"), timeout=60.0)
    stop, kept = threading.Event(), 0

    for event in update.run(archive, tools(site, poll=fetcher.poll, fetch=fetcher.fetch), watch=True, stop=stop):
        assert isinstance(event, Checked | Kept)  # of the site that answers: none of the other has failed yet
        kept += isinstance(event, Kept)
        if kept == 3:
            stop.set()

    assert kept == 3
    assert sum(path.startswith("/slow") for path in site.asked) == 1


def test_the_loop_watches_until_it_is_stopped(archive: Archive, site: Site) -> None:
    publish(site, [1])
    archive.follow(site.url("/feed"))
    stop = threading.Event()
    kept: list[Event] = []

    for event in update.run(archive, tools(site), watch=True, stop=stop):
        if isinstance(event, Kept):
            kept.append(event)
            if len(kept) == 1:
                publish(site, [1, 2])
                again(archive)
            else:
                stop.set()

    assert len(kept) == 2


def test_what_is_not_done_when_the_loop_stops_is_due_at_once(archive: Archive, site: Site) -> None:
    publish(site, range(1, 31))
    number, _ = archive.follow(site.url("/feed"))
    stop = threading.Event()
    for event in update.run(archive, tools(site), watch=False, stop=stop):
        if isinstance(event, Kept):
            stop.set()

    while archive.entries(number, EntryState.WAITING):  # some are put off until their turn
        once(archive, site)

    assert len(archive.entries(number, EntryState.KEPT, limit=50)) == 30


def test_the_loop_stops_while_a_server_never_answers(archive: Archive, site: Site) -> None:
    publish(site, [1])
    asked, go, answered = threading.Event(), threading.Event(), threading.Event()

    def never(handler: object) -> None:
        asked.set()
        go.wait(60)
        answered.set()
        reply(page(2))(handler)  # type: ignore[arg-type]

    site.answers["/news/1"] = site.answers["/slow"] = never
    number, _ = archive.follow(site.url("/feed"))
    slow, _ = archive.follow(site.url("/slow", host="slow.test"))
    fetcher = site.fetcher(allow_hosts=("news.test", "slow.test"), timeout=60.0)
    own = tools(site, poll=fetcher.poll, fetch=fetcher.fetch)
    stop = threading.Event()

    for event in update.run(archive, own, watch=True, stop=stop):
        assert isinstance(event, Checked)
        assert asked.wait(60)
        stop.set()

    assert not answered.is_set()
    (waiting,) = archive.entries(number, EntryState.WAITING)
    feed = archive.feed(slow)
    now = datetime.now(UTC)
    assert feed is not None
    assert (waiting.due_at or now) < now
    assert (feed.due_at or now) < now
    go.set()


def test_a_feed_of_which_not_all_comes_is_told_of_and_its_entries_are_had(archive: Archive, site: Site) -> None:
    publish(site, [1, 2], Content_Length="100000")
    archive.follow(site.url("/feed"))

    checked, *others = once(archive, site)

    assert isinstance(checked, Checked)
    assert (checked.new, checked.error) == (2, None)
    assert "broke off" in (checked.cut or "")
    assert (json.loads(live.line(checked))["level"], "not all of it came" in live.words(checked)) == ("warning", True)
    assert sum(isinstance(each, Kept) for each in others) == 2


def test_the_pages_of_a_large_site_are_put_off_until_their_turn(archive: Archive, site: Site) -> None:
    publish(site, range(1, 101))
    number, _ = archive.follow(site.url("/feed"))
    stop = threading.Event()
    begun = datetime.now(UTC)

    for event in update.run(archive, tools(site, delay=1.0), watch=True, stop=stop):
        if isinstance(event, Kept):
            stop.set()

    waiting = [each.due_at or begun for each in archive.entries(number, EntryState.WAITING, limit=200)]
    later = [seconds for at in waiting if (seconds := (at - begun).total_seconds()) > 5]
    assert len(later) > 50
    assert len({round(each) for each in later}) > 30


def test_pages_of_a_host_that_is_not_to_be_asked_yet_are_put_off_and_not_given_up(archive: Archive, site: Site) -> None:
    publish(site, range(1, 4))
    number, _ = archive.follow(site.url("/feed"))
    site.answers["/robots.txt"] = reply(b"User-agent: *\nCrawl-delay: 3600")
    begun = datetime.now(UTC)

    events = once(archive, site)

    assert [type(each) for each in events] == [Checked, Kept, Gathered]
    waiting = archive.entries(number, EntryState.WAITING)
    assert [each.tries for each in waiting] == [0, 0]
    assert all("asks to be left alone" in (each.reason or "") for each in waiting)
    assert all(each.due_at and each.due_at > begun + timedelta(minutes=50) for each in waiting)


def test_all_pages_are_had_of_a_host_that_gives_few_at_a_time(archive: Archive, site: Site) -> None:
    publish(site, range(1, 13))
    number, _ = archive.follow(site.url("/feed"))
    left, asked = 0, 0

    def few(page_: int) -> Answer:
        def answer(handler: BaseHTTPRequestHandler) -> None:
            nonlocal left, asked
            left, asked = left - 1, asked + 1
            (reply(page(page_)) if left >= 0 else reply(b"", status=429, Retry_After="3600"))(handler)

        return answer

    site.answers |= {f"/news/{each}": few(each) for each in range(1, 13)}
    for hour in range(20):
        left = 2
        once(archive, site, now=lambda hour=hour: datetime.now(UTC) + timedelta(hours=1.1) * hour)

    assert len(archive.entries(number, EntryState.KEPT)) == 12
    assert asked < 12 + 8


def test_a_feed_of_a_host_that_others_ask_is_put_off_and_has_not_failed(archive: Archive, site: Site) -> None:
    number, _ = archive.follow(site.url("/feed"))

    def busy(*_: object, **__: object) -> Poll:
        raise BusyError("others ask", seconds=90)

    assert once(archive, site, poll=busy) == []
    feed = archive.feed(number)
    assert feed is not None
    assert (feed.failures, feed.checked_at) == (0, None)
    assert feed.due_at is not None
    assert feed.due_at > datetime.now(UTC) + timedelta(seconds=60)


def test_a_page_that_is_soon_another_processs_is_left_to_it(
    archive: Archive, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(site, [1])
    archive.follow(site.url("/feed"))
    begun = datetime.now(UTC)
    claim = archive.claim_entries

    def late(**asked: Any) -> list[Expected]:
        """Give what was claimed, but as if more than half of that time were over."""
        return [replace(each, due_at=begun + update.LEASE * 0.4) for each in claim(**asked)]

    monkeypatch.setattr(archive, "claim_entries", late)
    once(archive, site)

    assert "/news/1" not in site.asked


def test_two_feeds_that_name_a_page_fetch_it_once(archive: Archive, site: Site) -> None:
    publish(site, [1, 2], "/a")
    publish(site, [2, 3], "/b")
    archive.follow(site.url("/a"))
    archive.follow(site.url("/b"))

    once(archive, site)

    assert sorted(path for path in site.asked if path.startswith("/news")) == ["/news/1", "/news/2", "/news/3"]
    assert archive.status().articles == 3


def test_the_index_of_a_sites_maps_leads_to_its_articles(archive: Archive, site: Site) -> None:
    publish(site, [1])
    site.answers["/maps"] = reply(
        f"<sitemapindex><sitemap><loc>{site.url('/map')}</loc></sitemap></sitemapindex>".encode(),
        Content_Type="text/xml",
    )
    site.answers["/map"] = reply(
        f"<urlset><url><loc>{site.url('/news/1')}</loc></url></urlset>".encode(), Content_Type="text/xml"
    )
    archive.follow(site.url("/maps"))

    assert [each.url for each in once(archive, site) if isinstance(each, Kept)] == [site.url("/news/1")]


def test_a_loop_that_is_killed_loses_and_repeats_nothing(tmp_path: Path, site: Site) -> None:
    publish(site, range(1, 41))
    place = str(tmp_path / "a.sqlite")
    with Archive.open(place, create=True) as archive:
        number, _ = archive.follow(site.url("/feed"))
    script = f"import sys; sys.path[:0] = {sys.path!r}; import test_update; test_update.work({place!r})"
    for _ in range(3):
        with subprocess.Popen([sys.executable, "-c", script]) as loop:
            time.sleep(1.5)
            os.kill(loop.pid, signal.SIGKILL)
        with Archive.open(place) as archive, archive._database.write() as connection:  # what was claimed lapses
            connection.exec_driver_sql("UPDATE entries SET due_at = found_at WHERE due_at IS NOT NULL")
            connection.exec_driver_sql("UPDATE feeds SET due_at = added_at WHERE checked_at IS NULL")

    with Archive.open(place) as archive:
        once(archive, site)
        kept = archive.entries(number, EntryState.KEPT, limit=100)
        assert len(kept) == len({each.article_id for each in kept}) == archive.status().articles == 40
        assert all(
            version == 1
            for version in [card.version for card in archive.browse(limit=100).rows if hasattr(card, "version")]
        )


def work(place: str) -> None:
    """Run the loop in a process that is to be killed."""
    from gazetteer.intake import FetchSettings
    from gazetteer.intake.http import Fetcher

    settings = FetchSettings(allow_hosts=("news.test",), delay=0.0)
    fetcher = Fetcher(settings, resolve=lambda _host, _port: ["127.0.0.1"])
    own = Tools(poll=fetcher.poll, fetch=fetcher.fetch, extract=extract, reading=reading, delay=0.0)
    with Archive.open(place) as archive:
        list(update.run(archive, own, watch=True, stop=threading.Event()))
