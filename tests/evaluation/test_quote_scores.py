import pytest

from evaluation.quotes import Labelled, covers, has_speaker, nearest, score
from gazetteer.types import Abstention, Annotation, Entity, Mention, Quote, QuoteKind

TEXT = "“We will stay,” said Abena Osei. A guard said the bridge was shut. Osei left with Kara Holm of the NHU."


def gold(kind, words, speaker, name):
    start, at = TEXT.index(words), TEXT.index(speaker)
    return {
        "start": start,
        "end": start + len(words),
        "kind": kind,
        "cue": None,
        "speaker": [at, at + len(speaker)],
        "speaker_name": name,
    }


def quote(words, speaker=None, entity=None, kind=QuoteKind.DIRECT):
    start = TEXT.index(words)
    span = (TEXT.index(speaker), TEXT.index(speaker) + len(speaker)) if speaker else None
    return Quote(start=start, end=start + len(words), kind=kind, speaker=span, entity=entity)


def entity(name, label="PERSON"):
    start = TEXT.index(name)
    return Entity(name=name, label=label, mentions=(Mention(start=start, end=start + len(name), score=0.9),))


ENTITIES = (entity("Abena Osei"), entity("Kara Holm"), entity("NHU", "ORG"))
DIRECT = gold("direct", "“We will stay,”", "Abena Osei", "Abena Osei")
REPORTED = gold("reported", "the bridge was shut", "A guard", None)


def labelled(quotes, of=(DIRECT, REPORTED)):
    tone = Abstention(reason="none")
    read = Annotation(
        entities=ENTITIES, sentences=(), tone=tone, summary=(), tags=(), model="by hand", quotes=tuple(quotes)
    )
    return Labelled(text=TEXT, annotation=read, gold=of)


@pytest.mark.parametrize(
    ("of", "words", "covered"),
    [
        (DIRECT, "“We will stay,”", True),
        (DIRECT, "“We will stay,” said Abena Osei. A guard said the bridge", True),
        (DIRECT, "“We will", False),
        (REPORTED, "bridge was shut", True),
        (REPORTED, "shut", False),
        (REPORTED, "A guard said the bridge was shut. Osei left", False),
    ],
)
def test_a_quotation_in_marks_is_covered_and_any_other_matched(of, words, covered):
    assert covers(quote(words), of) is covered


def test_a_named_speaker_is_known_by_name_and_another_by_place():
    assert has_speaker(quote("“We will stay,”", entity=0), DIRECT, ENTITIES)
    assert has_speaker(quote("“We will stay,”", entity=0), {**DIRECT, "speaker_name": "Ms. Osei"}, ENTITIES)
    assert not has_speaker(quote("“We will stay,”", "Abena Osei", 1), DIRECT, ENTITIES)
    assert not has_speaker(quote("“We will stay,”", "Abena Osei"), DIRECT, ENTITIES)
    assert has_speaker(quote("the bridge was shut", "guard"), REPORTED, ENTITIES)
    assert not has_speaker(quote("the bridge was shut", "Kara Holm", 1), REPORTED, ENTITIES)


def test_what_is_found_is_scored_over_what_is_labelled():
    article = labelled([quote("“We will stay,”", entity=0), quote("the bridge was shut", "Kara Holm"), quote("left")])
    assert score([article], lambda each: each.annotation.quotes) == {
        "all": 0.5,
        "direct": 1.0,
        "reported": 0.0,
        "named": 1.0,
        "found": 1.0,
        "precision": pytest.approx(2 / 3),
        "f1": pytest.approx(0.4),
    }


def test_what_stands_after_the_eighth_label_does_not_count_against_precision():
    article = labelled([quote("“We will stay,”", entity=0), quote("left")], of=[DIRECT] * 8)
    assert score([article], lambda each: each.annotation.quotes)["precision"] == 1.0


def test_the_baseline_gives_what_stands_between_marks_to_the_nearest_name():
    (found,) = nearest(TEXT, labelled([]).annotation)
    assert (found.start, found.end, found.entity) == (0, 15, 0)


def test_what_is_found_in_an_article_without_quotations_counts_against_precision():
    found = quote("“We will stay,”", "Abena Osei", 0)
    articles = [labelled([found]), labelled([found], of=())]
    assert score(articles, lambda article: article.annotation.quotes)["precision"] == 0.5
