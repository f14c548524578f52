"""Where chains start: the most likely position at plausible sds of the levels, and how far the posterior reaches."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from bayesmodel.logp.arrays import Forest, size_of

if TYPE_CHECKING:
    from bayesmodel.model.build import BuiltModel

Floats = NDArray[np.float64]

STEPS = 60
"""Of the climb, which need not reach the top."""


def rough_position(built: BuiltModel, forest: Forest) -> Floats:
    """Return a position at plausible sds: no determinant counts, no group has an effect (size,)."""
    position, columns, levels = np.zeros(size_of(forest)), len(forest.axes), len(forest.level_rate)
    sds = built.geometry.sds
    names = [group.name for chain in built.chains for group in reversed(chain)]
    position[0] = forest.intercept_mean
    position[1 + columns : 1 + columns + levels] = np.log([sds[name] for name in names])
    # a dispersion is relative
    position[-1] = np.log(sds["area"] / (1.0 if forest.area_effect or forest.gaussian else built.priors.scale))
    first = _of_first_chain(forest)
    position[1 + columns + levels : -1] = np.where(first, forest.group_centring * forest.intercept_mean, 0.0)
    return position


def reach(built: BuiltModel, forest: Forest) -> Floats:
    """Return about how far the posterior reaches along each value of a position, as sds (size,)."""
    columns, levels = len(forest.axes), len(forest.level_rate)
    scale = np.empty(size_of(forest))
    position, groups = rough_position(built, forest), np.bincount(forest.level_of, minlength=levels)
    sds = np.exp(position[1 + columns : 1 + columns + levels])
    scale[0] = sds[0] / np.sqrt(groups[0]) if levels else 0.1 * built.priors.scale
    scale[1 : 1 + columns] = 1 / np.sqrt(1 + built.priors.coefficient_sd**2 * built.geometry.known)
    scale[1 + columns : 1 + columns + levels] = 1 / np.sqrt(2 + 2 * groups)
    weight = forest.group_centring
    scale[1 + columns + levels : -1] = sds[forest.level_of] ** weight * np.sqrt(1 - np.minimum(weight, 0.99))
    scale[-1] = 1 / np.sqrt(2 + forest.told.sum())
    return scale


def climbed(
    density: Callable[[Floats], tuple[float, Floats]], position: Floats, scale: Floats, forest: Forest
) -> Floats:
    """Return about the most likely position with the same sds of the levels, by a quasi-Newton search (L-BFGS).

    Were those free too, groups would be likeliest without any effect; the areas' effects are integrated out.
    """
    columns, levels = len(forest.axes), len(forest.level_rate)
    free = np.ones(len(position), dtype=bool)
    free[1 + columns : 1 + columns + levels] = False

    def downhill(place: Floats) -> tuple[float, Floats]:
        value, gradient = density(position + scale * place)
        return -value, np.where(free, -gradient * scale, 0.0)

    from scipy import optimize  # a tenth of a second, which those who only read a fit need not wait

    found = optimize.minimize(
        downhill, np.zeros(len(position)), jac=True, method="L-BFGS-B", options={"maxiter": STEPS}
    )
    return np.asarray(position + scale * found.x)


def _of_first_chain(forest: Forest) -> NDArray[np.bool_]:
    """Return which groups lie below the intercept (G,)."""
    inside = np.zeros(len(forest.parent), dtype=bool)
    for g, above in enumerate(forest.parent):
        inside[g] = above == -1 or (above >= 0 and inside[above])
    return inside
