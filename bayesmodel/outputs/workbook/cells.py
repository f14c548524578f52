"""Cells of a sheet: text is text, never a formula, a number or a link; what is not known leaves a cell empty."""

from __future__ import annotations

from collections.abc import Sequence
from math import isfinite
from typing import TYPE_CHECKING, Any

import pandas as pd

from bayesmodel.outputs.workbook.look import CellForm, Look

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

LONGEST = 32_767
"""Characters of UTF-16 in a cell, the most that Excel takes."""
CUT = " [...]"


def fitting(text: str) -> str:
    """Return a text as a cell can hold it: one that is too long is cut, with a mark where.

    Examples
    --------
    >>> fitting("Zee"), len(fitting("a" * 40_000)), fitting("a" * 40_000)[-7:]
    ('Zee', 32767, 'a [...]')
    """
    if 2 * len(text) <= LONGEST:
        return text
    units = text.encode("utf-16-le", "surrogatepass")
    if len(units) <= 2 * LONGEST:
        return text
    return units[: 2 * (LONGEST - len(CUT))].decode("utf-16-le", "ignore") + CUT


def write_column(
    sheet: Worksheet,
    start: tuple[int, int],
    values: Sequence[Any] | pd.Series,
    look: Look,
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
    look : Look
    form : str
        How they are shown.
    marks : sequence of str or None, optional
        The mark of each cell.
    """
    first, place = start
    series = values if isinstance(values, pd.Series) else pd.Series(list(values), dtype=object)
    known, cells = series.notna().tolist(), series.tolist()
    number, text = sheet.write_number, sheet.write_string
    styles = {mark: look.cell(form, mark) for mark in {None, *(marks or ())}}
    for row, value in enumerate(cells):
        style = styles[marks[row]] if marks else styles[None]
        if not known[row]:
            if marks and marks[row]:
                sheet.write_blank(first + row, place, None, style)
        elif isinstance(value, str):
            text(first + row, place, fitting(value), style)
        elif isfinite(value):
            number(first + row, place, value, style)
