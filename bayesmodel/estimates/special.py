"""Special areas: the probability that an area's own effect is of the wide part, as that of an institution may be."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from bayesmodel.estimates.linear_predictor import (
    Floats,
    Indices,
    flat,
    missing_variance_of,
    special_share,
    without_own_effect,
)
from bayesmodel.estimates.lookup import area_indices
from bayesmodel.inference.fit import Fit
from bayesmodel.model.priors import MAX_SHARE, SPECIAL_RATIO

LIKELY = 0.5
"""Probability from which an area is called special."""
AT_ONCE = 500
"""Areas whose draws are held at the same time."""


def special_probability(fit: Fit, areas: str | Sequence[str] | None = None) -> pd.Series:
    """Return the probability that each area is special: that its own effect is drawn with the larger sd.

    P(special | v) = s N(w; 0, (6 sd)^2 + m) / (s N(w; 0, (6 sd)^2 + m) + (1 - s) N(w; 0, sd^2 + m)), averaged over the
    draws, with s the share of special areas, w the area's own deviation and m the variance that its missing
    determinants leave.

    Parameters
    ----------
    fit : Fit
        The posterior.
    areas : str or sequence of str, optional
        Codes or names; all areas when left out.

    Returns
    -------
    Series of float
        Between 0 and 1, by code; 0 where the effect of the area has one part.

    Raises
    ------
    UnknownNameError
        There is no such area.

    Notes
    -----
    An area is special where use is far from what its determinants, gemeente and region lead to expect, mostly by
    something of its own such as an institution. Which it is the model does not know.

    Examples
    --------
    >>> from bayesmodel.testing import invented_fit
    >>> special_probability(invented_fit(), "WK000101").round(2).to_dict()
    {'WK000101': 0.0}
    """
    rows = area_indices(fit.counts, areas)
    codes = fit.counts.areas.codes[rows]
    parts = [_probability(fit, rows[start : start + AT_ONCE]) for start in range(0, len(rows), AT_ONCE)]
    return pd.Series(np.concatenate([np.zeros(0), *parts]), index=codes, name="special")


def special_areas(fit: Fit, areas: str | Sequence[str] | None = None) -> pd.Series:
    """Return the areas that are probably special, the most probable first.

    Parameters
    ----------
    fit, areas
        As in `special_probability`, which also says what is raised.

    Returns
    -------
    Series of float
        Above one half, by code; empty where there is none.

    Examples
    --------
    >>> from bayesmodel.testing import invented_fit
    >>> len(special_areas(invented_fit()))
    0
    """
    found = special_probability(fit, areas)
    return found[found > LIKELY].sort_values(ascending=False, kind="stable")


def _probability(fit: Fit, rows: Indices) -> Floats:
    """Return the probability of some areas (area,)."""
    share = special_share(fit)[:, None]
    if not share.any():
        return np.zeros(len(rows))
    share = np.clip(share, 1e-300, MAX_SHARE)
    own = flat(fit, "linear_predictor")[:, rows] - without_own_effect(fit, rows)
    missing, pattern = missing_variance_of(fit, rows)
    ordinary, special = (
        (ratio * flat(fit, f"sd_{fit.study.area}")[:, None]) ** 2 + missing[:, pattern]
        for ratio in (1.0, SPECIAL_RATIO)
    )
    log_odds = np.log(share) - np.log1p(-share) + 0.5 * np.log(ordinary / special)
    log_odds += own**2 * (1 / ordinary - 1 / special) / 2
    with np.errstate(over="ignore"):
        return np.asarray((1 / (1 + np.exp(-log_odds))).mean(axis=0))
