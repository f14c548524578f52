"""The hyperparameters, which are sds: the mode of their posterior, its surface interpolated between nodes, and draws.

Coordinates are square roots of the sds: the posterior is nearly normal in them, both where the data identify an sd and
where it piles up at zero. The surface interpolates the Laplace evidence at a few dozen nodes; draws from it need no
evidence of their own, as importance weights correct the error of the surface.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray
from scipy import interpolate, special

from bayesmodel.laplace.nodes import normal_nodes
from bayesmodel.messages import _

Floats = NDArray[np.float64]
Evidence = Callable[[Sequence[Floats]], list[tuple[float, Floats]]]
"""From vectors of sds to log p(counts, sds) and the mode of the field at each."""

NODES_EACH, NODES_MORE = 16, 12
"""Nodes of the surface per sd, and in addition."""
NODES_OF_FEW, FEW, SEVERAL = 32, 800, 5
"""Nodes per sd of up to so many areas, with so many sds or more: the posterior is farther from normal there."""
MANY, MORE_ROUNDS = 6, 2
"""Sds from which the surface gets as many nodes again where it is high itself, and how often."""
SEED = 20240117
WIDTH = 1.9
"""Spread of the nodes in posterior sds."""
TAIL_SHARE = 0.03
"""Mixture weight of the heavy tail, which bounds the importance weights."""
TAIL_VARIANCE = 2.5
"""Variance of the heavy tail relative to the posterior at its mode."""
FREEDOM = 4
"""Degrees of freedom of the heavy tail."""
CUT = 0.995
"""Quantile at which the ratio of surface to tail is truncated."""
CANDIDATES = 5
"""Candidates per draw at once; about a third is accepted."""
MAX_ROUNDS = 40
"""Of candidates, before fewer draws than requested are given."""
PILOTS, ROUNDS = 5000, 2
"""Candidates that tell mean and covariance of the surface, and how often."""
FEWEST = 20
"""Effective candidates per sd below which they do not tell it."""
NARROWEST = 0.01
"""Variance added in each direction: a surface that narrow would be a fault of its nodes."""
SMALLEST = 0.01
"""Smallest coordinate: an sd of a ten-thousandth of the mode is zero for all purposes."""
DEEP = 30.0
"""Nodes whose log density is that far below the best are dropped."""
STEP = 0.08
"""Relative step of differences of the evidence in a coordinate."""
TOLERANCE = 0.2
"""Posterior sds from the mode at which the search stops."""
FARTHEST_DIFFERENCE = 0.5
"""Largest step of a second difference: a coordinate of 1 less a step of 1 would be an sd of zero."""
FARTHEST = 1.0
"""Largest change of the log of a coordinate in one step of the search."""
MAX_STEPS = 40
"""Of the search for the mode."""
TILT_AT = 1.5
"""Standardised coordinates, on either side of the mode, where the error of the evidence is measured."""


@dataclass(frozen=True)
class Surface:
    """The posterior of the sds between nodes.

    Parameters
    ----------
    best : ndarray (sd,)
        The sds at the mode; coordinates are ``sqrt(sd / best)``.
    axes : ndarray (sd, sd)
        Standardised coordinates are ``axes^-1 (coordinates - 1)``.
    nodes : ndarray (node, sd)
        The sds at the nodes, the mode first.
    density : callable
        From standardised coordinates to log p(counts, sds) minus its maximum.
    modes : callable
        From the same to the mode of the field.
    tilt : ndarray (sd,)
        Slope of the error of the Laplace evidence along the standardised coordinates, as `tilted` finds it.
    """

    best: Floats
    axes: Floats
    nodes: Floats
    density: Callable[[Floats], Floats]
    modes: Callable[[Floats], Floats]
    tilt: Floats

    def standardised(self, sds: Floats) -> Floats:
        """Return the standardised coordinates of sds (draw, sd)."""
        return np.asarray(np.linalg.solve(self.axes, (np.sqrt(sds / self.best) - 1).T).T)

    def log_density(self, z: Floats) -> Floats:
        """Return log p(counts, sds) at standardised coordinates (draw, sd), up to a constant.

        Beyond the nodes the interpolation is not trusted: there the surface continues with a heavy tail.
        """
        beyond = self._beyond(z)
        inside = z / beyond[:, None]
        return np.asarray(self.density(inside) + inside @ self.tilt - (FREEDOM + z.shape[1]) * np.log(beyond))

    def field_modes(self, sds: Floats) -> Floats:
        """Return the approximate mode of the field at sds (draw, sd): (draw, D + G + 1)."""
        z = self.standardised(sds)
        return np.asarray(self.modes(z / self._beyond(z)[:, None]))

    @property
    def around(self) -> Floats:
        """The sds on either side of the mode along each axis (2 sd, sd)."""
        moves = TILT_AT * np.eye(len(self.best))
        coordinates = np.abs(1 + np.concatenate([moves, -moves]) @ self.axes.T)
        return np.asarray(self.best * np.maximum(coordinates, 5 * SMALLEST) ** 2)

    def _beyond(self, z: Floats) -> Floats:
        """Return the distance of coordinates relative to the farthest node, at least 1 (draw,)."""
        radius, distance = (np.linalg.norm(each, axis=1) for each in (self.standardised(self.nodes), z))
        return np.maximum(distance / radius.max(), 1.0)


def sds_at_mode(
    evidence: Evidence,
    unit: Floats,
    moved: Callable[[Floats], None] = lambda sds: None,
    most: int = MAX_STEPS,
) -> tuple[Floats, Floats]:
    """Return the mode of the posterior of the sds, in square roots of them, and approximate sds of the coordinates.

    Coordinate-wise Newton steps in logarithms: sds are hardly correlated, and the same differences give gradient and
    curvature. The step of the differences follows the width of the posterior.

    Parameters
    ----------
    evidence : callable
    unit : ndarray (sd,)
        Typical sds, where the search starts.
    moved : callable, optional
        Called with the sds after each step, so that `evidence` can follow.
    most : int
        Steps.
    """

    def loss(points: list[Floats]) -> Floats:
        """Return minus the log posterior at logarithms of the coordinates."""
        found = evidence([unit * np.exp(2 * point) for point in points])
        return np.array([-value - point.sum() for (value, _), point in zip(found, points, strict=True)])

    here, steps = np.zeros(len(unit)), np.full(len(unit), STEP)
    for _step in range(most):
        moves = np.diag(steps)
        values = loss([here, *(here + moves), *(here - moves)])
        above, below = np.split(values[1:], 2)
        slope, curvature = (above - below) / (2 * steps), (above + below - 2 * values[0]) / steps**2
        sd = 1 / np.sqrt(np.maximum(curvature, 1.0))
        move = np.clip(-slope * sd**2, -FARTHEST, FARTHEST)
        while (np.abs(move) > TOLERANCE * sd).any() and loss([here + move])[0] > values[0]:
            move /= 2
        here, steps = here + move, np.minimum(sd, STEP)
        moved(unit * np.exp(2 * here))
        if (np.abs(move) <= TOLERANCE * sd).all():
            break
    return np.asarray(unit * np.exp(2 * here)), sd


def surface_of(evidence: Evidence, best: Floats, steps: Floats, areas: int = FEW + 1) -> Surface:
    """Interpolate the posterior of the sds around its mode.

    Of many sds some are hardly known, and the posterior is far from normal in them: nodes that are spread as a normal
    distribution miss where it is. More are then drawn from the surface itself.

    Parameters
    ----------
    evidence : callable
    best, steps : ndarray (sd,)
        As `sds_at_mode` returns them.
    areas : int
        How many areas there are.
    """
    size = len(best)
    each = NODES_OF_FEW if areas <= FEW and size >= SEVERAL else NODES_EACH
    axes = principal_axes(evidence, best, steps)
    z = np.concatenate([np.zeros((1, size)), WIDTH * normal_nodes(NODES_MORE + each * size, size)])
    # the surface is mirrored at zero, where it is smooth: only the square of an sd matters
    nodes = best * np.maximum(np.abs(1 + z @ axes.T), 5 * SMALLEST) ** 2
    found, rng = evidence(list(nodes)), np.random.default_rng(SEED)
    surface = _through(best, axes, nodes, found)
    for _round in range(MORE_ROUNDS if size >= MANY else 0):
        more, _log_density = draw_sds(sds_proposal(surface, rng), NODES_EACH * size, rng)
        nodes, found = np.concatenate([nodes, more]), [*found, *evidence(list(more))]
        surface = _through(best, axes, nodes, found)
    return surface


def _through(best: Floats, axes: Floats, nodes: Floats, found: list[tuple[float, Floats]]) -> Surface:
    """Return the surface through nodes (node, sd), given log density and mode at each."""
    size, z = len(best), np.linalg.solve(axes, (np.sqrt(nodes / best) - 1).T).T
    density, modes = np.array([value for value, _ in found]), np.array([mode for _, mode in found])
    good = density > density.max() - DEEP
    density -= density.max()
    if good.sum() < (size + 1) * (size + 2) // 2:  # a quadratic surface has as many coefficients
        raise np.linalg.LinAlgError(few_nodes(int(good.sum()), len(good)))
    of_density, of_modes = (_interpolated(z[good], values[good]) for values in (density, modes))
    return Surface(best, axes, nodes[good], of_density, of_modes, np.zeros(size))


def few_nodes(found: int, count: int) -> str:
    """Say that too few nodes have a mode for a surface."""
    return _("only {found} of {all} settings of its sds have a mode").format(found=found, all=count)


def tilted(surface: Surface, evidence: Floats) -> Surface:
    """Return the surface tilted as the Laplace evidence errs, where a better estimate of the evidence is at hand.

    Where areas may be special, the Laplace evidence errs by a factor that grows along the sds, nearly exponentially:
    a slope tells it, and importance weights do the rest.

    Parameters
    ----------
    surface : Surface
    evidence : ndarray (2 sd,)
        Log p(counts, sds), up to a constant, at the sds `surface.around`.
    """
    z = surface.standardised(surface.around)
    errors = evidence - surface.log_density(z)
    if not np.isfinite(errors).all():
        return surface
    slopes = np.linalg.lstsq(np.column_stack([z, np.ones(len(z))]), errors)[0][:-1]
    return replace(surface, tilt=slopes)


@dataclass(frozen=True)
class SdsProposal:
    """What sds are drawn from: the surface over a heavy tail, held between two bounds so that it can be drawn from.

    Parameters
    ----------
    surface : Surface
    centre : ndarray (sd,)
        Of the heavy tail, in standardised coordinates.
    root : ndarray (sd, sd)
        Square root of its covariance: that of the surface.
    bounds : (float, float)
        Of the log ratio of surface to tail.
    """

    surface: Surface
    centre: Floats
    root: Floats
    bounds: tuple[float, float]

    @property
    def nodes(self) -> Floats:
        """The sds at the nodes of the surface, the mode first (node, sd)."""
        return self.surface.nodes

    def field_modes(self, sds: Floats) -> Floats:
        """Return the approximate mode of the field at sds (draw, sd): (draw, D + G + 1)."""
        return self.surface.field_modes(sds)

    def draw(self, count: int, rng: Generator) -> tuple[Floats, Floats]:
        """Draw sds (draw, sd): see `draw_sds`."""
        return draw_sds(self, count, rng)


def sds_proposal(surface: Surface, rng: Generator) -> SdsProposal:
    """Return what sds are drawn from, its tail around the mean of the surface and as wide.

    Parameters
    ----------
    surface : Surface
    rng : Generator
    """
    size = len(surface.best)
    proposal = SdsProposal(surface, np.zeros(size), np.eye(size), (-np.inf, np.inf))
    for _round in range(ROUNDS):
        z, _, log_ratio, _ = _candidates(proposal, PILOTS, rng)
        weights = np.exp(log_ratio - log_ratio.max(initial=-np.inf))
        weights /= weights.sum()
        if not len(z) or 1 / (weights**2).sum() < FEWEST * size:  # too few to tell a covariance
            break
        centre = weights @ z
        spread = (weights[:, None] * (z - centre)).T @ (z - centre)
        proposal = replace(proposal, centre=centre, root=np.linalg.cholesky(spread + NARROWEST * np.eye(size)))
    log_ratio = _candidates(proposal, PILOTS, rng)[2]
    mass = np.log(np.mean(np.exp(log_ratio - log_ratio.max()))) + log_ratio.max()
    # a few large ratios would reject nearly all candidates; truncated, the proposal changes but its density is known
    low = np.log(TAIL_SHARE) + mass
    return replace(proposal, bounds=(low, float(np.quantile(np.logaddexp(log_ratio, low), CUT))))


def draw_sds(proposal: SdsProposal, count: int, rng: Generator) -> tuple[Floats, Floats]:
    """Draw sds from the surface mixed with a heavy tail, by rejection.

    Parameters
    ----------
    proposal : SdsProposal
    count : int
    rng : Generator

    Returns
    -------
    tuple of ndarray
        The sds (draw, sd), and the log density of the proposal, up to a constant (draw,).
    """
    (low, high), found, densities, number = proposal.bounds, list[Floats](), list[Floats](), 0
    for _round in range(MAX_ROUNDS):
        _, coordinates, log_ratio, log_tail = _candidates(proposal, CANDIDATES * count, rng)
        log_ratio = np.minimum(np.logaddexp(log_ratio, low), high)
        taken = np.flatnonzero(np.log(rng.random(len(log_ratio))) < log_ratio - high)
        found.append(proposal.surface.best * coordinates[taken] ** 2)
        # change of variables: d sd / d coordinate = 2 best coordinate
        densities.append((log_ratio + log_tail)[taken] - np.log(coordinates[taken]).sum(axis=1))
        number += len(taken)
        if number >= count:
            break
    if not number:
        raise np.linalg.LinAlgError(_("no sds could be drawn"))
    return np.concatenate(found)[:count], np.concatenate(densities)[:count]


def _candidates(proposal: SdsProposal, count: int, rng: Generator) -> tuple[Floats, Floats, Floats, Floats]:
    """Return draws of the heavy tail: standardised and plain coordinates, log ratio of the surface, and log density."""
    surface = proposal.surface
    scores = _heavy_tailed(count, len(surface.best), rng)
    z = proposal.centre + scores @ proposal.root.T
    coordinates = 1 + z @ surface.axes.T
    inside = (coordinates > SMALLEST).all(axis=1)
    z, coordinates, log_tail = z[inside], coordinates[inside], _tail_log_density(scores[inside])
    return z, coordinates, surface.log_density(z) + np.log(coordinates).sum(axis=1) - log_tail, log_tail


def _heavy_tailed(count: int, size: int, rng: Generator) -> Floats:
    """Return draws of the heavy tail, a multivariate t distribution (draw, sd)."""
    scale = rng.chisquare(FREEDOM, size=count) / FREEDOM
    normal = rng.multivariate_normal(np.zeros(size), TAIL_VARIANCE * np.eye(size), size=count)
    return np.asarray(normal / np.sqrt(scale)[:, None])


def _tail_log_density(z: Floats) -> Floats:
    """Return the log density of the heavy tail (draw,)."""
    size = z.shape[1]
    half = 0.5 * (FREEDOM + size)
    distance = np.square(z * np.sqrt(1 / TAIL_VARIANCE)).sum(axis=1)
    constant = special.gammaln(half) - special.gammaln(0.5 * FREEDOM) - size / 2.0 * np.log(FREEDOM * np.pi)
    constant -= 0.5 * size * np.log(TAIL_VARIANCE)
    return np.asarray(constant - half * np.log(1 + (1 / FREEDOM) * distance))


def principal_axes(evidence: Evidence, best: Floats, steps: Floats) -> Floats:
    """Return the principal axes of the posterior of the coordinates, from second differences at its mode."""
    roots, vectors = np.linalg.eigh(_precision(evidence, best, steps))
    # no direction is wider than a coordinate by itself
    return np.asarray(vectors / np.sqrt(np.maximum(roots, 1.0)))


def _precision(evidence: Evidence, best: Floats, steps: Floats) -> Floats:
    """Return minus the second differences of the log posterior of the coordinates at 1, their mode."""
    steps = np.minimum(steps, FARTHEST_DIFFERENCE)
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
    """Interpolate values at nodes: a quadratic plus quintic radial basis functions."""
    return interpolate.RBFInterpolator(z, values, kernel="quintic", degree=2)
