import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from gazetteer.annotate import MODEL
from gazetteer.annotate.subwords import SHAPES, load_tokenizer, shape, split

TOKENIZER = load_tokenizer(MODEL / "tokenizer.json")


def test_shapes():
    shapes = {word: SHAPES[shape(word)] for word in ("the", "Minsk", "NATO", "A", "McNeil", "2020", "…", "iPhone")}
    assert shapes == {
        "the": "lower",
        "Minsk": "Title",
        "NATO": "UPPER",
        "A": "Title",
        "McNeil": "mixed",
        "2020": "no letter",
        "…": "no letter",
        "iPhone": "mixed",
    }


def test_words_slice_back_to_the_text():
    text = "Ms. Zoë O’Neill-Brandt spoke in Łódź: 3,5 %."
    words = split(TOKENIZER, text)
    assert [text[s:e] for s, e in zip(words.starts, words.ends, strict=True)][:6] == [
        "Ms",
        ".",
        "Zoë",
        "O",
        "’",
        "Neill",
    ]


@given(st.text(alphabet=st.characters(), max_size=200))
def test_any_text_gives_words_in_order_inside_it(text):
    words = split(TOKENIZER, text)
    assert len(words.ids) == len(words.shapes)
    assert all(0 <= s <= e <= len(text) for s, e in zip(words.starts, words.ends, strict=True))
    assert list(words.starts) == sorted(words.starts)
    assert list(words.first) == sorted(set(words.first))


def test_lone_surrogates_are_read_as_no_letter():
    assert len(split(TOKENIZER, "a \ud800 b").ids) == len(split(TOKENIZER, "a \ufffd b").ids)


def test_paragraphs_begin_after_line_ends():
    words = split(TOKENIZER, "\nOne two.\n\nThree\nfour\n")
    assert [int(np.searchsorted(words.first, n)) for n in words.paragraphs] == [3, 4]
