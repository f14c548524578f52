"""From the tables of a study to its areas: columns found, exclusions applied, labels checked."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

import pandas as pd

from bayesmodel.data.area_table import AreaTable, with_effects
from bayesmodel.data.codes import are_codes, upper_codes
from bayesmodel.data.count_validation import count_faults, unseen_faults
from bayesmodel.data.delivery import delivery_faults, delivery_notes, of_incomplete_groups, without_delivery
from bayesmodel.data.publication import published_cells
from bayesmodel.data.remark import Remark, RemarkKind, remark
from bayesmodel.data.validation import (
    code_faults,
    code_kind,
    is_error,
    label_faults,
    level_faults,
    mend_cell,
    rows_of,
    whole_numbers,
)
from bayesmodel.errors import DataError, Fault, FaultKind, raise_faults, suggest
from bayesmodel.io.column_words import LABELS, snake
from bayesmodel.io.determinants import determinants_in, filled_within_levels, highest_of
from bayesmodel.io.join import join_tables
from bayesmodel.io.larger_areas import note_of, totals_of
from bayesmodel.io.near_names import near_name_remarks
from bayesmodel.io.neighbour_pairs import Polygons, neighbour_pairs
from bayesmodel.io.numbers import numbers_in, whole_numbers_in
from bayesmodel.io.period import year_faults, year_remarks
from bayesmodel.io.population_parts import part_faults
from bayesmodel.io.text_table import TextTable, located
from bayesmodel.io.vintage_join import with_bridged_labels
from bayesmodel.messages import _, number, plural
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
        from bayesmodel.example import example_areas

        return example_areas(study)
    return areas_of(study, join_tables(study))


def areas_of(study: Study, table: TextTable, polygons: Polygons | None = None) -> AreaTable:
    """Make the areas of a study from its joined table; see `read_areas`, and `neighbour_pairs` for the polygons."""
    subject, columns = _("The input of study {name}").format(name=study.name), study.columns
    table = with_population(table, study)
    base = study.tables[0] if study.tables else Table(path="example", key=columns.area, code="wijk")
    faults = [*column_faults(study, table), *year_faults(study, table)]
    faults += part_faults(table.frame, columns.population_parts)
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
    levels = pd.DataFrame(
        {level.name: upper_codes(frame[level.column]) for level in readable.levels}, index=frame.index
    )
    population, found_there = _population(frame, readable)
    determinants, found_too = determinants_in(frame, levels, readable)
    determinants, filled = filled_within_levels(determinants, levels, readable)
    highest, found_highest = highest_of(frame, determinants, population, readable)
    without_count = _without_count(table, everything.index, sound, readable) & frozenset(frame.index)
    without_count |= without_delivery(study, levels)
    found_counts = _count_faults(frame, readable, without_count)
    faults += delivery_faults(study, levels)
    found += [
        *_group_faults(frame, levels, readable),
        *_error_faults(frame, readable),
        *found_there,
        *found_counts,
        *found_too,
        *found_highest,
    ]
    raise_faults(DataError, subject, [*faults, *located(found, table, columns.area)])

    study = with_effects(with_bridged_labels(study), levels)
    read = totals_of(study, table, everything, levels)
    totals = read[~of_incomplete_groups(study, read)].reset_index(drop=True)
    bordering = neighbour_pairs(study, frame.index, polygons)
    return AreaTable(
        study=study,
        names=_names(frame, study),
        levels=levels,
        level_labels={level.name: _labels(frame, levels[level.name], level) for level in study.levels},
        published=frame[columns.count].rename("published"),
        population=population,
        determinants=determinants,
        left_out=left_out,
        without_count=without_count,
        remarks=(
            *provisional_remarks(study, table.frame),
            *year_remarks(study, table),
            *label_remarks(study),
            *spare_remarks(study, table),
            *bordering.remarks,
            *near_name_remarks(table.near),
        ),
        notes=(
            *table.notes,
            *note_of(len(totals), len(table.larger) - len(read)),
            *_notes(study, levels, determinants, left_out),
            *filled,
            *delivery_notes(study, levels),
            *bordering.notes,
        ),
        totals=totals,
        neighbours=bordering.pairs,
        highest=highest,
        figures=frame[figure_columns(study)],
    )


def figure_columns(study: Study) -> list[str]:
    """Return the columns of what else is published of the counts."""
    of = [each.of for each in study.bounds.percentages if each.of is not None]
    return list(dict.fromkeys([*study.bounds.columns, *of]))


def with_population(table: TextTable, study: Study) -> TextTable:
    """Add the sum of the columns that the population is spread over; where one holds no number, what stands there."""
    parts, name = study.columns.population_parts, study.columns.population_name
    if len(parts) == 1 or not set(parts) <= set(table.frame.columns):
        return table
    note = _("The population is {parts}, added up.").format(parts=name)
    locations = {**table.locations, **({name: table.locations[parts[0]]} if parts[0] in table.locations else {})}
    larger = table.larger if table.larger.empty else table.larger.assign(**{name: _sum_of(table.larger, parts)})
    frame = table.frame.assign(**{name: _sum_of(table.frame, parts)})
    return replace(table, frame=frame, larger=larger, notes=(*table.notes, note), locations=locations)


def _sum_of(frame: pd.DataFrame, parts: Sequence[str]) -> pd.Series:
    """Add up columns of whole numbers; where one holds no number, return what stands there."""
    total = pd.Series(0, index=frame.index)
    odd, wrong = pd.Series("", index=frame.index), pd.Series(False, index=frame.index)
    for part in parts:
        values, good = whole_numbers(frame[part])
        total, odd = total + values, odd.where(good | wrong, frame[part])
        wrong |= ~good
    return total.astype(str).where(~wrong, odd)


def provisional_remarks(study: Study, frame: pd.DataFrame) -> Iterator[Remark]:
    """Yield that figures are marked as provisional, by the period they are kept by or that stands beside them."""
    kept = [(column, value) for table in study.tables for column, value in table.where.items()]
    seen = [(str(name), next((cell for cell in frame[name].head(5) if cell), "")) for name in frame]
    marked = [(column, value) for column, value in [*kept, *seen] if re.fullmatch(r".*(?:19|20)[0-9]{2}\*{1,2}", value)]
    for column, value in dict(marked).items():

        def say(column: str = column, value: str = value) -> str:
            said = _("{column} is {value}: by the mark these figures are {state}, and may be revised.")
            state = _("nearly final") if value.endswith("**") else _("provisional")
            return said.format(column=column, value=value, state=state)

        yield remark(RemarkKind.PROVISIONAL, column, say)


def spare_remarks(study: Study, table: TextTable) -> Iterator[Remark]:
    """Yield that rows of the counts are of no area, where the first table has others of their gemeente."""
    codes = table.spare.get(study.columns.count, ())
    if not codes:
        return

    def say() -> str:
        message = plural(
            "{count} row of the table of counts is of no area: the first table lacks it, and has others of its "
            "gemeente. Its people and its count are left out.",
            "{count} rows of the table of counts are of no area: the first table lacks them, and has others of their "
            "gemeenten. Their people and their counts are left out.",
            len(codes),
        )
        return message + " " + _("Look whether both tables have the codes of one year.")

    yield remark(RemarkKind.JOIN_GAP, study.columns.count, say, codes)


def _group_faults(frame: pd.DataFrame, levels: pd.DataFrame, study: Study) -> list[Fault]:
    """Find what is wrong with the groups that areas lie in."""
    faults = level_faults(frame.index.to_series(), levels, study.levels)
    for level in study.levels:
        if level.name_column is not None:
            faults += label_faults(levels[level.name], frame[level.name_column], level)
    return faults


def _error_faults(frame: pd.DataFrame, study: Study) -> list[Fault]:
    """Find errors of a spreadsheet program among the names of areas, which would stand in every table."""
    if study.columns.area_name is None:
        return []
    names = frame[study.columns.area_name]
    wrong = names[is_error(names)]
    found, expected = _("an error of a spreadsheet program"), _("the name of the area, or an empty cell")
    return [Fault(study.columns.area_name, found, expected, mend_cell(), rows_of(wrong))] if len(wrong) else []


def _population(frame: pd.DataFrame, study: Study) -> tuple[pd.Series, list[Fault]]:
    """Read the population of each area, where its column is there."""
    if study.columns.population_name not in frame:
        return pd.Series(0, index=frame.index), []
    values, faults = whole_numbers_in(frame[study.columns.population_name], study.publication.hidden_symbols)
    return pd.Series(values, index=frame.index, name="population"), faults


def _without_count(table: TextTable, codes: pd.Index, sound: pd.Series, study: Study) -> frozenset[str]:
    """Return the areas for which the table of counts has no row."""
    unmatched = table.unmatched.get(study.columns.count)
    return frozenset() if unmatched is None else frozenset(codes[unmatched[sound.to_numpy()].to_numpy()])


def _count_faults(frame: pd.DataFrame, study: Study, without_count: frozenset[str]) -> list[Fault]:
    """Find what is wrong with the counts of areas whose population can be read."""
    if not {study.columns.count, study.columns.population_name} <= set(frame.columns):
        return []
    population, good = whole_numbers(frame[study.columns.population_name])
    published = frame.loc[good, study.columns.count]
    cells = published_cells(published, study.publication, without_count)
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


def _notes(study: Study, levels: pd.DataFrame, determinants: pd.DataFrame, left_out: pd.DataFrame) -> list[str]:
    """Say how many areas, groups and unknown determinants were found, and whether expectations add up."""
    groups = "".join(
        _(", {number} in level {level}").format(number=number(levels[level].nunique()), level=level) for level in levels
    )
    notes = [
        _("{areas}{groups}; left out: {left_out}.").format(
            areas=plural("{count} area", "{count} areas", len(levels)), groups=groups, left_out=number(len(left_out))
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
    unknown = plural("{count} determinant value not known", "{count} determinant values not known", int(gaps.sum()))
    return [*notes, f"{known}; {unknown} ({listed})."]


def left_out_of(frame: pd.DataFrame, study: Study) -> tuple[pd.DataFrame, list[Fault]]:
    """Find the areas that an exclusion of the study leaves out.

    Parameters
    ----------
    frame : DataFrame of str
        The joined tables, indexed by the code of the area.
    study : Study
        Its exclusions are columns with a limit: an area at or below one of them is left out.

    Returns
    -------
    tuple of DataFrame and list of Fault
        Columns ``name`` and ``reason``, indexed by code; and a fault for each column in which a number is lacking, as
        it cannot be decided there.
    """
    reasons = pd.Series("", index=frame.index)
    faults = []
    for exclusion in study.exclusions:
        cells = frame[exclusion.column]
        values, found = numbers_in(cells, ())
        unknown = cells[cells == ""]
        if found or len(unknown):
            rows = [*(row for fault in found for row in fault.rows), *rows_of(unknown)]
            advice = _("Without a number it cannot be decided whether to leave the area out.")
            faults.append(
                Fault(exclusion.column, _("cells without a number"), _("a number in every row"), advice, rows)
            )
        reason = cells.map(
            lambda cell, e=exclusion: _("{column} is {cell}, at most {at_most:g}").format(
                column=e.column, cell=cell, at_most=e.at_most
            )
        )
        reasons = reasons.where(~(values <= exclusion.at_most), reasons + "; " + reason)
    left_out = reasons != ""
    names = frame.index.to_series() if study.columns.area_name is None else frame[study.columns.area_name]
    table = pd.DataFrame({"name": names[left_out], "reason": reasons[left_out].str.removeprefix("; ")})
    return table, faults


OF_ANYBODY = ("population", "people", "pop")
"""Names of columns that say nothing of which people they are."""


def label_remarks(study: Study) -> Iterator[Remark]:
    """Yield labels of the count and the population that name other people than the name of their column does.

    Parameters
    ----------
    study : Study
        Reports print its labels: nobody sees there which column was counted over.
    """
    columns = {"count": (study.columns.count,), "population": study.columns.population_parts}
    for key, names in columns.items():
        label = getattr(study.outcome, key)
        meant = {found for name in names if snake(name) not in OF_ANYBODY and (found := _people_in(name))}
        said = {found for text in (label.nl, label.en) if (found := _people_in(text))}
        if not label.nl.strip() or not label.en.strip():

            def empty(key: str = key) -> str:
                text = _("{key} has no text in one of the languages: say in [outcome] how reports name it.")
                return text.format(key=f"outcome.{key}")

            yield remark(RemarkKind.LABEL, f"outcome.{key}", empty)
        if not meant or not said or meant & said:
            continue

        def say(key: str = key, names: tuple[str, ...] = names, nl: str = label.nl, en: str = label.en) -> str:
            text = _(
                "Reports call the {key} {nl!r} ({en!r}), while its column is {column}. If that was kept from a "
                "template, correct it in [outcome]."
            )
            return text.format(key=f"outcome.{key}", nl=nl, en=en, column=" + ".join(names))

        yield remark(RemarkKind.LABEL, f"outcome.{key}", say)


def _people_in(text: str) -> str | None:
    """Return which people a name or a label speaks of, where that is known; young people are children."""
    known = next((label for form, label in LABELS.items() if re.search(form, snake(text))), None)
    return None if known is None else "children" if known.en.startswith("young") else known.en


def named_columns(study: Study) -> dict[str, str]:
    """Return every column that a study names, by the key that names it.

    Examples
    --------
    >>> from bayesmodel import example_study
    >>> named_columns(example_study(areas=60, gemeenten=8, regions=2))["levels.gemeente.column"]
    'gemeente_code'
    """
    columns = study.columns
    named = {
        "columns.area": columns.area,
        "columns.count": columns.count,
        **{
            f"columns.population[{i}]" if len(columns.population_parts) > 1 else "columns.population": name
            for i, name in enumerate(columns.population_parts)
        },
        "columns.area_name": columns.area_name,
        **{f"levels.{level.name}.column": level.column for level in study.levels},
        **{f"levels.{level.name}.name_column": level.name_column for level in study.levels},
        **{f"exclusions[{i}].column": exclusion.column for i, exclusion in enumerate(study.exclusions)},
        **{f"bounds.{name}": name for name in figure_columns(study)},
        **{f"determinants[{i}].column": part.column for i, part in enumerate(study.determinants)},
        **{f"determinants[{i}].share_of": part.share_of for i, part in enumerate(study.determinants)},
        **{f"determinants[{i}].hidden.of": part.hidden.of for i, part in enumerate(study.determinants) if part.hidden},
    }
    return {key: name for key, name in named.items() if name is not None}


def column_faults(study: Study, table: TextTable) -> list[Fault]:
    """Find columns the study speaks of that no table has, or whose numbers can be read in two ways."""
    known = list(table.frame.columns)
    named = named_columns(study)
    expected = _("a column of the joined tables")
    absent = [
        Fault(key, _("{name}, which is in no table").format(name=name), expected, suggest(name, known).strip())
        for key, name in named.items()
        if name not in known
    ]
    numbers = {name for key, name in named.items() if key.startswith(("columns.count", "columns.population", "excl"))}
    numbers |= {*study.determinant_names, *(part.share_of for part in study.determinants if part.share_of)}
    spoken_of = {True: set(named.values()), False: numbers}
    doubts = table.doubts.items()
    of_people = {
        name for key, name in named.items() if key.startswith(("columns.count", "columns.population", "bounds"))
    }
    absent += [
        Fault(
            name,
            _("numbers with a unit ({unit})").format(unit=table.units[name]),
            _("numbers of people"),
            _("Percentages and amounts count nobody: name the column that holds the number of people."),
        )
        for name in sorted(of_people & set(table.units))
    ]
    return [*absent, *(each for name, each in doubts if name in spoken_of[each.kind is FaultKind.UNREADABLE])]


def readable_part(study: Study, table: TextTable) -> Study:
    """Return the study without the parts whose columns cannot be read, so that the others are checked all the same."""
    good = set(table.frame.columns) - set(table.doubts)
    named = study.columns.area_name if study.columns.area_name in table.frame else None
    levels = {level.name for level in study.levels if level.column in table.frame}
    return study.model_copy(
        update={
            "columns": study.columns.model_copy(update={"area_name": named}),
            "levels": tuple(_level(level, levels, table) for level in study.levels if level.name in levels),
            "determinants": tuple(
                part
                for part in study.determinants
                if part.column in good
                and part.level in {None, *levels}
                and (part.share_of is None or part.share_of in good)
                and (part.hidden is None or part.hidden.of is None or part.hidden.of in good)
            ),
            "exclusions": tuple(exclusion for exclusion in study.exclusions if exclusion.column in good),
        }
    )


def _level(level: Level, names: set[str], table: TextTable) -> Level:
    """Return a level without the names, or the level it lies in, that are not there."""
    named = level.name_column if level.name_column in table.frame else None
    return level.model_copy(update={"name_column": named, "within": level.within if level.within in names else None})
