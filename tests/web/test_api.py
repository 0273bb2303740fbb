"""The API over a real archive, asked as a program asks it."""

import json
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import digests
import httpx
import papers
import pytest
from hypothesis import HealthCheck, given, settings
from starlette.testclient import TestClient

from gazetteer import wire
from gazetteer.archive import Archive, Kind
from gazetteer.archive.values import Outcome, Saved
from gazetteer.errors import ArchiveError, BusyError
from gazetteer.types import Capture, Digest, Failure, OptOuts
from gazetteer.web.api import access, posting
from gazetteer.web.site import Take

PROBLEM = "application/problem+json"
V1 = "/api/v1"
SUBJECTS = ("entities", "authors", "publishers", "tags")


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive of seven articles, to be copied."""
    folder = tmp_path_factory.mktemp("filled")
    with papers.opened(folder, 7):
        pass
    return folder / "archive.sqlite"


@pytest.fixture
def archive(filled: Path, tmp_path: Path) -> Iterator[Archive]:
    with Archive.open(str(shutil.copy(filled, tmp_path))) as opened:
        yield opened


@pytest.fixture
def asked(archive: Archive) -> TestClient:
    return papers.client(papers.site(archive))


@pytest.fixture
def stranger(archive: Archive) -> TestClient:
    """Somebody who asks a public site that shows one sentence."""
    return papers.client(papers.site(archive, public=True, excerpt=1))


def bearer(archive: Archive, name: str = "reader", *, may_add: bool = False) -> dict[str, str]:
    return {"authorization": f"Bearer {archive.put_token(name, may_add=may_add)}"}


def newest(archive: Archive) -> int:
    return archive.browse().rows[0].id


def rows(asked: TestClient, path: str, **asks: object) -> list[dict[str, object]]:
    answer = asked.get(V1 + path, params=asks)
    assert answer.status_code == 200, answer.text
    return answer.json()["rows"]


def refused(answer: object, status: int) -> dict[str, object]:
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == PROBLEM
    problem = answer.json()
    assert problem["status"] == status
    assert problem["type"] == "about:blank"
    return problem


def headlines(found: list[dict[str, object]]) -> list[object]:
    return [row["headline"] for row in found]


def test_articles_come_the_newest_first_in_pages(asked: TestClient) -> None:
    first = asked.get(f"{V1}/articles", params={"limit": 4})
    assert headlines(first.json()["rows"]) == [f"Article {number}" for number in range(4)]
    second = asked.get(first.headers["link"].removeprefix("<").split(">")[0])
    assert headlines(second.json()["rows"]) == ["Article 4", "Article 5", "Article 6"]
    assert second.json()["cursor"] is None
    assert "link" not in second.headers
    again = asked.get(f"{V1}/articles", params={"limit": 4, "cursor": first.json()["cursor"]})
    assert again.json() == second.json()


def test_articles_are_listed_by_day_language_and_tone(asked: TestClient) -> None:
    assert headlines(rows(asked, "/articles", after="2023-04-16")) == [f"Article {number}" for number in range(4)]
    assert headlines(rows(asked, "/articles", before="2023-04-16")) == ["Article 4", "Article 5", "Article 6"]
    assert headlines(rows(asked, "/articles", language="de")) == ["Article 4"]
    assert headlines(rows(asked, "/articles", tone="neutral")) == ["Article 2", "Article 5"]
    refused(asked.get(f"{V1}/articles", params={"language": "de", "tone": "neutral"}), 422)


def test_articles_are_listed_by_subject(asked: TestClient, archive: Archive) -> None:
    courier = next(each for each in rows(asked, "/publishers") if each["name"] == "The Island Courier")
    listed = rows(asked, f"/publishers/{courier['id']}/articles")
    assert headlines(listed) == ["Article 0", "Article 2", "Article 4", "Article 6"]
    for plural, kind in zip(SUBJECTS, Kind, strict=True):
        one = archive.most(kind).rows[0]
        assert len(rows(asked, f"/{plural}/{one.id}/articles")) == one.articles
        assert sum(day["articles"] for day in rows(asked, f"/{plural}/{one.id}/days")) == one.articles
        assert asked.get(f"{V1}/{plural}/{one.id}").json()["name"] == one.name


def test_a_digest_has_the_words_of_the_command_line(asked: TestClient, archive: Archive) -> None:
    number = newest(archive)
    digest = asked.get(f"{V1}/digests/{number}").json()
    assert (digest.pop("id"), digest.pop("is_excerpt")) == (number, False)
    kept = archive.get(number)
    assert [each.pop("id") for each in digest["entities"]] == [each.id for each in kept.entities]
    assert [each.pop("id") for each in digest["tags"]] == [each.id for each in kept.tags]
    assert digest == json.loads(json.dumps(wire.digest_line(kept.digest)))


def test_names_that_were_merged_are_one_in_a_digest(asked: TestClient, archive: Archive) -> None:
    number = newest(archive)
    before = archive.get(number)
    fenn, tregear = (
        next(each for each in before.entities if each.name == name) for name in ("Aldo Fenn", "Oona Tregear")
    )
    archive.merge(fenn.id, into=tregear.id)
    digest = asked.get(f"{V1}/digests/{number}").json()
    assert len(digest["entities"]) == len(before.entities) - 1
    merged = next(each for each in digest["entities"] if each["id"] == tregear.id)
    assert len(merged["mentions"]) == 3
    assert {quote["entity"] for quote in digest["quotes"]} <= set(range(len(digest["entities"])))
    assert rows(asked, "/corrections")[0]["kind"] == "merge"
    assert asked.get(f"{V1}/entities/{fenn.id}").json()["id"] == tregear.id


def test_what_the_publisher_changed_is_told(asked: TestClient, archive: Archive) -> None:
    number = archive.save(papers.about(0, headline="Article nought")).id
    assert headlines(rows(asked, f"/articles/{number}/versions")) == ["Article 0", "Article nought"]
    changes = asked.get(f"{V1}/articles/{number}/versions/2/changes").json()
    assert {"change": "added", "words": "nought"} in changes["headline"]
    assert changes["text"] == []
    refused(asked.get(f"{V1}/articles/{number}/versions/3/changes"), 404)


def test_a_search_tells_where_it_is_written_wrongly(asked: TestClient) -> None:
    found = rows(asked, "/search", q="ferry title:3")
    assert [hit["article"]["headline"] for hit in found] == ["Article 3"]
    assert {"words": "ferry", "is_match": True} in found[0]["snippet"]
    assert refused(asked.get(f"{V1}/search", params={"q": "ferry )"}), 422)["position"] == 6
    cursor = asked.get(f"{V1}/search", params={"q": "ferry", "limit": 1}).json()["cursor"]
    refused(asked.get(f"{V1}/search", params={"q": "ferry", "order": "newest", "cursor": cursor}), 422)


def test_corrections_come_in_pages(asked: TestClient, archive: Archive) -> None:
    for number in range(3):
        archive.rename(1, f"Brannoc {number}")
    first = asked.get(f"{V1}/corrections", params={"limit": 2}).json()
    assert [each["shown"] for each in first["rows"]] == ["Brannoc 0", "Brannoc 1"]
    assert [each["shown"] for each in rows(asked, "/corrections", cursor=first["cursor"])] == ["Brannoc 2"]


@pytest.mark.parametrize(
    "path", [f"/{plural}/{{}}{more}" for plural in SUBJECTS for more in ("", "/articles", "/days")]
)
def test_what_is_not_there_is_not_found(asked: TestClient, path: str) -> None:
    for number in (999, (1 << 62) - 1, 1 << 62, (1 << 63) - 1):
        refused(asked.get(V1 + path.format(number)), 404)
    for number in ("-1", "x", 1 << 63, "9" * 5_000, "1.0", "%20", "%0a"):
        refused(asked.get(V1 + path.format(number)), 422)


@pytest.mark.parametrize(
    "path", ["/nothing", "/articles/", "/articles/1/2/3", "/%0ax", "/articles/1%0a2", "//", "/docs"]
)
def test_every_address_that_is_none_answers_with_a_problem(asked: TestClient, path: str) -> None:
    answer = asked.get(V1 + path)
    refused(answer, 422 if "1%0a2" in path else 404)


def test_a_wrong_word_is_named(asked: TestClient) -> None:
    problem = refused(asked.get(f"{V1}/articles", params={"langauge": "de", "limit": "201", "after": "yesterday"}), 422)
    assert {each["where"] for each in problem["wrong"]} == {"query.langauge", "query.limit", "query.after"}
    for day in ("1577836800", "2020-02-30", "2020-1-1", "2020-01-01T00:00:00"):
        refused(asked.get(f"{V1}/days", params={"after": day}), 422)


def test_days_are_bounded(asked: TestClient) -> None:
    assert sum(day["articles"] for day in rows(asked, "/days")) == 7
    assert rows(asked, "/days", before="0001-01-02") == []
    assert sum(day["articles"] for day in rows(asked, "/days", after="2023-04-16", before="9999-12-31")) == 0
    assert sum(day["articles"] for day in rows(asked, "/days", after="2023-04-16", before="2023-04-17")) == 4


def test_a_method_that_is_none_answers_with_those_that_are(asked: TestClient) -> None:
    for method, path, allowed in (
        ("PUT", "/articles", "GET, HEAD, POST"),
        ("POST", "/entities/1", "GET, HEAD"),
        ("DELETE", "/openapi.json", "GET, HEAD"),
    ):
        answer = asked.request(method, V1 + path)
        refused(answer, 405)
        assert answer.headers["allow"] == allowed


def test_what_has_not_changed_is_not_sent_again(asked: TestClient, archive: Archive) -> None:
    first = asked.get(f"{V1}/articles")
    assert first.headers["etag"].startswith('"')
    tag = {"if-none-match": f'"other", {first.headers["etag"]}'}
    same = asked.get(f"{V1}/articles", headers=tag)
    assert (same.status_code, same.content) == (304, b"")
    archive.save(papers.about(8))
    assert asked.get(f"{V1}/articles", headers=tag).status_code == 200


def test_heads_are_as_those_of_what_is_asked(archive: Archive) -> None:
    with papers.served(papers.site(archive)) as address:
        got, head = httpx.get(f"{address}{V1}/articles"), httpx.head(f"{address}{V1}/articles")
        assert (head.status_code, head.content) == (200, b"")
        assert head.headers["etag"] == got.headers["etag"]
        assert head.headers["content-length"] == str(len(got.content))


@pytest.mark.parametrize("accept", ["text/html", "application/json;q=0", "image/*, text/*"])
def test_nobody_is_sent_what_they_do_not_take(asked: TestClient, accept: str) -> None:
    refused(asked.get(f"{V1}/articles", headers={"accept": accept}), 406)


@pytest.mark.parametrize("accept", ["", "*/*", "text/html, application/json;q=0.1", "APPLICATION/*", "*/*;q=0.5"])
def test_who_takes_json_is_sent_it(asked: TestClient, accept: str) -> None:
    assert asked.get(f"{V1}/articles", headers={"accept": accept}).status_code == 200


# A public site


def test_strangers_read_excerpts_and_programs_with_a_token_all(stranger: TestClient, archive: Archive) -> None:
    number, token = newest(archive), bearer(archive)
    whole = archive.get(number).digest.article.text
    for path in (f"/articles/{number}", f"/digests/{number}"):
        excerpt = stranger.get(V1 + path).json()
        assert excerpt["is_excerpt"] is True
        assert excerpt["text"].count(".") == 1
        assert whole.startswith(excerpt["text"])
        told = stranger.get(V1 + path, headers=token).json()
        assert (told["text"], told["is_excerpt"]) == (whole, False)


def test_no_answer_to_strangers_holds_a_sentence_beyond_the_excerpt(stranger: TestClient, archive: Archive) -> None:
    number = newest(archive)
    archive.save(papers.about(0, headline="Another"))
    asks = ["/articles", f"/articles/{number}", f"/digests/{number}", "/search?q=thermos", "/entities", "/corrections"]
    asks += [f"/{plural}/1/articles" for plural in SUBJECTS]
    for path in asks:
        answer = stranger.get(V1 + path)
        assert answer.status_code == 200
        assert "catamaran" not in answer.text
        assert "with a thermos" not in answer.text
    for path in ("/entities/1/passages", "/entities/1/quotes", f"/articles/{number}/versions"):
        refused(stranger.get(V1 + path), 401)
        assert stranger.get(V1 + path, headers=bearer(archive)).status_code == 200


def test_a_site_that_shows_no_sentence_lists_none(archive: Archive) -> None:
    asked = papers.client(papers.site(archive, public=True, excerpts={"Harbour Times": 0}))
    leads = {row["publisher"]["name"]: row["lead"] for row in rows(asked, "/articles")}
    assert leads["Harbour Times"] == ""
    assert leads["The Island Courier"] != ""
    found = {hit["article"]["publisher"]["name"]: hit["snippet"] for hit in rows(asked, "/search", q="ferry")}
    assert found["Harbour Times"] == []


def test_who_asks_too_often_waits(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(access, "STRANGERS", 3)
    monkeypatch.setattr(access, "PROGRAMS", 5)
    asked, token = papers.client(papers.site(archive, public=True)), bearer(archive)
    assert [asked.get(f"{V1}/tags").status_code for _ in range(4)] == [200, 200, 200, 429]
    late = asked.get(f"{V1}/tags")
    refused(late, 429)
    assert 0 < int(late.headers["retry-after"]) <= 60
    assert [asked.get(f"{V1}/tags", headers=token).status_code for _ in range(6)] == [200] * 5 + [429]
    private = papers.client(papers.site(archive))
    assert {private.get(f"{V1}/tags").status_code for _ in range(5)} == {200}


@pytest.mark.parametrize(
    "header", ["Bearer wrong", "Bearer", "Basic dTpw", "", "bearer \ud800".encode("utf-8", "replace")]
)
def test_a_wrong_token_is_refused_even_where_none_is_needed(asked: TestClient, header: str) -> None:
    answer = asked.get(f"{V1}/articles", headers={"authorization": header})
    refused(answer, 401)
    assert answer.headers["www-authenticate"] == "Bearer"


# Adding


class Taken:
    """Stands in for what fetches and reads: keeps what it was given."""

    def __init__(self, archive: Archive) -> None:
        self.sources: list[str | Capture] = []
        self._archive = archive

    def __call__(self, source: str | Capture) -> Saved | Failure:
        self.sources.append(source)
        if isinstance(source, str) and "missing" in source:
            return Failure(source=source, reason="has no such page; check the address")
        return self._archive.save(papers.about(100))


@pytest.fixture
def taken(archive: Archive) -> Taken:
    return Taken(archive)


@pytest.fixture
def adding(archive: Archive, taken: Take) -> TestClient:
    asked = papers.client(papers.site(archive, take=taken))
    asked.headers |= bearer(archive, "adder", may_add=True)
    return asked


def test_an_article_is_added_by_its_address(adding: TestClient, taken: Taken) -> None:
    added = adding.post(f"{V1}/articles", json={"url": "https://news.example/100"})
    assert (added.status_code, added.json()["outcome"]) == (201, Outcome.KEPT)
    assert adding.get(added.headers["location"]).json()["headline"] == "Article 100"
    again = adding.post(f"{V1}/articles", json={"url": "https://news.example/100"})
    assert (again.status_code, again.json()) == (200, {"id": added.json()["id"], "outcome": "known"})
    assert taken.sources == ["https://news.example/100"] * 2


def test_an_article_is_added_by_its_page_or_text(adding: TestClient, taken: Taken) -> None:
    adding.post(f"{V1}/articles", json={"html": "<p>Ein Hafen</p>", "url": "https://news.example/hafen"})
    text = {"headline": "A <b>ferry</b>", "text": "One & two.\n\nThree <script>."}
    assert adding.post(f"{V1}/articles", json=text).status_code == 200
    page, made = taken.sources
    assert (page.content, page.url, page.source) == (b"<p>Ein Hafen</p>", page.source, "https://news.example/hafen")
    assert (made.url, made.source) == (None, "posted")
    assert b"<p>One &amp; two.</p><p>Three &lt;script&gt;.</p>" in made.content
    assert b"<h1>A &lt;b&gt;ferry&lt;/b&gt;</h1>" in made.content


def test_what_cannot_be_taken_in_says_why(adding: TestClient) -> None:
    problem = refused(adding.post(f"{V1}/articles", json={"url": "https://news.example/missing"}), 422)
    assert problem["detail"] == "Has no such page; check the address."


@pytest.mark.parametrize(
    "body",
    [
        "",
        "{",
        "[]",
        "null",
        "{}",
        '{"url": "file:///etc/passwd"}',
        '{"url": "https://user@news.example/"}',
        '{"url": "https://news.example/", "text": 1}',
        '{"url": "https://news.example/", "depth": 1}',
        '{"html": ""}',
        '{"text": "A."}',
        "[" * 100_000,
        '{"url": "https://news.example/\\ud800"}',
    ],
)
def test_what_is_sent_must_be_as_described(adding: TestClient, taken: Taken, body: str) -> None:
    sent = adding.post(f"{V1}/articles", content=body, headers={"content-type": "application/json"})
    refused(sent, 422)
    assert taken.sources == []


def test_only_json_is_read_and_not_too_much_of_it(
    adding: TestClient, taken: Taken, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(posting, "LARGEST", 100)
    for kind in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""):
        refused(adding.post(f"{V1}/articles", content=b"{}", headers={"content-type": kind}), 415)
    refused(adding.post(f"{V1}/articles", json={"url": "https://news.example/" + "a" * 100}), 413)
    chunks = iter([b" " * 60, b" " * 60])
    refused(adding.post(f"{V1}/articles", content=chunks, headers={"content-type": "application/json"}), 413)
    assert taken.sources == []


def test_no_other_sites_page_can_add(archive: Archive, taken: Taken) -> None:
    """Whatever a browser sends of itself, a token is needed, and none is asked before it may be sent across sites."""
    asked = papers.client(papers.site(archive, take=taken))
    page = {"url": "https://news.example/100"}
    asked.get("/")
    refused(asked.post(f"{V1}/articles", json=page), 401)
    refused(asked.post(f"{V1}/articles", json=page, headers={"sec-fetch-site": "same-origin"}), 401)
    across = {"origin": "https://evil.example", "access-control-request-method": "POST"}
    leave = asked.options(f"{V1}/articles", headers=across)
    refused(leave, 405)
    assert not [name for name in leave.headers if name.startswith("access-control")]
    assert taken.sources == []


def test_whoever_adds_while_too_much_is_read_is_told_when_to_come_again(archive: Archive) -> None:
    def busy(_: str | Capture) -> Saved:
        raise BusyError("others are being read", seconds=7)

    asked = papers.client(papers.site(archive, take=busy))
    answer = asked.post(f"{V1}/articles", json={"url": "https://news.example/1"}, headers=bearer(archive, may_add=True))
    assert answer.headers["retry-after"] == "7"
    assert refused(answer, 503)["detail"] == "Others are being read."


def test_adding_needs_leave_and_somebody_who_reads(archive: Archive, taken: Taken) -> None:
    page = {"url": "https://news.example/100"}
    asked = papers.client(papers.site(archive, take=taken))
    refused(asked.post(f"{V1}/articles", json=page, headers=bearer(archive)), 403)
    nobody = papers.client(papers.site(archive))
    refused(nobody.post(f"{V1}/articles", json=page, headers=bearer(archive, may_add=True)), 403)


def test_what_is_added_is_limited(adding: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(access, "ADDING", 2)
    page = {"url": "https://news.example/100"}
    assert [adding.post(f"{V1}/articles", json=page).status_code for _ in range(3)] == [201, 200, 429]


# What goes wrong


def test_an_archive_that_fails_is_told(asked: TestClient, archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: object, **__: object) -> None:
        raise ArchiveError("the archive is locked by another program; try again")

    monkeypatch.setattr(archive, "browse", fails)
    problem = refused(asked.get(f"{V1}/articles"), 503)
    assert problem["detail"] == "The archive is locked by another program; try again."


def test_what_nobody_foresaw_is_told_without_its_reason(
    asked: TestClient, archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks(*_: object, **__: object) -> None:
        raise RuntimeError("secret")

    monkeypatch.setattr(archive, "browse", breaks)
    assert "secret" not in json.dumps(refused(asked.get(f"{V1}/articles"), 500))


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(digests.hostile_digests())
def test_whatever_an_article_says_it_is_answered_as_json(archive: Archive, asked: TestClient, digest: Digest) -> None:
    number = archive.save(digest, at=datetime(2023, 4, 20, tzinfo=UTC) + timedelta(days=1)).id
    for path in (f"/articles/{number}", f"/digests/{number}", f"/articles/{number}/versions", "/articles", "/entities"):
        answer = asked.get(V1 + path)
        assert answer.status_code == 200, answer.text
        json.loads(answer.content.decode("utf-8"))


def test_of_what_no_copy_may_be_shown_of_nobody_gets_the_text(archive: Archive, asked: TestClient) -> None:
    robots = OptOuts(robots=("noarchive",))
    words = {"opt_outs": robots, "canonical_url": "https://news.example/asked"}
    number = archive.save(digests.digest(**words)).id
    archive.save(digests.digest(**words, text=digests.FERRY.replace("cattle", "sheep")))
    for path in (f"/articles/{number}", f"/digests/{number}"):
        said = asked.get(V1 + path, headers=bearer(archive)).json()
        assert said["is_excerpt"]
        assert len(said["text"]) < len(digests.FERRY) / 2
        assert said["opt_outs"] == wire.opt_outs(robots)
    versions = asked.get(f"{V1}/articles/{number}/versions").json()["rows"]
    assert [version["text"] for version in versions] == ["", ""]
    assert asked.get(f"{V1}/articles/{number}/versions/2/changes").json()["text"] == []
