"""What goes wrong in the API, told as problems (RFC 9457): every error has the same shape."""

from collections.abc import Mapping, Sequence
from functools import partial
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Match, Route

from gazetteer.errors import BusyError, CursorError, GazetteerError, QueryError
from gazetteer.web.api.models import Problem, Wrong
from gazetteer.web.site import log
from gazetteer.web.templating import sentence

MEDIA_TYPE = "application/problem+json"
_UNPROCESSABLE = HTTPStatus.UNPROCESSABLE_ENTITY
_REASONS = {
    HTTPStatus.NOT_FOUND: "There is nothing at this address.",
    HTTPStatus.METHOD_NOT_ALLOWED: "This cannot be done here; `Allow` says what can.",
}


def declared(*statuses: HTTPStatus) -> dict[int | str, dict[str, Any]]:
    """Give what an operation says of the problems that it may answer with."""
    content = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {status.value: {"description": status.phrase, "content": content} for status in statuses}


MISSING = declared(HTTPStatus.NOT_FOUND)
SENDING = declared(HTTPStatus.FORBIDDEN, HTTPStatus.REQUEST_ENTITY_TOO_LARGE, HTTPStatus.UNSUPPORTED_MEDIA_TYPE)


def catch(app: FastAPI, routes: Sequence[BaseRoute]) -> None:
    """Let everything that goes wrong in an app that has these routes be told as a problem."""
    app.add_exception_handler(HTTPException, partial(_refused, routes))
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(GazetteerError, _failed)
    app.add_exception_handler(Exception, _broken)


def problem(
    status: int,
    detail: str | None = None,
    *,
    position: int | None = None,
    wrong: tuple[Wrong, ...] | None = None,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """Give a problem as an answer."""
    told = Problem(
        type="about:blank",
        title=HTTPStatus(status).phrase,
        status=status,
        detail=detail,
        position=position,
        wrong=wrong,
    )
    return Response(told.model_dump_json(exclude_none=True), status, headers, media_type=MEDIA_TYPE)


def _refused(routes: Sequence[BaseRoute], request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    status = HTTPStatus(error.status_code)
    detail = _REASONS.get(status, "") if error.detail == status.phrase else error.detail
    headers = {name.lower(): value for name, value in (error.headers or {}).items()}
    if status is HTTPStatus.METHOD_NOT_ALLOWED:
        headers["allow"] = _allowed(routes, request, headers["allow"])
    return problem(status, detail or None, headers=headers)


def _allowed(routes: Sequence[BaseRoute], request: Request, told: str) -> str:
    """Give what can be done at a path: the route that was found tells of its own methods alone."""
    found = (each for each in routes if isinstance(each, Route) and each.matches(request.scope)[0] is not Match.NONE)
    methods = set(told.split(", ")).union(*(each.methods or () for each in found))
    return ", ".join(sorted(methods | ({"HEAD"} if "GET" in methods else set())))


def _invalid(_request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    wrong = tuple(
        Wrong(where=".".join(map(str, each["loc"])), reason=each["msg"].removeprefix("Value error, "))
        for each in error.errors()
    )
    return problem(_UNPROCESSABLE, "The request is not as the description says that it must be.", wrong=wrong)


def _failed(request: Request, error: Exception) -> Response:
    assert isinstance(error, GazetteerError)
    if isinstance(error, QueryError):
        return problem(_UNPROCESSABLE, sentence(error.reason), position=error.position)
    status = _UNPROCESSABLE if isinstance(error, CursorError) else HTTPStatus.SERVICE_UNAVAILABLE
    log(request, status, error.reason)
    headers = {"retry-after": str(error.seconds)} if isinstance(error, BusyError) else None
    return problem(status, sentence(error.reason), headers=headers)


def _broken(request: Request, _error: Exception) -> Response:
    log(request, HTTPStatus.INTERNAL_SERVER_ERROR, "it broke down")
    return problem(HTTPStatus.INTERNAL_SERVER_ERROR, "Something went wrong; the log says what.")
