"""Ranks: where places stand on every draw, with how sure that is; never a bare league table."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from bayesmodel import html
from bayesmodel.errors import ComparisonError
from bayesmodel.estimates.definition import Definition
from bayesmodel.estimates.estimate import Estimate
from bayesmodel.estimates.intervals import Kind
from bayesmodel.estimates.plotted import Plotted
from bayesmodel.estimates.title import titled
from bayesmodel.inference.blocks import in_blocks
from bayesmodel.messages import _, number


@dataclass(frozen=True, eq=False)
class Ranks(Plotted):
    """Ranks of places on every draw.

    Parameters
    ----------
    estimate : Estimate
        Draws of the rank (chain, draw, place): 1 is the highest; places that are equal share the better rank.
    ranked : Estimate
        Draws of what was ranked.
    """

    estimate: Estimate
    ranked: Estimate

    @property
    def definition(self) -> Definition:
        """What the ranks are."""
        return self.estimate.definition

    @property
    def names(self) -> pd.Series:
        """Names of the places for readers, by code."""
        return self.estimate.names

    def p_among(self, highest: int) -> pd.Series:
        """P(place is among the `highest` highest).

        Raises
        ------
        ComparisonError
            `highest` is not between 1 and the number of places.
        """
        if not 1 <= highest <= len(self.names):
            said = _("Asked for the {highest} highest of {count} places: give 1 to that many.")
            raise ComparisonError(said.format(highest=number(highest), count=number(len(self.names))))
        return pd.Series((self.estimate.samples <= highest).mean(axis=0), self.names.index, name=f"p_among_{highest}")

    def rank_sets(self, probability: float | None = None) -> pd.DataFrame:
        """Return between which ranks each place lies, for all places together with the probability asked.

        Bands m_i +- c s_i around what was ranked, with c such that all places lie in theirs at once with that
        probability; a place ranks below those whose band lies above its own, and above those whose band lies below.

        Parameters
        ----------
        probability : float, optional
            That of the study's interval when left out.

        Returns
        -------
        DataFrame
            Columns ``highest_rank`` and ``lowest_rank``, whole numbers; 1 is the highest.

        Notes
        -----
        Klein, Wright and Wieczorek (2020), A joint confidence region for an overall ranking of populations.
        """
        chosen = self.ranked.report.interval if probability is None else probability
        samples = np.asarray(self.ranked.samples, dtype=float)
        mean, sd = samples.mean(axis=0), samples.std(axis=0)
        farthest = np.empty(len(samples))

        def work(part: slice) -> None:
            with np.errstate(invalid="ignore"):  # a known count does not vary
                scores = np.abs(samples[part] - mean) / sd
            farthest[part] = np.nanmax(np.where(sd > 0, scores, 0), axis=1)

        in_blocks(work, len(samples), samples.shape[1])
        reach = np.quantile(farthest, chosen) * sd
        lower, upper = mean - reach, mean + reach
        above = len(mean) - np.searchsorted(np.sort(lower), upper, side="right")
        below = np.searchsorted(np.sort(upper), lower, side="left")
        table = {"highest_rank": 1 + above, "lowest_rank": len(mean) - below}
        return pd.DataFrame(table, index=self.names.index)

    def summary(self, interval: float | None = None, kind: Kind | None = None, highest: int = 10) -> pd.DataFrame:
        """Summarise the ranks, in the order of the expected rank.

        Parameters
        ----------
        interval : float, optional
            Probability of the interval; the study's when left out.
        kind : {"equal-tailed", "highest-density"}, optional
            Kind of the interval; the study's when left out.
        highest : int
            How many count as the highest; all places when there are fewer.

        Returns
        -------
        DataFrame
            One row per place; ``name``, ``expected_rank``, ``lower`` and ``upper`` rank, ``p_among_<highest>``.
        """
        among = self.p_among(min(highest, len(self.names)))
        table = self.estimate.summary(interval, kind).rename(columns={"mean": "expected_rank"})
        table = table.drop(columns=["sd", "median"]).assign(**{str(among.name): among})
        table.insert(0, "name", self.names)
        return table.sort_index().sort_values("expected_rank", kind="stable")

    def __repr__(self) -> str:
        return f"{self._title()}\n{self.summary().to_string(max_rows=10)}"

    def _repr_html_(self) -> str:
        """Return title and summary for a notebook."""
        return html.page(self._title(), html.frame(self.summary()))

    def _title(self) -> str:
        """Say what was ranked."""
        return titled(self.definition, self.estimate.report)
