"""Priors on the scale of the link, worked out from the study once, printed and used from the same value."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from bayesmodel.data import Counts, Status
from bayesmodel.model.families import Family
from bayesmodel.study.model_parts import TailPrior

SPECIAL_RATIO = 6.0
"""Sd of a special area's own effect over that of the others (docs/decisions/special-areas.md)."""
SPECIAL_SHARE = "special_share"
"""Name of the share of special areas."""
MAX_SHARE = 0.999
"""Largest share of special areas: beyond it the others would have no probability left."""
EXCESS = "excess_dispersion"
"""Name of what is above 1 of an overdispersion that is estimated."""
TYPICAL = {SPECIAL_SHARE: 0.02, EXCESS: 0.2}
"""Parameters of the areas at which searches start; they change no result."""


@dataclass(frozen=True)
class PriorScale:
    """The priors of a model, on the scale of its link.

    Parameters
    ----------
    share : float
        Crude share of the visible counts, the reference point.
    scale : float
        Units of the link per unit of the logit at that share: 1 for the logit, about 1 for the log, share (1 - share)
        for a linear share. The study states its priors on the logit scale; they are multiplied by this.
    intercept_mean, intercept_sd, coefficient_sd : float
    """

    share: float
    scale: float
    intercept_mean: float
    intercept_sd: float
    coefficient_sd: float


def prior_scale(counts: Counts, family: Family) -> PriorScale:
    """Work out the scale of the priors from the study and the crude share."""
    priors = counts.study.model.priors
    share = crude_share(counts)
    scale = share * (1 - share) / family.link.slope(share)
    mean = family.link.predictor(share) if priors.intercept_mean is None else priors.intercept_mean
    return PriorScale(share, scale, mean, priors.intercept_sd * scale, priors.coefficient.sd * scale)


def crude_share(counts: Counts, chosen: NDArray[np.bool_] | Literal[True] = True) -> float:
    """Return the share of people who use care where the count tells something, hidden counts at their middle.

    Of counts that are hidden to protect another one the middle says nothing. Of chosen areas (area,), or of all.
    """
    informative = counts.observed & (counts.status != Status.SECONDARY) & chosen
    midpoint = (counts.lower[informative] + counts.upper[informative]) / 2
    return float(np.clip((midpoint.sum() + 0.5) / (counts.population[informative].sum() + 1), 1e-6, 1 - 1e-6))


def rate(prior: TailPrior, scale: float) -> float:
    """Return the rate of the exponential distribution with P(sd > exceeds * scale) = probability."""
    return float(-np.log(prior.probability) / (prior.exceeds * scale))
