"""Negative binomial, offset log n: a gamma rate per area integrated out."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.random import Generator

from bayesmodel.model.array_backend import Array, Maths
from bayesmodel.model.families.family import Family, Floats, Integers
from bayesmodel.model.links import Link, Log


@dataclass(frozen=True)
class NegativeBinomial(Family):
    """Y ~ Poisson(n r), r ~ Gamma(shape a, mean exp(eta)), a = 1 / dispersion^2: the dispersion is r's relative sd."""

    name: str = "negative-binomial"
    link: Link = Log()
    bounded: bool = False

    def log_pmf(self, maths: Maths, k: Array, n: Array, eta: Array, dispersion: Array) -> Array:
        """Return log Gamma(k + a) / (Gamma(a) k!) + a log(a / (a + mu)) + k log(mu / (a + mu))."""
        shape = 1.0 / dispersion**2
        log_mu = eta + np.log(n)
        excess = maths.softplus(log_mu - maths.log(shape))  # log(1 + mu / a)
        gammas = maths.log_gamma(k + shape) - maths.log_gamma(shape) - maths.log_gamma(k + 1.0)
        return gammas + k * (log_mu - maths.log(shape)) - (k + shape) * excess

    def ratio(self, maths: Maths, k: Array, n: Array, eta: Array, dispersion: Array) -> Array:
        """Return (k - 1 + a) / k mu / (a + mu)."""
        shape = 1.0 / dispersion**2
        return (k - 1 + shape) / k * maths.expit(eta + np.log(n) - maths.log(shape))

    def draw(self, rng: Generator, n: Integers, eta: Floats, dispersion: Floats) -> Integers:
        """Draw a count without any bounds."""
        shape = 1.0 / dispersion**2
        return rng.poisson(n * rng.gamma(shape, self.mean(eta) / shape))

    def draw_rate(self, rng: Generator, count: Integers, n: Integers, eta: Floats, dispersion: Floats) -> Floats:
        """Draw r | count ~ Gamma(a + count, rate a / exp(eta) + n)."""
        shape = 1.0 / dispersion**2
        return rng.gamma(shape + count) / (shape / self.mean(eta) + n)

    def chance_variance(self, share: float, people: float) -> float:
        """Return the variance of a Poisson count over the people."""
        return share / people
