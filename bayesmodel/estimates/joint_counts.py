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

from bayesmodel.data import Counts
from bayesmodel.data.totals import GroupTotal
from bayesmodel.estimates.linear_predictor import Indices, dispersion, flat
from bayesmodel.inference.fit import Fit
from bayesmodel.model.unplaced_share import UnplacedShare, aside_chances, unplaced_share
from bayesmodel.parallel import in_blocks

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

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
    from bayesmodel.logp.group_sums import counts_of_draws  # compiled

    sizes = np.array([each.shape[1] for each in cells])
    evidence = share.log_evidence(index, first.sum() + np.arange(1 + (sizes - 1).sum()))
    peak = evidence.max()
    weight = np.exp(evidence - peak) if np.isfinite(peak) else np.ones(len(evidence))
    counts = np.empty((len(cells[0]), len(cells)), dtype=np.int64)
    uniform, starts = rng.random((len(counts), len(cells) + 1)), np.concatenate([[0], np.cumsum(sizes)])
    logs = np.ascontiguousarray(np.concatenate(cells, axis=1))

    def work(part: slice) -> None:
        counts_of_draws(logs[part], starts, weight, uniform[part], counts[part])

    in_blocks(work, len(counts), int(sizes.sum() * len(cells)))
    return first + counts
