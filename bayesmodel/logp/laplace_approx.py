"""The Laplace approximation of each count's likelihood, around which quadrature is placed.

It is computed once per fit: quadrature is forgiving of a centre that is slightly off.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from bayesmodel.compiled import compiled
from bayesmodel.logp.arrays import ModelArrays, at_rows
from bayesmodel.logp.batch_loglik import interval_counts, out_in
from bayesmodel.logp.family_callback import evaluate
from bayesmodel.logp.quadrature import STEP, LaplaceApprox

Floats = NDArray[np.float64]

ROUNDS = 60
"""Most steps to the mode of an area; an ordinary count takes three."""
NEAR = 0.02
"""Of the sd of an area's predictor given its count: a mode as near as that is found."""
MAX_SDS = 8.0
"""Sds of its own effect within which an area's mode is sought, or `MAX_AWAY` where that is farther."""
MAX_AWAY = 15.0
"""The count of a large area that lies far from the rest counts for more than any sd."""


def laplace_approx(arrays: ModelArrays, eta: Floats, area_params: Floats, variance: Floats) -> LaplaceApprox:
    """Return the parabola of each count around the mode of the area's predictor given its count.

    By Newton's method, with bisection where it would leave what is known to hold the mode: counts far from the rest.

    Parameters
    ----------
    arrays : ModelArrays
    eta : ndarray (N,)
        Linear predictors without the areas' own effects.
    area_params : ndarray (A,)
        As in `ModelArrays`.
    variance : ndarray (pattern,)
        That missing determinants leave, per missing-data pattern.
    """
    shape = arrays.parts, len(eta)
    linear_term, information = np.zeros(shape), np.zeros(shape)
    shift, besides = arrays.besides(area_params, variance)
    eta = eta + shift
    for part in range(arrays.parts):
        scale = area_params[0] * (arrays.special_ratio if part else 1.0)
        own, dispersion = _variance_and_dispersion(arrays, scale, besides)
        rows = np.flatnonzero((own > 0.0) & (arrays.observed_mask != 0.0))
        here, bound = eta[rows], np.maximum(MAX_SDS * np.sqrt(own[rows]), MAX_AWAY)
        below, above = here - bound, here + bound
        for _ in range(ROUNDS):
            if not len(rows):
                break
            beside = np.stack([here, here + STEP, here - STEP])
            slope, higher, lower = slopes_at(at_rows(arrays, rows), beside, dispersion[rows])
            curvature = np.maximum((lower - higher) / (2.0 * STEP), 0.0)
            linear = curvature * here + slope
            information[part, rows], linear_term[part, rows] = curvature, linear
            precision = curvature + 1.0 / own[rows]
            mode = (linear + eta[rows] / own[rows]) / precision
            left = np.abs(mode - here) * np.sqrt(precision) >= NEAR
            # the mode lies between `below` and `above`
            below, above = np.where(mode > here, here, below), np.where(mode > here, above, here)
            here = np.where((below < mode) & (mode < above), mode, 0.5 * (below + above))
            rows, here, below, above = rows[left], here[left], below[left], above[left]
    return LaplaceApprox(linear_term, information)


def _variance_and_dispersion(arrays: ModelArrays, scale: float, variance: Floats) -> tuple[Floats, Floats]:
    """Return `quadrature.variance_and_dispersion` of many areas (row,)."""
    if arrays.area_effect:
        return scale**2 + variance, np.ones(len(variance))
    if arrays.gaussian:
        return np.zeros(len(variance)), np.sqrt(scale**2 + variance)
    return variance, np.full(len(variance), scale)


@compiled
def slopes_at(arrays: ModelArrays, eta: Floats, dispersion: Floats) -> Floats:
    """Return the slopes of the log-likelihoods of all counts at linear predictors (node, N)."""
    nodes, size = eta.shape
    out = out_in(np.empty(4 * nodes * size), nodes, size)
    evaluate(arrays, interval_counts(arrays, 0, size), eta, dispersion, out)
    return out.slope
