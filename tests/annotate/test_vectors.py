import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gazetteer.annotate.vectors import LEAD, WHOLE, article_vector, unit

X, Y, Z = np.eye(3, dtype=np.float32)


def test_headline_opening_and_whole_count_alike():
    sentences = np.array([Y] * LEAD + [-Y] * LEAD + [Z] * LEAD)
    assert article_vector(X, sentences) == pytest.approx(unit(X + Y + Z))


def test_what_comes_after_the_first_sentences_does_not_count():
    sentences = np.array([Y] * WHOLE)
    assert article_vector(X, np.array([*sentences, Z, Z])) == pytest.approx(article_vector(X, sentences))


def test_an_article_without_headline_or_sentences_lies_where_the_rest_does():
    none = np.zeros((0, 3), dtype=np.float32)
    assert article_vector(X, none) == pytest.approx(X)
    assert article_vector(np.zeros(3, dtype=np.float32), np.array([Y, Y])) == pytest.approx(Y)
    assert not article_vector(np.zeros(3, dtype=np.float32), none).any()


@given(st.lists(st.lists(st.integers(-5, 5), min_size=3, max_size=3), min_size=1, max_size=50))
def test_an_article_lies_at_length_one_or_nowhere(rows):
    vectors = unit(np.array(rows, dtype=np.float32))
    length = np.linalg.norm(article_vector(vectors[0], vectors[1:]))
    assert length == pytest.approx(1, abs=1e-5) or length == pytest.approx(0, abs=1e-5)
