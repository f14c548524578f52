"""Laws of leaving out: transforms are uniform where the model is right, also of what is seen only when large."""

from dataclasses import replace

import numpy as np
import pytest
import xarray as xr
from scipy import stats

from bayesmodel.checks.left_out import coverage_of, left_out, share_between, transform, without
from bayesmodel.checks.replicates import replicates
from bayesmodel.data import Status
from bayesmodel.data.interpret import mask
from bayesmodel.testing import invented_fit

FAMILIES = ["binomial", "poisson", "beta-binomial", "negative-binomial", "normal-share"]


def published_by(fit, seed):
    """Return the fit with counts that its own model would have published, drawn from its first draw alone."""
    one = replace(fit, tree=xr.DataTree.from_dict({"posterior": fit.posterior.isel(chain=[0], draw=[0])}))
    rows = np.arange(len(fit.counts))
    drawn = replicates(one, rows, seed=seed).counts[0]
    lower, upper, status = mask(drawn, fit.counts.population, fit.study.publication)
    counts = replace(fit.counts, lower=lower, upper=upper, status=status)
    known = xr.concat([fit.posterior.isel(chain=[0], draw=[0])] * 250, "draw")
    return replace(fit, counts=counts, tree=xr.DataTree.from_dict({"posterior": known}))


def uniform(low, high, seed=0):
    """Return one point of each stretch."""
    return low + np.random.default_rng(seed).random(len(low)) * (high - low)


@pytest.mark.parametrize("family", FAMILIES)
def test_transforms_of_what_the_model_publishes_are_uniform(family):
    """Of shown counts of small areas too, although only large ones among them are shown."""
    fit = published_by(invented_fit(family, areas=1600), 5)
    rows = np.flatnonzero(fit.counts.status != Status.ZERO)
    low, high, p_hidden = transform(fit, rows)
    shown = fit.counts.status[rows] != Status.SUPPRESSED
    small = shown & (fit.counts.population[rows] < 100) & np.isfinite(low)
    assert small.sum() > 5
    for chosen in (small, shown & np.isfinite(low)):
        points = uniform(low[chosen], high[chosen])
        assert stats.kstest(points, "uniform").pvalue > 0.001
        error = np.sqrt(0.09 / chosen.sum())
        assert abs(coverage_of(low[chosen], high[chosen], 0.9).mean() - 0.9) < 4 * error
    error = np.sqrt((p_hidden * (1 - p_hidden)).sum())
    assert abs((~shown).sum() - p_hidden.sum()) < 4 * error


def test_without_what_is_shown_in_mind_small_areas_would_seem_too_high():
    """What the condition repairs: the transform over all counts puts shown counts of small areas at the top."""
    fit = published_by(invented_fit("poisson", areas=1600), 5)
    rows = np.flatnonzero((fit.counts.status == Status.EXACT) & (fit.counts.population < 100))
    drawn = replicates(fit, rows).counts
    naive = ((drawn < fit.counts.lower[rows]).mean(axis=0) + (drawn <= fit.counts.lower[rows]).mean(axis=0)) / 2
    low, high, _ = transform(fit, rows)
    assert naive.mean() > 0.75
    assert abs(np.nanmean((low + high) / 2) - 0.5) < 0.12


def test_the_count_of_the_area_itself_is_left_out():
    """An area of many people moves the posterior towards itself; its weights take that back."""
    found = left_out(invented_fit(areas=40))
    assert (found.low <= found.high).all()
    assert ((found.p_hidden >= 0) & (found.p_hidden <= 1)).all()
    assert not found.refitted.any()


def test_areas_that_say_nothing_are_not_left_out():
    fit = invented_fit(areas=40)
    found = left_out(fit)
    assert set(fit.counts.status[found.rows]) <= {Status.EXACT, Status.ROUNDED, Status.SUPPRESSED}


def test_stretches_are_divided_whole():
    low, high = np.array([0.0, 0.3, 0.95]), np.array([0.4, 0.3001, 1.0])
    parts = [share_between(low, high, start, start + 0.1) for start in np.arange(0, 1, 0.1)]
    np.testing.assert_allclose(np.sum(parts, axis=0), 1)
    assert coverage_of(np.array([0.0]), np.array([1.0]), 0.9).tolist() == pytest.approx([0.9])


def test_a_count_that_is_taken_away_is_missing():
    counts = without(invented_fit().counts, (1,))
    assert counts.frame.iloc[1].tolist() == [800, 0, 800, "missing"]
    assert counts.frame.iloc[0, 1] == 46
