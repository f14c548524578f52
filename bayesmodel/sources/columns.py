"""Columns that a study speaks of: whether they are there and have one reading, and the study without them."""

from __future__ import annotations

from bayesmodel.errors import Fault, FaultKind, suggest
from bayesmodel.messages import _
from bayesmodel.sources.text import TextTable
from bayesmodel.study import Study
from bayesmodel.study.parts import Level


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
        **{f"determinants[{i}].column": part.column for i, part in enumerate(study.determinants)},
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
    numbers |= set(study.determinant_names)
    spoken_of = {True: set(named.values()), False: numbers}
    doubts = table.doubts.items()
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
                part for part in study.determinants if part.column in good and part.level in {None, *levels}
            ),
            "exclusions": tuple(exclusion for exclusion in study.exclusions if exclusion.column in good),
        }
    )


def _level(level: Level, names: set[str], table: TextTable) -> Level:
    """Return a level without the names, or the level it lies in, that are not there."""
    named = level.name_column if level.name_column in table.frame else None
    return level.model_copy(update={"name_column": named, "within": level.within if level.within in names else None})
