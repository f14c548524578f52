"""Log-density and gradient of the whole model in one compiled pass forward and one back.

The same density as the PyMC model (a law of the tests), with no graph to compile at each fit: numba keeps the machine
code on disk. Forward: coefficients -> groups from the top down -> areas -> rows; back: the same in reverse.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from bayesmodel.model.density import back
from bayesmodel.model.density.compiled import compiled
from bayesmodel.model.density.forest import Forest
from bayesmodel.model.density.forward import coefficients, descend, predictors
from bayesmodel.model.density.told import tell

Floats = NDArray[np.float64]


@compiled
def log_density(forest: Forest, position: Floats) -> tuple[float, Floats]:
    """Return the log posterior density at a position, up to nothing, and its gradient.

    Parameters
    ----------
    forest : Forest
    position : ndarray (size,)
        As described at `Forest`.

    Returns
    -------
    float, ndarray (size,)
    """
    own = 1 + len(forest.axes) + len(forest.level_rate) + len(forest.parent)
    gradient = np.zeros(len(position))
    beta, variance = coefficients(forest, position)
    mean, value, areas = descend(forest, position, beta)
    eta, factor = predictors(forest, position, areas, variance)
    spread = math.exp(position[own])
    total = math.log(forest.area_rate) - forest.area_rate * spread + position[own]
    gradient[own] = 1.0 - forest.area_rate * spread

    # areas with pattern p have the sd sqrt(spread^2 + variance[p]), as an effect of their own or as their dispersion
    sd = np.sqrt(spread * spread + variance)
    told, by_area, by_log = tell(forest, eta, sd if forest.gaussian else np.full(len(sd), spread))
    total += told
    by_log_sd, by_variance = np.zeros(len(sd)), np.zeros(len(sd))
    raw, by_raw = position[own + 1 :], gradient[own + 1 :]
    if forest.area_effect:
        effects, by_area, by_log_sd = back.own_effects(forest, raw, areas, factor, sd, by_area, by_raw)
        total += effects
    elif forest.gaussian:
        by_log_sd = back.summed(by_log, forest.pattern, len(sd))
    else:
        total += back.missing_effects(forest, raw, factor, by_area, by_variance, by_raw)
        gradient[own] += by_log.sum()
    for p in range(len(sd)):
        by_sd2 = by_log_sd[p] / (sd[p] * sd[p])
        gradient[own] += by_sd2 * spread * spread
        by_variance[p] += 0.5 * by_sd2

    by_value = back.gather(forest, by_area, gradient)
    grouped, by_group = back.groups(forest, position, mean, value, by_value, gradient)
    by_beta = np.dot(by_area, forest.area_x) + np.dot(by_group, forest.group_x)
    total += grouped + back.slopes(forest, position, beta, by_beta, by_variance, gradient)
    return total + back.intercept(forest, position, gradient), gradient
