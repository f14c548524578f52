"""Overdispersion: the variance it adds is that of clusters, and everything that is estimated takes it along."""

from dataclasses import replace

import numpy as np
import pytest
import xarray as xr

from bayesmodel import build_model, expected, fit_model, fit_years, funnel, interpret_counts, use, variance, waterfall
from bayesmodel.checks.replicates import replicates
from bayesmodel.errors import ModelError, StudyError
from bayesmodel.estimates.linear_predictor import residual_variance_of
from bayesmodel.example import example_areas
from bayesmodel.model.describe import describe
from bayesmodel.model.families import family_named
from bayesmodel.model.overdispersion import chance_variance, extra_variance
from bayesmodel.study.toml_file import study_from
from bayesmodel.testing import invented_fit

FACTOR = 1.6


@pytest.fixture(scope="module", name="fit")
def fit_fixture(small_study):
    """A fit of a hundred wijken with overdispersion, by Laplace."""
    values = small_study(engine="laplace", draws=300, fallback="none").model_dump(mode="json", exclude_none=True)
    values["model"] |= {"overdispersion": FACTOR}
    return fit_model(build_model(interpret_counts(example_areas(study_from(values)))))


def overdispersed(fit, factor=FACTOR):
    """The same draws, of a study with overdispersion."""
    model = fit.study.model.model_copy(update={"overdispersion": factor})
    study = fit.study.model_copy(update={"model": model})
    return replace(fit, counts=fit.counts.with_study(study), tree=xr.DataTree.from_dict(fit.tree.to_dict()))


@pytest.mark.parametrize("name", ["poisson", "binomial"])
def test_counts_of_clusters_vary_as_is_said(name):
    """Pairs of people who are in care together, or neither: twice the variance of chance."""
    rng, people, share = np.random.default_rng(1), 2_000, 0.1
    half = people // 2
    pairs = rng.poisson(half * share, 200_000) if name == "poisson" else rng.binomial(half, share, 200_000)
    rate = 2 * pairs / people
    predictor = np.log(rate) if name == "poisson" else np.log(rate / (1 - rate))
    chance = chance_variance(family_named(name), share, people)
    assert predictor.var() == pytest.approx(2 * chance, rel=0.03)


def test_none_is_nothing(fit):
    assert not extra_variance(overdispersed(fit, 1.0).counts).any()


def test_it_falls_with_the_number_of_people(fit):
    people = np.maximum(fit.counts.population, 1)
    times = extra_variance(fit.counts) * people
    assert times.min() > 0
    assert np.allclose(times, times[0])


def test_each_area_has_its_own_variance_beside_that_of_missing_determinants(fit):
    rows = np.array([5, 3])
    without, pattern = residual_variance_of(overdispersed(fit, 1.0), rows)
    found, own = residual_variance_of(fit, rows)
    assert np.allclose(found[:, own], without[:, pattern] + extra_variance(fit.counts)[rows])


def test_a_fit_knows_it(fit):
    assert fit.diagnostics.converged
    assert "overdispersion 1.6: its variance is larger by" in describe(build_model(fit.counts))


def test_an_expectation_adds_up_to_the_country(fit):
    total = use(fit).samples @ np.ones(len(fit.counts))
    for name in ("determinants", "gemeente", "gemeente_others"):
        assert np.allclose(expected(fit, name).samples.sum(axis=-1), total, rtol=1e-9)


def test_a_waterfall_goes_through_what_is_expected(fit):
    code = str(fit.counts.areas.codes[3])
    parts = waterfall(fit, [code]).parts.draws.isel({fit.study.area: 0})
    names = list(parts["part"].to_numpy())
    for level, last in (("determinants", names.index("jeugdzorgregio")), ("gemeente", names.index("gemeente") + 1)):
        there = parts.isel(part=slice(None, last)).sum("part")
        wanted = 100 * expected(fit, level, "share", [code]).draws.isel({fit.study.area: 0})
        assert np.allclose(there, wanted), level


def test_replicates_vary_more(fit):
    rows = np.arange(len(fit.counts))
    more, less = (replicates(overdispersed(fit, factor), rows).counts for factor in (2.0, 1.0))
    # twice the variance of chance, which is that of a binomial: one mean more, less a tenth
    assert np.median((more.var(axis=0) - less.var(axis=0)) / less.mean(axis=0)) == pytest.approx(1, abs=0.3)


def test_limits_of_the_funnel_are_wider_and_chance_is_more(fit):
    plain = overdispersed(fit, 1.0)
    wide, narrow = (funnel(each).limits for each in (fit, plain))
    widths = [(each["upper_0.95"] - each["lower_0.95"]).iloc[0] for each in (wide, narrow)]
    assert widths[0] > 1.1 * widths[1]
    shares = [variance(each, people=100).summary()["share"] for each in (fit, plain)]
    odds = [share["chance"] / (1 - share["chance"]) for share in shares]
    assert odds[0] == pytest.approx(FACTOR * odds[1], rel=0.05)


@pytest.mark.parametrize("family", ["negative-binomial", "beta-binomial", "normal-share"])
def test_it_needs_an_effect_of_the_area(family):
    values = invented_fit().study.model_dump(mode="json", exclude_none=True)
    values["model"] |= {"overdispersion": 1.2, "family": family, "area_effect": "normal"}
    with pytest.raises(StudyError, match=f"overdispersion: {family} has a dispersion of its own"):
        study_from(values)


def test_it_is_of_one_year(fit):
    later = fit.study.outcome.model_copy(update={"year": fit.study.outcome.year + 1})
    other = fit.counts.with_study(fit.study.model_copy(update={"outcome": later}))
    with pytest.raises(ModelError, match="one year and one outcome"):
        fit_years([fit.counts, other])


def test_less_than_chance_is_refused():
    values = invented_fit().study.model_dump(mode="json", exclude_none=True)
    values["model"] |= {"overdispersion": 0.9}
    with pytest.raises(StudyError, match="overdispersion"):
        study_from(values)
