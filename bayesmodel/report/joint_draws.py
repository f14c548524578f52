"""Joint draws of many areas in few bits each, so that a page can add any set of areas up, draw by draw.

A draw of an area is one of at most 256 even steps, which are wide in a large country. They begin elsewhere for every
draw of every area (subtractive dither), so that rounding moves each draw on its own and averages out over draws and
areas; areas keep their mean and standard deviation. Fewer draws, each exact, would move the interval of a set much
further. Draws keep their order over areas, so sums keep the dependence between areas.
"""

from __future__ import annotations

from base64 import b64encode
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
STEPS = 255
WIDTH = 0.75
"""Of a step at the most, in standard deviations of the draws of its area."""
BYTES = 0.52
"""Of a page that a draw of an area takes at least: 3.1 bits, as text of 6 bits a letter."""
FINEST = 8.0
"""How much narrower steps are made where there is room: 3 bits more."""
FIRST = 48
"""The letter for step 0, which is also the figure 0."""


DITHER = (0.7548776662466927, 0.5698402909980532)
"""How far steps begin later from draw to draw, and from area to area, in steps: the plane is filled evenly by them."""


@dataclass(frozen=True, eq=False)
class JointDraws:
    """Draws of a quantity of areas, in steps.

    Parameters
    ----------
    lowest, width : ndarray of float32 (area,)
        A draw is ``lowest + width * (step + dither)``.
    steps : ndarray of uint8 (area, draw)
    dithered : bool
        Otherwise the dither is zero.
    """

    lowest: NDArray[np.float32]
    width: NDArray[np.float32]
    steps: NDArray[np.uint8]
    dithered: bool

    @property
    def values(self) -> Floats:
        """The draws as they can be read back (draw, area)."""
        begins = self.dithered * _dither(*self.steps.T.shape)
        return np.asarray(self.lowest + self.width * (self.steps.T + begins), dtype=float)

    def content(self) -> dict[str, str | bool]:
        """Return the arrays as text: numbers little-endian in base64, and a letter a step, in the order of Unicode."""
        return {
            "lowest": _text(self.lowest.astype("<f4")),
            "width": _text(self.width.astype("<f4")),
            "steps": (self.steps.astype("<u2") + FIRST).tobytes().decode("utf-16-le"),
            "dithered": self.dithered,
        }


def joint_draws(samples: Floats, widest: float = np.inf, finer: float = 1.0) -> JointDraws:
    """Return draws (draw, area) in steps; each area keeps its mean and its standard deviation.

    Parameters
    ----------
    samples : ndarray (draw, area)
        Finite. Whole numbers that differ by at most 255 are kept exactly.
    widest : float
        Most that a step may be wide, in the unit of the draws.
    finer : float
        How many times narrower steps are, as far as 255 of them reach.

    Returns
    -------
    JointDraws

    Examples
    --------
    >>> joint_draws(np.array([[4, 3], [0, 9], [2, 4]])).values.tolist()
    [[4.0, 3.0], [0.0, 9.0], [2.0, 4.0]]
    >>> joint_draws(np.array([[0.10, 0.31], [0.12, 0.35], [0.20, 0.33]]), widest=0.002).values.round(2).tolist()
    [[0.1, 0.31], [0.12, 0.35], [0.2, 0.33]]
    """
    samples = np.asarray(samples, dtype=float)
    lowest, reach, sd = samples.min(axis=0), np.ptp(samples, axis=0), samples.std(axis=0)
    if np.all(samples == np.rint(samples)) and np.all(reach <= STEPS):
        return JointDraws(lowest.astype(np.float32), np.ones_like(lowest, np.float32), _bytes(samples - lowest), False)
    width = np.maximum(np.minimum(WIDTH * sd, widest) / finer, reach / (STEPS - 1))
    begins = _dither(*samples.shape)
    steps = np.rint((samples - lowest) / np.where(width > 0, width, 1.0) + 1 - begins)  # from 0 up
    scale = sd / (steps + begins).std(axis=0)
    low = samples.mean(axis=0) - scale * (steps + begins).mean(axis=0)
    return JointDraws(low.astype(np.float32), scale.astype(np.float32), _bytes(steps), True)


def _dither(draws: int, areas: int) -> Floats:
    """Return where steps begin (draw, area), in steps, from 0 to 1."""
    by_draw, by_area = DITHER
    begins = np.arange(draws)[:, None] * by_draw + np.arange(areas) * by_area
    begins -= np.floor(begins)
    return begins


def _bytes(steps: Floats) -> NDArray[np.uint8]:
    """Return steps (draw, area) as bytes (area, draw)."""
    return np.clip(steps, 0, STEPS).astype(np.uint8).T.copy()


def draws_that_fit(areas: int, quantities: int, megabytes: float, most: int) -> int:
    """Return how many draws of some quantities of areas fit in so much of a page; at least 50.

    Examples
    --------
    >>> draws_that_fit(2918, 3, 4.6, 1000), draws_that_fit(14_000, 3, 2.8, 1000)
    (1000, 128)
    """
    return int(np.clip(megabytes * 1e6 // max(BYTES * areas * quantities, 1), 50, most))


def finer_that_fits(areas: int, quantities: int, megabytes: float, draws: int) -> float:
    """Return how much narrower steps may be where so many draws leave room in so much of a page.

    Examples
    --------
    >>> finer_that_fits(14_000, 3, 2.7, 128), finer_that_fits(300, 3, 5.7, 1000)
    (1.0, 8.0)
    """
    spare = 6 * (megabytes * 1e6 / (areas * quantities * draws) - BYTES)  # bits of a draw; a letter of the page has 6
    return float(np.clip(2**spare, 1.0, FINEST)) if spare < 8 else FINEST


def few_of(samples: Floats, number: int) -> Floats:
    """Return few draws of areas whose values, of each area, are spread as those of all draws.

    Draws are taken evenly. Within an area the r-th smallest of them (r from 0) becomes the quantile r / (number - 1) of
    all its draws, so that its intervals are those of all draws. Which areas are high together is as in the draws taken.

    Parameters
    ----------
    samples : ndarray (draw, area)
    number : int

    Returns
    -------
    ndarray (number, area)
        All draws where there are no more.

    Examples
    --------
    >>> few_of(np.arange(9.0)[:, None] ** 2, 3).ravel().round(1).tolist()
    [0.0, 16.0, 64.0]
    """
    if number >= len(samples):
        return samples
    order = np.argsort(np.argsort(samples[evenly(len(samples), number)], axis=0, kind="stable"), axis=0, kind="stable")
    ascending = np.sort(samples, axis=0)  # np.quantile with so many quantiles is thirty times slower than a sort
    below, part = np.divmod(np.linspace(0, len(samples) - 1, number), 1)
    low = below.astype(np.intp)
    spread = ascending[low] + part[:, None] * (ascending[np.minimum(low + 1, len(samples) - 1)] - ascending[low])
    return np.take_along_axis(spread, order, axis=0)


def evenly(draws: int, taken: int) -> NDArray[np.intp]:
    """Return the indices of some draws, evenly spread over all.

    Examples
    --------
    >>> evenly(10, 4).tolist(), evenly(3, 8).tolist()
    ([0, 2, 5, 7], [0, 1, 2])
    """
    return np.arange(draws) if taken >= draws else (np.arange(taken) * draws // taken).astype(np.intp)


def _text(array: NDArray[np.generic]) -> str:
    """Return the bytes of an array in base64."""
    return b64encode(np.ascontiguousarray(array).tobytes()).decode("ascii")
