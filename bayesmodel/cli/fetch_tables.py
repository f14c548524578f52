"""`bayesmodel fetch SUBJECT --year YEAR`: tables from a publisher, with snapshots, and a study ready to run."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bayesmodel.cli.options import Force

if TYPE_CHECKING:
    from bayesmodel.sources import Fetched, FetchedYears, Registry


def fetch(
    purpose: Annotated[
        str | None, typer.Argument(metavar="SUBJECT", help="What to fetch, such as jeugdhulp; --list has all of them.")
    ] = None,
    year: Annotated[
        str | None, typer.Option(help="Year of the figures and of the boundaries; several as 2021:2024, side by side.")
    ] = None,
    known: Annotated[
        bool, typer.Option("--list", help="List the subjects and the years of which a table is known, and stop.")
    ] = False,
    out: Annotated[Path | None, typer.Option(help="Folder for tables and study; SUBJECT-YEAR when left out.")] = None,
    refresh: Annotated[
        bool, typer.Option("--refresh", help="Ask the publisher again, and say what was revised since the snapshot.")
    ] = False,
    table: Annotated[
        list[str] | None,
        typer.Option(help="Identifier of the table of this year, or SUBJECT=IDENTIFIER; may be given again."),
    ] = None,
    sources: Annotated[
        Path | None, typer.Option(help="File with tables of your own, in the form of the built-in one (TOML).")
    ] = None,
    snapshots: Annotated[
        Path | None, typer.Option(envvar="BAYESMODEL_SNAPSHOTS", help="Folder of snapshots, instead of your own.")
    ] = None,
    url: Annotated[
        str | None, typer.Option(envvar="BAYESMODEL_CBS_URL", help="Address of a mirror, instead of that of CBS.")
    ] = None,
    force: Force = False,
) -> None:
    """Fetch tables of CBS and make a study of them that runs as it is, where the tables of that year allow it.

    What was fetched is kept as a snapshot: the same command gives the same tables again, without a network. With
    --refresh CBS is asked again, and every cell that it revised is reported.

    Of several years it makes a study each, on its own boundaries, and followed.csv: which wijken can be followed from
    one to the next, and why.

    A download that was stopped goes on where it was. Of some years no identifier is known: give it with --table.
    """
    from bayesmodel.cli.console import reporter
    from bayesmodel.errors import ArgumentError
    from bayesmodel.messages import _
    from bayesmodel.sources import Service, Sources, fetch_years, read_registry
    from bayesmodel.sources import fetch as fetched_from
    from bayesmodel.sources.fetch_table import snapshots_folder
    from bayesmodel.sources.fetch_years import years_asked
    from bayesmodel.sources.known_tables import in_runs

    registry = read_registry(sources)
    if known or purpose is None or year is None:
        shown = [purpose] if purpose is not None and not known else list(registry.purposes)
        reporter().answer("\n".join(_listing(registry, shown)), _listed_data(registry, shown))
        return
    years = years_asked(year)
    if len(years) > 1 and table:
        raise ArgumentError(_("--table is of one year: give those of several in a file of sources (--sources)."))
    for argument in table or ():
        kind, separator, identifier = argument.rpartition("=")
        registry = registry.with_table(kind if separator else purpose, years[0], identifier)
    say = reporter().say
    folder = out or Path("-".join([purpose, *map(str, sorted({years[0], years[-1]}))]))
    with (
        reporter().stage(_("fetch {subject} of {year}").format(subject=purpose, year=in_runs(years))),
        reporter().counting() as bar,
    ):
        sources_used = Sources(
            registry=registry,
            snapshots=snapshots or snapshots_folder(),
            url=url,
            refresh=refresh,
            make_service=lambda: Service(notify=lambda text: say(text, 6)),
            report=lambda done, total: bar(done, total or done),
            notify=lambda text: say(text, 6),
        )
        if len(years) > 1:
            several = fetch_years(purpose, years, folder, sources_used, force=force)
            answer: tuple[list[str], dict[str, Any]] = _sentences_of_years(several), _data_of_years(several)
        else:
            fetched = fetched_from(purpose, years[0], folder, sources_used, force=force)
            answer = _sentences(fetched), _data(fetched)
    reporter().answer("\n".join(answer[0]), answer[1])


def _sentences(fetched: Fetched) -> list[str]:
    """Return sentences on what was fetched, what is missing, and what to do next."""
    from bayesmodel.messages import _

    lines = [_("Tables in {folder}").format(folder=fetched.folder), ""]
    lines += [f"  {text}" for text in fetched.sentences()]
    if fetched.table.suffix == ".geojson":
        return [*lines, "", _("Then: bayesmodel check-boundaries {file}").format(file=fetched.table)]
    if fetched.study is None:
        then = _("Then: bayesmodel study init {file} --year {year}")
        return [*lines, "", then.format(file=fetched.table, year=fetched.year)]
    then = _("Then: bayesmodel check-data {file}, and bayesmodel run {file}")
    return [*lines, "", then.format(file=fetched.study)]


def _sentences_of_years(fetched: FetchedYears) -> list[str]:
    """Say what was fetched of several years, and which wijken can be followed."""
    from bayesmodel.messages import _

    lines = [_("A study of each year in {folder}").format(folder=fetched.folder), ""]
    lines += [f"  {text}" for text in fetched.sentences()]
    then = _("Which wijken can be followed, and why: {file}. Then for each year: bayesmodel run {study}")
    return [*lines, "", then.format(file=fetched.table, study=fetched.years[0].study)]


def _data_of_years(fetched: FetchedYears) -> dict[str, Any]:
    """Return what was fetched of several years for a machine."""
    return {
        "folder": fetched.folder,
        "followed": fetched.table,
        "years": {str(each.year): _data(each) for each in fetched.years},
        "steps": [
            {
                "from": each.from_vintage,
                "to": each.to_vintage,
                "followed": int(each.table["followed"].sum()),
                "reused": each.reused,
                "by_kind": {str(kind): int(size) for kind, size in each.table["follow"].value_counts().items()},
            }
            for each in fetched.followed
        ],
    }


def _data(fetched: Fetched) -> dict[str, Any]:
    """Return what was fetched as data."""
    return {
        "folder": fetched.folder,
        "study": fetched.study,
        "table": fetched.table,
        "notes": fetched.notes,
        "tables": [
            {
                "purpose": table.purpose,
                "table": table.snapshot.provenance.table,
                "title": table.snapshot.provenance.title,
                "fetched": table.snapshot.provenance.fetched,
                "protocol": table.snapshot.provenance.protocol,
                "rows": table.snapshot.provenance.rows,
                "provisional": table.snapshot.provenance.provisional,
                "snapshot": table.snapshot.folder,
                "revised_cells": None if table.revision is None else table.revision.cells.to_dict(orient="records"),
            }
            for table in fetched.tables
        ],
    }


def _listing(registry: Registry, purposes: Sequence[str]) -> list[str]:
    """Return, per subject, the years that can be fetched, that make a complete study, and that have no known table."""
    from bayesmodel.messages import _, language
    from bayesmodel.sources.known_tables import in_runs

    lines: list[str] = []
    for name in purposes:
        kind = registry.purpose(name)
        rows = {
            _("a study that runs"): registry.study_years(name),
            _("its own table"): registry.known_years(name),
            _("its polygons"): registry.shape_years(name),
            _("no table known"): registry.unknown_years(name),
        }
        width = max(map(len, rows))
        lines += [f"{name}: {kind.label[language()]} ({kind.publisher})"]
        lines += [
            f"  {what:{width}}  {in_runs(years, registry.provisional_years(name))}"
            for what, years in rows.items()
            if years
        ]
    provisional = _("* provisional: CBS may revise it.")
    example = _("Then: bayesmodel fetch jeugdhulp --year 2017")
    own = _("A year without a table: bayesmodel fetch SUBJECT --year YEAR --table IDENTIFIER (as CBS shows it).")
    return [*lines, "", provisional, example, own]


def _listed_data(registry: Registry, purposes: Sequence[str]) -> dict[str, Any]:
    """Return the subjects and their years as data."""
    return {
        name: {
            "tables": {str(year): table for year, table in registry.identifiers(name).items()},
            "study_years": registry.study_years(name),
            "polygon_years": registry.shape_years(name),
            "unknown_years": registry.unknown_years(name),
        }
        for name in purposes
        if registry.purpose(name)
    }
