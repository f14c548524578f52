"""The tables of a study joined into one: the first is the base, each other brings columns to its rows."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pandas as pd

from bayesmodel.data.codes import among, are_codes, gemeente_of, normalise_codes
from bayesmodel.errors import DataError, Fault, raise_faults, suggest
from bayesmodel.io.larger_areas import rows_of_larger_areas
from bayesmodel.io.near_names import NearNames, near_names
from bayesmodel.io.table import kept_rows, read_table, table_of_dataframe
from bayesmodel.io.text_table import TextTable, table_fault
from bayesmodel.io.vintage_join import of_its_vintage
from bayesmodel.messages import _, number
from bayesmodel.study import Study
from bayesmodel.study.parts import Table

FROM_CODE = "gemeente_from_code"
"""Column that a study of wijken or buurten may name without any table having it: the gemeente their code says."""


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
    subject = _("The input of study {name}").format(name=study.name)
    tables: list[TextTable] = []
    faults: list[Fault] = []
    for table in study.tables:
        try:
            tables.append(_read(study, table))
        except DataError as error:
            faults += error.faults
    raise_faults(DataError, subject, faults)

    faults = [fault for spec, table in zip(study.tables, tables, strict=True) for fault in _column_faults(spec, table)]
    if study.tables[0].key != study.columns.area:
        expected = _("the column of areas, {area}").format(area=study.columns.area)
        advice = _("The first table is the base: its key is columns.area.")
        faults.append(Fault("tables[0].key", study.tables[0].key, expected, advice))
    raise_faults(DataError, subject, faults)

    kept = [kept_rows(table, spec) for spec, table in zip(study.tables, tables, strict=True)]
    raise_faults(DataError, subject, [fault for _, found in kept for fault in found])

    taken = [_taken(spec, table) for spec, (table, _) in zip(study.tables, kept, strict=True)]
    asked = FROM_CODE in {*(level.column for level in study.levels), *(spec.on for spec in study.tables)}
    joined = _with_gemeente(taken[0], study.tables[0]) if asked else taken[0]
    for order, (spec, given) in enumerate(zip(study.tables[1:], taken[1:], strict=True), 1):
        on = spec.on or study.columns.area
        brought, found = of_its_vintage(
            study, spec, given, kept[order][0].frame, kept[0][0].frame, joined.frame.get(on)
        )
        found = found or _join_faults(joined.frame, brought.frame, spec, on)
        faults += found
        if not found:
            joined = _joined(joined, brought, spec, on)
    raise_faults(DataError, subject, faults)
    return replace(joined, larger=rows_of_larger_areas(study, tables))


def _read(study: Study, table: Table) -> TextTable:
    """Read a table from its file, or from memory."""
    if table.format != "dataframe":
        return read_table(Path(study.folder, table.path), table.format, table)
    if study.dataframe is None:
        found, expected = _("a study without its table"), _("the DataFrame it was made of")
        advice = _("It was in memory only: make the study again with Study.from_dataframe, or give its counts.")
        raise table_fault(table.path, found, expected, advice)
    return table_of_dataframe(study.dataframe, table.path, table)


def _column_faults(spec: Table, table: TextTable) -> list[Fault]:
    """Find a key or columns to take that the table does not have."""
    known = list(table.frame.columns)
    wanted = dict.fromkeys([spec.key, *(spec.columns or ()), *spec.where])
    return [
        Fault(
            spec.path,
            _("no column {name}").format(name=name),
            _("the columns named in [[tables]]"),
            suggest(name, known).strip(),
        )
        for name in wanted
        if name not in known
    ]


def _taken(spec: Table, table: TextTable) -> TextTable:
    """Take the key and the columns asked for, codes written as CBS does, and say where each row stands."""
    frame, file = table.frame, Path(spec.path).name
    names = list(frame.columns) if spec.columns is None else list(dict.fromkeys([spec.key, *spec.columns]))
    rows = pd.Series(table.lines or range(1, len(frame) + 1), index=frame.index).astype(str)
    place = _("row {number} of {file}")
    locations = rows.map(lambda row: place.format(number=row, file=file))
    doubts = {
        name: replace(fault, where=_("{file}, column {name}").format(file=file, name=name))
        for name, fault in table.doubts.items()
        if name in names
    }
    taken = frame[names].assign(**{spec.key: _codes(frame[spec.key], spec)})
    units = {name: unit for name, unit in table.units.items() if name in names}
    return TextTable(taken, table.notes, doubts, table.lines, dict.fromkeys(names, locations), units=units)


def _with_gemeente(table: TextTable, spec: Table) -> TextTable:
    """Add the gemeente that the codes of wijken or buurten say."""
    if spec.code not in ("wijk", "buurt") or FROM_CODE in table.frame:
        return table
    codes = table.frame[spec.key]
    return replace(
        table, frame=table.frame.assign(**{FROM_CODE: gemeente_of(codes).where(are_codes(codes, spec.code), "")})
    )


def _codes(cells: pd.Series, spec: Table) -> pd.Series:
    """Write codes in the way the table says they are to be read."""
    return cells if spec.code == "text" else normalise_codes(cells, spec.code)


def _join_faults(joined: pd.DataFrame, frame: pd.DataFrame, spec: Table, on: str) -> list[Fault]:
    """Find what makes a join impossible or ambiguous."""
    if on not in joined:
        advice = _("Name a column of the tables before it with `on`.{suggest}").format(
            suggest=suggest(on, joined.columns)
        )
        return [
            Fault(
                spec.path,
                _("no column {on} to match {key} with").format(on=on, key=spec.key),
                _("a column of the tables before it"),
                advice,
            )
        ]
    faults = []
    keys = frame.loc[frame[spec.key] != "", spec.key]
    twice = sorted(set(keys[keys.duplicated()]))
    if twice:
        advice = _("Keep one row for each code, or join on another column.")
        faults.append(
            Fault(
                _("{file}, column {name}").format(file=spec.path, name=spec.key),
                _("codes given more than once"),
                _("each code once"),
                advice,
                twice,
            )
        )
    clashing = [str(name) for name in frame if name != spec.key and name in joined]
    if clashing:
        found = _("columns that an earlier table has too: {names}").format(names=", ".join(clashing))
        advice = _("Say which columns to take from each table with `columns = [...]` in [[tables]].")
        faults.append(Fault(spec.path, found, _("each column from one table"), advice))
    left = _codes(joined[on], spec)
    if not among(left, keys).any():
        found = _("no code in common: {on} has {left}, {key} has {right}").format(
            on=on, left=_examples(left), key=spec.key, right=_examples(keys)
        )
        advice = _('Numbers become codes with `code = "wijk"` or `code = "gemeente"`.')
        faults.append(Fault(spec.path, found, _("codes that match"), advice))
    return faults


def _examples(codes: pd.Series) -> str:
    """Show the first codes of a column."""
    return ", ".join(repr(code) for code in codes.unique()[:2]) or _("none")


def _joined(joined: TextTable, table: TextTable, spec: Table, on: str) -> TextTable:
    """Bring the columns of a table to the rows of what is joined already, and say what did not match."""
    codes = _codes(joined.frame[on], spec)
    filled = table.frame[spec.key] != ""
    rows = table.frame[filled].set_index(spec.key)
    brought = rows.reindex(codes).fillna("").set_axis(joined.frame.index)
    own = (
        table.locations[spec.key][filled]
        .set_axis(rows.index)
        .reindex(codes)
        .fillna(_("no row of {file}").format(file=Path(spec.path).name))
    )
    unmatched = ~among(codes, rows.index)
    without, unused = int(unmatched.sum()), int((~among(table.frame[spec.key], codes)).sum())
    note = _(
        "{name}: joined on {on}; areas without a row in it: {without}; rows that belong to no area: {unused}."
    ).format(name=Path(spec.path).name, on=on, without=number(without), unused=number(unused))
    return TextTable(
        joined.frame.assign(**{on: codes}).join(brought),
        (*joined.notes, *table.notes, note),
        {**joined.doubts, **table.doubts},
        joined.lines,
        {**joined.locations, **dict.fromkeys(map(str, brought), own.set_axis(joined.frame.index))},
        {**joined.unmatched, **dict.fromkeys(map(str, brought), unmatched)},
        {**joined.spare, **dict.fromkeys(map(str, brought), _spare(codes, rows.index.to_series(), spec))},
        units={**joined.units, **table.units},
        near=(*joined.near, *_near(codes[unmatched], table.frame[spec.key], codes, spec, on)),
    )


def _near(without: pd.Series, keys: pd.Series, codes: pd.Series, spec: Table, on: str) -> list[NearNames]:
    """Return the names that match no row, beside nearly the same ones of rows that match nothing."""
    pairs = near_names(without.tolist(), keys[~among(keys, codes)].tolist())
    return [NearNames(Path(spec.path).name, on, pairs)] if pairs else []


def _spare(codes: pd.Series, keys: pd.Series, spec: Table) -> tuple[str, ...]:
    """Return the codes of wijken or buurten that no row has, of gemeenten that rows lie in."""
    if spec.code not in ("wijk", "buurt"):
        return ()
    left = keys[are_codes(keys, spec.code) & ~among(keys, codes)]
    return tuple(left[among(gemeente_of(left), gemeente_of(codes))])
