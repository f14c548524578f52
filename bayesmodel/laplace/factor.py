"""A Gaussian over the latent field, factorised by eliminating groups from the leaves up to the root.

Given its parent and the coefficients each group is independent of the others, so that eliminating it changes only
three numbers of its parent and the dense block of the coefficients: O(areas x columns^2) for determinant, mean, draw.
Nothing divides by an sd: where an sd is zero, a group equals its parent.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from bayesmodel.compiled import adding, compiled, inner
from bayesmodel.laplace.field import LatentField, column_sds, group_sds
from bayesmodel.logp.predictor import sum_of_products

Floats = NDArray[np.float64]

BLOCK = 128
"""Rows whose columns fit the cache together."""


class Gaussian(NamedTuple):
    """A factorised Gaussian over the field.

    Group g given the value above it and the coefficients has score ``sd k (b - c'beta - a above)`` and variance k; the
    scores of the columns have mean `mean` and the Cholesky factor `factor` of their precision.
    """

    a: Floats  # (G + 1,)
    b: Floats  # (G + 1,)
    c: Floats  # (G + 1, D)
    k: Floats  # (G + 1,)
    mean: Floats  # (D,)
    factor: Floats  # (D, D) lower
    log_determinant: float  # of the precision of the scores


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
    groups, columns = len(field.parent), len(field.column_level)
    a, b, c, k = np.zeros(groups), np.zeros(groups), np.zeros((groups, columns)), np.empty(groups)
    for i in range(len(weight)):
        g, w = field.group[i], weight[i]
        a[g] += w
        b[g] += response[i]
        for j in range(columns):
            c[g, j] += w * field.x[i, j]
    scale, gain, offset = group_sds(field, sds), np.empty(groups), np.empty(groups)
    log_determinant = 0.0
    for g in range(groups):
        variance, above = scale[g] * scale[g], field.parent[g]
        k[g] = 1.0 / (1.0 + a[g] * variance)
        log_determinant -= math.log(k[g])
        gain[g] = variance * k[g]
        offset[g] = gain[g] * b[g] + (k[g] * field.intercept_mean if above < 0 else 0.0)
        if above >= 0:
            a[above] += k[g] * a[g]
            b[above] += k[g] * b[g]
            for j in range(columns):
                c[above, j] += k[g] * c[g, j]
    block, right = precision.copy(), shift.copy()
    add_products(field.columns, weight, response, block, right)
    add_products(c.T.copy(), -gain, -offset, block, right)
    widths = column_sds(field, sds)
    for j in range(columns):
        right[j] *= widths[j]
        for m in range(j + 1):
            block[j, m] *= widths[j] * widths[m]
            block[m, j] = block[j, m]
        block[j, j] += 1.0
    if columns == 0:
        return Gaussian(a, b, c, k, right, block, log_determinant)
    factor = np.linalg.cholesky(block)
    for j in range(columns):
        log_determinant += 2.0 * math.log(factor[j, j])
    mean = np.linalg.solve(factor.T.copy(), np.linalg.solve(factor, right))
    return Gaussian(a, b, c, k, mean, factor, log_determinant)


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
def sample_field(field: LatentField, sds: Floats, gaussian: Gaussian, noise: Floats) -> Floats:
    """Transform standard normal `noise` (D + G + 1,) to a draw of the Gaussian; zeros give its mean."""
    groups, columns = len(field.parent), len(field.column_level)
    position = np.empty(columns + groups)
    if columns:
        position[:columns] = gaussian.mean + np.linalg.solve(gaussian.factor.T.copy(), noise[:columns])
    beta = column_sds(field, sds) * position[:columns]
    scale, values = group_sds(field, sds), np.empty(groups)
    for g in range(groups - 1, -1, -1):
        above = field.intercept_mean if field.parent[g] < 0 else values[field.parent[g]]
        rest = gaussian.b[g] - gaussian.a[g] * above - sum_of_products(gaussian.c[g], beta)
        score = scale[g] * gaussian.k[g] * rest + math.sqrt(gaussian.k[g]) * noise[columns + g]
        position[columns + g] = score
        values[g] = above + scale[g] * score
    return position
