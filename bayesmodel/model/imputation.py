"""Missing determinants as a normal distribution given the known ones, from a joint normal model of them all."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

TOLERANCE = 2e-5
"""Change of a mean or covariance, on determinants of unit variance, at which the iteration has settled."""
ITERATIONS = 2000
RIDGE = 1e-8
"""Added to the variances that are inverted, so that determinants that add up to a constant do no harm."""


@dataclass(frozen=True)
class Completed:
    """Rows with missing values, completed by what a joint normal model says of them.

    Parameters
    ----------
    x : ndarray (row, column)
        Conditional means where values were missing.
    pattern : ndarray of int (row,)
        Which of the patterns of missing columns each row has.
    covariances : ndarray (pattern, column, column)
        Conditional covariance of the missing values, zero in the known columns.
    """

    x: Floats
    pattern: NDArray[np.int64]
    covariances: Floats


def complete(x: Floats) -> Completed:
    """Complete rows by the maximum-likelihood joint normal model of their columns.

    The EM algorithm; each step needs only the moments of the known values per pattern, so its cost does not grow with
    the number of rows.

    Parameters
    ----------
    x : ndarray (row, column)
        NaN where not known; columns of about unit variance.

    Returns
    -------
    Completed

    Notes
    -----
    Little and Rubin, *Statistical Analysis with Missing Data*, chapter 11. Valid when what is missing depends on what
    is known (a share is hidden because the wijk is small, and the size of the wijk is among the determinants).
    The last two answers are kept, read-only: of many fits to the same determinants the first pays.
    """
    return _complete(x.tobytes(), x.shape)


@lru_cache(maxsize=2)
def _complete(content: bytes, shape: tuple[int, ...]) -> Completed:
    """Complete rows given as bytes, which can be looked up."""
    x = np.frombuffer(content).reshape(shape)
    missing, pattern = np.unique(np.isnan(x), axis=0, return_inverse=True)
    pattern = pattern.ravel()
    known = np.column_stack([np.ones(len(x)), np.nan_to_num(x)])
    mean, covariance = np.zeros(x.shape[1]), np.eye(x.shape[1])
    moments = np.stack([known[pattern == kind].T @ known[pattern == kind] for kind in range(len(missing))])
    for _ in range(ITERATIONS if missing.any() else 0):
        maps, extra = _regressions(mean, covariance, missing)
        before = mean, covariance
        mean = np.einsum("pjk,pk->j", maps, moments[:, :, 0]) / len(x)
        second = (maps @ moments @ maps.transpose(0, 2, 1)).sum(axis=0)
        second += np.tensordot(moments[:, 0, 0], extra, axes=1)
        covariance = second / len(x) - np.outer(mean, mean)
        if max(np.abs(mean - before[0]).max(), np.abs(covariance - before[1]).max()) < TOLERANCE:
            break
    maps, covariances = _regressions(mean, covariance, missing)
    filled = np.empty_like(x)
    for kind in range(len(missing)):
        rows = pattern == kind
        filled[rows] = known[rows] @ maps[kind].T
    for part in (filled, pattern, covariances):
        part.flags.writeable = False
    return Completed(filled, pattern, covariances)


def _regressions(mean: Floats, covariance: Floats, missing: NDArray[np.bool_]) -> tuple[Floats, Floats]:
    """Return, per pattern, the map from (1, known values) to completed values, and the conditional covariance.

    Missing columns are taken out of the inverse by putting the identity in their place.
    """
    known = ~missing
    both = known[:, :, None] & known[:, None, :]
    identity = np.eye(len(mean))
    inner = np.where(both, covariance + RIDGE * identity, 0.0) + np.where(missing[:, :, None], identity, 0.0)
    cross = np.where(missing[:, :, None] & known[:, None, :], covariance, 0.0)
    weights = np.linalg.solve(inner, cross.transpose(0, 2, 1)).transpose(0, 2, 1)
    residual = covariance - weights @ covariance
    residual = np.where(missing[:, :, None] & missing[:, None, :], residual, 0.0)
    slopes = weights + np.where(known[:, :, None], identity, 0.0)
    offset = np.where(missing, mean, 0.0) - (weights @ mean)
    maps = np.concatenate([offset[:, :, None], slopes], axis=2)
    return maps, (residual + residual.transpose(0, 2, 1)) / 2
