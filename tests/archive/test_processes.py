"""Processes that follow the feeds of one archive share the work, and one that is killed leaves it to the others."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import NamedTuple

import pytest
from sqlalchemy import update

from gazetteer.archive import Archive, schema
from gazetteer.archive.values import EntryState
from tests.intake.websites import reply
from tests.test_update import page

HOSTS = ("127.0.0.1", "127.0.0.2", "127.0.0.3")
ROUND = 10  # pages of each host that are published at once
FIRST, SECOND = "first", "second"
PROGRAM = """import sys
from datetime import timedelta
from gazetteer import update
update.LEASE = timedelta(minutes=int(sys.argv[1]))
from gazetteer.cli import cli
cli(sys.argv[2:])"""


class Asked(NamedTuple):
    """A request: which process made it, and for what."""

    by: str
    url: str


class Papers:
    """Some sites on loopback, each with a feed; they tell who asked for what, and how many asked one of them at once.

    Once there is a `trap`, the next page that the first process asks for is not answered until it may `go` on.
    """

    def __init__(self) -> None:
        self.pages = 0
        self.asked: list[Asked] = []
        self.most = 0
        self.trap, self.stuck, self.go = threading.Event(), threading.Event(), threading.Event()
        self._inside: Counter[str] = Counter()
        self._lock = threading.Lock()
        papers = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                papers.answer(self)

            def log_message(self, *_: object) -> None:
                pass

        class Server(ThreadingHTTPServer):
            daemon_threads = True

            def handle_error(self, *_: object) -> None:
                pass

        self.server = Server(("0.0.0.0", 0), Handler)
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.01}).start()

    def url(self, host: str, path: str) -> str:
        return f"http://{host}:{self.port}{path}"

    def answer(self, handler: BaseHTTPRequestHandler) -> None:
        host, by = handler.headers["Host"], handler.headers["User-Agent"].partition("(+")[2].rstrip(")")
        url = f"http://{host}{handler.path}"
        with self._lock:
            self.asked.append(Asked(by, url))
            self._inside[host] += 1
            self.most = max(self.most, self._inside[host])
        if by == FIRST and self.is_page(url) and self.trap.is_set():
            self.stuck.set()
            self.go.wait(60)
        time.sleep(0.01)  # so that two who ask at once meet
        with self._lock:
            self._inside[host] -= 1
        name = handler.path.rpartition("/")[2]
        if handler.path == "/feed":
            reply(self.feed(host), Content_Type="application/rss+xml")(handler)
        elif self.is_page(url):
            reply(page(int(name)))(handler)
        else:
            reply(b"none", status=404)(handler)

    @staticmethod
    def is_page(url: str) -> bool:
        return "/news/" in url

    def feed(self, host: str) -> bytes:
        items = "".join(f"<item><guid>{n}</guid><link>http://{host}/news/{n}</link></item>" for n in range(self.pages))
        return f"<rss version='2.0'><channel><title>{host}</title>{items}</channel></rss>".encode()

    def close(self) -> None:
        self.go.set()
        self.server.shutdown()
        self.server.server_close()


@pytest.fixture
def papers() -> Iterator[Papers]:
    opened = Papers()
    yield opened
    opened.close()


@contextmanager
def following(
    command: list[str], url: str, folder: Path, name: str, *, lease: int
) -> Iterator[subprocess.Popen[bytes]]:
    """Run a command that follows the feeds; it names itself to the sites, and claims for so many minutes."""
    settings = folder / f"{name}.toml"
    allowed = ", ".join(f'"{host}"' for host in HOSTS)
    # The timeout is one that no page reaches however busy the machine is: a page that does is asked for much later.
    settings.write_text(f'[intake]\ncontact = "{name}"\ndelay = 0\nallow_hosts = [{allowed}]\ntimeout = 300\n')
    words = [sys.executable, "-c", PROGRAM, str(lease), *command, "--archive", url, "--config", str(settings)]
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    with (folder / f"{name}.log").open("wb") as log:
        process = subprocess.Popen(words, stdout=log, stderr=log, env=environment)
    try:
        yield process
    finally:
        kill(process)


def kill(process: subprocess.Popen[bytes]) -> None:
    """End a process, and those that it began, at once."""
    if process.poll() is None:
        process.send_signal(signal.SIGSTOP)  # so that it begins no other
        for child in Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split():
            os.kill(int(child), signal.SIGKILL)
        process.kill()
    process.wait()


def lapse(archive: Archive) -> None:
    """Let the time pass for which the process that claims for an hour has claimed, or has a host."""
    entries, hosts = schema.entries, schema.hosts
    now = datetime.now(UTC)
    far = entries.c.due_at > now + timedelta(minutes=30)
    with archive._database.write() as connection:
        connection.execute(update(entries).where(far).values(due_at=entries.c.found_at))
        connection.execute(update(hosts).where(hosts.c.held_until > now).values(held_until=now))


def kept(archive: Archive) -> dict[str, int | None]:
    """Give the pages that are kept, and as which article."""
    found = [each for feed in archive.feeds() for each in archive.entries(feed.id, EntryState.KEPT, limit=1_000)]
    return {each.url: each.article_id for each in found}


def askers(papers: Papers, archive: Archive) -> set[str]:
    """Tell who asked for what is kept."""
    there = kept(archive)
    return {each.by for each in papers.asked if each.url in there}


def publish(papers: Papers, archive: Archive, until_so: Callable[[], bool], *, pages: int = ROUND) -> bool:
    """Let there be news, and more of it, and feeds that are due, until something is so; tells whether it is."""
    for _ in range(60):
        papers.pages += pages
        for feed in archive.feeds():
            archive.resume(feed.id)
        if until(until_so, seconds=4):
            return True
    return False


def until(there: Callable[[], bool], *, seconds: int) -> bool:
    """Wait until something is so, but not for ever; tells whether it is."""
    for _ in range(10 * seconds):
        if there():
            return True
        time.sleep(0.1)
    return False


@pytest.mark.parametrize("command", [["update", "--watch"], ["serve", "--update", "--port", "0"]])
def test_two_share_the_work_and_one_ends_it_where_the_other_is_killed(
    archive: Archive, papers: Papers, tmp_path: Path, command: list[str]
) -> None:
    for host in HOSTS:
        archive.follow(papers.url(host, "/feed"))
    with (
        following(command, archive.url, tmp_path, FIRST, lease=60) as first,
        following(command, archive.url, tmp_path, SECOND, lease=15) as second,
    ):
        assert publish(papers, archive, lambda: askers(papers, archive) == {FIRST, SECOND}), "\n".join(
            each.read_text() for each in tmp_path.glob("*.log")
        )
        papers.trap.set()
        assert publish(papers, archive, papers.stuck.is_set)
        kill(first)
        papers.go.set()
        settled = kept(archive)
        lapse(archive)
        publish(papers, archive, lambda: len(kept(archive)) == papers.pages * len(HOSTS), pages=0)
        second.send_signal(signal.SIGTERM)
        assert second.wait(60) == 0, (tmp_path / "second.log").read_text()

    pages = {papers.url(host, f"/news/{n}") for host in HOSTS for n in range(papers.pages)}
    articles = kept(archive)
    assert set(articles) == pages
    assert len(set(articles.values())) == archive.status().articles == len(pages)
    asked = [each for each in papers.asked if papers.is_page(each.url)]
    assert max(Counter(asked).values()) == 1  # by each of the two
    assert set(settled) & {url for url, times in Counter(each.url for each in asked).items() if times > 1} == set()
    assert papers.most == 1
