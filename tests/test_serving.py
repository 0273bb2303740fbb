"""The site as processes, asked over real HTTP."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from http.client import HTTPConnection
from pathlib import Path

import pytest
from digests import annotation, digest

from gazetteer.annotate.tags import TagRules
from gazetteer.archive import Archive, Outcome, Saved
from gazetteer.config import Config
from gazetteer.errors import BusyError, ConfigError
from gazetteer.intake import FetchSettings
from gazetteer.serving import Taking, listening, told
from gazetteer.types import Annotation, Article, Capture, Failure
from gazetteer.web import SiteSettings

ROOT = Path(__file__).parent.parent
ADDRESS = re.compile(r"http://127\.0\.0\.1:(\d+)/")


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    """An archive with an article."""
    path = tmp_path / "a.sqlite"
    with Archive.open(str(path), create=True) as opened:
        opened.save(digest())
    return path


@contextmanager
def serving(archive: Path, *options: object) -> Iterator[tuple[subprocess.Popen[str], int]]:
    """Run the command; gives its process, and the port that it says it listens at."""
    command = [sys.executable, "-m", "gazetteer", "serve", "--archive", archive, "--port", 0, *options]
    environment = {
        "PYTHONPATH": os.pathsep.join(sys.path),
        "HOME": str(archive.parent),
        "TMPDIR": str(archive.parent),
    }
    with subprocess.Popen(list(map(str, command)), stderr=subprocess.PIPE, text=True, env=environment) as process:
        try:
            assert process.stderr is not None
            found = ADDRESS.search(process.stderr.readline())
            assert found is not None
            yield process, int(found[1])
        finally:
            process.kill()


def ask(port: int, path: str = "/") -> tuple[int, str]:
    connection = HTTPConnection("127.0.0.1", port, timeout=30)
    connection.request("GET", path, headers={"connection": "close"})
    answer = connection.getresponse()
    return answer.status, answer.read().decode()


def metrics(port: int, *, once: str) -> str:
    """Give the metrics once they hold a line: an answer is counted after it was sent."""
    until = time.monotonic() + 30
    while True:
        status, words = ask(port, "/metrics")
        assert status == 200
        if once in words:
            return words
        assert time.monotonic() < until, words
        time.sleep(0.1)


def children(process: subprocess.Popen[str]) -> list[int]:
    return list(map(int, Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()))


def is_there(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def gone(processes: Sequence[int]) -> bool:
    """Wait until none of these processes is there."""
    for _ in range(300):
        if not any(map(is_there, processes)):
            return True
        time.sleep(0.1)
    return False


@pytest.mark.parametrize("sent", [signal.SIGTERM, signal.SIGINT])
def test_the_site_is_shown_until_it_is_stopped(archive: Path, sent: signal.Signals) -> None:
    with serving(archive) as (process, port):
        status, page = ask(port)
        assert status == 200
        assert "The Last Sailing of the Saint Brannoc" in page
        workers = children(process)
        assert len(workers) == 1
        process.send_signal(sent)
        assert process.wait(30) == 0
        assert gone(workers)


def test_an_archive_is_made_where_there_is_none(tmp_path: Path) -> None:
    with serving(tmp_path / "new" / "a.sqlite") as (_, port):
        assert "Nothing has been read yet" in ask(port)[1]


def test_a_worker_that_dies_is_followed_by_another_and_forms_stay_good(archive: Path) -> None:
    with serving(archive, "--workers", 2) as (process, port):
        ask(port)
        first = children(process)
        assert len(first) == 2
        time.sleep(5)  # what ends sooner did not start, and stops everything
        os.kill(first[0], signal.SIGKILL)
        assert gone([first[0]])
        assert all(ask(port)[0] == 200 for _ in range(8))
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0


def test_no_worker_outlives_the_first_process(archive: Path) -> None:
    with serving(archive, "--workers", 2) as (process, port):
        ask(port)
        workers = children(process)
        process.kill()
        assert gone(workers)


def test_what_is_being_answered_is_answered_when_the_site_is_stopped(archive: Path) -> None:
    with serving(archive) as (process, port), socket.create_connection(("127.0.0.1", port), timeout=30) as connection:
        ask(port)
        form = b"content-type: application/x-www-form-urlencoded\r\ncontent-length: 4"
        connection.sendall(b"POST /notice HTTP/1.1\r\nhost: localhost\r\n" + form + b"\r\n\r\n")
        time.sleep(0.5)
        process.send_signal(signal.SIGTERM)
        time.sleep(0.5)
        connection.sendall(b"to=/")
        assert connection.recv(100).startswith(b"HTTP/1.1 403")
        assert process.wait(30) == 0


def test_all_processes_are_counted_together(archive: Path, tmp_path: Path) -> None:
    with serving(archive, "--workers", 2) as (process, port):
        assert ask(port, "/healthz") == (200, '{"status":"ok"}')
        for _ in range(19):
            assert ask(port)[0] == 200
        words = metrics(port, once='gazetteer_requests_total{method="GET",route="/",status="200"} 19.0')
        assert 'gazetteer_requests_total{method="GET",route="/healthz",status="200"} 1.0' in words
        assert "gazetteer_archive_articles 1.0" in words
        archive.unlink()
        assert ask(port, "/healthz")[0] == 503
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0
    assert list(tmp_path.glob("gazetteer-*")) == []


def test_what_the_site_logs_are_lines(archive: Path) -> None:
    with serving(archive) as (process, port):
        ask(port)
        time.sleep(5)  # what ends sooner did not start, and stops everything
        os.kill(children(process)[0], signal.SIGKILL)
        with Archive.open(str(archive)) as opened, opened._database.write() as connection:
            connection.exec_driver_sql("DROP TABLE articles")
        assert ask(port)[0] == 500
        process.send_signal(signal.SIGTERM)
        assert process.stderr is not None
        told = [json.loads(line) for line in process.stderr.read().splitlines()]
    assert all(list(each)[:4] == ["at", "level", "event", "message"] for each in told)
    assert [each["event"] for each in told] == ["replaced", "answered 500", "logged", "ended"]
    assert told[1]["message"] == "GET /: it broke down"
    assert "no such table: articles" in told[2]["trace"]


def test_a_port_in_use_is_told(archive: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        command = [sys.executable, "-m", "gazetteer", "serve", "--archive", archive, "--port", str(port)]
        environment = {"PYTHONPATH": os.pathsep.join(sys.path), "HOME": str(archive.parent)}
        ended = subprocess.run(command, capture_output=True, text=True, env=environment, check=False, timeout=60)
    assert ended.returncode == 2
    assert f"127.0.0.1:{port} cannot be listened at: another program" in ended.stderr
    assert "--port" in ended.stderr


def test_a_host_that_is_none_of_ours_is_told() -> None:
    for host in ("nowhere.invalid", "192.0.2.1"):
        with pytest.raises(ConfigError, match="no address of this machine"), listening(SiteSettings(host=host, port=0)):
            pass


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({}, ["Gazetteer is at http://127.0.0.1:8000/"]),
        ({"host": "::1"}, ["http://[::1]:8000/"]),
        ({"host": "0.0.0.0"}, ["http://127.0.0.1:8000/", "Warning: ", "hosts in [site]"]),
        ({"host": "10.0.0.1", "hosts": ("news.example",)}, ["http://10.0.0.1:8000/", "Warning: "]),
        ({"host": "0.0.0.0", "public": True, "address": "https://news.example"}, ["http://127.0.0.1:8000/"]),
    ],
)
def test_who_can_reach_the_site_is_told(settings: dict[str, object], words: list[str]) -> None:
    found = list(told(SiteSettings(**settings)))  # type: ignore[arg-type]
    assert len(found) == len(words)
    for each, line in zip(words, found, strict=True):
        assert each in line


# Taking pages in


class Reader:
    """Stands in for the model; `made` notes the rules of each."""

    model = "none"

    def __init__(self, rules: TagRules, made: list[TagRules]) -> None:
        made.append(rules)

    def annotate(self, articles: Sequence[Article], **_: object) -> list[Annotation]:
        return [annotation(article.text, model="none") for article in articles]


@contextmanager
def taking(path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Taking, Archive, list[TagRules]]]:
    monkeypatch.setattr("gazetteer.pipeline.EXTRACT", "misbehaving:extract")
    made: list[TagRules] = []
    settings = replace(Config(), intake=FetchSettings(delay=0))
    with (
        Archive.open(str(path), create=True) as archive,
        Taking(archive, settings, lambda rules: Reader(rules, made)) as take,
    ):
        yield take, archive, made


def page(text: str) -> Capture:
    return Capture(source=f"{text}.html", content=text.encode())


def test_a_page_is_taken_in_and_the_model_loaded_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with taking(tmp_path / "a.sqlite", monkeypatch) as (take, archive, made):
        assert made == []
        first = take(page("The ferry sailed."))
        assert isinstance(first, Saved)
        assert first.outcome is Outcome.KEPT
        assert take(page("The ferry sailed.")) == replace(first, outcome=Outcome.KNOWN)
        assert len(made) == 1
        archive.put_tag_rule("Ferries", 'any = ["ferry"]')
        take(page("It rained."))
        assert [[rule.name for rule in rules.rules] for rules in made] == [[], ["Ferries"]]


def test_what_cannot_be_taken_in_says_why(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with taking(tmp_path / "a.sqlite", monkeypatch) as (take, _, _):
        assert take(page("refuse")) == Failure(source="refuse.html", reason="the page is a wall")
        for address in ("http://127.0.0.1/", "http://[::1]:22/", "http://169.254.169.254/latest", "http://10.0.0.1/x"):
            refused = take(address)
            assert isinstance(refused, Failure)
            assert "public internet" in refused.reason or "private" in refused.reason or "allow" in refused.reason
        assert isinstance(take("/etc/passwd"), Failure)


def test_pages_wait_for_each_other_and_too_many_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with taking(tmp_path / "a.sqlite", monkeypatch) as (take, _, _):
        going, go = threading.Event(), threading.Event()

        def held(_: Capture) -> Article:
            going.set()
            assert go.wait(30)
            return digest().article

        monkeypatch.setattr(type(take._extract), "__call__", lambda _, capture: held(capture))
        answers: list[object] = []
        threads = [
            threading.Thread(target=lambda number=number: answers.append(take(page(f"{number}")))) for number in (1, 2)
        ]
        for thread in threads:
            thread.start()
        assert going.wait(30)
        while take._places._value:
            time.sleep(0.01)
        with pytest.raises(BusyError, match="other pages are being read"):
            take(page("3"))
        go.set()
        for thread in threads:
            thread.join()
        assert sorted(type(each).__name__ for each in answers) == ["Saved", "Saved"]
