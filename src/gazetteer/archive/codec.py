"""Values ↔ JSON, without loss: any of the dataclasses of `types`, whatever fields it comes to have.

A value is an object of its fields; what stands at its default is left out. A tuple is a list, an enumeration its value,
bytes are Base64, a time is RFC 3339; where a field may hold several kinds, `"is"`
names the kind. Lone surrogates stay as JSON escapes.
"""

import base64
import dataclasses
import json
import types
import typing
from collections.abc import Callable, Hashable, Sequence
from datetime import datetime
from enum import Enum
from functools import cache, partial
from typing import Any, TypeVar, cast

import zstandard

from gazetteer.errors import ArchiveError

Value = TypeVar("Value")
_PLAIN = frozenset({str, float, int, bool, type(None)})  # what JSON has as it is
_DAMAGED = "what the archive holds there is damaged; what else it holds can be read. Restore a backup"


def to_json(value: object) -> Any:  # noqa: ANN401 - JSON
    """Give a value as what JSON can hold."""
    return _written(value, is_named=False)


def from_json(kind: type[Value], data: object) -> Value:
    """Give back the value of `kind`; raises `ArchiveError` where the data is not one."""
    try:
        return cast("Value", _reader(cast("Hashable", kind))(data))
    except (KeyError, TypeError, ValueError, OverflowError, RecursionError) as error:
        raise ArchiveError(f"this is no {kind.__name__.lower()} as Gazetteer writes it: {error}") from error


def packed(value: object) -> bytes:
    """Give a value as compressed bytes."""
    return compressed(json.dumps(to_json(value), separators=(",", ":")).encode("ascii"))


def unpacked(kind: type[Value], data: bytes) -> Value:
    """Give back the value of `kind` from its bytes; raises `ArchiveError` where they are damaged."""
    return from_json(kind, _loaded(data))


def field_of(name: str, data: bytes) -> Any:  # noqa: ANN401 - JSON
    """Give one field of a packed value, as JSON has it, without reading the rest into values."""
    return _loaded(data).get(name)


def _loaded(data: bytes) -> Any:  # noqa: ANN401 - JSON
    try:
        return json.loads(decompressed(data))
    except ValueError as error:
        raise ArchiveError(_DAMAGED) from error


def compressed(data: bytes) -> bytes:
    """Compress bytes."""
    return zstandard.compress(data)


def decompressed(data: bytes) -> bytes:
    """Give the bytes back; raises `ArchiveError` where they are damaged."""
    try:
        return zstandard.decompress(data)
    except zstandard.ZstdError as error:
        raise ArchiveError(_DAMAGED) from error


def _written(value: object, *, is_named: bool) -> object:
    if type(value) in _PLAIN:
        return value
    if dataclasses.is_dataclass(value):
        name: dict[str, object] = {"is": type(value).__name__} if is_named else {}
        return name | {
            field.name: _written(held, is_named=several)
            for field, several in _fields_out(cast("Any", type(value)))
            if (held := getattr(value, field.name)) is not field.default and held != field.default
        }
    if isinstance(value, tuple):
        return [each if type(each) in _PLAIN else _written(each, is_named=False) for each in value]
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    return value.isoformat() if isinstance(value, datetime) else value


@cache
def _fields_out(kind: Any) -> tuple[tuple[Any, bool], ...]:  # noqa: ANN401 - a dataclass
    """Give the fields of a dataclass, and whether each may hold several kinds of value."""
    hints = typing.get_type_hints(kind)
    return tuple((field, len(_kinds(hints[field.name])) > 1) for field in dataclasses.fields(kind))


@cache
def _kinds(hint: Any) -> tuple[Any, ...]:  # noqa: ANN401 - a type's hint
    """Give what a field may hold, beside None."""
    members = typing.get_args(hint) if isinstance(hint, types.UnionType) else (hint,)
    return tuple(each for each in members if each is not type(None))


Read = Callable[[Any], object]
"""Reads JSON into a value; raises `KeyError`, `TypeError` or `ValueError` where it is none of its kind."""


@cache
def _reader(hint: Any) -> Read:  # noqa: ANN401 - a type's hint
    """Give what reads what the hint allows."""
    kinds = _kinds(hint)
    one = _several(kinds) if len(kinds) > 1 else _reader_of(kinds[0])
    if kinds == (hint,):
        return one
    return lambda data: None if data is None else one(data)


def _several(kinds: Sequence[Any]) -> Read:
    readers = {kind.__name__: _reader_of(kind) for kind in kinds}
    return lambda data: readers[data["is"]](data)


def _reader_of(kind: Any) -> Read:  # noqa: ANN401 - a type
    if dataclasses.is_dataclass(kind):
        return _dataclass(cast("type", kind))
    if typing.get_origin(kind) is tuple:
        return _tuple(typing.get_args(kind))
    return _special(kind) or partial(_plain, kind)


def _dataclass(kind: type) -> Read:
    readers = {name: _reader(hint) for name, hint in typing.get_type_hints(kind).items()}

    def read(data: Any) -> object:  # noqa: ANN401 - JSON
        if type(data) is not dict:
            raise TypeError(f"{type(data).__name__} stands where an object must")
        return kind(**{name: readers[name](held) for name, held in data.items() if name != "is"})

    return read


def _tuple(members: tuple[Any, ...]) -> Read:
    readers = [_reader(member) for member in members if member is not Ellipsis]

    def read(data: Any) -> object:  # noqa: ANN401 - JSON
        if type(data) is not list:
            raise TypeError(f"{type(data).__name__} stands where a list must")
        if members[-1] is Ellipsis:
            return tuple(map(readers[0], data))
        return tuple(one(each) for one, each in zip(readers, data, strict=True))

    return read


def _special(kind: Any) -> Read | None:  # noqa: ANN401 - a type
    """Give what reads a kind that JSON has not."""
    if kind is datetime:
        return _time
    if kind is bytes:
        return partial(base64.b64decode, validate=True)
    return kind if issubclass(kind, Enum) else None


def _time(data: Any) -> datetime:  # noqa: ANN401 - JSON
    at = datetime.fromisoformat(data)
    if at.tzinfo is None:
        raise ValueError("a time has no zone")
    return at


def _plain(kind: type, data: Any) -> object:  # noqa: ANN401 - JSON
    if type(data) is kind:
        return data
    if kind is float and type(data) is int:
        return float(data)
    raise TypeError(f"{'null' if data is None else type(data).__name__} stands where {kind.__name__} must")
