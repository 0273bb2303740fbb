from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gazetteer.annotate import MODEL, charge
from gazetteer.annotate.charge import FILE, Words
from gazetteer.errors import ModelError

WORDS = Words(
    ratings={"good": 2.0, "awful": -3.0, "grand-standing": -1.0}, of_reading=0.5, of_words=0.4, offset=-0.1, doubt=0.6
)


def said(text):
    return charge.charge(WORDS.ratings, text)


def test_a_sentence_is_charged_by_its_words():
    assert said("A good day.") == pytest.approx(2 / np.sqrt(4 + 15))
    assert said("GOOD, if awful") == pytest.approx(-1 / np.sqrt(1 + 15))
    assert said("Grand-standing") == pytest.approx(-1 / 4)
    assert said("A day of goodness") == said("") == 0


@pytest.mark.parametrize("text", ["not good", "It isn’t all that good.", "Nothing was so good"])
def test_a_word_that_is_denied_is_turned(text):
    assert said(text) == pytest.approx(-1.48 / np.sqrt(1.48**2 + 15))


def test_a_denial_reaches_three_words():
    assert said("No, that was a good day.") == said("good")


@given(st.text(st.sampled_from("good awful not .'’-é\n"), max_size=300))
def test_any_text_is_charged_within_bounds(text):
    assert -1 < said(text) < 1


def test_valence_is_what_is_read_and_what_words_add():
    found = charge.valence(WORDS, np.array([2.0, 0.0], dtype=np.float32), ["It rained.", "Good."])
    assert found == pytest.approx([0.9, 0.4 * said("good") - 0.1])
    assert len(charge.valence(WORDS, np.empty(0, dtype=np.float32), [])) == 0


def test_a_table_of_words_is_kept(tmp_path):
    charge.save(WORDS, tmp_path / FILE)
    read = charge.load(tmp_path / FILE)
    assert replace(read, ratings={}) == replace(WORDS, ratings={})
    assert read.ratings == WORDS.ratings


@pytest.mark.parametrize("content", [None, b"", b"PK\x03\x04 not a table", b"\x93NUMPY"])
def test_a_damaged_table_of_words_is_told(tmp_path, content):
    path = tmp_path / FILE
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(ModelError, match="install Gazetteer again"):
        charge.load(path)


def test_the_shipped_words_are_rated_and_count():
    words = charge.load(MODEL / FILE)
    assert len(words.ratings) == 7217
    assert max(map(abs, words.ratings.values())) <= 4
    assert words.ratings["murder"] < -2 < 2 < words.ratings["excellent"]
    assert min(words.of_reading, words.of_words, words.doubt) > 0
    assert abs(words.offset) < 0.1
