"""What can be asked of the API beside a path: where a page begins, how long it is, and what it is of."""

import re
from datetime import date, timedelta
from typing import Annotated

from fastapi import Path, Query, Request, Response
from pydantic import BeforeValidator, Field

from gazetteer.archive import PAGE, Order, values
from gazetteer.archive import query as q
from gazetteer.archive.reading import MOST
from gazetteer.web.api.models import GREATEST, Words
from gazetteer.web.site import following

YEAR = timedelta(days=366)
LONGEST = timedelta(days=3_660)
"""How many days are counted at once."""

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_WHOLE = re.compile(r"[0-9]{1,19}")


def _day(written: object) -> object:
    if isinstance(written, str) and not _DAY.fullmatch(written):
        raise ValueError("a day is written as in 2020-08-15")
    return written


def _whole(written: object) -> object:
    if isinstance(written, str) and not _WHOLE.fullmatch(written):
        raise ValueError("a whole number is written in digits")
    return written


Id = Annotated[int, Path(alias="id", ge=0, le=GREATEST, description="Its number."), BeforeValidator(_whole)]
Version = Annotated[int, Path(ge=2, le=GREATEST, description="The version's number."), BeforeValidator(_whole)]
Day = Annotated[date, BeforeValidator(_day)]
Limit = Annotated[int, Field(ge=1, le=MOST, description="How many rows a page has, at most."), BeforeValidator(_whole)]
_BEGINS = "Where the page begins: the `cursor` of the page before."
_AFTER = "Published on this day or later."
_BEFORE = "Published before this day."


class Cut(Words):
    """How much is asked for of what has no further pages."""

    limit: Limit = PAGE


class Paging(Words):
    """A page of what is ordered by time."""

    cursor: str | None = Field(None, pattern=r"^[0-9]{1,18}$", description=_BEGINS)
    limit: Limit = PAGE


class Ranking(Words):
    """A page of what is ordered by how much of it there is."""

    cursor: str | None = Field(None, pattern=r"^[0-9]{1,18}\.[0-9]{1,18}$", description=_BEGINS)
    limit: Limit = PAGE


class Days(Words):
    """Some days: the last year, where nothing is said."""

    after: Day | None = Field(None, description=f"{_AFTER} Without it, a year before `before`.")
    before: Day | None = Field(
        None,
        description=f"{_BEFORE} Without it, all days. Of more than {LONGEST.days:,} days, the last are given.",
    )

    def within(self, today: date) -> tuple[date, date]:
        """Give the first day, and the one after the last."""
        before = self.before or date.fromordinal(min(today.toordinal() + 1, date.max.toordinal()))
        earliest, year = (max(1, before.toordinal() - span.days) for span in (LONGEST, YEAR))
        return date.fromordinal(max(earliest, self.after.toordinal() if self.after else year)), before


class Listing(Paging):
    """A page of articles, the newest first."""

    after: Day | None = Field(None, description=_AFTER)
    before: Day | None = Field(None, description=_BEFORE)


class Browsing(Listing):
    """A page of all articles, or of those in a language, or of a tone."""

    language: str | None = Field(
        None,
        pattern=r"^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8}){0,4}$",
        description="In exactly this language (BCP 47). Not beside `tone`: a search can ask for both.",
    )
    tone: str | None = Field(None, pattern=f"^({'|'.join(q.TONES)})$", description="Told so.")


class Searching(Words):
    """A page of what a search finds."""

    q: str = Field(max_length=q.LONGEST, description="The search; without words, it finds every article.")
    order: Order = Field(Order.BEST, description="What fits best first, or the newest.")
    cursor: str | None = Field(None, pattern=r"^[0-9]{1,18}(\.[0-9]{1,18})?$", description=_BEGINS)
    limit: Limit = PAGE


def linked(request: Request, response: Response, found: values.Page[values.Row]) -> values.Page[values.Row]:
    """Give a page, with the address of the one after it in the answer's header."""
    if after := following(request, found):
        response.headers["link"] = f'<{after}>; rel="next"'
    return found


AskedCut = Annotated[Cut, Query()]
AskedPage = Annotated[Paging, Query()]
AskedRanking = Annotated[Ranking, Query()]
AskedDays = Annotated[Days, Query()]
AskedListing = Annotated[Listing, Query()]
AskedBrowsing = Annotated[Browsing, Query()]
AskedSearch = Annotated[Searching, Query()]
