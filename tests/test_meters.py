"""What is counted of a running Gazetteer."""

from collections.abc import Sequence

import pytest
from digests import annotation, digest
from hypothesis import given
from hypothesis import strategies as st
from prometheus_client.parser import text_string_to_metric_families

from gazetteer import meters
from gazetteer.types import Annotation, Article


def value(name: str, **labels: str) -> float:
    """Give what is counted so far."""
    families = text_string_to_metric_families(meters.text().decode())
    found = [each.value for family in families for each in family.samples if (each.name, each.labels) == (name, labels)]
    return sum(found)


class Reader:
    """Stands in for the model."""

    model = "none"

    def annotate(self, articles: Sequence[Article], **_: object) -> list[Annotation]:
        return [annotation(article.text, model="none") for article in articles]


def test_what_the_model_reads_is_counted_with_its_time() -> None:
    names = ("gazetteer_annotated_total", "gazetteer_annotate_seconds_count")
    before = [value(name) for name in names]
    timed = meters.Timed(Reader())
    assert timed.model == "none"
    assert len(timed.annotate([digest().article] * 3)) == 3
    assert [value(name) for name in names] == [before[0] + 3, before[1] + 1]


@pytest.mark.parametrize(
    ("first", "second", "kind"),
    [
        ("news.example refuses us (HTTP 403)", "other.example refuses us (HTTP 403)", "… refuses us (HTTP 403)"),
        ("it is 'image/png', not a page", "it is 'a/b', not a page", "it is …, not a page"),
        ("see https://a.example/x?y=1 first", "see http://b.example first", "see … first"),
        ("its text has more than 400,000 words", "its text has more than 400,000 words", None),
    ],
)
def test_failures_of_one_kind_are_counted_together(first: str, second: str, kind: str | None) -> None:
    name, reason = "gazetteer_failures_total", kind or first
    before = value(name, reason=reason)
    meters.failed(first)
    meters.failed(second)
    assert value(name, reason=reason) == before + 2


@given(st.lists(st.text(), min_size=60, max_size=60))
def test_strangers_make_no_endless_counts(reasons: list[str]) -> None:
    before = set(meters._reasons)
    for reason in reasons:
        meters.failed(reason)
    assert len(meters._reasons) <= meters.MOST
    assert all(len(reason) <= 80 for reason in meters._reasons)
    assert list(text_string_to_metric_families(meters.text().decode()))
    meters._reasons.clear()
    meters._reasons.update(before)
