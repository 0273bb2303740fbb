import json

import lxml.html
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gazetteer.extract.structured import declarations, is_article, is_index, parse_json, strings, text_of, types, words

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["@type", "@graph", "@id", "author", "name", "publisher", "datePublished", "x"]),
            inner,
            max_size=5,
        )
    ),
    max_leaves=20,
)


def page(html):
    return declarations(lxml.html.document_fromstring(html))


def with_json(text):
    return page(f'<html><head><script type="application/ld+json">{text}</script></head><body></body></html>')


@pytest.mark.parametrize(
    "text",
    [
        '{"headline": "A", "author": "Ida Moe",}',
        '/* ours */ {"headline": "A", // note\n "author": "Ida Moe"}',
        '<!-- {"headline": "A", "author": "Ida Moe"} -->',
        '<![CDATA[ {"headline": "A", "author": "Ida Moe"} ]]>',
        '{"headline": "A", "author": "Ida Moe"};',
        '{"headline": "A", "author": "Ida\tMoe"}',
        "{&quot;headline&quot;: &quot;A&quot;, &quot;author&quot;: &quot;Ida Moe&quot;}",
        r"{\"headline\": \"A\", \"author\": \"Ida Moe\"}",
        '{"@type": "WebSite"} {"headline": "A", "author": "Ida Moe"}',
    ],
)
def test_broken_json_is_read(text):
    assert any(" ".join(value["author"].split()) == "Ida Moe" for value in parse_json(text) if "author" in value)


def test_addresses_in_strings_are_no_comments():
    assert parse_json('{"url": "https://example.org/a", "b": 1,}') == [{"url": "https://example.org/a", "b": 1}]


@pytest.mark.parametrize(
    "text", ["[" * 200_000, '{"a":' * 100_000, '"' * 99_999, '\\"' * 99_999, "/*" * 99_999, "1" * 9_999]
)
def test_hostile_json_gives_little_and_ends(text):
    parse_json(text)
    assert with_json(text).nodes == ()


def test_articles_come_first_and_references_are_followed():
    found = with_json(
        json.dumps(
            {
                "@graph": [
                    {"@type": "WebSite", "name": "The Harbour Post"},
                    {
                        "@type": ["Thing", "https://schema.org/NewsArticle"],
                        "author": [{"@id": "#p"}],
                        "publisher": {"@id": "#o"},
                    },
                    {"@type": "Person", "@id": "#p", "name": "Ida Moe"},
                    {"@type": "Organization", "@id": "#o", "name": "Harbour Media"},
                ]
            }
        )
    )
    assert found.article is found.nodes[0]
    assert found.article["author"][0]["name"] == "Ida Moe"
    assert found.article["publisher"]["name"] == "Harbour Media"


def test_references_that_go_in_circles_end():
    found = with_json('{"@type": "NewsArticle", "@id": "a", "author": {"@id": "a"}}')
    assert found.article["author"]["@id"] == "a"


def test_articles_that_are_only_mentioned_are_not_the_pages():
    found = with_json('{"@type": "WebPage", "mentions": {"@type": "NewsArticle", "author": "Nobody Here"}}')
    assert found.article is None


def test_types_are_named_without_their_vocabulary():
    assert types({"@type": ["http://schema.org/NewsArticle", "schema:Report", 7]}) == {"NewsArticle", "Report"}
    assert is_article({"@type": "OpinionNewsArticle"})
    assert not is_article({"@type": "WebPage"})
    assert is_index({"@type": "CollectionPage"})


def test_metas_links_and_properties():
    found = page(
        '<html lang="en-GB"><head><meta property="og:Title" content="A &amp;amp; B">'
        '<meta name="author" content=" Ida  Moe ">'
        '<link rel="canonical" href="/a"><title>A - B</title></head><body>'
        '<p itemprop="author">Ida Moe</p></body></html>'
    )
    assert found.metas["og:title"] == ("A & B",)
    assert list(found.meta("missing", "author")) == ["Ida Moe"]
    assert found.links["canonical"] == ("/a",)
    assert found.titles == ("A - B",)
    assert found.language == "en-GB"
    assert [text_of(one) for one in found.properties["author"]] == ["Ida Moe"]


def test_text_of_parts_blocks_and_leaves_out_what_is_not_seen():
    tree = lxml.html.document_fromstring("<div>By <a>Ida</a> Moe<script>x</script><p>9 May</p>, later</div> tail")
    assert text_of(tree.find(".//div")).split("\n") == ["By Ida Moe", "9 May", ", later"]


def test_strings_of_any_shape():
    assert list(strings(["a", None, 3, {"name": ["b", {"@value": "c"}]}, [["d"]]])) == ["a", "b", "c", "d"]


def test_words():
    assert words(" a  b\nc ") == ("a", "b", "c")


@given(JSON)
def test_any_json_is_read_without_an_error(value):
    found = with_json(json.dumps(value).replace("<", "\\u003c"))
    for node in found.nodes:
        types(node)
        assert all(isinstance(text, str) for each in node.values() for text in strings(each))


@given(st.text(max_size=300))
def test_any_text_is_read_as_json_without_an_error(text):
    assert isinstance(parse_json(text), list)
