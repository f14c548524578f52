"""The sheet of a table: headings for readers, names for code, values in their form; text is never run as a formula."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil, isfinite
from typing import TYPE_CHECKING, Any

import pandas as pd

from bayesmodel.data import Status
from bayesmodel.messages import Language
from bayesmodel.tables.columns import Column
from bayesmodel.tables.display import in_words
from bayesmodel.tables.workbook.styles import MARKS, CellForm, Styles, fitting

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

    from bayesmodel.tables.workbook.table_sheet import TableSheet

HEADERS = 2
"""Rows above the values: headings, and under them the names of the columns, which carry the filter."""
COUNTED = ("status", "published_count", "count_lower", "count_upper", "areas_hidden", "actual_count")
"""Columns (or how their names begin) that show a mark; so does the name of the area."""
COLUMNS_OF_A_PAGE = 13
"""Columns that can be read on a landscape A4, beside the code and the name, which stand on every page."""
NARROW = {"text": 16, "year": 9}
"""Widths of columns by their form, where it is not that of a number."""
NUMBER = 15
WIDE = {"status": 14, "flags": 34, "verdict": 24, "name": 28}
"""Widths of columns of text, by how their names begin or end."""


def write_table(
    sheet: TableSheet, styles: Styles, table: pd.DataFrame, columns: Sequence[Column], language: Language
) -> None:
    """Write a table to a sheet.

    Parameters
    ----------
    sheet : TableSheet
    styles : Styles
    table : DataFrame
        Indexed by code.
    columns : sequence of Column
        Its columns, the index first.
    language : {"nl", "en"}
    """
    from bayesmodel.tables.workbook.table_sheet import Cells

    marks = marks_of(table)
    shown = in_words(table, language).reset_index()
    sheet.set_row(0, 112)
    sheet.outline_settings(visible=True, symbols_below=True, symbols_right=False)
    outline, cells = outline_of([column.name for column in columns]), []
    for index, column in enumerate(columns):
        sheet.set_column(index, index, _width(column), None, outline[column.name])
        sheet.write_string(0, index, column.header(language), styles.header)
        sheet.write_string(1, index, column.name, styles.code)
        marked = column.name.startswith(COUNTED) or column.name == columns[1].name
        plain, values = styles.cell(column.form), shown[column.name]
        filled = {mark: styles.cell(column.form, mark) for mark in set(marks) - {None}} if marked else {}
        cells.append(
            Cells(
                values.astype(object).where(values.notna(), None).tolist(),
                [filled.get(mark, plain) for mark in marks],
                [mark in filled for mark in marks],
            )
        )
    sheet.write_rows(HEADERS, cells)
    sheet.freeze_panes(HEADERS, 2)
    sheet.autofilter(HEADERS - 1, 0, HEADERS - 1 + len(table), len(columns) - 1)
    _on_paper(sheet, [column.name for column in columns], HEADERS - 1 + len(table))


def _on_paper(sheet: Worksheet, names: Sequence[str], last_row: int) -> None:
    """Print up to the first verdict, on a few pages side by side; the other expectations are for the screen."""
    last = next((index for index, name in enumerate(names) if name.startswith("verdict")), len(names) - 1)
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
    if "status" not in table and "areas_hidden" not in table:
        return [None] * len(table)
    if "status" in table:
        return [status if status in MARKS else None for status in table["status"]]
    return [Status.SUPPRESSED if hidden else None for hidden in table["areas_hidden"]]


def outline_of(names: Sequence[str]) -> dict[str, dict[str, Any]]:
    """Return how columns are grouped: each expectation behind its count, folded in but for the first; and the years.

    Of a group the column to the left of it stays in sight, and so does the verdict after it.

    Examples
    --------
    >>> found = outline_of(["verdict_x", "expected_y_count", "expected_y_count_lower", "ratio_y", "verdict_y"])
    >>> [found[name].get("level", 0) for name in found]
    [0, 0, 1, 1, 0]
    """
    heads = [name for name in names if name.startswith("expected_") and name.endswith("_count")]
    outline: dict[str, dict[str, Any]] = {name: {} for name in names}
    head = None
    for index, name in enumerate(names):
        if name in heads:
            head = name
        elif name.startswith("verdict_") or name in ("ess_min", "flags"):
            head = None
        elif head is not None:
            outline[name] = {"level": 1} if head == heads[0] else {"level": 1, "hidden": True}
            if head != heads[0]:
                outline[head] = {"collapsed": True}
        elif name in ("year", "vintage"):
            outline[name] = {"level": 1, "hidden": True}
            if name == "year" and index:
                outline[names[index - 1]] = {"collapsed": True}
    return outline


def _width(column: Column) -> float:
    """Return the width of a column, in characters."""
    for part, width in WIDE.items():
        if column.name.startswith(part) or column.name.endswith(part):
            return width
    return NARROW.get(column.form, NUMBER)


def write_column(
    sheet: Worksheet,
    start: tuple[int, int],
    values: Sequence[Any] | pd.Series,
    styles: Styles,
    form: CellForm,
    marks: Sequence[str | None] | None = None,
) -> None:
    """Write values under each other.

    Parameters
    ----------
    sheet : Worksheet
        Of XlsxWriter.
    start : (int, int)
        Row and column of the first.
    values : sequence
        Text, numbers, or nothing.
    styles : Styles
    form : str
        How they are shown.
    marks : sequence of str or None, optional
        The mark of each cell.
    """
    first, index = start
    series = values if isinstance(values, pd.Series) else pd.Series(list(values), dtype=object)
    known, cells = series.notna().tolist(), series.tolist()
    number, text = sheet.write_number, sheet.write_string
    formats = {mark: styles.cell(form, mark) for mark in {None, *(marks or ())}}
    for row, value in enumerate(cells):
        style = formats[marks[row]] if marks else formats[None]
        if not known[row]:
            if marks and marks[row]:
                sheet.write_blank(first + row, index, None, style)
        elif isinstance(value, str):
            text(first + row, index, fitting(value), style)
        elif isfinite(value):
            number(first + row, index, value, style)
