"""Comparison: places set against each other draw by draw, so that what they share cancels."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
import xarray as xr

from bayesmodel.errors import ComparisonError, UnknownNameError
from bayesmodel.estimates.definition import Definition, Scale, unit_of
from bayesmodel.estimates.estimate import Estimate
from bayesmodel.estimates.intervals import Kind
from bayesmodel.estimates.pairs import Floats, shares_above
from bayesmodel.estimates.plotted import Plotted
from bayesmodel.messages import _
from bayesmodel.study import Label, Study


@dataclass(frozen=True, eq=False)
class Comparison(Plotted):
    """Places on one quantity, to be set against each other draw by draw.

    Parameters
    ----------
    estimate : Estimate
        Draws (chain, draw, place).
    scale : {"count", "share", "points", "ratio"}
        Of the draws.
    """

    estimate: Estimate
    scale: Scale

    @property
    def study(self) -> Study:
        """The study the places come from."""
        return self.estimate.study

    @property
    def definition(self) -> Definition:
        """What the places are compared on."""
        return self.estimate.definition

    @property
    def names(self) -> pd.Series:
        """Names of the places for readers, by code."""
        return self.estimate.names

    def difference(self, place: str, other: str) -> Estimate:
        """Return one place minus another (chain, draw): of shares in percentage points, else in the unit compared on.

        Raises
        ------
        UnknownNameError
            One of both is not among the places compared.
        """
        left, right = self._draws(place), self._draws(other)
        unit: Scale = "points" if self.scale == "share" else self.scale
        definition = self._definition(place, other, "-", unit_of(self.study, unit))
        return Estimate((100 if self.scale == "share" else 1) * (left - right), definition, self.study)

    def ratio(self, place: str, other: str) -> Estimate:
        """Return one place over another (chain, draw).

        Raises
        ------
        UnknownNameError
            One of both is not among the places compared.
        ComparisonError
            The places are compared on a difference, which can be zero and has no ratio.
        """
        if self.scale == "points" or (self.scale == "count" and self.definition.name.startswith("difference.")):
            said = _(
                "A ratio of differences says nothing, as a difference can be zero. Compare {name} on the scale "
                "'ratio', or take the difference."
            )
            raise ComparisonError(said.format(name=self.definition.name))
        draws = self._draws(place) / self._draws(other)
        return Estimate(draws, self._definition(place, other, "/", unit_of(self.study, "ratio")), self.study)

    @property
    def p_higher(self) -> pd.DataFrame:
        """P(row > column) for every pair; zero on the diagonal."""
        return self._matrix(shares_above(self.estimate.samples))

    @property
    def p_equal(self) -> pd.DataFrame:
        """P(row = column) for every pair: one on the diagonal, and above zero only where counts are compared."""
        higher = shares_above(self.estimate.samples)
        return self._matrix(np.round(1 - higher - higher.T, 12))

    def summary(self, interval: float | None = None, kind: Kind | None = None) -> pd.DataFrame:
        """Summarise every pair: the difference with its interval, and which of both is higher.

        Parameters
        ----------
        interval : float, optional
            Probability of the interval; the study's when left out.
        kind : {"equal-tailed", "highest-density"}, optional
            Kind of the interval; the study's when left out.

        Returns
        -------
        DataFrame
            Indexed by ``place`` and ``other``; columns ``mean, sd, median, lower, upper`` of place minus other, and
            ``p_higher, p_equal, p_lower``. Its ``attrs`` tell the quantity, the unit and the interval.
        """
        first, second = np.triu_indices(len(self.names), 1)
        samples = self.estimate.samples
        gaps = (samples[:, first] - samples[:, second]) * (100 if self.scale == "share" else 1)
        codes = self.names.index
        pairs = pd.MultiIndex.from_arrays([codes[first], codes[second]], names=["place", "other"])
        draws = self.estimate.draws
        shape = (*draws.shape[:2], len(pairs))
        unit: Scale = "points" if self.scale == "share" else self.scale
        labelled = xr.DataArray(gaps.reshape(shape), {"pair": range(len(pairs))}, ("chain", "draw", "pair"))
        definition = self._definition("A", "B", "-", unit_of(self.study, unit))
        table = Estimate(labelled, definition, self.study).summary(interval, kind).set_index(pairs)
        higher = shares_above(samples)
        up, down = higher[first, second], higher[second, first]
        return table.assign(p_higher=up, p_equal=np.round(1 - up - down, 12) + 0.0, p_lower=down)

    def __repr__(self) -> str:
        return f"{self.estimate!r}\n{self.summary().to_string(max_rows=10)}"

    def _repr_html_(self) -> str:
        """Return the places and their pairs for a notebook."""
        return self.estimate._repr_html_() + str(self.summary().to_html(max_rows=20))

    def _draws(self, place: str) -> xr.DataArray:
        """Return the draws of one place (chain, draw)."""
        dim = str(self.estimate.draws.dims[-1])
        if place not in self.names.index:
            raise UnknownNameError(_("place in this comparison"), place, self.names.index)
        return self.estimate.draws.isel({dim: self.names.index.get_loc(place)}, drop=True)

    def _matrix(self, values: Floats) -> pd.DataFrame:
        """Return values (place, place) with codes."""
        return pd.DataFrame(values, self.names.index.rename("place"), self.names.index.rename("other"))

    def _definition(self, place: str, other: str, sign: str, unit: Label) -> Definition:
        """Return what one place against another is."""
        of = self.definition
        words = Label(nl=f"{of.label.nl}: {place} {sign} {other}", en=f"{of.label.en}: {place} {sign} {other}")
        name = f"{of.name}: {place} {sign} {other}"
        return Definition(name, words, of.answers, f"({of.formula})[A] {sign} ({of.formula})[B]", unit)
