"""The annotator as the settings have it: in this process's threads, or in processes of its own.

Processes read a seventh more in the same time on two cores, since none waits while another, or the one that keeps
articles, runs Python; but each loads the model. A process reads one article at a time, and an article that brings it
down costs that article alone.
"""

import os
import pickle
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import repeat
from queue import LifoQueue
from types import TracebackType
from typing import Self

from gazetteer import annotate
from gazetteer.annotate.summary import TENTH, Length
from gazetteer.annotate.tags import NO_RULES, TagRules
from gazetteer.config import Config
from gazetteer.pipeline import BATCH
from gazetteer.types import Annotation, Article, Targets
from gazetteer.worker import Worker

_SECONDS = 60.0  # of an article: ten times what the longest takes that is written by people
_MEGABYTES = 4096  # of a process, the model's own included

Asked = tuple[Article, Targets]


class Annotators:
    """Annotates as `Annotator` does, in so many `processes`. A context manager: the processes are gone when it ends.

    They start as they are needed. Raises `ModelError` where there is no model.
    """

    def __init__(self, *, processes: int, rules: TagRules = NO_RULES, length: Length = TENTH) -> None:
        self.model = annotate.version()
        how = pickle.dumps((rules, length))
        self._workers = [
            Worker[Asked, Annotation](f"{__name__}:reading", seconds=_SECONDS, megabytes=_MEGABYTES, made_of=how)
            for _ in range(processes)
        ]
        self._free: LifoQueue[Worker[Asked, Annotation]] = LifoQueue()
        for worker in self._workers:
            self._free.put(worker)
        self._callers = ThreadPoolExecutor(processes)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def annotate(self, articles: Sequence[Article], /, *, targets: Sequence[Targets] = ()) -> list[Annotation]:
        """Give the annotation of each article, the same as `Annotator` gives.

        Raises `LimitError` where one of them brings its process down, `ModelError` where the model is not whole,
        `WorkerError` where no process can be started, and `ValueError` where `targets` are not as many.
        """
        asked = zip(articles, targets or repeat((), len(articles)), strict=True)
        return list(self._callers.map(self._asked, asked))

    def close(self) -> None:
        """End the processes, when they have read what they are reading."""
        self._callers.shutdown(cancel_futures=True)
        for worker in self._workers:
            worker.close()

    def _asked(self, asked: Asked) -> Annotation:
        worker = self._free.get()
        try:
            return worker(asked)
        finally:
            self._free.put(worker)


def reading(how: bytes) -> Callable[[Asked], Annotation]:
    """Give what annotates an article, in a process of its own, by the rules and the length of summaries in `how`."""
    rules, length = pickle.loads(how)  # noqa: S301 - our own parent's
    annotator = annotate.Annotator(threads=1, rules=rules, length=length)

    def read(asked: Asked) -> Annotation:
        article, targets = asked
        return annotator.annotate([article], targets=[targets])[0]

    return read


def in_threads(settings: Config, rules: TagRules) -> annotate.Annotator:
    """Load the annotator; raises `ModelError` where it is not whole."""
    return annotate.Annotator(threads=_cores(settings), rules=rules, length=_length(settings))


def in_processes(settings: Config, rules: TagRules) -> Annotators:
    """Give the annotator in a process for each core, up to as many as `pipeline` keeps busy: a context manager."""
    return Annotators(processes=min(_cores(settings), 2 * BATCH), rules=rules, length=_length(settings))


def _cores(settings: Config) -> int:
    there = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return min(settings.annotate.threads or there, there)


def _length(settings: Config) -> Length:
    return Length(sentences=settings.summary.sentences, share=settings.summary.share)
