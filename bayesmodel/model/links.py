"""Links: how the linear predictor becomes a share, and the mean share over a normal effect."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from scipy import special

Floats = NDArray[np.float64]

NODES = 9
"""Gauss-Hermite nodes: the mean share is exact to 1e-6 of itself for effects with an sd up to 1."""


class Link(Protocol):
    """Between the share of people and the linear predictor."""

    @property
    def name(self) -> str:
        """Name as printed."""

    def predictor(self, share: float) -> float:
        """Return the linear predictor of a share."""

    def mean(self, eta: Floats) -> Floats:
        """Return the share at linear predictor `eta`."""

    def marginal_mean(self, eta: Floats, variance: Floats) -> Floats:
        """Return the share at `eta` plus a normal effect of that variance, averaged over the effect."""

    def slope(self, share: float) -> float:
        """Return the change in share per unit of the linear predictor, at a share."""


@dataclass(frozen=True)
class Logit:
    """share = 1 / (1 + exp(-eta))."""

    name: str = "logit"

    def predictor(self, share: float) -> float:
        """Return the linear predictor of a share."""
        return float(special.logit(share))

    def mean(self, eta: Floats) -> Floats:
        """Return the share at linear predictor `eta`."""
        return np.asarray(special.expit(eta))

    def marginal_mean(self, eta: Floats, variance: Floats) -> Floats:
        """Return E[expit(eta + e)], e ~ Normal(0, variance), by Gauss-Hermite quadrature."""
        # the nodes come in pairs of one sign and the other, and a pair is one fraction in exp(-eta)
        odds = np.exp(np.minimum(-eta, 300.0))
        squared, sd = 1 + odds**2, np.sqrt(variance)
        total = np.zeros(np.broadcast_shapes(np.shape(eta), np.shape(variance)))
        for node, weight in zip(*_hermite(), strict=True):
            if node > 0:
                factor = np.exp(node * sd)
                middle = odds * (factor + 1 / factor)
                total += weight * (2 + middle) / (squared + middle)
            elif node == 0:
                total += weight / (1 + odds)
        return total

    def slope(self, share: float) -> float:
        """Return the change in share per unit of the linear predictor, at a share."""
        return share * (1 - share)


@dataclass(frozen=True)
class Log:
    """share = exp(eta)."""

    name: str = "log"

    def predictor(self, share: float) -> float:
        """Return the linear predictor of a share."""
        return float(np.log(share))

    def mean(self, eta: Floats) -> Floats:
        """Return the share at linear predictor `eta`."""
        return np.asarray(np.exp(eta))

    def marginal_mean(self, eta: Floats, variance: Floats) -> Floats:
        """Return exp(eta + variance / 2)."""
        return np.asarray(np.exp(eta + variance / 2))

    def slope(self, share: float) -> float:
        """Return the change in share per unit of the linear predictor, at a share."""
        return share


@dataclass(frozen=True)
class Identity:
    """share = eta."""

    name: str = "identity"

    def predictor(self, share: float) -> float:
        """Return the linear predictor of a share."""
        return share

    def mean(self, eta: Floats) -> Floats:
        """Return the share at linear predictor `eta`."""
        return eta

    def marginal_mean(self, eta: Floats, variance: Floats) -> Floats:
        """Return `eta`: the average of a normal effect is nothing."""
        return np.broadcast_to(eta, np.broadcast_shapes(np.shape(eta), np.shape(variance))).copy()

    def slope(self, share: float) -> float:
        """Return 1."""
        return 1.0


@cache
def _hermite() -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Return nodes and weights for the mean over a standard normal."""
    nodes, weights = np.polynomial.hermite_e.hermegauss(NODES)
    return tuple(nodes), tuple(weights / weights.sum())
