"""Reliability: effective sample sizes and R-hat of every reported quantity, all areas at once.

The definitions are those of ArviZ (rank-normalised split R-hat, bulk and tail effective sample size), which works
through the areas one by one; here they are written for a block of quantities.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import fft, special

from bayesmodel.estimates.blocks import in_blocks
from bayesmodel.estimates.estimate import Estimate

Floats = NDArray[np.floating[Any]]
"""Of 4 bytes where only ranks or indicators are meant: enough for four digits of a sample size, and twice as fast."""
TAIL = 0.05
"""Probability of each tail whose quantile the tail effective sample size is about."""


def reliability(estimate: Estimate) -> pd.DataFrame:
    """Return how well the draws support an estimate, per area.

    Parameters
    ----------
    estimate : Estimate
        Draws (chain, draw, area).

    Returns
    -------
    DataFrame
        One row per area; columns ``ess_bulk``, ``ess_tail`` (effective draws; at least 400 are needed) and ``r_hat``
        (at most 1.01 is needed). A quantity that does not vary, such as a published count, has all draws effective and
        no R-hat; one with NaN has NaN.

    Examples
    --------
    >>> from bayesmodel import expected, load_fit, reliability
    >>> reliability(expected(load_fit("results/fit.nc"))).min()  # doctest: +SKIP

    Notes
    -----
    Vehtari, Gelman, Simpson, Carpenter and Bürkner (2021), Rank-normalization, folding, and localization.
    """
    measures = {"ess_bulk": ess_bulk, "ess_tail": ess_tail, "r_hat": r_hat}
    return pd.DataFrame(measured(estimate, measures), index=estimate.index)


def smallest_size(estimate: Estimate) -> Floats:
    """Return the smaller of bulk and tail effective sample size of each quantity."""
    return np.minimum(*measured(estimate, {"bulk": ess_bulk, "tail": ess_tail}).values())


def measured(estimate: Estimate, measures: Mapping[str, Callable[[Floats], Floats]]) -> dict[str, Floats]:
    """Return measures of each quantity, worked out for a block of quantities at a time.

    Parameters
    ----------
    estimate : Estimate
        Draws (chain, draw, ...).
    measures : mapping of str to callable
        Functions of draws (quantity, chain, draw).

    Returns
    -------
    dict of ndarray (quantity,)
    """
    chains, draws = estimate.draws.shape[:2]
    values = estimate.draws.to_numpy().reshape(chains, draws, -1)
    table: dict[str, Floats] = {name: np.empty(values.shape[2]) for name in measures}

    def work(part: slice) -> None:
        block = np.ascontiguousarray(np.moveaxis(values[:, :, part], 2, 0))
        for name, measure in measures.items():
            table[name][part] = measure(block)

    in_blocks(work, values.shape[2], chains * draws)
    return table


def ess_bulk(draws: Floats) -> Floats:
    """Return the effective sample size for the middle of the distribution, from normal scores of ranks."""
    return _effective(_scores(_split(draws)))


def ess_tail(draws: Floats) -> Floats:
    """Return the effective sample size for the quantiles of both tails, the smaller one."""
    low, high = np.quantile(draws.reshape(len(draws), -1), [TAIL, 1 - TAIL], axis=1)
    split = _split(draws)
    sizes = [_effective((split <= bound[:, None, None]).astype(np.float32)) for bound in (low, high)]
    return np.where(np.isnan(low), np.nan, np.minimum(*sizes))


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
    order = np.argsort(flat, axis=1)
    ordered = np.take_along_axis(flat, order, axis=1)
    fresh = np.ones(flat.shape, dtype=bool)
    np.not_equal(ordered[:, 1:], ordered[:, :-1], out=fresh[:, 1:])
    place = np.arange(size)
    scores = np.broadcast_to(table[::2], flat.shape)
    if not fresh.all():
        first = np.maximum.accumulate(np.where(fresh, place, 0), axis=1)
        ends = np.append(fresh[:, 1:], np.ones((len(flat), 1), dtype=bool), axis=1)
        last = np.minimum.accumulate(np.where(ends, place, size)[:, ::-1], axis=1)[:, ::-1]
        scores = table[first + last]
    result = np.empty(flat.shape, dtype=np.float32)
    np.put_along_axis(result, order, scores, axis=1)
    result[np.isnan(ordered[:, -1])] = np.nan  # sorting puts NaN last
    return result.reshape(draws.shape)


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
