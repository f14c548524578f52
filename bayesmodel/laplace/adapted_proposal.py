"""Proposals of many hyperparameters: a t distribution adapted to their Laplace posterior, and a polynomial through it.

Beyond ten of them a surface needs more nodes than can be paid for, and is far too high somewhere between them, where
all draws then go. A t distribution needs a centre and a covariance only. These are found by importance sampling:
draws, the evidence at each, their weighted moments, and again. Through all evidence found on the way goes a
polynomial: quadratic, with third and fourth powers of each coordinate, which tell how skewed it is. Candidates from the
t distribution are accepted as the polynomial says, between two bounds, so that it is nowhere far too high. Each draw
has its weight, so that nothing of this changes the posterior. Coordinates are those of
`bayesmodel.laplace.hyperparameters`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from bayesmodel.laplace.hyperparameters import CUT, MAX_ROUNDS, SMALLEST, Evidence, principal_axes
from bayesmodel.messages import _

Floats = NDArray[np.float64]

MANY = 10
"""Hyperparameters beyond which they are proposed so."""
FREEDOM = 8
"""Degrees of freedom of the t distribution: its weights are bounded, and most draws keep one."""
EACH, ROUNDS = 30, 4
"""Draws per hyperparameter of each round of adaptation, and how many there are."""
PRIOR_DRAWS = 2
"""Draws per hyperparameter that the covariance of the round before counts as."""
POWERS, FARTHEST = (3, 4), 3.0
"""Powers of each coordinate beyond the quadratic, and the sds beyond which they are those of its bound."""
TAIL_SHARE = 0.1
"""Mixture weight of the t distribution, which bounds the importance weights where the polynomial is too low."""
LEAST_LOG_WEIGHT = -6.0
"""Of a point that the polynomial goes through: where the posterior is low, it need not fit well."""
PILOTS = 5000
"""Candidates that tell the bounds of the ratio."""
CANDIDATES, AT_ONCE = 12, 20_000
"""Candidates per draw, of which about a tenth is accepted, and most of them at once."""
NODES = 16
"""Hyperparameters at which the number of quadrature nodes is chosen."""
SEED = 7


@dataclass(frozen=True)
class AdaptedProposal:
    """A t distribution times a polynomial's exponent, and the mode of the field as a linear function of coordinates.

    Parameters
    ----------
    best : ndarray (P,)
        The hyperparameters at their mode; coordinates are ``sqrt(value / best)``.
    axes : ndarray (P, P)
        Standardised coordinates are ``axes^-1 (coordinates - 1)``.
    centre : ndarray (P,)
        Of the t distribution, in standardised coordinates.
    root : ndarray (P, P)
        Cholesky factor of its scale matrix.
    modes : ndarray (1 + P, S + D)
        Coefficients of the mode of the field.
    polynomial : ndarray (F,), optional
        Coefficients of the log posterior at `powers_of` coordinates; the t distribution alone is drawn from without.
    bounds : (float, float)
        Of the log ratio of the posterior that the polynomial says to the t distribution.
    """

    best: Floats
    axes: Floats
    centre: Floats
    root: Floats
    modes: Floats
    polynomial: Floats | None = None
    bounds: tuple[float, float] = (-np.inf, np.inf)

    @property
    def nodes(self) -> Floats:
        """Typical hyperparameters, the mode first (node, P)."""
        return np.concatenate([self.best[None], self.draw(NODES - 1, np.random.default_rng(SEED))[0]])

    def standardised(self, values: Floats) -> Floats:
        """Return the standardised coordinates of hyperparameters (draw, P)."""
        return np.asarray(np.linalg.solve(self.axes, (np.sqrt(values / self.best) - 1).T).T)

    def field_modes(self, values: Floats) -> Floats:
        """Return the approximate mode of the field at hyperparameters (draw, P): (draw, S + D)."""
        return np.asarray(self.modes[0] + self.standardised(values) @ self.modes[1:])

    def draw(self, count: int, rng: Generator) -> tuple[Floats, Floats]:
        """Draw hyperparameters (draw, P); return them with their log density, up to a constant (draw,)."""
        found, densities, number = list[Floats](), list[Floats](), 0
        low, high = self.bounds
        each = count if self.polynomial is None else min(CANDIDATES * count, AT_ONCE)
        for _round in range(MAX_ROUNDS):
            coordinates, log_t = self._candidates(each, rng)
            if self.polynomial is not None:
                log_ratio = np.minimum(np.logaddexp(self._log_ratio(coordinates, log_t), low), high)
                taken = np.log(rng.random(len(log_ratio))) < log_ratio - high
                coordinates, log_t = coordinates[taken], (log_t + log_ratio)[taken]
            found.append(self.best * coordinates**2)
            # change of variables: d value / d coordinate = 2 best coordinate
            densities.append(log_t - np.log(coordinates).sum(axis=1))
            number += len(coordinates)
            if number >= count:
                break
        if not number:
            raise np.linalg.LinAlgError(_("no sds could be drawn"))
        return np.concatenate(found)[:count], np.concatenate(densities)[:count]

    def with_polynomial(self, values: Floats, log_posterior: Floats, rng: Generator) -> AdaptedProposal:
        """Return the proposal with the polynomial through the log posterior at hyperparameters (point, P).

        Parameters
        ----------
        values : ndarray (point, P)
        log_posterior : ndarray (point,)
            Of the hyperparameters themselves, up to a constant; -inf where there is none.
        rng : Generator
        """
        known = np.isfinite(log_posterior)
        coordinates, log_posterior = np.sqrt(values[known] / self.best), log_posterior[known]
        log_ratio = log_posterior + np.log(coordinates).sum(axis=1) - self._log_t(coordinates)
        weights = np.exp(0.5 * np.clip(log_ratio - np.quantile(log_ratio, 0.95), LEAST_LOG_WEIGHT, 0.0))
        powers = powers_of(self._scaled(coordinates))
        polynomial = np.linalg.lstsq(powers * weights[:, None], log_posterior * weights)[0]
        made = replace(self, polynomial=polynomial)
        pilots, log_t = made._candidates(PILOTS, rng)
        log_ratio = made._log_ratio(pilots, log_t)
        mass = np.log(np.mean(np.exp(log_ratio - log_ratio.max()))) + log_ratio.max()
        low = float(np.log(TAIL_SHARE) + mass)
        return replace(made, bounds=(low, float(np.quantile(np.logaddexp(log_ratio, low), CUT))))

    def _candidates(self, count: int, rng: Generator) -> tuple[Floats, Floats]:
        """Return coordinates drawn from the t distribution (draw, P), and their log density in it (draw,)."""
        size = len(self.best)
        normal = rng.standard_normal((count, size)) / np.sqrt(rng.chisquare(FREEDOM, size=(count, 1)) / FREEDOM)
        coordinates = 1 + (self.centre + normal @ self.root.T) @ self.axes.T
        inside = (coordinates > SMALLEST).all(axis=1)
        return coordinates[inside], _log_t(normal[inside])

    def _log_t(self, coordinates: Floats) -> Floats:
        """Return the log density of the t distribution at coordinates (draw, P), up to a constant."""
        z = np.linalg.solve(self.axes, (coordinates - 1).T)
        return _log_t(np.linalg.solve(self.root, z - self.centre[:, None]).T)

    def _log_ratio(self, coordinates: Floats, log_t: Floats) -> Floats:
        """Return the log posterior that the polynomial says, of coordinates (draw, P), less that of the t."""
        assert self.polynomial is not None
        posterior = powers_of(self._scaled(coordinates)) @ self.polynomial + np.log(coordinates).sum(axis=1)
        return np.asarray(posterior - log_t)

    def _scaled(self, coordinates: Floats) -> Floats:
        """Return coordinates less their means, in their sds (draw, P)."""
        spread = np.linalg.norm(self.axes @ self.root, axis=1)
        return np.asarray((coordinates - 1 - self.axes @ self.centre) / spread)


def powers_of(z: Floats) -> Floats:
    """Return 1, coordinates, their products by two, and their higher powers (draw, F), of coordinates (draw, P).

    Higher powers stay what they are at three sds: where no points are, a polynomial of them would go anywhere.

    Examples
    --------
    >>> powers_of(np.array([[2.0, 3.0]])).tolist()
    [[1.0, 2.0, 3.0, 4.0, 6.0, 9.0, 8.0, 27.0, 16.0, 81.0]]
    """
    one, other = np.triu_indices(z.shape[1])
    bounded = np.clip(z, -FARTHEST, FARTHEST)
    return np.column_stack([np.ones(len(z)), z, z[:, one] * z[:, other], *(bounded**power for power in POWERS)])


def adapted_proposal(evidence: Evidence, best: Floats, steps: Floats, rng: Generator) -> AdaptedProposal:
    """Return the t distribution that is near the posterior of the hyperparameters, with the polynomial through it.

    Parameters
    ----------
    evidence : callable
    best, steps : ndarray (P,)
        As `sds_at_mode` returns them.
    rng : Generator
    """
    size, axes = len(best), principal_axes(evidence, best, steps)
    proposal = AdaptedProposal(best, axes, np.zeros(size), np.eye(size), np.zeros((1 + size, 0)))
    points, reached = list[Floats](), list[Floats]()
    for _round in range(ROUNDS):
        drawn, log_density = proposal.draw(EACH * size, rng)
        found = evidence(list(drawn))
        values = np.array([value for value, _ in found])
        points.append(drawn)
        reached.append(values)
        log_weights = values - log_density
        weights = np.exp(log_weights - log_weights.max())
        weights = np.minimum(weights, weights.mean() * np.sqrt(len(weights)))  # no draw decides alone
        weights /= weights.sum()
        z = proposal.standardised(drawn)
        centre = weights @ z
        spread = (weights[:, None] * (z - centre)).T @ (z - centre)
        effective, before = 1 / (weights**2).sum(), PRIOR_DRAWS * size
        spread = (effective * spread + before * proposal.root @ proposal.root.T) / (effective + before)
        root = np.sqrt(weights)[:, None]
        modes = np.linalg.lstsq(
            root * np.column_stack([np.ones(len(z)), z]), root * np.array([mode for _, mode in found])
        )[0]
        proposal = replace(proposal, centre=centre, root=np.linalg.cholesky(spread), modes=modes)
    return proposal.with_polynomial(np.concatenate(points), np.concatenate(reached), rng)


def _log_t(normal: Floats) -> Floats:
    """Return the log density of a standard t distribution (draw,), up to a constant."""
    size = normal.shape[1]
    return np.asarray(-0.5 * (FREEDOM + size) * np.log1p((normal**2).sum(axis=1) / FREEDOM))
