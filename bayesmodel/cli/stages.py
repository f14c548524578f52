"""The stages of an analysis as reported to the user: read, check, fit, estimate and write."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bayesmodel.cli.console import reporter
from bayesmodel.data import Counts, interpret_counts
from bayesmodel.io import read_areas
from bayesmodel.messages import _, language, number
from bayesmodel.study import Study

if TYPE_CHECKING:
    from bayesmodel.inference.diagnostics import Diagnostics
    from bayesmodel.inference.fit import Fit

INDENT = 6
"""Spaces by which messages of a stage are indented under its name."""


def read_and_check(study: Study) -> Counts:
    """Read the tables of a study and interpret its counts.

    Parameters
    ----------
    study : Study
        The study to read for.

    Returns
    -------
    Counts
        Intervals, with notes on what was assumed.
    """
    return interpret_counts(read_areas(study))


def checked(study: Study, name: str) -> Counts:
    """Read and check one of several studies, as a reported stage with its remarks.

    Parameters
    ----------
    study : Study
    name : str
        What it is called beside the others: its year, or its outcome.

    Returns
    -------
    Counts
    """
    with reporter().stage(_("read and check {name}").format(name=name)):
        counts = read_and_check(study)
    for remark in counts.remarks:
        reporter().say(f"- {remark}", INDENT)
    return counts


def analyse(study: Study) -> Fit:
    """Go from a study to a fit, reporting each stage.

    Parameters
    ----------
    study : Study
        What to analyse.

    Returns
    -------
    Fit
        With its verdict, converged or not.

    Raises
    ------
    BayesModelError
        At any stage.
    """
    from bayesmodel.inference.warm_compile import compile_ahead

    compile_ahead(study)  # and only then import what takes a second itself
    from bayesmodel.estimates.disclosure import disclosure_check
    from bayesmodel.estimates.far_counts import far_remarks
    from bayesmodel.estimates.publication_check import publication_remarks
    from bayesmodel.inference.sampling import fit_model
    from bayesmodel.model.build import build_model

    with reporter().stage(_("read and check")):
        counts = read_and_check(study)
    for note in counts.areas.notes + counts.notes:
        reporter().say(note, INDENT)
    if counts.remarks:
        reporter().say(_("Worth a look:"), INDENT)
    for remark in counts.remarks:
        reporter().say(f"- {remark}", INDENT)
    with reporter().stage(_("build the model")):
        built = build_model(counts)
    with reporter().stage(_("fit")), reporter().sampling() as report:
        fit = fit_model(built, progress=report, notify=lambda message: reporter().say(message, INDENT))
    reporter().say(judged(fit.diagnostics), INDENT)
    if fit.diagnostics.converged:
        for remark in (*far_remarks(fit), *publication_remarks(fit)):
            reporter().say(f"- {remark}", INDENT)
        for sentence in disclosure_check(fit).sentences(language()):
            reporter().say(sentence, INDENT)
    return fit


def say_far_counts(fits: Mapping[Any, Fit]) -> None:
    """Report the counts that one of several fits of one model does not follow.

    Parameters
    ----------
    fits : mapping to Fit
        By the year or outcome that each is of.
    """
    from bayesmodel.estimates.far_counts import far_remarks

    for name, fit in fits.items():
        for remark in far_remarks(fit):
            reporter().say(f"- {name}: {remark}", INDENT)


def carry_out(study: Study, out: Path, *, force: bool, accept_unconverged: bool) -> None:
    """Go from a study to a results folder, reporting each stage.

    Parameters
    ----------
    study : Study
        What to analyse.
    out : Path
        The results folder.
    force : bool
        Whether older results may be replaced.
    accept_unconverged : bool
        Whether draws that did not converge may be written.

    Raises
    ------
    BayesModelError
        At any stage; nothing is written then.
    """
    from bayesmodel.files import refuse_existing
    from bayesmodel.inference.fit import refuse_unconverged
    from bayesmodel.tables.results_folder import write_results

    refuse_existing(out, force=force)
    fit = analyse(study)
    refuse_unconverged(fit, accept=accept_unconverged)
    with reporter().stage(_("estimate and write")):
        written = write_results(fit, out, force=force, accept_unconverged=accept_unconverged)
    say_what_is_left_out()
    answer_files(fit, out, written)


def say_what_is_left_out() -> None:
    """Report that there is no workbook if its library is not installed."""
    from bayesmodel.tables.results_folder import without_workbook

    for message in without_workbook(language()):
        reporter().say(message, INDENT)


def answer_files(fit: Fit, folder: Path, files: tuple[Path, ...]) -> None:
    """Report the files that were written.

    Parameters
    ----------
    fit : Fit
        What they were made from.
    folder : Path
        Their folder.
    files : tuple of Path
        All of them.
    """
    names = [path.name for path in files]
    shown = _("Results in {folder}: {files}").format(folder=folder, files=", ".join(names))
    reporter().answer(shown, {"folder": folder, "files": names, "verdict": figures(fit.diagnostics)})


def figures(verdict: Diagnostics) -> dict[str, Any]:
    """Return the diagnostics as data."""
    return asdict(verdict) | {"converged": verdict.converged, "problems": verdict.problems}


def judged(verdict: Diagnostics) -> str:
    """Return the diagnostics in a sentence."""
    state, ess = _("converged") if verdict.converged else _("NOT converged"), number(verdict.ess_min, ",.0f")
    if verdict.certificate is not None:
        message = _("{state}: Pareto k {k}, at least {ess} effective draws of {proposals} proposed")
        shape, proposals = number(verdict.certificate.pareto_k, ".2f"), number(verdict.certificate.proposals)
        return message.format(state=state, k=shape, ess=ess, proposals=proposals)
    message = _("{state}: R-hat at most {rhat}, at least {ess} effective draws, {divergences} divergences")
    return message.format(
        state=state,
        rhat=number(verdict.rhat_max or 0.0, ".3f"),
        ess=ess,
        divergences=number(verdict.divergences),
    )
