"""What the doctor says of installations, settings and archives that are well, and of those that are not."""

import random
import shutil
import sqlite3
import subprocess
import sys
from collections import namedtuple
from contextlib import ExitStack, closing
from importlib import metadata
from pathlib import Path

import pytest
from click.testing import Result
from digests import digest
from test_cli import invoke, lines

from gazetteer import doctor
from gazetteer.annotate import annotator
from gazetteer.archive import Archive, examining
from gazetteer.archive.schema import HEAD
from gazetteer.errors import ArchiveError

Usage = namedtuple("Usage", "total used free")  # noqa: PYI024 - as the standard library's
CHECKS = [
    *("python", "sqlite", "libraries", "model", "settings", "contact", "site"),
    *("archive", "journal", "feeds", "room", "writing"),
]


@pytest.fixture(autouse=True)
def _alone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "settings"))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(1 << 40, 0, 1 << 40))


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    path = tmp_path / "a.sqlite"
    with Archive.open(str(path), create=True) as opened:
        for number in range(12):
            opened.save(digest(url=f"https://a.example/{number}", canonical_url=None))
    return path


def asked(*options: object) -> tuple[Result, dict[str, tuple[str, str, str]]]:
    """Ask the doctor; gives for each check the state, what was found, and what to do."""
    result = invoke("doctor", "--json", *options)
    return result, {
        str(line["check"]): (str(line["state"]), str(line["found"]), str(line["todo"])) for line in lines(result)
    }


def states(found: dict[str, tuple[str, str, str]]) -> dict[str, str]:
    return {check: state for check, (state, _, _) in found.items() if state != "ok"}


def test_what_is_well_is_told_so(archive: Path, tmp_path: Path) -> None:
    settings = tmp_path / "own.toml"
    settings.write_text('[intake]\ncontact = "https://news.example/about"\n[annotate]\ntags = "tags.toml"')
    (tmp_path / "tags.toml").write_text('[[tag]]\nname = "Ferries"\nany = ["ferry"]')
    before = archive.read_bytes()
    result, found = asked("--archive", archive, "--config", settings)
    assert result.exit_code == 0
    assert list(found) == CHECKS
    assert states(found) == {}
    assert found["model"][1].startswith("reader-")
    assert HEAD in found["archive"][1]
    assert "1 tag rules" in found["settings"][1]
    assert archive.read_bytes() == before
    assert {each.name for each in tmp_path.glob("a.sqlite*")} == {"a.sqlite"}


def test_a_new_installation_has_warnings_alone(tmp_path: Path) -> None:
    result, found = asked()
    assert result.exit_code == 0
    assert states(found) == {"contact": "warning", "archive": "warning"}
    assert "gazetteer add" in found["archive"][2]
    assert not (tmp_path / "data").exists()
    words = invoke("doctor").stdout
    assert "ok       python: " in words
    assert "warning  contact: " in words
    assert "\n         set contact in [intake]" in words


def test_what_is_wrong_in_the_settings_is_told(tmp_path: Path) -> None:
    settings = tmp_path / "own.toml"
    settings.write_text("[intake]\ntimeout = 0")
    result, found = asked("--config", settings)
    assert result.exit_code == 1
    assert states(found) == {"settings": "error"}
    assert "timeout" in found["settings"][1]
    settings.write_text('[annotate]\ntags = "none.toml"\n[site]\nproxies = ["nowhere"]')
    result, found = asked("--config", settings)
    assert result.exit_code == 1
    assert states(found) == {"settings": "error", "contact": "warning", "site": "error", "archive": "warning"}
    settings.write_text('[site]\nhost = "0.0.0.0"')
    assert asked("--config", settings)[1]["site"][0] == "warning"


def test_a_damaged_archive_is_told(archive: Path) -> None:
    whole, chance = archive.read_bytes(), random.Random(3)
    for _ in range(10):
        damaged = bytearray(whole)
        for at in chance.sample(range(1, len(whole) // 4096), 6):
            damaged[at * 4096 : at * 4096 + 4096] = chance.randbytes(4096)
        archive.write_bytes(damaged)
        result, found = asked("--archive", archive)
        assert result.exit_code == 1
        assert found["archive"][0] == "error"
        assert "backup" in "".join(found["archive"])
        assert archive.read_bytes() == damaged


def test_rows_that_belong_to_nothing_are_told(archive: Path) -> None:
    with closing(sqlite3.connect(archive)) as connection:
        connection.execute("DELETE FROM publishers")
        connection.commit()
    assert "a row of articles belongs to one of publishers" in asked("--archive", archive)[1]["archive"][1]


def test_what_is_no_archive_of_ours_is_told(tmp_path: Path) -> None:
    path = tmp_path / "other.sqlite"
    path.write_bytes(b"words" * 1000)
    assert "it is no archive" in asked("--archive", path)[1]["archive"][1]
    path.unlink()
    with closing(sqlite3.connect(path)) as other:
        other.execute("CREATE TABLE a (b)")
    assert "another program's" in asked("--archive", path)[1]["archive"][1]
    for address in ("mysql://a/b", "postgresql://me:secret@127.0.0.1:1/x?connect_timeout=1"):
        result, found = asked("--archive", address)
        assert result.exit_code == 1
        assert found["archive"][0] == "error"
        assert "secret" not in result.stdout


def test_an_old_and_a_new_migration_are_told_and_left_as_they_are(archive: Path) -> None:
    for version, state in (("0003", "warning"), ("9999", "error")):
        with closing(sqlite3.connect(archive)) as connection:
            connection.execute("UPDATE alembic_version SET version_num = ?", (version,))
            connection.commit()
        result, found = asked("--archive", archive)
        assert result.exit_code == (state == "error")
        assert found["archive"][0] == state
        assert "migration 0003" in found["archive"][1] or "newer Gazetteer" in found["archive"][1]
        with closing(sqlite3.connect(archive)) as connection:
            assert connection.execute("SELECT version_num FROM alembic_version").fetchall() == [(version,)]


def test_an_empty_database_is_told(tmp_path: Path) -> None:
    (tmp_path / "empty.sqlite").touch()
    assert "is empty" in asked("--archive", tmp_path / "empty.sqlite")[1]["archive"][1]


def test_a_folder_that_cannot_be_written_is_told() -> None:
    """Nobody, root neither, makes files in /proc."""
    result, found = asked("--archive", "/proc/a.sqlite")
    assert result.exit_code == 1
    assert found["writing"][:2] == ("error", "/proc cannot be written: No such file or directory")
    assert "/proc/a.sqlite" in found["writing"][2]


def test_a_full_disk_is_told(archive: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for free, state in ((1 << 20, "error"), (500 << 20, "warning"), (2 << 30, "ok")):
        monkeypatch.setattr(shutil, "disk_usage", lambda _, free=free: Usage(1 << 40, 0, free))
        assert asked("--archive", archive)[1]["room"][0] == state
    script = (
        "import resource\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))\n"
        "from gazetteer import doctor\n"
        f"print(*doctor._writing({str(archive)!r}))"
    )
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert "cannot be written: File too large" in ran.stdout


def test_libraries_that_are_missing_or_too_old_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    needs = ["click>=99", "nosuchlibrary", "pyarrow>=99; extra == 'parquet'"]
    monkeypatch.setattr(metadata, "requires", lambda _: needs)
    state, found, todo = asked()[1]["libraries"]
    assert state == "error"
    assert "click is " in found
    assert "nosuchlibrary is missing" in found
    assert "pyarrow" not in found
    assert "requirements/runtime.txt" in todo


def test_libraries_that_were_not_tested_are_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    pins = Path(__file__).parent.parent / "requirements" / "runtime.txt"
    monkeypatch.setattr(doctor, "PINNED", str(pins))
    assert len(doctor._pins()) > 30
    assert asked()[1]["libraries"][0] == "ok"
    other = tmp_path / "runtime.txt"
    other.write_text(pins.read_text().replace("\nclick==", "\nclick==0.0.1+not") + "nosuchlibrary==1 \\\n")
    monkeypatch.setattr(doctor, "PINNED", str(other))
    result, found = asked()
    assert result.exit_code == 0
    state, words, _ = found["libraries"]
    assert state == "warning"
    assert f"click {metadata.version('click')} (tested 0.0.1+not{metadata.version('click')})" in words
    assert words.count("tested ") == 1
    monkeypatch.setattr(doctor, "PINNED", "gazetteer/none.txt")
    assert doctor._pins() == {}


def test_a_damaged_model_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    shutil.copytree(annotator.MODEL, tmp_path / "model")
    with (tmp_path / "model" / "heads.npz").open("r+b") as file:
        file.write(b"x")
    monkeypatch.setitem(annotator.Annotator.__init__.__kwdefaults__, "model", tmp_path / "model")
    assert [each.state for each in doctor._checked("model", doctor._model)] == [doctor.State.ERROR]


@pytest.mark.parametrize("name", ["model.json", "model.onnx", "heads.npz", "tokenizer.json", "topics.npz", "words.npz"])
def test_a_missing_or_damaged_file_of_the_model_is_told(
    name: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    shutil.copytree(annotator.MODEL, tmp_path / "model")
    monkeypatch.setitem(annotator.Annotator.__init__.__kwdefaults__, "model", tmp_path / "model")
    (tmp_path / "model" / name).write_bytes(b"x")
    assert asked()[1]["model"][0] == "error"
    (tmp_path / "model" / name).unlink()
    result, found = asked()
    assert result.exit_code == 1
    assert found["model"][0] == "error"
    assert "install Gazetteer again" in "".join(found["model"])


def test_what_cannot_be_made_sense_of_is_an_error(archive: Path) -> None:
    with closing(sqlite3.connect(archive)) as connection:
        connection.execute("DROP TABLE feeds")
        connection.commit()
    state, found, _ = asked("--archive", archive)[1]["archive"]
    assert state == "error"
    assert "no such table: feeds" in found
    with closing(sqlite3.connect(archive)) as connection:
        connection.execute("UPDATE alembic_version SET version_num = CAST(x'ff00fe' AS TEXT)")
        connection.commit()
    state, found, _ = asked("--archive", archive)[1]["archive"]
    assert state == "error"
    assert "restore a backup" in found


def test_an_archive_that_is_in_use_is_read_as_it_is(archive: Path) -> None:
    with Archive.open(str(archive)) as opened:
        opened.follow("https://a.example/feed", title="A")
        found = asked("--archive", archive)[1]
        assert {found[check][0] for check in ("archive", "journal", "feeds")} == {"ok"}
        assert found["feeds"][1] == "none of 1 fails"


def test_an_archive_that_is_opened_meanwhile_is_read_again(archive: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What another program writes while a file is read as if nobody did looks like damage."""
    stack = ExitStack()
    attempt = examining._attempt

    def attempted(url: str, *, is_still: bool) -> examining.Examined:
        if not is_still:
            return attempt(url, is_still=False)
        stack.enter_context(Archive.open(url)).follow("https://a.example/feed", title="A")
        raise ArchiveError("it is damaged")

    monkeypatch.setattr(examining, "_attempt", attempted)
    with stack:
        assert examining.examine(str(archive)).feeds == 1


def test_another_journal_than_the_write_ahead_one_is_told(archive: Path, tmp_path: Path) -> None:
    with Archive.open(str(archive)) as opened:
        opened.backup(tmp_path / "saved.sqlite")
    result, found = asked("--archive", tmp_path / "saved.sqlite")
    assert result.exit_code == 0
    assert found["journal"][0] == "warning"
    assert found["journal"][1].startswith("delete")


def test_the_network_is_asked_only_where_that_is_asked_for() -> None:
    assert "network" not in asked()[1]
    result, found = asked("--online", "http://127.0.0.1:1/")
    assert result.exit_code == 1
    assert found["network"][0] == "error"
    assert "private" in found["network"][1] or "public" in found["network"][1]
