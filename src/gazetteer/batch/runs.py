"""A whole run: archives in, tables out, from where it was."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from gazetteer.batch import archives, shards
from gazetteer.batch.archives import Part
from gazetteer.batch.shards import Done, Task
from gazetteer.batch.work import Job
from gazetteer.intake import MAX_BYTES

Engine = Callable[[Iterable[Job]], Iterator[Done]]
"""Runs jobs, and gives what came of each as it is done."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """What a run has done: parts, and the articles and failures in them."""

    parts: int = 0
    articles: int = 0
    failures: int = 0


def run(
    names: Sequence[str],
    out: str,
    *,
    job: Callable[[Task], Job],
    engine: Engine,
    maker: dict[str, str],
    max_bytes: int = MAX_BYTES,
) -> Iterator[Progress]:
    """Make the tables of these archives in the folder `out`, here or in a store; give how far it is, at its end too.

    Parts that are done already are not done again, and count. `maker` is what makes the tables; raises `ReadError`
    where `out` has another's, or where a name stands for no archive.
    """
    progress = Progress()
    opened = list(archives.found(names))
    shards.begin(out, maker)
    marks = shards.marks(out)
    before: list[Done] = []

    def undone() -> Iterator[Job]:
        for archive in opened:
            for part in archives.parts(archive):
                if not isinstance(part, Part):
                    shards.fail(out, part)
                    before.append(Done(name="", articles=0, failures=1))
                    continue
                task = Task(part=part, out=out, max_bytes=max_bytes)
                if task.mark in marks and (done := shards.done(task)) is not None:
                    before.append(done)
                else:
                    yield job(task)

    for done in engine(undone()):
        for each in (*before, done):
            progress = _further(progress, each)
        before.clear()
        yield progress
    for each in before:
        progress = _further(progress, each)
    yield progress


def _further(progress: Progress, done: Done) -> Progress:
    return replace(
        progress,
        parts=progress.parts + bool(done.name),
        articles=progress.articles + done.articles,
        failures=progress.failures + done.failures,
    )
