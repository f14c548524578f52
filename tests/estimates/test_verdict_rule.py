"""The numbers that decide a verdict are policy: they are pinned here, and so is each boundary."""

import numpy as np
import pandas as pd
import pytest

from bayesmodel.estimates.verdict_rule import VerdictClass, VerdictRule, classify, from_high_to_low, threshold


def test_the_numbers_of_the_policy():
    rule = VerdictRule()
    assert (rule.false_discovery, rule.clear, rule.probable, rule.margin) == (0.05, 0.9, 0.8, None)


def one(higher, within, lower, **rule):
    """The verdict of one area beside 99 sure ones, so that false discoveries do not decide."""
    sure = np.r_[np.ones(99), higher], np.r_[np.zeros(99), within], np.r_[np.zeros(99), lower]
    return classify(*sure, VerdictRule(**rule))[-1]


@pytest.mark.parametrize(
    ("chance", "side", "verdict"),
    [
        (0.9, "higher", VerdictClass.CLEARLY_HIGHER),
        (0.8999, "higher", VerdictClass.PROBABLY_HIGHER),
        (0.8, "higher", VerdictClass.PROBABLY_HIGHER),
        (0.7999, "higher", VerdictClass.INCONCLUSIVE),
        (0.8, "within", VerdictClass.AS_EXPECTED),
        (0.7999, "within", VerdictClass.INCONCLUSIVE),
        (0.8, "lower", VerdictClass.PROBABLY_LOWER),
        (0.7999, "lower", VerdictClass.INCONCLUSIVE),
    ],
)
def test_a_probability_on_the_boundary_is_enough(chance, side, verdict):
    chances = {"higher": 0.0, "within": 0.0, "lower": 0.0} | {side: chance}
    rest = "within" if side != "within" else "higher"
    chances[rest] += 1 - chance
    assert one(**chances) == verdict


def test_one_in_twenty_false_discoveries_is_allowed_and_no_more():
    assert threshold(np.full(20, 0.951), 0.05) == 0.951
    assert threshold(np.full(20, 0.949), 0.05) == np.inf


def test_a_rate_that_is_just_allowed_is_allowed():
    """A list whose false-discovery rate is the allowed one, in numbers that computers hold exactly."""
    assert threshold(np.array([0.75, 0.5]), 0.25) == 0.75
    assert threshold(np.array([0.75, 0.5]), 0.24) == np.inf


def test_among_equal_probabilities_the_largest_is_first_and_the_smallest_last():
    codes = list("abcdef")
    classes = pd.Series([VerdictClass.CLEARLY_HIGHER] * 3 + [VerdictClass.CLEARLY_LOWER] * 3, codes)
    higher = pd.Series([0.998, 1.0, 0.93, 0.0, 0.0, 0.0], codes)
    lower = pd.Series([0.0, 0.0, 0.0, 1.0, 0.999, 0.92], codes)
    ratio = pd.Series([1.8, 1.3, 2.5, 0.5, 0.7, 0.3], codes)
    assert from_high_to_low(classes, higher, lower, ratio).tolist() == ["a", "b", "c", "f", "e", "d"]


def test_what_another_run_changes_leaves_the_order_to_the_codes():
    classes = pd.Series(VerdictClass.CLEARLY_HIGHER, ["a", "b"])
    none = pd.Series(0.0, classes.index)
    for ratio in ([1.301, 1.299], [1.299, 1.301]):
        order = from_high_to_low(classes, none + 1, none, pd.Series(ratio, classes.index))
        assert order.tolist() == ["a", "b"]
