"""The database beneath the archive: opened, brought up to date, read by many and written by one, its errors told."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, inspect, make_url, text
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from gazetteer.archive.schema import HEAD
from gazetteer.errors import ArchiveError

WAIT = 10.0
"""Seconds that a writer waits for another."""

_LOCK = 0x6761_7A65  # the number of PostgreSQL's advisory lock, by which there is one writer
_PRAGMAS = (
    "journal_mode = WAL",
    "foreign_keys = ON",
    "synchronous = FULL",  # what was reported as saved outlives a power cut
    "cache_size = -16000",
    "mmap_size = 268435456",
    "temp_store = MEMORY",
)
_TOLD = (
    ("database is locked", "another program is writing to it, and went on for {wait:g} s; try again when it is done"),
    ("database table is locked", "another program is writing to it; try again when it is done"),
    ("disk is full", "the disk is full; free some space. What was kept before is whole"),
    ("no space left", "the disk is full; free some space. What was kept before is whole"),
    ("malformed", "it is damaged at a place that was needed; what else it holds can be read. Restore a backup"),
    ("vtable constructor failed", "its index of words is damaged; what else it holds can be read. Restore a backup"),
    ("not a database", "it is no archive, or its beginning is damaged; restore a backup"),
    ("unable to open", "it cannot be opened; check that its folder is there and yours to write, and the disk not full"),
    ("readonly", "it may not be written; check its permissions and those of its folder"),
    ("disk i/o error", "the disk fails, or is full; free some space or check it. What was kept before is whole"),
)
_STATES = {  # PostgreSQL's codes, by their beginnings
    "53100": "the server's disk is full; free some space. What was kept before is whole",
    "55P03": "another program is writing to it, and went on for {wait:g} s; try again when it is done",
    "XX001": "it is damaged at a place that was needed; what else it holds can be read. Restore a backup",
    "XX002": "one of its indexes is damaged; REINDEX it",
    "42501": "this user may not do that to it; see its permissions",
    "25006": "it may not be written",
}


class Database:
    """A database at its newest migration. Any thread may read; writers wait for each other."""

    def __init__(self, url: str, *, create: bool) -> None:
        """Open the database; raises `ArchiveError` where it is not there (unless it may `create` it), or not ours."""
        self.url = parsed(url)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        self.name = self.url.database or "" if self.is_sqlite else self.url.render_as_string(hide_password=True)
        self._writing = threading.RLock()
        self._within: Connection | None = None
        if self.is_sqlite:
            self._check_file(create=create)
        self.engine = engine_of(self.url)
        try:
            self._bring_up_to_date(create=create)
        except BaseException:
            self.engine.dispose()
            raise

    def close(self) -> None:
        """Close every connection."""
        self.engine.dispose()

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """Read within one transaction; in SQLite, all that is read is of one moment."""
        with self.told(), self.engine.connect() as connection, connection.begin():
            yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """Write within one transaction: all or nothing. One that is begun within another is part of that."""
        with self._writing:
            if self._within is not None:
                yield self._within
                return
            with (
                self.told(),
                self.engine.connect() as connection,
                connection.execution_options(writing=True).begin(),
            ):
                self._within = connection
                try:
                    yield connection
                finally:
                    self._within = None

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Let no other thread write meanwhile."""
        with self._writing:
            yield

    @contextmanager
    def told(self) -> Iterator[None]:
        """Turn the database's errors into `ArchiveError`s that say what to do."""
        with telling(self.name):
            yield

    def check(self) -> None:
        """See that the database is there, and answers."""
        if self.is_sqlite and not Path(self.name).exists():
            raise ArchiveError(f"the archive {self.name}: its file is gone; restore a backup")
        with self.read() as connection:
            migration(connection)

    def size(self, connection: Connection) -> int | None:
        """Give the bytes that the database takes."""
        if not self.is_sqlite:
            return int(connection.execute(text("SELECT pg_database_size(current_database())")).scalar_one())
        return sum(each.stat().st_size for each in (Path(self.name), Path(f"{self.name}-wal")) if each.exists())

    def _check_file(self, *, create: bool) -> None:
        path = Path(self.name)
        if path.exists():
            return
        if not create:
            raise ArchiveError(f"there is no archive {path}; keep something in it with gazetteer add")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise ArchiveError(f"the archive {path}: its folder cannot be made: {error.strerror}") from error

    def _bring_up_to_date(self, *, create: bool) -> None:
        with self.read() as connection:
            version = migration(connection)
            has_others = version is None and bool(inspect(connection).get_table_names())
        if version == HEAD:
            return
        if has_others:
            raise ArchiveError(f"the archive {self.name}: it is another program's database; name another place")
        if version is None and not create:
            raise ArchiveError(f"the archive {self.name} is empty; keep something in it with gazetteer add")
        with self.write() as connection:
            upgrade(connection, name=self.name)


@contextmanager
def telling(name: str) -> Iterator[None]:
    """Turn the errors of the database that is called so into `ArchiveError`s that say what to do."""
    try:
        yield
    except DBAPIError as error:
        if (reason := _reason(error)) is None:
            raise
        raise ArchiveError(f"the archive {name}: {reason}") from error
    except PoolTimeoutError as error:
        raise ArchiveError(f"the archive {name}: too many read it at once; try again") from error


def migration(connection: Connection) -> str | None:
    """Give the migration that a database is at, None where it has none."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    found = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return None if found is None else str(found)


def upgrade(connection: Connection, *, name: str) -> None:
    """Bring a database to the newest migration, within its transaction."""
    from alembic import command
    from alembic.config import Config
    from alembic.util.exc import CommandError

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
    config.attributes["connection"] = connection
    try:
        command.upgrade(config, "head")
    except CommandError as error:
        raise ArchiveError(f"the archive {name}: a newer Gazetteer made it ({error}); use that one") from error


def parsed(url: str) -> URL:
    """Give the address of a database; a path is one of SQLite. Raises `ArchiveError` where it is none."""
    if "://" not in url:
        return URL.create("sqlite", database=str(Path(url).absolute()))
    try:
        address = make_url(url)
    except ArgumentError as error:
        raise ArchiveError(f"{url.partition('://')[0]}://…: this is no address of a database") from error
    if address.drivername in ("postgresql", "postgres", "postgresql+psycopg"):
        return address.set(drivername="postgresql+psycopg")
    if address.drivername == "sqlite" and address.database not in (None, "", ":memory:"):
        return address
    raise ArchiveError(f"{address.drivername}: give a file, sqlite:///FILE or postgresql://USER@HOST/DATABASE")


def engine_of(url: URL) -> Engine:
    """Give what connects to a database; raises `ArchiveError` where its driver is not there."""
    try:
        if url.get_backend_name() != "sqlite":
            engine = create_engine(url, pool_size=10, max_overflow=20, pool_pre_ping=True)
            event.listen(engine, "begin", _begin_postgresql)
            return engine
        options = {"timeout": WAIT, "isolation_level": None, "check_same_thread": False}
        engine = create_engine(url, pool_size=10, max_overflow=20, connect_args=options)
    except (ImportError, NoSuchModuleError) as error:
        raise ArchiveError("PostgreSQL needs psycopg: pip install 'gazetteer[postgresql]'") from error
    event.listen(engine, "connect", _set_up_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _set_up_sqlite(connection: Any, _record: object) -> None:  # noqa: ANN401 - the driver's own
    for pragma in (f"busy_timeout = {int(WAIT * 1000)}", *_PRAGMAS):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    is_writing = connection.get_execution_options().get("writing")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if is_writing else "BEGIN")


def _begin_postgresql(connection: Connection) -> None:
    if connection.get_execution_options().get("writing"):
        connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{int(WAIT * 1000)}ms'")
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_LOCK})")


def _reason(error: DBAPIError) -> str | None:
    """Say in words what is wrong with the database; None where it is our own mistake."""
    state = getattr(error.orig, "sqlstate", None)
    if state in _STATES:
        return _STATES[state].format(wait=WAIT)
    words = str(error.orig).lower()
    for sign, reason in _TOLD:
        if sign in words:
            return reason.format(wait=WAIT)
    if (
        error.connection_invalidated
        or (state is None and "connection" in words)
        or str(state)[:2] in ("08", "57", "28")
    ):
        return "its server cannot be reached: " + " ".join(str(error.orig).split())[:300]
    return None
