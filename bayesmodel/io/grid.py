"""A sheet of cells as people make them: titles above the header, remarks below the table, headings over columns."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil
from statistics import median_low
from typing import Literal

import pandas as pd

from bayesmodel.errors import DataError, Fault, FaultKind, listed, raise_faults
from bayesmodel.messages import _
from bayesmodel.study.parts import TableForm

LOOKED_AT = 60
"""Rows among which the header is sought."""

TOPICS = ("onderwerp", "onderwerpen")
"""What StatLine writes before the headings of its columns; no heading of a column itself."""
_NUMBER = re.compile(r"[+-]?[0-9][0-9.,]*%?")
_YEAR = re.compile(r"(19|20)[0-9]{2}")
_NOTE = re.compile(r"(?=.*[^\W\d_])(?=.*[ :©*])")
"""A remark below a table: letters, and a space or a sign of remarks; a code has neither."""


@dataclass(frozen=True)
class Grid:
    """Cells of a file, row by row.

    Parameters
    ----------
    name : str
        What the cells are in, for messages: the file, and its sheet.
    rows : sequence of sequence of str
        Cells, stripped; rows may differ in length.
    numbers : sequence of int
        Number of each row in the file.
    word : str
        What a row is called there: ``row`` in a spreadsheet, ``line`` in a text file.
    """

    name: str
    rows: Sequence[Sequence[str]]
    numbers: Sequence[int]
    word: Literal["row", "line"] = "row"

    @property
    def called(self) -> str:
        """What a row is called, in the language of the user."""
        return _("row") if self.word == "row" else _("line")


@dataclass(frozen=True)
class Body:
    """The table within a grid.

    Parameters
    ----------
    frame : DataFrame of str
        One row per row of the table.
    positions : list of int
        Index of each row in the grid.
    columns : list of int
        Index of each column in the grid.
    notes : list of str
        What was left out above and below.
    """

    frame: pd.DataFrame
    positions: list[int]
    columns: list[int]
    notes: list[str]


def body_of(grid: Grid, form: TableForm) -> Body:
    """Find the header and the table below it.

    Parameters
    ----------
    grid : Grid
        The cells.
    form : TableForm
        Its `header_row` and `header_rows` decide where they are given.

    Returns
    -------
    Body
        Rows above the header and remarks below the table are left out, and said so.

    Raises
    ------
    DataError
        There is no header, it looks like data, names occur twice, or rows differ in length from it.

    Examples
    --------
    >>> grid = Grid("x", [["Youth care 2021"], ["wijk", "n"], ["300", "12"], ["Source: CBS", ""]], [1, 3, 4, 6])
    >>> body = body_of(grid, TableForm())
    >>> body.frame.to_dict("list"), body.notes[0]
    ({'wijk': ['300'], 'n': ['12']}, "left out above the header: 'Youth care 2021'")
    """
    index = header_index(grid) if form.header_row is None else _stated_index(grid, form.header_row)
    first = index - form.header_rows + 1
    if first < 0:
        raise DataError(
            _("The table {name}").format(name=grid.name),
            [Fault("header_rows", _("more rows than there are"), _("rows of names"))],
        )
    last = _last_index(grid, index)
    names = _names([grid.rows[number] for number in range(first, index + 1)])
    inside = [number for number in range(index + 1, last + 1) if any(grid.rows[number])]
    columns = [
        column for column, name in enumerate(names) if name or any(_cell(grid.rows[row], column) for row in inside)
    ]
    nameless = [column for column in columns if not names[column] and column > 0]
    names = [names[column] or _("column {name}").format(name=column + 1) for column in columns]
    faults = [*_name_faults(grid, names, index, form), *_length_faults(grid, inside, columns)]
    if nameless and form.header_row is None:
        faults.append(_nameless_fault(grid, nameless, index, inside))
    raise_faults(DataError, _("The table {name}").format(name=grid.name), faults)
    cells = [[_cell(grid.rows[number], column) for column in columns] for number in inside]
    frame = pd.DataFrame(cells, columns=names, dtype=str)
    return Body(frame, inside, columns, _notes(grid, first, last))


def header_index(grid: Grid) -> int:
    """Return the index of the header: the first row that fills (nearly) as many cells as most rows do.

    Raises
    ------
    DataError
        There is none, or the first such row holds numbers, as data do.
    """
    filled = [sum(map(bool, row)) for row in grid.rows[:LOOKED_AT]]
    if not any(filled):
        raise DataError(_("The table {name}").format(name=grid.name), [_no_header()])
    width = median_low([cells for cells in filled if cells > 1] or [1])
    enough = ceil(0.75 * width) if width > 3 else width
    index = next(number for number, cells in enumerate(filled) if cells >= enough)
    data = [cell for cell in grid.rows[index] if _NUMBER.fullmatch(cell) and not _YEAR.fullmatch(cell)]
    if data:
        number = grid.numbers[index]
        found = _("no row of names: {word} {number} is the first full one, and holds {data!r}").format(
            word=grid.called, number=number, data=data[0]
        )
        expected = _("one row with a name for every column, above the first row of data")
        advice = _("Say in [[tables]] in which row the names are, such as header_row = {row}.").format(
            row=max(1, number - 1)
        )
        raise DataError(_("The table {name}").format(name=grid.name), [_header_fault(found, expected, advice)])
    return index


def _header_fault(found: str, expected: str, advice: str = "", rows: Sequence[str] = ()) -> Fault:
    """Return a fault of the header, which another row, or two, may mend."""
    return Fault(_("header"), found, expected, advice, rows, FaultKind.HEADER)


def _no_header() -> Fault:
    return _header_fault(_("no header: the table is empty"), _("a row with the names of the columns"))


def _stated_index(grid: Grid, number: int) -> int:
    """Return the index of the row that the study says is the header."""
    if number not in grid.numbers or not any(grid.rows[list(grid.numbers).index(number)]):
        fault = Fault(
            "header_row",
            _("nothing in {word} {number}").format(word=grid.called, number=number),
            _("the row with the names of the columns"),
        )
        raise DataError(_("The table {name}").format(name=grid.name), [fault])
    return list(grid.numbers).index(number)


def _last_index(grid: Grid, header: int) -> int:
    """Return the index of the last row of the table: below it are empty rows and remarks of one cell only."""
    last = len(grid.rows) - 1
    while last > header:
        filled = [cell for cell in grid.rows[last] if cell]
        if len(filled) > 1 or (filled and not _NOTE.match(filled[0])):
            break
        last -= 1
    return last


def _names(rows: list[Sequence[str]]) -> list[str]:
    """Join the rows of a header: a heading holds until the next one, over columns that have a name below it."""
    names = [""] * max(map(len, rows))
    for row in rows[:-1]:
        heading = ""
        for column in range(len(names)):
            heading = _cell(row, column) or heading
            heading = "" if heading.casefold() in TOPICS else heading
            own = _cell(row, column) or any(_cell(below, column) for below in rows[rows.index(row) + 1 :])
            names[column] = f"{names[column]} {heading}".strip() if own else names[column]
    return [f"{name} {_cell(rows[-1], column)}".strip() for column, name in enumerate(names)]


def _cell(row: Sequence[str], column: int) -> str:
    """Return a cell, empty where the row is shorter."""
    return row[column] if column < len(row) else ""


def _name_faults(grid: Grid, names: list[str], index: int, form: TableForm) -> list[Fault]:
    """Find columns named twice, and say so where headings above them would tell them apart."""
    twice = sorted({name for name in names if names.count(name) > 1})
    if not twice:
        return []
    headings = [cell for cell in grid.rows[index - 1] if cell] if index else []
    if form.header_rows == 1 and len(headings) > 1:
        found = _("columns named twice, under merged headings ({listed})").format(listed=listed(headings))
        advice = _("Say header_rows = 2 in [[tables]] to join both rows, or give every column a name of its own.")
        return [_header_fault(found, _("each name once"), advice, twice)]
    return [_header_fault(_("columns named twice"), _("each name once"), _("Rename them."), twice)]


def _nameless_fault(grid: Grid, nameless: list[int], index: int, inside: list[int]) -> Fault:
    """Return the fault of columns that hold values and have no name, as merged headings leave them."""
    shown = {column: next(cell for row in inside if (cell := _cell(grid.rows[row], column))) for column in nameless}
    rows = [_("column {number} ({text!r})").format(number=column + 1, text=cell) for column, cell in shown.items()]
    advice = _(
        "Give every column a name; where headings are merged over two rows, say in [[tables]]: "
        "header_row = {row} and header_rows = 2."
    ).format(row=grid.numbers[index] + 1)
    return Fault(
        _("header in {word} {numbers}").format(word=grid.called, numbers=grid.numbers[index]),
        _("columns without a name"),
        _("a name each"),
        advice,
        rows,
        FaultKind.HEADER,
    )


def _length_faults(grid: Grid, inside: list[int], columns: list[int]) -> list[Fault]:
    """Find rows with more cells than the header, or fewer."""
    width = max(columns) + 1 if columns else 0
    wrong = [
        _("{word} {number} ({count} cells)").format(
            word=grid.called, number=grid.numbers[index], count=len(grid.rows[index])
        )
        for index in inside
        if len(grid.rows[index]) < width or any(grid.rows[index][width:])
    ]
    if not wrong:
        return []
    advice = _(
        "Put quotes around cells that hold the separator (a decimal comma in a file with commas), or end the row."
    )
    return [
        Fault(
            _("rows"),
            _("rows of another length than the header"),
            _("{width} cells in each row").format(width=width),
            advice,
            wrong,
        )
    ]


def _notes(grid: Grid, first: int, last: int) -> list[str]:
    """Say which texts stand above the header and below the table."""
    parts = {_("above the header"): grid.rows[:first], _("below the table"): grid.rows[last + 1 :]}
    texts = {where: [repr(cell) for row in rows for cell in row if cell] for where, rows in parts.items()}
    return [
        _("left out {where}: {listed}").format(where=where, listed=listed(shown))
        for where, shown in texts.items()
        if shown
    ]
