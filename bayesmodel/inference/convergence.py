"""Convergence of many quantities at once: rank-normalised R-hat, bulk and tail effective sample size.

The definitions are those of ArviZ, which works through the quantities one by one; here they are written for a block.
Vehtari, Gelman, Simpson, Carpenter and Bürkner (2021), Rank-normalization, folding, and localization.
"""

from __future__ import annotations

import numpy as np

from bayesmodel.inference.effective import Floats, Keys, ordered_keys, scores_of, sizes_of

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
        Bulk: of the normal scores of the ranks. Tail: of being below the quantile of either tail, the smaller one. All
        draws of what does not vary, NaN of what has a NaN.
    """
    return sizes_of_ordered(*ordered_keys(_flat(_split(draws))), draws)


def sizes_of_ordered(keys: Keys, bits: int, draws: Floats) -> tuple[Floats, Floats]:
    """Return what `effective_sizes` does of draws whose keys are there already: those of the halves of their chains.

    Of chains of even length the keys of the halves are those of the draws, one chain after the other.
    """
    quantiles = np.floor((draws[0].size - 1) * np.array([TAIL, 1 - TAIL])).astype(np.int64)
    # below the next draw is below the interpolated quantile
    if keys.shape[1] == draws[0].size:
        places = np.tile(quantiles, (len(keys), 1))
    else:  # the middle draw of a chain of odd length is in the quantiles, but in neither half
        limits = np.partition(_flat(draws), quantiles, axis=1)[:, quantiles]
        places = (_flat(_split(draws))[:, :, None] <= limits[:, None]).sum(axis=1) - 1
    sizes = sizes_of(keys, bits, places, 2 * draws.shape[1])
    sizes[np.isnan(draws).any(axis=(1, 2))] = np.nan
    return sizes[:, 0], sizes[:, 1:].min(axis=1)


def r_hat(draws: Floats) -> Floats:
    """Return R-hat of the ranks, and of the ranks of the distance to the median: the larger one."""
    split = _split(draws)
    folded = np.abs(split - np.median(split, axis=(1, 2), keepdims=True))
    return np.maximum(_r_hat(_scores(split)), _r_hat(_scores(folded)))


def _split(draws: Floats) -> Floats:
    """Cut each chain in two: (quantity, chain, draw) -> (quantity, 2 chains, half the draws)."""
    half = draws.shape[2] // 2
    return np.concatenate([draws[:, :, :half], draws[:, :, -half:]], axis=1, dtype=float)


def _flat(draws: Floats) -> Floats:
    """Return draws with chain and draw in one axis (quantity, sample)."""
    return draws.reshape(len(draws), -1)


def _scores(draws: Floats) -> Floats:
    """Return normal scores of the ranks within each quantity; any NaN makes all NaN."""
    scores = scores_of(*ordered_keys(_flat(draws))).reshape(draws.shape)
    scores[np.isnan(draws).any(axis=(1, 2))] = np.nan
    return scores


def _r_hat(draws: Floats) -> Floats:
    """Return the pooled sd over that within chains."""
    length = draws.shape[2]
    within = draws.var(axis=2, ddof=1).mean(axis=1)
    between = length * draws.mean(axis=2).var(axis=1, ddof=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(np.sqrt((between / within + length - 1) / length))
