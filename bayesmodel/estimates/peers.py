"""Peers: the areas most similar to an area in the determinants that matter, and how their use compares."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from bayesmodel.errors import ComparisonError
from bayesmodel.estimates.definition import Definition, Kind, titled
from bayesmodel.estimates.estimate import Estimate
from bayesmodel.estimates.groups import Groups
from bayesmodel.estimates.linear_predictor import Floats, coefficients
from bayesmodel.estimates.lookup import area_indices
from bayesmodel.estimates.result import Result
from bayesmodel.estimates.use import use
from bayesmodel.inference.fit import Fit
from bayesmodel.messages import _
from bayesmodel.study import Label


@dataclass(frozen=True, eq=False, repr=False)
class Peers(Result):
    """An area and those most similar to it.

    Parameters
    ----------
    code : str
        The area.
    distances : Series of float (area,)
        To its peers, the nearest first: root mean square difference on the scale of the link.
    use : Estimate
        Draws (chain, draw, area) of the underlying share of the area itself and of its peers.
    """

    shown_rows: ClassVar[int] = 30

    code: str
    distances: pd.Series
    use: Estimate

    @property
    def definition(self) -> Definition:
        """What is compared: underlying use."""
        return self.use.definition

    def summary(self, prob: float | None = None, kind: Kind | None = None) -> pd.DataFrame:
        """Summarise the area and its peers, the nearest first.

        Parameters
        ----------
        prob, kind
            Of the interval, as in `Estimate.summary`.

        Returns
        -------
        DataFrame
            One row per area, the area itself on top; ``name, distance, mean, lower, upper`` of the underlying share and
            ``p_lower``, the probability that this peer's use is lower than that of the area itself.
        """
        table = self.use.summary(prob, kind)[["mean", "lower", "upper"]]
        samples = self.use.samples
        below = (samples < samples[:, :1]).mean(axis=0)
        table["p_lower"] = np.where(table.index == self.code, np.nan, below)
        table.insert(0, "distance", self.distances.reindex(table.index).fillna(0.0))
        table.insert(0, "name", self.use.names)
        return table

    @property
    def title(self) -> str:
        """What is compared, and for which area."""
        like = Label(nl=f"{self.code} en wat er het meest op lijkt", en=f"{self.code} and what is most like it")
        return titled(self.definition, self.use.report, like)


def peers(fit: Fit, area: str, number: int = 10) -> Peers:
    """Return the areas most similar to one area, in the determinants that matter most for use.

    d^2(i, k) = sum_j E[beta_j^2] E[(x_ij - x_kj)^2]: each determinant is weighted by the posterior mean of its squared
    coefficient, and a missing value contributes its expected distance.

    Parameters
    ----------
    fit : Fit
        The posterior.
    area : str
        The code or name of the area.
    number : int
        How many peers; areas where nobody lives do not count.

    Returns
    -------
    Peers

    Raises
    ------
    UnknownNameError
        There is no such area; close matches are suggested.
    ComparisonError
        The study has no determinants, nobody lives in the area, or there are fewer other areas.

    Examples
    --------
    >>> from bayesmodel.testing import invented_fit
    >>> peers(invented_fit(), "WK000100", 2).distances.round(3).to_dict()
    {'WK000201': 0.022, 'WK000301': 0.049}
    """
    (row,) = area_indices(fit.counts, area)
    codes = fit.counts.areas.codes
    area, inhabited = str(codes[row]), fit.counts.population > 0
    if not fit.design.names:
        raise ComparisonError(_("This study has no determinants, so no area is more like another."))
    if not inhabited[row]:
        raise ComparisonError(_("Nobody lives in {code}, so it has no use to compare.").format(code=area))
    if not 1 <= number < inhabited.sum():
        few = _("There are {others} other areas where anybody lives; asked for {number} peers.")
        raise ComparisonError(few.format(others=inhabited.sum() - 1, number=number))
    distance = distances(fit, int(row))
    distance[~inhabited] = np.inf
    distance[row] = np.inf
    order = np.lexsort((codes.to_numpy(), distance))[:number]
    nearest = pd.Series(distance[order], codes[order], name="distance")
    return Peers(area, nearest, use(fit, "underlying", "share", [area, *nearest.index]))


def distances(fit: Fit, row: int) -> Floats:
    """Return the distance of an area to every area (area,)."""
    weights = np.square(coefficients(fit)).mean(axis=0)
    unknown = np.diagonal(fit.design.covariances, axis1=1, axis2=2)[fit.design.pattern]
    squared = np.square(fit.design.x - fit.design.x[row]) + unknown + unknown[row]
    return np.asarray(np.sqrt(squared @ weights))


def nearest(fit: Fit, number: int) -> NDArray[np.int64]:
    """Return the areas most like each area, by their place in the study: all areas at once (area, number).

    Those of `peers`, nearest first. Areas where nobody lives are no peers; -1 where there are too few others.

    Examples
    --------
    >>> from bayesmodel.testing import invented_fit
    >>> fit = invented_fit()
    >>> fit.counts.areas.codes[nearest(fit, 2)[0]].tolist()
    ['WK000201', 'WK000301']
    """
    weights = np.square(coefficients(fit)).mean(axis=0)
    unknown = (np.diagonal(fit.design.covariances, axis1=1, axis2=2) @ weights)[fit.design.pattern]
    return _nearest(fit.design.x * np.sqrt(weights), unknown, fit.counts.population > 0, number)


def nearest_groups(fit: Fit, groups: Groups, number: int) -> NDArray[np.int64]:
    """Return the groups most like each group in the mean determinants of their people (group, number).

    As `nearest`, of the determinants of areas averaged over people; -1 where there are too few others.

    Examples
    --------
    >>> from bayesmodel.estimates.groups import groups_of
    >>> from bayesmodel.testing import invented_fit
    >>> fit = invented_fit()
    >>> nearest_groups(fit, groups_of(fit.counts, "gemeente"), 2).tolist()
    [[2, 1], [2, 0], [0, 1]]
    """
    weights, people = np.square(coefficients(fit)).mean(axis=0), fit.counts.population.astype(float)
    totals = groups.total(people[groups.rows])
    sums = np.column_stack([groups.total(people[groups.rows] * column) for column in fit.design.x[groups.rows].T])
    means = sums / np.maximum(totals, 1)[:, None] * np.sqrt(weights)
    return _nearest(means, np.zeros(len(means)), totals > 0, number)


def _nearest(x: Floats, unknown: Floats, lived: NDArray[np.bool_], number: int) -> NDArray[np.int64]:
    """Return the places of the nearest others of each row of x, each other's own variance added to its distance."""
    from scipy.spatial import KDTree

    found, there = np.full((len(x), number), -1, dtype=np.int64), np.flatnonzero(lived)
    if not len(there):
        return found
    tree = KDTree(np.column_stack([x, np.sqrt(unknown)])[there])
    asked = min(number + 1, len(there))
    _distances, order = tree.query(np.column_stack([x, np.zeros(len(x))]), k=np.arange(1, asked + 1))
    for row, others in enumerate(there[order]):
        nearest_others = others[others != row][:number]
        found[row, : len(nearest_others)] = nearest_others
    return found
