"""The API's reference as a page, made from its description."""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from gazetteer.web.site import render

_BOUNDS = {
    "minimum": "at least {}",
    "maximum": "at most {}",
    "minLength": "at least {} characters",
    "maxLength": "at most {} characters",
    "default": "{} where it is not given",
}
_LARGE = 1 << 53  # bounds beyond it tell nobody anything


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A parameter, a word of an answer, or an answer: its name, its kind in words, and what is said of it."""

    name: str
    kind: str = ""
    words: str = ""
    is_required: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """What can be asked: how, with what, and what comes of it. `anchor` is its place on the page."""

    anchor: str
    method: str
    path: str
    words: str
    parameters: tuple[Part, ...]
    sends: str
    answers: tuple[Part, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """An object, and the words that it has; `values`, where it is one of a few words instead."""

    name: str
    words: str
    parts: tuple[Part, ...]
    values: tuple[str, ...]


def of(told: Mapping[str, Any]) -> Callable[[Request], Response]:
    """Give what shows the reference of an API, from its description."""
    always = _always(told)
    operations = tuple(_operations(told, always))
    everywhere = tuple(_answer(*each) for each in always.items())
    shapes = tuple(_shape(name, schema) for name, schema in sorted(told["components"]["schemas"].items()))

    def reference(request: Request) -> Response:
        return render(request, "api.html", told=told, operations=operations, everywhere=everywhere, shapes=shapes)

    return reference


def _always(told: Mapping[str, Any]) -> dict[str, Any]:
    """Give the answers that every question may have."""
    each = [operation["responses"] for methods in told["paths"].values() for operation in methods.values()]
    return {status: answer for status, answer in sorted(each[0].items()) if all(status in other for other in each)}


def _operations(told: Mapping[str, Any], always: Collection[str]) -> Iterator[Operation]:
    for path, methods in told["paths"].items():
        for method, operation in methods.items():
            sends = operation.get("requestBody", {}).get("content", {})
            answers = {status: each for status, each in operation["responses"].items() if status not in always}
            yield Operation(
                anchor=operation["operationId"],
                method=method.upper(),
                path=told["servers"][0]["url"] + path,
                words=operation["description"],
                parameters=tuple(map(_parameter, operation.get("parameters", ()))),
                sends=" or ".join(_kind(each["schema"]) for each in sends.values()),
                answers=tuple(_answer(*each) for each in sorted(answers.items())),
            )


def _parameter(given: Mapping[str, Any]) -> Part:
    return Part(
        name=given["name"],
        kind=_kind(given["schema"]),
        words=given.get("description", ""),
        is_required=given.get("required", False),
    )


def _answer(status: str, answer: Mapping[str, Any]) -> Part:
    kinds = " or ".join(_kind(each["schema"]) for each in answer.get("content", {}).values())
    return Part(name=status, kind=kinds, words=answer["description"])


def _shape(name: str, schema: Mapping[str, Any]) -> Shape:
    required = schema.get("required", ())
    parts = (
        Part(name=word, kind=_kind(held), words=held.get("description", ""), is_required=word in required)
        for word, held in schema.get("properties", {}).items()
    )
    words = " ".join(schema.get("description", "").split())
    return Shape(name=name, words=words, parts=tuple(parts), values=tuple(schema.get("enum", ())))


def _kind(schema: Mapping[str, Any]) -> str:
    """Give what a value may be, in words."""
    if "$ref" in schema:
        return str(schema["$ref"]).rpartition("/")[2]
    if "anyOf" in schema:
        kinds = " or ".join(_kind(each) for each in schema["anyOf"])
    elif schema.get("type") == "array":
        kinds = f"list of {_kind(schema['items'])}" if "items" in schema else "list"
    else:
        kinds = schema.get("format") or str(schema.get("const", schema.get("type", "anything")))
    bounds = (words.format(schema[name]) for name, words in _BOUNDS.items() if _tells(schema.get(name)))
    return ", ".join((kinds, *bounds))


def _tells(bound: object) -> bool:
    return bound is not None and not (isinstance(bound, int) and (bound == 0 or bound > _LARGE))
