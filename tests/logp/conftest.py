"""A small problem of every kind, listened to away from where its quadrature is centred."""

from dataclasses import replace

import numpy as np
import pytest

from bayesmodel.data import Status
from bayesmodel.data.publication import window_weights
from bayesmodel.logp.density import density_of
from bayesmodel.model.build import build_model
from bayesmodel.study.parts import Publication


class World:
    """An invented model with predictors, parameters of the areas and missing variance of some position."""

    def __init__(self, counts):
        """Build it."""
        self.built = build_model(counts)
        density = density_of(self.built)
        self.arrays, self.approx = density.arrays, density.approx
        self.eta, self.params, self.variance = density.eval_point(density.start(seed=3))
        self.params[0] *= 1.4
        self.params[1:] = 0.15  # often special enough for either part to matter


def rounded_at_random(counts):
    """The same counts, those with a window of five rounded at random to a multiple of three, others hidden under 10."""
    rule = Publication(hidden_below=10, rounded_to=3, rounding="random", hidden_when="after rounding")
    middle = (counts.lower + counts.upper) // 2
    upper = np.where(counts.status == Status.SUPPRESSED, np.minimum(counts.population, 11), counts.upper)
    lower = np.maximum(np.where(counts.status == Status.ROUNDED, middle - 2, counts.lower), 0)
    weights = window_weights(middle, lower, upper, counts.status, rule)
    return replace(counts, lower=lower, upper=upper, weights=weights)


@pytest.fixture(scope="session", name="rounded_at_random")
def rounded_at_random_fixture():
    """The function that does so."""
    return rounded_at_random


@pytest.fixture(scope="session", name="world")
def world_fixture(invented_counts):
    """The function that makes a world, each kind once."""
    made = {}

    def world(family="binomial", levels="few", missing=True, random=False):
        key = (family, levels, missing, random)
        if key not in made:
            counts = invented_counts(*key[:3])
            made[key] = World(rounded_at_random(counts) if random else counts)
        return made[key]

    return world
