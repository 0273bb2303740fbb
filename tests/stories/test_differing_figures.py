import pytest
from hypothesis import given
from hypothesis import strategies as st

from gazetteer.stories.figures import read


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Fourteen passengers were badly hurt when the tram left its rails.", ["14 passengers hurt"]),
        ("The storm destroyed at least 1,200 homes.", ["1,200 homes destroyed"]),
        ("Twenty-five sailors died in the wreck.", ["25 sailors died"]),
        ("The tram had 60 passengers on board.", ["60 passengers board"]),
        ("It set out with 61 passengers on board.", ["61 passengers board"]),
        ("Some 30 police officers were sent home.", ["30 police officers sent"]),
        ("The bank cut its main rate to 2.5 percent.", ["2.5 percent rate"]),
        ("It paid $30 million for the tram.", ["$30 million $ paid"]),
        ("Prices rose nearly 6.0%.", ["6 percent rose"]),
        ("In 2019 miners died.", []),
        ("Some 34200 miners died.", ["34,200 miners died"]),
        ("Nobody counted them.", []),
        ("A 14-year-old boy slept on March 15 in Holm.", []),
        ("In all, 9 passengers were not found.", []),
        ("Some 412 of 480 drivers voted for it.", ["412 drivers voted"]),
        ("Two of the drivers, and six of nine clerks, agreed.", []),
    ],
)
def test_what_is_counted_is_read_with_what_is_said_of_it(text: str, told: list[str]) -> None:
    assert [f"{each.figure} {each.of} {each.said}" for each in read(text)] == told


def test_the_preposition_before_a_figure_tells_things_apart() -> None:
    one, other = (next(read(f"It cut its rates {words} percent.")) for words in ("by 0.5", "to 2"))
    assert one.key != other.key


def test_a_figure_is_where_it_stands() -> None:
    text = "It rained, and at least 14 miners were hurt."
    assert [text[each.start :][:2] for each in read(text)] == ["14"]


def test_forms_of_a_word_are_one() -> None:
    one, other = (next(read(text)) for text in ("A blast injures at least 14 miners.", "12 miners were injured."))
    assert one.key == other.key


@given(st.text(alphabet="14 $.,%-\nabdeorst") | st.text())
def test_any_text_is_read(text: str) -> None:
    assert all(each.figure and each.of and each.said and each.start < len(text) for each in read(text))
