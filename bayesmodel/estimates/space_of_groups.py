"""The field of space within groups: its mean over a gemeente belongs to the gemeente, what is left to its wijken.

The effects of space of the wijken of one gemeente are alike, so that they and the effect of the gemeente say the same
thing in two ways: data tell their sum, ``u_g + mean of z over g``, and hardly the two apart. What one would expect
given the gemeente is therefore given that sum, and averaged over the deviations ``z_i - mean of z over g``, whose
variance in this country is known on every draw (docs/decisions/space.md).
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import numpy as np

from bayesmodel.estimates.expectation import Expectation
from bayesmodel.estimates.linear_predictor import Floats, Indices, effect_variance, flat, group_of
from bayesmodel.inference.fit import Fit
from bayesmodel.study.model_parts import SPACE

AT_ONCE = 250
"""Draws of the effects of all areas that are in memory a second time."""


def averaged_variance(fit: Fit, expectation: Expectation) -> Floats:
    """Return the variance of the effects that an expectation averages over (sample,).

    Given a level these are effects of space about the mean of its groups, otherwise those about zero.

    Examples
    --------
    >>> from bayesmodel.estimates.expectation import expectation_named
    >>> from bayesmodel.testing import invented_fit
    >>> fit = invented_fit()
    >>> averaged_variance(fit, expectation_named(fit.study, "gemeente")).shape
    (1000,)
    """
    names = expectation.averaged
    if SPACE not in names or not expectation.levels:
        return effect_variance(fit, names)
    others = tuple(name for name in names if name != SPACE)
    return effect_variance(fit, others) + field_variance(fit, expectation.levels)[0]


def group_effect(fit: Fit, level: str, levels: tuple[str, ...]) -> Floats:
    """Return what an expectation given some levels, from fine to coarse, takes as effects of one (sample, group).

    The finest has the mean of the effects of space with it, unless these are given themselves.
    """
    effect = flat(fit, f"effect_{level}")
    if level != levels[0] or SPACE in levels or SPACE not in fit.study.random_effects:
        return effect
    return np.asarray(effect + field_mean(fit, level))


def field_mean(fit: Fit, level: str) -> Floats:
    """Return the mean effect of space in each group of a level, weighted by people (sample, group).

    Zeros (1, group) in a model without effects of space.

    Examples
    --------
    >>> from bayesmodel.testing import invented_fit
    >>> field_mean(invented_fit(), "gemeente").any()
    np.False_
    """
    size = flat(fit, f"effect_{level}").shape[1]
    if SPACE not in fit.study.random_effects:
        return np.zeros((1, size))
    name = f"mean effect of space of each {level}"
    if name not in fit.memo:
        fit.memo[name] = _means(fit, _group(fit, level), size)
    return np.asarray(fit.memo[name])


def field_variance(fit: Fit, levels: tuple[str, ...]) -> tuple[Floats, ...]:
    """Return the variance of effects of space within groups, and between the groups of each level.

    Parameters
    ----------
    fit : Fit
    levels : tuple of str
        Nested levels with an effect, from fine to coarse; at least one.

    Returns
    -------
    tuple of ndarray (sample,)
        Within the groups of the finest level; then, for each level, of its groups about their coarser group. Weighted
        by people; zeros in a model without effects of space.

    Examples
    --------
    >>> from bayesmodel.testing import invented_fit
    >>> [variance.any() for variance in field_variance(invented_fit(), ("gemeente", "regio"))]
    [np.False_, np.False_, np.False_]
    """
    samples = len(flat(fit, "intercept"))
    if SPACE not in fit.study.random_effects:
        return (np.zeros(samples),) * (len(levels) + 1)
    name = f"variance of effects of space by {levels}"
    if name not in fit.memo:
        weights = _weights(fit) / _weights(fit).sum()
        squares = [_in_parts(fit, lambda z: z**2 @ weights)]
        for level in levels:
            share = np.bincount(_group(fit, level), weights)
            squares.append(field_mean(fit, level) ** 2 @ share)
        fit.memo[name] = (*(fine - coarse for fine, coarse in pairwise(squares)), squares[-1])
    return tuple(fit.memo[name])


def _means(fit: Fit, group: Indices, size: int) -> Floats:
    """Return the weighted mean of effects of space in each group (sample, group)."""
    weights, order = _weights(fit), np.argsort(group, kind="stable")
    _groups, starts = np.unique(group[order], return_index=True)  # every group has an area
    total = np.bincount(group, weights, size)
    return _in_parts(fit, lambda z: np.add.reduceat((z * weights)[:, order], starts, axis=1) / total)


def _in_parts(fit: Fit, work: Callable[[Floats], Floats]) -> Floats:
    """Return what is worked out of effects of space (sample, area), some draws at a time."""
    field = flat(fit, f"effect_{SPACE}")
    return np.concatenate([work(field[start : start + AT_ONCE]) for start in range(0, len(field), AT_ONCE)])


def _group(fit: Fit, level: str) -> Indices:
    return group_of(fit, level, np.arange(len(fit.counts)))


def _weights(fit: Fit) -> Floats:
    """Return the people of each area, and next to nothing where nobody lives, so that every group has a mean."""
    return np.asarray(np.maximum(fit.counts.population.astype(float), 1e-6))
