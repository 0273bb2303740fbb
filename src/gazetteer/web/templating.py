"""The templates of every page: what they may call, and how what strangers wrote is made safe on its way in."""

import calendar
import hashlib
from datetime import date
from functools import cache
from importlib.resources import files

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from gazetteer import view
from gazetteer.archive.values import Card, Kind, Subject
from gazetteer.web import metadata
from gazetteer.web.shown import most_shown

PLURALS = {Kind.ENTITY: "entities", Kind.AUTHOR: "authors", Kind.PUBLISHER: "publishers", Kind.TAG: "tags"}
"""Where the pages of each kind of subject are."""

KEYS = (
    ("j", "the next article"),
    ("k", "the article before"),
    ("o", "open it"),
    ("v", "open its source"),
    ("m", "mark it read, or not"),
    ("s", "star it, or not"),
    ("/", "search"),
    ("?", "these keys"),
    ("Esc", "close them"),
)
"""What keys do, where scripts run (`static/site.js`)."""

WEEKDAYS = tuple((day[:2], day) for day in calendar.day_name)
"""The days of the week, from Monday, short and whole."""

_SAID = 3  # quotations of a speaker shown at once; the others open


@cache
def environment() -> Environment:
    """Give the environment of all templates."""
    made = Environment(
        loader=PackageLoader("gazetteer.web"),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_finalize,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters |= {
        "certainty": view.certainty,
        "charge": view.charge,
        "clock": view.clock,
        "coverage": view.coverage_link,
        "date_words": date_words,
        "degrees": degrees,
        "flag": flag,
        "day": view.day,
        "day_words": day_words,
        "host": view.host,
        "leaning": view.leaning,
        "machine_moment": view.machine_moment,
        "moment": view.moment,
        "month_words": month_words,
        "path": path,
        "safe_link": view.safe_link,
        "sentence": sentence,
        "shares": view.shares,
        "tendency": view.tendency,
        "times": view.times,
    }
    made.globals |= {
        "ACCESS": view.ACCESS,
        "KINDS": view.KINDS,
        "SPEECH": view.SPEECH,
        "WISHES": view.WISHES,
        "KEYS": KEYS,
        "SAID": _SAID,
        "WEEKDAYS": WEEKDAYS,
        "metadata": metadata.of,
        "most_shown": most_shown,
        "static": static,
    }
    return made


def path(of: Card | Subject) -> str:
    """Give the path of an article's or a subject's page."""
    return f"/articles/{of.id}" if isinstance(of, Card) else f"/{PLURALS[of.kind]}/{of.id}"


def flag(country: str) -> str:
    """Give the flag of a country (ISO 3166-1 alpha-2) as Unicode writes it; nothing for what is no such code."""
    if not (len(country) == 2 and country.isascii() and country.isalpha()):
        return ""
    return "".join(chr(0x1F1E6 + ord(letter) - ord("A")) for letter in country.upper())


def degrees(latitude: float, longitude: float) -> str:
    """Give a position in words: `59.44° N, 24.75° E`."""
    north, east = ("N" if latitude >= 0 else "S"), ("E" if longitude >= 0 else "W")
    return f"{abs(latitude):.2f}° {north}, {abs(longitude):.2f}° {east}"


def date_words(day: date) -> str:
    """Give a day in words: `Saturday, 15 August 2020`."""
    return f"{calendar.day_name[day.weekday()]}, {day_words(day)}"


def day_words(day: date) -> str:
    """Give a day in fewer words: `15 August 2020`."""
    return f"{day.day} {month_words(day)}"


def month_words(day: date) -> str:
    """Give a day's month in words."""
    return f"{calendar.month_name[day.month]} {day.year}"


def sentence(words: str) -> str:
    """Give a reason as a sentence."""
    return f"{words[:1].upper()}{words[1:]}."


@cache
def static(name: str) -> str:
    """Give the path of a file of the site's own, which changes with what it holds."""
    content = (files("gazetteer.web") / "static" / name).read_bytes()
    return f"/static/{name}?{hashlib.sha256(content).hexdigest()[:12]}"


def _finalize(value: object) -> object:
    """Every string on its way into the page, whoever wrote it, without what could act on a reader's screen."""
    return view.printable(value) if isinstance(value, str) and not isinstance(value, Markup) else value
