import io
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gazetteer.annotate.heads import Heads, erf, softmax, unit

WIDTH = 12
CHANCE = np.random.default_rng(3)


def layer(name, out, into):
    return {f"{name}.weight": CHANCE.normal(size=(out, into)), f"{name}.bias": CHANCE.normal(size=out)}


LAYERS = {
    **layer("sentence.hidden", WIDTH, WIDTH),
    **layer("sentence.valence", 1, WIDTH),
    **layer("sentence.vector", WIDTH, WIDTH),
    **layer("mention.query", WIDTH, WIDTH),
    **layer("mention.key", WIDTH, WIDTH),
    **layer("mention.value", WIDTH, WIDTH),
    **layer("mention.hidden", WIDTH, 3 * WIDTH),
    **layer("mention.polarity", 6, WIDTH),
}
HIDDEN = CHANCE.normal(size=(20, WIDTH)).astype(np.float32)


@pytest.fixture(scope="module")
def heads():
    file = io.BytesIO()
    np.savez(file, **LAYERS)
    file.seek(0)
    return Heads(file)


def dense(name, row):
    return LAYERS[f"{name}.weight"] @ row + LAYERS[f"{name}.bias"]


def gelu(row):
    return np.array([x * 0.5 * (1 + math.erf(x / math.sqrt(2))) for x in row])


def attended(aim, subwords):
    """What a mention sees of its sentence, head by head, as it is trained."""
    query = dense("mention.query", aim)
    keys, values = ([dense(f"mention.{part}", row) for row in subwords] for part in ("key", "value"))
    seen = []
    for head in range(6):
        own = slice(head * WIDTH // 6, (head + 1) * WIDTH // 6)
        scores = np.array([query[own] @ key[own] for key in keys]) / math.sqrt(WIDTH // 6)
        weights = np.exp(scores) / np.exp(scores).sum()
        seen.extend(sum(weight * value[own] for weight, value in zip(weights, values, strict=True)))
    return np.array(seen)


def test_sentences_are_answered_as_they_are_trained(heads):
    found = heads.sentences(HIDDEN, np.array([[0, 5], [5, 20]]))
    mean = HIDDEN[5:20].mean(axis=0)
    assert found.valence[1] == pytest.approx(
        dense("sentence.valence", gelu(dense("sentence.hidden", mean)))[0], rel=1e-4
    )
    vector = dense("sentence.vector", mean)
    np.testing.assert_allclose(found.vectors[1], vector / np.linalg.norm(vector), rtol=1e-4)


def test_mentions_are_answered_as_they_are_trained(heads):
    found = heads.mentions(HIDDEN, np.array([[1, 3], [8, 9]]), np.array([[0, 5], [5, 20]]))
    aim, sentence = HIDDEN[8:9].mean(axis=0), HIDDEN[5:20]
    joined = np.concatenate([aim, attended(aim, sentence), sentence.mean(axis=0)])
    scores = dense("mention.polarity", gelu(dense("mention.hidden", joined)))
    np.testing.assert_allclose(found.toward[1], scores[:3], rtol=1e-3, atol=1e-4)
    np.testing.assert_allclose(found.outcome[1], scores[3:], rtol=1e-3, atol=1e-4)


def test_mentions_of_one_sentence_are_answered_as_each_by_itself(heads):
    spans, around = np.array([[8, 9], [1, 3], [6, 8]]), np.array([[5, 20], [0, 5], [5, 20]])
    together = heads.mentions(HIDDEN, spans, around)
    for row in range(3):
        alone = heads.mentions(HIDDEN, spans[row : row + 1], around[row : row + 1])
        np.testing.assert_allclose(together.toward[row], alone.toward[0], rtol=1e-4, atol=1e-5)


def test_sentences_without_subwords_are_plain_and_have_no_vector(heads):
    found = heads.sentences(HIDDEN, np.array([[4, 4]]))
    assert found.valence.tolist() == [0]
    assert not found.vectors.any()


def test_nothing_is_answered_of_nothing(heads):
    nothing = np.empty((0, 2), dtype=np.int64)
    assert heads.sentences(HIDDEN, nothing).vectors.shape == (0, WIDTH)
    assert heads.mentions(HIDDEN, nothing, nothing).toward.shape == (0, 3)


@given(st.floats(-6, 6))
def test_the_error_function(x):
    assert erf(np.array([x]))[0] == pytest.approx(math.erf(x), abs=2e-7)


def test_probabilities_and_units():
    np.testing.assert_allclose(softmax(np.array([[1000.0, 1000.0], [0.0, -1000.0]])), [[0.5, 0.5], [1, 0]])
    np.testing.assert_allclose(unit(np.array([[3.0, 4.0], [0.0, 0.0]])), [[0.6, 0.8], [0, 0]], rtol=1e-6)
