"""What servers do wrong, done by a real one on loopback: each has the right outcome, and what could be had is had."""

import gzip
import socket
import struct
import time
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler

import pytest
from websites import PAGE, Answer, Site, redirect, reply

from gazetteer.errors import FeedError, FetchError
from gazetteer.intake import EITHER, addresses, feeds
from gazetteer.intake.polling import News, Poll

FEED = """<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>Tide</title>
<item><guid>1</guid><title>Fähre eins</title><link>/1</link></item>
<item><guid>2</guid><title>Fähre zwei</title><link>/2</link></item>
</channel></rss>"""
WHOLE = FEED.encode()
CUT = WHOLE[: WHOLE.index(b"zwei")]
BOMB = gzip.compress(CUT + b" " * 64_000_000)
LONG = {"Content_Length": str(len(WHOLE) + 100), "ETag": '"a"'}
TIMEOUT = 2.5


def breaking_off(content: bytes) -> Answer:
    """The connection is reset before or after the content, which says that it is the whole feed."""

    def answer(handler: BaseHTTPRequestHandler) -> None:
        if content:
            reply(content, **LONG)(handler)
            time.sleep(0.05)  # a reset overtakes what is still on its way
        handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        handler.connection.close()

    return answer


def standing_still(content: bytes) -> Answer:
    """Nothing comes, or nothing after the content."""

    def answer(handler: BaseHTTPRequestHandler) -> None:
        if content:
            reply(content, **LONG)(handler)
        handler.connection.settimeout(10)
        while handler.connection.recv(1024):
            pass

    return answer


def in_chunks(content: bytes, end: bytes) -> Answer:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        head = b"HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nETag: 1\r\nTransfer-Encoding: chunked\r\n\r\n"
        handler.wfile.write(head + b"%x\r\n%s\r\n" % (len(content), content) + end)

    return answer


def poll(site: Site, answer: Answer) -> Poll:
    site.answers["/feed"] = answer
    return site.fetcher(timeout=TIMEOUT, max_bytes=1_000_000).poll(site.url("/feed"))


@pytest.mark.parametrize(
    ("answer", "had", "is_whole"),
    [
        (breaking_off(CUT), ["1"], False),
        (standing_still(CUT), ["1"], False),
        (standing_still(WHOLE), ["1", "2"], False),
        (reply(CUT, **LONG), ["1"], False),
        (reply(WHOLE, **LONG), ["1", "2"], False),
        (reply(WHOLE, Content_Length=str(len(CUT))), ["1"], True),
        (reply(CUT), ["1"], True),
        (in_chunks(CUT, b""), ["1"], False),
        (in_chunks(CUT, b"zz\r\nnonsense"), ["1"], False),
        (in_chunks(WHOLE, b"0\r\n\r\n"), ["1", "2"], True),
        (reply(gzip.compress(WHOLE)[:-9], Content_Encoding="gzip"), ["1", "2"], None),
        (reply(gzip.compress(WHOLE) + b"junk", Content_Encoding="gzip"), ["1", "2"], None),
        (reply(BOMB, Content_Encoding="gzip"), ["1"], False),
        (reply(CUT + b" " * 2_000_000), ["1"], False),
        (reply(WHOLE, Content_Type="text/html"), ["1", "2"], True),
        (reply(WHOLE, Content_Type="application/octet-stream"), ["1", "2"], True),
    ],
    ids=[
        "reset in the middle",
        "standing still in the middle",
        "standing still at the end",
        "shorter than it says",
        "longer by its length alone",
        "longer than it says",
        "cut off at its source",
        "chunks that break off",
        "chunks of nonsense",
        "chunks",
        "packed and cut off",
        "packed with junk after it",
        "a bomb after an entry",
        "too large",
        "sent as a page",
        "sent as a file",
    ],
)
def test_of_a_feed_that_comes_in_part_the_whole_entries_are_had(
    site: Site, answer: Answer, had: list[str], is_whole: object
) -> None:
    found = poll(site, answer)
    assert found.news is News.FRESH
    assert found.capture is not None
    assert [entry.id for entry in feeds.parse(found.capture).entries] == had
    assert is_whole is None or (not found.cut) is is_whole
    assert not found.cut or not (found.etag or found.last_modified)


@pytest.mark.parametrize(
    ("answer", "words", "is_final", "wait"),
    [
        (breaking_off(b""), "try again later", False, None),
        (standing_still(b""), f"took longer than {TIMEOUT} s", False, None),
        (redirect("/feed"), "circle", False, None),
        (reply(b"", status=429, Retry_After="60"), "slow down", False, timedelta(minutes=1)),
        (reply(b"", status=503, Retry_After="3600"), "trouble of its own", False, timedelta(hours=1)),
        (reply(b"", status=503), "trouble of its own", False, None),
        (reply(b"x", Content_Encoding="br"), "packed as", False, None),
        (reply(b"", status=403), "refuses automatic readers", True, None),
    ],
    ids=["reset", "standing still", "a circle", "429", "503 with a time", "503", "packed as was not asked for", "403"],
)
def test_what_cannot_be_had_says_why_and_when_to_ask_again(
    site: Site, answer: Answer, words: str, is_final: object, wait: timedelta | None
) -> None:
    found = poll(site, answer)
    assert (found.news, found.capture) == (News.FAILED, None)
    assert words in found.reason
    assert (found.is_final, found.retry_after) == (is_final, wait)


@pytest.mark.parametrize(
    "answer",
    [
        breaking_off(b""),
        breaking_off(PAGE[:40]),
        standing_still(b""),
        standing_still(PAGE[:40]),
        reply(PAGE, **LONG),
        in_chunks(PAGE, b""),
        reply(BOMB, Content_Encoding="gzip"),
        redirect("/feed"),
        reply(b"", status=429),
        reply(b"", status=503),
    ],
    ids=[
        "reset",
        "reset in the middle",
        "standing still",
        "standing still in the middle",
        "shorter than it says",
        "chunks that break off",
        "a bomb",
        "a circle",
        "429",
        "503",
    ],
)
def test_a_page_that_does_not_come_whole_is_none(site: Site, answer: Answer) -> None:
    site.answers["/feed"] = answer
    with pytest.raises(FetchError):
        site.fetcher(timeout=TIMEOUT, max_bytes=1_000_000).fetch(site.url("/feed"))


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (reply(CUT, **LONG), "broke off"),
        (breaking_off(CUT), "broke off"),
        (standing_still(CUT), f"took longer than {TIMEOUT} s"),
        (reply(BOMB, Content_Encoding="gzip"), "is larger than 0.954 MB"),
    ],
    ids=["shorter than it says", "reset in the middle", "standing still in the middle", "a bomb"],
)
def test_what_may_be_a_page_or_a_feed_may_be_cut_only_where_it_is_a_feed(
    site: Site, answer: Answer, words: str
) -> None:
    site.answers |= {"/feed": answer, "/page": reply(PAGE, **LONG)}
    fetcher = site.fetcher(timeout=TIMEOUT, max_bytes=1_000_000, max_delay=0)
    capture = fetcher.fetch(site.url("/feed"), sort=EITHER)
    assert [entry.id for entry in feeds.parse(capture).entries] == ["1"]
    assert words in fetcher.poll(site.url("/feed")).cut
    with pytest.raises(FetchError, match="broke off"):
        fetcher.fetch(site.url("/page"), sort=EITHER)


def test_a_bomb_that_holds_no_feed_is_refused(site: Site) -> None:
    found = poll(site, reply(gzip.compress(bytes(64_000_000)), Content_Encoding="gzip"))
    assert found.capture is not None
    with pytest.raises(FeedError):
        feeds.parse(found.capture)


def test_entries_stay_the_same_whatever_encoding_a_feed_comes_in(site: Site) -> None:
    declared = FEED.replace("utf-8", "iso-8859-1")
    sent = [
        reply(WHOLE),
        reply(FEED.encode("cp1252"), Content_Type="text/xml; charset=utf-8"),
        reply(declared.encode("latin-1"), Content_Type="text/xml"),
        reply(declared.encode()),
        reply(FEED.encode("utf-16")),
        reply(gzip.compress(WHOLE), Content_Encoding="gzip"),
    ]
    first, *others = [poll(site, each).capture for each in sent]
    assert first is not None
    for other in others:
        assert other is not None
        assert feeds.parse(other).entries == feeds.parse(first).entries


@pytest.fixture
def elsewhere(monkeypatch: pytest.MonkeyPatch, site: Site) -> Iterator[Site]:
    """A site at 127.0.0.2, which passes for public here, on the same port as the site at 127.0.0.1, which does not."""
    monkeypatch.setattr(addresses, "is_public", lambda address: address == "127.0.0.2")
    started = Site(host="127.0.0.2", port=site.port)
    yield started
    started.close()


def test_a_name_that_turns_to_a_private_address_leads_nowhere(site: Site, elsewhere: Site) -> None:
    """What was checked is what is connected to, whatever the name says next; and what it says next is checked too."""
    for each in (site, elsewhere):
        each.answers |= {"/feed": reply(WHOLE), "/moved": redirect("/feed")}
    fetcher = elsewhere.fetcher(allow_hosts=())
    said: list[str] = []
    fetcher._resolve = lambda _host, _port: [said.pop(0) if said else "127.0.0.1"]
    said[:] = ["127.0.0.2"]
    assert fetcher.poll(site.url("/feed")).news is News.FRESH
    for path in ("/feed", "/moved"):
        said[:] = ["127.0.0.2"] if path == "/moved" else []
        found = fetcher.poll(site.url(path))
        assert (found.news, found.is_final) == (News.FAILED, True)
        assert "not on the public internet" in found.reason
    said[:] = ["127.0.0.2"]
    with pytest.raises(FetchError, match="not on the public internet"):
        fetcher.fetch(site.url("/feed"))
    assert elsewhere.asked == ["/feed", "/moved"]
    assert site.asked == []
