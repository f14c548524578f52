"""Overdispersion: counts that vary more than chance makes them, as people who use care come in clusters.

Brothers and sisters are often in care together. A count of clusters has a variance of ``phi`` times that of a count of
single people with the same rate. On the scale of the link that is a variance that falls with the number of people::

    v_i = (phi - 1) Var(Y_i / n_i | p) / g'(p)^2,    at the crude share p of the country,

with g' the slope of the share in the linear predictor: ``(phi - 1) / (n_i p)`` with a log link. It is added to the
variance of the area's own effect, as is what missing determinants leave open, and like that it is known once the
study says `phi`. Differences between areas of which chance is no part keep one sd, whatever the size of the area
(docs/decisions/overdispersion.md).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from bayesmodel.data import Counts
from bayesmodel.model.families import Family, family_named
from bayesmodel.model.priors import crude_share

Floats = NDArray[np.float64]


def extra_variance(counts: Counts) -> Floats:
    """Return the variance of the linear predictor that overdispersion adds in each area (area,).

    Parameters
    ----------
    counts : Counts
        Their study says how much: 1 for none.

    Returns
    -------
    ndarray (area,)
        Zeros where the study says 1.

    Examples
    --------
    >>> from bayesmodel.testing import invented_fit
    >>> extra_variance(invented_fit().counts)
    array([0., 0., 0., 0., 0., 0., 0., 0.])
    """
    excess = counts.study.model.overdispersion - 1
    if not excess:
        return np.zeros(len(counts))
    return excess * chance_variance(family_named(counts.study.model.family), crude_share(counts), counts.population)


def chance_variance(family: Family, share: float, people: ArrayLike) -> Floats:
    """Return the variance that chance gives a linear predictor, by the number of people.

    Parameters
    ----------
    family : Family
    share : float
        Between 0 and 1.
    people : array_like (area,)
        Of an area where nobody lives it is that of one person.

    Returns
    -------
    ndarray (area,)
        To first order.

    Examples
    --------
    >>> chance_variance(family_named("poisson"), 0.1, [100, 1000])
    array([0.1 , 0.01])
    """
    return np.asarray(family.chance_variance(share, 1.0) / family.link.slope(share) ** 2 / np.maximum(people, 1))
