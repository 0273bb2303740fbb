import json
from http.server import BaseHTTPRequestHandler

import pytest
from hypothesis import given
from hypothesis import strategies as st
from websites import PAGE, Site, redirect, reply

from gazetteer.errors import BusyError, FetchError
from gazetteer.intake.robots import MAX_BYTES, Rules, parse, reservations
from gazetteer.types import NO_OPT_OUTS, OptOuts


def allows(text: str, path: str) -> bool:
    return parse(text.encode(), agent="Gazetteer").allows("https://a.example" + path)


@pytest.mark.parametrize(
    ("text", "path", "expected"),
    [
        ("", "/a", True),
        ("User-agent: *\nDisallow: /", "/a", False),
        ("User-agent: *\nDisallow:", "/a", True),
        ("user-AGENT : gazetteer\ndisallow : /a # why", "/a", False),
        ("User-agent: Gazetteer/1.0\nDisallow: /", "/a", False),
        ("User-agent: Gazetteers\nDisallow: /", "/a", True),
        ("User-agent: other\nDisallow: /", "/a", True),
        ("User-agent: *\nDisallow: /\n\nUser-agent: Gazetteer\nAllow: /", "/a", True),
        ("User-agent: Gazetteer\nDisallow: /a\nUser-agent: *\nDisallow: /b", "/b", True),
        ("User-agent: x\nUser-agent: Gazetteer\nDisallow: /a", "/a", False),
        ("User-agent: Gazetteer\nDisallow: /a\n\nUser-agent: Gazetteer\nDisallow: /b", "/b", False),
        ("User-agent: *\nDisallow: /a\nAllow: /a/b", "/a/b/c", True),
        ("User-agent: *\nAllow: /a\nDisallow: /a/b", "/a/b/c", False),
        ("User-agent: *\nDisallow: /a\nAllow: /a", "/a", True),
        ("User-agent: *\nDisallow: /*.pdf$", "/a/b.pdf", False),
        ("User-agent: *\nDisallow: /*.pdf$", "/a/b.pdf?x", True),
        ("User-agent: *\nDisallow: /a$", "/a", False),
        ("User-agent: *\nDisallow: /a$", "/ab", True),
        ("User-agent: *\nDisallow: /a*b*a$", "/aba", False),
        ("User-agent: *\nDisallow: /a*ba$", "/aba", False),
        ("User-agent: *\nDisallow: /ab*ba$", "/aba", True),
        ("User-agent: *\nDisallow: *private", "/x/private/y", False),
        ("User-agent: *\nDisallow: /caf%C3%A9", "/café", False),
        ("User-agent: *\nDisallow: /café", "/caf%c3%a9", False),
        ("User-agent: *\nDisallow: /%61", "/a", False),
        ("User-agent: *\nDisallow: /a?b=", "/a?b=1", False),
        ("\ufeffUser-agent: *\nDisallow: /", "/a", False),
        ("User-agent: *\rDisallow: /a", "/a", False),
        ("Disallow: /", "/a", True),
        ("<html><body>User-agent: *", "/a", True),
        ("User-agent: *\nCrawl-delay: 1\nDisallow: /a\nSitemap: x\nDisallow: /b", "/b", False),
    ],
)
def test_rules(text: str, path: str, expected: object) -> None:
    assert allows(text, path) is expected


@pytest.mark.parametrize(
    ("value", "delay"),
    [("5", 5.0), ("0.5", 0.5), ("-1", None), ("nan", None), ("inf", None), ("soon", None)],
)
def test_delays(value: str, delay: float | None) -> None:
    assert parse(f"User-agent: *\nCrawl-delay: {value}".encode(), agent="Gazetteer").delay == delay


@given(st.binary() | st.text(alphabet="User-agent:*Gazetteer\n/ $%a1dislowcry").map(str.encode), st.text())
def test_any_bytes_give_an_answer(content: bytes, path: str) -> None:
    assert parse(content, agent="Gazetteer").allows(f"https://a.example/{path}") in (True, False)


def test_rules_for_thousands_of_agents_are_kept_for_ours_alone() -> None:
    agents = b"".join(b"User-agent: a%d\n" % n for n in range(10_000)) + b"User-agent: *\n"
    rules = parse(agents + b"".join(b"Disallow: /%d\n" % n for n in range(10_000)), agent="Gazetteer")
    assert len(rules.rules) == 10_000
    assert not rules.allows("https://a.example/9999")


def test_patterns_of_stars_take_no_time() -> None:
    rules = parse(b"User-agent: *\n" + b"Disallow: /" + b"*a" * 200_000 + b"b$", agent="Gazetteer")
    assert rules.allows("https://a.example/" + "a" * 50_000)


def refused(site: Site) -> str:
    with pytest.raises(FetchError) as caught:
        site.fetcher().fetch(site.url("/a"))
    return caught.value.reason


def test_a_site_may_refuse(site: Site) -> None:
    site.answers |= {"/robots.txt": reply(b"User-agent: *\nDisallow: /a"), "/a": reply()}
    assert "asks automatic readers not to fetch" in refused(site)
    assert site.asked == ["/robots.txt"]


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 429])
def test_where_there_is_none_all_is_allowed(site: Site, status: int) -> None:
    site.answers |= {"/robots.txt": reply(b"", status=status), "/a": reply()}
    assert site.fetcher().fetch(site.url("/a")).content == PAGE


@pytest.mark.parametrize("status", [500, 503])
def test_where_it_fails_nothing_is_fetched(site: Site, status: int) -> None:
    site.answers |= {"/robots.txt": reply(b"", status=status), "/a": reply()}
    assert "without its robots.txt nothing is fetched" in refused(site)
    assert site.asked == ["/robots.txt"]


def test_where_it_breaks_off_nothing_is_fetched(site: Site) -> None:
    def broken(handler: BaseHTTPRequestHandler) -> None:
        handler.connection.close()

    site.answers |= {"/robots.txt": broken, "/a": reply()}
    assert "without its robots.txt" in refused(site)


def test_where_it_is_packed_as_was_not_asked_for_nothing_is_fetched(site: Site) -> None:
    robots = reply(b"User-agent: *\nDisallow: /", Content_Encoding="zstd")
    site.answers |= {"/robots.txt": robots, "/a": reply()}
    assert "packed as 'zstd', which was not asked for" in refused(site)


@pytest.mark.parametrize("hops", [0, 5])
def test_where_its_redirects_lead_nowhere_all_is_allowed(site: Site, hops: int) -> None:
    site.answers |= {f"/{each}": redirect(f"/{each + 1}") for each in range(hops)}
    site.answers |= {"/robots.txt": redirect("/0" if hops else "/robots.txt"), "/a": reply()}
    site.answers[f"/{hops}"] = reply(b"User-agent: *\nDisallow: /")
    assert site.fetcher().fetch(site.url("/a")).content == PAGE


def test_it_may_lie_elsewhere(site: Site) -> None:
    site.answers |= {"/robots.txt": redirect("/r"), "/r": reply(b"User-agent: *\nDisallow: /a"), "/a": reply()}
    assert "asks automatic readers" in refused(site)


def test_it_leads_to_no_private_address(site: Site) -> None:
    site.answers |= {"/robots.txt": redirect("http://10.0.0.1/"), "/a": reply()}
    fetcher = site.fetcher()
    fetcher._resolve = lambda host, _port: [host if host == "10.0.0.1" else "127.0.0.1"]
    with pytest.raises(FetchError, match="not on the public internet"):
        fetcher.fetch(site.url("/a"))


def test_it_is_asked_for_once_a_site(site: Site) -> None:
    site.answers |= {"/a": reply(), "/b": reply()}
    fetcher = site.fetcher(allow_hosts=("news.test", "other.test"))
    for url in (site.url("/a"), site.url("/b"), site.url("/a", host="other.test")):
        fetcher.fetch(url)
    assert site.asked == ["/robots.txt", "/a", "/b", "/robots.txt", "/a"]


def test_redirects_ask_for_leave_too(site: Site) -> None:
    site.answers |= {"/robots.txt": reply(b"User-agent: *\nDisallow: /b"), "/a": redirect("/b"), "/b": reply()}
    assert "asks automatic readers" in refused(site)
    assert "/b" not in site.asked


def test_no_more_of_it_is_read_than_the_limit(site: Site) -> None:
    rules = b"User-agent: *\nDisallow: /a\n" + b"#" * MAX_BYTES + b"\nDisallow: /b"
    site.answers |= {"/robots.txt": reply(rules), "/a": reply(), "/b": reply()}
    assert "asks automatic readers" in refused(site)
    assert site.fetcher().fetch(site.url("/b")).content == PAGE


def test_pauses_are_kept(site: Site) -> None:
    site.answers |= {"/robots.txt": reply(b"User-agent: *\nCrawl-delay: 7"), "/a": reply(), "/b": reply()}
    fetcher = site.fetcher(delay=0.5)
    fetcher.fetch(site.url("/a"))
    assert site.slept == []
    fetcher.fetch(site.url("/b"))
    assert len(site.slept) == 1
    assert 0.5 < site.slept[0] <= 7


def test_redirects_within_a_site_are_no_second_page(site: Site) -> None:
    robots = reply(b"User-agent: *\nCrawl-delay: 86400")
    site.answers |= {"/robots.txt": robots, "/a": redirect("/b"), "/b": redirect("/c"), "/c": reply()}
    assert site.fetcher().fetch(site.url("/a")).content == PAGE
    assert site.slept == []


@pytest.mark.parametrize(("asked", "seconds"), [("86400", 86_400), ("1e308", 7 * 86_400)])
def test_a_pause_that_is_too_long_is_not_waited_for(site: Site, asked: str, seconds: int) -> None:
    site.answers |= {"/robots.txt": reply(f"User-agent: *\nCrawl-delay: {asked}".encode()), "/a": reply()}
    fetcher = site.fetcher()
    fetcher.fetch(site.url("/a"))
    with pytest.raises(BusyError, match="max_delay") as told:
        fetcher.fetch(site.url("/a"))
    assert seconds - 60 < told.value.seconds <= seconds
    assert site.slept == []


def wishes(text: str, path: str = "/a") -> OptOuts:
    return parse(text.encode(), agent="Gazetteer").opt_outs("https://a.example" + path)


def test_content_signals_are_those_of_our_group() -> None:
    text = (
        "User-agent: *\nContent-Signal: search=yes, ai-train=no\nAllow: /\n\nUser-agent: x\nContent-Signal: search=no"
    )
    assert wishes(text).signals == ("ai-train=no", "search=yes")
    assert wishes(text + "\n\nUser-agent: Gazetteer\nDisallow: /b").signals == ()
    assert wishes("Content-Signal: ai-train=no").signals == ()


def test_content_signals_may_be_for_a_path() -> None:
    text = "User-agent: *\nContent-Signal: ai-train=yes\nContent-Signal: /a/ ai-train=no"
    assert wishes(text, "/a/b").signals == ("ai-train=no",)
    assert wishes(text, "/b").signals == ("ai-train=yes",)


def test_reservations_are_those_of_the_first_path_that_matches() -> None:
    told = [
        {"location": "/free/*", "tdm-reservation": 0},
        {"location": "/", "tdm-reservation": 1, "tdm-policy": "https://a.example/terms"},
        {"location": 7, "tdm-reservation": 1},
        "nonsense",
    ]
    rules = Rules(reservations=reservations(json.dumps(told).encode()))
    assert rules.opt_outs("https://a.example/free/a") == OptOuts(tdm_reserved=False)
    assert rules.opt_outs("https://a.example/a") == OptOuts(tdm_reserved=True, tdm_policy="https://a.example/terms")
    assert Rules().opt_outs("https://a.example/a") == NO_OPT_OUTS


@given(st.binary(max_size=200) | st.text(alphabet='[]{}"locatin:tdm-resv10,/ ', max_size=200).map(str.encode))
def test_any_bytes_give_reservations_or_none(content: bytes) -> None:
    assert Rules(reservations=reservations(content)).opt_outs("https://a.example/") is not None


@pytest.mark.parametrize("content", [b"[" * 200_000, b"[" + b"9" * 200_000 + b"]", b"{}", b"null", b"\xff\xfe"])
def test_what_is_no_list_of_reservations_reserves_nothing(content: bytes) -> None:
    assert reservations(content) == ()


def test_a_page_comes_with_all_that_its_publisher_asks(site: Site) -> None:
    reservation = {"location": "/", "tdm-reservation": 1, "tdm-policy": "https://news.test/terms"}
    site.answers |= {
        "/robots.txt": reply(b"User-agent: *\nContent-Signal: ai-train=no"),
        "/.well-known/tdmrep.json": reply(json.dumps([reservation]).encode(), Content_Type="application/json"),
        "/a": reply(X_Robots_Tag="noarchive"),
    }
    fetcher = site.fetcher()
    for _ in range(2):
        assert fetcher.fetch(site.url("/a")).opt_outs == OptOuts(
            robots=("noarchive",), signals=("ai-train=no",), tdm_reserved=True, tdm_policy="https://news.test/terms"
        )
    assert site.asked == ["/robots.txt", "/.well-known/tdmrep.json", "/a", "/a"]


def test_reservations_that_may_not_be_read_or_fail_reserve_nothing(site: Site) -> None:
    site.answers |= {"/a": reply(), "/.well-known/tdmrep.json": reply(b"", status=500)}
    assert site.fetcher().fetch(site.url("/a")).opt_outs == NO_OPT_OUTS
    site.answers["/robots.txt"] = reply(b"User-agent: *\nDisallow: /.well-known/")
    site.asked.clear()
    site.fetcher().fetch(site.url("/a"))
    assert site.asked == ["/robots.txt", "/a"]
