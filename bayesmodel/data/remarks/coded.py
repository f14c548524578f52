"""Numbers that stand for something else: 99, 9999, -1, -99997, or one count filled in for all hidden ones.

A value is odd by where it lies (far outside the rest, negative where nothing else is) and by how often it occurs (far
more than its neighbours), not by what it is: 99 % of owner-occupied homes is a fact.
"""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from bayesmodel.messages import _, number, plural

Floats = NDArray[np.float64]

CODE = re.compile(r"0|-?(9{2,}|8{2,}|7{3,})[0-9]?|-[1-9]|-99[0-9]+")
"""Numbers used as codes for unknown, hidden or not asked; zero if all others lie far above it."""
FAR = 1.0
"""How far a value that looks like a code lies from the rest, in spans of the middle 80 % of the rest."""
VERY_FAR = 5.0
"""The same for a value that does not look like a code, and occurs several times."""
OUTLANDISH = 15.0
"""The same for a value that occurs once: an extra digit or a lost decimal comma."""
SEVERAL = 5
"""Number of occurrences from which a value counts as frequent."""
TIMES = 8.0
"""Frequency relative to its neighbours from which a value is taken for a code."""
AROUND = 6
"""Neighbouring values on either side whose frequency is compared."""


def coded_values(values: Floats) -> dict[float, str]:
    """Return the values of a determinant that are probably codes, each with why.

    Parameters
    ----------
    values : ndarray of float (area,)
        NaN where not known.

    Returns
    -------
    dict of float to str
        In the language of the user.

    Examples
    --------
    >>> list(coded_values(np.array([5.0, 12, 33, 21, 17, 8, 29, 14, 25, -99997, 11, -99997])))
    [-99997.0]
    >>> coded_values(np.array([5.0, 12, 33, 21, 17, 8, 29, 14, 25, 99, 11, 60, 71, 84, 93, 98]))
    {}
    """
    rest, found = values[np.isfinite(values)], dict[float, str]()
    for _round in range(6):  # one code after the other, from either end
        if len(np.unique(rest)) < 8:
            break
        ends = [(rest.min(), rest[rest > rest.min()].min()), (rest.max(), rest[rest < rest.max()].max())]
        odd = [(value, why) for value, nearest in ends if (why := _why(value, nearest, rest))]
        if not odd:
            break
        for value, why in odd:
            found[float(value)] = why
            rest = rest[rest != value]
    return found


def _why(value: float, nearest: float, all_values: Floats) -> str:
    """Return why an extreme value is probably a code; empty if it is not."""
    rest = all_values[all_values != value]
    span = float(np.quantile(rest, 0.9) - np.quantile(rest, 0.1)) or float(np.ptp(rest)) or 1.0
    gap, times = abs(value - nearest), int((all_values == value).sum())
    like_code = bool(value % 1 == 0 and CODE.fullmatch(f"{value:.0f}"))
    low, high = number(float(rest.min()), ",.4g"), number(float(rest.max()), ",.4g")
    if like_code and value < 0 <= rest.min():
        return _("{times}, where nothing else is negative").format(times=_times(times))
    if (like_code and gap > FAR * span) or (times >= SEVERAL and gap > VERY_FAR * span) or gap > OUTLANDISH * span:
        return _("{times}, while all others lie between {low} and {high}").format(
            times=_times(times), low=low, high=high
        )
    return ""


def _times(size: float) -> str:
    """Return how often, in words."""
    return (
        plural("{count} time", "{count} times", int(size))
        if size % 1 == 0
        else _("{size} times").format(size=number(size, ",.3g"))
    )


def coded_counts(numbers: NDArray[np.int64], smallest: int | None = None) -> dict[int, str]:
    """Return the counts that occur far more often than those around them.

    Parameters
    ----------
    numbers : ndarray of int64
        The counts that are shown.
    smallest : int, optional
        The smallest number that may be shown where small ones are hidden: counts may be heaped there.

    Returns
    -------
    dict of int to str
        In the language of the user. Zero is never among them: there may be many.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> counts = rng.integers(10, 400, 120)
    >>> list(coded_counts(np.r_[counts, np.full(20, 99)]))
    [99]
    >>> coded_counts(counts)
    {}
    """
    sizes = pd.Series(numbers).value_counts().sort_index()
    found = dict[int, str]()
    for index in np.flatnonzero(sizes.to_numpy() >= 8):
        value, times = int(sizes.index[int(index)]), int(sizes.iloc[int(index)])
        near = np.r_[sizes.iloc[max(index - AROUND, 0) : index], sizes.iloc[index + 1 : index + 1 + AROUND]]
        usual = float(np.median(near)) if len(near) else 1.0
        if value not in (0, smallest) and times >= TIMES * max(usual, 1.0):
            found[value] = _("{times}, while the numbers around it occur {usual}").format(
                times=_times(times), usual=_times(usual)
            )
    return found
