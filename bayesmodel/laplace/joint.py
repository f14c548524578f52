"""The log density of counts and field given the sds, with own effects and missing determinants integrated out."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from bayesmodel.compiled import compiled, inner
from bayesmodel.laplace.field import LatentField, coefficients_of, log_prior_of, predictor
from bayesmodel.logp.area_effects import LogLik, marginal_loglik
from bayesmodel.logp.arrays import ModelArrays
from bayesmodel.logp.predictor import missing_variance
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


@inner
def missing_variance_gradient(arrays: ModelArrays, beta: Floats) -> Floats:
    """Return the gradient of the missing-data variance, ``2 S beta`` per pattern (pattern, K)."""
    gradient = np.zeros((len(arrays.terms), len(arrays.axes)))
    for p in range(len(gradient)):
        for t in range(len(arrays.first)):
            if arrays.terms[p, t] == 0.0:
                continue
            gradient[p, arrays.first[t]] += arrays.terms[p, t] * beta[arrays.second[t]]
            gradient[p, arrays.second[t]] += arrays.terms[p, t] * beta[arrays.first[t]]
    return gradient


@compiled
def log_joint(model: Model, sds: Floats, position: Floats) -> Joint:
    """Return log p(counts, scores | sds), up to a constant.

    Parameters
    ----------
    model : Model
    sds : ndarray (level + 1,)
        Of the levels, then the area's parameters.
    position : ndarray (S + D,)
    """
    beta, eta = coefficients_of(model.field, position), predictor(model.field, sds, position)
    variance = missing_variance(model.arrays, beta)
    area_params = sds[len(model.arrays.level_rate) :]
    loglik = marginal_loglik(model.arrays, model.approx, model.rule, eta, area_params, variance)
    slope = missing_variance_gradient(model.arrays, beta)
    return Joint(loglik.total + log_prior_of(model.field, position), loglik, eta, beta, slope)
