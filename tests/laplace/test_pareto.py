"""Pareto smoothing is that of ArviZ, to the last digit."""

from __future__ import annotations

import numpy as np
import pytest
from arviz_stats.base import array_stats

from bayesmodel.laplace.pareto import fitted_pareto, pareto_smoothed


@pytest.mark.parametrize("draws", [30, 225, 226, 1100, 4000])
@pytest.mark.parametrize("freedom", [3, 30])
def test_smoothing_is_that_of_arviz(draws: int, freedom: int) -> None:
    """Of light and heavy tails, few and many draws; ArviZ expects what the weights are the inverse of."""
    log_weights = np.random.default_rng(draws).standard_t(freedom, draws)
    expected, shape = array_stats.psislw(-log_weights)
    found, k = pareto_smoothed(log_weights)
    np.testing.assert_array_equal(found, expected)
    assert k == shape


def test_a_tail_without_a_shape_is_left_as_it_is() -> None:
    """Where a quarter of the tail is one number, no distribution is fitted."""
    log_weights = np.random.default_rng(1).normal(size=1000).round()
    found, k = pareto_smoothed(log_weights)
    assert np.isnan(k)
    np.testing.assert_allclose(np.diff(found), np.diff(log_weights), atol=1e-12)


@pytest.mark.parametrize("log_weights", [np.arange(20.0), np.zeros(1000)], ids=["too short", "all the same"])
def test_no_tail(log_weights: np.ndarray) -> None:
    """Too few weights, or equal ones, have no tail."""
    found, k = pareto_smoothed(log_weights)
    assert k == np.inf
    np.testing.assert_array_equal(found, log_weights)


def test_shape_of_a_known_tail() -> None:
    """Draws of a generalised Pareto distribution of shape 0.5 and scale 2 (10,000 draws: standard error .015)."""
    chances = np.random.default_rng(2).random(10_000)
    shape, scale = fitted_pareto(np.sort(2 / 0.5 * ((1 - chances) ** -0.5 - 1)))
    assert shape == pytest.approx(0.5, abs=0.05)
    assert scale == pytest.approx(2, abs=0.15)
