"""The windows of many intervals at once: what they add to their lowest count, in vector instructions."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from bayesmodel.model.density.compiled import compiled
from bayesmodel.model.density.rows import window_above
from bayesmodel.model.density.vector import logarithm

Floats = NDArray[np.float64]

NARROW, GENTLE = 16.0, 1e18
"""Widths, and ratios of neighbours, up to which no sum can overflow; other windows are summed one by one."""


@compiled
def windows_above(lower: Floats, upper: Floats, first: Floats, step: float, odds: Floats) -> tuple[Floats, Floats]:
    """Return log sum_k f(k) / f(lower) over each window, and its derivative to log odds.

    Parameters
    ----------
    lower, upper, first, odds : ndarray (row,)
        As of `window_above`.
    step : float

    Returns
    -------
    ndarray (row,), ndarray (row,)
    """
    total, change, alone = np.ones(len(lower)), np.zeros(len(lower)), np.empty(len(lower), dtype=np.bool_)
    end, longest = np.empty(len(lower)), 0
    for r in range(len(lower)):
        alone[r] = upper[r] - lower[r] > NARROW or first[r] * odds[r] > GENTLE
        end[r] = lower[r] if alone[r] else upper[r]
        longest = max(longest, int(end[r] - lower[r]))
    for place in range(longest, 0, -1):
        for r in range(len(lower)):
            k = lower[r] + place
            # beyond its end a row stays at the empty sum
            ratio = (first[r] + step * k) / k * odds[r] if k <= end[r] else 0.0
            change[r] = ratio * (total[r] + change[r])
            total[r] = 1.0 + ratio * total[r]
    logs = logarithm(total)
    for r in range(len(lower)):
        change[r] /= total[r]
        if alone[r]:
            logs[r], change[r] = window_above(lower[r], upper[r], first[r], step, odds[r])
    return logs, change
