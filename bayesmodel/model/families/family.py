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
        self,
        maths: Maths,
        window: tuple[Integers, Integers],
        n: Array,
        eta: Array,
        dispersion: Array,
        weights: Floats | None = None,
    ) -> Array:
        """Return log sum_{k=lower..upper} w(k) f(k) / f(lower), by the ratios of neighbours.

        ``w0 + r1 (w1 + r2 (w2 + ...))`` with r_k = f(k) / f(k-1): no log-gamma per support point. Weights
        (row, width) are those of `log_interval`, of the counts from `lower` on.
        """
        lower, upper = window
        width = int(np.max(upper - lower, initial=0))
        total: Array = 1.0 if weights is None else weights[:, width]
        for step in range(width, 0, -1):
            k, weight = lower + step, 1.0 if weights is None else weights[:, step - 1]
            inside = (k <= upper).astype(float)
            total = weight + inside * maths.minimum(self.ratio(maths, k, n, eta, dispersion), LARGEST_RATIO) * total
        return maths.log(total)

    def draw_count(
        self,
        rng: Generator,
        window: tuple[int, int],
        n: int,
        eta: Floats,
        dispersion: Floats,
        weights: Floats | None = None,
    ) -> Integers:
        """Draw one area's count from the family truncated to a window, once per draw of `eta`.

        Parameters
        ----------
        rng : Generator
        window : (int, int)
            Lower and upper bound, inclusive.
        n : int
            People in the area.
        eta, dispersion : ndarray (draw,)
        weights : ndarray (width,), optional
            Probability that each count of the window is published so; 1 when left out.

        Returns
        -------
        ndarray of int64 (draw,)
        """
        lower, upper = window
        if lower == upper:
            return np.full(np.shape(eta), lower, dtype=np.int64)
        if weights is not None:
            return self._draw_within(rng, window, n, eta, dispersion, weights)
        if upper >= n and (upper - lower > OPEN if lower > 0 else self.bounded or n > CERTAIN):
            drawn = self.draw(rng, np.asarray(n), eta, dispersion)
            beyond = np.flatnonzero((drawn > upper) | (drawn < lower))  # what is within is truncated already
            spread = np.broadcast_to(dispersion, eta.shape)
            for part in np.array_split(beyond, 1 + beyond.size * (upper - lower) // AT_ONCE) if beyond.size else []:
                drawn[part] = self._draw_within(rng, window, n, eta[part], spread[part])
            return drawn
        return self._draw_within(rng, window, n, eta, dispersion)

    def log_window(
        self, window: tuple[int, int], n: int, eta: Floats, dispersion: Floats, weights: Floats | None = None
    ) -> Floats:
        """Return log w(k) f(k) of all counts k in one area's window (count, draw); arguments as of `draw_count`."""
        lower, upper = window
        k = np.arange(lower, upper + 1)[:, None]  # counts down the rows: the short axis first is several times faster
        log_weight = self.log_pmf(Numpy(), k, n, eta, dispersion)
        if weights is not None:
            with np.errstate(divide="ignore"):
                log_weight = log_weight + np.log(weights[: upper - lower + 1, None])
        return np.asarray(log_weight)

    def _draw_within(
        self,
        rng: Generator,
        window: tuple[int, int],
        n: int,
        eta: Floats,
        dispersion: Floats,
        weights: Floats | None = None,
    ) -> Integers:
        """Draw from the probabilities of all counts in a window."""
        lower, upper = window
        log_weight = self.log_window(window, n, eta, dispersion, weights)
        weight = np.exp(log_weight - log_weight.max(axis=0)).cumsum(axis=0)
        place = (rng.random(len(eta)) * weight[-1] > weight).sum(axis=0)
        return np.asarray(lower + np.minimum(place, upper - lower))


AT_ONCE = 10_000_000
"""Probabilities that are held at the same time."""
CERTAIN = 200
"""People from which on unbounded families draw without their window first: few draws lie above the people."""
LARGEST_RATIO = 1e25
"""Keeps a window of twelve ratios finite; reached only beyond a linear predictor of 40."""


OPEN, UNLIKELY = 200, 1e-6
"""Counts beyond which a window up to everyone is summed as one minus what is below it; unless that leaves hardly
anything: then its first counts hold all of it."""
LEAST_WEIGHT = 1e-300
"""Keeps the logarithm of a weight finite."""
NARROW = 12
"""Windows up to this width are summed by ratios at once; wider ones are cut in two, so that no product overflows."""


def log_interval(
    maths: Maths,
    family: Family,
    window: tuple[Integers, Integers],
    n: Integers,
    eta: Array,
    dispersion: Array,
    weights: Floats | None = None,
) -> Array:
    """Return log sum_{k=lower..upper} w(k) f(k | n, eta, dispersion), per row.

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
    weights : ndarray (row, width), optional
        Probability w that each count from `lower` on is published so; 1 when left out.

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
    weights = None if weights is None else _at_least(weights, 1)
    unbounded = np.flatnonzero((lower > 0) & (upper >= n) & (upper - lower > OPEN))
    if unbounded.size:
        upper = np.where((lower > 0) & (upper >= n), np.minimum(upper, lower + OPEN), upper)
        head = log_interval(maths, family, (lower, upper), n, eta, dispersion, weights)
        rows, at = n[unbounded], _rows(maths, eta, unbounded)
        below = lower[unbounded] * 0, lower[unbounded] - 1
        rest = log_interval(maths, family, below, rows, at, _rows(maths, dispersion, unbounded))
        tail = maths.log1mexp(maths.minimum(rest, -UNLIKELY / 2))
        near = maths.where(rest < -UNLIKELY, tail, maths.take(head, unbounded))
        return maths.replace(head, unbounded, near)
    total = family.log_pmf(maths, lower, n, eta, dispersion)
    if weights is not None:  # that of the lowest count alone is given to `log_sum` where there are others
        total = total + np.where(upper > lower, 0.0, np.log(np.maximum(weights[:, 0], LEAST_WEIGHT)))
    wide = np.flatnonzero(upper > lower)
    if not wide.size:
        return total
    eta, dispersion, rows = _rows(maths, eta, wide), _rows(maths, dispersion, wide), n[wide]
    lower, upper = lower[wide], upper[wide]
    middle = np.minimum(upper, lower + NARROW - 1)
    here = None if weights is None else _at_least(weights[wide], NARROW)
    part = maths.take(total, wide) + family.log_sum(maths, (lower, middle), rows, eta, dispersion, here)
    rest = np.flatnonzero(upper > middle)
    if rest.size:
        window = middle[rest] + 1, upper[rest]
        beyond = None if here is None else here[rest, NARROW:]
        spread = _rows(maths, dispersion, rest)
        tail = log_interval(maths, family, window, rows[rest], _rows(maths, eta, rest), spread, beyond)
        part = maths.replace(part, rest, maths.logaddexp(maths.take(part, rest), tail))
    return maths.replace(total, wide, part)


def _at_least(weights: Floats, width: int) -> Floats:
    """Return weights of at least that width: beyond their table each is one."""
    return np.pad(weights, ((0, 0), (0, max(width - weights.shape[1], 0))), constant_values=1.0)


def _rows(maths: Maths, x: Array, rows: Integers) -> Array:
    """Return some rows of `x`, or `x` itself where it is one number for all."""
    return maths.take(x, rows) if getattr(x, "ndim", 0) else x
