import numpy as np
import pytest

from training.words import fit, held_out

CHANCE = np.random.default_rng(4)
READINGS, CHARGES = CHANCE.normal(size=(2, 400))
RATED = 0.8 * READINGS + 0.4 * CHARGES - 0.1 + CHANCE.normal(0, 0.3, 400)


def test_what_readings_and_words_count_is_found():
    counts, spread = fit(READINGS, CHARGES, RATED)
    assert counts == pytest.approx([0.8, 0.4, -0.1], abs=0.05)
    assert spread == pytest.approx(0.3, abs=0.04)


def test_agreement_is_told_on_what_was_left_out():
    assert held_out(READINGS, CHARGES, RATED) > held_out(READINGS, 0 * CHARGES, RATED) + 0.03
    assert abs(held_out(READINGS, CHARGES, CHANCE.normal(size=400))) < 0.2
