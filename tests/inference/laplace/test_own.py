"""The area's own effect is drawn from its exact distribution given its count and all else."""

from dataclasses import replace

import numpy as np
import pytest
from scipy import stats

from bayesmodel.inference.laplace.centres import own_spread
from bayesmodel.inference.laplace.own import predictors
from bayesmodel.inference.laplace.posterior import draws_at, with_own
from bayesmodel.model.interval import log_interval
from bayesmodel.model.maths import Numpy

DRAWS = 4000


@pytest.mark.parametrize("family", ["binomial", "poisson", "negative-binomial", "beta-binomial"])
def test_draws_have_the_exact_distribution(world, family):
    """Against the distribution function on a fine grid; by chance one in 10,000 tests of 6 areas would fail."""
    here = world(family)
    forest, counts = here.model.forest, here.built.counts
    sds = np.repeat(here.sds[None], DRAWS, axis=0) * 2
    draws = draws_at(here.model, sds, np.repeat(here.position[None], DRAWS, axis=0))
    variance = np.repeat(25 * here.variance()[None], DRAWS, axis=0)
    eta = np.empty((DRAWS, len(counts)))
    predictors(here.model, sds, variance, draws.beta, draws.values, np.random.default_rng(9), 0, eta)
    middle = draws.values[0, here.model.field.group] + here.model.field.x @ draws.beta[0]
    looked_at = 0
    for i in np.flatnonzero(
        here.built.design.incomplete if not here.built.family.area_effect else np.ones(len(counts))
    )[:6]:
        own, dispersion = own_spread(forest, sds[0, -1], variance[0, forest.pattern[i]])
        v = middle[i] + np.linspace(-9, 9, 6001) * np.sqrt(own)
        density = -((v - middle[i]) ** 2) / (2 * own)
        if counts.observed[i]:
            window = np.full((2, len(v)), [[counts.lower[i]], [counts.upper[i]]])
            people = np.full(len(v), counts.population[i])
            density += log_interval(Numpy(), here.built.family, tuple(window), people, v, np.full(len(v), dispersion))
        share = np.cumsum(np.exp(density - density.max()))
        found = stats.kstest(np.interp(eta[:, i], v, share / share[-1]), "uniform")
        assert found.pvalue > 2e-5
        looked_at += 1
    assert looked_at == 6


@pytest.mark.parametrize("away", [-6.0, 6.0])
def test_a_bad_first_guess_ends_at_the_same_draws(world, away):
    """Where centres are far off, tangents there would hardly ever let a draw pass, or have no end."""
    here = world("poisson")
    sds, size = np.repeat(here.sds[None], 500, axis=0), len(here.built.counts)
    draws, variance = draws_at(here.model, sds, np.repeat(here.position[None], 500, axis=0)), here.variance()
    misled = here.model._replace(centres=here.model.centres._replace(place=here.model.centres.place + away))
    found = []
    for model in (here.model, misled):
        eta = np.empty((500, size))
        every = np.repeat(25 * variance[None], 500, axis=0)
        predictors(model, 2 * sds, every, draws.beta, draws.values, np.random.default_rng(9), 0, eta)
        found.append(eta)
    assert np.abs(found[0].mean(axis=0) - found[1].mean(axis=0)).max() < 5 * found[0].std(axis=0).max() / np.sqrt(250)


def test_an_area_without_an_effect_keeps_its_predictor(world):
    here = world("beta-binomial", "few", missing=False)
    draws = draws_at(here.model, here.sds[None], here.position[None])
    assert np.allclose(with_own(here.model, draws, 1, map)[0], here.joint().eta)


def test_blocks_of_areas_have_streams_of_their_own(world):
    """The same seed gives the same draws, whatever number of threads works on it; another seed others."""
    here = world()
    draws = draws_at(here.model, np.repeat(here.sds[None], 5, axis=0), np.repeat(here.position[None], 5, axis=0))
    once, again, other = (with_own(here.model, draws, seed, map) for seed in (1, 1, 2))
    assert np.array_equal(once, again)
    assert not np.array_equal(once, other)
    assert np.array_equal(with_own(here.model, replace(draws), 1, lambda f, firsts: map(f, reversed(firsts))), once)
