"""Archives of any size: how fast, how flat, how soon: `python -m evaluation.batch --data ../shared/data`.

The archives are made here, of the pages of `pages/news-sites`: each page comes again and again, under another address,
with other names in its paragraphs, and with its request before it, as in Common Crawl's. What is measured (`--only`):

- *workers*: pages a second of two workers against those of one, over a file of `--pages` pages.
- *ray*: the time of a page under Ray beside that in the pool, both with two workers, over such a file.
- *memory*: the memory of all processes of a run with one worker, over a file of `--records` records, of which half are
  pages: the most in each tenth of the run, and the last tenth's as a ratio to the second's.
- *soon*: seconds from the start of the command until the first row can be read.
- *stories*: what gathering costs beside digesting, CPU time for an article of each.

The first two are told by the clock, without the first part that a run does, since the model is loaded in it; and by CPU
time, all of it, which what else runs disturbs less. Figures are written to
`evaluation/batch.json`, and what is told of them to `docs/batch.md`; those that were not measured this time stay as
they were. `--project` measures nothing, and tells what Common Crawl News needs by these figures, and by what is assumed
of it (`--files-a-day` and so on).
"""

import argparse
import gzip
import json
import os
import random
import re
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import cycle, islice
from math import ceil
from pathlib import Path
from typing import Self

from evaluation import archives, sets
from gazetteer.batch import pool, runs, stories
from gazetteer.batch.runs import Engine
from gazetteer.batch.work import Job

RESULTS = Path(__file__).with_name("batch.json")
DOCUMENT = Path(__file__).parents[1] / "docs" / "batch.md"
_PARAGRAPH = re.compile(rb"<p[\s>].*?</p>", re.DOTALL | re.IGNORECASE)
_NAME = re.compile(rb"(?<=[ >])[A-Z][a-z]{3,}(?=[ ,.<])")
_TICK = 0.5  # seconds between two looks at the memory
_WEEK = 7 * 24.0
_BEGINS, _ENDS = "<!-- written by evaluation.batch -->", "<!-- to here -->"
_SHARE = 0.5  # of a file's records that are pages

Figures = dict[str, float]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; return its exit status."""
    parser = argparse.ArgumentParser(prog="python -m evaluation.batch", description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--only", nargs="+", choices=MEASUREMENTS, default=[*MEASUREMENTS], metavar="NAME")
    parser.add_argument("--pages", type=int, default=5_000)
    parser.add_argument("--records", type=int, default=50_000)
    parser.add_argument("--results", type=Path, default=RESULTS)
    parser.add_argument("--project", action="store_true", help="measure nothing, and tell what Common Crawl News needs")
    for name, value in ASSUMED.items():
        parser.add_argument(f"--{name.replace('_', '-')}", type=float, default=value)
    options = parser.parse_args(arguments)
    figures: Figures = json.loads(options.results.read_text(encoding="utf-8")) if options.results.exists() else {}
    if options.project:
        print(projection(figures, {name: getattr(options, name) for name in ASSUMED}))
        return 0
    for name in options.only:
        print(f"measuring {name} …", file=sys.stderr, flush=True)
        count = options.records if name == "memory" else options.pages
        with tempfile.TemporaryDirectory() as folder:
            found = MEASUREMENTS[name](options.data, Path(folder), count)
        for figure, value in found.items():
            print(f"{figure:40} {value:12.3f}", flush=True)
        figures |= found
    options.results.write_text(
        json.dumps({name: round(value, 4) for name, value in sorted(figures.items())}, indent=1) + "\n",
        encoding="utf-8",
    )
    if options.results == RESULTS:
        figures = json.loads(RESULTS.read_text(encoding="utf-8"))
        DOCUMENT.write_text(brought_up_to(DOCUMENT.read_text(encoding="utf-8"), figures), encoding="utf-8")
    return 0


# The archives


def varied(data: Path) -> Iterator[tuple[str, bytes]]:
    """Pages with their addresses, without end: no two alike, the same ones each time."""
    pages = [content for _, content in sets.pages(data, "news-sites")]
    for number, content in enumerate(cycle(pages)):
        yield f"https://outlet-{number % 300}.example/news/{number}", vary(content, number)


def vary(content: bytes, number: int) -> bytes:
    """Put other names, of the same lengths, in the place of those in the paragraphs of a page."""
    draw = random.Random(number)
    names: dict[bytes, bytes] = {}

    def other(found: re.Match[bytes]) -> bytes:
        name = found[0]
        return names.setdefault(name, archives.made(draw.randrange(4_000), len(name)).encode())

    return _PARAGRAPH.sub(lambda paragraph: _NAME.sub(other, paragraph[0]), content)


def write(path: Path, data: Path, pages: int) -> None:
    """Write a WARC file of so many pages, each with its request before it (ISO 28500:2017)."""
    with path.open("wb") as file:
        for address, content in islice(varied(data), pages):
            request = b"GET / HTTP/1.1\r\n\r\n"
            answer = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: %d\r\n\r\n" % len(content)
            file.write(gzip.compress(_record("request", address, request), 1))
            file.write(gzip.compress(_record("response", address, answer + content), 6))


def _record(kind: str, address: str, content: bytes) -> bytes:
    fields = {
        "WARC-Type": kind,
        "WARC-Target-URI": address,
        "WARC-Date": "2024-05-06T07:08:09Z",
        "WARC-Record-ID": f"<urn:uuid:{random.Random(kind + address).getrandbits(128):032x}>",
        "Content-Type": f"application/http; msgtype={kind}",
        "Content-Length": str(len(content)),
    }
    head = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
    return b"WARC/1.1\r\n" + head.encode() + b"\r\n" + content + b"\r\n\r\n"


# The measurements


def workers(data: Path, folder: Path, pages: int) -> Figures:
    """Measure two workers against one."""
    write(folder / "a.warc.gz", data, pages)
    one = _ran(folder, partial(pool.run, workers=1))
    two = _ran(folder, partial(pool.run, workers=2))
    return {
        "pages_a_second_one_worker": one.speed,
        "pages_a_second_two_workers": two.speed,
        "two_workers_to_one": two.speed / one.speed,
        "two_workers_to_one_by_cpu": 2 * one.cpu / two.cpu,
    }


def on_ray(data: Path, folder: Path, pages: int) -> Figures:
    """Measure Ray against the pool."""
    from gazetteer.batch import ray

    write(folder / "a.warc.gz", data, pages)
    by_pool = _ran(folder, partial(pool.run, workers=2))
    by_ray = _ran(folder, partial(ray.run, workers=2))
    return {
        "ray_page_seconds_to_pool": by_pool.speed / by_ray.speed,
        "ray_page_cpu_to_pool": by_ray.cpu / by_pool.cpu,
    }


def memory(data: Path, folder: Path, records: int) -> Figures:
    """Measure the memory of a run from its beginning to its end."""
    pages = int(records * _SHARE)
    write(folder / "a.warc.gz", data, pages)
    ran = _ran(folder, partial(pool.run, workers=1))
    tenths = most_by_tenth(ran.memory, pages)
    known = [size for size in tenths if size]  # a part may be more than a tenth
    return {
        **{f"memory_mb_tenth_{tenth:02}": size for tenth, size in enumerate(tenths, start=1)},
        "memory_last_tenth_to_second": known[-1] / known[min(1, len(known) - 1)],
        "memory_mb_one_worker": max(tenths),
        "bytes_in_a_page": (folder / "a.warc.gz").stat().st_size / pages,
        "bytes_out_a_page": sum(each.stat().st_size for each in ran.out.rglob("*.parquet")) / pages,
    }


def most_by_tenth(seen: Sequence[tuple[int, float]], pages: int) -> list[float]:
    """Give the most of what was seen in each tenth of the pages; 0 where nothing was."""
    most = [0.0] * 10
    for done, size in seen:
        tenth = min(10 * done // pages, 9)
        most[tenth] = max(most[tenth], size)
    return most


def soon(data: Path, folder: Path, pages: int) -> Figures:
    """Measure how soon the command has written a row."""
    write(folder / "a.warc.gz", data, min(pages, 500))
    out = folder / "out"
    command = [sys.executable, "-m", "gazetteer", "process", str(folder / "a.warc.gz"), "--out", str(out)]
    begun = time.perf_counter()
    with subprocess.Popen(command, stderr=subprocess.DEVNULL) as running:
        while not any((out / "articles").glob("*.parquet")) and running.poll() is None:
            time.sleep(0.05)
        took = time.perf_counter() - begun
        running.terminate()
    return {"seconds_to_first_row": took}


def gathering(data: Path, folder: Path, pages: int) -> Figures:
    """Measure what gathering stories costs beside digesting."""
    write(folder / "a.warc.gz", data, pages)
    ran = _ran(folder, partial(pool.run, workers=2))
    before = time.process_time()
    articles = max(stories.gather(str(ran.out)), default=0)
    return {
        "cpu_seconds_a_page": ran.cpu / pages,
        "cpu_seconds_gathering_an_article": (time.process_time() - before) / max(articles, 1),
        "articles_a_page": articles / pages,
    }


MEASUREMENTS: dict[str, Callable[[Path, Path, int], Figures]] = {
    "workers": workers,
    "ray": on_ray,
    "memory": memory,
    "soon": soon,
    "stories": gathering,
}


@dataclass(frozen=True, slots=True)
class Ran:
    """What a run was like: pages a second, without those of the first part that is done; CPU time, in seconds, and
    (pages done, megabytes in memory) of all its processes; the folder of its tables.
    """

    speed: float
    cpu: float
    memory: list[tuple[int, float]]
    out: Path


def _ran(folder: Path, engine: Engine) -> Ran:
    out = Path(tempfile.mkdtemp(dir=folder))
    told = runs.run(
        [str(folder / "a.warc.gz")], str(out), job=lambda task: Job(task=task), engine=engine, maker={"reader": "one"}
    )
    times: list[tuple[float, int]] = []
    with _Watch() as watch:
        for progress in told:
            watch.done = progress.articles + progress.failures
            times.append((time.perf_counter(), watch.done))
    (first, before), (last, after) = times[0], times[-2]  # at the end, once more what the last part said
    return Ran(
        speed=(after - before) / max(last - first, 1e-9), cpu=sum(watch.cpu.values()), memory=watch.memory, out=out
    )


class _Watch:
    """Looks at the processes of a run, from time to time: `done` is how many pages it has done."""

    def __init__(self) -> None:
        self.done = 0
        self.cpu: dict[int, float] = {}
        self.memory: list[tuple[int, float]] = []
        self._ended = threading.Event()
        self._looking = threading.Thread(target=self._look)

    def __enter__(self) -> Self:
        self._looking.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._looking.join()

    def _look(self) -> None:
        while not self._ended.wait(_TICK):
            found = usage()
            self.cpu |= {number: cpu for number, (cpu, _) in found.items()}
            self.memory.append((self.done, sum(size for _, size in found.values())))


def usage() -> dict[int, tuple[float, float]]:
    """Give the CPU time, in seconds, and the megabytes in memory of this process and all that come of it (proc(5))."""
    parents: dict[int, int] = {}
    found: dict[int, tuple[float, float]] = {}
    tick, page = os.sysconf("SC_CLK_TCK"), os.sysconf("SC_PAGE_SIZE")
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = path.read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
        except (FileNotFoundError, ProcessLookupError):
            continue  # it has ended meanwhile
        number = int(path.parent.name)
        parents[number] = int(fields[1])
        found[number] = (int(fields[11]) + int(fields[12])) / tick, int(fields[21]) * page / 1e6

    def is_ours(number: int) -> bool:
        while number not in (0, os.getpid()):
            number = parents.get(number, 0)
        return number != 0

    return {number: each for number, each in found.items() if is_ours(number)}


# The projection

ASSUMED = {
    "files_a_day": 17.0,
    "files_since_2016": 40_000.0,
    "gigabytes_a_file": 1.0,
    "pages_a_file": 20_000.0,
    "hours": 24.0,
}
"""What is assumed of Common Crawl News, in round numbers, and in how many hours a day's files are to be done. Its lists
of files (`warc.paths.gz` of each month) say how many there are."""


SHOWN = {
    "cpu_seconds_a_page": "CPU seconds of a page, from the archive to the tables",
    "two_workers_to_one": "Pages a second of two workers, as a ratio to one",
    "ray_page_seconds_to_pool": "Seconds of a page under Ray, as a ratio to the pool",
    "memory_mb_one_worker": "MB in memory, at most, of a run with one worker",
    "memory_last_tenth_to_second": "Memory in the last tenth of a long file, as a ratio to the second",
    "seconds_to_first_row": "Seconds from the start of the command to the first row",
    "bytes_in_a_page": "Bytes of a page in the archive, packed",
    "bytes_out_a_page": "Bytes of a page in the tables",
    "cpu_seconds_gathering_an_article": "CPU seconds to gather an article into its story",
}
"""The figures that `docs/batch.md` tells, in words."""


def projection(figures: Mapping[str, float], assumed: Mapping[str, float]) -> str:
    """Give a table of what a day of Common Crawl News needs, and all of it: cores, hours, bytes."""
    needed = ("cpu_seconds_a_page", "cpu_seconds_gathering_an_article", "articles_a_page", "bytes_out_a_page")
    if missing := [name for name in needed if name not in figures]:
        return f"Not measured yet: {', '.join(missing)}."
    page, gathering, articles, out = (figures[name] for name in needed)
    lines = [
        f"| | files | pages | core-h | cores in {assumed['hours']:,.0f} h, or a week | gathering, h | TB in | TB out |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for name, files in (("a day", assumed["files_a_day"]), ("all since 2016", assumed["files_since_2016"])):
        pages = files * assumed["pages_a_file"]
        hours = pages * page / 3600
        lines.append(
            f"| {name} | {files:,.0f} | {pages:,.0f} | {hours:,.0f} "
            f"| {ceil(hours / assumed['hours']):,}, or {ceil(hours / _WEEK):,} "
            f"| {pages * articles * gathering / 3600:,.1f} "
            f"| {files * assumed['gigabytes_a_file'] / 1000:,.3f} | {pages * out / 1e12:,.3f} |"
        )
    return "\n".join(lines)


def shown(figures: Mapping[str, float]) -> str:
    """Give what the document says of these figures."""
    rows = [
        f"| {words} | {_number(figures[name]) if name in figures else 'not measured'} |"
        for name, words in SHOWN.items()
    ]
    table = "\n".join(["| figure | |", "|---|---|", *rows])
    return f"{_BEGINS}\n{table}\n\n{projection(figures, ASSUMED)}\n{_ENDS}"


def _number(figure: float) -> str:
    return f"{figure:,.0f}" if figure >= 100 else f"{figure:.3g}"


def brought_up_to(document: str, figures: Mapping[str, float]) -> str:
    """Give the document with what it says of the figures."""
    before, _, rest = document.partition(_BEGINS)
    return before + shown(figures) + rest.partition(_ENDS)[2]


if __name__ == "__main__":
    sys.exit(main())
