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
DECIMAL_CODE = re.compile(r"-?(9+\.9+|8+\.8+|77+\.7+)")
"""The same in columns with decimals: 99.9, -99.9."""
CLASS_CODE = re.compile(r"[789]|9[5-9]|(9{2,}|8{2,}|7{2,})[0-9]?")
"""The same above the classes of a scale, such as 1 to 5."""
CLASSES = 10
"""Different values up to which whole numbers may be classes."""
BEYOND = 3
"""How far from the highest class a code lies at least."""
RARE = 0.25
"""Times the least frequent class up to which -1 is a code beside 0 and 1, and no class itself."""
FAR = 1.0
"""How far a value that looks like a code lies from the rest, in spans of the middle 80 % of the rest."""
VERY_FAR = 5.0
"""The same for a value that does not look like a code, and occurs several times."""
OUTLANDISH = 15.0
"""The same for a value that occurs once: an extra digit or a lost decimal comma."""
FACTOR, LOGS_FAR, MOST_FRACTIONS, ENOUGH = 10.0, 1.5, 3, 12
"""By how many times a few values are smaller than all others, and by how many of their spans of logarithms; how few,
and of how many different ones: a lost digit, or a cell of another column."""
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
    >>> list(coded_values(np.array([1.0, 2, 3, 4, 5, 3, 2, 9, 1, 9, 4, 9])))
    [9.0]
    """
    known = values[np.isfinite(values)]
    found = _class_codes(known) | _fractions(known)
    rest = known[~np.isin(known, list(found))]
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


def _class_codes(known: Floats) -> dict[float, str]:
    """Return the codes beside classes: whole numbers in a row, and others far above them or below zero."""
    values, times = np.unique(known, return_counts=True)
    if len(values) > CLASSES or (values % 1 != 0).any() or not (values >= 0).any():
        return {}
    rising = values[values >= 0]
    classes = rising[: int(np.argmin(np.append(np.diff(rising) == 1, False))) + 1]
    above, below = rising[len(classes) :], values[values < 0]
    sizes = dict(zip(values.tolist(), times.tolist(), strict=True))
    of_classes = [sizes[value] for value in classes.tolist()]
    if len(classes) < 2 or sum(of_classes) < len(known) / 2:
        return {}
    found = list[float]()
    if len(above) and above[0] - classes[-1] >= BEYOND and all(CLASS_CODE.fullmatch(f"{value:.0f}") for value in above):
        found += [value for value in above.tolist() if value > CLASSES or sizes[value] >= BEYOND]
    if len(below) and all(CODE.fullmatch(f"{value:.0f}") for value in below):
        in_a_row = below[-1] == classes[0] - 1  # -2, -1, 0, 1, 2 is a scale, and so is -1, 0, 1 of equal parts
        rare = len(below) == 1 and sizes[float(below[0])] <= RARE * min(of_classes)
        found += below.tolist() if rare or not in_a_row else []
    said = _("{times}, beside the classes {low} to {high}")
    return {
        value: said.format(times=_times(sizes[value]), low=f"{classes[0]:.0f}", high=f"{classes[-1]:.0f}")
        for value in found
    }


def _why(value: float, nearest: float, all_values: Floats) -> str:
    """Return why an extreme value is probably a code; empty if it is not."""
    rest = all_values[all_values != value]
    span = float(np.quantile(rest, 0.9) - np.quantile(rest, 0.1)) or float(np.ptp(rest)) or 1.0
    gap, times = abs(value - nearest), int((all_values == value).sum())
    like_code = bool((CODE if value % 1 == 0 else DECIMAL_CODE).fullmatch(f"{value:.10g}"))
    low, high = number(float(rest.min()), ",.4g"), number(float(rest.max()), ",.4g")
    if like_code and value < 0 <= rest.min():
        return _("{times}, where nothing else is negative").format(times=_times(times))
    if (like_code and gap > FAR * span) or (times >= SEVERAL and gap > VERY_FAR * span) or gap > OUTLANDISH * span:
        return _("{times}, while all others lie between {low} and {high}").format(
            times=_times(times), low=low, high=high
        )
    return ""


def _fractions(known: Floats) -> dict[float, str]:
    """Return up to three positive values that are many times smaller than all others, which lie close together."""
    values, times = np.unique(known, return_counts=True)
    if len(values) < ENOUGH or values[0] <= 0:
        return {}
    for few in range(1, MOST_FRACTIONS + 1):
        factor, others = values[few] / values[few - 1], values[-1] / values[few]
        if factor >= FACTOR and np.log(factor) > LOGS_FAR * np.log(others) and times[:few].sum() < RARE * len(known):
            low, high = number(float(values[few]), ",.4g"), number(float(values[-1]), ",.4g")
            said = _("{times}, while all others lie between {low} and {high}")
            return {
                float(value): said.format(times=_times(size), low=low, high=high)
                for value, size in zip(values[:few], times[:few].tolist(), strict=True)
            }
    return {}


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
        # where counts are rounded, or thin out, those next to it say more than those further away
        next_to = np.r_[sizes.iloc[max(index - 2, 0) : index], sizes.iloc[index + 1 : index + 3]]
        usual = max(float(np.median(near)), float(np.median(next_to))) if len(near) else 1.0
        if value not in (0, smallest) and times >= TIMES * max(usual, 1.0):
            found[value] = _("{times}, while the numbers around it occur {usual}").format(
                times=_times(times), usual=_times(usual)
            )
    return found
