"""Hosts that are asked: one request at a time to each, with a rest between two pages, from however many processes.

A host is claimed as what is due is (`feeds`): for as long as its answer may take, so that one whose asker was killed is
free again by itself.
"""

from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import bindparam, case, select, true, update

from gazetteer.archive import schema as t
from gazetteer.archive.database import Database
from gazetteer.archive.identity import key_of
from gazetteer.archive.rows import insert_of

_OWN = t.hosts.c.name == bindparam("host")
_FOUND = select(t.hosts.c.held_until, t.hosts.c.rests_until).where(_OWN)
_RESTS = bindparam("rests", type_=t.Moment)
_GIVING = (
    update(t.hosts)
    .where(_OWN, t.hosts.c.held_until == bindparam("until"))
    .values(
        held_until=bindparam("at"),
        rests_until=case((t.hosts.c.rests_until < _RESTS, _RESTS), else_=t.hosts.c.rests_until),
    )
)


def take(
    database: Database, name: str, *, at: datetime, until: datetime, rests_until: datetime | None, is_first: bool
) -> datetime | None:
    """Claim a host, which rests afterwards until `rests_until`; gives None, or when to try again at the earliest.

    Where it `is_first`, the host's own rest is waited for: not so for where a page of it leads, or its robots.txt.
    """
    own = {"host": key_of(name)}
    with database.read() as connection:  # who only looks holds up no writer
        found = connection.execute(_FOUND, own).first()
    earliest = max(at, found.rests_until) if found and is_first else at
    if found and (found.held_until > at or earliest > at):
        return earliest
    taking = own | {"at": at, "until": until, "rests_until": rests_until or at}
    with database.write() as connection:
        put = _taking(connection.dialect.name, rests=rests_until is not None, is_first=is_first)
        return at if connection.execute(put, taking).first() is None else None


@cache
def _taking(dialect: str, *, rests: bool, is_first: bool) -> Any:  # noqa: ANN401 - of one dialect or the other
    """Give the statement that claims a `host` at a time, until another, unless it is not free."""
    h, at = t.hosts.c, bindparam("at", type_=t.Moment)
    held = {"held_until": bindparam("until", type_=t.Moment), "rests_until": bindparam("rests_until", type_=t.Moment)}
    put = insert_of(dialect, t.hosts).values({"name": bindparam("host")} | held)
    changed = held if rests else {"held_until": held["held_until"]}
    is_free = (h.held_until <= at) & (h.rests_until <= at if is_first else true())
    return put.on_conflict_do_update(index_elements=[h.name], set_=changed, where=is_free).returning(h.name)


def give(database: Database, name: str, *, until: datetime, at: datetime, rests_until: datetime) -> None:
    """Give a host back that was claimed `until` then; where that claim has lapsed, it may be another's.

    It rests until `rests_until`, where it would not for longer.
    """
    with database.write() as connection:
        connection.execute(_GIVING, {"host": key_of(name), "until": until, "at": at, "rests": rests_until})
