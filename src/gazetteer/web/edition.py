"""An edition: the stories of a day, as a page, and for other places as Markdown and a page by itself."""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from http import HTTPStatus

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from gazetteer.archive import Archive, follows
from gazetteer.archive.values import Kept, Story
from gazetteer.stories.edition import weight
from gazetteer.stories.origins import origins
from gazetteer.view import NO_HEADLINE, safe_link
from gazetteer.web import SiteSettings
from gazetteer.web.excerpts import line
from gazetteer.web.pages import alone
from gazetteer.web.shown import shown
from gazetteer.web.site import page, remembered, render, site_of, visit_of
from gazetteer.web.stories import copies, outlet, source_of
from gazetteer.web.templating import date_words

STORIES = 20
"""Stories of an edition, unless another number is asked for."""
_CONSIDERED = 3  # times as many stories are weighed
_READ = 12  # articles of a story, the newest of the day, that are read to weigh it
_DAY = timedelta(days=1)
# What CommonMark would read as markup in a line of words (a row of `#` at its end is a heading's), and what it would at
# the line's beginning alone. Many programs strike out what is between `~`.
_ENTITY = r"&(?=#\w|[A-Za-z]\w*;)"
_MARKUP = re.compile(rf"[\\`*\[\]<~]|(?<![^\W_])_|_(?![^\W_])|{_ENTITY}|(?<!\S)#(?=#*\Z)")
_BEGINNING = re.compile(r"(?:#{1,6}|[-+])(?!\S)|-(?=-)|>")
_ITEM = re.compile(r"(\d{1,9})([.)])(?!\S)")
_ADDRESS = {"<": "%3C", ">": "%3E", "\\": "%5C"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """An article of a story: who published it, its headline, its page's path here, its own address, and the number of
    the article that it reprints.
    """

    id: int
    outlet: str
    headline: str
    language: str
    path: str
    link: str | None
    reprint_of: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """A story of an edition: its number, its headline as of then (`Archive.headings`) with its article's language,
    address and a sentence that says what it is (`lead`), from how many origins, and its articles of that time.
    """

    id: int
    headline: str
    language: str
    link: str | None
    origins: int
    newest_at: datetime
    lead: str
    tellings: tuple[Telling, ...]

    @property
    def outlets(self) -> tuple[Telling, ...]:
        """The first article of each outlet."""
        first: dict[str, Telling] = {}
        for each in self.tellings:
            first.setdefault(each.outlet, each)
        return tuple(first.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """The stories of the time from `since` until before `until`, those that count most first."""

    title: str
    since: datetime
    until: datetime
    items: tuple[Item, ...]


def routes() -> Iterator[BaseRoute]:
    """Give the route of the edition."""
    yield page("/edition", shown_edition)


def shown_edition(request: Request) -> Response:
    """Show the edition of the last day, or of the one that is asked for."""
    site, asked = site_of(request), request.query_params.get("day")
    day = None
    if asked:
        try:
            day = date.fromisoformat(asked)
            day + _DAY
        except (ValueError, OverflowError) as error:
            raise HTTPException(HTTPStatus.BAD_REQUEST, "A day is written as 2020-08-15.") from error
    today = site.now().date()
    beside = site.archive.beside(day or today)
    followed = followed_by(site.archive, visit_of(request).reader)
    make = partial(edition, site.archive, site.settings, now=site.now(), day=day, followed=followed)
    found = remembered(request, ("edition", day, followed), make)
    return render(request, "edition.html", edition=found, day=day, today=today, beside=beside)


def edition(
    archive: Archive,
    settings: SiteSettings,
    *,
    now: datetime,
    day: date | None = None,
    limit: int = STORIES,
    least: int = 1,
    followed: Collection[tuple[str, int]] = (),
) -> Edition:
    """Make the edition of a day (UTC), or of the last 24 hours: of stories that `least` articles of that time tell.

    What is `followed`, by kinds and numbers (`follows.of`), counts more.
    """
    since = now - _DAY if day is None else datetime.combine(day, time(), UTC)
    until = min(now, since + _DAY) if day is None else since + _DAY
    at = min(now, until)
    found = []
    told = archive.stories_between(since, until, limit=_CONSIDERED * limit, articles=_READ, least=least)
    headings = archive.headings([story.id for story, _ in told], until=until)
    leads = {each.id: each for each in archive.get_all([each.lead for each in headings.values()])}
    for story, members in told:
        lead = leads.get(headings[story.id].lead) if story.id in headings else None
        if lead and (kept := archive.get_all(members)):
            item = _item(story, lead, kept, settings)
            own = (each for one in kept for each in follows.of(one, story.id))
            is_followed = bool(followed) and any(each in followed for each in own)
            counts = weight(origins=item.origins, newest_at=item.newest_at, now=at, is_followed=is_followed)
            found.append((counts, item))
    found.sort(key=lambda each: (-each[0], each[1].id))
    title = f"{line(settings.title) or 'Gazetteer'}: {date_words(day or now.date())}"
    return Edition(title=title, since=since, until=until, items=tuple(item for _, item in found[:limit]))


def followed_by(archive: Archive, reader: str | None) -> frozenset[tuple[str, int]]:
    """Give what a reader follows, by kinds and numbers; nothing of strangers."""
    return frozenset() if reader is None else frozenset((each.kind, each.number) for each, _ in archive.follows(reader))


def markdown(edition: Edition, *, address: str | None) -> str:
    """Write an edition as CommonMark; stories link to their pages where the site has an `address`, else to sources."""
    parts = [f"# {_escaped(edition.title)}"]
    for item in edition.items:
        lead = [_escaped(item.lead)] if item.lead else []
        counts = f"{_some(len(item.outlets), 'outlet')}, {_some(item.origins, 'origin')}"
        to = f"{address}/stories/{item.id}" if address else item.link
        others = " · ".join(f"{_link(each.outlet, each.link)}{_reprint(each)}" for each in item.outlets)
        parts += [f"## {_link(item.headline, to)}", *lead, f"*{counts}*: {others}"]
    if not edition.items:
        parts.append("No stories.")
    return "\n\n".join(parts) + "\n"


def plain(edition: Edition, *, address: str | None) -> str:
    """Write an edition as plain text, with the addresses that `markdown` links to."""
    parts = [edition.title]
    for item in edition.items:
        counts = f"{_some(len(item.outlets), 'outlet')}, {_some(item.origins, 'origin')}"
        page = [f"{address}/stories/{item.id}"] if address else []
        told = [f"- {each.outlet}{_reprint(each)}{f': {each.link}' if each.link else ''}" for each in item.outlets]
        parts.append("\n".join([item.headline, *filter(None, [item.lead]), *page, f"{counts}:", *told]))
    if not edition.items:
        parts.append("No stories.")
    return "\n\n".join(parts) + "\n"


def html(edition: Edition, *, address: str | None) -> str:
    """Write an edition as one page that needs nothing but itself."""
    return alone("edition-alone.html", edition=edition, address=address)


def json_line(edition: Edition) -> dict[str, object]:
    """Give an edition as the words of one JSON object."""
    return {
        "title": edition.title,
        "since": edition.since.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z"),
        "until": edition.until.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z"),
        "stories": [
            {
                "story": item.id,
                "headline": item.headline,
                "lead": item.lead,
                "outlets": len(item.outlets),
                "origins": item.origins,
                "articles": [
                    {
                        "id": each.id,
                        "publisher": each.outlet,
                        "headline": each.headline,
                        "url": each.link,
                        "reprint_of": each.reprint_of,
                    }
                    for each in item.tellings
                ],
            }
            for item in edition.items
        ],
    }


def _item(story: Story, lead: Kept, kept: Sequence[Kept], settings: SiteSettings) -> Item:
    ordered = sorted(kept, key=lambda each: each.id)
    found = origins([source_of(each) for each in ordered])
    order = [number for origin in found for number in origin.articles]
    order.sort(key=lambda number: ordered[number].id != lead.id)
    digests = [shown(ordered[number], settings) for number in order]
    reprints = {number: ordered[copy.of].id for number, copy in copies(found).items() if copy.is_reprint}
    tellings = tuple(
        Telling(
            id=ordered[number].id,
            outlet=line(outlet(ordered[number])),
            headline=line(digest.article.headline) or NO_HEADLINE,
            language=digest.article.language,
            path=f"/articles/{ordered[number].id}",
            link=safe_link(digest.article.link),
            reprint_of=reprints.get(number),
        )
        for number, digest in zip(order, digests, strict=True)
    )
    first = shown(lead, settings)
    sentences = [first.annotation.sentences[number] for number in first.annotation.summary[:1]]
    words = " ".join(line(first.article.text[each.start : each.end]) for each in sentences)
    return Item(
        id=story.id,
        headline=line(first.article.headline) or NO_HEADLINE,
        language=first.article.language,
        link=safe_link(first.article.link),
        origins=len(found),
        newest_at=story.newest_at,
        lead=words,
        tellings=tellings,
    )


def _escaped(words: str) -> str:
    """Give words in a line of Markdown that mean nothing but themselves."""
    words = _MARKUP.sub(r"\\\g<0>", words)
    if _BEGINNING.match(words):
        return f"\\{words}"
    return _ITEM.sub(r"\1\\\2", words, count=1) if _ITEM.match(words) else words


def _link(words: str, address: str | None) -> str:
    if address is None:
        return _escaped(words)
    to = re.sub(_ENTITY, "&amp;", "".join(_ADDRESS.get(each, each) for each in address))
    return f"[{_escaped(words)}](<{to}>)"


def _reprint(telling: Telling) -> str:
    return "" if telling.reprint_of is None else " (reprint)"


def _some(count: int, thing: str) -> str:
    return f"{count} {thing}{'' if count == 1 else 's'}"
