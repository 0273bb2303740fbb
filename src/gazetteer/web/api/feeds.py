"""Feeds that the archive follows, in the API: how each fares, and what is done about it.

They are shown to those who may add alone, since the address of a feed can be its reader's own.
"""

from http import HTTPStatus
from itertools import islice

from fastapi import APIRouter, Request, Response
from starlette.exceptions import HTTPException

from gazetteer.archive import values
from gazetteer.archive.values import Subscription
from gazetteer.view import safe_link
from gazetteer.web.api import models
from gazetteer.web.api.access import Asker, Tends, Writes
from gazetteer.web.api.asked import AskedPage, Id, linked
from gazetteer.web.api.models import Page
from gazetteer.web.api.posting import SentFeed, SentFolders, takes
from gazetteer.web.api.problems import MISSING, SENDING, declared
from gazetteer.web.site import missing

_WEEK = 7
_REFUSED = declared(HTTPStatus.FORBIDDEN)

router = APIRouter(prefix="/feeds", tags=["feeds"], responses=_REFUSED)


@router.get("", response_model=Page[models.Feed])
def feeds(request: Request, response: Response, asks: Tends, asked: AskedPage) -> values.Page[dict[str, object]]:
    """List the feeds that are followed, in the order in which they were added, and how each fares.

    On a public site, this needs a token that may add.
    """
    found = list(islice(asks.archive.feeds(after=int(asked.cursor or 0)), asked.limit + 1))
    rows = found[: asked.limit]
    cursor = str(rows[-1].id) if len(found) > asked.limit else None
    return linked(request, response, values.Page(rows=tuple(_told(asks, rows)), cursor=cursor))


@router.post(
    "",
    response_model=models.Feed,
    status_code=HTTPStatus.CREATED,
    responses=SENDING | {200: {"model": models.Feed, "description": "The archive follows the feed already"}},
    openapi_extra=takes(models.PostedFeed),
)
def follow(request: Request, response: Response, asks: Writes, sent: SentFeed) -> dict[str, object]:
    """Follow a feed, or a site that names one; it is polled at the next update. Needs a token that may add.

    A feed is known by the addresses that it had before it moved, too; one that was paused or stopped begins anew, and
    one that is followed already is put into the folder besides, if there is one.
    """
    if not safe_link(sent.url):
        raise HTTPException(HTTPStatus.UNPROCESSABLE_ENTITY, "This is no address of a feed.")
    number, is_new = asks.archive.follow(sent.url, title=sent.title, folders=sent.folders, at=asks.site.now())
    if not is_new:
        response.status_code = HTTPStatus.OK
    response.headers["location"] = f"{request.url.path}/{number}"
    return _feed(asks, number)


@router.get("/{id}", response_model=models.Feed, responses=MISSING)
def feed(asks: Tends, number: Id) -> dict[str, object]:
    """Give a feed, and how it fares; of one that became part of another, that one. On a public site, this needs a token
    that may add.
    """
    return _feed(asks, number)


@router.delete("/{id}", status_code=HTTPStatus.NO_CONTENT, responses=MISSING)
def unfollow(asks: Writes, number: Id) -> None:
    """Follow a feed no longer, and forget its entries; its articles stay. Needs a token that may add."""
    _check(is_there=asks.archive.unfollow(number))


@router.post(
    "/{id}/move",
    response_model=models.Feed,
    responses=SENDING | MISSING,
    openapi_extra=takes(models.PostedFolders),
)
def move(asks: Writes, number: Id, sent: SentFolders) -> dict[str, object]:
    """Put a feed into a folder alone, and out of all others. Needs a token that may add."""
    _check(is_there=asks.archive.move_feed(number, sent.folders))
    return _feed(asks, number)


@router.post("/{id}/pause", response_model=models.Feed, responses=MISSING)
def pause(asks: Writes, number: Id) -> dict[str, object]:
    """Poll a feed no longer, for now. Needs a token that may add."""
    _check(is_there=asks.archive.pause(number))
    return _feed(asks, number)


@router.post("/{id}/resume", response_model=models.Feed, responses=MISSING)
def resume(asks: Writes, number: Id) -> dict[str, object]:
    """Poll a feed again, at the next update: one that was paused or stopped, or is not due yet. Needs a token that may
    add.
    """
    _check(is_there=asks.archive.resume(number, at=asks.site.now()))
    return _feed(asks, number)


def _check(*, is_there: bool) -> None:
    if not is_there:
        raise missing("such feed")


def _feed(asks: Asker, number: int) -> dict[str, object]:
    found = asks.archive.feed(number)
    if found is None:
        raise missing("such feed")
    return _told(asks, [found])[0]


def _told(asks: Asker, found: list[Subscription]) -> list[dict[str, object]]:
    tallies = asks.archive.tallies([each.id for each in found], at=asks.site.now())
    return [_row(each, tallies[each.id]) for each in found]


def _row(each: Subscription, tally: values.Tally) -> dict[str, object]:
    names = ("id", "url", "title", "site_url", "folders", "places", "state", "error", "failures")
    times = ("added_at", "checked_at", "succeeded_at", "due_at")
    return {name: getattr(each, name) for name in (*names, *times)} | {
        "waiting": tally.waiting,
        "kept_in_a_week": tally.kept,
        "failed_in_a_week": tally.failed,
        "articles_a_day": round(tally.kept / _WEEK, 2),
    }
