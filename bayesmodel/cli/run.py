"""`bayesmodel run STUDY`: from a study file to a results folder."""

from pathlib import Path
from typing import Annotated

import typer

from bayesmodel.cli.options import AcceptUnconverged, Force, Out, StudyFile


def run(
    study: StudyFile,
    out: Out = Path("results"),
    force: Force = False,
    accept_unconverged: AcceptUnconverged = False,
    draws: Annotated[int | None, typer.Option(help="Draws per chain, instead of the study's.")] = None,
    tune: Annotated[int | None, typer.Option(help="Warm-up steps per chain, instead of the study's.")] = None,
    seed: Annotated[int | None, typer.Option(help="Seed of the draws, instead of the study's.")] = None,
) -> None:
    """Read, check, fit, estimate and write the results of a study."""
    from bayesmodel.cli.stages import carry_out
    from bayesmodel.study import read_study, study_from

    chosen = read_study(study).model_dump()
    given = {"draws": draws, "tune": tune, "seed": seed}
    chosen["inference"] |= {name: value for name, value in given.items() if value is not None}
    carry_out(study_from(chosen), out, force=force, accept_unconverged=accept_unconverged)
