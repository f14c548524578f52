"""`bayesmodel explain FIT PLACE...`: one sentence per place, made from the numbers."""

from __future__ import annotations

from typing import Annotated

import typer

from bayesmodel.cli.options import FitOrFolder, Force, Places, TableOut, Unconverged


def explain(
    fit: FitOrFolder,
    places: Places,
    to: Annotated[str, typer.Option(help="Expectation to hold use against.")] = "determinants",
    out: TableOut = None,
    force: Force = False,
    accept_unconverged: Unconverged = False,
) -> None:
    """Say in one sentence per place how many use care, how many were expected, and whether that differs."""
    from bayesmodel.cli.reading import keep, reading
    from bayesmodel.cli.voice import voice
    from bayesmodel.estimates.explain import explain as explained
    from bayesmodel.messages import _, language

    with reading(fit, out, force=force, accept_unconverged=accept_unconverged) as loaded:
        with voice().stage(_("work out")):
            sentences = explained(loaded, places, to)
        keep(sentences, out)
        voice().answer("\n\n".join(sentences[language()]), {"expectation": to, "sentences": sentences.to_dict("index")})
