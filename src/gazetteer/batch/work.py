"""What one process does: it loads the model once, and digests the parts that it is given."""

import os
import threading
import time
from dataclasses import dataclass, field
from functools import cache

from gazetteer import pipeline
from gazetteer.annotate import Annotator
from gazetteer.annotate.summary import Length
from gazetteer.annotate.tags import NO_RULES, TagRules
from gazetteer.batch import shards
from gazetteer.batch.shards import Done, Task
from gazetteer.pipeline import Limits
from gazetteer.worker import Worker


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """A part, and how its pages are read."""

    task: Task
    rules: TagRules = NO_RULES
    length: Length = field(default_factory=Length)
    limits: Limits = field(default_factory=Limits)


def process(job: Job) -> Done:
    """Digest a part."""
    _end_with(os.getppid())
    annotator = _annotator(job.rules, job.length)
    return shards.process(job.task, extract=_extractor(job.limits), annotator=annotator)


@cache
def _annotator(rules: TagRules, length: Length) -> Annotator:
    return Annotator(threads=1, rules=rules, length=length)


@cache
def _extractor(limits: Limits) -> Worker:  # type: ignore[type-arg]
    return pipeline.extractor(limits)


@cache
def _end_with(parent: int) -> None:
    """End this process soon after its parent, whose other processes may be given the same part."""

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(1)
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()
