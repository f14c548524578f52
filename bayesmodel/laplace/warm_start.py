"""Warm start: where the fit of similar counts ended, and the surface over the sds moved from there to other counts.

Refits of counts simulated from one posterior have posteriors of nearly the same shape, each around a mode of its own.
One Newton step finds that mode well enough, and the difference to the earlier surface is so smooth that a quadratic
through a few nodes tells it. Proposals differ by that from those of a search from nothing; their weights are exact as
always, and their certificate judges them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from bayesmodel.laplace.hyperparameters import (
    DEEP,
    SMALLEST,
    WIDTH,
    Evidence,
    Surface,
    few_nodes,
    sds_at_mode,
)
from bayesmodel.laplace.leaf_effects import LeafEffects
from bayesmodel.laplace.mode import SkewnessCorrection
from bayesmodel.laplace.nodes import normal_nodes

Floats = NDArray[np.float64]

SPARE = 2
"""Nodes per coefficient of the quadratic."""
LEAST_LOG_WEIGHT = -6.0
"""Of a node: where the posterior is low, the quadratic need not fit well."""
SEARCH_STEPS = 1
"""Of the search for the mode: the centre of the coordinates need only be near it."""


@dataclass(frozen=True)
class WarmStart:
    """What a fit found that the fit of similar counts, of as many areas, can begin with.

    Parameters
    ----------
    surface : Surface
        Over the sds.
    correction : SkewnessCorrection
        Of proposals.
    leaves : LeafEffects, optional
        Effects that are drawn from their own conditional.
    nodes, coarse_nodes : int
        Quadrature nodes of the likelihood, and of proposals; the certificate tells whether the former are enough.
    """

    surface: Surface
    correction: SkewnessCorrection
    leaves: LeafEffects | None
    nodes: int
    coarse_nodes: int


@dataclass(frozen=True)
class Moved:
    """A function of standardised coordinates: one that is known, plus a polynomial.

    Parameters
    ----------
    known : callable
        From coordinates (point, sd) to values (point, ...).
    coefficients : ndarray (power, ...)
    degree : {1, 2}
        Of the polynomial.
    """

    known: Callable[[Floats], Floats]
    coefficients: Floats
    degree: int

    def __call__(self, z: Floats) -> Floats:
        """Return its values at coordinates (point, sd)."""
        return np.asarray(self.known(z) + powers(z, self.degree) @ self.coefficients)


def powers(z: Floats, degree: int) -> Floats:
    """Return 1, the coordinates, and in degree 2 their products by two (point, power), of coordinates (point, sd).

    Examples
    --------
    >>> powers(np.array([[2.0, 3.0]]), 2).tolist()
    [[1.0, 2.0, 3.0, 4.0, 6.0, 9.0]]
    """
    one, other = np.triu_indices(z.shape[1])
    return np.column_stack([np.ones(len(z)), z, *([z[:, one] * z[:, other]] if degree > 1 else [])])


def moved_surface(start: WarmStart, evidence: Evidence, moved: Callable[[Floats], None]) -> Surface:
    """Return the surface over the sds of other counts: the earlier one around their own mode, plus a quadratic.

    Parameters
    ----------
    start : WarmStart
    evidence : callable
        Of these counts.
    moved : callable
        Called with the sds where the quadrature is to be centred, as that of `sds_at_mode`.

    Raises
    ------
    LinAlgError
        Too few settings of the sds have a mode.
    """
    earlier, size = start.surface, len(start.surface.best)
    moved(earlier.best)
    best, _steps = sds_at_mode(evidence, earlier.best, moved, SEARCH_STEPS)
    count = SPARE * (size + 1) * (size + 2) // 2
    z = np.concatenate([np.zeros((1, size)), WIDTH * normal_nodes(count, size)])
    # mirrored at zero, as the nodes of the earlier surface
    nodes = best * np.maximum(np.abs(1 + z @ earlier.axes.T), 5 * SMALLEST) ** 2
    found, z = evidence(list(nodes)), np.linalg.solve(earlier.axes, (np.sqrt(nodes / best) - 1).T).T
    density, modes = np.array([value for value, _ in found]), np.array([mode for _, mode in found])
    density -= density.max()
    good = density > -DEEP
    if good.sum() < count // SPARE:
        raise np.linalg.LinAlgError(few_nodes(int(good.sum()), len(good)))
    nodes, z, density, modes = nodes[good], z[good], density[good], modes[good]
    weights = np.exp(0.5 * np.clip(density, LEAST_LOG_WEIGHT, 0.0))[:, None]

    def difference(values: Floats, known: Callable[[Floats], Floats], degree: int) -> Moved:
        off = (values - known(z)).reshape(len(z), -1)
        coefficients = np.linalg.lstsq(weights * powers(z, degree), weights * off)[0]
        return Moved(known, coefficients.reshape(-1, *values.shape[1:]), degree)

    return replace(
        earlier,
        best=best,
        nodes=nodes,
        density=difference(density, earlier.density, 2),
        modes=difference(modes, earlier.modes, 1),
    )
