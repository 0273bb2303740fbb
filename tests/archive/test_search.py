"""Search finds the same on both databases, and shows where."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import digests
import pytest
from hypothesis import given, settings
from postgresql import Templates
from test_query import queries

from gazetteer.archive import Archive, Kind, Order, search
from gazetteer.archive import query as q
from gazetteer.errors import QueryError
from gazetteer.types import Abstention, Digest, Entity, Mention, Tag

AT = datetime(2023, 6, 1, tzinfo=UTC)

TEXTS = (
    ("Ferry sails", "The ferry left the harbour. Élodie Moreau waved."),
    ("Harbour strike", "Dockers strike again, and strikers sing in the harbour. The ferry waits."),
    ("Football", "The Harbour Rovers won at home."),
    ("渡船出港", "今天渡船离开了港口。"),
    ("Silence", "Nothing was said."),
)


def article(number: int, headline: str, text: str, **changes: object) -> Digest:
    words = {
        "headline": headline,
        "text": text,
        "url": f"https://a.example/{number}",
        "canonical_url": None,
        "published_at": datetime(2023, 1, 1, tzinfo=UTC) + timedelta(days=number),
    }
    names = [("Élodie Moreau", "PERSON"), ("Harbour Rovers", "ORG")]
    entities = tuple(
        Entity(name=name, label=label, mentions=(Mention(start=at, end=at + len(name), score=0.9),))
        for name, label in names
        if (at := text.find(name)) >= 0
    )
    changed = digests.article(**(words | changes))
    tags = (Tag(name="Labour disputes", why="strike"),) if "strike" in text else ()
    return Digest(article=changed, annotation=digests.annotation(text, entities=entities, tags=tags))


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def filled(request: pytest.FixtureRequest, templates: Templates) -> Iterator[Archive]:
    """An archive that the tests only read."""
    with Archive.open(templates[request.param]()) as archive:
        yield _filled(archive)


def _filled(archive: Archive) -> Archive:
    with archive.together():
        for number, (headline, text) in enumerate(TEXTS):
            archive.save(article(number, headline, text, language="zh" if number == 3 else "en-GB"), at=AT)
        quiet = digests.annotation("Nothing.", tone=Abstention(reason="too little is charged"), tags=(), entities=())
        digest = Digest(article=article(9, "Quiet", "Nothing.").article, annotation=quiet)
        archive.save(digest, at=AT)
    return archive


def found(archive: Archive, query: str, order: Order = Order.NEWEST) -> list[str]:
    return [hit.card.headline for hit in archive.search(query, order=order).rows]


@pytest.mark.parametrize(
    ("query", "headlines"),
    [
        ("ferry", ["Harbour strike", "Ferry sails"]),
        ("FERRY harbour", ["Harbour strike", "Ferry sails"]),
        ("elodie", ["Ferry sails"]),
        ("Élodie", ["Ferry sails"]),
        ("strike*", ["Harbour strike"]),
        ("striker", []),
        ('"harbour rovers"', ["Football"]),
        ('"rovers harbour"', []),
        ('"harbour. the"', ["Harbour strike"]),
        ('"sails the"', []),
        ("harbour -ferry", ["Football"]),
        ("-harbour", ["Quiet", "Silence", "渡船出港"]),
        ("harbour -(ferry OR rovers)", []),
        ("rovers OR waved", ["Football", "Ferry sails"]),
        ("silence OR -the", ["Quiet", "Silence", "渡船出港"]),
        ("title:harbour", ["Harbour strike"]),
        ('title:"harbour strike"', ["Harbour strike"]),
        ("title:harb*", ["Harbour strike"]),
        ('title:"strike dockers"', []),
        ("entity:moreau", ["Ferry sails"]),
        ('entity:"elodie moreau"', ["Ferry sails"]),
        ("entity:harb*", ["Football"]),
        ('entity:"moreau harbour"', []),
        ("entity:ferry", []),
        ('author:"ines duarte" ferry', ["Harbour strike", "Ferry sails"]),
        ('author:"calloway ines"', []),
        ("publisher:courier title:football", ["Football"]),
        ("tag:labour", ["Harbour strike"]),
        ("lang:zh", ["渡船出港"]),
        ("lang:en-gb title:football", ["Football"]),
        ("lang:en title:football", ["Football"]),
        ("lang:de", []),
        ("tone:neutral", ["Quiet"]),
        ("tone:positive", []),
        ("tone:negative title:football", ["Football"]),
        ("渡船", ["渡船出港"]),
        ("船渡", []),
        ("after:2023-01-05", ["Quiet", "Silence"]),
        ("ferry after:2023-01-02", ["Harbour strike"]),
        ("ferry before:2023-01-02", ["Ferry sails"]),
        ("after:2023-01-02 before:2023-01-03", ["Harbour strike"]),
        ("", ["Quiet", "Silence", "渡船出港", "Football", "Harbour strike", "Ferry sails"]),
    ],
)
def test_what_a_query_finds(filled: Archive, query: str, headlines: list[str]) -> None:
    assert found(filled, query) == headlines
    assert sorted(found(filled, query, Order.BEST)) == sorted(headlines)


def test_what_fits_best_stands_first(archive: Archive) -> None:
    for number in range(4):
        body = "The ferry came. " if number == 1 else "A boat came. "
        archive.save(article(number, "Ferry" if number == 2 else "News", body * 3 + "Ferry. " * (number == 3)), at=AT)
    assert found(archive, "ferry", Order.BEST)[0] == "Ferry"
    assert found(archive, "ferry", Order.NEWEST) == ["News", "Ferry", "News"]


@pytest.mark.parametrize("order", list(Order))
def test_pages_of_results_neither_repeat_nor_miss_any(archive: Archive, order: Order) -> None:
    with archive.together():
        for number in range(7):
            archive.save(article(number, f"Ferry {number}", "The ferry came. " * (1 + number % 3)), at=AT)
    seen: list[int] = []
    cursor = None
    while True:
        page = archive.search("ferry", order=order, cursor=cursor, limit=3)
        seen.extend(hit.card.id for hit in page.rows)
        archive.save(article(10 + len(seen), "Ferry", "A new ferry."), at=AT)
        if (cursor := page.cursor) is None:
            break
    assert len(seen) == len(set(seen)) == 7


def test_matches_are_shown(archive: Archive) -> None:
    text = f"{'Rain fell. ' * 40}The FERRY left; élodie Moreau waved. {'Rain fell. ' * 40}"
    archive.save(article(0, "The ferry’s last day", text), at=AT)
    (hit,) = archive.search('ferry "Elodie moreau" -snow author:calloway').rows
    assert [piece.words for piece in hit.headline if piece.is_match] == ["ferry"]
    assert [piece.words for piece in hit.snippet if piece.is_match] == ["FERRY", "élodie Moreau"]
    snippet = "".join(piece.words for piece in hit.snippet)
    assert snippet.startswith("… ")
    assert snippet.endswith(" …")
    assert len(snippet) < 400
    (hit,) = archive.search("title:ferry").rows
    assert hit.snippet == (search.Piece(words=hit.card.lead),)


def test_a_merged_name_is_found_under_both(archive: Archive) -> None:
    names = ("Élodie Moreau", "Harbour Rovers")
    for number, name in enumerate(names):
        archive.save(article(number, name, f"{name} came."), at=AT)
    one, two = (next(each for each in archive.most(Kind.ENTITY).rows if each.name == name) for name in names)
    archive.merge(one.id, two.id)
    for name in names:
        assert len(found(archive, f'entity:"{name}"')) == 2
    archive.rename(two.id, "The Moreaus")
    assert len(found(archive, 'entity:"the moreaus"')) == 2


def test_a_wrong_query_says_where(archive: Archive) -> None:
    with pytest.raises(QueryError) as caught:
        archive.search("ferry (harbour")
    assert caught.value.position == 14


@given(text=queries())
@settings(max_examples=150)
def test_any_query_finds_or_tells_what_is_wrong(filled: Archive, text: str) -> None:
    try:
        hits = filled.search(text).rows
    except QueryError:
        return
    assert {hit.card.id for hit in hits} == {hit.card.id for hit in filled.search(text, order=Order.NEWEST).rows}


def test_what_is_found_is_what_the_query_says(filled: Archive) -> None:
    """The databases' own answers are those of the query, worked out word by word."""
    for text in ("ferry", "harbour -ferry", "strike* OR rovers", "-(harbour OR nothing)", "the (ferry OR -harbour)"):
        part = q.parse(text).part
        assert part is not None
        wanted = [headline for headline, body in TEXTS if _holds(part, f"{headline}\n{body}")]
        assert sorted(name for name in found(filled, text) if name != "Quiet") == sorted(wanted)


def _holds(part: q.Part, text: str) -> bool:
    if isinstance(part, q.Not):
        return not _holds(part.part, text)
    if isinstance(part, q.Term):
        return any(_places(part, text))
    return (all if isinstance(part, q.And) else any)(_holds(each, text) for each in part.parts)


def _places(term: q.Term, text: str) -> Iterator[bool]:
    return (piece.is_match for piece in search.marked(text, [term]))
