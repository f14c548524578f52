"""`bayesmodel tables FIT`: from a saved fit to tables for a report."""

from pathlib import Path

from bayesmodel.cli.options import AcceptUnconverged, FitFile, Force, Out


def tables(
    fit: FitFile,
    out: Out = Path("tables"),
    force: Force = False,
    accept_unconverged: AcceptUnconverged = False,
) -> None:
    """Write the tables of a saved fit, without fitting again."""
    from bayesmodel.cli.stages import answer_files
    from bayesmodel.cli.voice import voice
    from bayesmodel.inference import load_fit
    from bayesmodel.messages import _
    from bayesmodel.outputs.results import refuse_unconverged, write_tables
    from bayesmodel.outputs.whole import refuse_existing

    refuse_existing(out, force=force)
    loaded = load_fit(fit)
    refuse_unconverged(loaded, accept=accept_unconverged)
    with voice().stage(_("estimate and write")):
        written = write_tables(loaded, out, force=force, accept_unconverged=accept_unconverged)
    answer_files(loaded, out, written)
