"""Overdispersion: the variance it adds is that of clusters, and everything that is estimated takes it along."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from bayesmodel import (
    build_model,
    example_study,
    expected,
    fit_model,
    fit_outcomes,
    fit_years,
    funnel,
    interpret_counts,
    use,
    variance,
    verdicts,
    waterfall,
)
from bayesmodel.checks.replicates import replicates
from bayesmodel.errors import StudyError
from bayesmodel.estimates.decomposition import country_average
from bayesmodel.estimates.linear_predictor import cluster_effect_of, overdispersion_of, residual_variance_of
from bayesmodel.example import example_areas
from bayesmodel.inference.outcomes_fit import outcomes_model
from bayesmodel.model.describe import describe
from bayesmodel.model.families import family_named
from bayesmodel.model.overdispersion import FEWEST, chance_variance, cluster_effect
from bayesmodel.model.priors import crude_share
from bayesmodel.study.toml_file import study_from
from bayesmodel.testing import invented_fit

FACTOR = 1.6


@pytest.fixture(scope="module", name="fit", params=[FACTOR, "estimated"])
def fit_fixture(small_study, request):
    """A fit of a hundred wijken with overdispersion, by Laplace."""
    values = small_study(engine="laplace", draws=300, fallback="none").model_dump(mode="json", exclude_none=True)
    values["model"] |= {"overdispersion": request.param}
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
    assert not np.any(cluster_effect(overdispersed(fit, 1.0).counts))


def test_it_falls_with_the_number_of_people(fit):
    people = np.maximum(fit.counts.population, 1)
    times = cluster_effect(fit.counts).variance * np.maximum(people, FEWEST / crude_share(fit.counts))
    assert times.min() > 0
    assert np.allclose(times, times[0])


def test_each_area_has_its_own_variance_beside_that_of_missing_determinants(fit):
    rows = np.array([5, 3])
    without, pattern = residual_variance_of(overdispersed(fit, 1.0), rows)
    found, own = residual_variance_of(fit, rows)
    assert np.allclose(found[:, own], without[:, pattern] + cluster_effect_of(fit, rows).variance)


def test_a_fit_knows_it(fit):
    assert fit.diagnostics.converged
    said = fit.study.model.overdispersion
    said = "1 + excess_dispersion" if said == "estimated" else said
    assert f"overdispersion {said}: its variance is larger by" in describe(build_model(fit.counts))


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


def test_limits_of_the_funnel_are_wider_and_the_area_varies_more(fit):
    plain = overdispersed(fit, 1.0)
    wide, narrow = (funnel(each).limits for each in (fit, plain))
    widths = [(each["upper_0.95"] - each["lower_0.95"]).mean() for each in (wide, narrow)]
    factor = overdispersion_of(fit).mean()
    assert widths[0] > (1.1 if factor > 1.5 else 1.0) * widths[1]
    shares = [variance(each, people=100).summary()["share"] for each in (fit, plain)]
    assert variance(fit, people=100).ratios.samples[:, -1].mean() > variance(fit).ratios.samples[:, -1].mean()
    more = [share["wijk"] / share["chance"] for share in shares]
    assert more[0] - more[1] == pytest.approx(factor - 1, rel=0.15)
    whole = [variance(each).summary()["share"] for each in (fit, plain)]
    assert np.allclose(*whole)


@pytest.mark.parametrize("name", ["poisson", "binomial"])
def test_clusters_change_no_mean(name):
    """Of wijken of 40 people and more; to first order for a binomial."""
    values = example_study(areas=60, gemeenten=8, regions=2).model_dump(mode="json", exclude_none=True)
    values["model"] |= {"overdispersion": 1.5, "family": name}
    counts, family = interpret_counts(example_areas(study_from(values))), family_named(name)
    effect, share = cluster_effect(counts), crude_share(counts)
    chosen = counts.population >= 40
    predictor, variance = family.link.predictor(share) + effect.mean[chosen], effect.variance[chosen]
    assert np.allclose(family.marginal_mean(predictor, variance), share, rtol=1e-12 if name == "poisson" else 0.02)
    assert not np.allclose(family.marginal_mean(predictor - effect.mean[chosen], variance), share, rtol=0.03)


@pytest.mark.parametrize("family", ["poisson", "binomial"])
def test_nothing_is_said_of_a_wijk_that_nobody_counted(family):
    """Where few are expected, or none is counted, an effect that is skewed is no reason to call use lower."""
    study = example_study(areas=150, gemeenten=15, regions=3)
    values = study.model_dump(mode="json", exclude_none=True) | {"determinants": []}
    values["model"] |= {"overdispersion": 5, "family": family}
    values["inference"] |= {"engine": "laplace", "fallback": "none"}
    table, rng = example_areas(study_from(values)), np.random.default_rng(3)
    people = table.population.to_numpy().copy()
    people[:30] = np.repeat([2, 15], 15)
    drawn = rng.poisson(people * 0.02)
    published = pd.Series(np.where(drawn < 10, ".", drawn.astype(str)), table.codes)
    population = pd.Series(people, table.codes)
    other = replace(table, published=published, population=population, without_count=frozenset())
    fitted = fit_model(build_model(interpret_counts(other)))
    assert (verdicts(fitted).classes.iloc[:30] == "inconclusive").all()
    ratio = use(fitted).samples[:, :30].mean() / expected(fitted).samples[:, :30].mean()
    assert ratio == pytest.approx(1, abs=0.15)


def test_determinants_are_told_apart_from_clusters(fit):
    """What a block adds is a slope times what is in it, and no slope is far from that of the country."""
    slopes = country_average(fit).slopes
    assert slopes.min() > 0
    assert slopes.max() < 1


@pytest.mark.parametrize("together", [1, 2])
def test_it_is_estimated(together):
    """Of people who are in care in twos it is 2, of others 1."""
    study = example_study(areas=600, gemeenten=60, regions=6)
    values = study.model_dump(mode="json", exclude_none=True) | {"determinants": []}
    values["model"] |= {"overdispersion": "estimated", "family": "poisson"}
    values["inference"] |= {"engine": "laplace", "fallback": "none"}
    table, rng = example_areas(study_from(values)), np.random.default_rng(3)
    people = table.population.to_numpy()
    rate = people * np.exp(-2 + rng.normal(0, 0.08, len(table)))
    drawn = together * rng.poisson(rate / together)
    published = pd.Series(np.where(drawn < 10, ".", drawn.astype(str)), table.codes)
    fitted = fit_model(build_model(interpret_counts(replace(table, published=published, without_count=frozenset()))))
    assert fitted.diagnostics.converged
    mean, sd = (float(getattr(fitted.posterior["excess_dispersion"], name)()) for name in ("mean", "std"))
    assert abs(1 + mean - together) < 3 * sd < 1
    assert (mean > 3 * sd) == (together > 1)


def test_families_with_a_dispersion_of_their_own_estimate_that():
    values = invented_fit(family="beta-binomial").study.model_dump(mode="json", exclude_none=True)
    values["model"] |= {"overdispersion": "estimated"}
    model = study_from(values).model
    assert not model.estimates_overdispersion
    assert model.excess_dispersion == 0


@pytest.mark.parametrize("family", ["negative-binomial", "beta-binomial", "normal-share"])
def test_it_needs_an_effect_of_the_area(family):
    values = invented_fit().study.model_dump(mode="json", exclude_none=True)
    values["model"] |= {"overdispersion": 1.2, "family": family, "area_effect": "normal"}
    with pytest.raises(StudyError, match=f"overdispersion: {family} has a dispersion of its own"):
        study_from(values)


def test_it_is_one_of_all_years(world_of_years):
    counts, _truth = world_of_years((2021, 2022), areas=60, model={"overdispersion": "estimated"})
    fitted = fit_years(counts)
    assert fitted.diagnostics.converged
    excess = fitted.joint.posterior["excess_dispersion"]
    for index, year in enumerate(fitted):
        one, rows = fitted[year], fitted.joined.rows(index)
        assert one.posterior["excess_dispersion"].equals(excess)
        of_joint = build_model(fitted.joint.counts, fitted.joint.design, fitted.time).clusters
        assert np.allclose(cluster_effect(one.counts), np.array(of_joint)[:, rows])
        total = use(one).samples @ np.ones(len(one.counts))
        assert np.allclose(expected(one, "gemeente").samples.sum(axis=-1), total, rtol=1e-9)


def test_each_outcome_has_its_own(world_of_outcomes):
    counts, _truth = world_of_outcomes(areas=100, gemeenten=14, regions=3, overdispersion="estimated")
    fitted = fit_outcomes(counts)
    assert fitted.diagnostics.converged
    model = outcomes_model(fitted.joined)
    for name in fitted:
        one, rows = fitted[name], fitted.joined.rows(name)
        own = fitted.joint.posterior[f"excess_dispersion_{name}"]
        assert one.posterior["excess_dispersion"].equals(own.rename("excess_dispersion"))
        assert np.allclose(cluster_effect(one.counts), np.array(model.clusters)[:, rows])
        assert {model.area_parameters[at] for at in model.excess_at[rows]} == {f"excess_dispersion_{name}"}


@pytest.mark.parametrize("said", [0.9, 11, "yes", "1.3", float("nan")])
def test_what_it_cannot_be_is_refused_once(said):
    values = invented_fit().study.model_dump(mode="json", exclude_none=True)
    values["model"] |= {"overdispersion": said}
    with pytest.raises(StudyError, match=f'overdispersion: found {said}, which is neither "estimated" nor a number'):
        study_from(values)
