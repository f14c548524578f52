"""From the tables of a study to its areas."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from bayesmodel.areas.check import code_faults, label_faults, level_faults
from bayesmodel.areas.table import AreaTable
from bayesmodel.errors import DataError, Fault, raise_faults, suggest
from bayesmodel.sources.determinants import determinants_in
from bayesmodel.sources.join import join_tables
from bayesmodel.sources.leave_out import left_out_of
from bayesmodel.sources.numbers import whole_numbers_in
from bayesmodel.sources.text import TextTable
from bayesmodel.study import Study
from bayesmodel.study.parts import Level, Table


def read_areas(study: Study) -> AreaTable:
    """Read the tables of a study, or make its example country, into one row per area.

    Parameters
    ----------
    study : Study
        Says which tables, which column is what, and what is left out.

    Returns
    -------
    AreaTable
        Checked; the counts are still text as published (`interpret_counts` reads them). Its notes say what was read and
        what was assumed.

    Raises
    ------
    DataError
        The tables cannot be read or joined, or hold something they cannot hold: all faults of a stage at once, with
        the codes of the areas.

    Examples
    --------
    >>> from bayesmodel import example_study, read_areas
    >>> areas = read_areas(example_study(areas=60, gemeenten=8, regions=2))
    >>> len(areas), list(areas.levels.columns)
    (60, ['gemeente', 'jeugdzorgregio'])
    """
    if study.example is not None:
        from bayesmodel.sources.example import example_areas

        return example_areas(study)
    return areas_of(study, join_tables(study))


def areas_of(study: Study, table: TextTable) -> AreaTable:
    """Make the areas of a study from its joined table; see `read_areas`."""
    subject = f"The input of study {study.name}"
    raise_faults(DataError, subject, _column_faults(study, table.frame.columns))

    base = study.tables[0] if study.tables else Table(path="example", key=study.columns.area, code="wijk")
    if table.frame.empty:
        raise DataError(subject, [Fault(base.path, "no rows", "one row for each area")])
    kind = None if base.code == "text" else base.code
    raise_faults(DataError, subject, code_faults(table.frame[study.columns.area], kind))

    everything = table.frame.set_index(study.columns.area).rename_axis(study.area)
    left_out, faults = left_out_of(everything, study)
    frame = everything.drop(index=left_out.index)
    if frame.empty:
        faults.append(Fault("exclusions", "no area left", "at least one area", "Check the limits of the exclusions."))
        raise DataError(subject, faults)

    levels = pd.DataFrame({level.name: frame[level.column] for level in study.levels}, index=frame.index)
    faults += level_faults(frame.index.to_series(), levels, study.levels)
    for level in study.levels:
        if level.name_column is not None:
            faults += label_faults(levels[level.name], frame[level.name_column], level)
    population, found = whole_numbers_in(frame[study.columns.population])
    determinants, found_too = determinants_in(frame, levels, study)
    raise_faults(DataError, subject, [*faults, *found, *found_too])

    return AreaTable(
        study=study,
        names=_names(frame, study),
        levels=levels,
        level_labels={level.name: _labels(frame, levels[level.name], level) for level in study.levels},
        published=frame[study.columns.count].rename("published"),
        population=pd.Series(population, index=frame.index, name="population"),
        determinants=determinants,
        left_out=left_out,
        notes=(*table.notes, *_notes(levels, determinants, left_out)),
    )


def _column_faults(study: Study, known: Iterable[str]) -> list[Fault]:
    """Find columns the study speaks of that no table has."""
    columns = study.columns
    wanted = {
        "columns.area": columns.area,
        "columns.count": columns.count,
        "columns.population": columns.population,
        "columns.area_name": columns.area_name,
        **{f"levels.{level.name}.column": level.column for level in study.levels},
        **{f"levels.{level.name}.name_column": level.name_column for level in study.levels},
        **{f"exclusions[{i}].column": exclusion.column for i, exclusion in enumerate(study.exclusions)},
        **{f"determinants[{i}].column": part.column for i, part in enumerate(study.determinants)},
    }
    known = list(known)
    return [
        Fault(where, f"{name}, which is in no table", "a column of the joined tables", suggest(name, known).strip())
        for where, name in wanted.items()
        if name is not None and name not in known
    ]


def _names(frame: pd.DataFrame, study: Study) -> pd.Series:
    """Return the name of each area, or its code where it has none."""
    codes = frame.index.to_series()
    named = codes if study.columns.area_name is None else frame[study.columns.area_name]
    return named.where(named != "", codes).rename("name")


def _labels(frame: pd.DataFrame, groups: pd.Series, level: Level) -> pd.Series:
    """Return the name of each group of a level by code, sorted; the code itself where the level has no names."""
    names = groups if level.name_column is None else frame[level.name_column]
    pairs = pd.DataFrame({level.name: groups, "name": names}).drop_duplicates().sort_values(level.name)
    return pairs.set_index(level.name)["name"]


def _notes(levels: pd.DataFrame, determinants: pd.DataFrame, left_out: pd.DataFrame) -> list[str]:
    """Say how many areas, groups and unknown determinants were found."""
    groups = "".join(f", {levels[level].nunique():,} in level {level}" for level in levels)
    notes = [f"{len(levels):,} areas{groups}; left out: {len(left_out):,}."]
    gaps = determinants.isna().sum()
    gaps = gaps[gaps > 0].sort_values(ascending=False, kind="stable")
    listed = ", ".join(f"{name} {count:,}" for name, count in gaps.items())
    unknown = f"{gaps.sum():,} determinant values not known" + (f" ({listed})" if listed else "")
    return [*notes, f"{determinants.shape[1]} determinants; {unknown}."]
