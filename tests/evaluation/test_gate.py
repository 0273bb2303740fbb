import math

from evaluation.gate import FLOORS, failures, raised, read


def test_a_figure_below_its_floor_above_its_ceiling_missing_or_undefined_fails():
    floors = {"f1": {"at_least": 0.9}, "noise": {"at_most": 0}}
    assert failures({"f1": 0.9, "noise": 0}, floors) == []
    assert len(failures({"f1": 0.89, "noise": 1}, floors)) == 2
    assert len(failures({}, floors)) == 2
    assert len(failures({"f1": math.nan, "noise": 0}, floors)) == 1


def test_floors_go_up_and_never_down():
    floors = {"f1": {"at_least": 0.9}, "noise": {"at_most": 0}}
    assert raised({"f1": 0.95, "noise": 0}, floors) == {"f1": {"at_least": 0.947}, "noise": {"at_most": 0}}
    assert raised({"f1": 0.85}, floors) == floors


def test_the_floors_are_whole():
    floors = read(FLOORS)
    assert set(floors) >= {
        "body_f1_benchmark",
        "body_f1_news_sites",
        "authors_exact_news_sites",
        "date_news_sites",
        "headline_news_sites",
        "mentions_f1_six",
        "gathering_b3_dwie",
        "noise_pages",
        "noise_pages_read",
    }
    assert all(set(limits) <= {"at_least", "at_most"} and limits for limits in floors.values())
