"""Columns whose sum is the population: none may hold people of another, as a total beside its parts does."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import pandas as pd

from bayesmodel.data.named_ages import overlapping_ages
from bayesmodel.data.validation import whole_numbers
from bayesmodel.errors import Fault
from bayesmodel.messages import _

NEARLY_ALL = 0.95
"""Share of the areas in which one column is the sum of the others, from which it is their total."""
FEWEST = 3
"""Columns from which one may be the sum of the others."""
ENOUGH = 10
"""Areas with people from which that is no chance."""


def part_faults(frame: pd.DataFrame, parts: Sequence[str]) -> list[Fault]:
    """Find columns of which the population is the sum, and that count the same people twice.

    Parameters
    ----------
    frame : DataFrame of str
        The joined tables.
    parts : sequence of str
        The columns.

    Returns
    -------
    list of Fault
        Empty when all is well.

    Examples
    --------
    >>> frame = pd.DataFrame({"m": [str(n) for n in range(20)], "v": ["7"] * 20})
    >>> frame["all"] = [str(n + 7) for n in range(20)]
    >>> part_faults(frame, ["m", "v"])
    []
    >>> print(part_faults(frame, ["m", "v", "all"])[0])
    columns.population: found all, which is the sum of the others; expected columns that each hold other people.
        Take it out: its people would count twice.
    """
    if len(parts) < 2 or not set(parts) <= set(frame.columns):
        return []
    said = [*_totals(frame, parts), *_overlaps(parts)]
    expected, advice = _("columns that each hold other people"), _("Take it out: its people would count twice.")
    return [Fault("columns.population", found, expected, advice) for found in said[:1]]


def _totals(frame: pd.DataFrame, parts: Sequence[str]) -> Iterator[str]:
    """Yield that a column is the sum of two or more others."""
    if len(parts) < FEWEST:
        return
    numbers = {name: whole_numbers(frame[name])[0] for name in parts}
    total = np.sum(list(numbers.values()), axis=0)
    lived = total > 0
    if lived.sum() < ENOUGH:
        return
    for name, own in numbers.items():
        if (own[lived] * 2 == total[lived]).mean() >= NEARLY_ALL:
            yield _("{column}, which is the sum of the others").format(column=name)


def _overlaps(parts: Sequence[str]) -> Iterator[str]:
    """Yield that two columns are of ages that overlap, by their names: k_0_17 and k_0_22."""
    for first, second in overlapping_ages(parts):
        yield _("{second}, which has ages that {first} has too").format(first=first, second=second)
