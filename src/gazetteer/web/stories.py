"""Stories: those that were told last, and a page for each: what its articles say together, and where they differ."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date
from http import HTTPStatus

from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from gazetteer.archive.stories import HEADING, Placing
from gazetteer.archive.values import Card, Kept, Page, Story
from gazetteer.stories.coverage import Coverage, Named, Place, Teller, coverage
from gazetteer.stories.origins import Copy, Origin, Source, origins
from gazetteer.view import MOST_SPOKEN_OF, SPOKEN_OF, host, safe_link
from gazetteer.web.shown import is_whole, shown
from gazetteer.web.site import Site, action, following, missing, number, page, render, see, site_of

MOST = HEADING
"""The newest articles of a story, of which its page tells."""
_LISTED = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A story as its page shows it: its newest articles, oldest first, where each comes from, and what they say.

    `whole` are the numbers of the tellers whose texts are shown on their pages. `is_corrected`: a reader said what
    belongs to it.
    """

    story: Story
    kept: tuple[Kept, ...]
    tellers: tuple[Teller, ...]
    origins: tuple[Origin, ...]
    coverage: Coverage
    lead: int
    whole: frozenset[int]
    is_corrected: bool

    @property
    def headline(self) -> str:
        """The headline of the article that leads (`Archive.headings`)."""
        return self.tellers[self.lead].digest.article.headline

    @property
    def outlets(self) -> int:
        """How many outlets tell it."""
        return len({teller.outlet for teller in self.tellers})

    @property
    def copies(self) -> dict[int, Copy]:
        """The articles that have words of another of them, by their numbers."""
        return copies(self.origins)

    @property
    def spoken_of(self) -> tuple[Named, ...]:
        """The main names that several outlets have a tone toward."""
        found = [each for each in self.coverage.names if each.label in SPOKEN_OF and len(each.tones) > 1]
        return tuple(found[:MOST_SPOKEN_OF])

    @property
    def days(self) -> tuple[tuple[date | None, tuple[int, ...]], ...]:
        """The numbers of the articles by the day on which they were published, None where it is not known."""
        found: dict[date | None, list[int]] = {}
        for at, teller in enumerate(self.tellers):
            published_at = teller.digest.article.published_at
            found.setdefault(None if published_at is None else published_at.astimezone(UTC).date(), []).append(at)
        return tuple((day, tuple(numbers)) for day, numbers in found.items())

    def path(self, place: Place) -> str:
        """Give where words can be read: at their sentence, where their article's text is shown."""
        number = self.tellers[place.teller].id
        at = f"#article-{number}-s{place.sentence}"
        return f"/articles/{number}{at if place.sentence is not None and place.teller in self.whole else ''}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A story in a list: the article that leads, and the outlets of its newest articles."""

    story: Story
    card: Card
    outlets: tuple[str, ...]


def routes() -> Iterator[BaseRoute]:
    """Give the routes of stories."""
    yield page("/stories", listed)
    yield page("/stories/{id:number}", one)
    yield action("/articles/{id:number}/story", correct)


def listed(request: Request) -> Response:
    """List stories, those that were told last first."""
    archive = site_of(request).archive
    found = archive.stories(cursor=request.query_params.get("cursor"), limit=_LISTED)
    return render(request, "stories.html", stories=rows(site_of(request), found), after=following(request, found))


def one(request: Request) -> Response:
    """Show a story."""
    story = story_of(request)
    if story.id != request.path_params["id"]:
        return see(f"/stories/{story.id}")
    return render(request, "story.html", told=tell(site_of(request), story))


def correct(request: Request, form: FormData) -> Response:
    """Put an article into the story of another, or into one of its own, or join both their stories."""
    site, article = site_of(request), request.path_params["id"]
    try:
        how = Placing(str(form.get("how", "")))
    except ValueError as error:
        raise HTTPException(HTTPStatus.BAD_REQUEST, "Say whether it is apart, together or to be merged.") from error
    other = None if how is Placing.APART else _other(site, str(form.get("other", "")).strip(), than=article)
    return see(f"/stories/{placed(site, article, how, other)}")


def placed(site: Site, article: int, how: Placing, other: int | None) -> int:
    """Put an article where a reader says; gives its story. Raises where it, or the other, is not there."""
    if site.archive.story_of(article) is None:
        raise missing("such article")
    if how is Placing.APART:
        return site.archive.part(article)
    if other is None or other == article or site.archive.story_of(other) is None:
        raise missing("such other article: give the number at the end of its page’s address, or a story’s address")
    return (site.archive.merge_stories if how is Placing.MERGE else site.archive.move)(article, other)


def _other(site: Site, told: str, *, than: int) -> int | None:
    """Give the article that is told by its number or its page's address, or by its story's: another of that story."""
    before, _, last = told.rpartition("/")
    found = number(last)
    if found is None or before.rpartition("/")[2] != "stories":
        return found
    story = site.archive.story(found)
    members = () if story is None else site.archive.told_in(story.id, limit=2)
    return next((each for each in members if each != than), None)


def story_of(request: Request) -> Story:
    """Give the story whose number is in the path; raises where there is none."""
    story = site_of(request).archive.story(request.path_params["id"])
    if story is None:
        raise missing("such story")
    return story


def rows(site: Site, found: Page[Story]) -> list[Listed]:
    """Give stories as lists show them."""
    headings = site.archive.headings([story.id for story in found.rows])
    asked = [number for each in headings.values() for number in (each.lead, *each.outlets)]
    cards = {card.id: card for card in site.archive.cards(list(dict.fromkeys(asked)))}
    listed = []
    for story in found.rows:
        heading = headings.get(story.id)
        if heading and heading.lead in cards:
            outlets = dict.fromkeys(outlet(cards[each]) for each in heading.outlets if each in cards)
            listed.append(Listed(story=story, card=cards[heading.lead], outlets=tuple(outlets)))
    return listed


def outlet(of: Card | Kept) -> str:
    """Give the name of whoever published an article; where it gives none, its site's host."""
    if of.publisher:
        return of.publisher.name
    link = safe_link(of.link if isinstance(of, Card) else of.digest.article.link)
    return host(link) if link else "An unnamed outlet"


def source_of(kept: Kept) -> Source:
    """Give an article as it is asked where it comes from."""
    article = kept.digest.article
    return Source(
        outlet=outlet(kept),
        text=article.text,
        credit=" ".join((article.byline or "", *article.authors)),
        published_at=article.published_at,
    )


def tell(site: Site, story: Story) -> Told:
    """Tell of a story: where its articles come from is told by their whole texts, all else by what may be shown."""
    members = sorted(site.archive.told_in(story.id, limit=MOST))
    kept = tuple(site.archive.get_all(members))
    found = origins([source_of(each) for each in kept])
    tellers = tuple(
        Teller(
            id=each.id,
            outlet=outlet(each),
            digest=shown(each, site.settings),
            subjects=tuple(subject.id for subject in dict.fromkeys(each.entities)),
        )
        for each in kept
    )
    reprints = {number for number, copy in copies(found).items() if copy.is_reprint}
    said = coverage(tellers, [origin.articles for origin in found], reprints=reprints)
    heading = site.archive.headings([story.id]).get(story.id)
    lead = next((n for n, each in enumerate(kept) if heading and each.id == heading.lead), found[0].first)
    whole = frozenset(n for n, each in enumerate(tellers) if is_whole(each.digest.article, site.settings))
    return Told(
        story=story,
        kept=kept,
        tellers=tellers,
        origins=found,
        coverage=said,
        lead=lead,
        whole=whole,
        is_corrected=site.archive.is_corrected(story.id),
    )


def copies(found: Sequence[Origin]) -> dict[int, Copy]:
    """Give the articles that have words of another, by their numbers."""
    return {each.article: each for origin in found for text in origin.texts for each in text.copies}
