"""`bayesmodel run STUDY`: from a study file to a results folder."""

from pathlib import Path

from bayesmodel.cli.options import AcceptUnconverged, Draws, Engine, Force, Out, Seed, StudyFile, Tune


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
    from bayesmodel.cli.stages import carry_out
    from bayesmodel.cli.studies import read_with

    chosen = read_with(study, draws=draws, tune=tune, seed=seed, engine=engine)
    carry_out(chosen, out, force=force, accept_unconverged=accept_unconverged)
