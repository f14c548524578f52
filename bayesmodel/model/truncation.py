"""What known bounds add to a missing value: its normal distribution truncated, the others moving with it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from bayesmodel.model.imputation import Completed

Floats = NDArray[np.float64]


def truncate(completed: Completed, missing: NDArray[np.bool_], lower: Floats, upper: Floats) -> Completed:
    """Truncate the missing values of each row to known bounds.

    One bound after the other, each time keeping mean and covariance (assumed-density filtering): exact for one bounded
    value in a row, close for several. Rows with a bounded missing value get a covariance of their own.

    Parameters
    ----------
    completed : Completed
        Conditional means and covariances without bounds.
    missing : ndarray (row, column)
    lower, upper : ndarray (column,)
        On the scale of `completed.x`; infinite where nothing is known.

    Returns
    -------
    Completed
    """
    bounded = missing & (np.isfinite(lower) | np.isfinite(upper))
    rows = np.flatnonzero(bounded.any(axis=1))
    if not rows.size:
        return completed
    from scipy import stats  # half a second to import, and few studies have bounds

    mean, covariance = completed.x[rows], completed.covariances[completed.pattern[rows]]
    for column in np.flatnonzero(bounded[rows].any(axis=0)):
        inside = np.flatnonzero(bounded[rows, column])
        centre, variance = mean[inside, column], covariance[inside, column, column]
        sd = np.sqrt(variance)
        low, high = (lower[column] - centre) / sd, (upper[column] - centre) / sd
        shift, ratio = stats.truncnorm.stats(low, high, moments="mv")
        gain = covariance[inside, :, column] / variance[:, None]
        mean[inside] += gain * (shift * sd)[:, None]
        covariance[inside] += (gain[:, :, None] * gain[:, None, :]) * ((ratio - 1) * variance)[:, None, None]
    x, pattern = completed.x.copy(), completed.pattern.copy()
    x[rows], pattern[rows] = mean, len(completed.covariances) + np.arange(len(rows))
    return replace(completed, x=x, pattern=pattern, covariances=np.concatenate([completed.covariances, covariance]))
