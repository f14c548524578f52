"""One input table of any format as text, with the rows that the study keeps; what is left out is reported."""

from __future__ import annotations

from dataclasses import replace
from numbers import Number
from pathlib import Path
from typing import Literal

import pandas as pd

from bayesmodel.data.codes import are_codes, normal_cells, normal_text, normalise_codes
from bayesmodel.errors import Fault, listed
from bayesmodel.files import not_a_file, shortened
from bayesmodel.io.delimited import read_delimited
from bayesmodel.io.numbers import marks_in_words, read_marks
from bayesmodel.io.parquet import read_parquet
from bayesmodel.io.spreadsheet import read_spreadsheet
from bayesmodel.io.study_2017 import workbook_table
from bayesmodel.io.text_table import TextTable, as_text, size_in_words, table_fault
from bayesmodel.messages import _, number, plural
from bayesmodel.study.parts import Table, TableForm

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
            return _spelled(read_parquet(path, form))
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
    units = {names.get(name, name): unit for name, unit in table.units.items()}
    return replace(table, frame=frame, doubts=doubts, units=units)


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
    note = _("{name}: {size}, {marks}.").format(name=name, size=size_in_words(frame), marks=marks_in_words(marked))
    return TextTable(marked.frame, (note,), marked.doubts, units=marked.units)


def kept_rows(table: TextTable, spec: Table) -> tuple[TextTable, list[Fault]]:
    """Keep the rows that `where` and `keep` of a table ask for.

    Parameters
    ----------
    table : TextTable
        All rows.
    spec : Table
        Its columns are known to be there.

    Returns
    -------
    tuple of TextTable and list of Fault
        The rows that are kept, with notes on the others; a fault where none is left.

    Examples
    --------
    >>> table = TextTable(pd.DataFrame({"wijk": ["Totaal", "000300"], "n": ["9", "9"]}), lines=(4, 5))
    >>> kept, faults = kept_rows(table, Table(path="x.csv", key="wijk", code="wijk", keep="codes"))
    >>> kept.frame["wijk"].tolist(), kept.notes
    (['000300'], ("x.csv: 1 row left out, no code of a wijk: 'Totaal' (row 4).",))
    """
    name, faults = Path(spec.path).name, list[Fault]()
    if table.frame.empty:
        return table, faults
    for column, value in spec.where.items():
        cells = table.frame[column]
        kept = cells == value
        if not kept.any():
            found, advice = (
                _("no row where it is {value!r}").format(value=value),
                _("Values there: {listed}.").format(listed=listed(sorted(set(cells)))),
            )
            faults.append(
                Fault(_("{file}, column {name}").format(file=name, name=column), found, _("rows to keep"), advice)
            )
            return table, faults
        table = _kept(
            table,
            kept,
            _("{name}: {kept} of {count} rows kept, where {column} is {value!r}.").format(
                name=name, kept=number(kept.sum()), count=number(len(kept)), column=column, value=value
            ),
        )
    if spec.code != "text" and spec.keep == "codes":
        cells = table.frame[spec.key]
        kept = are_codes(normalise_codes(cells, spec.code), spec.code)
        if not kept.any():
            advice = _("Look which column holds them; this one has {listed}.").format(
                listed=listed([repr(cell) for cell in cells[:5]])
            )
            faults.append(
                Fault(
                    _("{file}, column {name}").format(file=name, name=spec.key),
                    _("no code of a {code}").format(code=spec.code),
                    _("codes to keep"),
                    advice,
                )
            )
            return table, faults
        if not kept.all():
            count = int((~kept).sum())
            shown = [
                _("{code!r} (row {number})").format(code=cell, number=table.lines[place] if table.lines else place + 1)
                for place, cell in enumerate(cells)
                if not kept.iloc[place]
            ]
            rows = plural("{count} row", "{count} rows", count)
            table = _kept(
                table,
                kept,
                _("{name}: {rows} left out, no code of a {code}: {listed}.").format(
                    name=name, rows=rows, code=spec.code, listed=listed(shown)
                ),
            )
    return table, faults


def _kept(table: TextTable, kept: pd.Series, note: str) -> TextTable:
    """Take the rows that are kept, with a note on the others."""
    lines = tuple(line for line, is_kept in zip(table.lines, kept, strict=True) if is_kept) if table.lines else ()
    return replace(table, frame=table.frame[kept].reset_index(drop=True), notes=(*table.notes, note), lines=lines)
