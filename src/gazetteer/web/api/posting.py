"""What is sent to the API to be added, as what can be taken in."""

from collections.abc import Callable
from html import escape
from http import HTTPStatus
from typing import Annotated, Any

from fastapi import Depends, Request
from fastapi.exceptions import RequestValidationError
from pydantic import TypeAdapter, ValidationError
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException

from gazetteer.types import Capture
from gazetteer.web.api.access import Asker, adder, writer
from gazetteer.web.api.models import (
    Posted,
    PostedAddress,
    PostedFeed,
    PostedFolders,
    PostedPage,
    PostedPlacing,
    PostedText,
    Words,
)

LARGEST = 8 * 1024 * 1024
"""The bytes that may be sent."""

REFERENCE = "#/components/schemas/{model}"
_SOURCE = "posted"
_HTML = "text/html; charset=utf-8"


def _sent(words: Any, asker: Callable[..., Asker]) -> Any:  # noqa: ANN401 - what FastAPI takes for a dependency
    """Give what reads `words` that are sent, once it is clear that whoever sends them may.

    It raises where they are not as they must be.
    """
    adapter = TypeAdapter[Any](words)

    async def read(request: Request, _asks: Annotated[Asker, Depends(asker)]) -> Any:  # noqa: ANN401
        return await _read(request, adapter)

    return Depends(read)


async def _read(request: Request, words: TypeAdapter[Any]) -> Any:  # noqa: ANN401 - what the words say
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/json":
        raise HTTPException(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "Send application/json.")
    body = await _body(request)
    try:
        return await run_in_threadpool(words.validate_json, body)
    except ValidationError as error:
        errors = error.errors(include_url=False, include_context=False, include_input=False)
        raise RequestValidationError([each | {"loc": ("body", *each["loc"])} for each in errors]) from None


Sent = Annotated[Posted, _sent(Posted, adder)]
SentFeed = Annotated[PostedFeed, _sent(PostedFeed, writer)]
SentFolders = Annotated[PostedFolders, _sent(PostedFolders, writer)]
SentPlacing = Annotated[PostedPlacing, _sent(PostedPlacing, writer)]


def takes(*models: type[Words]) -> dict[str, Any]:
    """Give what an operation says of what must be sent to it: one of these."""
    sent = [{"$ref": REFERENCE.format(model=each.__name__)} for each in models]
    schema = {"anyOf": sent} if len(sent) > 1 else sent[0]
    return {"requestBody": {"required": True, "content": {"application/json": {"schema": schema}}}}


def source(sent: Posted) -> str | Capture:
    """Give what can be taken in: an address, or a page."""
    if isinstance(sent, PostedAddress):
        return sent.url
    words = sent.html if isinstance(sent, PostedPage) else _page(sent)
    content = words.encode("utf-8", "replace")
    return Capture(source=sent.url or _SOURCE, content=content, url=sent.url, content_type=_HTML)


async def _body(request: Request) -> bytes:
    chunks: list[bytes] = []
    left = LARGEST
    async for chunk in request.stream():
        left -= len(chunk)
        if left < 0:
            raise HTTPException(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"No more than {LARGEST:,} bytes may be sent.")
        chunks.append(chunk)
    return b"".join(chunks)


def _page(sent: PostedText) -> str:
    """Give a text as the page that it would be."""
    headline = escape(sent.headline)
    paragraphs = "".join(f"<p>{escape(each)}</p>" for each in sent.text.split("\n\n") if each.strip())
    return (
        f"<!doctype html><html><head><title>{headline}</title></head>"
        f"<body><article><h1>{headline}</h1>{paragraphs}</article></body></html>"
    )
