import json
from dataclasses import replace

import numpy as np
import pytest

from evaluation.wikinews import Labelled
from gazetteer.annotate.topics import Seen
from gazetteer.annotate.vectors import unit
from gazetteer.types import Article
from training.topics import (
    Example,
    answers_of,
    bare_table,
    calibration,
    concepts,
    definitions_of,
    folds,
    given,
    held_out,
    limits,
    log_loss,
    logistic,
    with_deeper,
    with_tops,
    with_vocabulary,
)

CHANCE = np.random.default_rng(1)


def concept(code, label, parent=None, **more):
    above = {"broader": [f"http://cv.iptc.org/newscodes/mediatopic/{parent}"]} if parent else {}
    return {"qcode": f"medtop:{code}", "prefLabel": {"en-GB": label}, "definition": {"en-GB": f"All of {label} "}} | (
        above | more
    )


@pytest.fixture
def table(tmp_path):
    path = tmp_path / "topics.json"
    found = [concept("3", "chess", "2"), concept("1", "politics"), concept("2", "sport"), concept("4", "vote", "1")]
    path.write_text(json.dumps({"conceptSet": [*found, concept("5", "old", "1", retired="2015-01-01")]}))
    assert [code for code, *_ in concepts(path)] == ["medtop:1", "medtop:2", "medtop:3", "medtop:4"]
    assert next(concepts(path)) == ("medtop:1", "politics", "All of politics", None)
    places = {"politics: All of politics": (1, 0, 0), "sport: All of sport": (0, 1, 0)}
    places |= {"chess: All of chess": (0, 1, 0.5), "vote: All of vote": (1, 0, 0.5)}
    return bare_table(path, lambda texts: unit(np.array([places[text] for text in texts], dtype=np.float32)))


def examples():
    found = []
    for number in range(40):
        top, deeper = (("medtop:1", "medtop:4"), ("medtop:2", "medtop:3"))[number % 2]
        is_deep = number % 4 < 2
        place = np.array([[(1, 0, 0), (0, 1, 0)][number % 2]]) + CHANCE.normal(0, 0.2, (3, 3))
        place[:, 2] += 0.5 if is_deep else -0.5
        vectors = unit(place.astype(np.float32))
        article = Article(source="", headline="", text="Chess. Vote.")
        text = Labelled(article=article, tops=frozenset([top]), deeper=frozenset([deeper] if is_deep else []))
        seen = Seen(
            headline="", sentences=("Chess.", "Vote."), headline_vector=vectors[0], sentence_vectors=vectors[1:]
        )
        found.append(Example(labelled=text, seen=seen))
    return found


def test_a_logistic_regression_finds_the_odds():
    table = CHANCE.normal(size=(4000, 2))
    answers = (CHANCE.random(4000) < 1 / (1 + np.exp(-(2 * table[:, 0] - 1)))).astype(float)
    found = logistic(table, answers, np.ones(4000), penalty=0.01)
    assert found == pytest.approx([2, 0, -1], abs=0.2)


def test_topics_are_told_apart_on_examples_that_were_held_out(table):
    read = examples()
    answers = answers_of(table, read)
    odds = held_out(table, read, [], seed=0)
    slope, shift = calibration([odds], answers)
    limit, lone, macro, micro = limits([slope * odds + shift], answers)
    assert macro > 0.9
    assert micro > 0.9
    assert 0 < lone <= limit < 1
    fitted = with_deeper(with_tops(table, read), read)
    assert fitted.weights.shape == (2, 3)
    assert fitted.word_weights.shape == (0, 2)
    assert fitted.deeper[1] > 0


def test_words_are_known_that_stand_in_a_few_texts_and_not_in_too_many(table):
    texts = [each.seen for each in examples()]
    rare = replace(texts[0], headline="Rare pawns")
    known = with_vocabulary(table, [*texts[:9], *[rare] * 3])
    assert known.vocabulary == ("pawn", "rare")
    assert known.rarities == pytest.approx([1 + np.log(13 / 4)] * 2)
    assert with_vocabulary(table, texts).vocabulary == ()


def test_words_tell_what_places_do_not(table):
    said = [("Pawns", "medtop:2"), ("Ballots", "medtop:1")] * 12 + [("Weather", "medtop:1")] * 40
    read = [
        replace(each, seen=replace(examples()[0].seen, headline=word), labelled=replace(each.labelled, tops={top}))
        for (word, top), each in zip(said, examples() * 2, strict=False)
    ]
    known = with_vocabulary(table, [each.seen for each in read])
    fitted = with_tops(known, read)
    pawn, ballot = (fitted.word_weights[fitted.vocabulary.index(word)] for word in ("pawn", "ballot"))
    assert pawn[1] > 0 > pawn[0]
    assert ballot[0] > 0 > ballot[1]


def test_a_definition_is_an_article_of_its_top(table, tmp_path):
    made = definitions_of(table, tmp_path / "topics.json")
    assert [sorted(each.labelled.tops) for each in made] == [["medtop:1"], ["medtop:2"], ["medtop:2"], ["medtop:1"]]
    assert made[2].seen.vector == pytest.approx(table.vectors[2], abs=1e-6)
    assert made[2].seen.text_stems.keys() == {"all", "ches"}


def test_log_loss_is_low_where_the_odds_are_right():
    answers = np.array([[1.0, 0.0]])
    assert log_loss([np.array([[3.0, -3.0]])], answers) == pytest.approx(np.log(1 + np.exp(-3)))
    assert log_loss([np.zeros((1, 2))] * 2, answers) == pytest.approx(np.log(2))


def test_folds_hold_each_example_once():
    read = examples()
    parts = list(folds(read, seed=3))
    assert sorted(number for _, numbers in parts for number in numbers) == list(range(len(read)))
    for others, numbers in parts:
        assert len(others) + len(numbers) == len(read)
        assert not {id(read[number]) for number in numbers} & set(map(id, others))


def test_what_is_given_follows_the_limits():
    odds = np.array([[2.0, 1.0], [-1.0, -2.0], [-4.0, -5.0]])
    assert given(odds, limit=0.5, lone_limit=0.2).tolist() == [[True, True], [True, False], [False, False]]
