"""Starting values of chains: the mode at plausible sds of the levels, and approximate posterior scales."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from bayesmodel.logp.arrays import INTERCEPT, ModelArrays, first_area_parameter, size_of

if TYPE_CHECKING:
    from bayesmodel.model.build import BuiltModel

Floats = NDArray[np.float64]

MAX_ITERATIONS = 60
"""Of the ascent, which need not converge."""


def initial_position(built: BuiltModel, arrays: ModelArrays) -> Floats:
    """Return a position at plausible sds, with all coefficients and group effects zero (size,)."""
    position, columns, levels = np.zeros(size_of(arrays)), len(arrays.axes), len(arrays.level_rate)
    sds = built.geometry.sds
    names = [group.name for chain in built.chains for group in reversed(chain)]
    position[0] = arrays.intercept_mean
    position[1 + columns : 1 + columns + levels] = np.log([sds[name] for name in names])
    # a dispersion is relative
    own = first_area_parameter(arrays)
    position[own] = np.log(sds["area"] / (1.0 if arrays.area_effect or arrays.gaussian else built.priors.scale))
    position[own + 1 :] = np.log(built.typical_others)
    first = _of_first_chain(arrays)
    position[1 + columns + levels : own] = np.where(first, arrays.group_centring * arrays.intercept_mean, 0.0)
    return position


def posterior_scales(built: BuiltModel, arrays: ModelArrays) -> Floats:
    """Return approximate posterior sds of the values of a position (size,)."""
    columns, levels = len(arrays.axes), len(arrays.level_rate)
    scale = np.empty(size_of(arrays))
    position, groups = initial_position(built, arrays), np.bincount(arrays.level_of, minlength=levels)
    sds = np.exp(position[1 + columns : 1 + columns + levels])
    scale[0] = sds[0] / np.sqrt(groups[0]) if levels else 0.1 * built.priors.scale
    scale[1 : 1 + columns] = 1 / np.sqrt(1 + built.priors.coefficient_sd**2 * built.geometry.known)
    scale[1 + columns : 1 + columns + levels] = 1 / np.sqrt(2 + 2 * groups)
    weight = arrays.group_centring
    own = first_area_parameter(arrays)
    scale[1 + columns + levels : own] = sds[arrays.level_of] ** weight * np.sqrt(1 - np.minimum(weight, 0.99))
    scale[own] = 1 / np.sqrt(2 + arrays.observed_mask.sum())
    scale[own + 1 :] = 1 / np.sqrt(1 + np.exp(position[own + 1 :]) * arrays.observed_mask.sum())
    return scale


def position_of(built: BuiltModel, arrays: ModelArrays, variables: Mapping[str, Floats]) -> Floats:
    """Return the position at which the variables of a model have these values (size,).

    Parameters
    ----------
    built : BuiltModel
    arrays : ModelArrays
    variables : mapping of str to ndarray
        One draw: intercept, coefficients, sds, effects of groups, and the areas' parameters.
    """
    names = [group.name for chain in built.chains for group in reversed(chain)]
    beta = np.asarray(variables["beta"]) if built.design.names else np.empty(0)
    log_sds = np.log([float(variables[f"sd_{name}"]) for name in names])
    effects = np.concatenate([np.zeros(0), *(np.ravel(variables[f"effect_{name}"]) for name in names)])
    mean, intercept, weight = arrays.group_x.T @ beta, float(variables["intercept"]), arrays.group_centring
    for g, above in enumerate(arrays.parent):  # parents come first
        mean[g] += intercept if above == INTERCEPT else mean[above] + effects[above] if above >= 0 else 0.0
    raw = weight * mean + effects / np.exp((1 - weight) * log_sds[arrays.level_of])
    shifted = arrays.level_of == arrays.shifted_level
    shift = np.exp(log_sds[arrays.shifted_level]) * raw[shifted].mean() if shifted.any() else 0.0
    own = [np.log(variables[name]) for name in built.area_parameters]
    return np.concatenate([[intercept + shift], np.linalg.solve(arrays.axes, beta), log_sds, raw, np.ravel(own)])


def ascend(
    density: Callable[[Floats], tuple[float, Floats]], position: Floats, scale: Floats, arrays: ModelArrays
) -> Floats:
    """Return about the mode with the sds of the levels held fixed, by a quasi-Newton search (L-BFGS).

    With free sds the joint mode has no group effects at all; the areas' own effects are integrated out.
    """
    columns, levels = len(arrays.axes), len(arrays.level_rate)
    free = np.ones(len(position), dtype=bool)
    free[1 + columns : 1 + columns + levels] = False

    def downhill(z: Floats) -> tuple[float, Floats]:
        value, gradient = density(position + scale * z)
        return -value, np.where(free, -gradient * scale, 0.0)

    from scipy import optimize  # imported late: it takes a tenth of a second, which reading a fit need not wait for

    found = optimize.minimize(
        downhill, np.zeros(len(position)), jac=True, method="L-BFGS-B", options={"maxiter": MAX_ITERATIONS}
    )
    return np.asarray(position + scale * found.x)


def _of_first_chain(arrays: ModelArrays) -> NDArray[np.bool_]:
    """Return which groups belong to the first chain, below the intercept (G,)."""
    inside = np.zeros(len(arrays.parent), dtype=bool)
    for g, above in enumerate(arrays.parent):
        inside[g] = above == -1 or (above >= 0 and inside[above])
    return inside
