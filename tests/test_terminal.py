import re
from io import StringIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.console import Console

from gazetteer.terminal import print_digest
from gazetteer.types import Digest
from tests.digests import digest, hostile_digests


def printed(given: Digest, *, width: int = 80, colour: bool = False) -> str:
    out = StringIO()
    print_digest(
        Console(file=out, width=width, force_terminal=colour, color_system="truecolor" if colour else None), given
    )
    return out.getvalue()


def test_every_part_is_printed_in_the_seeds_order() -> None:
    shown = printed(digest())
    parts = [
        "The Island Courier · Islands\nThe Last Sailing of the Saint Brannoc",
        "People                    Oona Tregear 1  Aldo Fenn 2",
        "Countries and cities      Port Ellery NO-46 2  Norway 2",
        "Shipping  medtop:20000337  the word “ferry” in the first sentence",
        "Positivity 35%   Negativity 65%   62% of the whole is neutral",
        "What reads negative",
        "▏ Prime Minister Aldo Fenn called the decision",
        "promised a furious fight in the Assembly.  70% negative\n▏ somebody’s words",
        "https://www.island-courier.example/2023/04/last-sailing",
        "Published 16 April 2023, 17:05 UTC",
        "https://news.google.com/search?q=The+Last+Sailing",
        "▏ The ferry Saint Brannoc, built in 1974",
        'Who said what\nOona Tregear\n▏ "She brought my mother here, and she took my brother away,"',
        "Veridian Lines\n▏ repairs had become ruinous  in the article’s words",
        "By Wren Calloway and Ines Duarte",
        "Names and tone read by the model made by hand 1",
    ]
    places = [shown.index(part) for part in parts]
    assert places == sorted(places)


def test_what_is_missing_is_told() -> None:
    shown = printed(digest(abstained="too little is charged to say", tags=(), authors=(), text="Nobody came."))
    for words in (
        "No answer: too little is charged to say",
        "No matching tags",
        "No author is named",
        "The article names nobody and nothing.",
        "Nobody’s words are in the text.",
    ):
        assert words in shown


@pytest.mark.parametrize(("width", "widest"), [(300, 100), (100, 100), (60, 60), (40, 40), (20, 20)])
def test_it_fits_the_screen_and_is_never_wider_than_100(width: int, widest: int) -> None:
    assert max(map(cell_len, printed(digest(), width=width).splitlines())) == widest


def test_a_narrow_screen_puts_groups_above_their_names() -> None:
    assert "\nPeople\n  Oona Tregear 1  Aldo Fenn 2\n" in printed(digest(), width=40)


def test_wide_characters_are_counted_by_their_width() -> None:
    lines = printed(digest(headline="漢字" * 40), width=50).splitlines()
    assert max(map(cell_len, lines)) <= 50
    assert "".join(lines[1:6]).count("漢") == 40


def test_there_is_colour_in_a_terminal_alone() -> None:
    assert "\x1b[" not in printed(digest())
    shown = printed(digest(), colour=True)
    assert "\x1b[1;36m35%" in shown
    assert "\x1b]8;" in shown


@settings(deadline=None, max_examples=60)
@given(hostile_digests(), st.integers(1, 120))
def test_nothing_of_a_page_acts_on_the_terminal(given: Digest, width: int) -> None:
    shown = printed(given, width=width)
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]", shown)
    for control in re.findall("\x1b.", printed(given, width=width, colour=True)):
        assert control in {"\x1b[", "\x1b]", "\x1b\\"}
