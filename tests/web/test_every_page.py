"""Every page that links lead to, from the front page on: it is there, and nothing that strangers wrote acts in it."""

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from digests import ATTACKS, annotation, digest, hostile_digests, words
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from papers import NOW, client, filled, hostile, is_safe, opened, parsed, served, site
from playwright.sync_api import Browser
from starlette.testclient import TestClient

from gazetteer.archive import Archive, Kind
from gazetteer.archive.names import Name
from gazetteer.keeping import check_rule
from gazetteer.types import Digest

BEGINNINGS = ("/", "/rules", "/corrections", "/starred", "/api")
BESIDE = (".atom", ".json", "/static/", "/favicon")
"""What links lead to that is no page."""

ATTACK = " ".join(ATTACKS)


def kind_of(path: str) -> str:
    """Give what tells a page from others of another kind: its path without numbers, and what is asked."""
    where, _, asked = path.partition("?")
    return re.sub(r"\d+", "0", where) + "?" + ",".join(sorted(re.findall(r"([\w-]+)=", asked)))


def pages(asked: TestClient, beginnings: tuple[str, ...] = BEGINNINGS) -> Iterator[tuple[str, str]]:
    """Follow the links from page to page; gives one page of each kind, as its path and its words."""
    waiting, seen = list(beginnings), set()
    while waiting:
        path = waiting.pop(0).partition("#")[0]
        if not path or kind_of(path) in seen or any(each in path for each in BESIDE):
            continue
        seen.add(kind_of(path))
        answer = asked.get(path, follow_redirects=True)
        assert answer.status_code == 200, path
        if answer.headers["content-type"].startswith("text/html"):
            yield path, answer.text
            waiting += parsed(answer.text).xpath(
                "//main//a/@href[starts-with(., '/')] | //nav//@href | //footer//@href"
            )


def corrected(archive: Archive) -> None:
    """Correct, review and tag what the archive has."""
    found = archive.most(Kind.ENTITY).rows
    if found:
        archive.rename(found[0].id, ATTACK)
        archive.split(Name(name=found[0].name, label=found[0].label or ""))
    for card in archive.browse().rows:
        archive.review(card.id, reviewer=ATTACK, words=ATTACK, rating=3)
    archive.put_tag_rule(ATTACK, f"any = ['''{ATTACKS[0]}''']")


@pytest.mark.parametrize("public", [False, True])
def test_links_lead_to_pages(tmp_path: Path, *, public: bool) -> None:
    with opened(tmp_path) as archive:
        first, *_ = filled(archive, 45)
        archive.save(digest(canonical_url="https://news.example/0", text="Another text."), at=NOW)
        archive.review(first, reviewer="Ann", words="Fair.")
        walked = dict(pages(client(site(archive, public=public, check=check_rule))))
    kinds = set(map(kind_of, walked))
    assert {"/articles/0?", "/articles/0/changes?", "/entities/0?", "/tags/0?", "/?cursor", "/?day"} <= kinds
    assert ("/entities/0/sentences?" in kinds) != public


@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(given=st.lists(hostile_digests(), min_size=1, max_size=3), title=words(), notice=words(), public=st.booleans())
def test_nothing_that_strangers_write_acts_on_any_page(
    given: list[Digest], title: str, notice: str, tmp_path_factory: pytest.TempPathFactory, *, public: bool
) -> None:
    with opened(tmp_path_factory.mktemp("hostile")) as archive:
        for number, each in enumerate(given):
            archive.save(hostile(each, number))
        corrected(archive)
        walked = list(pages(client(site(archive, title=title, notice=notice, public=public))))
        assert len(walked) > 10
        for _, text in walked:
            is_safe(parsed(text))


def test_nothing_of_it_runs_in_a_browser(browser: Browser, tmp_path: Path) -> None:
    """The browser says what it was kept from running (Content-Security-Policy), and what opened a window."""
    text = f"{ATTACK} said Oona Tregear. {ATTACK} said Aldo Fenn."
    hostile_one = Digest(
        article=digest(headline=ATTACK, byline=ATTACK, authors=(ATTACK,), publisher=ATTACK, text=text).article,
        annotation=annotation(text, model=ATTACK),
    )
    with opened(tmp_path) as archive:
        archive.save(hostile_one)
        corrected(archive)
        app = site(archive, title=ATTACK, notice=ATTACK, check=check_rule)
        paths = [path for path, _ in pages(client(app))]
        with served(app) as address:
            page = browser.new_page()
            said: list[str] = []
            page.on("console", lambda message: said.append(message.text))
            page.on("dialog", lambda dialog: (said.append(dialog.message), dialog.dismiss()))
            page.on("pageerror", lambda error: said.append(str(error)))
            for path in (*paths, "/search?q=" + quote(ATTACKS[0]), "/add?address=" + quote(ATTACKS[1])):
                page.goto(address + path)
            page.close()
    assert len(paths) > 10
    assert [each for each in said if "status of 4" not in each] == []
