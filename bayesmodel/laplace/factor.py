"""A Gaussian over the latent field, factorised: the sparse precision of the groups, then the dense one of the columns.

Given the coefficients the groups have a sparse precision; eliminating them changes the dense block of the coefficients:
O(areas x columns^2) and the entries of a sparse factor for determinant, mean and draw. Nothing divides by an sd: where
an sd is zero, the effects are.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from bayesmodel.compiled import adding, compiled, inner
from bayesmodel.laplace.field import LatentField, scales_of
from bayesmodel.logp.predictor import sum_of_products
from bayesmodel.sparse_factor import backward_solve, factorise, forward_solve

Floats = NDArray[np.float64]

BLOCK = 128
"""Rows whose columns fit the cache together."""


class Gaussian(NamedTuple):
    """A factorised Gaussian over the scores of groups z (S,) and of dense columns c (D,).

    ``L D L'`` is the precision of z given c, whose mean solves ``D L' z = right - coupling c``; c has mean `mean` and
    the Cholesky factor `factor` of its precision.

    Scores x of groups that sum to zero per component, ``C x = 0``, are those without that condition moved by
    ``- P^-1 C' (C P^-1 C')^-1 C x``, P being the precision of all scores (Rue and Held 2005, 2.3.3). With
    ``sums = L^-1 C'`` the sums of z are ``sums'`` times what z solves ``L' z`` for, so that they are known before.
    """

    lower: Floats  # entries of L below the diagonal
    diagonal: Floats  # (S,)
    coupling: Floats  # (S, D)
    right: Floats  # (S,)
    mean: Floats  # (D,)
    factor: Floats  # (D, D) lower
    log_determinant: float  # of the precision of all scores, given their sums
    sums: Floats  # (S, M)
    with_sums: Floats  # (D, M) columns of P^-1 C' for c
    of_sums: Floats  # (M, M) precision of the sums without the condition


@compiled
def eliminate(
    field: LatentField, sds: Floats, weight: Floats, response: Floats, precision: Floats, shift: Floats
) -> Gaussian:
    """Factorise the prior times ``exp(response' eta - weight' eta^2 / 2 + shift' beta - beta' precision beta / 2)``.

    Parameters
    ----------
    field : LatentField
    sds : ndarray (level + 1,)
        Of the levels; the last is not used here.
    weight, response : ndarray (N,)
    precision : ndarray (D, D)
        Lower triangle; `shift` (D,).
    """
    groups, columns, cells = len(field.level), len(field.width), len(field.groups)
    values, scale, above = field.prior.copy(), scales_of(field, sds), response - weight * field.intercept_mean
    # the last column is the right-hand side, so that one pass solves for both
    of_cell, sides = np.zeros((cells, columns + 1)), np.zeros((groups, columns + 1))
    for i in range(len(weight)):
        c, w = field.cell[i], weight[i]
        for j in range(columns):
            of_cell[c, j] += w * field.x[i, j]
        of_cell[c, columns] += above[i]
    for c in range(cells):
        pair, total = 0, of_cell[c, columns - 1]  # of the weights, as the last column of x is ones
        for v in range(field.groups.shape[1]):
            g = field.groups[c, v]
            if g >= 0:
                for j in range(columns + 1):
                    sides[g, j] += scale[c, v] * of_cell[c, j]
            for u in range(v + 1):
                if field.entries[c, pair] >= 0:
                    values[field.entries[c, pair]] += total * scale[c, v] * scale[c, u]
                pair += 1
    lower, diagonal = factorise(field.elimination, values)
    forward_solve(field.elimination, lower, sides)
    coupling, right = sides[:, :columns].copy(), sides[:, columns].copy()
    block, target = precision.copy(), shift.copy()
    add_products(field.columns, weight, above, block, target)
    add_products(coupling.T.copy(), -1.0 / diagonal, -right / diagonal, block, target)
    for j in range(columns):
        target[j] *= field.width[j]
        for m in range(j + 1):
            block[j, m] *= field.width[j] * field.width[m]
            block[m, j] = block[j, m]
        block[j, j] += 1.0
        for g in range(groups):
            coupling[g, j] *= field.width[j]
    factor = np.linalg.cholesky(block)
    log_determinant = 0.0
    for j in range(columns):
        log_determinant += 2.0 * math.log(factor[j, j])
    for g in range(groups):
        log_determinant += math.log(diagonal[g])
    mean = np.linalg.solve(factor.T.copy(), np.linalg.solve(factor, target))
    none = np.zeros((groups, 0))
    free = Gaussian(lower, diagonal, coupling, right, mean, factor, log_determinant, none, none[:columns], none[:0])
    return free if field.components == 0 else summing_to_zero(field, free)


@inner
def summing_to_zero(field: LatentField, free: Gaussian) -> Gaussian:
    """Return the Gaussian given that the scores of each component sum to zero."""
    groups, columns, number = len(field.level), len(field.width), field.components
    sums = np.zeros((groups, number))
    for g in range(groups):
        if field.component[g] >= 0:
            sums[g, field.component[g]] = 1.0
    forward_solve(field.elimination, free.lower, sums)
    joined, unused = np.concatenate((free.coupling.T, sums.T)), np.zeros(groups)
    block = np.zeros((columns + number, columns + number))
    add_products(joined, 1.0 / free.diagonal, unused, block, np.zeros(columns + number))
    with_coupling = -block[columns:, :columns].T.copy()
    solved = np.linalg.solve(free.factor.T.copy(), np.linalg.solve(free.factor, with_coupling))
    with_sums, variance = np.ascontiguousarray(solved), block[columns:, columns:].copy()
    for m in range(number):
        for n in range(m + 1):
            for j in range(columns):
                variance[m, n] += with_coupling[j, m] * with_sums[j, n]
            variance[n, m] = variance[m, n]
    log_determinant, root = free.log_determinant, np.linalg.cholesky(variance)
    for m in range(number):
        log_determinant += 2.0 * math.log(root[m, m])
    of_sums = np.ascontiguousarray(np.linalg.inv(variance))
    given = free.lower, free.diagonal, free.coupling, free.right, free.mean, free.factor
    return Gaussian(*given, log_determinant, sums, with_sums, of_sums)


@inner
def add_products(columns: Floats, weight: Floats, response: Floats, block: Floats, right: Floats) -> None:
    """Add ``columns diag(weight) columns'`` to the lower triangle of `block`, and ``columns response`` to `right`.

    In 2 x 2 tiles; the upper triangle of `block` may be overwritten.

    Parameters
    ----------
    columns : ndarray (D, row)
    weight, response : ndarray (row,)
    block : ndarray (D, D)
    right : ndarray (D,)
    """
    pairs, rest = len(columns) // 2 * 2, len(columns) % 2
    buffer = np.empty((2, BLOCK))
    for first in range(0, len(weight), BLOCK):
        last = min(first + BLOCK, len(weight))
        weights, one, other = weight[first:last], buffer[0, : last - first], buffer[1, : last - first]
        for j in range(len(columns)):
            right[j] += sum_of_products(columns[j, first:last], response[first:last])
        for j in range(0, pairs, 2):
            write_products(weights, columns[j, first:last], one)
            write_products(weights, columns[j + 1, first:last], other)
            for m in range(0, j + 1, 2):
                sums = sums_of_products(columns[m, first:last], columns[m + 1, first:last], one, other)
                block[j, m] += sums[0]
                block[j, m + 1] += sums[1]
                block[j + 1, m] += sums[2]
                block[j + 1, m + 1] += sums[3]
        if rest:
            write_products(weights, columns[pairs, first:last], one)
            for m in range(len(columns)):
                block[pairs, m] += sum_of_products(columns[m, first:last], one)


@inner
def write_products(a: Floats, b: Floats, result: Floats) -> None:
    """Write elementwise products over the length of `result`."""
    for i in range(len(result)):
        result[i] = a[i] * b[i]


@adding
def sums_of_products(a: Floats, b: Floats, c: Floats, d: Floats) -> tuple[float, float, float, float]:
    """Return the dot products ``a c``, ``b c``, ``a d`` and ``b d``, loading each number once."""
    ac = bc = ad = bd = 0.0
    for i in range(len(d)):
        ac += a[i] * c[i]
        bc += b[i] * c[i]
        ad += a[i] * d[i]
        bd += b[i] * d[i]
    return ac, bc, ad, bd


@compiled
def sample_field(field: LatentField, gaussian: Gaussian, noise: Floats) -> tuple[Floats, float]:
    """Transform standard normal `noise` (S + D,) to a draw of the Gaussian, and its squared distance from the mean.

    Zeros give the mean. The distance is in the precision of the Gaussian, so that the log density of the draw is minus
    half of it plus half of the log determinant, up to a constant.
    """
    position, away = draw_field(field, gaussian, noise)
    return position, float(np.dot(noise, noise)) - float(np.dot(away, np.dot(gaussian.of_sums, away)))


@inner
def draw_field(field: LatentField, gaussian: Gaussian, noise: Floats) -> tuple[Floats, Floats]:
    """Return the same draw (S + D,), and how far its sums were from their mean before they were taken away (M,)."""
    groups, number = len(field.level), len(gaussian.of_sums)
    dense = gaussian.mean + np.linalg.solve(gaussian.factor.T.copy(), noise[groups:])
    scores, sums, away = noise[:groups] / np.sqrt(gaussian.diagonal), np.zeros(number), np.zeros(number)
    for g in range(groups):
        scores[g] += (gaussian.right[g] - sum_of_products(gaussian.coupling[g], dense)) / gaussian.diagonal[g]
    if number:
        for g in range(groups):
            mean = (gaussian.right[g] - sum_of_products(gaussian.coupling[g], gaussian.mean)) / gaussian.diagonal[g]
            for m in range(number):
                sums[m] += gaussian.sums[g, m] * scores[g]
                away[m] += gaussian.sums[g, m] * (scores[g] - mean)
        multipliers = np.dot(gaussian.of_sums, sums)
        moved = np.dot(gaussian.with_sums, multipliers)
        dense -= moved
        for g in range(groups):
            change = sum_of_products(gaussian.sums[g], multipliers) - sum_of_products(gaussian.coupling[g], moved)
            scores[g] -= change / gaussian.diagonal[g]
    backward_solve(field.elimination, gaussian.lower, scores)
    return np.concatenate((scores, dense)), away
