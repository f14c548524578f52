"""The marginal log-likelihood: brute force, and differences."""

import numpy as np
import pytest

from bayesmodel.logp.area_effects import choose_rule, marginal_loglik, rule_error
from bayesmodel.logp.laplace_approx import laplace_approx
from bayesmodel.logp.quadrature import EvalPoint, gauss_hermite, variance_and_dispersion
from bayesmodel.model.array_backend import Numpy
from bayesmodel.model.families.family import log_interval
from bayesmodel.model.priors import SPECIAL_RATIO


def parts_of(params):
    """The shares of ordinary and of special areas, or one of all areas."""
    return (1 - params[1], params[1]) if len(params) > 1 else (1.0,)


def by_brute_force(world):
    """The log-likelihood, each area's own effect summed over 4,001 points."""
    counts, family, arrays, eta = world.built.counts, world.built.family, world.arrays, world.eta
    total = 0.0
    for i in np.flatnonzero(counts.observed):
        mass = 0.0
        for part, share in enumerate(parts_of(world.params)):
            scale = world.params[0] * (SPECIAL_RATIO if part else 1.0)
            own, dispersion = variance_and_dispersion(arrays, scale, world.variance[arrays.pattern[i]])
            away = np.linspace(-10, 10, 4001) if own else np.zeros(1)
            v = eta[i] + away * np.sqrt(own)
            window = np.full((2, len(v)), [[counts.lower[i]], [counts.upper[i]]])
            people = np.full(len(v), counts.population[i])
            values = log_interval(Numpy(), family, tuple(window), people, v, np.full(len(v), dispersion)) - away**2 / 2
            mass += share * np.exp(values).sum() * (0.005 / np.sqrt(2 * np.pi) if own else 1.0)
        total += np.log(mass)
    return total


@pytest.mark.parametrize("missing", [False, True], ids=["complete", "missing"])
def test_the_integral_is_that_of_brute_force(world, family, missing):
    here = world(family.name, "few", missing)
    loglik = marginal_loglik(here.arrays, here.approx, gauss_hermite(31), here.eta, here.params, here.variance)
    assert loglik.total == pytest.approx(by_brute_force(here), abs=1e-6)


def test_more_nodes_change_little(world, family):
    here = world(family.name)
    totals = [
        marginal_loglik(here.arrays, here.approx, gauss_hermite(nodes), here.eta, here.params, here.variance).total
        for nodes in (7, 11, 41)
    ]
    assert abs(totals[0] - totals[2]) < 5e-3
    assert abs(totals[1] - totals[2]) < 1e-4


def test_the_fewest_nodes_are_chosen_that_are_close(world):
    """Few where effects are small; more where they are so large that few are far off."""
    here, rng, chosen = world("beta-binomial"), np.random.default_rng(1), []
    for size in (1.0, 8.0):
        places = [
            EvalPoint(here.eta + rng.normal(0, 0.1, len(here.eta)), size * here.params, size**2 * here.variance)
            for _ in range(6)
        ]
        rule = choose_rule(here.arrays, here.approx, places)
        assert rule_error(here.arrays, here.approx, rule, places) < 2e-3
        chosen.append(len(rule.nodes))
    assert chosen[0] < chosen[1]
    assert rule_error(here.arrays, here.approx, gauss_hermite(chosen[0]), places) > 2e-3


@pytest.mark.parametrize("shrunk", [1.0, 1e-3], ids=["usual", "hardly any spread"])
def test_derivatives_are_those_of_differences(world, family, shrunk):
    """With hardly any spread too: nothing in the derivatives is a small difference over a small variance."""
    here, step = world(family.name), 1e-5 * world(family.name).built.priors.scale
    arrays, variance, eta = here.arrays, here.variance * shrunk**2, here.eta
    params = here.params.copy()
    params[0] *= shrunk if family.area_effect else 1.0
    approx = laplace_approx(arrays, eta, params, variance)

    def loglik_at(eta=eta, variance=variance):
        return marginal_loglik(arrays, approx, gauss_hermite(31), eta, params, variance)

    loglik, unit = loglik_at(), here.built.priors.scale
    for i in range(0, len(eta), 5):
        move = step * (np.arange(len(eta)) == i)
        up, down = loglik_at(eta + move), loglik_at(eta - move)
        assert loglik.slope[i] == pytest.approx((up.total - down.total) / (2 * step), rel=1e-4, abs=1e-4 / unit)
        second = (up.slope[i] - down.slope[i]) / (2 * step)
        assert loglik.curvature[i] == pytest.approx(second, rel=1e-3, abs=1e-3 / unit**2)
    for p in np.flatnonzero(variance) if shrunk == 1 else []:  # there a difference itself has no digits
        move = 1e-4 * variance[p] * (np.arange(len(variance)) == p)
        slope = (loglik_at(variance=variance + move).total - loglik_at(variance=variance - move).total) / (2 * move[p])
        assert loglik.by_variance[p] == pytest.approx(slope, rel=2e-3, abs=1e-2 / unit**2)


def test_a_count_that_says_nothing_adds_nothing(world):
    here = world()
    missing = ~here.built.counts.observed
    assert missing.any()
    loglik = marginal_loglik(here.arrays, here.approx, gauss_hermite(7), here.eta, here.params, here.variance)
    assert not loglik.slope[missing].any()
    assert not loglik.curvature[missing].any()
