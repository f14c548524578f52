"""The title of what shows itself in a notebook or a terminal, in the language of its study."""

from __future__ import annotations

from collections.abc import Mapping

from bayesmodel.estimates.definition import Definition
from bayesmodel.estimates.intervals import Kind
from bayesmodel.messages import number
from bayesmodel.study import Label
from bayesmodel.study.parts import Report

KINDS: Mapping[Kind, Label] = {
    "equal-tailed": Label(nl="gelijke staarten", en="equal-tailed"),
    "highest-density": Label(nl="hoogste dichtheid", en="highest-density"),
}
"""What the kinds of intervals are called."""
INTERVAL = Label(nl="{percent}%-interval ({kind})", en="{percent}% interval ({kind})")


def titled(definition: Definition, report: Report, detail: Label | None = None, *, interval: bool = True) -> str:
    """Say what numbers are, in which unit, with which interval.

    Parameters
    ----------
    definition : Definition
        Of the numbers.
    report : Report
        Its language is spoken, and its interval named.
    detail : Label, optional
        What else decides the numbers.
    interval : bool
        Whether the numbers have the interval of the report.

    Examples
    --------
    >>> from bayesmodel.testing import invented_fit
    >>> from bayesmodel.estimates.use import use
    >>> fit = invented_fit()
    >>> titled(use(fit).definition, fit.study.report).rpartition("; ")[2]
    '90%-interval (gelijke staarten)'
    """
    language = report.language
    percent = number(100 * report.interval, "g", language)
    kind = KINDS[report.interval_kind][language]
    sure = [INTERVAL[language].format(percent=percent, kind=kind)] if interval else []
    what = f"{definition.name}: {definition.label[language]} ({definition.unit[language]})"
    return "; ".join([what, *([detail[language]] if detail else []), *sure])
