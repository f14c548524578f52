"""Definition: what an estimate is, in words and a formula, so that no number travels without its meaning."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from bayesmodel.study import Label, Study
from bayesmodel.study.parts import areas_label

Scale = Literal["count", "share", "points", "ratio"]
"""A number of people; a share from 0 to 1; percentage points; a ratio."""


@dataclass(frozen=True)
class Definition:
    """What an estimate is.

    Parameters
    ----------
    name : str
        Its name among the estimands, such as ``expected.determinants``.
    label : Label
        A short name in Dutch and English.
    answers : Label
        The question it answers, and what it includes.
    formula : str
        The formula, with n the people, Y those counted, p the share.
    unit : Label
        The unit.
    """

    name: str
    label: Label
    answers: Label
    formula: str
    unit: Label


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
    """Return what an estimate of a group is: that of its areas together, which may lack people who are in no area.

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
    where = place_label(study)
    label = Label(nl=f"{definition.label.nl}, {where.nl}", en=f"{definition.label.en}, {where.en}")
    return replace(definition, label=label)


def place_label(study: Study) -> Label:
    """Return where the people of a group are counted: in its areas together."""
    areas = areas_label(study.area)
    return Label(nl=f"in haar {areas.nl} samen", en=f"in its {areas.en} together")


def level_label(study: Study, name: str) -> Label:
    """Return the label of a level, or its name where the study has none."""
    level = next(level for level in study.levels if level.name == name)
    return level.label or Label(nl=name, en=name)
