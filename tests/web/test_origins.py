"""What is believed of where a request comes from, and where an answer may lead."""

from ipaddress import IPv6Address
from urllib.parse import urljoin, urlsplit

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from playwright.sync_api import Browser
from starlette.datastructures import Headers
from starlette.responses import RedirectResponse

from gazetteer.web.origins import back, local, sent_from, subscriber

OWN = ("http://news.example:8000/", "https://other.example")
LEADING_OUT = (
    "//evil.example",
    "///evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "\\/evil.example",
    "/\t/evil.example",
    "\t//evil.example",
    "/\n/evil.example",
    "/\r\nset-cookie: a=b",
    "/\0/evil.example",
    "/x\\..\\..//evil.example",
    "http://evil.example/",
    "https:evil.example",
    "javascript:alert(1)",
    "data:text/html,x",
    " //evil.example",
    "evil.example",
    "@evil.example",
    "",
    "/\u2028/evil.example",
    "/\ud800",
    "/" + "x" * 2_000,
)
pieces = st.sampled_from(
    ["/", "\\", ".", "..", "%2f", "%5c", "%09", "@", ":", "?", "#", "evil.example", "http:", "\t", " "]
)
paths = st.text() | st.lists(pieces).map("".join) | st.lists(pieces).map(lambda parts: "/" + "".join(parts))


@pytest.mark.parametrize("path", LEADING_OUT)
def test_what_could_lead_out_leads_to_the_front_page(path: str) -> None:
    assert local(path) == "/"


@pytest.mark.parametrize("path", ["/", "/search?q=a%20b&order=newest", "/articles/1", "/a//b", "/%E2%80%A8?to=//x"])
def test_a_path_of_the_site_stays(path: str) -> None:
    assert local(path) == path
    assert local(path + "#reviews") == path


@given(paths)
@example("/.//evil.example")
@example("/..//evil.example")
def test_no_path_leads_to_another_host_or_breaks_a_header(path: str) -> None:
    led = local(path)
    assert local(led) == led
    sent = RedirectResponse(led).headers["location"]
    assert sent.isprintable()
    assert urlsplit(urljoin("http://news.example:8000/sign-in", sent))[:2] == ("http", "news.example:8000")


def test_no_path_leads_a_browser_to_another_site(browser: Browser) -> None:
    page = browser.new_page()
    origin = "path => new URL(path, 'http://news.example:8000/sign-in').origin"

    @given(paths)
    def leads_nowhere_else(path: str) -> None:
        sent = RedirectResponse(local(path)).headers["location"]
        assert page.evaluate(origin, sent) == "http://news.example:8000"

    leads_nowhere_else()
    assert page.evaluate(origin, "/\\evil.example") == "http://evil.example"
    page.close()


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"sec-fetch-site": "same-origin"},
        {"sec-fetch-site": "none"},
        {"sec-fetch-site": "same-origin", "origin": "null"},
        {"origin": "http://news.example:8000"},
        {"origin": "http://NEWS.example:8000"},
        {"origin": "https://news.example:8000"},
        {"origin": "https://other.example"},
        {"referer": "http://news.example:8000/articles/1"},
        {"origin": "", "referer": ""},
    ],
)
def test_what_a_page_of_the_site_sends_is_believed(headers: dict[str, str]) -> None:
    assert sent_from(Headers(headers), OWN)


@pytest.mark.parametrize(
    "headers",
    [
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"sec-fetch-site": "cross-site", "origin": "http://news.example:8000"},
        {"sec-fetch-site": "same-origin", "origin": "http://evil.example"},
        {"sec-fetch-site": "none", "origin": "null"},
        {"sec-fetch-site": "?"},
        {"origin": "null"},
        {"origin": "null", "referer": "http://news.example:8000/"},
        {"origin": "http://evil.example", "referer": "http://news.example:8000/"},
        {"origin": "http://news.example"},
        {"origin": "http://news.example:8001"},
        {"origin": "http://news.example:8000.evil.example"},
        {"origin": "http://news.example:8000@evil.example"},
        {"origin": "http://sub.other.example"},
        {"origin": "http://other.example"},
        {"origin": "ftp://other.example"},
        {"origin": "http://["},
        {"referer": "http://evil.example/http://news.example:8000/"},
    ],
)
def test_what_another_sites_page_sends_is_not(headers: dict[str, str]) -> None:
    assert not sent_from(Headers(headers), OWN)


words = st.text(st.characters(min_codepoint=32, max_codepoint=255))


@given(words, words, words)
def test_any_header_may_be_sent(fetched: str, origin: str, referer: str) -> None:
    headers = Headers({"sec-fetch-site": fetched, "origin": origin, "referer": referer})
    assert not sent_from(headers, OWN) or not (origin or referer)
    assert back(headers, OWN) == "/"


@pytest.mark.parametrize(
    ("referer", "path"),
    [
        ("http://news.example:8000/search?q=ferry", "/search?q=ferry"),
        ("http://news.example:8000", "/"),
        ("http://news.example:8000//evil.example", "/"),
        ("http://evil.example/search", "/"),
        ("javascript:alert(1)", "/"),
        ("", "/"),
    ],
)
def test_the_way_back_is_to_a_page_of_the_site(referer: str, path: str) -> None:
    assert back(Headers({"referer": referer}), OWN) == path


@pytest.mark.parametrize(
    ("host", "told"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:0DB8:1:2::1", "2001:db8:1:2::/64"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("fe80::1%eth0", "fe80::/64"),
        ("somewhere", "somewhere"),
        ("", ""),
    ],
)
def test_a_subscriber_is_one_whatever_address_of_theirs_asks(host: str, told: str) -> None:
    assert subscriber(host) == told


@given(st.ip_addresses(network="2000::/3"), st.integers(0, 2**64 - 1))
def test_no_address_of_a_subscribers_network_is_another_subscriber(host: IPv6Address, other: int) -> None:
    assert subscriber(str(IPv6Address(int(host) >> 64 << 64 | other))) == subscriber(str(host))
