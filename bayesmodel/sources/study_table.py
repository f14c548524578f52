"""One table for a study out of those fetched: counts, people, names, what wijken lie in, and determinants."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from bayesmodel.errors import ChangedTableError, UnknownTableError, listed
from bayesmodel.messages import _, number
from bayesmodel.sources.fetch_table import FetchedTable, Sources, Wanted, fetch_table
from bayesmodel.sources.known_tables import DeterminantSource, in_runs
from bayesmodel.sources.table_metadata import Column

ALIKE = 0.95
"""Share of the wijken of one table that another of the same boundaries has at least."""
NOT_DELIVERED = "x"
"""What stands where the table of counts has no row of a wijk."""
REGIONS = ("jeugdzorgregio", "jeugdregio")
"""How the groups of columns with the youth-care region of a gemeente begin, over the years."""


@dataclass(frozen=True)
class StudyTable:
    """The table of a study, and what was done to make it.

    Parameters
    ----------
    frame : DataFrame of str
        A row for each wijk, and one for each gemeente, whose count is its total: ``wijk_code, wijk_naam, gemeente_code,
        gemeente_naam``, ``jeugdzorgregio_code, jeugdzorgregio_naam`` where they are known, the count under the name of
        the purpose, the people over whom is counted, and the determinants.
    tables : tuple of FetchedTable
        What it was made of.
    determinants : tuple of DeterminantSource
        Those that are in it.
    notes : tuple of str
        What is not in it, and why.
    tells_hidden : bool
        Whether an empty count and a dot are different things.
    """

    frame: pd.DataFrame
    tables: tuple[FetchedTable, ...]
    determinants: tuple[DeterminantSource, ...]
    notes: tuple[str, ...]
    tells_hidden: bool


def study_table(purpose: str, year: int, sources: Sources) -> StudyTable:
    """Fetch and join what a study of a purpose needs.

    The count comes from the table of the purpose, or from KWB in years that have none; people and determinants from KWB
    of the same year; youth-care regions from the areas of the same year. Nothing is joined across years.

    Parameters
    ----------
    purpose : str
        One that the registry has a study of.
    year : int
        Of which a table of KWB is known.
    sources : Sources
        Where tables come from.

    Returns
    -------
    StudyTable

    Raises
    ------
    UnknownTableError
        A table that it cannot do without is not known.
    ChangedTableError
        The tables are not of the same boundaries, or lack what they are read by.
    """
    study = sources.registry.studies[purpose]
    own = _own_counts(purpose, year, sources)
    kwb = fetch_table("kwb", year, sources, _of_kwb(purpose, year, sources, count=own is None))
    codes = kwb.by_area.index.to_series()
    wijken = codes[codes.str.match(r"WK\d{6}")]
    gemeenten = codes[codes.str.match(r"GM\d{4}")]
    rows = pd.Index([*wijken, *gemeenten])
    gemeente = pd.Series("GM" + rows.str[2:6], index=rows)
    frame = pd.DataFrame(
        {
            "wijk_code": rows,
            "wijk_naam": rows.map(kwb.names),
            "gemeente_code": gemeente,
            "gemeente_naam": gemeente.map(kwb.names).fillna(gemeente),
        },
        index=rows,
    )
    regions, notes = _regions(year, sources)
    tables = [kwb]
    if regions is not None:
        table, of_gemeente = regions
        placed = gemeente.map(of_gemeente["code"])
        if placed.isna().any():
            lost = sorted(set(gemeente[placed.isna()]))
            left = _("Without youth-care regions: {table} has none of {gemeenten}, it is of other boundaries.")
            notes.append(left.format(table=table.snapshot.provenance.table, gemeenten=listed(lost)))
        else:
            frame["jeugdzorgregio_code"] = placed
            frame["jeugdzorgregio_naam"] = gemeente.map(of_gemeente["name"])
            tables.append(table)
    if own is None:
        frame[purpose] = _counted(kwb, study.count_in_kwb).reindex(rows)
        taken = _("There is no table of {purpose} of its own in {year}: counts are those of KWB, {table}.")
        notes.append(taken.format(purpose=purpose, year=year, table=kwb.snapshot.provenance.table))
    else:
        _refuse_other_boundaries(own, kwb, wijken)
        counts = _counted(own, sources.registry.purpose(purpose).columns["count"])
        frame[purpose] = counts.reindex(rows).fillna(NOT_DELIVERED)
        tables.insert(0, own)
    frame[study.population_name] = _sum(kwb, study.population).reindex(rows)
    determinants = []
    for each in sources.registry.determinants_of(purpose, year):
        values = _determinant(kwb, each)
        if values is None:
            lacking = _("Without {name}: KWB has no {column} in {year}.")
            notes.append(lacking.format(name=each.name, column=each.column, year=year))
        else:
            frame[each.name] = values.reindex(rows)
            determinants.append(each)
    tells = (own or kwb).snapshot.provenance.tells_hidden
    return StudyTable(frame.reset_index(drop=True), tuple(tables), tuple(determinants), tuple(notes), tells)


def _own_counts(purpose: str, year: int, sources: Sources) -> FetchedTable | None:
    """Fetch the table of the purpose itself; None where the count is to come from KWB."""
    known = sources.registry.identifier(purpose, year) is not None
    if known and "count" in sources.registry.purpose(purpose).columns:
        return fetch_table(purpose, year, sources)
    return None


def _of_kwb(purpose: str, year: int, sources: Sources, *, count: bool) -> Wanted:
    """Return the columns of KWB that a study needs, and those it takes where they are."""
    study = sources.registry.studies[purpose]
    needed = [(name,) for name in study.population] + ([study.count_in_kwb] if count else [])
    others = [
        (name, each.group if name == each.column else "")
        for each in sources.registry.determinants_of(purpose, year)
        for name in (each.column, each.share_of)
        if name is not None
    ]
    return Wanted(tuple(needed), tuple(dict.fromkeys(others)))


def _counted(table: FetchedTable, names: Sequence[str]) -> pd.Series:
    """Return published counts by area, refused where an area has several."""
    column = table.column(tuple(names))
    if column is None or not table.region or table.by_area.index.name != table.region:
        about = table.snapshot.provenance
        several = _(
            "Table {table} ({title}) has several rows for an area, and none is chosen: {dimensions}. Say which code of "
            "each under select in a file of sources (--sources)."
        )
        dimensions = listed([name for name in table.metadata.dimensions if name != table.region])
        raise ChangedTableError(several.format(table=about.table, title=about.title, dimensions=dimensions))
    return column


def _sum(table: FetchedTable, names: Sequence[str]) -> pd.Series:
    """Add columns of numbers up, as text; empty where one of them is no number."""
    parts = [column for name in names if (column := table.column((name,))) is not None]
    total = sum((pd.to_numeric(part, errors="coerce") for part in parts), start=pd.Series(0.0, index=parts[0].index))
    return total.map(lambda value: "" if pd.isna(value) else f"{value:.0f}")


def _determinant(table: FetchedTable, source: DeterminantSource) -> pd.Series | None:
    """Return a determinant as text: the column as published, or a percentage of another; None where it is not there."""
    column = table.column((source.column,), source.group)
    if column is None or source.share_of is None:
        return column
    whole = table.column((source.share_of,))
    if whole is None:
        return None
    people = pd.to_numeric(whole, errors="coerce")
    share = 100 * pd.to_numeric(column, errors="coerce") / people.where(people > 0)
    return share.map(lambda value: "" if pd.isna(value) else f"{min(value, 100.0):.2f}")


def _refuse_other_boundaries(counts: FetchedTable, kwb: FetchedTable, wijken: pd.Series) -> None:
    """Refuse to join tables whose wijken are not the same: a code means another area in another year."""
    counted = counts.by_area.index.to_series()
    counted = counted[counted.str.match(r"WK\d{6}")]
    alike = min(counted.isin(wijken).mean(), wijken.isin(counted).mean())
    if alike < ALIKE:
        other = _(
            "The wijken of {one} and {other} are not the same: {share} of their codes agree, {least} at least are "
            "expected of one year. A code of a wijk means another area in another year; they are not joined. Not in "
            "both: {codes}."
        )
        apart = sorted({*counted} ^ {*wijken})
        shares = {"share": number(alike, ".0%"), "least": number(ALIKE, ".0%")}
        names = {"one": counts.snapshot.provenance.table, "other": kwb.snapshot.provenance.table}
        raise ChangedTableError(other.format(**names, **shares, codes=listed(apart)))


def _regions(year: int, sources: Sources) -> tuple[tuple[FetchedTable, pd.DataFrame] | None, list[str]]:
    """Return the youth-care region of each gemeente of a year; else why there is none."""
    if sources.registry.identifier("gebieden", year) is None:
        known = in_runs(sources.registry.known_years("gebieden"))
        absent = _("Without youth-care regions: no table of areas is known for {year} (known: {years}).")
        return None, [absent.format(year=year, years=known)]
    try:
        table = fetch_table("gebieden", year, sources)
    except (UnknownTableError, ChangedTableError) as error:  # a study does without
        return None, [_("Without youth-care regions: {why}").format(why=error)]
    code, name = (_region_column(table.metadata.topics, title) for title in ("code", "naam"))
    if code is None or name is None:
        absent = _("Without youth-care regions: {table} has no columns of them.")
        return None, [absent.format(table=table.snapshot.provenance.table)]
    frame = table.by_area[[code.name, name.name]].set_axis(["code", "name"], axis=1)
    return (table, frame[frame["code"] != ""]), []


def _region_column(columns: Sequence[Column], title: str) -> Column | None:
    """Return the column of codes or names of youth-care regions."""
    among = [each for each in columns if each.group.lower().startswith(REGIONS)]
    return next((each for each in among if each.title.lower().startswith(title)), None)
