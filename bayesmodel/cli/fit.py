"""`bayesmodel fit STUDY`: from a study file to a saved fit."""

from pathlib import Path
from typing import Annotated

import typer

from bayesmodel.cli.options import Draws, Engine, Force, Seed, StudyFile, Tune


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
    from bayesmodel.cli.stages import analyse, figures
    from bayesmodel.cli.studies import read_with
    from bayesmodel.cli.voice import voice
    from bayesmodel.errors import ConvergenceError
    from bayesmodel.messages import _
    from bayesmodel.outputs.whole import refuse_existing_file

    refuse_existing_file(out, force=force)
    fitted = analyse(read_with(study, draws=draws, tune=tune, seed=seed, engine=engine))
    with voice().stage(_("save")):
        fitted.save(out)
    if not (fitted.verdict.converged or accept_unconverged):
        kept = _("The fit is kept in {file}, but its draws did not converge; no tables are made of it:")
        raise ConvergenceError("\n- ".join([kept.format(file=out), *fitted.verdict.problems]))
    voice().answer(_("Fit in {file}").format(file=out), {"file": out, "verdict": figures(fitted.verdict)})
