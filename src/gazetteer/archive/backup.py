"""Backups: the whole archive as one SQLite file, which is an archive itself, made and taken back while it is served.

Sessions and counted attempts stay behind, and so does the secret: each archive keeps its own.
"""

import os
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from sqlalchemy import Connection, delete, func, insert, select

from gazetteer.archive import fulltext, reading
from gazetteer.archive import schema as t
from gazetteer.archive.database import WAIT, Database, migration, upgrade
from gazetteer.archive.rows import put_all
from gazetteer.archive.schema import HEAD
from gazetteer.errors import ArchiveError

_BATCH = 500
_LEFT_OUT = (*t.FLEETING, t.secrets)


def backup(database: Database, path: Path) -> None:
    """Write the archive, as it is at one moment, to a new file, whole or not at all; raises `ArchiveError`."""
    if path.exists():
        raise ArchiveError(f"{path} is there already; name a new file")
    if not path.parent.is_dir():
        raise ArchiveError(f"{path}: there is no folder {path.parent}")
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with _told(path):
            if database.is_sqlite:
                with database.told(), closing(_opened(Path(database.name))) as ours, closing(_new(beside)) as copy:
                    ours.backup(copy)
                    copy.execute("PRAGMA secure_delete = ON")
                    for table in _LEFT_OUT:
                        copy.execute(f"DELETE FROM {table.name}")  # noqa: S608 - a name of ours
                    copy.execute("PRAGMA journal_mode = DELETE")  # one file, with nothing beside it
            else:
                _copied_out(database, beside)
            _on_disk(beside)
            beside.rename(path)
    finally:
        for each in (beside, *(beside.with_name(beside.name + end) for end in ("-wal", "-shm", "-journal"))):
            each.unlink(missing_ok=True)


def restore(database: Database, path: Path) -> None:
    """Put what a backup holds in the place of all that the archive holds; where it raises, nothing changed."""
    with _told(path):
        _check(path)
        if database.is_sqlite:
            with database.alone():
                _copied_in(database, path)
        else:
            other = Database(str(path), create=False)
            try:
                with other.read() as source, database.write() as target:
                    _copy(source, target)
            finally:
                other.close()


def _copied_in(database: Database, path: Path) -> None:
    with database.read() as connection:
        own = [row._asdict() for row in connection.execute(select(t.secrets))]
    with closing(_opened(path)) as copy, closing(_opened(Path(database.name))) as ours:
        copy.backup(ours, progress=_patience(database.name), sleep=0.02)
    with database.write() as connection:
        if migration(connection) != HEAD:
            upgrade(connection, name=database.name)
        for table in _LEFT_OUT:
            connection.execute(delete(table))
        put_all(connection, t.secrets, own)


def _patience(name: str) -> Callable[[int, int, int], None]:
    """Give what ends a backup that has waited too long for another program."""
    until = time.monotonic() + WAIT

    def check(status: int, _remaining: int, _total: int) -> None:
        if status in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED) and time.monotonic() > until:
            raise ArchiveError(f"the archive {name}: another program is writing to it; try again when it is done")

    return check


def _opened(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"file:{_quoted(path)}?mode=rw", uri=True, isolation_level=None)


def _new(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(path, isolation_level=None)


def _quoted(path: Path) -> str:
    return str(path.absolute()).replace("%", "%25").replace("?", "%3f").replace("#", "%23")


def _check(path: Path) -> None:
    """See that a file is a whole archive, and none of a newer Gazetteer."""
    if not path.is_file():
        raise ArchiveError(f"there is no backup {path}")
    with closing(sqlite3.connect(f"file:{_quoted(path)}?mode=ro", uri=True)) as copy:
        names = {row[0] for row in copy.execute("SELECT name FROM sqlite_master")}
        if "alembic_version" not in names:
            raise ArchiveError(f"{path} is no backup of an archive")
        (version,) = copy.execute("SELECT version_num FROM alembic_version").fetchone()
        if version > HEAD:
            raise ArchiveError(f"{path}: a newer Gazetteer made it; use that one")
        if (found := copy.execute("PRAGMA quick_check(1)").fetchone()[0]) != "ok":
            raise ArchiveError(f"{path} is damaged: {found}")


@contextmanager
def _told(path: Path) -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as error:
        raise ArchiveError(f"{path}: {error}") from error
    except OSError as error:
        raise ArchiveError(f"{path}: {error.strerror or error}") from error


def _on_disk(path: Path) -> None:
    with path.open("rb") as file:
        os.fsync(file.fileno())


def _copied_out(database: Database, path: Path) -> None:
    other = Database(str(path), create=True)
    try:
        snapshot = database.engine.execution_options(isolation_level="REPEATABLE READ")
        with database.told(), snapshot.connect() as source, source.begin(), other.write() as target:
            _copy(source, target)
        with other.engine.connect() as last:
            last.exec_driver_sql("COMMIT")
            last.exec_driver_sql("PRAGMA journal_mode = DELETE")
    finally:
        other.close()


def _copy(source: Connection, target: Connection) -> None:
    """Put the rows of one archive in the place of another's, and index them anew."""
    for number in target.execute(select(t.documents.c.article_id)).scalars().all():
        fulltext.remove(target, number)
    tables = [table for table in t.metadata.sorted_tables if table not in (t.documents, t.secrets)]
    for table in reversed(tables):
        target.execute(delete(table))
    for table in tables:
        if table in t.FLEETING:
            continue
        result = source.execution_options(yield_per=_BATCH).execute(select(table))
        for rows in result.partitions():
            target.execute(insert(table), [dict(row._mapping) for row in rows])  # noqa: SLF001 - its public name
        if target.dialect.name == "postgresql" and "id" in table.c and table is not t.articles:
            sequence = func.pg_get_serial_sequence(table.name, "id")
            target.execute(select(func.setval(sequence, func.max(table.c.id))))
    index(target)


def index(connection: Connection) -> None:
    """Index every article that is not indexed."""
    missing = (
        select(t.articles.c.id, t.articles.c.leaning)
        .outerjoin_from(t.articles, t.documents, t.documents.c.article_id == t.articles.c.id)
        .where(t.documents.c.article_id.is_(None))
    )
    for article_id, leaning in connection.execute(missing).all():
        kept = reading.get(connection, article_id)
        assert kept is not None
        aliases = connection.execute(select(t.appearances.c.alias_id).filter_by(article_id=article_id)).scalars()
        document = fulltext.document(kept.digest, leaning=leaning, aliases=aliases)
        fulltext.put(connection, article_id, document)
