"""`bayesmodel open`: the results in a browser on this computer, for who types no other commands."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bayesmodel.cli.options import CodeColumn, FitOrFolder, Polygons, StyleFile, Unconverged


def open_(
    fit: FitOrFolder,
    level: Annotated[str, typer.Option(help="Level that reports are on.")] = "gemeente",
    polygons: Polygons = None,
    code: CodeColumn = None,
    explanations: Annotated[
        Path | None,
        typer.Option(help="Toml with what each gemeente says itself: [GM0034], explanation = ..., contact = ..."),
    ] = None,
    style: StyleFile = None,
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port; any that is free when left out.")] = 0,
    browser: Annotated[
        bool, typer.Option("--browser/--no-browser", help="Whether to open the browser, or only print the address.")
    ] = True,
    accept_unconverged: Unconverged = False,
) -> None:
    """Open results in the browser: the map, reports and sheets by choosing, wijken to compare, tables to download.

    The pages come from this program and can be seen on this computer only, at an address with a secret in it; nothing
    is sent anywhere and nothing is written. They go away with the program: by Ctrl-C, or by the button on the page.
    """
    import webbrowser

    from bayesmodel.cli.console import reporter
    from bayesmodel.cli.fit_output import reading
    from bayesmodel.messages import _
    from bayesmodel.plots.map_sheet import polygons_for
    from bayesmodel.report.country_estimates import country_of, refuse_unknown_level
    from bayesmodel.report.local_pages import LocalSite
    from bayesmodel.report.local_server import LocalServer, refuse_missing_bottle
    from bayesmodel.report.own_words import read_own_words
    from bayesmodel.theme import PLAIN, read_theme, themed

    refuse_missing_bottle()
    with (
        reading(fit, None, force=False, accept_unconverged=accept_unconverged) as loaded,
        themed(PLAIN if style is None else read_theme(style)),
    ):
        refuse_unknown_level(loaded, level)
        every = [str(each) for each in loaded.counts.areas.level_labels[level].index]
        own = read_own_words(explanations, every) if explanations is not None else {}
        known = (polygons, loaded.study.boundaries, loaded.study.example)
        shapes = polygons_for(loaded, polygons) if any(each is not None for each in known) else None
        with reporter().stage(_("estimate the country once")):
            country = country_of(loaded, level, shapes, code)
        site = LocalSite(country, fit if fit.is_dir() else None, own)
        with LocalServer(site, port) as server:
            said = _("Results at {address}, on this computer only. Ctrl-C ends it, and so does the button on the page.")
            reporter().answer(said.format(address=server.address), {"address": server.address})
            try:
                if browser:
                    webbrowser.open(server.address_once)
                server.wait()
            except KeyboardInterrupt:
                pass
        reporter().say(_("Closed."))
