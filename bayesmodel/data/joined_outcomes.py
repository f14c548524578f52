"""Counts of several outcomes of the same areas joined: a row for each area and outcome."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from bayesmodel.data.counts import Counts
from bayesmodel.data.one_table_twice import in_both
from bayesmodel.data.shared_settings import differences
from bayesmodel.data.stacked_rows import stack_rows
from bayesmodel.errors import DataError, Fault, StudyError, raise_faults
from bayesmodel.messages import _, number
from bayesmodel.study import Study

Indices = NDArray[np.int64]

MOST = 4
"""Outcomes of one model: with more of them correlations are too many for the groups there are."""
LEAST_SHARED = 0.5
"""Share of the areas of two outcomes that must be in both: with fewer, one hardly tells of the other."""


@dataclass(frozen=True)
class JoinedOutcomes:
    """Counts of several outcomes as one.

    Parameters
    ----------
    counts : Counts
        A row for each area and outcome, without determinants, outcomes one after the other; the area is called
        ``<area>_outcome`` and what is the same for all outcomes is a level of the name of the area.
    of_outcomes : mapping of str to Counts
        Those of each outcome, by its name.
    """

    counts: Counts
    of_outcomes: Mapping[str, Counts]

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the outcomes."""
        return tuple(self.of_outcomes)

    @property
    def area(self) -> str:
        """What the areas are called."""
        return next(iter(self.of_outcomes.values())).study.area

    @property
    def starts(self) -> Indices:
        """First row of each outcome, and the number of rows (P + 1,)."""
        return np.cumsum([0, *(len(counts) for counts in self.of_outcomes.values())]).astype(np.int64)

    @property
    def of_row(self) -> Indices:
        """Index of the outcome of each row (row,)."""
        return np.repeat(np.arange(len(self.of_outcomes)), np.diff(self.starts))

    def rows(self, name: str) -> slice:
        """Return the rows of an outcome."""
        index = self.names.index(name)
        return slice(int(self.starts[index]), int(self.starts[index + 1]))

    @property
    def notes(self) -> tuple[str, ...]:
        """What readers should know of how outcomes were joined, in sentences."""
        notes = []
        for first, second in combinations(self.names, 2):
            one, other = self.of_outcomes[first], self.of_outcomes[second]
            alone = one.areas.codes.symmetric_difference(other.areas.codes)
            if len(alone):
                said = _("{first} and {second}: {count} areas are in one of them only: {codes}.")
                shown = ", ".join(map(str, alone[:5])) + (" ..." if len(alone) > 5 else "")
                notes.append(said.format(first=first, second=second, count=number(len(alone)), codes=shown))
            if one.study.outcome.year != other.study.outcome.year:
                said = _("{first} is of {one}, {second} of {other}: they are compared as if of one year.")
                years = {"one": one.study.outcome.year, "other": other.study.outcome.year}
                notes.append(said.format(first=first, second=second, **years))
        return tuple(notes)


def join_outcomes(of_outcomes: Mapping[str, Counts]) -> JoinedOutcomes:
    """Join the counts of several outcomes of the same areas, such as provisions or age groups.

    Parameters
    ----------
    of_outcomes : mapping of str to Counts
        By the name of the outcome; their studies have the same area, boundaries, levels, family and priors, and each
        its own count, population, publication and determinants.

    Returns
    -------
    JoinedOutcomes

    Raises
    ------
    StudyError
        There are fewer than two or more than four; or the studies differ in what they must share.
    DataError
        Two outcomes share fewer than half of their areas, or show the same counts; or an area is in another group for
        one than for the other.

    Examples
    --------
    >>> from dataclasses import replace
    >>> from bayesmodel import example_study, interpret_counts, read_areas
    >>> areas = read_areas(example_study(areas=60, gemeenten=8, regions=2))
    >>> fewer = replace(areas, published=areas.published.replace("12", "11"))
    >>> each = {"youth care": interpret_counts(areas), "social assistance": interpret_counts(fewer)}
    >>> join_outcomes(each).of_row[[0, -1]].tolist()
    [0, 1]
    """
    _check_studies({name: counts.study for name, counts in of_outcomes.items()})
    pairs = list(combinations(of_outcomes.items(), 2))
    faults = [fault for (first, one), (second, other) in pairs for fault in _apart(first, one, second, other)]
    raise_faults(DataError, _("The list of outcomes"), faults)
    parts, names = tuple(of_outcomes.values()), tuple(of_outcomes)
    identities = [pd.Series(counts.areas.codes.astype(str), counts.areas.codes) for counts in parts]
    return JoinedOutcomes(stack_rows(parts, names, identities, "outcome", determinants=False), dict(of_outcomes))


ALIKE = ("area", "levels", "model", "outcome.vintage")
"""What studies of several outcomes have in common."""


def _check_studies(studies: Mapping[str, Study]) -> None:
    """Refuse studies that cannot be of one model."""
    faults = list[Fault]()
    if not 2 <= len(studies) <= MOST:
        expected = _("from {least} to {most} outcomes").format(least=2, most=MOST)
        faults.append(Fault(_("outcomes"), str(len(studies)), expected))
    faults += differences(studies, ALIKE, _("the same for all outcomes"))
    spatial = [name for name, study in studies.items() if study.model.space is not None]
    if spatial:
        faults.append(
            Fault(
                "model.space",
                ", ".join(spatial),
                _("outcomes without effects of space"),
                _("Leave model.space out: effects of space and of several outcomes are not in one model yet."),
            )
        )
    raise_faults(StudyError, _("The list of outcomes"), faults)


def _apart(first: str, one: Counts, second: str, other: Counts) -> list[Fault]:
    """Refuse two outcomes of which too few areas are the same, or that put the same area in different groups."""
    shared = one.areas.codes.intersection(other.areas.codes)
    both = f"{first}, {second}"
    if len(shared) < LEAST_SHARED * max(len(one), len(other)):
        found = _("{shared} areas in both, of {one} and {other}").format(
            shared=number(len(shared)), one=number(len(one)), other=number(len(other))
        )
        said = _("Take tables of the same areas, with the same codes.")
        return [Fault(both, found, _("at least half of the areas in both"), said)]
    faults = []
    for level in one.study.level_names:
        differ = one.areas.levels.loc[shared, level].astype(str) != other.areas.levels.loc[shared, level].astype(str)
        if differ.any():
            found = _("{count} areas in another {level} for one than for the other").format(
                count=number(int(differ.sum())), level=level
            )
            rows = tuple(map(str, shared[differ.to_numpy()]))
            faults.append(Fault(both, found, _("one {level} for each area").format(level=level), "", rows))
    of_each = (pd.Series(counts.areas.codes, counts.areas.codes) for counts in (one, other))
    twice = in_both(one, other, *of_each)
    if twice.counts:
        found = _("the same counts for both, in all {count} areas").format(count=number(len(twice.areas)))
        advice = _(
            "One column seems to be given for both. Look which table and which column of counts each study names."
        )
        faults.append(Fault(both, found, _("the counts of each outcome"), advice, twice.areas))
    return faults
