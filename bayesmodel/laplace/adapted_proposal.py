"""Proposals of many hyperparameters: a multivariate t distribution, adapted to their Laplace posterior.

Beyond ten of them a surface needs more nodes than can be paid for, and is far too high somewhere between them, where
all draws then go. A t distribution needs a centre and a covariance only. These are found by importance sampling:
draws, the evidence at each, their weighted moments, and again. Each draw has its weight, so that nothing of this
changes the posterior. Coordinates are those of `bayesmodel.laplace.hyperparameters`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from bayesmodel.laplace.hyperparameters import SMALLEST, Evidence, principal_axes
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
NODES = 16
"""Hyperparameters at which the number of quadrature nodes is chosen."""
MAX_ROUNDS = 40
"""Of candidates, before fewer draws than requested are given."""
SEED = 7


@dataclass(frozen=True)
class AdaptedProposal:
    """A t distribution of standardised coordinates, and the mode of the field as a linear function of them.

    Parameters
    ----------
    best : ndarray (P,)
        The hyperparameters at their mode; coordinates are ``sqrt(value / best)``.
    axes : ndarray (P, P)
        Standardised coordinates are ``axes^-1 (coordinates - 1)``.
    centre : ndarray (P,)
    root : ndarray (P, P)
        Cholesky factor of the scale matrix.
    modes : ndarray (1 + P, S + D)
        Coefficients of the mode of the field.
    """

    best: Floats
    axes: Floats
    centre: Floats
    root: Floats
    modes: Floats

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
        size, found, densities, number = len(self.best), list[Floats](), list[Floats](), 0
        for _round in range(MAX_ROUNDS):
            normal = rng.standard_normal((count, size)) / np.sqrt(rng.chisquare(FREEDOM, size=(count, 1)) / FREEDOM)
            coordinates = 1 + (self.centre + normal @ self.root.T) @ self.axes.T
            inside = (coordinates > SMALLEST).all(axis=1)
            coordinates, normal = coordinates[inside], normal[inside]
            log_t = -0.5 * (FREEDOM + size) * np.log1p((normal**2).sum(axis=1) / FREEDOM)
            found.append(self.best * coordinates**2)
            # change of variables: d value / d coordinate = 2 best coordinate
            densities.append(log_t - np.log(coordinates).sum(axis=1))
            number += len(coordinates)
            if number >= count:
                break
        if not number:
            raise np.linalg.LinAlgError(_("no sds could be drawn"))
        return np.concatenate(found)[:count], np.concatenate(densities)[:count]


def adapted_proposal(evidence: Evidence, best: Floats, steps: Floats, rng: Generator) -> AdaptedProposal:
    """Return the t distribution that is near the posterior of the hyperparameters.

    Parameters
    ----------
    evidence : callable
    best, steps : ndarray (P,)
        As `sds_at_mode` returns them.
    rng : Generator
    """
    size, axes = len(best), principal_axes(evidence, best, steps)
    proposal = AdaptedProposal(best, axes, np.zeros(size), np.eye(size), np.zeros((1 + size, 0)))
    for _round in range(ROUNDS):
        drawn, log_density = proposal.draw(EACH * size, rng)
        found = evidence(list(drawn))
        log_weights = np.array([value for value, _ in found]) - log_density
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
    return proposal
