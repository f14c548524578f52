"""A small problem of every kind, ready for Laplace."""

import numpy as np
import pytest

from bayesmodel.laplace.joint import log_joint
from bayesmodel.laplace.problem import problem_of
from bayesmodel.logp.predictor import missing_variances
from bayesmodel.model.build import build_model


class World:
    """An invented model, with a position of the field and sds away from any mode."""

    def __init__(self, counts):
        """Build it."""
        self.built = build_model(counts)
        problem, unit = problem_of(self.built), self.built.hyperprior.unit
        self.problem, self.model, rng = problem, problem.model, np.random.default_rng(3)
        self.sds = unit * rng.uniform(0.8, 1.6, len(unit))
        self.position = problem.start + rng.normal(0, 0.1, len(problem.start))

    def joint(self, position=None):
        """The log-density there, or at another position."""
        return log_joint(self.model, self.sds, self.position if position is None else position)

    def variance(self):
        """What missing determinants leave, per pattern."""
        return missing_variances(self.model.arrays, self.joint().beta[None])[0]


@pytest.fixture(scope="session", name="world")
def world_fixture(invented_counts):
    """The function that makes a world, each kind once."""
    made = {}

    def world(family="binomial", levels="few", missing=True, **model):
        key = repr((family, levels, missing, model))
        if key not in made:
            made[key] = World(invented_counts(family, levels, missing, **model))
        return made[key]

    return world
