"""What a family of counts provides (log pmf, ratio of neighbours, link, draws), and the interval likelihood from it."""

from __future__ import annotations

from abc import ABC, abstractmethod

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from bayesmodel.model.array_backend import Array, Maths, Numpy
from bayesmodel.model.links import Link

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


class Family(ABC):
    """A distribution f(k | n, eta, dispersion) of the count in an area of n people with linear predictor eta.

    Attributes
    ----------
    name : str
        As written in the study.
    link : Link
        From linear predictor to share.
    area_effect : bool
        True where the area has a normal effect of its own in the linear predictor; then there is no dispersion.
    bounded : bool
        True where no count above n can come.
    gaussian : bool
        True where the dispersion is the sd of the share itself, so that a missing determinant's variance adds to it.
    """

    name: str
    link: Link
    area_effect: bool = False
    gaussian: bool = False
    bounded: bool = True

    @abstractmethod
    def log_pmf(self, maths: Maths, k: Array, n: Array, eta: Array, dispersion: Array) -> Array:
        """Return log f(k)."""

    @abstractmethod
    def ratio(self, maths: Maths, k: Array, n: Array, eta: Array, dispersion: Array) -> Array:
        """Return f(k) / f(k - 1), for k >= 1."""

    @abstractmethod
    def draw(self, rng: Generator, n: Integers, eta: Floats, dispersion: Floats) -> Integers:
        """Draw a count without any bounds."""

    @abstractmethod
    def draw_rate(self, rng: Generator, count: Integers, n: Integers, eta: Floats, dispersion: Floats) -> Floats:
        """Draw the underlying share given the count; with an area effect it is the share at `eta` itself."""

    def own_variance[Share: (float, Floats)](self, share: Share, own: Floats) -> Floats:
        """Return the variance of own shares of areas around `share`, from the sd of their effect or the dispersion."""
        return np.asarray((self.link.slope(share) * own) ** 2)

    def chance_variance(self, share: float, people: float) -> float:
        """Return the variance of the share of a count around the underlying `share`: that of a binomial."""
        return share * (1 - share) / people

    def mean(self, eta: Floats) -> Floats:
        """Return the share at linear predictor `eta`."""
        return self.link.mean(eta)

    def marginal_mean(self, eta: Floats, variance: Floats, kind: Integers | None = None) -> Floats:
        """Return the share at `eta` averaged over a normal effect of that variance, or of that of the area's kind."""
        return self.link.marginal_mean(eta, variance, kind)

    def log_sum(
        self, maths: Maths, window: tuple[Integers, Integers], n: Array, eta: Array, dispersion: Array
    ) -> Array:
        """Return log sum_{k=lower..upper} f(k) / f(lower), by the ratios of neighbours.

        ``1 + r1 (1 + r2 (1 + ...))`` with r_k = f(k) / f(k-1): no log-gamma per support point.
        """
        lower, upper = window
        width = int(np.max(upper - lower, initial=0))
        total: Array = 1.0
        for step in range(width, 0, -1):
            k = lower + step
            inside = (k <= upper).astype(float)
            total = 1.0 + inside * maths.minimum(self.ratio(maths, k, n, eta, dispersion), LARGEST_RATIO) * total
        return maths.log(total)

    def draw_count(self, rng: Generator, window: tuple[int, int], n: int, eta: Floats, dispersion: Floats) -> Integers:
        """Draw one area's count from the family truncated to a window, once per draw of `eta`.

        Parameters
        ----------
        rng : Generator
        window : (int, int)
            Lower and upper bound, inclusive.
        n : int
            People in the area.
        eta, dispersion : ndarray (draw,)

        Returns
        -------
        ndarray of int64 (draw,)
        """
        lower, upper = window
        if lower == upper:
            return np.full(np.shape(eta), lower, dtype=np.int64)
        if lower == 0 and upper >= n and (self.bounded or n > CERTAIN):
            drawn = self.draw(rng, np.asarray(n), eta, dispersion)
            beyond = np.flatnonzero(drawn > upper)  # few: what is within is truncated already
            if beyond.size:
                drawn[beyond] = self._draw_within(
                    rng, window, n, eta[beyond], np.broadcast_to(dispersion, eta.shape)[beyond]
                )
            return drawn
        return self._draw_within(rng, window, n, eta, dispersion)

    def _draw_within(
        self, rng: Generator, window: tuple[int, int], n: int, eta: Floats, dispersion: Floats
    ) -> Integers:
        """Draw from the probabilities of all counts in a window."""
        lower, upper = window
        k = np.arange(lower, upper + 1)[:, None]  # counts down the rows: the short axis first is several times faster
        log_weight = self.log_pmf(Numpy(), k, n, eta, dispersion)
        weight = np.exp(log_weight - log_weight.max(axis=0)).cumsum(axis=0)
        place = (rng.random(len(eta)) * weight[-1] > weight).sum(axis=0)
        return np.asarray(lower + np.minimum(place, upper - lower))


CERTAIN = 200
"""People from which on unbounded families draw without their window first: few draws lie above the people."""
LARGEST_RATIO = 1e25
"""Keeps a window of twelve ratios finite; reached only beyond a linear predictor of 40."""


NARROW = 12
"""Windows up to this width are summed by ratios at once; wider ones are cut in two, so that no product overflows."""


def log_interval(
    maths: Maths, family: Family, window: tuple[Integers, Integers], n: Integers, eta: Array, dispersion: Array
) -> Array:
    """Return log sum_{k=lower..upper} f(k | n, eta, dispersion), per row.

    Parameters
    ----------
    maths : Maths
        Of numpy or of PyTensor.
    family : Family
    window : (lower, upper), each ndarray of int64 (row,)
        Inclusive, within 0..n.
    n : ndarray of int64 (row,)
        People, at least 1.
    eta : array or tensor (row,)
        Linear predictor.
    dispersion : array or tensor (row,)
        Ignored by families with an area effect.

    Returns
    -------
    array or tensor (row,)

    Examples
    --------
    >>> import numpy as np
    >>> from bayesmodel.model.families import family_named
    >>> from bayesmodel.model.array_backend import Numpy
    >>> rows = np.array([0, 10]), np.array([9, 10])
    >>> log_interval(Numpy(), family_named("binomial"), rows, np.array([50, 50]), np.full(2, -2.2), np.ones(2)).round(4)
    array([-0.0245, -4.2015])
    """
    lower, upper = window
    total = family.log_pmf(maths, lower, n, eta, dispersion)
    wide = np.flatnonzero(upper > lower)
    if not wide.size:
        return total
    eta, dispersion, rows = _rows(maths, eta, wide), _rows(maths, dispersion, wide), n[wide]
    lower, upper = lower[wide], upper[wide]
    middle = np.minimum(upper, lower + NARROW - 1)
    part = maths.take(total, wide) + family.log_sum(maths, (lower, middle), rows, eta, dispersion)
    rest = np.flatnonzero(upper > middle)
    if rest.size:
        window = middle[rest] + 1, upper[rest]
        tail = log_interval(maths, family, window, rows[rest], _rows(maths, eta, rest), _rows(maths, dispersion, rest))
        part = maths.replace(part, rest, maths.logaddexp(maths.take(part, rest), tail))
    return maths.replace(total, wide, part)


def _rows(maths: Maths, x: Array, rows: Integers) -> Array:
    """Return some rows of `x`, or `x` itself where it is one number for all."""
    return maths.take(x, rows) if getattr(x, "ndim", 0) else x
