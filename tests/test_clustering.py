import io
import json
from collections.abc import Sequence

import pytest

from gazetteer import clustering
from gazetteer.types import Abstention, Annotation, Article, Targets

FERRY = {
    "headline": "Ferry Marigold runs aground off Holm",
    "text": "The ferry Marigold ran aground off Holm on Tuesday.",
}
AGAIN = {
    "headline": "Marigold ferry aground at Holm",
    "text": "The ferry Marigold went aground at Holm.",
}
BANK = {"headline": "Norbank cuts its rate", "text": "Norbank cut its key interest rate on Thursday."}


class Plain:
    """An annotator that reads nothing."""

    def annotate(self, articles: Sequence[Article], /, *, targets: Sequence[Targets] = ()) -> list[Annotation]:
        none = Annotation(entities=(), sentences=(), tone=Abstention(reason="x"), summary=(), tags=(), model="plain")
        assert not any(targets)
        return [none for _ in articles]


def answers(*lines: object) -> list[dict[str, object]]:
    stream = io.BytesIO(
        b"".join((line if isinstance(line, bytes) else json.dumps(line).encode()) + b"\n" for line in lines)
    )
    return list(clustering.answers(stream, annotator=Plain(), reading=lambda _: None))


def test_each_line_is_answered_in_its_place() -> None:
    bad = {"id": "b", "text": ""}
    found = answers({"id": "a"} | BANK, {"id": 1} | FERRY, b"{", bad, {"id": "c"} | AGAIN)
    assert found[:2] == [{"id": "a", "story": 1}, {"id": 1, "story": 2}]
    assert found[2] == {"id": None, "error": "line 3 is not JSON in UTF-8"}
    assert found[3]["id"] == "b"
    assert found[4] == {"id": "c", "story": 2}


def test_nothing_is_answered_by_nothing() -> None:
    assert answers() == []


@pytest.mark.parametrize("at", ["yesterday", 5, "2020-13-01", "9999-12-31T23:59:59-12:00"])
def test_a_time_that_is_none_is_told(at: object) -> None:
    (found,) = answers({"id": 1, "published_at": at} | FERRY)
    assert found == {"id": 1, "error": "`published_at` must be a time such as 2020-08-01T09:30:00Z"}
