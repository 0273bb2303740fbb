"""The feeds that the archive follows: how each fares, and what became of its entries.

They are shown to those who may write alone, since the address of a feed can be its reader's own.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from http import HTTPStatus
from itertools import islice
from urllib.parse import quote

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from gazetteer.archive.values import EntryState, Subscription, Tally
from gazetteer.types import MAX_FOLDERS
from gazetteer.view import safe_link
from gazetteer.web.site import Site, action, here, missing, number, page, render, see, site_of, visit_of

_LISTED, _ENTRIES = 200, 50
_WEEK = 7
_NO_ADDRESS = "this is no address of a feed: it begins with http:// or https://, and names nobody before the host"
_BETWEEN = " / "  # the names of folders
_DONE: dict[str, Callable[[Site, int, FormData], bool]] = {
    "pause": lambda site, feed, _form: site.archive.pause(feed),
    "resume": lambda site, feed, _form: site.archive.resume(feed, at=site.now()),
    "move": lambda site, feed, form: site.archive.move_feed(feed, _folders(form)),
    "remove": lambda site, feed, _form: site.archive.unfollow(feed),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A feed with what became of its entries."""

    feed: Subscription
    tally: Tally

    @property
    def a_day(self) -> float:
        """Give how many articles a day it brought in the last week."""
        return self.tally.kept / _WEEK


def routes() -> Iterator[BaseRoute]:
    """Give the routes of feeds that are followed."""
    yield page("/feeds", feeds)
    yield action("/feeds", follow)
    yield page("/feeds/{id:number}", feed)
    for name in _DONE:
        yield action(f"/feeds/{{id:number}}/{name}", partial(act, name=name))


def feeds(request: Request) -> Response:
    """List them."""
    return _listed(request)


def feed(request: Request) -> Response:
    """Show a feed, its entries that failed, and those that wait."""
    if not visit_of(request).may_write:
        return see(f"/sign-in?to={quote(here(request), safe='')}")
    archive, asked = site_of(request).archive, request.path_params["id"]
    found = archive.feed(asked)
    if found is None:
        raise missing("such feed")
    if found.id != asked:
        return see(f"/feeds/{found.id}")
    entries = {state: archive.entries(asked, state, limit=_ENTRIES) for state in EntryState}
    return render(request, "feed.html", row=_rows(request, [found])[0], entries=entries, listed=_ENTRIES)


def follow(request: Request, form: FormData) -> Response:
    """Follow a feed, or a site that names one; it is polled at the next update."""
    address = str(form.get("address", "")).strip()
    if not safe_link(address):
        return _listed(request, address=address, wrong=_NO_ADDRESS, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    site = site_of(request)
    followed, _ = site.archive.follow(address, at=site.now())
    return see(f"/feeds/{followed}")


def act(request: Request, form: FormData, *, name: str) -> Response:
    """Pause a feed, poll it again, put it into a folder, or follow it no longer."""
    asked = request.path_params["id"]
    if not _DONE[name](site_of(request), asked, form):
        raise missing("such feed")
    return see("/feeds" if name == "remove" else f"/feeds/{asked}")


def _folders(form: FormData) -> list[str]:
    return str(form.get("folder", "")).split(_BETWEEN)[:MAX_FOLDERS]


def _listed(request: Request, *, address: str = "", wrong: str | None = None, status: int = HTTPStatus.OK) -> Response:
    if not visit_of(request).may_write:
        return see("/sign-in?to=/feeds")
    after = number(request.query_params.get("after", "0")) or 0
    found = list(islice(site_of(request).archive.feeds(after=after), _LISTED + 1))
    rows = _rows(request, found[:_LISTED])
    onward = f"/feeds?after={rows[-1].feed.id}" if len(found) > _LISTED else None
    return render(request, "feeds.html", status=status, rows=rows, onward=onward, address=address, wrong=wrong)


def _rows(request: Request, found: list[Subscription]) -> list[Row]:
    site = site_of(request)
    tallies = site.archive.tallies([each.id for each in found], at=site.now())
    return [Row(feed=each, tally=tallies[each.id]) for each in found]
