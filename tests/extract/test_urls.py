from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gazetteer.extract import urls

BASE = "https://www.example.co.uk/news/story-1"
PIECES = st.sampled_from(
    ["http://", "https://", "//", "/", "?", "#", "@", ":", "[", "]", "a.example", "2024/01/02", "%", " ", "é", "\x00"]
)
ADDRESSES = st.text(max_size=60) | st.lists(PIECES, max_size=12).map("".join)


@pytest.mark.parametrize(
    ("href", "expected"),
    [
        ("/a b", "https://www.example.co.uk/a%20b"),
        ("//cdn.example.org/i.jpg", "https://cdn.example.org/i.jpg"),
        ("HTTPS://Example.ORG:443/x", "https://example.org/x"),
        ("http://example.org:8080/x", "http://example.org:8080/x"),
        ("javascript:alert(1)", None),
        ("data:text/html,x", None),
        ("mailto:a@example.org", None),
        ("http://user:secret@example.org/", None),
        ("http://[::1/", None),
        ("http://exa mple.org/", None),
        ("", None),
        (None, None),
    ],
)
def test_absolute(href, expected):
    assert urls.absolute(href, BASE) == expected


def test_an_address_without_a_base_must_be_whole():
    assert urls.absolute("/a", None) is None
    assert urls.absolute("a" * 100_000, BASE) is None


@pytest.mark.parametrize(
    ("url", "host", "site"),
    [
        ("https://www.example.co.uk/x", "example.co.uk", "example.co.uk"),
        ("https://news.example.com/x", "news.example.com", "example.com"),
        ("http://127.0.0.1:8000/x", "127.0.0.1", "127.0.0.1"),
        ("ftp://example.com/x", None, None),
        (None, None, None),
    ],
)
def test_host_and_site(url, host, site):
    assert urls.host(url) == host
    assert urls.site(url) == site


def test_tracking_is_taken_off_and_the_rest_kept():
    assert urls.without_tracking("https://example.org/a?id=7&utm_source=x&fbclid=y#top") == "https://example.org/a?id=7"
    assert urls.without_tracking("https://example.org/a?q=a+b&c=%20") == "https://example.org/a?q=a+b&c=%20"


@pytest.mark.parametrize(
    ("candidates", "url", "expected"),
    [
        (["/story-2?utm_medium=x"], BASE, "https://www.example.co.uk/story-2"),
        (["https://elsewhere.org/a", "https://m.example.co.uk/b"], BASE, "https://m.example.co.uk/b"),
        (["https://www.example.co.uk/"], BASE, None),
        (["https://www.example.co.uk/"], "https://example.co.uk/", "https://www.example.co.uk/"),
        (["https://example.org/a"], None, "https://example.org/a"),
        ([None, "", "::"], None, None),
    ],
)
def test_canonical(candidates, url, expected):
    assert urls.canonical(candidates, url) == expected


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/2024/03/09/a", date(2024, 3, 9)),
        ("/world/2024/mar/09/a", date(2024, 3, 9)),
        ("/a-2024-03-09", date(2024, 3, 9)),
        ("/a-20240309-b", date(2024, 3, 9)),
        ("/2024/13/45/a", None),
        ("/id/120240309999", None),
        ("/a", None),
    ],
)
def test_date_of(path, expected):
    assert urls.date_of("https://example.org" + path) == expected


@given(ADDRESSES, st.none() | ADDRESSES)
def test_any_address_gives_a_web_address_or_none(href, base):
    found = urls.absolute(href, base)
    assert found is None or found.startswith(("http://", "https://"))
    urls.date_of(href)
    urls.site(href)
    assert isinstance(urls.without_tracking(href), str)
    assert urls.canonical([href, base], base) is None or urls.host(urls.canonical([href, base], base))
