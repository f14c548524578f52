"""Counts rounded at random, the whole way: simulated, published, read, fitted by both engines, and found back."""

from dataclasses import replace

import numpy as np
import pytest
import xarray as xr
from scipy import stats

from bayesmodel.checks.left_out import transform
from bayesmodel.checks.replicates import replicates
from bayesmodel.checks.sbc import posterior_sbc
from bayesmodel.checks.simulated_counts import doubled_counts, posterior_replicates, with_replicate
from bayesmodel.data import Status, interpret_counts
from bayesmodel.data.interpret import masked
from bayesmodel.data.publication import window_weights
from bayesmodel.estimates.use import use
from bayesmodel.example import example_areas, example_study, example_truth
from bayesmodel.inference.sampling import fit_model
from bayesmodel.inference.storage import load_fit
from bayesmodel.model.build import build_model
from bayesmodel.testing import invented_fit

RULES = {
    "before": {"rounding": "random", "rounded_to": 5, "hidden_below": 10},
    "after": {"rounding": "random", "rounded_to": 3, "hidden_below": 6, "hidden_when": "after rounding"},
}


def changed(study, publication, **inference):
    """The study with another rule and other settings of the engine."""
    rule = study.publication.model_copy(update=publication)
    return study.model_copy(update={"publication": rule, "inference": study.inference.model_copy(update=inference)})


def fitted(seed, rule, **inference):
    """The true counts of a country of 300 wijken, and the fit of what is published of them."""
    study = changed(example_study(areas=300, gemeenten=60, regions=12, seed=seed), rule, seed=seed, **inference)
    fit = fit_model(build_model(interpret_counts(example_areas(study))))
    return example_truth(study).counts.loc[fit.counts.areas.codes].to_numpy(), fit


@pytest.fixture(scope="module", params=RULES)
def countries(request):
    """Three countries: true counts and fits."""
    return [fitted(seed, RULES[request.param], engine="laplace") for seed in (1, 2, 3)]


def ranks(draws, truth, seed=0):
    """The rank of each truth among its draws, ties broken at random: uniform where draws are what they should be."""
    rng, draws = np.random.default_rng(seed), draws.reshape(-1, draws.shape[-1])
    below, same = (draws < truth).sum(axis=0), (draws == truth).sum(axis=0)
    return (below + rng.random(len(truth)) * (same + 1)) / (len(draws) + 1)


def test_true_counts_are_a_draw_among_those_of_the_fit(countries):
    found = []
    for truth, fit in countries:
        draws, counts = use(fit, "actual").draws.to_numpy(), fit.counts
        known = np.isin(counts.status, [Status.ROUNDED, Status.SUPPRESSED]) & (counts.population > 0)
        assert ((draws >= counts.lower) & (draws <= counts.upper)).all()
        found.append(ranks(draws, truth)[known])
        lower, upper = np.quantile(draws.sum(axis=-1), [0.0005, 0.9995])  # six countries, and no false alarm
        assert lower <= truth.sum() <= upper
    found = np.concatenate(found)
    assert stats.kstest(found, "uniform").pvalue > 0.001
    assert abs((np.abs(found - 0.5) < 0.45).mean() - 0.9) < 4 * np.sqrt(0.09 / len(found))


def test_read_as_rounded_to_the_nearest_the_truth_is_often_outside(countries):
    """What the rule is for: windows of two on either side do not hold a third of these counts."""
    truth, fit = countries[0]
    middle, half = (fit.counts.lower + fit.counts.upper) // 2, fit.study.publication.rounded_to // 2
    rounded = (fit.counts.status == Status.ROUNDED) & (fit.counts.lower > 20)
    assert (np.abs(truth - middle)[rounded] > half).mean() > 0.15


def test_both_engines_agree():
    settings = {"chains": 2, "tune": 300, "draws": 500, "target_accept": 0.8}
    (_, nuts), (_, laplace) = (fitted(4, RULES["before"], engine=name, **settings) for name in ("nuts", "laplace"))
    for name in ("intercept", "beta", "linear_predictor"):
        one, other = (fit.posterior[name].stack(sample=("chain", "draw")).to_numpy() for fit in (nuts, laplace))
        one, other = np.atleast_2d(one), np.atleast_2d(other)
        # a chain of a thousand draws knows a mean to about a twentieth of an sd; the largest of 300 lies four off
        assert (np.abs(one.mean(axis=1) - other.mean(axis=1)) < 0.3 * one.std(axis=1)).all()
        assert np.allclose(one.std(axis=1), other.std(axis=1), rtol=0.25)


def test_a_fit_comes_back_with_its_weights(countries, tmp_path):
    _, fit = countries[0]
    fit.save(tmp_path / "fit.nc")
    again = load_fit(tmp_path / "fit.nc")
    assert (again.counts.weights == fit.counts.weights).all()
    assert (use(again, "actual").draws.to_numpy() == use(fit, "actual").draws.to_numpy()).all()


@pytest.fixture(scope="module", params=RULES)
def invented(request):
    """A made-up fit whose counts its own model would have published so."""
    fit = invented_fit("poisson", areas=1600)
    study = changed(fit.study, RULES[request.param])
    counts = fit.counts.with_study(study)
    one = replace(
        fit, counts=counts, tree=xr.DataTree.from_dict({"posterior": fit.posterior.isel(chain=[0], draw=[0])})
    )
    drawn = replicates(one, np.arange(len(counts)), seed=5).counts[0]
    known = masked(drawn, counts.population, study.publication, 6)
    weights = window_weights(known.numbers, *known[:3], study.publication)
    counts = replace(counts, lower=known.lower, upper=known.upper, status=known.status, weights=weights)
    same = xr.concat([fit.posterior.isel(chain=[0], draw=[0])] * 250, "draw")
    return replace(fit, counts=counts, tree=xr.DataTree.from_dict({"posterior": same}))


def test_transforms_of_what_the_model_publishes_are_uniform(invented):
    rows = np.flatnonzero(invented.counts.status != Status.ZERO)
    low, high, p_hidden = transform(invented, rows)
    shown = (invented.counts.status[rows] != Status.SUPPRESSED) & np.isfinite(low)
    points = low + np.random.default_rng(1).random(len(low)) * (high - low)
    assert stats.kstest(points[shown], "uniform").pvalue > 0.001
    small = shown & (invented.counts.population[rows] < 100)
    assert stats.kstest(points[small], "uniform").pvalue > 0.001
    error = np.sqrt((p_hidden * (1 - p_hidden)).sum())
    assert abs((invented.counts.status[rows] == Status.SUPPRESSED).sum() - p_hidden.sum()) < 4 * error


def test_replicates_are_published_as_the_data_are(invented):
    few = replace(invented, tree=xr.DataTree.from_dict({"posterior": invented.posterior.isel(draw=slice(4))}))
    one, other = posterior_replicates(few, 2, seed=1)
    assert one.weights.shape == other.weights.shape == invented.counts.weights.shape
    assert (one.weights != other.weights).any()
    doubled = with_replicate(doubled_counts(invented.counts), one)
    half = len(invented.counts)
    assert (doubled.weights[:half] == invented.counts.weights).all()
    assert (doubled.weights[half:] == one.weights).all()


@pytest.mark.slow
def test_a_posterior_is_calibrated(small_study):
    """Two hundred refits of a country and its copy, by Laplace: ranks of everything that is estimated are uniform."""
    study = changed(small_study(determinants=2), RULES["after"], engine="laplace")
    fit = fit_model(build_model(interpret_counts(example_areas(study))))
    assert posterior_sbc(fit, 200, seed=3).calibrated
