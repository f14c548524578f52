"""Spatial effects: areas that border on each other are alike, by an intrinsic autoregression scaled per component.

Within each component of the neighbour graph the effects s have density ``exp(-sum over neighbours (s_i - s_j)^2 / 2)``
and sum to zero. They are scaled so that the geometric mean of their variances is 1 in each component (Sorbye and Rue
2014), as BYM2 has it (Riebler and others 2016; Freni-Sterrantino and others 2018 for components): the sd of the level
is then that of a typical area, in any country. An area without neighbours has no spatial effect.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array, csc_array, diags_array, triu
from scipy.sparse.csgraph import connected_components

from bayesmodel.sparse_factor import elimination_of, factorise, inverse_diagonal, order_of, solve

Floats = NDArray[np.float64]
Indices = NDArray[np.int64]


@dataclass(frozen=True)
class SpatialStructure:
    """The precision of spatial effects.

    Parameters
    ----------
    areas : ndarray of int (S,)
        Rows of the areas with a neighbour.
    component : ndarray of int (S,)
        Component of each, from 0.
    precision : csc_array (S, S)
        Scaled; singular: the effects of a component are known up to a constant.
    variance : ndarray (S,)
        Of each effect, given that those of its component sum to zero.
    """

    areas: Indices
    component: Indices
    precision: csc_array
    variance: Floats

    def draw(self, rng: np.random.Generator) -> Floats:
        """Return a draw of the effects (S,).

        With ``precision = D' D``, D the scaled differences of neighbours, and e standard normal, ``precision^- D' e``
        has the covariance that is asked for.
        """
        upper = coo_array(triu(self.precision, k=1))
        first, second = upper.coords
        difference = np.sqrt(-upper.data) * rng.standard_normal(len(first))
        right = np.bincount(first, difference, len(self.areas)) - np.bincount(second, difference, len(self.areas))
        solved = _HeldSystem(self.precision, self.component).solved(right)
        mean = np.bincount(self.component, solved) / np.bincount(self.component)
        return np.asarray(solved - mean[self.component])


def spatial_structure(pairs: Indices, areas: int) -> SpatialStructure:
    """Return the precision of spatial effects of areas that border on each other.

    Parameters
    ----------
    pairs : ndarray of int (pair, 2)
        Rows of two areas that border on each other, each pair once.
    areas : int
        How many areas there are.

    Returns
    -------
    SpatialStructure

    Examples
    --------
    >>> found = spatial_structure(np.array([[0, 1], [1, 2]]), 4)
    >>> found.areas.tolist(), round(float(np.log(found.variance).mean()), 12)
    ([0, 1, 2], 0.0)
    """
    first, second = pairs.T
    ones = coo_array((np.ones(len(pairs)), (first, second)), shape=(areas, areas))
    adjacency = csc_array(ones + ones.T)
    number = np.asarray(adjacency.sum(axis=0)).ravel()
    kept = np.flatnonzero(number > 0)
    adjacency = csc_array(adjacency[kept][:, kept])
    component = connected_components(adjacency, directed=False)[1].astype(np.int64)
    laplacian = csc_array(diags_array(number[kept]) - adjacency)
    variance = _variance(laplacian, component)
    logs = np.bincount(component, np.log(variance)) / np.bincount(component)
    scale = np.exp(logs)[component]
    return SpatialStructure(kept, component, csc_array(laplacian * scale), variance / scale)


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
