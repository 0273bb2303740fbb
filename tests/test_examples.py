"""The small gate: what Gazetteer takes from the example pages, against what an attentive reader takes."""

import json
from collections.abc import Iterable
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from gazetteer.annotate.annotator import Annotator
from gazetteer.annotate.lexicon import OWN_POSSESSIVES
from gazetteer.annotate.tags import load
from gazetteer.errors import ExtractError
from gazetteer.extract import extract
from gazetteer.types import Annotation, Article, Capture

EXAMPLES = Path(__file__).parent.parent / "examples"
EXPECTED: dict[str, dict[str, Any]] = json.loads((EXAMPLES / "expected.json").read_text(encoding="utf-8"))
ARTICLES = sorted(name for name, expected in EXPECTED.items() if "refused" not in expected)
ENGLISH = [name for name in ARTICLES if EXPECTED[name]["language"] == "en"]
REFUSED = sorted(set(EXPECTED) - set(ARTICLES))
AROUND = 250
"""Characters that may stand before the first sentence and after the last: key points, a dateline, a sign-off."""
NAMES_FLOOR = 0.75
"""F1 of names with their labels over all English examples."""


def capture(name: str) -> Capture:
    return Capture(source=name, content=(EXAMPLES / name).read_bytes())


@cache
def article(name: str) -> Article:
    return extract(capture(name))


@cache
def annotations() -> dict[str, Annotation]:
    annotator = Annotator(rules=load(EXAMPLES / "tags.toml"), threads=1)
    return dict(zip(ARTICLES, annotator.annotate([article(name) for name in ARTICLES]), strict=True))


def test_every_page_has_its_expectation() -> None:
    assert {path.name for path in EXAMPLES.glob("*.html")} == set(EXPECTED)


@pytest.mark.parametrize("name", REFUSED)
def test_a_page_without_an_article_is_refused_with_its_reason(name: str) -> None:
    with pytest.raises(ExtractError) as refusal:
        extract(capture(name))
    assert EXPECTED[name]["refused"] in refusal.value.reason


@pytest.mark.parametrize("name", ARTICLES)
def test_what_the_publisher_said(name: str) -> None:
    expected, found = EXPECTED[name], article(name)
    assert found.headline == expected["headline"]
    assert list(found.authors) == expected["authors"]
    assert found.publisher == expected["publisher"]
    assert found.published_at == datetime.fromisoformat(expected["published_at"]).astimezone(UTC)
    assert found.access == expected["access"]
    assert found.language.partition("-")[0] == expected["language"]


@pytest.mark.parametrize("name", ARTICLES)
def test_the_body_is_whole_and_nothing_else(name: str) -> None:
    expected, text = EXPECTED[name], article(name).text
    first, last = expected["first"], expected["last"]
    assert first in text[: len(first) + AROUND]
    assert last in text[-len(last) - AROUND :]
    assert [words for words in expected["absent"] if words in text] == []


@pytest.mark.parametrize("name", ENGLISH)
def test_the_readers_names_are_no_fragments_titles_or_reporters(name: str) -> None:
    for entity in annotations()[name].entities:
        last = entity.name.split(" ")[-1].replace("’", "'").casefold()
        assert last in OWN_POSSESSIVES or not last.endswith(("'s", "'")), entity
        assert entity.name.split(" ")[0] not in {"Mr", "Mr.", "Mrs", "Mrs.", "Dr", "Dr.", "President"}, entity
        assert entity.name not in EXPECTED[name]["authors"], entity


def test_names_and_labels_agree_with_the_readers() -> None:
    wanted = {each for name in ENGLISH for each in expected_names(name)}
    found = {each for name in ENGLISH for each in found_names(name)}
    score = 2 * len(wanted & found) / (len(wanted) + len(found))
    assert score >= NAMES_FLOOR, f"{score:.3f}\nmissed {sorted(wanted - found)}\nspurious {sorted(found - wanted)}"


def expected_names(name: str) -> Iterable[tuple[str, str, str]]:
    return ((name, label, folded(each)) for label, names in EXPECTED[name]["names"].items() for each in names)


def found_names(name: str) -> Iterable[tuple[str, str, str]]:
    return ((name, entity.label, folded(entity.name)) for entity in annotations()[name].entities)


def folded(name: str) -> str:
    return name.removeprefix("the ").removeprefix("The ").casefold()


@pytest.mark.parametrize(
    ("name", "tag"),
    [
        ("belarus.html", "Eastern Europe"),
        ("business.html", "Mergers"),
        ("city-hall.html", "Public transport"),
        ("earthquake.html", "Floods and earthquakes"),
        ("football.html", "Cup football"),
        ("live-flood.html", "Floods and earthquakes"),
        ("flood-money.html", "Floods and earthquakes"),
        ("flood-wall.html", "Floods and earthquakes"),
    ],
)
def test_the_readers_own_tags_match_and_say_why(name: str, tag: str) -> None:
    assert [each.why for each in annotations()[name].tags if each.name == tag] > [""]


def test_a_bitter_column_is_negative_and_a_glad_feature_positive() -> None:
    bitter, glad = annotations()["opinion.html"].tone, annotations()["science.html"].tone
    assert bitter.negativity > 0.6  # type: ignore[union-attr]
    assert glad.positivity > 0.6  # type: ignore[union-attr]


@pytest.mark.parametrize("name", ARTICLES)
def test_the_summary_is_whole_sentences_in_their_order(name: str) -> None:
    read, text = annotations()[name], article(name).text
    assert 2 <= len(read.summary) <= 8
    assert list(read.summary) == sorted(set(read.summary))
    for number in read.summary:
        sentence = text[read.sentences[number].start : read.sentences[number].end]
        assert sentence == sentence.strip()
        assert sentence.rstrip("”\"'’“)").endswith((".", "!", "?"))
