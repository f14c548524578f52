"""The latent field: effects of groups of all levels, coefficients and intercept, as columns of one design matrix."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array, csc_array

from bayesmodel.compiled import compiled, inner
from bayesmodel.laplace.elimination import Elimination, elimination_of, order_of
from bayesmodel.logp.predictor import sum_of_products
from bayesmodel.model.build import BuiltModel

Floats = NDArray[np.float64]
Indices = NDArray[np.int64]

AREAS_AT_ONCE = 64
"""Areas whose linear predictors are computed for all draws at once."""


class LatentField(NamedTuple):
    """The latent field of a model as arrays (a named tuple: numba does not take dataclasses).

    A position is S + D scores: of the groups of all levels, in the order of their elimination, and of the dense
    columns, which are the determinants and the intercept. An *effect* is the sd of a group's level times its score, a
    coefficient the prior sd of its column times its score. The linear predictor of an area is the mean of the intercept
    plus ``x' beta`` plus the effects of its groups. Scores of groups have the precision `prior`, those of columns 1.

    Areas that are in the same group at every level make up a *cell*: sums over areas are made per cell first.
    """

    x: Floats  # (N, D) determinants, and ones
    columns: Floats  # (D, N) transposed, so that sums over areas are contiguous
    width: Floats  # (D,) prior sd of the coefficients
    intercept_mean: float
    cell: Indices  # (N,) of each area
    groups: Indices  # (C, V) group of each cell at each level
    level: Indices  # (S,) of each group
    order: Indices  # (S,) index of each group within its level
    elimination: Elimination
    prior: Floats  # (entry,) precision of the scores of groups
    entries: Indices  # (C, V (V + 1) / 2) entry of the precision that each pair of a cell's groups adds to


def latent_field(built: BuiltModel) -> LatentField:
    """Return the latent field of a built model."""
    levels = [group for chain in built.chains for group in reversed(chain)]
    areas = len(built.counts)
    sizes = [len(group.codes) for group in levels]
    offsets = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
    of_levels = (start + group.of_area for start, group in zip(offsets[:-1], levels, strict=True))
    of_areas = np.column_stack([_none(areas), *of_levels])
    groups, cell = np.unique(of_areas, axis=0, return_inverse=True) if levels else (_none(1), np.zeros(areas, int))
    pattern = _pattern(groups, int(offsets[-1]))
    largest = int(np.argmax(sizes)) if sizes else 0
    order = order_of(pattern, np.arange(offsets[largest], offsets[min(largest + 1, len(sizes))]))
    place = np.empty_like(order)
    place[order] = np.arange(len(order))
    elimination = elimination_of(csc_array(pattern[order][:, order]))
    groups = place[groups] if len(order) else groups
    x = np.column_stack([built.design.x, np.ones(areas)])
    priors = built.priors
    level = np.repeat(np.arange(len(sizes)), sizes)
    return LatentField(
        x=np.ascontiguousarray(x),
        columns=np.ascontiguousarray(x.T),
        width=np.append(np.full(x.shape[1] - 1, priors.coefficient_sd), priors.intercept_sd),
        intercept_mean=priors.intercept_mean,
        cell=np.ascontiguousarray(cell.ravel()),
        groups=np.ascontiguousarray(groups),
        level=level[order],
        order=(np.arange(len(order)) - offsets[level])[order],
        elimination=elimination,
        prior=_diagonal(elimination),
        entries=_entries(elimination, groups),
    )


def level_names(built: BuiltModel) -> list[str]:
    """Return the levels in the order of their sds: along each chain, coarsest first."""
    return [group.name for chain in built.chains for group in reversed(chain)]


def _none(areas: int) -> Indices:
    """Return the groups of areas, or of cells, in a model without levels (area, 0)."""
    return np.empty((areas, 0), dtype=np.int64)


def _pattern(groups: Indices, size: int) -> csc_array:
    """Return the matrix that is not zero where two groups share a cell (S, S)."""
    cells, levels = groups.shape
    ones = np.ones(groups.size)
    of_cell = csc_array(coo_array((ones, (np.repeat(np.arange(cells), levels), groups.ravel())), shape=(cells, size)))
    return csc_array(of_cell.T @ of_cell)


def _diagonal(elimination: Elimination) -> Floats:
    """Return the entries of the identity matrix."""
    result = np.zeros(len(elimination.row))
    result[elimination.column_start[1:] - 1] = 1.0
    return result


def _entries(elimination: Elimination, groups: Indices) -> Indices:
    """Return the entry of each pair of a cell's groups, the later one first (C, V (V + 1) / 2)."""
    size, pairs = len(elimination.column_start) - 1, list[Indices]()
    columns = np.repeat(np.arange(size), np.diff(elimination.column_start))
    keys = columns * size + elimination.row  # ascending, but for the diagonal, which is last in its column: it is too
    for a in range(groups.shape[1]):
        for b in range(a + 1):
            high, low = np.maximum(groups[:, a], groups[:, b]), np.minimum(groups[:, a], groups[:, b])
            pairs.append(np.searchsorted(keys, high * size + low))
    return np.ascontiguousarray(np.column_stack([_none(len(groups)), *pairs]))


@inner
def group_sds(field: LatentField, sds: Floats) -> Floats:
    """Return the sd of each group's effect (S,)."""
    result = np.empty(len(field.level))
    for g in range(len(result)):
        result[g] = sds[field.level[g]]
    return result


@compiled
def values_at(field: LatentField, sds: Floats, position: Floats) -> tuple[Floats, Floats]:
    """Return the coefficients (D,), the intercept's minus its mean last, and the effects of groups (S,)."""
    groups = len(field.level)
    return field.width * position[groups:], group_sds(field, sds) * position[:groups]


@inner
def log_prior_of(field: LatentField, position: Floats) -> float:
    """Return the log prior density of the scores, up to a constant."""
    groups, elimination = len(field.level), field.elimination
    total = 0.0
    for k in range(groups):
        for p in range(elimination.column_start[k], elimination.column_start[k + 1]):
            share = 0.5 if elimination.row[p] == k else 1.0  # entries above the diagonal stand for two
            total -= share * field.prior[p] * position[elimination.row[p]] * position[k]
    dense = position[groups:]
    return float(total - 0.5 * np.dot(dense, dense))


@compiled
def predictor(field: LatentField, beta: Floats, effects: Floats) -> Floats:
    """Return the linear predictor of each area, without its own effect (N,)."""
    of_cell = np.full(len(field.groups), field.intercept_mean)
    for c in range(len(of_cell)):
        for v in range(field.groups.shape[1]):
            of_cell[c] += effects[field.groups[c, v]]
    eta = np.empty(len(field.x))
    for i in range(len(eta)):
        eta[i] = of_cell[field.cell[i]] + sum_of_products(field.x[i], beta)
    return eta


@compiled
def predictors(field: LatentField, beta: Floats, effects: Floats, first: int, result: Floats) -> None:
    """Write the same for draws (draw, ...) and a block of areas from `first` on into `result` (draw, N)."""
    for i in range(first, min(first + AREAS_AT_ONCE, len(field.x))):
        result[:, i] = field.intercept_mean + np.dot(beta, field.x[i])
        for v in range(field.groups.shape[1]):
            result[:, i] += effects[:, field.groups[field.cell[i], v]]
