"""Definitions of estimates: name, label, formula and unit of every reported number, and its interval."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from bayesmodel.format import interval_name
from bayesmodel.study import Label, Study
from bayesmodel.study.parts import Report

Scale = Literal["count", "share", "points", "ratio"]
"""A number of people; a share from 0 to 1; percentage points; a ratio."""


@dataclass(frozen=True)
class Definition:
    """What an estimate is.

    Parameters
    ----------
    name : str
        Its name among the estimands, the kind first: ``use.actual``, ``expected.determinants``.
    label : Label
        A short name in Dutch and English.
    answers : Label
        The question it answers, and what it includes.
    formula : str
        The formula, with n the population, Y the count and p the share.
    unit : Label
        The unit.
    """

    name: str
    label: Label
    answers: Label
    formula: str
    unit: Label

    @property
    def kind(self) -> str:
        """What is estimated: the first part of the name, such as ``use``, ``expected`` or ``difference``."""
        return self.name.partition(".")[0]


def unit_of(study: Study, scale: Scale) -> Label:
    """Return the unit of a scale in a study.

    Parameters
    ----------
    study : Study
        Its outcome says who is counted.
    scale : {"count", "share", "points", "ratio"}

    Returns
    -------
    Label
    """
    people = study.outcome.population
    return {
        "count": Label(nl=f"aantal {people.nl}", en=f"number of {people.en}"),
        "share": Label(nl=f"aandeel van de {people.nl}, 0 tot 1", en=f"share of {people.en}, 0 to 1"),
        "points": Label(nl="procentpunt", en="percentage points"),
        "ratio": Label(nl="verhouding", en="ratio"),
    }[scale]


def together(definition: Definition, study: Study) -> Definition:
    """Return the definition for a group: the sum over its areas, which leaves out people counted in no area.

    Parameters
    ----------
    definition : Definition
        Of the estimate of an area.
    study : Study

    Returns
    -------
    Definition

    Examples
    --------
    >>> from bayesmodel.estimates.use import use_definition
    >>> from bayesmodel.testing import invented_fit
    >>> study = invented_fit().study
    >>> together(use_definition(study, "actual", "count"), study).label.en
    'actual use, in its wijken together'
    """
    where = in_its_areas(study)
    label = Label(nl=f"{definition.label.nl}, {where.nl}", en=f"{definition.label.en}, {where.en}")
    return replace(definition, label=label)


def of_everybody(definition: Definition, study: Study) -> Definition:
    """Return the definition for a group whose total is in the model: everybody in it, those in no area included.

    Examples
    --------
    >>> from bayesmodel.estimates.use import use_definition
    >>> from bayesmodel.testing import invented_fit
    >>> study = invented_fit().study
    >>> of_everybody(use_definition(study, "actual", "count"), study).label.en
    'actual use, those in no wijk included'
    """
    where = with_unplaced(study)
    label = Label(nl=f"{definition.label.nl}, {where.nl}", en=f"{definition.label.en}, {where.en}")
    return replace(definition, label=label)


def with_unplaced(study: Study) -> Label:
    """Return the phrase that says a group's people who are in none of its areas are counted too."""
    return Label(nl=f"met wie in geen enkele {study.area} staat", en=f"those in no {study.area} included")


def in_its_areas(study: Study) -> Label:
    """Return the phrase saying that a group is counted as the sum of its areas."""
    areas = study.areas_label
    return Label(nl=f"in haar {areas.nl} samen", en=f"in its {areas.en} together")


def level_label(study: Study, name: str) -> Label:
    """Return the label of a level, or its name where the study has none."""
    level = next(level for level in study.levels if level.name == name)
    return level.label or Label(nl=name, en=name)


Kind = Literal["equal-tailed", "highest-density"]
Numbers = NDArray[Any]


def interval_of(draws: Numbers, probability: float, kind: Kind) -> tuple[Numbers, Numbers]:
    """Return the bounds of the interval that holds a probability.

    Parameters
    ----------
    draws : ndarray (quantity, sample)
        In ascending order, so that quantiles are positions in it. Whole numbers give bounds that are whole numbers; NaN
        gives NaN.
    probability : float
        Between 0 and 1.
    kind : {"equal-tailed", "highest-density"}
        Equal probability on both sides, or the shortest interval.

    Returns
    -------
    tuple of ndarray (quantity,)
        Lower and upper bound.

    Examples
    --------
    >>> import numpy as np
    >>> lower, upper = interval_of(np.arange(101)[None], 0.9, "equal-tailed")
    >>> int(lower[0]), int(upper[0])
    (5, 95)
    """
    if kind == "highest-density":
        from arviz_stats.base import array_stats

        bounds = array_stats.hdi(draws, probability, axis=-1)
        return bounds[..., 0], bounds[..., 1]
    tail = (1 - probability) / 2
    if np.issubdtype(draws.dtype, np.integer):
        # bounds of integer draws are values that occur, so the interval has at least its nominal probability
        lower, upper = np.quantile(draws, [tail, 1 - tail], axis=-1, method="inverted_cdf")
        return lower, upper
    return quantile_of(draws, tail), quantile_of(draws, 1 - tail)


def quantile_of(draws: Numbers, probability: float) -> Numbers:
    """Return a quantile of draws (quantity, sample) in ascending order, by linear interpolation.

    Examples
    --------
    >>> import numpy as np
    >>> quantile_of(np.array([[1.0, 2.0, 4.0]]), 0.75).tolist()
    [3.0]
    """
    position = probability * (draws.shape[-1] - 1)
    below = min(int(position), max(draws.shape[-1] - 2, 0))
    part = position - below
    # NaN sorts last, so any NaN makes the result NaN
    mixed = (1 - part) * draws[..., below] + part * draws[..., min(below + 1, draws.shape[-1] - 1)]
    return np.asarray(np.where(np.isnan(draws[..., -1]), np.nan, mixed))


INTERVAL_KINDS: Mapping[Kind, Label] = {
    "equal-tailed": Label(nl="gelijke staarten", en="equal-tailed"),
    "highest-density": Label(nl="hoogste dichtheid", en="highest-density"),
}
"""Names of the kinds of intervals, for readers."""


def titled(definition: Definition, report: Report, detail: Label | None = None, *, interval: bool = True) -> str:
    """Return the title of a result: what the numbers are, their unit and their interval.

    Parameters
    ----------
    definition : Definition
        Of the numbers.
    report : Report
        Sets the language, and the interval that is named.
    detail : Label, optional
        What else the numbers depend on.
    interval : bool
        Whether the numbers come with the report's interval.

    Examples
    --------
    >>> from bayesmodel.testing import invented_fit
    >>> from bayesmodel.estimates.use import use
    >>> fit = invented_fit()
    >>> titled(use(fit).definition, fit.study.report).rpartition("; ")[2]
    '90%-interval (gelijke staarten)'
    """
    language = report.language
    kind = INTERVAL_KINDS[report.interval_kind][language]
    interval_text = [f"{interval_name(report.interval, language)} ({kind})"] if interval else []
    what = f"{definition.name}: {definition.label[language]} ({definition.unit[language]})"
    return "; ".join([what, *([detail[language]] if detail else []), *interval_text])
