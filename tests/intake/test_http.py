import contextlib
import gzip
import socket
import ssl
import zlib
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from urllib3.connection import HTTPConnection
from websites import PAGE, Site, redirect, reply

from gazetteer import __version__
from gazetteer.errors import ConfigError, FetchError
from gazetteer.intake import FetchSettings, addresses, exchange, robots, url
from gazetteer.intake.http import Fetcher
from gazetteer.intake.url import redacted

CERTIFICATE = Path(__file__).parent / "news.test.pem"


def refused(fetcher: Fetcher, source: str) -> str:
    with pytest.raises(FetchError) as caught:
        fetcher.fetch(source)
    return caught.value.reason


def test_a_page_comes_in_with_where_it_came_from(site: Site) -> None:
    site.answers["/a?b=1"] = reply()
    capture = site.fetcher().fetch(site.url("/a?b=1#c"))
    assert capture.content == PAGE
    assert capture.source == site.url("/a?b=1#c")
    assert capture.url == site.url("/a?b=1")
    assert capture.content_type == "text/html; charset=utf-8"
    assert capture.fetched_at is not None
    assert capture.fetched_at.utcoffset() is not None
    assert set(site.hosts) == {f"news.test:{site.port}"}


def test_it_says_who_asks(site: Site) -> None:
    site.answers["/"] = reply()
    site.fetcher().fetch(site.url(""))
    site.fetcher(contact="https://desk.example").fetch(site.url("/"))
    assert set(site.agents) == {f"Gazetteer/{__version__}", f"Gazetteer/{__version__} (+https://desk.example)"}


def test_redirects_are_followed(site: Site) -> None:
    site.answers |= {"/a": redirect("/b%20c"), "/b%20c": redirect(site.url("/d")), "/d": reply()}
    assert site.fetcher().fetch(site.url("/a")).url == site.url("/d")


def test_an_address_is_written_in_ascii(site: Site) -> None:
    site.answers["/caf%C3%A9?q=%C3%A9"] = reply()
    assert site.fetcher().fetch(site.url("/café?q=é")).content == PAGE


@pytest.mark.parametrize("packed", [("gzip", gzip.compress(PAGE)), ("deflate", zlib.compress(PAGE))])
def test_packed_pages_are_unpacked(site: Site, packed: tuple[str, bytes]) -> None:
    site.answers["/"] = reply(packed[1], Content_Encoding=packed[0])
    assert site.fetcher().fetch(site.url("/")).content == PAGE


@pytest.mark.parametrize(
    "target",
    [
        "http://127.0.0.1:{port}/secret",
        "http://localhost:{port}/secret",
        "http://2130706433:{port}/secret",
        "http://0x7f.1:{port}/secret",
        "http://0177.0.0.1:{port}/secret",
        "http://0.0.0.0:{port}/secret",
        "http://[::1]:{port}/secret",
        "http://[::ffff:127.0.0.1]:{port}/secret",
        "//127.0.0.1:{port}/secret",
        "http://169.254.169.254/latest/meta-data",
        "http://10.0.0.1/",
        "http://[fe80::1]/",
    ],
)
def test_no_redirect_leads_to_a_private_address(site: Site, target: str) -> None:
    site.answers |= {"/a": redirect(target.format(port=site.port)), "/secret": reply(b"secret")}
    settings = FetchSettings(allow_hosts=("news.test",), delay=0)

    def resolve(host: str, port: int) -> list[str]:
        return ["127.0.0.1"] if host == "news.test" else addresses.resolve(host, port)

    reason = refused(Fetcher(settings, resolve=resolve), site.url("/a"))
    assert "not on the public internet" in reason or "cannot be found" in reason
    assert "/secret" not in site.asked


@pytest.mark.parametrize(
    "location", ["file:///etc/passwd", "ftp://news.test/", "gopher://news.test/", "data:text/html,x"]
)
def test_no_redirect_leads_away_from_the_web(site: Site, location: str) -> None:
    site.answers["/a"] = redirect(location)
    assert "only http and https" in refused(site.fetcher(), site.url("/a"))


def test_a_private_host_must_be_allowed_by_name(site: Site) -> None:
    site.answers["/"] = reply()
    reason = refused(site.fetcher(allow_hosts=()), site.url("/"))
    assert "--allow-host news.test" in reason
    assert not site.asked
    assert site.fetcher(allow_hosts=("NEWS.test",)).fetch(site.url("/")).content == PAGE


def test_a_name_that_changes_its_answer_gains_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """The address that was checked is the one that is connected to."""
    tried = []

    class Recorder(HTTPConnection):
        def connect(self) -> None:
            tried.append(self.host)
            raise ConnectionRefusedError

    monkeypatch.setattr(exchange, "HTTPConnection", Recorder)
    answers = [["93.184.215.14"], ["93.184.215.14"], ["127.0.0.1"], ["127.0.0.1"]]
    fetcher = Fetcher(FetchSettings(), resolve=lambda _host, _port: answers.pop(0))
    refused(fetcher, "http://news.test/")
    assert tried == ["93.184.215.14"]
    assert "not on the public internet" in refused(fetcher, "http://other.test/")
    assert tried == ["93.184.215.14"]


def test_an_address_is_allowed_however_it_is_written() -> None:
    fetcher = Fetcher(
        FetchSettings(
            allow_hosts=("[0:0::0:1]", "Ä.TEST"),
        )
    )
    for source in ("http://[::1]/", "http://[0::0:1]/", "http://ä.test/", "http://XN--4CA.test/"):
        assert url.parse(source).host in fetcher._allowed


@pytest.mark.parametrize("contact", ["é", "a\r\nX: y", "a\tb"])
def test_a_contact_that_no_header_holds_is_refused(contact: str) -> None:
    with pytest.raises(ConfigError, match="contact"):
        Fetcher(FetchSettings(contact=contact))


def test_proxies_of_the_environment_are_not_used(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    site.answers["/"] = reply()
    assert site.fetcher().fetch(site.url("/")).content == PAGE


def test_redirects_end(site: Site) -> None:
    site.answers |= {f"/{n}": redirect(f"/{n + 1}") for n in range(20)} | {"/loop": redirect("/loop")}
    assert "more than 3 times" in refused(site.fetcher(max_redirects=3), site.url("/0"))
    assert "circle" in refused(site.fetcher(), site.url("/loop"))


@pytest.mark.parametrize(
    ("status", "words"),
    [(401, "login"), (403, "save the page"), (404, "no such page"), (410, "removed"), (429, "slow down"),
     (451, "legal"), (500, "try again later"), (503, "try again later"), (204, "empty"),
     (418, "no page"), (300, "no page")],
)  # fmt: skip
def test_statuses_are_told_in_words(site: Site, status: int, words: str) -> None:
    site.answers["/"] = reply(b"", status=status)
    reason = refused(site.fetcher(), site.url("/"))
    assert words in reason
    assert f"HTTP {status}" in reason


@pytest.mark.parametrize(
    ("told", "words"),
    [("120", "in 120 s"), ("Fri, 31 Dec 2027 23:59:59 GMT", "after Fri, 31 Dec"), ("9" * 5000, "try again later")],
)
def test_when_to_come_back_is_told(site: Site, told: str, words: str) -> None:
    site.answers["/"] = reply(b"", status=429, Retry_After=told)
    assert words in refused(site.fetcher(), site.url("/"))


@pytest.mark.parametrize("kind", ["image/png", "application/pdf", "video/mp4", "application/json"])
def test_what_can_be_no_page_is_refused_early(site: Site, kind: str) -> None:
    site.answers["/"] = reply(b"x", Content_Type=kind)
    assert kind in refused(site.fetcher(), site.url("/"))


@pytest.mark.parametrize(
    "kind", ["text/html, text/html", "text/html charset=utf-8", "TEXT/HTML;", "html", "*/*", "unknown/unknown", ""]
)
@pytest.mark.parametrize("packing", ["", "utf-8", "none"])
def test_a_page_is_taken_where_its_headers_are_written_badly(site: Site, kind: str, packing: str) -> None:
    site.answers["/"] = reply(Content_Type=kind, Content_Encoding=packing)
    assert site.fetcher().fetch(site.url("/")).content == PAGE


@pytest.mark.parametrize("packing", ["br", "zstd", "compress", "gzip, br"])
def test_what_was_not_asked_for_is_not_unpacked(site: Site, packing: str) -> None:
    site.answers["/"] = reply(b"x", Content_Encoding=packing)
    assert "packed as" in refused(site.fetcher(), site.url("/"))


def test_a_page_that_says_it_is_too_large_is_not_read(site: Site) -> None:
    site.answers["/"] = reply(b"", Content_Length="99999999999999999999")
    assert "larger than" in refused(site.fetcher(), site.url("/"))


def test_an_endless_page_is_cut(site: Site) -> None:
    def endless(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Type", "text/html")
        handler.end_headers()
        while not site.done.is_set():
            handler.wfile.write(b"x" * 65536)

    site.answers["/"] = endless
    assert "larger than 1 MB" in refused(site.fetcher(max_bytes=1_048_576), site.url("/"))


@pytest.mark.parametrize("packings", [1, 2])
def test_a_bomb_does_not_unpack(site: Site, packings: int) -> None:
    bomb = bytes(64 * 1_048_576)
    for _ in range(packings):
        bomb = gzip.compress(bomb)
    site.answers["/"] = reply(bomb, Content_Encoding=", ".join(["gzip"] * packings))
    assert "larger than 1 MB" in refused(site.fetcher(max_bytes=1_048_576), site.url("/"))


@pytest.mark.parametrize("part", ["status", "headers", "body"])
def test_a_page_that_drips_is_cut(site: Site, part: str) -> None:
    def drip(handler: BaseHTTPRequestHandler) -> None:
        if part != "status":
            handler.wfile.write(b"HTTP/1.1 200 OK\r\n")
        if part == "body":
            handler.wfile.write(b"Content-Type: text/html\r\n\r\n")
        while not site.done.wait(0.02):
            handler.wfile.write(b"H")

    site.answers["/"] = drip
    assert "took longer than 0.5 s" in refused(site.fetcher(timeout=0.5), site.url("/"))


def test_a_page_that_ends_too_early_is_no_page(site: Site) -> None:
    site.answers["/"] = reply(PAGE, Content_Length=str(len(PAGE) + 10))
    assert "what news.test sent broke off" in refused(site.fetcher(), site.url("/"))


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"\x00\xff\xfe",
        b"HTTP/1.1 999999 X\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\nnot gzip",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 1000 + b"\r\n",
        b"HTTP/1.1 200 OK\r\nX: " + b"y" * 100_000 + b"\r\n\r\n",
        b"HTTP/1.1 302 Found\r\nLocation: http://[\r\n\r\n",
        b"HTTP/1.1 302 Found\r\nLocation: http://news.test:99999999/\r\n\r\n",
        b"HTTP/1.1 302 Found\r\nLocation: \xff\xfe\x00\r\n\r\n",
    ],
)
def test_nonsense_is_told_as_such(site: Site, answer: bytes) -> None:
    site.answers["/"] = lambda handler: handler.wfile.write(answer) and None
    assert refused(site.fetcher(), site.url("/"))


def test_a_server_that_is_down_is_told(site: Site) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    assert "refused the connection" in refused(site.fetcher(), f"http://news.test:{port}/")


def test_an_address_that_never_answers_leaves_time_for_the_others(site: Site) -> None:
    site.answers["/"] = reply()
    with contextlib.ExitStack() as stack:
        silent = stack.enter_context(socket.socket())
        silent.bind(("127.0.0.9", site.port))
        silent.listen(0)
        for _ in range(3):  # whom nobody accepts; then even connecting takes for ever
            waiting = stack.enter_context(socket.socket())
            waiting.settimeout(0)
            waiting.connect_ex(("127.0.0.9", site.port))
        fetcher = site.fetcher(timeout=3.0)
        fetcher._resolve = lambda _host, _port: ["127.0.0.9", "127.0.0.9", "127.0.0.1"]
        fetcher._robots.put(site.url(""), robots.Rules())  # which would take most of the time
        assert fetcher.fetch(site.url("/")).content == PAGE


def test_a_server_without_a_certificate_is_not_trusted(site: Site) -> None:
    assert "secure connection" in refused(site.fetcher(), site.url("/").replace("http:", "https:"))


@pytest.fixture
def secure() -> Iterator[Site]:
    """A site with the certificate of `news.test`, made for these tests and signed by nobody else."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATE)
    started = Site(tls=context)
    yield started
    started.close()


def test_a_certificate_is_the_names_though_the_address_is_connected_to(secure: Site) -> None:
    secure.answers["/"] = reply()
    tls = ssl.create_default_context(cafile=CERTIFICATE)
    fetcher = secure.fetcher(tls=tls, allow_hosts=("news.test", "other.test"))
    assert fetcher.fetch(secure.url("/")).content == PAGE
    assert "certificate of other.test cannot be trusted" in refused(fetcher, secure.url("/", host="other.test"))


def test_a_certificate_that_nobody_signed_is_not_trusted(secure: Site) -> None:
    secure.answers["/"] = reply()
    assert "certificate of news.test cannot be trusted" in refused(secure.fetcher(), secure.url("/"))
    assert secure.asked == []


def test_a_secure_page_that_drips_is_cut(secure: Site) -> None:
    def drip(handler: BaseHTTPRequestHandler) -> None:
        while not secure.done.wait(0.02):
            handler.wfile.write(b"H")

    secure.answers["/"] = drip
    tls = ssl.create_default_context(cafile=CERTIFICATE)
    assert "took longer than 0.5 s" in refused(secure.fetcher(tls=tls, timeout=0.5), secure.url("/"))


def test_packings_may_not_hide_behind_each_other(site: Site) -> None:
    def twice(handler: BaseHTTPRequestHandler) -> None:
        handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Encoding: br\r\nContent-Encoding: gzip\r\n\r\nx")

    site.answers["/"] = twice
    assert "packed as" in refused(site.fetcher(), site.url("/"))


def test_certificates_are_verified() -> None:
    tls = Fetcher(FetchSettings())._tls
    connection = exchange._connection(url.parse("https://news.test/"), "93.184.215.14", 1.0, tls)
    assert connection.ssl_context.verify_mode == ssl.CERT_REQUIRED
    assert connection.ssl_context.check_hostname
    assert connection.server_hostname == "news.test"


@pytest.mark.parametrize(
    "source",
    ["ftp://a.example/", "https://", "https:///x", "http://[::1", "http://a.example:x/", "http://a b/", "http://a\n/",
     "http://a.example/" + "a" * 8000,
     "http://a.example:99999/", "http://\udc80/", "http://" + "a" * 300 + "ü.example/", "http://a%00b/", "http://a\\b/"],
)  # fmt: skip
def test_what_is_no_address_is_refused(source: str) -> None:
    assert refused(Fetcher(FetchSettings(), resolve=lambda _host, _port: []), source)


def test_passwords_stay_unsaid() -> None:
    source = "https://reader:secret@news.test/a?b"
    assert "secret" not in refused(Fetcher(FetchSettings()), source)
    assert redacted(source) == "https://news.test/a?b"
    assert redacted("https://news.test/a@b") == "https://news.test/a@b"
    assert redacted("no address@all") == "no address@all"


def test_passwords_in_redirects_stay_unsaid(site: Site) -> None:
    site.answers["/"] = redirect("http://reader:secret@news.test/")
    reason = refused(site.fetcher(), site.url("/"))
    assert "user name or password" in reason
    assert "secret" not in reason


@given(st.text(), st.sampled_from(["", "http://", "https://", "http://a.example/", "//"]))
def test_any_text_gives_an_address_or_our_error(text: str, start: str) -> None:
    try:
        address = url.parse(start + text)
    except FetchError:
        return
    assert str(address).isascii()
    assert str(url.parse(str(address))) == str(address)
    assert " " not in str(address)
    assert address.host


def test_a_name_that_is_not_found_is_told() -> None:
    def resolve(_host: str, _port: int) -> list[str]:
        raise OSError

    assert "cannot be found" in refused(Fetcher(FetchSettings(), resolve=resolve), "http://news.test/")
