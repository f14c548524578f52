"""Beta-binomial: a beta share per area integrated out."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.random import Generator

from bayesmodel.model.array_backend import Array, Maths
from bayesmodel.model.families.binomial import log_choose
from bayesmodel.model.families.family import Family, Floats, Integers
from bayesmodel.model.links import Link, Logit


@dataclass(frozen=True)
class BetaBinomial(Family):
    """Y ~ Binomial(n, p), p ~ Beta(m s, (1 - m) s), m = expit(eta), s = 1 / dispersion^2."""

    name: str = "beta-binomial"
    link: Link = Logit()

    def log_pmf(self, maths: Maths, k: Array, n: Array, eta: Array, dispersion: Array) -> Array:
        """Return log C(n, k) B(k + a, n - k + b) / B(a, b)."""
        a, b = _shapes(maths, eta, dispersion)
        size = 1.0 / dispersion**2
        upper = maths.log_gamma(k + a) + maths.log_gamma(n - k + b) - maths.log_gamma(n + size)
        lower = maths.log_gamma(a) + maths.log_gamma(b) - maths.log_gamma(size)
        return log_choose(maths, n, k) + upper - lower

    def ratio(self, maths: Maths, k: Array, n: Array, eta: Array, dispersion: Array) -> Array:
        """Return (n - k + 1) / k (k - 1 + a) / (n - k + b)."""
        a, b = _shapes(maths, eta, dispersion)
        return (n - k + 1) / k * (k - 1 + a) / (n - k + b)

    def draw(self, rng: Generator, n: Integers, eta: Floats, dispersion: Floats) -> Integers:
        """Draw a count without any bounds."""
        return rng.binomial(n, self.draw_rate(rng, np.zeros_like(n), np.zeros_like(n), eta, dispersion))

    def draw_rate(self, rng: Generator, count: Integers, n: Integers, eta: Floats, dispersion: Floats) -> Floats:
        """Draw p | count ~ Beta(a + count, b + n - count)."""
        mean, size = self.mean(eta), 1.0 / dispersion**2
        return rng.beta(mean * size + count, (1 - mean) * size + n - count)

    def own_variance[Share: (float, Floats)](self, share: Share, own: Floats) -> Floats:
        """Return m (1 - m) / (s + 1)."""
        return np.asarray(share * (1 - share) / (1.0 / own**2 + 1))


def _shapes(maths: Maths, eta: Array, dispersion: Array) -> tuple[Array, Array]:
    """Return both shapes of the beta distribution; the second from expit(-eta), so that neither rounds to nothing."""
    size = 1.0 / dispersion**2
    return maths.expit(eta) * size, maths.expit(-eta) * size
