"""Classes of a map: round limits, a colour each, and the words of the legend."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from bayesmodel.outputs.plots.reading import Reading

DIVERGING = ("#24145e", "#6454a6", "#f2f2f2", "#fbb860", "#e06a1b")
"""Low is purple, high is orange; printed in grey all five differ too, low being the darker side."""
SEQUENTIAL = ("#fff3c4", "#b9dfb4", "#5fbcb8", "#2b83ba", "#2b4fa0", "#1d1d62")
"""From pale to dark, evenly in lightness."""


@dataclass(frozen=True)
class Classes:
    """Limits and colours.

    Parameters
    ----------
    limits : ndarray (limit,)
        Inner limits, rising; a value on a limit belongs to the class above it.
    colours : tuple of str (limit + 1,)
    labels : tuple of str (limit + 1,)
    """

    limits: NDArray[np.float64]
    colours: tuple[str, ...]
    labels: tuple[str, ...]

    def colour(self, values: pd.Series) -> list[str]:
        """Return the colour of each value."""
        return [self.colours[place] for place in np.searchsorted(self.limits, values, side="right")]


def around(values: pd.Series, equal: float, reading: Reading) -> Classes:
    """Return five classes around where use equals expected use, the middle one for what hardly differs.

    Of a ratio the limits are the margin of the study and its double; else a round number and its double.
    """
    if reading.scale == "ratio":
        step = reading.study.report.margin or 0.1
    else:
        from matplotlib.ticker import MaxNLocator

        reach = float((values - equal).abs().quantile(0.95)) or 1.0
        step = float(MaxNLocator(3, steps=[1, 2, 5, 10]).tick_values(0, reach)[1])
    limits = equal + step * np.array([-2, -1, 1, 2])
    return Classes(limits, DIVERGING, _labels(limits, reading))


def rising(values: pd.Series, reading: Reading) -> Classes:
    """Return up to six classes with round limits, over where nearly all values lie."""
    from matplotlib.ticker import MaxNLocator

    low, high = values.quantile([0.03, 0.97])
    ticks = np.asarray(MaxNLocator(7, steps=[1, 2, 2.5, 5, 10]).tick_values(low, high))
    limits = ticks[(ticks > low) & (ticks < high)][: len(SEQUENTIAL) - 1]
    places = np.linspace(0, len(SEQUENTIAL) - 1, len(limits) + 1).round().astype(int)
    return Classes(limits, tuple(SEQUENTIAL[place] for place in places), _labels(limits, reading))


def _labels(limits: NDArray[np.float64], reading: Reading) -> tuple[str, ...]:
    """Return what each class holds, in words."""
    less, more, to = ("minder dan", "of meer", "tot") if reading.language == "nl" else ("less than", "or more", "to")
    decimals = next(number for number in range(12) if np.allclose(np.round(limits, number), limits, rtol=1e-9, atol=0))
    texts = [reading.number(limit, decimals) for limit in limits]
    if not texts:
        return ("",)
    between = [f"{low} {to} {high}" for low, high in pairwise(texts)]
    return (f"{less} {texts[0]}", *between, f"{texts[-1]} {more}")
