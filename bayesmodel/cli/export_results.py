"""`bayesmodel export`: a saved fit in files for other programs, without fitting again."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bayesmodel.cli.options import AcceptUnconverged, CodeColumn, FitOrFolder, Force, Out, Polygons
from bayesmodel.messages import Language


def export(
    fit: FitOrFolder,
    out: Out = Path("export"),
    formats: Annotated[
        list[str] | None,
        typer.Option(
            "--format",
            help="xlsx, csv, excel-csv, parquet, geopackage or long; several with commas. All but long when left out.",
        ),
    ] = None,
    polygons: Polygons = None,
    code: CodeColumn = None,
    report_language: Annotated[
        Language | None, typer.Option(help="Language of the tables; that of the study when left out.")
    ] = None,
    force: Force = False,
    accept_unconverged: AcceptUnconverged = False,
) -> None:
    """Write the tables of a saved fit: for Excel, code, QGIS and dashboards, each figure with what it is.

    A GeoPackage holds a layer per table in RD New, with styles for QGIS; it needs the polygons of the areas. The long
    table has a row for each area, quantity and statistic, as programs for dashboards take it. Beside the files stand
    datapackage.json, which describes every field, and ro-crate-metadata.json, which says how they were made.
    """
    from bayesmodel.cli.console import reporter
    from bayesmodel.cli.fit_output import opened
    from bayesmodel.cli.stages import answer_files, say_what_is_left_out
    from bayesmodel.files import refuse_existing
    from bayesmodel.inference.fit import refuse_unconverged
    from bayesmodel.messages import _
    from bayesmodel.tables.results_folder import write_tables

    refuse_existing(out, force=force)
    chosen = tuple(each.strip() for given in formats or () for each in given.split(",") if each.strip())
    loaded = opened(fit)
    refuse_unconverged(loaded, accept=accept_unconverged)
    with reporter().stage(_("estimate and write")):
        written = write_tables(
            loaded,
            out,
            chosen or None,
            report_language,
            polygons=polygons,
            code=code,
            force=force,
            accept_unconverged=accept_unconverged,
        )
    if not chosen:
        say_what_is_left_out()
    answer_files(loaded, out, written)
