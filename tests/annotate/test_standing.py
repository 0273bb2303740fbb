import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gazetteer.annotate.sentences import split
from gazetteer.annotate.standing import needs_of

PEOPLE = ("Ann Vane", "Otto Falk", "Falk", "Vane")
NUMBERS = {"Ann Vane": 0, "Vane": 0, "Otto Falk": 1, "Falk": 1}
OPENING = "Otto Falk ran the harbour for ten years. "


def needs(text, **options):
    spans = split(text)
    persons = []
    for span in spans:
        found = {}
        for name in PEOPLE:
            at = text.find(name, span.start, span.end)
            if at >= 0:
                found.setdefault(NUMBERS[name], at)
        persons.append(sorted(found.items(), key=lambda each: each[1]))
    return needs_of(text, spans, persons=persons, **options)


@pytest.mark.parametrize(
    "sentence",
    [
        "He left the town in 1999.",
        "His house was sold to a shipping firm.",
        "On Monday, he left the town.",
        "Reportedly he left the town.",
        "“The quay is lost,” he said on Monday.",
        "“He was a kind man,” Ann Vane said.",
    ],
)
def test_a_pronoun_goes_on_from_whom_it_stands_for(sentence):
    *_, last = needs(f"{OPENING}The quay was crowded. {sentence}")
    assert (last.before, last.speaks_of) == (0, 1)


@pytest.mark.parametrize(
    "sentence",
    [
        "When Ann Vane was a girl, she sold fish.",
        "Ann Vane said she would leave.",
        "In her book, Ann Vane tells of the storm.",
        "The harbour master said he would leave.",
        "When the mayor came, he was cheered.",
        "Herons nest on the quay.",
    ],
)
def test_a_pronoun_with_its_name_or_noun_stands(sentence):
    assert needs(OPENING + sentence)[-1].before is None


@pytest.mark.parametrize(
    "sentence",
    [
        "But the quay stayed open.",
        "“But we stayed,” Ann Vane said.",
        "However, the quay stayed open.",
        "Ann Vane, however, stayed.",
        "Instead, the ships went to Varnia.",
        "After this, the ships went to Varnia.",
        "As a result, the ships went to Varnia.",
        "That is why the ships went to Varnia.",
        "It was built in 1911.",
        "This has cost the port a fortune.",
        "They sailed before dawn.",
        "Their crews went hungry for days.",
        "Others sailed before dawn.",
        "Another ship sank.",
        "The harbour master also said that nobody was hurt.",
        "The letter also warned of a second storm.",
        "Many of them were hurt.",
        "“Nobody told us a thing about it.”",
        "Amid it all, the ferry ran.",
        "With that, the port was shut.",
        "The harbour master made the remarks in Varnia.",
        "The decision comes after a year of storms.",
    ],
)
def test_what_answers_the_sentence_before_leans_on_it(sentence):
    last = needs(f"{OPENING}The quay was crowded. {sentence}")[-1]
    assert (last.before, last.speaks_of) == (1, None)


@pytest.mark.parametrize(
    "sentence",
    [
        "It is not known how many ships were lost.",
        "It was the first time that the port had closed.",
        "This week the port will open again.",
        "Those who stayed were given bread.",
        "Both the port and the town were flooded.",
        "So far, four ships have left.",
        "Butter was sold on the quay.",
        "With that ship came the plague.",
        "The decision to shut the port was taken in Varnia.",
        "The harbour master made the crew wait.",
        "Italy sent two ships.",
        "The harbour master said that the quay was also lost.",
        "Varnia, also said to be lost, was dry.",
        "“Nobody told us a thing about it,” said Ann Vane.",
    ],
)
def test_what_speaks_for_itself_stands(sentence):
    last = needs(f"The quay was crowded. {sentence}")[-1]
    assert (last.before, last.after, last.is_broken) == (None, None, False)


def test_the_first_sentence_answers_nothing_that_was_left_out():
    assert needs("But the quay stayed open.")[0].before is None
    assert needs("He left the town.")[0].before is None


@pytest.mark.parametrize("marks", ["“”", '""', "«»", "「」", "„“"])
def test_the_parts_of_a_quotation_go_together(marks):
    opens, closes = marks
    for is_english in (True, False):
        first, middle, last = needs(
            f"Ann Vane said: {opens}The sea rose. Ships broke their ropes. Nobody slept.{closes}", is_english=is_english
        )
        assert (first.before, first.after) == (None, 1)
        assert (middle.before, middle.after) == (0, 2)
        assert (last.before, last.after) == (1, None)


def test_a_quotation_goes_on_into_a_paragraph_that_opens_with_its_mark():
    first, second = needs("Ann Vane said: “The sea rose.\n\n“Nobody slept.”")
    assert (first.after, first.is_broken) == (1, False)
    first, second = needs("Ann Vane said: “The sea rose.\n\nNobody slept in the town.")
    assert first.is_broken
    assert (second.before, second.is_broken) == (None, False)


def test_the_answer_of_an_interview_comes_with_its_question():
    asked, answer, more = needs("Q: Who will pay for the quay?\n\nA: The town has the money. It can wait.")
    assert asked.after == 1
    assert answer.before == 0
    assert more.before == 1


def test_a_question_wants_its_answer_and_an_answer_its_question():
    first, second = needs("Who will pay for the quay? Nobody, says Ann Vane.")
    assert (first.after, second.before) == (1, 0)
    first, second = needs("Who will pay for the quay? The port authority has no money.")
    assert (first.after, second.before) == (1, None)
    (alone,) = needs("Who will pay for the quay?")
    assert alone.is_broken
    asked, _ = needs("“Who will pay for the quay?” asked Ann Vane. Nobody answered.")
    assert asked.after is None


def test_any_sentence_of_whom_it_speaks_does_for_a_pronoun():
    found = needs(f"{OPENING}Ann Vane met him. Falk had a dog. He fed it. She laughed.")
    assert found[3].goes_on_from(0, found)
    assert found[3].goes_on_from(2, found)
    assert not found[3].goes_on_from(1, found)
    assert not found[3].goes_on_from(None, found)
    assert found[0].goes_on_from(None, found)


def test_words_are_read_in_english_alone():
    assert needs("Die Stadt wartet. So war es auch 1999.", is_english=False)[-1].before is None


PIECES = st.sampled_from(["“", "”", '"', "„", "«", "»", "But ", "He ", "Ann Vane ", "? ", ". ", "\n\n", "it ", "fish "])


@settings(deadline=None)
@given(st.lists(PIECES | st.text(max_size=8), max_size=30).map("".join), st.booleans())
def test_any_text_leans_on_sentences_that_there_are(text, is_english):
    found = needs(text, is_english=is_english)
    assert len(found) == len(split(text))
    for number, each in enumerate(found):
        assert each.before is None or 0 <= each.before < number
        assert each.after in (None, number + 1)
        assert each.after is None or each.after < len(found)
        assert each.speaks_of is None or each.before is not None


def test_a_long_text_takes_time_in_its_length():
    assert len(needs("“He said it. " * 20_000)) == 20_000
