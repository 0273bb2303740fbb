"""What is sent to the API to be added, as what can be taken in."""

from html import escape
from http import HTTPStatus
from typing import Annotated, Any

from fastapi import Depends, Request
from fastapi.exceptions import RequestValidationError
from pydantic import TypeAdapter, ValidationError
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException

from gazetteer.types import Capture
from gazetteer.web.api.access import Adds, Writes
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
_POSTED_FEED: TypeAdapter[Any] = TypeAdapter(PostedFeed)
_POSTED_FOLDERS: TypeAdapter[Any] = TypeAdapter(PostedFolders)
_POSTED_PLACING: TypeAdapter[Any] = TypeAdapter(PostedPlacing)
_POSTED: TypeAdapter[Any] = TypeAdapter(Posted)
_SOURCE = "posted"
_HTML = "text/html; charset=utf-8"


async def posted(request: Request, _asks: Adds) -> Posted:
    """Read what is to be added, once it is clear that whoever sent it may; raises where it is not as it must be."""
    found: Posted = await _read(request, _POSTED)
    return found


async def posted_feed(request: Request, _asks: Writes) -> PostedFeed:
    """Read what is to be followed, likewise."""
    found: PostedFeed = await _read(request, _POSTED_FEED)
    return found


async def posted_folders(request: Request, _asks: Writes) -> PostedFolders:
    """Read where a feed is to be, likewise."""
    found: PostedFolders = await _read(request, _POSTED_FOLDERS)
    return found


async def posted_placing(request: Request, _asks: Writes) -> PostedPlacing:
    """Read what is said of an article's story, likewise."""
    found: PostedPlacing = await _read(request, _POSTED_PLACING)
    return found


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


Sent = Annotated[Posted, Depends(posted)]
SentFeed = Annotated[PostedFeed, Depends(posted_feed)]
SentFolders = Annotated[PostedFolders, Depends(posted_folders)]
SentPlacing = Annotated[PostedPlacing, Depends(posted_placing)]


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
