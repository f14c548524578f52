"""The likelihood of whole groups: equal to integrals done the long way."""

from dataclasses import replace

import numpy as np
import pytest
from scipy import stats
from scipy.special import logsumexp

from bayesmodel.checks.group_loglik import chain_of, grids_of, group_loglik, over_effect
from bayesmodel.errors import ComparisonError
from bayesmodel.estimates.arviz_groups import area_loglik
from bayesmodel.estimates.linear_predictor import flat, group_of, thinned, without_own_effect
from bayesmodel.testing import invented_fit

DENSE = np.linspace(-0.7, 0.7, 36)


@pytest.mark.parametrize("width", [0.02, 0.1, 3.0])
@pytest.mark.parametrize("sd", [0.001, 0.05, 0.3, 1.0])
@pytest.mark.parametrize("centre", [0.0, 0.05])
def test_an_effect_is_integrated_whatever_its_sd(width, sd, centre):
    """A likelihood far sharper than the effect, far flatter, and both alike; the grid is where the posterior is."""

    def loglik(t):
        return -0.5 * ((t - 0.04) / width) ** 2 + 0.3 * np.tanh(t)

    usual = max(sd, 0.05)  # a draw may have a far smaller sd than most
    spread = 1 / np.sqrt(width**-2 + usual**-2)
    points = 0.04 / width**2 * spread**2 + spread * np.arange(-6, 6.1, 0.4)
    found = over_effect(loglik(points)[None], points, np.array([sd]), np.array([centre]))[0, 0]
    fine = np.linspace(min(points[0], centre - 9 * sd), max(points[-1], centre + 9 * sd), 400_001)
    exact = np.log(np.trapezoid(np.exp(loglik(fine)) * stats.norm.pdf(fine, centre, sd), fine))
    assert found == pytest.approx(exact, abs=5e-3)


def the_long_way(fit, level):
    """Return the log-likelihood of the first group of a level, every effect on a dense grid of its own."""
    every, loglik = np.arange(len(fit.counts)), area_loglik(fit)
    rows = group_of(fit, level, every)[fit.counts.informative] == 0
    inner = group_of(fit, "gemeente", every)[fit.counts.informative][rows]
    base = without_own_effect(fit, every) - flat(fit, "effect_gemeente")[:, group_of(fit, "gemeente", every)]
    if level == "regio":
        base -= flat(fit, "effect_regio")[:, group_of(fit, "regio", every)]

    def gemeenten(away):
        """Of all gemeenten together, given the effect of the region (sample,)."""
        values = np.stack([loglik(base + away + t)[:, rows] for t in DENSE], axis=-1)
        density = stats.norm.logpdf(DENSE, 0, flat(fit, "sd_gemeente")[:, None]) + np.log(DENSE[1] - DENSE[0])
        return sum(logsumexp(values[:, inner == each].sum(axis=1) + density, axis=1) for each in np.unique(inner))

    if level == "gemeente":
        return gemeenten(0.0)
    density = stats.norm.logpdf(DENSE, 0, flat(fit, "sd_regio")[:, None]) + np.log(DENSE[1] - DENSE[0])
    return logsumexp(np.stack([gemeenten(v) for v in DENSE], axis=-1) + density, axis=1)


@pytest.mark.parametrize("level", ["gemeente", "regio"])
def test_groups_are_integrated_as_the_long_way(level):
    whole = invented_fit("poisson", areas=12)
    few = thinned(whole, 3)
    found = group_loglik(few, grids_of(whole, level))
    np.testing.assert_allclose(found[:, 0], the_long_way(few, level), atol=2e-3)


@pytest.mark.parametrize("family", ["binomial", "beta-binomial", "negative-binomial", "normal-share"])
def test_every_family_has_groups(family):
    fit = thinned(invented_fit(family, areas=12), 50)
    found = group_loglik(fit, grids_of(fit, "regio"))
    assert found.shape == (len(flat(fit, "intercept")), 2)
    assert np.isfinite(found).all()


def test_the_draws_of_what_is_left_out_do_not_matter():
    """Its effects are integrated: those of the posterior have seen its counts."""
    fit = thinned(invented_fit("poisson", areas=12), 50)
    grids = grids_of(fit, "gemeente")
    tree = fit.tree.copy(deep=True)
    tree["posterior"]["effect_gemeente"] = tree["posterior"]["effect_gemeente"] + 1.0
    np.testing.assert_allclose(group_loglik(replace(fit, tree=tree), grids), group_loglik(fit, grids), atol=1e-9)


def test_two_levels_in_one_are_refused(monkeypatch):
    fit = invented_fit()
    within = {"gemeente": "regio", "team": "regio", "regio": None}
    monkeypatch.setattr(type(fit.study), "effects_within", property(lambda _study: within))
    with pytest.raises(ComparisonError, match="gemeente, team"):
        chain_of(fit, "regio")
