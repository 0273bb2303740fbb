import json
from pathlib import Path

from evaluation.figures import FIGURES, brought_up_to, write


def test_numbers_come_from_the_report_and_words_stay() -> None:
    peer = {"name": "VADER", "figure": 0.1, "key": "b"}
    shipped = [{"part": "Tone", "key": "a", "figure": 0.0, "peers": [peer]}, {"part": "x", "key": "b", "peers": []}]
    found = brought_up_to({"a": 0.73066, "b": 0.5, "c": 1.0}, shipped)
    assert found == [
        {"part": "Tone", "key": "a", "figure": 0.731, "peers": [{"name": "VADER", "figure": 0.5, "key": "b"}]},
        {"part": "x", "key": "b", "figure": 0.5, "peers": []},
    ]


def test_the_file_is_as_the_report_would_have_it(tmp_path: Path) -> None:
    path = tmp_path / "figures.json"
    path.write_text(FIGURES.read_text(encoding="utf-8"), encoding="utf-8")
    write(json.loads((Path(FIGURES).parents[3] / "evaluation" / "report.json").read_text()), path)
    assert path.read_text(encoding="utf-8") == FIGURES.read_text(encoding="utf-8")
