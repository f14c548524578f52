"""Groups whose registration is incomplete: which seem to have delivered nothing, and how a study reads their counts."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from bayesmodel.errors import Fault, suggest
from bayesmodel.messages import _, number, plural
from bayesmodel.study import Study
from bayesmodel.study.published_parts import USUAL_LIMIT

DELIVERED = 0.5
"""Share of the groups whose own row has a count, above which those that have none are judged by the others."""
FAR_MORE = 5
"""Times the usual limit below which counts are hidden, of what is expected where a count cannot be hidden."""


def undelivered(counts: pd.Series, people: pd.Series) -> pd.Index:
    """Return the groups that delivered nothing: their own row has no count, far too many are expected to be hidden.

    Expected is their number of people times the share of all groups that have a count. Where people are not known,
    a row without a count is enough.

    Parameters
    ----------
    counts : Series of str
        Count in the own row of each group, as published; indexed by group.
    people : Series
        Number of people in each group; indexed likewise.

    Returns
    -------
    Index of str
        None of them where hardly any group has a count.

    Examples
    --------
    >>> groups = ["GM0001", "GM0002", "GM0003", "GM0004", "GM0005"]
    >>> people = pd.Series([9000, 5000, 120, 8000, 90], groups)
    >>> undelivered(pd.Series(["900", "500", "12", ".", "."], groups), people).tolist()  # of GM0005 9 are expected
    ['GM0004']
    """
    numbers = pd.to_numeric(counts, errors="coerce")
    shown = numbers.notna()
    if not len(shown) or shown.mean() <= DELIVERED:
        return counts.index[:0]
    held = pd.to_numeric(people, errors="coerce").reindex(counts.index)
    expected = held * numbers[shown].sum() / held[shown].sum()
    return counts.index[~shown & ~(expected <= FAR_MORE * USUAL_LIMIT)]


def delivery_faults(study: Study, levels: pd.DataFrame) -> list[Fault]:
    """Find groups of `delivery` that no area lies in.

    Parameters
    ----------
    study : Study
    levels : DataFrame of str
        Group of each area, one column per level.

    Returns
    -------
    list of Fault
    """
    delivery = study.delivery
    if delivery.level not in levels:
        return []
    known = set(levels[delivery.level])
    named = {"delivery.none": delivery.none, "delivery.partial": delivery.partial}
    expected = _("a group of level {level}").format(level=delivery.level)
    return [
        Fault(key, _("{group}, in which no area lies").format(group=group), expected, suggest(group, known).strip())
        for key, groups in named.items()
        for group in groups
        if group not in known
    ]


def without_delivery(study: Study, levels: pd.DataFrame) -> frozenset[str]:
    """Return the areas whose counts are not known because their group did not deliver them, whatever their cells hold.

    Examples
    --------
    >>> from bayesmodel import example_study, read_areas
    >>> from bayesmodel.study.published_parts import Delivery
    >>> areas = read_areas(example_study(areas=60, gemeenten=8, regions=2))
    >>> group = areas.levels["gemeente"].iloc[0]
    >>> study = areas.study.model_copy(update={"delivery": Delivery(partial=(group,))})
    >>> len(without_delivery(study, areas.levels)) == int((areas.levels["gemeente"] == group).sum())
    True
    """
    delivery = study.delivery
    silent = {*delivery.none, *(delivery.partial if delivery.read_partial_as == "missing" else ())}
    return frozenset(levels.index[_within(study, levels, silent)])


def partly_delivered(study: Study, levels: pd.DataFrame) -> NDArray[np.bool_]:
    """Return which areas lie in a group that delivered in part (area,)."""
    return _within(study, levels, set(study.delivery.partial))


def of_incomplete_groups(study: Study, totals: pd.DataFrame) -> pd.Series:
    """Return which totals are of a group that did not deliver all: they say nothing of the group."""
    delivery = study.delivery
    return (totals["level"] == delivery.level) & totals["group"].isin([*delivery.none, *delivery.partial])


def delivery_notes(study: Study, levels: pd.DataFrame) -> list[str]:
    """Say how many groups and areas did not deliver, or in part, and how their counts are read."""
    delivery, notes = study.delivery, list[str]()
    predicted, as_published = _("their counts are predicted"), _("their counts are taken as published, too low")
    for groups, said, read in (
        (delivery.none, _("Not delivered, as the study says: {groups} ({areas}); {read}."), predicted),
        (
            delivery.partial,
            _("Delivered in part, as the study says: {groups} ({areas}); {read}."),
            predicted if delivery.read_partial_as == "missing" else as_published,
        ),
    ):
        if groups:
            areas = plural("{count} area", "{count} areas", int(_within(study, levels, set(groups)).sum()))
            named = f"{number(len(groups))} x {delivery.level}"
            notes.append(said.format(groups=named, areas=areas, read=read))
    return notes


def _within(study: Study, levels: pd.DataFrame, groups: set[str]) -> NDArray[np.bool_]:
    """Return which areas lie in one of some groups (area,)."""
    if not groups or study.delivery.level not in levels:
        return np.zeros(len(levels), dtype=bool)
    return levels[study.delivery.level].isin(list(groups)).to_numpy(dtype=bool)
