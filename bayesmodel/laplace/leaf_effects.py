"""Effects eliminated first, drawn from their own conditional: where thousands of them are each somewhat skewed.

Given all the rest, the effect of a group without groups below it depends on its own counts only. The Gaussian of the
whole field has its conditional at the mode of the rest; where the rest is drawn elsewhere, its mean and precision are
slightly off, and its skewness is missing. Of one such effect that is nothing; of three thousand areas over several
years it leaves hardly an effective draw. So, the rest being drawn, each effect is drawn around one Newton step from its
conditional mean, with the skewness that its counts give it: for one more evaluation of the likelihood.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from bayesmodel.laplace.factor import Gaussian
from bayesmodel.laplace.field import members_of
from bayesmodel.laplace.joint import Model, log_joint
from bayesmodel.logp.area_effects import marginal_loglik
from bayesmodel.logp.predictor import missing_variances

Floats = NDArray[np.float64]
Indices = NDArray[np.int64]

STEP = 0.05
"""Difference of a linear predictor over which the third derivative of the likelihood is taken."""
MOST_SKEWED = 0.3
"""Largest third of the skewness of a proposal."""
LEAST_PRECISION = 0.2
"""Of an effect, relative to that in the Gaussian of the field."""


class LeafEffects(NamedTuple):
    """Scores that are independent given all later ones, and the areas each belongs to."""

    groups: Indices  # (H,)
    areas: Indices  # (area,) theirs
    group: Indices  # (area,) of each, from 0 to H - 1
    loading: Floats  # (area,)
    sd: Indices  # (area,) index of the sd of its effect
    third: Floats  # (area,) third derivative of the log-likelihood at the mode

    def drawn(self, model: Model, sds: Floats, gaussian: Gaussian, position: Floats, z: Floats) -> tuple[Floats, float]:
        """Return the position with these scores drawn, and minus the log density of that relative to the Gaussian.

        Parameters
        ----------
        model : Model
            May have few quadrature nodes.
        sds : ndarray (level + A,)
        gaussian : Gaussian
        position : ndarray (S + D,)
            With these scores at their mean in the Gaussian, given the rest.
        z : ndarray (H,)
            Standard normal.
        """
        joint, at = log_joint(model, sds, position), self.groups
        weight = self.loading * sds[self.sd]
        slope, curvature = joint.loglik.slope[self.areas], joint.loglik.curvature[self.areas]
        gradient = np.bincount(self.group, slope * weight, len(at)) - position[at]
        precision = 1 - np.bincount(self.group, curvature * weight**2, len(at))
        third = np.bincount(self.group, self.third * weight**3, len(at))
        precision = np.maximum(precision, LEAST_PRECISION * gaussian.diagonal[at])
        step = gradient / precision
        there = np.maximum(precision - third * step, LEAST_PRECISION * gaussian.diagonal[at])
        sd = 1 / np.sqrt(there)
        # at the mode the gradient is zero; the mean is half of the skewness, in sds, further
        centre = position[at] + step + (0.5 * third * step**2) / there + 0.5 * third * sd**4
        skew = np.clip(third * sd**3 / 3, -MOST_SKEWED, MOST_SKEWED)
        skew = np.where(np.abs(skew) < 1e-6, 1e-6, skew)
        log_slope = skew * z - 0.5 * skew**2  # of a shifted log-normal score in its normal one
        result = position.copy()
        result[at] = centre + sd * np.expm1(log_slope) / skew
        relative = np.log(sd) + log_slope + 0.5 * np.log(gaussian.diagonal[at])
        return result, float(relative.sum())


def leaf_effects(model: Model, sds: Floats, position: Floats) -> LeafEffects | None:
    """Return the scores that are eliminated first; None where there are none.

    Parameters
    ----------
    model : Model
    sds : ndarray (level + A,)
    position : ndarray (S + D,)
        The mode of the field given the sds.
    """
    field, arrays = model.field, model.arrays
    # independent given all that come later; a score that sums to zero with others is not
    groups = np.flatnonzero(field.elimination.leaves & (field.component < 0))
    if not len(groups):
        return None
    members = members_of(field, groups)
    joint = log_joint(model, sds, position)
    variance = missing_variances(arrays, joint.beta[None])[0]
    area_params = sds[len(arrays.level_rate) :]
    low, high = (
        marginal_loglik(arrays, model.approx, model.rule, joint.eta + step, area_params, variance).curvature
        for step in (-STEP, STEP)
    )
    third = ((high - low) / (2 * STEP))[members.areas]
    return LeafEffects(groups, *members, third)
