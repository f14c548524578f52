"""Fetch one table: from the newest snapshot, or from its publisher with the revisions since the last snapshot."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from functools import cached_property
from hashlib import sha256
from pathlib import Path

import pandas as pd
from platformdirs import user_data_path

from bayesmodel.errors import ChangedTableError, listed
from bayesmodel.messages import _, number
from bayesmodel.sources.cbs import open_table
from bayesmodel.sources.download import Report, download
from bayesmodel.sources.known_tables import Choice, Purpose, Registry, read_registry
from bayesmodel.sources.revision import Revision, revision_of
from bayesmodel.sources.selection import Selection
from bayesmodel.sources.service import Service
from bayesmodel.sources.snapshot import Snapshot, latest_snapshot
from bayesmodel.sources.table_metadata import Column, TableMetadata, provisional_in_words

PERIOD = re.compile(r"\d{4}(JJ|HJ|KW|MM)\d\d")
"""Codes of years, halves, quarters and months."""


def snapshots_folder() -> Path:
    """Return the default folder of snapshots: a data folder of the user, not a cache."""
    return user_data_path("bayesmodel", appauthor=False) / "snapshots"


@dataclass(frozen=True)
class Sources:
    """Where tables come from and where they are kept.

    Parameters
    ----------
    registry : Registry
        The known tables.
    snapshots : Path
        Folder of snapshots.
    url : str, optional
        Address of a mirror of CBS, such as an internal server of an organisation without internet access.
    refresh : bool
        Whether to download again if there is a snapshot.
    make_service : callable
        Returns the client; called only if a request is needed.
    report, notify : callable
        Called with the progress of a download; called with messages.
    """

    registry: Registry = field(default_factory=read_registry)
    snapshots: Path = field(default_factory=snapshots_folder)
    url: str | None = None
    refresh: bool = False
    make_service: Callable[[], Service] = Service
    report: Report = lambda done, total: None
    notify: Callable[[str], None] = lambda text: None


@dataclass(frozen=True)
class Wanted:
    """The columns wanted from a table, by the names they had over the years; all columns if none is named.

    Parameters
    ----------
    needed : tuple of tuple of str
        Alternative names of each required column.
    others : tuple of (str, str)
        Name and group of optional columns.
    """

    needed: tuple[tuple[str, ...], ...] = ()
    others: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class FetchedTable:
    """A table with its snapshot.

    Parameters
    ----------
    purpose : str
        The purpose of the table.
    year : int
        Year of its figures and its areas.
    snapshot : Snapshot
        The table as published.
    revision : Revision or None
        What was revised since the last snapshot; None if there was none.
    region : str
        Name of the dimension of areas; empty if it has none.
    """

    purpose: str
    year: int
    snapshot: Snapshot
    revision: Revision | None
    region: str

    @cached_property
    def metadata(self) -> TableMetadata:
        """The publisher's description of the table."""
        return self.snapshot.metadata

    @cached_property
    def by_area(self) -> pd.DataFrame:
        """Its rows as text, indexed by area code if it has one row per area."""
        frame = self.snapshot.frame
        return frame.set_index(self.region) if self.region and frame[self.region].is_unique else frame

    @property
    def names(self) -> dict[str, str]:
        """Name of each area, by its code."""
        return self.metadata.titles(self.region)

    def column(self, names: tuple[str, ...], group: str = "") -> pd.Series | None:
        """Return a column as text by area, by the first of its names that exists; None if none does."""
        columns_found: list[Column] = [
            column for name in names if (column := self.metadata.find(name, group)) is not None
        ]
        here = [column.name for column in columns_found if column.name in self.by_area]
        return self.by_area[here[0]] if here else None

    def tidy(self) -> pd.DataFrame:
        """Return the rows with names of areas and the gemeente of each wijk, ready for `bayesmodel study init`."""
        frame, names = self.snapshot.frame, self.names
        if not self.region:
            return frame
        codes = frame[self.region]
        gemeente = ("GM" + codes.str[2:6]).where(codes.str.match(r"(WK|BU|GM)\d{4}"), "")
        first = pd.DataFrame(
            {
                "code": codes,
                "naam": codes.map(names).fillna(""),
                "gemeente_code": gemeente,
                "gemeente_naam": gemeente.map(names).fillna(""),
            }
        )
        return pd.concat([first, frame.drop(columns=self.region)], axis=1)

    def sentences(self) -> list[str]:
        """Return sentences on the table, what is provisional, and what was revised."""
        provenance = self.snapshot.provenance
        line = _("{table} {title}: {rows} rows, {columns} columns, {protocol}, fetched on {day}.")
        size = {"rows": number(provenance.rows), "columns": number(provenance.columns)}
        lines = [
            line.format(
                table=provenance.table, title=provenance.title, protocol=provenance.protocol, day=provenance.day, **size
            )
        ]
        lines += [text] if (text := provisional_in_words(provenance.provisional)) else []
        return lines + (self.revision.sentences() if self.revision is not None else [])


def fetch_table(purpose: str, year: int, sources: Sources, wanted: Wanted = Wanted()) -> FetchedTable:
    """Fetch the table of a purpose and year.

    Parameters
    ----------
    purpose : str
        Such as ``kwb``.
    year : int
        Year of the figures.
    sources : Sources
        Where tables come from and where they are kept.
    wanted : Wanted
        The columns.

    Returns
    -------
    FetchedTable
        From the newest snapshot of the same columns and areas, unless `sources.refresh` asks the publisher again.

    Raises
    ------
    UnknownNameError, UnknownTableError
        There is no such purpose, or no table of that year is known or there.
    ChangedTableError
        The table lacks what it is read by, or is not of the whole country.
    UnreachableError, ProtocolError, SnapshotError, OutputError
        As of `download` and `read_snapshot`.
    """
    kind, table = sources.registry.purpose(purpose), sources.registry.need(purpose, year)
    folder = sources.snapshots / table / _wish(kind, year, wanted)
    before = latest_snapshot(folder)
    if before is not None and not sources.refresh:
        sources.notify(_("{table}: the snapshot of {day} is used").format(table=table, day=before.provenance.day))
        return _checked(FetchedTable(purpose, year, before, None, _region(kind, before.metadata)), kind)
    remote = open_table(table, sources.make_service(), sources.registry.protocol(purpose, year), sources.url)
    selection = select(remote.metadata, kind, year, wanted)
    after = download(remote, selection, folder, sources.report, sources.notify)
    revision = None
    if before is not None and before.metadata.dimensions == after.metadata.dimensions:
        revision = revision_of(before, after)
    elif before is not None:
        other = _("{table}: other dimensions than on {day}, so cells are not compared")
        sources.notify(other.format(table=table, day=before.provenance.day))
    return _checked(FetchedTable(purpose, year, after, revision, _region(kind, after.metadata)), kind)


def select(metadata: TableMetadata, kind: Purpose, year: int, wanted: Wanted = Wanted()) -> Selection:
    """Return what to select of a table, by the names that its dimensions and columns have in this year.

    Raises
    ------
    ChangedTableError
        A dimension, a column or the year is not there.
    """
    needed = {" / ".join(names): names for names in (*wanted.needed, *kind.columns.values())}
    columns = [column.name for column in metadata.need(needed).values()]
    columns += [column.name for name, group in wanted.others if (column := metadata.find(name, group)) is not None]
    codes = dict(_choice(metadata, choice) for choice in kind.select)
    for name in metadata.dimensions:
        if name not in codes and (period := _period(metadata, name, year)):
            codes[name] = (period,)
    region = _region(kind, metadata)
    prefixes = {region: kind.prefixes} if region and kind.prefixes else {}
    everything = not (wanted.needed or wanted.others)
    return Selection(codes, prefixes, () if everything else tuple(dict.fromkeys(columns)))


def _wish(kind: Purpose, year: int, wanted: Wanted) -> str:
    """Return the folder name of a request, which can be computed without contacting the publisher."""
    wish = [year, kind.model_dump(include={"regions", "prefixes", "select", "columns"}), asdict(wanted)]
    return sha256(json.dumps(wish, sort_keys=True).encode()).hexdigest()[:8]


def _region(kind: Purpose, metadata: TableMetadata) -> str:
    """Return the dimension of areas; empty if the table is not by area."""
    columns_found = [name for name in kind.regions if name in metadata.dimensions]
    if kind.regions and not columns_found:
        message = _("Table {table} ({title}) has no dimension of areas: expected {names}, found {found}.")
        names = {"names": _(" or ").join(kind.regions), "found": listed(metadata.dimensions) or _("none")}
        raise ChangedTableError(message.format(table=metadata.table, title=metadata.title, **names))
    return columns_found[0] if columns_found else ""


def _choice(metadata: TableMetadata, choice: Choice) -> tuple[str, tuple[str, ...]]:
    """Return the dimension of a choice in this table, and its code."""
    columns_found = [name for name in choice.dimension if name in metadata.dimensions]
    return columns_found[0] if columns_found else choice.dimension[0], (choice.code,)


def _period(metadata: TableMetadata, dimension: str, year: int) -> str:
    """Return the code of a full year in a dimension of periods; empty for other dimensions."""
    codes = list(metadata.titles(dimension))
    if not codes or not all(PERIOD.fullmatch(code) for code in codes):
        return ""
    whole = f"{year}JJ00"
    if whole not in codes:
        other = _("Table {table} ({title}) is not about {year}: it has {periods}.")
        periods = listed(list(metadata.titles(dimension).values()))
        raise ChangedTableError(other.format(table=metadata.table, title=metadata.title, year=year, periods=periods))
    return whole


def _checked(fetched: FetchedTable, kind: Purpose) -> FetchedTable:
    """Raise if a table does not cover the whole country."""
    codes = fetched.snapshot.frame[fetched.region] if fetched.region else pd.Series(dtype=str)
    areas = codes[codes.str.startswith(kind.prefixes[-1])].nunique() if kind.prefixes and len(codes) else 0
    if areas < kind.least_areas:
        message = _(
            "Table {table} ({title}) has {areas} areas of code {prefix}, where at least {least} are expected: it is "
            "another table, or not whole. If it is right, set least_areas in a file of sources (--sources)."
        )
        provenance = fetched.snapshot.provenance
        numbers = {"areas": number(areas), "least": number(kind.least_areas), "prefix": kind.prefixes[-1]}
        raise ChangedTableError(message.format(table=provenance.table, title=provenance.title, **numbers))
    return fetched
