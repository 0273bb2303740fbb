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
from operator import attrgetter
from typing import Any, TypeVar, cast

import zstandard

from gazetteer.errors import ArchiveError

Value = TypeVar("Value")
_DAMAGED = "what the archive holds there is damaged; what else it holds can be read. Restore a backup"


def to_json(value: object) -> Any:  # noqa: ANN401 - JSON
    """Give a value as what JSON can hold."""
    return _writer(cast("Hashable", type(value)))(value)


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


Write = Callable[[Any], object]
"""Gives a value as JSON."""


@cache
def _writer(hint: Any) -> Write:  # noqa: ANN401 - a type's hint
    """Give what writes what the hint allows."""
    kinds = _kinds(hint)
    one = _several_out(kinds) if len(kinds) > 1 else _writer_of(kinds[0])
    if one is _as_it_is or kinds == (hint,):
        return one
    return lambda value: None if value is None else one(value)


def _several_out(kinds: Sequence[Any]) -> Write:
    writers = {kind: _dataclass_out(kind) for kind in kinds}
    return lambda value: {"is": type(value).__name__} | writers[type(value)](value)


def _writer_of(kind: Any) -> Write:  # noqa: ANN401 - a type
    if dataclasses.is_dataclass(kind):
        return _dataclass_out(cast("type", kind))
    if typing.get_origin(kind) is tuple:
        return _tuple_out(typing.get_args(kind))
    if kind is datetime:
        return datetime.isoformat
    if kind is bytes:
        return lambda value: base64.b64encode(value).decode()
    return attrgetter("value") if issubclass(kind, Enum) else _as_it_is


def _dataclass_out(kind: type) -> Callable[[Any], dict[str, object]]:
    hints = typing.get_type_hints(kind)
    fields = [(each.name, each.default, _writer(hints[each.name])) for each in dataclasses.fields(kind)]
    names = [name for name, _, _ in fields]
    if len(fields) > 1 and all(default is dataclasses.MISSING and one is _as_it_is for _, default, one in fields):
        values = attrgetter(*names)
        return lambda value: dict(zip(names, values(value), strict=True))

    def write(value: object) -> dict[str, object]:
        written = {}
        for name, default, one in fields:
            held = getattr(value, name)
            if held is not default and held != default:
                written[name] = one(held)
        return written

    return write


def _tuple_out(members: tuple[Any, ...]) -> Write:
    writers = [_writer(member) for member in members if member is not Ellipsis]
    if all(one is _as_it_is for one in writers):
        return list
    if members[-1] is Ellipsis:
        return lambda value: [*map(writers[0], value)]
    return lambda value: [one(each) for one, each in zip(writers, value, strict=True)]


def _as_it_is(value: object) -> object:
    return value


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
