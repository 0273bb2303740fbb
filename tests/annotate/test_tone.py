import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gazetteer.annotate.tone import CHARGED, LEAST_CHARGED, MOST_EVIDENCE, gather, mean, polarity, shares
from gazetteer.types import Abstention, SentenceTone, Tone


def told(positive, negative):
    return SentenceTone(positive=positive, negative=negative, neutral=1 - positive - negative)


GOOD, BAD, PLAIN = told(0.6, 0.0), told(0.0, 0.6), told(0.0, 0.0)


def test_a_valence_at_the_edge_of_charge_is_as_likely_charged_as_not():
    above, below = shares(np.array([CHARGED, -CHARGED]), doubt=0.7)
    assert above.positive == pytest.approx(0.5, abs=1e-6)
    assert below.negative == pytest.approx(0.5, abs=1e-6)
    assert above.negative == below.positive < 0.1


def test_shares_are_those_of_a_normal_distribution():
    (one,) = shares(np.array([0.8]), doubt=0.6)
    assert one.positive == pytest.approx(0.5 * math.erfc(-(0.8 - CHARGED) / 0.6 / math.sqrt(2)), abs=1e-6)
    assert one.negative == pytest.approx(0.5 * math.erfc((0.8 + CHARGED) / 0.6 / math.sqrt(2)), abs=1e-6)


@given(st.lists(st.floats(-9, 9), max_size=9), st.floats(0.1, 3))
def test_shares_sum_to_one_and_rise_with_the_valence(valence, doubt):
    found = shares(np.array(sorted(valence)), doubt=doubt)
    for one in found:
        assert min(one.positive, one.negative, one.neutral) >= 0
        assert one.positive + one.negative + one.neutral == pytest.approx(1, abs=1e-6)
    assert [one.positive for one in found] == sorted(one.positive for one in found)
    assert [one.negative for one in found] == sorted((one.negative for one in found), reverse=True)


def test_scores_become_probabilities_in_their_order():
    (one,) = polarity(np.array([[0.0, 1.0, 3.0]], dtype=np.float32))
    assert one.positive > one.neutral > one.negative > 0
    assert one.positive + one.neutral + one.negative == pytest.approx(1)


def test_the_mean_of_tones():
    assert mean([]) is None
    assert mean([GOOD, BAD]) == SentenceTone(positive=0.3, negative=0.3, neutral=pytest.approx(0.4))


def test_an_article_shares_out_what_is_charged():
    tone = gather([BAD] * 26 + [GOOD] * 14 + [PLAIN] * 40, [10] * 80)
    assert isinstance(tone, Tone)
    assert tone.positivity == pytest.approx(0.35)
    assert tone.negativity == pytest.approx(0.65)
    assert tone.neutral == pytest.approx(0.7)


def test_long_sentences_weigh_more():
    tone = gather([BAD] * 20 + [GOOD] * 20, [30] * 20 + [10] * 20)
    assert isinstance(tone, Tone)
    assert tone.negativity == pytest.approx(0.75)


def test_what_has_no_length_does_not_count():
    tone = gather([BAD] * 20 + [GOOD] * 20, [30] * 20 + [0] * 20)
    assert isinstance(tone, Tone)
    assert tone.negativity == pytest.approx(1.0)
    assert all(number < 20 for number in tone.evidence)
    assert isinstance(gather([BAD] * 20, [0] * 20), Abstention)


def test_evidence_has_both_poles_in_proportion_and_the_most_charged_first():
    tones = [told(0.0, 0.6 + number / 1000) for number in range(30)] + [told(0.6, 0.0)] * 10 + [PLAIN] * 5
    tone = gather(tones, [10] * 45)
    assert isinstance(tone, Tone)
    assert len(tone.evidence) == MOST_EVIDENCE
    assert tone.evidence[0] == 29
    assert sum(number >= 30 for number in tone.evidence) == 2
    assert all(number < 40 for number in tone.evidence)


def test_a_lone_opposite_is_in_the_evidence():
    tone = gather([GOOD] * 60 + [told(0.0, 0.51)], [10] * 61)
    assert isinstance(tone, Tone)
    assert 60 in tone.evidence


@pytest.mark.parametrize(
    ("tones", "reason"),
    [
        ([], "no sentence is charged"),
        ([PLAIN] * 9, "no sentence is charged"),
        ([GOOD], "about 1 sentence is charged"),
        ([GOOD] * 4 + [PLAIN] * 9, f"about 2 sentences are charged, and it takes {LEAST_CHARGED:.0f}"),
        ([told(0.9, 0)] * 3, "fewer than 3 sentences are charged, and it takes 3 to say"),
        ([GOOD] * 4 + [BAD] * 4, "differ too much"),
    ],
)
def test_too_little_charge_is_not_judged(tones, reason):
    found = gather(tones, [10] * len(tones))
    assert isinstance(found, Abstention)
    assert reason in found.reason


PAIRS = st.tuples(st.floats(0, 0.5), st.floats(0, 0.5)).map(lambda pair: told(*pair))


@settings(deadline=None)
@given(st.lists(st.tuples(PAIRS, st.integers(1, 500)), max_size=60))
def test_any_article_is_told_or_not_judged(sentences):
    found = gather([tone for tone, _ in sentences], [length for _, length in sentences])
    if isinstance(found, Abstention):
        assert found.reason
        return
    assert found.positivity + found.negativity == pytest.approx(1)
    assert min(found.positivity, found.negativity, found.neutral) >= 0
    assert found.neutral <= 1
    assert len(found.evidence) <= MOST_EVIDENCE
    assert len(set(found.evidence)) == len(found.evidence)
    leanings = [length * abs(tone.positive - tone.negative) for tone, length in sentences]
    assert [leanings[n] for n in found.evidence] == sorted((leanings[n] for n in found.evidence), reverse=True)
    assert all(sentences[n][0].neutral < 0.5 for n in found.evidence)
