"""Each area's predictor with its own effect, drawn from its exact conditional given its count and everything else.

Draws from many log-concave densities at once, by rejection under three tangents.

A concave function lies under each of its tangents; the exponential of the lowest of three is a density of three pieces
that is drawn from directly (the envelope of adaptive rejection sampling, Gilks and Wild 1992).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from typing import NamedTuple

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from bayesmodel.compiled import compiled, inner
from bayesmodel.logp.arrays import Forest, Indices
from bayesmodel.logp.batch_loglik import Rows, answer_in, rows_of
from bayesmodel.logp.family_callback import ask
from bayesmodel.logp.quadrature import STEP, Centres, middle_of, own_spread
from bayesmodel.logp.vecmath import exponential, logarithm

Floats = NDArray[np.float64]

BETA_BINOMIAL = 3
WALK = 12
"""Steps of the independence sampler where rejection has no envelope; each accepts nearly always."""
APART = 1.2
"""Sds between the places where tangents touch."""
CENTRED = 1.0
"""Slope, per sd, that the middle tangent may have before its place is worked out anew."""
HALVINGS = 50


BLOCK = 64
"""Areas whose own effects are drawn from one stream of random numbers."""

Map = Callable[[Callable[[int], None], Iterable[int]], Iterable[None]]
"""`map`, or that of a pool of threads."""


class Area(NamedTuple):
    """One area's count, and what its predictor is drawn given: arrays (draw,)."""

    number: int
    interval: Rows  # of one row
    eta: Floats
    own: Floats
    dispersion: Floats


def draw_own(
    forest: Forest, centres: Centres, spread: Floats, variance: Floats, predictors: Floats, seed: int, each: Map
) -> None:
    """Add to linear predictors the areas' own effects, each drawn from its exact conditional.

    Parameters
    ----------
    forest : Forest
    centres : Centres
    spread : ndarray (draw,)
        Sd of the areas' own effects, or the dispersion.
    variance : ndarray (draw, pattern)
        What missing determinants leave.
    predictors : ndarray (draw, area)
        Without those effects; with them afterwards.
    seed : int
    each : callable
        Applies a function to every one of many areas: the order does not matter.
    """
    add = add_walked if forest.family == BETA_BINOMIAL else add_rejected
    spread = np.ascontiguousarray(spread)  # for which it is compiled once

    def fill(first: int) -> None:
        part = np.ascontiguousarray(predictors[:, first : first + BLOCK].T)
        add(forest, centres, spread, variance, np.random.default_rng([seed, first]), first, part)
        predictors[:, first : first + BLOCK] = part.T

    for _ in each(fill, range(0, predictors.shape[1], BLOCK)):
        pass


@compiled
def add_rejected(
    forest: Forest, centres: Centres, spread: Floats, variance: Floats, rng: Generator, first: int, predictors: Floats
) -> None:
    """Do so for the areas from `first` on, predictors (area, draw), by rejection."""
    for row in range(len(predictors)):
        area = _area_of(forest, first + row, predictors[row], spread, variance)
        if not _drawn_freely(forest, area, rng, predictors[row]):
            middle, sd = _around(centres, area)
            _reject(forest, area, middle, sd, rng, predictors[row])


@compiled
def add_walked(
    forest: Forest, centres: Centres, spread: Floats, variance: Floats, rng: Generator, first: int, predictors: Floats
) -> None:
    """Do so by a few steps of a Markov chain; a function of its own, as few studies need it compiled."""
    for row in range(len(predictors)):
        area = _area_of(forest, first + row, predictors[row], spread, variance)
        if not _drawn_freely(forest, area, rng, predictors[row]):
            middle, sd = _around(centres, area)
            _walk(forest, area, middle, sd, rng, predictors[row])


@inner
def _area_of(forest: Forest, i: int, predictors: Floats, spread: Floats, variance: Floats) -> Area:
    """Return an area, and what its predictor is drawn given."""
    own, dispersion = np.empty(len(spread)), np.empty(len(spread))
    for s in range(len(spread)):
        own[s], dispersion[s] = own_spread(forest, spread[s], variance[s, forest.pattern[i]])
    return Area(i, rows_of(forest, i, i + 1), predictors.copy(), own, dispersion)


@inner
def _drawn_freely(forest: Forest, area: Area, rng: Generator, result: Floats) -> bool:
    """Add what no count restrains, if that is so."""
    if forest.told[area.number] != 0.0 and area.own.min() > 0.0:
        return False
    for s in range(len(result)):
        result[s] += math.sqrt(area.own[s]) * rng.standard_normal()
    return True


@inner
def _around(centres: Centres, area: Area) -> tuple[Floats, Floats]:
    """Return about where the predictor of each draw lies, and its sd."""
    middle, sd = np.empty(len(area.eta)), np.empty(len(area.eta))
    for s in range(len(middle)):
        middle[s], sd[s] = middle_of(centres, area.number, area.eta[s], area.own[s])
    return middle, sd


@inner
def _reject(forest: Forest, area: Area, middle: Floats, sd: Floats, rng: Generator, result: Floats) -> None:
    """Write draws (draw,) of ``P(count | v) Normal(v; eta, own)``, for a log-probability that is concave in v."""
    size = len(middle)
    tangents, lost = _tangents(forest, area, middle, sd), False
    for s in range(size):
        steep = abs(tangents.slope[1, s]) * sd[s] > CENTRED
        if steep or tangents.slope[0, s] <= 0.0 or tangents.slope[2, s] >= 0.0:
            middle[s], sd[s] = _settled(forest, area, s, middle[s], sd[s])
            lost = True
    if lost:
        tangents = _tangents(forest, area, middle, sd)
    envelope = envelope_of(tangents)
    pending = np.arange(size)
    while len(pending):
        place, height = propose(envelope, pending, rng)
        reached, _ = _conditional(forest, area, pending, place)
        left = 0
        for p in range(len(pending)):
            if rng.standard_exponential() <= height[p] - reached[p]:
                pending[left] = pending[p]
                left += 1
            else:  # a draw that is no number ends here too
                result[pending[p]] = place[p]
        pending = pending[:left]


@inner
def _walk(forest: Forest, area: Area, middle: Floats, sd: Floats, rng: Generator, result: Floats) -> None:
    """Write the last of a few steps of independence Metropolis from a normal proposal, for a beta-binomial."""
    every, held = np.arange(len(middle)), np.full(len(middle), -np.inf)
    for s in range(len(middle)):
        result[s] = middle[s]
    for _ in range(WALK):
        z = rng.standard_normal(len(middle))
        v = middle + 1.1 * sd * z
        weight, _ = _conditional(forest, area, every, v)
        for s in range(len(middle)):
            reached = weight[s] + 0.5 * z[s] * z[s]
            if rng.standard_exponential() > held[s] - reached:
                result[s], held[s] = v[s], reached


@inner
def _conditional(forest: Forest, area: Area, draws: Indices, v: Floats) -> tuple[Floats, Floats]:
    """Return the log-density of the predictors of some draws, up to a constant, and its slope."""
    size, one = len(v), area.interval
    rows = Rows(
        np.ones(size),
        np.full(size, one.lower[0]),
        np.full(size, one.upper[0]),
        np.full(size, one.people[0]),
        np.full(size, one.log_people[0]),
        np.arange(size if len(one.several) else 0),
    )
    answer = answer_in(np.empty(4 * size), 1, size)
    ask(forest, rows, v.reshape((1, size)), area.dispersion[draws], answer)
    value, slope = answer.value[0], answer.slope[0]
    for p in range(size):
        away, own = v[p] - area.eta[draws[p]], area.own[draws[p]]
        value[p] -= 0.5 * away * away / own
        slope[p] -= away / own
    return value, slope


@inner
def _tangents(forest: Forest, area: Area, middle: Floats, sd: Floats) -> Tangents:
    """Return the tangents at the middle and on either side of it."""
    size, every = len(middle), np.arange(len(middle))
    tangents = Tangents(np.empty((3, size)), np.empty((3, size)), np.empty((3, size)))
    for j in range(3):
        for s in range(size):
            tangents.place[j, s] = middle[s] + (j - 1) * APART * sd[s]
        height, slope = _conditional(forest, area, every, tangents.place[j])
        for s in range(size):  # to assign an array takes a second more to compile
            tangents.height[j, s], tangents.slope[j, s] = height[s], slope[s]
    return tangents


@inner
def _settled(forest: Forest, area: Area, s: int, middle: float, sd: float) -> tuple[float, float]:
    """Return where the log-density of one draw is highest, and its sd there, by halving; for a bad first guess."""
    left, right, reach = middle, middle, sd
    while _slope(forest, area, s, left) <= 0.0:
        left, reach = left - reach, 2.0 * reach
    reach = sd
    while _slope(forest, area, s, right) >= 0.0:
        right, reach = right + reach, 2.0 * reach
    for _ in range(HALVINGS):
        middle = 0.5 * (left + right)
        if _slope(forest, area, s, middle) > 0.0:
            left = middle
        else:
            right = middle
    rise = _slope(forest, area, s, middle + STEP) - _slope(forest, area, s, middle - STEP)
    return middle, 1.0 / math.sqrt(max(-rise / (2.0 * STEP), 1.0 / area.own[s]))


@inner
def _slope(forest: Forest, area: Area, s: int, v: float) -> float:
    """Return the slope of the log-density of one draw."""
    slope: float = _conditional(forest, area, np.full(1, s), np.full(1, v))[1][0]
    return slope


FLAT = 1e-4
"""Change along the middle piece up to which it is taken as flat, at its higher end."""


class Tangents(NamedTuple):
    """The log-density and its slope at three places from left to right, each (3, draw).

    The first slope is positive and the last negative, or the envelope has no end.
    """

    place: Floats
    height: Floats
    slope: Floats


class Envelope(NamedTuple):
    """Three exponential pieces, each value (draw,): where they meet, how high, and how much mass each has."""

    first: Floats
    last: Floats
    first_height: Floats
    last_height: Floats
    slope: Floats  # (3, draw)
    mass: Floats  # (3, draw), relative to the height of the middle tangent where it touches


@inner
def envelope_of(tangents: Tangents) -> Envelope:
    """Return the envelope under three tangents."""
    size = tangents.place.shape[1]
    meet, height = np.empty((2, size)), np.empty((2, size))
    slope, mass = tangents.slope.copy(), np.empty((3, size))
    for j in range(2):
        for s in range(size):
            left, right = tangents.place[j, s], tangents.place[j + 1, s]
            bend = slope[j, s] - slope[j + 1, s]
            fall = tangents.height[j + 1, s] - tangents.height[j, s] - slope[j + 1, s] * (right - left)
            # without a bend the two tangents are one, and meet anywhere
            move = fall / bend if bend > 0.0 else 0.5 * (right - left)
            meet[j, s] = left + min(max(move, 0.0), right - left)
            height[j, s] = tangents.height[j, s] + slope[j, s] * (meet[j, s] - left)
    for s in range(size):
        if abs(slope[1, s]) * (meet[1, s] - meet[0, s]) < FLAT:
            slope[1, s] = 0.0
            height[:, s] = max(height[0, s], height[1, s])
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
    """Return a draw of the envelope for each of the pending draws, and the envelope's log-height there."""
    size = len(pending)
    base, height, slope, share = np.empty(size), np.empty(size), np.empty(size), np.empty(size)
    for p in range(size):
        s = pending[p]
        left, middle, right = envelope.mass[0, s], envelope.mass[1, s], envelope.mass[2, s]
        u = rng.random() * (left + middle + right)
        if u < left:
            base[p], height[p], slope[p] = envelope.first[s], envelope.first_height[s], envelope.slope[0, s]
            share[p] = u / left
        elif u < left + middle:
            base[p], height[p], slope[p] = envelope.first[s], envelope.first_height[s], envelope.slope[1, s]
            share[p] = (u - left) / middle
            if slope[p] == 0.0:
                base[p] += share[p] * (envelope.last[s] - envelope.first[s])
                share[p] = 1.0
            else:
                rise = np.exp(envelope.last_height[s] - envelope.first_height[s]) - 1.0
                share[p] = 1.0 + share[p] * rise
        else:
            base[p], height[p], slope[p] = envelope.last[s], envelope.last_height[s], envelope.slope[2, s]
            share[p] = 1.0 - (u - left - middle) / right
        share[p] = max(share[p], 1e-300)
    rise = logarithm(share)
    for p in range(size):
        if slope[p] != 0.0:
            base[p] += rise[p] / slope[p]
        height[p] += rise[p]
    return base, height
