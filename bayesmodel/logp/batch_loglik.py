"""What the counts tell: the log-likelihood of many rows at once, with its derivatives."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from bayesmodel.compiled import compiled, inner
from bayesmodel.logp.arrays import Forest, Indices
from bayesmodel.logp.interval_loglik import (
    Row,
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
"""Linear predictor beyond which a mean is not followed."""
LOWEST = math.exp(-HIGHEST)


class Rows(NamedTuple):
    """Counts as intervals, each of them (row,)."""

    told: Floats  # 1, or 0 where the row is not asked for
    lower: Floats
    upper: Floats
    people: Floats
    log_people: Floats
    several: Indices  # (W,) the rows that are more than one count


class Answer(NamedTuple):
    """Where rows are written, each (node, row): the log-likelihood without its constant, and its derivatives."""

    value: Floats
    slope: Floats
    by_dispersion: Floats  # means nothing in a family without dispersion
    room: Floats  # (node row,) to work in


@inner
def answer_in(room: Floats, nodes: int, size: int) -> Answer:
    """Return an answer whose arrays lie in the first 4 node rows of `room`, a flat array."""
    return Answer(
        in_room(room, 0, nodes, size),
        in_room(room, nodes, nodes, size),
        in_room(room, 2 * nodes, nodes, size),
        room[3 * nodes * size : 4 * nodes * size],
    )


@inner
def in_room(room: Floats, first: int, nodes: int, size: int) -> Floats:
    """Return a table (node, row) in `room` after `first` times as many numbers as there are rows."""
    return room[first * size : (first + nodes) * size].reshape((nodes, size))


@inner
def rows_of(forest: Forest, first: int, last: int) -> Rows:
    """Return the counts of the areas from first to before last."""
    lower, upper = forest.lower[first:last], forest.upper[first:last]
    people, log_people = forest.people[first:last], forest.log_people[first:last]
    return Rows(forest.told[first:last], lower, upper, people, log_people, windowed(lower, upper))


@inner
def windowed(lower: Floats, upper: Floats) -> Indices:
    """Return which rows are more than one count (W,); all rows where those are most, as they need no gathering then."""
    result, number = np.empty(len(lower), dtype=np.int64), 0
    for i in range(len(lower)):
        if upper[i] > lower[i]:
            result[number] = i
            number += 1
    return np.arange(len(lower)) if 2 * number > len(lower) else result[:number]


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
def rows_one_by_one(family: int, rows: Rows, eta: Floats, dispersion: Floats, answer: Answer) -> None:
    """Write the log-likelihood of each row at several predictors, and its derivatives; of rows not asked for, nothing.

    Parameters
    ----------
    family : int
    rows : Rows
    eta : ndarray (node, row)
    dispersion : ndarray (row,)
    answer : Answer
    """
    for k in range(len(eta)):
        for i in range(eta.shape[1]):
            if rows.told[i] != 0.0:
                answer.value[k, i], answer.slope[k, i], answer.by_dispersion[k, i] = row(
                    family, rows.lower[i], rows.upper[i], rows.people[i], eta[k, i], dispersion[i]
                )


@inner
def binomial_rows(rows: Rows, eta: Floats, answer: Answer) -> None:
    """Write the same of binomial rows, asked for or not: each as if it were exact, then the windows on top."""
    value, slope, tail = answer.value, answer.slope, answer.by_dispersion
    for k in range(len(eta)):
        for i in range(eta.shape[1]):
            tail[k, i] = -abs(eta[k, i])
    exponentiate(tail.ravel(), answer.room)
    softened = log_one_plus(tail.ravel()).reshape(eta.shape)
    for k in range(len(eta)):
        for i in range(eta.shape[1]):
            value[k, i] = rows.lower[i] * eta[k, i] - rows.people[i] * (max(eta[k, i], 0.0) + softened[k, i])
        for i in range(eta.shape[1]):
            above = 1.0 if eta[k, i] > 0.0 else tail[k, i]
            slope[k, i] = rows.lower[i] - rows.people[i] * above / (1.0 + tail[k, i])
    if len(rows.several):
        for k in range(len(eta)):
            for i in range(eta.shape[1]):
                tail[k, i] = tail[k, i] if eta[k, i] < 0.0 else 1.0 / max(tail[k, i], LOWEST)
        _add_windows(rows, rows.people + 1.0, -1.0, tail, answer)


@inner
def poisson_rows(rows: Rows, eta: Floats, answer: Answer) -> None:
    """Write the same of Poisson rows, asked for or not: each as if it were exact, then the windows on top."""
    value, slope, mean = answer.value, answer.slope, answer.by_dispersion
    for k in range(len(eta)):
        for i in range(eta.shape[1]):
            mean[k, i] = min(eta[k, i], HIGHEST) + rows.log_people[i]
    exponentiate(mean.ravel(), answer.room)
    for k in range(len(eta)):
        for i in range(eta.shape[1]):
            value[k, i] = rows.lower[i] * (eta[k, i] + rows.log_people[i]) - mean[k, i]
        for i in range(eta.shape[1]):
            slope[k, i] = rows.lower[i] - mean[k, i]
    if len(rows.several):
        _add_windows(rows, np.ones(len(rows.lower)), 0.0, mean, answer)


@inner
def _add_windows(rows: Rows, first: Floats, step: float, odds: Floats, answer: Answer) -> None:
    """Add to the rows that are more than one count what the counts above the lowest tell, at odds (node, row)."""
    at, size = rows.several, len(rows.several)
    if size == len(rows.lower):
        for k in range(len(odds)):  # one node at a time stays in the first cache
            more, change = windows_above(rows.lower, rows.upper, first, step, odds[k])
            for i in range(size):
                answer.value[k, i] += more[i]
            for i in range(size):
                answer.slope[k, i] += change[i]
        return
    number = size * len(odds)  # all nodes at once, as each has few rows
    lower, upper, start, here = np.empty(number), np.empty(number), np.empty(number), np.empty(number)
    for k in range(len(odds)):
        for w in range(size):
            lower[k * size + w], upper[k * size + w] = rows.lower[at[w]], rows.upper[at[w]]
            start[k * size + w], here[k * size + w] = first[at[w]], odds[k, at[w]]
    more, change = windows_above(lower, upper, start, step, here)
    for k in range(len(odds)):
        for w in range(size):
            answer.value[k, at[w]] += more[k * size + w]
            answer.slope[k, at[w]] += change[k * size + w]
