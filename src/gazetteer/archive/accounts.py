"""Who may sign in, and which programs may ask: users, sessions, tokens, and limits on what may be tried.

No password and no secret is kept, but what tells it again: argon2's hash of a password, SHA-256 of a secret, which is
long and random. argon2 takes time and memory on purpose, so it never runs within a transaction.
"""

import hashlib
import secrets
import threading
import unicodedata
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import Connection, delete, select, update

from gazetteer.archive import identity
from gazetteer.archive import schema as t
from gazetteer.archive.database import Database
from gazetteer.archive.rows import insert
from gazetteer.archive.values import Token, User
from gazetteer.archive.words import storable
from gazetteer.errors import ArchiveError

LASTING = timedelta(days=30)
"""How long a session lasts."""

LEAST_PASSWORD = 12
MOST_PASSWORD = 1_000
LONGEST_NAME = 60
NOTED = timedelta(hours=1)
"""The use of a token is noted once in this time, so that reading does not always write."""

_HASHER = PasswordHasher()
_HASHING = threading.BoundedSemaphore(2)  # each hash takes 64 MiB: strangers who sign in wait for each other


def put_user(database: Database, name: str, password: str, *, at: datetime) -> None:
    """Let somebody sign in with this password, and no longer with another; their sessions end."""
    shown = _name(name, "user")
    if identity.is_owner(shown):
        raise ArchiveError(f"{shown!r} is whoever keeps the archive; choose another name")
    if identity.is_mixed(shown):
        raise ArchiveError(f"{shown!r} mixes letters of scripts that look alike; choose another name")
    if not LEAST_PASSWORD <= len(password) <= MOST_PASSWORD:
        raise ArchiveError(f"a password has from {LEAST_PASSWORD} to {MOST_PASSWORD:,} characters")
    hashed = _hashed(password)
    values = {"key": identity.user(shown), "name": shown, "password": hashed, "made_at": at}
    with database.write() as connection:
        statement = insert(connection, t.users).values(**values)
        changed = statement.on_conflict_do_update(index_elements=["key"], set_={"password": hashed})
        number = connection.execute(changed.returning(t.users.c.id)).scalar_one()
        connection.execute(delete(t.sessions).filter_by(user_id=number))


def remove_user(database: Database, name: str) -> bool:
    """Remove a user, with their sessions and marks; tells whether they were there."""
    key = identity.user(name)
    with database.write() as connection:
        removed = bool(connection.execute(delete(t.users).filter_by(key=key)).rowcount)
        if removed:
            connection.execute(delete(t.marks).filter_by(reader=key))
        return removed


def users(database: Database) -> tuple[User, ...]:
    """Give the users, by their names."""
    with database.read() as connection:
        found = connection.execute(select(t.users.c.name, t.users.c.made_at).order_by(t.users.c.key))
        return tuple(User(name=name, made_at=made_at) for name, made_at in found)


def sign_in(database: Database, name: str, password: str, *, at: datetime) -> str | None:
    """Begin a session, and give its secret; None where the name or the password is wrong, in the same time."""
    if len(password) > MOST_PASSWORD:
        return None
    with database.read() as connection:
        user = connection.execute(select(t.users).filter_by(key=identity.user(name))).first()
    if user is None:
        _hashed(password)
        return None
    if not _is_right(password, user.password):
        return None
    hashed = _hashed(password) if _HASHER.check_needs_rehash(user.password) else user.password
    secret = _secret()
    with database.write() as connection:
        same = update(t.users).filter_by(id=user.id, password=user.password).values(password=hashed)
        if not connection.execute(same).rowcount:  # it was changed, or the user removed, meanwhile
            return None
        connection.execute(delete(t.sessions).where(t.sessions.c.until <= at))
        values = {"hash": _told_again(secret), "user_id": user.id, "made_at": at, "until": at + LASTING}
        connection.execute(t.sessions.insert().values(**values))
    return secret


def signed_in(database: Database, secret: str, *, at: datetime) -> str | None:
    """Give the name of whose session it is, while it lasts."""
    statement = (
        select(t.users.c.name)
        .join_from(t.sessions, t.users, t.users.c.id == t.sessions.c.user_id)
        .where(t.sessions.c.hash == _told_again(secret), t.sessions.c.until > at)
    )
    with database.read() as connection:
        return connection.execute(statement).scalar()


def sign_out(database: Database, secret: str) -> None:
    """End a session."""
    with database.write() as connection:
        connection.execute(delete(t.sessions).filter_by(hash=_told_again(secret)))


def allowed(database: Database, key: str, *, most: int, seconds: int, at: datetime) -> bool:
    """Count an attempt, and tell whether it is one of the first `most` in these `seconds`, counted from the epoch.

    What is not within the limit costs no writing.
    """
    now = int(at.timestamp())
    window = {"key": identity.key_of(key), "seconds": seconds, "until": now - now % seconds + seconds}
    with database.read() as connection:
        tries = connection.execute(select(t.attempts.c.tries).filter_by(**window)).scalar()
    if tries is not None and tries >= most:
        return False
    with database.write() as connection:
        connection.execute(delete(t.attempts).where(t.attempts.c.until <= now))
        statement = insert(connection, t.attempts).values(**window, tries=1)
        another = statement.on_conflict_do_update(
            index_elements=list(window), set_={"tries": t.attempts.c.tries + 1}
        ).returning(t.attempts.c.tries)
        return bool(connection.execute(another).scalar_one() <= most)


def put_token(database: Database, name: str, *, may_add: bool, at: datetime) -> str:
    """Let a program ask, and give its secret; one that it had before under this name is good for nothing then."""
    secret = _secret()
    values = {"hash": _told_again(secret), "may_add": may_add, "made_at": at, "used_at": None}
    shown = _name(name, "token")
    with database.write() as connection:
        statement = insert(connection, t.tokens).values(name=shown, **values)
        connection.execute(statement.on_conflict_do_update(index_elements=["name"], set_=values))
    return secret


def remove_token(database: Database, name: str) -> bool:
    """Remove a token; tells whether it was there."""
    with database.write() as connection:
        return bool(connection.execute(delete(t.tokens).filter_by(name=storable(_tidy(name)))).rowcount)


def tokens(database: Database) -> tuple[Token, ...]:
    """Give the tokens, by their names."""
    with database.read() as connection:
        return tuple(map(_token, connection.execute(select(t.tokens).order_by(t.tokens.c.name))))


def token(database: Database, secret: str, *, at: datetime) -> Token | None:
    """Give the token that a secret belongs to, and note that it was used, where that can be."""
    with database.read() as connection:
        row = connection.execute(select(t.tokens).filter_by(hash=_told_again(secret))).first()
    if row is None:
        return None
    if row.used_at is None or at - row.used_at >= NOTED:
        with suppress(ArchiveError), database.write() as connection:
            connection.execute(update(t.tokens).filter_by(id=row.id).values(used_at=at))
    return _token(row)


def secret(database: Database) -> bytes:
    """Give the key that this archive signs forms with: random, and made when it is first asked for."""
    with database.read() as connection:
        key = _key(connection)
    if key is not None:
        return key
    with database.write() as connection:
        statement = insert(connection, t.secrets).values(id=1, key=secrets.token_bytes(32))
        connection.execute(statement.on_conflict_do_nothing())
        made = _key(connection)
        assert made is not None
        return made


def _key(connection: Connection) -> bytes | None:
    return connection.execute(select(t.secrets.c.key)).scalar()


def _secret() -> str:
    return secrets.token_urlsafe(32)


def _told_again(secret: str) -> str:
    """Give what a secret is told again by."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def _hashed(password: str) -> str:
    with _HASHING:
        return _HASHER.hash(_plain(password))


def _is_right(password: str, hashed: str) -> bool:
    try:
        with _HASHING:
            return _HASHER.verify(hashed, _plain(password))
    except (VerificationError, InvalidHashError):
        return False


def _plain(password: str) -> bytes:
    """Give the bytes of a password, the same whatever keyboard composed its letters."""
    return unicodedata.normalize("NFKC", password).encode("utf-8", "surrogatepass")


def _name(name: str, whose: str) -> str:
    """Give a name as it is shown; raises `ArchiveError` where it is odd."""
    shown = _tidy(name) if len(name) <= LONGEST_NAME else name
    if len(shown) > LONGEST_NAME:
        raise ArchiveError(f"the name of a {whose} has at most {LONGEST_NAME} characters")
    if not shown.isprintable() or not any(map(str.isalnum, shown)):
        raise ArchiveError(f"the name of a {whose} is made of characters that can be seen, one a letter or digit")
    return shown


def _tidy(name: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", name).split())


def _token(row: Any) -> Token:  # noqa: ANN401 - a row of tokens
    return Token(name=row.name, may_add=row.may_add, made_at=row.made_at, used_at=row.used_at)
