"""The area's own effect is drawn from its exact distribution given its count and all else."""

import numpy as np
import pytest
from scipy import stats
from scipy.special import logsumexp

from bayesmodel.logp.quadrature import gauss_hermite, variance_and_dispersion
from bayesmodel.logp.sample_area_effects import sample_area_effects
from bayesmodel.model.array_backend import Numpy
from bayesmodel.model.families.family import log_interval
from bayesmodel.model.priors import SPECIAL_RATIO

DRAWS = 4000
RULE = gauss_hermite(15)
"""Enough nodes for the probability that an area is special."""


WIDE, MORE = 2.0, 25.0
"""How many times the sd of the areas, and the variance of missing determinants, that the test of draws takes."""


def drawn(world, draws, seed=9, wide=1.0, more=1.0, approx=None, each=map, parts=2):
    """Draws of all predictors with the areas' own effects, in two parts where the family has them."""
    eta, params = np.tile(world.eta, (draws, 1)), np.tile(world.params[:parts], (draws, 1))
    params[:, 0] *= wide
    variance = np.tile(more * world.variance, (draws, 1))
    arrays = world.arrays._replace(parts=min(parts, world.arrays.parts))
    sample_area_effects(arrays, approx or world.approx, RULE, params, variance, eta, seed, each)
    return eta


@pytest.mark.parametrize(
    ("family", "random"),
    [
        *(("binomial", False), ("poisson", False), ("negative-binomial", False), ("beta-binomial", False)),
        *(("poisson", True), ("beta-binomial", True)),
    ],
)
def test_draws_have_the_exact_distribution(world, family, random):
    """Against the distribution function on a fine grid; by chance one in 10,000 tests of 6 areas would fail."""
    here = world(family, random=random)
    arrays, counts, middle = here.arrays, here.built.counts, here.eta
    eta = drawn(here, DRAWS, wide=WIDE, more=MORE)
    looked_at = 0
    for i in np.flatnonzero(
        here.built.design.incomplete if not here.built.family.area_effect else np.ones(len(counts))
    )[:6]:
        parts = []
        for part, share in enumerate((1 - here.params[1], here.params[1]) if len(here.params) > 1 else (1.0,)):
            scale = WIDE * here.params[0] * (SPECIAL_RATIO if part else 1.0)
            own, dispersion = variance_and_dispersion(arrays, scale, MORE * here.variance[arrays.pattern[i]])
            parts.append((share, own))
        v = middle[i] + np.linspace(-9, 9, 6001) * np.sqrt(max(own for _, own in parts))
        density = logsumexp(
            [np.log(share / np.sqrt(own)) - (v - middle[i]) ** 2 / (2 * own) for share, own in parts], axis=0
        )
        if counts.observed[i]:
            window = np.full((2, len(v)), [[counts.lower[i]], [counts.upper[i]]])
            people = np.full(len(v), counts.population[i])
            weights = np.tile(counts.weights[i], (len(v), 1)) if random else None
            spread = np.full(len(v), dispersion)
            density += log_interval(Numpy(), here.built.family, tuple(window), people, v, spread, weights)
        share = np.cumsum(np.exp(density - density.max()))
        found = stats.kstest(np.interp(eta[:, i], v, share / share[-1]), "uniform")
        assert found.pvalue > 2e-5
        looked_at += 1
    assert looked_at == 6


@pytest.mark.parametrize("away", [-6.0, 6.0])
def test_a_bad_first_guess_ends_at_the_same_draws(world, away):
    """Where centres are far off, tangents there would hardly ever let a draw pass, or have no end.

    In one part: which part an area is of rests on the quadrature around the same centres, which is checked by itself.
    """
    here, draws = world("poisson"), 2000
    misled = here.approx._replace(linear_term=here.approx.linear_term + away * here.approx.information)
    right, wrong = (
        drawn(here, draws, wide=WIDE, more=MORE, approx=approx, parts=1) for approx in (here.approx, misled)
    )
    away = (right.mean(axis=0) - wrong.mean(axis=0)) / (right.std(axis=0) * np.sqrt(2 / draws))
    assert np.abs(away).max() < 4.5  # 48 areas: by chance one in 3,000
    assert np.allclose(right.std(axis=0), wrong.std(axis=0), rtol=0.11)  # 4.5 of its error too


def test_an_area_without_an_effect_keeps_its_predictor(world):
    here = world("beta-binomial", "few", missing=False)
    assert np.array_equal(drawn(here, 1)[0], here.eta)


def test_blocks_of_areas_have_streams_of_their_own(world):
    """The same seed gives the same draws, whatever number of threads works on it; another seed others."""
    here = world()
    once, again, other = (drawn(here, 5, seed) for seed in (1, 1, 2))
    assert np.array_equal(once, again)
    assert not np.array_equal(once, other)
    assert np.array_equal(drawn(here, 5, 1, each=lambda f, firsts: map(f, reversed(firsts))), once)
