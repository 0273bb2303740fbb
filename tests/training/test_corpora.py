import random

import numpy as np
import pytest

from gazetteer.annotate import MODEL
from gazetteer.annotate.subwords import load_tokenizer
from gazetteer.types import LABELS
from training.corpora import ANYTHING, CROSSNER, OUTSIDE, bio, example, read_crossner
from training.windows import BATCH, CLS, SEP, WINDOW, batches, windows

TOKENIZER = load_tokenizer(MODEL / "tokenizer.json")


def rows(made):
    """For each word of an example, the set of its allowed rows."""
    return [set(np.flatnonzero(made.allowed[n])) for n in made.words.first]


def test_words_of_a_mention_begin_it_and_go_on_and_others_are_outside():
    made = example(TOKENIZER, "Abena Osei sang", [(0, 10, frozenset(["PERSON"]))])
    assert rows(made) == [{bio("PERSON", first=True)}, {bio("PERSON", first=False)}, {OUTSIDE}]


def test_a_label_that_is_not_told_apart_allows_several_and_a_masked_one_anything():
    made = example(TOKENIZER, "Accra Week", [(0, 5, frozenset(["GPE", "LOC"])), (6, 10, ANYTHING)])
    assert rows(made)[0] == {bio("GPE", first=True), bio("LOC", first=True)}
    assert rows(made)[1] == set(range(1 + 2 * len(LABELS)))


def test_subwords_inside_a_word_are_left_out_of_the_loss():
    made = example(TOKENIZER, "Taraikovsky", [])
    assert len(made.words.ids) > 1
    assert made.allowed.any(axis=1).sum() == 1


def test_columns_become_sentences_with_places(tmp_path):
    path = tmp_path / "x.txt"
    path.write_text("The\tO\nNorland\tB-country\nParty\tI-country\n\nShe\tO\n", encoding="utf-8")
    first, second = read_crossner(path, TOKENIZER)
    assert (first.text, second.text) == ("The Norland Party", "She")
    assert rows(first)[1:] == [{bio("GPE", first=True)}, {bio("GPE", first=False)}]


def test_every_crossner_label_allows_labels_that_exist():
    assert all(allowed and allowed <= ANYTHING for allowed in CROSSNER.values())


@pytest.mark.parametrize("seed", range(5))
def test_windows_hold_every_subword_once_framed(seed):
    made = example(TOKENIZER, "Abena Osei of the Harbour Workers Union spoke. " * 100, [])
    found = list(windows([made], random.Random(seed)))
    assert all(len(ids) <= WINDOW and ids[0] == CLS and ids[-1] == SEP for ids, _, _ in found)
    assert list(np.concatenate([ids[1:-1] for ids, _, _ in found])) == list(made.words.ids)
    assert all(len(ids) == len(shapes) == len(allowed) for ids, shapes, allowed in found)


def test_batches_hold_every_window_and_no_more_than_their_size():
    made = [example(TOKENIZER, "word " * n, []) for n in range(1, 120)]
    groups = batches(list(windows(made, random.Random(0))), random.Random(0))
    assert sum(map(len, groups)) == len(made)
    assert all(len(group) * max(len(ids) for ids, _, _ in group) <= BATCH for group in groups)
