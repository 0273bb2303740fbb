"""What feeds hold as text: plain words, addresses and times, whatever they are written as."""

import re
from datetime import UTC, datetime, timedelta, timezone
from email.utils import parsedate_tz
from hashlib import sha256
from html import unescape
from urllib.parse import urljoin

from gazetteer.errors import FetchError
from gazetteer.intake import url

LONGEST = 1_000
"""The most characters of a title or a name that are kept."""
_LONGEST_ID = 500
_MOST_MARKUP = 20_000  # characters of a title, with its markup

_BREAK = re.compile(r"</?(?:br|p|div|li|h[1-6]|td|tr)\b[^<>]*>", re.IGNORECASE)
_TAG = re.compile(r"<[/!?]?[a-zA-Z-][^<>]*>")
# What is seen as nothing, or acts on a screen; joiners, which spell words, are kept.
_UNSEEN = re.compile(
    r"[\x00-\x08\x0e-\x1f\x7f-\x9f\xad\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff]"
)
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_WINDOWS = {code: bytes([code]).decode("cp1252", "ignore") for code in range(0x80, 0xA0)}

_ISO = re.compile(
    r"(?P<year>\d{4})(?:-?(?P<month>\d\d)(?:-?(?P<day>\d\d)"
    r"(?:(?:T|\s)\s*(?P<hour>\d\d?):?(?P<minute>\d\d)(?::?(?P<second>\d\d)(?:[.,]\d+)?)?)?)?)?"
    r"\s*(?P<zone>Z|UTC|GMT|[+-]\d\d(?::?\d\d)?)?\Z",
    re.IGNORECASE,
)
# What RFC 822 has no names for, in minutes east of Greenwich; those that name several zones are left out.
_ZONES = {
    "WET": 0,
    "WEST": 60,
    "BST": 60,
    "CET": 60,
    "MET": 60,
    "CEST": 120,
    "MEST": 120,
    "EET": 120,
    "SAST": 120,
    "EEST": 180,
    "MSK": 180,
    "EAT": 180,
    "PKT": 300,
    "WIB": 420,
    "HKT": 480,
    "SGT": 480,
    "JST": 540,
    "KST": 540,
    "AEST": 600,
    "AEDT": 660,
    "NZST": 720,
    "NZDT": 780,
    "AKST": -540,
    "AKDT": -480,
    "HST": -600,
    "BRT": -180,
}
_ZONE = re.compile(r"\b[A-Z]{3,4}\Z")
_FIRST_YEAR = 1800


def plain(text: str) -> str:
    """Give a line of text without markup and without what no reader sees."""
    text = text[:_MOST_MARKUP]
    return line(unescape(_TAG.sub("", _BREAK.sub(" ", text))))


def line(text: str) -> str:
    """Give text that is plain already as one line of bounded length, without what no reader sees."""
    words = _UNSEEN.sub("", text[:_MOST_MARKUP].translate(_WINDOWS)).split()
    return " ".join(words)[:LONGEST].rstrip()


def without_controls(text: str) -> str:
    """Give text as it is, but for characters that control something and those that XML has not."""
    return _CONTROLS.sub("", text.translate(_WINDOWS))


def identifier(named: str, link: str | None, title: str, when: datetime | None) -> str:
    """Name an entry: as its feed does, else by its link, else by its title and time; empty where it has none."""
    found = named or link
    if found:
        return found if len(found) <= _LONGEST_ID and found.isprintable() else hashed(found)
    return hashed(f"{title}\n{when}") if title else ""


def hashed(text: str) -> str:
    """Give a name for a text, of 71 characters, that tells nothing else of it."""
    return f"sha256:{sha256(text.encode('utf-8', 'replace')).hexdigest()}"


def address(link: str | None, base: str | None) -> str | None:
    """Give a link as an http(s) address, resolved against `base`; None where it is none that could be fetched."""
    link = re.sub(r"[\t\r\n]", "", (link or "").strip()[:8000]).replace(" ", "%20")
    if not link:
        return None
    try:
        found = urljoin(base or "", link)
        url.parse(found)
    except (FetchError, ValueError):
        return None
    return found


def time(text: str | None) -> datetime | None:
    """Read a time as feeds write it (RFC 822 and 3339, and near them); without a zone it is UTC's. None for no time."""
    text = " ".join((text or "")[:100].split())
    try:
        found = _iso(text) if text[:4].isdecimal() else _rfc822(text)
        return found and found.astimezone(UTC) if found and found.year >= _FIRST_YEAR else None
    except (ValueError, OverflowError, IndexError, TypeError):
        return None


def _iso(text: str) -> datetime | None:
    match = _ISO.match(text)
    if match is None:
        return None
    part = {name: int(value) for name, value in match.groupdict().items() if name != "zone" and value}
    begun = datetime(part["year"], part.get("month", 1), part.get("day", 1), tzinfo=_zone(match["zone"] or "Z"))
    second = min(part.get("second", 0), 59)
    return begun + timedelta(hours=part.get("hour", 0), minutes=part.get("minute", 0), seconds=second)


def _zone(text: str) -> timezone:
    if text[0] not in "+-":
        return UTC
    offset = timedelta(hours=int(text[1:3]), minutes=int(text[3:].lstrip(":") or 0))
    return timezone(-offset if text[0] == "-" else offset)


def _rfc822(text: str) -> datetime | None:
    zone = _ZONE.search(text)
    if zone and zone[0] in _ZONES:
        minutes = _ZONES[zone[0]]
        text = f"{text[: zone.start()]}{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02}{abs(minutes) % 60:02}"
    parts = parsedate_tz(text)
    if parts is None:
        return None
    year, month, day, hour, minute, second = parts[:6]
    begun = datetime(year, month, day, hour, minute, min(second, 59), tzinfo=UTC)
    return begun - timedelta(seconds=parts[9] or 0)
