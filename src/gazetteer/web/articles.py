"""The page of an article: its digest with all that the archive knows of it, its reviews, and what was changed in it."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from http import HTTPStatus

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from gazetteer.archive.changes import Change, Edit, difference
from gazetteer.archive.identity import OWNER
from gazetteer.archive.values import Kept, Version
from gazetteer.view import printable
from gazetteer.web.rules import draft_of
from gazetteer.web.sheet import sheet
from gazetteer.web.shown import is_whole, read_as, shown
from gazetteer.web.site import action, missing, page, render, see, site_of, visit_of

LONGEST_REVIEW = 5_000
"""Characters."""

_RATINGS = {str(rating): rating for rating in range(1, 6)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """What was written into the form of a review, and what is `wrong` with it."""

    rating: str = ""
    words: str = ""
    wrong: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """Paragraphs of a difference that follow each other: such as were changed, or such as were not."""

    is_same: bool
    paragraphs: tuple[tuple[Edit, ...], ...]


def routes() -> Iterator[BaseRoute]:
    """Give the routes of articles."""
    yield page("/articles/{id:number}", article)
    yield page("/articles/{id:number}/changes", changes)
    yield action("/articles/{id:number}/reviews", review)
    yield action("/articles/{id:number}/reviews/{review:number}/remove", remove_review)


def article(request: Request) -> Response:
    """Show an article."""
    return _shown(request, kept_of(request))


def review(request: Request, form: FormData) -> Response:
    """Keep a review; one that is wrong comes back to its form."""
    kept = kept_of(request)
    rating, words = (str(form.get(name, "")).strip() for name in ("rating", "words"))
    wrong = _wrong(rating, words)
    if wrong:
        typed = Typed(rating=rating, words=words, wrong=wrong)
        return _shown(request, kept, typed=typed, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    site = site_of(request)
    number = site.archive.review(
        kept.id, reviewer=_reviewer(request) or OWNER, words=words, rating=_RATINGS.get(rating), at=site.now()
    )
    return see(f"/articles/{kept.id}#review-{number}")


def remove_review(request: Request, _form: FormData) -> Response:
    """Remove a review of the reader's own."""
    number = request.path_params["review"]
    reviewer = _reviewer(request) or OWNER
    if not site_of(request).archive.remove_review(number, reviewer=reviewer):
        raise missing("such review of yours")
    return see(f"/articles/{request.path_params['id']}#article-{request.path_params['id']}-reviews")


def changes(request: Request) -> Response:
    """Show what the publisher changed from one version of an article to the next."""
    number = request.path_params["id"]
    versions = site_of(request).archive.versions(number)
    if not versions:
        raise missing("such article")
    version = _asked(versions, request.query_params.get("version"))
    if version.number == 1:
        return render(request, "changes.html", id=number, versions=versions, version=version)
    found = difference(versions[version.number - 2].article, version.article)
    shows = all(is_whole(each.article, site_of(request).settings) for each in versions)
    return render(
        request,
        "changes.html",
        id=number,
        versions=versions,
        version=version,
        headline=found.headline,
        is_changed=bool(found.text),
        counts=Counter(map(_became, found.text)),
        shows=shows,
        stretches=tuple(_stretches(found.text)) if shows else (),
    )


def kept_of(request: Request) -> Kept:
    """Give the article that is asked for; raises where there is none."""
    kept = site_of(request).archive.get(request.path_params["id"])
    if kept is None:
        raise missing("such article")
    return kept


def _shown(request: Request, kept: Kept, *, typed: Typed | None = None, status: int = HTTPStatus.OK) -> Response:
    site, reader = site_of(request), visit_of(request).reader
    digest = shown(kept, site.settings)
    return render(
        request,
        "article.html",
        status=status,
        said=digest,
        page=sheet(f"article-{kept.id}", digest, kept=kept, is_whole=is_whole(digest.article, site.settings)),
        story=site.archive.story_of(kept.id),
        mark=None if reader is None else site.archive.marks(reader, [kept.id])[kept.id],
        rating=site.archive.rating(kept.id),
        reviews=site.archive.reviews(kept.id, cursor=request.query_params.get("reviews")),
        reviewer=_reviewer(request),
        typed=typed or Typed(),
        longest=LONGEST_REVIEW,
        draft=draft_of(digest.annotation.entities),
        renamed=len(read_as(kept)),
    )


def _reviewer(request: Request) -> str | None:
    """Give the name by which the reader reviews; None of strangers."""
    reader = visit_of(request).reader
    return OWNER if reader == "" else reader


def _wrong(rating: str, words: str) -> str | None:
    if rating and rating not in _RATINGS:
        return "A rating is from 1 to 5."
    if len(words) > LONGEST_REVIEW:
        return f"A review has at most {LONGEST_REVIEW:,} characters; this one has {len(words):,}."
    if not rating and not printable(words).strip():
        return "Give a rating, or write something, or both."
    return None


def _asked(versions: Sequence[Version], number: str | None) -> Version:
    if number is None:
        return versions[-1]
    found = next((version for version in versions if str(version.number) == number), None)
    if found is None:
        raise missing("such version")
    return found


def _became(paragraph: Iterable[Edit]) -> str:
    """Tell what became of a paragraph: a change of its own, where its words had several."""
    kinds = {edit.change for edit in paragraph}
    return str(kinds.pop()) if len(kinds) == 1 else "changed"


def _stretches(paragraphs: Iterable[tuple[Edit, ...]]) -> Iterator[Stretch]:
    stretch: list[tuple[Edit, ...]] = []
    was_same = False
    for paragraph in paragraphs:
        is_same = _became(paragraph) == Change.SAME
        if stretch and is_same != was_same:
            yield Stretch(is_same=was_same, paragraphs=tuple(stretch))
            stretch = []
        stretch.append(paragraph)
        was_same = is_same
    if stretch:
        yield Stretch(is_same=was_same, paragraphs=tuple(stretch))
