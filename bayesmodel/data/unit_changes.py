"""Determinants in another unit in one year than in the year before: per cent, then fractions; euros, then thousands."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import pandas as pd

FACTORS = (10.0, 100.0, 1000.0)
"""Per cent over fractions, euros over thousands of euros, per 1,000 over per cent."""
NEAR = 1.25
"""How far the change of the middle area may be from a factor, as a ratio."""
AROUND = 1.6
"""The same of nearly all areas: what is measured rarely changes by more in a year, beside its unit."""
NEARLY_ALL = 0.9
"""Share of the areas that must have changed so."""
ENOUGH = 10
"""Areas in which the determinant is known, and not zero, in both years."""


class UnitChange(NamedTuple):
    """A determinant in another unit.

    Parameters
    ----------
    name : str
    times : float
        How many times as high it is in the later year; .01 where it is a hundred times as low.
    before, after : float
        Its median over the areas in either year.
    areas : int
        In how many areas it changed so.
    """

    name: str
    times: float
    before: float
    after: float
    areas: int


def unit_changes(before: pd.DataFrame, after: pd.DataFrame) -> Iterator[UnitChange]:
    """Yield the determinants that seem to be in another unit in the later of two years.

    Parameters
    ----------
    before, after : DataFrame of float
        Determinants of both years, each area under the same name; NaN where not known.

    Yields
    ------
    UnitChange
        Those that changed by around a power of ten in nearly all areas.

    Examples
    --------
    >>> areas = [f"WK{number:06}" for number in range(20)]
    >>> benefits = pd.DataFrame({"benefits": np.linspace(2, 12, 20), "rent": np.linspace(400, 900, 20)}, areas)
    >>> later = (benefits * 1.04).assign(benefits=benefits["benefits"] * 0.0098)
    >>> [(change.name, change.times, change.areas) for change in unit_changes(benefits, later)]
    [('benefits', 0.01, 20)]
    """
    areas = before.index.intersection(after.index)
    for name in before.columns.intersection(after.columns):
        both = pd.DataFrame({"before": before.loc[areas, name], "after": after.loc[areas, name]}).astype(float)
        both = both[(both["before"] * both["after"] > 0) & np.isfinite(both).all(axis=1)]
        if len(both) < ENOUGH:
            continue
        ratio = (both["after"] / both["before"]).map(np.log)
        for times in (each for factor in FACTORS for each in (factor, 1 / factor)):
            changed = (ratio - np.log(times)).abs() <= np.log(AROUND)
            middle = abs(float(ratio.median()) - np.log(times)) <= np.log(NEAR)
            if middle and changed.mean() >= NEARLY_ALL:
                medians = both.median()
                yield UnitChange(str(name), times, medians["before"], medians["after"], int(changed.sum()))
