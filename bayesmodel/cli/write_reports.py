"""`bayesmodel map`: the map page of a fit, one file for readers without a program."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bayesmodel.cli.options import FitOrFolder, Force, Unconverged
from bayesmodel.messages import Language


def map_(
    fit: FitOrFolder,
    polygons: Annotated[
        Path | None,
        typer.Option(help="A GeoPackage, GeoJSON or shapefile with a polygon per area. The example has its own."),
    ] = None,
    code: Annotated[
        str | None, typer.Option(help="Column of the polygons with the codes; found by what is in it when left out.")
    ] = None,
    out: Annotated[Path, typer.Option(help="The page: a file ending in .html.")] = Path("map.html"),
    report_language: Annotated[
        Language | None,
        typer.Option(help="Language it opens in (it holds both); that of the study when left out."),
    ] = None,
    force: Force = False,
    accept_unconverged: Unconverged = False,
) -> None:
    """Write a page with maps of use, expected use, differences, uncertainty and verdicts, and the table behind them.

    One file that works without a network. A reader clicks an area, searches for it, or draws a line around several: a
    team area, a catchment. The page adds any set of areas up within each of its joint draws, so that the set has a
    use, an expectation, a difference with its interval, and a probability.
    """
    from bayesmodel.cli.console import reporter
    from bayesmodel.cli.fit_output import reading
    from bayesmodel.messages import _
    from bayesmodel.plots.map_sheet import polygons_for
    from bayesmodel.report.map_page import check_ending, map_page

    check_ending(out)
    with reading(fit, out, force=force, accept_unconverged=accept_unconverged) as loaded:
        shapes = polygons_for(loaded, polygons)
        with reporter().stage(_("write the map page")):
            made = map_page(loaded, shapes, code=code, language=report_language)
            made.write(out)
        size = out.stat().st_size
        said = _("Map page: {file} ({megabytes} MB). Open it in a browser; it needs no network.")
        text = said.format(file=out, megabytes=f"{size / 1e6:.1f}")
        reporter().answer(text, {"file": out, "language": made.language, "bytes": size})
