"""Groups of ArviZ: the likelihood of windows, replicates published like the data, and ArviZ runs on them."""

import arviz as az
import numpy as np
import pytest
from scipy import special, stats

from bayesmodel import build_model, draw_prior, fit_model, load_fit
from bayesmodel.data import Status
from bayesmodel.errors import UnknownNameError
from bayesmodel.estimates.arviz_groups import GROUPS, with_groups
from bayesmodel.estimates.linear_predictor import residual_variance_of
from bayesmodel.testing import invented_fit


def telling(counts):
    """Which counts are no window of everything."""
    return counts.observed & ~((counts.lower == 0) & (counts.upper == counts.population))


@pytest.fixture(scope="module")
def grouped(any_fit):
    """A fit with all groups."""
    return any_fit.with_groups()


def test_the_likelihood_is_that_of_the_window_averaged_over_the_area_effect():
    fit = invented_fit()
    found = with_groups(fit, "log_likelihood").tree["log_likelihood"]["published"].to_numpy().reshape(1000, -1)
    posterior, counts = fit.posterior.stack(sample=("chain", "draw")), fit.counts
    missing, pattern = residual_variance_of(fit, np.arange(len(counts)))
    nodes = np.linspace(-8, 8, 801)
    for draw in (0, 421, 999):
        here = posterior.isel(sample=draw)
        for column, i in enumerate(np.flatnonzero(telling(counts))):
            eta = float(here["intercept"]) + fit.design.x[i] @ here["beta"].to_numpy()
            for level in fit.study.effect_names:
                code = counts.areas.levels[level].iloc[i]
                eta += float(here[f"effect_{level}"].sel({level: code}))
            sd = np.sqrt(float(here["sd_wijk"]) ** 2 + missing[draw, pattern[i]])
            k = np.arange(counts.lower[i], counts.upper[i] + 1)[:, None]
            chance = stats.binom.pmf(k, counts.population[i], special.expit(eta + sd * nodes)).sum(axis=0)
            expected = np.log(np.sum(chance * stats.norm.pdf(nodes)) * 0.02)
            assert found[draw, column] == pytest.approx(expected, abs=2e-3)


def test_areas_without_a_count_are_left_out_and_codes_stay_with_their_values(grouped):
    counts = grouped.counts
    codes = list(counts.areas.codes[telling(counts)])
    assert len(codes) == 5
    for name in ("observed_data", "posterior_predictive", "log_likelihood"):
        assert list(grouped.tree[name]["wijk"].to_numpy()) == codes
    published = grouped.tree["observed_data"]["published"].to_series()
    exact = counts.status == Status.EXACT
    assert np.array_equal(published[counts.areas.codes[exact]], counts.lower[exact])


def test_replicates_are_published_like_the_data(fit):
    drawn = with_groups(fit, "posterior_predictive").tree["posterior_predictive"]["published"].to_numpy()
    people, limit = fit.counts.population[telling(fit.counts)], fit.study.publication.hidden_below
    middle = np.minimum(limit - 1, people) / 2
    assert ((drawn >= limit) | (drawn == middle)).all()
    assert (drawn == middle).any()
    assert (drawn >= limit).any()
    again = with_groups(fit, "posterior_predictive").tree["posterior_predictive"]["published"]
    assert np.array_equal(drawn, again)


def test_replicates_lie_around_what_is_expected():
    fit = invented_fit(areas=40)
    drawn = with_groups(fit, "posterior_predictive").tree["posterior_predictive"]["published"]
    people = fit.counts.population[telling(fit.counts)]
    means = fit.family.mean(fit.posterior["linear_predictor"].to_numpy())[..., telling(fit.counts)] * people
    large = means.mean(axis=(0, 1)) > 40
    assert np.allclose(drawn.mean(("chain", "draw"))[large], means.mean(axis=(0, 1))[large], rtol=0.03)


def test_the_prior_is_the_one_that_is_drawn_from(fit):
    """An exponential density with the mean of prior draws of the sd, a normal one with their mean and sd."""
    tree, posterior = with_groups(fit, "log_prior").tree["log_prior"], fit.posterior
    prior = draw_prior(build_model(fit.counts, fit.design), draws=4000, seed=1)["prior"]
    for name in ("sd_gemeente", "sd_regio", "sd_wijk"):
        expected = stats.expon(scale=float(prior[name].mean())).logpdf(posterior[name])
        assert np.allclose(tree[name], expected, atol=0.15)
    for name in ("intercept", "beta"):
        expected = stats.norm(float(prior[name].mean()), float(prior[name].std())).logpdf(posterior[name])
        assert np.allclose(tree[name], expected, atol=0.15)


def test_the_prior_covers_every_sd_of_a_model_with_space(invented_counts):
    """That of space once was not among them, so that nothing could be said of how much rests on its prior."""
    counts = invented_counts("poisson", missing=False, area_effect="two-part", space={"neighbours": "pairs.csv"})
    inference = counts.study.inference.model_copy(update={"engine": "laplace", "fallback": "none", "draws": 50})
    made = fit_model(build_model(counts.with_study(counts.study.model_copy(update={"inference": inference}))))
    tree = with_groups(made, "log_prior").tree["log_prior"]
    sds = {str(name) for name in made.posterior if str(name).startswith("sd_")}
    assert {"sd_space", "special_share", *sds} <= set(tree)
    prior = build_model(counts).hyperprior
    value = float(tree["sd_space"][0, 0] - tree["sd_space"][0, 1])
    apart = float(made.posterior["sd_space"][0, 1] - made.posterior["sd_space"][0, 0])
    assert value == pytest.approx(apart * prior.rates[len(build_model(counts).terms) - 1])


@pytest.mark.filterwarnings("ignore")
def test_arviz_runs_on_them(grouped):
    loo = az.loo(grouped.tree)
    assert np.isfinite(loo.elpd)
    assert loo.n_data_points == telling(grouped.counts).sum()
    sensitivity = az.psense_summary(grouped.tree, var_names=["intercept"])
    assert np.isfinite(sensitivity["prior"].astype(float)).all()


def test_one_group_can_be_asked_for_and_an_unknown_one_is_named(fit):
    assert set(with_groups(fit, "log_prior").tree.children) == {*fit.tree.children, "log_prior"}
    with pytest.raises(UnknownNameError, match="log_likelihood"):
        with_groups(fit, "loglikelihood")
    assert set(GROUPS) <= set(fit.with_groups().tree.children)


def test_groups_do_not_get_in_the_way_of_saving(fit, tmp_path):
    with_groups(fit).save(tmp_path / "fit.nc")
    assert load_fit(tmp_path / "fit.nc").posterior.equals(fit.posterior)
