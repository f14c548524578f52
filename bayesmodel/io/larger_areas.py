"""Rows of larger areas in the tables of a study: no areas, and kept as totals of the groups they are."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from bayesmodel.data.codes import (
    COLUMNS,
    COUNTRY,
    PREFIX,
    WITHIN,
    CodeKind,
    are_codes,
    gemeente_of,
    larger_codes,
    lying_in,
    no_totals,
    normalise_codes,
)
from bayesmodel.data.publication import intervals, published_cells
from bayesmodel.data.validation import code_kind, whole_numbers
from bayesmodel.io.text_table import TextTable
from bayesmodel.messages import plural
from bayesmodel.study import Study
from bayesmodel.study.parts import Table


def rows_of_larger_areas(study: Study, tables: Sequence[TextTable]) -> pd.DataFrame:
    """Return the rows of larger areas, of the base table and of those that are joined to its areas, by code.

    Parameters
    ----------
    study : Study
        Its base table holds the codes of areas of a kind that lies in larger ones.
    tables : sequence of TextTable
        The tables of the study as they stand in their files.

    Returns
    -------
    DataFrame of str
        Indexed by code; "" where a table has no row of a code. A code that a table has twice is left out.
    """
    base, frame = study.tables[0], pd.DataFrame()
    kind = next((kind for kind in PREFIX if kind == (base.code if base.code != "text" else study.area)), None)
    if kind is None:
        return frame
    for spec, table in zip(study.tables, tables, strict=True):
        if spec is not base and (spec.on or study.columns.area) != study.columns.area:
            continue
        codes = larger_codes(table.frame[spec.key], kind)
        if spec is base:
            codes = codes.mask(codes == "", _own_rows(study, table.frame, kind))
        codes = codes[_kept(table.frame, spec, codes)]
        names = [name for name in spec.columns or table.frame.columns if name != spec.key]
        found = table.frame.loc[codes.index, names].set_axis(codes.to_numpy(), axis=0)
        found = found[(found.index != "") & ~found.index.duplicated(keep=False)]
        frame = found if spec is base else frame.join(found[found.columns.difference(frame.columns)], how="outer")
    return frame.astype(object).where(frame.notna(), "").copy()


def _kept(frame: pd.DataFrame, spec: Table, codes: pd.Series) -> pd.Series:
    """Whether `where` of a table keeps each row; a column that tells the kind of area apart keeps other kinds out."""
    larger, kept = codes != "", pd.Series(True, index=frame.index)
    for column, value in spec.where.items():
        cells = frame[column]
        if larger.any() and not set(cells[larger]) & set(cells[~larger]):
            continue
        kept &= cells == value
    return kept


def _own_rows(study: Study, frame: pd.DataFrame, kind: CodeKind) -> pd.Series:
    """Return the code of the gemeente whose own row each row is, by its name: "Almere" or "Totaal Almere"; else ""."""
    base, found = study.tables[0], pd.Series("", index=frame.index)
    codes = normalise_codes(frame[base.key], kind)
    areas = are_codes(codes, kind)
    columns = [level.column for level in study.levels if level.column in frame]
    if base.keep != "codes" or "gemeente" not in WITHIN[kind]:
        return found
    key = frame[base.key].str.casefold()
    for column in columns:
        pairs = pd.DataFrame({"group": frame[column], "code": gemeente_of(codes)})[areas].drop_duplicates()
        one = pairs[~pairs["group"].duplicated(keep=False) & ~pairs["code"].duplicated(keep=False)]
        name = frame[column].str.casefold()
        own = (key == name) | key.isin(("totaal", "total"))
        own |= (key == "totaal " + name) | (key == name + " totaal") | (key == "gemeente " + name)
        own &= ~areas & (name != "") & (found == "")
        known = dict(zip(one["group"], one["code"], strict=True))
        found = found.mask(own, pd.Series([known.get(group, "") for group in frame[column]], index=frame.index))
    return found


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
    wanted = {study.columns.count, study.columns.population_name}
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
        people, known = whole_numbers(pd.Series([row[study.columns.population_name]]))
        population = float(people[0]) if known[0] else np.nan
        rows.append([*groups[str(code)], code, row[study.columns.count], population, *aside[members].sum(axis=0)])
    return pd.DataFrame(rows, columns=COLUMNS)


def note_of(totals: int, unused: int) -> list[str]:
    """Say how many rows of larger areas were kept as totals, and how many belong to no group of the study."""
    if not totals and not unused:
        return []
    kept = plural(
        "{count} row of a larger area is kept as a total",
        "{count} rows of larger areas are kept as totals",
        totals,
    )
    other = plural("{count} belongs to no group of the study", "{count} belong to no group of the study", unused)
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
    people, known = whole_numbers(frame[study.columns.population_name])
    cells = published_cells(frame[study.columns.count], study.publication)
    unread = ~(cells.hidden | cells.zero | cells.secondary | cells.number)
    lower, upper, _ = intervals(
        cells.numbers,
        people,
        study.publication,
        hidden=cells.hidden,
        missing=unread,
        zero=cells.zero,
        secondary=cells.secondary,
    )
    return np.column_stack([lower, np.maximum(lower, upper), np.where(known, people, 0)])
