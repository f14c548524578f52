"""Log-density and gradient of the whole model in one compiled pass over the areas.

The same density as the PyMC model (a law of the tests), with no graph to compile at each fit: numba keeps the machine
code on disk. Forward: coefficients -> groups from the top down; block of areas by block: areas -> rows and back; then
back through groups and coefficients.
"""

from __future__ import annotations

import math
from functools import cache
from typing import Any

import numpy as np
from numba import carray, cfunc, types
from numpy.typing import NDArray

from bayesmodel.model.density import back
from bayesmodel.model.density.address import FIELDS, floats, forest_at
from bayesmodel.model.density.compiled import OPTIONS, inner
from bayesmodel.model.density.forest import BLOCK, Forest
from bayesmodel.model.density.forward import (
    Groups,
    block_of,
    coefficients,
    descend,
    means,
    shear,
    sum_of,
    with_missing,
    with_own,
)
from bayesmodel.model.density.special import HALF_LOG_TWO_PI
from bayesmodel.model.density.told import tell

Floats = NDArray[np.float64]
NOT_FINITE = 3
"""What is answered where the density or its gradient is no number: a divergence."""


def log_density(size: int, where: Any, slope: Any, density: Any, data: Any) -> int:
    """Write the log posterior density at a position, up to nothing, its gradient, and the variables if asked.

    A function in C: the threads of a sampler call it by its address, without Python and its lock. It is one function,
    as what density and variables need is most of what there is to compile.

    Parameters
    ----------
    size : int
    where, slope : pointer
        Position and gradient (size,), as described at `Forest`.
    density : pointer
        To one number.
    data : pointer
        To a table of `address.table_of`.

    Returns
    -------
    int
        0, or `NOT_FINITE`.
    """
    table = carray(data, (FIELDS + 1, 3))
    forest, values = forest_at(table), floats(table[FIELDS])[0]
    position, gradient = carray(where, (size,)), carray(slope, (size,))
    own = 1 + len(forest.axes) + len(forest.level_rate) + len(forest.parent)
    gradient[:] = 0.0
    beta, variance = coefficients(forest, position)
    moved = shear(forest, position)
    tree = descend(forest, position, beta, position[0] - moved)
    asked = len(values) > 0
    if asked:
        _write(forest, position, beta, tree, values)
    predictors = values[1 + own :] if asked else np.empty(0)
    total, by_value, by_beta, by_variance = _areas(forest, position, beta, variance, tree, gradient, predictors)
    spread = math.exp(position[own])
    total += math.log(forest.area_rate) - forest.area_rate * spread + position[own]
    gradient[own] += 1.0 - forest.area_rate * spread
    grouped, by_group = back.groups(forest, position, tree, by_value, gradient)
    back.add_slopes(forest.group_x, 0, by_group, by_beta)
    total += grouped + back.slopes(forest, position, beta, by_beta, by_variance, gradient)
    total += back.intercept(forest, position, moved, gradient)
    density[0] = total
    for i in range(size):
        total += abs(gradient[i])  # one that is not finite makes the sum so
    return 0 if np.isfinite(total) else NOT_FINITE


@cache
def machine() -> Any:
    """Return `log_density` as a function in C, kept on disk."""
    numbers = types.CPointer(types.double)
    signature = types.int64(types.uint64, numbers, numbers, numbers, types.CPointer(types.int64))
    return cfunc(signature, cache=True, **OPTIONS)(log_density)


@inner
def _areas(
    forest: Forest,
    position: Floats,
    beta: Floats,
    variance: Floats,
    tree: Groups,
    gradient: Floats,
    predictors: Floats,
) -> tuple[float, Floats, Floats, Floats]:
    """Go through the areas, forward and back: what each says of its mean and of what is its own.

    Returns
    -------
    float, ndarray (G,), ndarray (K,), ndarray (P,)
        Log-density; derivatives to groups, coefficients and the variance of each pattern.
    """
    own = 1 + len(forest.axes) + len(forest.level_rate) + len(forest.parent)
    spread = math.exp(position[own])
    raw, by_raw = position[own + 1 :], gradient[own + 1 :]
    # areas with pattern p have the sd sqrt(spread^2 + variance[p]), as an effect of their own or as their dispersion
    patterns = len(variance)
    dispersion, log_sd, inverse = np.empty(patterns), np.empty(patterns), np.empty(patterns)
    for p in range(patterns):
        sd = math.sqrt(spread * spread + variance[p])
        dispersion[p], inverse[p], log_sd[p] = sd if forest.gaussian else spread, 1.0 / sd, math.log(sd)
    total = 0.0
    if forest.area_effect:
        for p in range(patterns):
            total -= forest.pattern_centring[p] * log_sd[p]
    by_value, by_log_sd = np.zeros((back.PARTS, len(tree.value))), np.zeros((back.PARTS, patterns))
    by_beta, by_variance = np.zeros(len(beta)), np.zeros(patterns)
    for start in range(0, len(forest.lower), BLOCK):
        block = block_of(forest, start)
        areas = means(forest, block, beta, tree)
        stop = start + len(areas)
        if forest.area_effect:
            eta, factor = with_own(block, raw[start:stop], areas, log_sd)
            told, slope, by_log = tell(forest.family, block, eta, dispersion)
            effects, slope, by_log = back.own_effects(
                block, raw[start:stop], areas, factor, inverse, slope, by_raw[start:stop]
            )
            total += effects - HALF_LOG_TWO_PI * len(areas)
            back.add_up(by_log, block.pattern, by_log_sd)
        else:
            eta, factor = with_missing(block, raw, areas, variance)
            told, slope, by_log = tell(forest.family, block, eta, dispersion)
            if forest.gaussian:
                back.add_up(by_log, block.pattern, by_log_sd)
            else:
                total += back.missing_effects(block, raw, factor, slope, by_variance, by_raw)
                gradient[own] += sum_of(by_log)
        total += told
        if len(predictors):
            for i in range(len(eta)):  # to assign an array takes a second more to compile
                predictors[start + i] = eta[i]
        gradient[0] += back.gather(forest, block, slope, by_value, by_beta)
    by_sd2 = back.summed(by_log_sd)
    for p in range(patterns):
        by_sd2[p] *= inverse[p] * inverse[p]
        by_variance[p] += 0.5 * by_sd2[p]
    gradient[own] += spread * spread * sum_of(by_sd2)
    return total, back.summed(by_value), by_beta, by_variance


@inner
def _write(forest: Forest, position: Floats, beta: Floats, tree: Groups, values: Floats) -> None:
    """Write the variables that are no linear predictors."""
    columns, levels = len(beta), len(forest.level_rate)
    values[0] = tree.intercept
    for j in range(columns):
        values[1 + j] = beta[j]
    for v in range(levels):
        values[1 + columns + v] = math.exp(position[1 + columns + v])
    first = 2 + columns + levels
    values[first - 1] = math.exp(position[1 + columns + levels + len(tree.mean)])
    for g in range(len(tree.mean)):
        values[first + g] = tree.value[g] - tree.mean[g]
