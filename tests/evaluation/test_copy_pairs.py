import json
import random
from collections import Counter

from evaluation.duplicates import WRITTEN, cut, edited, likest, quoting, reordered

TEXT = "\n\n".join(" ".join(f"w{paragraph}x{n}" for n in range(40)) + "." for paragraph in range(6))


def test_an_edit_changes_about_as_many_words_as_is_said() -> None:
    changed = edited(TEXT, ["other"], 0.3, random.Random(1))
    kept = sum((Counter(TEXT.split()) & Counter(changed.split())).values())
    assert 0.7 <= kept / 240 <= 0.9  # a third of the edits put words in, and take none away
    assert changed != TEXT


def test_a_cut_is_half_and_an_order_has_all() -> None:
    assert len(cut(TEXT, random.Random(1)).split("\n\n")) == 3
    assert cut(TEXT, random.Random(1)) in TEXT
    mixed = reordered(TEXT, random.Random(1))
    assert mixed != TEXT
    assert sorted(mixed.split("\n\n")) == sorted(TEXT.split("\n\n"))


def test_a_follow_up_quotes_a_fifth_at_most() -> None:
    text = " ".join(f"Sentence {n} has five words." for n in range(30))
    quoted = quoting(text, "Later.", random.Random(1)).partition("“")[2].split()
    assert 0 < len(quoted) <= len(text.split()) / 5 + 1


def test_the_likest_is_another() -> None:
    texts = ["ferry aground off Holm", "bank cuts its rate", "ferry Marigold aground off Holm", "the bank cuts rates"]
    assert likest(texts) == [2, 3, 0, 1]


def test_what_was_written_by_hand_is_whole() -> None:
    rows = [json.loads(line) for line in WRITTEN.read_text(encoding="utf-8").splitlines()]
    assert Counter(row["kind"] for row in rows) == {"rewrite": 8, "retelling": 8, "form": 8}
    assert all(row["is_copy"] == (row["kind"] == "rewrite") for row in rows)
    assert all((row["of"] is None) == ("one" in row) for row in rows)
    assert all(len(row["text"].split()) > 40 for row in rows)
