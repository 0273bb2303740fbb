"""Who may sign in and which programs may ask, on both databases."""

import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import digests
import pytest
from argon2 import PasswordHasher
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gazetteer.archive import Archive, accounts, database
from gazetteer.archive import schema as t
from gazetteer.archive.values import Token, User
from gazetteer.errors import ArchiveError

AT = datetime(2023, 5, 1, tzinfo=UTC)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
PASSWORD = "nine sails at dusk"
ATTEMPTS = """
import sys
from gazetteer.archive import Archive
with Archive.open(sys.argv[1]) as archive:
    print(sum(archive.allowed("a", most=9, seconds=10**9) for _ in range(5)))
"""


def everything(archive: Archive) -> str:
    """Give all that the tables of accounts hold, as one text."""
    tables = (t.users, t.sessions, t.tokens, t.attempts, t.marks, t.secrets)
    with archive._database.read() as connection:
        return repr([list(connection.execute(table.select())) for table in tables])


def test_a_user_signs_in_and_out(archive: Archive) -> None:
    archive.put_user("Ann Lee", PASSWORD, at=AT)
    secret = archive.sign_in("ann  LEE", PASSWORD, at=AT)
    assert secret is not None
    assert archive.signed_in(secret, at=AT) == "Ann Lee"
    other = archive.sign_in("Ann Lee", PASSWORD, at=AT)
    assert other not in (None, secret)
    archive.sign_out(secret)
    archive.sign_out(secret)
    assert archive.signed_in(secret, at=AT) is None
    assert archive.signed_in(str(other), at=AT) == "Ann Lee"


def test_who_is_not_let_in(archive: Archive) -> None:
    archive.put_user("Ann", PASSWORD, at=AT)
    for name, password in (("Ann", "nine sails at dawn"), ("Bo", PASSWORD), ("", ""), ("Ann", PASSWORD * 100)):
        assert archive.sign_in(name, password, at=AT) is None
    assert archive.signed_in("", at=AT) is None


def test_a_session_lasts_thirty_days(archive: Archive) -> None:
    archive.put_user("Ann", PASSWORD, at=AT)
    secret = archive.sign_in("Ann", PASSWORD, at=AT)
    assert secret is not None
    assert archive.signed_in(secret, at=AT + 30 * DAY - MINUTE) == "Ann"
    assert archive.signed_in(secret, at=AT + 30 * DAY) is None
    archive.sign_in("Ann", PASSWORD, at=AT + 30 * DAY)
    assert accounts._told_again(secret) not in everything(archive)


def test_another_password_ends_sessions(archive: Archive) -> None:
    archive.put_user("Ann", PASSWORD, at=AT)
    secret = archive.sign_in("Ann", PASSWORD, at=AT)
    archive.put_user("ANN", "ten sails at dusk", at=AT + DAY)
    assert archive.signed_in(str(secret), at=AT) is None
    assert archive.sign_in("Ann", PASSWORD, at=AT) is None
    assert archive.sign_in("Ann", "ten sails at dusk", at=AT) is not None
    assert archive.users() == (User(name="Ann", made_at=AT),)


def test_a_user_who_is_removed_leaves_no_session_or_mark(archive: Archive) -> None:
    number = archive.save(digests.digest(), at=AT).id
    archive.put_user("Bo", PASSWORD, at=AT)
    archive.put_user("Ann", PASSWORD, at=AT)
    secret = archive.sign_in("Ann", PASSWORD, at=AT)
    for reader in ("Ann", "Bo"):
        archive.mark(reader, number, starred=True, at=AT)
    assert [user.name for user in archive.users()] == ["Ann", "Bo"]
    assert archive.remove_user("ann")
    assert not archive.remove_user("Ann")
    assert archive.signed_in(str(secret), at=AT) is None
    assert [user.name for user in archive.users()] == ["Bo"]
    assert archive.starred("Ann").rows == ()
    assert archive.starred("Bo").rows


def test_a_password_that_is_changed_while_somebody_signs_in_lets_nobody_in(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive.put_user("Ann", PASSWORD, at=AT)
    is_right = accounts._is_right

    def slow(password: str, hashed: str) -> bool:
        archive.put_user("Ann", "ten sails at dusk", at=AT)
        return is_right(password, hashed)

    monkeypatch.setattr(accounts, "_is_right", slow)
    assert archive.sign_in("Ann", PASSWORD, at=AT) is None


def test_passwords_are_hashed_outside_of_transactions(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    def hashed(_password: str) -> str:
        assert archive._database.engine.pool.checkedout() == 0
        return "x"

    monkeypatch.setattr(accounts, "_hashed", hashed)
    archive.put_user("Ann", PASSWORD, at=AT)
    assert archive.sign_in("Bo", PASSWORD, at=AT) is None
    assert archive.sign_in("Ann", PASSWORD, at=AT) is None, "what is no hash lets nobody in"


def test_an_unknown_name_costs_as_much_as_a_wrong_password(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    archive.put_user("Ann", PASSWORD, at=AT)
    work: list[str] = []
    hasher = accounts._HASHER

    class Counting:
        def hash(self, password: bytes) -> str:
            work.append("hash")
            return hasher.hash(password)

        def verify(self, hashed: str, password: bytes) -> bool:
            work.append("hash")
            return hasher.verify(hashed, password)

    monkeypatch.setattr(accounts, "_HASHER", Counting())
    for name in ("Ann", "Bo"):
        assert archive.sign_in(name, "nine sails at dawn", at=AT) is None
    assert work == ["hash", "hash"]


def test_a_password_is_hashed_anew_where_hashing_changed(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(accounts, "_HASHER", PasswordHasher(time_cost=1, memory_cost=64))
    archive.put_user("Ann", PASSWORD, at=AT)
    assert "m=64,t=1" in everything(archive)
    first = archive.sign_in("Ann", PASSWORD, at=AT)
    monkeypatch.setattr(accounts, "_HASHER", PasswordHasher(time_cost=2, memory_cost=128))
    assert archive.sign_in("Ann", PASSWORD, at=AT) is not None
    assert "m=128,t=2" in everything(archive)
    assert archive.sign_in("Ann", PASSWORD, at=AT) is not None
    assert archive.signed_in(str(first), at=AT) == "Ann"


@pytest.mark.parametrize(
    "name", ["", " ", "-", "a\nb\x00", "a\u202eb", "\ud800", "a" * 61, "ﷺ" * 60, "\u200b", "é" * 10**6]
)
def test_an_odd_name_is_refused(archive: Archive, name: str) -> None:
    with pytest.raises(ArchiveError, match="the name of a user"):
        archive.put_user(name, PASSWORD)
    with pytest.raises(ArchiveError, match="the name of a token"):
        archive.put_token(name)
    assert archive.users() == archive.tokens() == ()


@pytest.mark.parametrize(
    "name",
    ["the owner", "The  Owner", " THE OWNER", "theowner", "the-owner.", "ｔｈｅ ｏｗｎｅｒ", "𝐭𝐡𝐞 𝐨𝐰𝐧𝐞𝐫", "thé öwner"],
)
def test_no_user_is_taken_for_the_owner(archive: Archive, name: str) -> None:
    with pytest.raises(ArchiveError, match="whoever keeps the archive"):
        archive.put_user(name, PASSWORD)
    assert archive.users() == ()


@pytest.mark.parametrize("name", ["the оwner", "Аnn", "Βο B"])
def test_a_name_of_letters_that_look_alike_is_refused(archive: Archive, name: str) -> None:
    with pytest.raises(ArchiveError, match="look alike"):
        archive.put_user(name, PASSWORD)


@pytest.mark.parametrize("name", ["Анна", "Ἄννα", "山田 Taro", "O’Owner", "the owners"])
def test_names_of_any_script_are_taken(archive: Archive, name: str) -> None:
    archive.put_user(name, PASSWORD)
    assert [user.name for user in archive.users()] == [name]


@pytest.mark.parametrize("password", ["", "eleven char", "x" * 1001])
def test_a_short_or_endless_password_is_refused(archive: Archive, password: str) -> None:
    with pytest.raises(ArchiveError, match="from 12 to 1,000 characters"):
        archive.put_user("Ann", password)
    assert archive.users() == ()


@given(words=st.text(st.characters(exclude_categories=[]), max_size=80))
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_anything_may_be_asked_and_sent(archive: Archive, words: str) -> None:
    for call in (
        lambda: archive.sign_in(words, "x"),
        lambda: archive.signed_in(words),
        lambda: archive.sign_out(words),
        lambda: archive.token(words),
        lambda: archive.starred(words).cursor,
        lambda: archive.marks(words, []) or None,
        lambda: None if archive.allowed(words, most=1000, seconds=60, at=AT) else 1,
    ):
        assert call() is None
    assert not archive.remove_user(words)
    assert not archive.remove_token(words)


@given(password=st.text(st.characters(exclude_categories=[]), min_size=12, max_size=40))
@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_password_that_is_long_enough_serves(archive: Archive, password: str) -> None:
    archive.put_user("Ann", password, at=AT)
    assert archive.sign_in("Ann", password, at=AT) is not None
    assert archive.sign_in("Ann", password + ".", at=AT) is None


def test_neither_passwords_nor_secrets_are_kept(archive: Archive, tmp_path: Path) -> None:
    archive.put_user("Ann", PASSWORD, at=AT)
    secrets = [archive.sign_in("Ann", PASSWORD, at=AT), archive.put_token("reader"), archive.put_token("two")]
    kept = everything(archive)
    file = tmp_path / "backup.sqlite"
    archive.backup(file)
    for secret in (PASSWORD, *map(str, secrets)):
        assert secret not in kept
        assert secret.encode() not in file.read_bytes()
    assert "$argon2id$" in kept
    assert len(set(secrets)) == 3
    assert min(map(len, map(str, secrets))) >= 40


def test_attempts_are_counted_within_a_window(archive: Archive) -> None:
    def tried(key: str, at: datetime, seconds: int = 60) -> bool:
        return archive.allowed(key, most=2, seconds=seconds, at=at)

    assert [tried("a", AT) for _ in range(4)] == [True, True, False, False]
    assert tried("b", AT)
    assert tried("a", AT, seconds=3600), "a longer window counts by itself"
    assert not tried("a", AT + timedelta(seconds=59))
    assert tried("a", AT + MINUTE)
    assert not archive.allowed("c", most=0, seconds=60, at=AT)


def test_old_windows_are_cleared(archive: Archive) -> None:
    for number in range(5):
        archive.allowed(f"key {number}", most=1, seconds=60, at=AT)
    archive.allowed("a", most=1, seconds=60, at=AT + HOUR)
    kept = everything(archive)
    assert "key " not in kept
    assert "'a'" in kept


def test_what_is_beyond_the_limit_costs_no_writing(archive: Archive, url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert archive.allowed("a", most=1, seconds=60, at=AT)
    monkeypatch.setattr(database, "WAIT", 0.1)
    with Archive.open(url) as other, other.together():
        assert not archive.allowed("a", most=1, seconds=60, at=AT)


def test_threads_share_a_limit(archive: Archive) -> None:
    with ThreadPoolExecutor(8) as threads:
        told = list(threads.map(lambda _: archive.allowed("a", most=7, seconds=60, at=AT), range(30)))
    assert told.count(True) == 7


def test_processes_share_a_limit(archive: Archive, url: str) -> None:
    command = [sys.executable, "-c", ATTEMPTS, url]
    running = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(3)]
    told = [int(process.communicate()[0]) for process in running]
    assert sum(told) == 9
    assert not archive.allowed("a", most=9, seconds=10**9)


def test_tokens(archive: Archive) -> None:
    secret = archive.put_token("reader", at=AT)
    adder = archive.put_token("adder", may_add=True, at=AT)
    assert archive.tokens() == (
        Token(name="adder", may_add=True, made_at=AT),
        Token(name="reader", may_add=False, made_at=AT),
    )
    found = archive.token(adder, at=AT)
    assert found is not None
    assert (found.name, found.may_add) == ("adder", True)
    assert archive.token(secret + "x", at=AT) is None
    again = archive.put_token(" reader", at=AT + DAY)
    assert archive.token(secret, at=AT) is None
    assert archive.token(again, at=AT + DAY) is not None
    assert archive.remove_token("reader")
    assert not archive.remove_token("reader")
    assert archive.token(again, at=AT + DAY) is None
    assert [each.name for each in archive.tokens()] == ["adder"]


def used(archive: Archive) -> datetime | None:
    (token,) = archive.tokens()
    return token.used_at


def test_the_use_of_a_token_is_noted_once_an_hour(archive: Archive) -> None:
    secret = archive.put_token("reader", at=AT)
    assert used(archive) is None
    for at, noted in ((AT, AT), (AT + HOUR - MINUTE, AT), (AT + HOUR, AT + HOUR)):
        assert archive.token(secret, at=at) is not None
        assert used(archive) == noted


def test_a_token_serves_where_its_use_cannot_be_noted(
    archive: Archive, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    secret = archive.put_token("reader", at=AT)
    monkeypatch.setattr(database, "WAIT", 0.1)
    with Archive.open(url) as other, other.together(), Archive.open(url) as third:
        assert third.token(secret, at=AT) is not None
    assert used(archive) is None


def test_the_secret_of_an_archive_is_one_and_its_own(archive: Archive, other: Archive, url: str) -> None:
    def ask(_number: int) -> bytes:
        with Archive.open(url) as own:
            return own.secret()

    with ThreadPoolExecutor(4) as threads:
        found = {archive.secret(), *threads.map(ask, range(6))}
    assert len(found) == 1
    assert min(map(len, found)) == 32
    assert other.secret() not in found


def test_a_backup_carries_accounts_and_no_sessions(archive: Archive, other: Archive, tmp_path: Path) -> None:
    number = archive.save(digests.digest(), at=AT).id
    archive.put_user("Ann", PASSWORD, at=AT)
    archive.mark("Ann", number, starred=True, at=AT)
    session, token = archive.sign_in("Ann", PASSWORD, at=AT), archive.put_token("reader", at=AT)
    archive.allowed("a", most=1, seconds=60, at=AT)
    file = tmp_path / "backup.sqlite"
    archive.backup(file)
    assert archive.secret() not in file.read_bytes()
    with Archive.open(str(file)) as copy:
        kept = everything(copy)
        assert accounts._told_again(str(session)) not in kept
        assert "'a'" not in kept
    other.put_user("Bo", PASSWORD, at=AT)
    gone, own = other.sign_in("Bo", PASSWORD, at=AT), other.secret()
    other.restore(file)
    assert other.secret() == own
    assert [user.name for user in other.users()] == ["Ann"]
    assert [other.signed_in(str(each), at=AT) for each in (session, gone)] == [None, None]
    assert other.sign_in("Ann", PASSWORD, at=AT) is not None
    assert other.token(token, at=AT) is not None
    assert [card.id for card in other.starred("Ann").rows] == [number]
    assert other.put_token("another", at=AT)
    other.put_user("Bo", PASSWORD, at=AT)


def test_an_export_carries_no_accounts(archive: Archive) -> None:
    archive.put_user("Ann", PASSWORD, at=AT)
    archive.put_token("reader", at=AT)
    assert list(archive.lines()) == []


def save(archive: Archive, *numbers: int) -> list[int]:
    def at(number: int) -> datetime:
        return AT + number * HOUR

    addresses = {number: {"url": f"https://a.example/{number}", "canonical_url": None} for number in numbers}
    return [
        archive.save(digests.digest(published_at=at(number), **addresses[number]), at=at(number)).id
        for number in numbers
    ]


def test_marks(archive: Archive) -> None:
    one, two, three = save(archive, 1, 2, 3)

    def noted(reader: str) -> list[tuple[bool, bool]]:
        return [(mark.is_read, mark.is_starred) for mark in archive.marks(reader, [one, two, three, 7]).values()]

    archive.mark("", one, read=True, at=AT)
    archive.mark("", two, starred=True, at=AT)
    archive.mark("", two, read=True, at=AT)
    archive.mark("Ann", three, read=True, starred=True, at=AT)
    assert noted("") == [(True, False), (True, True), (False, False), (False, False)]
    assert noted("ann") == [(False, False), (False, False), (True, True), (False, False)]
    archive.mark("", two, starred=False, at=AT)
    archive.mark("", one, read=False, at=AT)
    archive.mark("", three, read=False, at=AT)
    assert noted("") == [(False, False), (True, False), (False, False), (False, False)]
    assert archive.marks("", []) == {}
    assert archive.mark("", one, read=True, at=AT)
    assert not archive.mark("", 7, read=True)


def test_starred_articles_are_listed_the_newest_first_in_pages(archive: Archive) -> None:
    numbers = save(archive, 3, 1, 4, 2, 5)
    for number in numbers[:4]:
        archive.mark("Ann", number, read=True, starred=True, at=AT)
    archive.mark("Ann", numbers[4], read=True, at=AT)
    archive.mark("Bo", numbers[4], starred=True, at=AT)
    first = archive.starred("ANN", limit=3)
    rest = archive.starred("Ann", limit=3, cursor=first.cursor)
    assert [card.id for page in (first, rest) for card in page.rows] == sorted(numbers[:4], reverse=True)
    assert rest.cursor is None
    assert archive.starred("").rows == ()
    with pytest.raises(ArchiveError, match="no cursor"):
        archive.starred("Ann", cursor="x")


def test_the_first_time_of_a_mark_stays(archive: Archive) -> None:
    (number,) = save(archive, 1)
    for at in (AT, AT + DAY):
        archive.mark("", number, starred=True, at=at)
    assert repr(AT + DAY) not in everything(archive)


def test_marks_of_many_threads_are_all_kept(archive: Archive) -> None:
    numbers = save(archive, *range(6))
    changes: list[Callable[[int], None]] = [
        lambda number: archive.mark("Ann", number, read=True, at=AT),
        lambda number: archive.mark("Ann", number, starred=True, at=AT),
    ]
    with ThreadPoolExecutor(6) as threads:
        list(threads.map(lambda each: changes[each % 2](numbers[each // 2]), range(12)))
    assert all(mark.is_read and mark.is_starred for mark in archive.marks("Ann", numbers).values())
