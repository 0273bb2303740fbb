"""The reader's own tag rules, made and changed on the site."""

import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from digests import digest, words
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import html
from papers import NOW, SECRET, client, opened, parsed, texts, token
from starlette.applications import Starlette
from starlette.testclient import TestClient

from gazetteer.archive import Archive
from gazetteer.archive.values import TagRule
from gazetteer.keeping import check_rule, tag_rules
from gazetteer.web import SiteSettings
from gazetteer.web.app import create
from gazetteer.web.rules import FIELDS, Draft, draft_from, draft_of, toml_of

QUERY = "query = 'title:election* OR (\"free and fair\" AND NOT sport)'"
LINES = st.lists(words().map(lambda line: " ".join(line.split())).filter(bool), max_size=3).map(tuple)


def site(archive: Archive, *, is_public: bool = False) -> Starlette:
    return create(archive, SiteSettings(public=is_public), secret=SECRET, check=check_rule, now=lambda: NOW)


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    with opened(tmp_path) as archive:
        yield archive


@pytest.fixture
def asked(archive: Archive) -> TestClient:
    return client(site(archive))


def put(asked: TestClient, **form: str) -> html.HtmlElement | None:
    """Send the form; gives the page that it comes back with, None where the rule was kept."""
    answer = asked.post("/rules", data=form | {"token": token(asked, "/rules")})
    assert answer.status_code in (303, 422)
    return parsed(answer.text) if answer.status_code == 422 else None


def kept(archive: Archive) -> dict[str, str]:
    return {rule.name: rule.rule for rule in archive.tag_rules()}


def wrong(page: html.HtmlElement | None) -> str:
    assert page is not None
    (told,) = texts(page, "//*[@role='alert']")
    return told


def test_a_rule_is_made_from_words(archive: Archive, asked: TestClient) -> None:
    form = {
        "any": "strike*\r\nwalk out\r\n\r\n",
        "all": "harbour",
        "none": "football",
        "entity": 'Dockers’ "Old" Union',
    }
    assert put(asked, name="  Harbour   strike ", **form) is None
    assert tomllib.loads(kept(archive)["Harbour strike"]) == {
        "any": ["strike*", "walk out"],
        "all": ["harbour"],
        "none": ["football"],
        "entity": ['Dockers’ "Old" Union'],
    }
    assert [rule.name for rule in tag_rules(archive).rules] == ["Harbour strike"]
    page = parsed(asked.get("/rules").text)
    assert texts(page, "//ul[@class='rule-list']//h3") == ["Harbour strike"]
    assert "gazetteer reannotate" in texts(page, "//main")[0]


def test_a_rule_is_made_from_toml(archive: Archive, asked: TestClient) -> None:
    assert put(asked, name="Elections", toml=QUERY) is None
    assert kept(archive) == {"Elections": QUERY}


@pytest.mark.parametrize(
    ("form", "told"),
    [
        ({"name": " ", "any": "a"}, "The tag needs a name."),
        ({"name": "x" * 101, "any": "a"}, "The tag’s name has 101 characters; 100 are the most."),
        ({"name": "A", "any": "\n"}, "The rule says not what to look for; write words into one of its fields."),
        ({"name": "A", "none": "football"}, "The rule (“A”) says not what to look for; add any, all"),
        ({"name": "A", "any": "str*ke"}, "The rule (“A”): any: in “str*ke” the * can only stand at the end"),
        ({"name": "A", "toml": "any = ["}, "The rule (“A”) is not TOML"),
        ({"name": "A", "toml": 'name = "B"\nany = ["a"]'}, "The rule (“A”) has another name in its text; remove that."),
        ({"name": "A", "toml": "query = '(a'"}, "The rule (“A”): query: line 1, column 3: a closing “)” is missing."),
        ({"name": "Ferries", "any": "a"}, "There is a rule of the name “Ferries” already"),
    ],
)  # fmt: skip
def test_a_rule_that_is_wrong_comes_back_with_what_was_typed(
    archive: Archive, asked: TestClient, form: dict[str, str], told: str
) -> None:
    archive.put_tag_rule("Ferries", 'any = ["ferry"]')
    page = put(asked, **form)
    assert wrong(page).startswith(told)
    assert page is not None
    typed = {each.get("name"): each.text_content().strip() for each in page.xpath("//textarea")}
    assert all(typed[key] == form[key].strip() for key in form if key in typed)
    assert page.xpath("//form[@class='fields']//input[@name='name']/@value")[0] == form["name"].strip()
    assert kept(archive) == {"Ferries": 'any = ["ferry"]'}


def test_a_rule_is_changed_and_renamed(archive: Archive, asked: TestClient) -> None:
    archive.put_tag_rule("Ferries", 'any = ["ferry"]')
    page = parsed(asked.get("/rules?name=Ferries").text)
    assert page.xpath("//textarea[@name='any']")[0].text_content().strip() == "ferry"
    assert set(page.xpath("//input[@name='was']/@value")) == {"Ferries"}
    assert put(asked, name="Ferries", was="Ferries", any="ferr*") is None
    assert kept(archive) == {"Ferries": 'any = ["ferr*"]'}
    assert put(asked, name="Boats", was="Ferries", any="ferr*") is None
    assert list(kept(archive)) == ["Boats"]
    assert asked.get("/rules?name=Ferries").status_code == 404


def test_a_rule_that_words_cannot_tell_is_changed_in_toml_alone(archive: Archive, asked: TestClient) -> None:
    archive.put_tag_rule("Elections", QUERY)
    page = parsed(asked.get("/rules?name=Elections").text)
    assert [each.get("name") for each in page.xpath("//textarea")] == ["toml"]
    assert page.xpath("//textarea")[0].text_content().strip() == QUERY


def test_a_rule_is_removed(archive: Archive, asked: TestClient) -> None:
    archive.put_tag_rule("Ferries", 'any = ["ferry"]')
    form = {"token": token(asked, "/rules"), "name": "Ferries"}
    assert asked.post("/rules/remove", data=form).status_code == 303
    assert kept(archive) == {}
    assert asked.post("/rules/remove", data=form).status_code == 404


def test_a_rule_begins_from_an_article(archive: Archive, asked: TestClient) -> None:
    number = archive.save(digest(), at=NOW).id
    page = parsed(asked.get(f"/rules?article={number}").text)
    assert page.xpath("//input[@name='name']/@value")[0] == "Oona Tregear"
    assert page.xpath("//textarea[@name='entity']")[0].text_content().strip() == "Oona Tregear"
    for other in ("0", "x", "-1", "9" * 30, str(1 << 62)):
        assert asked.get(f"/rules?article={other}").status_code == 200


def test_strangers_see_rules_and_make_none(archive: Archive) -> None:
    archive.put_tag_rule("Ferries", 'any = ["ferry"]')
    asked = client(site(archive, is_public=True))
    page = parsed(asked.get("/rules").text)
    assert not page.xpath("//form[@method='post']")
    assert texts(page, "//ul[@class='rule-list']//h3") == ["Ferries"]
    for path in ("/rules", "/rules/remove"):
        assert asked.post(path, data={"name": "Ferries", "any": "a", "token": "0"}).status_code == 403
    assert kept(archive) == {"Ferries": 'any = ["ferry"]'}


def test_where_no_rule_can_be_checked_none_is_made(archive: Archive) -> None:
    number = archive.save(digest(tags=()), at=NOW).id
    asked = client(create(archive, SiteSettings(), secret=SECRET))
    assert not parsed(asked.get("/rules").text).xpath("//form[@method='post']")
    form = {"token": token(asked, f"/articles/{number}"), "name": "A", "any": "a"}
    assert asked.post("/rules", data=form).status_code == 403


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(name=words(), rule=words(), lines=LINES)
def test_whatever_is_written_is_kept_as_a_rule_or_told_and_no_markup(
    archive: Archive, asked: TestClient, name: str, rule: str, lines: tuple[str, ...]
) -> None:
    written = [each.encode("utf-8", "replace").decode() for each in (name, rule, "\n".join(lines))]
    for form in ({"name": written[0], "toml": written[1]}, {"name": written[0], "any": written[2]}):
        put(asked, **form)
    tag_rules(archive)
    archive.put_tag_rule(*written[:2])
    page = parsed(asked.get("/rules").text)
    assert not page.xpath("//main//script | //main//img | //main//style")
    assert {each for each in page.xpath("//main//@href") if not each.startswith(("/", "#"))} == set()
    for each in archive.tag_rules():
        archive.remove_tag_rule(each.name)


@given(st.fixed_dictionaries(dict.fromkeys(FIELDS, LINES)))
def test_words_are_the_same_when_a_rule_is_changed(asked: dict[str, tuple[str, ...]]) -> None:
    plain = {key: tuple(each.encode("utf-8", "replace").decode() for each in lines) for key, lines in asked.items()}
    toml = toml_of(Draft(name="A", words=plain))
    try:
        table = tomllib.loads(toml)
    except tomllib.TOMLDecodeError:
        assert any("\x7f" in each for lines in plain.values() for each in lines)
        return
    assert table == {key: list(lines) for key, lines in plain.items() if lines}
    again = draft_from(TagRule(name="A", rule=toml, changed_at=NOW))
    assert again.is_toml or again.words == {key: lines for key, lines in plain.items() if lines}


def test_a_draft_of_nothing_is_empty() -> None:
    assert draft_of(()) == Draft()
