"""Small steps that the modules of the archive share."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Table, select
from sqlalchemy.dialects import postgresql, sqlite


def insert(connection: Connection, table: Table) -> Any:  # noqa: ANN401 - of one dialect or the other
    """Give an INSERT that can say what to do on conflict."""
    return (postgresql if connection.dialect.name == "postgresql" else sqlite).insert(table)


def put_all(connection: Connection, table: Table, rows: Sequence[Mapping[str, object]]) -> None:
    """Insert rows, if there are any."""
    if rows:
        connection.execute(table.insert(), list(rows))


def put_numbered(connection: Connection, table: Table, rows: Sequence[Mapping[str, object]]) -> list[int]:
    """Insert rows, which must name the same columns; give the ids that they get, in their order."""
    if not rows:
        return []
    statement = table.insert().returning(table.c.id, sort_by_parameter_order=True)
    return list(connection.execute(statement, list(rows)).scalars())


def add_up(connection: Connection, table: Table, rows: Sequence[Mapping[str, object]], *, sums: Iterable[str]) -> None:
    """Add numbers to the rows of the same key, and make those that are not there."""
    if not rows:
        return
    statement = insert(connection, table)
    added = {name: table.c[name] + statement.excluded[name] for name in sums}
    keys = [column.name for column in table.primary_key]
    connection.execute(statement.on_conflict_do_update(index_elements=keys, set_=added), list(rows))


def known(connection: Connection, table: Table, names: Mapping[str, Mapping[str, object]]) -> dict[str, int]:
    """Give the number of each name by its `key`, as a new row with these values where there is none."""
    if not names:
        return {}
    found = connection.execute(select(table.c.key, table.c.id).where(table.c.key.in_(list(names))))
    numbers: dict[str, int] = {row.key: row.id for row in found}
    new = [key for key in names if key not in numbers]
    given = put_numbered(connection, table, [{"key": key, **names[key]} for key in new])
    return numbers | dict(zip(new, given, strict=True))
