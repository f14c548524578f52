"""Missing determinants: normal given the known ones by a joint normal model, truncated where bounds are known."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import log_ndtr

Floats = NDArray[np.float64]

TOLERANCE = 2e-5
"""Change of a mean or covariance, on determinants of unit variance, at which the iteration has settled."""
ITERATIONS = 700
TRUNCATED_TOLERANCE = 1e-3
"""The same with bounds, where a step costs as much as there are rows."""
LOG_ROOT_TAU = 0.5 * np.log(2 * np.pi)
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


def complete(x: Floats, lower: Floats | None = None, upper: Floats | None = None) -> Completed:
    """Complete rows by the maximum-likelihood joint normal model of their columns.

    The EM algorithm, hastened; each step needs only the moments of the known values per pattern, so its cost does not
    grow with the number of rows. Where missing values have bounds, the model is estimated anew with them: values that
    are missing because they are small pull its means down.

    Parameters
    ----------
    x : ndarray (row, column)
        NaN where not known; columns of about unit variance.
    lower, upper : ndarray (row, column), optional
        What missing values lie between; infinite where nothing is known.

    Returns
    -------
    Completed

    Notes
    -----
    Little and Rubin, *Statistical Analysis with Missing Data*, chapter 11. Valid when what is missing depends on what
    is known (a share is hidden because the wijk is small, and the size of the wijk is among the determinants).
    The last two answers are kept, read-only: of many fits to the same determinants the first pays.
    """
    completed = _complete(x.tobytes(), x.shape)
    missing = np.isnan(x)
    if lower is None or upper is None or not (missing & (np.isfinite(lower) | np.isfinite(upper))).any():
        return completed
    return _complete_within(x.tobytes(), x.shape, lower.tobytes(), upper.tobytes())


@lru_cache(maxsize=2)
def _complete_within(content: bytes, shape: tuple[int, ...], lowest: bytes, highest: bytes) -> Completed:
    """Return rows, given as bytes, completed within bounds: by EM steps whose expectations are truncated."""
    x, lower, upper = (np.frombuffer(each).reshape(shape) for each in (content, lowest, highest))
    completed, missing = _complete(content, shape), np.isnan(x)
    pattern = completed.pattern
    patterns = np.empty((pattern.max() + 1, x.shape[1]), dtype=bool)
    patterns[pattern] = missing
    known = np.column_stack([np.ones(len(x)), np.nan_to_num(x)])

    def expected(about: Floats) -> Completed:
        maps, covariances = _regressions(about[0], about[1:], patterns)
        return truncate(Completed(_mapped(known, maps, pattern), pattern, covariances), missing, lower, upper)

    def step(about: Floats) -> Floats:
        return _moments_of(expected(about))

    start = _moments_of(truncate(completed, missing, lower, upper))
    within = expected(_settled(step, start, TRUNCATED_TOLERANCE))
    for part in (within.x, within.pattern, within.covariances):
        part.flags.writeable = False
    return within


def _moments_of(completed: Completed) -> Floats:
    """Return the mean and covariance of completed rows, one above the other."""
    mean = completed.x.mean(axis=0)
    rows = np.bincount(completed.pattern, minlength=len(completed.covariances)) / len(completed.x)
    second = completed.x.T @ completed.x / len(completed.x) + np.tensordot(rows, completed.covariances, axes=1)
    return np.vstack([mean, second - np.outer(mean, mean)])


def _mapped(known: Floats, maps: Floats, pattern: NDArray[np.int64]) -> Floats:
    """Return completed rows: (1, known values) through the map of each row's pattern."""
    filled = np.empty((len(known), maps.shape[1]))
    for kind in range(len(maps)):
        rows = pattern == kind
        filled[rows] = known[rows] @ maps[kind].T
    return filled


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
    filled = _mapped(known, maps, pattern)
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


def _settled(step: Callable[[Floats], Floats], about: Floats, tolerance: float = TOLERANCE) -> Floats:
    """Return where steps no longer change mean and covariance, by SQUAREM: two steps tell how far many would lead.

    Varadhan and Roland (2008), Simple and globally convergent methods for accelerating the convergence of any EM
    algorithm. Where it would lead to no covariance, the two steps alone are taken.
    """
    for _ in range(ITERATIONS):
        once = step(about)
        if np.abs(once - about).max() < tolerance:
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
    lower, upper : ndarray (row, column)
        On the scale of `completed.x`; infinite where nothing is known.

    Returns
    -------
    Completed
    """
    bounded = missing & (np.isfinite(lower) | np.isfinite(upper))
    rows = np.flatnonzero(bounded.any(axis=1))
    if not rows.size:
        return completed
    some = np.flatnonzero(missing[rows].any(axis=0))  # the others have no variance
    mean, covariance = (
        completed.x[np.ix_(rows, some)],
        completed.covariances[:, some][:, :, some][completed.pattern[rows]],
    )
    for column in np.flatnonzero(bounded[np.ix_(rows, some)].any(axis=0)):
        inside = np.flatnonzero(bounded[rows, some[column]])
        centre, variance = mean[inside, column], covariance[inside, column, column]
        sd = np.sqrt(variance)
        low, high = ((side[rows[inside], some[column]] - centre) / sd for side in (lower, upper))
        shift, ratio = truncated_normal(low, high)
        gain = covariance[inside, :, column] / variance[:, None]
        mean[inside] += gain * (shift * sd)[:, None]
        covariance[inside] += (gain[:, :, None] * gain[:, None, :]) * ((ratio - 1) * variance)[:, None, None]
    x, pattern = completed.x.copy(), completed.pattern.copy()
    x[np.ix_(rows, some)], pattern[rows] = mean, len(completed.covariances) + np.arange(len(rows))
    own = np.zeros((len(rows), *completed.covariances.shape[1:]))
    own[:, some[:, None], some] = covariance
    return replace(completed, x=x, pattern=pattern, covariances=np.concatenate([completed.covariances, own]))


def truncated_normal(lower: Floats, upper: Floats) -> tuple[Floats, Floats]:
    """Return mean and variance of a standard normal value that lies between bounds.

    Parameters
    ----------
    lower, upper : ndarray
        Of the same shape, lower below upper; infinite for no bound.

    Examples
    --------
    >>> mean, variance = truncated_normal(np.array([0.0, -np.inf]), np.array([np.inf, -20.0]))
    >>> mean.round(3).tolist(), variance.round(4).tolist()
    ([0.798, -20.05], [0.3634, 0.0025])
    """
    flipped = lower > -upper  # the tail in which logarithms keep their digits is the lower one
    low, high = np.where(flipped, -upper, lower), np.where(flipped, -lower, upper)
    upto, below = log_ndtr(high), log_ndtr(low)
    inside = upto + np.log1p(-np.exp(below - upto))
    at_low, at_high = (np.exp(-(side**2) / 2 - LOG_ROOT_TAU - inside) for side in (low, high))
    mean = np.clip(at_low - at_high, low, high)
    edge_low, edge_high = (
        np.where(np.isfinite(side), side, 0.0) * density for side, density in ((low, at_low), (high, at_high))
    )
    variance = np.clip(1 + edge_low - edge_high - mean**2, 0.0, (high - low) ** 2 / 12)
    return np.where(flipped, -mean, mean), variance
