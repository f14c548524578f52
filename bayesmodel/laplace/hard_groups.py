"""Groups whose effect is far from normal given all the rest, as where one of two wijken may be special: several tries.

Given the value above it and the coefficients the effect of a group without groups below it depends on its own counts
only. So several values of it are drawn from its Gaussian, one is kept by the weights of all, and their mean weight is
that of the proposal: the more tries, the nearer the effect is to its exact conditional.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray
from scipy.special import logsumexp, ndtri

from bayesmodel.laplace.factor import Gaussian, sample_field
from bayesmodel.laplace.field import coefficients_of
from bayesmodel.laplace.joint import Model
from bayesmodel.logp.area_effects import marginal_loglik
from bayesmodel.logp.arrays import at_rows
from bayesmodel.logp.predictor import missing_variances
from bayesmodel.parallel import Map

Floats = NDArray[np.float64]
Indices = NDArray[np.int64]

TRIES = 8
"""Values of the effect of a group that are tried in a proposal."""
STRATA = 15
"""Values by which groups are judged."""
LEAST = 0.002
"""Variance of the weights of a group given all the rest from which its effect is tried."""
MOST = 0.5
"""Share of the areas that may lie in such groups: beyond it tries cost more than they gain."""


class HardGroups(NamedTuple):
    """Groups whose effects are tried several times, and their areas once for each try."""

    groups: Indices  # (H,)
    areas: Indices  # (area,) theirs
    group: Indices  # (area,) of each, from 0 to H - 1
    loading: Floats  # (area,)
    sd: Indices  # (area,) index of the sd of its effect
    entry: Indices  # of the factor below the diagonal in the columns of these groups
    owner: Indices  # (entry,) from 0 to H - 1
    model: Model  # of all areas of the first try, then those of the second, ...

    @property
    def tries(self) -> int:
        """How many values are tried."""
        return len(self.model.arrays.people) // len(self.areas)

    def log_ratios(self, model: Model, sds: Floats, gaussian: Gaussian, position: Floats, z: Floats) -> Floats:
        """Return the log density of each value relative to its Gaussian, up to a constant of the group (try, H).

        Parameters
        ----------
        model : Model
            Of all areas.
        sds : ndarray (level + A,)
        gaussian : Gaussian
        position : ndarray (S + D,)
            Its scores of these groups are not used.
        z : ndarray (try, H)
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
        """Return the scores of these groups at standard normal scores within their Gaussian (try, H)."""
        field, at = model.field, self.groups
        others = position[field.elimination.lower_row[self.entry]]
        shift = np.bincount(self.owner, gaussian.lower[self.entry] * others, len(at))
        right = gaussian.right[at] - gaussian.coupling[at] @ position[len(field.level) :]
        return np.asarray(right / gaussian.diagonal[at] - shift + z / np.sqrt(gaussian.diagonal[at]))

    def tried(
        self, model: Model, sds: Floats, gaussian: Gaussian, position: Floats, rng: Generator
    ) -> tuple[Floats, float]:
        """Return the position with values of these groups kept among several, and what that adds to its log weight.

        The log weight it adds to is that of a draw with zeros for the noise of these groups.
        """
        size = len(self.groups)
        # one value from each of as many equally likely parts of its Gaussian
        parts = rng.permuted(np.tile(np.arange(self.tries)[:, None], (1, size)), axis=0)
        z = ndtri((parts + rng.random((self.tries, size))) / self.tries)
        ratios = self.log_ratios(model, sds, gaussian, position, z)
        kept = (ratios + rng.gumbel(size=ratios.shape)).argmax(axis=0), np.arange(size)
        result = position.copy()
        result[self.groups] = self.scores(model, gaussian, position, z)[kept]
        mean = logsumexp(ratios, axis=0) - np.log(self.tries)
        return result, float((mean - ratios[kept] + 0.5 * z[kept] ** 2).sum())


def hard_groups(model: Model, points: list[tuple[Floats, Gaussian]], each: Map) -> HardGroups | None:
    """Return the groups far from normal at any of some sds, given the rest of the field at its mean; None of none.

    Parameters
    ----------
    model : Model
    points : list of (ndarray (level + A,), Gaussian)
        Sds, and the Gaussian of the field given them.
    each : callable
        `map`, or that of a pool of threads.
    """
    field = model.field
    # independent given all that come later; a score that sums to zero with others is not
    leaves = np.flatnonzero(field.elimination.leaves & (field.component < 0))
    if not len(leaves):
        return None
    everywhere = _of(model, leaves, STRATA)
    z = np.tile(ndtri((np.arange(STRATA) + 0.5) / STRATA)[:, None], (1, len(leaves)))
    none = np.zeros(len(field.level) + len(field.width))

    def variance(point: tuple[Floats, Gaussian]) -> Floats:
        sds, gaussian = point
        mean, _distance = sample_field(field, gaussian, none)
        ratios = everywhere.log_ratios(model, sds, gaussian, mean, z)
        return np.asarray(np.var(np.exp(ratios - logsumexp(ratios, axis=0) + np.log(STRATA)), axis=0))

    found = np.max(list(each(variance, points)), axis=0)
    hard = leaves[found > LEAST]
    if not len(hard) or np.isin(field.groups, hard).any(axis=1)[field.cell].mean() > MOST:
        return None
    return _of(model, hard, TRIES)


def _of(model: Model, groups: Indices, tries: int) -> HardGroups:
    """Return groups with their areas once for each try."""
    field = model.field
    inside = np.isin(field.groups, groups)
    areas = np.flatnonzero(inside.any(axis=1)[field.cell])
    cells = field.cell[areas]
    column = cells, inside[cells].argmax(axis=1)
    rows = np.tile(areas, tries)
    repeated = model._replace(arrays=at_rows(model.arrays, rows), approx=model.approx.at_rows(rows))
    starts = field.elimination.lower_start
    entry = np.concatenate([np.arange(starts[g], starts[g + 1]) for g in groups])
    owner = np.repeat(np.arange(len(groups)), starts[groups + 1] - starts[groups])
    group = np.searchsorted(groups, field.groups[column])
    return HardGroups(groups, areas, group, field.loading[column], field.sd[column], entry, owner, repeated)
