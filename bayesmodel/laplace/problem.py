"""A model made ready for Laplace: its counts centred, its quadrature chosen, and the evidence of any sds."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from bayesmodel.laplace.field import field_of, predictor, values_at
from bayesmodel.laplace.joint import Model, log_joint, missing_variance
from bayesmodel.laplace.mode import newton
from bayesmodel.logp.arrays import forest_of
from bayesmodel.logp.quadrature import NODES, Map, Place, centres_at, fitting_rule, rule_error, rule_of
from bayesmodel.model.build import TYPICAL_SD, BuiltModel

Floats = NDArray[np.float64]

HOPELESS = -1e10
"""Evidence of sds so large that the mode cannot be worked out."""
SETTLED = 1e-3
"""Change of a linear predictor at which a mode is found: the step that makes it leaves far less."""

ROUGH = 3
"""Quadrature nodes of a Gaussian that is only drawn from: with 5 as large a share of the draws is effective."""


@dataclass(frozen=True)
class Problem:
    """A model ready for Laplace.

    Parameters
    ----------
    model : Model
    rates : ndarray (level + 1,)
        Of the exponential priors of the sds.
    start : ndarray (D + G + 1,)
        Near the mode of the field.
    """

    model: Model
    rates: Floats
    start: Floats

    def evidence(self, sds: Floats) -> tuple[float, Floats]:
        """Return about log p(counts, sds), and the mode of the field; hopeless sds that leave no digits are told so."""
        try:
            mode = newton(self.model, np.ascontiguousarray(sds), self.start, SETTLED)
        except np.linalg.LinAlgError:
            return HOPELESS, self.start
        return mode.log_evidence + float(self.log_prior(sds)), mode.position

    def log_prior(self, sds: Floats) -> Floats:
        """Return the log-density of the sds a priori (...,)."""
        return np.asarray((np.log(self.rates) - self.rates * sds).sum(axis=-1))


def problem_of(built: BuiltModel) -> tuple[Problem, Floats]:
    """Return the problem with its counts centred at typical sds, and those sds (level + 1,)."""
    forest, field = forest_of(built), field_of(built)
    unit = np.full(len(forest.level_rate) + 1, TYPICAL_SD * built.priors.scale)
    if not (forest.area_effect or forest.gaussian):  # a dispersion is relative
        unit[-1] = TYPICAL_SD
    flat, none = np.full(len(field.group), field.intercept_mean), np.zeros(len(field.covariances))
    model = Model(forest, field, centres_at(forest, flat, unit[-1], none), rule_of(NODES[1]))
    position = np.zeros(len(field.column_level) + len(field.parent))
    return centred(Problem(model, np.append(forest.level_rate, forest.area_rate), position), unit), unit


def centred(problem: Problem, sds: Floats) -> Problem:
    """Return the problem with its counts centred at the mode of the field given the sds."""
    position = newton(problem.model, sds, problem.start, SETTLED).position
    joint = log_joint(problem.model, sds, position)
    variance = missing_variance(problem.model.field, joint.beta)[0]
    centres = centres_at(problem.model.forest, joint.eta, sds[-1], variance)
    return replace(problem, model=problem.model._replace(centres=centres), start=position)


def with_rule(problem: Problem, sds: Floats, positions: Floats, each: Map) -> Problem:
    """Return the problem with the fewest quadrature nodes that are close to many at all of some places."""
    model = problem.model
    rule = fitting_rule(model.forest, model.centres, places_of(model, sds, positions), each)
    return replace(problem, model=model._replace(rule=rule))


def roughly(model: Model) -> Model:
    """Return the model with few quadrature nodes: enough for a Gaussian to draw from."""
    return model._replace(rule=rule_of(ROUGH))


def places_of(model: Model, sds: Floats, positions: Floats) -> list[Place]:
    """Return where the counts are listened to at positions (place, ...)."""
    places = []
    for spread, position in zip(sds, positions, strict=True):
        beta, values = values_at(model.field, spread, position)
        eta = predictor(model.field, beta, values)
        places.append(Place(eta, spread[-1], missing_variance(model.field, beta)[0]))
    return places


def quadrature_error(model: Model, sds: Floats, positions: Floats, each: Map) -> float:
    """Return how far the log-posterior is off, at most, apart from what all places (place, ...) have in common."""
    return rule_error(model.forest, model.centres, model.rule, places_of(model, sds, positions), each)
