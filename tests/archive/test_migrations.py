"""The migrations make the tables that the schema describes, on both databases."""

from pathlib import Path

from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from postgresql import Templates
from sqlalchemy import text

from gazetteer import archive as package
from gazetteer.archive import Archive
from gazetteer.archive.schema import HEAD, metadata

_OWN = ("search", "search_data", "search_idx", "search_docsize", "search_config", "ix_documents_words")


def test_the_migrations_make_what_the_schema_describes(archive: Archive) -> None:
    with archive._database.read() as connection:
        options = {"include_object": lambda _object, name, *_: name not in _OWN}
        assert compare_metadata(MigrationContext.configure(connection, opts=options), metadata) == []


def test_the_newest_migration_is_the_one_that_is_asked_for() -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(package.__file__).parent / "migrations"))
    assert ScriptDirectory.from_config(config).get_heads() == [HEAD]


def test_an_archive_is_made_once(kind: str, templates: Templates, tmp_path: Path) -> None:
    url = templates["bare"]() if kind == "postgresql" else str(tmp_path / "new" / "archive.sqlite")
    for _ in range(2):
        with Archive.open(url, create=True) as archive:
            assert archive.status().articles == 0
            with archive._database.read() as connection:
                assert connection.execute(text("SELECT version_num FROM alembic_version")).scalar() == HEAD
