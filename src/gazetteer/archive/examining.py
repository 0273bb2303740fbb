"""What an archive is like, and whether it is whole, found without changing anything in it, its migration neither."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import quote

from sqlalchemy import Connection, Engine, NullPool, create_engine, func, inspect, select
from sqlalchemy.exc import SQLAlchemyError

from gazetteer.archive import schema as t
from gazetteer.archive.database import engine_of, migration, parsed, telling
from gazetteer.archive.schema import HEAD
from gazetteer.archive.values import FeedState
from gazetteer.errors import ArchiveError

_MOST = 3  # things that are wrong, of which each is told


@dataclass(frozen=True, slots=True, kw_only=True)
class Troubled:
    """A feed that `is_stopped`, or failed so many times in a row, and what it said the last time."""

    url: str
    is_stopped: bool
    failures: int
    error: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Examined:
    """An archive as it was found: its `migration` (None where it is empty), which should be `head`, and its `damage`.

    `journal` is SQLite's mode of it, `is_writable` what PostgreSQL's server says; None where it is the other's. Of an
    archive that is whole and at its head, `feeds` is how many are followed, and `troubled` are those that do not fare
    well.
    """

    migration: str | None
    head: str
    damage: tuple[str, ...]
    journal: str | None = None
    is_writable: bool | None = None
    feeds: int = 0
    troubled: tuple[Troubled, ...] = ()


def file_of(url: str) -> Path | None:
    """Give the file of an archive; None where it is on a server. Raises `ArchiveError` where it is no address."""
    address = parsed(url)
    return Path(address.database or "") if address.get_backend_name() == "sqlite" else None


def examine(url: str) -> Examined:
    """Read all of an archive of SQLite, which takes its time in a large one; of one of PostgreSQL, what its server
    knows of damage. Raises `ArchiveError` where it cannot be read, is another program's, or of a newer Gazetteer.
    """
    file = file_of(url)
    if file is None or _is_open(file):
        return _attempt(url, is_still=False)
    try:
        found = _attempt(url, is_still=True)
    except ArchiveError:
        if not _is_open(file):
            raise
    else:
        if not (found.damage and _is_open(file)):
            return found
    return _attempt(url, is_still=False)  # another program opened it meanwhile, which looks like damage


def _attempt(url: str, *, is_still: bool) -> Examined:
    address, file = parsed(url), file_of(url)
    name = str(file) if file else address.render_as_string(hide_password=True)
    engine = _reading(file, is_still=is_still) if file else engine_of(address)
    try:
        with telling(name), _connected(engine) as connection:
            return _examined(connection, name, file)
    except (SQLAlchemyError, ValueError) as error:
        words = " ".join(str(getattr(error, "orig", error)).split())
        raise ArchiveError(f"the archive {name}: it cannot be read ({words}); restore a backup") from error


def _is_open(file: Path) -> bool:
    """Tell whether a program has an archive open, or had it when it was killed."""
    return Path(f"{file}-wal").exists()


def _examined(connection: Connection, name: str, file: Path | None) -> Examined:
    version = migration(connection)
    if version is None and inspect(connection).get_table_names():
        raise ArchiveError(f"the archive {name}: it is another program's database; name another place")
    if version is not None and version > HEAD:
        raise ArchiveError(f"the archive {name}: a newer Gazetteer made it; use that one")
    found = Examined(
        migration=version,
        head=HEAD,
        damage=tuple(_damage(connection) if file else _known_damage(connection)),
        journal=_journal(file) if file else None,
    )
    if found.damage or version != HEAD:
        return found
    return replace(
        found,
        is_writable=None if file else _is_writable(connection),
        feeds=connection.execute(select(func.count()).select_from(t.feeds)).scalar_one(),
        troubled=tuple(_troubled(connection)),
    )


def _journal(file: Path) -> str:
    """Give the mode of a file's journal, as its header has it (sqlite.org/fileformat2.html)."""
    with file.open("rb") as opened:
        return "wal" if opened.read(20)[18:20] == b"\2\2" else "delete"


def _reading(file: Path, *, is_still: bool) -> Engine:
    """Give what reads a file; where it `is_still`, without files beside it, which another's connection would leave."""
    if not file.is_file():
        raise ArchiveError(f"there is no archive {file}; keep something in it with gazetteer add")
    address = f"file:{quote(str(file.absolute()))}?mode=ro{'&immutable=1' if is_still else ''}"
    return create_engine("sqlite://", creator=lambda: sqlite3.connect(address, uri=True), poolclass=NullPool)


@contextmanager
def _connected(engine: Engine) -> Iterator[Connection]:
    try:
        with engine.connect() as connection:
            yield connection
    finally:
        engine.dispose()


def _damage(connection: Connection) -> Iterator[str]:
    for (words,) in connection.exec_driver_sql(f"PRAGMA quick_check({_MOST})"):
        if words != "ok":
            yield " ".join(str(words).split())
    for table, _, parent, _ in connection.exec_driver_sql("PRAGMA foreign_key_check").fetchmany(_MOST):
        yield f"a row of {table} belongs to one of {parent} that is not there"


def _known_damage(connection: Connection) -> Iterator[str]:
    """Tell what a server of PostgreSQL has come across."""
    failed = "SELECT checksum_failures FROM pg_stat_database WHERE datname = current_database()"
    if count := connection.exec_driver_sql(failed).scalar():
        yield f"{count} of its pages did not fit their checksums"
    invalid = "SELECT indexrelid::regclass::text FROM pg_index WHERE NOT indisvalid ORDER BY 1"
    for (index,) in connection.exec_driver_sql(invalid).fetchmany(_MOST):
        yield f"the index {index} is not valid; REINDEX it"


def _is_writable(connection: Connection) -> bool:
    """Tell whether the server takes writing, and from this user."""
    asked = "SELECT NOT pg_is_in_recovery() AND has_table_privilege('articles', 'INSERT, UPDATE, DELETE')"
    is_read_only = connection.exec_driver_sql("SHOW transaction_read_only").scalar() == "on"
    return bool(connection.exec_driver_sql(asked).scalar()) and not is_read_only


def _troubled(connection: Connection) -> Iterator[Troubled]:
    """Give the feeds that do not fare well, those first that are stopped."""
    f = t.feeds.c
    is_stopped = f.state == FeedState.STOPPED.value
    fails = (f.state == FeedState.ACTIVE.value) & (f.failures > 0)
    worst = (is_stopped.desc(), f.failures.desc(), f.id)
    statement = select(f.url, is_stopped, f.failures, f.error).where(is_stopped | fails).order_by(*worst)
    for url, stopped, failures, error in connection.execute(statement):
        yield Troubled(url=str(url), is_stopped=bool(stopped), failures=int(failures), error=str(error or ""))
