"""The log-likelihood of whole groups, such as a gemeente or a region, with their effects integrated out.

With F(t) = log P(counts of the areas of a group | effects of levels sum to t), own effects of areas integrated out,

    log P(counts of the group) = log of the integral of exp F(t) Normal(t; 0, sd) dt,

with F evaluated on a grid around the draws of t and interpolated by cubics: a draw may have an sd far smaller than the
spacing of the grid. For nested groups, the likelihood of a region is the product over its gemeenten, each integrated
over its own effect in this way, at every t of the region's grid.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pandas as pd
from scipy.special import logsumexp

from bayesmodel.errors import ComparisonError
from bayesmodel.estimates.arviz_groups import area_loglik
from bayesmodel.estimates.linear_predictor import Floats, Indices, flat, group_of, without_own_effect
from bayesmodel.inference.fit import Fit
from bayesmodel.messages import _

REACH, STEP = 6.0, 0.4
"""Extent of the grid on either side of the mean of an effect, and its spacing, in posterior sds."""
TAIL, NODES = 6.0, 41
"""Range of integration on either side, in sds of an effect, and number of points."""
NOTHING = 10.0
"""Log-likelihood below its maximum that contributes nothing."""
NARROWEST = 1e-3
"""Smallest posterior sd assumed for a grid."""


@dataclass(frozen=True)
class Grid:
    """Points at which the effects of a level's groups, plus those of the levels above it, are integrated.

    Parameters
    ----------
    level : str
    groups : Index
        Codes, in the order of the effects.
    parent : ndarray of int64 (group,)
        The group of the next level in which each group lies; 0 for the last level.
    points : ndarray (group, point)
    """

    level: str
    groups: pd.Index
    parent: Indices
    points: Floats


def chain_of(fit: Fit, level: str) -> tuple[str, ...]:
    """Return the levels with an effect from the innermost one up to and including the given one.

    Raises
    ------
    ComparisonError
        Two levels lie within one of them: their effects cannot be integrated one by one. Or the study has effects of
        space, which a group that is left out would share with its neighbours.

    Examples
    --------
    >>> from bayesmodel.testing import invented_fit
    >>> chain_of(invented_fit(), "regio")
    ('gemeente', 'regio')
    """
    if fit.study.model.space is not None:
        raise ComparisonError(
            _("With model.space a group cannot be left out as a whole: its areas share effects with their neighbours.")
        )
    within, chain = fit.study.effects_within, [level]
    while inner := [name for name, parent in within.items() if parent == chain[0]]:
        if len(inner) > 1:
            message = _("{levels} both lie within {level}: its groups cannot be left out as a whole.")
            raise ComparisonError(message.format(levels=", ".join(inner), level=chain[0]))
        chain.insert(0, inner[0])
    return tuple(chain)


def grids_of(fit: Fit, level: str) -> tuple[Grid, ...]:
    """Return the grid of each level up to the given one, from the innermost, around the draws of a fit."""
    chain, every = chain_of(fit, level), np.arange(len(fit.counts))
    offsets = np.arange(-REACH, REACH + STEP / 2, STEP)
    grids = []
    for position, name in enumerate(chain):
        index, first = np.unique(group_of(fit, name, every), return_index=True)
        above = [group_of(fit, other, first) for other in chain[position:]]
        sums = sum(flat(fit, f"effect_{other}")[:, group] for other, group in zip(chain[position:], above, strict=True))
        mean, sd = np.mean(sums, axis=0), np.maximum(np.std(sums, axis=0), NARROWEST)
        parent = above[1] if position + 1 < len(chain) else np.zeros(len(first), dtype=np.int64)
        codes = fit.tree["posterior"][f"effect_{name}"].indexes[name][index]
        grids.append(Grid(name, codes, parent, mean[:, None] + sd[:, None] * offsets))
    return tuple(grids)


def group_loglik(fit: Fit, grids: tuple[Grid, ...]) -> Floats:
    """Return the log-likelihood of the counts of each group of the last level of the grids (sample, group).

    Parameters
    ----------
    fit : Fit
        Its draws of everything except the effects of those levels are used.
    grids : tuple of Grid
        From `grids_of`, for this fit or for one with a known posterior of these effects.

    Examples
    --------
    >>> from bayesmodel.testing import invented_fit
    >>> fit = invented_fit()
    >>> group_loglik(fit, grids_of(fit, "regio")).shape
    (1000, 2)
    """
    every = np.arange(len(fit.counts))
    base, inner = without_own_effect(fit, every), grids[0]
    for grid in grids:
        base -= flat(fit, f"effect_{grid.level}")[:, group_of(fit, grid.level, every)]
    of_area = inner.groups.get_indexer(pd.Index(fit.counts.areas.levels[inner.level]))
    loglik, group_of_informative = area_loglik(fit), of_area[fit.counts.informative]
    at_points = [
        _summed(loglik(base + inner.points[of_area, point]), group_of_informative, len(inner.groups))
        for point in range(inner.points.shape[1])
    ]
    values = np.stack(at_points, axis=-1)  # (sample, group, point)
    for grid, above in pairwise(grids):
        values = _summed(
            _integrated(values, grid, flat(fit, f"sd_{grid.level}"), above), grid.parent, len(above.groups)
        )
    return _integrated(values, grids[-1], flat(fit, f"sd_{grids[-1].level}"))[..., 0]


def _integrated(values: Floats, grid: Grid, sd: Floats, above: Grid | None = None) -> Floats:
    """Return the log-likelihood of groups given the sum of the effects above (sample, group, point above)."""
    ends = np.zeros((len(grid.groups), 1)) if above is None else above.points[grid.parent]
    result = np.empty((*values.shape[:2], ends.shape[1]))
    for group, points in enumerate(grid.points):
        result[:, group] = over_effect(values[:, group], points, sd, ends[group])
    return result


def over_effect(values: Floats, points: Floats, sd: Floats, centres: Floats) -> Floats:
    """Return log of the integral of exp F(t) Normal(t; centre, sd) dt (sample, centre).

    Parameters
    ----------
    values : ndarray (sample, point)
        F at the points; interpolated by cubics, constant beyond them.
    points : ndarray (point,)
        Equally spaced.
    sd : ndarray (sample,)
    centres : ndarray (centre,)

    Examples
    --------
    >>> points = np.linspace(-6, 6, 31)
    >>> float(over_effect(-0.5 * points[None] ** 2, points, np.array([0.01]), np.zeros(1))[0, 0].round(4))
    -0.0
    """
    sd = sd[:, None]
    low, high = centres - TAIL * sd, centres + TAIL * sd
    least = values.max(axis=1) - NOTHING
    # if the likelihood vanishes before the last point, the range ends there
    low = np.where((values[:, 0] < least)[:, None], np.maximum(low, points[0]), low)
    high = np.where((values[:, -1] < least)[:, None], np.minimum(high, points[-1]), high)
    low, high = np.minimum(low, high), np.maximum(low, high)
    width = np.maximum(high - low, np.finfo(float).tiny)
    nodes = low[..., None] + width[..., None] * np.linspace(0, 1, NODES)
    z = (nodes - centres[:, None]) / sd[..., None]
    density = -0.5 * z**2 - np.log(sd * np.sqrt(2 * np.pi))[..., None]
    terms = _between(values, points, nodes.reshape(len(nodes), -1)).reshape(nodes.shape) + density
    return np.asarray(logsumexp(terms, axis=2) + np.log(width / (NODES - 1)))


def _between(values: Floats, points: Floats, at: Floats) -> Floats:
    """Interpolate values at equally spaced points, by cubics through four points (sample, node)."""
    position = np.clip((at - points[0]) / (points[1] - points[0]), 0, len(points) - 1)
    first = np.clip(position.astype(np.int64), 1, len(points) - 3)
    x = position - first
    weights = (
        -x * (x - 1) * (x - 2) / 6,
        (x + 1) * (x - 1) * (x - 2) / 2,
        -(x + 1) * x * (x - 2) / 2,
        (x + 1) * x * (x - 1) / 6,
    )
    parts = (
        weight * np.take_along_axis(values, first + shift, axis=1)
        for shift, weight in zip(range(-1, 3), weights, strict=True)
    )
    return np.asarray(sum(parts))


def _summed(values: Floats, group: Indices, groups: int) -> Floats:
    """Return sums over the second axis by group (sample, group, ...)."""
    total = np.zeros((groups, values.shape[0], *values.shape[2:]))
    np.add.at(total, group, np.moveaxis(values, 1, 0))
    return np.moveaxis(total, 0, 1)
