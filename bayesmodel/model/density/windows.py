"""The windows of many intervals at once: what they add to their lowest count, in vector instructions."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from bayesmodel.model.density.compiled import compiled
from bayesmodel.model.density.rows import window_above
from bayesmodel.model.density.vector import logarithm

Floats = NDArray[np.float64]

NARROW, GENTLE = 9, 1e18
"""Counts above the lowest (0 to 9 has nine), and ratios of neighbours, that are summed in vector instructions, where no
sum can overflow; other windows are summed one by one."""


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
    size, others = len(lower), 0
    total, change = np.empty(size), np.empty(size)
    for r in range(size):
        others += 1 if (upper[r] - lower[r] > NARROW) | (first[r] * odds[r] > GENTLE) else 0
        # all is times the product of the counts, so that nothing is divided on the way; every row has as many places,
        # so that all stays in registers
        sum_above, slope, scale = 1.0, 0.0, 1.0
        for place in range(NARROW, 0, -1):
            k = lower[r] + place
            # beyond its end a row stays at the empty sum
            ratio = (first[r] + step * k) * odds[r] if k <= upper[r] else 0.0
            scale *= k
            slope = ratio * (sum_above + slope)
            sum_above = scale + ratio * sum_above
        change[r] = slope / sum_above
        total[r] = sum_above / scale
    logs = logarithm(total)
    if others:
        for r in range(size):
            if upper[r] - lower[r] > NARROW or first[r] * odds[r] > GENTLE:
                logs[r], change[r] = window_above(lower[r], upper[r], first[r], step, odds[r])
    return logs, change
