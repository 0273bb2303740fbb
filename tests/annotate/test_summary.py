import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gazetteer.annotate.summary import COEFFICIENTS, choose, default_count, features, salience

HEADLINE = "Storm shuts the harbour of Port Elder"
ARTICLE = [
    "A storm shut the harbour of Port Elder on Sunday, and forty ships were waiting outside by nightfall.",
    "“I have seen nothing like it,” said Ann Vane, who sells fish on the quay.",
    "But she stayed.",
    "The harbour master, Otto Falk, said that the storm had broken two cranes and flooded the customs house.",
    "Photo: the quay",
    "Who will pay for it?",
    "Repairs to the harbour will take a month, the port authority of Port Elder said, and cost 4 million crowns.",
    "The storm is expected to move north on Monday, away from the harbour and the ships that wait there.",
    "We like fish.",
    "Bakeries in the old town gave bread to the crews of the ships.",
]


def test_the_coefficients_are_few_and_named():
    assert len(COEFFICIENTS) < 30
    assert features(ARTICLE, headline=HEADLINE).shape == (len(ARTICLE), len(COEFFICIENTS) - 1)


def test_what_the_headline_says_is_salient():
    weights = salience(ARTICLE, headline=HEADLINE)
    assert weights[0] == max(weights)
    assert weights[6] > weights[9] > weights[8]


def test_a_summary_is_of_whole_sentences_in_reading_order():
    chosen = choose(salience(ARTICLE, headline=HEADLINE), ARTICLE, count=4)
    assert chosen == tuple(sorted(chosen))
    assert len(chosen) == 4
    assert not {2, 4, 5, 8} & set(chosen)


def test_a_repeated_sentence_is_chosen_once():
    twice = [ARTICLE[0], *ARTICLE[3:], ARTICLE[0]]
    chosen = choose(salience(twice, headline=HEADLINE), twice, count=len(twice))
    assert [twice[number] for number in chosen].count(ARTICLE[0]) == 1


def test_a_sentence_that_leans_on_another_yields_to_one_nearly_as_good():
    sentences = [
        "The council of the old town met on Monday to vote on the bridge.",
        "He has called the plan a waste of public money for many years.",
        "Engineers from Varnia will measure both river banks in the spring.",
    ]
    assert choose((0.1, 0.5, 0.45), sentences, count=1) == (2,)
    assert choose((0.6, 0.5, 0.45), sentences, count=2) == (0, 1)
    assert choose((0.1, 0.9, 0.2), sentences, count=1) == (1,)


@pytest.mark.parametrize(
    "part", ["The mayor said: “We will build the bridge in two years.", 'Nobody had asked the fishermen of the town."']
)
def test_a_part_of_a_quotation_yields_to_a_whole_one(part):
    whole = "“Engineers from Varnia will measure both banks,” she said in spring."
    assert choose((0.5, 0.45), [part, whole], count=1) == (1,)


def test_fragments_are_taken_where_there_is_nothing_else():
    assert choose((0.2, 0.3), ["Storm shuts harbour", "Ships wait"], count=1) == (1,)
    assert choose((0.2,), ["***"], count=1) == ()


def test_nothing_gives_nothing():
    assert salience([], headline="") == ()
    assert choose((), []) == ()


@pytest.mark.parametrize(("sentences", "count"), [(0, 3), (12, 3), (35, 4), (60, 6), (500, 7)])
def test_a_tenth_of_the_sentences_sum_up(sentences, count):
    assert default_count(sentences) == count


SENTENCES = st.lists(
    st.one_of(
        st.text(max_size=80),
        st.sampled_from(ARTICLE),
        st.lists(st.sampled_from(["storm", "he", "ship", "but"])).map(" ".join),
    ),
    max_size=25,
)


@settings(deadline=None)
@given(SENTENCES, st.text(max_size=40), st.one_of(st.none(), st.integers(0, 30)))
def test_any_sentences_have_a_summary(sentences, headline, count):
    weights = salience(sentences, headline=headline)
    assert len(weights) == len(sentences)
    assert all(0 <= weight <= 1 and math.isfinite(weight) for weight in weights)
    chosen = choose(weights, sentences, count=count)
    assert list(chosen) == sorted(set(chosen))
    assert all(0 <= number < len(sentences) for number in chosen)
    assert len(chosen) <= (default_count(len(sentences)) if count is None else count)


def test_a_very_long_sentence_is_weighed():
    (weight,) = salience(["storm " * 100_000], headline="storm")
    assert 0 <= weight <= 1
