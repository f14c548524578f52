"""Poisson with a normal effect of the area, offset log n."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.random import Generator

from bayesmodel.model.array_backend import Array, Maths
from bayesmodel.model.families.family import Family, Floats, Integers
from bayesmodel.model.links import Link, Log


@dataclass(frozen=True)
class Poisson(Family):
    """f(k) = mu^k exp(-mu) / k!, mu = n exp(eta)."""

    name: str = "poisson"
    link: Link = Log()
    bounded: bool = False
    area_effect: bool = True

    def log_pmf(self, maths: Maths, k: Array, n: Array, eta: Array, dispersion: Array) -> Array:
        """Return k log mu - mu - log k!."""
        return k * (eta + np.log(n)) - n * maths.exp(eta) - maths.log_gamma(k + 1.0)

    def ratio(self, maths: Maths, k: Array, n: Array, eta: Array, dispersion: Array) -> Array:
        """Return mu / k."""
        return n / k * maths.exp(eta)

    def draw(self, rng: Generator, n: Integers, eta: Floats, dispersion: Floats) -> Integers:
        """Draw a count without any bounds."""
        return rng.poisson(n * self.mean(eta))

    def draw_rate(self, rng: Generator, count: Integers, n: Integers, eta: Floats, dispersion: Floats) -> Floats:
        """Return the share at `eta`, which holds the area's own effect."""
        return self.mean(eta)

    def chance_variance(self, share: float, people: float) -> float:
        """Return the variance of a Poisson count over the people."""
        return share / people
