"""What the counts tell: the log-likelihood of many rows at once, with its derivatives."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from bayesmodel.model.density.compiled import compiled, inner
from bayesmodel.model.density.forest import Forest, Indices
from bayesmodel.model.density.forward import Block, sum_of
from bayesmodel.model.density.rows import Row, beta_binomial, binomial, negative_binomial, normal_share, poisson
from bayesmodel.model.density.vector import exponential, log_one_plus
from bayesmodel.model.density.windows import windows_above

Floats = NDArray[np.float64]
HIGHEST = 300.0
"""Linear predictor beyond which a mean is not followed."""


class Rows(NamedTuple):
    """Counts as intervals, each of them (row,)."""

    told: Floats  # 1, or 0 where the row is not asked for
    lower: Floats
    upper: Floats
    people: Floats
    log_people: Floats
    several: Indices  # (W,) the rows that are more than one count


@inner
def rows_of(forest: Forest, first: int, last: int) -> Rows:
    """Return the counts of the areas from first to before last."""
    lower, upper = forest.lower[first:last], forest.upper[first:last]
    people, log_people = forest.people[first:last], forest.log_people[first:last]
    return Rows(forest.told[first:last], lower, upper, people, log_people, windowed(lower, upper))


@inner
def windowed(lower: Floats, upper: Floats) -> Indices:
    """Return which rows are more than one count (W,)."""
    result, number = np.empty(len(lower), dtype=np.int64), 0
    for i in range(len(lower)):
        if upper[i] > lower[i]:
            result[number] = i
            number += 1
    return result[:number]


@compiled
def row(family: int, lower: float, upper: float, n: float, eta: float, dispersion: float) -> Row:
    """Return one row's interval log-likelihood and its derivatives, by the code of the family."""
    if family == 0:
        return binomial(lower, upper, n, eta, dispersion)
    if family == 1:
        return poisson(lower, upper, n, eta, dispersion)
    if family == 2:
        return negative_binomial(lower, upper, n, eta, dispersion)
    if family == 3:
        return beta_binomial(lower, upper, n, eta, dispersion)
    return normal_share(lower, upper, n, eta, dispersion)


@inner
def rows_at(family: int, rows: Rows, eta: Floats, dispersion: Floats) -> tuple[Floats, Floats, Floats]:
    """Return the log-likelihood of each row and its derivatives; of rows not asked for, any number.

    Parameters
    ----------
    family : int
    rows : Rows
    eta, dispersion : ndarray (row,)

    Returns
    -------
    ndarray (row,), ndarray (row,), ndarray (row,)
        The log-likelihood without its constant, its derivative to eta, and to the dispersion.
    """
    by_dispersion = np.zeros(len(eta))
    if family == 0:
        value, slope = _binomial(rows, eta)
        return value, slope, by_dispersion
    if family == 1:
        value, slope = _poisson(rows, eta)
        return value, slope, by_dispersion
    value, slope = np.zeros(len(eta)), np.zeros(len(eta))
    for i in range(len(eta)):
        if rows.told[i] != 0.0:
            value[i], slope[i], by_dispersion[i] = row(
                family, rows.lower[i], rows.upper[i], rows.people[i], eta[i], dispersion[i]
            )
    return value, slope, by_dispersion


@inner
def tell(family: int, block: Block, eta: Floats, dispersion: Floats) -> tuple[float, Floats, Floats]:
    """Return the log-likelihood of the counts of a block, and its derivative to each predictor and log dispersion.

    Parameters
    ----------
    family : int
    block : Block
    eta : ndarray (area,)
    dispersion : ndarray (pattern,)

    Returns
    -------
    float, ndarray (area,), ndarray (area,)
    """
    spread = np.empty(len(eta))
    for i in range(len(eta)):
        spread[i] = dispersion[block.pattern[i]]
    several = windowed(block.lower, block.upper)
    rows = Rows(block.told, block.lower, block.upper, block.people, block.log_people, several)
    value, slope, by_log = rows_at(family, rows, eta, spread)
    for i in range(len(eta)):
        value[i] = block.told[i] * (value[i] + block.constant[i])
        slope[i] *= block.told[i]
        by_log[i] *= block.told[i] * spread[i]
    return sum_of(value), slope, by_log


@inner
def _binomial(rows: Rows, eta: Floats) -> tuple[Floats, Floats]:
    """Return binomial rows: each as if it were exact, then the windows on top."""
    size = np.empty(len(eta))
    for i in range(len(eta)):
        size[i] = -abs(eta[i])
    tail = exponential(size)
    softened = log_one_plus(tail)
    value, slope = np.empty(len(eta)), np.empty(len(eta))
    for i in range(len(eta)):
        lower, n = rows.lower[i], rows.people[i]
        value[i] = lower * eta[i] - n * (max(eta[i], 0.0) + softened[i])
        slope[i] = lower - n * (1.0 if eta[i] > 0.0 else tail[i]) / (1.0 + tail[i])
    at = rows.several
    odds = np.empty(len(at))
    for w in range(len(at)):
        odds[w] = min(eta[at[w]], HIGHEST)
    more, change = windows_above(rows.lower[at], rows.upper[at], rows.people[at] + 1.0, -1.0, exponential(odds))
    for w in range(len(at)):
        value[at[w]] += more[w]
        slope[at[w]] += change[w]
    return value, slope


@inner
def _poisson(rows: Rows, eta: Floats) -> tuple[Floats, Floats]:
    """Return Poisson rows: each as if it were exact, then the windows on top."""
    limited = np.empty(len(eta))
    for i in range(len(eta)):
        limited[i] = min(eta[i], HIGHEST)
    mean = exponential(limited)
    value, slope = np.empty(len(eta)), np.empty(len(eta))
    for i in range(len(eta)):
        mean[i] *= rows.people[i]
        value[i] = rows.lower[i] * (eta[i] + rows.log_people[i]) - mean[i]
        slope[i] = rows.lower[i] - mean[i]
    at = rows.several
    more, change = windows_above(rows.lower[at], rows.upper[at], np.ones(len(at)), 0.0, mean[at])
    for w in range(len(at)):
        value[at[w]] += more[w]
        slope[at[w]] += change[w]
    return value, slope
