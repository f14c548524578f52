"""The log density of counts and field given the sds, with own effects and missing determinants integrated out."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from bayesmodel.compiled import compiled
from bayesmodel.laplace.field import LatentField, predictor, values_at
from bayesmodel.logp.area_effects import LogLik, marginal_loglik
from bayesmodel.logp.arrays import ModelArrays
from bayesmodel.logp.predictor import sum_of_products
from bayesmodel.logp.quadrature import LaplaceApprox, QuadratureRule

Floats = NDArray[np.float64]


class Model(NamedTuple):
    """What is fixed during a fit: counts, latent field, and the quadrature of the areas' own effects."""

    arrays: ModelArrays
    field: LatentField
    approx: LaplaceApprox
    rule: QuadratureRule


class Joint(NamedTuple):
    """The log density at a position, and its ingredients."""

    total: float
    loglik: LogLik
    eta: Floats  # (N,)
    beta: Floats  # (D,)
    slope: Floats  # (pattern, K) gradient of the missing-data variance to the coefficients


@compiled
def missing_variance(field: LatentField, beta: Floats) -> tuple[Floats, Floats]:
    """Return ``beta' S beta`` per missing-data pattern, and its gradient ``2 S beta`` (pattern, K)."""
    patterns, columns = field.covariances.shape[:2]
    variance, slope = np.zeros(patterns), np.zeros((patterns, columns))
    for p in range(patterns):
        for j in range(columns):
            slope[p, j] = 2.0 * sum_of_products(field.covariances[p, j], beta[:columns])
        variance[p] = max(0.5 * sum_of_products(slope[p], beta[:columns]), 0.0)
    return variance, slope


@compiled
def log_joint(model: Model, sds: Floats, position: Floats) -> Joint:
    """Return log p(counts, scores | sds), up to a constant.

    Parameters
    ----------
    model : Model
    sds : ndarray (level + 1,)
        Of the levels, then of the areas (or the dispersion).
    position : ndarray (D + G + 1,)
    """
    beta, values = values_at(model.field, sds, position)
    eta = predictor(model.field, beta, values)
    variance, slope = missing_variance(model.field, beta)
    loglik = marginal_loglik(model.arrays, model.approx, model.rule, eta, sds[-1], variance)
    return Joint(loglik.total - 0.5 * np.dot(position, position), loglik, eta, beta, slope)
