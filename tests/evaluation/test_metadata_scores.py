from dataclasses import replace

import pytest

from evaluation.metadata import Answer, Page, disputed, ours, right, score

PAGE = """<html><head><title>Ferry runs again - The Harbour Post</title>
<meta property="article:published_time" content="{}"><meta property="article:modified_time" content="2024-03-10"></head>
<body><h1>Ferry runs again</h1><p class="byline">By Ida Moe</p></body></html>"""


@pytest.mark.parametrize(
    ("field", "answer", "gold", "expected"),
    [
        ("authors", Answer(authors=("ida moe", "Jörg  Berg")), Answer(authors=("Jorg Berg", "Ida Moe, Ph.D.")), True),
        ("authors", Answer(authors=("Ida Moe", "Sam Berg")), Answer(authors=("Ida Moe",)), False),
        ("authors", Answer(), Answer(), True),
        ("headline", Answer(headline="‘Ferry’ runs  again"), Answer(headline="'Ferry' Runs Again"), True),
        ("headline", Answer(headline="Ferry runs"), Answer(headline="Ferry runs again"), False),
        ("date", Answer(date="2024-03-09"), Answer(date="2024-03-09"), True),
        ("date", Answer(), Answer(date="2024-03-09"), False),
    ],
)
def test_what_is_right(field, answer, gold, expected):
    assert right(field, answer, gold) is expected


def test_gold_is_disputed_where_every_declaration_contradicts_it():
    assert disputed(PAGE.format("2024-03-09"), "2023-03-09")
    assert not disputed(PAGE.format("2024-03-09"), "2024-03-11")
    assert not disputed("<p>x</p>", "2024-03-09")


def test_disputed_dates_are_left_out_of_the_second_figure_alone():
    gold = Answer(authors=("Ida Moe",), date="2024-03-09", headline="Ferry runs again")
    answer = ours(PAGE.format("2024-03-09"), "https://harbour-post.example/a")
    assert answer == replace(gold, date_utc="2024-03-09")
    wrong = Answer(date="2023-03-09")
    found = [
        Page(url="a", gold=gold, disputed=False, answers={"gazetteer": answer}),
        Page(url="b", gold=wrong, disputed=True, answers={"gazetteer": answer}),
    ]
    assert score(found, "gazetteer")["date"] == 0.5
    assert score(found, "gazetteer")["date_undisputed"] == 1.0
