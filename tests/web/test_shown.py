"""What of a kept article is shown: with corrections made and, on a public site, in an excerpt."""

from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from datetime import UTC, datetime

import pytest
from digests import FERRY, annotation, article, digest, hostile_digests
from hypothesis import given
from hypothesis import strategies as st

from gazetteer.archive.values import Kept, Kind, Subject
from gazetteer.types import Digest, OptOuts, SentenceTone
from gazetteer.web import SiteSettings
from gazetteer.web.shown import corrected, excerpted, is_whole, read_as, readable, shown

AT = datetime(2023, 4, 18, tzinfo=UTC)


def kept(given: Digest, subjects: tuple[int, ...] | None = None) -> Kept:
    """A kept digest, whose entities are the subjects of these numbers."""
    entities = given.annotation.entities
    numbers = subjects or tuple(range(len(entities)))
    return Kept(
        id=1,
        digest=given,
        kept_at=AT,
        changed_at=AT,
        version=1,
        read_at=AT,
        publisher=given.article.publisher and Subject(kind=Kind.PUBLISHER, id=1, name=given.article.publisher),
        authors=(),
        entities=tuple(
            Subject(kind=Kind.ENTITY, id=number, name=entities[number].name, label=entities[number].label)
            for number in numbers
        ),
        tags=(),
    )


def strings(value: object) -> Iterator[str]:
    """Every string in a value, at any depth."""
    if isinstance(value, str):
        yield value
    elif is_dataclass(value):
        for each in fields(value):
            yield from strings(getattr(value, each.name))
    elif isinstance(value, tuple):
        for each in value:
            yield from strings(each)


@given(hostile_digests(), st.integers(0, 4))
def test_an_excerpt_holds_no_word_of_the_text_but_its_sentences(given: Digest, most: int) -> None:
    was, now = given, excerpted(given, most)
    chosen = now.annotation.summary
    assert len(chosen) <= most
    assert set(chosen) <= set(was.annotation.summary)
    own = [was.article.text[s.start : s.end] for s in was.annotation.sentences]
    assert now.article.text == "\n\n".join(own[number] for number in sorted(set(chosen)) if own[number])
    for number, sentence in enumerate(now.annotation.sentences):
        assert now.article.text[sentence.start : sentence.end] == (own[number] if number in chosen else "")
    without = replace(now, article=replace(now.article, text=""))
    assert set(strings(without)) <= set(strings(replace(was, article=replace(was.article, text="")))) | {"", "-"}


@given(hostile_digests(), st.integers(0, 4))
def test_an_excerpt_keeps_what_was_read_and_its_spans_cover_the_same_words(given: Digest, most: int) -> None:
    was, now = given, excerpted(given, most)
    assert len(now.annotation.sentences) == len(was.annotation.sentences)
    assert now.annotation.tone == was.annotation.tone
    for old, new in zip(was.annotation.entities, now.annotation.entities, strict=True):
        assert [mention.score for mention in new.mentions] == [mention.score for mention in old.mentions]
        assert replace(new, mentions=()) == replace(old, mentions=())
    spans = [
        (old, new)
        for one, other in (
            (was.annotation.quotes, now.annotation.quotes),
            *(
                (old.mentions, new.mentions)
                for old, new in zip(was.annotation.entities, now.annotation.entities, strict=True)
            ),
        )
        for old, new in zip(one, other, strict=True)
    ]
    for old, new in spans:
        words = now.article.text[new.start : new.end]
        assert words in ("", was.article.text[old.start : old.end])
        assert words or new.start == new.end


def test_an_excerpt_is_cut_as_the_owner_says_for_the_publisher() -> None:
    given = kept(digest())
    for most, settings in (
        (2, SiteSettings(public=True)),
        (1, SiteSettings(public=True, excerpts={"The ISLAND Courier": 1})),
        (0, SiteSettings(public=True, excerpt=0)),
        (3, SiteSettings(public=True, excerpt=100)),
    ):
        assert len(shown(given, settings).annotation.summary) == most
    assert shown(given, SiteSettings(excerpt=0)).article.text == FERRY


def test_a_text_without_full_stops_is_no_sentence_to_quote() -> None:
    endless = digest(text="so and " * 400)
    assert endless.annotation.summary
    assert excerpted(endless, 2).article.text == ""


def test_names_that_were_merged_are_one_with_their_counts_added() -> None:
    given = digest()
    names = [entity.name for entity in given.annotation.entities]
    line, assembly = names.index("Veridian Lines"), names.index("Assembly")
    same = tuple(line if number == assembly else number for number in range(len(names)))
    found = corrected(kept(given, same)).annotation
    assert [entity.name for entity in found.entities] == [name for name in names if name != "Assembly"]
    merged = found.entities[line]
    assert [FERRY[mention.start : mention.end] for mention in merged.mentions] == [
        "Veridian Lines",
        "Assembly",
        "Veridian",
    ]
    speakers = [found.entities[quote.entity].name for quote in found.quotes if quote.entity is not None]
    assert speakers == ["Oona Tregear", "Veridian Lines", "Aldo Fenn"]


def test_the_tone_toward_names_that_were_merged_is_the_mean_over_mentions() -> None:
    tones = (
        SentenceTone(positive=0.6, negative=0.1, neutral=0.3),
        SentenceTone(positive=0.0, negative=0.7, neutral=0.3),
    )
    read = annotation()
    entities = tuple(replace(entity, tone=None) for entity in read.entities)
    first, second = (replace(e, tone=tone) for e, tone in zip(entities[1:3], tones, strict=True))
    given = Digest(article=article(), annotation=replace(read, entities=(first, second), quotes=()))
    (merged,) = corrected(kept(given, (0, 0))).annotation.entities
    weights = len(first.mentions), len(second.mentions)
    assert merged.tone is not None
    assert merged.tone.negative == pytest.approx((weights[0] * 0.1 + weights[1] * 0.7) / sum(weights))
    assert sum((merged.tone.positive, merged.tone.negative, merged.tone.neutral)) == pytest.approx(1)


def test_a_name_that_is_shown_otherwise_says_how_it_was_read() -> None:
    given = kept(digest())
    assert read_as(given) == {}
    renamed = replace(given.entities[1], name="Aldo M. Fenn")
    changed = replace(given, entities=(given.entities[0], renamed, *given.entities[2:]))
    assert read_as(changed) == {1: ("Aldo Fenn",)}
    assert corrected(changed).annotation.entities[1].name == "Aldo M. Fenn"


@pytest.mark.parametrize("public", [False, True])
def test_of_what_no_copy_may_be_shown_of_an_excerpt_is(public: bool) -> None:  # noqa: FBT001
    given = kept(digest(opt_outs=OptOuts(robots=("noarchive",))))
    said = shown(given, SiteSettings(public=public, excerpt=1))
    assert len(said.annotation.summary) == (1 if public else len(given.digest.annotation.summary))
    assert said.article.text != FERRY
    assert len(said.article.text) < len(FERRY) / 2
    assert not is_whole(given.digest.article, SiteSettings(public=public))
    assert readable(given).article.source == given.digest.article.source


def test_other_wishes_leave_the_text() -> None:
    asked = kept(digest(opt_outs=OptOuts(robots=("noindex",), signals=("ai-train=no",), tdm_reserved=True)))
    assert shown(asked, SiteSettings()).article.text == FERRY
    assert is_whole(asked.digest.article, SiteSettings())
