import gzip
import json
from collections import Counter

import numpy as np
import pytest

from evaluation.topics import agreement, by_keywords, gold_of, is_near, kappa, ours, per_top, score
from evaluation.wikinews import Labelled, articles, half, labels
from gazetteer.annotate import MODEL, Annotator, topics
from gazetteer.types import Article

TABLE = topics.load(MODEL / topics.FILE)
TOPS = set(TABLE.codes[:17])


def number(label):
    return TABLE.labels.index(label)


def code(label):
    return TABLE.codes[number(label)]


def given(*rows):
    return np.array(rows, dtype=bool)


def test_scores_leave_tops_without_articles_out_of_the_mean():
    gold = given([1, 0, 0], [1, 1, 0])
    assert score(gold, gold) == (1, 1)
    assert score(given([1, 0, 1], [1, 0, 0]), gold) == (0.5, pytest.approx(2 * 2 / 6))
    assert score(given([0, 0]), given([0, 0])) == (0, 0)


def test_kappa_is_agreement_beyond_chance():
    one = np.array([True, True, False, False])
    assert kappa(one, one) == 1
    assert kappa(one, ~one) == -1
    assert kappa(one, np.array([True, False, True, False])) == 0
    assert kappa(one & False, one & False) == 1


def test_what_stands_above_below_or_beside_is_near():
    gold = frozenset([code("chess")])
    above = TABLE.codes[TABLE.parents[number("chess")]]
    assert is_near(TABLE, code("chess"), gold)
    assert is_near(TABLE, above, gold)
    assert is_near(TABLE, code("chess"), frozenset([above]))
    assert is_near(TABLE, code("curling"), gold)
    assert not is_near(TABLE, code("opera"), gold)
    assert not is_near(TABLE, code("chess"), frozenset())


def test_labels_are_of_the_table_and_what_both_gave_stands():
    rows = list(labels())
    assert len({row["url"] for row in rows}) == len(rows) == 295
    assert sum("discard" in row for row in rows) == 2
    for row in rows:
        a, b, decided = (row[name] for name in ("pass_a", "pass_b", "decided"))
        assert bool(decided["tops"]) == ("discard" not in row)
        assert set(decided["tops"]) <= TOPS
        assert set(a["tops"]) & set(b["tops"]) <= set(decided["tops"]) <= set(a["tops"]) | set(b["tops"])
        assert set(decided["deeper"]) <= set(TABLE.codes) - TOPS
        assert {TABLE.codes[TABLE.tops[TABLE.codes.index(each)]] for each in decided["deeper"]} <= set(decided["tops"])
    assert Counter(half(row["url"]) for row in rows) == {"tune": 159, "report": 136}


def test_annotators_agree():
    figures = agreement(TABLE)
    assert 0.9 < figures["topics_agreement_kappa_tops"] < 1
    assert figures["topics_agreement_f1_deeper"] < figures["topics_agreement_f1_tops"] < 1
    assert per_top(TABLE)["education"] == (1, 1, 1)


def labelled(headline, text, *, tops=()):
    article = Article(source="", headline=headline, text=text, language="en")
    return Labelled(article=article, tops=frozenset(tops), deeper=frozenset())


def test_the_keyword_peer_takes_labels_by_their_words():
    (row,) = by_keywords(TABLE, [labelled("Chess is back", "The opera of the operas: opera.")])
    assert set(np.flatnonzero(row)) == {TABLE.tops[number("chess")], TABLE.tops[number("opera")]}


def test_ours_are_counted():
    text = "The governing party lost its majority in parliament. The opposition won the election."
    politics = labelled("Opposition wins election", text, tops=["medtop:11000000"])
    figures = ours(TABLE, [politics], Annotator())
    assert figures["topics_macro_f1_wikinews"] == 1
    assert figures["topics_untagged_wikinews"] == 0
    assert gold_of(TABLE, [politics]).sum() == 1


def test_the_halves_share_no_article_and_hold_no_discarded_one(tmp_path):
    folder = tmp_path / "wikinews"
    folder.mkdir()
    with gzip.open(folder / "wikinews.jsonl.gz", "wt") as file:
        for row in labels():
            file.write(json.dumps({"url": row["url"], "headline": row["url"], "text": "One. Two."}) + "\n")
    tune, report = (articles(tmp_path, of=name) for name in ("tune", "report"))
    assert (len(tune), len(report)) == (158, 135)
    assert not {each.article.headline for each in tune} & {each.article.headline for each in report}
    assert tune[0].article.text == "One. Two."
