"""The front page: the newest articles, or those of a day, and who and what is covered most."""

import re
from calendar import Calendar
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from http import HTTPStatus
from urllib.parse import urlencode

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from gazetteer.archive import Archive
from gazetteer.archive.query import TONES
from gazetteer.archive.values import Kind, Subject
from gazetteer.web.edition import Item, edition, followed_by
from gazetteer.web.site import following, missing, number, onward, page, remembered, render, see, site_of, visit_of

_LISTED = 20  # a lead that takes two places, and 19: rows of three
_STORIES = 6
_CHOICES = 40
_COVERED = {Kind.ENTITY: 12, Kind.TAG: 6, Kind.PUBLISHER: 6}
_DAY = timedelta(days=1)
_WEEK = timedelta(days=7)
_YEARS = range(1800, 2344)  # those that the archive tells apart
_NOT_IN_PHRASES = re.compile('["“”„«»]')


@dataclass(frozen=True, slots=True, kw_only=True)
class Sift:
    """What a reader asks the front page to show: of one day, publisher, tag, language, or tone."""

    day: date | None = None
    publisher: Subject | None = None
    tag: Subject | None = None
    language: str | None = None
    leaning: str | None = None

    @property
    def of(self) -> tuple[Kind, int] | None:
        """Give the publisher or the tag."""
        subject = self.publisher or self.tag
        return None if subject is None else (subject.kind, subject.id)

    @property
    def is_narrow(self) -> bool:
        """Tell whether it asks for more than a day."""
        return any((self.publisher, self.tag, self.language, self.leaning))

    @property
    def query(self) -> str | None:
        """Give the search that finds the same, where more is asked for than a list can show."""
        asked = {
            "publisher": self.publisher and _phrase(self.publisher.name),
            "tag": self.tag and _phrase(self.tag.name),
            "lang": self.language,
            "tone": self.leaning,
        }
        parts = [f"{field}:{value}" for field, value in asked.items() if value]
        if len(parts) < 2:
            return None
        days = (f"after:{self.day}", f"before:{self.day + _DAY}") if self.day else ()
        return " ".join((*parts, *days))


@dataclass(frozen=True, slots=True, kw_only=True)
class Month:
    """A month's weeks, each day with how many articles it has; and days that lead to the months beside it."""

    first: date
    weeks: tuple[tuple[tuple[date, int], ...], ...]
    before: date | None
    after: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rail:
    """What stands beside the news: a month's calendar, and what is covered most from `since` to `last`."""

    month: Month
    covered: Mapping[Kind, tuple[Subject, ...]] | None
    since: date
    last: date


def routes() -> Iterator[BaseRoute]:
    """Give the routes of the front page."""
    yield page("/", front)


def front(request: Request) -> Response:
    """Show the newest articles, or those that are asked for."""
    archive, sift = site_of(request).archive, _sift(request)
    if (query := sift.query) is not None:
        return see("/search?" + urlencode({"q": query, "order": "newest"}))
    newest, _ = archive.beside(date.max)
    if newest is None:
        return render(request, "empty.html")
    cursor = request.query_params.get("cursor")
    listed = archive.browse(
        of=sift.of,
        language=sift.language,
        leaning=sift.leaning,
        since=sift.day,
        until=sift.day and sift.day + _DAY,
        cursor=cursor,
        limit=_LISTED,
    )
    return render(
        request,
        "front.html",
        sift=sift,
        told=_told(request, sift, newest) if cursor is None and not sift.is_narrow else (),
        cards=listed.rows,
        after=following(request, listed),
        is_first=cursor is None,
        to_day=lambda day: onward(request, day=None if day is None else day.isoformat(), cursor=None),
        beside=archive.beside(sift.day, sift.of) if sift.day else (None, None),
        choices=_choices(remembered(request, "offered", lambda: _offered(archive)), sift),
        rail=_rail(request, sift, newest),
    )


def _rail(request: Request, sift: Sift, newest: date) -> Rail:
    """Give what stands beside the news of a day or, where none is asked for, of the newest week."""
    archive, last = site_of(request).archive, sift.day or newest
    since = last if sift.day else last - _WEEK + _DAY
    covered = None
    if not sift.is_narrow:
        covered = remembered(request, ("covered", since, last), lambda: _most_covered(archive, since, last))
    month = remembered(request, ("month", last, sift.of), lambda: _month(archive, last, sift.of))
    return Rail(month=month, covered=covered, since=since, last=last)


def _sift(request: Request) -> Sift:
    """Read what is asked for; raises `HTTPException` where there is no such thing."""
    asked = {name: value.strip() for name, value in request.query_params.items() if value.strip()}
    archive = site_of(request).archive
    leaning = asked.get("tone")
    if leaning is not None and leaning not in TONES:
        raise HTTPException(HTTPStatus.BAD_REQUEST, f"A tone is one of {', '.join(TONES)}.")
    return Sift(
        day=_day(asked["day"]) if "day" in asked else None,
        publisher=_subject(archive, Kind.PUBLISHER, asked.get("publisher")),
        tag=_subject(archive, Kind.TAG, asked.get("tag")),
        language=asked.get("language"),
        leaning=leaning,
    )


def _day(written: str) -> date:
    try:
        day = date.fromisoformat(written)
    except ValueError:
        raise HTTPException(HTTPStatus.BAD_REQUEST, "A day is written as in 2020-08-15.") from None
    if day.year not in _YEARS:
        raise missing("such day")
    return day


def _subject(archive: Archive, kind: Kind, asked: str | None) -> Subject | None:
    if asked is None:
        return None
    known = number(asked)
    found = None if known is None else archive.subject(kind, known)
    if found is None:
        raise missing(f"such {kind}")
    return found


def _phrase(name: str) -> str:
    return f'"{_NOT_IN_PHRASES.sub(" ", name)}"'


def _month(archive: Archive, day: date, of: tuple[Kind, int] | None) -> Month:
    first = day.replace(day=1)
    end = (first + timedelta(days=31)).replace(day=1)
    counts = {each.day: each.articles for each in archive.days(of, since=first, until=end)}
    weeks = Calendar().monthdatescalendar(first.year, first.month)
    return Month(
        first=first,
        weeks=tuple(tuple((each, counts.get(each, 0)) for each in week) for week in weeks),
        before=archive.beside(first, of)[0],
        after=archive.beside(end - _DAY, of)[1],
    )


Offers = dict[str, dict[str, str]]
"""What each list of the form offers: values, and the words for them."""


def _offered(archive: Archive) -> Offers:
    def most(kind: Kind) -> dict[str, str]:
        found = {str(each.id): each.name for each in archive.most(kind, limit=_CHOICES).rows}
        return dict(sorted(found.items(), key=lambda pair: pair[1].casefold()))

    return {
        "publisher": most(Kind.PUBLISHER),
        "tag": most(Kind.TAG),
        "language": {each: each for each in archive.languages()},
        "tone": {each: each.capitalize() for each in TONES},
    }


def _told(request: Request, sift: Sift, newest: date) -> tuple[Item, ...]:
    """Give the stories of the day that several articles tell: of that asked for, the last, or the newest there is."""
    site = site_of(request)
    day = sift.day or (newest if newest < site.now().date() - _DAY else None)
    followed = followed_by(site.archive, visit_of(request).reader)
    return remembered(
        request,
        ("told", day, followed),
        lambda: edition(
            site.archive, site.settings, now=site.now(), day=day, limit=_STORIES, least=2, followed=followed
        ),
    ).items


def _choices(offered: Offers, sift: Sift) -> Offers:
    """Give what is offered, with what is chosen, where that is not."""
    chosen = {
        "publisher": sift.publisher and {str(sift.publisher.id): sift.publisher.name},
        "tag": sift.tag and {str(sift.tag.id): sift.tag.name},
        "language": sift.language and {sift.language: sift.language},
    }
    return {name: (chosen.get(name) or {}) | each for name, each in offered.items()}


def _most_covered(archive: Archive, since: date, last: date) -> dict[Kind, tuple[Subject, ...]]:
    """Give the subjects of most articles of some days: such as have several, since one is no measure."""
    found = {kind: archive.covered(kind, since=since, until=last + _DAY, limit=most) for kind, most in _COVERED.items()}
    return {kind: tuple(each for each in subjects if each.articles > 1) for kind, subjects in found.items()}
