"""The table of a study, joined from fetched tables: counts, people, names, levels and determinants."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from bayesmodel.data.delivery import undelivered
from bayesmodel.errors import ChangedTableError, ProtocolError, UnknownTableError, UnreachableError, listed
from bayesmodel.messages import _, number
from bayesmodel.sources.features import fetch_shapes
from bayesmodel.sources.fetch_table import FetchedTable, Sources, Wanted, fetch_table
from bayesmodel.sources.known_tables import DeterminantSource, in_runs
from bayesmodel.sources.table_metadata import Column

WIJK = r"WK\d{6}"
ALIKE = 0.95
"""Smallest share of wijken in common between two tables of the same boundaries."""
NOT_DELIVERED = "x"
"""Symbol for a wijk without a row in the table of counts."""
SIZES = ("OppervlakteTotaal",)
"""Name of the column of KWB with the hectares of an area: which of them can be followed over years is seen by it."""
REGIONS = ("jeugdzorgregio", "jeugdregio")
"""Prefixes of the column groups with the youth-care region of a gemeente, which differ between years."""


@dataclass(frozen=True)
class StudyTable:
    """The table of a study, and how it was made.

    Parameters
    ----------
    frame : DataFrame of str
        A row for each wijk, and one for each gemeente, whose count is its total: ``wijk_code, wijk_naam, gemeente_code,
        gemeente_naam``, ``jeugdzorgregio_code, jeugdzorgregio_naam`` if known, the count under the name of the purpose,
        the population, and the determinants.
    tables : tuple of FetchedTable
        The tables it was made from.
    determinants : tuple of DeterminantSource
        The determinants it includes.
    notes : tuple of str
        What is missing, and why.
    tells_hidden : bool
        Whether an empty count is distinguished from a dot.
    shapes : FetchedTable or None
        Polygons of the wijken, where they are served.
    not_delivered : tuple of str
        Gemeenten that delivered nothing, as their own row tells.
    """

    frame: pd.DataFrame
    tables: tuple[FetchedTable, ...]
    determinants: tuple[DeterminantSource, ...]
    notes: tuple[str, ...]
    tells_hidden: bool
    shapes: FetchedTable | None = None
    not_delivered: tuple[str, ...] = ()


def study_table(purpose: str, year: int, sources: Sources) -> StudyTable:
    """Fetch and join what a study of a purpose needs.

    The count comes from the table of the purpose, or from KWB in years without one; people and determinants from KWB of
    the same year; youth-care regions from the table of areas of the same year. Nothing is joined across years.

    Parameters
    ----------
    purpose : str
        One for which the registry has a study.
    year : int
        One for which a table of KWB is known.
    sources : Sources
        Where tables come from.

    Returns
    -------
    StudyTable

    Raises
    ------
    UnknownTableError
        A required table is not known.
    ChangedTableError
        The tables have different boundaries, or lack required columns.
    """
    study = sources.registry.studies[purpose]
    own = _own_counts(purpose, year, sources)
    kwb = _by_area(fetch_table("kwb", year, sources, _of_kwb(purpose, year, sources, count=own is None)))
    frame = _areas(kwb)
    regions, notes = _regions(year, sources, frame)
    if own is None:
        message = _("There is no table of {purpose} of its own in {year}: counts are those of KWB, {table}.")
        notes.append(message.format(purpose=purpose, year=year, table=kwb.snapshot.provenance.table))
        counts = kwb.column(study.count_in_kwb)
    else:
        _refuse_other_boundaries(own, kwb)
        counts = own.column(sources.registry.purpose(purpose).columns["count"])
    people = {purpose: counts, study.population_name: _sum(kwb, study.population)}
    values = {source: _determinant(kwb, source) for source in sources.registry.determinants_of(purpose, year)}
    missing = _("Without {name}: KWB has no {column} in {year}.")
    notes += [
        missing.format(name=source.name, column=source.column, year=year)
        for source, found in values.items()
        if found is None
    ]
    columns = people | {source.name: found for source, found in values.items()}
    parts = {name: found.reindex(frame.index) for name, found in columns.items() if found is not None}
    frame = pd.concat([frame, *([regions[1]] if regions else []), pd.DataFrame(parts)], axis=1)
    gemeenten = frame.index.str.startswith("GM")
    absent = undelivered(frame.loc[gemeenten, purpose], frame.loc[gemeenten, study.population_name])
    frame[purpose] = frame[purpose].fillna(NOT_DELIVERED)
    if len(absent):
        silent = _("Delivered nothing, as their own rows have no count, and predicted: {gemeenten}.")
        notes.append(silent.format(gemeenten=listed([f"{code} {frame['wijk_naam'][code]}" for code in absent])))
    shapes, said = _shapes(year, sources, frame)
    notes += said
    return StudyTable(
        frame=frame.reset_index(drop=True),
        tables=tuple(filter(None, [own, kwb, regions[0] if regions else None, shapes])),
        shapes=shapes,
        determinants=tuple(source for source, found in values.items() if found is not None),
        notes=tuple(notes),
        tells_hidden=(own or kwb).snapshot.provenance.tells_hidden,
        not_delivered=tuple(absent),
    )


def _areas(kwb: FetchedTable) -> pd.DataFrame:
    """Return codes and names of the wijken and gemeenten of KWB, wijken first, with the gemeente of each."""
    codes = kwb.by_area.index.to_series()
    rows = pd.Index([*codes[codes.str.match(WIJK)], *codes[codes.str.match(r"GM\d{4}")]])
    gemeente = pd.Series("GM" + rows.str[2:6], index=rows)
    return pd.DataFrame(
        {
            "wijk_code": rows,
            "wijk_naam": rows.map(kwb.names),
            "gemeente_code": gemeente,
            "gemeente_naam": gemeente.map(kwb.names).fillna(gemeente),
        },
        index=rows,
    )


def _own_counts(purpose: str, year: int, sources: Sources) -> FetchedTable | None:
    """Fetch the table of the purpose itself; None if the count comes from KWB."""
    known = sources.registry.identifier(purpose, year) is not None
    if known and "count" in sources.registry.purpose(purpose).columns:
        return _by_area(fetch_table(purpose, year, sources))
    return None


def _of_kwb(purpose: str, year: int, sources: Sources, *, count: bool) -> Wanted:
    """Return the columns of KWB that a study requires, and those it uses if available."""
    study = sources.registry.studies[purpose]
    needed = [(name,) for name in study.population] + ([study.count_in_kwb] if count else [])
    others = [(name, "") for name in SIZES]
    others += [
        (name, source.group if name == source.column else "")
        for source in sources.registry.determinants_of(purpose, year)
        for name in (source.column, source.share_of)
        if name is not None
    ]
    return Wanted(tuple(needed), tuple(dict.fromkeys(others)))


def _by_area(table: FetchedTable) -> FetchedTable:
    """Return a table; raise if it has more than one row per area."""
    if table.by_area.index.name != table.region:
        about = table.snapshot.provenance
        message = _(
            "Table {table} ({title}) has several rows for an area, and none is chosen: {dimensions}. Say which code of "
            "each under select in a file of sources (--sources)."
        )
        dimensions = listed([name for name in table.metadata.dimensions if name != table.region])
        raise ChangedTableError(message.format(table=about.table, title=about.title, dimensions=dimensions))
    return table


def _sum(table: FetchedTable, names: Sequence[str]) -> pd.Series:
    """Return the sum of numeric columns as text; empty where one of them is not a number."""
    parts = [column for name in names if (column := table.column((name,))) is not None]
    total = sum((pd.to_numeric(part, errors="coerce") for part in parts), start=pd.Series(0.0, index=parts[0].index))
    return total.map(lambda value: "" if pd.isna(value) else f"{value:.0f}")


def _determinant(table: FetchedTable, source: DeterminantSource) -> pd.Series | None:
    """Return a determinant as text: the column as published, or a percentage of another; None if it does not exist."""
    column = table.column((source.column,), source.group)
    if column is None or source.share_of is None:
        return column
    whole = table.column((source.share_of,))
    if whole is None:
        return None
    people = pd.to_numeric(whole, errors="coerce")
    share = 100 * pd.to_numeric(column, errors="coerce") / people.where(people > 0)
    return share.map(lambda value: "" if pd.isna(value) else f"{min(value, 100.0):.2f}")


def _refuse_other_boundaries(counts: FetchedTable, kwb: FetchedTable) -> None:
    """Raise if two tables have different wijken: a code means another area in another year."""
    counted, known = ({code for code in table.by_area.index if re.match(WIJK, code)} for table in (counts, kwb))
    alike = len(counted & known) / max(len(counted), len(known), 1)
    if alike < ALIKE:
        message = _(
            "The wijken of {one} and {other} are not the same: {share} of their codes agree, {least} at least are "
            "expected of one year. A code of a wijk means another area in another year; they are not joined. Not in "
            "both: {codes}."
        )
        shares = {"share": number(alike, ".0%"), "least": number(ALIKE, ".0%")}
        names = {"one": counts.snapshot.provenance.table, "other": kwb.snapshot.provenance.table}
        raise ChangedTableError(message.format(**names, **shares, codes=listed(sorted(counted ^ known))))


def _regions(
    year: int, sources: Sources, frame: pd.DataFrame
) -> tuple[tuple[FetchedTable, pd.DataFrame] | None, list[str]]:
    """Return the table of areas and the youth-care region of each row; or the reason why there are none."""
    if sources.registry.identifier("gebieden", year) is None:
        known = in_runs(sources.registry.known_years("gebieden"))
        message = _("Without youth-care regions: no table of areas is known for {year} (known: {years}).")
        return None, [message.format(year=year, years=known)]
    try:
        table = _by_area(fetch_table("gebieden", year, sources))
    except (UnknownTableError, ChangedTableError) as error:  # a study can do without regions
        return None, [_("Without youth-care regions: {why}").format(why=error)]
    identifier = table.snapshot.provenance.table
    code, name = (_region_column(table.metadata.topics, title) for title in ("code", "naam"))
    if code is None or name is None:
        message = _("Without youth-care regions: {table} has no columns of them.")
        return None, [message.format(table=identifier)]
    regions_of = pd.DataFrame(
        {
            "jeugdzorgregio_code": frame["gemeente_code"].map(table.by_area[code.name]),
            "jeugdzorgregio_naam": frame["gemeente_code"].map(table.by_area[name.name]),
        }
    )
    unplaced = frame["gemeente_code"][~regions_of["jeugdzorgregio_code"].fillna("").astype(bool)]
    if len(unplaced):
        message = _("Without youth-care regions: {table} has none of {gemeenten}, it is of other boundaries.")
        return None, [message.format(table=identifier, gemeenten=listed(sorted(set(unplaced))))]
    return (table, regions_of), []


def _shapes(year: int, sources: Sources, frame: pd.DataFrame) -> tuple[FetchedTable | None, list[str]]:
    """Return the polygons of the wijken, where they are served and are theirs; else why there are none."""
    source = sources.registry.shapes_of(year)
    if source is None:
        known = in_runs(sources.registry.shape_years("grenzen"))
        absent = _("Without polygons: no address of those of {year} is known (known: {years}).")
        return None, [absent.format(year=year, years=known)]
    try:
        found = fetch_shapes(source, year, sources)
    except (UnknownTableError, ChangedTableError, UnreachableError, ProtocolError) as error:  # a study does without
        return None, [_("Without polygons: {why}").format(why=error)]
    wijken = {str(code) for code in frame["wijk_code"] if re.fullmatch(WIJK, str(code))}
    lacking = sorted(wijken - set(found.snapshot.frame["wijk_code"]))
    if len(lacking) > (1 - ALIKE) * len(wijken):
        other = _("Without polygons: {layer} lacks {number} of the wijken, such as {codes}; it is of other boundaries.")
        layer = found.snapshot.provenance.table
        return None, [other.format(layer=layer, number=number(len(lacking)), codes=listed(lacking))]
    few = _("Without a polygon, {number}: {codes}.")
    return found, [few.format(number=number(len(lacking)), codes=listed(lacking))] if lacking else []


def _region_column(columns: Sequence[Column], title: str) -> Column | None:
    """Return the column of codes or names of youth-care regions."""
    candidates = [column for column in columns if column.group.lower().startswith(REGIONS)]
    return next((column for column in candidates if column.title.lower().startswith(title)), None)
