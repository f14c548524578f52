"""The convergence verdict: no result without it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Verdict:
    """Whether draws may be reported, and the figures that decide it.

    Parameters
    ----------
    rhat_max : float
        Largest rank-normalised R-hat of everything sampled; at most 1.01 is needed.
    ess_min : float
        Smallest bulk or tail effective sample size; at least 400 is needed.
    divergences : int
        Divergent transitions; none is allowed.
    bfmi_min : float
        Smallest energy Bayesian fraction of missing information of a chain; at least 0.3 is needed.
    worst : str
        The quantity with the smallest effective sample size.
    """

    rhat_max: float
    ess_min: float
    divergences: int
    bfmi_min: float
    worst: str

    @property
    def converged(self) -> bool:
        """Whether every limit is met."""
        return not self.problems

    @property
    def problems(self) -> tuple[str, ...]:
        """What is not met, in words, with the remedy."""
        problems = []
        if self.divergences:
            problems.append(f"{self.divergences} divergent transitions: raise inference.target_accept (0.95, then 0.99)")
        if not self.rhat_max <= 1.01:
            problems.append(f"R-hat {self.rhat_max:.3f} above 1.01: raise inference.tune and inference.draws")
        if not self.ess_min >= 400:
            problems.append(f"effective sample size {self.ess_min:.0f} of {self.worst} under 400: raise inference.draws")
        if not self.bfmi_min >= 0.3:
            problems.append(f"E-BFMI {self.bfmi_min:.2f} under 0.3: raise inference.tune, or use a tighter prior of the sds")
        return tuple(problems)
