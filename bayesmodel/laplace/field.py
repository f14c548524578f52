"""The latent field: effects of groups of all levels, coefficients and intercept, as columns of one design matrix."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import block_diag, coo_array, csc_array, diags_array

from bayesmodel.compiled import compiled, inner
from bayesmodel.logp.predictor import sum_of_products
from bayesmodel.model.build import BuiltModel
from bayesmodel.model.terms import Term, components_of, sds_of
from bayesmodel.sparse_factor import Elimination, elimination_of, order_of

Floats = NDArray[np.float64]
Indices = NDArray[np.int64]

NO_GROUP = -1
"""Stands for the group of an area that has none at a level."""
RIDGE = 1e-6
"""Added to the precision of structured scores, which else could not be factorised where their sd is zero."""
AREAS_AT_ONCE = 64
"""Areas whose linear predictors are computed for all draws at once."""


class LatentField(NamedTuple):
    """The latent field of a model as arrays (a named tuple: numba does not take dataclasses).

    A position is S + D scores: of all terms, in the order of their elimination, and of the dense columns, which are the
    determinants, what differs by year or outcome where there are several, and the intercept. A coefficient is the prior
    sd of its column times its score. The linear predictor of an area is the mean of the intercept plus ``x' beta`` plus
    its scores of terms, each times an sd and a loading, which is 1 but for those over the years. Scores of terms have
    the precision `prior`, those of columns 1. A level of a model is a term with a score for each group and one sd, and
    each term is called a level here, each score a group.

    Areas with the same scores, sds and loadings make up a *cell*: sums over areas are made per cell first.
    """

    x: Floats  # (N, D) determinants, and ones
    columns: Floats  # (D, N) transposed, so that sums over areas are contiguous
    width: Floats  # (D,) prior sd of the coefficients
    intercept_mean: float
    cell: Indices  # (N,) of each area
    groups: Indices  # (C, V) scores of each cell
    loading: Floats  # (C, V) by which they are multiplied
    sd: Indices  # (C, V) index of the sd by which they are multiplied
    level: Indices  # (S,) of each group
    order: Indices  # (S,) index of each group within its level
    component: Indices  # (S,) of groups whose scores sum to zero together; -1 where they need not
    components: int  # M
    elimination: Elimination
    prior: Floats  # (entry,) precision of the scores of groups
    entries: Indices  # (C, V (V + 1) / 2) entry of the precision that each pair of a cell's groups adds to


def latent_field(built: BuiltModel) -> LatentField:
    """Return the latent field of a built model: each term is a level, with scores and an sd of its own."""
    terms, areas = built.terms, len(built.counts)
    sizes = [len(term) for term in terms]
    offsets = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
    of_terms = [
        np.where(term.columns < 0, NO_GROUP, start + term.columns)
        for start, term in zip(offsets[:-1], terms, strict=True)
    ]
    none = np.empty((areas, 0), dtype=np.int64)
    groups, loading, sd, cell = _cells(
        np.column_stack([none, *of_terms]),
        np.column_stack([none.astype(float), *(term.loading for term in terms)]),
        np.column_stack([none, *sds_of(terms)]),
    )
    components = list(components_of(terms))
    structure = [_proper(term) for term in terms]
    prior = csc_array(block_diag(structure)) if structure else csc_array((0, 0))
    of_cell = _of_cell(groups, int(offsets[-1]))
    pattern = csc_array(abs(prior) + of_cell.T @ of_cell)
    order = order_of(pattern, _independent(offsets, terms), _alike(of_cell, terms))
    column = np.append(np.empty_like(order), NO_GROUP)
    column[order] = np.arange(len(order))
    groups = column[groups]
    elimination = elimination_of(csc_array(pattern[order][:, order]))
    x = np.column_stack([built.design.x, built.extra_columns, np.ones(areas)])
    priors = built.priors
    level = np.repeat(np.arange(len(sizes)), sizes)
    return LatentField(
        x=np.ascontiguousarray(x),
        columns=np.ascontiguousarray(x.T),
        width=np.concatenate([built.column_sds, [priors.intercept_sd]]),
        intercept_mean=priors.intercept_mean,
        cell=np.ascontiguousarray(cell.ravel()),
        groups=np.ascontiguousarray(groups),
        loading=np.ascontiguousarray(loading),
        sd=np.ascontiguousarray(sd),
        level=level[order],
        order=(np.arange(len(order)) - offsets[level])[order],
        component=np.concatenate([np.arange(0), *(component for component, _up_to in components)])[order],
        components=components[-1][1] if components else 0,
        elimination=elimination,
        prior=_values(elimination, csc_array(prior[order][:, order])),
        entries=_entries(elimination, groups),
    )


class Members(NamedTuple):
    """The areas of some groups, none of which is in two of these."""

    areas: Indices  # (area,)
    group: Indices  # (area,) index of its group among these
    loading: Floats  # (area,)
    sd: Indices  # (area,) index of the sd of its effect


def members_of(field: LatentField, groups: Indices) -> Members:
    """Return the areas of some groups, in increasing order (H,), no area of which is in two of these."""
    inside = np.isin(field.groups, groups)
    areas = np.flatnonzero(inside.any(axis=1)[field.cell])
    cells = field.cell[areas]
    column = cells, inside[cells].argmax(axis=1)
    return Members(areas, np.searchsorted(groups, field.groups[column]), field.loading[column], field.sd[column])


def _proper(term: Term) -> csc_array:
    """Return the precision of the scores of a term, with a ridge on those that sum to zero."""
    if term.component.max(initial=-1) < 0:
        return term.precision
    return csc_array(term.precision + diags_array(np.where(term.component >= 0, RIDGE, 0.0)))


def _cells(groups: Indices, loading: Floats, sd: Indices) -> tuple[Indices, Floats, Indices, Indices]:
    """Return the scores of each cell, their loadings and sds (C, V), and the cell of each area (N,)."""
    if not groups.shape[1]:
        return groups[:1], loading[:1], sd[:1], np.zeros(len(groups), dtype=np.int64)
    plain = bool((loading == 1).all() and (sd == sd[0]).all())
    distinct = groups if plain else np.column_stack([groups, loading, sd])
    _rows, first, cell = np.unique(distinct, axis=0, return_index=True, return_inverse=True)
    return groups[first], loading[first], sd[first], cell.ravel()


def _of_cell(groups: Indices, size: int) -> csc_array:
    """Return which groups each cell has, as ones (C, S)."""
    cell, level = np.nonzero(groups >= 0)
    return csc_array(coo_array((np.ones(len(cell)), (cell, groups[cell, level])), shape=(len(groups), size)))


def _alike(of_cell: csc_array, terms: Sequence[Term]) -> Indices:
    """Return a number for each group, the same for those of the same cells that a precision links to others alike."""
    structured = np.repeat([term.precision.nnz > len(term) for term in terms], [len(term) for term in terms])
    cells = of_cell.T @ np.sqrt(np.arange(1, of_cell.shape[0] + 1))  # sums of roots tell sets of numbers apart
    return np.unique(np.column_stack([cells, structured]), axis=0, return_inverse=True)[1].ravel()


def _independent(offsets: Indices, terms: Sequence[Term]) -> Indices:
    """Return the scores of the largest term of those independent given the rest; none where scores sum to zero."""
    sizes = [len(term) if term.independent else 0 for term in terms]
    if not any(sizes) or any(term.component.max(initial=-1) >= 0 for term in terms):
        return np.arange(0)
    largest = int(np.argmax(sizes))
    return np.arange(offsets[largest], offsets[largest + 1])


def _values(elimination: Elimination, matrix: csc_array) -> Floats:
    """Return the entries of a symmetric matrix where a pattern has them (entry,)."""
    columns = np.repeat(np.arange(matrix.shape[0]), np.diff(elimination.column_start))
    if not len(columns):
        return np.empty(0)
    return np.asarray(matrix[elimination.row, columns], dtype=float).ravel()


def _entries(elimination: Elimination, groups: Indices) -> Indices:
    """Return the entry of each pair of a cell's groups (C, V (V + 1) / 2), -1 where it lacks one of them."""
    size, pairs = len(elimination.column_start) - 1, list[Indices]()
    columns = np.repeat(np.arange(size), np.diff(elimination.column_start))
    keys = columns * size + elimination.row  # ascending
    for a in range(groups.shape[1]):
        for b in range(a + 1):
            high, low = np.maximum(groups[:, a], groups[:, b]), np.minimum(groups[:, a], groups[:, b])
            pairs.append(np.where(low < 0, NO_GROUP, np.searchsorted(keys, low * size + high)))
    return np.ascontiguousarray(np.column_stack([np.empty((len(groups), 0), dtype=np.int64), *pairs]))


def coefficients_of(field: LatentField, position: Floats) -> Floats:
    """Return the coefficients (D,), the intercept's minus its mean last."""
    return np.asarray(field.width * position[len(field.level) :])


@inner
def log_prior_of(field: LatentField, position: Floats) -> float:
    """Return the log prior density of the scores, up to a constant."""
    groups, elimination = len(field.level), field.elimination
    total = 0.0
    for k in range(groups):
        for p in range(elimination.column_start[k], elimination.column_start[k + 1]):
            share = 0.5 if elimination.row[p] == k else 1.0  # entries below the diagonal stand for two
            total -= share * field.prior[p] * position[elimination.row[p]] * position[k]
    for d in range(groups, len(position)):
        total -= 0.5 * position[d] * position[d]
    return total


@compiled
def gradient_of_log_prior(field: LatentField, position: Floats) -> Floats:
    """Return the gradient of the log prior density of the scores (S + D,)."""
    elimination, gradient = field.elimination, np.zeros(len(position))
    for d in range(len(field.level), len(position)):
        gradient[d] = -position[d]
    for k in range(len(field.level)):
        for p in range(elimination.column_start[k], elimination.column_start[k + 1]):
            row = elimination.row[p]
            gradient[k] -= field.prior[p] * position[row]
            if row != k:
                gradient[row] -= field.prior[p] * position[k]
    return gradient


def predictor(field: LatentField, sds: Floats, position: Floats) -> Floats:
    """Return the linear predictor of each area, without its own effect (N,)."""
    return field_at(field, sds, position)[0]


@compiled
def field_at(field: LatentField, sds: Floats, position: Floats) -> tuple[Floats, Floats, float]:
    """Return linear predictors (N,), coefficients (D,) and the log prior density of the scores at a position."""
    of_cell, beta = np.empty(len(field.groups)), np.empty(len(field.width))
    for j in range(len(beta)):
        beta[j] = field.width[j] * position[len(field.level) + j]
    for c in range(len(of_cell)):
        of_cell[c] = field.intercept_mean
        for v in range(field.groups.shape[1]):
            if field.groups[c, v] >= 0:
                of_cell[c] += field.loading[c, v] * sds[field.sd[c, v]] * position[field.groups[c, v]]
    eta = np.empty(len(field.x))
    for i in range(len(eta)):
        eta[i] = of_cell[field.cell[i]] + sum_of_products(field.x[i], beta)
    return eta, beta, log_prior_of(field, position)


@compiled
def by_parts(field: LatentField, sds: Floats, position: Floats, slope: Floats) -> tuple[Floats, Floats, Floats]:
    """Return derivatives to coefficients (D,), scores of groups (S,) and sds, of those to linear predictors (N,).

    The transpose of `predictor`.
    """
    by_beta, by_scores, by_sds = np.empty(len(field.columns)), np.zeros(len(field.level)), np.zeros(len(sds))
    for j in range(len(by_beta)):
        by_beta[j] = sum_of_products(field.columns[j], slope)
    of_cell = np.zeros(len(field.groups))
    for i in range(len(slope)):
        of_cell[field.cell[i]] += slope[i]
    for c in range(len(of_cell)):
        for v in range(field.groups.shape[1]):
            if field.groups[c, v] >= 0:
                g, by_one = field.groups[c, v], field.loading[c, v] * of_cell[c]
                by_scores[g] += by_one * sds[field.sd[c, v]]
                by_sds[field.sd[c, v]] += by_one * position[g]
    return by_beta, by_scores, by_sds


def predictors(field: LatentField, sds: Floats, scores: Floats, beta: Floats, first: int, result: Floats) -> None:
    """Write linear predictors of draws (draw, ...) and a block of areas from `first` on into `result` (draw, N)."""
    block = slice(first, first + AREAS_AT_ONCE)
    cell, eta = field.cell[block], field.intercept_mean + beta @ field.x[block].T
    for v in range(field.groups.shape[1]):
        groups = field.groups[cell, v]
        loading = np.where(groups >= 0, field.loading[cell, v], 0.0)
        eta += loading * sds[:, field.sd[cell, v]] * scores[:, np.maximum(groups, 0)]
    result[:, block] = eta
