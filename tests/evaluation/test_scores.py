import json

import pytest

from evaluation import __main__ as command
from evaluation.mentions import by_label, f1, over
from evaluation.names import b_cubed, score
from evaluation.noise import faults
from gazetteer.types import Article, Entity, Mention


def test_b_cubed_of_a_split_and_of_a_lump():
    precision, recall = b_cubed([1, 1, 2, 2], ["a", "a", "a", "a"])
    assert (precision, recall) == (4.0, 2.0)
    precision, recall = b_cubed([1, 1, 1, 1], ["a", "a", "b", "b"])
    assert (precision, recall) == (2.0, 4.0)


def test_gathering_is_scored_over_articles():
    mentions = [
        {"text": "Abena Osei", "label": "PERSON", "entity": 0},
        {"text": "Osei", "label": "PERSON", "entity": 0},
        {"text": "Kara Holm", "label": "PERSON", "entity": 1},
    ]
    assert score([{"mentions": mentions}]) == (1.0, 1.0, 1.0)
    precision, recall, _ = score([{"mentions": mentions}], exact=True)
    assert (precision, recall) == (1.0, pytest.approx(2 / 3))


def test_a_mention_counts_where_span_and_label_are_right():
    gold = [{(0, 5, "GPE"), (6, 9, "ORG")}]
    counts = by_label([{(0, 5, "GPE"), (6, 9, "PERSON")}], gold)
    assert over(counts, ["GPE"]) == 1.0
    assert over(counts, ["GPE", "ORG", "PERSON"]) == 0.5
    assert f1(right=0, found=0, gold=0) == 0.0


def entity(text, name, label="PERSON"):
    start = text.index(name)
    return Entity(name=name, label=label, mentions=(Mention(start=start, end=start + len(name), score=0.9),))


@pytest.mark.parametrize(
    ("text", "name", "label", "rules"),
    [
        ("Kara Holm wrote", "Kara Holm", "PERSON", ["byline"]),
        ("said Holm again", "Holm", "PERSON", ["byline"]),
        ("the leaders’ talks", "leaders’", "ORG", ["possessive", "fragment"]),
        ("said Mr again", "Mr", "PERSON", ["title"]),
        ("Mr. Osei spoke", "Mr. Osei", "PERSON", ["title"]),
        ("President Square", "President Square", "FAC", []),
        ("in Belarus.”The talks", "Belarus.”The", "GPE", ["fragment"]),
        ("Norland’s south", "orland", "GPE", ["fragment"]),
        ("of Moody’s.", "Moody’s", "ORG", []),
        ("the WHO (Geneva", "WHO (Geneva", "ORG", ["fragment"]),
        ("Ana Ruiz said", "Ana Ruiz", "PERSON", []),
    ],
)
def test_each_rule_of_noise_finds_its_own(text, name, label, rules):
    article = Article(source="x", headline="x", text=text)
    assert list(faults(entity(text, name, label), article, "Kara Holm, Jo Park")) == rules


def test_the_command_fails_below_a_floor_and_writes_no_report_of_a_part(tmp_path, monkeypatch, capsys):
    floors, report = tmp_path / "floors.json", tmp_path / "report.json"
    monkeypatch.setattr(command.gate, "FLOORS", floors)
    monkeypatch.setattr(command, "REPORT", report)
    monkeypatch.setattr("evaluation.names.read", lambda _: [{"mentions": [{"text": "A", "label": "ORG", "entity": 0}]}])
    for floor, status in ((0.99, 0), (1.01, 1)):
        floors.write_text(json.dumps({"gathering_b3_dwie": {"at_least": floor}}), encoding="utf-8")
        assert command.main(["--data", str(tmp_path), "--only", "names"]) == status
    assert "at least 1.01 is asked" in capsys.readouterr().err
    assert not report.exists()
