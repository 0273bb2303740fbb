"""When an article was published and last changed, as its publisher says.

A date is read with the offset that it was written with, as the publisher's local time, aware; `in_utc` gives the
moment. A date without a time is midnight UTC, a time without an offset is taken as UTC.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from itertools import chain, islice

from gazetteer.extract import urls
from gazetteer.extract.structured import Declarations, Node, strings, text_of, value_of, words
from gazetteer.extract.surroundings import Surroundings, label

FIRST_YEAR = 1700
LAST_YEAR = 2200
MAX_LENGTH = 200
SHORT = 120
VISIBLE = 400
DECLARED = 8

_PUBLISHED_METAS = words(
    "article:published_time article:published og:published_time og:article:published_time og:pubdate parsely-pub-date "
    "datepublished date_published publish-date publish_date published publishdate published_time published_at "
    "publication_date publicationdate publication-date pubdate pub_date cxenseparse:recs:publishtime "
    "cxenseparse:publishtime sailthru.date dc.date.issued dcterms.issued dcterms.created dc.date.created dc.date "
    "dcterms.date dc.created date.issued originalpublicationdate article_date_original article.published displaydate "
    "citation_publication_date citation_date bt:pubdate rnews:datepublished vr:published_time article:created date "
    "created created-date date-created datecreated dateline pdate ptime timestamp"
)
_MODIFIED_METAS = words(
    "article:modified_time article:modified og:modified_time og:updated_time article:updated_time datemodified "
    "date_modified dcterms.modified dc.date.modified dc.modified last-modified lastmod lastmodified last_modified "
    "lastpublisheddate modified modified_time updated_time updated bt:moddate utime revised"
)
_MONTH_NAMES = """
january jan janvier januar enero ene gennaio gen janeiro januari stycznia ocak января|
february feb février fevrier févr fevr februar febrero febbraio fevereiro fev februari lutego şubat февраля|
march mar mars märz maerz mrz marzo março marco maart mrt marca mart марта|
april apr avril avr abril abr aprile kwietnia nisan апреля|
may mai mayo maggio mag maio mei maja mayıs мая|
june jun juin juni junio giugno giu junho czerwca haziran июня|
july jul juillet juil juli julio luglio lug julho lipca temmuz июля|
august aug août aout agosto ago augustus sierpnia ağustos августа|
september sep sept septembre septiembre settembre set setembro setiembre września eylül сентября|
october oct octobre oktober okt octubre ottobre ott outubro out października ekim октября|
november nov novembre noviembre novembro listopada kasım ноября|
december dec décembre decembre déc dezember dez diciembre dic dicembre dezembro december grudnia aralık декабря
"""
_MONTHS = {
    name: number for number, names in enumerate(_MONTH_NAMES.split("|"), start=1) for name in names.split() if name
}
_ISO = re.compile(
    r"(?P<year>[12][0-9]{3})-(?P<month>[01]?[0-9])-(?P<day>[0-3]?[0-9])(?![0-9])|"
    r"(?<![0-9])(?P<y>[12][0-9]{3})(?P<m>[01][0-9])(?P<d>[0-3][0-9])(?=T|\Z|[0-9]{6}\Z)"
)
_ORDERED = re.compile(r"(?<![0-9])([12][0-9]{3})([/.])\s?([01]?[0-9])\2\s?([0-3]?[0-9])(?![0-9])")
_NUMERIC = re.compile(r"(?<![0-9.:/-])([0-3]?[0-9])([/.-])\s?([0-3]?[0-9])\2\s?([12][0-9]{3}|[0-9]{2})(?![0-9])")
_DAY_MONTH = re.compile(
    r"(?<![0-9:])([0-3]?[0-9])(?:st|nd|rd|th|er|º|ª)?[.,]?[\s-]+(?:(?:of|de|del)\s+)?([^\W\d_]{3,12})[.,]?[\s-]+"
    r"(?:(?:of|de|del)\s+)?([12][0-9]{3}|'?[0-9]{2}(?![0-9:]))"
)
_MONTH_DAY = re.compile(
    r"([^\W\d_]{3,12})[.,]?[\s-]+([0-3]?[0-9])(?:st|nd|rd|th)?(?:,|\s|\.|-|at\s)+([12][0-9]{3})(?![0-9])", re.IGNORECASE
)
_CJK = re.compile(r"([12][0-9]{3})\s?[年년]\s?([01]?[0-9])\s?[月월]\s?([0-3]?[0-9])\s?[日일]")
_CLOCK = re.compile(
    r"(?<![0-9:.])(?P<hour>[0-2]?[0-9])(?:[:.h](?P<minute>[0-5][0-9])(?::(?P<second>[0-6][0-9])(?:[.,][0-9]{1,9})?)?)?"
    r"\s?(?P<half>[ap]\.?\s?m\b\.?)?\s*(?P<zone>Z\b|(?:UTC|GMT)?\s?[+-][0-2][0-9]:?[0-5][0-9]|[A-Z]{2,5}\b)?",
    re.IGNORECASE,
)
_COMPACT_CLOCK = re.compile(r"\A([0-2][0-9])([0-5][0-9])([0-5][0-9])(?=Z|[+-]|\Z)")
_EPOCH = re.compile(r"1[0-9]{9}(?:[0-9]{3})?(?:\.[0-9]+)?")
_ZONES = {
    name: float(hours)
    for name, _, hours in (
        pair.partition("=")
        for pair in words(
            "Z=0 UTC=0 GMT=0 WET=0 BST=1 IST=5.5 CET=1 WEST=1 CEST=2 EET=2 SAST=2 EEST=3 MSK=3 PKT=5 SGT=8 HKT=8 "
            "AWST=8 JST=9 KST=9 ACST=9.5 AEST=10 ACDT=10.5 AEDT=11 NZST=12 NZDT=13 EST=-5 EDT=-4 CST=-6 CDT=-5 MST=-7 "
            "MDT=-6 PST=-8 PDT=-7 AKST=-9 AKDT=-8 HST=-10"
        )
    )
}
_SEASONAL = {"ET": -5, "CT": -6, "MT": -7, "PT": -8}
_DATE_CLASS = re.compile(r"(?:date|time|publish|posted|pubdate|stamp)", re.IGNORECASE)
_YEAR = re.compile(r"(?<![0-9])(?:19|20)[0-9]{2}(?![0-9])|[0-9][/.][0-9]{1,2}[/.][0-9]{2}(?![0-9])")
_HOLDERS = frozenset({"span", "div", "p", "li", "small", "em", "dd", "td", "section"})
_SKIPPED = frozenset({"script", "style", "noscript", "time", "title", "option", "template"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """How to read a date that can be read in two ways: whether the day stands first, and dates known of the page."""

    day_first: bool = False
    known: frozenset[date] = frozenset()
    now: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Dates:
    """When an article was published and last changed, in the publisher's local time as far as it is known."""

    published: datetime | None = None
    modified: datetime | None = None


def in_utc(when: datetime | None) -> datetime | None:
    """The same moment in UTC."""
    return when.astimezone(UTC) if when else None


def parse(text: str, *, reading: Reading | None = None) -> datetime | None:
    """Read the first date in a text, with its time and offset where they follow, as an aware local datetime.

    Years outside 1700 to 2200, days that no month has, and moments over a day after `reading.now` (where it is given)
    are not dates.
    """
    reading = reading or Reading()
    text = text[:MAX_LENGTH].strip()
    if _EPOCH.fullmatch(text):
        seconds = float(text) / (1000 if len(text.partition(".")[0]) == 13 else 1)
        return _sane(datetime.fromtimestamp(seconds, tz=UTC), reading)
    for day, end in _dates(text, reading):
        found = _sane(_timed(day, text[end:]), reading)
        if found:
            return found
    return None


def read(
    page: Declarations,
    top: Surroundings,
    *,
    url: str | None,
    language: str | None = None,
    now: datetime | None = None,
) -> Dates:
    """Find when the article was published and changed; `top` is what stands around its headline.

    Publication: JSON-LD, then metas, microdata, visible dates, and the date in the address. A change before the
    publication is no change.
    """
    reading = _reading(page, url=url, language=language, now=now)
    visible = list(islice(_parsed(_visible(top), reading), VISIBLE))
    declared = list(islice(_parsed(_declared(page), reading), DECLARED))
    published = _published(page, declared, visible, reading, urls.date_of(url))
    modified = next(_parsed(_changes(page), reading), None)
    if published and modified and modified < published:
        modified = None
    return Dates(published=published, modified=modified)


def _published(
    page: Declarations, declared: list[datetime], visible: list[datetime], reading: Reading, in_path: date | None
) -> datetime | None:
    if declared:
        return _with_offset(declared[0], chain(declared[1:], visible))
    if in_path is None:
        return next(chain(visible, _parsed(_weaker(page), reading)), None)
    confirmed = (when for when in visible if when.date() == in_path)
    return next(confirmed, _sane(datetime(in_path.year, in_path.month, in_path.day, tzinfo=UTC), reading))


def _reading(page: Declarations, *, url: str | None, language: str | None, now: datetime | None) -> Reading:
    known = {found for found in [urls.date_of(url)] if found}
    for text in islice(chain(_declared(page), page.meta(*_MODIFIED_METAS)), 20):
        match = _ISO.search(text[:MAX_LENGTH])
        day = match and _from_match(match)
        if day:
            known.add(day)
    return Reading(day_first=_day_first(language, url), known=frozenset(known), now=now)


def _day_first(language: str | None, url: str | None) -> bool:
    """Whether a page of this language and address prints the day before the month; the United States do not."""
    tag = (language or "").lower().replace("_", "-")
    if tag and not tag.startswith("en"):
        return True
    if tag in {"en-us", "en-ph"}:
        return False
    country = (urls.host(url) or "").rpartition(".")[2]
    return tag not in {"", "en"} or (len(country) == 2 and country not in {"us", "io", "co", "tv", "me", "ai", "ph"})


def _with_offset(when: datetime, others: Iterable[datetime]) -> datetime:
    """A moment in the publisher's offset, where it is given in UTC and another statement of the same moment tells."""
    if when.utcoffset():
        return when
    return next((other for other in others if other.utcoffset() and abs(other - when) < timedelta(minutes=1)), when)


def _changes(page: Declarations) -> Iterator[str]:
    yield from _of_nodes(page, "dateModified")
    yield from page.meta(*_MODIFIED_METAS)
    yield from (value_of(element) for element in page.properties.get("dateModified", ()))


def _declared(page: Declarations) -> Iterator[str]:
    yield from _of_nodes(page, "datePublished")
    yield from page.meta(*_PUBLISHED_METAS)
    yield from (value_of(element) for element in page.properties.get("datePublished", ()))


def _weaker(page: Declarations) -> Iterator[str]:
    yield from _of_nodes(page, "dateCreated", "uploadDate", "dateModified")
    yield from (value_of(element) for element in page.properties.get("dateCreated", ()))
    yield from page.meta(*_MODIFIED_METAS)


def _of_nodes(page: Declarations, *names: str) -> Iterator[str]:
    for name in names:
        for node in page.nodes:
            yield from _texts(node, name)


def _texts(node: Node, name: str) -> Iterator[str]:
    value = node.get(name)
    if isinstance(value, int | float) and not isinstance(value, bool):
        yield f"{value:.0f}" if abs(value) < 1e14 else ""
    else:
        yield from strings(value)


def _visible(top: Surroundings) -> Iterator[str]:
    """The dates that readers see there: in `<time>`, in what is marked as a date, in short texts."""
    for element in top.elements:
        if element.tag == "time":
            texts = [element.get("datetime"), text_of(element, limit=MAX_LENGTH)]
        elif element.tag in _SKIPPED:
            continue
        elif element.tag in _HOLDERS and _DATE_CLASS.search(label(element)):
            texts = [text_of(element, limit=MAX_LENGTH)]
        else:
            texts = [text for text in (element.text, element.tail) if text and len(text) < SHORT]
        found = [text for text in texts if text and len(text) <= MAX_LENGTH and _YEAR.search(text)]
        if found and not top.elsewhere(element):
            yield from found


def _parsed(texts: Iterable[str], reading: Reading) -> Iterator[datetime]:
    for text in texts:
        found = parse(text, reading=reading)
        if found:
            yield found


def _dates(text: str, reading: Reading) -> Iterator[tuple[date, int]]:
    """Every date in a text, with where it ends, the least ambiguous shapes first."""
    for match in _ISO.finditer(text):
        yield from _found(_from_match(match), match)
    for match in chain(_CJK.finditer(text), _ORDERED.finditer(text)):
        numbers = [number for number in match.groups() if number.isdigit()]
        yield from _found(_date(numbers[0], numbers[1], numbers[2]), match)
    for match in _MONTH_DAY.finditer(text):
        yield from _found(_date(match[3], _MONTHS.get(match[1].lower()), match[2]), match)
    for match in _DAY_MONTH.finditer(text):
        yield from _found(_date(match[3], _MONTHS.get(match[2].lower()), match[1]), match)
    for match in _NUMERIC.finditer(text):
        yield from _found(_numeric(match, reading), match)


def _found(day: date | None, match: re.Match[str]) -> Iterator[tuple[date, int]]:
    if day:
        yield day, match.end()


def _from_match(match: re.Match[str]) -> date | None:
    if match["year"]:
        return _date(match["year"], match["month"], match["day"])
    return _date(match["y"], match["m"], match["d"])


def _numeric(match: re.Match[str], reading: Reading) -> date | None:
    """A date of three numbers: the reading that the page's other dates confirm, else the one its language suggests."""
    day_first = _date(match[4], match[3], match[1])
    month_first = _date(match[4], match[1], match[3])
    for candidate in (day_first, month_first):
        if candidate in reading.known:
            return candidate
    if reading.day_first or match[2] == ".":
        return day_first or month_first
    return month_first or day_first


def _date(year: str | int, month: str | int | None, day: str | int) -> date | None:
    """A day of the calendar, its year of two digits in 1970 to 2069; None where there is none."""
    if month is None:
        return None
    number = int(str(year).lstrip("'"))
    if number < 100:
        number += 1900 if number >= 70 else 2000
    try:
        return date(number, int(month), int(day))
    except ValueError:
        return None


def _timed(day: date, rest: str) -> datetime:
    """A day with the clock time that stands after it, if one does, else midnight UTC."""
    midnight = datetime(day.year, day.month, day.day, tzinfo=UTC)
    rest = rest.lstrip("Tt ,|-–—•·@/")
    rest = re.sub(r"\A(?:at|um|à|a las|alle|às)\s+", "", rest[:60], flags=re.IGNORECASE)
    match = _CLOCK.match(_COMPACT_CLOCK.sub(r"\1:\2:\3", rest))
    if match is None or not (match["minute"] or match["half"]):
        return midnight
    hour, minute, second = int(match["hour"]), int(match["minute"] or 0), min(int(match["second"] or 0), 59)
    if match["half"]:
        hour = hour % 12 + (12 if match["half"][0] in "pP" else 0)
    if hour > 23:
        return midnight
    when = midnight.replace(hour=hour, minute=minute, second=second)
    return when.replace(tzinfo=_zone(match["zone"] or "", day))


def _zone(name: str, day: date) -> timezone:
    """The zone of an offset (`+02:00`) or an abbreviation (`EST`, `ET`); UTC for one that is not known."""
    signed = re.search(r"([+-])([0-2][0-9]):?([0-5][0-9])", name)
    if signed:
        minutes = int(signed[2]) * 60 + int(signed[3])
        return timezone(timedelta(minutes=minutes if signed[1] == "+" else -minutes)) if minutes < 24 * 60 else UTC
    name = name.upper()
    if name in _SEASONAL:
        return timezone(timedelta(hours=_SEASONAL[name] + _american_summer(day)))
    return timezone(timedelta(hours=_ZONES.get(name, 0.0)))


def _american_summer(day: date) -> bool:
    """Whether daylight saving time holds in the United States: second Sunday of March to first Sunday of November."""
    march, november = date(day.year, 3, 8), date(day.year, 11, 1)
    return march + timedelta(6 - march.weekday()) <= day < november + timedelta(6 - november.weekday())


def _sane(when: datetime, reading: Reading) -> datetime | None:
    if not FIRST_YEAR <= when.year <= LAST_YEAR:
        return None
    if reading.now is not None and when > reading.now + timedelta(days=1):
        return None
    return when
