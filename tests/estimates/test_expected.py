"""Expected use: the average over effects, which effects are in it, and that it adds up."""

from dataclasses import replace

import numpy as np
import pytest
import xarray as xr
from scipy import integrate, special, stats

from bayesmodel.errors import UnknownNameError
from bayesmodel.estimates.expectation import expectation_named, expectation_names, main_names
from bayesmodel.estimates.expected import averaged_share, expected
from bayesmodel.estimates.linear_predictor import flat, residual_variance_of
from bayesmodel.testing import invented_fit


def predictor(fit, area):
    """Intercept and determinants of one area, by the formula (sample,)."""
    return flat(fit, "intercept") + flat(fit, "beta") @ fit.design.x[area]


@pytest.mark.parametrize("area", [0, 2])
def test_the_average_over_effects_is_that_of_quadrature(fit, area):
    variance = sum(flat(fit, f"sd_{name}")[7] ** 2 for name in ("gemeente", "regio", "wijk"))
    if area == 2:  # its second determinant is missing
        variance += 0.8 * flat(fit, "beta")[7, 1] ** 2
    eta, sd = predictor(fit, area)[7], np.sqrt(variance)
    exact, _ = integrate.quad(lambda e: special.expit(eta + e) * stats.norm.pdf(e, 0, sd), -10 * sd, 10 * sd)
    share = averaged_share(fit, expectation_named(fit.study, "determinants"), np.array([area]))[7, 0]
    assert share == pytest.approx(exact, rel=1e-8)


def test_a_wide_average_is_that_of_quadrature():
    fit = invented_fit(draws=20)
    wide = fit.tree["posterior"].dataset.assign(sd_regio=fit.posterior["sd_regio"] * 0 + 1.0)
    fit = replace(fit, tree=xr.DataTree.from_dict({"posterior": wide}))
    variance = 1.0 + flat(fit, "sd_gemeente")[3] ** 2 + flat(fit, "sd_wijk")[3] ** 2
    eta, sd = predictor(fit, 0)[3], np.sqrt(variance)
    exact, _ = integrate.quad(lambda e: special.expit(eta + e) * stats.norm.pdf(e, 0, sd), -10 * sd, 10 * sd)
    share = averaged_share(fit, expectation_named(fit.study, "determinants"), np.array([0]))
    assert share[3, 0] == pytest.approx(exact, rel=1e-5)


def test_typical_is_the_share_without_effects(fit):
    assert np.allclose(expected(fit, "typical", "share").samples[:, 0], special.expit(predictor(fit, 0)), rtol=1e-12)


def test_a_gemeente_brings_its_region(fit):
    levels = fit.counts.areas.levels
    eta = predictor(fit, 3)
    for name in ("gemeente", "regio"):
        effect = fit.posterior[f"effect_{name}"].sel({name: levels[name].iloc[3]})
        eta = eta + effect.to_numpy().ravel()
    sd = flat(fit, "sd_wijk")
    exact = fit.family.marginal_mean(eta, sd**2)
    share = averaged_share(fit, expectation_named(fit.study, "gemeente"), np.array([3]))
    assert np.allclose(share[:, 0], exact, rtol=1e-12)


def test_the_average_is_that_over_many_regions(fit):
    """The mean over simulated regions, gemeenten and wijken is the expectation from the determinants."""
    rng = np.random.default_rng(5)
    sample = 11
    sds = [flat(fit, f"sd_{name}")[sample] for name in ("regio", "gemeente", "wijk")]
    effects = sum(sd * rng.normal(size=400_000) for sd in sds)
    shares = special.expit(predictor(fit, 0)[sample] + effects)
    error = shares.std() / np.sqrt(len(shares))
    share = averaged_share(fit, expectation_named(fit.study, "determinants"), np.array([0]))
    assert abs(share[sample, 0] - shares.mean()) < 4 * error


def test_the_given_levels_of_a_country_that_crosses(fit):
    crossed = [level.model_copy(update={"within": None}) for level in fit.study.levels]
    study = fit.study.model_copy(update={"levels": tuple(crossed)})
    assert expectation_named(study, "gemeente").levels == ("gemeente",)
    assert expectation_named(study, "gemeente").averaged == ("regio", "wijk")
    assert main_names(study) == ("determinants", "gemeente_others", "regio_others")


def test_counts_are_people_times_shares(any_fit):
    people = any_fit.counts.population
    for given in expectation_names(any_fit.study):
        count, share = expected(any_fit, given).samples, expected(any_fit, given, "share").samples
        assert np.allclose(count[:, people > 0], share[:, people > 0] * people[people > 0])
        assert (count[:, people == 0] == 0).all()
        assert np.isnan(share[:, people == 0]).all()


def test_variance_of_missing_determinants_is_that_of_the_design(fit):
    variance, place = residual_variance_of(fit, np.arange(8))
    beta, covariances = flat(fit, "beta"), fit.design.covariances[fit.design.pattern]
    assert np.allclose(variance[:, place], np.einsum("sj,ajk,sk->sa", beta, covariances, beta))


def test_chosen_areas_are_those_of_all(any_fit):
    codes = any_fit.counts.areas.codes[[5, 1]]
    some = expected(any_fit, "gemeente", areas=list(codes))
    xr.testing.assert_allclose(some.draws, expected(any_fit, "gemeente").select(list(codes)).draws)


@pytest.mark.parametrize(("given", "message"), [("gemeent", "Did you mean gemeente"), ("wijk", "Unknown expectation")])
def test_an_unknown_expectation_gets_help(fit, given, message):
    with pytest.raises(UnknownNameError, match=message):
        expected(fit, given)


def test_a_study_without_determinants(fit):
    bare = replace(fit.design, names=(), x=np.empty((8, 0)), covariances=np.zeros((2, 0, 0)))
    tree = xr.DataTree.from_dict({"posterior": fit.posterior.drop_vars("beta")})
    share = expected(replace(fit, design=bare, tree=tree), "typical", "share").samples[:, 0]
    assert np.allclose(share, special.expit(flat(fit, "intercept")))


@pytest.mark.parametrize("given", ["determinants", "gemeente", "gemeente_others"])
def test_shares_are_the_same_whether_a_fit_keeps_them_or_not(any_fit, monkeypatch, given):
    rows = np.array([2, 0, 5])
    kept = [expected(any_fit, given, "share", list(any_fit.counts.areas.codes[rows])).samples for _ in range(2)]
    monkeypatch.setattr("bayesmodel.estimates.expected.KEPT", 0)
    anew = expected(replace(any_fit), given, "share", list(any_fit.counts.areas.codes[rows])).samples
    assert np.array_equal(kept[0], kept[1], equal_nan=True)
    assert np.allclose(kept[0], anew, rtol=1e-12, equal_nan=True)
