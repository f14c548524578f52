"""From the tables of a study to its areas."""

from __future__ import annotations

import pandas as pd

from bayesmodel.areas.cells import whole_numbers
from bayesmodel.areas.check import label_faults, level_faults
from bayesmodel.areas.check_codes import code_faults, code_kind
from bayesmodel.areas.codes import are_codes
from bayesmodel.areas.table import AreaTable
from bayesmodel.counts.cells import published_cells
from bayesmodel.counts.check import count_faults, unseen_faults
from bayesmodel.errors import DataError, Fault, raise_faults
from bayesmodel.messages import _, number, plural
from bayesmodel.sources.columns import column_faults, readable_part
from bayesmodel.sources.determinants import determinants_in
from bayesmodel.sources.join import join_tables
from bayesmodel.sources.leave_out import left_out_of
from bayesmodel.sources.numbers import whole_numbers_in
from bayesmodel.sources.places import placed
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
        The tables cannot be read or joined; or they hold something they cannot hold, counts included: all of that at
        once, with the codes of the areas and the rows they are in.

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
    subject, columns = _("The input of study {name}").format(name=study.name), study.columns
    base = study.tables[0] if study.tables else Table(path="example", key=columns.area, code="wijk")
    faults = column_faults(study, table)
    if columns.area not in table.frame or table.frame.empty:
        empty = [Fault(base.path, _("no rows"), _("one row for each area"))] if table.frame.empty else []
        raise DataError(subject, [*faults, *empty])
    codes = table.frame[columns.area]
    if table.lines:
        codes = codes.set_axis(list(table.lines))
    kind = code_kind(codes, base.code, study.area)
    faults += code_faults(codes, kind, study.area)
    sound = (codes != "") & ~codes.duplicated() & (are_codes(codes, kind) if kind else True)
    everything = table.frame[sound.to_numpy()].set_index(columns.area).rename_axis(study.area)

    readable = readable_part(study, table)
    left_out, found = left_out_of(everything, readable)
    frame = everything.drop(index=left_out.index)
    if frame.empty:
        none_left = Fault(
            "exclusions", _("no area left"), _("at least one area"), _("Check the limits of the exclusions.")
        )
        raise DataError(subject, [*faults, *found, *([none_left] if len(everything) else [])])
    levels = pd.DataFrame({level.name: frame[level.column] for level in readable.levels}, index=frame.index)
    population, found_there = _population(frame, readable)
    determinants, found_too = determinants_in(frame, levels, readable)
    found += [*_group_faults(frame, levels, readable), *found_there, *_count_faults(frame, readable), *found_too]
    raise_faults(DataError, subject, [*faults, *placed(found, table, columns.area)])

    return AreaTable(
        study=study,
        names=_names(frame, study),
        levels=levels,
        level_labels={level.name: _labels(frame, levels[level.name], level) for level in study.levels},
        published=frame[columns.count].rename("published"),
        population=population,
        determinants=determinants,
        left_out=left_out,
        notes=(*table.notes, *_notes(levels, determinants, left_out)),
    )


def _group_faults(frame: pd.DataFrame, levels: pd.DataFrame, study: Study) -> list[Fault]:
    """Find what is wrong with the groups that areas lie in."""
    faults = level_faults(frame.index.to_series(), levels, study.levels)
    for level in study.levels:
        if level.name_column is not None:
            faults += label_faults(levels[level.name], frame[level.name_column], level)
    return faults


def _population(frame: pd.DataFrame, study: Study) -> tuple[pd.Series, list[Fault]]:
    """Read the population of each area, where its column is there."""
    if study.columns.population not in frame:
        return pd.Series(0, index=frame.index), []
    values, faults = whole_numbers_in(frame[study.columns.population], study.publication.hidden_symbols)
    return pd.Series(values, index=frame.index, name="population"), faults


def _count_faults(frame: pd.DataFrame, study: Study) -> list[Fault]:
    """Find what is wrong with the counts of areas whose population can be read."""
    if not {study.columns.count, study.columns.population} <= set(frame.columns):
        return []
    population, good = whole_numbers(frame[study.columns.population])
    published = frame.loc[good, study.columns.count]
    cells = published_cells(published, study.publication)
    return [*count_faults(cells, population[good], study.publication), *unseen_faults(cells, population[good])]


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
    groups = "".join(
        _(", {number} in level {level}").format(number=number(levels[level].nunique()), level=level) for level in levels
    )
    notes = [
        _("{count} areas{groups}; left out: {left_out}.").format(
            count=number(len(levels)), groups=groups, left_out=number(len(left_out))
        )
    ]
    gaps = determinants.isna().sum()
    gaps = gaps[gaps > 0].sort_values(ascending=False, kind="stable")
    listed = ", ".join(f"{name} {number(count)}" for name, count in gaps.items())
    known = plural("{count} determinant", "{count} determinants", determinants.shape[1])
    if determinants.shape[1] == 0:
        return [*notes, f"{known}."]
    if gaps.empty:
        return [*notes, f"{known}; {_('all determinant values known')}."]
    unknown = _("{number} determinant values not known").format(number=number(int(gaps.sum())))
    return [*notes, f"{known}; {unknown} ({listed})."]
