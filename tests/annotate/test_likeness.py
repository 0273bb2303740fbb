import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gazetteer.annotate.likeness import LOOSEST, STRICTEST, learn, likeness
from gazetteer.annotate.vectors import unit


def at(*numbers):
    return unit(np.array(numbers, dtype=np.float32))


def test_the_limit_follows_from_how_alike_the_examples_are():
    close = learn(np.array([at(1, 0, 0), at(1, 0.01, 0), at(1, 0, 0.01)]))
    middling = learn(np.array([at(1, 0.8, 0), at(1, -0.2, 0)]))
    apart = learn(np.array([at(1, 0, 0), at(0, 1, 0)]))
    assert close.limit == STRICTEST
    assert LOOSEST < middling.limit < STRICTEST
    assert apart.limit == learn(np.array([at(1, 0, 0)])).limit == LOOSEST


def test_what_is_near_the_examples_is_like_the_nearest():
    examples = learn(np.array([at(1, 0, 0), at(1, 0.5, 0)]))
    found = likeness(examples, at(1, 0.6, 0))
    assert found is not None
    assert found.nearest == 1
    assert found.value == pytest.approx(float(examples.middle @ at(1, 0.6, 0)))
    assert likeness(examples, at(0, 0, 1)) is None


def test_what_is_nearer_to_a_counter_example_is_left_out():
    like = np.array([at(1, 0, 0)])
    examples = learn(like, np.array([at(1, 1, 0)]))
    assert likeness(examples, at(1, 0.2, 0)) is not None
    assert likeness(learn(like), at(1, 0.8, 0)) is not None
    assert likeness(examples, at(1, 0.8, 0)) is None


numbers = st.lists(st.integers(-9, 9), min_size=3, max_size=3)


@given(st.lists(numbers, min_size=1, max_size=6), st.lists(numbers, max_size=3), numbers)
def test_any_vectors_are_compared(like, unlike, vector):
    against = np.array([at(*each) for each in unlike]) if unlike else None
    examples = learn(np.array([at(*each) for each in like]), against)
    assert LOOSEST <= examples.limit <= STRICTEST
    found = likeness(examples, at(*vector))
    if found is not None:
        assert examples.limit <= found.value <= 1 + 1e-5
        assert 0 <= found.nearest < len(like)
