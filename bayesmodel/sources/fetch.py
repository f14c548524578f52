"""Fetch the tables of a purpose and a year: a folder with tables, their provenance, and a study ready to run."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from bayesmodel.arguments import explaining
from bayesmodel.files import MARK, atomic_folder, refuse_existing
from bayesmodel.messages import _
from bayesmodel.sources.features import fetch_shapes, geojson_of
from bayesmodel.sources.fetch_table import FetchedTable, Sources, fetch_table
from bayesmodel.sources.known_tables import Registry
from bayesmodel.sources.study_file import POLYGONS, WIJKEN, study_text
from bayesmodel.sources.study_table import study_table

STUDY = "study.toml"


@dataclass(frozen=True)
class Fetched:
    """The result of a fetch.

    Parameters
    ----------
    purpose : str
        The purpose of the tables.
    year : int
        Year of the figures and the areas.
    folder : Path
        Where the tables are.
    tables : tuple of FetchedTable
        The tables, with their snapshots.
    study : Path or None
        A study that is ready to run; None if the tables known for this year do not suffice for one.
    table : Path
        The table for a study, by area.
    notes : tuple of str
        What is missing, and why.
    """

    purpose: str
    year: int
    folder: Path
    tables: tuple[FetchedTable, ...]
    study: Path | None
    table: Path
    notes: tuple[str, ...]

    def sentences(self) -> list[str]:
        """Return sentences on what was fetched, what was revised, and what is missing."""
        return [*(text for table in self.tables for text in table.sentences()), *self.notes]


@explaining
def fetch(purpose: str, year: int, out: Path, sources: Sources | None = None, *, force: bool = False) -> Fetched:
    """Fetch the tables of a purpose and a year, and write them for a study.

    Parameters
    ----------
    purpose : str
        Such as ``jeugdhulp``; `read_registry` lists all of them.
    year : int
        Year of the figures; the boundaries are those of the same year.
    out : Path
        Folder for ``wijken.csv``, ``study.toml`` and, where they are served, the polygons ``wijken.geojson``; or for
        a single file if no complete study can be made; and for ``provenance.json``. Written atomically.
    sources : Sources, optional
        Where tables come from; defaults to CBS and the user's snapshots.
    force : bool
        Whether to replace an older folder of the same kind.

    Returns
    -------
    Fetched

    Raises
    ------
    UnknownNameError, UnknownTableError
        There is no such purpose, or no table of that year is known.
    SourceError
        The publisher does not supply what was requested.
    OutputError
        The folder exists and `force` is off, or it cannot be written.

    Examples
    --------
    >>> from pathlib import Path
    >>> from bayesmodel.errors import UnknownTableError
    >>> try:
    ...     fetch("jeugdhulp", 2022, Path("jeugdhulp-2022"))
    ... except UnknownTableError as error:
    ...     print(str(error).split(" (")[0])
    No table is known for jeugdhulp in 2022
    """
    sources = Sources() if sources is None else sources
    registry = sources.registry
    registry.purpose(purpose)
    if year in registry.study_years(purpose):
        refuse_existing(out, force=force)
        joined = study_table(purpose, year, sources)
        contents = {WIJKEN: _csv(joined.frame), STUDY: study_text(purpose, year, joined, registry)}
        if joined.shapes is not None:
            contents[POLYGONS] = geojson_of(joined.shapes)
        _write(out, contents, joined.tables, joined.notes, force=force)
        return Fetched(purpose, year, out, joined.tables, out / STUDY, out / WIJKEN, joined.notes)
    source = registry.shapes_of(year, purpose)
    if source is not None:
        refuse_existing(out, force=force)
        shapes = fetch_shapes(source, year, sources)
        _write(out, {POLYGONS: geojson_of(shapes)}, (shapes,), (), force=force)
        return Fetched(purpose, year, out, (shapes,), None, out / POLYGONS, ())
    registry.need(purpose, year)
    refuse_existing(out, force=force)
    table, file = fetch_table(purpose, year, sources), f"{purpose}.csv"
    notes = _no_study(purpose, year, registry)
    _write(out, {file: _csv(table.tidy())}, (table,), notes, force=force)
    return Fetched(purpose, year, out, (table,), None, out / file, notes)


def _no_study(purpose: str, year: int, registry: Registry) -> tuple[str, ...]:
    """Return why no complete study is made."""
    if purpose not in registry.studies:
        return ()
    message = _(
        "No study is written: it needs counts, and key figures (kwb) of {year}, and no table is known that has them. "
        "Give one with --table kwb=IDENTIFIER."
    )
    return (message.format(year=year),)


def _write(
    out: Path, contents: dict[str, str], tables: tuple[FetchedTable, ...], notes: tuple[str, ...], *, force: bool
) -> None:
    """Write a folder atomically."""
    provenance = {
        "tables": [{**asdict(table.snapshot.provenance), "purpose": table.purpose} for table in tables],
        "notes": notes,
    }
    with atomic_folder(out, force=force) as draft:
        for name, text in contents.items():
            (draft / name).write_text(text, "utf-8", newline="\n")
        (draft / MARK).write_text(json.dumps(provenance, indent=1, ensure_ascii=False), "utf-8")


def _csv(frame: Any) -> str:
    """Return a table as csv."""
    return str(frame.to_csv(index=False, lineterminator="\n"))
