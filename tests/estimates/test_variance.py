"""Variance: shares that add up, against formulas; what explains it; the model with and without determinants."""

from dataclasses import replace

import numpy as np
import pytest
import xarray as xr
from scipy import special

from bayesmodel import build_model
from bayesmodel.errors import ComparisonError
from bayesmodel.estimates.use import use
from bayesmodel.estimates.variance import variance, variance_parts
from bayesmodel.estimates.variance_explained import variance_explained, without_determinants
from bayesmodel.estimates.waterfall import waterfall
from bayesmodel.testing import invented_fit


def sds(fit, name):
    return fit.posterior[f"sd_{name}"].to_numpy().ravel()


def null_of(fit):
    """The same draws as if they were of a model without determinants."""
    design = replace(
        fit.design,
        names=(),
        x=fit.design.x[:, :0],
        centre=fit.design.centre[:0],
        scale=fit.design.scale[:0],
        pattern=np.zeros(len(fit.counts), dtype=np.int64),
        covariances=np.zeros((1, 0, 0)),
    )
    return replace(fit, counts=without_determinants(fit.counts), design=design)


def test_counts_without_determinants_have_no_bounds_of_them(fit):
    bounds = fit.counts.areas.determinants * 0 + 9
    counts = without_determinants(replace(fit.counts, areas=replace(fit.counts.areas, highest=bounds)))
    assert counts.areas.highest is None
    assert build_model(counts).design.names == ()


def test_shares_add_up_to_one(any_fit):
    for people in (None, 500):
        assert np.allclose(variance(any_fit, people=people).shares.samples.sum(axis=1), 1)


def test_shares_and_sds_follow_their_formulas(fit):
    found = variance(fit, mean=0.1)
    squares = np.column_stack([sds(fit, name) ** 2 for name in ("regio", "gemeente", "wijk")])
    assert np.allclose(found.shares.samples, squares / squares.sum(axis=1, keepdims=True))
    assert np.allclose(found.sds.samples, 100 * 0.1 * 0.9 * np.sqrt(squares))


def test_the_median_odds_ratio_is_a_median(fit):
    gap = np.random.default_rng(1).normal(0, np.sqrt(2) * sds(fit, "regio")[0], 200_000)
    # the median of 200,000 draws is off by 0.4 %
    assert variance(fit).ratios.samples[0, 0] == pytest.approx(np.exp(np.median(np.abs(gap))), rel=2e-3)


def test_chance_is_that_of_a_count(fit):
    found = variance(fit, mean=0.1, people=400)
    assert np.allclose(found.sds.samples[:, -1], 100 * np.sqrt(0.1 * 0.9 / 400))
    assert found.shares.index.tolist() == ["regio", "gemeente", "wijk", "chance"]


@pytest.mark.parametrize("family", ["beta-binomial", "negative-binomial"])
def test_own_variance_of_an_integrated_family_is_that_of_its_draws(family):
    fit = invented_fit(family)
    eta = np.full(400_000, fit.family.link.predictor(0.1))
    spread = np.full(400_000, fit.posterior["dispersion"].to_numpy().ravel()[0])
    zero = np.zeros(1, dtype=np.int64)
    rates = fit.family.draw_rate(np.random.default_rng(3), zero, zero, eta, spread)
    points = variance(fit, mean=0.1).sds.samples[0, -1]
    assert points == pytest.approx(100 * rates.std(), rel=0.01)


@pytest.mark.parametrize(("family", "name"), [("poisson", "rate"), ("binomial", "odds"), ("negative-binomial", "rate")])
def test_under_a_log_link_the_ratio_is_one_of_rates(family, name):
    found = variance(invented_fit(family))
    assert found.ratios.definition.name == f"variance.median_{name}_ratio"
    assert f"median_{name}_ratio_upper" in found.summary()


def test_a_linear_model_has_no_median_ratio():
    found = variance(invented_fit("normal-share"))
    assert found.ratios is None
    assert not [name for name in found.summary() if name.startswith("median")]


@pytest.mark.parametrize(("mean", "people"), [(0.0, None), (10.0, None), (0.1, 0)])
def test_a_mean_that_is_no_share_is_refused(fit, mean, people):
    with pytest.raises(ComparisonError, match="found"):
        variance(fit, mean, people)


def test_parts_of_the_variance_add_up_to_one(any_fit):
    assert np.allclose(variance_parts(any_fit).samples.sum(axis=1), 1)


def test_parts_of_the_variance_are_covariances_with_the_waterfall(fit):
    codes = fit.counts.areas.codes[fit.counts.population > 0].tolist()
    people = fit.counts.population[fit.counts.population > 0]
    parts = waterfall(fit, codes).parts.draws.drop_sel(part="country")
    share = 100 * use(fit, "actual", "share", codes).draws
    for draw in (0, 77):
        one, whole = parts.isel(chain=1, draw=draw).to_numpy(), share.isel(chain=1, draw=draw).to_numpy()
        weights = people / people.sum()
        away = (whole - weights @ whole) * weights
        found = variance_parts(fit, draws=1000).draws.isel(chain=1, draw=draw)
        assert np.allclose(found, away @ one / (away @ whole))


def test_few_draws_are_taken_evenly(fit):
    assert variance_parts(fit, draws=100).draws.sizes["draw"] == 25


def test_what_determinants_explain_is_the_variance_that_went_away(fit):
    null = null_of(fit)
    wider = {name: 2 * null.posterior[name] for name in ("sd_regio", "sd_gemeente", "sd_wijk")}
    null = replace(null, tree=xr.DataTree.from_dict({"posterior": null.posterior.assign(wider)}))
    assert np.allclose(variance_explained(null, fit).samples, 0.75)
    assert np.allclose(variance_explained(null_of(fit), fit).samples, 0)


def test_fits_of_other_areas_or_years_are_refused(fit):
    other = null_of(invented_fit(areas=9))
    with pytest.raises(ComparisonError, match=r"number of areas \(9, 8\).*the areas \(WK000302\)"):
        variance_explained(other, fit)
    with pytest.raises(ComparisonError, match="has determinants"):
        variance_explained(fit, fit)
    with pytest.raises(ComparisonError, match="the family"):
        variance_explained(null_of(invented_fit("poisson")), fit)


def test_the_slope_of_a_share_is_that_of_the_link(fit):
    eta = special.logit(0.1)
    assert fit.family.own_variance(0.1, np.array([0.01]))[0] == pytest.approx(
        (special.expit(eta + 0.005) - special.expit(eta - 0.005)) ** 2, rel=1e-3
    )
