"""Proposals of few areas: which of them are special is drawn first, and the field then given that.

Given which areas are special, the posterior of the field is nearly normal. Without that it has a tail where an area
that the Gaussian takes for ordinary is special: it then says little of its group and of the coefficients. Of thousands
of areas none weighs much; of tens each does. So a proposal draws which areas are special, each by its own probability,
and then the field from the Gaussian in which the log-likelihood of each count is that of an ordinary or a special area.
Its weight is that of a draw of both: the field's posterior, times the probability of the choice given the field, over
the probabilities with which both were drawn.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray
from scipy.special import expit

from bayesmodel.laplace.factor import Gaussian, predictor_moments
from bayesmodel.laplace.joint import Joint, Model, missing_variance
from bayesmodel.model.priors import MAX_SHARE

Floats = NDArray[np.float64]

FEW_AREAS = 200
"""Areas up to which proposals may be made so: the choice is of each area by itself, and errors of these add up."""
RARE = 0.05
"""Probability of being special below which the log-likelihood around the mode is that of an ordinary area."""
LEAST, MOST = 1e-3, 0.999
"""Probabilities between which an area is drawn as special."""
SMALL = 1e-12
"""Smallest precision, and smallest probability given the field."""


class SpecialChoice(NamedTuple):
    """Which areas a proposal takes to be special, each array (N,)."""

    chosen: NDArray[np.bool_]
    chance: Floats  # with which each was; 0 where there is no count
    precision: Floats  # of the count, as an observation of the linear predictor without the area's own effect
    response: Floats  # that precision times the value observed

    def log_ratio(self, special: Floats) -> float:
        """Return the log probability of the choice given the field, minus that with which it was made.

        Parameters
        ----------
        special : ndarray (N,)
            Probability of being special given the count and the field.
        """
        given = np.clip(special, SMALL, 1 - SMALL)
        yes, no = np.log(given) - np.log(np.maximum(self.chance, SMALL)), np.log1p(-given) - np.log1p(-self.chance)
        return float(np.where(self.chosen, yes, no)[self.chance > 0].sum())


def choose_special(
    model: Model,
    sds: Floats,
    gaussian: Gaussian,
    joint: Joint,
    precision: Floats,
    response: Floats,
    rng: Generator,
) -> SpecialChoice:
    """Draw which areas are special.

    Parameters
    ----------
    model : Model
    sds : ndarray (level + A,)
        Of the levels; then the parameters of the areas.
    gaussian : Gaussian
    joint : Joint
        Where the Gaussian was made.
    precision, response : ndarray (N,)
        The log-likelihood of each count in the Gaussian: ``response eta - precision eta^2 / 2``.
    rng : Generator
    """
    arrays, levels = model.arrays, len(model.arrays.level_rate)
    sd, share = sds[levels], min(sds[levels + 1], MAX_SHARE)
    scale = np.array([[sd], [sd * arrays.special_ratio]])  # by part: ordinary, special
    missing = missing_variance(model.missing, len(arrays.terms), joint.beta)
    information = np.maximum(model.approx.information, SMALL)
    shift, besides = arrays.besides(sds[levels:], missing)
    value, spread = model.approx.linear_term / information - shift, 1 / information + scale**2 + besides
    mean, variance = predictor_moments(model.field, gaussian, sds)
    variance = np.maximum(variance, SMALL)
    # of each linear predictor given all counts but that of its area
    others = np.maximum(1 / variance - precision, SMALL)
    elsewhere = (mean / variance - response) / others
    total = spread + 1 / others
    ordinary, special = -0.5 * ((value - elsewhere) ** 2 / total + np.log(total))
    chance = np.clip(expit(np.log(share) - np.log1p(-share) + special - ordinary), LEAST, MOST)
    chance = np.where(arrays.observed_mask > 0, chance, 0.0)
    chosen = rng.random(len(chance)) < chance
    part = chosen.astype(int), np.arange(len(chance))
    around = ~chosen & (chance <= RARE)
    own = np.where(around, precision, 1 / spread[part])
    return SpecialChoice(chosen, chance, own, np.where(around, response, value[part] / spread[part]))
