"""The linear predictor of every area from a position of the sampler, and the reverse pass to the gradient.

Forward: coefficients, groups from the top down, areas. Backward, in reverse order: each function adds to `gradient` and
returns what the next one needs, its share of the log density first.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from bayesmodel.compiled import adding, compiled, inner
from bayesmodel.logp.arrays import BLOCK, INTERCEPT, Indices, ModelArrays
from bayesmodel.logp.vecmath import HALF_LOG_TWO_PI, exponential

Floats = NDArray[np.float64]


class Groups(NamedTuple):
    """Intercept and groups at a position (G,): prior mean, value, and the scale of a raw value, sd^(1 - centring)."""

    intercept: float
    mean: Floats
    value: Floats
    raw_scale: Floats


@inner
def sum_of(values: Floats) -> float:
    """Return a sum, in a fixed order.

    The loop writes no array: one that did would be vectorised only where arrays happen not to overlap in memory, and a
    different order of summation changes the last digit, so that a seed would not reproduce its draws.
    """
    total = 0.0
    for i in range(len(values)):
        total += values[i]
    return total


@adding
def sum_of_products(a: Floats, b: Floats) -> float:
    """Return the dot product over the length of `b`."""
    total = 0.0
    for i in range(len(b)):
        total += a[i] * b[i]
    return total


@inner
def add_products(x: Floats, first: int, beta: Floats, total: Floats) -> None:
    """Add ``x' beta`` to `total` (column,), with determinants in the rows of `x` from `first` on."""
    for j in range(len(beta)):
        column, weight = x[first + j], beta[j]
        for i in range(len(total)):
            total[i] += weight * column[i]


@inner
def coefficients(arrays: ModelArrays, position: Floats) -> tuple[Floats, Floats]:
    """Return the coefficients beta (K,) and ``beta' S beta`` per missing-data pattern (P,)."""
    columns = len(arrays.axes)
    beta, raw = np.empty(columns), position[1 : 1 + columns]
    for j in range(columns):
        beta[j] = sum_of_products(arrays.axes[j], raw)
    return beta, missing_variance(arrays, beta)


@inner
def missing_variance(arrays: ModelArrays, beta: Floats) -> Floats:
    """Return ``beta' S beta`` per missing-data pattern (P,): the variance that missing determinants leave."""
    variance = np.zeros(len(arrays.terms))
    products = np.empty(len(arrays.first))
    for t in range(len(products)):
        products[t] = beta[arrays.first[t]] * beta[arrays.second[t]]
    for p in range(len(variance)):
        variance[p] = max(sum_of_products(arrays.terms[p], products), 0.0)
    return variance


@compiled
def missing_variances(arrays: ModelArrays, beta: Floats) -> Floats:
    """Return the same for draws of the coefficients (draw, K): (draw, P)."""
    result = np.empty((len(beta), len(arrays.terms)))
    for draw in range(len(beta)):
        variance = missing_variance(arrays, beta[draw])
        for p in range(len(variance)):  # assigning an array takes a second longer to compile
            result[draw, p] = variance[p]
    return result


@inner
def intercept_shift(arrays: ModelArrays, position: Floats) -> float:
    """Return the mean effect of the top level, which the first value of a position includes beside the intercept."""
    if arrays.shifted_level < 0:
        return 0.0
    columns, levels = len(arrays.axes), len(arrays.level_rate)
    total, count = 0.0, 0
    for g in range(len(arrays.parent)):
        if arrays.level_of[g] == arrays.shifted_level:
            total += position[1 + columns + levels + g]
            count += 1
    return math.exp(position[1 + columns + arrays.shifted_level]) * total / count


@inner
def add_level_effects(arrays: ModelArrays, position: Floats, beta: Floats, intercept: float) -> Groups:
    """Return all groups: each its parent plus its determinants plus its own effect, from the top down."""
    columns, levels, backward_groups = len(arrays.axes), len(arrays.level_rate), len(arrays.parent)
    start = 1 + columns + levels
    mean, value, exponents = np.zeros(backward_groups), np.empty(backward_groups), np.empty(backward_groups)
    add_products(arrays.group_x, 0, beta, mean)
    for g in range(backward_groups):
        exponents[g] = (1.0 - arrays.group_centring[g]) * position[1 + columns + arrays.level_of[g]]
    raw_scale = exponential(exponents)
    for g in range(backward_groups):
        above = arrays.parent[g]
        total = mean[g] + (intercept if above == INTERCEPT else (value[above] if above >= 0 else 0.0))
        mean[g] = total
        value[g] = total + raw_scale[g] * (position[start + g] - arrays.group_centring[g] * total)
    return Groups(intercept, mean, value, raw_scale)


@inner
def block_predictor(arrays: ModelArrays, start: int, beta: Floats, groups: Groups) -> Floats:
    """Return the linear predictors, without own effects, of the block of areas from `start` on."""
    chains = arrays.area_groups[:, start : start + BLOCK]
    total = np.empty(min(BLOCK, len(arrays.lower) - start))
    total[:] = 0.0 if len(chains) else groups.intercept
    for c in range(len(chains)):
        for i in range(len(total)):
            total[i] += groups.value[chains[c, i]]
    add_products(arrays.area_x, start // BLOCK * len(beta), beta, total)
    return total


PARTIAL_SUMS = 4
"""Partial sums per group and pattern: neighbouring areas often share one, and would wait for each other's additions."""


@inner
def standard_normal(z: float) -> float:
    """Return the standard normal log density."""
    return -0.5 * z * z - HALF_LOG_TWO_PI


@inner
def scatter_add(values: Floats, index: Indices, parts: Floats) -> None:
    """Add each value at its index to one of the partial sums (part, index)."""
    for i in range(len(values)):
        parts[i & (PARTIAL_SUMS - 1), index[i]] += values[i]


@inner
def sum_parts(parts: Floats) -> Floats:
    """Return the total of the partial sums (index,)."""
    total = np.zeros(parts.shape[1])
    for part in range(PARTIAL_SUMS):
        for j in range(len(total)):
            total[j] += parts[part, j]
    return total


@inner
def add_slopes(x: Floats, first: int, slope: Floats, by_beta: Floats) -> None:
    """Add ``x slope`` to `by_beta`, with determinants in the rows of `x` from `first` on."""
    for j in range(len(by_beta)):
        by_beta[j] += sum_of_products(x[first + j], slope)


@inner
def backward_areas(arrays: ModelArrays, start: int, by_mean: Floats, by_value: Floats, by_beta: Floats) -> float:
    """Propagate from a block of areas to groups (part, G) and coefficients; return the derivative to the intercept."""
    add_slopes(arrays.area_x, start // BLOCK * len(by_beta), by_mean, by_beta)
    for c in range(len(arrays.area_groups)):
        scatter_add(by_mean, arrays.area_groups[c, start : start + BLOCK], by_value)
    return 0.0 if len(arrays.area_groups) else sum_of(by_mean)


@inner
def backward_groups(
    arrays: ModelArrays, position: Floats, groups: Groups, by_value: Floats, gradient: Floats
) -> tuple[float, Floats]:
    """Propagate through groups from the bottom up; return their log density and derivatives to their means (G,)."""
    first = 1 + len(arrays.axes)
    start = first + len(arrays.level_rate)
    total, by_group = 0.0, np.zeros(len(by_value))
    unit = np.exp(-position[first:start])
    for g in range(len(by_value) - 1, -1, -1):
        level, weight, above = arrays.level_of[g], arrays.group_centring[g], arrays.parent[g]
        raw_scale, inverse = groups.raw_scale[g], groups.raw_scale[g] * unit[level]
        score = (position[start + g] - weight * groups.mean[g]) * inverse
        total += standard_normal(score) - weight * position[first + level]
        gradient[start + g] = by_value[g] * raw_scale - score * inverse
        by_mean = by_value[g] * (1.0 - raw_scale * weight) + score * inverse * weight
        shift = by_value[g] * (1.0 - weight) * (groups.value[g] - groups.mean[g])
        gradient[first + level] += shift + weight * score * score - weight
        if above >= 0:
            by_value[above] += by_mean
        elif above == INTERCEPT:
            gradient[0] += by_mean
        by_group[g] = by_mean
    for v in range(len(arrays.level_rate)):
        rate, log_sd = arrays.level_rate[v], position[first + v]
        total += math.log(rate) - rate * math.exp(log_sd) + log_sd
        gradient[first + v] += 1.0 - rate * math.exp(log_sd)
    return total, by_group


@inner
def backward_coefficients(
    arrays: ModelArrays, position: Floats, beta: Floats, by_beta: Floats, by_variance: Floats, gradient: Floats
) -> float:
    """Propagate through the coefficients and the missing-data variance; return their log density."""
    by_product = np.zeros(len(arrays.first))
    for p in range(len(by_variance)):
        for t in range(len(by_product)):
            by_product[t] += by_variance[p] * arrays.terms[p, t]
    for t in range(len(by_product)):
        by_beta[arrays.first[t]] += by_product[t] * beta[arrays.second[t]]
        by_beta[arrays.second[t]] += by_product[t] * beta[arrays.first[t]]
    total = 0.0
    for j in range(len(beta)):
        total += standard_normal(position[1 + j])
        gradient[1 + j] -= position[1 + j]
        for k in range(len(beta)):
            gradient[1 + k] += arrays.axes[j, k] * by_beta[j]
    return total


@inner
def backward_intercept(arrays: ModelArrays, position: Floats, shift: float, gradient: Floats) -> float:
    """Propagate through the intercept, which may include the mean effect of a level; return its log density."""
    z = (position[0] - shift - arrays.intercept_mean) / arrays.intercept_sd
    gradient[0] -= z / arrays.intercept_sd
    if arrays.shifted_level >= 0:
        level = 1 + len(arrays.axes) + arrays.shifted_level
        start = 1 + len(arrays.axes) + len(arrays.level_rate)
        gradient[level] -= gradient[0] * shift
        count = 0
        for g in range(len(arrays.parent)):
            count += arrays.level_of[g] == arrays.shifted_level
        for g in range(len(arrays.parent)):
            if arrays.level_of[g] == arrays.shifted_level:
                gradient[start + g] -= gradient[0] * math.exp(position[level]) / count
    return standard_normal(z) - math.log(arrays.intercept_sd)
