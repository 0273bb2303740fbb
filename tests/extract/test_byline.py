import pytest
from hypothesis import given
from hypothesis import strategies as st

from gazetteer.extract import byline

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
        ("By Ida Moe May 9, 2024", ["Ida Moe"]),
        ("By Ida Moe, Sam Berg on Monday, May 9th, 2024 at 11 a.m.", ["Ida Moe", "Sam Berg"]),
        ("By Ida Moe 3 hours ago", ["Ida Moe"]),
        ("By Ida Moe\nIda Moe\nReporter\nIda Moe's Best Stories\nThe Harbour Keeps Its Secrets", ["Ida Moe"]),
        ("Text: Ida Moe, Fotos: Sam Berg", ["Ida Moe"]),
        ("By REUTERS STAFF", ["Reuters"]),
        ("By Staff Reports", []),
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


@given(st.text(max_size=120) | st.lists(WORDS, max_size=20).map(" ".join))
def test_any_text_gives_clean_names(text):
    found = byline.parse(text)
    for name in found.people + found.organisations:
        assert name == name.strip() != ""
        assert "\n" not in name
    assert len({byline.fold(name) for name in found.authors}) == len(found.authors)
    assert isinstance(byline.has_label(text), bool)
