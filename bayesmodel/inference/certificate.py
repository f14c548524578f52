"""The certificate of a Laplace fit: how well its importance weights reach the exact posterior."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from bayesmodel.messages import _, number

ENOUGH = 400
"""Effective draws that everything reported needs, by any engine."""
QUADRATURE = 0.05
"""Error of the log-posterior of a draw that changes no result: a twentieth of its weight."""


@dataclass(frozen=True)
class Certificate:
    """How well draws of the Gaussians, weighted, stand for the exact posterior.

    Parameters
    ----------
    pareto_k : float
        Shape of the tail of the weights; at most `pareto_k_limit` is needed.
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
    """

    pareto_k: float
    effective_share: float
    effective: float
    worst: str
    quadrature_error: float
    proposals: int
    draws: int = 0

    @property
    def pareto_k_limit(self) -> float:
        """The largest shape of the tail at which the weights of that many draws can be relied on, at most 0.7.

        Vehtari, Simpson, Gelman, Yao and Gabry (2024), Pareto smoothed importance sampling.
        """
        return float(min(0.7, 1 - 1 / np.log10(max(self.proposals, 11))))

    @property
    def problems(self) -> tuple[str, ...]:
        """What is not met, in words, with the remedy."""
        problems = []
        if not self.pareto_k <= self.pareto_k_limit:
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


def quadrature_problem(error: float) -> str:
    """Return that the quadrature is too far off, with the remedy, which has none."""
    off = _(
        "the quadrature over areas' own effects is {size} off in the log-posterior, above 0.05: use "
        "inference.engine = 'nuts' and inference.density = 'graph'"
    )
    return off.format(size=number(error, ".2f"))
