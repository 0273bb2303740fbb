import hashlib
import re
from base64 import b64encode
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import html

from gazetteer.types import Digest, Failure, Quote, QuoteKind
from gazetteer.web.pages import render
from tests.digests import FERRY, digest, hostile_digests, words

TAGS = set(
    re.findall(
        r"\w+",
        "a article aside b blockquote body br code dd details div dl dt footer h1 h2 h3 h4 head header html input "
        "label li main mark meta ol p pre q rect section span style summary svg table tbody td th thead time title tr "
        "ul",
    )
)
ATTRIBUTES = set(
    re.findall(
        r"\S+",
        "aria-hidden aria-label aria-labelledby charset class content datetime dir focusable for height href "
        "http-equiv id itemprop itemscope itemtype lang name preserveaspectratio rel role scope type viewbox width x y",
    )
)


def parsed(*digests: Digest, **more: object) -> html.HtmlElement:
    return html.document_fromstring(render(digests, **more).encode("utf-8"))  # type: ignore[arg-type]


def texts(page: html.HtmlElement, selector: str) -> list[str]:
    return [" ".join(each.text_content().split()) for each in page.xpath(selector)]


def by_class(name: str) -> str:
    return f"//*[contains(concat(' ', @class, ' '), ' {name} ')]"


@settings(deadline=None, max_examples=60)
@given(
    digests=st.lists(hostile_digests(), max_size=2),
    failures=st.lists(st.builds(Failure, source=words(), reason=words()), max_size=2),
    notice=st.one_of(st.none(), words()),
)
def test_nothing_that_a_page_says_becomes_markup(
    digests: list[Digest], failures: list[Failure], notice: str | None
) -> None:
    rendered = render(digests, failures=failures, notice=notice)
    page = html.document_fromstring(rendered.encode("utf-8"))
    assert {each.tag for each in page.iter() if isinstance(each.tag, str)} <= TAGS
    assert not page.xpath("//comment()")
    assert {name.lower() for each in page.iter() for name in each.keys()} <= ATTRIBUTES  # noqa: SIM118
    for link in page.xpath("//@href"):
        assert re.match(r"#(top|main|failures|a\d+(-[se]\d+)?)$|https?://[^\s/@]+", link)
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufffe\uffff]", rendered)
    assert len(page.xpath("//style")) == 1


def test_the_page_allows_its_own_style_and_nothing_else() -> None:
    page = parsed(digest())
    (policy,) = page.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")
    (style,) = page.xpath("//style")
    digested = b64encode(hashlib.sha256(style.text.encode()).digest()).decode()
    assert policy == f"default-src 'none'; style-src 'sha256-{digested}'; base-uri 'none'; form-action 'none'"
    assert "url(" not in style.text
    assert "@import" not in style.text


def test_every_part_of_a_digest_is_on_its_page() -> None:
    page = parsed(digest())
    assert texts(page, "//h1") == ["The Last Sailing of the Saint Brannoc"]
    assert texts(page, by_class("kicker")) == ["The Island Courier Islands"]
    assert texts(page, by_class("authors")) == ["By Wren Calloway and Ines Duarte"]
    assert texts(page, by_class("byline")) == ["Printed as By Wren Calloway and Ines Duarte in Port Ellery"]
    assert texts(page, by_class("when")) == ["Published 16 April 2023, 17:05 UTCChanged 17 April 2023, 08:30 UTC"]
    assert texts(page, by_class("summary") + "//blockquote")[1].startswith('"She brought my mother here')
    assert texts(page, by_class("shares") + "//dd") == ["35%", "65%"]
    assert "62% of the whole is neutral" in texts(page, by_class("tone"))[0]
    assert texts(page, by_class("evidence") + "//span[@class='score']") == ["70% negative", "neutral"]
    assert "the word “ferry” in the first sentence" in texts(page, by_class("tags"))[0]
    assert "made by hand 1" in texts(page, by_class("made"))[0]


def test_names_stand_once_in_labelled_groups_with_their_counts() -> None:
    page = parsed(digest())
    assert texts(page, by_class("group") + "/h3") == [
        "People 2",
        "Organisations 2",
        "Nationalities and groups 1",
        "Facilities 1",
        "Countries and cities 2",
        "Products 1",
    ]
    assert texts(page, by_class("name") + "/summary")[:3] == [
        "Oona Tregear 1 mention",
        "Aldo Fenn 2 mentions",
        "Veridian Lines 2 mentions",
    ]
    assert texts(page, "//*[@id='a1-e2']//mark") == ["Veridian Lines", "Veridian"]
    assert "The model is 93% sure of it." in texts(page, "//*[@id='a1-e2']")[0]


def test_evidence_stands_under_what_it_reads_as() -> None:
    page = parsed(digest())
    assert texts(page, by_class("tone") + "/h3") == ["What reads negative", "What reads both ways"]
    assert texts(page, by_class("evidence") + "/li[@class='negative']/span[@class='score']") == ["70% negative"]


def test_whoever_speaks_stands_above_what_they_say() -> None:
    page = parsed(digest())
    assert texts(page, by_class("voice") + "/h3") == ["Oona Tregear", "Veridian Lines", "Aldo Fenn"]
    assert page.xpath(by_class("voice") + "/h3/a/@href") == ["#a1-e0", "#a1-e2", "#a1-e1"]
    assert texts(page, by_class("voice") + "//li")[:2] == [
        '"She brought my mother here, and she took my brother away," Sentence 3 in the text',
        "repairs had become ruinous in the article’s words Sentence 4 in the text",
    ]
    assert texts(page, by_class("evidence") + "//span[@class='quoted']") == ["somebody’s words"]


def test_more_of_what_one_says_opens() -> None:
    quotes = tuple(Quote(start=n, end=n + 2, kind=QuoteKind.MIXED, speaker=(0, 3)) for n in range(0, 12, 2))
    given = digest()
    page = parsed(replace(given, annotation=replace(given.annotation, quotes=quotes)))
    assert texts(page, by_class("voice") + "//details/summary") == ["3 more"]
    assert len(page.xpath(by_class("voice") + "//details//li")) == 3


def test_where_nobody_speaks_the_page_says_so() -> None:
    assert "Nobody’s words are in the text." in texts(parsed(digest(text="It rained.")), by_class("voices"))[0]


def test_an_endless_sentence_is_cut_around_each_of_its_names() -> None:
    page = parsed(digest(text="so and " * 400 + "Norway " + "so and " * 400 + "ended."))
    (quote,) = texts(page, by_class("panel") + "//blockquote")
    assert len(quote) < 700
    assert quote.startswith("… ")
    assert quote.endswith(" …")
    assert texts(page, "//mark") == ["Norway"]


def test_the_text_keeps_its_words_and_paragraphs() -> None:
    paragraphs = parsed(digest()).xpath(by_class("body") + "/p")
    assert "\n\n".join(each.text_content() for each in paragraphs) == FERRY


def test_links_lead_to_the_source_and_to_full_coverage_and_tell_them_nothing() -> None:
    links = parsed(digest()).xpath("//a[not(starts-with(@href, '#'))]")
    assert [each.get("href") for each in links] == [
        "https://www.island-courier.example/2023/04/last-sailing",
        "https://news.google.com/search?q=The+Last+Sailing+of+the+Saint+Brannoc",
        "https://img.island-courier.example/brannoc.jpg",
    ]
    assert {each.get("rel") for each in links} == {"noopener noreferrer nofollow external"}


def test_every_link_within_the_page_has_its_target() -> None:
    page = parsed(digest(), digest(tags=()), failures=[Failure(source="a", reason="b")])
    ids = page.xpath("//@id")
    assert len(ids) == len(set(ids))
    assert {link[1:] for link in page.xpath("//@href") if link.startswith("#")} <= set(ids)
    assert {each for given in page.xpath("//@aria-labelledby") for each in given.split()} <= set(ids)


@pytest.mark.parametrize("count", [1, 2])
def test_headings_go_down_one_step_at_a_time(count: int) -> None:
    levels = [int(each.tag[1]) for each in parsed(*[digest()] * count).xpath("//h1|//h2|//h3|//h4|//h5")]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_the_articles_words_carry_its_language_and_the_pages_words_their_own() -> None:
    page = parsed(digest(language="pt-BR"))
    assert page.get("lang") == "en"
    for selector in ("//h1", by_class("body"), "//blockquote", "//q", by_class("name") + "/summary/span[1]"):
        assert set(page.xpath(f"{selector}/@lang")) == {"pt-BR"}


def test_abstention_and_missing_words_are_told() -> None:
    page = parsed(
        digest(
            abstained="too little is charged to say",
            tags=(),
            authors=(),
            byline=None,
            publisher=None,
            published_at=None,
        )
    )
    assert texts(page, by_class("abstained")) == ["No answer: too little is charged to say."]
    assert not page.xpath("//svg")
    assert "No matching tags" in texts(page, by_class("tags"))[0]
    assert texts(page, by_class("tags") + "//pre") == ['[[tag]] name = "Oona Tregear" entity = ["Oona Tregear"]']
    assert texts(page, by_class("authors")) == ["No byline is printed"]


def test_several_digests_have_their_contents_first() -> None:
    page = parsed(
        digest(headline="One"),
        digest(headline="Two", abstained="x"),
        failures=[Failure(source="wall.html", reason="it shows only an adblock wall")],
    )
    assert texts(page, "//h1") == ["2 articles, 1 page without one"]
    assert page.xpath(by_class("card") + "//a/@href") == ["#a1", "#a2"]
    assert texts(page, by_class("sliver")) == ["35% positive 65% negative", "Tone: no answer"]
    assert texts(page, "//*[@id='failures']//dd") == ["it shows only an adblock wall"]
    assert texts(page, "//title") == ["2 articles – Gazetteer"]


def test_a_page_of_failures_alone_says_so() -> None:
    page = parsed(failures=[Failure(source="a.html", reason="it is empty")])
    assert texts(page, "//h1") == ["0 articles, 1 page without one"]
    assert texts(page, "//*[@id='failures']//dt") == ["a.html"]


def test_a_notice_is_the_owners_words_and_can_be_dismissed() -> None:
    page = parsed(digest(), notice="We set no <b>cookies</b>.")
    assert texts(page, by_class("notice") + "/p") == ["We set no <b>cookies</b>."]
    assert page.xpath("//label/@for") == page.xpath("//input[@type='checkbox']/@id")
    assert not parsed(digest()).xpath("//input")
