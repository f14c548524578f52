"""How large a table may be: read whole, it then takes a few gigabytes of memory at most."""

from __future__ import annotations

from bayesmodel.errors import DataError
from bayesmodel.messages import _, number
from bayesmodel.sources.text import table_fault

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
