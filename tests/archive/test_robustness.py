"""What may befall an archive: it is killed, its disk is full, another writes to it, it is damaged."""

import json
import random
import sqlite3
import subprocess
import sys
import threading
from contextlib import closing, suppress
from datetime import UTC, datetime
from pathlib import Path

import digests
import pytest
from sqlalchemy import event, text

from gazetteer.archive import Archive, Kind, database
from gazetteer.errors import ArchiveError

AT = datetime(2023, 5, 1, tzinfo=UTC)
KILLS = 20
ADDS = Path(__file__).parent / "adds.py"


def digest(number: int) -> digests.Digest:
    return digests.digest(url=f"https://a.example/{number}", canonical_url=None)


def consistent(archive: Archive) -> list[int]:
    """See that all parts of an archive agree; gives its articles."""
    ids = [line["article"]["id"] for line in archive.lines()]
    assert sum(day.articles for day in archive.days()) == len(ids)
    for subject in archive.most(Kind.AUTHOR).rows:
        assert len(archive.browse(of=(Kind.AUTHOR, subject.id), limit=200).rows) == subject.articles
    assert sorted(hit.card.id for hit in archive.search("-nosuchword", limit=200).rows) == sorted(ids)
    if archive._database.is_sqlite:
        with archive._database.read() as connection:
            assert connection.exec_driver_sql("PRAGMA integrity_check").scalar() == "ok"
            assert connection.exec_driver_sql("PRAGMA foreign_key_check").all() == []
        with archive._database.write() as connection:
            connection.exec_driver_sql("INSERT INTO search (search) VALUES ('integrity-check')")
    return ids


def reported(output: bytes) -> dict[str, int]:
    """Give what was reported as kept: whole lines alone."""
    lines = [json.loads(line) for line in output.split(b"\n")[:-1]]
    assert all("error" not in line for line in lines)
    return {line["source"]: line["id"] for line in lines}


def test_a_process_that_is_killed_loses_nothing_that_it_reported(archive: Archive, url: str, tmp_path: Path) -> None:
    """Twenty times `gazetteer add` is killed at a random moment, and begun again where it was."""
    chance = random.Random(4)
    folder = tmp_path / "pages"
    folder.mkdir()
    for number in range(6 * KILLS):
        (folder / f"{number:03}.html").write_text(f"Ferry {number} sailed. " * 20)
    kept: dict[str, int] = {}
    killed = 0
    with subprocess.Popen([sys.executable, ADDS], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        for _ in range(KILLS):
            process.stdin.write(
                f"{url}\n{folder}\n{len(kept) + chance.randrange(1, 4)}\n{chance.uniform(0, 0.03)}\n".encode()
            )
            process.stdin.flush()
            ended = json.loads(process.stdout.readline())
            killed += ended["killed"]
            for source, article_id in reported(ended["output"].encode()).items():
                assert kept.setdefault(source, article_id) == article_id
    assert all(archive.get(article_id) for article_id in kept.values())
    assert killed >= KILLS // 2
    assert len(kept) >= KILLS
    assert set(kept.values()) <= set(consistent(archive))
    with subprocess.Popen([sys.executable, ADDS], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        output, _ = process.communicate(f"{url}\n{folder}\n1000\n0\n".encode())
    assert set(reported(json.loads(output)["output"].encode())) == {str(path) for path in folder.iterdir()}
    assert len(consistent(archive)) == 6 * KILLS


def test_a_full_disk_is_told_and_what_was_there_stays(archive: Archive) -> None:
    number = archive.save(digest(0), at=AT).id
    if archive._database.is_sqlite:
        fill_sqlite(archive)
    else:
        with archive._database.write() as connection:
            connection.execute(
                text(
                    "CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS"
                    " $$ BEGIN RAISE EXCEPTION 'could not extend file' USING ERRCODE = '53100'; END $$"
                )
            )
            connection.execute(
                text("CREATE TRIGGER full_disk BEFORE INSERT ON annotations EXECUTE FUNCTION full_disk()")
            )
    with pytest.raises(ArchiveError, match="disk is full; free some space"):
        list(map(archive.save, map(digest, range(1, 200))))
    ids = consistent(archive)
    assert number in ids
    kept = archive.get(number)
    assert kept is not None
    assert kept.digest == digest(0)
    assert archive.search("ferry").rows


def fill_sqlite(archive: Archive) -> None:
    """Leave room for a few pages more."""
    archive._database.engine.dispose()
    event.listen(
        archive._database.engine,
        "connect",
        lambda connection, _: connection.execute(
            f"PRAGMA max_page_count = {connection.execute('PRAGMA page_count').fetchone()[0] + 40}"
        ),
    )


def test_while_another_writes_all_can_read(archive: Archive, url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    archive.save(digest(0), at=AT)
    monkeypatch.setattr(database, "WAIT", 0.2)
    with Archive.open(url) as another, another.together():
        another.save(digest(1), at=AT)
        with Archive.open(url) as third:
            assert len(third.browse().rows) == 1
            with pytest.raises(ArchiveError, match=r"another program is writing to it, and went on for 0\.2 s"):
                third.save(digest(2), at=AT)
    assert len(archive.browse().rows) == 2
    archive.save(digest(2), at=AT)


def test_writers_wait_for_each_other(archive: Archive, url: str) -> None:
    wrong: list[BaseException] = []

    def write(first: int) -> None:
        try:
            with Archive.open(url) as own:
                for number in range(first, first + 4):
                    own.save(digest(number), at=AT)
                    archive.save(digest(number), at=AT)
        except BaseException as error:  # noqa: BLE001 - told below
            wrong.append(error)

    threads = [threading.Thread(target=write, args=(first,)) for first in (0, 2, 4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
    assert len(consistent(archive)) == 8


def test_what_is_damaged_is_told_and_the_rest_is_read(archive: Archive) -> None:
    first, second = (archive.save(digest(number), at=AT).id for number in range(2))
    with archive._database.write() as connection:
        connection.execute(text("UPDATE versions SET article = :bytes WHERE article_id = :id"), {
            "bytes": b"\x28\xb5\x2f\xfd damaged", "id": first,
        })  # fmt: skip
    with pytest.raises(ArchiveError, match="damaged"):
        archive.get(first)
    assert archive.get(second) is not None
    assert len(archive.browse().rows) == 2


def test_a_file_that_is_damaged_anywhere_gives_its_articles_or_our_error(tmp_path: Path) -> None:
    path = tmp_path / "archive.sqlite"
    with Archive.open(str(path), create=True) as archive:
        ids = [archive.save(digest(number), at=AT).id for number in range(12)]
    whole = path.read_bytes()
    chance = random.Random(5)
    read = 0
    for _ in range(25):
        damaged = bytearray(whole)
        for at in chance.sample(range(1, len(whole) // 4096), 4):
            damaged[at * 4096 : at * 4096 + 4096] = chance.randbytes(4096)
        path.write_bytes(damaged)
        with suppress(ArchiveError), Archive.open(str(path)) as archive:
            for number in ids:
                with suppress(ArchiveError):
                    kept = archive.get(number)
                    read += kept is not None and kept.digest.article.text == digests.FERRY
            last = (archive.browse, archive.status, lambda: archive.search("x"), lambda: archive.save(digest(99)))
            for call in last:
                with suppress(ArchiveError):
                    call()
        for end in ("-wal", "-shm"):
            path.with_name(path.name + end).unlink(missing_ok=True)
    assert read > 25


@pytest.mark.parametrize("content", [b"words" * 1000, b"SQLite format 3\x00" + b"\x00" * 5000])
def test_a_file_that_is_no_archive_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "archive.sqlite"
    path.write_bytes(content)
    with pytest.raises(ArchiveError):
        Archive.open(str(path), create=True)
    assert path.read_bytes() == content


def test_another_programs_database_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "other.sqlite"
    with closing(sqlite3.connect(path)) as other:
        other.execute("CREATE TABLE a (b)")
    with pytest.raises(ArchiveError, match="another program's"):
        Archive.open(str(path), create=True)


def test_a_server_that_goes_away_is_told(kind: str, archive: Archive) -> None:
    archive.save(digest(0), at=AT)
    if kind == "postgresql":
        with archive._database.engine.connect() as connection, suppress(Exception):
            connection.exec_driver_sql(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database()"
            )
    assert len(archive.browse().rows) == 1


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://nobody@/x?host=/nowhere",
        "postgresql://nobody@127.0.0.1:1/x?connect_timeout=1",
        "mysql://a/b",
        "sqlite://",
        "sqlite:///:memory:",
        "://",
        "/dev/null/x",
        "/proc/x/archive.sqlite",
    ],
)
def test_what_cannot_be_opened_is_told(url: str) -> None:
    with pytest.raises(ArchiveError) as caught:
        Archive.open(url, create=True)
    assert "Traceback" not in caught.value.reason


def test_a_password_is_not_told() -> None:
    with pytest.raises(ArchiveError) as caught:
        Archive.open("postgresql://me:secret@127.0.0.1:1/x")
    assert "secret" not in caught.value.reason
