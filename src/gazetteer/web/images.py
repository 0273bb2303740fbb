"""Lead images, which the site fetches itself, so that no publisher sees its readers."""

from collections.abc import Iterator
from http import HTTPStatus

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from gazetteer.errors import FetchError
from gazetteer.view import safe_link
from gazetteer.web.articles import kept_of
from gazetteer.web.site import missing, page, site_of

_HEADERS = {
    "content-security-policy": "default-src 'none'; sandbox",
    "content-disposition": "inline",
    "cache-control": "private, max-age=86400",
}
_BEGINNINGS = {
    b"\x89PNG\r\n\x1a\n": "image/png",
    b"\xff\xd8\xff": "image/jpeg",
    b"GIF87a": "image/gif",
    b"GIF89a": "image/gif",
}
_FORMS = {
    (b"RIFF", b"WEBP"): "image/webp",
    (b"ftyp", b"avif"): "image/avif",
    (b"ftyp", b"avis"): "image/avif",
}


def routes() -> Iterator[BaseRoute]:
    """Give the route of images."""
    yield page("/images/{id:number}", image)


def image(request: Request) -> Response:
    """Give the picture that leads an article."""
    site = site_of(request)
    if not site.settings.images or site.picture is None:
        raise missing("such picture")
    address = safe_link(kept_of(request).digest.article.image_url)
    if address is None:
        raise missing("such picture")
    try:
        content = site.picture(address).content
    except FetchError as error:
        raise HTTPException(HTTPStatus.BAD_GATEWAY, f"The picture could not be fetched: {error.reason}.") from error
    kind = kind_of(content)
    if kind is None:
        raise HTTPException(HTTPStatus.BAD_GATEWAY, "What was fetched is no picture that pages show.")
    return Response(content, media_type=kind, headers=_HEADERS)


def kind_of(content: bytes) -> str | None:
    """Tell what picture the bytes are by how they begin: PNG, JPEG, GIF, WebP or AVIF; None of all else, and of SVG."""
    for beginning, kind in _BEGINNINGS.items():
        if content.startswith(beginning):
            return kind
    return _FORMS.get((content[:4], content[8:12])) or _FORMS.get((content[4:8], content[8:12]))
