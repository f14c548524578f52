"""The interval log-likelihood of many counts at once, with its derivatives."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from bayesmodel.compiled import compiled, inner
from bayesmodel.logp.arrays import Indices, ModelArrays
from bayesmodel.logp.interval_loglik import (
    LogLikTerms,
    Weights,
    beta_binomial,
    binomial,
    negative_binomial,
    normal_share,
    poisson,
    windows_above,
)
from bayesmodel.logp.vecmath import exponentiate, log_one_plus

Floats = NDArray[np.float64]
HIGHEST = 300.0
"""Linear predictor at which the mean is clipped."""
LOWEST = math.exp(-HIGHEST)


class IntervalCounts(NamedTuple):
    """Counts as intervals, each array (row,)."""

    observed_mask: Floats  # 1, or 0 where the count is missing
    lower: Floats
    upper: Floats
    people: Floats
    log_people: Floats
    wide: Indices  # (W,) rows whose window holds more than one count
    weights: Floats  # (row, width) of counts in a window; no width where all are 1


class Out(NamedTuple):
    """Output arrays (node, row): the log-likelihood without its constant, and its derivatives."""

    value: Floats
    slope: Floats
    by_dispersion: Floats  # unused by families without dispersion
    buffer: Floats  # (node row,) scratch space


@inner
def out_in(buffer: Floats, nodes: int, size: int) -> Out:
    """Return output arrays that are views of the first ``4 nodes size`` values of a flat buffer."""
    return Out(
        table_in(buffer, 0, nodes, size),
        table_in(buffer, nodes, nodes, size),
        table_in(buffer, 2 * nodes, nodes, size),
        buffer[3 * nodes * size : 4 * nodes * size],
    )


@inner
def table_in(buffer: Floats, first: int, nodes: int, size: int) -> Floats:
    """Return a view (node, row) of a flat buffer, starting at ``first size``."""
    return buffer[first * size : (first + nodes) * size].reshape((nodes, size))


@inner
def interval_counts(arrays: ModelArrays, first: int, last: int) -> IntervalCounts:
    """Return the counts of areas ``first`` to ``last - 1``."""
    lower, upper = arrays.lower[first:last], arrays.upper[first:last]
    people, log_people = arrays.people[first:last], arrays.log_people[first:last]
    weights = arrays.weights[first:last]
    wide = np.arange(len(lower)) if weights.shape[1] else wide_windows(lower, upper)
    return IntervalCounts(arrays.observed_mask[first:last], lower, upper, people, log_people, wide, weights)


@inner
def wide_windows(lower: Floats, upper: Floats) -> Indices:
    """Return the rows whose window holds several counts (W,); all rows where most do, as they need no gathering."""
    result, number = np.empty(len(lower), dtype=np.int64), 0
    for i in range(len(lower)):
        if upper[i] > lower[i]:
            result[number] = i
            number += 1
    return np.arange(len(lower)) if 2 * number > len(lower) else result[:number]


@compiled
def family_loglik(
    family: int, lower: float, upper: float, n: float, eta: float, dispersion: float, weights: Weights = None
) -> LogLikTerms:
    """Return the interval log-likelihood of one count and its derivatives; `family` is one of `FAMILY_CODES`."""
    if family == 0:
        return binomial(lower, upper, n, eta, dispersion, weights)
    if family == 1:
        return poisson(lower, upper, n, eta, dispersion, weights)
    if family == 2:
        return negative_binomial(lower, upper, n, eta, dispersion, weights)
    if family == 3:
        return beta_binomial(lower, upper, n, eta, dispersion, weights)
    return normal_share(lower, upper, n, eta, dispersion, weights)


@inner
def loglik_one_by_one(
    family: int, counts: IntervalCounts, eta: Floats, dispersion: Floats, out: Out, weights: Weights
) -> None:
    """Write the log-likelihood of counts at linear predictors and its derivatives, one by one, skipping missing counts.

    Parameters
    ----------
    family : int
    counts : IntervalCounts
    eta : ndarray (node, row)
    dispersion : ndarray (row,)
    out : Out
    weights : ndarray (row, width) or None
        Those of the counts, where they have any.
    """
    for k in range(len(eta)):
        for i in range(eta.shape[1]):
            if counts.observed_mask[i] != 0.0:
                of_row = None if weights is None else weights[i]
                out.value[k, i], out.slope[k, i], out.by_dispersion[k, i] = family_loglik(
                    family, counts.lower[i], counts.upper[i], counts.people[i], eta[k, i], dispersion[i], of_row
                )


@inner
def binomial_loglik(counts: IntervalCounts, eta: Floats, out: Out, weights: Weights) -> None:
    """Write the same for binomial counts, missing or not: first as if exact, then the rest of wide windows."""
    value, slope, tail = out.value, out.slope, out.by_dispersion
    for k in range(len(eta)):
        for i in range(eta.shape[1]):
            tail[k, i] = -abs(eta[k, i])
    exponentiate(tail.ravel(), out.buffer)
    softened = log_one_plus(tail.ravel()).reshape(eta.shape)
    for k in range(len(eta)):
        for i in range(eta.shape[1]):
            value[k, i] = counts.lower[i] * eta[k, i] - counts.people[i] * (max(eta[k, i], 0.0) + softened[k, i])
        for i in range(eta.shape[1]):
            above = 1.0 if eta[k, i] > 0.0 else tail[k, i]
            slope[k, i] = counts.lower[i] - counts.people[i] * above / (1.0 + tail[k, i])
    if len(counts.wide):
        for k in range(len(eta)):
            for i in range(eta.shape[1]):
                tail[k, i] = tail[k, i] if eta[k, i] < 0.0 else 1.0 / max(tail[k, i], LOWEST)
        _add_windows(counts, counts.people + 1.0, -1.0, tail, out, weights)


@inner
def poisson_loglik(counts: IntervalCounts, eta: Floats, out: Out, weights: Weights) -> None:
    """Write the same for Poisson counts, missing or not: first as if exact, then the rest of wide windows."""
    value, slope, mean = out.value, out.slope, out.by_dispersion
    for k in range(len(eta)):
        for i in range(eta.shape[1]):
            mean[k, i] = min(eta[k, i], HIGHEST) + counts.log_people[i]
    exponentiate(mean.ravel(), out.buffer)
    for k in range(len(eta)):
        for i in range(eta.shape[1]):
            value[k, i] = counts.lower[i] * (eta[k, i] + counts.log_people[i]) - mean[k, i]
        for i in range(eta.shape[1]):
            slope[k, i] = counts.lower[i] - mean[k, i]
    if len(counts.wide):
        _add_windows(counts, np.ones(len(counts.lower)), 0.0, mean, out, weights)


@inner
def _add_windows(counts: IntervalCounts, first: Floats, step: float, odds: Floats, out: Out, weights: Weights) -> None:
    """Add the contribution of counts above the lowest in wide windows, at odds (node, row); with weights, in all."""
    at, size = counts.wide, len(counts.wide)
    if weights is not None or size == len(counts.lower):
        for k in range(len(odds)):  # one node at a time fits the first-level cache
            more, change = windows_above(counts.lower, counts.upper, first, step, odds[k], weights)
            for i in range(size):
                out.value[k, i] += more[i]
            for i in range(size):
                out.slope[k, i] += change[i]
        return
    number = size * len(odds)  # all nodes at once, as each has few rows
    lower, upper, start, here = np.empty(number), np.empty(number), np.empty(number), np.empty(number)
    for k in range(len(odds)):
        for w in range(size):
            lower[k * size + w], upper[k * size + w] = counts.lower[at[w]], counts.upper[at[w]]
            start[k * size + w], here[k * size + w] = first[at[w]], odds[k, at[w]]
    more, change = windows_above(lower, upper, start, step, here, None)
    for k in range(len(odds)):
        for w in range(size):
            out.value[k, at[w]] += more[k * size + w]
            out.slope[k, at[w]] += change[k * size + w]
