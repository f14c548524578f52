"""Replicated counts: counts simulated from the model with redrawn effects, then hidden and rounded."""

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
    with_redrawn_effects,
)
from bayesmodel.inference.fit import Fit

Integers = NDArray[np.int64]
LARGEST = 30.0
"""Largest linear predictor: draws that did not converge can be extreme, and counts are capped at the people anyway."""


@dataclass(frozen=True, eq=False)
class Replicates:
    """Replicated counts, and how they would have been published.

    Parameters
    ----------
    counts : ndarray of int64 (sample, area)
        From 0 to the number of people.
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
        """Midpoint of the window of each shown count; NaN where it is hidden (sample, area)."""
        return np.where(self.hidden, np.nan, (self.lower + self.upper) / 2)


def replicates(fit: Fit, rows: Indices, levels: Sequence[str] = (), *, seed: int = 0, times: int = 1) -> Replicates:
    """Draw counts of areas as if the areas were new.

    ``eta = intercept + x' beta + effects of levels + w``, with the area's own effect w always drawn from its
    distribution (both components, plus the variance due to missing determinants), never taken from the posterior, which
    has seen the count. Effects of `levels` are redrawn too; those of other levels are kept.

    Parameters
    ----------
    fit : Fit
        The posterior, usually thinned; see `thinned`.
    rows : ndarray of int64 (area,)
    levels : sequence of str
        Levels whose groups are new as well.
    seed : int
        Added to the seed of the study.
    times : int
        Replicates per posterior draw.

    Returns
    -------
    Replicates
        ``times`` consecutive blocks of samples.

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
    for level in fit.study.random_effects:
        group = group_of(fit, level, rows)
        effect = flat(fit, f"effect_{level}")
        if level in levels:
            effect = flat(fit, f"sd_{level}")[:, None] * rng.standard_normal(effect.shape)
        eta = eta + effect[:, group]
    drawn, people = [_drawn(fit, rng, rows, eta) for _time in range(times)], fit.counts.population[rows]
    counts = drawn[0] if times == 1 else np.concatenate(drawn)
    lower, upper, status = mask(counts, people, fit.study.publication, rng)
    return Replicates(counts, lower, upper, status == Status.SUPPRESSED)


def _drawn(fit: Fit, rng: np.random.Generator, rows: Integers, eta: Floats) -> Integers:
    """Return one count per draw and area (sample, area)."""
    eta, people = with_redrawn_effects(fit, rows, eta, rng), fit.counts.population[rows]
    phi = np.broadcast_to(dispersion(fit, rows), eta.shape)
    counts = fit.family.draw(rng, np.broadcast_to(people, eta.shape), np.minimum(eta, LARGEST), phi)
    return np.clip(counts, 0, people)
