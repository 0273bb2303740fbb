"""Pages of names, authors, publishers and tags, and corrections to names."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from digests import annotation, digest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from papers import NOW, about, client, filled, opened, parsed, site, texts, token
from starlette.testclient import TestClient

from gazetteer.archive import Archive
from gazetteer.archive.values import Kind
from gazetteer.types import Digest, Entity, Mention, Quote, QuoteKind

COUNT = 25


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    with Archive.open(str(tmp_path / "news.sqlite"), create=True) as opened:
        filled(opened, COUNT)
        yield opened


@pytest.fixture
def asked(archive: Archive) -> TestClient:
    return client(site(archive))


def number(archive: Archive, name: str) -> int:
    (found,) = archive.named(name)
    return found.id


def sent(asked: TestClient, path: str, **form: str):
    return asked.post(path, data={"token": token(asked), **form})


@pytest.mark.parametrize("plural", ["entities", "authors", "publishers", "tags"])
def test_each_kind_has_a_list_that_leads_to_its_pages(asked: TestClient, plural: str) -> None:
    page = parsed(asked.get(f"/{plural}").text)
    links = page.xpath("//ol[@class='index']//a/@href")
    assert links
    for link in links:
        assert asked.get(link).status_code == 200
        assert texts(parsed(asked.get(link).text), "//h1")


@pytest.mark.parametrize("plural", ["entities", "authors", "publishers", "tags"])
@pytest.mark.parametrize("number", [0, 999_999, 1 << 63, 1 << 200])
def test_what_is_not_there_is_told(asked: TestClient, plural: str, number: int) -> None:
    assert asked.get(f"/{plural}/{number}").status_code == 404


def test_a_name_has_its_articles_its_company_its_sentences_and_its_words(asked: TestClient, archive: Archive) -> None:
    page = parsed(asked.get(f"/entities/{number(archive, 'Oona Tregear')}").text)
    assert len(page.xpath("//li[@class='card']")) == 20
    assert page.xpath("//a[@rel='next']")
    assert "Aldo Fenn" in texts(page, "//section[@aria-labelledby='company']//a")
    assert any("Tregear" in each for each in texts(page, "//section[@aria-labelledby='named']//mark"))
    assert texts(page, "//section[@aria-labelledby='said']//blockquote")
    assert page.xpath("//figure[@class='chart']//*[local-name()='title']")
    assert len(page.xpath("//table//tbody/tr")) >= 2


def test_what_is_of_one_day_is_told_in_words_and_not_drawn(tmp_path: Path) -> None:
    with Archive.open(str(tmp_path / "one.sqlite"), create=True) as archive:
        archive.save(digest(), at=NOW)
        asked = client(site(archive))
        for path, words in (
            (f"/entities/{number(archive, 'Oona Tregear')}", "Named in 1 article. Published on 16 Apr 2023."),
            ("/tags/1", "On 1 article. Published on 16 Apr 2023. Told 35% positive, 65% negative."),
            ("/publishers/1", "1 article. Published on 16 Apr 2023. Told 35% positive, 65% negative."),
        ):
            page = parsed(asked.get(path).text)
            assert texts(page, "//header/p[@class='gloss']") == [words]
            assert not page.xpath("//figure[@class='chart']")
        assert texts(parsed(asked.get("/entities").text), "//li/a") != []


def test_all_sentences_and_words_are_found_page_by_page(asked: TestClient, archive: Archive) -> None:
    for what in ("sentences", "quotes"):
        path, seen = f"/entities/{number(archive, 'Oona Tregear')}/{what}", 0
        while path:
            page = parsed(asked.get(path).text)
            seen += len(page.xpath("//ul[contains(@class, 'passages')]//a"))
            path = next(iter(page.xpath("//a[@rel='next']/@href")), "")
        assert seen >= COUNT


def test_what_several_print_stands_once_with_who_prints_it_and_how_it_is_given(tmp_path: Path) -> None:
    said = "Oona Tregear said that the ferry would sail."
    names = (Entity(name="Oona Tregear", label="PERSON", mentions=(Mention(start=0, end=12, score=1.0),)),)
    quotes = (Quote(start=23, end=43, kind=QuoteKind.REPORTED, cue=(13, 17), speaker=(0, 12), entity=0),)
    with opened(tmp_path) as archive:
        for n in range(3):
            article = about(n, text=said, publisher=f"Paper {n}").article
            archive.save(Digest(article=article, annotation=annotation(said, entities=names, quotes=quotes)))
        page = parsed(client(site(archive)).get("/entities/1").text)
        assert texts(page, "//section[@aria-labelledby='said']//li") == [
            "the ferry would sail in the article’s words Paper 0: Article 0; Paper 1, Paper 2"
        ]
        assert texts(page, "//section[@aria-labelledby='named']//li") == [
            f"{said} Paper 0: Article 0; Paper 1, Paper 2"
        ]


def test_a_public_site_shows_no_sentence_here(archive: Archive) -> None:
    asked, name = client(site(archive, public=True)), f"/entities/{number(archive, 'Oona Tregear')}"
    page = parsed(asked.get(name).text)
    assert not page.xpath("//blockquote")
    assert not page.xpath("//form[@action != '/search' and @action != '/sign-in' and not(@class='marking')]")
    assert asked.get(f"{name}/sentences").status_code == asked.get(f"{name}/quotes").status_code == 404


def test_a_place_lies_on_the_map_with_its_country(asked: TestClient, archive: Archive) -> None:
    page = parsed(asked.get(f"/entities/{number(archive, 'Port Ellery')}").text)
    (circle,) = page.xpath("//figure[@class='map']//*[local-name()='circle']")
    assert (circle.get("cx"), circle.get("cy")) == ("53", "-604")
    assert any("60.39° N, 5.32° E" in each for each in texts(page, "//figcaption"))
    assert any("🇳🇴" in each for each in texts(page, "//p[@class='kicker']"))


def test_a_publisher_tells_its_tone_topics_access_and_changes(asked: TestClient, archive: Archive) -> None:
    archive.save(about(0, text="Another text. " * 9), at=NOW)
    (found,) = [each for each in archive.most(Kind.PUBLISHER).rows if each.name == "The Island Courier"]
    page = parsed(asked.get(f"/publishers/{found.id}").text)
    for part in ("told-share", "access", "changed", "topics", "company"):
        assert page.xpath(f"//section[@aria-labelledby='{part}']"), part
    assert any(each.startswith("1 of its newest 13") for each in texts(page, "//section[@aria-labelledby='changed']/p"))


def test_merging_asks_which_is_meant_and_then_shows_the_two_as_one(asked: TestClient, archive: Archive) -> None:
    gone, kept = number(archive, "Aldo Fenn"), number(archive, "Oona Tregear")
    page = parsed(sent(asked, f"/entities/{gone}/merge", into="oona TREGEAR").text)
    assert page.xpath("//input[@name='chosen']/@value") == [str(kept)]
    assert number(archive, "Aldo Fenn") == gone
    answer = sent(asked, f"/entities/{gone}/merge", into="Oona Tregear", chosen=str(kept), sure="yes")
    assert answer.headers["location"] == f"/entities/{kept}"
    assert asked.get(f"/entities/{gone}").headers["location"] == f"/entities/{kept}"
    assert texts(parsed(asked.get("/corrections").text), "//tbody//td")[0] == "“Aldo Fenn” is shown as “Oona Tregear”"
    assert asked.get("/corrections.json").json()[0]["kind"] == "merge"


def test_what_nobody_is_called_merges_nothing(asked: TestClient, archive: Archive) -> None:
    gone = number(archive, "Aldo Fenn")
    assert "No other name" in sent(asked, f"/entities/{gone}/merge", into="Nobody").text
    assert "No other name" in sent(asked, f"/entities/{gone}/merge", into="Aldo Fenn", chosen=str(gone), sure="y").text
    assert archive.corrections() == []


def test_splitting_undoes_a_merge(asked: TestClient, archive: Archive) -> None:
    gone, kept = number(archive, "Aldo Fenn"), number(archive, "Oona Tregear")
    archive.merge(gone, kept)
    page = parsed(asked.get(f"/entities/{kept}").text)
    values = dict(
        zip(texts(page, "//fieldset/label/span[1]"), page.xpath("//input[@name='alias']/@value"), strict=True)
    )
    assert sent(asked, f"/entities/{kept}/split", alias=values["Aldo Fenn"]).status_code == 303
    assert number(archive, "Aldo Fenn") != kept
    assert sent(asked, f"/entities/{kept}/split", alias="99999").status_code == 404


def test_renaming_changes_what_is_shown(asked: TestClient, archive: Archive) -> None:
    one = number(archive, "Aldo Fenn")
    assert sent(asked, f"/entities/{one}/rename", name="Aldo B. Fenn").headers["location"] == f"/entities/{one}"
    assert texts(parsed(asked.get(f"/entities/{one}").text), "//h1") == ["Aldo B. Fenn"]
    assert sent(asked, f"/entities/{one}/rename", name="  ").status_code == 303
    assert len(archive.corrections()) == 1


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    name=st.text(min_size=1, max_size=40)
    | st.sampled_from(['"><script>alert(1)</script>', "javascript:alert(1)", "\x1b]0;x\x07"])
)
def test_whatever_somebody_is_called_is_no_script(tmp_path_factory: pytest.TempPathFactory, name: str) -> None:
    with Archive.open(str(tmp_path_factory.mktemp("a") / "n.sqlite"), create=True) as archive:
        made = digest(publisher=name, authors=(name,))
        first, *others = made.annotation.entities
        named = replace(made.annotation, entities=(replace(first, name=name), *others))
        archive.save(replace(made, annotation=named), at=NOW)
        asked = client(site(archive))
        for kind in Kind:
            for subject in archive.most(kind).rows[:3]:
                plural = {"entity": "entities"}.get(kind.value, f"{kind.value}s")
                for path in (f"/{plural}", f"/{plural}/{subject.id}"):
                    page = parsed(asked.get(path).text)
                    assert all(src.startswith("/static/") for src in page.xpath("//script/@src"))
                    assert not page.xpath("//script[not(@src)] | //@*[starts-with(name(), 'on')]")
                    assert all(not href.lower().startswith("javascript") for href in page.xpath("//@href"))


@pytest.mark.parametrize(
    "path", ["/entities/{}", "/articles/{}", "/images/{}", "/tags/{}/feed.atom", "/entities/{}/quotes"]
)
def test_a_number_of_any_length_is_not_there(asked: TestClient, path: str) -> None:
    for digits in (18, 19, 5_000):
        assert asked.get(path.format("9" * digits)).status_code == 404
