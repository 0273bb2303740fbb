import itertools
import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as nps

from gazetteer.annotate.encoder import Reading
from gazetteer.annotate.mentions import _viterbi, clean, decode, find, without_letters, without_title
from gazetteer.annotate.subwords import Subwords
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


def found(text, name, label, *, unsure=()):
    """What is found where the model reads the words of `name` in `text` as one name, the `unsure` rather as none."""
    words = list(re.finditer(r"\w+|[^\w\s]", text))
    scores = np.full((len(words), SIZE), 1e-6)
    scores[:, 0] = 1
    start = text.index(name)
    inside = [n for n, word in enumerate(words) if start <= word.start() < start + len(name)]
    for n in inside:
        row = 1 + 2 * LABELS.index(label) + (n != inside[0])
        scores[n, [0, row]] = (0.6, 0.4) if words[n][0] in unsure else (0.02, 0.98)
    rows = np.arange(len(words))
    spans = np.array([word.span() for word in words])
    subwords = Subwords(
        ids=rows, shapes=rows, first=rows, starts=spans[:, 0], ends=spans[:, 1], paragraphs=np.array([], dtype=np.int64)
    )
    mentions = np.log(scores / scores.sum(axis=1, keepdims=True)).astype(np.float32)
    return [text[m.start : m.end] for m in find(text, Reading(words=subwords, mentions=mentions, hidden=mentions))]


def test_a_name_goes_on_with_a_capital_where_the_model_is_unsure():
    assert found("The Harbour Relief Fund paid.", "Harbour Relief Fund", "ORG", unsure=["Fund"]) == [
        "Harbour Relief Fund"
    ]
    assert found("The Harbour Relief fund paid.", "Harbour Relief fund", "ORG", unsure=["fund"]) == ["Harbour Relief"]


@pytest.mark.parametrize(
    ("text", "name", "label", "expected"),
    [
        ("He told The Harbour Post so.", "Harbour Post", "ORG", ["The Harbour Post"]),
        ("Talks in The Hague failed.", "The Hague", "GPE", ["The Hague"]),
        ("He told the Harbour Post so.", "Harbour Post", "ORG", ["Harbour Post"]),
        ("The Harbour Post said so.", "Harbour Post", "ORG", ["Harbour Post"]),
        ("Why The Harbour Post Is Sold", "Harbour Post", "ORG", ["Harbour Post"]),
        ("Sold. The Harbour Post said so.", "Harbour Post", "ORG", ["Harbour Post"]),
        ("He met The Norlanders.", "Norlanders", "NORP", ["Norlanders"]),
    ],
)
def test_an_article_with_a_capital_of_its_own_belongs_to_the_name(text, name, label, expected):
    assert found(text, name, label) == expected


@pytest.mark.parametrize(
    ("text", "name", "label", "expected"),
    [
        ("Alliance 8.7 met.", "Alliance 8", "ORG", ["Alliance 8.7"]),
        ("It cost NOK6.2billion.", "NOK6", "ORG", []),
        ("The Kel'atel'en met.", "Kel", "NORP", ["Kel'atel'en"]),
        ("Lindqvist's ship", "Lindqvist", "ORG", ["Lindqvist"]),
        ("Lindqvist’ll pay", "Lindqvist", "ORG", ["Lindqvist"]),
        ("the Emir of Norland spoke", "Emir of Norland", "GPE", ["Norland"]),
        ("the Bay of Norland froze", "Bay of Norland", "LOC", ["Bay of Norland"]),
    ],
)
def test_names_are_whole_and_without_an_office(text, name, label, expected):
    assert found(text, name, label) == expected
