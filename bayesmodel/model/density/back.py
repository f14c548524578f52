"""Back: from the derivative to each linear predictor to the gradient of a position, in the reverse of forward.

Each function adds what it finds to `gradient` and returns what the next one needs, first its share of the log-density.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from bayesmodel.model.density.compiled import compiled
from bayesmodel.model.density.forest import INTERCEPT, Forest, Indices
from bayesmodel.model.density.forward import shear
from bayesmodel.model.density.special import HALF_LOG_TWO_PI

Floats = NDArray[np.float64]


@compiled
def standard_normal(z: float) -> float:
    """Return the log-density of the standard normal."""
    return -0.5 * z * z - HALF_LOG_TWO_PI


@compiled
def summed(values: Floats, places: Indices, number: int) -> Floats:
    """Return the sum of values for each of a number of places; in four parts, as neighbours often share a place."""
    parts = np.zeros((4, number))
    for i in range(len(values)):
        parts[i & 3, places[i]] += values[i]
    return np.sum(parts, axis=0)


@compiled
def own_effects(
    forest: Forest, raw: Floats, areas: Floats, factor: Floats, sd: Floats, slope: Floats, gradient: Floats
) -> tuple[float, Floats, Floats]:
    """Go back through a normal effect of each area.

    Parameters
    ----------
    forest : Forest
    raw, areas, factor, slope : ndarray (area,)
        Raw value, mean, derivative of the predictor to the raw value, derivative of the likelihood to the predictor.
    sd : ndarray (pattern,)
    gradient : ndarray (area,)
        To the raw values; written.

    Returns
    -------
    float, ndarray (area,), ndarray (pattern,)
        Log-density; derivative to the mean of each area, and to the log sd of each pattern.
    """
    size, weight = len(areas), forest.area_centring
    inverse = 1.0 / sd
    total, by_mean, by_log_sd = 0.0, np.empty(size), np.empty(size)
    for i in range(size):
        deviation = raw[i] - weight[i] * areas[i]
        shrunk = factor[i] * inverse[forest.pattern[i]]
        z = deviation * shrunk
        pull = z * shrunk - slope[i] * factor[i]
        total -= 0.5 * z * z
        gradient[i] = -pull
        by_mean[i] = slope[i] + weight[i] * pull
        by_log_sd[i] = slope[i] * (1.0 - weight[i]) * deviation * factor[i] + weight[i] * (z * z - 1.0)
    for p in range(len(sd)):
        total -= forest.pattern_centring[p] * math.log(sd[p])
    return total - size * HALF_LOG_TWO_PI, by_mean, summed(by_log_sd, forest.pattern, len(sd))


@compiled
def missing_effects(
    forest: Forest, raw: Floats, factor: Floats, slope: Floats, by_variance: Floats, gradient: Floats
) -> float:
    """Go back through what missing determinants leave in areas without their own effect; return its log-density."""
    total = 0.0
    for i in range(len(slope)):
        place = forest.missing[i]
        if place >= 0:
            total += standard_normal(raw[place])
            gradient[place] = slope[i] * factor[i] - raw[place]
            by_variance[forest.pattern[i]] += slope[i] * raw[place] * 0.5 / factor[i]
    return total


@compiled
def gather(forest: Forest, by_mean: Floats, gradient: Floats) -> Floats:
    """Return the derivative to the value of each group (G,) from that to the mean of each area."""
    by_value = np.zeros(len(forest.parent))
    if len(forest.area_groups) == 0:
        gradient[0] += by_mean.sum()
    for c in range(len(forest.area_groups)):
        by_value += summed(by_mean, forest.area_groups[c], len(by_value))
    return by_value


@compiled
def groups(
    forest: Forest, position: Floats, mean: Floats, value: Floats, by_value: Floats, gradient: Floats
) -> tuple[float, Floats]:
    """Go back through the groups from the bottom up; return their log-density and the derivative to their means."""
    first = 1 + len(forest.axes)
    start = first + len(forest.level_rate)
    total, by_group = 0.0, np.zeros(len(mean))
    for g in range(len(mean) - 1, -1, -1):
        level, weight, above = first + forest.level_of[g], forest.group_centring[g], forest.parent[g]
        log_sd = position[level]
        stretch, inverse = math.exp((1.0 - weight) * log_sd), math.exp(-weight * log_sd)
        score = (position[start + g] - weight * mean[g]) * inverse
        total += standard_normal(score) - weight * log_sd
        gradient[start + g] = by_value[g] * stretch - score * inverse
        by_mean = by_value[g] * (1.0 - stretch * weight) + score * inverse * weight
        gradient[level] += by_value[g] * (1.0 - weight) * (value[g] - mean[g]) + weight * score * score - weight
        if above >= 0:
            by_value[above] += by_mean
        elif above == INTERCEPT:
            gradient[0] += by_mean
        by_group[g] = by_mean
    for v in range(len(forest.level_rate)):
        rate, log_sd = forest.level_rate[v], position[first + v]
        total += math.log(rate) - rate * math.exp(log_sd) + log_sd
        gradient[first + v] += 1.0 - rate * math.exp(log_sd)
    return total, by_group


@compiled
def slopes(
    forest: Forest, position: Floats, beta: Floats, by_beta: Floats, by_variance: Floats, gradient: Floats
) -> float:
    """Go back through the coefficients and the variance their products leave; return their log-density."""
    by_product = np.zeros(len(forest.first))
    for p in range(len(by_variance)):
        for t in range(len(by_product)):
            by_product[t] += by_variance[p] * forest.terms[p, t]
    for t in range(len(by_product)):
        by_beta[forest.first[t]] += by_product[t] * beta[forest.second[t]]
        by_beta[forest.second[t]] += by_product[t] * beta[forest.first[t]]
    total = 0.0
    for j in range(len(beta)):
        total += standard_normal(position[1 + j])
        gradient[1 + j] -= position[1 + j]
        for k in range(len(beta)):
            gradient[1 + k] += forest.axes[j, k] * by_beta[j]
    return total


@compiled
def intercept(forest: Forest, position: Floats, gradient: Floats) -> float:
    """Go back through the intercept, which may hold the mean effect of a level; return its log-density."""
    moved = shear(forest, position)
    z = (position[0] - moved - forest.intercept_mean) / forest.intercept_sd
    gradient[0] -= z / forest.intercept_sd
    if forest.sheared >= 0:
        level = 1 + len(forest.axes) + forest.sheared
        start = 1 + len(forest.axes) + len(forest.level_rate)
        gradient[level] -= gradient[0] * moved
        count = np.sum(forest.level_of == forest.sheared)
        for g in range(len(forest.parent)):
            if forest.level_of[g] == forest.sheared:
                gradient[start + g] -= gradient[0] * math.exp(position[level]) / count
    return standard_normal(z) - math.log(forest.intercept_sd)
