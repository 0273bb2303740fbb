"""The page of an article, asked of a real archive."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from itertools import count, pairwise
from pathlib import Path

import pytest
from digests import FERRY, annotation, article, digest, hostile_digests, words
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import html
from papers import NOW, SECRET, client, hostile, is_safe, opened, parsed, site, texts, token
from starlette.testclient import TestClient

from gazetteer.archive import Archive
from gazetteer.types import Digest, Entity, Mention, OptOuts, Quote, QuoteKind, Sentence, SentenceTone, Tone
from gazetteer.web import SiteSettings
from gazetteer.web.app import create
from gazetteer.web.articles import LONGEST_REVIEW
from gazetteer.web.site import SESSION

NUMBERS = count()
PASSWORD = "a long enough password"
WITH_ARCHIVE = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    with opened(tmp_path) as archive:
        yield archive


def by_class(name: str) -> str:
    return f"//*[contains(concat(' ', @class, ' '), ' {name} ')]"


def page_of(asked: TestClient, path: str) -> html.HtmlElement:
    answer = asked.get(path)
    assert answer.status_code == 200, answer.text
    return parsed(answer.text)


def keep(archive: Archive, given: Digest | None = None) -> int:
    return archive.save(given or digest(), at=NOW).id


@WITH_ARCHIVE
@given(given=hostile_digests(), said=st.lists(st.tuples(words(), words()), max_size=2), public=st.booleans())
def test_nothing_that_anybody_writes_becomes_markup(
    archive: Archive, given: Digest, said: list[tuple[str, str]], *, public: bool
) -> None:
    number = keep(archive, hostile(given, next(NUMBERS)))
    for reviewer, text in said:
        archive.review(number, reviewer=reviewer, words=text, rating=3)
    answer = client(site(archive, public=public, images=True)).get(f"/articles/{number}")
    assert answer.status_code == 200
    is_safe(parsed(answer.text))
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufffe\uffff]", answer.text)


@WITH_ARCHIVE
@given(was=hostile_digests(), now=hostile_digests(), public=st.booleans())
def test_nothing_that_was_changed_becomes_markup(archive: Archive, was: Digest, now: Digest, *, public: bool) -> None:
    key = next(NUMBERS)
    number = keep(archive, hostile(was, key))
    archive.save(hostile(now, key), at=NOW + timedelta(hours=1))
    answer = client(site(archive, public=public)).get(f"/articles/{number}/changes")
    assert answer.status_code == 200
    is_safe(parsed(answer.text))


@st.composite
def told(draw: st.DrawFn) -> Digest:
    """A digest whose every sentence is like no other, with names, quotations and evidence anywhere in them."""
    counted = draw(st.integers(1, 9))
    own = [f"qz{number}a qz{number}b qz{number}c." for number in range(counted)]
    text = "".join(each + draw(st.sampled_from((" ", "\n\n"))) for each in own).strip()
    starts = [text.index(each) for each in own]
    tone = SentenceTone(positive=0.5, negative=0.2, neutral=0.3)
    sentences = tuple(
        Sentence(start=start, end=start + len(each), tone=tone, salience=0.5)
        for start, each in zip(starts, own, strict=True)
    )
    at = st.integers(0, counted - 1)
    some = st.lists(at, unique=True, max_size=5)
    entities = tuple(
        Entity(
            name=f"Name{number}",
            label="PERSON",
            mentions=tuple(
                Mention(start=starts[n], end=starts[n] + 4, score=0.9) for n in sorted({number, *draw(some)})
            ),
            tone=tone,
        )
        for number in sorted(draw(some))
    )
    quotes = tuple(
        Quote(start=starts[n], end=sentences[draw(st.integers(n, counted - 1))].end, kind=QuoteKind.REPORTED,
              speaker=(starts[n] + 5, starts[n] + 9), entity=None)
        for n in draw(st.lists(at, max_size=1))
    )  # fmt: skip
    read = annotation(
        text,
        sentences=sentences,
        entities=entities,
        quotes=quotes,
        tone=Tone(positivity=0.7, negativity=0.3, neutral=0.5, evidence=tuple(draw(some))),
        summary=tuple(sorted(draw(some))),
        summary_why=(),
    )
    return Digest(article=article(text=text, headline="A headline"), annotation=read)


@WITH_ARCHIVE
@given(given=told(), most=st.integers(0, 3))
def test_a_public_page_holds_no_sentence_that_is_not_in_the_excerpt(archive: Archive, given: Digest, most: int) -> None:
    number = keep(archive, hostile(given, next(NUMBERS)))
    asked = client(site(archive, public=True, excerpt=most))
    said = asked.get(f"/articles/{number}").text
    shown = {int(each) for each in re.findall(r"qz(\d+)", said)}
    assert shown == set(given.annotation.summary[:most])


def test_every_part_of_a_digest_is_on_its_page(archive: Archive) -> None:
    number = keep(archive)
    page = page_of(client(site(archive)), f"/articles/{number}")
    assert texts(page, "//h1") == ["The Last Sailing of the Saint Brannoc"]
    assert texts(page, by_class("authors") + "//a") == ["Wren Calloway", "Ines Duarte"]
    assert texts(page, by_class("byline")) == ["Printed as By Wren Calloway and Ines Duarte in Port Ellery"]
    assert (
        page.xpath(by_class("outlet") + "/a/@href") == page.xpath(by_class("kicker") + "//a/@href") == ["/publishers/1"]
    )
    assert texts(page, by_class("when"))[0].startswith("Published 16 April 2023, 17:05 UTC")
    links = page.xpath(by_class("source") + "//a/@href")
    assert "https://www.island-courier.example/2023/04/last-sailing" in links
    assert "https://news.google.com/search?q=The+Last+Sailing+of+the+Saint+Brannoc" in links
    assert f"#article-{number}-reviews" in links
    assert texts(page, by_class("shares") + "//dd") == ["35%", "65%"]
    assert "62% of the whole is neutral" in texts(page, by_class("tone"))[0]
    assert page.xpath(by_class("tags") + "//b/a/@href") == ["/tags/1"]
    assert "the word “ferry” in the first sentence" in texts(page, by_class("tags"))[0]
    assert texts(page, by_class("voice") + "/h3") == ["Oona Tregear", "Veridian Lines", "Aldo Fenn"]
    assert "\n\n".join(each.text_content() for each in page.xpath(by_class("body") + "/p")) == FERRY
    assert page.xpath("//article/@data-article") == [str(number)]


def test_every_name_opens_its_sentences_and_leads_to_its_page(archive: Archive) -> None:
    number = keep(archive)
    kept = archive.get(number)
    assert kept is not None
    page = page_of(client(site(archive)), f"/articles/{number}")
    ways = page.xpath(by_class("panel") + "//a[starts-with(@href, '/entities/')]/@href")
    assert sorted(ways) == sorted(f"/entities/{each.id}" for each in kept.entities)
    assert texts(page, f"//*[@id='article-{number}-e2']//mark") == ["Veridian Lines", "Veridian"]


def test_merged_and_renamed_names_are_shown_so_and_say_how_they_were_read(archive: Archive) -> None:
    number = keep(archive)
    kept = archive.get(number)
    assert kept is not None
    ids = {each.name: each.id for each in kept.entities}
    archive.merge(ids["Assembly"], ids["Veridian Lines"])
    archive.rename(ids["Aldo Fenn"], "Aldo M. Fenn")
    page = page_of(client(site(archive)), f"/articles/{number}")
    shown = texts(page, by_class("name") + "/summary")
    assert "Veridian Lines 3 mentions" in shown
    assert "Aldo M. Fenn 2 mentions" in shown
    assert not any("Assembly" in each for each in shown)
    assert "Read here as Veridian Lines, Assembly." in texts(page, f"//*[@id='article-{number}-e2']")[0]
    assert "Shown by another name than is read here2 names" in texts(page, by_class("made"))[0]


def test_each_label_says_how_it_came_about(archive: Archive) -> None:
    number = keep(archive)
    asked = client(site(archive))
    made = texts(page_of(asked, f"/articles/{number}"), by_class("made") + "//tr")
    assert "Names9the model made by hand 1; gathered by rules93% sure of a mention" in made
    assert "Media Topics1a model over made by hand 1’s vectorsbeside each" in made
    assert not any(each.startswith("Good or bad news") for each in made)
    facts = texts(page_of(asked, f"/articles/{number}"), by_class("made") + "//dl/div")
    assert facts == [
        "Taken from the publisher20 April 2023, 12:00 UTC",
        "Read20 April 2023, 12:00 UTC, by the model made by hand 1",
    ]
    archive.reannotate(number, annotation(model="made by hand 2"), reader="2", at=NOW + timedelta(days=1))
    facts = texts(page_of(asked, f"/articles/{number}"), by_class("made") + "//dl/div")
    assert facts[1] == "Read again21 April 2023, 12:00 UTC, by the model made by hand 2"


def test_news_that_is_good_or_bad_for_a_body_says_so(archive: Archive) -> None:
    read = annotation()
    outcome = SentenceTone(positive=0.1, negative=0.8, neutral=0.1)
    entities = tuple(replace(e, outcome=outcome if e.label == "ORG" else None) for e in read.entities)
    number = keep(archive, Digest(article=article(), annotation=replace(read, entities=entities)))
    page = page_of(client(site(archive)), f"/articles/{number}")
    assert (
        "Good or bad news for Veridian Lines bad news (80%) Assembly bad news (80%)" in texts(page, by_class("tone"))[0]
    )


def test_a_public_page_counts_what_it_does_not_show_and_leads_to_the_source(archive: Archive) -> None:
    number = keep(archive)
    page = page_of(client(site(archive, public=True)), f"/articles/{number}")
    assert not page.xpath(by_class("body"))
    assert len(page.xpath(by_class("summary") + "//blockquote")) == 2
    assert "2 of 9" in texts(page, by_class("summary"))[0]
    assert "Read the whole article at island-courier.example" in texts(page, by_class("whole"))
    assert "Not shown here: 1 sentence." in texts(page, by_class("tone"))[0]
    assert texts(page, by_class("name") + "/summary")[1] == "Aldo Fenn 2 mentions"
    assert "Not shown here: 2 mentions." in texts(page, f"//*[@id='article-{number}-e1']")[0]
    assert "ferry.html" not in html.tostring(page).decode()


@pytest.mark.parametrize("public", [True, False])
def test_every_link_within_a_page_has_its_target(archive: Archive, *, public: bool) -> None:
    number = keep(archive)
    page = page_of(client(site(archive, public=public)), f"/articles/{number}")
    ids = page.xpath("//@id")
    assert len(ids) == len(set(ids))
    assert {link[1:] for link in page.xpath("//@href") if link.startswith("#")} <= set(ids)
    assert {each for given in page.xpath("//@aria-labelledby") for each in given.split()} <= set(ids)
    levels = [int(each.tag[1]) for each in page.xpath("//h1|//h2|//h3|//h4")]
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


@pytest.mark.parametrize("number", [1, 0, (1 << 62) - 1, 1 << 62, 1 << 63, 10**40])
def test_there_is_no_such_article(archive: Archive, number: int) -> None:
    asked = client(site(archive, images=True))
    for path in (f"/articles/{number}", f"/articles/{number}/changes", f"/images/{number}"):
        assert asked.get(path).status_code == 404


def test_looking_at_a_page_notes_nothing(archive: Archive) -> None:
    number = keep(archive)
    page = page_of(client(site(archive)), f"/articles/{number}")
    assert not archive.marks("", [number])[number].is_read
    assert page.xpath(by_class("marks") + "/button/@aria-pressed") == ["false", "false"]
    archive.mark("", number, starred=True)
    page = page_of(client(site(archive)), f"/articles/{number}")
    assert page.xpath(by_class("marks") + "/button/@aria-pressed") == ["false", "true"]
    assert page.xpath(by_class("marks") + "/button/@formaction") == [f"/articles/{number}/marks"] * 2
    assert not page_of(client(site(archive, public=True)), f"/articles/{number}").xpath(by_class("marks"))


# Reviews


def reviewed(asked: TestClient, number: int, **form: str) -> TestClient:
    path = f"/articles/{number}"
    return asked.post(f"{path}/reviews", data=form | {"token": token(asked, path)})


def test_a_review_is_shown_with_the_mean_rating(archive: Archive) -> None:
    number = keep(archive)
    asked = client(site(archive))
    answer = reviewed(asked, number, rating="4", words="A fair account.\n\nBut why was she sold?")
    assert answer.status_code == 303
    assert answer.headers["location"].startswith(f"/articles/{number}#review-")
    archive.review(number, reviewer="Ann", rating=1, words="", at=NOW)
    page = page_of(asked, f"/articles/{number}")
    assert page.xpath("//li/@id")[-1] == answer.headers["location"].partition("#")[2]
    assert "2.5 of 5 in 2 reviews" in texts(page, by_class("reviews"))[0]
    assert texts(page, by_class("review") + "//b") == ["Ann", "the owner"]
    assert page.xpath(by_class("stars") + "/@aria-label") == ["1 of 5", "4 of 5"]


@pytest.mark.parametrize(
    ("form", "wrong"),
    [
        ({"rating": "", "words": " \n"}, "Give a rating, or write something, or both."),
        ({"rating": "6", "words": "too good"}, "A rating is from 1 to 5."),
        (
            {"rating": "3", "words": "x" * (LONGEST_REVIEW + 1)},
            "A review has at most 5,000 characters; this one has 5,001.",
        ),
    ],
)
def test_a_review_that_is_wrong_comes_back_with_what_was_typed(
    archive: Archive, form: dict[str, str], wrong: str
) -> None:
    number = keep(archive)
    answer = reviewed(client(site(archive)), number, **form)
    assert answer.status_code == 422
    page = parsed(answer.text)
    assert texts(page, "//*[@role='alert']") == [wrong]
    (area,) = page.xpath("//textarea[@name='words']")
    assert area.text_content().strip() == form["words"].strip()
    assert area.get("aria-describedby") == page.xpath("//*[@role='alert']/@id")[0]
    assert archive.rating(number).reviews == 0


def test_ones_own_review_can_be_removed_and_no_other(archive: Archive) -> None:
    number = keep(archive)
    others = archive.review(number, reviewer="Ann", rating=2, words="mine", at=NOW)
    asked = client(site(archive))
    own = reviewed(asked, number, rating="4", words="").headers["location"].rpartition("-")[2]
    page = page_of(asked, f"/articles/{number}")
    assert page.xpath("//form[contains(@action, '/remove')]/@action") == [f"/articles/{number}/reviews/{own}/remove"]
    form = {"token": token(asked, f"/articles/{number}")}
    assert asked.post(f"/articles/{number}/reviews/{others}/remove", data=form).status_code == 404
    assert asked.post(f"/articles/{number}/reviews/{own}/remove", data=form).status_code == 303
    assert asked.post(f"/articles/{number}/reviews/{1 << 70}/remove", data=form).status_code == 404
    assert [review.reviewer for review in archive.reviews(number).rows] == ["Ann"]


def test_on_a_public_site_readers_who_signed_in_review_under_their_names(archive: Archive) -> None:
    number = keep(archive)
    asked = client(site(archive, public=True))
    page = page_of(asked, f"/articles/{number}")
    assert "Sign in to write a review" in texts(page, by_class("reviews"))[0]
    assert not page.xpath("//form[@method='post']")
    archive.put_user("Wilhelmina", PASSWORD)
    asked.cookies.set(SESSION, archive.sign_in("Wilhelmina", PASSWORD) or "")
    assert reviewed(asked, number, rating="5", words="").status_code == 303
    assert [review.reviewer for review in archive.reviews(number).rows] == ["Wilhelmina"]
    asked.cookies.delete(SESSION)
    strange = asked.post(f"/articles/{number}/reviews", data={"token": "0", "rating": "1"})
    assert strange.status_code == 403
    assert archive.rating(number).reviews == 1


def test_a_form_that_is_not_the_sites_own_does_nothing(archive: Archive) -> None:
    number = keep(archive)
    asked = client(site(archive))
    path = f"/articles/{number}/reviews"
    assert asked.post(path, data={"rating": "1"}).status_code == 403
    form = {"rating": "1", "token": token(asked, f"/articles/{number}")}
    assert asked.post(path, data=form, headers={"sec-fetch-site": "cross-site"}).status_code == 403
    assert archive.rating(number).reviews == 0


def test_more_reviews_come_page_by_page(archive: Archive) -> None:
    number = keep(archive)
    for each in range(25):
        archive.review(number, reviewer=f"Reader {each}", rating=3, words="")
    asked = client(site(archive))
    page = page_of(asked, f"/articles/{number}")
    (more,) = page.xpath(by_class("onward") + "/a/@href")
    assert len(page.xpath(by_class("review"))) == 20
    assert len(page_of(asked, more.partition("#")[0]).xpath(by_class("review"))) == 5


# What the publisher changed


def changed(archive: Archive) -> int:
    number = keep(archive)
    text = FERRY.replace("4,000", "6,000").replace("The Ellery dockers", "The dockers")
    archive.save(digest(headline="The Last Sailing of the Old Saint Brannoc", text=text), at=NOW + timedelta(hours=1))
    archive.save(digest(headline="The Last Sailing of the Old Saint Brannoc"), at=NOW + timedelta(hours=2))
    return number


def test_what_was_changed_is_shown_word_by_word(archive: Archive) -> None:
    number = changed(archive)
    asked = client(site(archive))
    page = page_of(asked, f"/articles/{number}")
    (link,) = page.xpath(by_class("standing") + "//a[contains(@href, 'changes')]/@href")
    newest = page_of(asked, link)
    assert texts(newest, by_class("body") + "//ins") == ["4", "Ellery"]
    assert texts(newest, by_class("body") + "//del") == ["6"]
    assert texts(newest, by_class("same") + "/summary") == ["1 paragraph unchanged"]
    second = page_of(asked, f"{link}?version=2")
    assert texts(second, by_class("edited-headline") + "//ins") == ["Old"]
    assert texts(second, "//nav[@aria-label='Versions']//a[@aria-current]") == ["Version 2"]
    assert [each.partition(" kept ")[2] for each in texts(second, "//nav[@aria-label='Versions']//li")] == [
        "20 April 2023, 14:00 UTC",
        "20 April 2023, 13:00 UTC",
        "20 April 2023, 12:00 UTC",
    ]


@pytest.mark.parametrize("version", ["4", "0", "-1", "x", "1" * 50])
def test_there_is_no_such_version(archive: Archive, version: str) -> None:
    number = changed(archive)
    assert client(site(archive)).get(f"/articles/{number}/changes?version={version}").status_code == 404


def test_a_public_site_tells_what_was_changed_without_the_words_of_the_text(archive: Archive) -> None:
    number = changed(archive)
    answer = client(site(archive, public=True)).get(f"/articles/{number}/changes?version=2")
    assert "2 paragraphs changed, 0 added, 0 taken out, 1 left as they were" in " ".join(answer.text.split())
    assert "dockers" not in answer.text
    assert texts(parsed(answer.text), by_class("edited-headline") + "//ins") == ["Old"]


def test_where_nothing_was_changed_the_page_says_so(archive: Archive) -> None:
    number = keep(archive)
    page = page_of(client(site(archive)), f"/articles/{number}/changes")
    assert "Nothing yet" in texts(page, "//main")[0]
    assert not page_of(client(site(archive)), f"/articles/{number}").xpath("//a[contains(@href, 'changes')]")


def test_where_no_tag_matches_there_is_a_way_to_make_one(archive: Archive) -> None:
    number = keep(archive, digest(tags=()))
    app = create(archive, SiteSettings(), secret=SECRET, check=lambda _name, _rule: None)
    page = page_of(client(app), f"/articles/{number}")
    assert "No matching tags" in texts(page, by_class("tags"))[0]
    (form,) = page.xpath("//form[@action='/rules']")
    sent = {each.get("name"): each.get("value") or each.text_content() for each in form.xpath(".//*[@name]")}
    asked = client(app)
    answer = asked.post("/rules", data=sent | {"token": token(asked, f"/articles/{number}")})
    assert answer.status_code == 303
    assert [(rule.name, rule.rule) for rule in archive.tag_rules()] == [("Oona Tregear", 'entity = ["Oona Tregear"]')]


def test_what_its_publisher_asks_is_told_and_done(archive: Archive) -> None:
    policy = "https://www.island-courier.example/terms"
    robots = ("noarchive", "noindex")
    asked = OptOuts(robots=robots, signals=("ai-train=no",), tdm_reserved=True, tdm_policy=policy)
    number = keep(archive, digest(opt_outs=asked))
    keep(archive, digest(opt_outs=asked, text=FERRY.replace("cattle", "sheep")))
    page = page_of(client(site(archive)), f"/articles/{number}")
    (told,) = texts(page, by_class("wishes"))
    assert told.startswith(
        "The publisher asks of programs: no copy shown; no listing by search engines; no training of"
    )
    assert told.endswith("; text and data mining reserved (its terms).")
    assert page.xpath(f"//a[@href='{policy}']")
    assert not page.xpath(by_class("text"))
    assert "The text is not shown here: the publisher asks that no copy be (noarchive)." in page.text_content()
    changed = page_of(client(site(archive)), f"/articles/{number}/changes")
    assert "sheep" not in changed.text_content()
    assert "the publisher asks that no copy be" in changed.text_content()
    public = page_of(client(site(archive, public=True)), f"/articles/{number}")
    assert public.xpath("//meta[@name='robots']/@content") == ["noindex"]


def test_where_a_publisher_asks_nothing_nothing_is_told(archive: Archive) -> None:
    page = page_of(client(site(archive, public=True)), f"/articles/{keep(archive)}")
    assert not page.xpath(by_class("wishes"))
    assert not page.xpath("//meta[@name='robots']")
