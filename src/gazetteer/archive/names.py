"""Names across articles: whose each is, and the corrections that say otherwise.

Every name that was read is an alias, and belongs to one entity. A correction is a rule about names, not numbers, so
that it holds for old articles and new ones, and in another archive. The words that were read are never changed.
"""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Connection, bindparam, select, update

from gazetteer.archive import codec, counting, identity
from gazetteer.archive import schema as t
from gazetteer.archive.identity import Identity
from gazetteer.archive.query import Term
from gazetteer.archive.rows import put_all, put_numbered
from gazetteer.archive.words import key, storable
from gazetteer.errors import ArchiveError
from gazetteer.types import Annotation, Entity

_PLACE = ("country", "subdivision", "latitude", "longitude")  # of `types.Place`, as an entity's columns
_MOST_ALIASES = 200  # that a search for one entity looks for

_NAMED = (
    select(
        t.aliases.c.key,
        t.aliases.c.label,
        t.aliases.c.country,
        t.aliases.c.id,
        t.aliases.c.entity_id,
        t.entities.c.country,
    )
    .join_from(t.aliases, t.entities, t.entities.c.id == t.aliases.c.entity_id)
    .where(t.aliases.c.key.in_(bindparam("keys", expanding=True)))
)
_PLACED = (
    select(t.entities.c.place, t.entities.c.id)
    .where(t.entities.c.place.in_(bindparam("places", expanding=True)), t.entities.c.alias_id.is_(None))
    .order_by(t.entities.c.id.desc())
)


class Correction(StrEnum):
    """What a rule says of names."""

    MERGE = "merge"
    SPLIT = "split"
    RENAME = "rename"


@dataclass(frozen=True, slots=True, kw_only=True)
class Name:
    """A name as it was read: its words, label and, where it is known, country ("" where not)."""

    name: str
    label: str
    country: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A correction: `name` and `other` name the same (merge); `name` names something of its own (split); what has
    `name` is to be shown as `shown` (rename).
    """

    kind: Correction
    name: Name
    other: Name | None = None
    shown: str | None = None


def put(connection: Connection, article_id: int, annotation: Annotation) -> list[int]:
    """Write who and what appears in an article; gives the numbers of the aliases."""
    entities, quoted = annotation.entities, {quote.entity for quote in annotation.quotes}
    named = [*map(identity.name_of, entities)]
    known = _aliases(connection, dict(zip(reversed(named), reversed(entities), strict=True)))
    rows = []
    for number, (name, entity) in enumerate(zip(named, entities, strict=True)):
        alias_id, entity_id = known[name]
        tone = entity.tone
        rows.append(
            {
                "article_id": article_id,
                "number": number,
                "alias_id": alias_id,
                "entity_id": entity_id,
                "mentions": len(entity.mentions),
                "positive": tone and tone.positive,
                "negative": tone and tone.negative,
                "neutral": tone and tone.neutral,
                "is_quoted": number in quoted,
            }
        )
    put_all(connection, t.appearances, rows)
    return [alias_id for alias_id, _ in known.values()]


def aliases_of(connection: Connection, term: Term) -> list[int]:
    """Give the numbers of all names of the entities that have exactly this one."""
    own = select(t.aliases.c.entity_id).where(t.aliases.c.key == " ".join(term.words))
    statement = select(t.aliases.c.id).where(t.aliases.c.entity_id.in_(own)).order_by(t.aliases.c.id)
    return list(connection.execute(statement.limit(_MOST_ALIASES)).scalars())


def apply(connection: Connection, rule: Rule, *, at: datetime) -> None:
    """Hold the archive to a rule, and keep it."""
    if rule.kind is Correction.MERGE:
        _merge(connection, rule)
    elif rule.kind is Correction.SPLIT:
        _split(connection, rule)
    else:
        _rename(connection, rule)
    row = {"made_at": at, "rule": json.dumps(codec.to_json(rule))}
    connection.execute(t.corrections.insert(), row)


def rules(connection: Connection) -> list[tuple[Rule, datetime]]:
    """Give the rules in the order in which they were made, with when."""
    found = connection.execute(select(t.corrections.c.rule, t.corrections.c.made_at).order_by(t.corrections.c.id))
    return [(codec.from_json(Rule, json.loads(rule)), at) for rule, at in found]


def name_of(connection: Connection, entity_id: int) -> Name:
    """Give a name by which a rule can tell an entity; raises `ArchiveError` where there is none."""
    statement = select(t.aliases).filter_by(entity_id=entity_id).order_by(t.aliases.c.id).limit(1)
    row = connection.execute(statement).first()
    if row is None:
        raise ArchiveError(f"there is no entity {entity_id}")
    return Name(name=row.name, label=row.label, country=row.country)


def _aliases(connection: Connection, wanted: dict[Identity, Entity]) -> dict[Identity, tuple[int, int]]:
    """Give the alias and the entity of each name, as new ones where there are none."""
    if not wanted:
        return {}
    known: dict[Identity, tuple[int, int]] = {}
    for row in connection.execute(_NAMED, {"keys": [*{each.key for each in wanted}]}):
        name = Identity(key=row[0], label=row[1], country=row[2])
        known[name] = (row[3], row[4])
        if row[5] is None and name in wanted and wanted[name].place is not None:
            connection.execute(update(t.entities).filter_by(id=row[4]).values(**_place(wanted[name])))
    new = {each: entity for each, entity in wanted.items() if each not in known}
    return known | _new(connection, new)


def _new(connection: Connection, wanted: Mapping[Identity, Entity]) -> dict[Identity, tuple[int, int]]:
    """Give each name to the entity that is at its place or, where there is none, to one that has this name alone."""
    places = {name: identity.place_of(each) or name for name, each in wanted.items()}
    entities: dict[Identity | str, int] = {
        **_at(connection, {place for place in places.values() if isinstance(place, str)})
    }
    new = {place: name for name, place in places.items() if place not in entities}
    rows = [{"name": storable(wanted[name].name), "label": name.label} | _place(wanted[name]) for name in new.values()]
    entities |= zip(new, put_numbered(connection, t.entities, rows), strict=True)
    aliases = [_alias_row(name, each.name, entities[places[name]]) for name, each in wanted.items()]
    numbers = put_numbered(connection, t.aliases, aliases)
    return {name: (number, entities[places[name]]) for name, number in zip(wanted, numbers, strict=True)}


def _at(connection: Connection, places: Collection[str]) -> dict[Identity | str, int]:
    """Give the entities that are at these places."""
    found = connection.execute(_PLACED, {"places": [*places]}) if places else ()
    return {row.place: row.id for row in found}


def _place(entity: Entity) -> dict[str, object]:
    told = {name: entity.place and getattr(entity.place, name) for name in _PLACE}
    return told | {"place": identity.place_of(entity)}


def _alias_row(name: Identity, written: str, entity_id: int) -> dict[str, object]:
    return {
        "key": name.key,
        "label": name.label,
        "country": name.country,
        "name": storable(written),
        "entity_id": entity_id,
    }


def _alias(connection: Connection, name: Name) -> tuple[int, int]:
    """Give the alias and the entity of a rule's name, as new ones where no article has it yet."""
    read = Entity(name=name.name, label=name.label, mentions=())
    wanted = Identity(key=key(name.name), label=name.label, country=name.country)
    return _aliases(connection, {wanted: read})[wanted]


def _merge(connection: Connection, rule: Rule) -> None:
    """Give all names of the one entity to the other, which has the more fitting name: the one that `other` names."""
    if rule.other is None:
        raise ArchiveError("a rule that merges names two")
    (name, gone), (_, kept) = _alias(connection, rule.name), _alias(connection, rule.other)
    if gone == kept:
        return
    for table in (t.aliases, t.appearances):
        connection.execute(update(table).where(table.c.entity_id == gone).values(entity_id=kept))
    _fill_place(connection, gone, kept)
    counting.recount(connection, gone)
    counting.recount(connection, kept)
    connection.execute(update(t.entities).filter_by(id=gone).values(alias_id=name))


def _fill_place(connection: Connection, gone: int, kept: int) -> None:
    """Let what is merged have the place that one of the two has."""
    entity = select(*(t.entities.c[name] for name in (*_PLACE, "place")))
    if not any(connection.execute(entity.filter_by(id=kept)).one()):
        values = dict(connection.execute(entity.filter_by(id=gone)).one()._mapping)  # noqa: SLF001 - its public name
        connection.execute(update(t.entities).filter_by(id=kept).values(**values))


def _split(connection: Connection, rule: Rule) -> None:
    """Make a name an entity of its own, where it shares one."""
    alias_id, shared = _alias(connection, rule.name)
    others = select(t.aliases.c.id).where(t.aliases.c.entity_id == shared, t.aliases.c.id != alias_id).limit(1)
    if connection.execute(others).first() is None:
        return
    values = {"name": storable(rule.name.name), "label": rule.name.label, "country": rule.name.country or None}
    own = connection.execute(t.entities.insert().values(**values).returning(t.entities.c.id)).scalar_one()
    connection.execute(update(t.aliases).filter_by(id=alias_id).values(entity_id=own))
    connection.execute(update(t.appearances).filter_by(alias_id=alias_id).values(entity_id=own))
    _rename_left(connection, shared, rule.name)
    counting.recount(connection, shared)
    counting.recount(connection, own)


def _rename_left(connection: Connection, entity_id: int, gone: Name) -> None:
    """Show what is left of an entity under a name that it still has."""
    shown = connection.execute(select(t.entities.c.name).filter_by(id=entity_id)).scalar_one()
    if key(shown) == key(gone.name):
        left = name_of(connection, entity_id)
        connection.execute(update(t.entities).filter_by(id=entity_id).values(name=left.name))


def _rename(connection: Connection, rule: Rule) -> None:
    if not rule.shown or not rule.shown.strip():
        raise ArchiveError("a rule that renames says to what")
    _, entity_id = _alias(connection, rule.name)
    connection.execute(update(t.entities).filter_by(id=entity_id).values(name=storable(rule.shown)))
    wanted = Identity(key=key(rule.shown), label=rule.name.label, country=rule.name.country)
    statement = select(t.aliases.c.id).filter_by(key=wanted.key, label=wanted.label, country=wanted.country)
    if connection.execute(statement).first() is None:  # so that it is found under its new name too
        connection.execute(t.aliases.insert(), _alias_row(wanted, rule.shown, entity_id))
