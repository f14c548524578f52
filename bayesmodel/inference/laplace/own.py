"""The area's own effect: a draw from its exact distribution given its count and everything else."""

from __future__ import annotations

import math

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from bayesmodel.inference.laplace.joint import Model
from bayesmodel.inference.laplace.rows import Centres, middle_of, own_spread
from bayesmodel.model.density.compiled import compiled
from bayesmodel.model.density.forest import Forest
from bayesmodel.model.density.told import row

Floats = NDArray[np.float64]

BETA_BINOMIAL = 3
WALK = 12
"""Steps of the independence sampler where rejection has no envelope; each accepts nearly always."""


@compiled
def predictors(
    model: Model,
    sds: Floats,
    variance: Floats,
    beta: Floats,
    values: Floats,
    rng: Generator,
    first: int,
    result: Floats,
) -> None:
    """Fill `result` (draw, area), for areas from `first` on, with linear predictors that hold the area's own effect.

    Parameters
    ----------
    model : Model
    sds : ndarray (draw, level + 1)
    variance : ndarray (draw, pattern)
    beta : ndarray (draw, D)
    values : ndarray (draw, G + 1)
    """
    forest, field, centres = model.forest, model.field, model.centres
    for s in range(result.shape[0]):
        for column in range(result.shape[1]):
            i = first + column
            eta = values[s, field.group[i]]
            for j in range(beta.shape[1]):
                eta += field.x[i, j] * beta[s, j]
            own, dispersion = own_spread(forest, sds[s, -1], variance[s, forest.pattern[i]])
            if own <= 0.0:
                result[s, column] = eta
            elif forest.told[i] == 0.0:
                result[s, column] = eta + math.sqrt(own) * rng.standard_normal()
            elif forest.family == BETA_BINOMIAL:
                result[s, column] = walked(forest, centres, i, eta, own, dispersion, rng)
            else:
                result[s, column] = rejected(forest, centres, i, eta, own, dispersion, rng)


@compiled
def rejected(
    forest: Forest, centres: Centres, i: int, eta: float, own: float, dispersion: float, rng: Generator
) -> float:
    """Return a draw of density ``P(count | v) Normal(v; eta, own)``, for a log-probability that is concave in v.

    A concave function lies under its tangent, and a normal density times the exponential of a tangent is a shifted
    normal density: that is the envelope. The tangent is taken where v most likely is.
    """
    lower, upper, n = forest.lower[i], forest.upper[i], forest.people[i]
    touch, _ = middle_of(centres, i, eta, own)
    height, slope, _ = row(forest.family, lower, upper, n, touch, dispersion)
    mean, sd = eta + own * slope, math.sqrt(own)
    while True:
        v = mean + sd * rng.standard_normal()
        value, _, _ = row(forest.family, lower, upper, n, v, dispersion)
        if math.log(rng.random()) < value - height - slope * (v - touch):
            return v


@compiled
def walked(
    forest: Forest, centres: Centres, i: int, eta: float, own: float, dispersion: float, rng: Generator
) -> float:
    """Return the last of a few steps of independence Metropolis from a normal proposal, for any log-probability."""
    lower, upper, n = forest.lower[i], forest.upper[i], forest.people[i]
    middle, sd = middle_of(centres, i, eta, own)
    sd *= 1.1
    current, held = 0.0, -math.inf
    for _ in range(WALK):
        z = rng.standard_normal()
        v = middle + sd * z
        value, _, _ = row(forest.family, lower, upper, n, v, dispersion)
        weight = value - 0.5 * (v - eta) * (v - eta) / own + 0.5 * z * z
        if math.log(rng.random()) < weight - held:
            current, held = v, weight
    return current
