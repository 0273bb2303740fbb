import lxml.html
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gazetteer.extract import headline
from gazetteer.extract.structured import declarations


def titled(html, publishers=("The Harbour Post",)):
    tree = lxml.html.document_fromstring(html)
    return headline.read(declarations(tree), tree, publishers=publishers)


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<title>Ferry runs again - The Harbour Post</title><p>x</p>", "Ferry runs again"),
        ("<title>Ferry runs again | Transport | The Harbour Post</title><p>x</p>", "Ferry runs again | Transport"),
        ("<title>The Harbour Post: Ferry runs again</title><p>x</p>", "Ferry runs again"),
        ("<title>Ferry &amp;amp; bus - a tale</title><p>x</p>", "Ferry & bus - a tale"),
        ("<title>Ferry runs again</title><h1>The Harbour Post</h1><h1>Ferry runs  again</h1>", "Ferry runs again"),
        ("<title>Ferry runs</title><h1>How the old ferry came home</h1>", "How the old ferry came home"),
        ("<title>Ferry runs again</title><h1>Subscribe to us now today</h1>", "Ferry runs again"),
        (
            '<meta property="og:title" content="What we owe ferries"><h1><span>Opinion</span> What we owe ferries</h1>',
            "What we owe ferries",
        ),
        (
            '<meta property="og:title" content="Ferry runs again"><h1>Report: Ferry runs again</h1>',
            "Report: Ferry runs again",
        ),
        ("<h1>Ferry runs again</h1>", "Ferry runs again"),
        ("<h1>Le ferry\u00a0: il <b>repart</b>\u00a0!</h1>", "Le ferry : il repart !"),
        ("<h1><b>Ferry</b>: it <i>runs</i>!</h1>", "Ferry: it runs!"),
        ("<title>Ferry runs again - The Quay Gazette</title><p>x</p>", "Ferry runs again"),
        ("<title>Ferry runs again - Quayside</title><a href='/'><img alt='Quayside'></a>", "Ferry runs again"),
        ("<title>Ferry runs again - a tale</title><a href='/'>Home</a>", "Ferry runs again - a tale"),
        (
            "<title>Crew frees boat - Ostby Local News</title><article><h1>Cat rescued from mast</h1></article>",
            "Cat rescued from mast",
        ),
        ("<title>Ostby Local News</title><main><h1>Cat rescued from mast</h1></main>", "Cat rescued from mast"),
        (
            "<title>Ostby Local News</title><h1><a href='/'>Ostby Local News</a></h1><h1>Cat rescued from mast</h1>",
            "Cat rescued from mast",
        ),
        (
            "<title>Crew frees boat</title><h1 class='logo'>Your Ostby</h1><h2 itemprop='headline'>Cat freed</h2>",
            "Cat freed",
        ),
        (
            "<title>Crew frees boat - Ostby Local News</title><h1>All of the pets</h1><h1>All of the boats</h1>",
            "Crew frees boat",
        ),
        (
            "<meta property='og:title' content='Crew frees boat'><main><h1>Cat rescued from mast</h1></main>",
            "Crew frees boat",
        ),
        ("<p>x</p>", None),
    ],
)
def test_headline(html, expected):
    assert titled(html) == expected


def test_the_sites_name_is_known_by_its_host():
    assert headline.site_in("Ferry runs again | Harbour Post", "harbour-post.example") == "Harbour Post"
    assert headline.site_in("Ferry runs again - a tale", "harbour-post.example") is None
    assert headline.site_in("Ferry runs again - a tale", None) is None


@given(st.text(max_size=60), st.lists(st.text(max_size=10), max_size=3))
def test_a_title_without_its_site_is_part_of_the_title(title, publishers):
    found = headline.without_site(title, publishers)
    assert found in " ".join(headline.clean(title).split())
