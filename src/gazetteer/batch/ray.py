"""Parts run by workers of Ray, on this machine or on a cluster: the only module that imports it.

A worker is an actor with a process of its own, as those of `pool`, which holds the model: what a page does to that
process is mended beside it, as without Ray. Where a worker is gone, or the machine that it was on, another is asked
for, and its part is given to whoever is free.
"""

import logging
import os
import socket
from collections import deque
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import Any

import ray
from ray.exceptions import RayActorError, RayTaskError

from gazetteer.batch.pool import PROCESS, Process
from gazetteer.batch.shards import Done
from gazetteer.batch.work import Job
from gazetteer.errors import GazetteerError

_STORE = 100 * 2**20  # bytes, of which a cluster of our own has need of few: what goes through Ray is small
_PATIENCE = 10.0  # seconds in which a cluster answers
_TRIES = 3  # in whose course every worker may be lost, and no part done


def run(
    jobs: Iterable[Job], *, workers: int | None = None, address: str | None = None, function: str = PROCESS
) -> Iterator[Done]:
    """Run jobs by so many workers, and give what came of each as it is done, in no order.

    `address` is where a cluster is (`ray.init` says what it can be); without it, Ray is started on this machine, and
    stopped at the end. One worker a core, where `workers` is None; of more, those begin for which there is room. Raises
    `GazetteerError` where there is no cluster, where workers are lost again and again with no part done, or where a
    part cannot be read at all.
    """
    with _cluster(address, workers):
        yield from _run(iter(jobs), _Crew(function, workers or int(ray.cluster_resources().get("CPU", 1))))


@contextmanager
def _cluster(address: str | None, cores: int | None) -> Iterator[None]:
    quiet = {"log_to_driver": False, "logging_level": logging.ERROR}
    try:
        if address is None:
            ray.init("local", num_cpus=cores, include_dashboard=False, object_store_memory=_STORE, **quiet)
        else:
            _ask(address)
            ray.init(address, **quiet)
    except (OSError, ValueError, RuntimeError) as error:
        raise GazetteerError(f"{address or 'here'}: Ray cannot be reached or started: {error}") from error
    try:
        yield
    finally:
        ray.shutdown()


def _ask(address: str) -> None:
    """Raise `OSError` at once where nobody answers at HOST:PORT: Ray would go on asking for minutes."""
    host, _, port = address.rpartition(":")
    if port.isdecimal() and "/" not in host:
        socket.create_connection((host, int(port)), timeout=_PATIENCE).close()


class _Worker:
    """Digests parts, where Ray puts it; names of files mean there what they mean to whoever asks."""

    def __init__(self, function: str, folder: str) -> None:
        with suppress(OSError):  # a machine that lacks it can still read and write what is named in full
            os.chdir(folder)
        self._process = Process(function)

    def ready(self) -> None:
        """Return, once there is such a worker."""

    def run(self, job: Job) -> Done:
        """Digest a part."""
        return self._process.run(job)


class _Crew:
    """The workers, and what was asked of each: to read a part, or first to say that it is there."""

    def __init__(self, function: str, size: int) -> None:
        self._hire = partial(ray.remote(_Worker).options(num_cpus=1).remote, function, str(Path.cwd()))
        self._asked: dict[Any, tuple[Any, Job | None]] = {}
        self._lost, self._most = 0, _TRIES * size
        self.free: list[Any] = []
        self.given_back: deque[Job] = deque()
        for _ in range(size):
            self._add()

    @property
    def is_busy(self) -> bool:
        """Tell whether a part is being read."""
        return any(job for _, job in self._asked.values())

    def give(self, job: Job) -> None:
        """Give a part to whoever is free."""
        worker = self.free.pop()
        self._asked[worker.run.remote(job)] = (worker, job)

    def answer(self) -> Done | None:
        """Wait until a worker answers, or is lost; gives what came of its part, where it has done one."""
        (reference,), _ = ray.wait([*self._asked], num_returns=1)
        worker, job = self._asked.pop(reference)
        try:
            done: Done | None = ray.get(reference)
        except RayActorError as error:
            self._replace(job, error)
            return None
        except RayTaskError as error:
            raise error.cause from None
        self.free.append(worker)
        self._lost = self._lost if done is None else 0
        return done

    def _replace(self, job: Job | None, error: Exception) -> None:
        self._lost += 1
        if self._lost > self._most:
            raise GazetteerError(f"Ray lost {self._lost} workers, and no part was done meanwhile: {error}") from error
        if job is not None:
            self.given_back.append(job)
        self._add()

    def _add(self) -> None:
        worker = self._hire()
        self._asked[worker.ready.remote()] = (worker, None)


def _run(jobs: Iterator[Job], crew: _Crew) -> Iterator[Done]:
    while True:
        while crew.free and (job := crew.given_back.popleft() if crew.given_back else next(jobs, None)) is not None:
            crew.give(job)
        if crew.free and not crew.is_busy:
            return
        if (done := crew.answer()) is not None:
            yield done
