"""The live loop against what the model alone reaches: `python -m evaluation.loop --data ../shared/data`.

A server on loopback, in a process of its own, has `--feeds` sites with a feed each, and `--pages` articles of 800
words, made as those of `evaluation.bench`. The loop polls all feeds, fetches, extracts, annotates and keeps every
article in a new archive, without the pause between two pages of a site. The annotator alone reads the first `--alone`
of the same articles, extracted before and given at once: in this process's threads, as commands do, and in processes
of its own, as the loop does. It reads half of them before the loop runs and half after, since what else the machine
does changes meanwhile. All use every core, in one run.

Printed: articles a second of all three, and the loop's share of both others; the CPU time of an article, in all
processes but the server's, which what else runs disturbs less; how many articles are kept; and the memory of those
processes after the first tenth and at the end, as a ratio, without the pages of files that the system keeps. In both
stands what this comparison itself holds (the annotator in threads, the articles that are read alone: some 200 MB), and
in neither the process that gathers the newest articles anew, which has ended by then.
"""

import argparse
import multiprocessing
import os
import sys
import tempfile
import threading
import time
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import islice
from multiprocessing.connection import Connection
from pathlib import Path

from evaluation.bench import articles
from gazetteer import live, pipeline, update
from gazetteer.annotate import Annotator
from gazetteer.annotators import Annotators
from gazetteer.archive import Archive
from gazetteer.extract import extract
from gazetteer.intake import FetchSettings
from gazetteer.intake.http import Fetcher
from gazetteer.types import Article, Capture

_CONNECTIONS = 16


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; return its exit status."""
    parser = argparse.ArgumentParser(prog="python -m evaluation.loop", description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--feeds", type=int, default=1_000)
    parser.add_argument("--pages", type=int, default=20_000)
    parser.add_argument("--alone", type=int, default=300)
    options = parser.parse_args(arguments)
    here, there = multiprocessing.Pipe()
    server = multiprocessing.Process(
        target=_serve, args=(there, options.data, options.feeds, options.pages), daemon=True
    )
    server.start()
    port, cores = here.recv(), os.cpu_count() or 1
    read = _extracted(options.data, options.alone)
    ours = _Processes(apart=server.pid)
    with pipeline.extractor() as extractor, Annotators(processes=cores) as processes:
        ways: dict[str, pipeline.Annotates] = {"in threads": Annotator(threads=cores), "in processes": processes}
        for way in ways.values():
            way.annotate(read[:8])  # what is done once is done
        before = [ours.took(partial(way.annotate, read[::2])) for way in ways.values()]
        looped = _Loop(processes, extractor, ours, port, options.feeds, options.pages)
        whole = ours.took(looped.run).each(looped.kept)
        after = [ours.took(partial(way.annotate, read[1::2])) for way in ways.values()]
    server.kill()
    print(f"{options.feeds} feeds, {looped.kept} of {options.pages} articles kept")
    print(f"the whole loop: {whole}")
    for name, one, other in zip(ways, before, after, strict=True):
        alone = Took(one.seconds + other.seconds, one.busy + other.busy).each(len(read))
        print(f"the annotator alone, {name}: {alone}")
        shares = alone.seconds / whole.seconds, alone.busy / whole.busy
        print(f"the loop's share of that: {shares[0]:.2f} by the clock, {shares[1]:.2f} by CPU time")
    print(f"memory at the end: {looped.last:.0f} MB, {looped.last / looped.first:.2f} of that after the first tenth")
    return 0


def _extracted(data: Path, count: int) -> list[Article]:
    return [extract(Capture(source=url, content=content, url=url)) for content, url in islice(articles(data), count)]


@dataclass(frozen=True, slots=True)
class Took:
    """What something took: seconds by the clock, and seconds in which a CPU was busy with it."""

    seconds: float
    busy: float

    def each(self, articles: int) -> "Took":
        """Give what one of so many articles took."""
        return Took(self.seconds / articles, self.busy / articles)

    def __str__(self) -> str:
        return f"{1 / self.seconds:.2f} articles a second, {1000 * self.busy:.0f} ms of CPU for each"


class _Processes:
    """The process that runs, and its children, but one (proc(5))."""

    def __init__(self, *, apart: int | None) -> None:
        self._apart = apart

    def took(self, work: Callable[[], object]) -> Took:
        begun, before = time.perf_counter(), self._busy()
        work()
        return Took(time.perf_counter() - begun, self._busy() - before)

    def megabytes(self) -> float:
        """Give what they have in memory, but for pages of files, which the system keeps while there is room."""
        told = ((process / "status").read_text(encoding="utf-8").partition("RssAnon:")[2] for process in self._all())
        return sum(int(each.split()[0]) for each in told) / 1000

    def _busy(self) -> float:
        """Give the seconds that they and their ended children were on a CPU."""
        fields = [(process / "stat").read_text(encoding="utf-8").rpartition(")")[2].split() for process in self._all()]
        return sum(int(ticks) for each in fields for ticks in each[11:15]) / os.sysconf("SC_CLK_TCK")

    def _all(self) -> Iterator[Path]:
        own = Path("/proc/self")
        yield own
        for thread in own.glob("task/*/children"):
            for child in thread.read_text(encoding="ascii").split():
                if int(child) != self._apart:
                    yield Path("/proc", child)


class _Loop:
    """A run of the loop: how many articles it `kept`, and the megabytes after the `first` tenth and at the `last`."""

    def __init__(
        self,
        annotator: pipeline.Annotates,
        extractor: pipeline.Extract,
        processes: _Processes,
        port: int,
        feeds: int,
        pages: int,
    ) -> None:
        self._annotator, self._extractor, self._processes = annotator, extractor, processes
        self._port, self._feeds, self._pages = port, feeds, pages
        self.kept, self.first, self.last = 0, 0.0, 0.0

    def run(self) -> None:
        with tempfile.TemporaryDirectory() as folder, Archive.open(f"{folder}/loop.sqlite", create=True) as archive:
            for event in update.run(archive, self._tools(archive), watch=False, stop=threading.Event()):
                if isinstance(event, update.Kept):
                    self.kept += 1
                    if self.kept == self._pages // 10:
                        self.first = self._processes.megabytes()
            self.kept, self.last = archive.status().articles, self._processes.megabytes()

    def _tools(self, archive: Archive) -> update.Tools:
        hosts = tuple(f"outlet-{number}.example" for number in range(self._feeds))
        settings = FetchSettings(allow_hosts=hosts, delay=0.0, connections=_CONNECTIONS)
        fetcher = Fetcher(settings, resolve=lambda _host, _port: ["127.0.0.1"], shared=live.Hosts(archive))
        for host in hosts:
            archive.follow(f"http://{host}:{self._port}/feed")
        return update.Tools(
            poll=fetcher.poll,
            fetch=fetcher.fetch,
            extract=self._extractor,
            reading=lambda: (self._annotator, "reader"),
            connections=_CONNECTIONS,
            delay=0.0,
        )


def _serve(told: Connection, data: Path, feeds: int, pages: int) -> None:
    """Serve every site at one port, by the names that are asked for."""
    now = datetime.now(UTC).isoformat()  # the newest are gathered into stories anew
    made = [zlib.compress(content, 1) for content, _ in islice(articles(data, published=now), pages)]

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            host = self.headers["Host"]
            content, kind, status = b"", "text/html", 404
            if self.path == "/feed":
                own = range(int(host.partition(".")[0].removeprefix("outlet-")), pages, feeds)
                content, kind, status = _feed(host, own), "application/rss+xml", 200
            elif self.path.startswith("/news/"):
                content, status = zlib.decompress(made[int(self.path.removeprefix("/news/"))]), 200
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    told.send(server.server_address[1])
    server.serve_forever()


def _feed(host: str, numbers: range) -> bytes:
    entries = "".join(
        f"<item><guid>{n}</guid><title>{n}</title><link>http://{host}/news/{n}</link></item>" for n in numbers
    )
    return f"<rss version='2.0'><channel><title>{host}</title>{entries}</channel></rss>".encode()


if __name__ == "__main__":
    sys.exit(main())
