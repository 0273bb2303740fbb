"""What readers note of articles: that they read them, and which they want to find again."""

from collections.abc import Iterator
from http import HTTPStatus

from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from gazetteer.web.origins import local
from gazetteer.web.site import action, following, missing, page, render, see, site_of, visit_of

_SAID = {"yes": True, "no": False}


def routes() -> Iterator[BaseRoute]:
    """Give the routes of marks."""
    yield page("/starred", starred)
    yield action("/articles/{id:number}/marks", mark)


def starred(request: Request) -> Response:
    """Show the articles that the reader starred."""
    reader = visit_of(request).reader
    if reader is None:
        return see("/sign-in?to=%2Fstarred")
    found = site_of(request).archive.starred(reader, cursor=request.query_params.get("cursor"))
    after = following(request, found)
    return render(request, "starred.html", cards=found.rows, after=after)


def mark(request: Request, form: FormData) -> Response:
    """Note that an article is read, or starred, or no longer; then go back, or (`stay`) nowhere."""
    archive, number, reader = site_of(request).archive, request.path_params["id"], visit_of(request).reader
    read, starred = (_SAID.get(str(form.get(name, ""))) for name in ("read", "starred"))
    if reader is None or read is starred is None:
        raise HTTPException(HTTPStatus.BAD_REQUEST, "What is noted of an article is read or starred, yes or no.")
    if not archive.mark(reader, number, read=read, starred=starred):
        raise missing("such article")
    if "stay" in form:
        return Response(status_code=HTTPStatus.NO_CONTENT)
    return see(f"{local(str(form.get('to', '/')))}#article-{number}")
