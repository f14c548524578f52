"""Log-density and gradient of the whole model in one compiled pass over the areas.

The density of the PyMC model with all that is an area's own integrated out (a law of the tests), and no graph to
compile at each fit: numba keeps the machine code on disk. Forward: coefficients -> groups from the top down; block of
areas by block: areas -> rows and back; then back through groups and coefficients.
"""

from __future__ import annotations

import math
from functools import cache
from typing import Any

import numpy as np
from numba import carray, types
from numpy.typing import NDArray

from bayesmodel.compiled import compiled_for_c, inner
from bayesmodel.logp import predictor
from bayesmodel.logp.area_effects import hear, nothing_heard, part_of, room_for
from bayesmodel.logp.arrays import BLOCK, Forest
from bayesmodel.logp.ffi import FIELDS, centres_at, floats, forest_at, rule_at
from bayesmodel.logp.predictor import Groups, coefficients, descend, means, shear, sum_of
from bayesmodel.logp.quadrature import Centres, Rule

Floats = NDArray[np.float64]
NOT_FINITE = 3
"""What is answered where the density or its gradient is no number: a divergence."""


def log_density(size: int, where: Any, slope: Any, density: Any, data: Any) -> int:
    """Write the log posterior density at a position, up to nothing, and its gradient; or the variables, if asked.

    A function in C: the threads of a sampler call it by its address, without Python and its lock. It is one function,
    as what variables need is compiled for the density anyhow.

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
    own = size - 1
    gradient[:] = 0.0
    beta, variance = coefficients(forest, position)
    moved = shear(forest, position)
    tree = descend(forest, position, beta, position[0] - moved)
    spread = math.exp(position[own])
    if len(values):
        _write(forest, position, beta, tree, values)
        return 0
    total, by_value, by_beta, by_variance = _areas(
        forest, centres_at(table), rule_at(table), beta, variance, tree, spread, gradient
    )
    total += math.log(forest.area_rate) - forest.area_rate * spread + position[own]
    gradient[own] += 1.0 - forest.area_rate * spread
    grouped, by_group = predictor.groups(forest, position, tree, by_value, gradient)
    predictor.add_slopes(forest.group_x, 0, by_group, by_beta)
    total += grouped + predictor.slopes(forest, position, beta, by_beta, by_variance, gradient)
    total += predictor.intercept(forest, position, moved, gradient)
    density[0] = total
    for i in range(size):
        total += abs(gradient[i])  # one that is not finite makes the sum so
    return 0 if np.isfinite(total) else NOT_FINITE


@cache
def machine() -> Any:
    """Return `log_density` as a function in C, kept on disk."""
    numbers = types.CPointer(types.double)
    signature = types.int64(types.uint64, numbers, numbers, numbers, types.CPointer(types.int64))
    return compiled_for_c(signature, log_density)


@inner
def _areas(
    forest: Forest,
    centres: Centres,
    rule: Rule,
    beta: Floats,
    variance: Floats,
    tree: Groups,
    spread: float,
    gradient: Floats,
) -> tuple[float, Floats, Floats, Floats]:
    """Go through the areas, forward and back: what each says of its mean, with what is its own integrated out.

    Returns
    -------
    float, ndarray (G,), ndarray (K,), ndarray (P,)
        Log-density; derivatives to groups, coefficients and the variance of each pattern.
    """
    by_value, by_variance = np.zeros((predictor.PARTS, len(tree.value))), np.zeros((predictor.PARTS, len(variance)))
    by_beta, total, by_dispersion, room = np.zeros(len(beta)), forest.constant, 0.0, room_for(rule)
    for start in range(0, len(forest.lower), BLOCK):
        eta = means(forest, start, beta, tree)
        heard = nothing_heard(len(eta))
        hear(forest, centres, rule, part_of(forest, start, eta, spread, variance), 0.0, heard, room)
        total += sum_of(heard.value)
        by_dispersion += sum_of(heard.by_dispersion)
        gradient[0] += predictor.gather(forest, start, heard.slope, by_value, by_beta)
        predictor.add_up(heard.by_variance, forest.pattern[start : start + BLOCK], by_variance)
    summed = predictor.summed(by_variance)
    if forest.area_effect or forest.gaussian:  # the spread is a part of that variance
        by_dispersion = 2.0 * spread * sum_of(summed)
    gradient[-1] += spread * by_dispersion
    return total, predictor.summed(by_value), by_beta, summed


@inner
def _write(forest: Forest, position: Floats, beta: Floats, tree: Groups, values: Floats) -> None:
    """Write the variables, the linear predictors last."""
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
    for start in range(0, len(forest.lower), BLOCK):
        eta = means(forest, start, beta, tree)
        for i in range(len(eta)):  # to assign an array takes a second more to compile
            values[first + len(tree.mean) + start + i] = eta[i]
