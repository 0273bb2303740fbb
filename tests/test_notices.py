"""What is followed is told of once: to a real web server, signed, and to a real mail server."""

import hmac
import json
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
from digests import digest

from gazetteer import gathering, mailing, notices
from gazetteer.archive import Archive, Kind
from gazetteer.archive.values import Follow
from gazetteer.config import Config, MailSettings, NoticeSettings
from gazetteer.errors import ConfigError, NoticeError, QueryError
from gazetteer.web import SiteSettings

NOW = datetime(2023, 4, 20, tzinfo=UTC)


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    with Archive.open(str(tmp_path / "a.sqlite"), create=True) as opened:
        yield opened


class Hook(HTTPServer):
    """A webhook: what it was sent, and what it answers."""

    def __init__(self) -> None:
        self.sent: list[tuple[Any, bytes]] = []
        self.status = 204

        class Answers(BaseHTTPRequestHandler):
            def do_POST(this) -> None:  # noqa: N805
                body = this.rfile.read(int(this.headers["Content-Length"]))
                self.sent.append((this.headers, body))
                this.send_response(self.status)
                this.send_header("Content-Length", "0")
                this.end_headers()

            def log_message(this, *_: object) -> None:  # noqa: N805
                pass

        super().__init__(("127.0.0.1", 0), Answers)


@pytest.fixture
def hook() -> Iterator[Hook]:
    with Hook() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def settings(hook: Hook) -> Config:
    return Config(notices=NoticeSettings(webhook=f"http://127.0.0.1:{hook.server_port}/x", secret="key"))


def add(archive: Archive, number: int, **words: object) -> int:
    made = digest(
        headline=f"Article {number}",
        canonical_url=f"https://news.example/{number}",
        url=None,
        published_at=NOW - timedelta(hours=number),
        **words,
    )
    saved = archive.save(made, at=NOW + timedelta(minutes=number))
    gathering.gather(archive, saved.id, made)
    return saved.id


def test_new_articles_of_what_is_followed_are_told_of_once(archive: Archive, hook: Hook) -> None:
    add(archive, 1, publisher="Harbour Times")
    (publisher,) = archive.most(Kind.PUBLISHER).rows
    archive.put_follow("", Follow(kind="publisher", number=publisher.id))
    archive.put_follow("", Follow(kind="search", query="title:article title:3"))
    assert notices.run(archive, settings(hook), now=NOW + timedelta(minutes=1)) == 0
    two = add(archive, 2, publisher="Harbour Times")
    three = add(archive, 3, publisher="The Island Courier")
    add(archive, 4, publisher="The Island Courier")

    assert notices.run(archive, settings(hook), now=NOW) == 2
    assert notices.run(archive, settings(hook), now=NOW) == 0

    ((headers, body),) = hook.sent
    assert headers["X-Gazetteer-Signature"] == "sha256=" + hmac.digest(b"key", body, "sha256").hex()
    told = {each["id"]: each["follows"] for each in json.loads(body)["articles"]}
    assert told == {two: ["Harbour Times"], three: ["title:article title:3"]}


def test_what_was_not_taken_is_told_again(archive: Archive, hook: Hook) -> None:
    notices.run(archive, settings(hook), now=NOW)
    story = archive.story_of(add(archive, 1))
    assert story is not None
    archive.put_follow("", Follow(kind="story", number=story.id))
    hook.status = 500
    with pytest.raises(NoticeError, match="status 500"):
        notices.run(archive, settings(hook), now=NOW)
    hook.status = 200
    assert notices.run(archive, settings(hook), now=NOW) == 1
    archive.put_follow("", Follow(kind="search", query="article"))
    add(archive, 2)
    gone = NoticeSettings(webhook="http://127.0.0.1:9/", secret="x")
    with pytest.raises(NoticeError, match="could not be reached"):
        notices.run(archive, Config(notices=gone), now=NOW)


def test_a_letter_tells_too(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    letters: list[str] = []
    monkeypatch.setattr(mailing, "send", lambda message, _: letters.append(message.as_string()))
    mail = MailSettings(host="mail.example", sender="a@b.example", to=("c@d.example",))
    own = Config(notices=NoticeSettings(email=True), mail=mail, site=SiteSettings(address="https://news.example/"))
    notices.run(archive, own, now=NOW)
    archive.put_follow("", Follow(kind="search", query="article"))
    story = archive.story_of(add(archive, 1, publisher="Harbour Times"))
    assert story is not None
    assert notices.run(archive, own, now=NOW) == 1
    assert "\r\nHarbour Times\r\n" in letters[0]
    assert "You follow article." in letters[0]
    assert f"Its story: https://news.example/stories/{story.id}\r\n" in letters[0]
    assert "Subject: Gazetteer: 1 new article of what you follow" in letters[0]


@pytest.mark.parametrize(
    "own",
    [NoticeSettings(), NoticeSettings(webhook="http://x.example"), NoticeSettings(webhook="file:///x", secret="x")],
)
def test_what_is_not_set_up_is_told(archive: Archive, own: NoticeSettings) -> None:
    with pytest.raises(ConfigError):
        notices.run(archive, Config(notices=own), now=NOW)


def test_a_search_that_is_written_wrongly_is_not_followed_and_finds_nothing(
    archive: Archive, hook: Hook, tmp_path: Path
) -> None:
    notices.run(archive, settings(hook), now=NOW)
    with pytest.raises(QueryError):
        archive.put_follow("", Follow(kind="search", query='"'))
    archive.put_follow("", Follow(kind="search", query="article"))
    with closing(sqlite3.connect(tmp_path / "a.sqlite")) as kept_before:
        kept_before.execute("UPDATE follows SET query = '\"'")
        kept_before.commit()
    add(archive, 1)
    assert notices.run(archive, settings(hook), now=NOW) == 0
