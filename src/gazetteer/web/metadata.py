"""What an article's page says of itself to programs: NewsArticle JSON-LD, Open Graph, and which page it stands for.

The canonical page is the publisher's: a digest is an excerpt of it.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from markupsafe import Markup

from gazetteer.archive.values import Kept, Subject
from gazetteer.types import Access, Article, Digest, Entity
from gazetteer.view import machine_moment, printable, safe_link
from gazetteer.web import SiteSettings
from gazetteer.web.excerpts import excerpt

_CONTEXT = "https://schema.org"
_TYPES = {
    "PERSON": "Person",
    "ORG": "Organization",
    "GPE": "Place",
    "LOC": "Place",
    "FAC": "Place",
    "EVENT": "Event",
    "PRODUCT": "Product",
    "WORK_OF_ART": "CreativeWork",
    "LAW": "Legislation",
    "LANGUAGE": "Language",
}
"""The type of schema.org for each label; peoples and creeds (NORP) are but a Thing."""

_LONGEST = 300  # characters of a description
_IN_SCRIPTS = {ord("<"): "\\u003c", ord(">"): "\\u003e", ord("&"): "\\u0026", 0x2028: "\\u2028", 0x2029: "\\u2029"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Metadata:
    """What a page's head says: its `canonical` address, properties of Open Graph, and JSON-LD as a script holds it."""

    canonical: str
    properties: tuple[tuple[str, str], ...]
    json_ld: Markup


def of(kept: Kept, digest: Digest, base: str, settings: SiteSettings) -> Metadata:
    """Give what the page of an article says of it, on the site at `base`, which shows this `digest` of it."""
    page = f"{base}/articles/{kept.id}"
    description = _shortened(excerpt(digest))
    return Metadata(
        canonical=safe_link(digest.article.link) or page,
        properties=_properties(kept, digest.article, page, description, settings),
        json_ld=_script(_news_article(kept, digest.article, digest.annotation.entities, base, description)),
    )


def _properties(
    kept: Kept, article: Article, page: str, description: str, settings: SiteSettings
) -> tuple[tuple[str, str], ...]:
    pairs = (
        ("og:type", "article"),
        ("og:title", article.headline),
        ("og:url", page),
        ("og:site_name", settings.title),
        ("og:description", description),
        ("article:published_time", _time(article.published_at)),
        ("article:modified_time", _time(article.modified_at)),
        ("article:section", article.section),
        *(("article:tag", tag.name) for tag in kept.tags),
    )
    return tuple((name, printable(value)) for name, value in pairs if value and printable(value))


def _news_article(
    kept: Kept, article: Article, entities: Sequence[Entity], base: str, description: str
) -> dict[str, object]:
    subjects = dict.fromkeys(kept.entities)
    return _known(
        {
            "@context": _CONTEXT,
            "@type": "NewsArticle",
            "headline": article.headline,
            "description": description,
            "url": safe_link(article.link),
            "mainEntityOfPage": f"{base}/articles/{kept.id}",
            "datePublished": _time(article.published_at),
            "dateModified": _time(article.modified_at),
            "inLanguage": None if article.language == "und" else article.language,
            "articleSection": article.section,
            "isAccessibleForFree": article.access is Access.FREE,
            "author": [_thing("Person", each.name, f"{base}/authors/{each.id}") for each in kept.authors],
            "publisher": kept.publisher
            and _thing("Organization", kept.publisher.name, f"{base}/publishers/{kept.publisher.id}"),
            "keywords": [tag.name for tag in kept.tags],
            "mentions": [_mention(*each, base) for each in zip(subjects, entities, strict=True)],
        }
    )


def _mention(subject: Subject, entity: Entity, base: str) -> dict[str, object]:
    kind = _TYPES.get(entity.label, "Thing")
    thing = _thing(kind, subject.name, f"{base}/entities/{subject.id}")
    if kind != "Place" or entity.place is None:
        return thing
    place = entity.place
    country = place.country and {"@type": "PostalAddress", "addressCountry": place.country}
    position = place.latitude is not None and {
        "@type": "GeoCoordinates",
        "latitude": place.latitude,
        "longitude": place.longitude,
    }
    return thing | _known({"address": country, "geo": position or None})


def _thing(kind: str, name: str, page: str) -> dict[str, object]:
    return {"@type": kind, "name": name, "url": page}


def _known(words: dict[str, object]) -> dict[str, object]:
    return {name: value for name, value in words.items() if value not in (None, "", [])}


def _script(words: dict[str, object]) -> Markup:
    """Write JSON as a script element may hold it: nothing in it ends the element, or begins a comment."""
    text = json.dumps(_printed(words), ensure_ascii=False).translate(_IN_SCRIPTS)
    return Markup(text)  # noqa: S704 - no character in it means anything to HTML


def _printed(value: object) -> object:
    if isinstance(value, dict):
        return {name: _printed(held) for name, held in value.items()}
    if isinstance(value, list):
        return [_printed(each) for each in value]
    return printable(value) if isinstance(value, str) else value


def _shortened(words: str) -> str:
    return words if len(words) <= _LONGEST else words[:_LONGEST].rpartition(" ")[0] + " …"


def _time(at: datetime | None) -> str | None:
    return machine_moment(at) if at else None
