"""Importance weights to the exact posterior: how good they are, and draws that all count the same."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from bayesmodel.inference.certificate import Certificate

Floats = NDArray[np.float64]
Places = NDArray[np.int64]

SAME = 1e-9
"""Range of log-weights that are equal but for rounding."""


def smoothed(log_weights: Floats) -> tuple[Floats, float]:
    """Return Pareto-smoothed weights that sum to one, and the shape of their tail.

    Weights that are all the same have no tail; of weights that are nothing but for a few no tail can be fitted, and
    its shape is infinite: the certificate refuses them.
    """
    from arviz_stats.base import array_stats

    if np.ptp(log_weights) < SAME:
        # of log-weights too large to tell such differences nothing is known
        told = np.spacing(np.abs(log_weights).max()) < SAME
        return np.full(len(log_weights), 1 / len(log_weights)), 0.0 if told else np.inf
    try:
        # ArviZ takes the log-likelihood that is left out, whose weight is its inverse
        log_smooth, shape = array_stats.psislw(-log_weights)
    except ValueError:  # a tail of too few weights, or of weights that are all nothing
        log_smooth, shape = log_weights, np.inf
    weights = np.exp(log_smooth - log_smooth.max())
    return weights / weights.sum(), float(shape)


def effective_draws(weights: Floats, draws: Floats) -> Floats:
    """Return for how many equal draws the weighted mean of each quantity counts (quantity,).

    Parameters
    ----------
    weights : ndarray (draw,)
        Summing to one.
    draws : ndarray (draw, quantity)
    """
    away = (draws - weights @ draws) ** 2
    variance = weights @ away
    with np.errstate(invalid="ignore", divide="ignore"):
        size = variance / (weights**2 @ away)
    # what does not vary is known from any draw
    return np.where(variance > 0, size, float(len(weights)))


def certify(
    log_weights: Floats, variables: Mapping[str, Floats], quadrature_error: float
) -> tuple[Certificate, Floats]:
    """Judge importance weights; return the certificate and the smoothed weights (draw,).

    Parameters
    ----------
    log_weights : ndarray (draw,)
    variables : mapping of str to ndarray (draw, ...)
        What the certificate is about.
    quadrature_error : float
    """
    if np.isnan(log_weights).any() or not np.isfinite(log_weights.max()):
        weights = np.full(len(log_weights), 1 / len(log_weights))
        return Certificate(np.inf, 0.0, 0.0, "weights", quadrature_error, len(weights)), weights
    # a weight of nothing is a very small one
    weights, shape = smoothed(np.maximum(log_weights, log_weights.max() - 600))
    share = 1 / float(len(weights) * (weights**2).sum())
    least, worst = np.inf, ""
    for name, draws in variables.items():
        sizes = effective_draws(weights, draws.reshape(len(draws), -1))
        if sizes.size and sizes.min() < least:
            least, worst = float(sizes.min()), name + (f"[{int(sizes.argmin())}]" if draws.ndim > 1 else "")
    return Certificate(shape, share, least, worst, quadrature_error, len(weights)), weights


def resampled(weights: Floats, count: int, rng: Generator) -> Places:
    """Return which draws to keep so that all count the same: systematic resampling, in random order.

    A draw is taken ``count * weight`` times, rounded up or down: with some more proposals than draws nearly all are
    taken at most once.
    """
    ends = np.cumsum(weights)
    places = np.searchsorted(ends, (rng.random() + np.arange(count)) / count * ends[-1])
    return rng.permutation(np.minimum(places, len(weights) - 1))
