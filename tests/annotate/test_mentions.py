import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as nps

from gazetteer.annotate.mentions import _viterbi, clean, decode, without_letters, without_title
from gazetteer.types import LABELS

SIZE = 1 + 2 * len(LABELS)


def cleaned(text, inside):
    start = text.index(inside)
    span = clean(text, start, start + len(inside))
    return span and text[slice(*span)]


@pytest.mark.parametrize(
    ("text", "inside", "name"),
    [
        ("the leaders’ talks", "leaders’", None),
        ("news agencies.“The Kremlin", "agencies.“The", None),
        ("in the Republic of Belarus.”The talks", "the Republic of Belarus.”The", "Republic of Belarus"),
        ("said Mr yesterday", "Mr", None),
        ("Ms. Osei’s plan", "Osei’s", "Osei"),
        ("the Osei's plan", "the Osei's", "Osei"),
        ("“Harbour Lights”,", "“Harbour Lights”,", "Harbour Lights"),
        ("Lindqvist Inc. said", "Lindqvist Inc.", "Lindqvist Inc."),
        ("in the U.S. today", "the U.S.", "U.S."),
        ("sold to Lindqvist AG.", "Lindqvist AG.", "Lindqvist AG"),
        ("Rose (née Cohen)", "née Cohen", "Cohen"),
        ("joined NATO.", "NATO.", "NATO"),
        ("signed by Osei K.", "Osei K.", "Osei K."),
        ("in Norland.", "Norland.", "Norland"),
        ("Sea Workers (SWU said", "Sea Workers (SWU", "Sea Workers"),
        ("Sea Workers (SWU) said", "Sea Workers (SWU)", "Sea Workers (SWU)"),
        ("North\n\nSouth", "North\n\nSouth", "North"),
        ("— 42 —", "— 42 —", None),
        ("the WHO said", "WHO", "WHO"),
        ("asked Who", "Who", None),
        ("Tony “the Boat” Berg", "Tony “the Boat", "Tony"),
        ("the Dock” Show", "the Dock” Show", "Dock"),
        ("mail kara@harbour.example", "kara", None),
        ("a southern wind", "southern", None),
        ("Berg & Sons", "Berg &", "Berg"),
        ("rated by Moody’s.", "Moody’s.", "Moody’s"),
        ("at Trader Joe's,", "Trader Joe's,", "Trader Joe's"),
        ("Orlando, Florida in the Bay", "Orlando, Florida in the", "Orlando, Florida"),
        ("in Norland - Police said", "Norland - Police", "Norland"),
        ("the Norland–Sudland line", "Norland–Sudland", "Norland–Sudland"),
        ("", "", None),
    ],
)
def test_clean_keeps_the_name_alone(text, inside, name):
    assert cleaned(text, inside) == name


@given(st.text(max_size=60), st.integers(0, 60), st.integers(0, 60))
def test_clean_stays_inside_and_is_stable(text, start, end):
    start, end = sorted((min(start, len(text)), min(end, len(text))))
    span = clean(text, start, end)
    if span:
        assert start <= span[0] < span[1] <= end
        assert clean(text, *span) == span


def test_letters_after_a_name_come_off_and_never_the_name():
    assert without_letters("Tom Ashby KC") == "Tom Ashby"
    assert without_letters("Ana Ruiz, OBE, PhD") == "Ana Ruiz"
    assert without_letters("Ana KC") == "Ana KC"
    assert without_letters("Ana Ruiz") == "Ana Ruiz"


def test_titles_come_off_and_a_lone_title_leaves_nothing():
    assert without_title("Mr. Vladimir Putin") == "Vladimir Putin"
    assert without_title("Vice-President Osei") == "Vice-President Osei"
    assert without_title("President Osei") == "Osei"
    assert without_title("Mr.") == ""


@given(nps.arrays(np.float32, st.tuples(st.integers(0, 30), st.just(SIZE)), elements=st.floats(-20, 0, width=32)))
def test_decode_never_leaves_an_inside_without_its_begin(scores):
    path = decode(scores)
    assert len(path) == len(scores)
    for before, label in itertools.pairwise([0, *path]):
        if label and label % 2 == 0:
            assert before in (label - 1, label)


@given(
    nps.arrays(np.float32, st.tuples(st.integers(1, 60), st.just(SIZE)), elements=st.integers(-9, 0)),
    st.sampled_from([0, 7, 8]),
)
def test_decode_finds_no_worse_than_reading_the_whole_at_once(scores, outside):
    scores[:, 0] += outside
    rows = np.arange(len(scores))
    assert scores[rows, decode(scores)].sum() == scores[rows, _viterbi(scores, first=True)].sum()


@given(nps.arrays(np.float32, (3, SIZE), elements=st.floats(-20, 0, width=32)))
def test_decode_finds_no_worse_than_any_well_formed_path_of_three_words(scores):
    def well_formed(path):
        return all(not (b and b % 2 == 0) or a in (b - 1, b) for a, b in itertools.pairwise((0, *path)))

    def worth(path):
        return sum(float(scores[n, label]) for n, label in enumerate(path))

    best = max(worth(p) for p in itertools.product(range(5), repeat=3) if well_formed(p))
    assert worth(decode(scores)) >= best - 1e-3
