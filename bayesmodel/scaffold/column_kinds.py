"""What stands in the columns of a table: codes of which kind, numbers with which symbols among them, years, text."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from types import MappingProxyType
from typing import Literal

import pandas as pd

from bayesmodel.data.codes import DIGITS, PREFIX, CodeKind, are_codes
from bayesmodel.io.column_words import match

Kind = Literal["wijk", "buurt", "gemeente", "region", "period", "numbers", "text", "empty"]

YEAR = r"(?<![0-9])(?:19|20)[0-9]{2}(?![0-9])"
"""A year in the name of a column."""
MOSTLY_WHOLE = 0.9
"""Share of the numbers of a column that are whole from which it may count people: a few cells may be wrong."""
GROUPED = r"[+-]?[1-9][0-9]{0,2}([.,][0-9]{3})+"
"""A number that may have a mark for thousands."""
NUMBER = r"[+-]?[0-9]+([.,][0-9]+)?([eE][+-]?[0-9]+)?|" + GROUPED
"""A number in any way of writing."""


@dataclass(frozen=True)
class Column:
    """A column and what stands in it.

    Parameters
    ----------
    name : str
        As in the table.
    kind : str
        Codes of wijken, buurten, gemeenten or regions, periods, numbers, text, or nothing.
    cells : Series of str
        The cells.
    symbols : mapping of str to int
        Of numbers: what stands among them, and how often; an empty cell is ``""``.
    unit : str
        Of numbers: the unit that each had, as the table was written; mostly none.
    """

    name: str
    kind: Kind
    cells: pd.Series
    symbols: Mapping[str, int]
    unit: str = ""

    @cached_property
    def numbers(self) -> pd.Series:
        """The cells as numbers, NaN where there is none."""
        return pd.to_numeric(self.cells.str.replace(",", ".", regex=False), errors="coerce")

    @cached_property
    def people(self) -> pd.Series:
        """The same, where they count people: 1.250 is a thousand and more, as people have no decimals."""
        grouped = self.cells.str.fullmatch(GROUPED)
        return self.numbers.where(~grouped, pd.to_numeric(self.cells.str.replace(r"[.,]", "", regex=True), "coerce"))

    @cached_property
    def counts_people(self) -> bool:
        """Whether its numbers are whole, as those of people are, but for a few cells."""
        known = self.numbers.notna()
        whole = (self.numbers[known] % 1 == 0) | self.cells[known].str.fullmatch(GROUPED)
        return bool(not known.any() or whole.mean() >= MOSTLY_WHOLE)


def columns_of(
    frame: pd.DataFrame, year: int | None = None, units: Mapping[str, str] = MappingProxyType({})
) -> list[Column]:
    """Look at every column of a table; of columns that a table has per year, those of one year.

    Parameters
    ----------
    frame : DataFrame of str
        The table.
    year : int, optional
        The year.
    units : mapping of str to str
        The unit that numbers had, by column.

    Returns
    -------
    list of Column

    Examples
    --------
    >>> frame = pd.DataFrame({"wijkcode": ["WK000300", "WK000301"], "n": ["12", "."]})
    >>> [(column.name, column.kind, column.symbols) for column in columns_of(frame)]
    [('wijkcode', 'wijk', {}), ('n', 'numbers', {'.': 1})]
    """
    names = _of_year([str(name) for name in frame], year)
    return [replace(_column(name, frame[name]), unit=units.get(name, "")) for name in names]


def _of_year(names: Sequence[str], year: int | None) -> list[str]:
    """Leave out columns of other years than the one asked for, where there is the same column of that year."""
    if year is None:
        return list(names)
    years = {name: set(re.findall(YEAR, name)) for name in names}
    asked = {re.sub(YEAR, "", name) for name in names if years[name] == {str(year)}}
    return [name for name in names if years[name] in (set(), {str(year)}) or re.sub(YEAR, "", name) not in asked]


def _column(name: str, cells: pd.Series) -> Column:
    """Look at one column."""
    filled = cells[cells != ""]
    if filled.empty:
        return Column(name, "empty", cells, {})
    code = _code_kind(name, filled)
    if code is not None:
        return Column(name, code, cells, {})
    if filled.str.fullmatch(r"(JZ|CR|PV)[0-9]{2}").mean() > 0.5:
        return Column(name, "region", cells, {})
    if match(name, "period") is not None and filled.str.contains(r"(?:19|20)[0-9]{2}").all():
        return Column(name, "period", cells, {})
    numbers = cells.str.fullmatch(NUMBER).to_numpy(dtype=bool)
    others = cells[~numbers]
    if numbers.sum() > 0.5 * len(filled) or (numbers.any() and others.nunique() <= 3):
        return Column(name, "numbers", cells, {str(symbol): int(n) for symbol, n in others.value_counts().items()})
    return Column(name, "text", cells, {})


def _code_kind(name: str, filled: pd.Series) -> CodeKind | None:
    """Return which codes a column holds: those of wijken before the buurten and gemeenten among them."""
    numbers = {kind: int(are_codes(filled, kind).sum()) for kind in PREFIX}
    if sum(numbers.values()) > len(filled) / 2:
        if numbers["wijk"] > 1:
            return "wijk"
        return "buurt" if numbers["buurt"] > numbers["gemeente"] else "gemeente"
    if match(name, "gemeente_name") is not None and _fits(filled, "gemeente"):
        return "gemeente"
    kind: CodeKind = "buurt" if "buurt" in name.lower() else "wijk"
    named = match(name, "area_code") is not None
    return kind if named and _fits(filled, kind) and filled[filled.str.isdigit()].is_unique else None


def _fits(filled: pd.Series, kind: CodeKind) -> bool:
    """Whether most cells are numbers that may be codes of a kind."""
    return bool(filled.str.fullmatch(rf"[0-9]{{1,{DIGITS[kind]}}}").mean() > 0.5)
