from hypothesis import given
from hypothesis import strategies as st

from gazetteer.intake.discovery import MAX_LINKS, FeedLink, discover
from gazetteer.types import Capture

ADDRESS = "https://harbour.example/news/today"


def found(page: str, *, url: str | None = ADDRESS) -> list[str]:
    return [link.url for link in discover(Capture(source="page", content=page.encode(), url=url))]


def test_declared_feeds_come_with_their_titles_in_the_order_of_the_page() -> None:
    page = """<!doctype html><head>
      <link rel="stylesheet" href="/x.css"><link rel="alternate" hreflang="de" href="/de/feed">
      <link rel="alternate" type="application/rss+xml" title="Harbour &amp; Tide" href="/feed?a=1&amp;b=2">
      <LINK REL='Alternate' TYPE='application/atom+xml' HREF=atom.xml>
      <link rel=alternate type=application/feed+json href=feed.json>
      <link rel="alternate" type="application/json+oembed" href="/oembed">
      <link rel="alternate" type="application/json" href="/wp-json/posts/1">
      <link rel="feed" href="/all">"""
    assert discover(Capture(source="page", content=page.encode(), url=ADDRESS)) == (
        FeedLink(url="https://harbour.example/feed?a=1&b=2", title="Harbour & Tide"),
        FeedLink(url="https://harbour.example/news/atom.xml"),
        FeedLink(url="https://harbour.example/news/feed.json"),
        FeedLink(url="https://harbour.example/all"),
    )


def test_links_that_look_like_feeds_come_after_and_feeds_of_comments_last() -> None:
    page = """<link rel=alternate type=application/rss+xml title="Comments Feed" href="/comments/feed/">
      <a href="/rss.xml">RSS</a> <a href="/about">About</a> <a href="/sport/feed/" title="Sport">s</a>
      <link rel=alternate type=application/rss+xml href="/feed/"> <a href="/feed/">again</a>"""
    expected = ["/feed/", "/rss.xml", "/sport/feed/", "/comments/feed/"]
    assert found(page) == [f"https://harbour.example{path}" for path in expected]


def test_what_is_no_markup_names_no_feed() -> None:
    feed = '<link rel="alternate" type="application/rss+xml" href="/feed">'
    assert found(f"<!-- {feed} --><script>'{feed}'</script><style>{feed}</style>") == []
    assert found(f"<script>'</script>{feed}") == ["https://harbour.example/feed"]


def test_bases_and_schemes() -> None:
    link = '<link rel="alternate" type="application/rss+xml" href="{}">'
    assert found('<base href="https://cdn.example/a/">' + link.format("b")) == ["https://cdn.example/a/b"]
    assert found(link.format("feed:https://harbour.example/f")) == ["https://harbour.example/f"]
    assert found(link.format("feed://harbour.example/f")) == ["http://harbour.example/f"]
    assert found(link.format("javascript:alert(1)") + link.format("file:///x")) == []
    assert found(link.format("/feed"), url=None) == []


def test_a_page_that_names_no_end_of_feeds_gives_the_first() -> None:
    page = "".join(f'<link rel=alternate type=application/rss+xml href="/{n}">' for n in range(MAX_LINKS * 2))
    assert found(page) == [f"https://harbour.example/{n}" for n in range(MAX_LINKS)]


@given(st.text(alphabet="<>/=\"'! -abelhnkirfstypx", max_size=200))
def test_any_page_gives_addresses(page: str) -> None:
    assert all(url.startswith("https://harbour.example/") for url in found(page))
