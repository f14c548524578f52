"""Profile: the determinants and the linear predictor at which an area is expected to use what the country does."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from bayesmodel.estimates.adding_up import country_factor
from bayesmodel.estimates.expected import averaged_share
from bayesmodel.estimates.given import given_named
from bayesmodel.estimates.predictor import Floats, Places, coefficients, effect_variance, flat
from bayesmodel.inference.blocks import in_blocks
from bayesmodel.inference.fit import Fit

STEPS, CLOSE, TINY = 50, 1e-13, 1e-5


@dataclass(frozen=True, eq=False)
class Profile:
    """Where a waterfall starts: the country, as if it were one area.

    With g(eta) the share at a predictor averaged over all effects (as `expected` does: it adds up over the country),
    and s_i the slope of the line from the country to area i, (g(eta_i) - share) / (eta_i - predictor)::

        g(predictor) = share = sum_i n_i g(eta_i) / sum_i n_i
        x = sum_i n_i s_i x_i / sum_i n_i s_i,  which makes  intercept + x' beta = predictor

    so that s_i beta_j (x_ij - x_j) is what determinant j adds in area i: over determinants it adds up to
    g(eta_i) - share, and over the people of the country to nothing.

    Parameters
    ----------
    share : ndarray (sample,)
        Mean share of the country, expected from its determinants.
    x : ndarray (sample, determinant)
        Standardised determinants of the profile.
    slopes : ndarray (sample, area)
        The slopes s_i, of all areas.
    shares : ndarray (sample, area)
        g(eta_i), of all areas.
    """

    share: Floats
    x: Floats
    slopes: Floats
    shares: Floats


def country_profile(fit: Fit) -> Profile:
    """Return the profile of the country on every draw."""
    beta, intercept = coefficients(fit), flat(fit, "intercept")
    variance = effect_variance(fit, given_named(fit.study, "determinants").averaged)[:, None]
    weights = fit.counts.population / fit.counts.population.sum()
    slopes = np.asarray(beta @ fit.design.x.T)  # the predictors, until the slopes are known
    shares = np.empty_like(slopes)
    kind: Places = np.zeros(slopes.shape[1], dtype=np.int64)

    def average(part: slice) -> None:
        slopes[part] += intercept[part, None]
        shares[part] = fit.family.marginal_mean(slopes[part], variance[part], kind)

    in_blocks(average, *slopes.shape)
    share = shares @ weights
    predictor, slope = predictor_of(fit, share, variance)

    def incline(part: slice) -> None:
        away = slopes[part] - predictor[part, None]
        near = np.abs(away) < TINY
        away[near] = 1.0
        np.divide(shares[part] - share[part, None], away, out=slopes[part])
        np.copyto(slopes[part], slope[part, None], where=near)

    in_blocks(incline, *slopes.shape)
    steepness = slopes @ weights
    x = (slopes @ (weights[:, None] * fit.design.x)) / steepness[:, None]
    factor = country_factor(fit, given_named(fit.study, "determinants"), averaged_share)
    slopes *= factor[:, None]
    shares *= factor[:, None]
    return Profile(share * factor, np.asarray(x), slopes, shares)


def predictor_of(fit: Fit, share: Floats, variance: Floats) -> tuple[Floats, Floats]:
    """Return the predictor whose share, averaged over effects, is `share`, and the slope there (sample,).

    By Newton's steps; `variance` of the effects is (sample, 1).
    """
    link, half = fit.family.link, TINY / 2
    predictor = np.array([link.predictor(float(value)) for value in share])
    slope = np.ones_like(share)
    for _ in range(STEPS):
        found, above, below = (
            fit.family.marginal_mean(predictor[:, None] + step, variance)[:, 0] for step in (0.0, half, -half)
        )
        slope = (above - below) / TINY
        predictor = predictor - (found - share) / slope
        if np.abs(found - share).max() < CLOSE:
            break
    return predictor, slope
