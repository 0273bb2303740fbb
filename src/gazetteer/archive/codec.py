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
from datetime import datetime
from enum import Enum
from functools import cache
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
        return cast("Value", _read(kind, data))
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
def _hints(kind: type) -> dict[str, Any]:
    return typing.get_type_hints(kind)


@cache
def _kinds(hint: Any) -> tuple[Any, ...]:  # noqa: ANN401 - a type's hint
    """Give what a field may hold, beside None."""
    members = typing.get_args(hint) if isinstance(hint, types.UnionType) else (hint,)
    return tuple(each for each in members if each is not type(None))


def _read(hint: Any, data: Any) -> object:  # noqa: ANN401 - a type's hint, and JSON
    kinds = _kinds(hint)
    if data is None:
        if kinds == (hint,):
            raise ValueError("null stands where a value must")
        return None
    kind = kinds[0]
    if len(kinds) > 1:
        kind = {each.__name__: each for each in kinds}[data["is"]]
    if dataclasses.is_dataclass(kind):
        return _dataclass(cast("type", kind), data)
    if typing.get_origin(kind) is tuple:
        return _tuple(typing.get_args(kind), data)
    return _plain(kind, data)


def _dataclass(kind: type, data: dict[str, Any]) -> object:
    if not isinstance(data, dict):
        raise TypeError(f"{type(data).__name__} stands where an object must")
    hints = _hints(kind)
    return kind(**{name: _read(hints[name], held) for name, held in data.items() if name != "is"})


def _tuple(members: tuple[Any, ...], data: list[Any]) -> tuple[object, ...]:
    if not isinstance(data, list):
        raise TypeError(f"{type(data).__name__} stands where a list must")
    if members[-1] is Ellipsis:
        return tuple(_read(members[0], each) for each in data)
    return tuple(_read(member, each) for member, each in zip(members, data, strict=True))


def _plain(kind: Any, data: Any) -> object:  # noqa: ANN401 - a type, and JSON
    if kind is datetime:
        at = datetime.fromisoformat(data)
        if at.tzinfo is None:
            raise ValueError("a time has no zone")
        return at
    if issubclass(kind, Enum):
        return kind(data)
    if kind is bytes:
        return base64.b64decode(data, validate=True)
    if kind is float and type(data) is int:
        return float(data)
    if type(data) is not kind:
        raise TypeError(f"{type(data).__name__} stands where {kind.__name__} must")
    return data
