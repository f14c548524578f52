"""A Gaussian over the latent field, factorised: the sparse precision of the groups, then the dense one of the columns.

Given the coefficients the groups have a sparse precision; eliminating them changes the dense block of the coefficients:
O(areas x columns^2) and the entries of a sparse factor for determinant, mean and draw. Nothing divides by an sd: where
an sd is zero, the effects are.

What takes time is compiled as one function, without the interpreter and its lock; what joins it with the rest is not,
as every function that is compiled around another compiles that one again.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.linalg.lapack import dpotrf, dtrtrs

from bayesmodel.compiled import adding, compiled, inner
from bayesmodel.laplace.field import LatentField, field_at
from bayesmodel.logp.predictor import sum_of_products
from bayesmodel.messages import _
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

    Raises
    ------
    LinAlgError
        The precision is not positive definite, or not finite.
    """
    lower, diagonal, coupling, right, block, target = reduced(field, sds, weight, response, precision, shift)
    factor = cholesky(block)
    if not (diagonal > 0.0).all():
        raise np.linalg.LinAlgError(_("a precision is not positive definite"))
    log_determinant = 2.0 * np.log(factor.diagonal()).sum() + np.log(diagonal).sum()
    mean, none = solve_transposed(factor, solve_lower(factor, target)), np.zeros((len(right), 0))
    given = lower, diagonal, coupling, right, mean, factor, float(log_determinant)
    free = Gaussian(*given, none, none[: len(mean)], none[:0])
    return summing_to_zero(field, free) if field.components else free


def cholesky(precision: Floats) -> Floats:
    """Return the lower triangular factor (D, D) of a positive definite matrix, of which the lower triangle is used."""
    factor, failed = dpotrf(precision.T)  # the upper triangle in the order of Fortran: not transposed
    if failed or not np.isfinite(factor.diagonal()).all():
        raise np.linalg.LinAlgError(_("a precision is not positive definite"))
    return np.asarray(factor.T)


def solve_lower(factor: Floats, right: Floats) -> Floats:
    """Return the solution of ``factor x = right``, for a lower triangular factor (D, D)."""
    return np.asarray(dtrtrs(factor.T, right, trans=1)[0])  # as an upper one in the order of Fortran: not copied


@compiled
def solve_transposed(factor: Floats, right: Floats) -> Floats:
    """Return the solution of ``factor' x = right``, for a lower triangular factor (D, D)."""
    solution = right.copy()
    for i in range(len(right) - 1, -1, -1):
        solution[i] /= factor[i, i]
        for j in range(i):
            solution[j] -= factor[i, j] * solution[i]
    return solution


@compiled
def reduced(
    field: LatentField, sds: Floats, weight: Floats, response: Floats, precision: Floats, shift: Floats
) -> tuple[Floats, Floats, Floats, Floats, Floats, Floats]:
    """Eliminate the groups, as `eliminate` describes it.

    Returns
    -------
    ndarray
        L and D of the groups, what couples them to the columns (S, D), their right-hand side (S,); then the lower
        triangle of the precision that is left of the scores of the columns (D, D), and their right-hand side (D,).
    """
    columns, groups, above = len(field.width), len(field.level), np.empty(len(weight))
    for i in range(len(weight)):
        above[i] = response[i] - weight[i] * field.intercept_mean
    values, sides = equations(field, sds, weight, above)
    lower, diagonal = factorise(field.elimination, values)
    forward_solve(field.elimination, lower, sides)
    block, target, transposed = precision.copy(), shift.copy(), np.empty((columns, groups))
    coupling, right, inverse, solved = np.empty((groups, columns)), np.empty(groups), np.empty(groups), np.empty(groups)
    for g in range(groups):
        right[g], inverse[g] = sides[g, columns], -1.0 / diagonal[g]
        solved[g] = inverse[g] * right[g]
        for j in range(columns):
            transposed[j, g] = sides[g, j]
            coupling[g, j] = field.width[j] * sides[g, j]
    add_products(field.columns, weight, above, block, target)
    add_products(transposed, inverse, solved, block, target)
    for j in range(columns):
        target[j] *= field.width[j]
        for m in range(j + 1):
            block[j, m] *= field.width[j] * field.width[m]
        block[j, j] += 1.0
    return lower, diagonal, coupling, right, block, target


@inner
def equations(field: LatentField, sds: Floats, weight: Floats, above: Floats) -> tuple[Floats, Floats]:
    """Return the entries of the precision of the scores, and their right-hand sides (S, D + 1), the last of `above`."""
    columns, cells = len(field.width), len(field.groups)
    values, of_cell = field.prior.copy(), np.zeros((cells, columns + 1))
    sides, scale = np.zeros((len(field.level), columns + 1)), np.empty(field.groups.shape[1])
    for i in range(len(weight)):
        c, w = field.cell[i], weight[i]
        for j in range(columns):
            of_cell[c, j] += w * field.x[i, j]
        of_cell[c, columns] += above[i]
    for c in range(cells):
        pair, total = 0, of_cell[c, columns - 1]  # of the weights, as the last column of x is ones
        for v in range(len(scale)):
            g, scale[v] = field.groups[c, v], field.loading[c, v] * sds[field.sd[c, v]]
            if g >= 0:
                for j in range(columns + 1):
                    sides[g, j] += scale[v] * of_cell[c, j]
            for u in range(v + 1):
                if field.entries[c, pair] >= 0:
                    values[field.entries[c, pair]] += total * scale[v] * scale[u]
                pair += 1
    return values, sides


def summing_to_zero(field: LatentField, free: Gaussian) -> Gaussian:
    """Return the Gaussian given that the scores of each component sum to zero."""
    groups, columns, number = len(field.level), len(field.width), field.components
    sums = np.zeros((groups, number))
    inside = np.flatnonzero(field.component >= 0)
    sums[inside, field.component[inside]] = 1.0
    forward_solve(field.elimination, free.lower, sums)
    joined = np.ascontiguousarray(np.concatenate([free.coupling, sums], axis=1).T)
    block, unused = np.zeros((columns + number, columns + number)), np.zeros(groups + columns + number)
    add_products(joined, 1.0 / free.diagonal, unused[:groups], block, unused[groups:])
    with_coupling = -block[columns:, :columns].T
    with_sums = solve_transposed(free.factor, solve_lower(free.factor, with_coupling))
    variance = np.tril(block[columns:, columns:] + with_coupling.T @ with_sums)
    variance += np.tril(variance, -1).T
    log_determinant = free.log_determinant + 2.0 * np.log(cholesky(variance).diagonal()).sum()
    return free._replace(
        log_determinant=float(log_determinant),
        sums=sums,
        with_sums=np.ascontiguousarray(with_sums),
        of_sums=np.linalg.inv(variance),
    )


@compiled
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


def sample_field(field: LatentField, gaussian: Gaussian, noise: Floats) -> tuple[Floats, float]:
    """Transform standard normal `noise` (S + D,) to a draw of the Gaussian, and its squared distance from the mean.

    Zeros give the mean. The distance is in the precision of the Gaussian, so that the log density of the draw is minus
    half of it plus half of the log determinant, up to a constant.
    """
    position, away = draw_field(field, gaussian, noise)
    return position, float(noise @ noise - away @ gaussian.of_sums @ away)


@compiled
def draw_field(field: LatentField, gaussian: Gaussian, noise: Floats) -> tuple[Floats, Floats]:
    """Return the same draw (S + D,), and how far its sums were from their mean before they were taken away (M,)."""
    groups, away = len(field.level), np.empty(0)
    dense = gaussian.mean + solve_transposed(gaussian.factor, noise[groups:])
    scores = scores_given(gaussian.coupling, gaussian.right, gaussian.diagonal, dense, noise[:groups])
    if field.components:
        away = take_sums_away(gaussian, scores, dense)
    backward_solve(field.elimination, gaussian.lower, scores)
    return np.concatenate((scores, dense)), away


@compiled
def predictor_moments(field: LatentField, gaussian: Gaussian, sds: Floats) -> tuple[Floats, Floats]:
    """Return mean and variance of the linear predictors (N,): sums over the directions of independent noise."""
    noise = np.zeros(len(field.level) + len(field.width))
    mean = field_at(field, sds, draw_field(field, gaussian, noise)[0])[0]
    variance = np.zeros(len(mean))
    for k in range(len(noise)):
        noise[k] = 1.0
        moved = field_at(field, sds, draw_field(field, gaussian, noise)[0])[0]
        noise[k] = 0.0
        for i in range(len(mean)):
            variance[i] += (moved[i] - mean[i]) ** 2
    return mean, variance


@compiled
def scores_given(coupling: Floats, right: Floats, diagonal: Floats, dense: Floats, noise: Floats) -> Floats:
    """Return ``L' z`` of scores z given those of the columns (S,): not a product of numpy, which takes more threads."""
    scores = np.empty(len(noise))
    for g in range(len(scores)):
        scores[g] = noise[g] / math.sqrt(diagonal[g])
        scores[g] += (right[g] - sum_of_products(coupling[g], dense)) / diagonal[g]
    return scores


@compiled
def take_sums_away(gaussian: Gaussian, scores: Floats, dense: Floats) -> Floats:
    """Overwrite scores ``L' z`` (S,) and those of the columns (D,) with those whose sums are zero.

    Returns how far the sums were from their mean before (M,).
    """
    number, groups = len(gaussian.of_sums), len(scores)
    sums, away = np.zeros(number), np.zeros(number)
    for g in range(groups):
        mean = (gaussian.right[g] - sum_of_products(gaussian.coupling[g], gaussian.mean)) / gaussian.diagonal[g]
        for m in range(number):
            sums[m] += gaussian.sums[g, m] * scores[g]
            away[m] += gaussian.sums[g, m] * (scores[g] - mean)
    multipliers, moved = np.empty(number), np.empty(len(dense))
    for m in range(number):
        multipliers[m] = sum_of_products(gaussian.of_sums[m], sums)
    for j in range(len(dense)):
        moved[j] = sum_of_products(gaussian.with_sums[j], multipliers)
        dense[j] -= moved[j]
    for g in range(groups):
        change = sum_of_products(gaussian.sums[g], multipliers) - sum_of_products(gaussian.coupling[g], moved)
        scores[g] -= change / gaussian.diagonal[g]
    return away
