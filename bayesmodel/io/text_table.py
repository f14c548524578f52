"""Tables as text, so that symbols, codes and the publisher's own digits survive reading; their size is limited."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta

import pandas as pd

from bayesmodel.errors import DataError, Fault
from bayesmodel.io.near_names import NearNames
from bayesmodel.messages import _, number, plural


@dataclass(frozen=True)
class TextTable:
    """A table of text, and what was assumed while reading it.

    Parameters
    ----------
    frame : DataFrame of str
        Cells stripped of spaces; an empty cell is ``""``; decimals with a point.
    notes : tuple of str
        What was read and how, in sentences.
    doubts : mapping of str to Fault
        Per column: why it cannot be read in one way only; a fault as soon as the study uses the column.
    lines : tuple of int
        Number of each row in the file; empty when rows have no number there.
    locations : mapping of str to Series
        Of joined tables, per column: where each row stands, such as "row 12" or "row 12 of gm.csv".
    unmatched : mapping of str to Series of bool
        Of joined tables, per column of a later table: the rows it has no row for, whose cells are empty for that
        reason.
    spare : mapping of str to tuple of str
        Of joined tables, per column of a later table: codes of its rows that are of no area, where the first table has
        others of their gemeente.
    larger : DataFrame of str
        Of joined tables: rows of larger areas, such as gemeenten, indexed by code; they are no rows of `frame`.
    units : mapping of str to str
        The unit that every number of a column had, which is taken off.
    near : tuple of NearNames
        Of joined tables: names that match no row, beside nearly the same ones of rows that match nothing.
    """

    frame: pd.DataFrame
    notes: tuple[str, ...] = ()
    doubts: Mapping[str, Fault] = field(default_factory=dict)
    lines: tuple[int, ...] = ()
    locations: Mapping[str, pd.Series] = field(default_factory=dict)
    unmatched: Mapping[str, pd.Series] = field(default_factory=dict)
    spare: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    larger: pd.DataFrame = field(default_factory=pd.DataFrame)
    units: Mapping[str, str] = field(default_factory=dict)
    near: tuple[NearNames, ...] = ()


def size_in_words(frame: pd.DataFrame) -> str:
    """Say how many rows and columns a table has.

    Examples
    --------
    >>> size_in_words(pd.DataFrame({"a": ["1"], "b": ["2"]}))
    '1 row, 2 columns'
    """
    rows = plural("{count} row", "{count} rows", len(frame))
    return ", ".join([rows, plural("{count} column", "{count} columns", frame.shape[1])])


def table_fault(where: str, found: str, expected: str, advice: str = "", rows: list[str] | None = None) -> DataError:
    """Return the error of a table with one fault."""
    return DataError(_("The table"), [Fault(where, found, expected, advice, rows or [])])


def located(faults: Sequence[Fault], table: TextTable, area: str) -> list[Fault]:
    """Add to the areas that show a fault the row they are in, where the column comes from a file.

    Parameters
    ----------
    faults : sequence of Fault
        Each of a column of the table; its rows begin with the code of an area.
    table : TextTable
        The joined table.
    area : str
        Its column of codes.

    Returns
    -------
    list of Fault
        The same faults.

    Examples
    --------
    >>> import pandas as pd
    >>> locations = pd.Series(["row 2 of x.csv"])
    >>> table = TextTable(pd.DataFrame({"wijk": ["WK000300"], "n": ["-3"]}), locations={"n": locations})
    >>> located([Fault("n", "a negative number", "0 or more", rows=["WK000300 ('-3')"])], table, "wijk")[0].rows
    ["WK000300 ('-3') in row 2 of x.csv"]
    """
    first = {code: index for index, code in reversed(list(enumerate(table.frame[area])))}

    def row(text: str, column: str) -> str:
        index = first.get(text.split(" (", 1)[0])
        if index is None:
            return text
        return _("{text} in {place}").format(text=text, place=table.locations[column].iloc[index])

    known = table.locations
    return [
        replace(fault, rows=[row(text, fault.where) for text in fault.rows]) if fault.where in known else fault
        for fault in faults
    ]


BYTES = 500_000_000
"""Of a file, unpacked where it is packed."""
CELLS = 50_000_000
"""Rows times columns: a million areas with fifty columns."""
COLUMNS = 5_000
LETTERS = 131_072
"""Of one cell; a spreadsheet program keeps 32,767."""
ROWS = 2_000_000


def check_size(where: str, rows: int, columns: int, cells: int | None = None) -> None:
    """Refuse a table that is larger than any of areas.

    Parameters
    ----------
    where : str
        The file, and what in it.
    rows, columns : int
        Its size, empty rows and columns before the last cell included.
    cells : int, optional
        How many cells take memory; `rows` times `columns` when left out.

    Raises
    ------
    DataError
        It has more rows, columns or cells than the limits.
    """
    if columns > COLUMNS:
        found, most = _("{count} columns"), _("at most {count} columns")
        raise too_large(where, found.format(count=number(columns)), most.format(count=number(COLUMNS)))
    if rows > ROWS:
        found, most = _("{count} rows"), _("at most {count} rows")
        raise too_large(where, found.format(count=number(rows)), most.format(count=number(ROWS)))
    cells = rows * columns if cells is None else cells
    if cells > CELLS:
        found, most = _("{rows} rows of {columns} columns"), _("at most {count} cells")
        found = found.format(rows=number(rows), columns=number(columns))
        raise too_large(where, found, most.format(count=number(CELLS)))


def too_large(where: str, found: str, expected: str) -> DataError:
    """Return the error of a table that is too large, with what to do."""
    advice = _(
        "Keep the rows and columns that are needed; in a spreadsheet, a forgotten cell far below or to the right of "
        "the table counts too."
    )
    return table_fault(where, found, expected, advice)


def too_many_bytes(where: str) -> DataError:
    """Return the error of a file that is too large, unpacked."""
    found, most = _("more than {size} MB, unpacked"), _("at most {size} MB")
    size = number(BYTES / 1e6, ".0f")
    return too_large(where, found.format(size=size), most.format(size=size))


def as_text(cell: object) -> str:
    """Write a cell as text: a gap as empty text, a whole number without decimals, a date as year-month-day.

    Examples
    --------
    >>> as_text(340100.0), as_text(0.25), as_text(" GM0034 "), as_text(date(2017, 3, 1))
    ('340100', '0.25', 'GM0034', '2017-03-01')
    """
    match cell:
        case None:
            return ""
        case float() if cell.is_integer():
            return str(int(cell))
        case datetime() if cell.time() == time():
            return cell.date().isoformat()
        case date() | datetime() | time() | timedelta():
            return str(cell)
        case _:
            return "" if pd.isna(cell) else str(cell).strip()  # type: ignore[call-overload]
