"""One input table, whatever its format, as text."""

from __future__ import annotations

from dataclasses import replace
from numbers import Number
from pathlib import Path
from typing import Literal

import pandas as pd

from bayesmodel.areas.spelling import normal_cells, normal_text
from bayesmodel.messages import _, number
from bayesmodel.sources.cells import as_text
from bayesmodel.sources.delimited import read_delimited
from bayesmodel.sources.marks import marks_in_words, read_marks
from bayesmodel.sources.parquet import read_parquet
from bayesmodel.sources.spreadsheet import read_spreadsheet
from bayesmodel.sources.text import TextTable, table_fault
from bayesmodel.sources.workbook import workbook_table
from bayesmodel.study.parts import TableForm
from bayesmodel.study.paths import not_a_file, shortened

TableFormat = Literal["auto", "csv", "parquet", "spreadsheet", "jeugdhulp-2017-workbook"]

FORMATS: dict[str, TableFormat] = {
    **dict.fromkeys((".csv", ".tsv", ".txt", ".tab"), "csv"),
    **dict.fromkeys((".parquet", ".pq"), "parquet"),
    **dict.fromkeys((".xlsx", ".xlsm", ".xlsb", ".xls", ".ods"), "spreadsheet"),
}
"""What the ending of a name says."""


def read_table(path: str | Path, table_format: TableFormat = "auto", form: TableForm | None = None) -> TextTable:
    r"""Read a table as text, reporting what was assumed about its form.

    Parameters
    ----------
    path : str or Path
        A csv file (``.csv``, ``.csv.gz``, ``.tsv``, ``.txt``), a spreadsheet (``.xlsx``, ``.ods``, ``.xls``), a Parquet
        file, or the published workbook of 2017.
    table_format : {"auto", "csv", "parquet", "spreadsheet", "jeugdhulp-2017-workbook"}
        ``auto`` goes by the ending of the name.
    form : TableForm, optional
        What is known of the way it is written (encoding, separator, marks, sheet, header); a `Table` of a study is
        one. What is left out is found in the file.

    Returns
    -------
    TextTable
        Every cell as text, stripped; numbers with a decimal point; notes on what was found; and the columns in which
        numbers have two readings ("1.234").

    Raises
    ------
    DataError
        The file is absent or empty, is not what its format says, its rows do not fit its header, or its encoding,
        separator, sheet or header can be read in two ways.

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
    path, form = Path(path), form or TableForm()
    if what := not_a_file(path):
        advice = _("Paths are relative to the folder of the study file.")
        raise table_fault(shortened(path), what, _("a table"), advice)
    match _format_of(path) if table_format == "auto" else table_format:
        case "csv":
            return _spelled(read_delimited(path, form))
        case "parquet":
            return read_parquet(path, form)
        case "spreadsheet":
            return _spelled(read_spreadsheet(path, form))
        case "jeugdhulp-2017-workbook":
            return workbook_table(path)
    advice = _('Say which it is: format = "csv", "parquet", "spreadsheet" or "jeugdhulp-2017-workbook".')
    expected = _(".csv, .csv.gz, .parquet, .xlsx or .ods")
    found = _("the ending {ending}").format(ending=path.suffix) if path.suffix else _("no ending")
    raise table_fault(str(path), found, expected, advice)


def _spelled(table: TextTable) -> TextTable:
    """Write the cells of a table, and the names of its columns, in their normal form."""
    names = {str(name): normal_text(str(name)) for name in table.frame}
    if len(set(names.values())) < len(names):  # two columns would be one: leave their names as they are
        names = {name: name for name in names}
    frame = table.frame.apply(normal_cells).rename(columns=names)
    doubts = {names.get(name, name): fault for name, fault in table.doubts.items()}
    return replace(table, frame=frame, doubts=doubts)


def _format_of(path: Path) -> str | None:
    """Return the format that the ending of a name stands for."""
    ending = path.with_suffix("").suffix if path.suffix == ".gz" else path.suffix
    return FORMATS.get(ending.lower())


def table_of_dataframe(raw: pd.DataFrame, name: str, form: TableForm | None = None) -> TextTable:
    """Write a DataFrame as a table of text, as if it had been read from a file; its index becomes columns.

    Parameters
    ----------
    raw : DataFrame
        Codes as text or numbers; NaN, None and NA are empty cells.
    name : str
        What notes and faults call it.
    form : TableForm, optional
        Marks of numbers that are text; numbers need none.

    Returns
    -------
    TextTable

    Examples
    --------
    >>> table = table_of_dataframe(pd.DataFrame({"wijk": ["WK000300", "WK000301"], "n": [12.0, None]}), "mine")
    >>> table.frame["n"].tolist(), table.notes
    (['12', ''], ('mine: 2 rows, 2 columns, decimal point.',))
    """
    return _spelled(_typed_table(raw, name, form or TableForm()))


def _typed_table(raw: pd.DataFrame, name: str, form: TableForm) -> TextTable:
    """Write typed cells as text."""
    raw = raw.reset_index(drop=raw.index.names == [None])
    raw = raw.set_axis([str(column).strip() for column in raw.columns], axis=1)
    typed = raw.apply(lambda cells: cells.map(lambda cell: isinstance(cell, Number))).astype(bool)
    frame = raw.apply(lambda cells: cells.map(as_text, na_action=None)).astype(str)
    marked = read_marks(frame, (), form, typed)
    note = _("{name}: {count} rows, {columns} columns, {marks}.").format(
        name=name, count=number(len(frame)), columns=frame.shape[1], marks=marks_in_words(marked)
    )
    return TextTable(marked.frame, (note,), marked.doubts)
