"""What published totals of groups tell: the evidence of the sum of their areas, and counts and own effects given it.

Given the field the counts of the areas of a group are independent, each with its own effect integrated out. With
m_i(k) the probability of each count k in the window of area i, the evidence of a total is

    log sum_s (m_1 * ... * m_n)(s) P(total | s) - sum_i log sum_k m_i(k),

``*`` a convolution: the second term is in the likelihood of the counts already. It weighs draws of either engine, which
do not know of totals; then counts are drawn from the same sums, one area after the other, and each area's own effect
from its exact conditional given its count.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from bayesmodel.compiled import compiled, inner
from bayesmodel.logp.area_effects import marginal_loglik
from bayesmodel.logp.arrays import ModelArrays, at_rows, log_constants
from bayesmodel.logp.laplace_approx import laplace_approx
from bayesmodel.logp.quadrature import EvalPoint, LaplaceApprox, QuadratureRule
from bayesmodel.logp.sample_area_effects import (
    OF_TOTALS,
    add_by_metropolis,
    add_by_rejection,
    draw_special,
    sample_area_effects,
)
from bayesmodel.model.unplaced_share import aside_chances, unplaced_share
from bayesmodel.parallel import Map

if TYPE_CHECKING:
    from bayesmodel.model.build import BuiltModel

Floats = NDArray[np.float64]
Indices = NDArray[np.int64]

WIDEST = 400
"""Counts of one area above which a total tells the model nothing of it: that of an area without a count, mostly."""
AT_ONCE = 25
"""Draws per task of a thread."""


@dataclass(frozen=True, eq=False)
class GroupSums:
    """Groups with a total whose areas do not all have an exact count.

    Parameters
    ----------
    arrays : ModelArrays
        One row per count in the window of each cell, as if it were exact; cells are areas with several counts.
    approx : LaplaceApprox
        Of those rows.
    constants : ndarray (row,)
        Terms of their log-likelihood that `arrays` leaves out.
    areas : ndarray of int64 (cell,)
        The area of each cell, group by group.
    starts : ndarray of int64 (cell + 1,)
        Where the rows of each cell begin.
    groups : ndarray of int64 (group + 1,)
        Where the cells of each group begin.
    weights : ndarray (sum,)
        P(total | s) of each sum s of the cells of each group above their lowest counts, group by group, over its peak.
    sums : ndarray of int64 (group + 1,)
        Where the weights of each group begin.
    peaks : ndarray (group,)
        Logarithms of the peaks.
    """

    arrays: ModelArrays
    approx: LaplaceApprox
    constants: Floats
    areas: Indices
    starts: Indices
    groups: Indices
    weights: Floats
    sums: Indices
    peaks: Floats

    @property
    def area_of_row(self) -> Indices:
        """The area of each row."""
        return np.repeat(self.areas, np.diff(self.starts))

    def centred(self, point: EvalPoint) -> GroupSums:
        """Return the same with the quadrature placed at linear predictors (area,) and parameters."""
        eta = np.ascontiguousarray(point.eta[self.area_of_row])
        return replace(self, approx=laplace_approx(self.arrays, eta, point.area_params, point.variance))

    def log_pmf(self, rule: QuadratureRule, point: EvalPoint) -> Floats:
        """Return the log probability of each count, own effects integrated out (row,)."""
        eta = np.ascontiguousarray(point.eta[self.area_of_row])
        found = marginal_loglik(self.arrays, self.approx, rule, eta, point.area_params, point.variance)
        return np.asarray(found.value + self.constants)

    def log_evidence(self, rule: QuadratureRule, point: EvalPoint) -> float:
        """Return the log evidence of all totals at linear predictors without own effects and parameters."""
        found: float = evidence_of_sums(
            self.log_pmf(rule, point), self.starts, self.groups, self.weights, self.sums, self.peaks
        )
        return found

    def sample_counts(
        self, rule: QuadratureRule, predictors: Floats, area_params: Floats, variance: Floats, seed: int, each: Map
    ) -> tuple[Floats, Indices]:
        """Return the log evidence of all totals on each draw, and counts drawn given the totals.

        Parameters
        ----------
        rule : QuadratureRule
        predictors : ndarray (draw, area)
            Without own effects.
        area_params : ndarray (draw, A)
        variance : ndarray (draw, pattern)
        seed : int
        each : callable
            `map`, or that of a pool of threads.

        Returns
        -------
        ndarray (draw,), ndarray of int64 (draw, cell)
            Counts above the lowest of each cell.
        """
        uniform = np.random.default_rng([seed, 1]).random((len(predictors), len(self.areas) + len(self.groups)))
        evidence, counts = np.empty(len(predictors)), np.empty((len(predictors), len(self.areas)), dtype=np.int64)

        def work(first: int) -> None:
            for draw in range(first, min(first + AT_ONCE, len(predictors))):
                pmf = self.log_pmf(rule, EvalPoint(predictors[draw], area_params[draw], variance[draw]))
                evidence[draw] = evidence_of_sums(pmf, self.starts, self.groups, self.weights, self.sums, self.peaks)
                counts_of_sums(pmf, self.starts, self.groups, self.weights, self.sums, uniform[draw], counts[draw])

        for _ in each(work, range(0, len(predictors), AT_ONCE)):
            pass
        return evidence, counts

    def add_effects(
        self,
        rule: QuadratureRule,
        predictors: Floats,
        area_params: Floats,
        variance: Floats,
        counts: Indices,
        seed: int,
        each: Map,
    ) -> None:
        """Add own effects to the linear predictors of all cells, drawn given their counts.

        Parameters are those of `sample_counts`, and the counts that it gives; predictors are written to.
        """
        add = add_by_rejection if self.arrays.log_concave else add_by_metropolis
        area_params = np.ascontiguousarray(area_params)
        special = np.zeros(counts.shape, dtype=bool)

        def choose(draw: int) -> None:
            rows = self.starts[:-1] + counts[draw]
            point = EvalPoint(np.ascontiguousarray(predictors[draw, self.areas]), area_params[draw], variance[draw])
            rng = np.random.default_rng([seed, OF_TOTALS, draw])
            special[draw] = draw_special(at_rows(self.arrays, rows), self.approx.at_rows(rows), rule, point, rng)

        if self.arrays.parts > 1:
            for _ in each(choose, range(len(counts))):
                pass

        def work(cell: int) -> None:
            area, rng = self.areas[cell], np.random.default_rng([seed, 2, cell])
            for count in np.unique(counts[:, cell]):
                drawn = np.flatnonzero(counts[:, cell] == count)
                part = predictors[drawn, area][None]
                row = int(self.starts[cell] + count)
                parameters, left = area_params[drawn], np.ascontiguousarray(variance[drawn])
                add(self.arrays, self.approx, parameters, left, special[drawn, cell][None], rng, row, part)
                predictors[drawn, area] = part[0]

        for _ in each(work, range(len(self.areas))):
            pass


def group_sums(built: BuiltModel, arrays: ModelArrays) -> GroupSums | None:
    """Return what totals tell the parameters of a model; None where no totals are in it, or none tells anything.

    Parameters
    ----------
    built : BuiltModel
    arrays : ModelArrays
        The model flattened.
    """
    share = unplaced_share(built.counts)
    if share is None:
        return None
    cells, sizes, groups, weights, sums, peaks = [], [], [0], [], [0], []
    lower, upper = arrays.lower.astype(np.int64), arrays.upper.astype(np.int64)
    for index, group in enumerate(share.groups):
        wide = group.rows[upper[group.rows] > lower[group.rows]]
        counted = built.counts.observed[group.rows] | (built.counts.population[group.rows] == 0)
        if group.total is None or not counted.all() or not len(wide):
            continue
        widths = (upper - lower)[wide]
        if widths.max() > WIDEST:
            continue
        aside, chances = aside_chances(group, share.rate)
        placed = int(lower[group.rows].sum()) + aside + np.arange(widths.sum() + len(chances))
        evidence = share.log_evidence(index, placed)
        peak = evidence.max()
        if not np.isfinite(peak):
            continue
        cells.append(wide)
        sizes.append(widths + 1)
        groups.append(groups[-1] + len(wide))
        weights.append(np.correlate(np.exp(evidence - peak), chances, mode="valid"))
        sums.append(sums[-1] + len(weights[-1]))
        peaks.append(peak)
    if not cells:
        return None
    areas, size = np.concatenate(cells), np.concatenate(sizes)
    starts = np.concatenate([[0], np.cumsum(size)])
    row = np.repeat(areas, size)
    above = np.arange(len(row)) - np.repeat(starts[:-1], size)
    count = arrays.lower[row] + above
    exact = at_rows(arrays, row)._replace(lower=count, upper=count.copy(), constant=0.0)
    if arrays.weights.shape[1]:
        exact = exact._replace(weights=_weights_of_each(arrays.weights[row], above))
    constants = log_constants(built.family.name, count.astype(np.int64), exact.people.astype(np.int64))
    none = LaplaceApprox(np.zeros((1, len(row))), np.zeros((1, len(row))))
    return GroupSums(
        exact,
        none,
        constants,
        areas,
        starts,
        np.array(groups),
        np.concatenate(weights),
        np.array(sums),
        np.array(peaks),
    )


def _weights_of_each(weights: Floats, above: Indices) -> Floats:
    """Return the weight of one count of each row in the first column; beyond its table each is one."""
    result, inside = np.ones_like(weights), above < weights.shape[1]
    rows = np.flatnonzero(inside)
    result[:, 0] = 1.0
    result[rows, 0] = weights[rows, above[inside]]
    return result


def sample_own_effects(
    known: tuple[GroupSums, Indices] | None,
    arrays: ModelArrays,
    approx: LaplaceApprox,
    rule: QuadratureRule,
    area_params: Floats,
    variance: Floats,
    predictors: Floats,
    seed: int,
    each: Map,
) -> None:
    """Add the areas' own effects to linear predictors, given their counts and the totals of their groups.

    Parameters are those of `sample_area_effects`, with what totals tell, and counts drawn given these, before them.
    """
    if known is None:
        sample_area_effects(arrays, approx, rule, area_params, variance, predictors, seed, each)
        return
    sums, counts = known
    others = np.setdiff1d(np.arange(len(arrays.lower)), sums.areas)
    if len(others):
        part, there = np.ascontiguousarray(predictors[:, others]), at_rows(arrays, others)
        sample_area_effects(there, approx.at_rows(others), rule, area_params, variance, part, seed, each)
        predictors[:, others] = part
    sums.add_effects(rule, predictors, area_params, variance, counts, seed, each)


@compiled
def evidence_of_sums(
    log_pmf: Floats, starts: Indices, groups: Indices, weights: Floats, sums: Indices, peaks: Floats
) -> float:
    """Return the log evidence of all totals, from the log probability of each count of each cell (row,).

    The other arguments are the fields of `GroupSums`.
    """
    total = 0.0
    for g in range(len(peaks)):
        prefix = _prefixes(log_pmf, starts, groups[g], groups[g + 1], sums[g + 1] - sums[g])
        last, value = prefix[groups[g + 1] - groups[g]], 0.0
        for s in range(len(last)):
            value += last[s] * weights[sums[g] + s]
        total += math.log(max(value, 1e-300)) + peaks[g]
    return total


@compiled
def counts_of_sums(
    log_pmf: Floats,
    starts: Indices,
    groups: Indices,
    weights: Floats,
    sums: Indices,
    uniform: Floats,
    counts: Indices,
) -> None:
    """Write counts above the lowest of each cell (cell,), drawn given the totals.

    Parameters are those of `evidence_of_sums`; `uniform` holds numbers from 0 to 1, one for each cell and group.
    """
    for g in range(len(groups) - 1):
        of_sum, of_cells = uniform[len(counts) + g], uniform[groups[g] : groups[g + 1]]
        here = weights[sums[g] : sums[g + 1]]
        _draw_group(log_pmf, starts[groups[g] : groups[g + 1] + 1], here, of_sum, of_cells, counts[groups[g] :])


@compiled
def counts_of_draws(log_pmf: Floats, starts: Indices, weights: Floats, uniform: Floats, counts: Indices) -> None:
    """Write counts above the lowest of the cells of one group on each draw (draw, cell), given its total.

    Parameters
    ----------
    log_pmf : ndarray (draw, row)
        Log probability of each count of each cell.
    starts : ndarray of int64 (cell + 1,)
        Where the rows of each cell begin.
    weights : ndarray (sum,)
        Of each sum, up to a constant.
    uniform : ndarray (draw, cell + 1)
        Numbers from 0 to 1.
    counts : ndarray of int64 (draw, cell)
    """
    for d in range(len(log_pmf)):
        _draw_group(log_pmf[d], starts, weights, uniform[d, len(starts) - 1], uniform[d], counts[d])


@inner
def _draw_group(
    log_pmf: Floats, starts: Indices, weights: Floats, of_sum: float, of_cells: Floats, counts: Indices
) -> None:
    """Write the counts of one group, from the last cell to the first, each given the sum of those before it."""
    number = len(starts) - 1
    prefix = _prefixes(log_pmf, starts, 0, number, len(weights))
    last = prefix[number]
    for s in range(len(last)):
        last[s] *= weights[s]
    left = _index_of(last, of_sum)
    for cell in range(number - 1, -1, -1):
        begin, size = starts[cell], starts[cell + 1] - starts[cell]
        chances, peak = np.zeros(size), log_pmf[begin : begin + size].max()
        for k in range(min(size, left + 1)):
            chances[k] = math.exp(log_pmf[begin + k] - peak) * prefix[cell, left - k]
        counts[cell] = _index_of(chances, of_cells[cell])
        left -= counts[cell]


@inner
def _prefixes(log_pmf: Floats, starts: Indices, first: int, last: int, widest: int) -> Floats:
    """Return the probabilities of the sum of the first 0, 1, ... cells of a group, each cell's adding up to one."""
    prefix, width = np.zeros((last - first + 1, widest)), 1
    prefix[0, 0] = 1.0
    for cell in range(first, last):
        begin, size = starts[cell], starts[cell + 1] - starts[cell]
        peak, mass = log_pmf[begin : begin + size].max(), 0.0
        chances = np.empty(size)
        for k in range(size):
            chances[k] = math.exp(log_pmf[begin + k] - peak)
            mass += chances[k]
        before, after = prefix[cell - first], prefix[cell - first + 1]
        for k in range(size):
            chance = chances[k] / mass
            for s in range(width):
                after[s + k] += chance * before[s]
        width += size - 1
    return prefix


@inner
def _index_of(chances: Floats, uniform: float) -> int:
    """Return the index at which chances, added up, pass a share of their sum; where all vanish, the highest."""
    total = 0.0
    for k in range(len(chances)):
        total += chances[k]
    left = uniform * total
    for k in range(len(chances)):
        left -= chances[k]
        if left < 0.0:
            return k
    return len(chances) - 1
