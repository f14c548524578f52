"""Cells of spreadsheets and Parquet files as text."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pandas as pd


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
