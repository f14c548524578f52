"""Binomial with a normal effect of the area: the default."""

from __future__ import annotations

from dataclasses import dataclass

from numpy.random import Generator

from bayesmodel.model.array_backend import Array, Maths
from bayesmodel.model.families.family import Family, Floats, Integers
from bayesmodel.model.links import Link, Logit


@dataclass(frozen=True)
class Binomial(Family):
    """f(k) = C(n, k) p^k (1 - p)^(n - k), p = expit(eta)."""

    name: str = "binomial"
    link: Link = Logit()
    area_effect: bool = True

    def log_pmf(self, maths: Maths, k: Array, n: Array, eta: Array, dispersion: Array) -> Array:
        """Return log C(n, k) + k eta - n log(1 + exp(eta))."""
        return log_choose(maths, n, k) + k * eta - n * maths.softplus(eta)

    def ratio(self, maths: Maths, k: Array, n: Array, eta: Array, dispersion: Array) -> Array:
        """Return (n - k + 1) / k exp(eta)."""
        return (n - k + 1) / k * maths.exp(eta)

    def draw(self, rng: Generator, n: Integers, eta: Floats, dispersion: Floats) -> Integers:
        """Draw a count without any bounds."""
        return rng.binomial(n, self.mean(eta))

    def draw_rate(self, rng: Generator, count: Integers, n: Integers, eta: Floats, dispersion: Floats) -> Floats:
        """Return the share at `eta`, which holds the area's own effect."""
        return self.mean(eta)


def log_choose(maths: Maths, n: Array, k: Array) -> Array:
    """Return log C(n, k)."""
    return maths.log_gamma(n + 1.0) - maths.log_gamma(k + 1.0) - maths.log_gamma(n - k + 1.0)
