import json
from datetime import UTC, datetime

import lxml.html
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gazetteer.extract import metadata, urls
from gazetteer.extract.structured import words
from gazetteer.types import Access

ADDRESS = "https://www.harbour-post.example/2024/03/09/ferry-runs-again?utm_source=x"
PAGE = """<!doctype html><html lang="en_gb"><head>
<title>Ferry runs again after the ice breaks - The Harbour Post</title>
<link rel="canonical" href="/2024/03/09/ferry-runs-again">
<meta property="og:title" content="Ferry runs again after the ice breaks">
<meta property="og:site_name" content="The Harbour Post">
<meta property="og:type" content="article">
<meta property="og:image" content="//img.harbour-post.example/ferry.jpg">
<meta property="article:section" content="Transport">
<meta property="article:modified_time" content="2024-03-09T12:00:00+01:00">
<script type="application/ld+json">{"@type": "NewsArticle", "headline": "Ferry runs again",
 "author": [{"@type": "Person", "name": "IDA MOE"}], "datePublished": "2024-03-09T00:30:00+01:00",
 "isAccessibleForFree": "False", "publisher": {"@type": "Organization", "name": "The Harbour Post"}}</script>
</head><body><header><h1>The Harbour Post</h1></header>
<h1>Ferry runs again after the&nbsp;ice breaks</h1>
<p class="byline">By IDA MOE in Stavern</p><p>Text.</p></body></html>"""


def read(html, url=ADDRESS, **options):
    return metadata.read(lxml.html.document_fromstring(html), url=url, **options)


def test_a_whole_page():
    assert read(PAGE) == metadata.Metadata(
        headline="Ferry runs again after the ice breaks",
        byline="By IDA MOE in Stavern",
        authors=("Ida Moe",),
        publisher="The Harbour Post",
        published_at=datetime(2024, 3, 8, 23, 30, tzinfo=UTC),
        modified_at=datetime(2024, 3, 9, 11, tzinfo=UTC),
        section="Transport",
        language="en-GB",
        canonical_url="https://www.harbour-post.example/2024/03/09/ferry-runs-again",
        image_url="https://img.harbour-post.example/ferry.jpg",
        access=Access.PAYWALLED,
        is_article=True,
    )


def test_the_tree_is_not_changed():
    tree = lxml.html.document_fromstring(PAGE)
    before = lxml.html.tostring(tree)
    metadata.read(tree, url=None)
    assert lxml.html.tostring(tree) == before


def test_a_page_that_says_nothing():
    assert read("<p>x</p>", url=None) == metadata.Metadata()
    assert read("<p>x</p>", url="https://www.harbour-post.example/x").publisher == "harbour-post.example"


def test_dates_of_the_future_are_ignored_where_the_present_is_given():
    assert read(PAGE, now=datetime(2023, 1, 1, tzinfo=UTC)).published_at is None


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        ('<meta property="article:content_tier" content="metered">', Access.METERED),
        ('<meta property="article:content_tier" content="locked">', Access.PAYWALLED),
        ('<meta property="article:content_tier" content="free">', Access.FREE),
        (
            '<script type="application/ld+json">{"@type": "Article", "isAccessibleForFree": false}</script>',
            Access.PAYWALLED,
        ),
        (
            '<script type="application/ld+json">{"isAccessibleForFree": "http://schema.org/False"}</script>',
            Access.PAYWALLED,
        ),
        ('<script type="application/ld+json">{"isAccessibleForFree": [7]}</script>', Access.FREE),
        ("", Access.FREE),
    ],
)
def test_access(head, expected):
    assert read(f"<html><head>{head}</head><body><p>x</p></body></html>").access is expected


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        ('<meta property="og:type" content="article">', True),
        ('<script type="application/ld+json">{"@type": "LiveBlogPosting"}</script>', True),
        ('<div itemscope itemtype="https://schema.org/NewsArticle"></div>', True),
        ('<script type="application/ld+json">{"@type": "CollectionPage"}</script>', False),
        ('<meta property="og:type" content="website">', None),
    ],
)
def test_is_article(head, expected):
    assert read(f"<html><head>{head}</head><body><p>x</p></body></html>").is_article is expected


@pytest.mark.parametrize(
    ("declared", "expected"),
    [("World", "World"), ("article", None), ("The Harbour Post", None), ("https://example.org/a", None)],
)
def test_section(declared, expected):
    head = f'<meta property="og:site_name" content="The Harbour Post"><meta name="section" content="{declared}">'
    assert read(head + "<p>x</p>").section == expected


@pytest.mark.parametrize("declared", ["en_US", "EN-us", "zh-hans-CN", "de"])
def test_language_is_a_tag(declared):
    assert read(f'<html lang="{declared}"><p>x</p></html>').language in {"en-US", "zh-Hans-CN", "de"}


def test_a_language_that_is_no_tag_is_left_out():
    assert read('<html lang="English!"><p>x</p></html>').language is None


FIELDS = words(
    "@type @graph @id author name publisher headline datePublished dateModified image url inLanguage articleSection "
    "isAccessibleForFree creator"
)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=12),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(FIELDS),
            inner
            | st.sampled_from(["NewsArticle", "Person", "WebSite", "Ida Moe", "2024-03-09", "https://example.org/a"]),
            max_size=6,
        )
    ),
    max_leaves=15,
)
ATTRIBUTES = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=20)


@settings(max_examples=200)
@given(
    VALUES,
    st.lists(st.tuples(st.sampled_from(["og:title", "author", "og:url", "og:image", "date"]), ATTRIBUTES), max_size=5),
)
def test_any_declaration_gives_a_value(value, metas):
    root = lxml.html.document_fromstring("<html><head></head><body><h1>Ferry runs again</h1></body></html>")
    script = lxml.html.Element("script", type="application/ld+json")
    script.text = json.dumps(value)
    root.head.append(script)
    for name, content in metas:
        root.head.append(lxml.html.Element("meta", property=name, content=content))
    found = metadata.read(root, url=ADDRESS)
    assert all(isinstance(name, str) and name for name in found.authors)
    assert found.published_at is None or found.published_at.tzinfo is UTC
    assert found.image_url is None or urls.host(found.image_url)
    assert found.headline != ""


@given(st.binary(max_size=400))
def test_any_bytes_that_parse_give_a_value(content):
    tree = lxml.html.document_fromstring(b"<p>x</p>" + content)
    assert isinstance(metadata.read(tree, url=None), metadata.Metadata)


@pytest.mark.parametrize(
    "html",
    [
        "<h1>Ferry runs again" * 2_000,
        "<div class='byline author'>" * 2_000 + "By Ida Moe",
        "<meta name='author' content='Ida Moe'>" * 5_000 + "<p>x",
        "<title>" + " - " * 50_000 + "</title><p>x",
        "<h1>Ferry</h1><time>9 May 2024</time>" * 3_000,
        '<script type="application/ld+json">' + '{"@graph":[' * 50_000 + "</script><p>x",
        "<h1>Ferry</h1><p class='byline'>By " + "Ida Moe, " * 50_000,
    ],
)
def test_large_pages_end(html):
    assert isinstance(read(html), metadata.Metadata)
