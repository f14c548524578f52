"""Determinants of which one follows from several others: their coefficients cannot be told apart."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from bayesmodel.areas.remark import Remark, RemarkKind, remark
from bayesmodel.counts.counts import Counts
from bayesmodel.errors import listed
from bayesmodel.messages import _, number

FOLLOWS = 0.995
"""Share of the variance of a determinant that others explain, from which it follows from them. The most in the file of
2017 is .94."""
MATTERS = 0.02
"""Standardised coefficient from which a determinant takes part in such a relation."""
AT_MOST = 20_000
"""Areas that are looked at: of more, evenly spaced ones."""


def dependence_remarks(counts: Counts) -> Iterator[Remark]:
    """Yield determinants that follow from two or more of those before them, as a sum of parts does."""
    table = counts.areas.determinants.iloc[:: max(1, len(counts) // AT_MOST)].dropna()
    names = [str(name) for name in table if table[name].std() > 0]
    if len(names) < 3 or len(table) < len(names) + 5:
        return
    values = table[names].to_numpy(float)
    x = (values - values.mean(axis=0)) / values.std(axis=0)
    free = list[int]()
    for place, name in enumerate(names):
        slopes = np.linalg.lstsq(x[:, free], x[:, place], rcond=None)[0] if free else np.zeros(0)
        explained = 1 - float(np.mean((x[:, place] - x[:, free] @ slopes) ** 2))
        parts = [names[j] for j, slope in zip(free, slopes, strict=True) if abs(slope) > MATTERS]
        if explained < FOLLOWS:
            free.append(place)
        elif len(parts) > 1:

            def say(name: str = name, parts: list[str] = parts, explained: float = explained) -> str:
                said = _(
                    "{name} follows from {parts} ({percent} of its variance), as the sum or the rest of parts does: "
                    "their coefficients cannot be told apart. Leave one of them out."
                )
                percent = number(np.floor(1000 * explained) / 1000, ".1%")
                return said.format(name=name, parts=listed(parts), percent=percent)

            yield remark(RemarkKind.DEPENDENT, name, say)
