"""The annotator in processes of its own, with the model that ships."""

import os
import signal
from collections.abc import Iterator

import pytest
from digests import FERRY, article

from gazetteer import annotators, pipeline
from gazetteer.annotate import Annotator
from gazetteer.annotate.summary import Length
from gazetteer.annotate.tags import TagRules, parse_rule
from gazetteer.annotators import Annotators
from gazetteer.config import AnnotateSettings, Config, SummarySettings
from gazetteer.errors import LimitError
from gazetteer.types import Digest

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


def test_an_article_that_brings_its_process_down_costs_none_but_itself(two: Annotators) -> None:
    two.annotate(ARTICLES[:1])
    (pid,) = children(two)
    os.kill(pid, signal.SIGKILL)
    with pytest.raises(LimitError, match="broke down"):
        two.annotate(ARTICLES[:1])

    two.annotate(ARTICLES[:1])
    (pid,) = children(two)
    os.kill(pid, signal.SIGKILL)
    assert [type(each) for each in pipeline.annotated(ARTICLES, annotator=two)] == [Digest] * 3


def test_the_settings_say_how_many_read_and_how() -> None:
    settings = Config(annotate=AnnotateSettings(threads=1), summary=SummarySettings(sentences=1))

    with annotators.in_processes(settings, RULES) as one:
        assert one.annotate(ARTICLES) == annotators.in_threads(settings, RULES).annotate(ARTICLES)
        assert len(children(one)) == 1
