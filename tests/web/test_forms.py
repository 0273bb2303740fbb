"""What a form does is done for one of the site's own pages alone, whichever form it is, and every answer is guarded."""

import re
import socket
from collections.abc import Iterator
from contextlib import suppress
from typing import cast

import pytest
from anyio.from_thread import start_blocking_portal
from papers import NOW, SECRET, client, opened, parsed, served, token
from starlette.applications import Starlette
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from starlette.testclient import TestClient
from starlette.types import Message

from gazetteer.archive import Archive
from gazetteer.errors import ConfigError
from gazetteer.web import SiteSettings
from gazetteer.web import site as shared
from gazetteer.web.app import create
from gazetteer.web.site import SESSION, action, page, see

PASSWORD = "a ferry at dawn"
FORM = "application/x-www-form-urlencoded"
SAFE = {"GET", "HEAD"}


def made(archive: Archive, **settings: object) -> Starlette:
    """Give a site with a form more, whose deeds are counted, and a page that breaks."""
    app = create(archive, SiteSettings(**settings), secret=SECRET, now=lambda: NOW)  # type: ignore[arg-type]
    app.state.done = []

    def probe(request: Request, form: FormData) -> Response:
        request.app.state.done.append(form.get("words"))
        return see("/done")

    def broken(_request: Request) -> Response:
        raise RuntimeError("secret words")

    app.router.routes.extend([action("/probe", probe), page("/broken", broken)])
    return app


ROUTES = [route for route in made(cast("Archive", None)).routes if isinstance(route, Route)]
ACTIONS = sorted(
    route.path_format.format(**dict.fromkeys(route.param_convertors, 1))
    for route in ROUTES
    if (route.methods or set()) - SAFE
)
every_form = pytest.mark.parametrize("path", ACTIONS)


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    with opened(tmp_path_factory.mktemp("forms"), 1) as archive:
        archive.put_user("Wren", PASSWORD)
        yield archive


@pytest.fixture
def asked(archive: Archive) -> TestClient:
    """Give the browser of a reader who signed in to a public site."""
    asked = client(made(archive, public=True))
    sign_in(asked, archive)
    return asked


def sign_in(asked: TestClient, archive: Archive) -> None:
    """Give a browser a session."""
    asked.cookies.set(SESSION, archive.sign_in("Wren", PASSWORD, at=NOW) or "", domain="localhost.local", path="/")


def done(asked: TestClient) -> list[object]:
    return cast("list[object]", asked.app.state.done)  # type: ignore[attr-defined]


def test_all_that_writes_is_a_form() -> None:
    assert {"/probe", "/sign-in", "/sign-out"} <= set(ACTIONS)
    assert {method for route in ROUTES for method in route.methods or ()} <= {*SAFE, "POST"}


@every_form
def test_a_form_without_its_token_is_refused(asked: TestClient, path: str) -> None:
    right = token(asked)
    for wrong in (
        {"words": ""},
        {"token": ""},
        {"token": "0" * 64},
        {"token": right[:-1]},
        {"token": f"{right} "},
        {"token": "ñ"},
    ):
        answer = asked.post(path, data=wrong)
        assert answer.status_code == 403
        assert "The form has expired" in answer.text
    assert done(asked) == []


@every_form
def test_a_token_of_another_visitor_or_of_before_signing_in_is_refused(
    asked: TestClient, archive: Archive, path: str
) -> None:
    another = client(asked.app)  # type: ignore[arg-type]
    before = token(another, "/sign-in")
    assert asked.post(path, data={"token": before}).status_code == 403
    sign_in(another, archive)
    assert another.post(path, data={"token": before}).status_code == 403
    now = token(another)
    assert now not in (before, token(asked))
    assert asked.post(path, data={"token": now}).status_code == 403
    another.post("/sign-out", data={"token": now})
    assert another.post(path, data={"token": now}).status_code == 403
    elsewhere = client(create(archive, SiteSettings(), secret=b"1" * 32, now=lambda: NOW))
    elsewhere.cookies.update(asked.cookies)
    assert asked.post(path, data={"token": token(elsewhere)}).status_code == 403
    assert done(asked) == []


@every_form
@pytest.mark.parametrize(
    "headers",
    [
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"origin": "null"},
        {"origin": "http://evil.example"},
        {"origin": "http://localhost:9999"},
        {"origin": "http://localhost.evil.example"},
        {"referer": "http://evil.example/http://localhost/"},
    ],
)
def test_a_form_of_another_site_is_refused_whatever_it_knows(
    asked: TestClient, path: str, headers: dict[str, str]
) -> None:
    answer = asked.post(path, data={"token": token(asked)}, headers=headers)
    assert answer.status_code == 403
    assert "from another site" in answer.text
    assert done(asked) == []


@every_form
def test_a_form_of_another_kind_is_refused(asked: TestClient, path: str) -> None:
    sent = f"token={token(asked)}"
    for kind in ("text/plain", "application/json", "multipart/form-data; boundary=x", "", f"x{FORM}"):
        answer = asked.post(path, content=sent, headers={"content-type": kind})
        assert answer.status_code == 415
    assert done(asked) == []


@every_form
@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "CONNECT", "MADE-UP"])
def test_a_form_is_sent_by_no_other_method(asked: TestClient, path: str, method: str) -> None:
    answer = asked.request(method, path, params={"token": token(asked)}, data={"token": token(asked)})
    assert answer.status_code == 405
    assert set(answer.headers["allow"].split(", ")) <= {*SAFE, "POST"}
    assert done(asked) == []


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"sec-fetch-site": "same-origin", "origin": "http://localhost"},
        {"sec-fetch-site": "none"},
        {"origin": "http://localhost"},
        {"referer": "http://localhost/somewhere"},
    ],
)
def test_a_form_of_the_sites_own_is_done(asked: TestClient, headers: dict[str, str]) -> None:
    answer = asked.post("/probe", data={"token": token(asked), "words": "\0ñ\0\r\n"}, headers=headers)
    assert (answer.status_code, answer.headers["location"]) == (303, "/done")
    assert done(asked) == ["ñ\r\n"]


def test_the_owner_of_a_private_archive_is_asked_for_no_name_and_needs_a_token(archive: Archive) -> None:
    asked = client(made(archive))
    assert asked.post("/probe", data={"words": "a"}).status_code == 403
    assert asked.post("/probe", data={"token": token(asked, "/sign-in"), "words": "b"}).status_code == 303
    assert done(asked) == ["b"]


@pytest.mark.parametrize(
    ("referer", "to"),
    [
        ("http://localhost/search?q=a&order=newest", "%2Fsearch%3Fq%3Da%26order%3Dnewest"),
        ("http://localhost//evil.example", "%2F"),
        ("javascript:alert(1)", None),
        ("http://evil.example/", None),
        ("", "%2F"),
    ],
)
def test_a_stranger_is_led_to_sign_in_and_back(archive: Archive, referer: str, to: str | None) -> None:
    asked = client(made(archive, public=True))
    sent = {"token": token(asked, "/sign-in"), "words": "a"}
    answer = asked.post("/probe", data=sent, headers={"referer": referer})
    if to is None:
        assert answer.status_code == 403
    else:
        assert (answer.status_code, answer.headers["location"]) == (303, f"/sign-in?to={to}")
    assert done(asked) == []


def test_a_reader_writes_so_much_in_an_hour(asked: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shared, "WRITES", 3)
    sent = {"token": token(asked), "words": "a"}
    codes = [asked.post("/probe", data=sent).status_code for _ in range(4)]
    assert 429 in codes  # other tests of the same hour wrote, too
    assert len(done(asked)) == codes.count(303) <= 3
    answer = asked.post("/probe", data=sent)
    assert answer.status_code == 429
    assert answer.headers["retry-after"] == "3600"
    assert "Try again in 60 minutes." in parsed(answer.text).text_content()


@pytest.mark.parametrize(
    ("content", "status"),
    [
        (b"words=" + b"x" * 100_001, 413),
        (b"&".join(b"a=b" for _ in range(101)), 400),
        (b"%00=a%00b", 403),
        (b"words=%ff%fe%ed%a0%80&=&&;=%", 403),
        (b"\0\xff\r\n", 403),
        (b"token=a&token=", 403),
        (b"", 403),
    ],
)
def test_a_form_that_holds_too_much_or_nonsense_is_refused(asked: TestClient, content: bytes, status: int) -> None:
    answer = asked.post("/probe", content=content, headers={"content-type": FORM})
    assert answer.status_code == status
    assert parsed(answer.text).xpath("//h1")
    assert done(asked) == []


@pytest.fixture(scope="module")
def port(archive: Archive) -> Iterator[int]:
    with served(made(archive, public=True)) as address:
        yield int(address.rpartition(":")[2])


def said(port: int, *lines: bytes) -> bytes:
    """Send words to the site as they stand; gives its answer, up to where it hangs up."""
    with socket.create_connection(("127.0.0.1", port), timeout=20) as connection:
        answer = b""
        with suppress(ConnectionError):
            connection.sendall(b"\r\n".join(lines))
        with suppress(ConnectionError):
            while read := connection.recv(65_536):
                answer += read
        return answer


def posted(*lines: bytes) -> tuple[bytes, ...]:
    head = (b"POST /probe HTTP/1.1", b"host: localhost", b"connection: close", b"content-type: " + FORM.encode())
    return (*head, *lines)


def test_what_comes_in_parts_is_counted(port: int) -> None:
    part = b"words=" + b"x" * 8_000
    chunked = (
        b"transfer-encoding: chunked",
        b"",
        *(b"%x\r\n%s" % (len(part), part) for _ in range(20)),
        b"0",
        b"",
        b"",
    )
    assert said(port, *posted(*chunked)).startswith(b"HTTP/1.1 413 ")
    assert said(port, *posted(b"transfer-encoding: chunked", b"", b"1", b"a", b"0", b"", b"")).startswith(
        b"HTTP/1.1 403 "
    )


@pytest.mark.parametrize(
    "lines",
    [
        (b"GET / HTTP/1.1", b"host: localhost", b"x-long: " + b"x" * 1_000_000, b"", b""),
        (b"GET /" + b"x" * 1_000_000 + b" HTTP/1.1", b"host: localhost", b"", b""),
        (b"GET / HTTP/1.1", b"host: localhost", b"host: evil.example", b"", b""),
        (b"GET / HTTP/1.1", b"", b""),
        (b"GET / HTTP/1.0", b"", b""),
        (b"GET / HTTP/1.1", b"host: localhost\0", b"", b""),
        (*posted(b"content-length: -1"), b"", b""),
        (*posted(b"content-length: 1", b"content-length: 9"), b"", b"a"),
        (*posted(b"content-length: 99999999999999999999"), b"", b"x" * 200_000),
        (b"\x16\x03\x01", b"", b""),
    ],
)
def test_what_is_no_request_is_refused_without_a_word_of_how_it_was_read(port: int, lines: tuple[bytes, ...]) -> None:
    answer = said(port, *lines)
    assert answer.startswith((b"HTTP/1.1 400 ", b"HTTP/1.1 413 ", b"HTTP/1.1 431 ")) or answer == b""
    assert b"Traceback" not in answer


def test_what_is_broken_off_is_no_error(archive: Archive) -> None:
    came = iter([{"type": "http.request", "body": b"a", "more_body": True}, {"type": "http.disconnect"}])
    answered: list[Message] = []

    async def receive() -> Message:
        return next(came)

    async def send(message: Message) -> None:
        answered.append(message)

    headers = [(b"host", b"localhost"), (b"content-type", FORM.encode()), (b"content-length", b"9")]
    scope = {"type": "http", "method": "POST", "path": "/probe", "query_string": b"", "headers": headers}
    with start_blocking_portal() as portal:
        portal.call(made(archive), scope, receive, send)
    assert answered[0]["status"] == 400


@pytest.mark.parametrize(
    "host",
    [
        "localhost",
        "localhost:8000",
        "LOCALHOST",
        "127.0.0.1:8000",
        "[::1]",
        "[::1]:8000",
        "[2001:db8::1]:8000",
        "news.example",
        "news.example:443",
        "www.news.example",
        "[2001:db8::2]",
    ],
)
def test_the_site_answers_to_its_own_names(archive: Archive, host: str) -> None:
    settings = {"host": "2001:db8::1", "address": "https://news.example/", "hosts": ("www.news.example", "2001:db8::2")}
    assert client(made(archive, **settings)).get("/", headers={"host": host}).status_code == 200


@pytest.mark.parametrize(
    "host",
    [
        "",
        "evil.example",
        "localhost.evil.example",
        "localhost.",
        "evil.example:localhost",
        "localhost:80@evil.example",
        "localhost@evil.example",
        "localhost/evil.example",
        "localhost\\evil.example",
        "[::1",
        "::1",
        "[::1]evil.example",
        "[::2]",
        "0.0.0.0",
        "169.254.169.254",
        "localhost, evil.example",
        "localhost:",
        "*",
    ],
)
def test_the_site_answers_to_no_other_name(archive: Archive, host: str) -> None:
    answer = client(made(archive)).get("/", headers={"host": host})
    assert answer.status_code == 400
    assert "content-security-policy" in answer.headers


def test_an_error_says_nothing_of_its_cause_and_is_guarded_as_every_page_is(archive: Archive) -> None:
    asked = client(made(archive))
    for path, status in (("/broken", 500), ("/nowhere", 404), ("/", 200), ("/static/nothing", 404)):
        answer = asked.get(path)
        assert answer.status_code == status
        assert not re.search("secret words|Traceback|Error|site-packages", answer.text)
        assert "default-src 'none'" in answer.headers["content-security-policy"]
        assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["referrer-policy"] == "same-origin"


@pytest.mark.parametrize("proxy", ["*", "proxy.example", "10.0.0.1/8", "10.0.0", ""])
def test_a_proxy_is_told_by_its_address(archive: Archive, proxy: str) -> None:
    with pytest.raises(ConfigError, match="proxies"):
        made(archive, proxies=(proxy,))


def test_what_a_proxy_says_is_believed_of_those_named_alone(archive: Archive) -> None:
    app = made(archive, proxies=("192.0.2.1", "198.51.100.0/24"))

    def seen(request: Request) -> Response:
        return PlainTextResponse(f"{request.client.host if request.client else ''} {request.url.scheme}")

    app.router.routes.append(page("/seen", seen))
    told = {"x-forwarded-for": "203.0.113.5, 203.0.113.9, 198.51.100.7", "x-forwarded-proto": "https"}

    def asked(host: str) -> tuple[str, bool]:
        answer = TestClient(app, base_url="http://localhost", client=(host, 1)).get("/seen", headers=told)
        return answer.text, "strict-transport-security" in answer.headers

    assert asked("192.0.2.1") == ("203.0.113.9 https", True)
    assert asked("192.0.2.2") == ("192.0.2.2 http", False)
    assert asked("127.0.0.1") == ("127.0.0.1 http", False)
