"""Every test of the archive runs on SQLite and on PostgreSQL."""

import shutil
from collections.abc import Iterator
from itertools import count

import pytest
from postgresql import Templates, quick_folder, server
from sqlalchemy import create_engine

from gazetteer.archive import Archive

_NUMBERS = count()


@pytest.fixture(scope="session")
def templates() -> Iterator[Templates]:
    """What gives the address of a new and empty archive, for each database."""
    with quick_folder() as folder, server(folder) as address:
        file = folder / "empty.sqlite"
        Archive.open(str(file), create=True).close()

        def sqlite() -> str:
            return str(shutil.copy(file, folder / f"archive-{next(_NUMBERS)}.sqlite"))

        administered = address.format("postgres").replace("postgresql:", "postgresql+psycopg:")
        engine = create_engine(administered, isolation_level="AUTOCOMMIT")

        def create(name: str, template: str) -> str:
            with engine.connect() as connection:
                connection.exec_driver_sql(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY")
            return address.format(name)

        Archive.open(create("empty", "template1"), create=True).close()
        yield {
            "sqlite": sqlite,
            "postgresql": lambda: create(f"archive_{next(_NUMBERS)}", "empty"),
            "bare": lambda: create(f"bare_{next(_NUMBERS)}", "template1"),
        }
        engine.dispose()


@pytest.fixture(params=["sqlite", "postgresql"])
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def url(kind: str, templates: Templates) -> str:
    """The address of a new and empty archive."""
    return templates[kind]()


@pytest.fixture
def another(kind: str, templates: Templates) -> str:
    """The address of another."""
    return templates[kind]()


@pytest.fixture
def other(another: str) -> Iterator[Archive]:
    """Another, open."""
    with Archive.open(another) as opened:
        yield opened


@pytest.fixture
def archive(url: str) -> Iterator[Archive]:
    """A new and empty archive, open."""
    with Archive.open(url) as opened:
        yield opened
