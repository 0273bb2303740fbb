"""The digests of a model's files."""

import json

from gazetteer.annotate import MODEL
from gazetteer.annotate.shipped import FACTS, digest
from training.sealing import FILES, digests, seal, written


def test_each_file_that_ships_is_as_its_digest_says():
    found = json.loads((MODEL / FACTS).read_text(encoding="utf-8"))["sha256"]
    assert found == digests(MODEL)
    assert set(found) == {path.name for path in MODEL.iterdir()} - {FACTS, "figures.json"} - {
        path.name for path in MODEL.glob("*.md")
    }


def test_a_file_that_was_made_anew_is_sealed_alone(tmp_path):
    for name in FILES[:-1]:
        (tmp_path / name).write_bytes(name.encode())
    facts = {"version": "new", "sha256": digests(tmp_path), "labels": ["PERSON"]}
    (tmp_path / FACTS).write_text(written(facts), encoding="utf-8")
    for name in FILES:
        (tmp_path / name).write_bytes(b"another")
    seal(tmp_path, FILES[-1])
    read = json.loads((tmp_path / FACTS).read_text(encoding="utf-8"))
    assert list(read["sha256"].items()) == [
        *((name, digest(name.encode())) for name in FILES[:-1]),
        (FILES[-1], digest(b"another")),
    ]
    assert (read["version"], read["labels"]) == ("new", ["PERSON"])
