from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler
from threading import Event

import pytest
from websites import PAGE, Site, redirect, reply

from gazetteer.errors import FetchError
from gazetteer.intake import FetchSettings
from gazetteer.intake.http import Fetcher
from gazetteer.intake.pictures import MAX_BYTES, fetching
from gazetteer.types import Capture

PNG = b"\x89PNG\r\n\x1a\n"


def picture() -> Callable[[str], Capture]:
    def make(settings: FetchSettings) -> Fetcher:
        return Fetcher(settings, resolve=lambda _host, _port: ["127.0.0.1"])

    return fetching(FetchSettings(allow_hosts=("news.test",)), make=make)


def refused(fetch: Callable[[str], Capture], address: str) -> str:
    with pytest.raises(FetchError) as caught:
        fetch(address)
    return caught.value.reason


def test_a_picture_comes_in_and_is_remembered(site: Site) -> None:
    site.answers["/a.png"] = reply(PNG, Content_Type="image/png")
    fetch = picture()
    assert fetch(site.url("/a.png")).content == fetch(site.url("/a.png")).content == PNG
    assert site.asked == ["/robots.txt", "/a.png"]


@pytest.mark.parametrize("kind", ["image/svg+xml", "text/html", "", "application/octet-stream"])
def test_only_pictures_that_cannot_act_are_taken(site: Site, kind: str) -> None:
    site.answers["/a"] = reply(PAGE, Content_Type=kind)
    assert "not a picture" in refused(picture(), site.url("/a"))


def test_a_picture_is_bounded(site: Site) -> None:
    site.answers["/told"] = reply(PNG, Content_Type="image/png", Content_Length=str(MAX_BYTES + 1))
    site.answers["/real"] = reply(PNG + b"\0" * MAX_BYTES, Content_Type="image/png")
    for path in ("/told", "/real"):
        assert refused(picture(), site.url(path)).startswith("it is larger than 4 MB")


def test_no_picture_is_fetched_from_ones_own_network(site: Site) -> None:
    site.answers["/a"] = redirect(f"http://127.0.0.1:{site.port}/secret.png")
    site.answers["/secret.png"] = reply(PNG, Content_Type="image/png")
    assert "not on the public internet" in refused(picture(), site.url("/a"))
    assert "/secret.png" not in site.asked


def test_a_slow_publisher_does_not_hold_up_others(site: Site) -> None:
    begun, done = [Event(), Event()], Event()

    def slow(handler: BaseHTTPRequestHandler) -> None:
        begun[0 if handler.path == "/0" else 1].set()
        done.wait(10)
        reply(PNG, Content_Type="image/png")(handler)

    site.answers |= {"/0": slow, "/1": slow}
    fetch = picture()
    with ThreadPoolExecutor(2) as pool:
        waiting = [pool.submit(fetch, site.url(path)) for path in ("/0", "/1")]
        assert all(each.wait(10) for each in begun)
        assert refused(fetch, site.url("/2")) == "other pictures are being fetched; try again"
        done.set()
        assert [each.result().content for each in waiting] == [PNG, PNG]
