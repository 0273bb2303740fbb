"""What a machine asks of a site that runs: whether it does (`/healthz`), and how it fares (`/metrics`)."""

import re
import time
from collections.abc import Iterator
from datetime import datetime
from http import HTTPStatus
from typing import Any

from fastapi.routing import APIRoute
from prometheus_client import CONTENT_TYPE_PLAIN_0_0_4
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from gazetteer import __version__, meters
from gazetteer.archive import Archive
from gazetteer.archive.values import Due
from gazetteer.errors import ArchiveError
from gazetteer.web.api.access import token_of, unknown
from gazetteer.web.api.problems import problem
from gazetteer.web.site import log, page, site_of
from gazetteer.web.templating import sentence

_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_KINDS = re.compile(r":\w+(?=})")
_NEVER_KEPT = {"cache-control": "no-store"}


def routes() -> Iterator[BaseRoute]:
    """Give the routes of what machines ask."""
    yield page("/healthz", _health)
    yield page("/metrics", _metrics)


class Measured:
    """Counts every answer, by its route and not by its address, and how long it took."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer."""
        status, began = HTTPStatus.INTERNAL_SERVER_ERROR.value, time.perf_counter()

        async def sent(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, sent)
        finally:
            route, method = _route(scope), scope.get("method")
            known = method if method in _METHODS else meters.OTHER
            meters.REQUESTS.labels(route=route, method=known, status=str(status)).inc()
            meters.REQUEST_SECONDS.labels(route=route).observe(time.perf_counter() - began)


class Found(Collector):
    """Finds in an archive what is there and what is due, at a moment; where it cannot be read, only that."""

    def __init__(self, archive: Archive, at: datetime) -> None:
        self._archive, self._at = archive, at

    def collect(self) -> Iterator[Metric]:
        """Give the gauges."""
        yield _gauge("info", "1, of this version.", {(__version__,): 1}, "version")
        try:
            pulse = self._archive.pulse(at=self._at)
        except ArchiveError:
            yield _gauge("archive_up", "Whether the archive can be read.", 0)
            return
        yield _gauge("archive_up", "Whether the archive can be read.", 1)
        yield _gauge("archive_articles", "Articles in the archive.", pulse.articles)
        yield _gauge("archive_bytes", "Bytes that the archive takes.", pulse.bytes)
        yield _gauge("last_article_timestamp_seconds", "When an article was kept last.", _seconds(pulse.kept_at))
        yield _gauge("last_poll_timestamp_seconds", "When a feed was polled last.", _seconds(pulse.polled_at))
        states = {(state.value,): count for state, count in pulse.feeds.items()}
        yield _gauge("feeds", "Feeds that are followed.", states, "state")
        yield _gauge("feeds_failing", "Feeds that are polled, whose last poll failed.", pulse.failing)
        for name, due in (("feeds", pulse.polls), ("entries", pulse.pages)):
            yield _gauge(f"{name}_due", f"{name.title()} whose time has come.", due.count)
            yield _gauge(f"{name}_overdue_seconds", f"Since when the first of these {name} waits.", self._age(due))
        yield _gauge("entries_waiting", "Entries whose pages are due, now or later.", pulse.waiting)

    def _age(self, due: Due) -> float:
        return 0.0 if due.since is None else max(0.0, (self._at - due.since).total_seconds())


def _health(request: Request) -> Response:
    """Whether the archive answers; why it does not, which may tell where it is, is not for strangers."""
    site = site_of(request)
    try:
        site.archive.check()
    except ArchiveError as error:
        log(request, HTTPStatus.SERVICE_UNAVAILABLE, error.reason)
        words = "The archive cannot be read; gazetteer doctor tells why." if site.settings.public else error.reason
        return problem(HTTPStatus.SERVICE_UNAVAILABLE, sentence(words), headers=_NEVER_KEPT)
    return JSONResponse({"status": "ok"}, headers=_NEVER_KEPT)


def _metrics(request: Request) -> Response:
    """Whoever may see everything may see this: of a public site, who has a token."""
    site = site_of(request)
    if site.settings.public and token_of(request, site) is None:
        raise unknown("This needs a token: gazetteer token add NAME.")
    words = meters.text(Found(site.archive, site.now()), folder=site.counts)
    return Response(words, media_type=CONTENT_TYPE_PLAIN_0_0_4, headers=_NEVER_KEPT)


def _route(scope: Scope) -> str:
    """Give the route that answered, with the API's path before the API's own; where none did, no address."""
    route = scope.get("route")
    if not isinstance(route, Route | APIRoute):
        return meters.OTHER
    return _KINDS.sub("", scope.get("root_path", "") + route.path)


def _seconds(at: datetime | None) -> float | None:
    return None if at is None else at.timestamp()


def _gauge(name: str, words: str, value: Any, *labels: str) -> Metric:  # noqa: ANN401 - a number, or one for each label
    """Give a gauge; without a value where there is none."""
    gauge = GaugeMetricFamily(f"gazetteer_{name}", words, labels=labels)
    for values, number in (value if labels else {(): value}).items():
        if number is not None:
            gauge.add_metric(values, number)
    return gauge
