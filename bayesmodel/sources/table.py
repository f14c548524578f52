"""One input table, whatever its format, as text."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import pandas as pd

from bayesmodel.sources.delimited import read_delimited
from bayesmodel.sources.text import TextTable, decimals_in_words, point_decimals, table_fault
from bayesmodel.sources.workbook import workbook_table

TableFormat = Literal["auto", "csv", "parquet", "jeugdhulp-2017-workbook"]


def read_table(path: str | Path, table_format: TableFormat = "auto") -> TextTable:
    r"""Read a table as text, reporting what was assumed about its form.

    Parameters
    ----------
    path : str or Path
        A csv file (``.csv``, ``.csv.gz``, ``.tsv``, ``.txt``), a Parquet file, or the published workbook of 2017.
    table_format : {"auto", "csv", "parquet", "jeugdhulp-2017-workbook"}
        ``auto`` goes by the ending of the name.

    Returns
    -------
    TextTable
        Every cell as text, stripped; numbers with a decimal point; and notes on what was found.

    Raises
    ------
    DataError
        The file is absent, is not what its format says, or its rows do not fit its header.

    Examples
    --------
    >>> import pathlib, tempfile
    >>> path = pathlib.Path(tempfile.mkdtemp(), "wijken.csv")
    >>> _ = path.write_text("wijk;aandeel\n300;12,5\n500;.\n", encoding="utf-8")
    >>> table = read_table(path)
    >>> table.frame["aandeel"].tolist()
    ['12.5', '.']
    >>> table.notes
    ('wijken.csv: 2 rows, 2 columns, separated by semicolons, decimal comma in aandeel.',)
    """
    path = Path(path)
    if not path.is_file():
        raise table_fault(str(path), "no such file", "a table", "Paths are relative to the folder of the study file.")
    match _format_of(path) if table_format == "auto" else table_format:
        case "csv":
            return read_delimited(path)
        case "parquet":
            return _read_parquet(path)
        case "jeugdhulp-2017-workbook":
            return workbook_table(path)
    advice = 'Say which it is: format = "csv", "parquet" or "jeugdhulp-2017-workbook".'
    raise table_fault(str(path), f"the ending {path.suffix or 'of no kind'}", ".csv, .csv.gz or .parquet", advice)


def _format_of(path: Path) -> str | None:
    """Return the format that the ending of a name stands for."""
    ending = path.with_suffix("").suffix if path.suffix == ".gz" else path.suffix
    return {".csv": "csv", ".tsv": "csv", ".txt": "csv", ".parquet": "parquet", ".pq": "parquet"}.get(ending.lower())


def _read_parquet(path: Path) -> TextTable:
    """Read a Parquet file; its numbers become text with as many digits as they need."""
    from pyarrow import ArrowInvalid

    try:
        raw = pd.read_parquet(path)
    except ArrowInvalid as error:
        raise table_fault(str(path), f"a file that cannot be read ({error})", "a Parquet file") from None
    raw = raw.reset_index(drop=raw.index.names == [None])
    raw = raw.set_axis([str(name).strip() for name in raw.columns], axis=1)
    frame, commas = point_decimals(raw.apply(lambda cells: cells.map(_as_text, na_action=None)).astype(str))
    note = f"{path.name}: {len(frame):,} rows, {frame.shape[1]} columns, {decimals_in_words(commas)}."
    return TextTable(frame, (note,))


def _as_text(value: object) -> str:
    """Write a cell as text: a gap as empty text, a whole number without decimals (counts beside a gap are floats)."""
    if value is None or pd.isna(value):  # type: ignore[call-overload]
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()
