import pytest
from hypothesis import given
from hypothesis import strategies as st

from gazetteer.annotate.speech.marks import quoted
from gazetteer.annotate.speech.tokens import Kind, Named, begins_small, holds_clause, is_finite, tokens_of


def test_words_names_quotations_and_marks_stand_in_a_row(read):
    sentence = read("“We stay,” Abena Osei’s aide said, of 1,000 ships.")
    assert [(token.kind, token.low) for token in sentence.tokens] == [
        (Kind.QUOTE, ""),
        (Kind.NAME, "abena osei"),
        (Kind.WORD, "'s"),
        (Kind.WORD, "aide"),
        (Kind.WORD, "said"),
        (Kind.MARK, ","),
        (Kind.WORD, "of"),
        (Kind.WORD, "1,000"),
        (Kind.WORD, "ships"),
        (Kind.MARK, "."),
    ]
    assert sentence.span(1, 3) == (11, 23)


def test_a_name_within_a_quotation_is_no_token(read):
    assert [token.low for token in read("“Otto Lind left,” he said").tokens] == ["", "he", "said"]


@pytest.mark.parametrize(
    ("text", "word", "finite"),
    [
        ("The ship sank", "sank", True),
        ("The ship drifted", "drifted", True),
        ("The coating repels water", "repels", True),
        ("the damaged ship", "damaged", False),
        ("in need of help", "need", False),
        ("a united front", "united", False),
    ],
)
def test_a_verb_with_a_subject_is_known_by_its_form_and_place(read, place, text, word, finite):
    sentence = read(text)
    assert is_finite(sentence.tokens, place(sentence, word)) is finite


@pytest.mark.parametrize(
    ("text", "holds"),
    [
        ("the bridge was safe", True),
        ("the ship, which was old, had sunk", True),
        ("he would stay", True),
        ("people “might drown” here", True),
        ("the schedule", False),
        ("the man who sold it", False),
        ("a “grave” error", False),
        ("", False),
    ],
)
def test_a_clause_has_a_subject_and_a_verb(read, text, holds):
    sentence = read(text)
    assert holds_clause(sentence, 0, len(sentence.tokens)) is holds


@pytest.mark.parametrize(("text", "small"), [("“we stay”", True), ("“We stay”", False), ("we stay", False)])
def test_a_quotation_that_goes_on_with_a_sentence_begins_small(read, text, small):
    assert begins_small(read(text), 0) is small


@given(st.text(max_size=60), st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)), max_size=5))
def test_the_tokens_of_any_text_lie_within_it_apart_and_in_order(text, spans):
    names = [Named(min(span), min(max(span), len(text)), 0, "ORG") for span in spans if min(span) < len(text)]
    last = 0
    for token in tokens_of(text, 0, len(text), [name for name in names if name.start < name.end], quoted(text)):
        assert last <= token.start < token.end <= len(text)
        last = token.end
