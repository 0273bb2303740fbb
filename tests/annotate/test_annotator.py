import shutil

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gazetteer.annotate import MODEL, Annotator
from gazetteer.annotate.tags import parse
from gazetteer.errors import ModelError
from gazetteer.types import LABELS, Abstention, Article, SentenceTone, Tone

TEXT = (
    "ACCRA — Mayor Abena Osei opened the Volta Bridge on Monday.\n\n"
    "“It is a great and happy day,” Ms. Osei said. The Harbour Workers Union (HWU) praised the work. "
    "The HWU’s leaders had feared a terrible delay, angry protests and ruin. Nobody was hurt.\n\n"
    "Kara Holm contributed reporting from Oslo."
)


@pytest.fixture(scope="module")
def annotator():
    return Annotator(threads=1, rules=parse('[[tag]]\nname = "Bridges"\nany = ["bridge*"]'))


@pytest.fixture(scope="module")
def copied(tmp_path_factory):
    return shutil.copytree(MODEL, tmp_path_factory.mktemp("copy") / "model")


@pytest.mark.parametrize("name", ["model.onnx", "heads.npz", "tokenizer.json", "words.npz", "topics.npz"])
def test_a_model_of_which_a_file_is_another_is_refused(copied, name):
    content = (copied / name).read_bytes()
    (copied / name).write_bytes(content + b"\n")
    with pytest.raises(ModelError, match=rf"damaged \({name}\): install Gazetteer again"):
        Annotator(model=copied)
    (copied / name).write_bytes(content)


def test_a_model_that_names_no_digest_of_a_table_is_refused(copied):
    content = (copied / "model.json").read_text(encoding="utf-8")
    (copied / "model.json").write_text(content.replace("words.npz", "others.npz"), encoding="utf-8")
    with pytest.raises(ModelError, match="damaged"):
        Annotator(model=copied)
    (copied / "model.json").write_text(content, encoding="utf-8")
    assert Annotator(model=copied).model == "reader-3"


def article(text, **more):
    return Article(source="x", headline=more.pop("headline", "A bridge at last"), text=text, **more)


def test_an_article_is_read_whole(annotator):
    (annotation,) = annotator.annotate([article(TEXT, language="en-GH")])
    names = {entity.name: entity for entity in annotation.entities}
    assert names["Abena Osei"].label == "PERSON"
    assert [TEXT[m.start : m.end] for m in names["Abena Osei"].mentions] == ["Abena Osei", "Osei"]
    assert not {"Kara Holm", "Oslo", "leaders", "Ms", "HWU’s"} & set(names)
    assert (annotation.tags[0].name, annotation.tags[0].code) == ("Bridges", None)
    assert annotation.model == annotator.model == "reader-3"
    assert annotation.notes == ()


def test_what_a_page_puts_around_an_article_is_no_news(annotator):
    text = (
        "ACCRA — The cruel attack was a shameful disaster. Mayor Abena Osei wept for the victims. It was horrible. "
        "Nobody could bear the terrible grief, and the murders were condemned. They destroyed us, she said.\n\n"
        "Picture: Nobody\n\nSign up for our wonderful and brilliant newsletter, the happiest in Lima."
    )
    (annotation,) = annotator.annotate([article(text)])
    assert {entity.name for entity in annotation.entities} == {"Accra", "Abena Osei"}
    assert isinstance(annotation.tone, Tone)
    last = len(annotation.sentences) - 2
    assert annotation.tone.positivity < 0.1
    assert all(number < last for number in (*annotation.tone.evidence, *annotation.summary))


def test_each_name_has_the_tone_toward_it_and_so_has_each_span_asked_for(annotator):
    text = (
        "Kara Holm, a brilliant and generous doctor, saved nine lives and was thanked by everyone. "
        "The corrupt and brutal minister Ruslan Dorat was condemned for lying to the victims again and again."
    )
    places = [(0, 9), (text.index("Ruslan"), text.index(" was condemned"))]
    (annotation,) = annotator.annotate([article(text)], targets=[(*places, (len(text), len(text)))])
    tones = {entity.name: entity.tone for entity in annotation.entities}
    assert tones["Kara Holm"].positive > 0.5 > tones["Kara Holm"].negative
    assert tones["Ruslan Dorat"].negative > 0.5 > tones["Ruslan Dorat"].positive
    assert annotation.targets == (tones["Kara Holm"], tones["Ruslan Dorat"], None)


def test_sentences_are_told_well_and_badly(annotator):
    text = "The rescue was a wonderful success. The cruel attack was a shameful disaster. The council meets on Monday."
    (annotation,) = annotator.annotate([article(text)])
    good, bad, plain = (sentence.tone for sentence in annotation.sentences)
    assert good.positive > 0.5
    assert bad.negative > 0.5
    assert plain.neutral > 0.5


def test_articles_of_like_matter_have_like_vectors(annotator):
    texts = (
        "The striker scored twice and the home team won the final.",
        "The club's forward got two goals as his side took the cup.",
        "The central bank raised interest rates to slow inflation.",
    )
    one, like, other = (np.array(each.vector) for each in annotator.annotate([article(t, headline="") for t in texts]))
    assert np.linalg.norm(one) == pytest.approx(1, abs=1e-3)
    assert one @ like > one @ other + 0.2


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


@pytest.mark.parametrize("language", ["en", "und"])
@pytest.mark.parametrize(
    "text", ["Старый мост закрыт.", "市长说,旧桥明天关闭。工程师正在检查桥墩。", "پل قدیمی بسته شد."]
)
def test_what_is_in_another_writing_is_not_read_as_english(annotator, text, language):
    (annotation,) = annotator.annotate([article(text, language=language)])
    assert annotation.entities == annotation.quotes == ()
    assert isinstance(annotation.tone, Abstention)
    assert annotation.tone.reason == "tone is read in English only; this is in another writing"
    assert annotation.notes
    assert all(sentence.tone is None for sentence in annotation.sentences)


def test_a_few_words_in_another_writing_leave_a_text_english(annotator):
    text = "Mayor Abena Osei opened the bridge, 大桥, and thanked “Мост”, the builders of it."
    (annotation,) = annotator.annotate([article(text)])
    assert "Abena Osei" in {entity.name for entity in annotation.entities}
    assert annotation.notes == ()


def test_an_article_reads_the_same_alone_and_in_a_batch(annotator):
    one, other = article(TEXT), article("Kara Holm sang in Oslo. " * 40)
    assert annotator.annotate([one, other]) == [*annotator.annotate([one]), *annotator.annotate([other])]


def test_articles_read_the_same_on_any_number_of_cores_and_in_any_order(annotator):
    articles = [article(f"{TEXT}\n\n" * n) for n in (1, 12, 3)] + [
        article("Kara Holm sang in Oslo. " * n) for n in (70, 2)
    ]
    alone = annotator.annotate(articles)
    together = Annotator(threads=3, rules=annotator._rules)
    assert together.annotate(articles) == alone
    assert together.annotate(articles[::-1]) == alone[::-1]


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
        assert (sentence.tone is None) == bool(annotation.notes)
        tone = sentence.tone or SentenceTone(positive=0, negative=0, neutral=1)
        assert tone.positive + tone.negative + tone.neutral == pytest.approx(1)
        assert 0 <= sentence.salience <= 1
    assert list(annotation.summary) == sorted(set(annotation.summary))
    assert all(0 <= n < len(annotation.sentences) for n in annotation.summary)
    if isinstance(annotation.tone, Tone):
        assert annotation.tone.positivity + annotation.tone.negativity == pytest.approx(1)


LIKE = """
[[tag]]
name = "Crossings"
like = ["A new bridge over the river was opened", "The tunnel under the bay opens to traffic"]
"""


def test_an_article_has_media_topics_and_the_tags_it_is_like_the_examples_of():
    annotator = Annotator(rules=parse(LIKE))
    text = "The club won the cup final after its striker scored twice. The coach praised the team and its fans."
    (sport,) = annotator.annotate([article(text, headline="Late goal wins the cup final", language="en")])
    assert [tag.code for tag in sport.tags][:1] == ["medtop:15000000"]
    assert "likely" in sport.tags[0].why
    (bridge,) = annotator.annotate([article("The new bridge over the river was opened.", headline="New bridge opened")])
    assert bridge.tags[0].name == "Crossings"
    assert "likeness" in bridge.tags[0].why
    (other,) = annotator.annotate([article("Die Werft schließt. Viele sind wütend.", language="de")])
    assert other.tags == ()
    (bare,) = annotator.annotate([article("", headline="", language="en")])
    assert bare.tags == ()
