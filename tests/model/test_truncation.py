"""Truncation: bounds on missing values, against draws from the truncated normal itself."""

import numpy as np
import pytest
from scipy import stats

from bayesmodel.model.missing import Completed, complete, truncate, truncated_normal

MEAN = np.array([0.3, -0.2, 0.5])
COVARIANCE = np.array([[1.0, 0.6, 0.0], [0.6, 0.8, 0.0], [0.0, 0.0, 0.0]])
MISSING = np.array([[True, True, False]])
COMPLETED = Completed(MEAN[None], np.array([0]), COVARIANCE[None])
FREE = np.full((1, 3), np.inf)


def bounded(lower, upper):
    """One row, its first two columns missing and bounded; mean (column,) and covariance (column, column)."""
    result = truncate(COMPLETED, MISSING, np.array([lower], float), np.array([upper], float))
    return result.x[0], result.covariances[result.pattern[0]]


def test_no_bounds_change_nothing():
    assert truncate(COMPLETED, MISSING, -FREE, FREE) is COMPLETED


def test_one_bounded_value_moves_the_other_as_draws_do():
    draws = np.random.default_rng(1).multivariate_normal(MEAN[:2], COVARIANCE[:2, :2], size=400_000)
    kept = draws[(draws[:, 0] > 0) & (draws[:, 0] < 1)]
    mean, covariance = bounded([0, -np.inf, -np.inf], [1, np.inf, np.inf])
    # 150,000 draws are kept: the standard error of a mean or covariance is under 0.003
    assert mean[:2] == pytest.approx(kept.mean(axis=0), abs=0.01)
    assert covariance[:2, :2] == pytest.approx(np.cov(kept.T), abs=0.01)


def test_two_bounded_values_are_close():
    draws = np.random.default_rng(2).multivariate_normal(MEAN[:2], COVARIANCE[:2, :2], size=400_000)
    kept = draws[(draws > -0.5).all(axis=1) & (draws < 0.5).all(axis=1)]
    mean, covariance = bounded([-0.5, -0.5, -np.inf], [0.5, 0.5, np.inf])
    assert mean[:2] == pytest.approx(kept.mean(axis=0), abs=0.05)
    assert covariance[:2, :2] == pytest.approx(np.cov(kept.T), abs=0.05)


def test_known_columns_and_rows_without_bounded_values_stay():
    two = Completed(np.vstack([MEAN, MEAN]), np.array([0, 0]), COVARIANCE[None])
    missing = np.array([[True, True, False], [False, True, False]])
    result = truncate(two, missing, np.array([[0.0, -np.inf, -np.inf]] * 2), np.full((2, 3), np.inf))
    assert result.x[0, 2] == MEAN[2]
    assert (result.x[1] == MEAN).all()
    assert result.pattern[1] == 0
    assert not result.covariances[result.pattern[0]][2].any()


@pytest.mark.parametrize("away", [0.0, 4.0, -4.0, 30.0, -30.0])
def test_moments_of_a_truncated_normal_are_those_of_scipy(away):
    rng = np.random.default_rng(3)
    low = away + rng.normal(size=200)
    high = low + np.exp(rng.normal(size=200))
    for lower, upper in ((low, high), (np.full(200, -np.inf), high), (low, np.full(200, np.inf))):
        mean, variance = truncated_normal(lower, upper)
        assert np.allclose([mean, variance], stats.truncnorm.stats(lower, upper, moments="mv"), rtol=1e-6, atol=1e-9)


def test_values_missing_because_they_are_small_do_not_pull_the_mean_up():
    rng = np.random.default_rng(4)
    whole = rng.multivariate_normal([0, 0], [[1, 0.5], [0.5, 1]], size=20_000)
    limit = np.tile([np.inf, -0.3], (len(whole), 1))
    seen = np.where((whole > limit) | np.isinf(limit), whole, np.nan)
    gaps = np.isnan(seen[:, 1])
    free, within = complete(seen), complete(seen, np.full_like(seen, -np.inf), limit)
    assert 0.25 < gaps.mean() < 0.45
    assert free.x[gaps, 1].mean() - whole[gaps, 1].mean() > 0.5, "as if missing at random"
    assert abs(within.x[gaps, 1].mean() - whole[gaps, 1].mean()) < 0.03
    slope = np.linalg.lstsq(np.column_stack([np.ones(len(seen)), within.x[:, 0]]), within.x[:, 1], rcond=None)[0][1]
    assert slope == pytest.approx(0.5, abs=0.03)


def test_bounds_of_known_values_change_nothing():
    x = np.random.default_rng(5).normal(size=(50, 2))
    x[::5, 1] = np.nan
    upper = np.where(np.isnan(x), np.inf, 0.0)
    assert (complete(x, np.full_like(x, -np.inf), upper).x == complete(x).x).all()
