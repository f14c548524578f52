"""Spatial effects: areas that border on each other are alike, by an intrinsic autoregression scaled per component.

Within each component of the neighbour graph the effects s have density ``exp(-sum over neighbours (s_i - s_j)^2 / 2)``
and sum to zero. They are scaled so that the geometric mean of their variances is 1 in each component (Sorbye and Rue
2014), as BYM2 has it (Riebler and others 2016; Freni-Sterrantino and others 2018 for components): the sd of the level
is then that of a typical area, in any country. An area without neighbours has an effect of variance 1 that depends on
no other, as in R-INLA, so that it varies as much as a typical area does; or none, as in BUGS.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array, csc_array, diags_array, triu
from scipy.sparse.csgraph import connected_components

from bayesmodel.model.terms import NO_SCORE
from bayesmodel.sparse_factor import elimination_of, factorise, inverse_diagonal, order_of, solve

Floats = NDArray[np.float64]
Indices = NDArray[np.int64]


@dataclass(frozen=True)
class SpatialStructure:
    """The precision of spatial effects.

    Parameters
    ----------
    areas : ndarray of int (S,)
        Rows of the areas with an effect.
    component : ndarray of int (S,)
        Component of each, from 0; `NO_SCORE` where it has no neighbours.
    precision : csc_array (S, S)
        Scaled; singular: the effects of a component are known up to a constant. Those of islands have a precision of 1.
    variance : ndarray (S,)
        Of each effect, given that those of its component sum to zero.
    """

    areas: Indices
    component: Indices
    precision: csc_array
    variance: Floats

    @property
    def connected(self) -> Indices:
        """Effects of areas with a neighbour (C,)."""
        return np.flatnonzero(self.component != NO_SCORE)

    @property
    def sizes(self) -> Indices:
        """How many areas each component has (component,)."""
        return np.bincount(self.component[self.connected])

    def draw(self, rng: np.random.Generator) -> Floats:
        """Return a draw of the effects (S,).

        With ``precision = D' D``, D the scaled differences of neighbours, and e standard normal, ``precision^- D' e``
        has the covariance that is asked for.
        """
        upper = coo_array(triu(self.precision, k=1))
        first, second = upper.coords
        difference = np.sqrt(-upper.data) * rng.standard_normal(len(first))
        size, there = len(self.areas), self.connected
        right = np.bincount(first, difference, size) - np.bincount(second, difference, size)
        component = self.component[there]
        solved = _HeldSystem(csc_array(self.precision[there][:, there]), component).solved(right[there])
        drawn = np.empty(size)
        drawn[there] = solved - (np.bincount(component, solved) / self.sizes)[component]
        drawn[self.component == NO_SCORE] = rng.standard_normal(size - len(there))
        return drawn


def spatial_structure(pairs: Indices, areas: int, *, islands: bool = True) -> SpatialStructure:
    """Return the precision of spatial effects of areas that border on each other.

    Parameters
    ----------
    pairs : ndarray of int (pair, 2)
        Rows of two areas that border on each other, each pair once.
    areas : int
        How many areas there are.
    islands : bool
        Whether areas without neighbours have an effect: of variance 1, that depends on no other.

    Returns
    -------
    SpatialStructure

    Examples
    --------
    >>> found = spatial_structure(np.array([[0, 1], [1, 2]]), 4)
    >>> found.component.tolist(), round(float(np.log(found.variance).mean()), 12)
    ([0, 0, 0, -1], 0.0)
    """
    first, second = pairs.T
    ones = coo_array((np.ones(len(pairs)), (first, second)), shape=(areas, areas))
    adjacency = csc_array(ones + ones.T)
    number = np.asarray(adjacency.sum(axis=0)).ravel()
    there = np.flatnonzero(number > 0)
    within = csc_array(adjacency[there][:, there])
    parts = connected_components(within, directed=False)[1].astype(np.int64)
    variance = _variance(csc_array(diags_array(number[there]) - within), parts)
    scale = np.exp(np.bincount(parts, np.log(variance)) / np.bincount(parts))[parts]
    component, scales, variances = np.full(areas, NO_SCORE), np.ones(areas), np.ones(areas)
    component[there], scales[there], variances[there] = parts, scale, variance / scale
    precision = csc_array((diags_array(np.where(number > 0, number, 1.0)) - adjacency) * scales)
    kept = np.arange(areas) if islands else there
    return SpatialStructure(kept, component[kept], csc_array(precision[kept][:, kept]), variances[kept])


class _HeldSystem:
    """The precision without one effect of each component, held at zero: factorised.

    Parameters
    ----------
    precision : csc_array (S, S)
    component : ndarray of int (S,)
    """

    def __init__(self, precision: csc_array, component: Indices) -> None:
        held = np.unique(component, return_index=True)[1]
        free = np.setdiff1d(np.arange(len(component)), held)
        matrix = csc_array(precision[free][:, free])
        order = order_of(matrix, np.arange(0))
        matrix = csc_array(matrix[order][:, order])
        self.size, self.rows, self.elimination = len(component), free[order], elimination_of(matrix)
        columns = np.repeat(np.arange(len(order)), np.diff(self.elimination.column_start))
        self.lower, self.diagonal = factorise(
            self.elimination, np.asarray(matrix[self.elimination.row, columns], dtype=float).ravel()
        )

    def solved(self, right: Floats) -> Floats:
        """Return the solution (S,), zero where it is held."""
        result = np.zeros(self.size)
        result[self.rows] = solve(self.elimination, self.lower, self.diagonal, right[self.rows])
        return result

    def variance(self) -> Floats:
        """Return the diagonal of the inverse (S,), zero where it is held."""
        result = np.zeros(self.size)
        result[self.rows] = inverse_diagonal(self.elimination, self.lower, self.diagonal)
        return result


def _variance(laplacian: csc_array, component: Indices) -> Floats:
    """Return the variances of effects that sum to zero per component (S,), before scaling.

    G being the covariance given that one effect of each component is zero, that of the deviations from the mean of a
    component of n has the diagonal ``G_ii - 2 (G 1)_i / n + 1' G 1 / n^2``.
    """
    system = _HeldSystem(laplacian, component)
    summed = system.solved(np.ones(len(component)))
    size = np.bincount(component)
    mean = np.bincount(component, summed) / size**2
    return np.asarray(system.variance() - 2 * summed / size[component] + mean[component])
