"""Log density and gradient of the whole model in one compiled pass over the areas.

It equals the density of the PyMC model with the areas' own effects integrated out (tests hold them equal), and there is
no graph to compile at each fit: numba caches the machine code on disk. Forward pass: coefficients, then groups from the
top down. Per block of areas: linear predictors, likelihood, and the reverse pass to groups and coefficients. Then the
reverse pass through groups and coefficients.
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
from bayesmodel.logp.area_effects import add_by_params, area_loglik, work_buffer, zero_loglik
from bayesmodel.logp.arrays import BLOCK, ModelArrays, first_area_parameter
from bayesmodel.logp.ffi import FIELDS, approx_at, arrays_at, floats, rule_at
from bayesmodel.logp.predictor import Groups, add_level_effects, block_predictor, coefficients, intercept_shift, sum_of
from bayesmodel.logp.quadrature import LaplaceApprox, QuadratureRule

Floats = NDArray[np.float64]
NOT_FINITE = 3
"""Return code where the density or its gradient is not finite: the sampler counts a divergence."""


def log_density(size: int, where: Any, slope: Any, density: Any, data: Any) -> int:
    """Write the log posterior density at a position, including all constants, and its gradient; or the variables.

    Compiled to C: the threads of a sampler call it by address, without the interpreter and its lock. Density and
    variables share one function, because variables need most of the same code compiled.

    Parameters
    ----------
    size : int
    where, slope : pointer
        Position and gradient (size,), laid out as in `ModelArrays`.
    density : pointer
        To one number.
    data : pointer
        To a table of `ffi.table_of`; its last entry says where variables are written, if anywhere.

    Returns
    -------
    int
        0, or `NOT_FINITE`.
    """
    table = carray(data, (FIELDS + 1, 3))
    arrays, values = arrays_at(table), floats(table[FIELDS])[0]
    position, gradient = carray(where, (size,)), carray(slope, (size,))
    gradient[:] = 0.0
    beta, variance = coefficients(arrays, position)
    shift = intercept_shift(arrays, position)
    groups = add_level_effects(arrays, position, beta, position[0] - shift)
    area_params = np.exp(position[first_area_parameter(arrays) :])
    if len(values):
        _write_variables(arrays, position, beta, groups, area_params, values)
        return 0
    total, by_value, by_beta, by_variance = _area_terms(
        arrays, approx_at(table), rule_at(table), beta, variance, groups, area_params, gradient
    )
    for a in range(len(area_params)):
        at, rate = first_area_parameter(arrays) + a, arrays.area_rates[a]
        total += math.log(rate) - rate * area_params[a] + position[at]
        gradient[at] += 1.0 - rate * area_params[a]
    grouped, by_group = predictor.backward_groups(arrays, position, groups, by_value, gradient)
    predictor.add_slopes(arrays.group_x, 0, by_group, by_beta)
    total += grouped + predictor.backward_coefficients(arrays, position, beta, by_beta, by_variance, gradient)
    total += predictor.backward_intercept(arrays, position, shift, gradient)
    density[0] = total
    for i in range(size):
        total += abs(gradient[i])  # not finite if any component is not
    return 0 if np.isfinite(total) else NOT_FINITE


@cache
def compiled_log_density() -> Any:
    """Return `log_density` compiled to C, cached on disk."""
    numbers = types.CPointer(types.double)
    signature = types.int64(types.uint64, numbers, numbers, numbers, types.CPointer(types.int64))
    return compiled_for_c(signature, log_density)


@inner
def _area_terms(
    arrays: ModelArrays,
    approx: LaplaceApprox,
    rule: QuadratureRule,
    beta: Floats,
    variance: Floats,
    groups: Groups,
    area_params: Floats,
    gradient: Floats,
) -> tuple[float, Floats, Floats, Floats]:
    """Return the areas' log-likelihood, own effects integrated out, with its derivatives.

    Returns
    -------
    float, ndarray (G,), ndarray (K,), ndarray (P,)
        Log-likelihood; derivatives to groups, coefficients and the missing-data variance of each pattern.
    """
    by_value, by_variance = (
        np.zeros((predictor.PARTIAL_SUMS, len(groups.value))),
        np.zeros((predictor.PARTIAL_SUMS, len(variance))),
    )
    by_beta, total, buffer = np.zeros(len(beta)), arrays.constant, work_buffer(rule)
    by_params = np.zeros(len(area_params))
    for start in range(0, len(arrays.lower), BLOCK):
        eta = block_predictor(arrays, start, beta, groups)
        loglik = zero_loglik(len(eta))
        area_loglik(arrays, approx, rule, start, eta, area_params, variance, 0.0, loglik, buffer)
        total += sum_of(loglik.value)
        add_by_params(arrays, start, loglik, by_params)
        gradient[0] += predictor.backward_areas(arrays, start, loglik.slope, by_value, by_beta)
        predictor.scatter_add(loglik.by_variance, arrays.pattern[start : start + BLOCK], by_variance)
    for a in range(len(area_params)):
        gradient[first_area_parameter(arrays) + a] += area_params[a] * by_params[a]
    return total, predictor.sum_parts(by_value), by_beta, predictor.sum_parts(by_variance)


@inner
def _write_variables(
    arrays: ModelArrays, position: Floats, beta: Floats, groups: Groups, area_params: Floats, values: Floats
) -> None:
    """Write the variables, linear predictors last."""
    columns, levels = len(beta), len(arrays.level_rate)
    values[0] = groups.intercept
    for j in range(columns):
        values[1 + j] = beta[j]
    for v in range(levels):
        values[1 + columns + v] = math.exp(position[1 + columns + v])
    for a in range(len(area_params)):
        values[1 + columns + levels + a] = area_params[a]
    first = 1 + columns + levels + len(area_params)
    for g in range(len(groups.mean)):
        values[first + g] = groups.value[g] - groups.mean[g]
    for start in range(0, len(arrays.lower), BLOCK):
        eta = block_predictor(arrays, start, beta, groups)
        for i in range(len(eta)):  # assigning an array takes a second longer to compile
            values[first + len(groups.mean) + start + i] = eta[i]
