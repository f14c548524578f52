"""Spreadsheets (xlsx, xls, ods): sheet and header are found and reported; numbers stay what they are stored as."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from bayesmodel.errors import DataError, Fault, FaultKind, suggest
from bayesmodel.messages import _, number
from bayesmodel.sources.apart import BINARY, read_apart
from bayesmodel.sources.cells import as_text
from bayesmodel.sources.error_cells import Place, error_cells
from bayesmodel.sources.grid import Body, Grid, body_of
from bayesmodel.sources.marks import marks_in_words, read_marks
from bayesmodel.sources.merged import Range, filled_down
from bayesmodel.sources.packed import check_packed, unreadable, without_panic
from bayesmodel.sources.text import TextTable, listed, table_fault
from bayesmodel.study.parts import TableForm
from bayesmodel.study.paths import shortened

if TYPE_CHECKING:
    from python_calamine import CalamineSheet, CalamineWorkbook

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

    if path.suffix.lower() in BINARY:
        return {name: Sheet(*content) for name, content in read_apart(path).items()}
    check_packed(path)
    with without_panic(path):
        try:
            workbook = CalamineWorkbook.from_path(path)
            found = {name: workbook.get_sheet_by_name(name) for name in _shown(workbook)}
            errors = error_cells(path)
            return {
                name: Sheet(_with_errors(_cells(path, sheet), errors.get(name, {})), sheet.merged_cell_ranges or ())
                for name, sheet in found.items()
            }
        except (CalamineError, OSError) as error:
            raise unreadable(path, shortened(error)) from None


def _with_errors(cells: list[list[Any]], errors: Mapping[Place, str]) -> Cells:
    """Put what is no value where it stands, in place of the empty cell that it is read as."""
    for (row, column), text in errors.items():
        if row < len(cells) and column < len(cells[row]) and cells[row][column] in ("", None):
            cells[row][column] = text
    return cells


def _cells(path: Path, sheet: CalamineSheet) -> list[list[Any]]:
    """Return the cells of a sheet, or say in which row one has the form of a date or time and is none."""
    try:
        return sheet.to_python(skip_empty_area=False)
    except (OverflowError, ValueError):
        row = 0
        try:
            for row, _cells in enumerate(sheet.iter_rows(), sheet.start[0] + 1 if sheet.start else 1):  # noqa: B007
                pass
        except (OverflowError, ValueError):
            row += 1
        where = _("{file}, sheet {name}").format(file=path.name, name=shortened(sheet.name))
        found = _("a number in row {row} that has the form of a date or a time, and is none").format(row=row)
        advice = _("Give the column the form of a number in the spreadsheet program, and save it again.")
        raise table_fault(where, found, _("dates from 1900 to 9999"), advice) from None


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
