"""The sds: where their posterior lies, what it is between a few dozen nodes, and draws from that surface.

Coordinates are square roots of the sds: the posterior is near normal in them, both where the data pin an sd down and
where it piles up at zero. The surface is interpolated from Laplace's evidence at the nodes; draws from it need no
evidence of their own, as the importance weights correct whatever the surface has wrong.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray
from scipy import interpolate, stats

Floats = NDArray[np.float64]
Evidence = Callable[[Sequence[Floats]], list[tuple[float, Floats]]]
"""From many vectors of sds to log p(counts, sds) and the mode of the field at each."""

NODES_EACH, NODES_MORE = 16, 12
"""Nodes of the surface for each sd, and beside those."""
WIDTH = 1.9
"""How much wider than the posterior the nodes lie."""
TAIL_SHARE = 0.03
"""Share of the heavy tail that is mixed in, so that no weight is without bound."""
SPREAD = 2.5
"""How much more variance the heavy tail has than the posterior where it is most likely."""
FREEDOM = 4
CUT = 0.995
"""Quantile at which the ratio of the surface to the tail is cut off."""
CANDIDATES = 20
"""Candidates for each draw wanted; about a third of them would be taken."""
SMALLEST = 0.01
"""Smallest coordinate: an sd a ten-thousandth of the most likely one is zero, and a dispersion has no digits there."""
DEEP = 30.0
"""Nodes whose log-density is that much under the best say nothing of the surface."""
STEP = 0.08
"""Of differences of the evidence, relative to a coordinate."""
NEAR = 0.2
"""Standard deviations from the most likely sds at which the search for them stops."""
FARTHEST = 1.0
"""Change of the logarithm of a coordinate that a step of the search may make."""
SEARCH = 40
"""Steps of the search."""


@dataclass(frozen=True)
class Surface:
    """The posterior of the sds between nodes.

    Parameters
    ----------
    best : ndarray (sd,)
        The most likely sds; coordinates are ``sqrt(sd / best)``.
    axes : ndarray (sd, sd)
        Standardised coordinates are ``axes^-1 (coordinates - 1)``.
    nodes : ndarray (node, sd)
        The sds at the nodes; the first is the most likely one.
    density : RBFInterpolator
        From standardised coordinates to log p(counts, sds) less its largest value.
    modes : RBFInterpolator
        From the same to the mode of the field.
    """

    best: Floats
    axes: Floats
    nodes: Floats
    density: interpolate.RBFInterpolator
    modes: interpolate.RBFInterpolator

    def standardised(self, sds: Floats) -> Floats:
        """Return the standardised coordinates of sds (draw, sd)."""
        return np.asarray(np.linalg.solve(self.axes, (np.sqrt(sds / self.best) - 1).T).T)

    def log_density(self, z: Floats) -> Floats:
        """Return log p(counts, sds) at standardised coordinates (draw, sd), up to a constant.

        Beyond its nodes an interpolation says nothing: there it goes on from where it left them, with a heavy tail.
        """
        beyond = self._beyond(z)
        return np.asarray(self.density(z / beyond[:, None]) - (FREEDOM + z.shape[1]) * np.log(beyond))

    def near(self, sds: Floats) -> Floats:
        """Return about the mode of the field at sds (draw, sd): (draw, D + G + 1)."""
        z = self.standardised(sds)
        return np.asarray(self.modes(z / self._beyond(z)[:, None]))

    def _beyond(self, z: Floats) -> Floats:
        """Return how many times farther than the farthest node coordinates are, at least once (draw,)."""
        reach, distance = (np.linalg.norm(each, axis=1) for each in (self.standardised(self.nodes), z))
        return np.maximum(distance / reach.max(), 1.0)


def most_likely(evidence: Evidence, unit: Floats) -> tuple[Floats, Floats]:
    """Return the sds at the mode of their posterior in square roots of them, and about the sd of each coordinate.

    Newton's method along each coordinate by itself, in logarithms: sds are hardly correlated, and the differences that
    give the slope give the curvature too. They are taken as far apart as the posterior turns out to be wide.

    Parameters
    ----------
    evidence : callable
    unit : ndarray (sd,)
        Typical sds, where the search starts.
    """

    def loss(points: list[Floats]) -> Floats:
        """Return minus the log-posterior of coordinates at logarithms of them."""
        found = evidence([unit * np.exp(2 * point) for point in points])
        return np.array([-value - point.sum() for (value, _), point in zip(found, points, strict=True)])

    here, steps = np.zeros(len(unit)), np.full(len(unit), STEP)
    for _ in range(SEARCH):
        moves = np.diag(steps)
        values = loss([here, *(here + moves), *(here - moves)])
        above, below = np.split(values[1:], 2)
        slope, curvature = (above - below) / (2 * steps), (above + below - 2 * values[0]) / steps**2
        sd = 1 / np.sqrt(np.maximum(curvature, 1.0))
        move = np.clip(-slope * sd**2, -FARTHEST, FARTHEST)
        while (np.abs(move) > NEAR * sd).any() and loss([here + move])[0] > values[0]:
            move /= 2
        here, steps = here + move, np.minimum(sd, STEP)
        if (np.abs(move) <= NEAR * sd).all():
            break
    return np.asarray(unit * np.exp(2 * here)), sd


def surface_of(evidence: Evidence, best: Floats, steps: Floats) -> Surface:
    """Interpolate the posterior of the sds around the most likely ones.

    Parameters
    ----------
    evidence : callable
    best, steps : ndarray (sd,)
        As `most_likely` returns them.
    """
    size = len(best)
    axes = _axes(evidence, best, steps)
    spread = stats.qmc.MultivariateNormalQMC(np.zeros(size), engine=stats.qmc.Halton(size, rng=1))
    z = np.concatenate([np.zeros((1, size)), WIDTH * spread.random(NODES_MORE + NODES_EACH * size)])
    # beyond zero the surface is mirrored: it is smooth there, as only the square of an sd matters
    coordinates = np.maximum(np.abs(1 + z @ axes.T), 5 * SMALLEST)
    z = np.linalg.solve(axes, (coordinates - 1).T).T
    nodes = best * coordinates**2
    found = evidence(list(nodes))
    density, modes = np.array([value for value, _ in found]), np.array([mode for _, mode in found])
    good = density > density.max() - DEEP
    density -= density.max()
    return Surface(best, axes, nodes[good], _interpolated(z[good], density[good]), _interpolated(z[good], modes[good]))


def draw_sds(surface: Surface, count: int, rng: Generator) -> tuple[Floats, Floats]:
    """Draw sds from the surface, with a little of a heavy tail mixed in.

    Parameters
    ----------
    surface : Surface
    count : int
    rng : Generator

    Returns
    -------
    tuple of ndarray
        The sds (draw, sd), and log of the density they were drawn with, up to a constant (draw,).
    """
    size = len(surface.best)
    tail = stats.multivariate_t([0.0] * size, SPREAD * np.eye(size), FREEDOM)
    z = tail.rvs(CANDIDATES * count, random_state=rng).reshape(-1, size)
    coordinates = 1 + z @ surface.axes.T
    inside = (coordinates > SMALLEST).all(axis=1)
    z, coordinates = z[inside], coordinates[inside]
    heavy = tail.logpdf(z)
    log_ratio = surface.log_density(z) + np.log(coordinates).sum(axis=1) - heavy
    mass = np.log(np.mean(np.exp(log_ratio - log_ratio.max()))) + log_ratio.max()
    log_ratio = np.logaddexp(log_ratio, np.log(TAIL_SHARE) + mass)
    # a few high ratios would turn nearly all candidates down; cut off, the density is another one, but known
    log_ratio = np.minimum(log_ratio, np.quantile(log_ratio, CUT))
    taken = np.flatnonzero(np.log(rng.random(len(z))) < log_ratio - log_ratio.max())[:count]
    # the density of the sds is that of the coordinates divided by their slope, 2 best coordinate
    log_density = (log_ratio + heavy)[taken] - np.log(coordinates[taken]).sum(axis=1)
    return surface.best * coordinates[taken] ** 2, log_density


def _axes(evidence: Evidence, best: Floats, steps: Floats) -> Floats:
    """Return the axes of the posterior of the coordinates, from second differences around the most likely ones."""
    roots, vectors = np.linalg.eigh(_precision(evidence, best, steps))
    # no coordinate is less sure than by itself
    return np.asarray(vectors / np.sqrt(np.maximum(roots, 1.0)))


def _precision(evidence: Evidence, best: Floats, steps: Floats) -> Floats:
    """Return minus the second differences of the log-posterior of the coordinates at 1, the most likely ones."""
    size, moves = len(best), np.diag(steps)
    pairs = [(i, j) for i in range(size) for j in range(i + 1)]
    signs = [(1, 1), (1, -1), (-1, 1), (-1, -1)]
    points = [1 + (one * moves[i] + other * moves[j]) / 2 for i, j in pairs for one, other in signs]
    found = evidence([best * point**2 for point in points])
    values = np.array([value + np.log(point).sum() for (value, _), point in zip(found, points, strict=True)])
    curvature = np.empty((size, size))
    for (i, j), (both, one, other, none) in zip(pairs, values.reshape(-1, 4), strict=True):
        curvature[i, j] = curvature[j, i] = -(both - one - other + none) / (steps[i] * steps[j])
    return curvature


def _interpolated(z: Floats, values: Floats) -> interpolate.RBFInterpolator:
    """Return a smooth surface through values at nodes: quadratic, plus what the nodes say beyond that."""
    return interpolate.RBFInterpolator(z, values, kernel="quintic", degree=2)
