"""Forward: from a position of the sampler to the linear predictor of every area.

Coefficients -> groups from the top down -> areas.

Back: from the derivative to each linear predictor to the gradient of a position, in the reverse of forward.

Each function adds what it finds to `gradient` and returns what the next one needs, first its share of the log-density.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from bayesmodel.compiled import adding, compiled, inner
from bayesmodel.logp.arrays import BLOCK, INTERCEPT, Forest, Indices
from bayesmodel.logp.vecmath import HALF_LOG_TWO_PI, exponential

Floats = NDArray[np.float64]


class Groups(NamedTuple):
    """Intercept and all groups at a position (G,): mean, value, and what a raw value counts for: sd^(1 - centring)."""

    intercept: float
    mean: Floats
    value: Floats
    stretch: Floats


@inner
def sum_of(values: Floats) -> float:
    """Return a sum.

    In a loop that writes nothing: one that does is only made of vector instructions where arrays happen to lie apart
    in memory, and another order of adding is another last digit, so that a seed would not give the same draws twice.
    """
    total = 0.0
    for i in range(len(values)):
        total += values[i]
    return total


@adding
def sum_of_products(a: Floats, b: Floats) -> float:
    """Return the sum of products of as many numbers as `b` has."""
    total = 0.0
    for i in range(len(b)):
        total += a[i] * b[i]
    return total


@inner
def add_products(x: Floats, first: int, beta: Floats, total: Floats) -> None:
    """Add x' beta, of the determinants from row `first` on, to the total of each column."""
    for j in range(len(beta)):
        column, weight = x[first + j], beta[j]
        for i in range(len(total)):
            total[i] += weight * column[i]


@inner
def coefficients(forest: Forest, position: Floats) -> tuple[Floats, Floats]:
    """Return beta (K,) and beta' S beta per pattern (P,)."""
    columns = len(forest.axes)
    beta, raw = np.empty(columns), position[1 : 1 + columns]
    for j in range(columns):
        beta[j] = sum_of_products(forest.axes[j], raw)
    return beta, missing_variance(forest, beta)


@inner
def missing_variance(forest: Forest, beta: Floats) -> Floats:
    """Return beta' S beta per pattern (P,): what missing determinants leave."""
    variance = np.zeros(len(forest.terms))
    products = np.empty(len(forest.first))
    for t in range(len(products)):
        products[t] = beta[forest.first[t]] * beta[forest.second[t]]
    for p in range(len(variance)):
        variance[p] = max(sum_of_products(forest.terms[p], products), 0.0)
    return variance


@compiled
def missing_variances(forest: Forest, beta: Floats) -> Floats:
    """Return the same for many draws (draw, P) of the coefficients (draw, K)."""
    result = np.empty((len(beta), len(forest.terms)))
    for draw in range(len(beta)):
        variance = missing_variance(forest, beta[draw])
        for p in range(len(variance)):  # to assign an array takes a second more to compile
            result[draw, p] = variance[p]
    return result


@inner
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


@inner
def descend(forest: Forest, position: Floats, beta: Floats, intercept: float) -> Groups:
    """Return all groups, from the top down."""
    columns, levels, groups = len(forest.axes), len(forest.level_rate), len(forest.parent)
    start = 1 + columns + levels
    mean, value, exponents = np.zeros(groups), np.empty(groups), np.empty(groups)
    add_products(forest.group_x, 0, beta, mean)
    for g in range(groups):
        exponents[g] = (1.0 - forest.group_centring[g]) * position[1 + columns + forest.level_of[g]]
    stretch = exponential(exponents)
    for g in range(groups):
        above = forest.parent[g]
        total = mean[g] + (intercept if above == INTERCEPT else (value[above] if above >= 0 else 0.0))
        mean[g] = total
        value[g] = total + stretch[g] * (position[start + g] - forest.group_centring[g] * total)
    return Groups(intercept, mean, value, stretch)


@inner
def means(forest: Forest, start: int, beta: Floats, tree: Groups) -> Floats:
    """Return the linear predictor, without what is the area's own, of the block of areas from `start` on."""
    chains = forest.area_groups[:, start : start + BLOCK]
    total = np.empty(min(BLOCK, len(forest.lower) - start))
    total[:] = 0.0 if len(chains) else tree.intercept
    for c in range(len(chains)):
        for i in range(len(total)):
            total[i] += tree.value[chains[c, i]]
    add_products(forest.area_x, start // BLOCK * len(beta), beta, total)
    return total


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
