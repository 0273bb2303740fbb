"""What an article's page says of itself to programs."""

import json
from pathlib import Path

import digests
import papers
import pytest
from hypothesis import HealthCheck, given, settings
from lxml import html
from playwright.sync_api import Browser
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from gazetteer.archive import Kept
from gazetteer.types import Digest
from gazetteer.web import SiteSettings, metadata
from gazetteer.web.shown import shown
from gazetteer.web.site import page, site_of
from gazetteer.web.templating import environment

BASE = "https://news.example.org"
PAGE = '<!doctype html><html><head>{% include "metadata.html" %}</head><body><p id="end">End</p></body></html>'


@pytest.fixture
def kept(tmp_path: Path) -> Kept:
    return of(tmp_path, digests.digest())


def of(folder: Path, digest: Digest) -> Kept:
    with papers.opened(folder) as archive:
        found = archive.get(archive.save(digest, at=papers.NOW).id)
        assert found is not None
        return found


def head(kept: Kept, settings: SiteSettings) -> str:
    return environment().from_string(PAGE).render(kept=kept, said=shown(kept, settings), base=BASE, settings=settings)


def said(kept: Kept, settings: SiteSettings) -> metadata.Metadata:
    return metadata.of(kept, shown(kept, settings), BASE, settings)


def told(words: str) -> dict[str, object]:
    (script,) = html.document_fromstring(words).xpath("//script")
    assert script.get("type") == "application/ld+json"
    return json.loads(script.text)


def test_an_article_is_told_as_schema_org_has_it(kept: Kept) -> None:
    article = told(head(kept, SiteSettings()))
    assert article["@context"] == "https://schema.org"
    assert article["@type"] == "NewsArticle"
    assert article["headline"] == "The Last Sailing of the Saint Brannoc"
    assert article["url"] == "https://www.island-courier.example/2023/04/last-sailing"
    assert article["mainEntityOfPage"] == f"{BASE}/articles/{kept.id}"
    assert (article["datePublished"], article["dateModified"]) == ("2023-04-16T17:05:00Z", "2023-04-17T08:30:00Z")
    assert [author["name"] for author in article["author"]] == ["Wren Calloway", "Ines Duarte"]
    assert article["publisher"]["name"] == "The Island Courier"
    assert article["keywords"] == ["Shipping"]


def test_who_and_what_is_mentioned_has_its_kind_and_place(kept: Kept) -> None:
    mentions = {each["name"]: each for each in told(head(kept, SiteSettings()))["mentions"]}
    kinds = {name: each["@type"] for name, each in mentions.items()}
    assert kinds["Oona Tregear"] == "Person"
    assert kinds["Veridian Lines"] == "Organization"
    assert kinds["the Mole"] == kinds["Norway"] == "Place"
    assert kinds["Portuguese"] == "Thing"
    ellery = mentions["Port Ellery"]
    assert ellery["geo"] == {"@type": "GeoCoordinates", "latitude": 60.39, "longitude": 5.32}
    assert ellery["address"]["addressCountry"] == "NO"
    assert ellery["url"].startswith(f"{BASE}/entities/")


def test_the_canonical_page_is_the_publishers_where_it_is_known(tmp_path: Path, kept: Kept) -> None:
    link = "https://www.island-courier.example/2023/04/last-sailing"
    assert said(kept, SiteSettings()).canonical == link
    unsafe = of(tmp_path, digests.digest(canonical_url="javascript:alert(1)", url=None, headline="Other"))
    assert said(unsafe, SiteSettings()).canonical == f"{BASE}/articles/{unsafe.id}"
    assert "javascript" not in head(unsafe, SiteSettings())


def test_open_graph_tells_of_the_page(kept: Kept) -> None:
    properties = dict(said(kept, SiteSettings(title="Harbour")).properties)
    assert properties["og:type"] == "article"
    assert properties["og:url"] == f"{BASE}/articles/{kept.id}"
    assert properties["og:site_name"] == "Harbour"
    assert properties["article:published_time"] == "2023-04-16T17:05:00Z"
    assert len(properties["og:description"]) <= 302


@pytest.mark.parametrize(("sentences", "dots"), [(0, 0), (1, 1)])
def test_a_public_page_says_no_more_than_its_excerpt(kept: Kept, sentences: int, dots: int) -> None:
    settings = SiteSettings(public=True, excerpt=sentences)
    assert str(told(head(kept, settings)).get("description", "")).count(".") == dots
    assert dict(said(kept, settings).properties).get("og:description", "").count(".") == dots


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(digests.hostile_digests())
def test_nothing_that_an_article_says_leaves_its_script_or_attribute(tmp_path: Path, digest: Digest) -> None:
    kept = of(tmp_path, digest)
    words = head(kept, SiteSettings())
    assert told(words)["@type"] == "NewsArticle"
    parsed = html.document_fromstring(words)
    assert {each.tag for each in parsed.iter() if isinstance(each.tag, str)} <= {
        *("html", "head", "link", "meta", "script", "body", "p"),
    }
    for each in parsed.iter("link", "meta"):
        assert set(each.attrib) <= {"rel", "href", "property", "content"}
    assert parsed.xpath("//p")[0].text == "End"


def test_the_strict_policy_of_the_site_lets_it_be(tmp_path: Path, browser: Browser) -> None:
    def probe(request: Request) -> Response:
        site = site_of(request)
        found = site.archive.get(site.archive.browse().rows[0].id)
        assert found is not None
        return HTMLResponse(head(found, site.settings))

    with papers.opened(tmp_path) as archive:
        archive.save(digests.digest(headline="</script><script>document.title = 'taken'</script><!--"), at=papers.NOW)
        app = papers.site(archive)
        app.router.routes.insert(0, page("/probe", probe))
        with papers.served(app) as address:
            tab = browser.new_page()
            said: list[str] = []
            tab.on("console", lambda message: said.append(message.text))
            tab.on("pageerror", lambda error: said.append(str(error)))
            answer = tab.goto(f"{address}/probe")
            assert "script-src 'self'" in answer.headers["content-security-policy"]
            held = tab.evaluate("JSON.parse(document.querySelector('script').textContent).headline")
            assert held.startswith("</script><script>")
            assert tab.title() == ""
            assert tab.locator("script").count() == 1
            tab.close()
    assert [words for words in said if "favicon" not in words and "404" not in words] == []
