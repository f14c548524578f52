"""Tables of another vintage: refused with the reason, or brought to the boundaries of the study where it asks so."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd

from bayesmodel.boundaries import Boundaries, bridge_through_areas, read_boundaries
from bayesmodel.data.bridge import Bridge
from bayesmodel.data.codes import normalise_codes
from bayesmodel.data.vintages import follow_areas
from bayesmodel.errors import DataError, Fault, StudyError, suggest
from bayesmodel.io.column_words import is_share, match
from bayesmodel.io.gemeente_changes import bridge_through_mergers, read_gemeente_changes
from bayesmodel.io.numbers import numbers_in
from bayesmodel.io.period import A_YEAR
from bayesmodel.io.text_table import TextTable
from bayesmodel.messages import _, plural
from bayesmodel.study import Study
from bayesmodel.study.parts import Label, Table, TableBridge

LACKING = 0.05
"""Share of the areas without a row in a table of another year from which on it is refused."""
SIZE = re.compile(r"opp|hectare|(^|_)ha($|_)", re.IGNORECASE)


def of_its_vintage(
    study: Study, spec: Table, table: TextTable, full: pd.DataFrame, base: pd.DataFrame, codes: pd.Series | None
) -> tuple[TextTable, list[Fault]]:
    """Return a table on the boundaries of the study: as it is, brought over, or refused.

    Parameters
    ----------
    study : Study
    spec : Table
        The table as the study names it.
    table : TextTable
        With the columns that the study takes.
    full, base : DataFrame of str
        All columns of this table and of the first one, in which names, people and sizes are looked for.
    codes : Series of str or None
        What it is matched with.

    Returns
    -------
    tuple of TextTable and list of Fault
    """
    said = spec.vintage if spec.vintage is not None else _year_kept(spec)
    if codes is None or said is None or said == study.outcome.vintage:
        return table, []
    if spec.bridge is not None:
        return _brought_over(study, spec, spec.bridge, table, codes)
    fault = _refused(study, spec, said, full, base, codes)
    if spec.vintage is not None or (fault is not None and fault.rows):
        return table, [fault]
    note = _("{file}: kept by the year {year}; its codes are taken for those of {vintage}, as they agree.")
    told = note.format(file=Path(spec.path).name, year=said, vintage=study.outcome.vintage)
    return replace(table, notes=(*table.notes, told)), []


def _year_kept(spec: Table) -> int | None:
    """Return the year by which rows of a table are kept, where it is one."""
    years = {int(found[1]) for value in spec.where.values() if (found := re.fullmatch(A_YEAR, value))}
    return years.pop() if len(years) == 1 else None


def _refused(study: Study, spec: Table, said: int, full: pd.DataFrame, base: pd.DataFrame, codes: pd.Series) -> Fault:
    """Say why codes of another year are not joined, and which of them show it."""
    keys, vintage = _as_codes(full[spec.key], spec), study.outcome.vintage
    areas = _as_codes(codes, spec)
    absent = sorted(set(areas) - set(keys) - {""})
    reused = _reused(full, keys, base, study, spec, said) if spec.on in (None, study.columns.area) else []
    few = len(absent) <= LACKING * areas.nunique()
    reasons = []
    if reused:
        reasons.append(
            plural("{count} code means another area in it", "{count} codes mean another area in it", len(reused))
        )
    if absent:
        reasons.append(
            plural("{count} code of the study is not in it", "{count} codes of the study are not in it", len(absent))
        )
    what = _("codes of {said} ({reasons})").format(
        said=said, reasons="; ".join(reasons) or _("the same codes, which does not make them the same areas")
    )
    expected = _("codes of {vintage}, the boundaries of the study").format(vintage=vintage)
    advice = _(
        "A code belongs to the year of its boundaries: take the table of {vintage}, or say with `bridge` in [[tables]] "
        "how this one is brought over. If its figures are of {said} but its codes of {vintage}, say vintage = "
        "{vintage} there."
    )
    rows = [*reused, *absent] if reused or not few else []
    return Fault(spec.path, what, expected, advice.format(vintage=vintage, said=said), rows)


def _reused(full: pd.DataFrame, keys: pd.Series, base: pd.DataFrame, study: Study, spec: Table, said: int) -> list[str]:
    """Return codes that mean another area in both tables, by columns that both have."""
    roles: dict[str, Callable[[str], bool]] = {
        "name": lambda name: match(name, "area_name") is not None,
        "people": lambda name: match(name, "population") is not None and not is_share(name),
        "hectares": lambda name: SIZE.search(name) is not None,
    }
    common = [str(name) for name in full if name in base and name not in (spec.key, study.columns.area)]
    names = {role: next((name for name in common if fits(name)), None) for role, fits in roles.items()}
    kept = {str(name): role for role, name in names.items() if name is not None}
    if not set(kept.values()) & {"people", "hectares"}:
        return []
    own = _as_codes(base[study.columns.area], study.tables[0])
    frames = [
        frame[list(kept)].rename(columns=kept).set_axis(pd.Index(index), axis=0)
        for frame, index in ((full, keys), (base, own))
    ]
    before, after = (frame[~frame.index.duplicated() & (frame.index != "")] for frame in frames)
    return follow_areas(before, after, said, study.outcome.vintage).reused


def _as_codes(cells: pd.Series, spec: Table) -> pd.Series:
    """Write codes in the way a table says they are to be read."""
    return cells if spec.code == "text" else normalise_codes(cells, spec.code)


def _brought_over(
    study: Study, spec: Table, how: TableBridge, table: TextTable, codes: pd.Series
) -> tuple[TextTable, list[Fault]]:
    """Return the columns that are brought over, by the codes of the study."""
    known = list(map(str, table.frame.columns))
    wanted = dict.fromkeys([*how.sums, *how.means, *how.means.values()])
    expected = _("a column of {file}").format(file=Path(spec.path).name)
    faults = [
        Fault("tables.bridge", _("no column {name}").format(name=name), expected, suggest(name, known).strip())
        for name in wanted
        if name not in known
    ]
    outcome = {study.columns.count, *study.columns.population_parts}
    advice = _(
        "Counts and people of a study stand on its own boundaries. Counts of other ones have bounds: Bridge.counts in "
        "Python."
    )
    for name in outcome & {*how.sums, *how.means}:
        faults.append(Fault("tables.bridge", name, _("a determinant, not what is counted or over whom"), advice))
    keys = table.frame[spec.key]
    twice = sorted(set(keys[keys.duplicated() & (keys != "")]))
    if twice:
        faults.append(Fault(spec.path, _("codes given more than once"), _("each code once"), rows=twice))
    if faults:
        return table, faults
    try:
        bridge = _bridge(study, spec, how, pd.Index(keys[keys != ""]), codes)
    except (DataError, StudyError) as error:
        return table, list(error.faults)
    return _carried(table, spec, how, bridge)


def _bridge(study: Study, spec: Table, how: TableBridge, old: pd.Index, codes: pd.Series) -> Bridge:
    """Make the bridge that a study asks for."""
    vintage = spec.vintage or study.outcome.vintage
    if how.through == "mergers":
        changes = read_gemeente_changes(Path(study.folder, str(how.changes)))
        return bridge_through_mergers(changes, old, vintage, study.outcome.vintage)
    new_codes = [code for code in codes.unique() if code != ""]
    before = read_boundaries(Path(study.folder, str(how.old)), codes=old, vintage=vintage)
    after = _boundaries_of(study, how, new_codes)
    finer = None
    if how.finer is not None:
        small = read_boundaries(Path(study.folder, how.finer))
        if how.finer_people not in small.shapes:
            found = _("no column {name}").format(name=how.finer_people)
            known = suggest(str(how.finer_people), map(str, small.shapes.columns)).strip()
            raise DataError(_("The bridge"), [Fault(how.finer, found, _("the people in each area"), known)])
        finer = (small, pd.to_numeric(small.shapes[how.finer_people], errors="coerce"))
    return bridge_through_areas(before.of(old), after.of(new_codes), finer=finer)


def _boundaries_of(study: Study, how: TableBridge, codes: list[str]) -> Boundaries:
    """Read the polygons of the areas of the study: those of the bridge, or of the study itself."""
    vintage, own = study.outcome.vintage, study.boundaries
    if how.new is not None:
        return read_boundaries(Path(study.folder, how.new), codes=codes, vintage=vintage)
    if own is None:
        advice = _("Name them as `new` in the bridge, or as `path` in [boundaries].")
        fault = Fault("bridge.new", _("no polygons"), _("polygons of the areas of the study"), advice)
        raise DataError(_("The bridge"), [fault])
    path = Path(study.folder, own.path)
    return read_boundaries(path, code=own.code, codes=codes, layer=own.layer, where=own.where, vintage=vintage)


def _carried(table: TextTable, spec: Table, how: TableBridge, bridge: Bridge) -> tuple[TextTable, list[Fault]]:
    """Return the columns of a table, carried over a bridge, with bounds of sums where they are no exact ones."""
    rows = table.frame[table.frame[spec.key] != ""].set_index(spec.key)
    values = {}
    for name in dict.fromkeys([*how.sums, *how.means, *how.means.values()]):
        found, _odd = numbers_in(rows[name], ())
        values[name] = pd.Series(found, rows.index)
    columns: dict[str, pd.Series] = {}
    for name in how.sums:
        bounds = bridge.counts(values[name])
        columns[name] = bounds["estimate"]
        if bridge.approximate:
            columns |= {f"{name}_lower": bounds["lower"], f"{name}_upper": bounds["upper"]}
    columns |= {name: bridge.means(values[name], values[people])["mean"] for name, people in how.means.items()}
    frame = pd.DataFrame({name: column.map(_cell) for name, column in columns.items()})
    frame = frame.rename_axis(spec.key).reset_index()
    file = Path(spec.path).name
    notes = [f"{file}: {text}" for text in bridge.sentences()]
    if bridge.approximate:
        named = _("{file}: approximate on these boundaries, as areas were cut: {columns}.")
        notes.append(named.format(file=file, columns=", ".join([*how.sums, *how.means])))
    where = pd.Series(_("{file}, brought over").format(file=file), index=frame.index)
    locations = dict.fromkeys(map(str, frame), where)
    return TextTable(frame, (*table.notes, *notes), locations=locations, units=table.units), []


def _cell(value: float) -> str:
    """Write a number as text; what is not known or has no bound is empty."""
    return f"{value:.10g}" if np.isfinite(value) else ""


def with_bridged_labels(study: Study) -> Study:
    """Return the study with determinants that were brought over through areas called approximate.

    Examples
    --------
    >>> from bayesmodel import example_study
    >>> study = example_study(areas=60, gemeenten=8, regions=2)
    >>> with_bridged_labels(study) is study
    True
    """
    years = {
        column: table.vintage
        for table in study.tables
        if table.bridge is not None and table.bridge.through == "areas"
        for column in (*table.bridge.sums, *table.bridge.means)
    }
    if not years:
        return study
    marked = []
    for part in study.determinants:
        if part.column in years:
            own, year = part.label or Label(nl=part.column, en=part.column), years[part.column]
            label = Label(
                nl=f"{own.nl} (benaderd, grenzen van {year})", en=f"{own.en} (approximate, boundaries of {year})"
            )
            part = part.model_copy(update={"label": label})
        marked.append(part)
    return study.model_copy(update={"determinants": tuple(marked)})
