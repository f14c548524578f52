"""Replicated counts: what the model says could have been counted, with effects drawn anew, then hidden and rounded."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bayesmodel.data import Status
from bayesmodel.data.interpret import mask
from bayesmodel.estimates.linear_predictor import (
    Floats,
    Indices,
    coefficients,
    dispersion,
    flat,
    group_of,
    missing_variance_of,
    special_share,
)
from bayesmodel.inference.fit import Fit
from bayesmodel.model.priors import SPECIAL_RATIO

Integers = NDArray[np.int64]
LARGEST = 30.0
"""Largest linear predictor: draws that did not converge can hold any value, and no count is above the people anyway."""


@dataclass(frozen=True, eq=False)
class Replicates:
    """Replicated counts, and what would have been published of them.

    Parameters
    ----------
    counts : ndarray of int64 (sample, area)
        Within 0..people.
    lower, upper : ndarray of int64 (sample, area)
        The window that the published cell would stand for.
    hidden : ndarray of bool (sample, area)
        Whether the count would have been hidden.
    """

    counts: Integers
    lower: Integers
    upper: Integers
    hidden: NDArray[np.bool_]

    @property
    def published(self) -> Floats:
        """Middle of the window of each shown count; NaN where it is hidden (sample, area)."""
        return np.where(self.hidden, np.nan, (self.lower + self.upper) / 2)


def replicates(fit: Fit, rows: Indices, levels: Sequence[str] = (), *, seed: int = 0, times: int = 1) -> Replicates:
    """Draw counts of areas, as if the areas themselves were new.

    ``eta = intercept + x' beta + effects of levels + w``, with the area's own effect w always drawn from its
    distribution (both parts of it, and what missing determinants leave), never taken from the posterior: that one has
    seen the count. Effects of `levels` are drawn anew too; those of other levels are kept.

    Parameters
    ----------
    fit : Fit
        The posterior, mostly of few draws; see `thinned`.
    rows : ndarray of int64 (area,)
    levels : sequence of str
        Whose groups are new.
    seed : int
        Added to the seed of the study.
    times : int
        Replicates for each draw of the posterior.

    Returns
    -------
    Replicates
        ``times`` blocks of samples, one after the other.

    Examples
    --------
    >>> from bayesmodel.testing import invented_fit
    >>> fit = invented_fit()
    >>> drawn = replicates(fit, np.arange(8))
    >>> drawn.counts.shape, bool((drawn.counts <= fit.counts.population).all())
    ((1000, 8), True)
    """
    rng = np.random.default_rng([fit.study.inference.seed, seed])
    eta = flat(fit, "intercept")[:, None] + coefficients(fit) @ fit.design.x[rows].T
    for level in fit.study.effect_names:
        group = group_of(fit, level, rows)
        effect = flat(fit, f"effect_{level}")
        if level in levels:
            effect = flat(fit, f"sd_{level}")[:, None] * rng.standard_normal(effect.shape)
        eta = eta + effect[:, group]
    missing, pattern = missing_variance_of(fit, rows)
    left, spread = missing[:, pattern], np.broadcast_to(dispersion(fit, rows), eta.shape)
    people = fit.counts.population[rows]
    drawn = [_drawn(fit, rng, eta, left, spread, people) for _time in range(times)]
    counts = drawn[0] if times == 1 else np.concatenate(drawn)
    lower, upper, status = mask(counts, people, fit.study.publication, rng)
    return Replicates(counts, lower, upper, status == Status.SUPPRESSED)


def _drawn(fit: Fit, rng: np.random.Generator, eta: Floats, left: Floats, spread: Floats, people: Integers) -> Integers:
    """Return one count per draw and area (sample, area)."""
    family = fit.family
    if family.area_effect:
        special = rng.random(eta.shape) < special_share(fit)[:, None]
        own = flat(fit, f"sd_{fit.study.area}")[:, None] * np.where(special, SPECIAL_RATIO, 1.0)
        eta = eta + np.sqrt(own**2 + left) * rng.standard_normal(eta.shape)
    elif not family.gaussian:  # the dispersion of a normal share holds that variance already
        eta = eta + np.sqrt(left) * rng.standard_normal(eta.shape)
    counts = family.draw(rng, np.broadcast_to(people, eta.shape), np.minimum(eta, LARGEST), spread)
    return np.clip(counts, 0, people)
