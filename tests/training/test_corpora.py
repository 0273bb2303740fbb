import gzip
import json
import random
from dataclasses import replace

import numpy as np
import pytest

from gazetteer.annotate import MODEL
from gazetteer.annotate.subwords import load_tokenizer
from gazetteer.types import LABELS
from training.corpora import (
    ANYTHING,
    CROSSNER,
    OUTSIDE,
    UNKNOWN,
    Opinion,
    bio,
    example,
    read_crossner,
    read_sentfin,
    read_unlabelled,
    told,
)
from training.windows import BATCH, CLS, SEP, WINDOWS, batches, windows

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


def test_sentences_of_a_text_have_their_subwords_and_no_ratings():
    made = example(TOKENIZER, "Abena Osei sang. Nobody heard.", [])
    assert [made.words.ids[a:b].tolist() for a, b in made.sentences] == [
        TOKENIZER.encode(text, add_special_tokens=False).ids for text in ("Abena Osei sang.", "Nobody heard.")
    ]
    assert np.isnan(made.valence).all()
    assert not len(made.targets)


def test_what_is_told_of_a_text_stands_at_its_subwords_and_its_mentions_are_left_out():
    made = told(TOKENIZER, "Osei failed Norland.", valence={"emobank": -1.5}, targets=[(12, 19, "toward", "negative")])
    assert made.valence[0].tolist()[1:] == [-1.5]
    assert np.isnan(made.valence[0, 0])
    ((first, last, sentence),) = made.targets
    assert made.words.ids[first:last].tolist() == TOKENIZER.encode("Norland", add_special_tokens=False).ids
    assert sentence == 0
    assert made.polarity.tolist() == [[0, UNKNOWN]]
    assert not made.allowed.any()


def test_one_mention_of_each_sentence_is_asked_about_and_nobody_has_answered():
    text = "Abena Osei left Norland. Nobody sang. Norland wept over the Accra Week."
    spans = [(0, 10, frozenset(["PERSON"])), (16, 23, frozenset(["GPE"])), (38, 45, frozenset(["GPE"]))]
    made = example(TOKENIZER, text, [*spans, (60, 70, frozenset(["EVENT"]))])
    assert made.targets[:, 2].tolist() == [0, 2]
    assert [made.words.ids[a:b].tolist() for a, b, _ in made.targets] == [
        TOKENIZER.encode("Norland", add_special_tokens=False).ids
    ] * 2
    assert (made.polarity == UNKNOWN).all()


def test_of_a_text_without_labels_nothing_is_learned_but_what_teachers_say(tmp_path):
    path = tmp_path / "x.jsonl.gz"
    with gzip.open(path, "wt", encoding="utf-8") as lines:
        lines.write(json.dumps({"text": "Abena Osei sang."}))
    (made,) = read_unlabelled(path, TOKENIZER)
    assert not made.allowed.any()
    assert len(made.sentences) == 1


def test_windows_hold_what_teachers_say_of_each_subword_sentence_and_target():
    made = example(TOKENIZER, "Osei left. Norland wept.", [(0, 4, frozenset(["PERSON"]))])
    scores = np.arange(made.allowed.size, dtype=np.float16).reshape(made.allowed.shape)
    said = Opinion(
        scores=scores, valence=np.ones(made.valence.shape, np.float16), polarity=np.full((1, 2, 3), -1, np.float16)
    )
    ((window,), (silent,)) = (list(windows([(0, one)], random.Random(1))) for one in (replace(made, said=said), made))
    assert (window.said_scores[1:-1] == scores).all()
    assert np.isnan(window.said_scores[[0, -1]]).all()
    assert (window.said_valence == 1).all()
    assert window.said_polarity.shape == (1, 2, 3)
    assert all(np.isnan(part).all() for part in (silent.said_scores, silent.said_valence, silent.said_polarity))


def test_headlines_with_names_that_hold_quotation_marks_are_read(tmp_path):
    path = tmp_path / "x.csv"
    path.write_text(
        "S No.,Title,Decisions,Words\n"
        "1,Mill's Bank up as Norco falls,\"{'Mill's Bank': 'positive', 'Norco': 'negative'}\",6\n"
    )
    ((_, made),) = read_sentfin(path, TOKENIZER)
    assert made.polarity.tolist() == [[UNKNOWN, 2], [UNKNOWN, 0]]


@pytest.mark.parametrize("seed", range(8))
def test_windows_hold_every_subword_once_framed(seed):
    made = example(TOKENIZER, "Abena Osei of the Harbour Workers Union spoke. " * 100, [])
    found = list(windows([(0, made)], random.Random(seed)))
    assert all(len(w.ids) <= max(WINDOWS) and w.ids[0] == CLS and w.ids[-1] == SEP for w in found)
    assert list(np.concatenate([w.ids[1:-1] for w in found])) == list(made.words.ids)
    assert all(len(w.ids) == len(w.shapes) == len(w.allowed) for w in found)
    for w in found:
        for number, (start, end) in zip(w.numbers, w.sentences, strict=True):
            assert w.ids[start:end].tolist() == made.words.ids[slice(*made.sentences[number])].tolist()


@pytest.mark.parametrize("seed", range(8))
def test_sentences_that_share_a_window_keep_what_is_known_of_them(seed):
    texts = [f"Mayor Osei praised harbour number {n}." for n in range(40)]
    made = [
        told(TOKENIZER, text, valence={"editorials": n}, targets=[(6, 10, "toward", "positive")])
        for n, text in enumerate(texts)
    ]
    found = list(windows(list(enumerate(made)), random.Random(seed)))
    assert len(found) < len(made)
    numbers = sorted(int(number) for w in found for number in w.numbers)
    assert numbers == list(range(40))
    for w in found:
        assert w.valence[:, 0].tolist() == w.numbers.tolist()
        for start, end, sentence in w.targets:
            assert w.ids[start:end].tolist() == TOKENIZER.encode("Osei", add_special_tokens=False).ids
            assert w.sentences[sentence][0] <= start < end <= w.sentences[sentence][1]


def test_batches_hold_every_window_and_no_more_than_their_size():
    made = [(0, example(TOKENIZER, "word " * n, [])) for n in range(1, 120)]
    groups = batches(list(windows(made, random.Random(0))), random.Random(0))
    assert sum(map(len, groups)) == len(made)
    assert all(len(group) * max(len(w.ids) for w in group) <= BATCH for group in groups)
