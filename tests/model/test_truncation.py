"""Truncation: bounds on missing values, against draws from the truncated normal itself."""

import numpy as np
import pytest

from bayesmodel.model.missing import Completed, truncate

MEAN = np.array([0.3, -0.2, 0.5])
COVARIANCE = np.array([[1.0, 0.6, 0.0], [0.6, 0.8, 0.0], [0.0, 0.0, 0.0]])
MISSING = np.array([[True, True, False]])
COMPLETED = Completed(MEAN[None], np.array([0]), COVARIANCE[None])
FREE = np.full(3, np.inf)


def bounded(lower, upper):
    """One row, its first two columns missing and bounded; mean (column,) and covariance (column, column)."""
    result = truncate(COMPLETED, MISSING, np.array(lower, float), np.array(upper, float))
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
    result = truncate(two, missing, np.array([0.0, -np.inf, -np.inf]), FREE)
    assert result.x[0, 2] == MEAN[2]
    assert (result.x[1] == MEAN).all()
    assert result.pattern[1] == 0
    assert not result.covariances[result.pattern[0]][2].any()
