"""Areas' own effects, drawn from their exact conditional given the count and everything else.

Log-concave conditionals are drawn by rejection under three tangents, for many draws at once: a concave function lies
below its tangents, and the exponential of the lowest of three is piecewise exponential, so that it can be sampled
directly (the envelope of adaptive rejection sampling, Gilks and Wild 1992).
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from bayesmodel.compiled import compiled, inner
from bayesmodel.logp.area_effects import marginal_loglik
from bayesmodel.logp.arrays import Indices, ModelArrays
from bayesmodel.logp.batch_loglik import IntervalCounts, interval_counts, out_in
from bayesmodel.logp.family_callback import evaluate
from bayesmodel.logp.quadrature import (
    STEP,
    EvalPoint,
    LaplaceApprox,
    QuadratureRule,
    approx_moments,
    excess_of,
    part_scale,
    variance_and_dispersion,
)
from bayesmodel.logp.vecmath import exponential, logarithm
from bayesmodel.parallel import Map

Floats = NDArray[np.float64]

METROPOLIS_STEPS = 12
"""Steps of independence Metropolis where there is no envelope; nearly every step is accepted."""
TANGENT_SPACING = 1.2
"""Sds between the points where tangents touch."""
MAX_CENTRAL_SLOPE = 1.0
"""Largest slope per sd of the central tangent; beyond it the mode is located exactly."""
HALVINGS = 50
"""Of the search for a mode."""
BLOCK = 64
"""Areas whose own effects are drawn from one random stream."""
OF_AREAS, OF_TOTALS = 4, 5
"""Random streams by which areas are special: given their counts, or counts drawn given totals."""


class Area(NamedTuple):
    """One area: its count, and what its predictor is conditioned on, arrays (draw,)."""

    number: int
    counts: IntervalCounts  # of one area
    eta: Floats  # about which its own effect varies
    effect_variance: Floats
    dispersion: Floats
    linear_term: Floats  # of the approximation of its count
    information: Floats


def sample_area_effects(
    arrays: ModelArrays,
    approx: LaplaceApprox,
    rule: QuadratureRule,
    area_params: Floats,
    variance: Floats,
    predictors: Floats,
    seed: int,
    each: Map,
) -> None:
    """Add the areas' own effects to linear predictors, each drawn from its exact conditional.

    Parameters
    ----------
    arrays : ModelArrays
    approx : LaplaceApprox
    rule : QuadratureRule
    area_params : ndarray (draw, A)
        As in `ModelArrays`.
    variance : ndarray (draw, pattern)
        That missing determinants leave.
    predictors : ndarray (draw, area)
        Without own effects on entry, with them on return.
    seed : int
    each : callable
        `map`, or that of a pool of threads: order does not matter.
    """
    add = add_by_rejection if arrays.log_concave else add_by_metropolis
    area_params = np.ascontiguousarray(area_params)  # so that it is compiled for one type
    special = np.zeros(predictors.shape, dtype=bool)

    def choose(draw: int) -> None:
        point = EvalPoint(predictors[draw], area_params[draw], variance[draw])
        special[draw] = draw_special(arrays, approx, rule, point, np.random.default_rng([seed, OF_AREAS, draw]))

    def fill(first: int) -> None:
        block = slice(first, first + BLOCK)
        part, chosen = (np.ascontiguousarray(field[:, block].T) for field in (predictors, special))
        add(arrays, approx, area_params, variance, chosen, np.random.default_rng([seed, first]), first, part)
        predictors[:, block] = part.T

    if arrays.parts > 1:
        for _ in each(choose, range(len(predictors))):
            pass
    for _ in each(fill, range(0, predictors.shape[1], BLOCK)):
        pass


def draw_special(
    arrays: ModelArrays, approx: LaplaceApprox, rule: QuadratureRule, point: EvalPoint, rng: Generator
) -> NDArray[np.bool_]:
    """Draw which areas are special, given their counts, at linear predictors without own effects (area,)."""
    chance = marginal_loglik(arrays, approx, rule, *point).special
    return np.asarray(rng.random(len(chance)) < chance)


@compiled
def add_by_rejection(
    arrays: ModelArrays,
    approx: LaplaceApprox,
    area_params: Floats,
    variance: Floats,
    special: NDArray[np.bool_],
    rng: Generator,
    first: int,
    predictors: Floats,
) -> None:
    """Do so by rejection for areas from `first` on; predictors, and which areas are special (area, draw)."""
    size = predictors.shape[1]
    for row in range(len(predictors)):
        area = _area_of(arrays, approx, first + row, predictors[row], area_params, variance, special[row])
        if _sample_unobserved(arrays, area, rng, predictors[row]):
            continue
        mode, sd = _moments(area)
        tangents = _tangents(arrays, area, mode, sd)
        lost, found = np.empty(size, dtype=np.int64), 0
        for s in range(size):
            steep = abs(tangents.slope[1, s]) * sd[s] > MAX_CENTRAL_SLOPE
            if steep or tangents.slope[0, s] <= 0.0 or tangents.slope[2, s] >= 0.0:
                lost[found] = s
                found += 1
        if found:
            _find_modes(arrays, area, lost[:found], mode, sd)
            tangents = _tangents(arrays, area, mode, sd)
        envelope = envelope_of(tangents)
        pending = np.arange(size)
        while len(pending):
            at, height = propose(envelope, pending, rng)
            reached, _ = _conditional(arrays, area, pending, at)
            left = 0
            for p in range(len(pending)):
                if rng.standard_exponential() <= height[p] - reached[p]:
                    pending[left] = pending[p]
                    left += 1
                else:  # a NaN ends here too
                    predictors[row, pending[p]] = at[p]
            pending = pending[:left]


@compiled
def add_by_metropolis(
    arrays: ModelArrays,
    approx: LaplaceApprox,
    area_params: Floats,
    variance: Floats,
    special: NDArray[np.bool_],
    rng: Generator,
    first: int,
    predictors: Floats,
) -> None:
    """Do so by a few steps of independence Metropolis with a normal proposal, where there is no envelope."""
    size = predictors.shape[1]
    every, held, v, z = np.arange(size), np.empty(size), np.empty(size), np.empty(size)
    for row in range(len(predictors)):
        area = _area_of(arrays, approx, first + row, predictors[row], area_params, variance, special[row])
        if _sample_unobserved(arrays, area, rng, predictors[row]):
            continue
        mode, sd = _moments(area)
        for s in range(size):
            predictors[row, s], held[s] = mode[s], -np.inf
        for _ in range(METROPOLIS_STEPS):
            for s in range(size):
                z[s] = rng.standard_normal()
                v[s] = mode[s] + 1.1 * sd[s] * z[s]
            weight, _slope = _conditional(arrays, area, every, v)
            for s in range(size):
                reached = weight[s] + 0.5 * z[s] * z[s]
                if rng.standard_exponential() > held[s] - reached:
                    predictors[row, s], held[s] = v[s], reached


@inner
def _area_of(
    arrays: ModelArrays,
    approx: LaplaceApprox,
    i: int,
    predictors: Floats,
    area_params: Floats,
    variance: Floats,
    special: NDArray[np.bool_],
) -> Area:
    """Return an area with what its predictor is conditioned on: on each draw special or not."""
    size = len(special)
    effect_variance, dispersion, centre = np.empty(size), np.empty(size), np.empty(size)
    linear_term, information = np.empty(size), np.empty(size)
    for s in range(size):
        part = 1 if special[s] else 0
        excess = excess_of(arrays, area_params[s], i)
        centre[s] = predictors[s] + excess * arrays.cluster_mean[i]
        besides = variance[s, arrays.pattern[i]] + excess * arrays.cluster_variance[i]
        effect_variance[s], dispersion[s] = variance_and_dispersion(
            arrays, part_scale(arrays, area_params[s, 0], part), besides
        )
        linear_term[s], information[s] = approx.linear_term[part, i], approx.information[part, i]
    count = interval_counts(arrays, i, i + 1)
    return Area(i, count, centre, effect_variance, dispersion, linear_term, information)


@inner
def _repeated(one: IntervalCounts, size: int) -> IntervalCounts:
    """Return the count of one area, as observed, once per draw."""
    return IntervalCounts(
        np.full(size, one.observed_mask[0]),
        np.full(size, one.lower[0]),
        np.full(size, one.upper[0]),
        np.full(size, one.people[0]),
        np.full(size, one.log_people[0]),
        np.arange(size if len(one.wide) else 0),
        _rows_of(one.weights, size),
    )


@inner
def _rows_of(one: Floats, size: int) -> Floats:
    """Return one row (1, width) that many times."""
    rows = np.empty((size, one.shape[1]))
    for s in range(size):
        for j in range(one.shape[1]):
            rows[s, j] = one[0, j]
    return rows


@inner
def _sample_unobserved(arrays: ModelArrays, area: Area, rng: Generator, result: Floats) -> bool:
    """Draw from the prior and return True where there is no count, or nothing to draw."""
    if arrays.observed_mask[area.number] != 0.0 and area.effect_variance.min() > 0.0:
        return False
    for s in range(len(result)):
        result[s] = area.eta[s] + math.sqrt(area.effect_variance[s]) * rng.standard_normal()
    return True


@inner
def _moments(area: Area) -> tuple[Floats, Floats]:
    """Return approximate mean and sd of the predictor for each draw."""
    mode, sd = np.empty(len(area.eta)), np.empty(len(area.eta))
    for s in range(len(mode)):
        mode[s], sd[s] = approx_moments(area.linear_term[s], area.information[s], area.eta[s], area.effect_variance[s])
    return mode, sd


@inner
def _conditional(arrays: ModelArrays, area: Area, draws: Indices, v: Floats) -> tuple[Floats, Floats]:
    """Return the log density of predictors of some draws, up to a constant, and its slope."""
    size, counts = len(v), _repeated(area.counts, len(v))
    out = out_in(np.empty(4 * size), 1, size)
    evaluate(arrays, counts, v.reshape((1, size)), area.dispersion[draws], out)
    value, slope = out.value[0], out.slope[0]
    for p in range(size):
        away, effect_variance = v[p] - area.eta[draws[p]], area.effect_variance[draws[p]]
        value[p] -= 0.5 * away * away / effect_variance
        slope[p] -= away / effect_variance
    return value, slope


@inner
def _tangents(arrays: ModelArrays, area: Area, mode: Floats, sd: Floats) -> Tangents:
    """Return the tangents at the centre and on either side."""
    size, every = len(mode), np.arange(len(mode))
    tangents = Tangents(np.empty((3, size)), np.empty((3, size)), np.empty((3, size)))
    for j in range(3):
        for s in range(size):
            tangents.at[j, s] = mode[s] + (j - 1) * TANGENT_SPACING * sd[s]
        height, slope = _conditional(arrays, area, every, tangents.at[j])
        for s in range(size):  # assigning an array takes a second longer to compile
            tangents.height[j, s], tangents.slope[j, s] = height[s], slope[s]
    return tangents


@inner
def _find_modes(arrays: ModelArrays, area: Area, lost: Indices, mode: Floats, sd: Floats) -> None:
    """Overwrite mode and sd of some draws by bisection, where the approximation is poor."""
    size = len(lost)
    bounds, centre, width = np.empty((2, size)), np.empty(size), np.empty(size)
    for side in range(2):
        outward = 1.0 if side else -1.0
        for p in range(size):
            bounds[side, p], width[p] = mode[lost[p]], sd[lost[p]]
        inside = False
        while not inside:
            slope, inside = _conditional(arrays, area, lost, bounds[side])[1], True
            for p in range(size):
                if outward * slope[p] >= 0.0:
                    bounds[side, p] += outward * width[p]
                    width[p], inside = 2.0 * width[p], False
    for _ in range(HALVINGS):
        for p in range(size):
            centre[p] = 0.5 * (bounds[0, p] + bounds[1, p])
        slope = _conditional(arrays, area, lost, centre)[1]
        for p in range(size):
            bounds[0 if slope[p] > 0.0 else 1, p] = centre[p]
    rise = _conditional(arrays, area, lost, centre + STEP)[1] - _conditional(arrays, area, lost, centre - STEP)[1]
    for p in range(size):
        precision = max(-rise[p] / (2.0 * STEP), 1.0 / area.effect_variance[lost[p]])
        mode[lost[p]], sd[lost[p]] = centre[p], 1.0 / math.sqrt(precision)


FLAT = 1e-4
"""Change of the log density over the central piece below which it is treated as flat."""


class Tangents(NamedTuple):
    """Log density and slope at three points from left to right, each (3, draw).

    The first slope must be positive and the last negative, or the envelope is not integrable.
    """

    at: Floats
    height: Floats
    slope: Floats


class Envelope(NamedTuple):
    """Three exponential pieces, each array (draw,): where they meet, their heights, slopes and masses."""

    first: Floats
    last: Floats
    first_height: Floats
    last_height: Floats
    slope: Floats  # (3, draw)
    mass: Floats  # (3, draw), relative to the height of the central tangent point


@inner
def envelope_of(tangents: Tangents) -> Envelope:
    """Return the envelope of three tangents."""
    size = tangents.at.shape[1]
    meet, height = np.empty((2, size)), np.empty((2, size))
    slope, mass = tangents.slope.copy(), np.empty((3, size))
    for j in range(2):
        for s in range(size):
            left, right = tangents.at[j, s], tangents.at[j + 1, s]
            slope_change = slope[j, s] - slope[j + 1, s]
            fall = tangents.height[j + 1, s] - tangents.height[j, s] - slope[j + 1, s] * (right - left)
            # parallel tangents are the same line, and meet anywhere
            move = fall / slope_change if slope_change > 0.0 else 0.5 * (right - left)
            meet[j, s] = left + min(max(move, 0.0), right - left)
            height[j, s] = tangents.height[j, s] + slope[j, s] * (meet[j, s] - left)
    for s in range(size):
        if abs(slope[1, s]) * (meet[1, s] - meet[0, s]) < FLAT:
            slope[1, s] = 0.0
            height[0, s] = height[1, s] = max(height[0, s], height[1, s])
    at_first, at_last = exponential(height[0] - tangents.height[1]), exponential(height[1] - tangents.height[1])
    for s in range(size):
        mass[0, s] = at_first[s] / slope[0, s]
        mass[2, s] = -at_last[s] / slope[2, s]
        if slope[1, s] == 0.0:
            mass[1, s] = at_first[s] * (meet[1, s] - meet[0, s])
        else:
            mass[1, s] = (at_last[s] - at_first[s]) / slope[1, s]
    return Envelope(meet[0], meet[1], height[0], height[1], slope, mass)


@inner
def propose(envelope: Envelope, pending: Indices, rng: Generator) -> tuple[Floats, Floats]:
    """Return a draw from the envelope for each pending draw, and its log height there."""
    size = len(pending)
    base, height, slope, share = np.empty(size), np.empty(size), np.empty(size), np.empty(size)
    for p in range(size):
        s = pending[p]
        left, mode, right = envelope.mass[0, s], envelope.mass[1, s], envelope.mass[2, s]
        u = rng.random() * (left + mode + right)
        if u < left:
            base[p], height[p], slope[p] = envelope.first[s], envelope.first_height[s], envelope.slope[0, s]
            share[p] = u / left
        elif u < left + mode:
            base[p], height[p], slope[p] = envelope.first[s], envelope.first_height[s], envelope.slope[1, s]
            share[p] = (u - left) / mode
            if slope[p] == 0.0:
                base[p] += share[p] * (envelope.last[s] - envelope.first[s])
                share[p] = 1.0
            else:
                rise = np.exp(envelope.last_height[s] - envelope.first_height[s]) - 1.0
                share[p] = 1.0 + share[p] * rise
        else:
            base[p], height[p], slope[p] = envelope.last[s], envelope.last_height[s], envelope.slope[2, s]
            share[p] = 1.0 - (u - left - mode) / right
        share[p] = max(share[p], 1e-300)
    rise = logarithm(share)
    for p in range(size):
        if slope[p] != 0.0:
            base[p] += rise[p] / slope[p]
        height[p] += rise[p]
    return base, height
