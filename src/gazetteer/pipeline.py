"""The heart: captures → digests.

The only place where one article's exception becomes a `Failure`, so that one bad page never stops the rest.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from itertools import chain, islice
from typing import Protocol

from gazetteer.errors import AnnotateError, GazetteerError, LimitError, WorkerError
from gazetteer.types import Annotation, Article, Capture, Digest, Failure, Targets
from gazetteer.worker import Worker

BATCH = 8
"""How many articles are annotated together: as many as wait, before the first of them is given."""

LONGEST = 400_000
"""How many characters of text are annotated as one article: some seventy thousand words, more than any holds."""

EXTRACT = "gazetteer.extract:extract"
"""What extracts, by name: it is imported in its own process alone."""

Extract = Callable[[Capture], Article]
"""A page to its article; raises a `GazetteerError` where there is none."""


class Annotates(Protocol):
    """What annotates: `annotate.Annotator`, or anything that gives one annotation for each article."""

    def annotate(self, articles: Sequence[Article], /, *, targets: Sequence[Targets] = ()) -> list[Annotation]:
        """Annotate a batch; raises `AnnotateError` or `LimitError` where one of its articles can't be.

        `targets` are spans, for each article, toward which the tone is told besides.
        """


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What the extraction of one page may take before it is ended: `timeout` seconds, `memory` megabytes."""

    timeout: float = 20.0
    memory: int = 2048


def run(
    captures: Iterable[Capture | Failure], *, extract: Extract, annotator: Annotates, batch: int = BATCH
) -> Iterator[Digest | Failure]:
    """Digest captures one by one, in their order; a `Failure` among them is passed on in its place.

    Where `batch` is 1, each digest is given before the next page is taken in.
    """
    return chain.from_iterable(batches(captures, extract=extract, annotator=annotator, batch=batch))


def batches(
    captures: Iterable[Capture | Failure], *, extract: Extract, annotator: Annotates, batch: int = BATCH
) -> Iterator[list[Digest | Failure]]:
    """Digest captures as `run` does, and give what was annotated together.

    A batch is annotated while the next is extracted, and beside the end of the one before it, so that no core waits for
    a batch's last article, and no more than three are held at once.
    """
    extracted = articles(captures, extract=extract)
    annotate = partial(annotated, annotator=annotator)
    if batch == 1:
        yield from (annotate([each]) for each in extracted)
        return
    with ThreadPoolExecutor(2) as beside:
        before = beside.submit(annotate, list(islice(extracted, batch)))
        while found := list(islice(extracted, batch)):
            after = beside.submit(annotate, found)
            yield before.result()
            before = after
        yield before.result()


def extractor(limits: Limits = Limits()) -> Worker[Capture, Article]:
    """Start the process that extracts, and is ended where a page goes beyond its limits: a context manager."""
    worker = Worker[Capture, Article](EXTRACT, seconds=limits.timeout, megabytes=limits.memory)
    worker.start()
    return worker


def articles(captures: Iterable[Capture | Failure], *, extract: Extract) -> Iterator[Article | Failure]:
    """Extract captures one by one, in their order; a `Failure` among them is passed on in its place."""
    for capture in captures:
        yield _extracted(capture, extract)


def _extracted(capture: Capture | Failure, extract: Extract) -> Article | Failure:
    if isinstance(capture, Failure):
        return capture
    try:
        return extract(capture)
    except WorkerError:
        raise
    except GazetteerError as error:
        return Failure(source=capture.source, reason=error.reason)


def annotated(
    found: Sequence[Article | Failure], *, annotator: Annotates, targets: Sequence[Targets] = ()
) -> list[Digest | Failure]:
    """Annotate a batch at once; where that fails, each article alone, so that the rest is kept.

    `targets` are spans, for each of `found`, toward which the tone is told besides. A text of more than `LONGEST`
    characters gives a `Failure`.
    """
    found = [_bounded(each) for each in found]
    asked = list(targets) or [()] * len(found)
    batch = [(each, spans) for each, spans in zip(found, asked, strict=True) if isinstance(each, Article)]
    try:
        made = annotator.annotate([each for each, _ in batch], targets=[spans for _, spans in batch]) if batch else ()
        annotations = iter(made)
    except (AnnotateError, LimitError) as error:
        if len(found) == 1:
            return [Failure(source=found[0].source, reason=error.reason)]
        pairs = zip(found, asked, strict=True)
        return [digest for each, spans in pairs for digest in annotated([each], annotator=annotator, targets=[spans])]
    return [each if isinstance(each, Failure) else Digest(article=each, annotation=next(annotations)) for each in found]


def _bounded(found: Article | Failure) -> Article | Failure:
    if isinstance(found, Failure) or len(found.text) <= LONGEST:
        return found
    return Failure(
        source=found.source, reason=f"its text has more than {LONGEST:,} characters; no article has; part it"
    )
