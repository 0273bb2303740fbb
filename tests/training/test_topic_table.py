import json

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
    folds,
    given,
    held_out,
    limits,
    logistic,
    with_deeper,
    with_tops,
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
        place = np.array([[(1, 0, 0.5), (0, 1, 0.5)][number % 2]]) + CHANCE.normal(0, 0.2, (3, 3))
        vectors = unit(place.astype(np.float32))
        article = Article(source="", headline="", text="Chess. Vote.")
        text = Labelled(article=article, tops=frozenset([top]), deeper=frozenset([deeper]))
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
    assert fitted.deeper[1] > 0


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
