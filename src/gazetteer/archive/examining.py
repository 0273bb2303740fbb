"""What an archive is like, and whether it is whole, found without changing anything in it, its migration neither."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from sqlalchemy import Connection, Engine, NullPool, create_engine, inspect

from gazetteer.archive.database import engine_of, migration, parsed, telling
from gazetteer.archive.schema import HEAD
from gazetteer.errors import ArchiveError

_MOST = 3  # things that are wrong, of which each is told


@dataclass(frozen=True, slots=True, kw_only=True)
class Examined:
    """An archive as it was found: its `migration` (None where it is empty), which should be `head`, and its `damage`.

    In PostgreSQL, the server looks after its files, and no damage is looked for.
    """

    migration: str | None
    head: str
    damage: tuple[str, ...]


def file_of(url: str) -> Path | None:
    """Give the file of an archive; None where it is on a server. Raises `ArchiveError` where it is no address."""
    address = parsed(url)
    return Path(address.database or "") if address.get_backend_name() == "sqlite" else None


def examine(url: str) -> Examined:
    """Read all of an archive, which takes its time in a large one. Raises `ArchiveError` where it cannot be read, is
    another program's, or of a newer Gazetteer.
    """
    address, file = parsed(url), file_of(url)
    name = str(file) if file else address.render_as_string(hide_password=True)
    with telling(name), _connected(_reading(file) if file else engine_of(address)) as connection:
        version = migration(connection)
        if version is None and inspect(connection).get_table_names():
            raise ArchiveError(f"the archive {name}: it is another program's database; name another place")
        if version is not None and version > HEAD:
            raise ArchiveError(f"the archive {name}: a newer Gazetteer made it; use that one")
        return Examined(migration=version, head=HEAD, damage=tuple(_damage(connection)) if file else ())


def _reading(file: Path) -> Engine:
    if not file.is_file():
        raise ArchiveError(f"there is no archive {file}; keep something in it with gazetteer add")
    address = f"file:{quote(str(file.absolute()))}?mode=ro"
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
