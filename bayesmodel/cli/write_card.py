"""`bayesmodel card`: the model card of a fit, for the appendix of a report."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bayesmodel.cli.options import FitOrFolder, Force, Unconverged
from bayesmodel.messages import Language

if TYPE_CHECKING:
    from bayesmodel.checks.model_card import Checked
    from bayesmodel.inference.fit import Fit


def card(
    fit: FitOrFolder,
    out: Annotated[
        Path | None, typer.Option(help="File for the card, .html or .md; on the screen when left out.")
    ] = None,
    full: Annotated[bool, typer.Option("--full", help="With what takes refits: minutes.")] = False,
    report_language: Annotated[
        Language | None, typer.Option(help="Language of the card; that of the study when left out.")
    ] = None,
    force: Force = False,
    accept_unconverged: Unconverged = False,
) -> None:
    """Write the model card of a fit: goal, data, model, priors, computation, checks, results, and what was not done.

    Its points are those of the Bayesian analysis reporting guidelines (Kruschke, 2021).
    """
    from bayesmodel.checks.model_card import ending_of_card, model_card
    from bayesmodel.cli.console import reporter
    from bayesmodel.cli.fit_output import reading
    from bayesmodel.messages import _

    if out is not None:
        ending_of_card(out)
    with reading(fit, out, force=force, accept_unconverged=accept_unconverged) as loaded:
        found = checked(loaded, full=full)
        with reporter().stage(_("write the model card")):
            made = model_card(loaded, *found, language=report_language)
            if out is not None:
                made.write(out)
        data = {"file": out, "language": made.language, "markdown": made.markdown}
        reporter().answer(made.markdown if out is None else _("Model card: {file}").format(file=out), data)


def checked(fit: Fit, *, full: bool) -> list[Checked]:
    """Return the results of checks that take seconds, and with `full` of those that take minutes."""
    from bayesmodel.checks.cross_validation import cross_validate
    from bayesmodel.checks.hide_and_seek import hide_and_seek
    from bayesmodel.checks.quick_check import check
    from bayesmodel.checks.sensitivity import sensitivity
    from bayesmodel.cli.console import reporter
    from bayesmodel.messages import _

    with reporter().stage(_("leave out each area and predict it")), reporter().counting() as progress:
        found: list[Checked] = [check(fit, refit=full, progress=progress)]
    if fit.study.model.priors.coefficient.kind == "normal" or not fit.design.names:
        with reporter().stage(_("weigh prior and likelihood more and less")):
            found.append(sensitivity(fit))
    if full:
        for level in (None, *fit.study.effect_names):
            stage = _("leave out each {unit} and predict it").format(unit=level or fit.study.area)
            with reporter().stage(stage), reporter().counting() as progress, _where_possible():
                found.append(cross_validate(fit, level, progress=progress))
        stage = _("hide known counts and seek them")
        with reporter().stage(stage), reporter().counting() as progress, _where_possible():
            found.append(hide_and_seek(fit, progress=progress))
    return found


@contextmanager
def _where_possible() -> Iterator[None]:
    """Say why these data do not allow a check, and go on with the others."""
    from bayesmodel.cli.console import reporter
    from bayesmodel.errors import ComparisonError
    from bayesmodel.messages import _

    try:
        yield
    except ComparisonError as error:
        reporter().say(_("This check is not on the card. {why}").format(why=error), indent=6)
