"""Hosts that are asked: one request at a time to each, with a rest between two pages, from however many processes.

A host is claimed as what is due is (`feeds`): for as long as its answer may take, so that one whose asker was killed is
free again by itself.
"""

from datetime import datetime

from sqlalchemy import select, update

from gazetteer.archive import schema as t
from gazetteer.archive.database import Database
from gazetteer.archive.identity import key_of
from gazetteer.archive.rows import insert


def take(
    database: Database, name: str, *, at: datetime, until: datetime, rests_until: datetime | None, is_first: bool
) -> datetime | None:
    """Claim a host, which rests afterwards until `rests_until`; gives None, or when to try again at the earliest.

    Where it `is_first`, the host's own rest is waited for: not so for where a page of it leads, or its robots.txt.
    """
    h = t.hosts.c
    with database.read() as connection:  # who only looks holds up no writer
        found = connection.execute(select(h.held_until, h.rests_until).where(h.name == key_of(name))).first()
    earliest = max(at, found.rests_until) if found and is_first else at
    if found and (found.held_until > at or earliest > at):
        return earliest
    held = {"held_until": until} | ({} if rests_until is None else {"rests_until": rests_until})
    is_free = (h.held_until <= at) & (h.rests_until <= at if is_first else True)
    with database.write() as connection:
        put = insert(connection, t.hosts).values({"name": key_of(name), "rests_until": at} | held)
        put = put.on_conflict_do_update(index_elements=[h.name], set_=held, where=is_free).returning(h.name)
        return at if connection.execute(put).first() is None else None


def give(database: Database, name: str, *, until: datetime, at: datetime) -> None:
    """Give a host back that was claimed `until` then; where that claim has lapsed, it may be another's."""
    own = (t.hosts.c.name == key_of(name)) & (t.hosts.c.held_until == until)
    with database.write() as connection:
        connection.execute(update(t.hosts).where(own).values(held_until=at))
