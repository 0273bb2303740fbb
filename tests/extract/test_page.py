"""From a capture to its article, or to the reason why there is none."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gazetteer.errors import ExtractError
from gazetteer.extract import extract
from gazetteer.types import NO_OPT_OUTS, Access, Article, Capture, OptOuts
from tests.extract.pages import CONSENT, FOOTER, HEADLINE, NAVIGATION, PARAGRAPHS, article, page, tags

TEASERS = "".join(
    f'<div class="teaser"><h3><a href="/{n}">Story number {n} of the day in the town and its harbour</a></h3>'
    f"<p>What the story of the day with number {n} tells, in one short sentence.</p></div>"
    for n in range(20)
)
LISTED = "".join(
    f"<dt><a href=/{n}>Story number {n} of the town</a><dd>What the story of the town with number {n} tells readers."
    for n in range(12)
)
SAILINGS = tuple(f"The ferry sails on {day}." for day in ("Monday", "Tuesday", "Friday", "Sunday"))
ADDRESS = "https://www.hallow-courier.example/news/bridge"


def read(content, *, url=ADDRESS):
    return extract(Capture(source="bridge.html", content=content, url=url))


def test_a_whole_article():
    found = read(article())
    assert found.source == "bridge.html"
    assert found.headline == HEADLINE
    assert found.text == "\n\n".join(PARAGRAPHS)
    assert found.authors == ("Ines Karlow",)
    assert found.language == "en"
    assert found.url == ADDRESS
    assert found.access is Access.FREE


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "empty"),
        (page(NAVIGATION + CONSENT + FOOTER), "only a consent wall"),
        (page("<h1>Stop</h1><p>Please disable your ad blocker and reload this page.</p>"), "only an adblock wall"),
        (page("<p>You need to enable JavaScript to run this app.</p>"), "needs JavaScript"),
        (page(f"<h1>{HEADLINE}</h1><p>Subscribe to continue reading</p>"), "only a paywall"),
        (page("<h1>Page not found</h1><p>The page that you asked for is not here.</p>", title="404"), "error page"),
        (page("<h1>Sorry, this page isn’t here</h1><p>Try our front page, or search for it.</p>"), "error page"),
        (page("<p>Checking your browser before you go on.</p>", title="Just a moment..."), "a robot"),
        (page("<h1>Log in</h1><form><input name=u><input type=password></form>", title="Log in"), "login page"),
        (page(f"<h1>Search results for bridge</h1>{TEASERS}", title="Search results for bridge"), "a search"),
        (page("<h1>Sign in</h1><p>We send you a link.</p><input type=email>", title="Sign in"), "login page"),
        (page(f"<h1>Suchergebnisse für Brücke</h1>{TEASERS}", title="Suche"), "a search"),
        (page(f"{NAVIGATION}<main><h1>News</h1>{TEASERS}</main>{FOOTER}", title="News"), "teasers"),
        (page(f"<dl>{LISTED}</dl>{FOOTER}", title="All of the news"), "teasers"),
        (page("<div id=root></div><noscript>Please enable JavaScript to go on.</noscript>"), "needs JavaScript"),
        (page("<div></div>"), "no article's text"),
        (page(f"<article><h1>{HEADLINE}</h1><p>{'One more word. ' * 80_000}</p></article>"), "too many"),
    ],
)
def test_pages_that_are_no_article_are_refused_with_their_reason(content, reason):
    with pytest.raises(ExtractError, match=reason):
        read(content)


def test_a_front_page_is_refused_by_its_address():
    with pytest.raises(ExtractError, match="front page"):
        read(article(), url="https://www.hallow-courier.example/")
    assert read(article(), url="https://www.hallow-courier.example/?p=12").headline == HEADLINE


def test_an_index_is_refused_where_it_says_so():
    head = '<script type="application/ld+json">{"@context": "https://schema.org", "@type": "CollectionPage"}</script>'
    with pytest.raises(ExtractError, match="says so itself"):
        read(page(f"{NAVIGATION}<main><h1>News</h1>{TEASERS[:700]}</main>", title="News", head=head))


@pytest.mark.parametrize(
    "content",
    [
        page(f"<article><h1>{HEADLINE}</h1><p>{PARAGRAPHS[0]}</p></article>"),
        page(f"<div><h1>{HEADLINE}</h1>{PARAGRAPHS[2]}</div>"),
        page(f"<article><h1>The ferry sails on Monday</h1>{tags('p', SAILINGS)}</article>", title="Ferry"),
        page(f"<article><h1>404 days without rain in the north</h1>{tags('p', PARAGRAPHS[:2])}</article>"),
        page(f"<article><h1>Sorry, says the mayor, and means it</h1>{tags('p', PARAGRAPHS)}</article>"),
        page(f"<article><h1>Search for ferry goes on</h1>{tags('p', PARAGRAPHS)}</article>", title="Ferry"),
        page(
            f"{CONSENT}<h1>市长重新开放大桥</h1><p>市长星期一早上重新开放了大桥，数百名居民步行过桥，庆祝修缮工程完成。</p>",
            lang="zh",
        ),
        article(around=f"{TEASERS}<form><input type=password></form>"),
    ],
)
def test_short_and_odd_articles_pass(content):
    assert read(content).text


@pytest.mark.parametrize(
    ("notice", "access"),
    [
        ("Subscribe to continue reading", Access.PAYWALLED),
        ("You have read 3 of your 5 free articles this month.", Access.METERED),
        ("Please disable your ad blocker to go on reading this.", Access.BLOCKED),
        ("Sign up for our weekly newsletter", Access.FREE),
    ],
)
def test_access_follows_from_the_notice_under_a_text_cut_short(notice, access):
    content = article(f"<p>{PARAGRAPHS[0]}</p><p>{PARAGRAPHS[1]} They went on to...</p><div><p>{notice}</p></div>")
    assert read(content).access is access


def test_declared_access_stands():
    head = '<script type="application/ld+json">{"@type": "NewsArticle", "isAccessibleForFree": false}</script>'
    assert read(article(head=head)).access is Access.PAYWALLED


def check(content, **options):
    try:
        found = extract(Capture(source="x", content=content, **options))
    except ExtractError as error:
        return str(error)
    assert isinstance(found, Article)
    assert all(text and text == text.strip() for text in found.text.split("\n\n"))
    assert not any((ord(c) < 32 and c != "\n") or 127 <= ord(c) < 160 for c in found.text)
    return ""


@settings(max_examples=50, deadline=None)
@given(st.binary(max_size=400), st.none() | st.text(max_size=40), st.none() | st.text(max_size=40))
def test_any_bytes_give_an_article_or_our_error(content, url, content_type):
    check(content, url=url, content_type=content_type)
    check(b"<html><body><article><p>" + content, url=url, content_type=content_type)


@settings(max_examples=50, deadline=None)
@given(st.data())
def test_a_damaged_page_gives_an_article_or_our_error(data):
    content = bytearray(article())
    for _ in range(data.draw(st.integers(1, 8))):
        place = data.draw(st.integers(0, len(content) - 1))
        cut = data.draw(st.integers(0, 60))
        content[place : place + cut] = data.draw(st.binary(max_size=20))
    check(bytes(content), url=ADDRESS)


def test_a_truncated_page_keeps_what_came():
    content = article()
    assert read(content[: content.index(PARAGRAPHS[3].encode())]).text.startswith(PARAGRAPHS[0])


def test_what_the_publisher_asks_comes_from_the_page_and_from_beside_it():
    metas = b'<head><meta name="robots" content="noarchive"><meta name="tdm-reservation" content="1">'
    content = article().replace(b"<head>", metas, 1)
    assert metas in content
    beside = OptOuts(robots=("noindex",), signals=("ai-train=no",))
    found = extract(Capture(source="bridge.html", content=content, opt_outs=beside))
    assert found.opt_outs == OptOuts(robots=("noarchive", "noindex"), signals=("ai-train=no",), tdm_reserved=True)
    assert read(article()).opt_outs == NO_OPT_OUTS
