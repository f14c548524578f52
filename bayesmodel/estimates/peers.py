"""Peers: the areas most similar to an area in the determinants that matter, and how their use compares."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import pandas as pd

from bayesmodel.errors import ComparisonError
from bayesmodel.estimates.definition import Definition, Kind, titled
from bayesmodel.estimates.estimate import Estimate
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
