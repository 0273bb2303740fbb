"""About this archive: what it holds, what read it, how often that is right, and what the owner set."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib.resources import files

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from gazetteer.archive.values import Status
from gazetteer.web.site import page, remembered, render, site_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Peer:
    """What else was measured on the same set."""

    name: str
    figure: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """How often a part of the reading is right: `measure` over `on`; `key` names it in the evaluation's report."""

    part: str
    measure: str
    on: str
    key: str
    figure: float
    peers: tuple[Peer, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """What the archive held, `at` some time."""

    at: datetime
    status: Status


def routes() -> Iterator[BaseRoute]:
    """Give the route of what the archive is."""
    yield page("/about", about)


def about(request: Request) -> Response:
    """Say what the archive is."""
    return render(request, "about.html", held=_held(request), figures=figures())


@cache
def figures() -> tuple[Figure, ...]:
    """Give the measured accuracy that ships with the model."""
    written = json.loads((files("gazetteer") / "model" / "figures.json").read_text(encoding="utf-8"))
    return tuple(
        Figure(**{**each, "peers": tuple(Peer(name=peer["name"], figure=peer["figure"]) for peer in each["peers"])})
        for each in written
    )


def _held(request: Request) -> Held:
    """Count what the archive holds, which takes its time in a large one."""
    site = site_of(request)
    return remembered(request, "held", lambda: Held(at=site.now(), status=site.archive.status()))
