"""Stories: those that were told last, and a page for each: what its articles say together, and where they differ."""

from collections.abc import Iterator
from dataclasses import dataclass

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from gazetteer.archive.stories import HEADING
from gazetteer.archive.values import Card, Kept, Page, Story
from gazetteer.stories.coverage import Coverage, Teller, coverage
from gazetteer.stories.origins import Origin, Source, origins
from gazetteer.view import host, safe_link
from gazetteer.web.shown import shown
from gazetteer.web.site import Site, action, following, missing, number, page, render, see, site_of

MOST = HEADING
"""The newest articles of a story, of which its page tells."""
_LISTED = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A story as its page shows it: its newest articles, oldest first, where each comes from, and what they say."""

    story: Story
    kept: tuple[Kept, ...]
    tellers: tuple[Teller, ...]
    origins: tuple[Origin, ...]
    coverage: Coverage
    lead: int

    @property
    def headline(self) -> str:
        """The headline of the article that leads (`Archive.headings`)."""
        return self.tellers[self.lead].digest.article.headline

    @property
    def outlets(self) -> int:
        """How many outlets tell it."""
        return len({teller.outlet for teller in self.tellers})


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
    archive, article = site_of(request).archive, request.path_params["id"]
    if archive.story_of(article) is None:
        raise missing("such article")
    if form.get("how") == "apart":
        return see(f"/stories/{archive.part(article)}")
    other = number(str(form.get("other", "")).strip().rpartition("/")[2])
    if other is None or other == article or archive.story_of(other) is None:
        raise missing("such other article: give the number at the end of its page’s address")
    move = archive.merge_stories if form.get("how") == "merge" else archive.move
    return see(f"/stories/{move(article, other)}")


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
    said = coverage(tellers, [origin.articles for origin in found])
    heading = site.archive.headings([story.id]).get(story.id)
    lead = next((n for n, each in enumerate(kept) if heading and each.id == heading.lead), found[0].first)
    return Told(story=story, kept=kept, tellers=tellers, origins=found, coverage=said, lead=lead)
