"""Links: how the linear predictor becomes a share, and the mean share over a normal effect."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from scipy import special

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

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

    def marginal_mean(self, eta: Floats, variance: Floats, kind: Integers | None = None) -> Floats:
        """Return the share at `eta` plus a normal effect of that variance, averaged over the effect.

        With `kind` (area,), `eta` is (sample, area), `variance` (sample, kind), and each area has the variance of its
        kind: a few kinds of variance are not repeated for thousands of areas.
        """

    def slope[Share: (float, Floats)](self, share: Share) -> Share:
        """Return the change in share per unit of the linear predictor, at a share."""

    def curvature(self, share: float) -> float:
        """Return the second derivative of the share to the linear predictor over the first, at a share."""


@dataclass(frozen=True)
class Logit:
    """share = 1 / (1 + exp(-eta))."""

    name: str = "logit"

    def predictor(self, share: float) -> float:
        """Return the linear predictor of a share."""
        return float(special.logit(share))

    def mean(self, eta: Floats) -> Floats:
        """Return the share at linear predictor `eta`."""
        with np.errstate(over="ignore"):  # infinite odds against are a share of nothing
            return np.asarray(1.0 / (1.0 + np.exp(-eta)))

    def marginal_mean(self, eta: Floats, variance: Floats, kind: Integers | None = None) -> Floats:
        """Return E[expit(eta + e)], e ~ Normal(0, variance), by Gauss-Hermite quadrature."""
        from bayesmodel.model.average_share import average_shares

        nodes, weights = _hermite()
        if kind is None:
            shape = np.broadcast_shapes(np.shape(eta), np.shape(variance))
            single = np.broadcast_to(variance, shape).reshape(1, -1)
            flat = np.broadcast_to(eta, shape).reshape(1, -1)
            return self.marginal_mean(flat, single, np.arange(single.size)).reshape(shape)
        steps = np.sqrt(variance)[..., None] * nodes[1:]
        shares = np.exp(np.minimum(-eta, 300.0))
        average_shares(shares, np.exp(steps) + np.exp(-steps), weights, kind)
        return shares

    def slope[Share: (float, Floats)](self, share: Share) -> Share:
        """Return the change in share per unit of the linear predictor, at a share."""
        return share * (1 - share)

    def curvature(self, share: float) -> float:
        """Return the second derivative of the share to the linear predictor over the first, at a share."""
        return 1 - 2 * share


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

    def marginal_mean(self, eta: Floats, variance: Floats, kind: Integers | None = None) -> Floats:
        """Return exp(eta + variance / 2)."""
        return np.asarray(np.exp(eta + (variance if kind is None else variance[:, kind]) / 2))

    def slope[Share: (float, Floats)](self, share: Share) -> Share:
        """Return the change in share per unit of the linear predictor, at a share."""
        return share

    def curvature(self, share: float) -> float:
        """Return the second derivative of the share to the linear predictor over the first, at a share."""
        return 1.0


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

    def marginal_mean(self, eta: Floats, variance: Floats, kind: Integers | None = None) -> Floats:
        """Return `eta`: the average of a normal effect is nothing."""
        shape = np.shape(eta) if kind is not None else np.broadcast_shapes(np.shape(eta), np.shape(variance))
        return np.broadcast_to(eta, shape).copy()

    def slope[Share: (float, Floats)](self, share: Share) -> Share:
        """Return 1."""
        return share * 0 + 1

    def curvature(self, share: float) -> float:
        """Return 0."""
        return 0.0


@cache
def _hermite() -> tuple[Floats, Floats]:
    """Return nodes and weights for the mean over a standard normal: zero first, then one of each pair z and -z."""
    nodes, weights = np.polynomial.hermite_e.hermegauss(NODES)
    return nodes[NODES // 2 :], weights[NODES // 2 :] / weights.sum()
