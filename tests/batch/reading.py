"""Stand-ins for the model, which the processes of a run can import: fast, and breaking down where a page says so."""

import os
import signal
import time
from collections.abc import Sequence
from pathlib import Path

from digests import annotation

from gazetteer.batch import shards
from gazetteer.batch.shards import Done
from gazetteer.batch.work import Job
from gazetteer.errors import ExtractError
from gazetteer.pipeline import Targets
from gazetteer.types import Annotation, Article, Capture
from gazetteer.worker import Worker

SLOW = 0.02


def extract(capture: Capture) -> Article:
    """Give the page's words as its text; end this process, where they tell it to."""
    words = capture.content.decode("utf-8", "replace").partition("<p>")[2]
    if words.startswith("KILL ONCE"):
        once = Path(words.split()[2])
        if not once.exists():
            once.touch()
            os.kill(os.getpid(), signal.SIGKILL)
    elif words.startswith("KILL WORKER ONCE"):
        once = Path(words.split()[3])
        if not once.exists():
            once.touch()
            os.kill(os.getppid(), signal.SIGKILL)
            time.sleep(60)
    elif words.startswith("KILL"):
        os.kill(os.getpid(), signal.SIGKILL)
    if words.startswith("WALL"):
        raise ExtractError("the page shows only a wall")
    return Article(source=capture.source, headline=words, text=f"{words} was told on Sunday.", url=capture.url)


class Annotator:
    """Annotates every article alike."""

    def annotate(self, articles: Sequence[Article], /, *, targets: Sequence[Targets] = ()) -> list[Annotation]:  # noqa: ARG002
        """Annotate."""
        time.sleep(SLOW * len(articles))
        return [annotation(each.text) for each in articles]


def process(job: Job) -> Done:
    """Digest a part, as `work.process` does."""
    return shards.process(job.task, extract=extract, annotator=Annotator())


def guarded(job: Job) -> Done:
    """Digest a part, its pages extracted in a process that is ended, where they do what they say."""
    limits = job.limits
    with Worker[Capture, Article]("misbehaving:extract", seconds=limits.timeout, megabytes=limits.memory) as apart:
        return shards.process(job.task, extract=apart, annotator=Annotator())
