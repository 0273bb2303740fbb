import lxml.html
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gazetteer.extract import authors, byline, surroundings
from gazetteer.extract.structured import declarations

WORDS = st.sampled_from(
    [
        "By",
        "by",
        "Ida",
        "Moe",
        "MOE",
        "van",
        "and",
        ",",
        "&",
        "|",
        "\n",
        "Editing",
        "Staff",
        "in",
        "Paris",
        "Jr.",
        ";",
        "(",
        "@ida",
        "Reuters",
    ]
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("By Ida Moe", ["Ida Moe"]),
        ("ByIda Moe", ["Ida Moe"]),
        ("By Ida Moe and Sam Berg", ["Ida Moe", "Sam Berg"]),
        ("By Ida Moe, Sam Berg & Ann Li in Paris", ["Ida Moe", "Sam Berg", "Ann Li"]),
        ("By IDA MOE, SAM BERG and EJ LUND", ["Ida Moe", "Sam Berg", "EJ Lund"]),
        ("BY IDA MCBERG AND ANN-MARIE O'DEA", ["Ida McBerg", "Ann-Marie O'Dea"]),
        ("Reporting by Ida Moe; Editing by Sam Berg", ["Ida Moe"]),
        (
            "Reporting by Ida Moe in Oslo and Sam Berg in Bergen; Additional reporting by Ann Li",
            ["Ida Moe", "Sam Berg"],
        ),
        ("Story by Ida Moe | Photographs by Sam Berg", ["Ida Moe"]),
        ("Photos and Story By Ida Moe", ["Ida Moe"]),
        ("Written by Ida Moe, medically reviewed by Sam Berg, M.D.", ["Ida Moe"]),
        ("Ida Moe, edited by Sam Berg", ["Ida Moe"]),
        ("Ida Moe as told to Sam Berg", ["Sam Berg"]),
        ("By Ida Moe, Harbour Post Staff Writer", ["Ida Moe"]),
        ("By Ida Moe and Sam Berg Globe Staff", ["Ida Moe", "Sam Berg"]),
        ("by Ida Moe, Politics Reporter May 9, 2024 10:00 PM", ["Ida Moe"]),
        ("By Ida Moe - 9 May 2024 10:00", ["Ida Moe"]),
        ("By Ida Moe Updated 9 May 2024", ["Ida Moe"]),
        ("By Ida Moe The Associated Press", ["Ida Moe"]),
        ("By Ida Moe of The Associated Press", ["Ida Moe"]),
        ("By Ida Moe (Reuters) ida@example.org @idamoe", ["Ida Moe"]),
        ("By Robert E. Moe, Ph.D.", ["Robert E. Moe"]),
        ("By Sam Berg, Jr. and George T. Moe III", ["Sam Berg Jr.", "George T. Moe III"]),
        ("By L. Daniela Moe and Nils C.J.", ["L. Daniela Moe", "Nils C.J."]),
        ("By Dr. Ida Moe", ["Ida Moe"]),
        (
            "By Ludwig van der Berg, María de la Cruz and Omar al-Masri",
            ["Ludwig van der Berg", "María de la Cruz", "Omar al-Masri"],
        ),
        ("Von Anna Müller und Jörg von Berg", ["Anna Müller", "Jörg von Berg"]),
        ("Par Élise Aubert et Luc d'Arc", ["Élise Aubert", "Luc d'Arc"]),
        ("By José Ortega y Gasset", ["José Ortega y Gasset"]),
        ("Author: Ida Moe", ["Ida Moe"]),
        ("<a href='/ida'>Ida Moe</a>", ["Ida Moe"]),
        ("By Byron Moe", ["Byron Moe"]),
        ("記者 山田太郎", ["記者 山田太郎"]),
        ("By The Associated Press", ["The Associated Press"]),
        ("By Harbour Post Editorial Board", ["Harbour Post Editorial Board"]),
        ("By Reuters", ["Reuters"]),
        ("By Staff", []),
        ("By admin", []),
        ("Updated May 9, 2024", []),
        ("May 9, 2024", []),
        ("https://example.org/ida-moe", []),
        ("@idamoe", []),
        ("5 min read", []),
        ("", []),
    ],
)
def test_parse(text, expected):
    assert list(byline.parse(text).authors) == expected


def test_people_come_before_organisations():
    found = byline.parse("By Ida Moe and Reuters")
    assert found == byline.Credits(people=("Ida Moe",), organisations=("Reuters",))
    assert found.authors == ("Ida Moe",)


def test_a_publisher_is_an_organisation():
    assert byline.parse("By Harbour Star", publishers=["Harbour Star"]).organisations == ("Harbour Star",)


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        ("RALPH D. MOE", "Ralph D. Moe"),
        ("ANN-MARIE O'DEA", "Ann-Marie O'Dea"),
        ("LUDWIG VAN DER BERG", "Ludwig van der Berg"),
        ("EJ LUND III", "EJ Lund III"),
        ("IDA MCBERG", "Ida McBerg"),
        ("Ida Moe", "Ida Moe"),
    ],
)
def test_proper_case(printed, expected):
    assert byline.proper_case(printed) == expected


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


def test_a_sentence_is_no_byline():
    assert (
        read("<h1>Ferry runs again</h1><p>By the time the Harbour Agency spoke, the ferry had left.</p>").authors == ()
    )


@given(st.text(max_size=120) | st.lists(WORDS, max_size=20).map(" ".join))
def test_any_text_gives_clean_names(text):
    found = byline.parse(text)
    for name in found.people + found.organisations:
        assert name == name.strip() != ""
        assert "\n" not in name
    assert len({byline.fold(name) for name in found.authors}) == len(found.authors)
    assert isinstance(byline.has_label(text), bool)
