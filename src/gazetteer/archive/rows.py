"""Small steps that the modules of the archive share.

Statements that are run for every article are made once: making one costs more than running it.
"""

from collections.abc import Iterable, Mapping, Sequence
from functools import cache, lru_cache
from typing import Any

from sqlalchemy import Connection, Dialect, Insert, Select, Table, bindparam, func, select
from sqlalchemy.dialects import postgresql, sqlite


def insert(connection: Connection, table: Table) -> Any:  # noqa: ANN401 - of one dialect or the other
    """Give an INSERT that can say what to do on conflict."""
    return insert_of(connection.dialect.name, table)


def insert_of(dialect: str, table: Table) -> Any:  # noqa: ANN401 - of one dialect or the other
    """Give an INSERT of a dialect that can say what to do on conflict."""
    return (postgresql if dialect == "postgresql" else sqlite).insert(table)


def put(connection: Connection, table: Table, row: Mapping[str, object]) -> None:
    """Insert a row."""
    connection.execute(_inserting(table), row)


def put_all(connection: Connection, table: Table, rows: Sequence[Mapping[str, object]]) -> None:
    """Insert rows, if there are any, which must name the same columns: of words, numbers and bytes, not of times.

    They are handed to the driver as they are, since looking at each costs more than inserting it.
    """
    if rows:
        statement, order = _written(table, connection.dialect, tuple(rows[0]))
        given = rows if order is None else [tuple(map(row.__getitem__, order)) for row in rows]
        connection.exec_driver_sql(statement, given)


def free_numbers(connection: Connection, table: Table, count: int) -> list[int]:
    """Give ids that no row has, or gets, in their order."""
    if connection.dialect.name == "postgresql":
        numbers = func.nextval(func.pg_get_serial_sequence(table.name, "id"))
        return sorted(connection.execute(select(numbers).select_from(func.generate_series(1, count))).scalars())
    last: int = connection.execute(_last(table)).scalar_one()
    return [*range(last + 1, last + 1 + count)]


def put_numbered(connection: Connection, table: Table, rows: Sequence[Mapping[str, object]]) -> list[int]:
    """Insert rows, which must name the same columns, as for `put_all`; give the ids that they get, in their order."""
    if not rows:
        return []
    if connection.dialect.name == "postgresql":
        return list(connection.execute(_numbering(table), rows).scalars())
    numbers = free_numbers(connection, table, len(rows))  # SQLite gives ids in order only to rows put one by one
    put_all(connection, table, [{"id": number, **row} for number, row in zip(numbers, rows, strict=True)])
    return numbers


def add_up(connection: Connection, table: Table, rows: Sequence[Mapping[str, object]], *, sums: Iterable[str]) -> None:
    """Add numbers to the rows of the same key, and make those that are not there."""
    if rows:
        connection.execute(adding(insert(connection, table), table, sums), rows)


def adding(statement: Any, table: Table, sums: Iterable[str]) -> Any:  # noqa: ANN401 - of one dialect or the other
    """Let an INSERT add its numbers to the rows that have its keys."""
    added = {name: table.c[name] + statement.excluded[name] for name in sums}
    return statement.on_conflict_do_update(index_elements=[*table.primary_key], set_=added)


def known(connection: Connection, table: Table, names: Mapping[str, Mapping[str, object]]) -> dict[str, int]:
    """Give the number of each name by its `key`, as a new row with these values where there is none."""
    if not names:
        return {}
    numbers: dict[str, int] = {row.key: row.id for row in connection.execute(_keyed(table), {"keys": [*names]})}
    new = [key for key in names if key not in numbers]
    given = put_numbered(connection, table, [{"key": key, **names[key]} for key in new])
    return numbers | dict(zip(new, given, strict=True))


@cache
def _inserting(table: Table) -> Insert:
    return table.insert()


@lru_cache(maxsize=64)
def _written(table: Table, dialect: Dialect, names: tuple[str, ...]) -> tuple[str, list[str] | None]:
    """Give an INSERT in SQL, and the order of its columns where the driver goes by that."""
    compiled = table.insert().compile(dialect=dialect, column_keys=names)
    return str(compiled), compiled.positiontup


@cache
def _last(table: Table) -> Any:  # noqa: ANN401 - a SELECT of a number
    return select(func.coalesce(func.max(table.c.id), 0))


@cache
def _numbering(table: Table) -> Any:  # noqa: ANN401 - an INSERT that returns
    return table.insert().returning(table.c.id, sort_by_parameter_order=True)


@cache
def _keyed(table: Table) -> Select[tuple[str, int]]:
    return select(table.c.key, table.c.id).where(table.c.key.in_(bindparam("keys", expanding=True)))
