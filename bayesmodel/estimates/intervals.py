"""Intervals: the two ways to say between which values a quantity lies."""

from __future__ import annotations

from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

Kind = Literal["equal-tailed", "highest-density"]
Numbers = NDArray[Any]


def interval_of(draws: Numbers, probability: float, kind: Kind) -> tuple[Numbers, Numbers]:
    """Return the bounds of the interval that holds a probability.

    Parameters
    ----------
    draws : ndarray (quantity, sample)
        In ascending order, so that quantiles are places in it. Whole numbers give bounds that are whole numbers; NaN
        gives NaN.
    probability : float
        Between 0 and 1.
    kind : {"equal-tailed", "highest-density"}
        With as much probability below as above it, or the shortest one.

    Returns
    -------
    tuple of ndarray (quantity,)
        Lower and upper bound.

    Examples
    --------
    >>> import numpy as np
    >>> lower, upper = interval_of(np.arange(101)[None], 0.9, "equal-tailed")
    >>> int(lower[0]), int(upper[0])
    (5, 95)
    """
    if kind == "highest-density":
        from arviz_stats.base import array_stats

        bounds = array_stats.hdi(draws, probability, axis=-1)
        return bounds[..., 0], bounds[..., 1]
    tail = (1 - probability) / 2
    if np.issubdtype(draws.dtype, np.integer):
        # of whole numbers the bounds are values that occur, so that the interval holds at least its probability
        lower, upper = np.quantile(draws, [tail, 1 - tail], axis=-1, method="inverted_cdf")
        return lower, upper
    return quantile_of(draws, tail), quantile_of(draws, 1 - tail)


def quantile_of(draws: Numbers, probability: float) -> Numbers:
    """Return a quantile of draws (quantity, sample) in ascending order, between two draws in proportion.

    Examples
    --------
    >>> import numpy as np
    >>> quantile_of(np.array([[1.0, 2.0, 4.0]]), 0.75).tolist()
    [3.0]
    """
    place = probability * (draws.shape[-1] - 1)
    below = min(int(place), max(draws.shape[-1] - 2, 0))
    part = place - below
    # NaN stands last in the order and makes all NaN
    mixed = (1 - part) * draws[..., below] + part * draws[..., min(below + 1, draws.shape[-1] - 1)]
    return np.asarray(np.where(np.isnan(draws[..., -1]), np.nan, mixed))
