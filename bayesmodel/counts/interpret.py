"""Published cells read as intervals: exact, rounded, hidden, missing and zero are never mixed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from bayesmodel.areas.table import AreaTable
from bayesmodel.counts.counts import Counts, Status
from bayesmodel.counts.rules import Integers, hidden_bounds, highest_hidden, published_bounds
from bayesmodel.errors import DataError, Fault, raise_faults
from bayesmodel.study.parts import Publication

Booleans = NDArray[np.bool_]


@dataclass(frozen=True)
class _Cells:
    """Which published cells are which symbol, and the number in the others (0 where there is none)."""

    text: pd.Series
    hidden: Booleans
    missing: Booleans
    zero: Booleans
    number: Booleans
    numbers: Integers


def interpret_counts(areas: AreaTable) -> Counts:
    """Read the published counts as inclusive integer intervals, by the publication rule of the study.

    A number stands for the counts that would be published so; a hidden symbol for every count the rule hides; a missing
    symbol for 0 to the population; a symbol of zero for 0. An area without people is structurally zero.

    Parameters
    ----------
    areas : AreaTable
        With the counts as published.

    Returns
    -------
    Counts
        Bounds and a status per area; its notes say how each symbol was read, and how often it occurs.

    Raises
    ------
    DataError
        A cell is no number and no known symbol, is negative or has decimals, is above the population, is no multiple of
        the rounding, or should have been hidden by the rule: all faults at once, with the areas.

    Examples
    --------
    >>> from bayesmodel import example_study, interpret_counts, read_areas
    >>> counts = interpret_counts(read_areas(example_study(areas=60, gemeenten=8, regions=2)))
    >>> bool((counts.lower <= counts.upper).all())
    True
    """
    publication = areas.study.publication
    cells = _cells(areas.published, publication)
    population = areas.population.to_numpy(dtype=np.int64)
    lower, upper = published_bounds(cells.numbers, publication)
    faults = [*_text_faults(cells, publication), *_rule_faults(cells, publication, population, lower, upper)]
    raise_faults(DataError, f"Column {areas.study.columns.count}", faults)

    lowest, highest = hidden_bounds(population, publication)
    known_zero = cells.zero | (population == 0)
    open_below = cells.hidden | cells.missing
    lower = np.where(known_zero | open_below, lowest, np.clip(lower, 0, population))
    upper = np.where(cells.hidden, highest, np.where(cells.missing, population, np.clip(upper, 0, population)))
    upper = np.where(known_zero, 0, upper)
    shown = Status.EXACT if publication.rounded_to == 1 else Status.ROUNDED
    status = np.select(
        [population == 0, cells.zero, cells.hidden, cells.missing],
        [Status.ZERO, Status.EXACT, Status.SUPPRESSED, Status.MISSING],
        shown,
    )
    return Counts(areas, lower, upper, status, _notes(cells, status, publication))


def _cells(text: pd.Series, publication: Publication) -> _Cells:
    """Tell symbols from numbers; a stated symbol wins, also where it looks like a number."""
    hidden = text.isin(publication.hidden_symbols).to_numpy()
    missing = text.isin(publication.missing_symbols).to_numpy()
    zero = text.isin(publication.zero_symbols).to_numpy()
    # "1.000" may be a thousand written with a point, so only a single zero is taken for a whole number.
    number = text.str.fullmatch(r"[0-9]{1,15}(\.0)?").to_numpy(dtype=bool) & ~(hidden | missing | zero)
    values = pd.to_numeric(text.where(number, "0")).to_numpy(dtype=np.int64)
    return _Cells(text, hidden, missing, zero, number, values)


def _text_faults(cells: _Cells, publication: Publication) -> list[Fault]:
    """Find cells that are neither a whole number nor a stated symbol."""
    unread = ~(cells.hidden | cells.missing | cells.zero | cells.number)
    negative = unread & cells.text.str.fullmatch(r"-[0-9]+([.,][0-9]+)?").to_numpy(dtype=bool)
    decimal = unread & cells.text.str.fullmatch(r"[0-9]+[.,][0-9]+").to_numpy(dtype=bool)
    state = "State what it means in publication.hidden_symbols, missing_symbols or zero_symbols."
    parts = {
        "hidden": publication.hidden_symbols,
        "missing": publication.missing_symbols,
        "zero": publication.zero_symbols,
    }
    known = "; ".join(f"{kind}: {_symbols(symbols)}" for kind, symbols in parts.items())
    kinds = [
        (negative, "negative numbers", "counts of 0 and more", f"If it is a code: {state[0].lower()}{state[1:]}"),
        (decimal, "numbers with decimals", "whole numbers", "Give counts, not shares, without a mark for thousands."),
        (unread & ~negative & ~decimal, "text that is no known symbol", f"a whole number or a symbol ({known})", state),
    ]
    return [_fault(found, expected, advice, cells.text[rows]) for rows, found, expected, advice in kinds if rows.any()]


def _rule_faults(
    cells: _Cells, publication: Publication, population: Integers, lower: Integers, upper: Integers
) -> list[Fault]:
    """Find numbers that the publication rule or the population does not allow."""
    odd = cells.number & (cells.numbers % publication.rounded_to != 0)
    to_hide = cells.number & ~odd & (lower > upper)
    above = cells.number & ~odd & ~to_hide & (lower > population)
    unhidden = cells.hidden & (highest_hidden(publication) < 0) & (population > 0)
    rule = f"hidden_below = {publication.hidden_below}, {publication.hidden_when}"
    kinds = [
        (
            odd,
            "numbers that are no multiple",
            f"multiples of {publication.rounded_to}",
            "Check publication.rounded_to.",
        ),
        (
            to_hide,
            "numbers that the rule says are hidden",
            f"no number at or below {highest_hidden(publication)} ({rule})",
            'Check publication; if zeros are published, state zero_symbols = ["0"].',
        ),
        (unhidden, "a symbol of hidden", "no hidden count, as hidden_below = 0", "Check publication."),
    ]
    faults = [
        _fault(found, expected, advice, cells.text[rows]) for rows, found, expected, advice in kinds if rows.any()
    ]
    if above.any():
        people = pd.Series(population, index=cells.text.index)[above]
        rows = [f"{code} ({count} of {people[code]})" for code, count in cells.text[above].items()]
        advice = "Check that count and population are of the same year, boundaries and ages."
        faults.append(Fault("counts", "counts above the population", "at most the population", advice, rows))
    return faults


def _fault(found: str, expected: str, advice: str, cells: pd.Series) -> Fault:
    """Return a fault with the areas and what stands there."""
    return Fault("counts", found, expected, advice, [f"{code} ({cell!r})" for code, cell in cells.items()])


def _symbols(symbols: tuple[str, ...]) -> str:
    """Name symbols in words."""
    return ", ".join("empty cell" if symbol == "" else repr(symbol) for symbol in symbols) or "none"


def _notes(cells: _Cells, status: NDArray[np.str_], publication: Publication) -> tuple[str, ...]:
    """Say how each symbol was read and how often it occurs."""

    def count(wanted: Status) -> str:
        return f"{int((status == wanted).sum()):,}"

    parts = [
        f"{count(Status.SUPPRESSED)} hidden ({_symbols(publication.hidden_symbols)}), "
        f"read as 0..{max(highest_hidden(publication), 0)}",
        f"{count(Status.MISSING)} missing ({_symbols(publication.missing_symbols)})",
    ]
    if publication.rounded_to > 1:
        parts.append(f"{count(Status.ROUNDED)} rounded to {publication.rounded_to}")
    parts.append(f"{count(Status.EXACT)} exact")
    zeros = int((cells.zero & (status == Status.EXACT)).sum())
    if zeros:
        parts.append(f"{zeros:,} of them a symbol of zero ({_symbols(publication.zero_symbols)})")
    if (status == Status.ZERO).any():
        parts.append(f"{count(Status.ZERO)} without people")
    return ("; ".join(parts) + ".",)
