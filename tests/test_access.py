"""The commands of users and tokens, from the command line to the archive."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from test_cli import invoke

from gazetteer.archive import Archive
from gazetteer.cli import cli

PASSWORD = "nine sails at dusk"


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where an archive may be; there is none yet."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "settings"))
    return tmp_path / "archive.sqlite"


def add(place: Path, name: str = "Ann", given: bytes = PASSWORD.encode()) -> Result:
    return invoke("user", "add", name, "--stdin", "--archive", place, given=given)


def lets_in(place: Path, name: str, password: str) -> bool:
    with Archive.open(str(place)) as archive:
        return archive.sign_in(name, password) is not None


def test_a_password_is_asked_for_twice_and_not_shown(place: Path) -> None:
    typed = f"{PASSWORD}\nanother one of them\n{PASSWORD}\n{PASSWORD}\n"
    result = CliRunner().invoke(cli, ["user", "add", "Ann", "--archive", str(place)], input=typed)
    assert result.exit_code == 0
    assert "do not match" in result.output
    assert PASSWORD not in result.output
    assert result.stdout == ""
    assert lets_in(place, "Ann", PASSWORD)


@pytest.mark.parametrize("end", [b"", b"\n", b"\r\n", b"\nmore\n"])
def test_a_password_from_standard_input(place: Path, end: bytes) -> None:
    assert add(place, given=PASSWORD.encode() + end).exit_code == 0
    assert lets_in(place, "Ann", PASSWORD)


def test_a_password_is_changed(place: Path) -> None:
    add(place)
    assert add(place, "ann", b"ten sails at dusk").exit_code == 0
    assert [lets_in(place, "Ann", password) for password in (PASSWORD, "ten sails at dusk")] == [False, True]


@pytest.mark.parametrize(
    ("name", "given", "told"),
    [
        ("Ann", b"short", "a password has from 12 to 1,000 characters"),
        ("Ann", b"", "a password has from 12"),
        ("Ann", b"x" * 10**6, "a password has from 12"),
        ("Ann", b"\xff" * 12, "is not UTF-8"),
        ("a\x1b[31m", PASSWORD.encode(), "the name of a user"),
    ],
)
def test_what_cannot_be_is_told(place: Path, name: str, given: bytes, told: str) -> None:
    result = add(place, name, given)
    assert result.exit_code == 2
    assert told in result.stderr
    assert "\x1b" not in result.output
    assert invoke("user", "list", "--archive", place).stdout == ""


def test_users_are_listed_and_removed(place: Path) -> None:
    add(place, "Bo")
    add(place, "Ann")
    listed = invoke("user", "list", "--archive", place)
    assert [line.split(": made ")[0] for line in listed.stdout.splitlines()] == ["Ann", "Bo"]
    assert invoke("user", "remove", "bo", "--archive", place).exit_code == 0
    again = invoke("user", "remove", "bo\x1b", "--archive", place)
    assert again.exit_code == 2
    assert "there is no user bo" in again.stderr
    assert "\x1b" not in again.stderr
    assert invoke("user", "list", "--archive", place).stdout.startswith("Ann: made ")


def test_a_token_is_shown_once(place: Path) -> None:
    made = invoke("token", "add", "reader", "--archive", place)
    secret = made.stdout.strip()
    assert made.exit_code == 0
    assert made.stdout == f"{secret}\n"
    assert invoke("token", "list", "--archive", place).stdout.startswith("reader: may read, made ")
    with Archive.open(str(place)) as archive:
        found = archive.token(secret)
        assert found is not None
        assert not found.may_add
    listed = invoke("token", "list", "--archive", place).stdout
    assert ", used " in listed
    assert secret not in listed


def test_tokens_that_may_add_and_are_removed(place: Path) -> None:
    secret = invoke("token", "add", "adder", "--may-add", "--archive", place).stdout.strip()
    assert "adder: may read and add, " in invoke("token", "list", "--archive", place).stdout
    assert ", never used\n" in invoke("token", "list", "--archive", place).stdout
    assert invoke("token", "remove", "adder", "--archive", place).exit_code == 0
    assert invoke("token", "remove", "adder", "--archive", place).exit_code == 2
    assert invoke("token", "add", " ", "--archive", place).exit_code == 2
    with Archive.open(str(place)) as archive:
        assert archive.token(secret) is None


@pytest.mark.parametrize("command", ["user list", "user remove Ann", "token list", "token remove reader"])
def test_without_an_archive(place: Path, command: str) -> None:
    result = invoke(*command.split(), "--archive", place)
    assert result.exit_code == 2
    assert "there is no archive" in result.stderr
    assert not place.exists()
