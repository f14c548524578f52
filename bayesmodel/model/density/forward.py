"""Forward: from a position of the sampler to the linear predictor of every area.

Coefficients -> groups from the top down -> areas -> what is the area's own.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from bayesmodel.model.density.compiled import compiled
from bayesmodel.model.density.forest import INTERCEPT, Forest
from bayesmodel.model.density.vector import exponential

Floats = NDArray[np.float64]
TINY = 1e-12
"""Variance added under the square root where missing determinants may leave none."""


@compiled
def coefficients(forest: Forest, position: Floats) -> tuple[Floats, Floats]:
    """Return beta (K,) and beta' S beta per pattern (P,)."""
    columns = len(forest.axes)
    beta = np.zeros(columns)
    for j in range(columns):
        for k in range(columns):
            beta[j] += forest.axes[j, k] * position[1 + k]
    variance = np.zeros(len(forest.terms))
    products = np.empty(len(forest.first))
    for t in range(len(products)):
        products[t] = beta[forest.first[t]] * beta[forest.second[t]]
    for p in range(len(variance)):
        total = 0.0
        for t in range(len(products)):
            total += forest.terms[p, t] * products[t]
        variance[p] = max(total, 0.0)
    return beta, variance


@compiled
def shear(forest: Forest, position: Floats) -> float:
    """Return the mean effect of the top level that the first value of the position holds beside the intercept."""
    if forest.sheared < 0:
        return 0.0
    columns, levels = len(forest.axes), len(forest.level_rate)
    total, count = 0.0, 0
    for g in range(len(forest.parent)):
        if forest.level_of[g] == forest.sheared:
            total += position[1 + columns + levels + g]
            count += 1
    return math.exp(position[1 + columns + forest.sheared]) * total / count


@compiled
def descend(forest: Forest, position: Floats, beta: Floats) -> tuple[Floats, Floats, Floats]:
    """Return each group's mean and value (G,), and each area's mean (N,)."""
    columns, levels, groups = len(forest.axes), len(forest.level_rate), len(forest.parent)
    start = 1 + columns + levels
    intercept = position[0] - shear(forest, position)
    mean, value = np.dot(forest.group_x, beta), np.empty(groups)
    for g in range(groups):
        above = forest.parent[g]
        total = mean[g] + (intercept if above == INTERCEPT else (value[above] if above >= 0 else 0.0))
        log_sd, weight = position[1 + columns + forest.level_of[g]], forest.group_centring[g]
        mean[g] = total
        value[g] = total + math.exp((1.0 - weight) * log_sd) * (position[start + g] - weight * total)
    areas = np.dot(forest.area_x, beta)
    if len(forest.area_groups) == 0:
        areas += intercept
    for c in range(len(forest.area_groups)):
        for i in range(len(areas)):
            areas[i] += value[forest.area_groups[c, i]]
    return mean, value, areas


@compiled
def predictors(forest: Forest, position: Floats, areas: Floats, variance: Floats) -> tuple[Floats, Floats]:
    """Return each area's linear predictor with what is its own, and its derivative to the raw value."""
    start = 1 + len(forest.axes) + len(forest.level_rate) + len(forest.parent)
    if not forest.area_effect:
        return _with_missing(forest, position[start + 1 :], areas, variance)
    log_sd = 0.5 * np.log(math.exp(2.0 * position[start]) + variance)
    raw, weight = position[start + 1 :], forest.area_centring
    exponents, eta = np.empty(len(areas)), np.empty(len(areas))
    for i in range(len(areas)):
        exponents[i] = (1.0 - weight[i]) * log_sd[forest.pattern[i]]
    factor = exponential(exponents)
    for i in range(len(areas)):
        eta[i] = areas[i] + factor[i] * (raw[i] - weight[i] * areas[i])
    return eta, factor


@compiled
def _with_missing(forest: Forest, raw: Floats, areas: Floats, variance: Floats) -> tuple[Floats, Floats]:
    """Return the same where only missing determinants leave an area something of its own."""
    eta, factor = areas.copy(), np.zeros(len(areas))
    for i in range(len(eta)):
        if forest.missing[i] >= 0:
            factor[i] = math.sqrt(variance[forest.pattern[i]] + TINY)
            eta[i] += factor[i] * raw[forest.missing[i]]
    return eta, factor
