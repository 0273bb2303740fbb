"""What makes two things one: the same article under two addresses, the same name in two articles. Pure.

The rule for names is conservative: what has the same words, label and, where it is known, country is the same, and so
are the names of one country or city (“U.S.” and “United States”); whatever is joined beyond that is joined by a
correction. This module is the one place that says so.
"""

import hashlib
import re
import unicodedata
from dataclasses import dataclass
from urllib.parse import SplitResult, parse_qsl, urlencode, urlsplit

from gazetteer.archive.words import key, storable
from gazetteer.types import Article, Entity

_TRACKING = re.compile(r"utm_\w*|fbclid|gclid|mc_[ce]id|msclkid|yclid", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """What a name is known by across articles."""

    key: str
    label: str
    country: str = ""


def name_of(entity: Entity) -> Identity:
    """Tell by what an entity's name is known across articles."""
    country = entity.place.country if entity.place and entity.place.country else ""
    return Identity(key=key(entity.name), label=storable(entity.label), country=storable(country))


def place_of(entity: Entity) -> str | None:
    """Give what a city's or a country's names share: where it is, as a gazetteer knows it; None of all other names."""
    place = entity.place
    if place is None or entity.label != "GPE":
        return None
    if place.is_country:
        return place.country
    return None if place.latitude is None else f"{place.country} {place.latitude} {place.longitude}"


OWNER = "the owner"
"""By what name whoever keeps a private archive reviews in it."""

_MIXED = frozenset({"LATIN", "GREEK", "CYRILLIC", "ARMENIAN", "CHEROKEE", "COPTIC"})
"""Scripts, as Unicode names them, that have letters which look alike."""


def user(name: str) -> str:
    """Give what writings of a user's name share, whatever their case, width and spacing."""
    plain = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold())
    return key_of(" ".join(plain.split()))


def is_owner(name: str) -> bool:
    """Tell whether a user's name could be taken for the owner's, however it is written."""
    return _letters(name) == _letters(OWNER)


def is_mixed(name: str) -> bool:
    """Tell whether a name has letters of several scripts that look alike, so that it could be taken for another's."""
    scripts = {unicodedata.name(letter, "").partition(" ")[0] for letter in name if letter.isalpha()}
    return len(scripts & _MIXED) > 1


def _letters(name: str) -> str:
    return "".join(filter(str.isalnum, unicodedata.normalize("NFKD", user(name))))


def addresses_of(article: Article) -> tuple[str, ...]:
    """Give every key that the article may be known by, the surest first.

    They are its canonical address and the one that it came from; where it has none, a fingerprint of its words.
    """
    found = [address(url) for url in (article.canonical_url, article.url) if url]
    return tuple(dict.fromkeys(filter(None, found))) or (f"text:{fingerprint(article)}",)


def address(url: str) -> str | None:
    """Give the part of an address that names an article: no scheme, `www.`, tracking or fragment.

    None where it names none: a site's front page, or no address of the web.
    """
    try:
        parts = urlsplit(url.strip())
        host = (parts.hostname or "").removeprefix("www.")
        port = f":{parts.port}" if parts.port not in (None, 80, 443) else ""
        query = _query(parts)
    except ValueError:
        return None
    path = parts.path.rstrip("/")
    if parts.scheme not in ("http", "https") or not host or not (path or query):
        return None
    return key_of(f"{host}{port}{path}" + (f"?{query}" if query else ""))


def key_of(text: str) -> str:
    """Give a key that every database can hold, however long or odd the text is."""
    if len(text) <= 500 and text.isprintable():
        return text
    return "sha256:" + hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def fingerprint(article: Article) -> str:
    """Give what two articles share that have the same headline and text, whatever the spacing."""
    words = " ".join(f"{article.headline}\n{article.text}".split())
    return hashlib.sha256(words.encode("utf-8", "surrogatepass")).hexdigest()


def _query(parts: SplitResult) -> str:
    pairs = parse_qsl(parts.query, keep_blank_values=True, max_num_fields=200)
    return urlencode([(name, value) for name, value in pairs if not _TRACKING.fullmatch(name)], errors="replace")
