"""`bayesmodel` alone: what to do first."""

from __future__ import annotations

from bayesmodel import __version__
from bayesmodel.cli.voice import voice
from bayesmodel.messages import _


def welcome() -> None:
    """Say what to do first."""
    steps = {
        "bayesmodel example": _("see what comes out, on an invented country (minutes)"),
        "bayesmodel study init " + _("TABLE"): _("a study of your own table, with what is left for you to say"),
        "bayesmodel check-data study.toml": _("your own study: what was read, and what was assumed"),
        "bayesmodel run study.toml": _("from the study to tables for a report"),
        "bayesmodel show results/fit.nc": _("how well it went, and what explains use"),
    }
    width = max(map(len, steps))
    lines = [
        f"bayesmodel {__version__}: "
        + _(
            "expected use of care per small area, with its uncertainty; hidden counts are in the model, not filled in."
        ),
        "",
        _("What to do first:"),
        *(f"  {command:{width}}  {purpose}" for command, purpose in steps.items()),
        "",
        _("All commands: bayesmodel --help. One of them: bayesmodel run --help."),
    ]
    voice().answer("\n".join(lines), {"version": __version__, "first": list(steps)})
