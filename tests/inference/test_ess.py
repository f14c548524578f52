"""Keys of draws: they sort as the draws do, and give the draws back."""

import numpy as np
import pytest
from scipy.stats import norm, rankdata

from bayesmodel.inference.ess import ordered_keys, scores_of, values_of

DRAWS = np.random.default_rng(1).normal(size=(3, 1000)) * np.array([[1e-9], [1.0], [1e9]])


def test_keys_give_the_draws_in_order():
    assert np.allclose(values_of(*ordered_keys(DRAWS)), np.sort(DRAWS, axis=1), rtol=1e-12, atol=0)


def test_whole_numbers_come_back_themselves():
    counts = np.random.default_rng(2).integers(-50, 50, size=(2, 400)).astype(float)
    assert np.array_equal(values_of(*ordered_keys(counts)), np.sort(counts, axis=1))


@pytest.mark.parametrize("nan", [np.nan, -np.nan])
def test_nan_and_infinities_are_at_the_ends(nan):
    found = values_of(*ordered_keys(np.array([[1.0, nan, -np.inf, np.inf, -2.0]])))[0]
    assert found[:-1].tolist() == [-np.inf, -2.0, 1.0, np.inf]
    assert np.isnan(found[-1])


def test_scores_are_normal_scores_of_ranks_and_ties_share_theirs():
    counts = np.random.default_rng(3).poisson(3, size=(2, 400)).astype(float)
    for draws in (DRAWS, counts):
        ranks = rankdata(draws, axis=1)
        expected = norm.ppf((ranks - 0.375) / (draws.shape[1] + 0.25))
        assert np.allclose(scores_of(*ordered_keys(draws)), expected, atol=1e-6)
