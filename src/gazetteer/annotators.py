"""The annotator as the settings have it: in this process's threads, or in processes of its own.

Processes read a seventh more in the same time on two cores, since none waits while another, or the one that keeps
articles, runs Python; but each loads the model. A process reads one article at a time, and an article that brings it
down costs that article alone.
"""

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import lru_cache
from itertools import repeat
from queue import LifoQueue
from types import TracebackType
from typing import Self

from gazetteer import annotate
from gazetteer.annotate.summary import TENTH, Length
from gazetteer.annotate.tags import NO_RULES, TagRules
from gazetteer.config import Config
from gazetteer.types import Annotation, Article, Targets
from gazetteer.worker import Worker

_SECONDS = 300.0  # of an article: the longest that `pipeline` lets through takes a tenth of it
_MEGABYTES = 4096  # of a process, the model's own included


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """An article to read, with what `Annotator` takes."""

    article: Article
    targets: Targets
    rules: TagRules
    length: Length


class Annotators:
    """Annotates as `Annotator` does, in so many `processes`. A context manager: the processes are gone when it ends.

    They start as they are needed.
    """

    def __init__(self, *, processes: int, rules: TagRules = NO_RULES, length: Length = TENTH) -> None:
        self.model = annotate.version()
        self._rules, self._length = rules, length
        self._workers = [
            Worker[Order, Annotation](f"{__name__}:annotation", seconds=_SECONDS, megabytes=_MEGABYTES)
            for _ in range(processes)
        ]
        self._free: LifoQueue[Worker[Order, Annotation]] = LifoQueue()
        for worker in self._workers:
            self._free.put(worker)
        self._callers = ThreadPoolExecutor(processes)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def annotate(self, articles: Sequence[Article], /, *, targets: Sequence[Targets] = ()) -> list[Annotation]:
        """Give the annotation of each article, the same as `Annotator` gives.

        Raises `LimitError` where one of them brings its process down, `ModelError` where the model is not whole, and
        `ValueError` where `targets` are not as many.
        """
        asked = zip(articles, targets or repeat((), len(articles)), strict=True)
        return list(self._callers.map(self._asked, asked))

    def close(self) -> None:
        """End the processes, when they have read what they are reading."""
        self._callers.shutdown(cancel_futures=True)
        for worker in self._workers:
            worker.close()

    def _asked(self, asked: tuple[Article, Targets]) -> Annotation:
        article, targets = asked
        worker = self._free.get()
        try:
            return worker(Order(article=article, targets=targets, rules=self._rules, length=self._length))
        finally:
            self._free.put(worker)


def in_threads(settings: Config, rules: TagRules) -> annotate.Annotator:
    """Load the annotator; raises `ModelError` where it is not whole."""
    return annotate.Annotator(threads=_cores(settings), rules=rules, length=_length(settings))


def in_processes(settings: Config, rules: TagRules) -> Annotators:
    """Give the annotator in a process for each core: a context manager."""
    return Annotators(processes=_cores(settings), rules=rules, length=_length(settings))


def _cores(settings: Config) -> int:
    there = os.cpu_count() or 1
    return min(settings.annotate.threads or there, there)


def _length(settings: Config) -> Length:
    return Length(sentences=settings.summary.sentences, share=settings.summary.share)


def annotation(order: Order) -> Annotation:
    """Annotate an article, in a process of its own."""
    made = _annotator(order.rules, order.length).annotate([order.article], targets=[order.targets])
    return made[0]


@lru_cache(maxsize=1)
def _annotator(rules: TagRules, length: Length) -> annotate.Annotator:
    return annotate.Annotator(threads=1, rules=rules, length=length)
