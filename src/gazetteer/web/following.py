"""What a reader follows: names, authors, publishers, tags, stories and searches."""

from collections.abc import Iterator
from dataclasses import dataclass
from http import HTTPStatus
from urllib.parse import urlencode

from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from gazetteer.archive.values import Follow, Kind
from gazetteer.errors import ArchiveError
from gazetteer.web.origins import local
from gazetteer.web.site import action, number, page, render, see, site_of, visit_of
from gazetteer.web.templating import PLURALS

_LONGEST = 2_000  # characters of a search


@dataclass(frozen=True, slots=True, kw_only=True)
class Followed:
    """Something that is followed: its name, its page's path, and its feed's, without its ending and with its query."""

    follow: Follow
    name: str
    path: str
    feed: str
    query: str = ""


def routes() -> Iterator[BaseRoute]:
    """Give the routes of what readers follow."""
    yield page("/follows", follows)
    yield action("/follows", follow)


def follows(request: Request) -> Response:
    """List what the reader follows."""
    reader = visit_of(request).reader
    if reader is None:
        return see("/sign-in?to=%2Ffollows")
    found = [followed(each, name) for each, name in site_of(request).archive.follows(reader)]
    return render(request, "follows.html", followed=found)


def follow(request: Request, form: FormData) -> Response:
    """Follow something, or (`end`) follow it no longer; then go back."""
    archive, reader = site_of(request).archive, visit_of(request).reader
    of = number(str(form.get("number", "0")))
    asked = Follow(kind=str(form.get("kind", "")), number=of or 0, query=str(form.get("query", ""))[:_LONGEST].strip())
    if reader is None:
        raise HTTPException(HTTPStatus.FORBIDDEN, "Sign in first.")
    if "end" in form:
        archive.remove_follow(reader, asked)
    else:
        try:
            archive.put_follow(reader, asked)
        except ArchiveError as error:
            raise HTTPException(HTTPStatus.BAD_REQUEST, f"{error.reason[:1].upper()}{error.reason[1:]}.") from error
    return see(local(str(form.get("to", "/follows"))))


def followed(follow: Follow, name: str) -> Followed:
    """Give something that is followed as a list shows it."""
    if follow.kind == "search":
        asked = "?" + urlencode({"q": follow.query}, errors="replace")
        return Followed(follow=follow, name=name, path=f"/search{asked}&order=newest", feed="/search/feed", query=asked)
    path = f"/{'stories' if follow.kind == 'story' else PLURALS[Kind(follow.kind)]}/{follow.number}"
    return Followed(follow=follow, name=name, path=path, feed=f"{path}/feed")
