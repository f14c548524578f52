"""Gauss-Hermite rules, and the Laplace approximation of each count's likelihood around which they are placed.

The approximation is computed once per fit: quadrature is forgiving of a centre that is slightly off.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from bayesmodel.compiled import compiled, inner
from bayesmodel.logp.arrays import ModelArrays
from bayesmodel.logp.batch_loglik import family_loglik

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
ROUNDS = 60
"""Most steps to the mode of an area; an ordinary count takes three."""
NEAR = 0.02
"""Of the sd of an area's predictor given its count: a mode as near as that is found."""
MAX_SDS = 8.0
"""Sds of its own effect within which an area's mode is sought, or `MAX_AWAY` where that is farther."""
MAX_AWAY = 15.0
"""The count of a large area that lies far from the rest counts for more than any sd."""


class LaplaceApprox(NamedTuple):
    """The log-likelihood of each count as the parabola ``linear_term v - information v^2 / 2``, each (part, N).

    One for each part of the distribution of the areas' own effects: a special area lies elsewhere.
    """

    linear_term: Floats
    information: Floats


@compiled
def variance_and_dispersion(arrays: ModelArrays, scale: float, variance: float) -> tuple[float, float]:
    """Return the variance to integrate over and the dispersion, where missing determinants leave `variance`.

    `scale` is the sd of the areas' own effects, or the dispersion of a family without them.
    """
    if arrays.area_effect:
        return scale * scale + variance, 1.0
    if arrays.gaussian:
        return 0.0, math.sqrt(scale * scale + variance)
    return variance, scale


@inner
def part_scale(arrays: ModelArrays, scale: float, part: int) -> float:
    """Return the sd of the own effects of ordinary areas (part 0) or special ones (part 1), or the dispersion."""
    return scale * arrays.special_ratio if part else scale


@inner
def approx_moments(linear_term: float, information: float, eta: float, variance: float) -> tuple[float, float]:
    """Return mean and sd of the area's predictor with its own effect, given its approximated count."""
    precision = information + 1.0 / variance
    return (linear_term + eta / variance) / precision, 1.0 / math.sqrt(precision)


@compiled
def laplace_approx(arrays: ModelArrays, eta: Floats, area_params: Floats, variance: Floats) -> LaplaceApprox:
    """Return the parabola of each count around the mode of the area's predictor given its count.

    By Newton's method, with bisection where it would leave what is known to hold the mode: counts far from the rest.

    Parameters
    ----------
    arrays : ModelArrays
    eta : ndarray (N,)
        Linear predictors without the areas' own effects.
    area_params : ndarray (A,)
        Sd of the areas' own effects, or the dispersion; then the share of special areas.
    variance : ndarray (pattern,)
        That missing determinants leave, per missing-data pattern.
    """
    parts = len(area_params)
    linear_term, information = np.zeros((parts, len(eta))), np.zeros((parts, len(eta)))
    for part in range(parts):
        scale = part_scale(arrays, area_params[0], part)
        for i in range(len(eta)):
            effect_variance, dispersion = variance_and_dispersion(arrays, scale, variance[arrays.pattern[i]])
            if effect_variance <= 0.0 or arrays.observed_mask[i] == 0.0:
                continue
            lower, upper, n = arrays.lower[i], arrays.upper[i], arrays.people[i]
            here, bound = eta[i], max(MAX_SDS * math.sqrt(effect_variance), MAX_AWAY)
            below, above = here - bound, here + bound
            for _ in range(ROUNDS):
                slope = family_loglik(arrays.family, lower, upper, n, here, dispersion)[1]
                rise = family_loglik(arrays.family, lower, upper, n, here + STEP, dispersion)[1]
                rise -= family_loglik(arrays.family, lower, upper, n, here - STEP, dispersion)[1]
                information[part, i] = max(-rise / (2.0 * STEP), 0.0)
                linear_term[part, i] = information[part, i] * here + slope
                mode, sd = approx_moments(linear_term[part, i], information[part, i], eta[i], effect_variance)
                if abs(mode - here) < NEAR * sd:
                    break
                if mode > here:  # the mode lies between `below` and `above`
                    below = here
                else:
                    above = here
                here = mode if below < mode < above else 0.5 * (below + above)
    return LaplaceApprox(linear_term, information)
