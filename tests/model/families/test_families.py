"""Families: ratios are quotients of the pmf, draws follow it, rates given a count are conjugate."""

from typing import get_args

import numpy as np
import pytest
from scipy import integrate, special, stats

from bayesmodel.errors import UnknownNameError
from bayesmodel.logp.arrays import FAMILY_CODES
from bayesmodel.model.array_backend import Numpy
from bayesmodel.model.describe import COUNTS
from bayesmodel.model.families import FAMILIES, family_named
from bayesmodel.model.links import Identity, Log, Logit
from bayesmodel.study.parts import FamilyName
from bayesmodel.tables.workbook.guide import FAMILIES as READERS

ETA = {"logit": -2.2, "log": -2.2, "identity": 0.11}


def dispersion_of(family):
    """A plausible dispersion: an sd of shares, or a relative one."""
    return 0.04 if family.gaussian else 0.3


def pmf(family, k, people):
    """Probability of counts at about a tenth of the people."""
    return np.exp(family.log_pmf(Numpy(), k, people, ETA[family.link.name], dispersion_of(family)))


def test_a_ratio_is_the_quotient_of_neighbours(family):
    k, eta, dispersion = np.arange(1, 41), ETA[family.link.name], dispersion_of(family)
    assert np.allclose(family.ratio(Numpy(), k, 60, eta, dispersion), pmf(family, k, 60) / pmf(family, k - 1, 60))


ORACLES = {
    "binomial": stats.binom(60, special.expit(-2.2)),
    "poisson": stats.poisson(60 * np.exp(-2.2)),
    "negative-binomial": stats.nbinom(1 / 0.09, 1 / (1 + 0.09 * 60 * np.exp(-2.2))),
    "beta-binomial": stats.betabinom(60, special.expit(-2.2) / 0.09, special.expit(2.2) / 0.09),
}


@pytest.mark.parametrize("name", sorted(ORACLES))
def test_the_pmf_is_that_of_scipy(name):
    k = np.arange(61)
    assert np.allclose(pmf(FAMILIES[name], k, 60), ORACLES[name].pmf(k), rtol=1e-10)


def test_a_normal_share_is_a_rounded_normal():
    k, edges = np.arange(1, 60), np.arange(1, 61) - 0.5
    assert np.allclose(
        pmf(FAMILIES["normal-share"], k, 60), np.diff(stats.norm.cdf(edges / 60, 0.11, 0.04)), atol=1e-12
    )


@pytest.mark.parametrize("window", [(0, 9), (4, 8), (3, 40), (0, 60)])
def test_drawn_counts_follow_the_pmf_within_their_window(family, window):
    lower, upper = window
    draws = 20_000
    eta, dispersion = np.full(draws, ETA[family.link.name]), np.full(draws, dispersion_of(family))
    drawn = family.draw_count(np.random.default_rng(4), window, 60, eta, dispersion)
    assert drawn.shape == (draws,)
    assert np.issubdtype(drawn.dtype, np.integer)
    assert drawn.min() >= lower
    assert drawn.max() <= upper
    k = np.arange(lower, upper + 1)
    chance = pmf(family, k, 60)
    expected = draws * chance / chance.sum()
    # counts expected under ten times are taken together, as a chi-square test asks
    rare = expected < 10
    observed = np.bincount(drawn - lower, minlength=len(k))
    table = [np.append(values[~rare], values[rare].sum() + 1e-6) for values in (observed, expected)]
    assert stats.chisquare(table[0], table[1] * table[0].sum() / table[1].sum()).pvalue > 0.005


@pytest.mark.parametrize("lowest", [20, 60])
def test_draws_of_a_window_up_to_everyone_follow_the_pmf(family, lowest, monkeypatch):
    """Most of them drawn without it, the others within: in several parts, as memory asks."""
    monkeypatch.setattr("bayesmodel.model.families.family.AT_ONCE", 100_000)
    people, draws = 400, 20_000
    eta, dispersion = np.full(draws, ETA[family.link.name]), np.full(draws, dispersion_of(family))
    drawn = family.draw_count(np.random.default_rng(7), (lowest, people), people, eta, dispersion)
    chance = pmf(family, np.arange(lowest, people + 1), people)
    below = np.cumsum(chance) / chance.sum()
    for share in (0.1, 0.5, 0.9):
        count = int(np.searchsorted(below, share))
        assert (drawn <= lowest + count).mean() == pytest.approx(below[count], abs=0.015)
    assert drawn.min() >= lowest


def test_no_more_people_are_drawn_than_there_are(family):
    eta = np.full(2_000, family.link.predictor(0.6))
    drawn = family.draw_count(np.random.default_rng(6), (0, 3), 3, eta, np.full(2_000, 0.3))
    assert set(drawn) == {0, 1, 2, 3}


def test_a_known_count_is_drawn_as_it_is(family):
    eta = np.full(5, ETA[family.link.name])
    assert (family.draw_count(np.random.default_rng(1), (7, 7), 60, eta, np.full(5, 0.3)) == 7).all()


CONJUGATE = {
    "binomial": special.expit(-2.2),
    "poisson": np.exp(-2.2),
    "negative-binomial": (1 / 0.09 + 12) / (1 / 0.09 / np.exp(-2.2) + 60),
    "beta-binomial": (special.expit(-2.2) / 0.09 + 12) / (1 / 0.09 + 60),
    "normal-share": 12 / 60,
}


def test_the_rate_given_a_count_has_its_conjugate_mean(family):
    eta, dispersion = np.full(20_000, ETA[family.link.name]), np.full(20_000, dispersion_of(family))
    count = np.full(20_000, 12)
    rates = family.draw_rate(np.random.default_rng(2), count, np.full(20_000, 60), eta, dispersion)
    # four standard errors
    assert rates.mean() == pytest.approx(CONJUGATE[family.name], abs=4 * rates.std() / np.sqrt(20_000) + 1e-12)


@pytest.mark.parametrize("link", [Logit(), Log(), Identity()], ids=lambda link: link.name)
@pytest.mark.parametrize("sd", [0.1, 0.4, 1.0])
def test_the_marginal_mean_is_the_integral(link, sd):
    def weighted(e):
        return link.mean(-2.2 + e) * stats.norm.pdf(e, 0, sd)

    exact, _ = integrate.quad(weighted, -12 * sd, 12 * sd)
    found = link.marginal_mean(np.array([-2.2]), np.array([sd**2]))[0]
    assert found == pytest.approx(exact, rel=1e-5 if link.name == "logit" else 1e-8)


@pytest.mark.parametrize("link", [Logit(), Log(), Identity()], ids=lambda link: link.name)
def test_variances_by_kind_are_those_of_each_area(link):
    rng = np.random.default_rng(4)
    eta, variance, kind = rng.normal(-2, 1, (6, 5)), rng.random((6, 3)), np.array([2, 0, 0, 1, 2])
    assert np.allclose(link.marginal_mean(eta, variance, kind), link.marginal_mean(eta, variance[:, kind]))


@pytest.mark.parametrize("eta", [-800.0, 800.0])
def test_a_share_far_out_is_zero_or_one(eta):
    certain = float(eta > 0)
    assert Logit().mean(np.array([eta])) == pytest.approx([certain])
    assert Logit().marginal_mean(np.array([eta]), np.array([0.2])) == pytest.approx([certain])


@pytest.mark.parametrize("link", [Logit(), Log(), Identity()], ids=lambda link: link.name)
def test_links_go_there_and_back(link):
    eta = link.predictor(0.13)
    assert link.mean(np.array(eta)) == pytest.approx(0.13)
    slope = (link.mean(np.array(eta + 1e-6)) - link.mean(np.array(eta - 1e-6))) / 2e-6
    assert link.slope(0.13) == pytest.approx(slope, rel=1e-6)
    assert link.marginal_mean(np.array([eta]), np.zeros(1)) == pytest.approx(0.13)


def test_a_misspelt_family_gets_help():
    with pytest.raises(UnknownNameError, match="Did you mean binomial"):
        family_named("binomal")


def test_every_family_is_known_wherever_families_are_named():
    """In the study file, in the equations of the model, to readers of the workbook, and to compiled code."""
    assert set(get_args(FamilyName)) == set(FAMILIES) == set(COUNTS) == set(READERS) == set(FAMILY_CODES)


@pytest.mark.parametrize("name", ["negative-binomial", "poisson"])
def test_no_more_people_use_care_than_there_are(name):
    """Draws of a count of which nothing is known stay within the people, also where the family has no bound."""
    family, n = FAMILIES[name], 300
    drawn = family.draw_count(np.random.default_rng(1), (0, n), n, np.full(20_000, np.log(0.4)), np.full(20_000, 0.6))
    assert drawn.max() <= n
    k = np.arange(n + 1)[:, None]
    weight = np.exp(family.log_pmf(Numpy(), k, n, np.array([np.log(0.4)]), np.array([0.6])))[:, 0]
    assert drawn.mean() == pytest.approx((weight / weight.sum()) @ k[:, 0], rel=0.01)
