"""What else is published of the counts, as sums: subtotals, percentages and totals of groups; and what they narrow."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from bayesmodel.data.area_table import AreaTable
from bayesmodel.data.count_validation import count_faults
from bayesmodel.data.counts import Status
from bayesmodel.data.publication import PublishedCells, intervals, published_cells
from bayesmodel.data.tightening import Contradiction, Integers, Sums, tighten
from bayesmodel.data.totals import members_of, usable_totals
from bayesmodel.errors import DataError, Fault, raise_faults
from bayesmodel.messages import _, number
from bayesmodel.study.published_parts import Percentage, Subtotals

TRAIL = ("area", "column", "by", "lower_before", "upper_before", "lower", "upper")
"""Columns of the audit trail."""
SLACK = 1e-9
"""What bounds of a percentage may be off by the arithmetic of floating-point numbers."""


@dataclass(frozen=True)
class Narrowed:
    """Counts with the tightest bounds that follow from all that is published, and how they follow.

    Parameters
    ----------
    lower, upper : ndarray of int64 (area,)
        Bounds, inclusive.
    status : ndarray of str (area,)
        A `Status` each; a missing count that others give is rounded, as it is known to within a few.
    trail : DataFrame
        One row for each narrowing, in order: ``area, column, by, lower_before, upper_before, lower, upper``.
    note : str
        How many counts were narrowed, in a sentence; empty where nothing else is published.
    """

    lower: Integers
    upper: Integers
    status: NDArray[np.str_]
    trail: pd.DataFrame
    note: str = ""


def narrow(
    areas: AreaTable, lower: Integers, upper: Integers, status: NDArray[np.str_], totals: pd.DataFrame
) -> Narrowed:
    """Narrow what counts can be by all that the study says is published of them.

    Parameters
    ----------
    areas : AreaTable
        With the figures that `bounds` of its study names.
    lower, upper : ndarray of int64 (area,)
        Bounds by the publication rule.
    status : ndarray of str (area,)
    totals : DataFrame
        As `interpret_totals` gives them.

    Returns
    -------
    Narrowed
        The same bounds where the study names nothing.

    Raises
    ------
    DataError
        A figure is no number and no symbol, or figures contradict each other: all at once, with the areas.
    """
    bounds, size = areas.study.bounds, len(areas)
    columns = [name for each in bounds.subtotals for name in each.columns]
    missing = [name for name in bounds.columns if name not in areas.figures]
    if missing or not (columns or bounds.percentages or bounds.totals):
        return Narrowed(lower, upper, status, pd.DataFrame(columns=list(TRAIL)))
    parts, faults = _parts(areas, columns)
    shares, found = _percentages(areas)
    raise_faults(DataError, _("What is published beside the counts"), [*faults, *found])
    low = np.concatenate([lower, *(part[0] for part in parts)])
    high = np.concatenate([upper, *(part[1] for part in parts)])
    sums = [*_subtotals(areas, columns), *shares, *(total_sums(areas, totals) if bounds.totals else ())]
    result = tighten(low, high, sums)
    named = [areas.study.columns.count, *columns]
    _refuse(areas, named, result.contradictions)
    rows = [
        (areas.codes[step.cell % size], named[step.cell // size], *(getattr(step, name) for name in TRAIL[2:]))
        for step in result.steps
    ]
    trail = pd.DataFrame(rows, columns=list(TRAIL))
    least, most, now = _with_status(result.lower[:size], result.upper[:size], lower, upper, status)
    return Narrowed(least, most, now, trail, _note(lower, upper, least, most))


def _with_status(
    least: Integers, most: Integers, lower: Integers, upper: Integers, status: NDArray[np.str_]
) -> tuple[Integers, Integers, NDArray[np.str_]]:
    """Return bounds and status; a missing count of which no more than a limit is known stays missing."""
    missing = status == Status.MISSING
    known = missing & (least > lower)
    silent = missing & ~known
    now = np.where(known, Status.ROUNDED, status)
    return np.where(silent, lower, least), np.where(silent, upper, most), now.astype(str)


def _note(lower: Integers, upper: Integers, least: Integers, most: Integers) -> str:
    """Say how many counts were narrowed, and by how much all together."""
    changed = int(((least > lower) | (most < upper)).sum())
    said = _(
        "What else is published narrows {changed} of {all} counts: the widths of all intervals add up to {after}, and "
        "did to {before}."
    )
    spans = {"before": number(int((upper - lower).sum())), "after": number(int((most - least).sum()))}
    return said.format(changed=number(changed), all=number(len(lower)), **spans)


def _cells(areas: AreaTable, column: str) -> PublishedCells:
    """Tell the cells of a part apart as those of the count are."""
    return published_cells(areas.figures[column].rename(column), areas.study.publication, areas.without_count)


def _parts(areas: AreaTable, columns: list[str]) -> tuple[list[tuple[Integers, Integers]], list[Fault]]:
    """Return the bounds of each part by the publication rule, and what is wrong with the cells."""
    people, rule = areas.population.to_numpy(dtype=np.int64), areas.study.publication
    bounds, faults = list[tuple[Integers, Integers]](), list[Fault]()
    for column in columns:
        cells = _cells(areas, column)
        faults += count_faults(cells, people, rule)
        kinds = {"hidden": cells.hidden, "missing": cells.missing, "zero": cells.zero, "secondary": cells.secondary}
        low, high, _status = intervals(cells.numbers, people, rule, **kinds)
        bounds.append((low, high))
    return bounds, faults


def _subtotals(areas: AreaTable, columns: list[str]) -> Iterator[Sums]:
    """Yield the sums of parts: they add up to the count, or are together at least the count and each at most."""
    size, area = len(areas), np.arange(len(areas))
    every, start = areas.study.bounds.subtotals, 1
    for each in every:
        places = [start + place for place in range(len(each.columns))]
        start += len(each.columns)
        cells = np.column_stack([area, *(area + place * size for place in places)])
        signs = np.array([-1] + [1] * len(places))
        none = np.zeros(size)
        yield Sums(_called(each), cells, signs, none, np.full(size, np.inf) if each.overlap else none)
        for place, column in zip(places, each.columns, strict=True) if each.overlap else ():
            pair = np.column_stack([area, area + place * size])
            yield Sums(column, pair, np.array([-1, 1]), np.full(size, -np.inf), none)


def _called(subtotals: Subtotals) -> str:
    """Name subtotals by their columns."""
    return " + ".join(subtotals.columns)


def _percentages(areas: AreaTable) -> tuple[list[Sums], list[Fault]]:
    """Return the bounds that percentages of unrounded counts give."""
    found, faults = list[Sums](), list[Fault]()
    for each in areas.study.bounds.percentages:
        if not each.of_unrounded_counts:
            continue
        share, wrong = _numbers(areas, each.column)
        whole, wrong_too = _numbers(areas, each.of) if each.of else (areas.population.astype(float), [])
        faults += [*wrong, *wrong_too]
        low, high = _of_percentage(np.asarray(share, dtype=float), np.asarray(whole, dtype=float), each)
        cells = np.arange(len(areas))[:, None]
        found.append(Sums(each.column, cells, np.array([1]), low, high))
    return found, faults


def _of_percentage(
    share: NDArray[np.float64], whole: NDArray[np.float64], percentage: Percentage
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the least and the largest count with a percentage; infinite where it is not known.

    A published share p of n people with d decimals is of ``per * count / n`` between ``p`` minus and plus half of the
    last decimal; n is off by less than what it is rounded to.
    """
    half, off = 0.5 * 10.0**-percentage.decimals, percentage.of_rounded_to - 1
    low = np.ceil((share - half) * np.maximum(whole - off, 0) / percentage.per - SLACK)
    high = np.floor((share + half) * (whole + off) / percentage.per + SLACK)
    known = np.isfinite(share) & np.isfinite(whole)
    return np.where(known, np.maximum(low, 0), -np.inf), np.where(known, high, np.inf)


def _numbers(areas: AreaTable, column: str) -> tuple[pd.Series, list[Fault]]:
    """Read a column of figures as numbers, NaN where a symbol of the publication stands."""
    cells, rule = areas.figures[column].rename(column), areas.study.publication
    symbols = ["", *rule.hidden_symbols, *rule.missing_symbols, *rule.secondary_symbols]
    values = pd.to_numeric(cells, errors="coerce")
    values = values.where(~cells.isin(symbols))
    wrong = cells[values.isna() & ~cells.isin(symbols)]
    if wrong.empty:
        return values, []
    rows = [f"{code} ({cell!r})" for code, cell in wrong.items()]
    return values, [Fault(column, _("text that is no number"), _("numbers, or symbols of [publication]"), rows=rows)]


def total_sums(areas: AreaTable, totals: pd.DataFrame, *, exactly: bool = False) -> Iterator[Sums]:
    """Yield, of each total that is known, that its areas together are at most the total without those left out.

    With ``exactly`` everybody counted is in an area, so that they are at least that too.
    """
    if totals.empty:
        return
    for _row, total in usable_totals(totals).iterrows():
        members = members_of(areas, str(total["level"]), str(total["group"]))
        if not len(members):
            continue
        most = np.array([float(total["upper"] - total["aside_lower"])])
        name = _("total of {name} ({code})").format(name=total["name"], code=total["code"])
        least = np.array([float(total["lower"] - total["aside_upper"]) if exactly else -np.inf])
        yield Sums(name, members[None, :], np.ones(len(members), dtype=np.int64), least, most)


def _refuse(areas: AreaTable, named: list[str], contradictions: tuple[Contradiction, ...]) -> None:
    """Refuse publications that contradict each other: by what, in which cells.

    Raises
    ------
    DataError
        No counts fit: one fault for each kind of sum, with the cells.
    """
    size, by = len(areas), dict[str, list[str]]()
    for each in contradictions:
        cells = [
            _("{column} {low} to {high}").format(column=named[cell // size], low=number(low), high=number(high))
            for cell, (low, high) in zip(each.cells, each.bounds, strict=True)
        ]
        code = areas.codes[each.cells[0] % size] if len({cell % size for cell in each.cells}) == 1 else each.by
        shown = "; ".join(cells[:SHOWN_CELLS])
        by.setdefault(each.by, []).append(f"{code} ({shown})")
    advice = _(
        "No counts fit both. Look whether the columns are of the same people, year and table and add up at all, what "
        "the symbols stand for, and whether hidden_below and rounded_to are as the publisher says; or take them out of "
        "[bounds]."
    )
    faults = [
        Fault(name, _("figures that contradict the counts"), _("figures that can be true together"), advice, rows)
        for name, rows in by.items()
    ]
    raise_faults(DataError, _("What is published beside the counts"), faults)


SHOWN_CELLS = 6
"""Cells of one contradiction that a message spells out."""
