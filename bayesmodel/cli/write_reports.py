"""`bayesmodel map` and `report`: what a fit says, for readers who run no program."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bayesmodel.cli.options import CodeColumn, FitOrFolder, Force, Polygons, StyleFile, Unconverged
from bayesmodel.messages import Language


def map_(
    fit: FitOrFolder,
    polygons: Polygons = None,
    code: CodeColumn = None,
    out: Annotated[Path, typer.Option(help="The page: a file ending in .html.")] = Path("map.html"),
    report_language: Annotated[
        Language | None,
        typer.Option(help="Language it opens in (it holds both); that of the study when left out."),
    ] = None,
    style: StyleFile = None,
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
    from bayesmodel.files import refuse_other_than_html
    from bayesmodel.messages import _, number
    from bayesmodel.plots.map_sheet import polygons_for
    from bayesmodel.report.map_page import map_page
    from bayesmodel.theme import PLAIN, read_theme, themed

    refuse_other_than_html(out)
    with (
        reading(fit, out, force=force, accept_unconverged=accept_unconverged) as loaded,
        themed(PLAIN if style is None else read_theme(style)),
    ):
        shapes = polygons_for(loaded, polygons)
        with reporter().stage(_("write the map page")):
            made = map_page(loaded, shapes, code=code, language=report_language)
            made.write(out)
        size = out.stat().st_size
        said = _("Map page: {file} ({megabytes} MB). Open it in a browser; it needs no network.")
        text = said.format(file=out, megabytes=number(size / 1e6, ".1f"))
        reporter().answer(text, {"file": out, "language": made.language, "bytes": size})


def report(
    fit: FitOrFolder,
    groups: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="GROUP",
            help="Groups, for their report, or areas, for their sheet; by code or by name. All groups when left out.",
            show_default=False,
        ),
    ] = None,
    level: Annotated[str, typer.Option(help="Level that the groups are of.")] = "gemeente",
    sheets: Annotated[
        bool, typer.Option("--sheets", help="The sheet of every area in the groups, instead of their report.")
    ] = False,
    format_: Annotated[
        list[str] | None,
        typer.Option("--format", help="Kinds of file: html, docx, pdf; several with commas. [default: html]"),
    ] = None,
    polygons: Polygons = None,
    code: CodeColumn = None,
    explanations: Annotated[
        Path | None,
        typer.Option(help="Toml with what each gemeente says itself: [GM0034], explanation = ..., contact = ..."),
    ] = None,
    out: Annotated[Path, typer.Option(help="Folder for the reports.")] = Path("reports"),
    report_language: Annotated[
        Language | None, typer.Option(help="Language of the reports; that of the study when left out.")
    ] = None,
    style: StyleFile = None,
    force: Force = False,
    accept_unconverged: Unconverged = False,
) -> None:
    """Write the report of a gemeente, of several, or of all, or the sheet of a wijk: a web page, Word document or PDF.

    In brief, the map, a table of its wijken with intervals and verdicts, the gemeente beside its region, the country
    and gemeenten like it, what use is made of, highest and lowest wijken with the interval of their rank, what to
    discuss, the gemeente's own explanation, and how to read it. The sheet of a wijk is one page for a dialogue session:
    its figures, what use is made of, wijken like it, and five directions to discuss with room to write. What is made
    already is kept, so that a run that was stopped goes on where it was.
    """
    from bayesmodel.cli.console import reporter
    from bayesmodel.cli.fit_output import reading
    from bayesmodel.estimates.lookup import areas_in, find_areas
    from bayesmodel.messages import _, number
    from bayesmodel.plots.map_sheet import polygons_for
    from bayesmodel.report.country_estimates import country_of, refuse_unknown_level
    from bayesmodel.report.document import formats_named, refuse_missing_library
    from bayesmodel.report.own_words import read_own_words
    from bayesmodel.report.report_folder import write_reports
    from bayesmodel.theme import PLAIN, read_theme, themed

    formats = formats_named(format_)
    with (
        reading(fit, None, force=force, accept_unconverged=accept_unconverged) as loaded,
        themed(PLAIN if style is None else read_theme(style)),
    ):
        refuse_unknown_level(loaded, level)
        refuse_missing_library(formats)
        every = [str(each) for each in loaded.counts.areas.level_labels[level].index]
        asked = [key.code for key in find_areas(loaded.counts, groups, [level, loaded.study.area])] if groups else every
        codes = areas_in(loaded.counts, level, asked) if sheets else asked
        own = read_own_words(explanations, every) if explanations is not None else None
        known = (polygons, loaded.study.boundaries, loaded.study.example)
        shapes = polygons_for(loaded, polygons) if any(each is not None for each in known) else None
        with reporter().stage(_("estimate the country once")):
            country = country_of(loaded, level, shapes, code)
        with reporter().stage(_("write the reports")), reporter().counting() as progress:
            made = write_reports(
                country,
                codes,
                out,
                formats,
                explanations=own,
                language=report_language,
                force=force,
                progress=progress,
            )
        said = _("Reports in {folder}: {made} made, {kept} kept.")
        text = said.format(folder=out, made=number(len(made.made)), kept=number(len(made.kept)))
        reporter().answer(text, {"folder": out, "made": made.made, "kept": made.kept})
