import json

import lxml.html
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gazetteer.extract import authors, surroundings
from gazetteer.extract.structured import declarations


def read(html, headline="Ferry runs again", publishers=("The Harbour Post",)):
    tree = lxml.html.document_fromstring(html)
    return authors.read(declarations(tree), surroundings.find(tree, headline), publishers=publishers)


def linked(author):
    return f'<script type="application/ld+json">{{"@type": "NewsArticle", "author": {author}}}</script>'


@pytest.mark.parametrize(
    ("author", "expected"),
    [
        ('"Ida Moe"', ("Ida Moe",)),
        ('"Ida Moe, Sam Berg"', ("Ida Moe", "Sam Berg")),
        ('["Ida Moe", {"name": "Sam Berg"}]', ("Ida Moe", "Sam Berg")),
        ('{"name": ["Ida Moe", "Sam Berg"]}', ("Ida Moe", "Sam Berg")),
        ('[[{"@type": "Person", "name": "IDA MOE"}]]', ("Ida Moe",)),
        ('{"givenName": "Ida", "familyName": "Moe"}', ("Ida Moe",)),
        ('{"@type": "Organization", "name": "Harbour Media"}', ()),
        ('{"@type": "Person", "name": "The Harbour Post"}', ()),
        ('[null, 7, {}, {"name": null}, {"name": {"x": 1}}]', ()),
    ],
)
def test_declared_authors(author, expected):
    assert read(linked(author) + "<p>x</p>").authors == expected


@pytest.mark.parametrize(
    "head",
    [
        '<meta name="author" content="Ida Moe">',
        '<meta property="article:author" content="//example.org/ida"><meta name="parsely-author" content="Ida Moe">',
        '<meta name="byl" content="By Ida Moe">',
        '<body><p itemprop="author" itemscope><span itemprop="name">Ida Moe</span></p></body>',
        '<body><h1>Ferry runs again</h1><a rel="author" href="/x">Ida Moe</a></body>',
        '<body><h1>Ferry runs again</h1><p class="byline">By Ida Moe</p></body>',
        "<body><h1>Ferry runs again</h1><h4>By <span>Ida Moe</span></h4></body>",
    ],
)
def test_authors_elsewhere(head):
    assert read(head + "<p>x</p>").authors == ("Ida Moe",)


def test_the_visible_byline_is_kept_as_printed():
    found = read(
        linked('"Ida Moe"') + '<h1>Ferry runs again</h1><div class="byline">By IDA MOE and SAM BERG in Oslo</div>'
    )
    assert found == authors.Authorship(byline="By IDA MOE and SAM BERG in Oslo", authors=("Ida Moe", "Sam Berg"))


def test_the_printed_byline_leaves_out_declared_photographers():
    found = read(
        linked('["Ida Moe", "Sam Berg"]')
        + '<h1>Ferry runs again</h1><div class="byline">By Ida Moe<div>Photographs by Sam Berg</div></div>'
    )
    assert found.authors == ("Ida Moe",)


def test_a_shortened_byline_does_not_hide_declared_authors():
    found = read(
        linked('["Ida Moe", "Sam Berg"]') + '<h1>Ferry runs again</h1><div class="byline">By Ida Moe and 1 more</div>'
    )
    assert found.authors == ("Ida Moe", "Sam Berg")


def test_other_articles_and_comments_name_no_author():
    found = read(
        '<h1>Ferry runs again</h1><p>x</p><div class="related-stories"><p class="byline">By Ida Moe</p></div>'
        '<div class="comments"><a class="author" href="/author/x">Sam Berg</a></div>'
        '<footer class="byline">By Ann Li</footer>'
    )
    assert found == authors.Authorship(byline=None, authors=())


def test_an_agency_is_an_author_where_the_byline_names_it_alone():
    assert read('<h1>Ferry runs again</h1><p class="byline">By Reuters</p>').authors == ("Reuters",)
    assert read('<h1>Ferry runs again</h1><p class="byline">By The Harbour Post</p>').authors == ("The Harbour Post",)
    assert read('<h1>Ferry runs again</h1><p class="byline">The Harbour Post</p>').authors == ()
    assert read('<h1>Ferry runs again</h1><p class="byline">AFP / 9 May 2024</p>').authors == ("AFP",)
    assert read(linked('{"name": "The Associated Press"}') + "<p>x</p>").authors == ("The Associated Press",)
    assert read(linked('{"name": "Reuters"}') + "<h1>Ferry runs again</h1><p>By Ida Moe</p>").authors == ("Ida Moe",)


def test_a_sentence_is_no_byline():
    assert (
        read("<h1>Ferry runs again</h1><p>By the time the Harbour Agency spoke, the ferry had left.</p>").authors == ()
    )


def test_the_byline_ends_where_everybody_is_named():
    found = read('<h1>Ferry runs again</h1><div class="byline"><p>By Ida Moe</p><p>Ida Moe</p><p>Reporter</p></div>')
    assert found == authors.Authorship(byline="By Ida Moe", authors=("Ida Moe",))


@given(
    st.recursive(
        st.none() | st.integers() | st.text(max_size=9),
        lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from(["name", "@type", "@id", "givenName"]), inner),
    ),
    st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=30),
)
def test_any_declaration_and_byline_give_names(author, printed):
    tree = lxml.html.document_fromstring("<html><head></head><body><h1>Ferry runs again</h1></body></html>")
    script = lxml.html.Element("script", type="application/ld+json")
    script.text = json.dumps({"@type": "NewsArticle", "author": author})
    tree.head.append(script)
    line = lxml.html.Element("p", {"class": "byline"})
    line.text = printed
    tree.body.append(line)
    found = authors.read(declarations(tree), surroundings.find(tree, "Ferry runs again"), publishers=())
    assert all(name.strip() for name in found.authors)
    assert found.byline is None or found.byline == " ".join(found.byline.split())
