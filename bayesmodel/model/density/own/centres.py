"""Centres: about where each area's predictor lies given its count, and how sure of it the count is.

Worked out once per fit: the quadrature around them forgives a centre that is a little off.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from bayesmodel.model.density.compiled import compiled, inner
from bayesmodel.model.density.forest import Forest
from bayesmodel.model.density.told import row

Floats = NDArray[np.float64]

STEP = 1e-4
"""Of the difference that gives a family's second derivative, in units of the link."""
ROUNDS = 4
"""Newton steps to the centre of a count."""
REACH = 8.0
"""Sds of its own effect within which an area's centre is looked for."""


class Centres(NamedTuple):
    """The log-likelihood of each count as a parabola ``pull v - information v^2 / 2`` (N,)."""

    pull: Floats
    information: Floats


@compiled
def own_spread(forest: Forest, spread: float, variance: float) -> tuple[float, float]:
    """Return the variance to integrate over and the dispersion, where missing determinants leave `variance`."""
    if forest.area_effect:
        return spread * spread + variance, 1.0
    if forest.gaussian:
        return 0.0, math.sqrt(spread * spread + variance)
    return variance, spread


@inner
def middle_of(centres: Centres, i: int, eta: float, variance: float) -> tuple[float, float]:
    """Return about where the area's predictor with its own effect lies, given its count, and its sd."""
    precision = centres.information[i] + 1.0 / variance
    return (centres.pull[i] + eta / variance) / precision, 1.0 / math.sqrt(precision)


@compiled
def centres_at(forest: Forest, eta: Floats, spread: float, variance: Floats) -> Centres:
    """Return the parabolas of the counts around where each area's predictor most likely is, given its count.

    Parameters
    ----------
    forest : Forest
    eta : ndarray (N,)
        Linear predictors without the areas' own effects.
    spread : float
        Sd of the areas' own effects, or the dispersion.
    variance : ndarray (pattern,)
        What missing determinants leave.
    """
    pull, information = np.zeros(len(eta)), np.zeros(len(eta))
    centres = Centres(pull, information)
    for i in range(len(eta)):
        own, dispersion = own_spread(forest, spread, variance[forest.pattern[i]])
        if own <= 0.0 or forest.told[i] == 0.0:
            continue
        lower, upper, n, reach = forest.lower[i], forest.upper[i], forest.people[i], REACH * math.sqrt(own)
        here = eta[i]
        for turn in range(ROUNDS + 1):
            if turn:
                here = min(max(middle_of(centres, i, eta[i], own)[0], eta[i] - reach), eta[i] + reach)
            slope = row(forest.family, lower, upper, n, here, dispersion)[1]
            rise = row(forest.family, lower, upper, n, here + STEP, dispersion)[1]
            rise -= row(forest.family, lower, upper, n, here - STEP, dispersion)[1]
            information[i] = max(-rise / (2.0 * STEP), 0.0)
            pull[i] = information[i] * here + slope
    return centres
