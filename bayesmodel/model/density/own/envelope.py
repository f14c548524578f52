"""Draws from many log-concave densities at once, by rejection under three tangents.

A concave function lies under each of its tangents; the exponential of the lowest of three is a density of three pieces
that is drawn from directly (the envelope of adaptive rejection sampling, Gilks and Wild 1992).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from bayesmodel.model.density.compiled import inner
from bayesmodel.model.density.vector import exponential, logarithm

Floats = NDArray[np.float64]
Indices = NDArray[np.int64]

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
