"""The annotator in processes of its own, with the model that ships."""

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from digests import FERRY, article

from gazetteer import annotate, annotators, pipeline
from gazetteer.annotate import Annotator
from gazetteer.annotate.summary import Length
from gazetteer.annotate.tags import TagRules, parse_rule
from gazetteer.annotators import Annotators
from gazetteer.archive import Archive
from gazetteer.config import AnnotateSettings, Config, SummarySettings
from gazetteer.errors import LimitError, ModelError, WorkerError
from gazetteer.live import Reading

RULES = TagRules(rules=(parse_rule("ferries", 'query = "ferry OR catamaran"', source="a test"),))
LENGTH = Length(sentences=1)
ARTICLES = [article(), article(text=FERRY.partition("\n\n")[0]), article(text="", headline="Ice")]
AT = FERRY.index("Veridian Lines")
TARGETS = [[(AT, AT + len("Veridian Lines"))], [], []]


@pytest.fixture
def two() -> Iterator[Annotators]:
    with Annotators(processes=2, rules=RULES, length=LENGTH) as opened:
        yield opened


def children(of: Annotators) -> list[int]:
    return [worker._child.pid for worker in of._workers if worker._child is not None]


def test_processes_read_as_one_does(two: Annotators) -> None:
    alone = Annotator(rules=RULES, length=LENGTH)

    assert two.annotate(ARTICLES, targets=TARGETS) == alone.annotate(ARTICLES, targets=TARGETS)
    assert two.annotate([]) == []
    assert two.model == alone.model
    with pytest.raises(ValueError, match="longer"):
        two.annotate(ARTICLES[:1], targets=TARGETS[:2])


def test_processes_start_as_they_are_needed_and_leave_nothing() -> None:
    with Annotators(processes=3) as three:
        assert children(three) == []
        for _ in range(2):
            three.annotate(ARTICLES[:1])
        (pid,) = children(three)
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_a_process_that_ended_while_it_had_no_work_costs_nothing(two: Annotators) -> None:
    two.annotate(ARTICLES[:1])
    (pid,) = children(two)
    os.kill(pid, signal.SIGKILL)
    os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT)

    assert len(two.annotate(ARTICLES[:1])) == 1
    assert children(two) != [pid]


def test_an_article_that_takes_too_long_is_told_of(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(annotators, "_SECONDS", 0.001)
    with Annotators(processes=1) as one, pytest.raises(LimitError, match="took longer"):
        one.annotate(ARTICLES[:1])


def test_what_cannot_be_started_is_no_article_s_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(annotators, "_MEGABYTES", 100)
    with Annotators(processes=2) as two, pytest.raises(WorkerError, match=r"cannot be made ready|before it was ready"):
        pipeline.annotated(ARTICLES, annotator=two)


def test_without_its_model_nothing_is_read(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="install Gazetteer again"):
        annotate.version(tmp_path)


def test_rules_that_change_are_read_by_and_the_processes_before_are_gone(tmp_path: Path) -> None:
    with Archive.open(str(tmp_path / "a.sqlite"), create=True) as archive, Reading(archive, Config()) as reading:
        first, name = reading()
        assert "ferries" not in {tag.name for tag in first.annotate(ARTICLES[:1])[0].tags}
        assert isinstance(reading._made, Annotators)
        (pid,) = children(reading._made)
        assert reading()[1] == name

        archive.put_tag_rule("ferries", 'any = ["ferry"]')
        second, other = reading()
        assert second.annotate(ARTICLES[:1])[0].tags[0].name == "ferries"
        assert other != name
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)


def test_the_settings_say_how_many_read_and_how() -> None:
    settings = Config(annotate=AnnotateSettings(threads=1), summary=SummarySettings(sentences=1))

    with annotators.in_processes(settings, RULES) as one:
        assert one.annotate(ARTICLES) == annotators.in_threads(settings, RULES).annotate(ARTICLES)
        assert len(children(one)) == 1
