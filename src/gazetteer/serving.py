"""The site as processes: one that holds the socket and starts the others, and workers that answer.

A worker ends, when what it is doing is done, as soon as the end of a pipe that the first process holds is closed: by
that process, or by its death, whatever the cause. So none is left behind, and signals are the first process's alone.
"""

import asyncio
import errno
import logging
import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import replace
from ipaddress import ip_address
from pathlib import Path
from typing import Self

import anyio.to_thread
import click
import uvicorn

from gazetteer import keeping, live, meters, pipeline
from gazetteer import update as loop
from gazetteer.annotate import tags
from gazetteer.archive import Archive, Saved
from gazetteer.config import Config
from gazetteer.errors import BusyError, ConfigError, FetchError, GazetteerError
from gazetteer.intake import pictures
from gazetteer.intake.http import Fetcher
from gazetteer.intake.url import redacted
from gazetteer.logs import LOG
from gazetteer.types import Article, Capture, Failure
from gazetteer.web import SiteSettings, app
from gazetteer.worker import Worker

THREADS = 2
"""Threads in which one process makes pages: more only wait for each other (docs/design.md has the figures)."""

_GRACE = 10  # seconds that what is being answered may take when the site is stopped
_SOON = 5.0  # seconds: a worker that ends so soon did not start
_QUEUE = 2  # pages that one process takes in, or has waiting for that, at once
_AGAIN = 10  # seconds after which a page that found others waiting may be sent again
_BACKLOG = 2048
_REASONS = {
    errno.EADDRINUSE: "another program, or another gazetteer serve, does so already; give another with --port",
    errno.EADDRNOTAVAIL: "it is no address of this machine",
    errno.EACCES: "ports below 1024 are for the system; give another with --port",
}
_STOPS = (signal.SIGINT, signal.SIGTERM)

Tell = Callable[[str], None]
"""Tells whoever started the site something."""


Make = Callable[[tags.TagRules], meters.Reads]
"""Makes what annotates, with its rules of tags."""


def serve(
    settings: Config,
    url: str,
    *,
    secret: bytes,
    annotator: Make,
    workers: int,
    tell: Tell,
    update: bool = False,
    counts: str | None = None,
) -> None:
    """Serve the archive at `url`, whose `secret` signs forms, until SIGINT or SIGTERM.

    Where it is to `update`, one more process runs the live loop beside. All count into the folder `counts`.

    `annotator` is called where a page is taken in, when the first is, and when the rules of tags have changed. Raises
    `GazetteerError` where the site cannot be started.
    """
    is_watched = sys.stderr.isatty()
    with listening(settings.site) as listener:
        port = listener.getsockname()[1]
        site = replace(settings.site, port=port)
        for words in told(site):
            tell(words)

        def work(stop: int) -> None:
            with ExitStack() as stack:
                archive = stack.enter_context(Archive.open(url))
                taking = stack.enter_context(Taking(archive, settings, annotator))
                picture = pictures.fetching(settings.intake) if site.images else None
                answering = app.create(
                    archive,
                    site,
                    secret=secret,
                    take=taking,
                    check=keeping.check_rule,
                    picture=picture,
                    counts=counts,
                )
                asyncio.run(_answer(uvicorn.Server(_config(answering)), listener, stop))

        def follow(stop: int) -> None:
            with Archive.open(url) as archive, live.tools(archive, settings) as tools:
                for event in loop.run(archive, tools, watch=True, stop=_closed(stop)):
                    live.count(event)
                    click.echo(live.words(event) if is_watched else live.line(event), err=True, nl=is_watched)

        _supervise([*[work] * workers, *([follow] if update else [])])
        LOG.info("the site was stopped", extra={"event": "ended"})


def _closed(stop: int) -> threading.Event:
    """Give an event that is set when the pipe `stop` is closed."""
    event = threading.Event()

    def wait() -> None:
        os.read(stop, 1)
        event.set()

    threading.Thread(target=wait, daemon=True).start()
    return event


@contextmanager
def listening(site: SiteSettings) -> Iterator[socket.socket]:
    """Listen where the site is to be; raises `ConfigError` where that cannot be."""
    try:
        family, *_, address = socket.getaddrinfo(site.host, site.port, type=socket.SOCK_STREAM)[0]
        listener = socket.create_server(address[:2], family=family, backlog=_BACKLOG)
    except OSError as error:
        where = f"{_bracketed(site.host)}:{site.port}"
        if isinstance(error, socket.gaierror):
            raise ConfigError(f"{site.host!r} is no address of this machine") from error
        raise ConfigError(f"{where} cannot be listened at: {_why(error)}") from error
    with listener:
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # an answer is not held back for its rest
        yield listener


def told(site: SiteSettings) -> Iterator[str]:
    """Say where the site is, and who can reach it."""
    is_open = not _is_loopback(site.host)
    local = "127.0.0.1" if site.host in ("0.0.0.0", "") else "[::1]" if site.host == "::" else _bracketed(site.host)  # noqa: S104
    yield f"{site.title} is at http://{local}:{site.port}/ (Ctrl-C stops it)"
    if is_open and not site.public:
        yield (
            "Warning: it listens beyond this machine, and is not public: whoever reaches it may read everything, the "
            "full text too, and change what it says. Set public in [site], or listen at 127.0.0.1."
        )
    if is_open and not (site.hosts or site.address):
        yield f"It answers to the name {local} alone: name the others that readers use with hosts in [site]."


class Taking:
    """Takes pages in, one at a time, and loads what that needs when it first does. A context manager."""

    def __init__(self, archive: Archive, settings: Config, annotator: Make) -> None:
        self._archive, self._make = archive, annotator
        self._own_rules = tags.load(Path(settings.annotate.tags)) if settings.annotate.tags else tags.NO_RULES
        self._fetcher = Fetcher(settings.intake, shared=live.Hosts(archive))
        self._extract = Worker[Capture, Article](
            pipeline.EXTRACT, seconds=settings.extract.timeout, megabytes=settings.extract.memory
        )
        self._reading: tuple[tags.TagRules, meters.Reads] | None = None
        self._places = threading.BoundedSemaphore(_QUEUE)
        self._lock = threading.Lock()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._extract.close()

    def __call__(self, source: str | Capture) -> Saved | Failure:
        """Take an address, which is fetched, or a page in; raises `BusyError` where others are waiting already."""
        name = source if isinstance(source, str) else source.source
        if not self._places.acquire(blocking=False):
            raise BusyError("other pages are being read; send this one again in a while", seconds=_AGAIN)
        try:
            with self._lock:
                taken = self._taken(source)
        except FetchError as error:
            taken = Failure(source=redacted(name), reason=error.reason)
        finally:
            self._places.release()
        if isinstance(taken, Failure):
            meters.failed(taken.reason)
        else:
            meters.TAKEN_IN.labels(outcome=taken.outcome.value).inc()
        return taken

    def _taken(self, source: str | Capture) -> Saved | Failure:
        rules = keeping.tag_rules(self._archive, self._own_rules)
        if self._reading is None or self._reading[0] != rules:
            self._reading = (rules, meters.Timed(self._make(rules)))
        annotator = self._reading[1]
        capture = self._fetcher.fetch(source) if isinstance(source, str) else source
        reader = keeping.reader(annotator.model, rules)
        (added,) = keeping.add(
            self._archive, [capture], extract=self._extract, annotator=annotator, reader=reader, batch=1
        )
        return added if isinstance(added, Failure) else added.saved


def _config(answering: object) -> uvicorn.Config:
    return uvicorn.Config(
        answering,  # type: ignore[arg-type]
        log_config=None,  # `logs` has its log
        log_level="warning",
        access_log=False,
        server_header=False,
        proxy_headers=False,  # `app` believes those that the settings name, and no others
        ws="none",
        lifespan="off",
        timeout_graceful_shutdown=_GRACE,
    )


async def _answer(server: uvicorn.Server, listener: socket.socket, stop: int) -> None:
    """Answer until the pipe `stop` is closed."""

    def stopped() -> None:
        server.should_exit = True
        asyncio.get_running_loop().remove_reader(stop)

    asyncio.get_running_loop().add_reader(stop, stopped)
    anyio.to_thread.current_default_thread_limiter().total_tokens = THREADS
    await server.serve([listener])


def _supervise(works: Sequence[Callable[[int], None]]) -> None:
    """Keep these going, each in a process, until a signal, then let them end; raises where one cannot even begin."""
    stopping = False
    stop, held = os.pipe()

    def end(_signal: int, _frame: object) -> None:
        nonlocal stopping, held
        stopping = True
        if held >= 0:
            os.close(held)
            held = -1

    before = {each: signal.signal(each, end) for each in _STOPS}
    waiting = list(works)
    begun: dict[int, tuple[Callable[[int], None], float]] = {}
    try:
        while not stopping or begun:
            while not stopping and waiting:
                work = waiting.pop()
                begun[_forked(work, stop, held)] = work, time.monotonic()
            child, ended = os.wait()
            work, at = begun.pop(child)
            waiting.append(work)
            lived = time.monotonic() - at
            if not stopping and lived < _SOON:
                end(0, None)
                raise ConfigError("a process of the site broke down as it started; what it said stands above")
            if not stopping:
                code = os.waitstatus_to_exitcode(ended)
                LOG.warning("process %d ended (%d); another is started", child, code, extra={"event": "replaced"})
    finally:
        end(0, None)
        for child in begun:
            with suppress(ChildProcessError):
                os.waitpid(child, 0)
        os.close(stop)
        for each, handler in before.items():
            signal.signal(each, handler)


def _forked(work: Callable[[int], None], stop: int, held: int) -> int:
    """Start a worker in a process, and a group, of its own: what a terminal sends is for the first process alone."""
    child = os.fork()
    if child:
        return child
    status = 1
    try:
        os.setpgid(0, 0)
        os.close(held)
        for each in _STOPS:
            signal.signal(each, signal.SIG_DFL)
        logging.captureWarnings(True)  # noqa: FBT003 - it takes no name
        work(stop)
        status = 0
    except GazetteerError as error:
        LOG.error(error.reason, extra={"event": "broke"})  # its reason says all
    except BaseException:  # noqa: BLE001 - nothing may run on in the copy of the first process
        LOG.exception("a process of the site broke down", extra={"event": "broke"})
    finally:
        os._exit(status)


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def _why(error: OSError) -> str:
    return _REASONS.get(error.errno or 0, error.strerror or str(error))
