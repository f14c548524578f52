"""Proposals in batches: the sds from their surface, the field from its Gaussian, weighted to the exact posterior.

Later batches are drawn where the first was not enough, and take some of their draws from wider Gaussians: a tail
that the Gaussian lacks is then seen, and weighs little. All draws of all batches are weighted as draws of one mixture.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray
from scipy.special import logsumexp

from bayesmodel.laplace.adapted_proposal import AdaptedProposal
from bayesmodel.laplace.hard_groups import HardGroups
from bayesmodel.laplace.hyperparameters import SdsProposal
from bayesmodel.laplace.joint import Model
from bayesmodel.laplace.leaf_effects import LeafEffects
from bayesmodel.laplace.mode import Proposal, SkewnessCorrection, propose, spread_of_weights
from bayesmodel.laplace.special_choice import FEW_AREAS
from bayesmodel.model.hyperprior import Hyperprior
from bayesmodel.parallel import Map

Floats = NDArray[np.float64]

WIDER = (0.0, 1.0, 3.0)
"""Added variance of the Gaussians of later batches, over the root of half the length of the field."""
CHANCES = (0.7, 0.15, 0.15)
"""How many draws of later batches are from each."""
ALIKE = 0.7
"""Sd of log weights up to which special areas are chosen first: beyond it too few proposals would be effective."""
AT_ONCE = 50
"""Proposals per task of a thread, and between reports of progress."""


@dataclass(frozen=True)
class Proposer:
    """What proposals are made from.

    Parameters
    ----------
    model, coarse : Model
        As `propose` takes them.
    correction : SkewnessCorrection
    hard : HardGroups, optional
    leaves : LeafEffects, optional
    sds : SdsProposal or AdaptedProposal
        Of the hyperparameters.
    prior : Hyperprior
        Theirs.
    few_areas : bool
        Whether each proposal chooses which areas are special before it draws the field.
    """

    model: Model
    coarse: Model
    correction: SkewnessCorrection
    hard: HardGroups | None
    leaves: LeafEffects | None
    sds: SdsProposal | AdaptedProposal
    prior: Hyperprior
    few_areas: bool = False

    def batch(
        self, count: int, rng: Generator, each: Callable[..., Any], progress: Callable[[int], None], *, wider: bool
    ) -> Batch:
        """Return a batch of about so many proposals.

        Parameters
        ----------
        count : int
        rng : Generator
        each : callable
            `map`, or that of a pool of threads.
        progress : callable
            Called with the proposals done.
        wider : bool
            Whether some are from wider Gaussians; none where special areas are chosen, as those have the tails.
        """
        drawn, log_density = self.sds.draw(count, rng)
        sds, near = np.ascontiguousarray(self.prior.sds(drawn)), self.sds.field_modes(drawn)
        noise, seed = rng.standard_normal(near.shape), 0
        dimensions = near.shape[1] - self.model.field.components
        if self.hard is not None:
            dimensions -= len(self.hard.groups)
        if self.hard is not None or self.few_areas:
            seed, wider = int(rng.integers(2**63)), wider and not self.few_areas
        chances = np.array(CHANCES if wider else (1.0, 0.0, 0.0))
        if wider:
            noise *= widths(dimensions)[rng.choice(len(chances), size=len(sds), p=chances)][:, None]
        if self.hard is not None:
            noise[:, self.hard.groups] = 0.0
        positions, log_weights = np.empty_like(near), self.prior.log_density(drawn) - log_density
        distances = np.zeros(len(sds))

        def work(first: int) -> int:
            stream = np.random.default_rng([seed, first])
            for i in range(first, min(first + AT_ONCE, len(sds))):
                positions[i], log_weight, distances[i] = self._proposed(sds[i], near[i], noise[i], stream)
                log_weights[i] += log_weight
            return first

        for done in each(work, range(0, len(sds), AT_ONCE)):
            progress(done)
        return Batch(sds, positions, log_weights, distances, dimensions, chances * len(sds))

    def choosing_special(self, each: Map) -> Proposer | None:
        """Return the same that chooses special areas before it draws the field; None where that would be no better.

        Parameters
        ----------
        each : callable
            `map`, or that of a pool of threads.
        """
        arrays, best = self.model.arrays, self.sds.nodes[:1]
        sds, near = np.ascontiguousarray(self.prior.sds(best))[0], self.sds.field_modes(best)[0]
        if self.few_areas or arrays.parts == 1 or len(self.model.field.x) > FEW_AREAS:
            return None
        spread = spread_of_weights(self.model, self.coarse, self.correction, sds, near, each, few_areas=True)
        return replace(self, hard=None, few_areas=True) if spread <= ALIKE else None

    def _proposed(self, sds: Floats, near: Floats, noise: Floats, rng: Generator) -> Proposal:
        """Return a proposal, whose log weight is -inf where there is no Gaussian."""
        try:
            found = propose(
                self.model, self.coarse, self.correction, sds, near, noise, self.hard, rng, self.leaves, self.few_areas
            )
        except np.linalg.LinAlgError:
            return Proposal(near, -np.inf, 0.0)
        return found if np.isfinite(found.log_weight) else found._replace(log_weight=-np.inf)


@dataclass(frozen=True)
class Batch:
    """Proposals.

    Parameters
    ----------
    sds : ndarray (proposal, sd)
    positions : ndarray (proposal, S + D)
    unit_log_weights : ndarray (proposal,)
        Were all of them from the Gaussian itself.
    distances : ndarray (proposal,)
        Squared, from the mean of the Gaussian in its own sds.
    dimensions : int
        Of the Gaussian; the effects of hard groups have no part in it.
    numbers : ndarray (width,)
        Draws expected of each width of the Gaussian.
    """

    sds: Floats
    positions: Floats
    unit_log_weights: Floats
    distances: Floats
    dimensions: int
    numbers: Floats

    def __len__(self) -> int:
        return len(self.sds)

    def joined(self, other: Batch) -> Batch:
        """Return all proposals of two batches."""
        return Batch(
            np.concatenate([self.sds, other.sds]),
            np.concatenate([self.positions, other.positions]),
            np.concatenate([self.unit_log_weights, other.unit_log_weights]),
            np.concatenate([self.distances, other.distances]),
            self.dimensions,
            self.numbers + other.numbers,
        )

    @property
    def log_weights(self) -> Floats:
        """Of draws of the mixture of all widths (proposal,).

        With s the widths, p the share of the draws of each, r the distance and d the length of the field, the mixture
        has ``sum_j p_j s_j^-d exp(r / 2 - r / (2 s_j^2))`` times the density of the Gaussian itself.
        """
        used = self.numbers > 0
        share, width = self.numbers[used] / self.numbers.sum(), widths(self.dimensions)[used]
        terms = -0.5 * self.distances[:, None] * (1 / width**2 - 1) - self.dimensions * np.log(width)
        return np.asarray(self.unit_log_weights - logsumexp(terms + np.log(share), axis=1))


def widths(length: int) -> Floats:
    """Return the sds of the Gaussians of later batches, for a field of that length, relative to the first (width,).

    Draws of a normal distribution in d dimensions lie at a squared distance of d, give or take ``sqrt(2 d)``: by that
    measure the same widths overlap in any number of dimensions.

    Examples
    --------
    >>> widths(2).round(2).tolist(), widths(200).round(2).tolist()
    ([1.0, 1.41, 2.0], [1.0, 1.05, 1.14])
    """
    return np.asarray(np.sqrt(1 + np.array(WIDER) / np.sqrt(length / 2)))
