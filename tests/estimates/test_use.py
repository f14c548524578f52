"""Use: known counts as they are, hidden ones drawn from their exact distribution."""

from dataclasses import replace

import numpy as np
import pytest
import xarray as xr
from scipy import special, stats

from bayesmodel.errors import UnknownNameError
from bayesmodel.estimates.linear_predictor import flat
from bayesmodel.estimates.use import use
from bayesmodel.testing import invented_fit


def test_draws_stay_within_what_was_published(any_fit):
    counts = use(any_fit, "actual").samples
    assert np.issubdtype(counts.dtype, np.integer)
    assert (counts >= any_fit.counts.lower).all()
    assert (counts <= any_fit.counts.upper).all()


def test_a_known_count_is_repeated(any_fit):
    known = any_fit.counts.lower == any_fit.counts.upper
    assert (use(any_fit, "actual").samples[:, known] == any_fit.counts.lower[known]).all()


def test_hidden_counts_follow_the_truncated_distribution():
    fit = invented_fit(draws=10_000)
    eta = flat(fit, "linear_predictor")[:, 2]
    drawn = use(fit, "actual").samples[:, 2]
    support = np.arange(10)
    pmf = stats.binom.pmf(support, 60, special.expit(eta)[:, None])
    pmf /= pmf.sum(axis=1, keepdims=True)
    observed = np.bincount(drawn, minlength=10)
    # 40,000 draws: a shift of 1 in 20 draws by one person gives a p-value of 0.007
    assert stats.chisquare(observed, pmf.sum(axis=0)).pvalue > 0.01


def test_hidden_counts_go_with_their_rate():
    fit = invented_fit(draws=1000)
    rates, counts = use(fit, "underlying").samples[:, 2], use(fit, "actual").samples[:, 2]
    assert np.corrcoef(rates, counts)[0, 1] > 0.2


def test_draws_are_the_same_at_every_call(any_fit):
    for of in ("actual", "underlying"):
        xr.testing.assert_identical(use(any_fit, of).draws, use(any_fit, of).draws)


def test_another_seed_gives_other_draws(fit):
    inference = fit.study.inference.model_copy(update={"seed": 1})
    study = fit.study.model_copy(update={"inference": inference})
    other = replace(fit, counts=replace(fit.counts, areas=replace(fit.counts.areas, study=study)))
    assert (use(fit, "actual").samples[:, 2] != use(other, "actual").samples[:, 2]).any()


def test_the_underlying_share_is_that_at_the_linear_predictor(fit):
    share = use(fit, "underlying", "share").samples
    people = fit.counts.population > 0
    assert np.allclose(share[:, people], special.expit(flat(fit, "linear_predictor"))[:, people])
    assert np.isnan(share[:, ~people]).all()


def test_the_rate_of_an_integrated_family_lies_between_model_and_count():
    """The beta-binomial's rate given the count has mean (a + y) / (a + b + n)."""
    fit = invented_fit("beta-binomial", draws=2500)
    shift = fit.tree["posterior"].dataset["linear_predictor"] * 0 - 3.0
    fit = replace(fit, tree=xr.DataTree.from_dict({"posterior": fit.posterior.assign(linear_predictor=shift)}))
    size, mean = 1 / flat(fit, "dispersion") ** 2, special.expit(-3.0)
    expected_mean = ((size * mean + 46) / (size + 400)).mean()
    rates = use(fit, "underlying", "share").samples[:, 0]
    assert rates.mean() == pytest.approx(expected_mean, abs=4 * rates.std() / 100)


def test_missing_determinants_widen_what_a_normal_share_predicts():
    fit = invented_fit("normal-share", draws=2500)
    own, beta = flat(fit, "dispersion"), flat(fit, "beta")
    drawn = use(fit, "actual").samples[:, 5] - 200 * flat(fit, "linear_predictor")[:, 5]
    # 0.1 for rounding to whole people, 1.4 % is two standard errors of an sd from 10,000 draws
    assert drawn.std() == pytest.approx(200 * np.sqrt((own**2 + 0.8 * beta[:, 1] ** 2).mean()), rel=0.014)


def test_the_share_of_a_count(any_fit):
    people = any_fit.counts.population
    count, share = use(any_fit, "actual").samples, use(any_fit, "actual", "share").samples
    assert np.allclose(share[:, people > 0] * people[people > 0], count[:, people > 0])
    assert np.isnan(share[:, people == 0]).all()


def test_an_unknown_use_gets_help(fit):
    with pytest.raises(UnknownNameError, match="Did you mean actual"):
        use(fit, "actuel")
