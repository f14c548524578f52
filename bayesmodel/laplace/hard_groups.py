"""Groups whose effect is far from normal given all the rest, as where one of two wijken may be special.

Given the value above it and the coefficients the effect of a group without groups below it depends on its own counts
only. So the likelihood of these is computed at a few values of the effect, a cubic spline goes through its logarithm,
and the effect is drawn from what that makes of the prior: nearly its exact conditional. The weight of the proposal
takes away the rest of the difference.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray
from scipy.interpolate import CubicSpline
from scipy.special import logsumexp, ndtri

from bayesmodel.laplace.factor import Gaussian, sample_field
from bayesmodel.laplace.field import coefficients_of, members_of
from bayesmodel.laplace.joint import Model
from bayesmodel.logp.area_effects import marginal_loglik
from bayesmodel.logp.arrays import at_rows
from bayesmodel.logp.predictor import missing_variances
from bayesmodel.parallel import Map

Floats = NDArray[np.float64]
Indices = NDArray[np.int64]


def spline_matrix(nodes: Floats, grid: Floats) -> Floats:
    """Return the matrix from values at nodes to the natural cubic spline through them on a grid (grid, node).

    Beyond the nodes the spline goes straight on.

    Parameters
    ----------
    nodes : ndarray (node,)
    grid : ndarray (point,)

    Examples
    --------
    >>> matrix = spline_matrix(np.array([0.0, 1.0, 2.0]), np.array([-1.0, 0.5, 2.0]))
    >>> (matrix @ [1.0, 2.0, 3.0]).round(6).tolist()
    [0.0, 1.5, 3.0]
    """
    spline = CubicSpline(nodes, np.eye(len(nodes)), bc_type="natural")
    inside = np.clip(grid, nodes[0], nodes[-1])
    return np.asarray(spline(inside) + (grid - inside)[:, None] * spline(inside, 1))


NODES = np.linspace(-5.0, 5.0, 7)
"""Values of an effect at which its likelihood is computed, in sds of its Gaussian."""
GRID = np.linspace(-6.0, 6.0, 97)
"""Values between which its density is taken to be linear."""
STEP = GRID[1] - GRID[0]
SPLINE = spline_matrix(NODES, GRID)
"""From a logarithm at the nodes to the spline through it on the grid, straight beyond the nodes (grid, node)."""
STRATA = 15
"""Values by which groups are judged."""
LEFT = 0.005
"""Of `hard_groups`, where a thousand draws or so are made."""
LEFT_OF_FEW = 0.06
"""The same for a hundred draws: each costs less, and a fifth of them may go (docs/decisions/checks.md)."""
MOST = 0.5
"""Share of the areas that may lie in such groups, of which the worst are taken: each costs a little."""


class HardGroups(NamedTuple):
    """Groups whose effects are far from normal, and their areas once for each value of the effect."""

    groups: Indices  # (H,)
    areas: Indices  # (area,) theirs
    group: Indices  # (area,) of each, from 0 to H - 1
    loading: Floats  # (area,)
    sd: Indices  # (area,) index of the sd of its effect
    entry: Indices  # of the factor below the diagonal in the columns of these groups
    owner: Indices  # (entry,) from 0 to H - 1
    model: Model  # of all areas at the first value, then those at the second, ...

    def log_ratios(self, model: Model, sds: Floats, gaussian: Gaussian, position: Floats, z: Floats) -> Floats:
        """Return the log density of each value relative to its Gaussian, up to a constant of the group (value, H).

        Parameters
        ----------
        model : Model
            Of all areas.
        sds : ndarray (level + A,)
        gaussian : Gaussian
        position : ndarray (S + D,)
            Its scores of these groups are not used.
        z : ndarray (value, H)
            Standard normal scores of the values within their Gaussian.
        """
        field, arrays = model.field, model.arrays
        beta, rest = coefficients_of(field, position), position.copy()
        rest[self.groups] = 0.0
        cells = field.cell[self.areas]
        above = field.groups[cells]
        others = np.where(above < 0, 0.0, field.loading[cells] * sds[field.sd[cells]] * rest[above])
        apart = field.intercept_mean + field.x[self.areas] @ beta + others.sum(axis=1)
        scores = self.scores(model, gaussian, position, z)
        eta = apart + self.loading * sds[self.sd] * scores[:, self.group]
        variance = missing_variances(arrays, beta[None])[0]
        area_params = sds[len(arrays.level_rate) :]
        value = marginal_loglik(
            self.model.arrays, self.model.approx, model.rule, eta.ravel(), area_params, variance
        ).value
        of_group = np.stack([np.bincount(self.group, row, len(self.groups)) for row in value.reshape(eta.shape)])
        return np.asarray(of_group - 0.5 * scores**2 + 0.5 * z**2)

    def scores(self, model: Model, gaussian: Gaussian, position: Floats, z: Floats) -> Floats:
        """Return the scores of these groups at standard normal scores within their Gaussian (value, H)."""
        field, at = model.field, self.groups
        others = position[field.elimination.lower_row[self.entry]]
        shift = np.bincount(self.owner, gaussian.lower[self.entry] * others, len(at))
        right = gaussian.right[at] - gaussian.coupling[at] @ position[len(field.level) :]
        return np.asarray(right / gaussian.diagonal[at] - shift + z / np.sqrt(gaussian.diagonal[at]))

    def drawn(
        self, model: Model, sds: Floats, gaussian: Gaussian, position: Floats, rng: Generator
    ) -> tuple[Floats, float]:
        """Return the position with values of these groups drawn, and what that adds to its log weight.

        The log weight it adds to is that of a draw with zeros for the noise of these groups.

        Parameters
        ----------
        model : Model
            May have few quadrature nodes.
        sds : ndarray (level + A,)
        gaussian : Gaussian
        position : ndarray (S + D,)
            Its scores of these groups are not used.
        rng : Generator
        """
        every = np.arange(len(self.groups))
        ratios = self.log_ratios(model, sds, gaussian, position, np.tile(NODES[:, None], (1, len(every))))
        log_density = SPLINE @ ratios - 0.5 * GRID[:, None] ** 2
        density = np.exp(log_density - log_density.max(axis=0))
        ends = np.cumsum(density[1:] + density[:-1], axis=0)
        reached = rng.random(len(every)) * ends[-1]
        cell = (ends <= reached).sum(axis=0)
        low, high = density[cell, every], density[cell + 1, every]
        share = 1 - (ends[cell, every] - reached) / (low + high)
        # the inverse of the integral of a linear density over its cell
        z = GRID[cell] + STEP * share * (low + high) / (low + np.sqrt(low**2 + share * (high**2 - low**2)))
        density_there = low + (high - low) * (z - GRID[cell]) / STEP
        result = position.copy()
        result[self.groups] = self.scores(model, gaussian, position, z[None])[0]
        log_density = np.log(density_there / (0.5 * STEP * ends[-1])) + 0.5 * np.log(2 * np.pi)
        return result, float(-log_density.sum())


def hard_groups(
    model: Model, points: list[tuple[Floats, Gaussian]], each: Map, left: float = LEFT
) -> HardGroups | None:
    """Return the groups far from normal at any of some sds, given the rest of the field at its mean; None of none.

    Parameters
    ----------
    model : Model
    points : list of (ndarray (level + A,), Gaussian)
        Sds, and the Gaussian of the field given them.
    each : callable
        `map`, or that of a pool of threads.
    left : float
        Variance of the weights, given all the rest, that may be left to all other groups together.
    """
    field = model.field
    # independent given all that come later; a score that sums to zero with others is not
    leaves = np.flatnonzero(field.elimination.leaves & (field.component < 0))
    if not len(leaves):
        return None
    everywhere = groups_at(model, leaves, STRATA)
    z = np.tile(ndtri((np.arange(STRATA) + 0.5) / STRATA)[:, None], (1, len(leaves)))
    none = np.zeros(len(field.level) + len(field.width))

    def variance(point: tuple[Floats, Gaussian]) -> Floats:
        sds, gaussian = point
        mean, _distance = sample_field(field, gaussian, none)
        ratios = everywhere.log_ratios(model, sds, gaussian, mean, z)
        return np.asarray(np.var(np.exp(ratios - logsumexp(ratios, axis=0) + np.log(STRATA)), axis=0))

    found = np.max(list(each(variance, points)), axis=0)
    sizes = np.bincount(everywhere.group, minlength=len(leaves))
    order = np.argsort(found)[::-1]
    beyond = found[order][::-1].cumsum()[::-1]
    few = np.cumsum(sizes[order]) <= MOST * len(field.x)
    hard = np.sort(leaves[order[few & (beyond > left)]])
    if not len(hard):
        return None
    return groups_at(model, hard)


def groups_at(model: Model, groups: Indices, values: int = len(NODES)) -> HardGroups:
    """Return groups with their areas once for each value of the effect."""
    field = model.field
    members = members_of(field, groups)
    rows = np.tile(members.areas, values)
    repeated = model._replace(arrays=at_rows(model.arrays, rows), approx=model.approx.at_rows(rows))
    starts = field.elimination.lower_start
    entry = np.concatenate([np.arange(starts[g], starts[g + 1]) for g in groups])
    owner = np.repeat(np.arange(len(groups)), starts[groups + 1] - starts[groups])
    return HardGroups(groups, *members, entry, owner, repeated)
