"""Exceedance: the probability that an area is above a limit."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from bayesmodel.estimates.definition import Definition, Kind, Scale, titled
from bayesmodel.estimates.estimate import Estimate
from bayesmodel.estimates.groups import Grouping, groups_of
from bayesmodel.estimates.quantities import estimate_of, quantity_named
from bayesmodel.estimates.result import Result
from bayesmodel.inference.fit import Fit
from bayesmodel.messages import LANGUAGES, number
from bayesmodel.study import Label


@dataclass(frozen=True, eq=False, repr=False)
class Exceedance(Result):
    """Draws of areas or groups compared with a limit.

    Parameters
    ----------
    estimate : Estimate
        Draws (chain, draw, area).
    limit : float
        In the unit of the draws.
    """

    estimate: Estimate
    limit: float

    @property
    def definition(self) -> Definition:
        """What is compared with the limit."""
        return self.estimate.definition

    @property
    def p_above(self) -> pd.Series:
        """P(above the limit) of each area; NaN where nobody lives."""
        samples = self.estimate.samples
        above = np.where(np.isnan(samples[0]), np.nan, (samples > self.limit).mean(axis=0))
        return pd.Series(above, self.estimate.index, name="p_above")

    def summary(self, prob: float | None = None, kind: Kind | None = None) -> pd.DataFrame:
        """Summarise the areas, the most probable first, ties by code.

        Parameters
        ----------
        prob, kind
            Of the interval, as in `Estimate.summary`.

        Returns
        -------
        DataFrame
            One row per area; ``name, mean, lower, upper, p_above``, and ``predicted`` where nothing was counted. Its
            ``attrs`` give the quantity and the limit.
        """
        table = self.estimate.summary(prob, kind)
        attributes = table.attrs | {"limit": self.limit}
        table = table[["mean", "lower", "upper"]].assign(p_above=self.p_above, predicted=self.estimate.predicted)
        table.insert(0, "name", self.estimate.names)
        table = table.sort_index().sort_values("p_above", ascending=False, kind="stable")
        table.attrs = attributes
        return table

    @property
    def title(self) -> str:
        """What is compared with the limit, and the limit."""
        limit = {reader: number(self.limit, "g", reader) for reader in LANGUAGES}
        above = Label(nl=f"kans boven {limit['nl']}", en=f"probability above {limit['en']}")
        return titled(self.definition, self.estimate.report, above)


def exceedance(
    fit: Fit, limit: float, what: str = "use.underlying", scale: Scale | None = None, areas: Grouping = None
) -> Exceedance:
    """Return the probability that areas or groups are above a limit.

    P(q_i > limit), the share of draws in which it is.

    Parameters
    ----------
    fit : Fit
        The posterior.
    limit : float
        In the unit of the scale, such as a share of 0.12, a ratio of 1.2 or 50 people.
    what : str
        ``use.actual``, ``use.underlying``, ``expected.<which>`` or ``difference.<use>.<which>``.
    scale : {"count", "share", "points", "ratio"}, optional
        Defaults to the share, or to the ratio for a difference.
    areas : str, sequence of str, mapping, Series, or None
        As in `aggregate`; defaults to every area.

    Returns
    -------
    Exceedance

    Raises
    ------
    UnknownNameError
        There is no such quantity, scale, area or group.
    ComparisonError
        A group is empty, or is given twice.

    Examples
    --------
    >>> from bayesmodel.testing import invented_fit
    >>> exceedance(invented_fit(), 0.12).p_above["WK000100"].round(2).item()
    0.21
    """
    quantity = quantity_named(fit.study, what, scale)
    groups = groups_of(fit.counts, fit.study.area if areas is None else areas)
    return Exceedance(estimate_of(fit, quantity, groups), limit)
