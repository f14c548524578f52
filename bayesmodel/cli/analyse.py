"""From a study to results: `bayesmodel run`, `fit` and `example`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bayesmodel.cli.options import AcceptUnconverged, Draws, Engine, Force, Out, Seed, StudyFile, Tune


def fit(
    study: StudyFile,
    out: Annotated[Path, typer.Option(help="File for the fit; written whole or not at all.")] = Path("fit.nc"),
    force: Force = False,
    accept_unconverged: Annotated[
        bool, typer.Option("--accept-unconverged", help="End well even when the draws did not converge.")
    ] = False,
    draws: Draws = None,
    tune: Tune = None,
    seed: Seed = None,
    engine: Engine = None,
) -> None:
    """Read, check and fit a study, and save the fit.

    A fit that did not converge is saved too, to look into; the program then ends with code 3.
    """
    from bayesmodel.cli.console import reporter
    from bayesmodel.cli.options import read_with
    from bayesmodel.cli.stages import analyse, figures
    from bayesmodel.errors import ConvergenceError
    from bayesmodel.files import refuse_existing_file
    from bayesmodel.messages import _

    refuse_existing_file(out, force=force)
    fitted = analyse(read_with(study, draws=draws, tune=tune, seed=seed, engine=engine))
    with reporter().stage(_("save")):
        fitted.save(out)
    if not (fitted.diagnostics.converged or accept_unconverged):
        kept = _("The fit is kept in {file}, but its draws did not converge; no tables are made of it:")
        raise ConvergenceError("\n- ".join([kept.format(file=out), *fitted.diagnostics.problems]))
    reporter().answer(_("Fit in {file}").format(file=out), {"file": out, "verdict": figures(fitted.diagnostics)})


def run(
    study: StudyFile,
    out: Out = Path("results"),
    force: Force = False,
    accept_unconverged: AcceptUnconverged = False,
    draws: Draws = None,
    tune: Tune = None,
    seed: Seed = None,
    engine: Engine = None,
) -> None:
    """Read, check, fit, estimate and write the results of a study."""
    from bayesmodel.cli.options import read_with
    from bayesmodel.cli.stages import carry_out

    chosen = read_with(study, draws=draws, tune=tune, seed=seed, engine=engine)
    carry_out(chosen, out, force=force, accept_unconverged=accept_unconverged)


def example(
    out: Out = Path("example-results"),
    force: Force = False,
    accept_unconverged: AcceptUnconverged = False,
    areas: Annotated[int, typer.Option(help="Wijken in the invented country.")] = 2918,
    gemeenten: Annotated[int, typer.Option(help="Gemeenten they lie in.")] = 388,
    regions: Annotated[int, typer.Option(help="Youth-care regions the gemeenten lie in.")] = 42,
    engine: Engine = None,
) -> None:
    """Analyse an invented country of national size; nothing is downloaded and the truth is known."""
    from bayesmodel.cli.options import instead
    from bayesmodel.cli.stages import carry_out
    from bayesmodel.example import example_study

    study = instead(example_study(areas=areas, gemeenten=gemeenten, regions=regions), engine=engine)
    carry_out(study, out, force=force, accept_unconverged=accept_unconverged)
