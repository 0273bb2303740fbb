"""What a running Gazetteer counts of itself, for Prometheus: https://prometheus.io/docs/instrumenting/exposition_formats/.

Where the processes of a site count into one folder (`invocation.counting`), each of them tells the sum of all.
"""

import re
import threading
from collections.abc import Sequence
from typing import Protocol

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from gazetteer.types import Annotation, Article, Targets

MOST = 50
"""Reasons that are told apart, by one process."""
OTHER = "other"

_LONGEST = 80  # characters of a reason
_NAMES = re.compile(r"https?://\S+|[“\"'][^“”\"']*[”\"']|\b(?:[\w-]+\.)+[a-z]{2,}\b|\S*\d{4,}\S*")
_OWN = CollectorRegistry()
_ANSWERS = (0.01, 0.05, 0.1, 0.5, 1.0, 5.0, 30.0)
_READINGS = (0.1, 0.5, 1.0, 2.0, 5.0, 10.0, 30.0)

REQUESTS = Counter("gazetteer_requests", "Requests that were answered.", ("route", "method", "status"), registry=_OWN)
REQUEST_SECONDS = Histogram(
    "gazetteer_request_seconds", "Seconds until an answer was sent.", ("route",), registry=_OWN, buckets=_ANSWERS
)
TAKEN_IN = Counter(
    "gazetteer_taken_in", "Pages that were articles, by what became of them.", ("outcome",), registry=_OWN
)
FAILURES = Counter(
    "gazetteer_failures", "Pages that gave no article, names and numbers left out.", ("reason",), registry=_OWN
)
POLLS = Counter("gazetteer_polls", "Polls of feeds: new, nothing, or failed.", ("outcome",), registry=_OWN)
ANNOTATED = Counter("gazetteer_annotated", "Articles that the model read.", registry=_OWN)
ANNOTATE_SECONDS = Histogram(
    "gazetteer_annotate_seconds",
    "Seconds that the model took for some articles at once, 8 at most.",
    registry=_OWN,
    buckets=_READINGS,
)

_reasons: set[str] = set()
_lock = threading.Lock()


def failed(reason: str) -> None:
    """Count a page that gave no article. What strangers can put into a reason does not make ever more counts."""
    FAILURES.labels(reason=_kind(reason)).inc()


def text(*collectors: Collector, folder: str | None = None) -> bytes:
    """Write what was counted, and what `collectors` find, in Prometheus' text format; of all processes that count into
    a `folder`, where there is one.
    """
    registry = CollectorRegistry()
    if folder is None:
        registry.register(_OWN)
    else:
        MultiProcessCollector(registry, folder)  # type: ignore[no-untyped-call]
    for each in collectors:
        registry.register(each)
    return generate_latest(registry)


def serve(host: str, port: int) -> None:
    """Answer with what was counted, in a thread, whoever asks; raises `OSError` where one cannot listen there."""
    from prometheus_client import start_http_server

    start_http_server(port, addr=host, registry=_OWN)


class Reads(Protocol):
    """What annotates, and names its model."""

    @property
    def model(self) -> str:
        """The model's name."""

    def annotate(self, articles: Sequence[Article], /, *, targets: Sequence[Targets] = ()) -> list[Annotation]:
        """Annotate a batch."""


class Timed:
    """What annotates, with its time taken."""

    def __init__(self, reads: Reads) -> None:
        self._reads = reads
        self.model = reads.model

    def annotate(self, articles: Sequence[Article], /, *, targets: Sequence[Targets] = ()) -> list[Annotation]:
        """Annotate a batch; raises what the other does."""
        with ANNOTATE_SECONDS.time():
            found = self._reads.annotate(articles, targets=targets)
        ANNOTATED.inc(len(found))
        return found


def _kind(reason: str) -> str:
    kind = " ".join(_NAMES.sub("…", reason).split())[:_LONGEST]
    with _lock:
        if len(_reasons) < MOST:
            _reasons.add(kind)
        return kind if kind in _reasons else OTHER
