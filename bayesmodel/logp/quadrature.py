"""Gauss-Hermite rules, and what they are placed around: the parabola of each count, and the variance of its effect."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from bayesmodel.compiled import compiled, inner
from bayesmodel.logp.arrays import Indices, ModelArrays

Floats = NDArray[np.float64]

NODES = (5, 7, 11, 15, 21, 31, 45, 63)
"""Numbers of quadrature nodes to choose from; more than 11 only where most counts are hidden."""
REFERENCE_NODES = 31
"""Fewest nodes whose result is taken as exact; twice as many as those of the rule itself, where that is more."""
TOLERANCE = 2e-3
"""Largest error of the log posterior that the chosen rule may have."""


class QuadratureRule(NamedTuple):
    """Gauss-Hermite nodes and the logarithm of their weights over the standard normal density."""

    nodes: Floats
    log_weights: Floats


class EvalPoint(NamedTuple):
    """Arguments of the likelihood: linear predictors (N,), the area's parameters (A,), variance (pattern,)."""

    eta: Floats
    area_params: Floats
    variance: Floats


def gauss_hermite(nodes: int) -> QuadratureRule:
    """Return the rule with a number of nodes."""
    points, weights = np.polynomial.hermite_e.hermegauss(nodes)
    return QuadratureRule(points, np.log(weights / weights.sum()) + points**2 / 2)


STEP = 1e-4
"""Step of the differences that give a family's second derivative, on the link scale."""


class LaplaceApprox(NamedTuple):
    """The log-likelihood of each count as the parabola ``linear_term v - information v^2 / 2``, each (part, N).

    One for each part of the distribution of the areas' own effects: a special area lies elsewhere.
    """

    linear_term: Floats
    information: Floats

    def at_rows(self, rows: Indices) -> LaplaceApprox:
        """Return the same for some areas, or areas several times (row,)."""
        return LaplaceApprox(*(np.ascontiguousarray(field[:, rows]) for field in self))


@compiled
def variance_and_dispersion(arrays: ModelArrays, scale: float, variance: float) -> tuple[float, float]:
    """Return the variance to integrate over and the dispersion.

    `scale` is the sd of the areas' own effects, or the dispersion of a family without them; `variance` is due to
    missing determinants and overdispersion.
    """
    if arrays.area_effect:
        return scale * scale + variance, 1.0
    if arrays.gaussian:
        return 0.0, math.sqrt(scale * scale + variance)
    return variance, scale


@inner
def excess_of(arrays: ModelArrays, area_params: Floats, area: int) -> float:
    """Return by what the variance of an area's overdispersion is multiplied: 1 where it is not estimated."""
    return area_params[arrays.excess_at[area]] if arrays.excess_at[area] >= 0 else 1.0


@inner
def part_scale(arrays: ModelArrays, scale: float, part: int) -> float:
    """Return the sd of the own effects of ordinary areas (part 0) or special ones (part 1), or the dispersion."""
    return scale * arrays.special_ratio if part else scale


@inner
def approx_moments(linear_term: float, information: float, eta: float, variance: float) -> tuple[float, float]:
    """Return mean and sd of the area's predictor with its own effect, given its approximated count."""
    precision = information + 1.0 / variance
    return (linear_term + eta / variance) / precision, 1.0 / math.sqrt(precision)
