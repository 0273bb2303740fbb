"""What may be wrong with an installation, its settings and its archive, and what to do about it; nothing is changed."""

import os
import re
import shutil
import sqlite3
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from dataclasses import asdict, dataclass
from enum import StrEnum
from importlib import metadata
from pathlib import Path
from platform import python_version

import click
from packaging.requirements import Requirement

from gazetteer import __version__
from gazetteer.archive.examining import Examined, Troubled, examine, file_of
from gazetteer.config import Config
from gazetteer.errors import GazetteerError
from gazetteer.intake.url import redacted
from gazetteer.invocation import archive_url, configured
from gazetteer.view import printable

PINNED = "gazetteer/runtime.txt"
"""Where an installation holds the versions that were tested (`requirements/runtime.txt`)."""
LITTLE = 100 * 1024 * 1024
"""Bytes of room below which an archive may soon be unable to grow."""
ROOM = 10 * LITTLE
"""Bytes of room below which there is a warning."""

_PIN = re.compile(r"^([\w.-]+)==([^\s;]+)", re.MULTILINE)
_SHOWN = 3  # feeds that are named
_MEGABYTE = 1024 * 1024
_ADDRESS_OR_MAIL = "set contact in [intake] to an address or e-mail by which publishers reach you"


class State(StrEnum):
    """How something was found."""

    OK = "ok"
    WARNING = "warning"
    ERROR = "error"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What a check found, and what there is to do, where there is something."""

    check: str
    state: State
    found: str
    todo: str = ""


Check = Callable[[], Iterator[Finding]]


def run(
    path: str | None, place: str | None, *, allow_host: tuple[str, ...] = (), online: str | None = None
) -> Iterator[Finding]:
    """Check everything, with the settings of `path` and the archive at `place`; fetch `online`, where it is given."""
    yield from _checked("python", _python)
    yield from _checked("sqlite", _sqlite)
    yield from _checked("libraries", _libraries)
    yield from _checked("model", _model)
    try:
        settings = configured(path, allow_host=allow_host)
    except GazetteerError as error:
        yield _wrong("settings", error.reason, "mend them; until then neither the archive nor the site is checked")
        return
    yield from _checked("settings", lambda: _settings(settings))
    yield from _checked("contact", lambda: _contact(settings))
    yield from _checked("site", lambda: _site(settings))
    url = place or archive_url(settings)
    for name, check in (("archive", _archive), ("room", _room), ("writing", _writing)):
        yield from _checked(name, lambda check=check: check(url))  # type: ignore[misc]
    if online is not None:
        yield from _checked("network", lambda: _network(settings, online))


def tell(findings: Iterator[Finding], *, as_json: bool) -> bool:
    """Write findings as they come; tells whether none is an error."""
    from gazetteer import lines

    is_well = True
    for each in findings:
        is_well &= each.state is not State.ERROR
        if as_json:
            click.echo(lines.written(asdict(each)), nl=False)
        else:
            todo = f"\n         {each.todo}" if each.todo else ""
            click.echo(printable(f"{each.state:8} {each.check}: {each.found}{todo}"))
    return is_well


def _checked(name: str, check: Check) -> Iterator[Finding]:
    """Let a check that cannot be made be an error of its own, so that the others are made."""
    try:
        yield from check()
    except GazetteerError as error:
        yield _wrong(name, error.reason)
    except OSError as error:
        yield _wrong(name, f"{error.filename or 'this machine'}: {error.strerror or error}")


def _python() -> Iterator[Finding]:
    yield _right("python", f"{python_version()}, {sys.executable}")


def _sqlite() -> Iterator[Finding]:
    with closing(sqlite3.connect(":memory:")) as connection:
        options = {option for (option,) in connection.execute("PRAGMA compile_options")}
    if "ENABLE_FTS5" in options and sqlite3.sqlite_version_info >= (3, 35):
        yield _right("sqlite", sqlite3.sqlite_version)
    else:
        todo = "use a Python whose SQLite is 3.35 or newer, with FTS5; or PostgreSQL"
        yield _wrong("sqlite", f"{sqlite3.sqlite_version} cannot keep an archive", todo)


def _libraries() -> Iterator[Finding]:
    try:
        required = [Requirement(each) for each in metadata.requires("gazetteer") or ()]
    except metadata.PackageNotFoundError:
        yield _doubtful("libraries", "gazetteer is not installed, but run from its source", "install it with pip")
        return
    needed = [each for each in required if each.marker is None or each.marker.evaluate({"extra": ""})]
    wrong = [found for each in needed if (found := _mismatch(each))]
    if wrong:
        yield _wrong("libraries", "; ".join(wrong), "install Gazetteer again, with its requirements/runtime.txt")
    elif others := [*_others(_pins())]:
        todo = "where something is amiss, install Gazetteer again, with its requirements/runtime.txt"
        yield _doubtful("libraries", f"they do, but are not those that were tested: {', '.join(others)}", todo)
    else:
        yield _right("libraries", f"gazetteer {__version__} with the {len(needed)} that it needs")


def _pins() -> dict[str, str]:
    """Give the versions that were tested, by library; none where the installation does not hold them."""
    file = Path(str(metadata.distribution("gazetteer").locate_file(PINNED)))
    return dict(_PIN.findall(file.read_text(encoding="utf-8"))) if file.is_file() else {}


def _others(pins: dict[str, str]) -> Iterator[str]:
    for name, tested in pins.items():
        with suppress(metadata.PackageNotFoundError):
            if (version := metadata.version(name)) != tested:
                yield f"{name} {version} (tested {tested})"


def _mismatch(required: Requirement) -> str | None:
    try:
        version = metadata.version(required.name)
    except metadata.PackageNotFoundError:
        return f"{required.name} is missing"
    if required.specifier.contains(version, prereleases=True):
        return None
    return f"{required.name} is {version}, and must be {required.specifier}"


def _model() -> Iterator[Finding]:
    from gazetteer.annotate import Annotator

    yield _right("model", f"{Annotator(threads=1).model}, whole and loaded")


def _settings(settings: Config) -> Iterator[Finding]:
    from gazetteer.annotate import tags
    from gazetteer.intake.http import Fetcher

    rules = tags.load(Path(settings.annotate.tags)).rules if settings.annotate.tags else ()
    Fetcher(settings.intake)
    yield _right("settings", f"valid, with {len(rules)} tag rules" if rules else "valid")


def _contact(settings: Config) -> Iterator[Finding]:
    if settings.intake.contact:
        yield _right("contact", settings.intake.contact)
    else:
        yield _doubtful("contact", "publishers whose pages are fetched are not told whom to ask", _ADDRESS_OR_MAIL)


def _site(settings: Config) -> Iterator[Finding]:
    from gazetteer import serving
    from gazetteer.web import app

    app.proxies(settings.site)
    where, *warnings = serving.told(settings.site)
    for words in warnings:
        yield _doubtful("site", words.removeprefix("Warning: "), "see docs/how-to/public-site.md")
    if not warnings:
        yield _right("site", where.removesuffix(" (Ctrl-C stops it)").replace(" is at ", " would be at "))


def _archive(url: str) -> Iterator[Finding]:
    file = file_of(url)
    if file is not None and not file.exists():
        yield _doubtful("archive", f"there is none at {file} yet", "gazetteer add and gazetteer serve make it")
        return
    found = examine(url)
    if found.damage:
        yield _wrong("archive", f"it is damaged: {'; '.join(found.damage)}", "restore a backup: gazetteer restore FILE")
    elif found.migration is None:
        yield _doubtful("archive", "its database is empty", "gazetteer add and gazetteer serve make its tables")
    elif found.migration != found.head:
        todo = "make a backup; whatever opens it next, as gazetteer status does, brings it up to date"
        yield _doubtful("archive", f"it is at migration {found.migration} of {found.head}", todo)
    else:
        yield _right("archive", f"{'whole' if file else 'reached'}, at migration {found.migration}")
        yield from _journal(found)
        yield from _feeds(found)
        if found.is_writable is not None:
            yield _written(is_writable=found.is_writable)


def _journal(found: Examined) -> Iterator[Finding]:
    if found.journal == "wal":
        yield _right("journal", "write-ahead (WAL): who reads and who writes do not wait for each other")
    elif found.journal is not None:
        todo = "a backup is so until it is opened; keep an archive on a disk of this machine, not on a network's"
        yield _doubtful("journal", f"{found.journal}, in which readers and writers wait for each other", todo)


def _feeds(found: Examined) -> Iterator[Finding]:
    if not found.troubled:
        yield _right("feeds", f"none of {found.feeds:,} fails" if found.feeds else "none is followed")
        return
    stopped = sum(each.is_stopped for each in found.troubled)
    words = f"of {found.feeds:,}, {stopped:,} are stopped and {len(found.troubled) - stopped:,} fail: "
    told = "; ".join(map(_trouble, found.troubled[:_SHOWN]))
    more = "; and others" if len(found.troubled) > _SHOWN else ""
    todo = "gazetteer feeds list tells of each; resume those that should be asked again, remove those that are gone"
    yield _doubtful("feeds", words + told + more, todo)


def _trouble(feed: Troubled) -> str:
    state = "stopped" if feed.is_stopped else f"failed {feed.failures:,} times in a row"
    return f"{redacted(feed.url)} {state}{f' ({feed.error})' if feed.error else ''}"


def _written(*, is_writable: bool) -> Finding:
    if is_writable:
        return _right("writing", "this user may write the archive, and its server takes that")
    todo = "grant this user SELECT, INSERT, UPDATE and DELETE, and name a server that is no standby"
    return _wrong("writing", "this user may not write the archive, or its server takes no writing", todo)


def _room(url: str) -> Iterator[Finding]:
    file = file_of(url)
    if file is None:
        return
    folder = _there(file.parent)
    free, size = shutil.disk_usage(folder).free, file.stat().st_size if file.exists() else 0
    words = f"{free // _MEGABYTE:,} MB are free at {folder}"
    if free < LITTLE:
        yield _wrong("room", words, "free some, or move the archive")
    elif free < max(ROOM, size):
        yield _doubtful(
            "room", f"{words}; the archive has {size // _MEGABYTE:,} MB", "free some: a backup needs as much"
        )
    else:
        yield _right("room", words)


def _writing(url: str) -> Iterator[Finding]:
    file = file_of(url)
    if file is None:
        return
    folder = _there(file.parent)
    todo = f"let this user write {file} and the folder, and see that the disk is neither full nor read-only"
    try:
        with tempfile.TemporaryFile(dir=folder) as tried:
            tried.write(b"\0" * 4096)
            tried.flush()
    except OSError as error:
        yield _wrong("writing", f"{folder} cannot be written: {error.strerror}", todo)
        return
    if file.exists() and not os.access(file, os.W_OK):
        yield _wrong("writing", f"{file} may not be written", todo)
    else:
        yield _right("writing", f"{folder} can be written")


def _network(settings: Config, url: str) -> Iterator[Finding]:
    from gazetteer.intake import EITHER
    from gazetteer.intake.http import Fetcher

    capture = Fetcher(settings.intake).fetch(url, sort=EITHER)
    yield _right("network", f"{capture.source}: {len(capture.content):,} bytes")


def _there(folder: Path) -> Path:
    """Give the folder, or the nearest above it that is there."""
    return next(each for each in (folder, *folder.parents) if each.is_dir())


def _right(check: str, found: str) -> Finding:
    return Finding(check=check, state=State.OK, found=found)


def _doubtful(check: str, found: str, todo: str) -> Finding:
    return Finding(check=check, state=State.WARNING, found=found, todo=todo)


def _wrong(check: str, found: str, todo: str = "") -> Finding:
    return Finding(check=check, state=State.ERROR, found=found, todo=todo)
