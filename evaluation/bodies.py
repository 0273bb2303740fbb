r"""How much of the articles' text is found, and how little else: ours beside other extractors, on the same pages.

The score is the public article-extraction-benchmark's (scrapinghub): a text is its runs of four words (`\w+`), counted
with their multiplicity. A page's precision is the share of the found runs that are expected, its recall the share of
the expected ones that are found. F1 is the harmonic mean of the pages' mean precision and mean recall, every page the
same weight; a page where nothing is found counts for recall alone. A crash, or a page that takes longer than
`LIMIT` seconds, is a page where nothing is found.

    python -m evaluation.bodies --data ../shared/data
"""

import argparse
import contextlib
import logging
import re
import signal
import statistics
import time
import types
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import lxml.etree
import lxml.html

from evaluation import sets
from gazetteer.errors import ExtractError
from gazetteer.extract import extract
from gazetteer.types import Capture

SETS = ("benchmark", "news-sites")
LIMIT = 20.0
"""Seconds that an extractor may take over one page."""

Extractor = Callable[[bytes, str], str]

_WORD = re.compile(r"\w+")
_RUN = 4
# What extractors raise on odd pages beside their own errors.
_CRASHES = (ArithmeticError, AttributeError, ImportError, LookupError, OSError, RuntimeError, TypeError, ValueError)


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A saved page, its address, and the text that people found in it."""

    content: bytes
    url: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """An extractor's scores over a set of pages (0 to 1), its seconds a page, and the pages where it failed."""

    precision: float
    recall: float
    seconds: float
    failures: int

    @property
    def f1(self) -> float:
        """The harmonic mean of mean precision and mean recall."""
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0


def measure(data: Path) -> dict[str, float]:
    """Our F1 on each set of pages under `data`: `body_f1_benchmark` and `body_f1_news_sites`."""
    return {f"body_f1_{name.replace('-', '_')}": score(_ours, read(data, name)).f1 for name in SETS}


def read(data: Path, name: str) -> list[Page]:
    """The pages of one set, in the order of its `expected.json`."""
    return [Page(content=content, url=entry["url"], text=entry["text"]) for entry, content in sets.pages(data, name)]


def score(extractor: Extractor, pages: list[Page]) -> Score:
    """Run an extractor over the pages, one after the other, and score what it finds."""
    precisions, recalls, seconds, failures = [], [], 0.0, 0
    for page in pages:
        start = time.perf_counter()
        found = _found(extractor, page)
        seconds += time.perf_counter() - start
        failures += not found.strip()
        precision, recall = compare(found, page.text)
        precisions += [] if precision is None else [precision]
        recalls += [] if recall is None else [recall]
    return Score(
        precision=statistics.fmean(precisions or [0.0]),
        recall=statistics.fmean(recalls or [0.0]),
        seconds=seconds / len(pages),
        failures=failures,
    )


def compare(found: str, expected: str) -> tuple[float | None, float | None]:
    """Precision and recall of one text; None where there is nothing to be precise about, or to find."""
    ours, theirs = _runs(found), _runs(expected)
    same = sum((ours & theirs).values())
    return (
        same / sum(ours.values()) if ours else None,
        same / sum(theirs.values()) if theirs else None,
    )


def _runs(text: str) -> Counter[tuple[str, ...]]:
    spoken = _WORD.findall(text)
    return Counter(tuple(spoken[i : i + _RUN]) for i in range(max(1, len(spoken) - _RUN + 1)) if spoken)


def _found(extractor: Extractor, page: Page) -> str:
    try:
        with _limited(LIMIT):
            return extractor(page.content, page.url)
    except (*_CRASHES, lxml.etree.LxmlError, ExtractError):
        return ""


@contextlib.contextmanager
def _limited(seconds: float) -> Iterator[None]:
    """Raise `TimeoutError` (an `OSError`) in the block once `seconds` are over."""

    def stop(_signal: int, _frame: types.FrameType | None) -> None:
        raise TimeoutError

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def _ours(content: bytes, url: str) -> str:
    return extract(Capture(source=url, content=content, url=url)).text


def _trafilatura(content: bytes, _url: str) -> str:
    import trafilatura

    return trafilatura.extract(content, include_comments=False) or ""


def _trafilatura_precision(content: bytes, _url: str) -> str:
    import trafilatura

    return trafilatura.extract(content, include_comments=False, favor_precision=True) or ""


def _newspaper(content: bytes, url: str) -> str:
    import newspaper

    article = newspaper.Article(url, fetch_images=False)
    try:
        article.download(input_html=content.decode("utf-8", "replace"))
        article.parse()
    except newspaper.ArticleException:
        return ""
    return str(article.text)


def _readability(content: bytes, _url: str) -> str:
    from readability.readability import Document, Unparseable

    try:
        summary = Document(content.decode("utf-8", "replace")).summary()
    except Unparseable:
        return ""
    return "\n".join(map(str, lxml.html.document_fromstring(summary).itertext()))


EXTRACTORS: dict[str, Extractor] = {
    "gazetteer": _ours,
    "trafilatura": _trafilatura,
    "trafilatura, precision": _trafilatura_precision,
    "newspaper4k": _newspaper,
    "readability-lxml": _readability,
}


def main() -> None:
    """Print each extractor's scores on each set, and its time a page as a multiple of trafilatura's."""
    arguments = argparse.ArgumentParser(description="Score the extraction of articles' text beside other extractors.")
    arguments.add_argument("--data", type=Path, default=Path("../shared/data"), help="where pages/ is")
    arguments.add_argument("--only", choices=EXTRACTORS, action="append", help="run this extractor alone; repeatable")
    chosen = arguments.parse_args()
    logging.disable(logging.CRITICAL)
    for name in SETS:
        pages = read(chosen.data, name)
        scores = {label: score(EXTRACTORS[label], pages) for label in chosen.only or EXTRACTORS}
        base = scores["trafilatura"].seconds if "trafilatura" in scores else None
        print(f"\n{name}: {len(pages)} pages\n{'':24}    F1  precision  recall  no text  ms/page  time")
        for label, result in scores.items():
            ratio = f"{result.seconds / base:4.1f}×" if base else ""
            print(
                f"{label:24} {result.f1:.4f}     {result.precision:.4f}  {result.recall:.4f}  {result.failures:7}"
                f"  {result.seconds * 1000:7.1f}  {ratio}"
            )


if __name__ == "__main__":
    main()
