"""The year that stands in the table of the counts, held against the year of the study."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime

import pandas as pd

from bayesmodel.data.remark import Remark, RemarkKind, remark
from bayesmodel.errors import Fault, listed
from bayesmodel.io.column_words import match
from bayesmodel.io.text_table import TextTable
from bayesmodel.messages import _
from bayesmodel.study import Study

YEAR_IN_NAME = r"(?<![0-9])((?:19|20)[0-9]{2})(?![0-9])"
"""A year in the name of a column."""
A_DATE = r"(?:((?:19|20)[0-9]{2})[-/][0-9]{1,2}[-/][0-9]{1,2}|[0-9]{1,2}[-/][0-9]{1,2}[-/]((?:19|20)[0-9]{2}))(?: .*)?"
"""A cell that is a date; on 1 January the year before it is meant as well as that after it."""
A_YEAR = r"((?:19|20)[0-9]{2})(?:JJ00|\*{1,2}|\.0)?"
"""A cell that is a year and nothing else: a date (1 January after it) says nothing of the year of the counts."""


def years_of_rows(study: Study, table: TextTable) -> Iterator[tuple[str, pd.Series]]:
    """Yield the columns of years beside the counts, and the year of each row.

    Parameters
    ----------
    study : Study
    table : TextTable
        The joined table; a column of another file than that of the counts may be of another year.

    Yields
    ------
    tuple of str and Series of int
        Name of the column, and the years of its filled cells.

    Examples
    --------
    >>> from bayesmodel import example_study
    >>> table = TextTable(pd.DataFrame({"jaar": ["2016", "2016"], "bouwjaar": ["1970", "1980"]}))
    >>> [(name, sorted(set(years))) for name, years in years_of_rows(example_study(60, 8, 2), table)]
    [('jaar', [2016])]
    """
    used = {*study.determinant_names, *(level.column for level in study.levels), study.columns.area}
    of_counts = table.locations.get(study.columns.count)
    for name in map(str, table.frame.columns):
        if name in used or match(name, "period") is None or table.locations.get(name) is not of_counts:
            continue
        filled = table.frame[name][table.frame[name] != ""]
        if len(filled) and filled.str.fullmatch(A_YEAR).all():
            yield name, filled.str.extract(A_YEAR)[0].astype(int)


def year_faults(study: Study, table: TextTable) -> list[Fault]:
    """Find a column that says that all counts are of another year than the study says.

    Parameters
    ----------
    study : Study
    table : TextTable
        The joined table.

    Returns
    -------
    list of Fault
    """
    said, faults = {study.outcome.year, study.outcome.vintage}, list[Fault]()
    for name, years in years_of_rows(study, table):
        found = sorted(set(years))
        if len(found) > 1 or found[0] in said:
            continue
        advice = _(
            "Say year = {year} in [outcome] if the counts are of that year, or take the table of {asked}. If the "
            "column is of something else, leave it out with `columns` in [[tables]], or give it another name."
        )
        expected = _("{year}, as outcome.year says").format(year=study.outcome.year)
        advice = advice.format(year=found[0], asked=study.outcome.year)
        faults.append(Fault(name, _("{year} in every row").format(year=found[0]), expected, advice))
    return faults


def year_remarks(study: Study, table: TextTable) -> Iterator[Remark]:
    """Yield a column of several years, and one of the year of the boundaries where the counts are of another."""
    for name, years in years_of_rows(study, table):
        found = sorted(set(years))
        other = years[years != study.outcome.year]
        if other.empty:
            continue
        codes = table.frame.loc[other.index, study.columns.area]

        def say(name: str = name, found: list[int] = found) -> str:
            if len(found) == 1:
                said = _(
                    "{column} is {found}, and the study says that its counts are of {year}: look whether that is the "
                    "year of the boundaries only."
                )
            else:
                said = _(
                    "{column} holds several years ({found}), and the study is of {year}. Counts of several years in "
                    "one study make areas differ by their year: take one with `where` in [[tables]]."
                )
            return said.format(column=name, found=listed(list(map(str, found))), year=study.outcome.year)

        yield remark(RemarkKind.YEAR, name, say, codes)
    yield from _year_to_come(study)
    yield from _years_in_names(study)
    yield from _dates_of_rows(study, table)


def _year_to_come(study: Study) -> Iterator[Remark]:
    """Yield a study of a year that has not begun."""
    if study.outcome.year <= datetime.now(UTC).year:
        return

    def say() -> str:
        text = _("The study is of {year}, a year that has not begun: look whether [outcome] says the right one.")
        return text.format(year=study.outcome.year)

    yield remark(RemarkKind.YEAR, "outcome.year", say)


def _years_in_names(study: Study) -> Iterator[Remark]:
    """Yield a column of counts, or of people, with another year in its name; people may be of the year beside it."""
    said = {study.outcome.year}
    near = {study.outcome.year - 1, study.outcome.year + 1, *said}
    columns = [(study.columns.count, said), *((name, near) for name in study.columns.population_parts)]
    for name, known in columns:
        years = set(map(int, re.findall(YEAR_IN_NAME, name)))
        if not years or years & known:
            continue

        def say(name: str = name, years: set[int] = years) -> str:
            text = _(
                "{column} is of {found} by its name, and the study of {year}: look whether it is the column of that "
                "year, or whether [outcome] says the wrong one."
            )
            return text.format(column=name, found=listed(list(map(str, sorted(years)))), year=study.outcome.year)

        yield remark(RemarkKind.YEAR, name, say)


def _dates_of_rows(study: Study, table: TextTable) -> Iterator[Remark]:
    """Yield a column of dates beside the counts that are all more than a year from that of the study."""
    for name in map(str, table.frame.columns):
        filled = table.frame[name][table.frame[name] != ""]
        if match(name, "period") is None or filled.empty or not filled.str.fullmatch(A_DATE).all():
            continue
        years = sorted(set(filled.str.extract(A_DATE).bfill(axis=1)[0].astype(int)))
        if any(abs(year - each) <= 1 for year in years for each in (study.outcome.year, study.outcome.vintage)):
            continue

        def say(name: str = name, years: list[int] = years) -> str:
            text = _(
                "{column} holds dates in {found}, and the study is of {year}: look whether the table is of that year."
            )
            return text.format(column=name, found=listed(list(map(str, years))), year=study.outcome.year)

        yield remark(RemarkKind.YEAR, name, say)
