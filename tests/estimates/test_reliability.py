"""Reliability: the figures are those of ArviZ, for many quantities at once."""

import numpy as np
import pytest
import xarray as xr
from arviz_stats.base import array_stats

from bayesmodel.estimates.estimate import Estimate
from bayesmodel.estimates.parameters import reliability, smallest_size, summary_with_size
from bayesmodel.estimates.use import use


def walk(persistence, draws, seed=0):
    """Four chains of an autoregressive series (chain, draw)."""
    noise = np.random.default_rng(seed).normal(size=(4, draws))
    series = np.zeros((4, draws))
    for step in range(1, draws):
        series[:, step] = persistence * series[:, step - 1] + noise[:, step]
    return series


CASES = {
    "independent": walk(0.0, 400),
    "slow": walk(0.95, 400),
    "swinging": walk(-0.7, 400),
    "odd length": walk(0.5, 301),
    "stuck apart": walk(0.3, 400) + np.array([[0.0], [0.0], [0.0], [3.0]]),
    "counts": np.rint(2 * walk(0.6, 400)).astype(np.int64),
    "rarely one": (walk(0.4, 400) > 2).astype(float),
}


def as_estimate(fit, values):
    """Draws as an estimate of two equal quantities."""
    draws = xr.DataArray(
        np.stack([values, values], axis=2), dims=("chain", "draw", "wijk"), coords={"wijk": ["a", "b"]}
    )
    actual = use(fit, "actual")
    return Estimate(draws, actual.definition, actual.study)


@pytest.mark.parametrize("case", CASES)
def test_figures_are_those_of_arviz(fit, case):
    values = CASES[case]
    row = reliability(as_estimate(fit, values)).loc["b"]
    # ranks and indicators are kept in 4 bytes, which gives four digits
    assert row["ess_bulk"] == pytest.approx(array_stats.ess(values, method="bulk", chain_axis=0, draw_axis=1), rel=1e-3)
    tail = array_stats.ess(values, method="tail", prob=(0.05, 0.95), chain_axis=0, draw_axis=1)
    assert row["ess_tail"] == pytest.approx(tail, rel=1e-3)
    assert row["r_hat"] == pytest.approx(array_stats.rhat(values, chain_axis=0, draw_axis=1), rel=1e-4)


def test_the_smallest_is_the_smaller_of_both(fit):
    estimate = as_estimate(fit, CASES["slow"])
    table = reliability(estimate)
    assert np.allclose(smallest_size(estimate), table[["ess_bulk", "ess_tail"]].min(axis=1))


def test_what_does_not_vary_has_all_draws(fit):
    table = reliability(use(fit, "actual"))
    assert (table.loc["WK000100", ["ess_bulk", "ess_tail"]] == 1000).all()
    assert np.isnan(table.loc["WK000100", "r_hat"])


def test_nan_stays_nan(fit):
    assert reliability(use(fit, "underlying", "share")).loc["WK000300"].isna().all()


@pytest.mark.parametrize("case", CASES)
def test_a_summary_with_sizes_is_the_summary_and_the_size(fit, case):
    estimate = as_estimate(fit, CASES[case])
    table = summary_with_size(estimate)
    assert np.allclose(table[["mean", "sd", "median", "lower", "upper"]], estimate.summary(), rtol=1e-9)
    assert np.allclose(table["ess_min"], smallest_size(estimate))


def test_a_summary_with_sizes_keeps_whole_numbers_and_nan(fit):
    assert summary_with_size(use(fit, "actual"))["lower"].map(float.is_integer).all()
    assert summary_with_size(use(fit, "underlying", "share")).loc["WK000300"].isna().all()
