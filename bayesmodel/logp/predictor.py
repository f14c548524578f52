"""Forward: from a position of the sampler to the linear predictor of every area.

Coefficients -> groups from the top down -> areas.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from bayesmodel.model.density.compiled import adding, compiled, inner
from bayesmodel.model.density.forest import BLOCK, INTERCEPT, Forest
from bayesmodel.model.density.vector import exponential

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
