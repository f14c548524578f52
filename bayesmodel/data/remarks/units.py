"""Determinants in two units: per cent in some rows and fractions in others, euros and thousands of euros.

The two halves are as far apart as the units are, look alike otherwise, and hardly anything lies between them. Numbers
that spread over as wide a range by themselves are most frequent in between.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from bayesmodel.data.counts import Counts
from bayesmodel.data.remark import Remark, RemarkKind, remark
from bayesmodel.errors import listed
from bayesmodel.messages import _, number, plural

Floats = NDArray[np.float64]

FACTORS = (100.0, 1000.0, 10.0)
"""Per cent over fractions; euros over thousands of euros, and per 1,000 over fractions; a comma that was lost."""
LOST = 10.0
"""The factor of a lost comma: so near that the lower half must have a decimal and the other none."""
NEAR = 2.0
"""How far the middles of the halves may be from a factor apart, as a ratio."""
BETWEEN = 0.15
"""Values in the middle third (on a log scale) between the halves, as a share of the smaller half, up to which they are
two: lognormal and uniform numbers have most of theirs there."""
FINER = 0.06
"""The same as a share of all values, where the lower half has more decimals, as fractions have."""
FEWEST = 5
"""Values in the smaller half. The 27 determinants of 2017: none is remarked on."""


class Units(NamedTuple):
    """How much larger the numbers of one half are, and which are those of the smaller half."""

    times: float
    low: bool
    rows: NDArray[np.bool_]


def two_units(values: Floats) -> Units | None:
    """Return whether values are in two units, and which are in the less frequent unit.

    Parameters
    ----------
    values : ndarray of float (area,)
        NaN where not known.

    Returns
    -------
    Units or None
        None where they are in one.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> percent = rng.uniform(10, 60, 60).round(1)
    >>> two_units(np.where(np.arange(60) < 9, percent / 100, percent)).rows.sum()
    np.int64(9)
    >>> two_units(percent), two_units(np.exp(3 * rng.normal(size=500)))
    (None, None)
    """
    known = values[np.isfinite(values)]
    known = known[known > 0]
    if len(known) < 4 * FEWEST or len(np.unique(known)) < 2 * FEWEST:
        return None
    for factor in FACTORS:
        for cut in dict.fromkeys((1.0, _widest_gap(known))):
            low, high = known[known <= cut], known[known > cut]
            if min(len(low), len(high)) < FEWEST or len(np.unique(low)) < FEWEST or len(np.unique(high)) < FEWEST:
                continue
            middles = np.log(np.median(low)), np.log(np.median(high))
            finer = _decimals(low) > _decimals(high)  # a fraction has two decimals more than its percentage
            if abs(middles[1] - middles[0] - np.log(factor)) > np.log(NEAR) or not (finer or _decimals(high) > 3):
                continue
            if factor == LOST and not (finer and _decimals(high) == 0):
                continue
            third = (middles[1] - middles[0]) / 3
            between = (np.log(known) > middles[0] + third) & (np.log(known) < middles[1] - third)
            most = BETWEEN * min(len(low), len(high))
            if between.sum() <= (max(most, FINER * len(known)) if finer else most):
                fewer = len(low) <= len(high)
                rows = np.isfinite(values) & (values > 0) & ((values <= cut) == fewer)
                return Units(factor, fewer, rows)
    return None


def _widest_gap(known: Floats) -> float:
    """Return the value below the widest gap on a log scale, away from the ends."""
    ordered = np.sort(known)[FEWEST - 1 : len(known) - FEWEST + 2]
    return float(ordered[int(np.argmax(np.diff(np.log(ordered))))])


def _decimals(values: Floats) -> int:
    """Return the number of decimals of nearly all values; 6 if they are not rounded."""
    return next((n for n in range(6) if np.mean(np.isclose(values, values.round(n), rtol=0, atol=1e-9)) > 0.9), 6)


IN_PERCENT = re.compile(r"(^|_)(p|pct|perc|percentage|percent|procent|aandeel|share)(_|$)|%|percentage|procent", re.I)
"""Names of columns in per cent."""
MOST = 0.9
"""Share of the numbers that lie from 0 to 100 where a column is in per cent."""


def percent_remarks(counts: Counts) -> Iterator[Remark]:
    """Yield determinants that are percentages by their name, with a few above 100."""
    for name, column in counts.areas.determinants.items():
        values = column.dropna()
        above = values > 100
        if not above.any() or (values < 0).any() or above.mean() > 1 - MOST or not IN_PERCENT.search(str(name)):
            continue

        def say(name: object = name, most: float = float(values.max()), size: int = int(above.sum())) -> str:
            message = plural(
                "{{column}} is a percentage by its name, and above 100 in {count} area (up to {{most}}).",
                "{{column}} is a percentage by its name, and above 100 in {count} areas (up to {{most}}).",
                size,
            )
            ask = _("Look whether a comma was lost, or whether it is no percentage.")
            return f"{message.format(column=name, most=number(most, ',.4g'))} {ask}"

        yield remark(RemarkKind.IMPOSSIBLE_SHARE, str(name), say, values.index[above])


DIFFERENT = 10
"""Different values from which numbers of at most 1 are fractions, and no flag."""


def fraction_remarks(counts: Counts) -> Iterator[Remark]:
    """Yield determinants that are read as percentages, as transform logit does, and are fractions."""
    percentages = {part.column for part in counts.study.determinants if part.transform == "logit" and not part.share_of}
    for name, column in counts.areas.determinants.items():
        values = column.dropna()
        if name not in percentages or values.nunique() < DIFFERENT or values.max() > 1:
            continue

        def say(name: object = name, most: float = float(values.max())) -> str:
            message = _(
                "{column} is read as a percentage from 0 to 100, as its transform logit asks, and is {most} at most: "
                "if it holds fractions, multiply them by 100."
            )
            return message.format(column=name, most=number(most, ",.4g"))

        yield remark(RemarkKind.MIXED_UNITS, str(name), say)


def unit_remarks(counts: Counts) -> Iterator[Remark]:
    """Yield determinants in two units, with the areas in the unit of fewer, and the groups that are whole in it."""
    for name, column in counts.areas.determinants.items():
        values = column.to_numpy(dtype=float)
        found = two_units(values)
        if found is None:
            continue
        rows = pd.Series(found.rows, column.index)
        known = pd.Series(np.isfinite(values), column.index)
        whole = {
            str(level): [str(each) for each, share in rows[known].groupby(groups[known]).mean().items() if share == 1]
            for level, groups in counts.areas.levels.items()
        }

        def say(
            name: object = name, found: Units = found, values: Floats = values, whole: dict[str, list[str]] = whole
        ) -> str:
            odd, rest = values[found.rows], values[np.isfinite(values) & ~found.rows]
            message = _(
                "{column} seems to be in two units: {low} to {high} in some areas, and around {times} times as {much} "
                "in the others (median {median}), as per cent and fractions are, or euros and thousands. Bring all to "
                "one unit."
            ).format(
                column=name,
                low=number(float(odd.min()), ",.4g"),
                high=number(float(odd.max()), ",.4g"),
                times=number(found.times, ",.0f"),
                much=_("high") if found.low else _("low"),
                median=number(float(np.median(rest)), ",.4g"),
            )
            parts = [
                _("Whole in that unit: {level} {groups}.").format(level=level, groups=listed(groups))
                for level, groups in whole.items()
                if groups
            ]
            return " ".join([message, *parts[:1]])

        yield remark(RemarkKind.MIXED_UNITS, str(name), say, column.index[found.rows])
