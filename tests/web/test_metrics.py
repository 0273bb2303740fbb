"""What machines ask of a site: whether it runs, and how it fares."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from papers import NOW, client, opened, site
from prometheus_client.parser import text_string_to_metric_families
from starlette.testclient import TestClient

from gazetteer.archive import Archive
from gazetteer.archive.values import Polled

Samples = dict[tuple[str, frozenset[tuple[str, str]]], float]


def samples(asked: TestClient, **headers: str) -> Samples:
    """Read the metrics."""
    answer = asked.get("/metrics", headers=headers)
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")
    assert answer.headers["cache-control"] == "no-store"
    families = text_string_to_metric_families(answer.text)
    return {(each.name, frozenset(each.labels.items())): each.value for family in families for each in family.samples}


def answered(found: Samples, route: str, *, method: str = "GET", status: int = 200) -> float:
    labels = {"route": route, "method": method, "status": str(status)}.items()
    return found.get(("gazetteer_requests_total", frozenset(labels)), 0)


def plain(found: Samples, name: str) -> float:
    return found[f"gazetteer_{name}", frozenset()]


@pytest.mark.parametrize("public", [False, True])
def test_a_site_says_whether_it_runs(tmp_path: Path, caplog: pytest.LogCaptureFixture, *, public: bool) -> None:
    with opened(tmp_path, 1) as archive:
        asked = client(site(archive, public=public))
        answer = asked.get("/healthz")
        assert (answer.status_code, answer.json()) == (200, {"status": "ok"})
        assert answer.headers["cache-control"] == "no-store"
        assert caplog.messages == []
        (tmp_path / "archive.sqlite").unlink()
        answer = asked.get("/healthz")
        assert (answer.status_code, answer.headers["content-type"]) == (503, "application/problem+json")
        assert answer.headers["cache-control"] == "no-store"
        assert ("its file is gone" in answer.json()["detail"]) != public
        assert ("gazetteer doctor" in answer.json()["detail"]) == public
        assert (str(tmp_path) in answer.text) != public
        assert "its file is gone" in caplog.text


def test_what_the_archive_is_like_is_told(tmp_path: Path) -> None:
    with opened(tmp_path, 3) as archive:
        archive.follow("https://news.example/feed", at=NOW)
        found = samples(client(site(archive)))
        assert plain(found, "archive_up") == 1
        assert plain(found, "archive_articles") == 3
        assert plain(found, "archive_bytes") > 10_000
        assert plain(found, "last_article_timestamp_seconds") == NOW.timestamp()
        assert plain(found, "feeds_due") == 1
        assert plain(found, "feeds_overdue_seconds") == 0
        assert found["gazetteer_feeds", frozenset({("state", "active")})] == 1
        assert ("gazetteer_last_poll_timestamp_seconds", frozenset()) not in found


def test_requests_are_counted_by_route_and_status(tmp_path: Path) -> None:
    with opened(tmp_path, 1) as archive:
        number = archive.browse().rows[0].id
        asked = client(site(archive))
        before = samples(asked)
        asked.get(f"/articles/{number}")
        asked.head(f"/articles/{number}")
        asked.get("/articles/7")
        asked.post("/notice")
        asked.get(f"/api/v1/articles/{number}")
        asked.get("/api/v1/nowhere")
        for path in ("/a", "/b", "/c"):
            asked.get(path)
        asked.request("BREW", "/")
        found = samples(asked)

    def more(route: str, **of: object) -> float:
        return answered(found, route, **of) - answered(before, route, **of)  # type: ignore[arg-type]

    assert more("/articles/{id}") == 1
    assert more("/articles/{id}", method="HEAD") == 1
    assert more("/articles/{id}", status=404) == 1
    assert more("/notice", method="POST", status=415) == 1
    assert more("/api/v1/articles/{id}") == 1
    assert more("other", status=404) == 4
    assert more("/", method="other", status=405) == 1
    counts = [name for name, labels in found if name == "gazetteer_request_seconds_count" and ("route", "/a") in labels]
    assert counts == []
    assert found["gazetteer_request_seconds_count", frozenset({("route", "other")})] >= 3


def test_what_breaks_is_counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with opened(tmp_path) as archive:
        asked = client(site(archive))
        before = answered(samples(asked), "/search", status=500)
        monkeypatch.setattr(Archive, "search", lambda *_, **__: 1 / 0)
        assert asked.get("/search?q=x").status_code == 500
        assert answered(samples(asked), "/search", status=500) == before + 1


def test_an_archive_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    with opened(tmp_path) as archive:
        asked = client(site(archive))
        assert plain(samples(asked), "archive_up") == 1
        archive.close()
        (tmp_path / "archive.sqlite").write_bytes(b"words" * 1000)
        found = samples(asked)
        assert plain(found, "archive_up") == 0
        assert ("gazetteer_archive_articles", frozenset()) not in found


def test_every_metric_is_documented_and_every_metric_that_is_documented_is_told(tmp_path: Path) -> None:
    docs = Path(__file__).parents[2] / "docs"
    documented = set(re.findall(r"^\| `(gazetteer_\w+)` \|", (docs / "reference.md").read_text(), re.MULTILINE))
    with opened(tmp_path, 1) as archive:
        archive.follow("https://news.example/feed", at=NOW)
        archive.polled(1, lambda _: Polled(due_at=NOW, interval=timedelta(hours=1)), [], at=NOW)
        words = client(site(archive)).get("/metrics").text
    told = {name for name, kind in re.findall(r"^# TYPE (\w+) (\w+)", words, re.MULTILINE) if "_created" not in name}
    assert told == documented
    used = set(re.findall(r"gazetteer_\w+", (docs / "operation.md").read_text()))
    assert used <= documented


def test_a_public_site_tells_those_alone_who_have_a_token(tmp_path: Path) -> None:
    with opened(tmp_path) as archive:
        secret = archive.put_token("prometheus")
        asked = client(site(archive, public=True))
        for headers in ({}, {"authorization": "Bearer none"}, {"x-forwarded-for": "127.0.0.1"}):
            answer = asked.get("/metrics", headers=headers)
            assert (answer.status_code, answer.headers["www-authenticate"]) == (401, "Bearer")
            assert "gazetteer_" not in answer.text
        assert plain(samples(asked, authorization=f"Bearer {secret}"), "archive_up") == 1
