"""The sheet of a table: headings for readers, names for code, values in their form, marks where a count is no fact."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil
from typing import TYPE_CHECKING, Any

import pandas as pd

from bayesmodel.counts import Status
from bayesmodel.messages import Language
from bayesmodel.outputs.columns import Column
from bayesmodel.outputs.words import in_words
from bayesmodel.outputs.workbook.look import MARKS, Look

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

HEADERS = 2
"""Rows above the values: headings, and under them the names of the columns, which carry the filter."""
COUNTED = ("status", "published_count", "count_lower", "count_upper", "areas_hidden", "actual_count")
"""Columns (or how their names begin) that show a mark; so does the name of the place."""
COLUMNS_OF_A_PAGE = 13
"""Columns that can be read on a landscape A4, beside the code and the name, which stand on every page."""
NARROW = {"text": 16, "year": 9}
"""Widths of columns by their form, where it is not that of a number."""
NUMBER = 15
WIDE = {"status": 14, "flags": 34, "verdict": 24, "name": 28}
"""Widths of columns of text, by how their names begin or end."""


def write_table(
    sheet: Worksheet, look: Look, table: pd.DataFrame, columns: Sequence[Column], language: Language
) -> None:
    """Write a table to a sheet.

    Parameters
    ----------
    sheet : Worksheet
        Of XlsxWriter.
    look : Look
    table : DataFrame
        Indexed by code.
    columns : sequence of Column
        Its columns, the index first.
    language : {"nl", "en"}
    """
    marks = marks_of(table)
    shown = in_words(table, language).reset_index()
    sheet.set_row(0, 112)
    for place, column in enumerate(columns):
        sheet.set_column(place, place, _width(column))
        sheet.write_string(0, place, column.header(language), look.header)
        sheet.write_string(1, place, column.name, look.code)
        marked = column.name.startswith(COUNTED) or column.name == columns[1].name
        plain = look.cell(column.form)
        for row, (value, mark) in enumerate(zip(shown[column.name].tolist(), marks, strict=True), start=HEADERS):
            _write(sheet, (row, place), value, look.cell(column.form, mark) if marked and mark else plain)
    sheet.freeze_panes(HEADERS, 2)
    sheet.autofilter(HEADERS - 1, 0, HEADERS - 1 + len(table), len(columns) - 1)
    _on_paper(sheet, [column.name for column in columns], HEADERS - 1 + len(table))


def _on_paper(sheet: Worksheet, names: Sequence[str], last_row: int) -> None:
    """Print up to the first verdict, on a few pages side by side; the other expectations are for the screen."""
    last = next((place for place, name in enumerate(names) if name.startswith("verdict")), len(names) - 1)
    sheet.print_area(0, 0, last_row, last)
    sheet.fit_to_pages(ceil(last / COLUMNS_OF_A_PAGE), 0)
    sheet.repeat_rows(0, HEADERS - 1)
    sheet.repeat_columns(0, 1)
    sheet.set_landscape()
    sheet.set_paper(9)  # A4


def marks_of(table: pd.DataFrame) -> list[str | None]:
    """Return the mark of each row: its status where the count is no plain fact; of a group, whether it hides any.

    Examples
    --------
    >>> import pandas as pd
    >>> marks_of(pd.DataFrame({"areas_hidden": [0, 2]}))
    [None, <Status.SUPPRESSED: 'suppressed'>]
    """
    if "status" in table:
        return [status if status in MARKS else None for status in table["status"]]
    return [Status.SUPPRESSED if hidden else None for hidden in table["areas_hidden"]]


def _write(sheet: Worksheet, cell: tuple[int, int], value: Any, look: Any) -> None:
    """Write a value; text is never taken for a formula or a number, and what is not known leaves a cell empty."""
    if pd.isna(value):
        sheet.write_blank(*cell, None, look)
    elif isinstance(value, str):
        sheet.write_string(*cell, value, look)
    else:
        sheet.write_number(*cell, value, look)


def _width(column: Column) -> float:
    """Return the width of a column, in characters."""
    for part, width in WIDE.items():
        if column.name.startswith(part) or column.name.endswith(part):
            return width
    return NARROW.get(column.form, NUMBER)
