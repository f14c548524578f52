"""Joint draws of many areas at a byte each, so that a page can add any set of areas up, draw by draw.

A draw of an area is written as one of 256 even steps between the lowest and the highest draw of that area. Draws keep
their order over areas, so sums over areas keep the dependence between them.
"""

from __future__ import annotations

from base64 import b64encode
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
STEPS = 255


@dataclass(frozen=True, eq=False)
class JointDraws:
    """Draws of a quantity of areas, at a byte each.

    Parameters
    ----------
    lowest, step : ndarray of float32 (area,)
        A draw is ``lowest + step * byte``.
    bytes : ndarray of uint8 (area, draw)
    """

    lowest: NDArray[np.float32]
    step: NDArray[np.float32]
    bytes: NDArray[np.uint8]

    @property
    def values(self) -> Floats:
        """The draws as they can be read back (draw, area)."""
        return np.asarray(self.lowest + self.step * self.bytes.T, dtype=float)

    def content(self) -> dict[str, str]:
        """Return the arrays as text, little-endian, in base64."""
        return {
            "lowest": _text(self.lowest.astype("<f4")),
            "step": _text(self.step.astype("<f4")),
            "bytes": _text(self.bytes),
        }


def joint_draws(samples: Floats) -> JointDraws:
    """Return draws (draw, area) at a byte each; no value is moved by more than half a step.

    Parameters
    ----------
    samples : ndarray (draw, area)
        Finite. Whole numbers that differ by at most 255 are kept exactly.

    Returns
    -------
    JointDraws

    Examples
    --------
    >>> drawn = joint_draws(np.array([[0.10, 3.0], [0.12, 9.0], [0.20, 4.0]]))
    >>> drawn.values.round(3).tolist()
    [[0.1, 3.0], [0.12, 9.0], [0.2, 4.0]]
    """
    samples = np.asarray(samples, dtype=float)
    lowest, highest = samples.min(axis=0), samples.max(axis=0)
    whole = np.all(samples == np.rint(samples), axis=0) & (highest - lowest <= STEPS)
    step = np.where(whole, 1.0, (highest - lowest) / STEPS)
    low, by = lowest.astype(np.float32), step.astype(np.float32)
    steps = np.rint((samples - low) / np.where(by > 0, by, 1.0))
    return JointDraws(low, by, np.clip(steps, 0, STEPS).astype(np.uint8).T.copy())


def draws_that_fit(areas: int, quantities: int, megabytes: float, most: int) -> int:
    """Return how many draws of some quantities of areas fit, at a byte each; at least 50.

    Examples
    --------
    >>> draws_that_fit(2918, 3, 2.25, 256), draws_that_fit(14_000, 3, 2.25, 256)
    (256, 53)
    """
    return int(np.clip(megabytes * 1e6 // max(areas * quantities, 1), 50, most))


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
