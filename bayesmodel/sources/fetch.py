"""Fetch what a purpose and a year ask for: a folder with tables, where they came from, and a study that runs."""

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
    """What was fetched.

    Parameters
    ----------
    purpose : str
        What it is for.
    year : int
        Year of the figures and the areas.
    folder : Path
        Where the tables are.
    tables : tuple of FetchedTable
        The tables, with their snapshots.
    study : Path or None
        A study that runs as it is; None where the tables known for this year do not make one.
    table : Path
        The table for a study, by area.
    notes : tuple of str
        What is not in it, and why.
    """

    purpose: str
    year: int
    folder: Path
    tables: tuple[FetchedTable, ...]
    study: Path | None
    table: Path
    notes: tuple[str, ...]

    def sentences(self) -> list[str]:
        """Say what was fetched, what was revised, and what is not there."""
        return [*(text for table in self.tables for text in table.sentences()), *self.notes]


@explaining
def fetch(purpose: str, year: int, out: Path, sources: Sources | None = None, *, force: bool = False) -> Fetched:
    """Fetch the tables of a purpose and a year, and write them for a study.

    Parameters
    ----------
    purpose : str
        Such as ``jeugdhulp``; `read_registry` has all of them.
    year : int
        Year of the figures; the boundaries are those of the same year.
    out : Path
        Folder for ``wijken.csv``, ``study.toml`` and, where they are served, the polygons ``wijken.geojson``; or for
        one file where no whole study can be made; and for ``provenance.json``. Written whole or not at all.
    sources : Sources, optional
        Where tables come from; CBS, and snapshots of the user, when left out.
    force : bool
        Whether an older folder of the same kind is replaced.

    Returns
    -------
    Fetched

    Raises
    ------
    UnknownNameError, UnknownTableError
        There is no such purpose, or no table of that year is known.
    SourceError
        The publisher does not give what was asked for.
    OutputError
        The folder exists and `force` is off, or the disk refuses.

    Examples
    --------
    >>> from pathlib import Path
    >>> from bayesmodel.errors import UnknownTableError
    >>> try:
    ...     fetch("jeugdhulp", 2022, Path("jeugdhulp-2022"))
    ... except UnknownTableError as error:
    ...     print(str(error).split(".")[1])
     Known years: 2015-2017, 2021, 2025
    """
    sources = Sources() if sources is None else sources
    registry = sources.registry
    registry.purpose(purpose)
    if year in registry.study_years(purpose):
        refuse_existing(out, force=force)
        made = study_table(purpose, year, sources)
        contents = {WIJKEN: _csv(made.frame), STUDY: study_text(purpose, year, made, registry)}
        if made.shapes is not None:
            contents[POLYGONS] = geojson_of(made.shapes)
        _write(out, contents, made.tables, made.notes, force=force)
        return Fetched(purpose, year, out, made.tables, out / STUDY, out / WIJKEN, made.notes)
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
    """Say why no whole study is made."""
    if purpose not in registry.studies:
        return ()
    absent = _(
        "No study is written: it needs counts, and key figures (kwb) of {year}, and no table is known that has them. "
        "Give one with --table kwb=IDENTIFIER."
    )
    return (absent.format(year=year),)


def _write(
    out: Path, contents: dict[str, str], tables: tuple[FetchedTable, ...], notes: tuple[str, ...], *, force: bool
) -> None:
    """Write a folder whole or not at all."""
    provenance = {
        "tables": [{**asdict(each.snapshot.provenance), "purpose": each.purpose} for each in tables],
        "notes": notes,
    }
    with atomic_folder(out, force=force) as draft:
        for name, text in contents.items():
            (draft / name).write_text(text, "utf-8", newline="\n")
        (draft / MARK).write_text(json.dumps(provenance, indent=1, ensure_ascii=False), "utf-8")


def _csv(frame: Any) -> str:
    """Write a table as csv."""
    return str(frame.to_csv(index=False, lineterminator="\n"))
