"""The article's text, and nothing of what its page puts around it."""

import lxml.html
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gazetteer.extract import blocks, body, tree, walls
from tests.extract.pages import HEADLINE, PARAGRAPHS, article, tags

TEXT = "\n\n".join(PARAGRAPHS)


def find(content, *, headline=HEADLINE):
    return body.find(tree.parse(content), headline=headline)


def test_the_paragraphs_alone():
    found = find(article())
    assert found.text == TEXT
    assert walls.CONSENT in found.notices


@pytest.mark.parametrize(
    "foreign",
    [
        "<p>Advertisement</p>",
        "<p><a href='/x'>READ MORE: What the survey found under the water</a></p>",
        "<p>Subscribe to continue reading</p>",
        "<p>Sign up for our weekly newsletter</p>",
        "<p>Please disable your ad blocker to support us.</p>",
        "<p>Share this article</p>",
        "<figure><img src='b.jpg'><figcaption>The bridge in 1961. Photo: Olga Brand/AFP</figcaption></figure>",
        "<p>Published: 3 March 2025 at 18:20</p>",
        "<p>By Ines Karlow</p>",
        f"<h2>{HEADLINE}</h2>",
        "<div class='newsletter-signup'><p>Get the Courier in your inbox every morning.</p><input type='email'></div>",
        "<ul><li><a href='/z'>Why the council waited so long before it closed the bridge</a></li></ul>",
        "<section class='comments-list'><p>I crossed that bridge for forty years and never saw a crack.</p></section>",
        "<div class='signup'><h3>Good news, weekly</h3><p>Enjoying this? Get the River Letter every Sunday.</p></div>",
        "<script>var p = '<p>not text</p>';</script><style>p { color: red }</style>",
    ],
)
@pytest.mark.parametrize("place", [0, 2, 5])
def test_foreign_lines_are_dropped_wherever_they_stand(foreign, place):
    parts = [f"<p>{text}</p>" for text in PARAGRAPHS]
    parts.insert(place, foreign)
    assert find(article("".join(parts))).text == TEXT


def test_a_deck_is_kept_and_labels_over_the_text_are_not():
    deck = "A survey found cracks in two piers; a ferry will carry people meanwhile."
    above = f"<p>Norland</p><div class='standfirst'><p>{deck}</p></div><p>Ines Karlow</p><p>Reporter, Ostby</p>"
    page = f"<main><h1>{HEADLINE}</h1>{above}<div>{tags('p', PARAGRAPHS)}</div></main>"
    assert find(page.encode()).text == f"{deck}\n\n{TEXT}"


def test_the_only_first_heading_is_no_text():
    assert find(article(), headline="Spring it is for the Ferry").text == TEXT


def test_who_wrote_the_article_is_told_after_it_alone():
    writer = "<p>Ines Karlow is a reporter covering rivers for the Courier.</p>"
    told = tags("p", PARAGRAPHS)
    assert find(article(told + writer)).text == TEXT
    assert "covering rivers" in find(article(tags("p", PARAGRAPHS[:2]) + writer + tags("p", PARAGRAPHS[2:]))).text


def test_a_second_part_of_the_article_is_found():
    half = f'<div class="body-part">{tags("p", PARAGRAPHS[:3])}</div><div class="slot"><p>Advertisement</p></div>'
    assert find(article(half + f'<div class="body-part">{tags("p", PARAGRAPHS[3:])}</div>')).text == TEXT


def test_a_pulled_quote_is_not_told_twice():
    quote = (
        "<blockquote class='pull'>But we could not look people in the eye and tell them that it was safe</blockquote>"
    )
    parts = [f"<p>{text}</p>" for text in PARAGRAPHS]
    assert find(article("".join([*parts[:3], quote, *parts[3:]]))).text == TEXT


def test_embedded_posts_stay_where_they_stood():
    post = (
        '<blockquote class="twitter-tweet"><p>The ferry sails from the mill steps, not from the quay.</p>'
        "— Hallow Ferry (@hallow) March 3, 2025</blockquote>"
    )
    text = find(article(tags("p", PARAGRAPHS[:3]) + post + tags("p", PARAGRAPHS[3:]))).text
    assert text.index(PARAGRAPHS[2]) < text.index("The ferry sails from the mill steps") < text.index(PARAGRAPHS[3])


def test_live_blogs_and_lists_are_whole():
    updates = [
        (
            f"1{n}:20",
            f"Update number {n}: the water at gauge {n} stood {n} feet over the quay, the harbour master said.",
        )
        for n in range(9)
    ]
    live = "".join(f'<section class="update"><h3>{time}</h3><p>{text}</p></section>' for time, text in updates)
    text = find(article(live)).text
    assert [update for _, update in updates] == [line for line in text.split("\n\n") if line.startswith("Update")]
    numbered = "".join(f"<h2>{n}. Pier {n}</h2><p>{text}</p>" for n, text in enumerate(PARAGRAPHS, 1))
    assert [line for line in find(article(numbered)).text.split("\n\n") if line in PARAGRAPHS] == list(PARAGRAPHS)


def test_the_tree_is_not_changed():
    page = tree.parse(article())
    before = lxml.html.tostring(page)
    body.find(page, headline=HEADLINE)
    assert lxml.html.tostring(page) == before


def test_rows_of_a_table_and_broken_lines():
    page = tree.parse(
        b"<body><table><tr><th>Pier</th><th>Cracks</th></tr><tr><td>One</td><td>4</td></tr></table>"
        b"<p>One line<br>and another<br><br>A paragraph <b>of</b>\xc2\xa0its own</p>tail</body>"
    )
    texts = [block.text for block in blocks.split(page)]
    assert texts == ["Pier | Cracks", "One | 4", "One line\nand another", "A paragraph of its own", "tail"]


def test_names_without_end_are_read_in_part():
    page = tree.parse(b"<body><div class='" + b"name " * 90_000 + b"'><p>text</p></div></body>")
    assert sum(map(len, blocks.split(page)[0].place.kind)) < 2_000


def test_links_are_measured():
    page = tree.parse(b"<body><p><a href=x>linked</a></p><p>half <a href=y>half</a></p><p>plain</p></body>")
    assert [round(block.linked, 1) for block in blocks.split(page)] == [1.0, 0.4, 0.0]


FRAGMENTS = st.sampled_from(
    (
        *("<p>", "</p>", "<div class='ad'>", "</div>", "<a href=x>", "</a>", "<br>", "<li>", "<table><tr><td>"),
        *("<article>", "</article>", "<h1>", "<blockquote class=twitter-tweet>", "&#1;", "&nbsp;", "\x0b", "<script>"),
        *PARAGRAPHS,
    )
)
WORDS = st.text(st.characters(exclude_characters="\0"), max_size=20)


@settings(max_examples=60, deadline=None)
@given(st.lists(FRAGMENTS | WORDS, max_size=40))
def test_paragraphs_are_stripped_and_without_control_characters(parts):
    found = find(("<html><body>" + "".join(parts)).encode("utf-8", "replace"))
    paragraphs = found.text.split("\n\n") if found.text else []
    assert all(text and text == text.strip() for text in paragraphs)
    assert not any((ord(c) < 32 and c != "\n") or 127 <= ord(c) < 160 for c in found.text)
    assert 0 <= found.linked <= 1
    assert 0 <= found.teased <= 1
