"""The interval that published cells stand for: one function for reading, simulating and checking."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from bayesmodel.counts.counts import Status
from bayesmodel.counts.rules import Integers, highest_hidden, lowest_hidden, published_bounds
from bayesmodel.study.parts import Publication

Booleans = NDArray[np.bool_]


def intervals(
    numbers: Integers,
    population: Integers,
    publication: Publication,
    *,
    hidden: Booleans,
    missing: Booleans,
    zero: Booleans,
) -> tuple[Integers, Integers, NDArray[np.str_]]:
    """Return bounds and status of published cells.

    Parameters
    ----------
    numbers : ndarray of int64 (..., area)
        Numbers as published; not used where one of the masks holds.
    population : ndarray of int64 (..., area)
        People over whom is counted.
    publication : Publication
        The rule.
    hidden, missing, zero : ndarray of bool (..., area)
        Which cells hold a symbol instead, and which.

    Returns
    -------
    lower, upper : ndarray of int64 (..., area)
        Bounds, inclusive, within 0..population.
    status : ndarray of str (..., area)
        A `Status` each.

    Notes
    -----
    A hidden count starts at `hidden_from`, 0 when the study does not say it: that there is a symbol of zero does not
    say that every zero got it.

    Examples
    --------
    >>> no, yes = np.array([False]), np.array([True])
    >>> rule = Publication(hidden_below=10)
    >>> lower, upper, status = intervals(np.array([0]), np.array([100]), rule, hidden=yes, missing=no, zero=no)
    >>> lower.tolist(), upper.tolist(), status.tolist()
    ([0], [9], ['suppressed'])
    """
    lower, upper = published_bounds(numbers, publication)
    symbols = [zero, hidden, missing]
    lowest = np.minimum(population, lowest_hidden(publication))
    highest = np.minimum(population, max(highest_hidden(publication), 0))
    lower = np.select(symbols, [0, lowest, 0], np.clip(lower, 0, population))
    upper = np.select(symbols, [0, highest, population], np.clip(upper, 0, population))
    shown = Status.EXACT if publication.rounded_to == 1 else Status.ROUNDED
    kinds = [Status.ZERO, Status.EXACT, Status.SUPPRESSED, Status.MISSING]
    return lower, upper, np.select([population == 0, zero, hidden, missing], kinds, shown)
