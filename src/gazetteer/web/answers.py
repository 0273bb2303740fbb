"""What holds for every answer: the headers that it carries, and that nothing is sent twice that did not change."""

import hashlib
from http import HTTPStatus

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

POLICY = "; ".join(
    (
        "default-src 'none'",
        "style-src 'self'",
        "script-src 'self'",
        "img-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
"""The Content-Security-Policy of every page: no script, style or picture but the site's own files."""

HEADERS = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "cache-control": "private, no-cache",
}
"""What every answer carries that does not say otherwise."""

BY_HTTPS = {"strict-transport-security": "max-age=31536000"}
"""What an answer carries besides where it was asked for by https, as far as a proxy that is believed tells."""

_OF_WHAT_IS_SENT = ("content-length", "content-type")


class Said:
    """Puts what every answer says of itself on it; an answer may say otherwise."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer."""

        async def sent(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in (HEADERS | (BY_HTTPS if scope.get("scheme") == "https" else {})).items():
                    headers.setdefault(name, value)
            await send(message)

        await self._app(scope, receive, sent)


class Unchanged:
    """Answers 304 to who has the same already: an answer's tag (`etag`) is of its words, unless it has one."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer."""
        if scope["type"] != "http" or scope["method"] not in ("GET", "HEAD"):
            await self._app(scope, receive, send)
            return
        held: list[Message] = []

        async def sent(message: Message) -> None:
            if message["type"] == "http.response.start" and message["status"] == HTTPStatus.OK:
                held.append(message)
                return
            if held:
                start = held.pop()
                if not message.get("more_body"):  # what comes in parts is not held back until it is whole
                    start, message = _tagged(start, message, Headers(scope=scope))
                await send(start)
            await send(message)

        await self._app(scope, receive, sent)


def _tagged(start: Message, body: Message, asked: Headers) -> tuple[Message, Message]:
    """Give an answer with its tag; without its words where `asked` names that tag."""
    headers = MutableHeaders(scope=start)
    headers.setdefault("etag", f'"{hashlib.sha256(body.get("body", b"")).hexdigest()[:32]}"')
    if not _has(asked.get("if-none-match", ""), headers["etag"]):
        return start, body
    for name in _OF_WHAT_IS_SENT:
        del headers[name]
    return {**start, "status": HTTPStatus.NOT_MODIFIED}, {**body, "body": b""}


def _has(known: str, tag: str) -> bool:
    """Tell whether a browser's list of the tags that it has names this one; weak ones do too (RFC 9110, 13.1.2)."""
    return any(each.strip().removeprefix("W/") in ("*", tag.removeprefix("W/")) for each in known.split(","))
