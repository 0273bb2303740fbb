import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gazetteer.annotate.tone import LEAST_CHARGED, MOST_EVIDENCE, gather, tone_of
from gazetteer.types import Abstention, SentenceTone, Tone


def lean(sentence):
    (tone,) = tone_of([sentence])
    return tone.positive - tone.negative


def shares(positive, negative):
    return SentenceTone(positive=positive, negative=negative, neutral=1 - positive - negative)


GOOD, BAD, PLAIN = shares(0.3, 0.0), shares(0.0, 0.3), shares(0.0, 0.0)


def test_good_news_is_positive_and_bad_news_negative():
    assert lean("Villagers celebrate a wonderful harvest with happy songs.") > 0
    assert lean("The brutal attack killed nine and left a terrible fear.") < 0
    assert lean("The committee meets on Tuesday at nine.") == 0


def test_negation_turns_the_tone():
    assert lean("The new bridge is good.") > 0 > lean("The new bridge is not good.")
    assert lean("The new bridge isn’t good.") == lean("The new bridge isn't good.") < 0


@pytest.mark.parametrize("marks", ["“{}”", '"{}"', "«{}»", "‘{}’", "({})", "—{}—"])
def test_quotation_marks_do_not_hide_words(marks):
    assert lean(f"They called it {marks.format('disaster')} again.") == lean("They called it disaster again.")


def test_capitals_and_exclamation_marks_shout_nothing():
    assert lean("DISASTER IN THE HARBOUR!!!") == lean("disaster in the harbour")


def test_names_praise_and_blame_nobody():
    assert lean("The officials of the Relief Fund met Grace Hope there.") == 0
    assert lean("She spoke: “Good people came here.”") > 0


def test_words_that_the_news_uses_plainly_charge_nothing():
    assert lean("The party said that shares fell like those of others.") == 0


def test_words_of_bad_news_are_negative():
    assert lean("The earthquake left deaths in three villages.") < 0


def test_a_word_charges_a_short_sentence_little():
    (tone,) = tone_of(["Good."])
    assert 0 < tone.positive < 0.2


@settings(deadline=None)
@given(
    st.lists(
        st.text(st.one_of(st.characters(), st.sampled_from(list(" but not good bad 😂!'"))), max_size=200), max_size=5
    )
)
def test_shares_sum_to_one(sentences):
    tones = tone_of(sentences)
    assert len(tones) == len(sentences)
    for tone in tones:
        assert min(tone.positive, tone.negative, tone.neutral) >= 0
        assert tone.positive + tone.negative + tone.neutral == pytest.approx(1)


@pytest.mark.parametrize("unit", ["good but bad ", "😂", "a", "not ", "kill-joy-"])
def test_a_sentence_of_any_length_is_read(unit):
    (tone,) = tone_of([unit * (200_000 // len(unit))])
    assert tone.positive + tone.negative + tone.neutral == pytest.approx(1)


def test_an_article_shares_out_what_is_charged():
    tone = gather([BAD] * 26 + [GOOD] * 14 + [PLAIN] * 20, [10] * 60)
    assert isinstance(tone, Tone)
    assert tone.positivity == pytest.approx(0.35)
    assert tone.negativity == pytest.approx(0.65)
    assert tone.neutral == pytest.approx(0.8)


def test_long_sentences_weigh_more():
    tone = gather([BAD] * 20 + [GOOD] * 20, [30] * 20 + [10] * 20)
    assert isinstance(tone, Tone)
    assert tone.negativity == pytest.approx(0.75)


def test_evidence_has_both_poles_in_proportion_and_the_most_charged_first():
    tones = [shares(0.0, 0.2 + number / 1000) for number in range(30)] + [shares(0.2, 0.0)] * 10 + [PLAIN] * 5
    tone = gather(tones, [10] * 45)
    assert isinstance(tone, Tone)
    assert len(tone.evidence) == MOST_EVIDENCE
    assert tone.evidence[0] == 29
    assert sum(number >= 30 for number in tone.evidence) == 2
    assert all(number < 40 for number in tone.evidence)


def test_a_lone_opposite_is_in_the_evidence():
    tone = gather([GOOD] * 60 + [shares(0.0, 0.05)], [10] * 61)
    assert isinstance(tone, Tone)
    assert 60 in tone.evidence


@pytest.mark.parametrize(
    ("tones", "reason"),
    [
        ([], "no sentence is charged"),
        ([PLAIN] * 9, "no sentence is charged"),
        ([GOOD], "only 1 sentence is charged"),
        ([GOOD] * (LEAST_CHARGED - 1) + [PLAIN] * 9, f"only {LEAST_CHARGED - 1} sentences are charged"),
        ([GOOD] * 4 + [BAD] * 4, "differ too much"),
    ],
)
def test_too_little_charge_is_not_judged(tones, reason):
    told = gather(tones, [10] * len(tones))
    assert isinstance(told, Abstention)
    assert reason in told.reason


PAIRS = st.tuples(st.floats(0, 0.5), st.floats(0, 0.5)).map(lambda pair: shares(*pair))


@settings(deadline=None)
@given(st.lists(st.tuples(PAIRS, st.integers(1, 500)), max_size=60))
def test_any_article_is_told_or_not_judged(sentences):
    told = gather([tone for tone, _ in sentences], [length for _, length in sentences])
    if isinstance(told, Abstention):
        assert told.reason
        return
    assert told.positivity + told.negativity == pytest.approx(1)
    assert min(told.positivity, told.negativity, told.neutral) >= 0
    assert told.neutral <= 1
    assert 0 < len(told.evidence) <= MOST_EVIDENCE
    assert len(set(told.evidence)) == len(told.evidence)
    charges = [length * (tone.positive + tone.negative) for tone, length in sentences]
    assert [charges[number] for number in told.evidence] == sorted((charges[n] for n in told.evidence), reverse=True)
