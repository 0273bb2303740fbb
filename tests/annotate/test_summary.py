import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gazetteer.annotate.heads import unit
from gazetteer.annotate.sentences import split
from gazetteer.annotate.summary import READ, UNREAD, Length, Material, _why, choose, contributions, features, summarise
from gazetteer.types import Entity, Mention

HEADLINE = "Storm shuts the harbour of Port Elder"
ARTICLE = """\
A storm shut the harbour of Port Elder on Sunday, and forty ships were waiting outside by nightfall.

“I have seen nothing like it,” said Ann Vane, who sells fish on the quay. But she stayed. Who will pay for it?

The harbour master, Otto Falk, said that the storm had broken two cranes and flooded the customs house. He said that \
the storm was the worst that Port Elder had seen in 40 years.

Photo: the quay

Repairs to the harbour will take a month, the port authority of Port Elder said, and cost 4 million crowns. The storm \
is expected to move north on Monday, away from the harbour and the ships that wait there. We like fish.

“The port will open again before the winter,” Mr. Falk told reporters. “It will be a better port.”

Bakeries in the old town gave bread to the crews of the ships."""
NAMES = {
    ("Port Elder", "GPE"): ("Port Elder",),
    ("Otto Falk", "PERSON"): ("Otto Falk", "Mr. Falk"),
    ("Ann Vane", "PERSON"): ("Ann Vane",),
}


def entity(text, name, label, forms):
    places = [(at, at + len(form)) for form in forms for at in range(len(text)) if text.startswith(form, at)]
    return Entity(name=name, label=label, mentions=tuple(Mention(start=s, end=e, score=0.9) for s, e in sorted(places)))


def material(text=ARTICLE, headline=HEADLINE, *, is_read=True):
    """An article as the model reads it, with a vector that tells which of twelve words a sentence holds."""
    spans = split(text)
    if not is_read:
        return Material(text=text, headline=headline, spans=spans)
    words = ["storm", "harbour", "port", "elder", "ships", "quay", "crane", "crown", "bread", "month", "north", "fish"]
    pieces = [*(text[span.start : span.end] for span in spans), headline]
    counts = np.array([[piece.lower().count(word) for word in words] for piece in pieces], dtype=np.float32)
    entities = tuple(entity(text, *name, forms) for name, forms in NAMES.items())
    named = tuple(each for each in entities if each.mentions)
    return Material(text=text, headline=headline, spans=spans, entities=named, vectors=unit(counts))


def quoted(article, chosen):
    return [article.sentences[number] for number in chosen]


def number(article, start):
    return next(n for n, sentence in enumerate(article.sentences) if sentence.startswith(start))


def test_the_coefficients_are_few_and_all_are_seen():
    assert len(READ) + len(UNREAD) < 30
    assert set(READ) <= {"intercept", *features(material())}
    assert set(UNREAD) <= {"intercept", *features(material(is_read=False))}
    assert contributions(features(material()), READ).shape == (len(material().spans), len(READ))


@pytest.mark.parametrize("is_read", [True, False])
def test_what_the_headline_says_is_salient(is_read):
    article = material(is_read=is_read)
    salience = summarise(article).salience
    assert salience[0] == max(salience)
    repairs, bread = (salience[number(article, start)] for start in ("Repairs", "Bakeries"))
    assert repairs > bread


@pytest.mark.parametrize("is_read", [True, False])
def test_a_summary_is_of_whole_sentences_in_reading_order(is_read):
    article = material(is_read=is_read)
    chosen = summarise(article, length=Length(sentences=4)).chosen
    assert chosen == tuple(sorted(chosen))
    assert len(chosen) == 4
    assert not {"But she stayed.", "Who will pay for it?", "Photo: the quay"} & set(quoted(article, chosen))


def test_a_repeated_sentence_is_chosen_once():
    first = ARTICLE.split("\n", maxsplit=1)[0]
    article = material(f"{ARTICLE}\n\n{first}")
    assert quoted(article, summarise(article, length=Length(share=1.0)).chosen).count(first) == 1


def worth(article, **weights):
    """A salience by hand: that of the sentences that begin so, and little for the others."""
    salience = np.full(len(article.spans), 0.01)
    for start, weight in weights.items():
        salience[number(article, start.replace("_", " "))] = weight
    return salience


def test_a_he_comes_with_its_name_or_not_at_all():
    article = material()
    he = number(article, "He said")
    alone = choose(article, worth(article, He_said=0.9, Repairs=0.8), count=1)
    assert quoted(article, alone) == [article.sentences[number(article, "Repairs")]]
    pair = choose(article, worth(article, He_said=0.9, The_harbour_master=0.5), count=2)
    assert list(pair) == [number(article, "The harbour master"), he]
    assert list(choose(article, worth(article, He_said=0.9), count=1, is_standing=False)) == [he]


def test_nobody_else_is_named_between_a_he_and_its_name():
    text = (
        "Otto Falk ran the harbour of Port Elder for many years. Bread was sold on the quay by the crews. "
        "Ann Vane sold fish there for a crown. Mr. Falk kept a dog in the customs house. He died in the storm."
    )
    article = material(text)
    chosen = choose(article, worth(article, Otto=0.9, Ann=0.8, He_died=0.7), count=3)
    assert list(chosen) != [0, 2, 4]
    assert list(choose(article, worth(article, Otto=0.9, He_died=0.8), count=2)) == [0, 4]


def test_a_but_comes_with_what_it_answers():
    text = (
        "The council of Port Elder voted for a new quay. The port authority praised the vote. "
        "But the ships will have to wait for a month. Bread is sold in the old town."
    )
    article = material(text)
    salience = worth(article, The_council=0.8, But=0.9, Bread=0.3)
    assert list(choose(article, salience, count=1)) == [0]
    assert list(choose(article, salience, count=2)) in ([1, 2], [0, 3])
    assert list(choose(article, salience, count=3)) == [0, 1, 2]


def test_the_parts_of_a_quotation_come_together():
    text = "Ann Vane said: “The storm took my roof in the night. The quay is gone too.” Bread is sold in the old town."
    article = material(text)
    assert list(choose(article, worth(article, Ann=0.9, Bread=0.5), count=1)) == [2]
    assert list(choose(article, worth(article, Ann=0.9, The_quay=0.7, Bread=0.5), count=2)) == [0, 1]


def test_a_question_comes_with_its_answer():
    text = "Ships wait outside the port. Who will pay for the new quay? Nobody has the money, the port authority says."
    article = material(text)
    assert list(choose(article, worth(article, Who=0.9, Ships=0.5), count=1)) == [0]
    assert list(choose(article, worth(article, Who=0.9, Ships=0.3, Nobody=0.4), count=2)) == [1, 2]


def test_what_comes_with_another_says_so():
    article = material()
    chosen = choose(article, worth(article, He_said=0.9, The_harbour_master=0.5), count=2)
    assert list(chosen.values()) == ["the next sentence goes on from it", ""]


def test_the_reason_is_what_counted_most():
    article = material()
    found = summarise(article, length=Length(sentences=4))
    assert len(found.why) == len(found.chosen) == 4
    assert "opens the article" in found.why[0]
    assert "close to the headline" in found.why[0]
    assert "words only" not in " ".join(found.why)


def test_names_are_told_where_they_counted(monkeypatch):
    monkeypatch.setitem(READ, "main_names", 9.0)
    article = material()
    found = summarise(article, length=Length(sentences=4))
    why = dict(zip(found.chosen, found.why, strict=True))
    assert why[number(article, "A storm")].startswith("names Port Elder; ")


def test_a_language_that_is_not_read_is_summed_up_by_place_and_words():
    text = (
        "Ein Sturm hat am Sonntag den Hafen von Port Elder geschlossen. Vierzig Schiffe warten vor dem Hafen.\n\n"
        "„Niemand hat so etwas gesehen. Der Kai ist weg“, sagte Ann Vane. Der Sturm zieht am Montag nach Norden.\n\n"
        "Die Reparatur des Hafens dauert einen Monat und kostet vier Millionen Kronen."
    )
    article = material(text, "Sturm schließt den Hafen von Port Elder", is_read=False)
    found = summarise(article)
    assert len(found.chosen) == 3
    assert found.chosen[0] == 0
    assert (2 in found.chosen) == (3 in found.chosen)
    assert all(why.endswith("by place and words only") for why in found.why)
    assert not any("names" in why for why in found.why)


def test_fragments_are_taken_where_there_is_nothing_else():
    article = material("Storm shuts harbour\n\nShips wait")
    assert list(choose(article, np.array([0.2, 0.3]), count=1)) == [1]
    assert list(choose(material("***", is_read=False), np.array([0.2]), count=1)) == []


@pytest.mark.parametrize("is_read", [True, False])
def test_nothing_gives_nothing(is_read):
    found = summarise(material("", "", is_read=is_read))
    assert (found.chosen, found.why, found.salience) == ((), (), ())


def test_what_is_not_the_articles_own_does_not_sum_it_up():
    article = material()
    own = [n > 1 for n in range(len(article.spans))]
    assert min(summarise(replace(article, own=own)).chosen) > 1


@pytest.mark.parametrize(
    ("length", "total", "count"),
    [
        (Length(), 0, 3),
        (Length(), 12, 3),
        (Length(), 35, 4),
        (Length(), 500, 7),
        (Length(sentences=5), 500, 5),
        (Length(share=0.1), 50, 5),
        (Length(share=0.1), 3, 1),
        (Length(share=1.0), 80, 80),
        (Length(sentences=2, share=0.5), 80, 2),
    ],
)
def test_the_length_is_a_count_or_a_share(length, total, count):
    assert length.of(total) == count


TEXTS = st.lists(
    st.one_of(
        st.text(max_size=80),
        st.sampled_from(ARTICLE.split("\n")),
        st.lists(st.sampled_from(["storm", "he", "ship.", "But", "“", "”", "?", "Ann Vane"])).map(" ".join),
    ),
    max_size=20,
).map("\n".join)


@settings(deadline=None)
@given(TEXTS, st.text(max_size=40), st.one_of(st.none(), st.integers(1, 30)), st.booleans())
def test_any_text_has_a_summary(text, headline, count, is_read):
    article = material(text, headline, is_read=is_read)
    length = Length(sentences=count)
    found = summarise(article, length=length)
    assert len(found.salience) == len(article.spans)
    assert all(0 <= weight <= 1 and math.isfinite(weight) for weight in found.salience)
    assert list(found.chosen) == sorted(set(found.chosen))
    assert all(0 <= number < len(article.spans) for number in found.chosen)
    assert len(found.chosen) <= length.of(len(article.spans))
    assert len(found.why) == len(found.chosen)
    assert all(found.why)
    assert not any(article.tokens) or found.chosen


def test_vectors_of_zero_do_no_harm():
    article = material()
    empty = replace(article, vectors=np.zeros((len(article.spans) + 1, 384), dtype=np.float32))
    assert summarise(empty).chosen


def test_a_very_long_sentence_is_weighed():
    (weight,) = summarise(material("storm " * 100_000, "storm")).salience
    assert 0 <= weight <= 1


@pytest.mark.parametrize(
    ("said", "is_given"),
    [
        ("Otto Falk has been harbour master since 1998, as his father was.", False),
        ("The harbour was built in 1870-72 and again in the 1920s, in stone.", False),
        ("The storm reached the harbour on 3 March, and again on Aug. 14th.", False),
        ("From 3-5 June 2020 the harbour of Port Elder was shut to ships.", False),
        ("The log of 2020-08-15 says that the storm had reached the harbour.", False),
        ("The pilots had Covid-19, and the F-16 jets of the harbour left.", False),
        ("The harbour is a work of the 19th century, and its cranes are not.", False),
        ("The storm broke 12 cranes in the harbour on 3 March, in one night.", True),
        ("The harbour of Port Elder cost $2000 and was built in 1998, they say.", True),
        ("Of all the ships that wait outside, only 12 may enter the harbour.", True),
        ("At the fish market 20 stalls were flooded by the storm in a night.", True),
        ("Some 1,998 ships were waiting outside of the harbour by nightfall.", True),
        ("The harbour master says that traffic fell by 20.5% since the storm.", True),
        ("Between 10-12 ships were in the harbour, and the wind was 90km/h.", True),
    ],
)
def test_figures_are_told_as_a_reason_where_they_are_no_dates(said, is_given):
    text = said + " The storm is expected to move away from the harbour soon." * 3
    article = material(text)
    assert features(article)["figures"][0] == 1
    assert _why(article, 0, {"figures": 1.0}, "") == ("gives figures" if is_given else "the best of what is left")
