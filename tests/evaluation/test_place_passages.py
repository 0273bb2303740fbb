import pytest

from evaluation.places import is_right, passages
from gazetteer.types import Place


def test_the_passages_are_whole_and_the_halves_share_none():
    halves = [list(passages(name)) for name in ("places-develop.txt", "places-report.txt")]
    for half in halves:
        assert len(half) >= 30
        for text, entities, codes in half:
            assert entities
            assert len(entities) == len(codes)
            assert not set("{|}") & set(text)
            assert all(text[e.mentions[0].start : e.mentions[0].end] == e.name for e in entities)
    assert not {text.strip() for text, _, _ in halves[0]} & {text.strip() for text, _, _ in halves[1]}


@pytest.mark.parametrize(
    ("place", "code", "right"),
    [
        (Place(country="US", subdivision="US-GA"), "US-GA", True),
        (Place(country="US", subdivision="US-GA"), "US", True),
        (Place(country="US", subdivision="US-GA"), "GE", False),
        (Place(country="US"), "US-GA", False),
        (Place(country="GE"), "-", False),
        (None, "-", True),
        (None, "GE", False),
    ],
)
def test_a_place_is_right_to_the_depth_that_is_asked(place, code, right):
    assert is_right(place, code) == right
