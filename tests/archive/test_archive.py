"""The archive as its users see it, on both databases."""

from contextlib import suppress
from datetime import UTC, date, datetime, timedelta

import digests
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gazetteer.archive import Archive, Kind, Outcome
from gazetteer.archive.changes import Change, difference
from gazetteer.errors import ArchiveError
from gazetteer.types import Capture, Digest, Entity, Mention, Place, Quote, QuoteKind, SentenceTone

AT = datetime(2023, 5, 1, tzinfo=UTC)
PAGE = Capture(source="ferry.html", content=b"<p>ferry</p>" * 100, content_type="text/html", fetched_at=AT)


def about(number: int, text: str = digests.FERRY, **changes: object) -> Digest:
    """One of many articles, each an hour after the one before."""
    published = datetime(2023, 1, 1, tzinfo=UTC) + timedelta(hours=number)
    words = {"canonical_url": f"https://a.example/{number}", "url": None, "published_at": published, "text": text}
    return digests.digest(**(words | changes))


def test_what_is_saved_is_given_back(archive: Archive) -> None:
    digest = digests.digest()
    saved = archive.save(digest, PAGE, at=AT)
    kept = archive.get(saved.id)
    assert saved.outcome is Outcome.KEPT
    assert kept is not None
    assert kept.digest == digest
    assert (kept.kept_at, kept.changed_at, kept.read_at, kept.version) == (AT, AT, AT, 1)
    assert kept.publisher is not None
    assert kept.publisher.name == "The Island Courier"
    assert [author.name for author in kept.authors] == ["Wren Calloway", "Ines Duarte"]
    assert [entity.name for entity in kept.entities] == [entity.name for entity in digest.annotation.entities]
    assert [tag.name for tag in kept.tags] == ["Shipping"]
    assert archive.capture(saved.id) == PAGE
    assert archive.has(PAGE) == saved.id
    assert archive.has(Capture(source="ferry.html", content=b"other")) is None


@given(digest=digests.hostile_digests())
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_anything_that_a_page_can_say_is_kept_whole(archive: Archive, digest: Digest) -> None:
    saved = archive.save(digest, at=AT)
    kept = archive.get(saved.id)
    assert kept is not None
    if saved.outcome is not Outcome.KNOWN:
        assert kept.digest.annotation == digest.annotation
        assert kept.digest.article.text == digest.article.text
    if saved.outcome is Outcome.KEPT:
        assert kept.digest == digest
    assert archive.browse().rows
    assert len(archive.versions(saved.id)) == kept.version


def test_an_article_under_another_address_or_again_is_one(archive: Archive) -> None:
    first = archive.save(digests.digest(), PAGE, at=AT)
    address = "http://island-courier.example/2023/04/last-sailing/?utm_campaign=x#top"
    again = archive.save(digests.digest(canonical_url=None, url=address), PAGE, at=AT)
    moved = archive.save(digests.digest(url="https://m.island-courier.example/1"), at=AT)
    assert [again.id, moved.id] == [first.id] * 2
    assert [again.outcome, moved.outcome] == [Outcome.KNOWN] * 2
    assert archive.find("https://m.island-courier.example/1?fbclid=2") == first.id
    assert archive.find(address) == first.id
    assert archive.find("https://elsewhere.example/1") is None
    assert len(archive.browse().rows) == 1


def test_a_text_without_an_address_is_known_by_its_words(archive: Archive) -> None:
    bare = {"url": None, "canonical_url": None}
    first = archive.save(digests.digest(**bare), at=AT)
    assert archive.save(digests.digest(**bare, source="copy.html"), at=AT).id == first.id
    assert archive.save(digests.digest(**bare, text="Another."), at=AT).id != first.id


def test_what_a_publisher_changed_is_kept_as_versions(archive: Archive) -> None:
    later = AT + timedelta(hours=2)
    first = archive.save(digests.digest(), PAGE, at=AT)
    changed = digests.digest(headline="The Very Last Sailing of the Saint Brannoc", text=digests.FERRY + "\n\nMore.")
    second = archive.save(changed, Capture(source="b", content=b"second"), at=later)
    assert (second.id, second.outcome) == (first.id, Outcome.CHANGED)
    old, new = archive.versions(first.id)
    assert (old.number, old.kept_at, new.number, new.kept_at) == (1, AT, 2, later)
    edits = difference(old.article, new.article)
    assert [each.words for each in edits.headline if each.change is Change.ADDED] == [" Very"]
    assert edits.text[-1][0].words == "More."
    assert archive.capture(first.id, version=1) == PAGE
    assert archive.capture(first.id) == Capture(source="b", content=b"second")
    kept = archive.get(first.id)
    assert kept is not None
    assert (kept.digest, kept.kept_at, kept.changed_at, kept.version) == (changed, AT, later, 2)
    assert [hit.card.id for hit in archive.search("title:very").rows] == [first.id]
    assert [(day.day, day.articles) for day in archive.days()] == [(date(2023, 4, 16), 1)]


def test_another_reading_takes_the_place_of_the_old(archive: Archive) -> None:
    digest = digests.digest()
    number = archive.save(digest, at=AT).id
    reading = digests.annotation(tags=(), entities=(), model="made by hand 2")
    again = archive.save(Digest(article=digest.article, annotation=reading), at=AT)
    assert again.outcome is Outcome.READ_AGAIN
    kept = archive.get(number)
    assert kept is not None
    assert (kept.digest.annotation, kept.entities, kept.tags) == (reading, (), ())
    assert archive.search('entity:"Aldo Fenn"').rows == ()
    assert [subject.articles for subject in archive.most(Kind.TAG).rows] == []


def test_reading_again_goes_on_where_it_stopped(archive: Archive) -> None:
    for number in range(5):
        archive.save(about(number), at=AT)
    new = digests.annotation(model="made by hand 2")
    unread = archive.unread("made by hand 2")
    for number, _ in (next(unread), next(unread)):
        archive.reannotate(number, new, reader="made by hand 2")
    left = dict(archive.unread("made by hand 2"))
    assert len(left) == 3
    for number, article in left.items():
        assert article.text == digests.FERRY
        archive.reannotate(number, new, reader="made by hand 2")
    assert list(archive.unread("made by hand 2")) == []
    assert archive.status().readers == (("made by hand 2", 5),)


def test_articles_are_listed_the_newest_first_in_pages(archive: Archive) -> None:
    saved = [archive.save(about(number), at=AT).id for number in (3, 0, 4, 1, 2)]
    newest = sorted(saved, reverse=True)
    first = archive.browse(limit=2)
    second = archive.browse(limit=2, cursor=first.cursor)
    archive.save(about(9), at=AT)
    third = archive.browse(limit=2, cursor=second.cursor)
    assert [card.id for page in (first, second, third) for card in page.rows] == newest
    assert third.cursor is None
    card = first.rows[0]
    assert (card.headline, card.publisher and card.publisher.name) == (
        "The Last Sailing of the Saint Brannoc",
        "The Island Courier",
    )
    assert card.lead.startswith("The ferry Saint Brannoc, built in 1974")
    assert [name.name for name in card.names][:2] == ["Oona Tregear", "Aldo Fenn"]
    assert card.tone == digests.annotation().tone.__class__(positivity=0.35, negativity=0.65, neutral=0.62)


def test_lists_of_a_subject_a_language_a_leaning_and_days(archive: Archive) -> None:
    one = archive.save(about(0, language="de", publisher="Der Kurier", authors=("Ute Feld",)), at=AT).id
    two = archive.save(about(30), at=AT).id
    kept = archive.get(one)
    assert kept is not None
    assert kept.publisher is not None
    for of in ((Kind.PUBLISHER, kept.publisher.id), (Kind.AUTHOR, kept.authors[0].id)):
        assert [card.id for card in archive.browse(of=of).rows] == [one]
    for of in ((Kind.ENTITY, kept.entities[0].id), (Kind.TAG, kept.tags[0].id)):
        assert [card.id for card in archive.browse(of=of).rows] == [two, one]
    assert [card.id for card in archive.browse(language="de").rows] == [one]
    assert [card.id for card in archive.browse(leaning="negative").rows] == [two, one]
    assert [card.id for card in archive.browse(since=date(2023, 1, 2)).rows] == [two]
    assert [card.id for card in archive.browse(until=date(2023, 1, 2)).rows] == [one]
    with pytest.raises(ValueError, match="one of"):
        archive.browse(language="de", leaning="negative")


def test_the_days_beside_one_and_the_languages_that_there_are(archive: Archive) -> None:
    assert archive.beside(date(2023, 1, 1)) == (None, None)
    assert archive.languages() == ()
    for number, language in ((0, "en"), (24, "de"), (96, "en"), (120, "zh-Hant")):
        publisher = "Harbour Times" if number == 96 else "The Island Courier"
        archive.save(about(number, language=language, publisher=publisher))
    first, second, third, last = (date(2023, 1, day) for day in (1, 2, 5, 6))
    assert archive.beside(second) == (first, third)
    assert archive.beside(date(2023, 1, 3)) == (second, third)
    assert archive.beside(first) == (None, second)
    assert archive.beside(date.max) == (last, None)
    assert archive.beside(date.min) == (None, first)
    (harbour,) = [each for each in archive.most(Kind.PUBLISHER).rows if each.name == "Harbour Times"]
    assert archive.beside(first, (Kind.PUBLISHER, harbour.id)) == (None, third)
    assert archive.languages() == ("de", "en", "zh-Hant")
    assert archive.browse(language="\x00\ud800").rows == ()


def test_another_opens_the_same_archive_by_its_address(archive: Archive) -> None:
    saved = archive.save(about(0))
    with Archive.open(archive.url) as again:
        assert again.get(saved.id) == archive.get(saved.id)


@pytest.mark.parametrize("cursor", ["x", "1.2", "-1", "9" * 30, "", "１"])
def test_a_cursor_that_is_none_is_refused(archive: Archive, cursor: str) -> None:
    with pytest.raises(ArchiveError, match="no cursor"):
        archive.browse(cursor=cursor)


def test_an_article_of_the_future_stands_where_it_was_kept(archive: Archive) -> None:
    ahead = archive.save(about(0, published_at=datetime(2999, 1, 1, tzinfo=UTC)), at=AT).id
    old = archive.save(about(1, published_at=datetime(1790, 1, 1, tzinfo=UTC)), at=AT).id
    after = archive.save(about(2), at=AT + timedelta(days=1)).id
    assert old < after < ahead


def test_articles_of_one_second_have_ids_of_their_own(archive: Archive) -> None:
    at = datetime(2023, 1, 1, tzinfo=UTC)
    assert len({archive.save(about(number, published_at=at), at=AT).id for number in range(5)}) == 5


def test_subjects_and_their_counts(archive: Archive) -> None:
    for number in range(3):
        archive.save(about(number * 24), at=AT)
    archive.save(about(1, text="Norway rejoiced. Norway won.", publisher=None, authors=()), at=AT)
    (norway,) = [each for each in archive.most(Kind.ENTITY).rows if each.name == "Norway"]
    assert (norway.articles, norway.label) == (4, "GPE")
    assert archive.subject(Kind.ENTITY, norway.id) == norway
    assert archive.subject(Kind.AUTHOR, 999) is None
    first = archive.most(Kind.ENTITY, limit=4)
    rest = archive.most(Kind.ENTITY, limit=100, cursor=first.cursor)
    assert len({each.id for each in (*first.rows, *rest.rows)}) == 9
    assert [day.articles for day in archive.days((Kind.ENTITY, norway.id))] == [2, 1, 1]
    (day,) = archive.days(since=date(2023, 1, 2), until=date(2023, 1, 3))
    assert (day.day, day.articles) == (date(2023, 1, 2), 1)
    assert (day.positivity, day.negativity) == (pytest.approx(0.35), pytest.approx(0.65))
    (most, *_) = archive.covered(Kind.ENTITY, since=date(2023, 1, 1), until=date(2023, 1, 2))
    assert (most.name, most.articles) == ("Norway", 2)
    together = archive.company(norway.id)
    assert {each.articles for each in together} == {3}
    assert "Norway" not in {each.name for each in together}


def test_sentences_that_name_an_entity(archive: Archive) -> None:
    archive.save(about(0), at=AT)
    newest = archive.save(about(1), at=AT).id
    (fenn,) = [each for each in archive.most(Kind.ENTITY).rows if each.name == "Aldo Fenn"]
    page = archive.passages(fenn.id, limit=1)
    (passage,) = page.rows
    assert passage.article_id == newest
    assert [passage.words[start:end] for start, end in passage.spans] == ["Aldo Fenn", "Fenn"]
    assert archive.passages(fenn.id, cursor=page.cursor).cursor is None
    assert archive.passages(fenn.id, article_id=newest).rows == (passage,)


def test_quotes_places_and_tone_toward_names(archive: Archive) -> None:
    text = 'Oslo is cold, said Ada Berg. "We like Oslo," she said.'
    tone = SentenceTone(positive=0.5, negative=0.25, neutral=0.25)
    place = Place(country="NO", latitude=59.9, longitude=10.7)
    oslo = Entity(name="Oslo", label="GPE", mentions=(Mention(start=0, end=4, score=1.0),), place=place, tone=tone)
    ada = Entity(name="Ada Berg", label="PERSON", mentions=(Mention(start=19, end=27, score=1.0),))
    quote = Quote(start=29, end=44, kind=QuoteKind.DIRECT, cue=(49, 53), speaker=(45, 48), entity=1)
    reading = digests.annotation(text, entities=(oslo, ada), quotes=(quote,), vector=(0.6, -0.8))
    digest = Digest(article=digests.article(text=text), annotation=reading)
    kept = archive.get(archive.save(digest, at=AT).id)
    assert kept is not None
    assert kept.digest == digest
    city, person = kept.entities
    assert (city.country, city.latitude, city.longitude) == ("NO", 59.9, 10.7)
    assert [(each.words, each.kind) for each in archive.quotes(person.id).rows] == [
        ('"We like Oslo,"', QuoteKind.DIRECT)
    ]
    assert archive.quotes(city.id).rows == ()
    (day,) = archive.days((Kind.ENTITY, city.id))
    assert (day.positivity, day.negativity) == (pytest.approx(2 / 3), pytest.approx(1 / 3))


def test_reviews_and_tag_rules(archive: Archive) -> None:
    number = archive.save(digests.digest(), at=AT).id
    ids = [archive.review(number, reviewer="Ann", words=f"No. {each}", rating=each, at=AT) for each in (1, 5)]
    assert [review.id for review in archive.reviews(number).rows] == ids[::-1]
    assert archive.reviews(limit=1).rows[0].words == "No. 5"
    assert (archive.rating(number).reviews, archive.rating(number).mean) == (2, 3)
    assert not archive.remove_review(ids[0], reviewer="Bob")
    assert archive.remove_review(ids[0], reviewer="Ann")
    assert not archive.remove_review(ids[0])
    archive.remove_review(ids[1])
    assert (archive.rating(number).reviews, archive.rating(number).mean) == (0, None)
    for wrong in ({"rating": 6}, {"rating": 0}):
        with pytest.raises(ArchiveError, match="from 1 to 5"):
            archive.review(number, reviewer="Ann", words="", **wrong)
    with pytest.raises(ArchiveError, match="no article 7"):
        archive.review(7, reviewer="Ann", words="")
    archive.put_tag_rule("Sea", 'any = ["sea"]', at=AT)
    archive.put_tag_rule("Sea", 'any = ["sea", "ocean"]', at=AT)
    assert [(rule.name, rule.rule) for rule in archive.tag_rules()] == [("Sea", 'any = ["sea", "ocean"]')]
    assert archive.remove_tag_rule("Sea")
    assert archive.tag_rules() == ()


def test_what_is_written_together_is_kept_as_a_whole_or_not_at_all(archive: Archive) -> None:
    with suppress(ZeroDivisionError), archive.together():
        archive.save(about(0), at=AT)
        raise ZeroDivisionError
    assert archive.browse().rows == ()
    with archive.together():
        archive.save(about(0), at=AT)
        archive.save(about(1), at=AT)
    assert len(archive.browse().rows) == 2


@given(st.lists(st.sampled_from("abc"), max_size=6), st.data())
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_counts_are_those_of_what_is_there(archive: Archive, changes: list[str], data: st.DataObject) -> None:
    """However articles come and change, the counts are the same as counting."""
    for change in changes:
        names = data.draw(st.sampled_from(["Norway sang.", "Veridian Lines sank.", "Norway and Veridian Lines met."]))
        archive.save(about(ord(change), text=f"{names} {change}"), at=AT)
    cards = archive.browse(limit=100).rows
    assert sum(day.articles for day in archive.days()) == len(cards)
    for subject in archive.most(Kind.ENTITY, limit=100).rows:
        of = (Kind.ENTITY, subject.id)
        listed = archive.browse(of=of, limit=100).rows
        assert len(listed) == subject.articles == sum(day.articles for day in archive.days(of))
