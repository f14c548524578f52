"""A sheet whose table is written by the column: XlsxWriter checks, keeps and spells every cell by itself.

What is beside the table (headings, widths, filter, print) is XlsxWriter's. It is imported with this file.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache, lru_cache
from math import isfinite
from typing import TYPE_CHECKING, Any, NamedTuple
from xml.sax.saxutils import escape

from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import Worksheet

from bayesmodel.tables.workbook.styles import fitting

if TYPE_CHECKING:
    from xlsxwriter.format import Format

ROWS_AT_ONCE = 1000
"""Rows that are spelled before they are written."""
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\ufffe\uffff]")
_LIKE_CONTROL = re.compile("_x[0-9a-fA-F]{4}_")


class Cells(NamedTuple):
    """A column of the table.

    Parameters
    ----------
    values : sequence
        Text, numbers, or nothing: None or NaN.
    formats : Format or sequence of Format
        Of all cells, or of each.
    blanks : sequence of bool
        Whether a cell without a value is there all the same, for its fill.
    """

    values: Sequence[Any]
    formats: Sequence[Format]
    blanks: Sequence[bool]


class TableSheet(Worksheet):  # type: ignore[misc]
    """A sheet with one table under what is written to it cell by cell; `tests/tables/workbook` holds it to that."""

    _first_row = 0
    _columns: Sequence[Cells] = ()

    def write_rows(self, first_row: int, columns: Sequence[Cells]) -> None:
        """Write a table, from the first column on; nothing else may be written in its rows.

        Parameters
        ----------
        first_row : int
            Counted from 0.
        columns : sequence of Cells
            All as long.
        """
        self._first_row, self._columns = first_row, columns
        if rows := len(columns[0].values):
            self._check_dimensions(first_row + rows - 1, len(columns) - 1)

    def _write_rows(self) -> None:
        """Write the rows of the sheet; called by XlsxWriter when the workbook is closed."""
        super()._write_rows()
        for start in range(0, len(self._columns[0].values) if self._columns else 0, ROWS_AT_ONCE):
            part = slice(start, start + ROWS_AT_ONCE)
            number = self._first_row + start + 1
            spelled = [
                _spelled(Cells(*(each[part] for each in column)), xl_col_to_name(place), number)
                for place, column in enumerate(self._columns)
            ]
            lines = enumerate(map("".join, zip(*spelled, strict=True)), number)
            self.fh.write("".join(f'<row r="{row}">{cells}</row>' for row, cells in lines))


def _spelled(column: Cells, letters: str, row: int) -> list[str]:
    """Return the cells of a column, the first of them in a row (counted from 1)."""
    style = cache(lambda form: form._get_xf_index())
    cells = []
    for number, (value, form, blank) in enumerate(zip(*column, strict=True), row):
        begin = f'<c r="{letters}{number}" s="{style(form)}"'
        if isinstance(value, str):
            cells.append(f'{begin} t="inlineStr"><is>{_text(value)}</is></c>')
        elif value is not None and value == value and isfinite(value):
            cells.append(f"{begin}><v>{value:.16G}</v></c>")
        else:
            cells.append(f"{begin}/>" if blank else "")
    return cells


@lru_cache(10_000)
def _text(text: str) -> str:
    """Return a text as an element; a control character is spelled out, and so is what looks as if it were."""
    shown = _LIKE_CONTROL.sub(lambda found: f"_x005F{found[0]}", fitting(text))
    shown = _CONTROL.sub(lambda found: f"_x{ord(found[0]):04X}_", shown)
    space = ' xml:space="preserve"' if shown != shown.strip() else ""
    return f"<t{space}>{escape(shown)}</t>"
