"""What the counts tell: the log-likelihood of a block of rows at once, with its derivatives."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from bayesmodel.model.density.compiled import compiled, inner
from bayesmodel.model.density.forward import Block, sum_of
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


@inner
def tell(family: int, block: Block, eta: Floats, dispersion: Floats) -> tuple[float, Floats, Floats]:
    """Return the log-likelihood of the counts of a block, and its derivative to each predictor and log dispersion.

    Parameters
    ----------
    family : int
    block : Block
    eta : ndarray (area,)
    dispersion : ndarray (pattern,)

    Returns
    -------
    float, ndarray (area,), ndarray (area,)
    """
    slope, by_log = np.zeros(len(eta)), np.zeros(len(eta))
    if family == 0:
        return _binomial(block, eta, slope), slope, by_log
    if family == 1:
        return _poisson(block, eta, slope), slope, by_log
    total = 0.0
    for i in range(len(eta)):
        if block.told[i] != 0.0:
            spread = dispersion[block.pattern[i]]
            value, by_eta, by_dispersion = row(family, block.lower[i], block.upper[i], block.people[i], eta[i], spread)
            total += block.told[i] * (value + block.constant[i])
            slope[i] = block.told[i] * by_eta
            by_log[i] = block.told[i] * by_dispersion * spread
    return total, slope, by_log


@inner
def _binomial(block: Block, eta: Floats, slope: Floats) -> float:
    """Return the log-likelihood of binomials and write its slope: every row as if exact, then the windows on top."""
    size = np.empty(len(eta))
    for i in range(len(eta)):
        size[i] = -abs(eta[i])
    tail = exponential(size)
    softened = log_one_plus(tail)
    value = np.empty(len(eta))
    for i in range(len(eta)):
        lower, n, told = block.lower[i], block.people[i], block.told[i]
        value[i] = told * (lower * eta[i] - n * (max(eta[i], 0.0) + softened[i]) + block.constant[i])
        slope[i] = told * (lower - n * (1.0 if eta[i] > 0.0 else tail[i]) / (1.0 + tail[i]))
    for i in range(len(eta)):
        if block.upper[i] > block.lower[i] and block.told[i] != 0.0:
            odds = math.exp(min(eta[i], HIGHEST))
            more, change = window_above(block.lower[i], block.upper[i], block.people[i] + 1.0, -1.0, odds)
            value[i] += block.told[i] * more
            slope[i] += block.told[i] * change
    return sum_of(value)


@inner
def _poisson(block: Block, eta: Floats, slope: Floats) -> float:
    """Return the same of Poisson counts."""
    limited = np.empty(len(eta))
    for i in range(len(eta)):
        limited[i] = min(eta[i], HIGHEST)
    mean = exponential(limited)
    value = np.empty(len(eta))
    for i in range(len(eta)):
        mean[i] *= block.people[i]
        lower, told = block.lower[i], block.told[i]
        value[i] = told * (lower * (eta[i] + block.log_people[i]) - mean[i] + block.constant[i])
        slope[i] = told * (lower - mean[i])
    for i in range(len(eta)):
        if block.upper[i] > block.lower[i] and block.told[i] != 0.0:
            more, change = window_above(block.lower[i], block.upper[i], 1.0, 0.0, mean[i])
            value[i] += block.told[i] * more
            slope[i] += block.told[i] * change
    return sum_of(value)
