"""Columns that a spreadsheet spoiled: sorted apart from the rest, rows pasted twice, one number in many cells.

Each leaves numbers that look right one by one. What gives them away is their order, or that they return exactly.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from bayesmodel.data.counts import Counts
from bayesmodel.data.remark import Remark, RemarkKind, remark
from bayesmodel.data.remarks.determinants_in_disguise import published_outcome
from bayesmodel.data.remarks.disguise import disguise_of
from bayesmodel.messages import _, number, plural

Floats = NDArray[np.float64]

ENOUGH = 20
"""Areas, and different numbers among them, from which an order or a repetition is no chance."""
COPIED_COLUMNS = 2
"""Columns of numbers, beside the population, that must all return before a row is a copy."""
BORDERS, REPEATED = 8, 0.25
"""Places where one group ends and the next begins, and share of these at which a value goes on that is no chance."""
FREQUENT = 0.04
"""Share of the areas that hold one number, from which it may have been filled in."""
TIMES = 4.0
"""How many times as frequent as the most frequent of the numbers around it such a number is."""
AROUND = 0.1
"""How far from it these may lie, in spans of the middle 80 % of the areas."""
NEXT = 2
"""Numbers on either side of it that are looked at however far they lie from it."""
OFTEN = 8
"""Areas that hold such a number at least."""
FEW_DIFFER = 3
"""Areas with another number than all the rest, up to which a determinant only sets these areas apart."""


def copied_remarks(counts: Counts) -> Iterator[Remark]:
    """Yield columns in an order of their own, rows that return, and determinants of nearly one number."""
    yield from _sorted_apart(counts)
    yield from _pasted_twice(counts)
    yield from _filled_down(counts)
    yield from _filled_in(counts)
    yield from _nearly_constant(counts)


def _sorted_apart(counts: Counts) -> Iterator[Remark]:
    """Yield columns that only rise, or only fall, in the order of the codes: they were sorted without the others."""
    order = np.argsort(counts.areas.codes.to_numpy().astype(str), kind="stable")
    exact = np.where(counts.lower == counts.upper, counts.lower, np.nan)
    columns = {
        counts.study.columns.count: exact,
        counts.study.columns.population_name: counts.population.astype(float),
    }
    columns |= {str(name): values.to_numpy(dtype=float) for name, values in counts.areas.determinants.items()}
    for name, values in columns.items():
        known = values[order][np.isfinite(values[order])]
        steps = np.diff(known)
        if len(np.unique(known)) < ENOUGH or not ((steps >= 0).all() or (steps <= 0).all()):
            continue
        if name in counts.areas.determinants and disguise_of(values, published_outcome(counts)):
            continue  # another remark says so

        def say(name: str = name, falls: bool = bool(steps.max() <= 0)) -> str:
            message = (
                _("{column} never rises from one {area} to the next, in the order of their codes.")
                if falls
                else _("{column} never falls from one {area} to the next, in the order of their codes.")
            )
            rest = _(
                "Probably the column was sorted without the others, or filled by dragging. Take it from its source "
                "again, by code."
            )
            return message.format(column=name, area=counts.study.area) + " " + rest

        yield remark(RemarkKind.SORTED, name, say)


def _pasted_twice(counts: Counts) -> Iterator[Remark]:
    """Yield areas with the population and all determinants of another."""
    table = counts.areas.determinants
    varying = [name for name in table if table[name].nunique() >= ENOUGH]
    if len(varying) < COPIED_COLUMNS or len(np.unique(counts.population)) < ENOUGH:
        return
    rows = table[varying].assign(**{"\0people": counts.population}).reset_index(drop=True)
    whole = rows[varying].notna().all(axis=1) & (counts.population > 0)
    again = (rows[whole].duplicated(keep=False)).reindex(rows.index, fill_value=False).to_numpy()
    if not again.any():
        return

    def say() -> str:
        message = plural(
            "{count} area has the population and all determinants of another: probably its row was pasted twice.",
            "{count} areas have the population and all determinants of another: probably rows were pasted twice.",
            int(again.sum()),
        )
        return message + " " + _("Take them from their source again.")

    yield remark(RemarkKind.COPIED, counts.study.columns.area, say, counts.areas.codes[again])


def _filled_down(counts: Counts) -> Iterator[Remark]:
    """Yield determinants whose areas repeat the one before them, from one group to the next as within groups."""
    if not counts.study.level_names:
        return
    groups = counts.areas.levels[counts.study.level_names[0]].to_numpy()
    for name, column in counts.areas.determinants.items():
        values = column.to_numpy(dtype=float)
        again = np.r_[False, values[1:] == values[:-1]]
        border = np.r_[False, groups[1:] != groups[:-1]]
        sizes = column.value_counts(normalize=True)
        by_chance = float((sizes**2).sum())
        if len(sizes) < ENOUGH or border.sum() < BORDERS or again[border].mean() < max(REPEATED, TIMES * by_chance):
            continue
        if any(_constant(column, counts, level) for level in counts.areas.levels):
            continue  # what is measured of a larger area is the same in all its parts

        def say(name: object = name, share: float = float(again.mean())) -> str:
            message = _(
                "{column} repeats the value of the area before in {share} of the areas, and from one {level} to the "
                "next as well: probably empty cells were filled downwards. If so, leave them empty."
            )
            return message.format(column=name, share=number(share, ".0%"), level=counts.study.level_names[0])

        yield remark(RemarkKind.FILLED_IN, str(name), say, column.index[again])


def filled_in(values: Floats) -> float | None:
    """Return a number that was probably filled in where nothing was known: the mean or the middle of the rest.

    Parameters
    ----------
    values : ndarray of float (area,)
        NaN where not known.

    Returns
    -------
    float or None
        None where no number is far more frequent than those around it. The lowest and the highest may be: nobody
        rents, everybody owns.

    Examples
    --------
    >>> values = np.random.default_rng(1).normal(30, 10, 200).round(1)
    >>> filled_in(values), filled_in(np.where(np.arange(200) % 9 == 0, 30.2, values))
    (None, 30.2)
    """
    known = pd.Series(values[np.isfinite(values)])
    sizes = known.value_counts().sort_index()
    if len(sizes) < ENOUGH:
        return None
    index = int(np.argmax(sizes.to_numpy()))
    low, high = known.quantile(0.1), known.quantile(0.9)
    value = float(sizes.index[index])
    near = sizes[(np.abs(sizes.index - value) <= AROUND * (high - low)) & (sizes.index != value)]
    # numbers of one decimal may lie further apart than that: those next to it count as well
    near = pd.concat([near, sizes.iloc[max(index - NEXT, 0) : index], sizes.iloc[index + 1 : index + 1 + NEXT]])
    often = sizes.iloc[index] >= max(FREQUENT * len(known), TIMES * float(near.max() if len(near) else 1), OFTEN)
    return value if often and low < value < high else None


def _filled_in(counts: Counts) -> Iterator[Remark]:
    """Yield determinants with one number in many areas of many groups, somewhere in the middle."""
    for name, column in counts.areas.determinants.items():
        value = filled_in(column.to_numpy(dtype=float))
        if value is None:
            continue
        places = column.index[column == value]
        held = counts.areas.levels[column.to_numpy() == value]
        # what is measured of a group is the same in all its areas
        if any(held[level].nunique() * 2 <= len(held) and _constant(column, counts, level) for level in held):
            continue

        def say(name: object = name, value: float = value, size: int = len(places), known: int = column.count()) -> str:
            message = _(
                "{column} is {value} in {size} of the {known} areas, far more than the numbers around it: probably it "
                "was filled in where nothing was known. If so, leave these cells empty: what is not known is part of "
                "the model, and filling in makes it too sure."
            )
            return message.format(column=name, value=f"{value:.10g}", size=number(size), known=number(known))

        yield remark(RemarkKind.FILLED_IN, str(name), say, places)


def _constant(column: pd.Series, counts: Counts, level: object) -> bool:
    """Whether a determinant has one value within nearly every group of a level."""
    different = column.groupby(counts.areas.levels[level].to_numpy()).nunique()
    return bool((different <= 1).mean() > 0.9)


def _nearly_constant(counts: Counts) -> Iterator[Remark]:
    """Yield determinants that are the same but for a few areas."""
    for name, column in counts.areas.determinants.items():
        known = column.dropna()
        if len(known) < ENOUGH:
            continue
        most = known.mode().iloc[0]
        others = known.index[known != most]
        if not 0 < len(others) <= FEW_DIFFER:
            continue

        def say(name: object = name, most: float = most, size: int = len(others)) -> str:
            message = plural(
                "{{column}} is {{value}} but in {count} area: its coefficient says no more than how that one differs.",
                "{{column}} is {{value}} but in {count} areas: its coefficient says no more than how these differ.",
                size,
            )
            return message.format(column=name, value=f"{most:.10g}")

        yield remark(RemarkKind.NEARLY_CONSTANT, str(name), say, others)
