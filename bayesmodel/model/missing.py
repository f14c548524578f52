"""Missing determinants: normal given the known ones by a joint normal model, truncated where bounds are known."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

TOLERANCE = 2e-5
"""Change of a mean or covariance, on determinants of unit variance, at which the iteration has settled."""
ITERATIONS = 700
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


@dataclass(frozen=True)
class MissingTerms:
    """The variance that missing determinants leave, ``beta' S beta``, as a sum over pairs of coefficients.

    Parameters
    ----------
    first, second : ndarray of int (term,)
        The coefficients of each pair.
    weights : ndarray (pattern, term)
        Of each product, zero where a pattern does not miss both.
    """

    first: NDArray[np.int64]
    second: NDArray[np.int64]
    weights: Floats


def missing_terms(covariances: Floats) -> MissingTerms:
    """Return the pairs of determinants that are missing together in some pattern.

    Parameters
    ----------
    covariances : ndarray (pattern, K, K)
        Conditional covariances of the missing determinants.
    """
    first, second = np.triu_indices(covariances.shape[1])
    weights = covariances[:, first, second] * np.where(first == second, 1.0, 2.0)
    used = np.flatnonzero(weights.any(axis=0))
    return MissingTerms(first[used], second[used], np.ascontiguousarray(weights[:, used]))


def missing_variance(terms: MissingTerms, beta: Any) -> Any:
    """Return ``beta' S beta`` per missing-data pattern: (pattern,) of beta (K,), or (sample, pattern) of (sample, K).

    The arrays are those of numpy or of PyTensor.

    Examples
    --------
    >>> covariances = np.array([[[0.0, 0.0], [0.0, 0.0]], [[1.0, 0.5], [0.5, 2.0]]])
    >>> missing_variance(missing_terms(covariances), np.array([1.0, 2.0])).tolist()
    [0.0, 11.0]
    """
    return (beta[..., terms.first] * beta[..., terms.second]) @ terms.weights.T


def complete(x: Floats) -> Completed:
    """Complete rows by the maximum-likelihood joint normal model of their columns.

    The EM algorithm, hastened; each step needs only the moments of the known values per pattern, so its cost does not
    grow with the number of rows.

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
    moments = np.stack([known[pattern == kind].T @ known[pattern == kind] for kind in range(len(missing))])
    start = np.vstack([np.zeros(x.shape[1]), np.eye(x.shape[1])])
    mean, *covariance = _settled(lambda about: _em_step(about, missing, moments), start) if missing.any() else start
    maps, covariances = _regressions(mean, np.array(covariance), missing)
    filled = np.empty_like(x)
    for kind in range(len(missing)):
        rows = pattern == kind
        filled[rows] = known[rows] @ maps[kind].T
    for part in (filled, pattern, covariances):
        part.flags.writeable = False
    return Completed(filled, pattern, covariances)


def _em_step(about: Floats, missing: NDArray[np.bool_], moments: Floats) -> Floats:
    """Return mean and covariance, one above the other, after one step of the EM algorithm."""
    maps, extra = _regressions(about[0], about[1:], missing)
    rows = moments[:, 0, 0].sum()
    mean = np.einsum("pjk,pk->j", maps, moments[:, :, 0]) / rows
    second = (maps @ moments @ maps.transpose(0, 2, 1)).sum(axis=0)
    second += np.tensordot(moments[:, 0, 0], extra, axes=1)
    return np.vstack([mean, second / rows - np.outer(mean, mean)])


def _settled(step: Callable[[Floats], Floats], about: Floats) -> Floats:
    """Return where steps no longer change mean and covariance, by SQUAREM: two steps tell how far many would lead.

    Varadhan and Roland (2008), Simple and globally convergent methods for accelerating the convergence of any EM
    algorithm. Where it would lead to no covariance, the two steps alone are taken.
    """
    for _ in range(ITERATIONS):
        once = step(about)
        if np.abs(once - about).max() < TOLERANCE:
            return once
        twice = step(once)
        first, change = once - about, twice - 2 * once + about
        length = max(1.0, float(np.linalg.norm(first) / max(np.linalg.norm(change), 1e-300)))
        far = about + 2 * length * first + length**2 * change
        about = step(far if np.linalg.eigvalsh(far[1:])[0] > 0 else twice)
    return about


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
