"""Forward: from a position of the sampler to the linear predictor of every area.

Coefficients -> groups from the top down -> areas -> what is the area's own.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from bayesmodel.model.density.compiled import inner
from bayesmodel.model.density.forest import BLOCK, INTERCEPT, Forest, Indices
from bayesmodel.model.density.vector import exponential

Floats = NDArray[np.float64]
TINY = 1e-12
"""Variance added under the square root where missing determinants may leave none."""


class Groups(NamedTuple):
    """Intercept and all groups at a position (G,): mean, value, and what a raw value counts for: sd^(1 - centring)."""

    intercept: float
    mean: Floats
    value: Floats
    stretch: Floats


class Block(NamedTuple):
    """A run of areas: the fields of `Forest` for them."""

    start: int
    chains: Indices  # (chain, area)
    pattern: Indices
    centring: Floats
    missing: Indices
    lower: Floats
    upper: Floats
    people: Floats
    log_people: Floats
    constant: Floats
    told: Floats


@inner
def block_of(forest: Forest, start: int) -> Block:
    """Return the areas from `start` on."""
    stop = min(start + BLOCK, len(forest.lower))
    return Block(
        start,
        forest.area_groups[:, start:stop],
        forest.pattern[start:stop],
        forest.area_centring[start:stop],
        forest.missing[start:stop],
        forest.lower[start:stop],
        forest.upper[start:stop],
        forest.people[start:stop],
        forest.log_people[start:stop],
        forest.constant[start:stop],
        forest.told[start:stop],
    )


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
    beta = np.empty(columns)
    for j in range(columns):
        total = 0.0
        for k in range(columns):
            total += forest.axes[j, k] * position[1 + k]
        beta[j] = total
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
def means(forest: Forest, block: Block, beta: Floats, tree: Groups) -> Floats:
    """Return the mean of each area of a block."""
    total = np.empty(len(block.lower))
    total[:] = 0.0 if len(block.chains) else tree.intercept
    for c in range(len(block.chains)):
        for i in range(len(total)):
            total[i] += tree.value[block.chains[c, i]]
    add_products(forest.area_x, block.start // BLOCK * len(beta), beta, total)
    return total


@inner
def with_own(block: Block, raw: Floats, areas: Floats, log_sd: Floats) -> tuple[Floats, Floats]:
    """Return the linear predictors with an effect of each area, and their derivatives to its raw value.

    Parameters
    ----------
    block : Block
    raw, areas : ndarray (area,)
        Raw values and means of these areas.
    log_sd : ndarray (pattern,)
    """
    weight, exponents, eta = block.centring, np.empty(len(areas)), np.empty(len(areas))
    for i in range(len(areas)):
        exponents[i] = (1.0 - weight[i]) * log_sd[block.pattern[i]]
    factor = exponential(exponents)
    for i in range(len(areas)):
        eta[i] = areas[i] + factor[i] * (raw[i] - weight[i] * areas[i])
    return eta, factor


@inner
def with_missing(block: Block, raw: Floats, areas: Floats, variance: Floats) -> tuple[Floats, Floats]:
    """Return the same where only missing determinants leave an area something of its own; all raw values are given."""
    eta, factor = areas.copy(), np.zeros(len(areas))
    for i in range(len(eta)):
        if block.missing[i] >= 0:
            factor[i] = math.sqrt(variance[block.pattern[i]] + TINY)
            eta[i] += factor[i] * raw[block.missing[i]]
    return eta, factor
