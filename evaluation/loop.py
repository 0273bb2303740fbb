"""The live loop against what the model alone reaches: `python -m evaluation.loop --data ../shared/data`.

A server on loopback, in a process of its own, has `--feeds` sites with a feed each, and `--pages` articles of 800
words, made as those of `evaluation.bench`. The loop polls all feeds, fetches, extracts, annotates and keeps every
article in a new archive, without the pause between two pages of a site; the annotator alone reads the first `--alone`
of the same articles, extracted before, half of them before the loop runs and half after, since what else the machine
does changes meanwhile. Both use every core, in one run.

Printed: articles a second of both, and their ratio; the CPU time of an article in both, which what else runs disturbs
less; how many articles are kept; and the memory of the loop's process after the first tenth and at the end, as a ratio.
"""

import argparse
import multiprocessing
import os
import resource
import sys
import tempfile
import threading
import time
import zlib
from collections.abc import Callable, Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import islice
from multiprocessing.connection import Connection
from pathlib import Path

from evaluation.bench import articles
from gazetteer import live, pipeline, update
from gazetteer.annotate import Annotator
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
    port = here.recv()
    annotator = Annotator(threads=os.cpu_count() or 1)
    annotator.annotate(_extracted(options.data, 8))  # what is done once is done
    read = _extracted(options.data, options.alone)
    first = _timed(lambda: _alone(annotator, read[::2]))
    kept, memory = 0, (0.0, 0.0)

    def loop() -> None:
        nonlocal kept, memory
        kept, memory = _loop(annotator, port, options.feeds, options.pages)

    took = _timed(loop)
    second = _timed(lambda: _alone(annotator, read[1::2]))
    server.kill()
    alone = tuple(len(read) / (one + other) for one, other in zip(first, second, strict=True))
    whole = tuple(kept / each for each in took)
    print(f"{options.feeds} feeds, {kept} of {options.pages} articles kept")
    print(f"the annotator alone: {alone[0]:.2f} articles a second, {1000 / alone[1]:.0f} ms of CPU for each")
    print(f"the whole loop: {whole[0]:.2f}, {1000 / whole[1]:.0f} ms of CPU for each")
    print(f"the loop's share: {whole[0] / alone[0]:.2f} by the clock, {whole[1] / alone[1]:.2f} by CPU time")
    print(f"memory at the end: {memory[1]:.0f} MB, {memory[1] / memory[0]:.2f} of that after the first tenth")
    return 0


def _extracted(data: Path, count: int) -> list[Article]:
    return [extract(Capture(source=url, content=content, url=url)) for content, url in islice(articles(data), count)]


def _alone(annotator: Annotator, read: list[Article]) -> None:
    for first in range(0, len(read), pipeline.BATCH):
        annotator.annotate(read[first : first + pipeline.BATCH])


def _timed(work: Callable[[], None]) -> tuple[float, float]:
    """Give the seconds that something took, by the clock and of this process's and its ended children's CPUs."""

    def spent() -> float:
        usages = map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
        return sum(usage.ru_utime + usage.ru_stime for usage in usages)

    begun, before = time.perf_counter(), spent()
    work()
    return time.perf_counter() - begun, spent() - before


def _loop(annotator: Annotator, port: int, feeds: int, pages: int) -> tuple[int, tuple[float, float]]:
    """Run the loop; give how many articles were kept, and the memory early and late."""
    hosts = tuple(f"outlet-{number}.example" for number in range(feeds))
    settings = FetchSettings(allow_hosts=hosts, delay=0.0, connections=_CONNECTIONS)
    with (
        tempfile.TemporaryDirectory() as folder,
        Archive.open(f"{folder}/loop.sqlite", create=True) as archive,
        pipeline.extractor() as extractor,
    ):
        fetcher = Fetcher(settings, resolve=lambda _host, _port: ["127.0.0.1"], shared=live.Hosts(archive))
        for host in hosts:
            archive.follow(f"http://{host}:{port}/feed")
        tools = update.Tools(
            poll=fetcher.poll,
            fetch=fetcher.fetch,
            extract=extractor,
            reading=lambda: (annotator, "reader"),
            connections=_CONNECTIONS,
            delay=0.0,
        )
        kept, early = 0, 0.0
        for event in update.run(archive, tools, watch=False, stop=threading.Event()):
            if isinstance(event, update.Kept):
                kept += 1
                if kept == pages // 10:
                    early = _memory()
        return archive.status().articles, (early, _memory())


def _memory() -> float:
    """Give the megabytes that this process has in memory (proc(5))."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def _serve(told: Connection, data: Path, feeds: int, pages: int) -> None:
    """Serve every site at one port, by the names that are asked for."""
    made = [zlib.compress(content, 1) for content, _ in islice(articles(data), pages)]

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
