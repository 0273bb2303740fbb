"""Days with their articles and tone → what a chart draws: bars with places and words. Pure.

A chart has `MOST` bars at most: each a day, a week, a month, a year or several, as the time that it spans asks for.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from gazetteer.archive.values import Day

MOST = 60
"""Bars of a chart."""

WIDTH, HEIGHT = 600, 120
"""The size that a chart is drawn in, in its own units."""

_GAP = 0.2  # of a bar's place
_WIDEST = 32  # units


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """Days together: from `start` to before `end`, how many articles, and their mean tone: two shares, or None."""

    start: date
    end: date
    words: str
    articles: int
    positivity: float | None = None
    negativity: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """A span as it is drawn: where it stands from the left, how wide it is, and how high of `HEIGHT`."""

    span: Span
    x: float
    width: float
    height: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """The bars of all spans that have articles, in their order; `each` says what a bar is ("day")."""

    bars: tuple[Bar, ...]
    each: str
    most: int
    total: int

    @property
    def toned(self) -> tuple[Bar, ...]:
        """Give the bars of spans whose tone is known."""
        return tuple(bar for bar in self.bars if bar.span.positivity is not None)


def chart(days: Sequence[Day]) -> Chart | None:
    """Draw days, which come in their order (of the years 1000 to 9000); None where there are none."""
    if not days:
        return None
    each, starts = _calendar(days[0].day, days[-1].day)
    spans = list(_spans(days, starts, each))
    most = max(span.articles for span in spans)
    place = WIDTH / (len(starts) - 1)
    width = min(place * (1 - _GAP), _WIDEST)
    numbers = {start: number for number, start in enumerate(starts)}
    bars = tuple(
        Bar(
            span=span,
            x=round(place * (numbers[span.start] + 0.5) - width / 2, 2),
            width=round(width, 2),
            height=round(HEIGHT * span.articles / most, 2),
        )
        for span in spans
    )
    return Chart(bars=bars, each=each, most=most, total=sum(span.articles for span in spans))


Step = Callable[[date], date]


def _calendar(first: date, last: date) -> tuple[str, list[date]]:
    """Give what a bar is, and where each begins; the last is where the chart ends."""
    years = 1
    while True:
        for each, floor, onward in _steps(years):
            starts = [floor(first)]
            while starts[-1] <= last and len(starts) <= MOST + 1:
                starts.append(onward(starts[-1]))
            if len(starts) - 1 <= MOST and starts[-1] > last:
                return each, starts
        years *= 10


def _steps(years: int) -> Iterator[tuple[str, Step, Step]]:
    if years == 1:
        yield "day", lambda day: day, lambda day: day + timedelta(days=1)
        yield "week", lambda day: day - timedelta(days=day.weekday()), lambda day: day + timedelta(days=7)
        yield "month", lambda day: day.replace(day=1), lambda day: (day + timedelta(days=31)).replace(day=1)
    words = "year" if years == 1 else f"{years} years"
    yield words, lambda day: date(day.year - day.year % years, 1, 1), lambda day: date(day.year + years, 1, 1)


def _spans(days: Sequence[Day], starts: Sequence[date], each: str) -> Iterator[Span]:
    at = 0
    for start, end in pairwise(starts):
        first = at
        while at < len(days) and days[at].day < end:
            at += 1
        if at > first:
            yield _together(days[first:at], start, end, each)


def _together(days: Sequence[Day], start: date, end: date, each: str) -> Span:
    toned = [(day.articles, day.positivity) for day in days if day.positivity is not None]
    weight = sum(count for count, _ in toned)
    positivity = sum(count * share for count, share in toned) / weight if weight else None
    return Span(
        start=start,
        end=end,
        words=_words(start, each),
        articles=sum(day.articles for day in days),
        positivity=positivity,
        negativity=None if positivity is None else 1 - positivity,
    )


def _words(start: date, each: str) -> str:
    day = f"{start.day} {start:%b} {start.year}"
    return {"day": day, "week": f"week of {day}", "month": f"{start:%B} {start.year}"}.get(each, str(start.year))
