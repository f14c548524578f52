"""`bayesmodel tables FIT`: from a saved fit to tables for a report."""

from pathlib import Path
from typing import Annotated

import typer

from bayesmodel.cli.options import AcceptUnconverged, FitOrFolder, Force, Out
from bayesmodel.messages import Language


def tables(
    fit: FitOrFolder,
    out: Out = Path("tables"),
    formats: Annotated[
        list[str] | None,
        typer.Option("--format", help="xlsx, csv, excel-csv or parquet; give it again for more. All when left out."),
    ] = None,
    report_language: Annotated[
        Language | None, typer.Option(help="Language of the tables; that of the study when left out.")
    ] = None,
    force: Force = False,
    accept_unconverged: AcceptUnconverged = False,
) -> None:
    """Write the tables of a saved fit, without fitting again."""
    from bayesmodel.cli.reading import opened
    from bayesmodel.cli.stages import answer_files, say_what_is_left_out
    from bayesmodel.cli.voice import voice
    from bayesmodel.messages import _
    from bayesmodel.outputs.results import refuse_unconverged, write_tables
    from bayesmodel.outputs.whole import refuse_existing

    refuse_existing(out, force=force)
    loaded = opened(fit)
    refuse_unconverged(loaded, accept=accept_unconverged)
    with voice().stage(_("estimate and write")):
        written = write_tables(
            loaded,
            out,
            tuple(formats) if formats else None,
            report_language,
            force=force,
            accept_unconverged=accept_unconverged,
        )
    if not formats:
        say_what_is_left_out()
    answer_files(loaded, out, written)
