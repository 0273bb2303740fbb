"""The site under readers, beside a tenth of its archive: `python -m evaluation.site --data ../shared/data`.

Two archives are made, of `--articles` and of a tenth of that, and kept in `--folder` for the next time. `gazetteer
serve --workers 2` then shows each in turn to `--readers` readers, who each ask for a page, read it for `--pause`
seconds on average (exponentially distributed; 0 asks again at once, which is no reader but shows what the machine can
give), and ask for another: the front page, days, digests, the pages of names, tags, outlets and authors, feeds and
searches, each of a thing that the archive has, names and outlets as often as articles have them. What is asked and
when is the same for both archives. Then both are shown at once, and one reader asks for `--pairs` pages of each kind,
of either archive in turn, so that what else the machine does meets both alike.

Printed for each kind of page: the median and the 95th percentile of the milliseconds until its last byte has come, on
each archive; what a page of the larger costs as a ratio, which is that of the medians of the pages asked for in turn;
the CPU time of the processes that serve, a page; then the CPU time that keeping one more article takes, each in its own
transaction, which is what `add` waits for beside the annotation.
"""

import argparse
import http.client
import os
import random
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from http import HTTPStatus
from pathlib import Path
from urllib.parse import urlencode

from evaluation import archives
from gazetteer.archive import Archive
from gazetteer.archive.values import Kept
from gazetteer.types import Digest
from gazetteer.web.templating import path

_DAYS = 50  # days whose articles, names and words are asked for
_KEPT_OPEN = 4.0  # seconds for which a reader's connection is kept without being used: fewer than the site's five
_SAVED = 300  # articles kept for the figure of what keeping costs
SHARES = {
    "front": 3,
    "day": 1,
    "digest": 8,
    "entity": 3,
    "publisher": 1,
    "author": 1,
    "tag": 1,
    "feed": 1,
    "search": 4,
}
"""How often each kind of page is asked for."""

Times = dict[str, list[float]]
"""Milliseconds by kind of page."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; return its exit status."""
    parser = argparse.ArgumentParser(prog="python -m evaluation.site", description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--folder", type=Path, default=Path("build/site"))
    parser.add_argument("--articles", type=int, default=100_000)
    parser.add_argument("--readers", type=int, default=20)
    parser.add_argument("--pause", type=float, default=1.0)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--pairs", type=int, default=200)
    options = parser.parse_args(arguments)
    options.folder.mkdir(parents=True, exist_ok=True)
    originals = archives.digests(options.data)
    sizes = (options.articles // 10, options.articles)
    places = [options.folder / f"{size}.sqlite" for size in sizes]
    measured, asked = [], []
    for size, place in zip(sizes, places, strict=True):
        with Archive.open(str(place), create=True) as archive:
            archives.fill(archive, originals, size, told=_tell)
            ways = _ways(archive)
        asked.append(ways)
        with _served(place) as (port, used):
            _read(port, ways, readers=4, seconds=3, pause=0)  # what a site does once is done
            before = used()
            times = _read(port, ways, readers=options.readers, seconds=options.seconds, pause=options.pause)
            measured.append((times, (used() - before) / sum(map(len, times.values()))))
    with _served(places[0]) as (small, _), _served(places[1]) as (large, _):
        ratios = _ratios((small, large), asked, options.pairs)
    _print(sizes, measured, ratios)
    _print_saving(places[1], originals, sizes[1])
    return 0


def _ways(archive: Archive) -> dict[str, list[str]]:
    """Give the paths of each kind of page that are asked for."""
    draw = random.Random(1)
    ways: dict[str, list[str]] = defaultdict(list, front=["/"])
    for _ in range(_DAYS):
        day = (archives.SINCE + timedelta(days=draw.randrange(archives.DAYS))).date()
        ways["day"].append(f"/?day={day}")
        for card in archive.browse(since=day, until=day + timedelta(days=1)).rows:
            ways["digest"].append(path(card))
            kept = archive.get(card.id)
            if kept is not None:
                for subject in (*kept.entities, *kept.authors, *kept.tags, *filter(None, (kept.publisher,))):
                    ways[subject.kind.value].append(path(subject))
                ways["search"].extend(f"/search?{urlencode({'q': each})}" for each in _queries(kept, draw))
    ways["feed"] = ["/feed.atom", *(f"{each}/feed.atom" for each in dict.fromkeys(ways["tag"]))]
    return ways


def _queries(kept: Kept, draw: random.Random) -> Iterator[str]:
    """Give what somebody may search who has this article in mind: words, a phrase, a name, and these with more."""
    words = [each for each in kept.digest.article.headline.split() if each.isalpha()]
    if len(words) < 3:
        return
    first = draw.randrange(len(words) - 2)
    yield words[first]
    yield " ".join(draw.sample(words, 2))
    yield f'"{words[first]} {words[first + 1]}"'
    yield f"{words[first]} -{words[first + 2]} after:2019-01-01"
    if kept.entities:
        name = draw.choice(kept.entities).name.replace('"', "")
        yield f'entity:"{name}"'
        yield f'entity:"{name}" tone:negative'


@contextmanager
def _served(place: Path) -> Iterator[tuple[int, Callable[[], float]]]:
    """Serve an archive; give the port, and what tells the CPU seconds that the processes have used."""
    command = [sys.executable, "-m", "gazetteer", "serve", "--port", "0", "--workers", "2", "--archive", str(place)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as serving:
        try:
            assert serving.stdout is not None
            found = next(filter(None, (re.search(r"http://[^/]+:(\d+)/", line) for line in serving.stdout)))
            yield int(found[1]), lambda: sum(map(_used, _family(serving.pid)))
        finally:
            serving.terminate()


def _family(process: int) -> list[int]:
    """Give a process and its children (proc(5))."""
    children = Path(f"/proc/{process}/task/{process}/children").read_text(encoding="ascii")
    return [process, *map(int, children.split())]


def _used(process: int) -> float:
    """Give the CPU seconds of a process so far (proc(5))."""
    fields = Path(f"/proc/{process}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _read(port: int, ways: dict[str, list[str]], *, readers: int, seconds: float, pause: float) -> Times:
    """Let so many readers read at once; give how long each page took to come."""
    times: Times = defaultdict(list)
    kinds, shares = zip(*SHARES.items(), strict=True)
    until = time.monotonic() + seconds

    def reader(number: int) -> None:
        draw = random.Random(number)
        time.sleep(draw.random() * pause)
        connection = http.client.HTTPConnection("127.0.0.1", port)
        while time.monotonic() < until:
            kind = draw.choices(kinds, shares)[0]
            begun = time.perf_counter()
            connection.request("GET", draw.choice(ways[kind]))
            answer = connection.getresponse()
            answer.read()
            times[kind].append(1_000 * (time.perf_counter() - begun))
            if answer.status != HTTPStatus.OK:
                raise RuntimeError(f"a page of the kind {kind} was answered with {answer.status}")
            if pause:
                wait = draw.expovariate(1 / pause)
                if wait > _KEPT_OPEN:
                    connection.close()  # as the site does; the next page opens it anew
                time.sleep(wait)
        connection.close()

    with ThreadPoolExecutor(readers) as pool:
        list(pool.map(reader, range(readers)))
    return times


def _ratios(ports: Sequence[int], asked: Sequence[dict[str, list[str]]], pairs: int) -> dict[str, float]:
    """Ask two sites for pages in turn; give what the second's cost as a ratio to the first's, by kind."""
    draw = random.Random(2)
    sites = [http.client.HTTPConnection("127.0.0.1", port) for port in ports]
    ratios = {}
    for kind in SHARES:
        times: tuple[list[float], ...] = ([], [])
        for _ in range(pairs):
            for site, ways, taken in zip(sites, asked, times, strict=True):
                begun = time.perf_counter()
                site.request("GET", draw.choice(ways[kind]))
                site.getresponse().read()
                taken.append(time.perf_counter() - begun)
        ratios[kind] = statistics.median(times[1]) / statistics.median(times[0])
    return ratios


def _print(sizes: Sequence[int], measured: Sequence[tuple[Times, float]], ratios: dict[str, float]) -> None:
    (small, used_small), (large, used_large) = measured
    print(f"{'':10}{'pages':>7}" + "".join(f"{f'p50 at {size:,}':>16}{'p95':>8}" for size in sizes) + f"{'ratio':>8}")
    small, large = _with_sums(small), _with_sums(large)
    for kind, after in large.items():
        before = small[kind]
        row = "".join(f"{statistics.median(each):16.1f}{_p95(each):8.1f}" for each in (before, after))
        print(f"{kind:10}{len(after):7}{row}" + (f"{ratios[kind]:8.2f}" if kind in ratios else ""))
    print(f"CPU time a page, ms: {1_000 * used_small:.1f} and {1_000 * used_large:.1f}")


def _with_sums(times: Times) -> Times:
    pages = [each for kind, held in times.items() if kind != "search" for each in held]
    return {kind: times[kind] for kind in SHARES} | {"pages": pages}


def _p95(times: Sequence[float]) -> float:
    return statistics.quantiles(times, n=20)[-1] if len(times) > 1 else times[0]


def _print_saving(place: Path, originals: Sequence[Digest], have: int) -> None:
    """Keep further articles in a copy, and print the CPU time that each takes."""
    with tempfile.TemporaryDirectory(dir=place.parent) as folder:
        copy = shutil.copy(place, folder)
        more = list(archives.varied(originals, have + _SAVED, first=have))
        with Archive.open(str(copy)) as archive:
            begun = time.process_time()
            for digest in more:
                archive.save(digest)
            used = time.process_time() - begun
    print(f"CPU time to keep an article in the larger, ms: {1_000 * used / len(more):.1f}")


def _tell(kept: int) -> None:
    print(f"\r{kept:,} articles kept", end="", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
