"""A small problem of every kind, listened to away from where its quadrature is centred."""

import pytest

from bayesmodel.logp.density import density_of
from bayesmodel.model.build import build_model


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


@pytest.fixture(scope="session", name="world")
def world_fixture(invented_counts):
    """The function that makes a world, each kind once."""
    made = {}

    def world(family="binomial", levels="few", missing=True):
        key = (family, levels, missing)
        if key not in made:
            made[key] = World(invented_counts(*key))
        return made[key]

    return world
