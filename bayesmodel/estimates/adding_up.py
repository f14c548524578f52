"""Adding up: expectations of a country with few groups are averaged over its own, so that they add up to its use."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from bayesmodel.areas.effects import MANY
from bayesmodel.estimates.given import Given
from bayesmodel.estimates.predictor import Floats, Places
from bayesmodel.inference.fit import Fit

AT_ONCE = 500
"""Areas whose shares are held at the same time."""


def adds_up(fit: Fit) -> bool:
    """Whether a level with an effect has so few groups that expectations are averaged over these very groups.

    Over a normal distribution of groups that might have been, a level of few groups has no mean to speak of: exp of
    half a variance of which the draws may be anything.

    Examples
    --------
    >>> from bayesmodel.testing import invented_fit
    >>> adds_up(invented_fit())
    True
    """
    levels = fit.counts.areas.levels
    return any(levels[name].nunique() < MANY for name in fit.study.effect_names)


def country_factor(fit: Fit, given: Given, shares: Callable[[Fit, Given, Places], Floats]) -> Floats:
    """Return by what the shares of an expectation are multiplied so that they add up over the country (sample,).

    sum_i n_i p_i / sum_i n_i E[p_i | given]. Of a log link this is the mean over the effects that this country has,
    weighted by whom one expects there, over the mean of a normal distribution.

    Parameters
    ----------
    fit : Fit
    given : Given
        The expectation.
    shares : callable
        Gives the shares of an expectation averaged over normal effects (sample, area).

    Returns
    -------
    ndarray (sample,), or (1,)
        One where the country has many groups, and for ``typical``, which averages over nothing.
    """
    from bayesmodel.estimates.use import underlying_share  # which needs expectations itself

    if not given.averaged or not adds_up(fit):
        return np.ones(1)
    use = _total(fit, "use", lambda rows: underlying_share(fit, rows))
    return use / _total(fit, f"expected given {sorted(given.levels)}", lambda rows: shares(fit, given, rows))


def _total(fit: Fit, name: str, share: Callable[[Places], Floats]) -> Floats:
    """Return how many people of the whole country a share stands for (sample,), worked out once per fit."""
    if name not in fit.memo:
        people = fit.counts.population
        parts = [np.arange(start, min(start + AT_ONCE, len(people))) for start in range(0, len(people), AT_ONCE)]
        fit.memo[name] = np.sum([share(rows) @ people[rows] for rows in parts], axis=0)
    return fit.memo[name]
