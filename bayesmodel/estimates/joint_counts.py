"""Counts of a group drawn together, given its published total.

Given the parameters the counts of the areas of a group are independent, each within its window. So their sum has the
convolution of their probabilities; times the probability of the total given that so many are placed, it is what the
sum is drawn from. Then the areas one by one, from the last to the first, each given the sum of those before it. All of
it exact, on every draw.
"""

from __future__ import annotations

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray
from scipy.special import logsumexp

from bayesmodel.data import Counts
from bayesmodel.data.totals import GroupTotal
from bayesmodel.estimates.linear_predictor import Indices, dispersion, flat
from bayesmodel.inference.fit import Fit
from bayesmodel.model.unplaced_share import UnplacedShare, aside_chances, unplaced_share

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

AT_ONCE = 4_000_000
"""Probabilities of sums that are held at the same time."""
WIDE, NOTHING = 64, 1e-30
"""Windows beyond which counts that are this improbable on every draw are left out."""


def unplaced_of_fit(fit: Fit) -> UnplacedShare | None:
    """Return what is known of unplaced shares in a fit, worked out once."""
    if "unplaced_share" not in fit.memo:
        fit.memo["unplaced_share"] = unplaced_share(fit.counts)
    found: UnplacedShare | None = fit.memo["unplaced_share"]
    return found


def group_of_areas(fit: Fit) -> Indices:
    """Return the index of the group with a total that each area lies in (area,); -1 of none."""
    found, result = unplaced_of_fit(fit), np.full(len(fit.counts), -1)
    for index, group in enumerate(found.groups if found else ()):
        if group.total is not None:
            result[group.rows] = index
    return result


def joint_counts(fit: Fit, index: int) -> tuple[Integers, Integers]:
    """Draw the counts of all areas of a group given its total, and what areas left out count.

    Parameters
    ----------
    fit : Fit
    index : int
        The group, among those of `unplaced_of_fit`.

    Returns
    -------
    ndarray of int64 (sample, area), ndarray of int64 (sample,)
        In the order of the rows of the group. The same at every call, as a group is drawn from its own seed.
    """
    share = unplaced_of_fit(fit)
    assert share is not None
    group = share.groups[index]
    rng = np.random.default_rng([fit.study.inference.seed, *b"total", *group.group.encode()])
    lowest, chances = aside_chances(group, share.rate)
    starts, windows = tightened(fit.counts, group)
    eta, spread = flat(fit, "linear_predictor")[:, group.rows], dispersion(fit, group.rows)
    spread = np.broadcast_to(spread, eta.shape)
    cells, first = [np.log(np.repeat(chances[None], len(eta), axis=0))], [lowest]
    for column, row in enumerate(group.rows):
        window = int(starts[column]), int(windows[column])
        first.append(window[0])
        if window[0] == window[1]:
            cells.append(np.zeros((len(eta), 1)))
            continue
        weights = None if fit.counts.weights is None or not fit.counts.observed[row] else fit.counts.weights[row]
        if weights is not None:
            skipped = window[0] - int(fit.counts.lower[row])
            weights = np.pad(
                weights[skipped:], (0, max(window[1] - window[0] + 1 - len(weights), 0)), constant_values=1
            )
        people = int(fit.counts.population[row])
        logs = fit.family.log_window(window, people, eta[:, column], spread[:, column], weights).T
        begin, logs = _trimmed(logs)
        cells.append(logs)
        first[-1] += begin
    drawn = _draw_cells(cells, np.array(first), share, index, rng)
    return drawn[:, 1:], drawn[:, 0]


def tightened(counts: Counts, group: GroupTotal) -> tuple[Integers, Integers]:
    """Return the windows of the areas of a group: no count is more than the total leaves after the least of the others.

    Examples
    --------
    >>> from bayesmodel.testing import invented_fit
    >>> counts = invented_fit().counts  # WK000102 counts 0 to 9, the two others 46 and 92
    >>> tightened(counts, GroupTotal("GM0001", np.arange(3), (140, 143)))[1].tolist()
    [46, 92, 5]
    """
    lower, upper = counts.lower[group.rows], counts.upper[group.rows]
    if group.total is None:
        return lower, upper
    left = group.total[1] - int(lower.sum()) - group.aside[0]
    return lower, np.minimum(upper, lower + max(left, 0))


def _trimmed(logs: Floats) -> tuple[int, Floats]:
    """Return the counts of a wide window that are probable on any draw, and where they begin."""
    if logs.shape[1] <= WIDE:
        return 0, logs
    near = (logs - logs.max(axis=1, keepdims=True)).max(axis=0) > np.log(NOTHING)
    kept = np.flatnonzero(near)
    return int(kept[0]), logs[:, kept[0] : kept[-1] + 1]


def _draw_cells(cells: list[Floats], first: Integers, share: UnplacedShare, index: int, rng: Generator) -> Integers:
    """Draw each cell (sample, cell) from its log probabilities (sample, count), given the total of their group."""
    draws, widest = len(cells[0]), 1 + sum(each.shape[1] - 1 for each in cells)
    known = share.groups[index].total is not None
    evidence = share.log_evidence(index, first.sum() + np.arange(widest)) if known else np.zeros(widest)
    peak = evidence.max()
    weight = np.exp(evidence - peak) if np.isfinite(peak) else np.ones(widest)
    result = np.empty((draws, len(cells)), dtype=np.int64)
    size = max(1, AT_ONCE // (widest * len(cells)))
    for start in range(0, draws, size):
        part = slice(start, start + size)
        probabilities = [np.exp(each[part] - logsumexp(each[part], axis=1, keepdims=True)) for each in cells]
        result[part] = first + draw_given_sum(probabilities, weight, rng)
    return result


def draw_given_sum(cells: list[Floats], weight: Floats, rng: Generator) -> Integers:
    """Draw independent counts whose sum is weighted.

    Parameters
    ----------
    cells : list of ndarray (draw, count)
        Probabilities of 0, 1, ... of each cell.
    weight : ndarray (sum,)
        Of each sum of all cells, up to a constant.
    rng : Generator

    Returns
    -------
    ndarray of int64 (draw, cell)

    Examples
    --------
    >>> import numpy as np
    >>> even = [np.full((1, 4), 0.25)] * 2
    >>> int(draw_given_sum(even, np.eye(7)[5], np.random.default_rng(1)).sum())
    5
    """
    draws = len(cells[0])
    sums = [np.ones((draws, 1))]
    for each in cells:
        sums.append(convolved(sums[-1], each))
    left = _chosen(sums[-1] * weight, rng)
    result, rows = np.empty((draws, len(cells)), dtype=np.int64), np.arange(draws)[:, None]
    for column in range(len(cells) - 1, -1, -1):
        each, before = cells[column], sums[column]
        rest = left[:, None] - np.arange(each.shape[1])
        inside = (rest >= 0) & (rest < before.shape[1])
        chances = np.where(inside, each * before[rows, np.clip(rest, 0, before.shape[1] - 1)], 0.0)
        result[:, column] = _chosen(chances, rng)
        left = left - result[:, column]
    return result


def convolved(before: Floats, each: Floats) -> Floats:
    """Return the probabilities of the sum of two counts on each draw, (draw, sum) and (draw, count).

    Examples
    --------
    >>> import numpy as np
    >>> convolved(np.array([[0.5, 0.5]]), np.array([[0.2, 0.8]])).round(2).tolist()
    [[0.1, 0.5, 0.4]]
    """
    if before.shape[1] < each.shape[1]:
        before, each = each, before
    width = before.shape[1]
    result = np.zeros((len(before), width + each.shape[1] - 1))
    for count in range(each.shape[1]):
        result[:, count : count + width] += each[:, count, None] * before
    return result


def _chosen(chances: Floats, rng: Generator) -> Integers:
    """Draw an index on each row in proportion to its chances; any of them where all vanish."""
    total = chances.cumsum(axis=1)
    place = (rng.random(len(chances))[:, None] * total[:, -1:] >= total).sum(axis=1)
    return np.asarray(np.minimum(place, chances.shape[1] - 1))
