"""Log-density and gradient of the whole model in one compiled pass forward and one back.

The same density as the PyMC model (a law of the tests), with no graph to compile at each fit: numba keeps the machine
code on disk. Forward: coefficients -> groups from the top down -> areas -> rows; back: the same in reverse.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from bayesmodel.model.density.compiled import compiled
from bayesmodel.model.density.forest import INTERCEPT, Forest
from bayesmodel.model.density.rows import Row, beta_binomial, binomial, negative_binomial, normal_share, poisson
from bayesmodel.model.density.special import HALF_LOG_TWO_PI

Floats = NDArray[np.float64]
TINY = 1e-12
"""Variance added under the square root where missing determinants may leave none."""


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
def standard_normal(z: float) -> float:
    """Return the log-density of the standard normal."""
    return -0.5 * z * z - HALF_LOG_TWO_PI


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
    spread = math.exp(position[start])
    log_sd = np.empty(len(variance))
    for p in range(len(variance)):
        log_sd[p] = 0.5 * math.log(spread * spread + variance[p])
    eta, factor = areas.copy(), np.zeros(len(areas))
    for i in range(len(eta)):
        p = forest.pattern[i]
        if forest.area_effect:
            weight = forest.area_centring[i]
            factor[i] = math.exp((1.0 - weight) * log_sd[p])
            eta[i] += factor[i] * (position[start + 1 + i] - weight * areas[i])
        elif forest.missing[i] >= 0:
            factor[i] = math.sqrt(variance[p] + TINY)
            eta[i] += factor[i] * position[start + 1 + forest.missing[i]]
    return eta, factor


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
    columns, levels, groups = len(forest.axes), len(forest.level_rate), len(forest.parent)
    group_start = 1 + columns + levels
    start = group_start + groups
    gradient = np.zeros(len(position))
    beta, variance = coefficients(forest, position)
    mean, value, areas = descend(forest, position, beta)
    eta, factor = predictors(forest, position, areas, variance)
    spread = math.exp(position[start])
    total = math.log(forest.area_rate) - forest.area_rate * spread + position[start]
    gradient[start] = 1.0 - forest.area_rate * spread

    by_area, by_group = np.zeros(len(eta)), np.zeros(groups)
    by_value, by_variance = np.zeros(groups), np.zeros(len(variance))
    by_log_scale, weights = np.zeros(len(variance)), np.zeros(len(variance))
    for i in range(len(eta)):
        p = forest.pattern[i]
        sd2 = spread * spread + variance[p]
        dispersion = math.sqrt(sd2) if forest.gaussian else spread
        by_eta, by_log_sd = 0.0, 0.0
        if forest.told[i] != 0.0:
            likelihood, by_eta, by_dispersion = row(
                forest.family, forest.lower[i], forest.upper[i], forest.people[i], eta[i], dispersion
            )
            total += forest.told[i] * (likelihood + forest.constant[i])
            by_eta *= forest.told[i]
            by_log_sd = forest.told[i] * by_dispersion * dispersion
        by_mean = by_eta
        if forest.area_effect:
            weight, inverse = forest.area_centring[i], factor[i] / math.sqrt(sd2)
            z = (position[start + 1 + i] - weight * areas[i]) * inverse
            total += standard_normal(z)
            weights[p] += weight
            gradient[start + 1 + i] = by_eta * factor[i] - z * inverse
            by_mean += weight * (z * inverse - by_eta * factor[i])
            by_log_sd = by_eta * (1.0 - weight) * (eta[i] - areas[i]) + weight * z * z
        elif not forest.gaussian and forest.missing[i] >= 0:
            raw = position[start + 1 + forest.missing[i]]
            total += standard_normal(raw)
            gradient[start + 1 + forest.missing[i]] = by_eta * factor[i] - raw
            by_variance[p] += by_eta * raw * 0.5 / factor[i]
        if forest.area_effect or forest.gaussian:
            by_log_scale[p] += by_log_sd
        else:
            gradient[start] += by_log_sd
        by_area[i] = by_mean
        if len(forest.area_groups) == 0:
            gradient[0] += by_mean
        for c in range(len(forest.area_groups)):
            by_value[forest.area_groups[c, i]] += by_mean

    # the sd of areas with pattern p is sqrt(spread^2 + variance[p])
    for p in range(len(variance)):
        sd2 = spread * spread + variance[p]
        total -= weights[p] * 0.5 * math.log(sd2)
        by_sd2 = (by_log_scale[p] - weights[p]) / sd2
        gradient[start] += by_sd2 * spread * spread
        by_variance[p] += 0.5 * by_sd2

    for g in range(groups - 1, -1, -1):
        level, weight, above = 1 + columns + forest.level_of[g], forest.group_centring[g], forest.parent[g]
        log_sd = position[level]
        stretch, inverse = math.exp((1.0 - weight) * log_sd), math.exp(-weight * log_sd)
        score = (position[group_start + g] - weight * mean[g]) * inverse
        total += standard_normal(score) - weight * log_sd
        gradient[group_start + g] = by_value[g] * stretch - score * inverse
        by_mean = by_value[g] * (1.0 - stretch * weight) + score * inverse * weight
        gradient[level] += by_value[g] * (1.0 - weight) * (value[g] - mean[g]) + weight * score * score - weight
        if above >= 0:
            by_value[above] += by_mean
        elif above == INTERCEPT:
            gradient[0] += by_mean
        by_group[g] = by_mean
    by_beta = np.dot(by_area, forest.area_x) + np.dot(by_group, forest.group_x)

    for v in range(levels):
        sd = math.exp(position[1 + columns + v])
        total += math.log(forest.level_rate[v]) - forest.level_rate[v] * sd + position[1 + columns + v]
        gradient[1 + columns + v] += 1.0 - forest.level_rate[v] * sd
    for t in range(len(forest.first)):
        by_product = 0.0
        for p in range(len(by_variance)):
            by_product += by_variance[p] * forest.terms[p, t]
        by_beta[forest.first[t]] += by_product * beta[forest.second[t]]
        by_beta[forest.second[t]] += by_product * beta[forest.first[t]]
    for k in range(columns):
        total += standard_normal(position[1 + k])
        gradient[1 + k] -= position[1 + k]
        for j in range(columns):
            gradient[1 + k] += forest.axes[j, k] * by_beta[j]
    moved = shear(forest, position)
    intercept_z = (position[0] - moved - forest.intercept_mean) / forest.intercept_sd
    total += standard_normal(intercept_z) - math.log(forest.intercept_sd)
    gradient[0] -= intercept_z / forest.intercept_sd
    if forest.sheared >= 0:
        level = 1 + columns + forest.sheared
        gradient[level] -= gradient[0] * moved
        count = np.sum(forest.level_of == forest.sheared)
        for g in range(groups):
            if forest.level_of[g] == forest.sheared:
                gradient[group_start + g] -= gradient[0] * math.exp(position[level]) / count
    return total, gradient
