"""Convergence of many quantities at once: rank-normalised R-hat, bulk and tail effective sample size.

The definitions are those of ArviZ, which works through the quantities one by one; here they are written for a block.
Vehtari, Gelman, Simpson, Carpenter and Bürkner (2021), Rank-normalization, folding, and localization.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import fft, special

Floats = NDArray[np.floating[Any]]
"""Of 4 bytes where only ranks or indicators are meant: enough for four digits of a sample size, and twice as fast."""
TAIL = 0.05
"""Probability of each tail whose quantile the tail effective sample size is about."""


def effective_sizes(draws: Floats) -> tuple[Floats, Floats]:
    """Return the effective sample size for the middle of a distribution, and for its tails.

    Parameters
    ----------
    draws : ndarray (quantity, chain, draw)

    Returns
    -------
    tuple of ndarray (quantity,)
        Bulk: of the normal scores of the ranks. Tail: of being below the quantile of either tail, the smaller one.
    """
    split = _split(draws)
    quantiles = np.floor((draws[0].size - 1) * np.array([TAIL, 1 - TAIL])).astype(int)
    ordered = np.sort(draws.reshape(len(draws), -1), axis=1)
    # below the next draw is below the interpolated quantile
    tails = [_effective((split <= ordered[:, place, None, None]).astype(np.float32)) for place in quantiles]
    return _effective(_scores(split)), np.where(np.isnan(ordered[:, -1]), np.nan, np.minimum(*tails))


def r_hat(draws: Floats) -> Floats:
    """Return R-hat of the ranks, and of the ranks of the distance to the median: the larger one."""
    split = _split(draws)
    folded = np.abs(split - np.median(split, axis=(1, 2), keepdims=True))
    return np.maximum(_r_hat(_scores(split)), _r_hat(_scores(folded)))


def _split(draws: Floats) -> Floats:
    """Cut each chain in two: (quantity, chain, draw) -> (quantity, 2 chains, half the draws)."""
    half = draws.shape[2] // 2
    return np.concatenate([draws[:, :, :half], draws[:, :, -half:]], axis=1)


def _scores(draws: Floats) -> Floats:
    """Return normal scores of the ranks within each quantity; ties share their mean rank, and any NaN makes all NaN."""
    flat = draws.reshape(len(draws), -1)
    size = flat.shape[1]
    # scores of the ranks 1, 1.5, 2, ...: the place in it is the sum of the first and last place of a run of ties
    table = special.ndtri((np.arange(2 * size - 1) / 2 + 1 - 0.375) / (size + 0.25)).astype(np.float32)
    scores = np.empty(flat.shape, dtype=np.float32)
    # row by row: numpy gathers and scatters one row much faster than along an axis of many
    for row, order, values in zip(scores, np.argsort(flat, axis=1), flat, strict=True):
        ordered = values[order]
        fresh = np.flatnonzero(ordered[1:] != ordered[:-1]) + 1
        if np.isnan(ordered[-1]):  # sorting puts NaN last
            row[:] = np.nan
        elif len(fresh) == size - 1:
            row[order] = table[::2]
        else:
            first, last = np.append(0, fresh), np.append(fresh, size) - 1
            row[order] = np.repeat(table[first + last], last - first + 1)
    return scores.reshape(draws.shape)


def _r_hat(draws: Floats) -> Floats:
    """Return the pooled sd over that within chains."""
    length = draws.shape[2]
    within = draws.var(axis=2, ddof=1).mean(axis=1)
    between = length * draws.mean(axis=2).var(axis=1, ddof=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(np.sqrt((between / within + length - 1) / length))


def _effective(draws: Floats) -> Floats:
    """Return the effective sample size of the mean, by Geyer's monotone sequence; all draws where none differ."""
    chains, length = draws.shape[1:]
    means = draws.mean(axis=2, keepdims=True)
    padded = fft.next_fast_len(2 * length, real=True)
    spectrum = fft.rfft(draws - means, n=padded, axis=2)
    power = (spectrum.real**2 + spectrum.imag**2).mean(axis=1, dtype=float)
    autocovariance: Floats = np.asarray(fft.irfft(power, n=padded, axis=1))[:, :length] / length
    within = autocovariance[:, :1] * length / (length - 1)
    pooled = autocovariance[:, :1] + means.astype(float).var(axis=1, ddof=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        correlation = 1 - (within - autocovariance) / pooled
    correlation[:, 0] = 1
    last = (length - 3) // 2
    pairs = correlation[:, : 2 * last + 2].reshape(len(draws), -1, 2)
    sums = pairs.sum(axis=2)
    ends = np.where((sums <= 0).any(axis=1), (sums <= 0).argmax(axis=1), last)
    inside = np.arange(last + 1) < ends[:, None]
    total = np.where(inside, np.minimum.accumulate(sums, axis=1), 0).sum(axis=1)
    edge = np.maximum(pairs[np.arange(len(draws)), ends, 0], 0)
    size = chains * length
    effective: Floats = size / np.maximum(2 * total + edge - 1, 1 / np.log10(size))
    return np.where(np.ptp(draws, axis=(1, 2)) == 0, size, effective)
