"""The tables of a study joined into one: the first is the base, each other brings columns to its rows."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from bayesmodel.areas.codes import normalise_codes
from bayesmodel.errors import DataError, Fault, raise_faults, suggest
from bayesmodel.sources.table import read_table
from bayesmodel.sources.text import TextTable
from bayesmodel.study import Study
from bayesmodel.study.parts import Table


def join_tables(study: Study) -> TextTable:
    """Read all tables of a study and join them, one row per row of the first.

    Parameters
    ----------
    study : Study
        With at least one table.

    Returns
    -------
    TextTable
        All columns taken, text; an area without a row in a joined table has empty cells there. The notes count rows
        without a match on either side.

    Raises
    ------
    DataError
        A file cannot be read, a key or column is not there, a joined key holds a code twice, a column comes from two
        tables, or a joined table has no code in common: all faults of one stage at once.
    """
    subject = f"The input of study {study.name}"
    tables: list[TextTable] = []
    faults: list[Fault] = []
    for table in study.tables:
        try:
            tables.append(read_table(Path(study.folder, table.path), table.format))
        except DataError as error:
            faults += error.faults
    raise_faults(DataError, subject, faults)

    faults = [fault for spec, table in zip(study.tables, tables, strict=True) for fault in _column_faults(spec, table)]
    if study.tables[0].key != study.columns.area:
        expected = f"the column of areas, {study.columns.area}"
        advice = "The first table is the base: its key is columns.area."
        faults.append(Fault("tables[0].key", study.tables[0].key, expected, advice))
    raise_faults(DataError, subject, faults)

    frames = [_taken(spec, table.frame) for spec, table in zip(study.tables, tables, strict=True)]
    joined, notes = frames[0], [note for table in tables for note in table.notes]
    for spec, frame in zip(study.tables[1:], frames[1:], strict=True):
        on = spec.on or study.columns.area
        found = _join_faults(joined, frame, spec, on)
        faults += found
        if not found:
            joined, note = _joined(joined, frame, spec, on)
            notes.append(note)
    raise_faults(DataError, subject, faults)
    return TextTable(joined, tuple(notes))


def _column_faults(spec: Table, table: TextTable) -> list[Fault]:
    """Find a key or columns to take that the table does not have."""
    known = list(table.frame.columns)
    wanted = dict.fromkeys([spec.key, *(spec.columns or ())])
    return [
        Fault(spec.path, f"no column {name}", "the columns named in [[tables]]", suggest(name, known).strip())
        for name in wanted
        if name not in known
    ]


def _taken(spec: Table, frame: pd.DataFrame) -> pd.DataFrame:
    """Take the key and the columns asked for, with the codes of the key written as CBS does."""
    names = list(frame.columns) if spec.columns is None else list(dict.fromkeys([spec.key, *spec.columns]))
    return frame[names].assign(**{spec.key: _codes(frame[spec.key], spec)})


def _codes(cells: pd.Series, spec: Table) -> pd.Series:
    """Write codes in the way the table says they are to be read."""
    return cells if spec.code == "text" else normalise_codes(cells, spec.code)


def _join_faults(joined: pd.DataFrame, frame: pd.DataFrame, spec: Table, on: str) -> list[Fault]:
    """Find what makes a join impossible or ambiguous."""
    if on not in joined:
        advice = f"Name a column of the tables before it with `on`.{suggest(on, joined.columns)}"
        return [
            Fault(spec.path, f"no column {on} to match {spec.key} with", "a column of the tables before it", advice)
        ]
    faults = []
    keys = frame.loc[frame[spec.key] != "", spec.key]
    twice = sorted(set(keys[keys.duplicated()]))
    if twice:
        advice = "Keep one row for each code, or join on another column."
        faults.append(
            Fault(f"{spec.path}, column {spec.key}", "codes given more than once", "each code once", advice, twice)
        )
    clashing = [str(name) for name in frame if name != spec.key and name in joined]
    if clashing:
        found = f"columns that an earlier table has too: {', '.join(clashing)}"
        advice = "Say which columns to take from each table with `columns = [...]` in [[tables]]."
        faults.append(Fault(spec.path, found, "each column from one table", advice))
    left = _codes(joined[on], spec)
    if not left.isin(keys).any():
        found = f"no code in common: {on} has {_examples(left)}, {spec.key} has {_examples(keys)}"
        advice = 'Numbers become codes with `code = "wijk"` or `code = "gemeente"`.'
        faults.append(Fault(spec.path, found, "codes that match", advice))
    return faults


def _examples(codes: pd.Series) -> str:
    """Show the first codes of a column."""
    return ", ".join(repr(code) for code in codes.unique()[:2]) or "none"


def _joined(joined: pd.DataFrame, frame: pd.DataFrame, spec: Table, on: str) -> tuple[pd.DataFrame, str]:
    """Bring the columns of a table to the rows of what is joined already, and say what did not match."""
    codes = _codes(joined[on], spec)
    rows = frame[frame[spec.key] != ""].set_index(spec.key)
    brought = rows.reindex(codes).fillna("").set_axis(joined.index)
    without, unused = int((~codes.isin(rows.index)).sum()), int((~frame[spec.key].isin(codes)).sum())
    note = (
        f"{Path(spec.path).name}: joined on {on}; areas without a row in it: {without:,}; "
        f"rows that belong to no area: {unused:,}."
    )
    return joined.assign(**{on: codes}).join(brought), note
