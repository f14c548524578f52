"""Rows of larger areas in the tables of a study: no areas, and kept as totals of the groups they are."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from bayesmodel.areas.cells import whole_numbers
from bayesmodel.areas.check_codes import code_kind
from bayesmodel.areas.larger import COLUMNS, COUNTRY, larger_codes, lying_in, no_totals
from bayesmodel.counts.cells import published_cells
from bayesmodel.counts.intervals import intervals
from bayesmodel.messages import _, plural
from bayesmodel.sources.text import TextTable
from bayesmodel.study import Study


def rows_of_larger_areas(study: Study, tables: Sequence[TextTable]) -> pd.DataFrame:
    """Return the rows of larger areas, of the base table and of those that are joined to its areas, by code.

    Parameters
    ----------
    study : Study
        Only a base table with ``keep = "codes"`` has such rows beside its areas.
    tables : sequence of TextTable
        The tables of the study as they stand in their files.

    Returns
    -------
    DataFrame of str
        Indexed by code; "" where a table has no row of a code. A code that a table has twice is left out.
    """
    base = study.tables[0]
    frame = pd.DataFrame()
    if base.keep != "codes" or base.code == "text":
        return frame
    for spec, table in zip(study.tables, tables, strict=True):
        if spec is not base and (spec.on or study.columns.area) != study.columns.area:
            continue
        names = [name for name in spec.columns or table.frame.columns if name != spec.key]
        rows = table.frame
        for column, value in spec.where.items():
            rows = rows[rows[column] == value]
        found = rows[names].set_axis(larger_codes(rows[spec.key], base.code), axis=0)
        found = found[(found.index != "") & ~found.index.duplicated(keep=False)]
        frame = found if spec is base else frame.join(found[found.columns.difference(frame.columns)], how="outer")
    return frame.fillna("")


def totals_of(study: Study, table: TextTable, everything: pd.DataFrame, levels: pd.DataFrame) -> pd.DataFrame:
    """Return the totals of groups that the tables hold, each with what its areas that are left out may count.

    A row belongs to the group of a level that has exactly the areas whose codes say they lie in it; to the country
    when these are all areas.

    Parameters
    ----------
    study : Study
    table : TextTable
        The joined tables.
    everything : DataFrame of str
        All areas, those left out too, indexed by code.
    levels : DataFrame of str
        The groups of the areas of the study.

    Returns
    -------
    DataFrame
        Columns ``level, group, code, published`` (text), ``population`` (NaN where not known), and of areas left out
        ``aside_lower, aside_upper, aside_population``.
    """
    wanted = {study.columns.count, study.columns.population}
    kind = code_kind(everything.index.to_series(), study.tables[0].code if study.tables else "text", study.area)
    if kind is None or table.larger.empty or not wanted <= set(table.larger.columns):
        return no_totals()
    inside = everything.index.isin(levels.index)
    lies_in = lying_in(everything.index.to_series(), kind)
    groups = _groups(study, lies_in[inside], levels)
    aside = _aside(study, everything[~inside])
    rows = []
    for code, row in table.larger.iterrows():
        if code not in groups:
            continue
        members = ((lies_in[~inside] == code).any(axis=1) | (code == "NL")).to_numpy()
        people, known = whole_numbers(pd.Series([row[study.columns.population]]))
        population = float(people[0]) if known[0] else np.nan
        rows.append([*groups[str(code)], code, row[study.columns.count], population, *aside[members].sum(axis=0)])
    return pd.DataFrame(rows, columns=COLUMNS)


def note_of(totals: pd.DataFrame, larger: pd.DataFrame) -> list[str]:
    """Say how many rows of larger areas were kept as totals, and how many belong to no group of the study."""
    if larger.empty:
        return []
    kept = plural(
        "{count} row of a larger area is kept as a total",
        "{count} rows of larger areas are kept as totals",
        len(totals),
    )
    unused = len(larger) - len(totals)
    other = _("{unused} belong to no group of the study").format(unused=unused)
    return [f"{kept}; {other}." if unused else f"{kept}."]


def _groups(study: Study, lies_in: pd.DataFrame, levels: pd.DataFrame) -> dict[str, tuple[str, str]]:
    """Return the level and the group of each code of a larger area whose areas are just those of the group."""
    found = dict[str, tuple[str, str]]()
    for _kind, codes in lies_in.items():
        for level in study.levels:
            pairs = pd.DataFrame({"code": codes, "group": levels[level.name]}).drop_duplicates()
            alike = ~pairs["code"].duplicated(keep=False) & ~pairs["group"].duplicated(keep=False)
            for code, group in pairs[alike].itertuples(index=False):
                found.setdefault(str(code), (level.name, str(group)))
        if (codes == codes.iloc[0]).all():
            found.setdefault(str(codes.iloc[0]), (COUNTRY, COUNTRY))
    whole = COUNTRY in {level for level, _ in found.values()}
    return found if whole else found | {"NL": (COUNTRY, COUNTRY)}


def _aside(study: Study, frame: pd.DataFrame) -> np.ndarray:
    """Return bounds of the count and the people of areas that are left out (area, 3)."""
    people, known = whole_numbers(frame[study.columns.population])
    cells = published_cells(frame[study.columns.count], study.publication)
    unread = ~(cells.hidden | cells.zero | cells.number)
    lower, upper, _ = intervals(
        cells.numbers, people, study.publication, hidden=cells.hidden, missing=unread, zero=cells.zero
    )
    return np.column_stack([lower, np.maximum(lower, upper), np.where(known, people, 0)])
