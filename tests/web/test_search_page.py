from collections.abc import Iterator

import pytest
from digests import words
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from papers import client, is_safe, opened, parsed, site, texts
from starlette.testclient import TestClient

from gazetteer.archive.query import FIELDS, parse
from gazetteer.web.search import LANGUAGE


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    with opened(tmp_path_factory.mktemp("search"), 25) as archive:
        yield client(site(archive))


def test_what_was_found_is_marked_and_pages_follow(asked: TestClient) -> None:
    page = parsed(asked.get("/search?q=catamaran&order=newest").text)
    assert texts(page, "//*[contains(@class, 'title')]")[:2] == ["Article 0", "Article 1"]
    assert set(texts(page, "//li//mark")) == {"catamaran"}
    more = page.xpath("//a[@rel='next']/@href")[0]
    assert len(texts(parsed(asked.get(more).text), "//*[contains(@class, 'title')]")) == 5


def test_the_order_is_kept(asked: TestClient) -> None:
    page = parsed(asked.get("/search?q=ferry&order=newest").text)
    assert page.xpath("//input[@name='order' and @checked]/@value") == ["newest"]
    assert parsed(asked.get("/search?q=ferry&order=odd").text).xpath("//input[@checked]/@value") == ["best"]


def test_a_search_has_feeds_of_its_own(asked: TestClient) -> None:
    page = parsed(asked.get("/search", params={"q": "a&b c"}).text)
    assert page.xpath("//link[@rel='alternate']/@href") == [
        "/search/feed.atom?q=a%26b+c",
        "/search/feed.json?q=a%26b+c",
    ]


def test_a_wrong_query_is_shown_where_it_is_wrong(asked: TestClient) -> None:
    answer = asked.get("/search", params={"q": "ferry colour:red"})
    assert answer.status_code == 400
    page = parsed(answer.text)
    assert page.xpath("string(//*[@role='alert']//pre)") == "ferry colour:red"
    assert page.xpath("string(//*[@role='alert']//mark/preceding-sibling::text())") == "ferry "
    assert "there is no “colour:”" in answer.text.lower()
    assert page.xpath("//input[@name='q']/@value") == ["ferry colour:red"]
    assert not page.xpath("//link[@rel='alternate']")


def test_nothing_asked_and_nothing_found(asked: TestClient) -> None:
    nothing = parsed(asked.get("/search").text)
    assert nothing.xpath("//details[@open]")
    assert not nothing.xpath("//*[contains(@class, 'card')]")
    assert "Nothing was found." in asked.get("/search?q=zeppelin").text


def test_the_language_is_explained_whole_and_rightly() -> None:
    explained = " ".join(example for example, _ in LANGUAGE)
    assert all(f"{field}:" in explained for field in FIELDS)
    for example, _ in LANGUAGE:
        parse(example)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60)
@given(query=words(), order=st.sampled_from(["best", "newest", ""]))
def test_any_query_is_answered_and_runs_nothing(asked: TestClient, query: str, order: str) -> None:
    answer = asked.get("/search", params={"q": query.encode("utf-8", "replace").decode(), "order": order})
    assert answer.status_code in (200, 400)
    is_safe(parsed(answer.text))
