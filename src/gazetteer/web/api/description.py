"""What the API says of itself: OpenAPI 3.1, made from its routes, with what they do not tell by themselves."""

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic.json_schema import models_json_schema

from gazetteer.web.api.models import (
    PostedAddress,
    PostedFeed,
    PostedFolders,
    PostedPage,
    PostedPlacing,
    PostedText,
    Problem,
)
from gazetteer.web.api.posting import REFERENCE

_SENT = (PostedAddress, PostedPage, PostedText, PostedFeed, PostedFolders, PostedPlacing)
_ETAG = {"ETag": {"description": "Tells this answer from others; send it back as If-None-Match.", "required": True}}
_LINK = {"Link": {"description": "The address of the next page, as rel=next."}}
_TEXT = {"schema": {"type": "string"}}
_HEADERS: dict[str, dict[str, dict[str, Any]]] = {
    "201": {"Location": {"description": "The path of what was added.", "required": True}},
    "401": {"WWW-Authenticate": {"description": "Bearer.", "required": True}},
    "429": {"Retry-After": {"description": "The seconds to wait.", "required": True}},
    "503": {"Retry-After": {"description": "The seconds to wait, where other pages are waiting to be added."}},
}
_UNCHANGED = {"description": "What If-None-Match names has not changed"}
_TOKEN = {
    "type": "http",
    "scheme": "bearer",
    "description": "A token, made by `gazetteer token add NAME`; with `--may-add`, it may add articles and tend feeds.",
}


def describe(app: FastAPI, *, path: str) -> dict[str, Any]:
    """Give the description of an API that stands at `path`."""
    told = get_openapi(
        title=app.title,
        version=app.version,
        description=app.description,
        routes=app.routes,
        servers=[{"url": path}],
    )
    _, extra = models_json_schema(
        [*((each, "validation") for each in _SENT), (Problem, "serialization")], ref_template=REFERENCE
    )
    told["components"]["schemas"] |= extra["$defs"]
    told["components"]["securitySchemes"] = {"token": _TOKEN}
    for operations in told["paths"].values():
        for method, operation in operations.items():
            _complete(method, operation)
    return told


def _complete(method: str, operation: dict[str, Any]) -> None:
    responses = operation["responses"]
    for parameter in operation.get("parameters", ()):
        parameter["schema"] = _given(parameter["schema"])
    if method == "get":
        operation["security"] = [{}, {"token": []}]
        responses["304"] = _UNCHANGED
        _carry(responses["200"], _ETAG)
        if any(each["name"] == "cursor" for each in operation.get("parameters", ())):
            _carry(responses["200"], _LINK)
    else:
        operation["security"] = [{"token": []}]
    for status, headers in _HEADERS.items():
        if status in responses:
            _carry(responses[status], headers)


def _carry(response: dict[str, Any], headers: dict[str, dict[str, Any]]) -> None:
    response["headers"] = response.get("headers", {}) | {name: told | _TEXT for name, told in headers.items()}


def _given(schema: dict[str, Any]) -> dict[str, Any]:
    """Give what a parameter that is given may be: never null."""
    kinds = [each for each in schema.get("anyOf", ()) if each != {"type": "null"}]
    return {name: held for name, held in schema.items() if name != "anyOf"} | kinds[0] if kinds else schema
