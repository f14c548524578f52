"""The log density of counts and field given the sds, with own effects and missing determinants integrated out."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from bayesmodel.compiled import compiled
from bayesmodel.laplace.field import LatentField, field_at
from bayesmodel.logp.area_effects import LogLik, marginal_loglik
from bayesmodel.logp.arrays import ModelArrays
from bayesmodel.logp.quadrature import LaplaceApprox, QuadratureRule

Floats = NDArray[np.float64]
Indices = NDArray[np.int64]


class MissingPairs(NamedTuple):
    """Pairs of determinants that are missing together, of each pattern only its own: most have few, each (entry,)."""

    pattern: Indices
    first: Indices
    second: Indices
    weight: Floats


class Model(NamedTuple):
    """What is fixed during a fit: counts, latent field, and the quadrature of the areas' own effects."""

    arrays: ModelArrays
    field: LatentField
    approx: LaplaceApprox
    rule: QuadratureRule
    missing: MissingPairs

    def missing_slope(self, joint: Joint) -> Floats:
        """Return the gradient of the missing-data variance to the coefficients (pattern, K)."""
        return missing_slope(self.missing, len(self.arrays.terms), len(self.arrays.axes), joint.beta)

    def missing_gradient(self, joint: Joint) -> Floats:
        """Return the gradient of the log-likelihood to the coefficients through the missing-data variance (K,)."""
        return np.asarray(joint.loglik.by_variance @ self.missing_slope(joint))


class Joint(NamedTuple):
    """The log density at a position, and its ingredients."""

    total: float
    loglik: LogLik
    eta: Floats  # (N,)
    beta: Floats  # (D,)


def missing_pairs(arrays: ModelArrays) -> MissingPairs:
    """Return the pairs of a model."""
    pattern, pair = np.nonzero(arrays.terms)
    return MissingPairs(pattern, arrays.first[pair], arrays.second[pair], arrays.terms[pattern, pair])


@compiled
def missing_variance(pairs: MissingPairs, patterns: int, beta: Floats) -> Floats:
    """Return the variance that missing determinants leave, ``beta' S beta``, per pattern (pattern,)."""
    variance = np.zeros(patterns)
    for q in range(len(pairs.pattern)):
        variance[pairs.pattern[q]] += pairs.weight[q] * beta[pairs.first[q]] * beta[pairs.second[q]]
    for p in range(patterns):
        variance[p] = max(variance[p], 0.0)
    return variance


@compiled
def missing_slope(pairs: MissingPairs, patterns: int, known: int, beta: Floats) -> Floats:
    """Return its gradient to the coefficients, ``2 S beta`` per pattern (pattern, K)."""
    slope = np.zeros((patterns, known))
    for q in range(len(pairs.pattern)):
        p, first, second, weight = pairs.pattern[q], pairs.first[q], pairs.second[q], pairs.weight[q]
        slope[p, first] += weight * beta[second]
        slope[p, second] += weight * beta[first]
    return slope


def log_joint(model: Model, sds: Floats, position: Floats) -> Joint:
    """Return log p(counts, scores | sds), up to a constant.

    Parameters
    ----------
    model : Model
    sds : ndarray (level + 1,)
        Of the levels, then the area's parameters.
    position : ndarray (S + D,)
    """
    arrays = model.arrays
    eta, beta, log_prior = field_at(model.field, sds, position)
    variance = missing_variance(model.missing, len(arrays.terms), beta)
    area_params = sds[len(arrays.level_rate) :]
    loglik = marginal_loglik(arrays, model.approx, model.rule, eta, area_params, variance)
    return Joint(loglik.total + log_prior, loglik, eta, beta)
