from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from digests import digest, words
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from papers import NEWEST, NOW, PUBLISHERS, about, client, filled, is_safe, opened, parsed, site, texts, token
from starlette.testclient import TestClient

from gazetteer.archive import Archive, Kind, Outcome, Saved
from gazetteer.errors import ArchiveError, BusyError
from gazetteer.types import Capture, Failure

COUNT = 30


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    with opened(tmp_path_factory.mktemp("front"), COUNT) as archive:
        yield archive


@pytest.fixture
def asked(archive: Archive) -> TestClient:
    return client(site(archive))


def headlines(answer: object) -> list[str]:
    return texts(parsed(answer.text), "//*[contains(@class, 'title')]/a")  # type: ignore[attr-defined]


def test_the_newest_articles_stand_first_and_pages_follow(asked: TestClient) -> None:
    first = asked.get("/")
    assert headlines(first) == [f"Article {number}" for number in range(20)]
    more = parsed(first.text).xpath("//a[@rel='next' and text()='More']/@href")[0]
    assert headlines(asked.get(more)) == [f"Article {number}" for number in range(20, COUNT)]


def test_a_day_has_its_articles_and_leads_to_the_days_beside_it(asked: TestClient) -> None:
    day = NEWEST.date()
    page = asked.get(f"/?day={day}")
    assert headlines(page) == ["Article 0", "Article 1", "Article 2", "Article 3"]
    assert parsed(page.text).xpath("//a[@aria-current='date']/text()") == [str(day.day)]
    before = parsed(page.text).xpath("//p[@class='days']/a[@rel='prev']/@href")[0]
    assert before == "/?day=2023-04-15"
    after = parsed(asked.get(before).text).xpath("//p[@class='days']/a[@rel='next']/@href")[0]
    assert after == f"/?day={day}"


def test_a_day_without_articles_is_a_page_that_leads_on(asked: TestClient) -> None:
    page = asked.get("/?day=2024-02-29")
    assert page.status_code == 200
    assert "No articles on these days." in page.text
    assert parsed(page.text).xpath("//p[@class='months']/a/@href") == ["/?day=2023-04-16"]


def test_the_calendar_counts_the_articles_of_each_day(asked: TestClient, archive: Archive) -> None:
    page = parsed(asked.get("/").text)
    shown = dict(
        zip(page.xpath("//table//a/text()"), page.xpath("//table//a/@title"), strict=True),
    )
    assert shown["16"] == "4 articles"
    assert len(shown) == len([day for day in archive.days() if day.day.month == 4])


def test_what_is_covered_most_is_counted_over_the_days_that_are_shown(asked: TestClient) -> None:
    page = parsed(asked.get(f"/?day={NEWEST.date()}").text)
    assert texts(page, "//section[@aria-labelledby='most-publisher']//li") == [
        "The Island Courier 2 articles",
        "Harbour Times 2 articles",
    ]
    assert texts(page, "//section[@aria-labelledby='most-tag']//li") == ["Shipping 4 articles"]
    week = parsed(asked.get("/").text)
    assert "10 April 2023 to 16 April 2023" in texts(week, "//section[@aria-labelledby='most-entity']")[0]


def test_what_one_article_has_is_not_called_most_covered(tmp_path: Path) -> None:
    with opened(tmp_path, 1) as archive:
        page = parsed(client(site(archive)).get("/").text)
        assert not page.xpath("//section[@class='most']")
        assert page.xpath("//table[@class='calendar']//a")


@pytest.mark.parametrize(
    ("asks", "found"),
    [
        ("publisher={publisher}", list(range(1, COUNT, 2))),
        ("tag={tag}", list(range(20))),
        ("language=de", [4, 9, 14, 19, 24, 29]),
        ("tone=negative", [number for number in range(COUNT) if number % 3 != 2]),
        ("tone=neutral", [number for number in range(COUNT) if number % 3 == 2]),
        ("publisher=&tag=&language=de&tone=", [4, 9, 14, 19, 24, 29]),
        (f"day={NEWEST.date()}&language=de", []),
    ],
)
def test_articles_are_narrowed_by_one_thing(asked: TestClient, archive: Archive, asks: str, found: list[int]) -> None:
    numbers = {
        kind: next(each.id for each in archive.most(kind).rows if each.name in ("Harbour Times", "Shipping"))
        for kind in (Kind.PUBLISHER, Kind.TAG)
    }
    page = asked.get("/?" + asks.format(publisher=numbers[Kind.PUBLISHER], tag=numbers[Kind.TAG]))
    assert headlines(page) == [f"Article {number}" for number in found][:20]


def test_the_form_keeps_what_was_chosen(asked: TestClient) -> None:
    page = parsed(asked.get(f"/?language=de&day={NEWEST.date()}").text)
    assert page.xpath("//select[@name='language']/option[@selected]/@value") == ["de"]
    assert page.xpath("//input[@name='day']/@value") == [str(NEWEST.date())]


def test_what_a_list_cannot_show_is_searched_for(asked: TestClient, archive: Archive) -> None:
    publisher = next(each.id for each in archive.most(Kind.PUBLISHER).rows if each.name == "Harbour Times")
    answer = asked.get(f"/?publisher={publisher}&tone=negative&day=2023-04-16")
    assert answer.status_code == 303
    query = parse_qs(urlsplit(answer.headers["location"]).query)["q"][0]
    assert query == 'publisher:"Harbour Times" tone:negative after:2023-04-16 before:2023-04-17'
    assert headlines(asked.get(answer.headers["location"])) == ["Article 1", "Article 3"]


@pytest.mark.parametrize(
    ("asks", "status"),
    [
        ("day=yesterday", 400),
        ("day=9999-12-31", 404),
        ("day=0001-01-01", 404),
        ("publisher=0", 404),
        ("publisher=x", 404),
        (f"tag={'9' * 40}", 404),
        ("tone=angry", 400),
        ("cursor=x", 400),
    ],
)
def test_what_is_not_there_is_told_on_a_page(asked: TestClient, asks: str, status: int) -> None:
    answer = asked.get(f"/?{asks}")
    assert answer.status_code == status
    page = parsed(answer.text)
    assert texts(page, "//h1") != texts(page, "//main//p")[:1]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    values=st.fixed_dictionaries(
        {}, optional={name: words() for name in ("day", "publisher", "tag", "language", "tone", "cursor", "q")}
    )
)
def test_anything_may_be_asked(asked: TestClient, values: dict[str, str]) -> None:
    sent = {name: value.encode("utf-8", "replace").decode() for name, value in values.items()}
    answer = asked.get("/", params=sent)
    assert answer.status_code in (200, 303, 400, 404)
    if answer.text:
        is_safe(parsed(answer.text))


def test_an_empty_archive_says_how_to_begin(tmp_path: Path) -> None:
    with opened(tmp_path) as archive:
        page = client(site(archive)).get("/")
        assert page.status_code == 200
        assert "gazetteer add https://" in page.text
        assert "/add" not in parsed(page.text).xpath("//main//@href")
        with_form = client(site(archive, take=lambda _: Saved(id=1, outcome=Outcome.KEPT))).get("/")
        assert "/add" in parsed(with_form.text).xpath("//main//@href")


def test_a_page_that_did_not_change_is_not_sent_twice(asked: TestClient) -> None:
    asked.get("/")
    first = asked.get("/")
    assert first.headers["cache-control"] == "private, no-cache"
    again = asked.get("/", headers={"if-none-match": f'"other", W/{first.headers["etag"]}'})
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == first.headers["etag"]
    other = asked.get("/?day=2023-04-16", headers={"if-none-match": first.headers["etag"]})
    assert other.status_code == 200


def test_head_is_answered_as_get(asked: TestClient) -> None:
    asked.get("/")
    for path in ("/", "/about", "/search?q=ferry", "/favicon.svg", "/robots.txt"):
        whole, head = asked.get(path), asked.head(path)
        assert head.status_code == 200
        assert (head.headers["etag"], head.content) == (whole.headers["etag"], b"")


def test_files_last_and_only_the_sites_own_are_given(asked: TestClient) -> None:
    style = parsed(asked.get("/").text).xpath("//link[@rel='stylesheet']/@href")[0]
    assert "immutable" in asked.get(style).headers["cache-control"]
    for path in ("/static/site.py", "/static/..%2Fapp.py", "/static/nothing.css", "/static/%00.css"):
        assert asked.get(path).status_code == 404


def test_machines_are_told_where_they_may_read(archive: Archive) -> None:
    assert client(site(archive)).get("/robots.txt").text == "User-agent: *\nDisallow: /\n"
    public = client(site(archive, public=True)).get("/robots.txt").text.splitlines()
    assert "Disallow: /api" in public
    assert "Disallow: /sign-in" in public
    assert "Disallow: /" not in public


def test_every_page_says_who_may_do_what_with_it(asked: TestClient) -> None:
    for path in ("/", "/nowhere", "/search?q=(", "/robots.txt"):
        headers = asked.get(path).headers
        assert "script-src 'self'" in headers["content-security-policy"]
        assert "unsafe" not in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"


def test_another_name_is_refused(asked: TestClient) -> None:
    assert asked.get("/", headers={"host": "evil.example"}).status_code == 400


def test_where_the_archive_fails_a_page_says_so(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise ArchiveError("the archive: the disk is full")

    asked = client(site(archive))
    for name in ("beside", "signed_in", "marks"):
        monkeypatch.setattr(archive, name, broken)
    asked.cookies.set("gazetteer-session", "x")
    answer = asked.get("/")
    assert answer.status_code == 503
    assert "The archive: the disk is full." in answer.text


# The owner's notice


def test_the_notice_is_shown_until_it_is_dismissed(archive: Archive) -> None:
    asked = client(site(archive, notice="We set no cookies."))
    assert "We set no cookies." in asked.get("/").text
    answer = asked.post("/notice", data={"token": token(asked), "to": "/about"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/about")
    assert "We set no cookies." not in asked.get("/about").text
    other = client(site(archive, notice="We set one."))
    other.cookies = asked.cookies
    assert "We set one." in other.get("/").text


@pytest.mark.parametrize(
    "to", ["https://evil.example/", "//evil.example", "/\\evil.example", "x", "/\r\nset-cookie: a"]
)
def test_a_form_leads_nowhere_else(archive: Archive, to: str) -> None:
    asked = client(site(archive, notice="Words"))
    answer = asked.post("/notice", data={"token": token(asked), "to": to})
    assert answer.headers["location"] == "/"


# Adding


class Taken:
    """Stands in for what takes pages in."""

    def __init__(self, answer: Saved | Failure) -> None:
        self.answer = answer
        self.asked: list[str | Capture] = []

    def __call__(self, source: str | Capture) -> Saved | Failure:
        self.asked.append(source)
        return self.answer


def busy(_: str | Capture) -> Saved:
    raise BusyError("others are being read", seconds=7)


def test_an_address_is_added_and_its_article_shown(archive: Archive) -> None:
    take = Taken(Saved(id=7, outcome=Outcome.KEPT))
    asked = client(site(archive, take=take))
    answer = asked.post("/add", data={"token": token(asked, "/add"), "address": " https://news.example/a "})
    assert (answer.status_code, answer.headers["location"]) == (303, "/articles/7")
    assert take.asked == ["https://news.example/a"]


def test_whoever_adds_while_too_much_is_read_is_told_when_to_come_again(archive: Archive) -> None:
    asked = client(site(archive, take=busy))
    answer = asked.post("/add", data={"token": token(asked), "address": "https://news.example/"})
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "7")
    page = parsed(answer.text)
    assert texts(page, "//*[@role='alert']") == ["It was not added: others are being read."]
    assert page.xpath("//input[@name='address']/@value") == ["https://news.example/"]


def test_why_an_address_was_not_added_is_told_and_it_stays(archive: Archive) -> None:
    take = Taken(Failure(source="x", reason="it leads to a private address"))
    asked = client(site(archive, take=take))
    answer = asked.post("/add", data={"token": token(asked, "/add"), "address": "https://intranet.example/"})
    assert answer.status_code == 422
    assert "It was not added: it leads to a private address." in answer.text
    assert parsed(answer.text).xpath("//input[@name='address']/@value") == ["https://intranet.example/"]


@pytest.mark.parametrize("address", ["", "/etc/passwd", "-", "file:///etc/passwd", "https://u:p@host/", "javascript:1"])
def test_only_addresses_are_taken(archive: Archive, address: str) -> None:
    take = Taken(Saved(id=7, outcome=Outcome.KEPT))
    asked = client(site(archive, take=take))
    answer = asked.post("/add", data={"token": token(asked, "/add"), "address": address})
    assert answer.status_code == 422
    assert take.asked == []


def test_nothing_is_added_where_nothing_can_be_or_without_leave(archive: Archive) -> None:
    closed = client(site(archive))
    assert not parsed(closed.get("/add").text).xpath("//main//form")
    take = Taken(Saved(id=7, outcome=Outcome.KEPT))
    public = client(site(archive, take=take, public=True, notice="Words"))
    assert not parsed(public.get("/add").text).xpath("//main//form")
    answer = public.post("/add", data={"token": token(public), "address": "https://news.example/a"})
    assert answer.headers["location"].startswith("/sign-in")
    private = client(site(archive, take=take))
    assert private.post("/add", data={"token": "0" * 64, "address": "https://news.example/a"}).status_code == 403
    forged = {"token": token(private, "/add"), "address": "https://news.example/a"}
    assert private.post("/add", data=forged, headers={"sec-fetch-site": "cross-site"}).status_code == 403
    assert take.asked == []


# Marks


def test_articles_are_marked_and_starred_ones_found_again(tmp_path: Path) -> None:
    with opened(tmp_path) as archive:
        numbers = filled(archive, 3)
        asked = client(site(archive))
        sent = {"token": token(asked), "to": "/?day=2023-04-16", "starred": "yes"}
        answer = asked.post(f"/articles/{numbers[1]}/marks", data=sent)
        assert (answer.status_code, answer.headers["location"]) == (303, f"/?day=2023-04-16#article-{numbers[1]}")
        assert headlines(asked.get("/starred")) == ["Article 1"]
        answer = asked.post(f"/articles/{numbers[2]}/marks", data={**sent, "read": "yes", "stay": "yes"})
        assert (answer.status_code, answer.content) == (204, b"")
        shown = parsed(asked.get("/").text)
        card = f"//*[@id='article-{numbers[2]}']"
        assert shown.xpath(f"{card}//button/@aria-pressed") == ["true", "true"]
        assert shown.xpath(f"{card}//button/@value") == ["no", "no"]
        asked.post(f"/articles/{numbers[2]}/marks", data={**sent, "starred": "no"})
        assert headlines(asked.get("/starred")) == ["Article 1"]


@pytest.mark.parametrize(
    ("number", "noted", "status"),
    [("1", {"read": "yes"}, 404), ("9" * 40, {"read": "yes"}, 404), ("1", {}, 400), ("1", {"read": "perhaps"}, 400)],
)
def test_marks_that_make_no_sense_are_refused(
    archive: Archive, number: str, noted: dict[str, str], status: int
) -> None:
    asked = client(site(archive))
    assert asked.post(f"/articles/{number}/marks", data={"token": token(asked), **noted}).status_code == status


def test_strangers_mark_nothing(archive: Archive) -> None:
    asked = client(site(archive, public=True))
    page = parsed(asked.get("/").text)
    assert not page.xpath("//main//button[@formaction]")
    assert "/starred" not in page.xpath("//nav//@href")
    assert asked.get("/starred").headers["location"] == "/sign-in?to=%2Fstarred"


def test_a_public_site_lists_no_more_of_an_article_than_its_excerpt(tmp_path: Path) -> None:
    with opened(tmp_path) as archive:
        filled(archive, 4)
        public, silent = (client(site(archive, public=True, excerpt=most)) for most in (2, 0))
        for path in (
            "/",
            "/search?q=cattle",
            "/search?q=waltz",
            f"/publishers/{archive.most(Kind.PUBLISHER).rows[0].id}",
        ):
            decks = set(texts(parsed(public.get(path).text), "//p[@class='deck']"))
            assert decks == {archive.browse().rows[0].lead}
            page = parsed(silent.get(path).text)
            assert not texts(page, "//p[@class='deck']")
            whys = {words.removesuffix(".") for words in texts(page, "//li[@class='card']/p[@class='gloss']")}
            assert whys <= {f"This site quotes nothing of {name}" for name in PUBLISHERS}
            assert whys


@pytest.mark.parametrize("public", [False, True])
def test_a_list_says_where_no_sentence_can_be_quoted(tmp_path: Path, *, public: bool) -> None:
    endless = digest(text="word " * 300, canonical_url="https://news.example/endless")
    fragments = replace(about(1), annotation=replace(about(1).annotation, summary=(), summary_why=()))
    with opened(tmp_path) as archive:
        for each in (endless, fragments):
            archive.save(each, at=NOW)
        asked = client(site(archive, public=public))
        for path in ("/", "/search?q=lang:en"):
            page = parsed(asked.get(path).text)
            assert texts(page, "//p[@class='deck']") == []
            assert texts(page, "//li/p[@class='gloss']") == ["No sentence of it can be quoted by itself."] * 2
