"""Normal share: the linear multilevel model of the percentage, as the study of 2017 used; for reproduction."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.random import Generator

from bayesmodel.model.array_backend import Array, Maths
from bayesmodel.model.families.family import Family, Floats, Integers
from bayesmodel.model.links import Identity, Link


@dataclass(frozen=True)
class NormalShare(Family):
    """f(k) = P(k - 1/2 < n s < k + 1/2), s ~ Normal(eta, dispersion); 0 and n take the tails.

    Every area weighs the same, whatever its population. There is no chance in this model: what is left is the
    area's own, so the underlying share is the count over the population.
    """

    name: str = "normal-share"
    link: Link = Identity()
    gaussian: bool = True

    def log_pmf(self, maths: Maths, k: Array, n: Array, eta: Array, dispersion: Array) -> Array:
        """Return log f(k)."""
        return self._log_between(maths, (k, k), n, eta, dispersion)

    def ratio(self, maths: Maths, k: Array, n: Array, eta: Array, dispersion: Array) -> Array:
        """Return f(k) / f(k - 1)."""
        return maths.exp(self.log_pmf(maths, k, n, eta, dispersion) - self.log_pmf(maths, k - 1, n, eta, dispersion))

    def log_sum(
        self,
        maths: Maths,
        window: tuple[Integers, Integers],
        n: Array,
        eta: Array,
        dispersion: Array,
        weights: Floats | None = None,
    ) -> Array:
        """Return the log of the window's probability over that of its lower bound: without weights it telescopes."""
        if weights is not None:
            return super().log_sum(maths, window, n, eta, dispersion, weights)
        whole = self._log_between(maths, window, n, eta, dispersion)
        return whole - self.log_pmf(maths, window[0], n, eta, dispersion)

    def draw(self, rng: Generator, n: Integers, eta: Floats, dispersion: Floats) -> Integers:
        """Draw a count without any bounds."""
        return np.clip(np.rint(n * rng.normal(eta, dispersion)), 0, n).astype(np.int64)

    def draw_rate(self, rng: Generator, count: Integers, n: Integers, eta: Floats, dispersion: Floats) -> Floats:
        """Return the count over the population."""
        return count / n

    def chance_variance(self, share: float, people: float) -> float:
        """Return 0: what is left is the area's own."""
        return 0.0

    def _log_between(self, maths: Maths, window: tuple[Array, Array], n: Array, eta: Array, dispersion: Array) -> Array:
        """Return log P(lower - 1/2 < n s < upper + 1/2), taken in the lighter tail so that no digit is lost."""
        lower, upper = window
        # FAR stands for infinity: the tails belong to 0 and n
        low = maths.where(lower <= 0, -FAR, ((lower - 0.5) / n - eta) / dispersion)
        high = maths.where(upper >= n, FAR, ((upper + 0.5) / n - eta) / dispersion)
        flip = low + high > 0
        left, right = maths.where(flip, -high, low), maths.where(flip, -low, high)
        log_right = maths.log_normal_cdf(right)
        return log_right + maths.log1mexp(maths.log_normal_cdf(left) - log_right)


FAR = 1e3
"""Standard deviations beyond which the normal distribution holds nothing a double can tell."""
