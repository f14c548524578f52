"""Special areas: the probability that an area's own effect comes from the wide component, as with an institution."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd

from bayesmodel.estimates.linear_predictor import (
    Floats,
    Indices,
    cluster_effect_of,
    flat,
    residual_variance_of,
    special_share,
    without_own_effect,
)
from bayesmodel.estimates.lookup import area_indices
from bayesmodel.inference.fit import Fit
from bayesmodel.model.priors import MAX_SHARE, SPECIAL_RATIO

LIKELY = 0.5
"""Probability from which an area is called special."""
FEW = 50
"""Areas of which it is worked out for these alone, not for the whole country."""
AT_ONCE = 500
"""Areas whose draws are in memory at the same time."""


def special_probability(fit: Fit, areas: str | Sequence[str] | None = None) -> pd.Series:
    """Return the probability that each area is special: that its own effect is drawn with the larger sd.

    P(special | v) = s N(w; 0, (6 sd)^2 + m) / (s N(w; 0, (6 sd)^2 + m) + (1 - s) N(w; 0, sd^2 + m)), averaged over the
    draws, with s the share of special areas, w the area's own deviation and m the variance due to its missing
    determinants.

    Parameters
    ----------
    fit : Fit
        The posterior.
    areas : str or sequence of str, optional
        Codes or names; defaults to all areas.

    Returns
    -------
    Series of float
        Between 0 and 1, by code; 0 where the area effect has a single component.

    Raises
    ------
    UnknownNameError
        There is no such area.

    Notes
    -----
    An area is special where use is far from what its determinants, gemeente and region lead one to expect, usually
    because of something specific to it, such as an institution. The model cannot tell what that is.

    Examples
    --------
    >>> from bayesmodel.testing import invented_fit
    >>> special_probability(invented_fit(), "WK000101").round(2).to_dict()
    {'WK000101': 0.0}
    """
    rows = area_indices(fit.counts, areas)
    codes = fit.counts.areas.codes[rows]
    if "special" not in fit.memo and len(rows) <= FEW:
        return pd.Series(_probability(fit, rows), index=codes, name="special")
    if "special" not in fit.memo:
        every = np.arange(len(fit.counts))
        blocks = [every[start : start + AT_ONCE] for start in range(0, len(every), AT_ONCE)]
        fit.memo["special"] = np.concatenate([_probability(fit, block) for block in blocks])
    return pd.Series(fit.memo["special"][rows], index=codes, name="special")


def special_areas(fit: Fit, areas: str | Sequence[str] | None = None) -> pd.Series:
    """Return the areas that are probably special, the most probable first.

    Parameters
    ----------
    fit, areas
        As in `special_probability`, with the same errors.

    Returns
    -------
    Series of float
        Probabilities above one half, by code; empty if there are none.

    Examples
    --------
    >>> from bayesmodel.testing import invented_fit
    >>> len(special_areas(invented_fit()))
    0
    """
    probabilities = special_probability(fit, areas)
    return probabilities[probabilities > LIKELY].sort_values(ascending=False, kind="stable")


class Parts(NamedTuple):
    """The two components of own effects, arrays (sample, pattern): log odds of being special, and both variances.

    The variances include that of missing determinants. The log odds are minus infinity with a single component.
    """

    log_odds: Floats
    ordinary: Floats
    special: Floats
    pattern: Indices  # (area,)


def parts_of(fit: Fit, rows: Indices, besides: Floats | float = 0.0) -> Parts:
    """Return the two components of own effects, for the patterns of some areas; the family must have an area effect.

    `besides` is the variance (sample, 1) of what else differs between areas, which is added to both.
    """
    missing, pattern = residual_variance_of(fit, rows)
    sd, share = flat(fit, f"sd_{fit.study.area}")[:, None], np.minimum(special_share(fit)[:, None], MAX_SHARE)
    ordinary, special = sd**2 + missing + besides, (SPECIAL_RATIO * sd) ** 2 + missing + besides
    with np.errstate(divide="ignore", invalid="ignore"):
        log_odds = np.log(share) - np.log1p(-share) + 0.5 * np.log(ordinary / special)
    return Parts(np.where(share > 0, log_odds, -np.inf), ordinary, special, pattern)


def p_special(parts: Parts, own: Floats, draws: slice = slice(None)) -> Floats:
    """Return the probability that areas are special given their own effects (sample, area), for some of the draws."""
    curvature_gap = (1 / parts.ordinary[draws] - 1 / parts.special[draws]) / 2
    log_odds = parts.log_odds[draws][:, parts.pattern] + own**2 * curvature_gap[:, parts.pattern]
    with np.errstate(over="ignore"):
        return np.asarray(1 / (1 + np.exp(-log_odds)))


def _probability(fit: Fit, rows: Indices) -> Floats:
    """Return the probability of some areas (area,)."""
    if not special_share(fit).any():
        return np.zeros(len(rows))
    own = flat(fit, "linear_predictor")[:, rows] - without_own_effect(fit, rows) - cluster_effect_of(fit, rows).mean
    return np.asarray(p_special(parts_of(fit, rows), own).mean(axis=0))
