"""What the API answers: each route asks the archive for one thing, in a thread."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from functools import partial
from http import HTTPStatus
from typing import Any, cast

from fastapi import APIRouter, Request, Response
from starlette.exceptions import HTTPException

from gazetteer import wire
from gazetteer.archive import Kept, Kind, Rule, values
from gazetteer.archive.changes import Difference, difference
from gazetteer.types import Digest, Failure
from gazetteer.web.api import feeds, models
from gazetteer.web.api.access import Adds, Asker, Asks, Reads, Writes
from gazetteer.web.api.asked import (
    AskedBrowsing,
    AskedCut,
    AskedDays,
    AskedListing,
    AskedPage,
    AskedRanking,
    AskedSearch,
    Id,
    Listing,
    Version,
    linked,
)
from gazetteer.web.api.models import Page, PostedAddress, PostedPage, PostedPlacing, PostedText
from gazetteer.web.api.posting import Sent, SentPlacing, source, takes
from gazetteer.web.api.problems import MISSING, SENDING, declared
from gazetteer.web.shown import most_shown, readable, shown
from gazetteer.web.site import aside, missing
from gazetteer.web.stories import placed, tell
from gazetteer.web.templating import PLURALS, sentence

_ALWAYS = declared(
    HTTPStatus.UNAUTHORIZED,
    HTTPStatus.NOT_ACCEPTABLE,
    HTTPStatus.UNPROCESSABLE_ENTITY,
    HTTPStatus.TOO_MANY_REQUESTS,
    HTTPStatus.INTERNAL_SERVER_ERROR,
    HTTPStatus.SERVICE_UNAVAILABLE,
)

router = APIRouter(responses=_ALWAYS)


# Articles


@router.get("/articles", tags=["articles"], response_model=Page[models.Card])
def articles(request: Request, response: Response, asks: Asks, asked: AskedBrowsing) -> values.Page[values.Card]:
    """List articles, the newest first: all, or those in a language, or of a tone."""
    if asked.language is not None and asked.tone is not None:
        raise HTTPException(HTTPStatus.UNPROCESSABLE_ENTITY, "Ask for a language or a tone, or search for both.")
    found = asks.archive.browse(
        language=asked.language,
        leaning=asked.tone,
        since=asked.after,
        until=asked.before,
        cursor=asked.cursor,
        limit=asked.limit,
    )
    return linked(request, response, _cards(asks, found))


@router.post(
    "/articles",
    tags=["articles"],
    response_model=models.Added,
    status_code=HTTPStatus.CREATED,
    responses=SENDING | {200: {"model": models.Added, "description": "The archive had the article"}},
    openapi_extra=takes(PostedAddress, PostedPage, PostedText),
)
async def add(request: Request, response: Response, asks: Adds, sent: Sent) -> values.Saved:
    """Add an article: a page that is fetched, a page's HTML, or a text. Needs a token that may add."""
    assert asks.site.take is not None
    taken = await aside(partial(asks.site.take, source(sent)))
    if isinstance(taken, Failure):
        raise HTTPException(HTTPStatus.UNPROCESSABLE_ENTITY, sentence(taken.reason))
    if taken.outcome is not values.Outcome.KEPT:
        response.status_code = HTTPStatus.OK
    response.headers["location"] = f"{request.url.path}/{taken.id}"
    return taken


@router.get("/articles/{id}", tags=["articles"], response_model=models.Article, responses=MISSING)
def article(asks: Asks, number: Id) -> dict[str, object]:
    """Give an article: what its publisher said. On a public site, an excerpt, unless there is a token."""
    kept = _kept(asks, number)
    said = _shown(asks, kept).article
    return wire.article_line(said) | {
        "id": kept.id,
        "authors": kept.authors,
        "publisher": kept.publisher,
        "section": said.section,
        "image_url": said.image_url,
        "is_excerpt": _is_excerpt(asks, kept),
        "version": kept.version,
        "kept_at": kept.kept_at,
        "changed_at": kept.changed_at,
        "read_at": kept.read_at,
    }


@router.get("/articles/{id}/versions", tags=["articles"], response_model=Page[models.Version], responses=MISSING)
def versions(asks: Reads, number: Id) -> dict[str, object]:
    """Give the versions of an article, the oldest first. On a public site, this needs a token.

    Where the publisher asks that no copy be shown, their texts are empty.
    """
    rows = [
        {"number": each.number, "kept_at": each.kept_at, "headline": each.article.headline, "text": each.article.text}
        for each in _versions(asks, number)
    ]
    return {"rows": rows, "cursor": None}


@router.get(
    "/articles/{id}/versions/{version}/changes",
    tags=["articles"],
    response_model=models.Difference,
    responses=MISSING,
)
def changes(asks: Reads, number: Id, version: Version) -> Difference:
    """Tell what the publisher changed from the version before to this one. On a public site, this needs a token."""
    found = {each.number: each.article for each in _versions(asks, number)}
    if version not in found:
        raise missing("such version")
    return difference(found[version - 1], found[version])


@router.get(
    "/digests/{id}",
    tags=["digests"],
    response_model=models.Digest,
    response_model_exclude_unset=True,
    responses=MISSING,
)
def digest(asks: Asks, number: Id) -> dict[str, object]:
    """Give an article's digest: what it says, and what was read in it, with corrections made.

    On a public site, its text is an excerpt, unless there is a token.
    """
    kept = _kept(asks, number)
    line = wire.digest_line(_shown(asks, kept))
    return line | {
        "id": kept.id,
        "is_excerpt": _is_excerpt(asks, kept),
        "entities": _numbered(line["entities"], tuple(dict.fromkeys(kept.entities))),
        "tags": _numbered(line["tags"], kept.tags),
    }


@router.get("/search", tags=["search"], response_model=Page[models.Hit])
def search(request: Request, response: Response, asks: Asks, asked: AskedSearch) -> values.Page[values.Hit]:
    """Give the articles that a search finds, with the words that were found."""
    found = asks.archive.search(asked.q, order=asked.order, cursor=asked.cursor, limit=asked.limit)
    return linked(request, response, replace(found, rows=tuple(_hit(asks, each) for each in found.rows)))


# Who and what articles share


@router.get("/days", tags=["days"], response_model=Page[models.Day])
def days(asks: Asks, asked: AskedDays) -> dict[str, object]:
    """Tell how many articles each day has, and how they are told on the whole."""
    return _days(asks, None, asked)


def _subjects(kind: Kind, words: type[models.Words]) -> None:
    """Make the routes that all subjects of a kind have."""
    plural = PLURALS[kind]

    def listed(request: Request, response: Response, asks: Asks, asked: AskedRanking) -> values.Page[values.Subject]:
        return linked(request, response, asks.archive.most(kind, cursor=asked.cursor, limit=asked.limit))

    def one(asks: Asks, number: Id) -> values.Subject:
        return _subject(asks, kind, number)

    def its_articles(
        request: Request,
        response: Response,
        asks: Asks,
        number: Id,
        asked: AskedListing,
    ) -> values.Page[values.Card]:
        return linked(request, response, _cards(asks, _browsed(asks, _subject(asks, kind, number), asked)))

    def its_days(asks: Asks, number: Id, asked: AskedDays) -> dict[str, object]:
        return _days(asks, (kind, _subject(asks, kind, number).id), asked)

    routes: tuple[tuple[str, Callable[..., Any], Any, str], ...] = (
        (f"/{plural}", listed, Page[words], f"List {plural}, those in most articles first."),  # type: ignore[valid-type]
        (f"/{plural}/{{id}}", one, words, f"Give one of the {plural}."),
        (f"/{plural}/{{id}}/articles", its_articles, Page[models.Card], "List its articles, the newest first."),
        (f"/{plural}/{{id}}/days", its_days, Page[models.Day], "Tell how many articles each day has, and their tone."),
    )
    for path, endpoint, model, description in routes:
        router.add_api_route(
            path,
            endpoint,
            name=f"{endpoint.__name__}_{plural}",
            description=description,
            tags=[plural],
            response_model=model,
            responses=MISSING if "{id}" in path else {},
        )


_subjects(Kind.ENTITY, models.Entity)


@router.get("/entities/{id}/aliases", tags=["entities"], response_model=Page[models.Name], responses=MISSING)
def aliases(asks: Asks, number: Id) -> dict[str, object]:
    """Give the names under which an entity was read."""
    return {"rows": asks.archive.aliases(_subject(asks, Kind.ENTITY, number).id), "cursor": None}


@router.get("/entities/{id}/company", tags=["entities"], response_model=Page[models.Entity], responses=MISSING)
def company(asks: Asks, number: Id, asked: AskedCut) -> dict[str, object]:
    """Give who and what appears most with an entity in its newest articles; `articles` counts these."""
    return {"rows": asks.archive.company(_subject(asks, Kind.ENTITY, number).id, limit=asked.limit), "cursor": None}


@router.get("/entities/{id}/passages", tags=["entities"], response_model=Page[models.Passage], responses=MISSING)
def passages(
    request: Request,
    response: Response,
    asks: Reads,
    number: Id,
    asked: AskedPage,
) -> values.Page[values.Passage]:
    """Give sentences that name an entity: a few of each of its articles, the newest first, `limit` articles a page.

    On a public site, this needs a token.
    """
    number = _subject(asks, Kind.ENTITY, number).id
    return linked(request, response, asks.archive.passages(number, cursor=asked.cursor, limit=asked.limit))


@router.get("/entities/{id}/quotes", tags=["entities"], response_model=Page[models.Passage], responses=MISSING)
def quotes(
    request: Request,
    response: Response,
    asks: Reads,
    number: Id,
    asked: AskedPage,
) -> values.Page[values.Passage]:
    """Give what an entity is quoted as saying, the newest articles first, `limit` articles a page.

    On a public site, this needs a token.
    """
    number = _subject(asks, Kind.ENTITY, number).id
    return linked(request, response, asks.archive.quotes(number, cursor=asked.cursor, limit=asked.limit))


_subjects(Kind.AUTHOR, models.Subject)
_subjects(Kind.PUBLISHER, models.Subject)
_subjects(Kind.TAG, models.Tag)


@router.get("/stories", tags=["stories"], response_model=Page[models.Story])
def stories(request: Request, response: Response, asks: Asks, asked: AskedPage) -> values.Page[values.Story]:
    """List stories, each the articles of one event: those that were told last first."""
    return linked(request, response, asks.archive.stories(cursor=asked.cursor, limit=asked.limit))


@router.get("/stories/{id}", tags=["stories"], response_model=models.ToldStory, responses=MISSING)
def story(asks: Asks, number: Id) -> dict[str, object]:
    """Give a story, with where its newest 40 articles come from. One that was merged is given as what it is now."""
    return _told(asks, _story(asks, number))


@router.post(
    "/articles/{id}/story",
    tags=["stories"],
    response_model=models.ToldStory,
    responses=MISSING | SENDING,
    openapi_extra=takes(PostedPlacing),
)
def place(asks: Writes, number: Id, sent: SentPlacing) -> dict[str, object]:
    """Say which story an article belongs to; gives that. It holds against all that is gathered later.

    Needs a token that may add.
    """
    return _told(asks, _story(asks, placed(asks.site, number, sent.how, sent.other)))


def _told(asks: Asker, found: values.Story) -> dict[str, object]:
    told = tell(asks.site, found)
    return {
        "id": found.id,
        "is_corrected": told.is_corrected,
        "articles": found.articles,
        "newest_at": found.newest_at,
        "headline": told.headline,
        "outlets": told.outlets,
        "origins": [
            {"agency": origin.agency, "articles": [told.tellers[each].id for each in origin.articles]}
            for origin in told.origins
        ],
    }


@router.get("/stories/{id}/articles", tags=["stories"], response_model=Page[models.Card], responses=MISSING)
def story_articles(asks: Asks, number: Id, asked: AskedCut) -> values.Page[values.Card]:
    """Give a story's newest articles."""
    members = asks.archive.told_in(_story(asks, number).id, limit=asked.limit)
    return _cards(asks, values.Page(rows=tuple(asks.archive.cards(members)), cursor=None))


@router.get("/corrections", tags=["corrections"], response_model=Page[models.MadeCorrection])
def corrections(request: Request, response: Response, asks: Asks, asked: AskedPage) -> values.Page[dict[str, object]]:
    """Give the corrections of names, in the order in which they were made."""
    first = int(asked.cursor or 0)
    made = asks.archive.corrections()
    end = first + asked.limit
    rows = tuple(_correction(*each) for each in made[first:end])
    return linked(request, response, values.Page(rows=rows, cursor=str(end) if end < len(made) else None))


# What is followed

router.include_router(feeds.router)


def _kept(asks: Asker, number: int) -> Kept:
    kept = asks.archive.get(number)
    if kept is None:
        raise missing("such article")
    return kept


def _versions(asks: Asker, number: int) -> tuple[values.Version, ...]:
    found = asks.archive.versions(number)
    if not found:
        raise missing("such article")
    if any(each.article.opt_outs.no_copy for each in found):
        return tuple(replace(each, article=replace(each.article, text="")) for each in found)
    return found


def _story(asks: Asker, number: int) -> values.Story:
    found = asks.archive.story(number)
    if found is None:
        raise missing("such story")
    return found


def _subject(asks: Asker, kind: Kind, number: int) -> values.Subject:
    subject = asks.archive.subject(kind, number)
    if subject is None:
        raise missing(f"such {kind}")
    return subject


def _shown(asks: Asker, kept: Kept) -> Digest:
    return readable(kept) if asks.sees_all else shown(kept, asks.site.settings)


def _is_excerpt(asks: Asker, kept: Kept) -> bool:
    return not asks.sees_all or kept.digest.article.opt_outs.no_copy


def _browsed(asks: Asker, subject: values.Subject, asked: Listing) -> values.Page[values.Card]:
    return asks.archive.browse(
        of=(subject.kind, subject.id), since=asked.after, until=asked.before, cursor=asked.cursor, limit=asked.limit
    )


def _days(asks: Asker, of: tuple[Kind, int] | None, asked: AskedDays) -> dict[str, object]:
    since, until = asked.within(asks.site.now().date())
    return {"rows": asks.archive.days(of, since=since, until=until), "cursor": None}


def _cards(asks: Asker, found: values.Page[values.Card]) -> values.Page[values.Card]:
    return replace(found, rows=tuple(_card(asks, each) for each in found.rows))


def _card(asks: Asker, card: values.Card) -> values.Card:
    """Give an article as whoever asks may see it listed: with its first sentence, or without."""
    if asks.sees_all or most_shown(card.publisher.name if card.publisher else "", asks.site.settings):
        return card
    return replace(card, lead="")


def _hit(asks: Asker, hit: values.Hit) -> values.Hit:
    """Give what was found as whoever asks may see it: on a public site, a snippet could be of any sentence."""
    if asks.sees_all:
        return hit
    card = _card(asks, hit.card)
    return replace(hit, card=card, snippet=(values.Piece(words=card.lead),) if card.lead else ())


def _numbered(rows: object, subjects: tuple[values.Subject, ...]) -> list[dict[str, object]]:
    lines = cast("list[dict[str, object]]", rows)
    return [{"id": subject.id} | line for subject, line in zip(subjects, lines, strict=True)]


def _correction(rule: Rule, made_at: datetime) -> dict[str, object]:
    return {"kind": rule.kind, "name": rule.name, "other": rule.other, "shown": rule.shown, "made_at": made_at}
