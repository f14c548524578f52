"""Columns that tables of several years and of several outcomes share: names, estimates with bounds, probabilities."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from bayesmodel.estimates.definition import level_label
from bayesmodel.estimates.verdict_rule import VerdictRule
from bayesmodel.study import Label, Study
from bayesmodel.tables.columns import CHANCE, TEXT, Column, Form, Interval, Statistic

BOUNDS: Mapping[Statistic, Label] = {
    "lower": Label(nl="ondergrens", en="lower bound"),
    "upper": Label(nl="bovengrens", en="upper bound"),
}


def named_columns(study: Study, dim: str) -> Iterator[Column]:
    """Yield the columns of the codes and names of areas, of groups of a level, or of groups of one's own.

    Examples
    --------
    >>> from bayesmodel.testing import invented_fit
    >>> [column.name for column in named_columns(invented_fit().study, "gemeente")]
    ['gemeente', 'name']
    """
    label = level_label(study, dim) if dim in study.level_names else Label(nl=dim, en=dim)
    yield Column(dim, Label(nl=f"{label.nl}, code", en=f"{label.en}, code"), TEXT, Label(nl="code", en="code"))
    yield Column("name", label, TEXT, Label(nl="naam", en="name"))


def columns_with_bounds(name: str, label: Label, unit: Label, study: Study, form: Form) -> Iterator[Column]:
    """Yield the columns of a mean and the bounds of its interval.

    Examples
    --------
    >>> from bayesmodel.testing import invented_fit
    >>> label = Label(nl="verhouding", en="ratio")
    >>> [column.name for column in columns_with_bounds("ratio", label, label, invented_fit().study, "ratio")]
    ['ratio', 'ratio_lower', 'ratio_upper']
    """
    interval = Interval(study.report.interval, study.report.interval_kind)
    yield Column(name, label, unit, label, form, "mean", interval)
    for side, said in BOUNDS.items():
        both = Label(nl=f"{label.nl}, {said.nl}", en=f"{label.en}, {said.en}")
        yield Column(f"{name}_{side}", both, unit, both, form, side, interval)


def chance_columns(labels: Mapping[str, Label], rule: VerdictRule | None = None) -> Iterator[Column]:
    """Yield the columns of probabilities; they say the margin of a rule."""
    for name, label in labels.items():
        yield Column(name, label, CHANCE, label if rule is None else rule.margin_label, "chance", "probability")
