"""Intervals of counts narrowed by sums that are published: bound consistency to a fixed point, with every step kept.

A sum says that counts with signs, such as the parts of a count minus the count, lie between two numbers. Of the bounds
of all others it follows what each count can be at least and at most. Narrowing goes on until nothing changes, which
leaves one set of intervals, whatever the order of the sums.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


@dataclass(frozen=True)
class Sums:
    """Sums of one kind: row i says ``lower[i] <= signs @ counts[cells[i]] <= upper[i]``.

    Parameters
    ----------
    name : str
        What publishes them, such as a table or its columns.
    cells : ndarray of int64 (sum, term)
        Which counts each sum is of; no count is twice in one sum.
    signs : ndarray of int64 (term,)
        1 or -1 each.
    lower, upper : ndarray of float (sum,)
        Whole numbers; infinite where there is no bound.
    """

    name: str
    cells: Integers
    signs: Integers
    lower: Floats
    upper: Floats


@dataclass(frozen=True)
class Step:
    """One narrowing: of a count, by which sums, from what to what."""

    cell: int
    by: str
    lower_before: int
    upper_before: int
    lower: int
    upper: int


@dataclass(frozen=True)
class Contradiction:
    """A sum that no counts within their bounds fit.

    Parameters
    ----------
    by : str
        Name of the sums.
    cells : tuple of int
        The counts in it.
    bounds : tuple of (int, int)
        What each of them was known to lie between.
    """

    by: str
    cells: tuple[int, ...]
    bounds: tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class Tightened:
    """Narrowed bounds (count,), the steps that led there, and what contradicts itself."""

    lower: Integers
    upper: Integers
    steps: tuple[Step, ...]
    contradictions: tuple[Contradiction, ...]


def tighten(lower: Integers, upper: Integers, sums: Sequence[Sums]) -> Tightened:
    """Narrow bounds of counts by sums, until nothing changes.

    For a sum between a and b, and count j in it with sign 1: ``a - most of the others <= count j <= b - least of the
    others``. No bound widens, and no counts that fit all sums are ever excluded. Where the sums form no cycle the
    result is what an enumeration of all fitting counts gives; otherwise it may be wider.

    Parameters
    ----------
    lower, upper : ndarray of int64 (count,)
        Bounds, inclusive.
    sums : sequence of Sums
        In any order; the order decides which of them a step is credited to, not where it ends.

    Returns
    -------
    Tightened
        Where something contradicts itself the bounds are of before that, and of no use.

    Examples
    --------
    >>> parts = Sums("ages", np.array([[1, 2, 0]]), np.array([1, 1, -1]), np.zeros(1), np.zeros(1))
    >>> found = tighten(np.array([8, 13, 0]), np.array([12, 17, 7]), [parts])  # 10 in all, 15 of one age, one hidden
    >>> found.contradictions[0].by
    'ages'
    >>> found = tighten(np.array([13, 8, 0]), np.array([17, 12, 7]), [parts])
    >>> found.lower.tolist(), found.upper.tolist(), found.steps[0].by
    ([13, 8, 1], [17, 12, 7], 'ages')
    """
    low, high = lower.astype(np.int64), upper.astype(np.int64)
    steps, changed = list[Step](), True
    while changed:
        changed = False
        for each in sums:
            wrong = _contradictions(low, high, each)
            if wrong:
                return Tightened(low, high, tuple(steps), tuple(wrong))
            found = _narrowed(low, high, each)
            steps += found
            changed |= bool(found)
    return Tightened(low, high, tuple(steps), ())


def _terms(low: Integers, high: Integers, sums: Sums) -> tuple[Floats, Floats]:
    """Return the least and the most of each term (sum, term)."""
    ends = low[sums.cells].astype(float), high[sums.cells].astype(float)
    positive = sums.signs > 0
    return np.where(positive, ends[0], -ends[1]), np.where(positive, ends[1], -ends[0])


def _contradictions(low: Integers, high: Integers, sums: Sums) -> list[Contradiction]:
    """Return the sums that no counts within their bounds fit."""
    least, most = _terms(low, high, sums)
    wrong = np.flatnonzero((least.sum(axis=1) > sums.upper) | (most.sum(axis=1) < sums.lower))
    return [
        Contradiction(
            sums.name,
            tuple(map(int, sums.cells[row])),
            tuple((int(low[cell]), int(high[cell])) for cell in sums.cells[row]),
        )
        for row in wrong
    ]


def _narrowed(low: Integers, high: Integers, sums: Sums) -> list[Step]:
    """Narrow the bounds in place by all sums once; return what changed."""
    least, most = _terms(low, high, sums)
    floor = sums.lower[:, None] - (most.sum(axis=1)[:, None] - most)
    ceiling = sums.upper[:, None] - (least.sum(axis=1)[:, None] - least)
    positive = sums.signs > 0
    at_least = np.where(positive, floor, -ceiling)
    at_most = np.where(positive, ceiling, -floor)
    rows, terms = np.nonzero((at_least > low[sums.cells]) | (at_most < high[sums.cells]))
    steps = list[Step]()
    for row, term in zip(rows, terms, strict=True):
        cell = int(sums.cells[row, term])
        before = int(low[cell]), int(high[cell])
        after = int(max(before[0], at_least[row, term])), int(min(before[1], at_most[row, term]))
        if after != before:
            low[cell], high[cell] = after
            steps.append(Step(cell, sums.name, *before, *after))
    return steps
