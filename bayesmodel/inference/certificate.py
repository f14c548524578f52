"""The certificate of a Laplace fit: how well its importance weights reach the exact posterior."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from bayesmodel.messages import _, number

ENOUGH = 400
"""Effective draws that everything reported needs, by any engine."""
QUADRATURE = 0.05
"""Error of the log-posterior of a draw that changes no result: a twentieth of its weight."""


UNSEEN = 0.01
"""Posterior mass that may lie where no proposal came: less than what 400 draws leave open of a probability, 0.025."""
LARGEST_SHAPE = 0.95
"""Weights have a mean, so that the true shape of their tail is below 1 whatever is found of a few hundred."""


def reliable_shape(count: int) -> float:
    """Return the largest shape of the tail (Pareto k) at which so many weights can be relied on, at most 0.7.

    Vehtari, Simpson, Gelman, Yao and Gabry (2024), Pareto smoothed importance sampling.

    Examples
    --------
    >>> [round(reliable_shape(count), 2) for count in (100, 1_000, 10_000)]
    [0.5, 0.67, 0.7]
    """
    return float(min(0.7, 1 - 1 / np.log10(max(count, 11))))


@dataclass(frozen=True)
class Certificate:
    """How well draws of the Gaussians, weighted, stand for the exact posterior.

    Parameters
    ----------
    pareto_k : float
        Shape of the tail of the weights; at most `pareto_k_limit` is needed, unless `unseen` is small.
    effective_share : float
        Effective draws over draws proposed, ``1 / (n sum of squared weights)``, between 0 and 1.
    effective : float
        Smallest effective number of draws of any coefficient, effect or sd; at least 400 is needed.
    worst : str
        The quantity with that number.
    quadrature_error : float
        Largest error that the quadrature over areas' own effects makes in the log-posterior of a draw, apart from what
        all draws have in common; at most 0.05 is needed.
    proposals : int
        Draws proposed.
    draws : int
        Draws kept of them, with equal weights; 0 in fits saved before that was noted.
    unseen : float
        About the posterior mass that the fitted tail holds beyond the largest weight, between 0 and 1; of a tail whose
        shape is above its limit at most 0.01 is needed.
    """

    pareto_k: float
    effective_share: float
    effective: float
    worst: str
    quadrature_error: float
    proposals: int
    draws: int = 0
    unseen: float = 1.0

    @property
    def pareto_k_limit(self) -> float:
        """The largest shape of the tail at which the weights of that many draws can be relied on, at most 0.7."""
        return reliable_shape(self.proposals)

    @property
    def reliable_tail(self) -> bool:
        """Whether the weights miss no part of the posterior that would change a result.

        A heavy tail matters by what it holds: of weights that are nearly all the same it may hold next to nothing.
        """
        return self.pareto_k <= self.pareto_k_limit or self.unseen <= UNSEEN

    @property
    def few_draws(self) -> bool:
        """Whether it is no fault of the approximation: fewer draws were asked for than a report needs."""
        return 0 < self.draws <= ENOUGH and self.reliable_tail and self.quadrature_error <= QUADRATURE

    @property
    def only_quadrature(self) -> bool:
        """Whether the quadrature over areas' own effects is all that is wrong."""
        return self.reliable_tail and self.effective >= ENOUGH and self.quadrature_error > QUADRATURE

    @property
    def problems(self) -> tuple[str, ...]:
        """What is not met, in words, with the remedy."""
        problems = []
        if not self.reliable_tail:
            far = _(
                "Pareto k {size} of the importance weights above {limit}: the Laplace draws are too far from the "
                "posterior, use inference.engine = 'nuts'"
            )
            problems.append(far.format(size=number(self.pareto_k, ".2f"), limit=number(self.pareto_k_limit, ".2f")))
        if not self.effective >= ENOUGH:
            under = _(
                "effective sample size {size} of {worst} under 400: raise inference.draws, or use "
                "inference.engine = 'nuts'"
            )
            problems.append(under.format(size=number(self.effective, ".0f"), worst=self.worst))
        if not self.quadrature_error <= QUADRATURE:
            problems.append(quadrature_problem(self.quadrature_error))
        return tuple(problems)


def unseen_mass(largest: float, shape: float) -> float:
    """Return about the mass beyond the largest of some weights that sum to one: ``largest / (1 - shape)``, at most 1.

    The mean of a generalised Pareto distribution beyond a point far in its tail is that point over one less its shape;
    one draw in as many as there are is expected there.

    Examples
    --------
    >>> round(unseen_mass(0.001, 0.8), 6), unseen_mass(0.2, 0.9)
    (0.005, 1.0)
    """
    if not np.isfinite(shape):
        return 1.0
    return float(min(1.0, largest / (1 - min(max(shape, 0.0), LARGEST_SHAPE))))


def quadrature_problem(error: float) -> str:
    """Return that the quadrature is too far off, with the remedy, which has none."""
    off = _(
        "the quadrature over areas' own effects is {size} off in the log-posterior, above 0.05: use "
        "inference.engine = 'nuts' and inference.density = 'graph'"
    )
    return off.format(size=number(error, ".2f"))
