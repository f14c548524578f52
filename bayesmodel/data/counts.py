"""Counts: what is known about a count is a pair of integer bounds and a status."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from bayesmodel import html
from bayesmodel.data.area_table import AreaTable
from bayesmodel.data.remark import Remark
from bayesmodel.messages import _, plural
from bayesmodel.study import Study

Integers = NDArray[np.int64]


class Status(StrEnum):
    """The status of a published count."""

    EXACT = "exact"
    ROUNDED = "rounded"
    SUPPRESSED = "suppressed"
    SECONDARY = "secondary"
    MISSING = "missing"
    ZERO = "zero"


CONCEALED = (Status.SUPPRESSED, Status.SECONDARY)
"""Statuses of counts that the publisher hides: because they are small, or only to protect another one."""


@dataclass(frozen=True)
class Counts:
    """Observed counts as inclusive integer intervals, one per area.

    Parameters
    ----------
    areas : AreaTable
        The areas, in the same order.
    lower, upper : ndarray of int64 (area,)
        Bounds of the count, inclusive, within 0..population.
    status : ndarray of str (area,)
        A `Status` per area.
    notes : tuple of str
        What was assumed about each symbol, in sentences.
    remarks : tuple of Remark
        Remarks on the tables and the counts: no faults, but possibly unintended.
    totals : DataFrame
        Published totals of groups and the sums over their areas, from `interpret_totals`; without
        rows if none is published.
    weights : ndarray (area, width) or None
        Probability that each count from `lower` up to `upper` is published so; it is 1 of counts beyond the table. None
        where all counts in a window always are: no count is rounded at random.
    trail : DataFrame
        How other publications narrowed the bounds, step by step, as `narrow` gives it; without rows where none did.
    """

    areas: AreaTable
    lower: Integers
    upper: Integers
    status: NDArray[np.str_]
    notes: tuple[str, ...] = ()
    remarks: tuple[Remark, ...] = ()
    totals: pd.DataFrame = field(default_factory=pd.DataFrame)
    weights: NDArray[np.float64] | None = None
    trail: pd.DataFrame = field(default_factory=pd.DataFrame)

    @property
    def study(self) -> Study:
        """The study these counts belong to."""
        return self.areas.study

    def with_study(self, study: Study) -> Counts:
        """Return the same counts for another study, such as one with other priors.

        Examples
        --------
        >>> from bayesmodel import example_study, interpret_counts, read_areas
        >>> counts = interpret_counts(read_areas(example_study(areas=60, gemeenten=8, regions=2)))
        >>> counts.with_study(counts.study.model_copy(update={"name": "other"})).study.name
        'other'
        """
        return replace(self, areas=replace(self.areas, study=study))

    def with_bounds(self, rows: Sequence[int], lower: Integers, upper: Integers, status: Status) -> Counts:
        """Return the counts with other bounds for some areas, with equal weight for every count between them.

        Examples
        --------
        >>> from bayesmodel.testing import invented_fit
        >>> counts = invented_fit().counts.with_bounds([0], 40, 59, Status.SUPPRESSED)
        >>> counts.frame.iloc[0].astype(str).tolist()
        ['400', '40', '59', 'suppressed']
        """
        chosen, low, high, kinds = list(rows), self.lower.copy(), self.upper.copy(), self.status.astype(object)
        low[chosen], high[chosen], kinds[chosen] = lower, upper, status.value
        weights = None if self.weights is None else self.weights.copy()
        if weights is not None:
            weights[chosen] = 1.0
        return replace(self, lower=low, upper=high, status=kinds.astype(str), weights=weights)

    @property
    def population(self) -> Integers:
        """People over whom is counted (area,)."""
        return self.areas.population.to_numpy(dtype=np.int64)

    @property
    def observed(self) -> NDArray[np.bool_]:
        """Whether the published count is informative: false where missing, structurally zero, or unbounded (area,)."""
        anything = (self.status == Status.SECONDARY) & (self.lower == 0) & (self.upper >= self.population)
        return np.asarray(~np.isin(self.status, [Status.MISSING, Status.ZERO]) & ~anything)

    @property
    def shown(self) -> NDArray[np.bool_]:
        """Whether the count is published as a number (area,)."""
        return np.isin(self.status, [Status.EXACT, Status.ROUNDED])

    @property
    def informative(self) -> Integers:
        """Areas whose count was delivered, and whose window excludes a possible count (informative area,)."""
        return np.flatnonzero(self.observed & ((self.lower > 0) | (self.upper < self.population)))

    @property
    def frame(self) -> pd.DataFrame:
        """The intervals as a table, one row per area."""
        return pd.DataFrame(
            {"population": self.population, "lower": self.lower, "upper": self.upper, "status": self.status},
            index=self.areas.codes,
        )

    @property
    def statuses(self) -> pd.DataFrame:
        """Areas, people and bounds of the total count per status."""
        table = self.frame.assign(areas=1).groupby("status")[["areas", "population", "lower", "upper"]].sum()
        return table.loc[[status for status in Status if status in table.index]]

    def __len__(self) -> int:
        return len(self.lower)

    def __repr__(self) -> str:
        return f"{self._title()}\n{self.statuses.to_string()}"

    def _repr_html_(self) -> str:
        """Return the counts by status, what was assumed, and the intervals, for a notebook."""
        return html.page(
            self._title(),
            html.frame(self.statuses),
            html.bullets(self.areas.notes + self.notes),
            html.frame(self.frame),
        )

    def _title(self) -> str:
        """Return the name of the study."""
        return _("Counts of {study}: {areas} ({area})").format(
            study=self.study.name, areas=plural("{count} area", "{count} areas", len(self)), area=self.study.area
        )
