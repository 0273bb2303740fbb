"""Parts run by processes of this machine."""

from collections.abc import Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import ExitStack
from dataclasses import replace
from queue import SimpleQueue
from typing import Self

from gazetteer.batch import shards
from gazetteer.batch.shards import Done
from gazetteer.batch.work import Job
from gazetteer.errors import LimitError
from gazetteer.worker import Worker

PROCESS = "gazetteer.batch.work:process"
"""What a process does, by name: it is imported there alone."""

_SECONDS = 4 * 3600.0  # that a part may take; what one page may take is bounded elsewhere
_MEGABYTES = 16_384  # of addresses, of which a process uses few
_TRIES = 3  # of a part whose process breaks down before it reads a page


def run(jobs: Iterable[Job], *, workers: int, function: str = PROCESS) -> Iterator[Done]:
    """Run jobs in so many processes, and give what came of each as it is done, in no order.

    A process that breaks down is replaced, and its part read again, page by page, so that only the page that broke it
    is lost. Raises `GazetteerError` where a part cannot be read at all.
    """
    waiting = iter(jobs)
    free: SimpleQueue[Process] = SimpleQueue()
    with ExitStack() as stack:
        for _ in range(workers):
            free.put(stack.enter_context(Process(function)))
        threads = stack.enter_context(ThreadPoolExecutor(workers))
        running: set[Future[Done]] = set()
        while True:
            while len(running) < workers and (job := next(waiting, None)) is not None:
                running.add(threads.submit(_with, free, job))
            if not running:
                return
            finished, running = wait(running, return_when=FIRST_COMPLETED)
            for each in finished:
                yield each.result()


def _with(free: "SimpleQueue[Process]", job: Job) -> Done:
    process = free.get()
    try:
        return process.run(job)
    finally:
        free.put(process)


class Process:
    """A process that digests parts, and is replaced where it breaks down."""

    def __init__(self, function: str) -> None:
        self._function = function
        self._worker: Worker[Job, Done] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._worker is not None:
            self._worker.close()

    def run(self, job: Job) -> Done:
        """Digest a part, whatever its pages do."""
        tries = 0
        while True:
            try:
                return self._ask(job)
            except LimitError:
                broke = shards.noted(job.task)
                tries = tries + 1 if broke is None else 0
                if tries == _TRIES:
                    raise
                passed = job.task.passed if broke is None else (*job.task.passed, broke)
                job = replace(job, task=replace(job.task, careful=True, passed=passed))

    def _ask(self, job: Job) -> Done:
        if self._worker is None:
            self._worker = Worker(self._function, seconds=_SECONDS, megabytes=_MEGABYTES)
        return self._worker(job)
