"""What is found in an archive without changing anything, in either database."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import create_engine, update

from gazetteer import doctor
from gazetteer.archive import Archive
from gazetteer.archive import schema as t
from gazetteer.archive.database import parsed
from gazetteer.archive.examining import Troubled, examine
from gazetteer.archive.schema import HEAD
from gazetteer.archive.values import FeedState
from gazetteer.errors import ArchiveError

AT = datetime(2026, 1, 1, tzinfo=UTC)


def found(url: str) -> dict[str, doctor.Finding]:
    """Give what the doctor found in the archive."""
    return {each.check: each for each in doctor._checked("archive", lambda: doctor._archive(url))}


def execute(url: str, statement: str) -> None:
    engine = create_engine(parsed(url))
    with engine.begin() as connection:
        connection.exec_driver_sql(statement)
    engine.dispose()


def follow(archive: Archive, name: str, **values: object) -> str:
    """Follow a feed that fared so."""
    url = f"https://{name}.example/feed"
    archive.follow(url, title=name)
    with archive._database.write() as connection:
        connection.execute(update(t.feeds).filter_by(url=url).values(values))
    return url


def test_a_new_archive_is_well(url: str, kind: str) -> None:
    states = {check: each.state.value for check, each in found(url).items()}
    assert states == {"archive": "ok", "feeds": "ok", {"sqlite": "journal", "postgresql": "writing"}[kind]: "ok"}
    examined = examine(url)
    assert (examined.migration, examined.damage, examined.feeds) == (HEAD, (), 0)


def test_feeds_that_do_not_fare_well_are_told(archive: Archive, url: str) -> None:
    follow(archive, "well", failures=0)
    follow(archive, "paused", state=FeedState.PAUSED.value, failures=9, due_at=None)
    failing = [follow(archive, f"failing-{number}", failures=number, error="it is slow") for number in (2, 7, 1)]
    stopped = follow(archive, "stopped", state=FeedState.STOPPED.value, failures=1, error="it is gone", due_at=None)
    troubled = examine(url).troubled
    assert troubled[0] == Troubled(url=stopped, is_stopped=True, failures=1, error="it is gone")
    assert [each.url for each in troubled[1:]] == [failing[1], failing[0], failing[2]]
    told = found(url)["feeds"]
    assert told.state is doctor.State.WARNING
    assert told.found.startswith("of 6, 1 are stopped and 3 fail: https://stopped.example/feed stopped (it is gone); ")
    assert told.found.endswith("failing-2.example/feed failed 2 times in a row (it is slow); and others")


@pytest.mark.parametrize(("version", "state"), [("0003", "warning"), ("9999", "error")])
def test_an_old_and_a_new_migration_are_told_and_left(url: str, version: str, state: str) -> None:
    execute(url, f"UPDATE alembic_version SET version_num = '{version}'")
    assert found(url)["archive"].state.value == state
    execute(url, f"UPDATE alembic_version SET version_num = '{HEAD}' WHERE version_num = '{version}'")
    assert examine(url).migration == HEAD


def test_a_table_that_is_gone_is_told(url: str) -> None:
    execute(url, "ALTER TABLE feeds RENAME TO fed")
    with pytest.raises(ArchiveError, match="feeds"):
        examine(url)
    assert found(url)["archive"].state is doctor.State.ERROR
    assert "feeds" in found(url)["archive"].found


@pytest.mark.parametrize("kind", ["postgresql"])
def test_a_server_that_takes_no_writing_is_told(url: str) -> None:
    execute(url, f'ALTER DATABASE "{parsed(url).database}" SET default_transaction_read_only = on')
    told = found(url)["writing"]
    assert told.state is doctor.State.ERROR
    assert "grant" in told.todo


@pytest.mark.parametrize("kind", ["postgresql"])
def test_an_index_that_is_not_valid_is_told(url: str) -> None:
    execute(url, "UPDATE pg_index SET indisvalid = false WHERE indrelid = 'feeds'::regclass AND NOT indisprimary")
    told = found(url)["archive"]
    assert told.state is doctor.State.ERROR
    assert "REINDEX" in told.found
