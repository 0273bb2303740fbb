from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gazetteer.annotate import MODEL, topics
from gazetteer.annotate.topics import FILE, Found, Seen, Topics
from gazetteer.annotate.vectors import unit
from gazetteer.errors import ModelError

SPORT, POLITICS, CHESS, CHESS_CLUB, VOTE = range(5)
TABLE = Topics(
    codes=("medtop:15000000", "medtop:11000000", "medtop:1", "medtop:2", "medtop:3"),
    labels=("sport", "politics", "chess", "chess club (society)", "vote counting"),
    parents=(-1, -1, SPORT, CHESS, POLITICS),
    vectors=unit(np.array([[1, 0, 0], [0, 1, 0], [1, 0, 0.5], [1, 0, 0.6], [0, 1, 0.5]], dtype=np.float32)),
    weights=np.array([[6, -6, 0], [-6, 6, 0]], dtype=np.float32),
    biases=np.array([0, 0], dtype=np.float32),
    vocabulary=("ballot", "ches", "club", "vot"),
    rarities=np.array([3, 1, 2, 1], dtype=np.float32),
    word_weights=np.array([[-1, 1], [1, -1], [0.5, 0], [-1, 1]], dtype=np.float32),
    limit=0.5,
    lone_limit=0.3,
    deeper=(-4.0, 4.0, 2.0, 2.0),
    deeper_limit=0.6,
)


def seen(headline, *sentences, title=(0, 0, 0), places=()):
    return Seen(
        headline=headline,
        sentences=sentences,
        headline_vector=unit(np.array(title, dtype=np.float32)),
        sentence_vectors=unit(np.array(places, dtype=np.float32).reshape(len(sentences), 3)),
    )


CHESS_NEWS = seen(
    "Chess match drawn",
    "The chess players drew.",
    "It rained.",
    "Members of a club clapped; votes were cast for the best game of chess.",
    title=(1, 0, 0.5),
    places=[(1, 0, 0.4), (-0.5, 0, 1), (1, 0, 0.3)],
)


def test_a_top_and_what_is_deeper_are_given_with_codes_and_reasons():
    given = topics.tags(TABLE, CHESS_NEWS)
    assert [(tag.name, tag.code) for tag in given] == [("sport", "medtop:15000000"), ("chess", "medtop:1")]
    assert given[0].why == (
        "the headline and sentences 1 and 3 are nearest to it; words “chess” and “club”; 100% likely"
    )
    assert given[1].why == "the headline and sentences 1 and 3 are nearest to it; word “chess”; 96% likely"


def test_a_topic_above_or_below_one_that_is_given_is_not_given_too():
    tops = topics.find_tops(TABLE, CHESS_NEWS)
    assert [each.topic for each in topics.find_deeper(replace(TABLE, deeper_limit=0.0), CHESS_NEWS, tops)] == [CHESS]


def test_what_is_deeper_stands_below_a_top_that_is_given():
    assert topics.candidates(TABLE, [Found(topic=SPORT, probability=0.9)]) == [CHESS, CHESS_CLUB]
    assert topics.candidates(TABLE, []) == []


def test_two_tops_are_given_the_likelier_first():
    table = replace(TABLE, weights=np.array([[1, 0, 0], [0, 1, 0]], dtype=np.float32))
    found = topics.find_tops(table, seen("", title=(1, 2, 0)))
    assert [each.topic for each in found] == [POLITICS, SPORT]


@pytest.mark.parametrize(("bias", "given"), [(-0.5, [SPORT]), (-5.0, [])])
def test_the_likeliest_top_is_given_alone_where_it_is_not_too_unlikely(bias, given):
    table = replace(TABLE, biases=np.array([bias, -9], dtype=np.float32))
    found = topics.find_tops(table, seen("", title=(0, 0, 1)))
    assert [each.topic for each in found] == given


def test_words_count_by_how_often_they_stand_and_how_rare_they_are_at_unit_length():
    said = topics.wording(TABLE, seen("Chess", "A chess club, unknown elsewhere.", title=(1, 0, 0), places=[(1, 0, 0)]))
    assert [TABLE.vocabulary[number] for number in said.numbers] == ["ches", "club"]
    long = np.array([1 + np.log(4), 2])
    assert said.shares == pytest.approx(long / np.linalg.norm(long))
    assert len(topics.wording(TABLE, seen("")).numbers) == 0


def test_words_tell_two_articles_apart_that_lie_in_one_place():
    chess, ballot = (seen(text, title=(1, 1, 0)) for text in ("Chess", "Ballots"))
    assert topics.find_tops(TABLE, chess)[0].topic == SPORT
    assert topics.find_tops(TABLE, ballot)[0].topic == POLITICS
    assert topics.odds_of(TABLE, ballot) == pytest.approx([-1, 1])


def test_words_of_grammar_and_reporting_count_but_are_not_told():
    added = {"ches": 0.5, "during": 2, "his": 3, "said": 2, "was": 3}
    weights = np.array([[each, 0] for each in added.values()], dtype=np.float32)
    table = replace(TABLE, vocabulary=tuple(added), rarities=np.ones(5, dtype=np.float32), word_weights=weights)
    text = seen("", "During his game he said chess was fun.", places=[(0, 0, 1)])
    (sport, *_) = topics.tags(table, text)
    assert sport.why.startswith("word “chess”; ")
    assert topics.odds_of(table, text)[SPORT] > 4
    (sport, *_) = topics.tags(table, seen("", "It was his.", places=[(0, 0, 1)]))
    assert "word" not in sport.why


def test_an_article_that_lies_nowhere_has_no_topic():
    assert topics.tags(TABLE, seen("", "…", places=[(0, 0, 0)])) == ()
    assert topics.tags(TABLE, seen("")) == ()


def test_features_of_deeper_topics():
    rows = topics.deeper_features(TABLE, CHESS_NEWS, [CHESS, CHESS_CLUB, VOTE])
    assert rows[:, 1].tolist() == [1, 0.5, 0]
    assert rows[:, 2] == pytest.approx([2 / 3, (2 / 3 + 1 / 3) / 2, 1 / 6])
    assert rows[0, 0] > rows[2, 0]


def test_a_table_is_kept(tmp_path):
    topics.save(TABLE, tmp_path / "topics.npz")
    read = topics.load(tmp_path / "topics.npz")
    assert (read.codes, read.labels, read.parents) == (TABLE.codes, TABLE.labels, TABLE.parents)
    assert (read.limit, read.lone_limit, read.deeper, read.deeper_limit) == (0.5, 0.3, TABLE.deeper, 0.6)
    assert read.vectors == pytest.approx(TABLE.vectors, abs=0.005)
    assert read.weights == pytest.approx(TABLE.weights)
    assert read.vocabulary == TABLE.vocabulary
    assert read.rarities == pytest.approx(TABLE.rarities)
    assert read.word_weights == pytest.approx(TABLE.word_weights, abs=0.005)


@pytest.mark.parametrize("content", [None, b"", b"PK\x03\x04 not a table", b"\x93NUMPY"])
def test_a_damaged_table_is_told(tmp_path, content):
    path = tmp_path / "topics.npz"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(ModelError, match="install Gazetteer again"):
        topics.load(path)


def test_the_shipped_table_holds_all_topics_under_their_tops():
    table = topics.load(MODEL / FILE)
    assert len(table.codes) == len(set(table.codes)) == len(table.labels) == len(table.vectors) == 1133
    assert [code for code, parent in zip(table.codes, table.parents, strict=True) if parent < 0] == [
        f"medtop:{number:02}000000" for number in range(1, 18)
    ]
    assert table.parents[:17] == (-1,) * 17
    assert table.weights.shape == (17, table.vectors.shape[1]) == (17, 384)
    assert np.linalg.norm(table.vectors, axis=1) == pytest.approx(1, abs=0.02)
    assert table.word_weights.shape == (len(set(table.vocabulary)), 17) == (len(table.rarities), 17)
    assert (table.rarities > 1).all()
    at = table.codes.index("medtop:20000065")
    assert table.labels[at] == "civil unrest"
    assert table.codes[table.tops[at]] == "medtop:16000000"
    assert 0 < table.lone_limit <= table.limit < 1


@given(
    st.text(max_size=40),
    st.lists(st.tuples(st.text(max_size=40), *[st.integers(-3, 3)] * 3), max_size=6),
    st.tuples(*[st.integers(-3, 3)] * 3),
)
def test_any_article_gets_topics_that_say_why(headline, sentences, title):
    article = seen(headline, *[text for text, *_ in sentences], title=title, places=[place for _, *place in sentences])
    for tag in topics.tags(replace(TABLE, deeper_limit=0.1), article):
        assert tag.code in TABLE.codes
        assert tag.why.endswith("% likely")
