"""Importance weights to the exact posterior: their diagnostics, and resampling to equally weighted draws."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from bayesmodel.inference.certificate import Certificate, unseen_mass
from bayesmodel.laplace.pareto import pareto_smoothed

Floats = NDArray[np.float64]
Indices = NDArray[np.int64]

SAME = 1e-9
"""Range of log weights below which they are equal up to rounding."""


def smoothed(log_weights: Floats) -> tuple[Floats, float]:
    """Return Pareto-smoothed weights that sum to one, and the shape k of their tail.

    Equal weights have no tail. Where all but a few weights vanish no tail can be fitted: its shape is infinite, and the
    certificate refuses them.
    """
    if np.ptp(log_weights) < SAME:
        # log weights so large that they cannot resolve such differences tell nothing
        resolved = np.spacing(np.abs(log_weights).max()) < SAME
        return np.full(len(log_weights), 1 / len(log_weights)), 0.0 if resolved else np.inf
    log_smooth, shape = pareto_smoothed(log_weights)
    weights = np.exp(log_smooth - log_smooth.max())
    return weights / weights.sum(), shape


def effective_draws(weights: Floats, draws: Floats) -> Floats:
    """Return the effective number of draws of the weighted mean of each quantity (quantity,).

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
    # a quantity that does not vary is known from any draw
    return np.where(variance > 0, size, float(len(weights)))


def certify(
    log_weights: Floats, variables: Mapping[str, Floats], count: int, quadrature_error: float = 0.0
) -> tuple[Certificate, Floats]:
    """Assess importance weights; return the certificate and the smoothed weights (draw,).

    Parameters
    ----------
    log_weights : ndarray (draw,)
    variables : mapping of str to ndarray (draw, ...)
        Quantities that the certificate covers.
    count : int
        Draws that are kept: as many can be effective at most.
    quadrature_error : float
        As `Certificate` has it.
    """
    if np.isnan(log_weights).any() or not np.isfinite(log_weights.max()):
        weights = np.full(len(log_weights), 1 / len(log_weights))
        return Certificate(np.inf, 0.0, 0.0, "weights", quadrature_error, len(weights), count), weights
    # zero weights become very small ones
    weights, shape = smoothed(np.maximum(log_weights, log_weights.max() - 600))
    share = 1 / float(len(weights) * (weights**2).sum())
    least, worst = np.inf, ""
    for name, draws in variables.items():
        sizes = effective_draws(weights, draws.reshape(len(draws), -1))
        # the variance of the weighted mean, and what keeping some of the draws adds to it
        sizes = np.minimum(sizes, len(weights))
        sizes = sizes / (1 - sizes / len(weights) + sizes / count)
        if sizes.size and sizes.min() < least:
            least, worst = float(sizes.min()), name + (f"[{int(sizes.argmin())}]" if draws.ndim > 1 else "")
    unseen = unseen_mass(float(weights.max()), shape)
    return Certificate(shape, share, least, worst, quadrature_error, len(weights), count, unseen), weights


def resampled(weights: Floats, count: int, rng: Generator) -> Indices:
    """Return indices of equally weighted draws by systematic resampling, in random order.

    A draw is taken ``count * weight`` times, rounded up or down: with some more proposals than draws nearly
    all are taken at most once.
    """
    ends = np.cumsum(weights)
    indices = np.searchsorted(ends, (rng.random() + np.arange(count)) / count * ends[-1])
    return rng.permutation(np.minimum(indices, len(weights) - 1))
