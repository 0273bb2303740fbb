import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gazetteer.annotate import Annotator
from gazetteer.annotate.tags import parse
from gazetteer.types import LABELS, Abstention, Article, Tone

TEXT = (
    "ACCRA — Mayor Abena Osei opened the Volta Bridge on Monday.\n\n"
    "“It is a great and happy day,” Ms. Osei said. The Harbour Workers Union (HWU) praised the work. "
    "The HWU’s leaders had feared a terrible delay, angry protests and ruin. Nobody was hurt.\n\n"
    "Kara Holm contributed reporting from Oslo."
)


@pytest.fixture(scope="module")
def annotator():
    return Annotator(threads=1, rules=parse('[[tag]]\nname = "Bridges"\nany = ["bridge*"]'))


def article(text, **more):
    return Article(source="x", headline=more.pop("headline", "A bridge at last"), text=text, **more)


def test_an_article_is_read_whole(annotator):
    (annotation,) = annotator.annotate([article(TEXT, language="en-GH")])
    names = {entity.name: entity for entity in annotation.entities}
    assert names["Abena Osei"].label == "PERSON"
    assert [TEXT[m.start : m.end] for m in names["Abena Osei"].mentions] == ["Abena Osei", "Osei"]
    assert not {"Kara Holm", "Oslo", "leaders", "Ms", "HWU’s"} & set(names)
    assert [tag.name for tag in annotation.tags] == ["Bridges"]
    assert annotation.model == annotator.model == "reader-1"
    assert annotation.notes == ()


def test_who_said_what_is_read(annotator):
    (annotation,) = annotator.annotate([article(TEXT)])
    (quote,) = annotation.quotes
    assert TEXT[quote.start : quote.end] == "“It is a great and happy day,”"
    assert annotation.entities[quote.entity].name == "Abena Osei"
    assert [TEXT[each.start : each.end] for each in annotation.sentences if each.is_quoted] == [
        "“It is a great and happy day,” Ms. Osei said."
    ]


def test_the_authors_are_left_out(annotator):
    (annotation,) = annotator.annotate([article(TEXT, authors=("Abena Osei",))])
    assert "Abena Osei" not in {entity.name for entity in annotation.entities}


def test_other_languages_get_no_names_and_no_tone_made_up(annotator):
    text = "Die Hansen-Werft in Hamburg schließt. Olaf Scholz bedauert das sehr. Viele Arbeiter sind wütend."
    (annotation,) = annotator.annotate([article(text, language="de")])
    assert annotation.entities == annotation.quotes == ()
    assert isinstance(annotation.tone, Abstention)
    assert "de" in annotation.tone.reason
    assert annotation.notes
    assert all(sentence.tone is None for sentence in annotation.sentences)
    assert annotation.summary


def test_an_article_reads_the_same_alone_and_in_a_batch(annotator):
    one, other = article(TEXT), article("Kara Holm sang in Oslo. " * 40)
    assert annotator.annotate([one, other]) == [*annotator.annotate([one]), *annotator.annotate([other])]


PIECES = st.sampled_from(
    [
        "Mr. Osei ",
        "the leaders’ ",
        "NATO ",
        ".”The ",
        "(HWU ",
        "\n\n",
        "“",
        "in Accra. ",
        "\u202e",
        "İ",
        "ß",
        "\ud800",
        "e\u0301",
        "😀",
        "@x ",
    ]
)


@settings(deadline=None, max_examples=150)
@given(st.lists(PIECES | st.text(max_size=12), max_size=30).map("".join))
def test_any_text_gives_places_that_slice_back_to_it(annotator, text):
    (annotation,) = annotator.annotate([article(text)])
    end = 0
    for start, stop, name, label in sorted(
        (m.start, m.end, text[m.start : m.end], e.label) for e in annotation.entities for m in e.mentions
    ):
        assert end <= start < stop <= len(text)
        assert label in LABELS
        assert name == name.strip()
        end = stop
    for entity in annotation.entities:
        assert entity.name in {" ".join(text[m.start : m.end].split()) for m in entity.mentions}
        assert all(0 < m.score <= 1 for m in entity.mentions)
    for sentence in annotation.sentences:
        assert text[sentence.start : sentence.end].strip()
        assert sentence.tone is not None
        assert sentence.tone.positive + sentence.tone.negative + sentence.tone.neutral == pytest.approx(1)
        assert 0 <= sentence.salience <= 1
    assert list(annotation.summary) == sorted(set(annotation.summary))
    assert all(0 <= n < len(annotation.sentences) for n in annotation.summary)
    if isinstance(annotation.tone, Tone):
        assert annotation.tone.positivity + annotation.tone.negativity == pytest.approx(1)
