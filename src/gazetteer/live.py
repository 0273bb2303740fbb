"""What the live loop is made of, and the commands that have to do with feeds."""

import signal
import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Self

import click

from gazetteer.errors import ArchiveError, ConfigError, GazetteerError
from gazetteer.invocation import ARCHIVE, CONFIG, configured, opened, told

if TYPE_CHECKING:
    from gazetteer.annotate.tags import TagRules
    from gazetteer.annotators import Annotators
    from gazetteer.archive import Archive
    from gazetteer.archive.values import Subscription, Tally
    from gazetteer.config import Config
    from gazetteer.pipeline import Annotates
    from gazetteer.update import Event, Tools

_NO_FEEDS = "there are no feeds yet: gazetteer add ADDRESS follows a feed, or a site that has one"
_WEEK = 7
_LATE = timedelta(seconds=5)  # what a request may take beyond its time
_LOOK = 0.2  # seconds after which a host that is another process's is looked at again
_FEED = click.argument("number", type=int, metavar="NUMBER")


class Reading:
    """What annotates, made anew where the rules of tags have changed. A context manager."""

    def __init__(self, archive: "Archive", settings: "Config") -> None:
        from gazetteer.annotate import tags

        self._archive, self._settings = archive, settings
        self._own = tags.load(Path(settings.annotate.tags)) if settings.annotate.tags else tags.NO_RULES
        self._rules: TagRules | None = None
        self._made: Annotators | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._made is not None:
            self._made.close()

    def __call__(self) -> "tuple[Annotates, str]":
        """Give it, and the name of what reads."""
        from gazetteer import annotators, keeping, meters

        rules = keeping.tag_rules(self._archive, self._own)
        if self._made is None or self._rules != rules:
            self.__exit__()
            self._made, self._rules = annotators.in_processes(self._settings, rules), rules
        return meters.Timed(self._made), keeping.reader(self._made.model, rules)


class Hosts:
    """The hosts that all processes of an archive ask, so that one alone asks each at a time (`intake.turns.Shared`)."""

    def __init__(self, archive: "Archive", *, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._archive, self._now = archive, now
        self._held: dict[str, datetime] = {}

    def take(self, host: str, *, seconds: float, rest: float | None, is_first: bool) -> float:
        """Take a host for so many seconds at most; gives 0, or the seconds to wait at least."""
        at = self._now()
        until = at + timedelta(seconds=seconds) + _LATE
        rests_until = None if rest is None else at + timedelta(seconds=rest)
        again = self._archive.take_host(host, at=at, until=until, rests_until=rests_until, is_first=is_first)
        if again is None:
            self._held[host] = until
            return 0.0
        return max((again - at).total_seconds(), _LOOK)

    def give(self, host: str, *, rest: float = 0.0) -> None:
        """Give back a host that was taken, and let it rest for so many seconds at least."""
        at = self._now()
        self._archive.give_host(host, until=self._held.pop(host), at=at, rests_until=at + timedelta(seconds=rest))


@contextmanager
def tools(archive: "Archive", settings: "Config") -> "Iterator[Tools]":
    """Give what the loop works with."""
    from gazetteer import pipeline
    from gazetteer.intake.http import Fetcher
    from gazetteer.update import Tools

    fetcher = Fetcher(settings.intake, shared=Hosts(archive))
    with pipeline.extractor(settings.extract) as extractor, Reading(archive, settings) as reading:
        yield Tools(
            poll=fetcher.poll,
            fetch=fetcher.fetch,
            extract=extractor,
            reading=reading,
            connections=settings.intake.connections,
            delay=settings.intake.delay,
        )


def update(settings: "Config", place: str | None, *, watch: bool, metrics: str | None = None) -> int:
    """Do what is due, and tell it line by line, and its `metrics` at an address; gives the exit status."""
    from gazetteer import logs
    from gazetteer import update as loop

    counted: Counter[type[Event]] = Counter()
    new = 0
    is_ungathered = False
    with opened(settings, place, create=True) as archive, tools(archive, settings) as own:
        if next(archive.feeds(), None) is None:
            if not watch:
                raise GazetteerError(_NO_FEEDS)
            logs.LOG.warning(_NO_FEEDS, extra={"event": "waiting"})
        if metrics is not None:
            _tell_metrics(metrics)
        stop = threading.Event()
        for each in (signal.SIGINT, signal.SIGTERM):
            signal.signal(each, lambda _signal, _frame: stop.set())
        as_json = not sys.stdout.isatty()
        with watched() as paused:
            for event in loop.run(archive, own, watch=watch, stop=stop):
                counted[type(event)] += 1
                is_ungathered |= isinstance(event, loop.Gathered) and event.error is not None
                count(event)
                new += event.new if isinstance(event, loop.Checked) else 0
                polled, kept, lost = (counted[each] for each in (loop.Checked, loop.Kept, loop.Lost))
                with paused(f"{polled} polled, {new} new, {kept} kept, {lost} failed"):
                    click.echo(line(event) if as_json else words(event), nl=not as_json)
    return 1 if counted[loop.Lost] or is_ungathered else 0


def _tell_metrics(at: str) -> None:
    from gazetteer import meters

    host, _, port = at.rpartition(":")
    try:
        meters.serve(host.strip("[]") or "127.0.0.1", int(port))
    except (OSError, ValueError, OverflowError) as error:
        raise ConfigError(f"--metrics {at}: it cannot be listened there ({error}); give HOST:PORT") from error


def count(event: "Event") -> None:
    """Count what has happened."""
    from gazetteer import meters
    from gazetteer.update import Checked, Kept, Lost

    if isinstance(event, Checked):
        meters.POLLS.labels(outcome="failed" if event.error else "new" if event.new else "nothing").inc()
    elif isinstance(event, Kept):
        meters.TAKEN_IN.labels(outcome=event.saved.outcome.value).inc()
    elif isinstance(event, Lost):
        meters.failed(event.reason)


@contextmanager
def watched() -> "Iterator[Callable[[str], AbstractContextManager[None]]]":
    """Tell a person who watches how far it has come, in a line that stays below what is written.

    Gives what takes that line down while something is written, and has new words for it.
    """
    if not sys.stderr.isatty():
        yield lambda _: nullcontext()
        return
    from rich.console import Console

    status = Console(stderr=True).status("looking for what is due")

    @contextmanager
    def paused(words: str) -> Iterator[None]:
        status.stop()
        yield
        status.update(words)
        status.start()

    status.start()
    try:
        yield paused
    finally:
        status.stop()


def line(event: "Event") -> bytes:
    """Write what has happened as a line of the log."""
    from gazetteer import logs
    from gazetteer.update import Checked, Gathered, Kept

    at = datetime.now(UTC)
    if isinstance(event, Checked):
        level = "warning" if event.error or event.cut else "info"
        return logs.line(level, "polled", at, feed=event.feed.url, new=event.new, error=event.error, cut=event.cut)
    if isinstance(event, Kept):
        saved = event.saved
        return logs.line("info", "kept", at, url=event.url, id=saved.id, outcome=saved.outcome.value)
    if isinstance(event, Gathered):
        level = "warning" if event.error else "info"
        return logs.line(level, "gathered", at, articles=event.articles, moved=event.moved, error=event.error)
    return logs.line("warning", "failed", at, url=event.url, reason=event.reason, again=_time(event.again))


def words(event: "Event") -> str:
    """Give what has happened in words, for a terminal."""
    from gazetteer.update import Checked, Gathered, Kept
    from gazetteer.view import moment, printable

    if isinstance(event, Checked):
        name = event.feed.title or event.feed.url
        told_ = event.error or ("nothing new" if not event.new else f"{event.new} new")
        cut = f"; not all of it came: {event.cut}" if event.cut and not event.error else ""
        return printable(f"{'feed':8}  {name}: {told_}{cut}")
    if isinstance(event, Kept):
        return printable(f"{event.saved.outcome:8}  {event.headline}")
    if isinstance(event, Gathered):
        if event.error:
            return printable(f"{'stories':8}  not gathered anew: {event.error}")
        return f"{'stories':8}  articles gathered anew: {event.articles:,}; moved to another story: {event.moved:,}"
    again = f" (again {moment(event.again)})" if event.again else ""
    return printable(f"{'failed':8}  {event.url}: {event.reason}{again}")


@click.group()
def feeds() -> None:
    """See to the feeds that the archive follows; gazetteer add follows one."""


@feeds.command("list")
@click.option("--json", "as_json", is_flag=True, help="Write one JSON object a line.")
@ARCHIVE
@CONFIG
def list_feeds(*, as_json: bool, place: str | None, config: str | None) -> None:
    """List the feeds, and how each fares."""
    with told(), opened(configured(config), place) as archive:
        from gazetteer import lines

        for feed in archive.feeds():
            tally = archive.tallies([feed.id])[feed.id]
            click.echo(lines.written(_row(feed, tally)) if as_json else _shown(feed, tally), nl=not as_json)


@feeds.command("remove")
@_FEED
@ARCHIVE
@CONFIG
def remove(number: int, *, place: str | None, config: str | None) -> None:
    """Follow a feed no longer; its articles stay."""
    with told(), opened(configured(config), place) as archive:
        _check(number, is_there=archive.unfollow(number))


@feeds.command("move")
@_FEED
@click.argument("folders", metavar="[FOLDER]...", nargs=-1)
@ARCHIVE
@CONFIG
def move(number: int, folders: tuple[str, ...], *, place: str | None, config: str | None) -> None:
    """Put a feed into a folder alone, the outermost named first; into none, where none is named."""
    with told(), opened(configured(config), place) as archive:
        _check(number, is_there=archive.move_feed(number, folders))


@feeds.command("pause")
@_FEED
@ARCHIVE
@CONFIG
def pause(number: int, *, place: str | None, config: str | None) -> None:
    """Poll a feed no longer, for now."""
    with told(), opened(configured(config), place) as archive:
        _check(number, is_there=archive.pause(number))


@feeds.command("resume")
@_FEED
@ARCHIVE
@CONFIG
def resume(number: int, *, place: str | None, config: str | None) -> None:
    """Poll a feed again: at the next update, whatever its plan was."""
    with told(), opened(configured(config), place) as archive:
        _check(number, is_there=archive.resume(number))


@feeds.command("export")
@click.argument("file", metavar="FILE")
@ARCHIVE
@CONFIG
def export(file: str, *, place: str | None, config: str | None) -> None:
    """Write the feeds to a file, or to - for standard output, as other readers take them in (OPML)."""
    with told(), opened(configured(config), place) as archive:
        from gazetteer.intake import opml

        written = opml.render(archive.feed_list(), title="Feeds of Gazetteer", modified_at=datetime.now(UTC))
        if file == "-":
            sys.stdout.buffer.write(written)
            sys.stdout.buffer.flush()
            return
        try:
            Path(file).write_bytes(written)
        except OSError as error:
            raise GazetteerError(f"{file}: it cannot be written: {error.strerror}") from error


def _check(number: int, *, is_there: bool) -> None:
    if not is_there:
        raise ArchiveError(f"there is no feed {number}; gazetteer feeds list tells which there are")


def _row(feed: "Subscription", tally: "Tally") -> dict[str, object]:
    return {
        "id": feed.id,
        "url": feed.url,
        "title": feed.title,
        "site_url": feed.site_url,
        "folders": list(feed.folders),
        "places": [*map(list, feed.places)],
        "state": feed.state.value,
        "error": feed.error,
        "failures": feed.failures,
        "succeeded_at": _time(feed.succeeded_at),
        "due_at": _time(feed.due_at),
        "waiting": tally.waiting,
        "kept_in_a_week": tally.kept,
        "failed_in_a_week": tally.failed,
    }


def _shown(feed: "Subscription", tally: "Tally") -> str:
    from gazetteer.view import moment, printable

    last = moment(feed.succeeded_at) if feed.succeeded_at else "never"
    due = feed.state.value if feed.due_at is None else f"next {moment(feed.due_at)}"
    parts = [f"last success {last}", due, f"{tally.kept / _WEEK:.1f} articles a day"]
    parts += [f"in {' and '.join(places)}"] if (places := [" / ".join(each) for each in feed.places if each]) else []
    parts += [f"{tally.waiting} waiting"] if tally.waiting else []
    parts += [f"{tally.failed} failed in a week"] if tally.failed else []
    parts += [feed.error] if feed.error else []
    name = f"{feed.title}  {feed.url}" if feed.title else feed.url
    return printable(f"{feed.id:>5}  {name}\n       {'; '.join(parts)}")


def _time(at: datetime | None) -> str | None:
    return None if at is None else at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
