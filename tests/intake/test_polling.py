"""Polls of feeds, and fetches from several threads, against a server on loopback."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from http.server import BaseHTTPRequestHandler

import pytest
from websites import Answer, Site, redirect, reply

from gazetteer.errors import FetchError
from gazetteer.intake import robots
from gazetteer.intake.exchange import Deadline
from gazetteer.intake.polling import News
from gazetteer.intake.turns import Turns

FEED = b"<rss><channel><title>Tide</title><item><title>One</title><link>/1</link></item></channel></rss>"
TAGGED = {"ETag": '"one"', "Last-Modified": "Mon, 06 May 2024 12:00:00 GMT", "Content-Type": "application/rss+xml"}


def test_a_first_poll_gives_the_feed_and_what_to_send_with_the_next(site: Site) -> None:
    site.answers["/feed"] = reply(FEED, Cache_Control="max-age=900", **TAGGED)
    poll = site.fetcher().poll(site.url("/feed"))
    assert poll.news is News.FRESH
    assert poll.capture is not None
    assert (poll.capture.content, poll.capture.url) == (FEED, site.url("/feed"))
    assert (poll.etag, poll.last_modified) == ('"one"', "Mon, 06 May 2024 12:00:00 GMT")
    assert (poll.max_age, poll.moved_to, poll.cut) == (timedelta(minutes=15), None, "")
    assert site.headers[0]["If-None-Match"] is None
    assert "application/atom+xml" in site.headers[0]["Accept"]


def test_no_leave_is_asked_for_what_a_reader_chose(site: Site) -> None:
    site.answers |= {"/robots.txt": reply(b"User-agent: *\nDisallow: /"), "/feed": reply(FEED)}
    assert site.fetcher().poll(site.url("/feed")).news is News.FRESH
    assert site.asked == ["/feed"]


def test_an_unchanged_feed_keeps_what_is_to_be_sent(site: Site) -> None:
    site.answers["/feed"] = reply(b"", status=304, ETag='"two"', Cache_Control="max-age=60")
    poll = site.fetcher().poll(site.url("/feed"), etag='"one"', last_modified="Mon, 06 May 2024 12:00:00 GMT")
    assert (poll.news, poll.capture, poll.reason) == (News.UNCHANGED, None, "")
    assert (poll.etag, poll.last_modified) == ('"two"', "Mon, 06 May 2024 12:00:00 GMT")
    assert poll.max_age == timedelta(minutes=1)
    assert site.headers[0]["If-None-Match"] == '"one"'
    assert site.headers[0]["If-Modified-Since"] == "Mon, 06 May 2024 12:00:00 GMT"


def test_nothing_is_unchanged_for_who_asked_for_all(site: Site) -> None:
    site.answers["/feed"] = reply(b"", status=304)
    assert site.fetcher().poll(site.url("/feed")).news is News.FAILED


def test_what_is_no_validator_is_not_sent(site: Site) -> None:
    site.answers["/feed"] = reply(FEED)
    site.fetcher().poll(site.url("/feed"), etag="a\r\nX-Evil: 1", last_modified="")
    assert site.headers[0]["If-None-Match"] is None
    assert site.headers[0]["X-Evil"] is None


def test_a_feed_that_is_gone_says_so(site: Site) -> None:
    site.answers["/feed"] = reply(b"", status=410)
    poll = site.fetcher().poll(site.url("/feed"))
    assert (poll.news, poll.is_final) == (News.GONE, True)
    assert "removed" in poll.reason


@pytest.mark.parametrize(
    ("statuses", "moved"),
    [((301,), "/1"), ((308, 301), "/2"), ((301, 302), "/1"), ((302, 301), None), ((307,), None), ((303, 308), None)],
)
def test_what_moved_for_good_is_remembered_as_far_as_it_did(
    site: Site, statuses: tuple[int, ...], moved: str | None
) -> None:
    site.answers |= {f"/{n}": redirect(f"/{n + 1}", status) for n, status in enumerate(statuses)}
    site.answers[f"/{len(statuses)}"] = reply(FEED)
    poll = site.fetcher().poll(site.url("/0"))
    assert (poll.news, poll.moved_to) == (News.FRESH, moved and site.url(moved))


def test_no_redirect_of_a_feed_leads_to_a_private_address(site: Site) -> None:
    site.answers["/feed"] = redirect("http://10.0.0.1/", 301)
    fetcher = site.fetcher()
    fetcher._resolve = lambda host, _port: [host if host == "10.0.0.1" else "127.0.0.1"]
    poll = fetcher.poll(site.url("/feed"))
    assert (poll.news, poll.moved_to, poll.is_final) == (News.FAILED, None, True)
    assert "not on the public internet" in poll.reason


@pytest.mark.parametrize(
    ("answer", "is_final", "wait"),
    [
        (reply(b"", status=429, Retry_After="120"), False, timedelta(minutes=2)),
        (reply(b"", status=503, Retry_After="Fri, 31 Dec 2083 23:59:59 GMT"), False, timedelta(days=7)),
        (reply(b"", status=500), False, None),
        (reply(b"", status=404), True, None),
        (reply(b"", status=401), True, None),
        (reply(b"GIF89a", Content_Type="image/gif"), True, None),
        (redirect("file:///etc/passwd"), True, None),
        (redirect("/feed"), False, None),
    ],
)
def test_failures_say_whether_and_when_to_ask_again(
    site: Site, answer: Answer, is_final: object, wait: timedelta | None
) -> None:
    site.answers["/feed"] = answer
    poll = site.fetcher().poll(site.url("/feed"), etag='"one"')
    assert (poll.news, poll.capture, poll.etag) == (News.FAILED, None, None)
    assert poll.reason
    assert (poll.is_final, poll.retry_after) == (is_final, wait)


@pytest.mark.parametrize("status", [429, 503])
def test_pages_say_when_to_ask_again_too(site: Site, status: int) -> None:
    site.answers["/a"] = reply(b"", status=status, Retry_After="7")
    with pytest.raises(FetchError) as caught:
        site.fetcher().fetch(site.url("/a"))
    assert (caught.value.retry_after, caught.value.is_final) == (timedelta(seconds=7), False)


class Busy:
    """A page that takes a moment, and knows how many ask for it at once, by host and in all."""

    def __init__(self) -> None:
        self.now: dict[str, int] = {}
        self.most = self.most_of_one = 0
        self._lock = threading.Lock()

    def __call__(self, handler: BaseHTTPRequestHandler) -> None:
        host = handler.headers["Host"]
        with self._lock:
            self.now[host] = self.now.get(host, 0) + 1
            self.most = max(self.most, sum(self.now.values()))
            self.most_of_one = max(self.most_of_one, self.now[host])
        time.sleep(0.02)
        with self._lock:
            self.now[host] -= 1
        reply(FEED)(handler)


def test_threads_take_turns_at_a_host_and_share_the_connections(site: Site) -> None:
    names = [f"n{n}.test" for n in range(6)]
    busy = site.answers["/a"] = Busy()
    fetcher = site.fetcher(allow_hosts=tuple(names), connections=3)
    with ThreadPoolExecutor(18) as threads:
        urls = [site.url("/a", host=name) for name in names] * 3
        captures = list(threads.map(fetcher.fetch, urls))
    assert [capture.source for capture in captures] == urls
    assert (busy.most_of_one, busy.most) == (1, 3)
    assert site.asked.count("/robots.txt") == len(names)


def test_waiting_for_a_turn_is_not_the_pages_time(site: Site) -> None:
    def slow(handler: BaseHTTPRequestHandler) -> None:
        time.sleep(0.3)
        reply(FEED)(handler)

    site.answers["/a"] = slow
    fetcher = site.fetcher(timeout=1.0)
    with ThreadPoolExecutor(5) as threads:
        polls = list(threads.map(lambda _: fetcher.poll(site.url("/a")), range(5)))
    assert {poll.news for poll in polls} == {News.FRESH}


def test_hosts_that_nobody_asks_are_forgotten() -> None:
    turns = Turns()
    with turns.of("kept", Deadline(1)):
        for n in range(3_000):
            with turns.of(f"host{n}", Deadline(1)) as host:
                host.rests_until = time.monotonic()
        assert len(turns._hosts) < 1_100
        assert "kept" in turns._hosts


def test_rules_are_read_again_after_a_day_and_failures_after_an_hour() -> None:
    now = 0.0
    memory = robots.Memory(clock=lambda: now)
    rules = robots.parse(b"User-agent: *\nDisallow: /", agent="Gazetteer")
    assert memory.get("a") is None
    with pytest.raises(FetchError, match="down"):
        memory.fail("a", FetchError("down"))
    with pytest.raises(FetchError, match="down"):
        memory.get("a")
    now += 3_601
    assert memory.get("a") is None
    assert memory.put("a", rules) == memory.get("a") == rules
    now += 24 * 3_600 + 1
    assert memory.get("a") is None
    assert memory.fail("a", FetchError("down")) == memory.get("a") == rules


def test_rules_take_bounded_room() -> None:
    memory = robots.Memory()
    large = robots.Rules(size=robots.MAX_BYTES)
    for n in range(100):
        memory.put(f"site{n}", large)
        memory.put("often", robots.Rules())
    assert memory.get("site0") is None
    assert memory.get("site99") == large
    assert memory.get("often") == robots.Rules()
    assert memory._size == sum(known.size for known in memory._known.values()) <= 8 * 2**20
