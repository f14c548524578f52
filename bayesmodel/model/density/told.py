"""What the counts tell: the log-likelihood of all rows at once, with its derivatives."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from bayesmodel.model.density.compiled import compiled
from bayesmodel.model.density.forest import Forest
from bayesmodel.model.density.rows import (
    Row,
    beta_binomial,
    binomial,
    negative_binomial,
    normal_share,
    poisson,
    window_above,
)
from bayesmodel.model.density.vector import exponential, log_one_plus

Floats = NDArray[np.float64]
HIGHEST = 300.0
"""Linear predictor beyond which a mean is not followed."""


@compiled
def row(family: int, lower: float, upper: float, n: float, eta: float, dispersion: float) -> Row:
    """Return one row's interval log-likelihood and its derivatives, by the code of the family."""
    if family == 0:
        return binomial(lower, upper, n, eta, dispersion)
    if family == 1:
        return poisson(lower, upper, n, eta, dispersion)
    if family == 2:
        return negative_binomial(lower, upper, n, eta, dispersion)
    if family == 3:
        return beta_binomial(lower, upper, n, eta, dispersion)
    return normal_share(lower, upper, n, eta, dispersion)


@compiled
def tell(forest: Forest, eta: Floats, dispersion: Floats) -> tuple[float, Floats, Floats]:
    """Return the log-likelihood of all counts, and its derivative to each predictor and each log dispersion.

    Parameters
    ----------
    forest : Forest
    eta : ndarray (area,)
    dispersion : ndarray (pattern,)

    Returns
    -------
    float, ndarray (area,), ndarray (area,)
    """
    if forest.family == 0:
        total, slope = _binomial(forest, eta)
        return total, slope, np.zeros(len(eta))
    if forest.family == 1:
        total, slope = _poisson(forest, eta)
        return total, slope, np.zeros(len(eta))
    total, slope, by_log = 0.0, np.zeros(len(eta)), np.zeros(len(eta))
    for i in range(len(eta)):
        if forest.told[i] != 0.0:
            spread = dispersion[forest.pattern[i]]
            value, by_eta, by_dispersion = row(
                forest.family, forest.lower[i], forest.upper[i], forest.people[i], eta[i], spread
            )
            total += forest.told[i] * (value + forest.constant[i])
            slope[i] = forest.told[i] * by_eta
            by_log[i] = forest.told[i] * by_dispersion * spread
    return total, slope, by_log


@compiled
def _binomial(forest: Forest, eta: Floats) -> tuple[float, Floats]:
    """Return the same for a binomial: every row as if it were exact, then the windows on top."""
    size = np.empty(len(eta))
    for i in range(len(eta)):
        size[i] = -abs(eta[i])
    tail = exponential(size)
    softened = log_one_plus(tail)
    total, slope = 0.0, np.empty(len(eta))
    for i in range(len(eta)):
        lower, n, told = forest.lower[i], forest.people[i], forest.told[i]
        total += told * (lower * eta[i] - n * (max(eta[i], 0.0) + softened[i]) + forest.constant[i])
        slope[i] = told * (lower - n * (1.0 if eta[i] > 0.0 else tail[i]) / (1.0 + tail[i]))
    for i in range(len(eta)):
        if forest.upper[i] > forest.lower[i] and forest.told[i] != 0.0:
            odds = math.exp(min(eta[i], HIGHEST))
            more, change = window_above(forest.lower[i], forest.upper[i], forest.people[i] + 1.0, -1.0, odds)
            total += forest.told[i] * more
            slope[i] += forest.told[i] * change
    return total, slope


@compiled
def _poisson(forest: Forest, eta: Floats) -> tuple[float, Floats]:
    """Return the same for a Poisson: every row as if it were exact, then the windows on top."""
    limited = np.empty(len(eta))
    for i in range(len(eta)):
        limited[i] = min(eta[i], HIGHEST)
    mean = exponential(limited)
    total, slope = 0.0, np.empty(len(eta))
    for i in range(len(eta)):
        mean[i] *= forest.people[i]
        lower, told = forest.lower[i], forest.told[i]
        total += told * (lower * (eta[i] + forest.log_people[i]) - mean[i] + forest.constant[i])
        slope[i] = told * (lower - mean[i])
    for i in range(len(eta)):
        if forest.upper[i] > forest.lower[i] and forest.told[i] != 0.0:
            more, change = window_above(forest.lower[i], forest.upper[i], 1.0, 0.0, mean[i])
            total += forest.told[i] * more
            slope[i] += forest.told[i] * change
    return total, slope
