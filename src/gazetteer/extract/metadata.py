"""What the publisher says about an article: the one place that asks the readers of each part."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import chain

from lxml.html import HtmlElement

from gazetteer import optouts
from gazetteer.extract import authors, dates, headline, language, surroundings, urls
from gazetteer.extract.structured import Declarations, declarations, first, is_article, is_index, strings, types
from gazetteer.types import NO_OPT_OUTS, Access, OptOuts

NAME_CHARACTERS = 100

_SITES = frozenset({"WebSite", "NewsMediaOrganization", "Organization"})
_KINDS = frozenset({"article", "articles", "news article", "post", "posts", "story", "stories", "tag", "tags"})
_PARTS = re.compile(r"\s+\|\s+|\s+[-–—]\s+")
_ADDRESS = re.compile(r"//|@|\A(?:null|undefined|none)\Z")
_TIERS = {
    "free": Access.FREE,
    "metered": Access.METERED,
    "locked": Access.PAYWALLED,
    "paid": Access.PAYWALLED,
    "premium": Access.PAYWALLED,
    "subscriber": Access.PAYWALLED,
    "subscription": Access.PAYWALLED,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Metadata:
    """What a page declares and prints about its article.

    `byline` is the visible line as printed, `authors` the people (or agencies) in it; times are aware, in UTC;
    `language` is the BCP 47 tag that the page declares; `canonical_url` and `image_url` are absolute web addresses.
    `is_article` is whether the page declares itself an article, None where it doesn't say.
    """

    headline: str | None = None
    byline: str | None = None
    authors: tuple[str, ...] = ()
    publisher: str | None = None
    published_at: datetime | None = None
    modified_at: datetime | None = None
    section: str | None = None
    language: str | None = None
    canonical_url: str | None = None
    image_url: str | None = None
    access: Access = Access.FREE
    is_article: bool | None = None
    opt_outs: OptOuts = NO_OPT_OUTS


def read(tree: HtmlElement, *, url: str | None = None, now: datetime | None = None) -> Metadata:
    """Read what the publisher says about the article on a page.

    `url` is the page's address, where it is known; dates over a day after `now` are ignored, where it is given. The
    tree is not changed. Whatever the page holds, the answer is a value: None stands for what it doesn't say.
    """
    page = declarations(tree)
    canonical = urls.canonical(chain(page.links.get("canonical", ()), page.meta("og:url"), _own(page)), url)
    address = url or canonical
    names = tuple(dict.fromkeys(_publishers(page, address)))
    title = headline.read(page, tree, publishers=names)
    top = surroundings.find(tree, title)
    written = authors.read(page, top, publishers=names)
    tag = _language(page)
    when = dates.read(page, top, url=address, language=tag, now=now)
    return Metadata(
        headline=title,
        byline=written.byline,
        authors=written.authors,
        publisher=first(names),
        published_at=dates.in_utc(when.published),
        modified_at=dates.in_utc(when.modified),
        section=_section(page, names),
        language=tag,
        canonical_url=canonical,
        image_url=_image(page, address),
        access=_access(page),
        is_article=_is_article(page),
        opt_outs=optouts.of_metas(page.metas),
    )


def _own(page: Declarations) -> Iterator[str]:
    if page.article:
        yield from strings(page.article.get("url"))


def _publishers(page: Declarations, url: str | None) -> Iterator[str]:
    """The publisher's names, the best first: who publishes the article, what the site calls itself, its host."""
    host = urls.host(url)
    declared = chain(
        chain.from_iterable(strings(node.get("publisher")) for node in page.nodes),
        page.meta("og:site_name", "application-name", "dc.publisher", "publisher", "al:android:app_name"),
        chain.from_iterable(strings(node.get("name")) for node in page.nodes if _SITES & types(node)),
        (headline.site_in(title, host) for title in page.titles[:1]),
    )
    for name in declared:
        if name and not _ADDRESS.search(name):
            yield from (part for part in _PARTS.split(name) if 1 < len(part) <= NAME_CHARACTERS)
    if host:
        yield host
        yield (urls.site(url) or host).split(".")[0]


def _section(page: Declarations, publishers: tuple[str, ...]) -> str | None:
    """The section that the page declares, unless it only names the publisher or the kind of page."""
    idle = _KINDS | {name.casefold() for name in publishers}
    texts = chain(
        page.meta("article:section"),
        chain.from_iterable(strings(node.get("articleSection")) for node in page.nodes),
        page.meta("parsely-section", "section", "og:section", "cxenseparse:section", "sailthru.section"),
    )
    told = (text for text in texts if text.casefold() not in idle and len(text) <= NAME_CHARACTERS)
    return next((text for text in told if not _ADDRESS.search(text)), None)


def _language(page: Declarations) -> str | None:
    """The language that the page declares, as a well-formed BCP 47 tag."""
    declared = chain(
        (page.language or "",),
        chain.from_iterable(strings(node.get("inLanguage")) for node in page.nodes),
        page.meta("content-language", "language", "dc.language", "dcterms.language", "og:locale"),
    )
    return first(tag for text in declared if (tag := language.normal(text)) != language.UNKNOWN)


def _image(page: Declarations, url: str | None) -> str | None:
    declared = chain(
        page.meta("og:image:secure_url", "og:image", "og:image:url", "twitter:image", "twitter:image:src"),
        chain.from_iterable(_addresses(node.get("image")) for node in page.nodes if is_article(node)),
        page.meta("parsely-image-url", "thumbnail"),
        page.links.get("image_src", ()),
    )
    return first(found for text in declared if (found := urls.absolute(text, url)))


def _addresses(image: object) -> Iterator[str]:
    members = image if isinstance(image, list) else [image]
    for member in members[:10]:
        yield from strings(member.get("url") or member.get("contentUrl") if isinstance(member, dict) else member)


def _access(page: Declarations) -> Access:
    """How much of the article the page says that it shows: metas of tiers first, then `isAccessibleForFree`."""
    for text in page.meta("article:content_tier", "content_tier", "og:article:content_tier"):
        if text.lower() in _TIERS:
            return _TIERS[text.lower()]
    said = [_free(node.get("isAccessibleForFree")) for node in page.nodes if is_article(node)]
    said += [_free(node.get("isAccessibleForFree")) for node in page.nodes if not is_article(node)]
    return Access.PAYWALLED if next((free for free in said if free is not None), True) is False else Access.FREE


def _free(value: object) -> bool | None:
    if isinstance(value, bool):
        return value
    return {"false": False, "true": True}.get((first(strings(value)) or "").rpartition("/")[2].lower())


def _is_article(page: Declarations) -> bool | None:
    if page.article is not None or any(name.endswith(("Article", "BlogPosting")) for name in page.item_types):
        return True
    if any(text.lower() in {"article", "og:article", "blog", "news"} for text in page.meta("og:type")):
        return True
    if any(is_index(node) for node in page.nodes):
        return False
    return None
