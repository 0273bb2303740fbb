"""The migrations make the tables that the schema describes, on both databases."""

from pathlib import Path

import digests
import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from postgresql import Templates
from sqlalchemy import Connection, text

from gazetteer import archive as package
from gazetteer.archive import Archive, Kind, database
from gazetteer.archive.schema import HEAD, metadata

_OWN = ("search", "search_data", "search_idx", "search_docsize", "search_config", "ix_documents_words")


def test_the_migrations_make_what_the_schema_describes(archive: Archive) -> None:
    with archive._database.read() as connection:
        options = {"include_object": lambda _object, name, *_: name not in _OWN}
        assert compare_metadata(MigrationContext.configure(connection, opts=options), metadata) == []


def scripts() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(package.__file__).parent / "migrations"))
    return config


def test_the_newest_migration_is_the_one_that_is_asked_for() -> None:
    assert ScriptDirectory.from_config(scripts()).get_heads() == [HEAD]


def first(connection: Connection, **_: object) -> None:
    """Make the tables of the first migration."""
    config = scripts()
    config.attributes["connection"] = connection
    command.upgrade(config, "0001")


def make_old(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Make an archive of the first migration, with an author in it."""
    with monkeypatch.context() as old:
        old.setattr(database, "upgrade", first)
        old.setattr(database, "HEAD", "0001")
        with Archive.open(url, create=True) as archive, archive._database.write() as connection:
            connection.execute(text("INSERT INTO authors (key, name) VALUES ('ann', 'Ann')"))
            connection.execute(text("INSERT INTO totals VALUES ('author', 1, 3)"))


def test_an_old_archive_is_brought_up(
    kind: str, templates: Templates, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = templates["bare"]() if kind == "postgresql" else str(tmp_path / "archive.sqlite")
    make_old(url, monkeypatch)
    with Archive.open(url) as archive:
        assert archive.most(Kind.AUTHOR).rows[0].name == "Ann"
        assert archive.save(digests.digest())
        assert archive.users() == ()


def test_an_old_backup_is_taken_back(archive: Archive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "old.sqlite"
    make_old(str(file), monkeypatch)
    secret = archive.secret()
    archive.restore(file)
    assert archive.most(Kind.AUTHOR).rows[0].name == "Ann"
    assert archive.secret() == secret
    assert archive.put_token("reader")


def test_an_archive_is_made_once(kind: str, templates: Templates, tmp_path: Path) -> None:
    url = templates["bare"]() if kind == "postgresql" else str(tmp_path / "new" / "archive.sqlite")
    for _ in range(2):
        with Archive.open(url, create=True) as archive:
            assert archive.status().articles == 0
            with archive._database.read() as connection:
                assert connection.execute(text("SELECT version_num FROM alembic_version")).scalar() == HEAD
