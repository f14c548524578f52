"""Back: from the derivative to each linear predictor to the gradient of a position, in the reverse of forward.

Each function adds what it finds to `gradient` and returns what the next one needs, first its share of the log-density.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from bayesmodel.model.density.compiled import inner
from bayesmodel.model.density.forest import BLOCK, INTERCEPT, Forest, Indices
from bayesmodel.model.density.forward import Groups, sum_of, sum_of_products
from bayesmodel.model.density.special import HALF_LOG_TWO_PI

Floats = NDArray[np.float64]
PARTS = 4
"""Sums per group and pattern are taken in parts, as neighbours often share one and a sum must wait for the last."""


@inner
def standard_normal(z: float) -> float:
    """Return the log-density of the standard normal."""
    return -0.5 * z * z - HALF_LOG_TWO_PI


@inner
def add_up(values: Floats, places: Indices, parts: Floats) -> None:
    """Add each value to its place in one of the parts (part, place)."""
    for i in range(len(values)):
        parts[i & (PARTS - 1), places[i]] += values[i]


@inner
def summed(parts: Floats) -> Floats:
    """Return the sum of the parts (place,)."""
    total = np.zeros(parts.shape[1])
    for part in range(PARTS):
        for place in range(len(total)):
            total[place] += parts[part, place]
    return total


@inner
def add_slopes(x: Floats, first: int, slope: Floats, by_beta: Floats) -> None:
    """Add x slope, of the determinants from row `first` on."""
    for j in range(len(by_beta)):
        by_beta[j] += sum_of_products(x[first + j], slope)


@inner
def gather(forest: Forest, start: int, by_mean: Floats, by_value: Floats, by_beta: Floats) -> float:
    """Go back from a block of areas to their groups (part, G) and the coefficients; return that to the intercept."""
    add_slopes(forest.area_x, start // BLOCK * len(by_beta), by_mean, by_beta)
    for c in range(len(forest.area_groups)):
        add_up(by_mean, forest.area_groups[c, start : start + BLOCK], by_value)
    return 0.0 if len(forest.area_groups) else sum_of(by_mean)


@inner
def groups(forest: Forest, position: Floats, tree: Groups, by_value: Floats, gradient: Floats) -> tuple[float, Floats]:
    """Go back through the groups from the bottom up; return their log-density and the derivative to their means."""
    first = 1 + len(forest.axes)
    start = first + len(forest.level_rate)
    total, by_group = 0.0, np.zeros(len(by_value))
    unit = np.exp(-position[first:start])
    for g in range(len(by_value) - 1, -1, -1):
        level, weight, above = forest.level_of[g], forest.group_centring[g], forest.parent[g]
        stretch, inverse = tree.stretch[g], tree.stretch[g] * unit[level]
        score = (position[start + g] - weight * tree.mean[g]) * inverse
        total += standard_normal(score) - weight * position[first + level]
        gradient[start + g] = by_value[g] * stretch - score * inverse
        by_mean = by_value[g] * (1.0 - stretch * weight) + score * inverse * weight
        moved = by_value[g] * (1.0 - weight) * (tree.value[g] - tree.mean[g])
        gradient[first + level] += moved + weight * score * score - weight
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


@inner
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


@inner
def intercept(forest: Forest, position: Floats, moved: float, gradient: Floats) -> float:
    """Go back through the intercept, which may hold the mean effect of a level; return its log-density."""
    z = (position[0] - moved - forest.intercept_mean) / forest.intercept_sd
    gradient[0] -= z / forest.intercept_sd
    if forest.sheared >= 0:
        level = 1 + len(forest.axes) + forest.sheared
        start = 1 + len(forest.axes) + len(forest.level_rate)
        gradient[level] -= gradient[0] * moved
        count = 0
        for g in range(len(forest.parent)):
            count += forest.level_of[g] == forest.sheared
        for g in range(len(forest.parent)):
            if forest.level_of[g] == forest.sheared:
                gradient[start + g] -= gradient[0] * math.exp(position[level]) / count
    return standard_normal(z) - math.log(forest.intercept_sd)
