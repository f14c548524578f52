"""Spreadsheets (xlsx, xls, ods): sheet and header are found and reported; numbers stay what they are stored as."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from bayesmodel.errors import DataError, Fault, FaultKind, suggest
from bayesmodel.messages import _, number
from bayesmodel.sources.error_cells import Place, error_cells
from bayesmodel.sources.grid import Body, Grid, body_of
from bayesmodel.sources.marks import marks_in_words, read_marks
from bayesmodel.sources.merged import Range, filled_down
from bayesmodel.sources.text import TextTable, listed, table_fault
from bayesmodel.study.parts import TableForm

if TYPE_CHECKING:
    from python_calamine import CalamineWorkbook

Cells = Sequence[Sequence[object]]


@dataclass(frozen=True)
class Sheet:
    """A sheet as it is stored.

    Parameters
    ----------
    cells : sequence of sequence of object
        Row by row.
    merged : sequence of Range
        Which cells are merged; only the first of them holds anything.
    """

    cells: Cells
    merged: Sequence[Range] = ()


Sheets = Mapping[str, Sheet]


def read_spreadsheet(path: Path, form: TableForm | None = None) -> TextTable:
    """Read the table of a spreadsheet as text.

    Parameters
    ----------
    path : Path
        The file.
    form : TableForm, optional
        What is known of its form; the rest is found out.

    Returns
    -------
    TextTable
        Its notes say which sheet and marks were found, and which rows were left out.

    Raises
    ------
    DataError
        The file is no spreadsheet, it is not clear which sheet holds the table, or the table is not clear.
    """
    form = form or TableForm()
    sheets = read_sheets(path)
    name = form.sheet or _only_table(sheets, path)
    if name not in sheets:
        raise table_fault(
            path.name, _("no sheet {name}").format(name=name), _("a sheet of the file"), suggest(name, sheets).strip()
        )
    cells = sheets[name].cells
    where = _("{file}, sheet {name}").format(file=path.name, name=name) if len(sheets) > 1 else path.name
    grid = Grid(where, [[as_text(cell) for cell in row] for row in cells], range(1, len(cells) + 1))
    body, merged = filled_down(body_of(grid, form), sheets[name].merged)
    lines = tuple(place + 1 for place in body.places)
    marked = read_marks(body.frame, lines, form, _typed(cells, body))
    notes = [_("sheet {name} of {count}").format(name=name, count=len(sheets))] if len(sheets) > 1 else []
    size = _("{count} rows, {columns} columns").format(count=number(len(body.frame)), columns=body.frame.shape[1])
    note = "; ".join([", ".join([size, *notes, marks_in_words(marked)]), *body.notes])
    return TextTable(marked.frame, (f"{path.name}: {note}.",), marked.doubts | merged, lines)


def read_sheets(path: Path) -> Sheets:
    """Read the cells of all sheets that are not hidden.

    Raises
    ------
    DataError
        The file is no spreadsheet, or is locked with a password.
    """
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        workbook = CalamineWorkbook.from_path(path)
        found = {name: workbook.get_sheet_by_name(name) for name in _shown(workbook)}
        errors = error_cells(path)
        return {
            name: Sheet(
                _with_errors(sheet.to_python(skip_empty_area=False), errors.get(name, {})),
                sheet.merged_cell_ranges or (),
            )
            for name, sheet in found.items()
        }
    except CalamineError as error:
        advice = _("Open it in the spreadsheet program and save it again, without a password.")
        raise table_fault(
            path.name, _("a file that cannot be read ({error})").format(error=error), _("a spreadsheet"), advice
        ) from None


def _with_errors(cells: list[list[Any]], errors: Mapping[Place, str]) -> Cells:
    """Put what is no value where it stands, in place of the empty cell that it is read as."""
    for (row, column), text in errors.items():
        if row < len(cells) and column < len(cells[row]) and cells[row][column] in ("", None):
            cells[row][column] = text
    return cells


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


def has_table(cells: Cells) -> bool:
    """Whether a sheet holds two rows and two columns at least."""
    return sum(sum(as_text(cell) != "" for cell in row) > 1 for row in cells) > 1


def _shown(workbook: CalamineWorkbook) -> list[str]:
    """Return the names of the sheets that a reader of the file sees."""
    return [sheet.name for sheet in workbook.sheets_metadata if str(sheet.visible).endswith(".Visible")]


def _only_table(sheets: Sheets, path: Path) -> str:
    """Return the one sheet that holds a table."""
    names = [name for name, sheet in sheets.items() if has_table(sheet.cells)]
    if len(names) == 1:
        return names[0]
    if not names:
        raise table_fault(
            path.name, _("no header: no sheet holds a table"), _("a sheet with names of columns and rows")
        )
    advice = _('Say in [[tables]] which: sheet = "{names}".').format(names=names[0])
    found = _("several sheets with a table: {listed}").format(listed=listed(names))
    fault = Fault(path.name, found, _("one table"), advice, kind=FaultKind.SEVERAL_SHEETS)
    raise DataError(_("The table"), [fault])


def _typed(cells: Cells, body: Body) -> pd.DataFrame:
    """Say which cells of the table are stored as numbers."""
    typed = [[isinstance(cells[place][column], int | float) for column in body.columns] for place in body.places]
    return pd.DataFrame(typed, columns=body.frame.columns, dtype=bool)
