"""Overdispersion: counts that vary more than chance makes them, as people who use care come in clusters.

Brothers and sisters are often in care together. A count of clusters has a variance of ``phi`` times that of a count of
single people with the same rate. On the scale of the link that is a variance that falls with the number of people::

    v_i = (phi - 1) Var(Y_i / n_i | p) / g'(p)^2,    at the crude share p of the country,

with g' the slope of the share in the linear predictor: ``(phi - 1) / (n_i p)`` with a log link. It is added to the
variance of the area's own effect, as is what missing determinants leave open. Clusters change no mean: the effect has
the mean ``-v_i g''(p) / (2 g'(p))``, minus half its variance with a log link, so that the share is on average what it
is without, and expectations know nothing of it.

The study says `phi`, or has it estimated: what is above 1 of it is then a hyperparameter, with an exponential prior.
Differences between areas of which chance is no part keep one sd, whatever the size of the area. An area where fewer
than `FEWEST` people are expected has the effect of one where so many are: a larger one would say by its skewness alone,
without a count, that use is probably lower than its mean (docs/decisions/overdispersion.md).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from bayesmodel.data import Counts
from bayesmodel.model.families import Family, family_named
from bayesmodel.model.priors import crude_share

Floats = NDArray[np.float64]
Indices = NDArray[np.int64]

FEWEST = 3.0
"""Expected people in care of the smallest area that is told from smaller ones."""


class ClusterEffect(NamedTuple):
    """Mean and variance of what overdispersion adds to the linear predictor of each area, arrays (area,)."""

    mean: Floats
    variance: Floats


def cluster_effect(counts: Counts, table: Indices | None = None) -> ClusterEffect:
    """Return what overdispersion adds to the linear predictor of each area.

    Parameters
    ----------
    counts : Counts
        Their study says how much: 1 for none.
    table : ndarray of int (area,), optional
        Which table each is from, such as one of several years: each has a crude share of its own.

    Returns
    -------
    ClusterEffect
        Zeros where the study says 1. Where it is estimated, of twice the variance of chance: it is to be multiplied
        by what is above 1 of the overdispersion.

    Examples
    --------
    >>> from bayesmodel.testing import invented_fit
    >>> cluster_effect(invented_fit().counts).variance
    array([0., 0., 0., 0., 0., 0., 0., 0.])
    """
    model, family = counts.study.model, family_named(counts.study.model.family)
    mean, variance = np.zeros(len(counts)), np.zeros(len(counts))
    excess = 1.0 if model.estimates_overdispersion else model.excess_dispersion
    table = np.zeros(len(counts), dtype=np.int64) if table is None else table
    for each in np.unique(table) if excess else []:
        rows = table == each
        share = crude_share(counts, rows)
        variance[rows] = excess * chance_variance(family, share, counts.population[rows])
        mean[rows] = -family.link.curvature(share) / 2 * variance[rows]
    return ClusterEffect(mean, variance)


def chance_variance(family: Family, share: float, people: ArrayLike) -> Floats:
    """Return the variance that chance gives a linear predictor, by the number of people, of `FEWEST` in care and more.

    Parameters
    ----------
    family : Family
    share : float
        Between 0 and 1.
    people : array_like (area,)

    Returns
    -------
    ndarray (area,)
        To first order.

    Examples
    --------
    >>> chance_variance(family_named("poisson"), 0.1, [0, 30, 100, 1000]).round(3)
    array([0.333, 0.333, 0.1  , 0.01 ])
    """
    enough = np.maximum(people, FEWEST / share)
    return np.asarray(family.chance_variance(share, 1.0) / family.link.slope(share) ** 2 / enough)
