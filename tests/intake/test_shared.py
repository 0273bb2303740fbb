"""A fetcher among other processes that ask the same hosts."""

from collections.abc import Iterator

import pytest

from gazetteer.errors import BusyError, FetchError
from gazetteer.intake import FetchSettings
from gazetteer.intake.http import Fetcher
from gazetteer.intake.polling import News
from tests.intake.websites import PAGE, Site, redirect, reply


class Others:
    """Other processes: hosts are theirs for so many tries; `told` notes what was taken and given."""

    def __init__(self, *waits: float) -> None:
        self.waits = [*waits]
        self.told: list[tuple[str, float | None, bool] | str] = []
        self.rests: list[float] = []

    def take(self, host: str, *, seconds: float, rest: float | None, is_first: bool) -> float:
        assert seconds > 0
        if self.waits:
            return self.waits.pop(0)
        self.told.append((host, rest, is_first))
        return 0.0

    def give(self, host: str, *, rest: float = 0.0) -> None:
        self.told.append(host)
        self.rests.append(rest)


@pytest.fixture
def site() -> Iterator[Site]:
    opened = Site()
    yield opened
    opened.close()


def fetcher(site: Site, others: Others, **settings: object) -> Fetcher:
    chosen = FetchSettings(**{"allow_hosts": ("news.test",), "timeout": 10.0, "delay": 2.0} | settings)  # type: ignore[arg-type]
    return Fetcher(chosen, resolve=lambda _host, _port: ["127.0.0.1"], sleep=site.slept.append, shared=others)


def test_each_request_is_made_while_the_host_is_nobody_elses(site: Site) -> None:
    site.answers |= {
        "/robots.txt": reply(b"User-agent: *\nCrawl-delay: 7"),
        "/a": redirect("/b"),
        "/b": reply(),
    }
    others = Others()

    assert fetcher(site, others).fetch(site.url("/a")).content == PAGE

    files = [("news.test", None, False), "news.test"] * 2
    assert others.told == [*files, ("news.test", 7.0, True), "news.test", ("news.test", 7.0, False), "news.test"]


def test_a_host_that_others_ask_is_waited_for(site: Site) -> None:
    site.answers["/feed"] = reply(b"<rss/>", Content_Type="application/rss+xml")

    assert fetcher(site, Others(0.2, 1.5, 0.2)).poll(site.url("/feed")).news is News.FRESH
    assert site.slept == [0.2, 1.5, 0.2]


def test_a_host_that_others_ask_for_long_is_left_for_later(site: Site) -> None:
    others = Others(0.5, 59.0, 0.6, 100.5)
    own = fetcher(site, others)

    with pytest.raises(BusyError) as told:
        own.poll(site.url("/feed"))
    assert told.value.seconds == 1
    with pytest.raises(BusyError) as told:
        own.fetch(site.url("/a"))  # of its robots.txt nothing is remembered
    assert told.value.seconds == 101
    assert site.asked == []

    site.answers["/a"] = reply()
    assert own.fetch(site.url("/a")).content == PAGE


def test_a_host_is_given_back_after_a_failure(site: Site) -> None:
    site.answers["/a"] = reply(b"busy", status=503)
    others = Others()

    with pytest.raises(FetchError):
        fetcher(site, others).fetch(site.url("/a"))
    assert [each for each in others.told if isinstance(each, str)] == ["news.test"] * 3


@pytest.mark.parametrize(
    ("status", "told", "least", "most"),
    [
        (429, {"Retry_After": "3600"}, 3590, 3600),
        (503, {"Retry_After": "3600"}, 3590, 3600),
        (429, {"Retry_After": "999999999"}, 86_390, 86_400),
        (429, {}, 290, 300),
        (429, {"Retry_After": "soon"}, 290, 300),
        (429, {"Retry_After": "0"}, 0, 2),
        (503, {}, 0, 2),
        (404, {"Retry_After": "3600"}, 0, 2),
    ],
)
def test_a_host_that_has_too_much_to_do_is_asked_for_nothing_else(
    site: Site, status: int, told: dict[str, str], least: float, most: float
) -> None:
    site.answers |= {"/a": reply(b"", status=status, **told), "/b": reply(), "/feed": reply(b"<rss/>")}
    others = Others()
    own = fetcher(site, others)

    with pytest.raises(FetchError):
        own.fetch(site.url("/a"))
    assert least <= others.rests[-1] <= most
    if least:
        for ask in (own.fetch, own.poll):
            with pytest.raises(BusyError, match="asks to be left alone") as busy:
                ask(site.url("/b"))
            assert least <= busy.value.seconds <= most
        assert site.asked == ["/robots.txt", "/a"]
    else:
        assert own.fetch(site.url("/b")).content == PAGE
