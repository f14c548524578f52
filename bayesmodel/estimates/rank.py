"""Ranks of areas or groups on every draw, always reported with their uncertainty."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from bayesmodel.errors import ComparisonError
from bayesmodel.estimates.definition import Definition, Kind, Scale, titled
from bayesmodel.estimates.estimate import Estimate
from bayesmodel.estimates.groups import Grouping, Groups, groups_of
from bayesmodel.estimates.quantities import estimate_of, quantity_named
from bayesmodel.estimates.relative_precision import imprecise_areas
from bayesmodel.estimates.result import Result
from bayesmodel.inference.fit import Fit
from bayesmodel.messages import _, number
from bayesmodel.parallel import in_blocks
from bayesmodel.study import Label


def rank(fit: Fit, areas: Grouping = None, what: str = "use.underlying", scale: Scale | None = None) -> Ranks:
    """Rank areas or groups on every draw, 1 for the highest.

    R_i = 1 + sum_j 1[q_j > q_i], where q is the ranked quantity.

    Parameters
    ----------
    fit : Fit
        The posterior.
    areas : str, sequence of str, mapping, or Series
        As in `aggregate`; defaults to every area. One group of a level, such as a gemeente, means the areas in it.
        Areas where nobody lives are left out, as they have no share; so are areas whose relative precision is below
        the study's `report.least_precision`.
    what : str
        ``use.actual``, ``use.underlying``, ``expected.<which>`` or ``difference.<use>.<which>``.
    scale : {"count", "share", "points", "ratio"}, optional
        Defaults to the share, or to the ratio for a difference.

    Returns
    -------
    Ranks

    Raises
    ------
    UnknownNameError
        There is no such quantity, scale, area or group.
    ComparisonError
        There are fewer than two areas where anybody lives, one is given twice, or a group is empty.

    Examples
    --------
    >>> from bayesmodel.testing import invented_fit
    >>> rank(invented_fit(), "gemeente").summary(highest=1)[["lower", "upper", "p_among_1"]].round(2).values.tolist()
    [[1.0, 3.0, 0.49], [1.0, 3.0, 0.34], [1.0, 3.0, 0.18]]
    """
    quantity = quantity_named(fit.study, what, scale)
    groups = groups_of(fit.counts, fit.study.area if areas is None else areas)
    one_group = len(groups.codes) == 1 and groups.dim in fit.study.level_names
    if one_group and not (isinstance(areas, str) and areas in fit.study.level_names):
        groups = groups_of(fit.counts, fit.counts.areas.codes[groups.rows].tolist())
    values = estimate_of(fit, quantity, groups)
    inhabited = groups.total(fit.counts.population[groups.rows]) > 0
    imprecise = imprecise_areas(fit, list(groups.codes)) if groups.dim == fit.study.area else frozenset()
    kept = np.flatnonzero(inhabited & ~pd.Index(groups.codes).isin(imprecise))
    if len(kept) < 2:
        few = _("Ranking needs at least two areas where anybody lives.")
        left_out = _("{number} are less precise than report.least_precision asks for.").format(number=len(imprecise))
        raise ComparisonError(f"{few} {left_out}" if imprecise else few)
    ranked = Estimate(values.draws.isel({groups.dim: kept}), values.definition, fit.study)
    draws = ranked.draws.copy(data=ranks_of(ranked.samples).reshape(ranked.draws.shape))
    estimate = Estimate(draws, _definition(ranked.definition, groups), fit.study)
    return Ranks(estimate, ranked, tuple(code for code in groups.codes if code in imprecise))


def ranks_of(samples: NDArray[Any]) -> NDArray[np.int32]:
    """Return the rank of each area on each sample (sample, area): 1 for the highest; ties share the better rank.

    Examples
    --------
    >>> import numpy as np
    >>> ranks_of(np.array([[0.2, 0.5, 0.2, 0.1]])).tolist()
    [[2, 1, 2, 4]]
    """
    ranks = np.empty(samples.shape, dtype=np.int32)
    positions = np.arange(1, samples.shape[1] + 1, dtype=np.int32)

    def work(part: slice) -> None:
        for row, values in zip(ranks[part], samples[part], strict=True):
            order = np.argsort(-values)
            ordered = values[order]
            is_new = np.append(True, ordered[1:] != ordered[:-1])
            row[order] = np.maximum.accumulate(np.where(is_new, positions, 0))

    in_blocks(work, len(samples), samples.shape[1])
    return ranks


def _definition(of: Definition, groups: Groups) -> Definition:
    """Return the definition of the rank of a quantity."""
    return Definition(
        f"rank.{of.name}",
        Label(nl=f"rang naar {of.label.nl}", en=f"rank by {of.label.en}"),
        Label(
            nl=f"De hoeveelste is dit van de {len(groups.codes)}, van hoog naar laag?",
            en=f"What is its rank among the {len(groups.codes)}, from high to low?",
        ),
        "1 + sum_j 1[q_j > q_i]",
        Label(nl="rang, 1 is het hoogst", en="rank, 1 is the highest"),
    )


@dataclass(frozen=True, eq=False, repr=False)
class Ranks(Result):
    """Ranks of areas or groups on every draw.

    Parameters
    ----------
    estimate : Estimate
        Draws of the rank (chain, draw, area): 1 is the highest; tied areas share the better rank.
    ranked : Estimate
        Draws of what was ranked.
    imprecise : tuple of str
        Codes of the areas that are not ranked, as their use is less precise than the study requires.
    """

    estimate: Estimate
    ranked: Estimate
    imprecise: tuple[str, ...] = ()

    @property
    def definition(self) -> Definition:
        """What the ranks are."""
        return self.estimate.definition

    @property
    def names(self) -> pd.Series:
        """Display names of the areas, by code."""
        return self.estimate.names

    def p_among(self, highest: int) -> pd.Series:
        """P(area is among the `highest` highest).

        Raises
        ------
        ComparisonError
            `highest` is not between 1 and the number of areas.
        """
        if not 1 <= highest <= len(self.names):
            message = _("Asked for the {highest} highest of {count} areas: give 1 to that many.")
            raise ComparisonError(message.format(highest=number(highest), count=number(len(self.names))))
        return pd.Series((self.estimate.samples <= highest).mean(axis=0), self.names.index, name=f"p_among_{highest}")

    def rank_sets(self, prob: float | None = None) -> pd.DataFrame:
        """Return simultaneous rank intervals, which contain all ranks jointly with the given probability.

        Bands m_i +- c s_i around the ranked quantity, with c such that all areas lie in their bands jointly with that
        probability; an area ranks below those whose band lies above its own, and above those whose band lies below.

        Parameters
        ----------
        prob : float, optional
            Defaults to the probability of the study's interval.

        Returns
        -------
        DataFrame
            Columns ``highest_rank`` and ``lowest_rank``, whole numbers; 1 is the highest.

        Notes
        -----
        Klein, Wright and Wieczorek (2020), A joint confidence region for an overall ranking of populations.
        """
        chosen = self.ranked.report.interval if prob is None else prob
        samples = np.asarray(self.ranked.samples, dtype=float)
        mean, sd = samples.mean(axis=0), samples.std(axis=0)
        max_score = np.empty(len(samples))

        def work(part: slice) -> None:
            with np.errstate(invalid="ignore"):  # 0 / 0: a known count does not vary
                scores = np.abs(samples[part] - mean) / sd
            max_score[part] = np.nanmax(np.where(sd > 0, scores, 0), axis=1)

        in_blocks(work, len(samples), samples.shape[1])
        half_width = np.quantile(max_score, chosen) * sd
        lower, upper = mean - half_width, mean + half_width
        above = len(mean) - np.searchsorted(np.sort(lower), upper, side="right")
        below = np.searchsorted(np.sort(upper), lower, side="left")
        table = {"highest_rank": 1 + above, "lowest_rank": len(mean) - below}
        return pd.DataFrame(table, index=self.names.index)

    def summary(self, prob: float | None = None, kind: Kind | None = None, highest: int = 10) -> pd.DataFrame:
        """Summarise the ranks, sorted by expected rank.

        Parameters
        ----------
        prob, kind
            Of the interval, as in `Estimate.summary`.
        highest : int
            How many areas count as the highest; at most all of them.

        Returns
        -------
        DataFrame
            One row per area; ``name``, ``expected_rank``, ``lower`` and ``upper`` rank, ``p_among_<highest>``, and
            ``predicted`` where nothing was counted there.
        """
        among = self.p_among(min(highest, len(self.names)))
        table = self.estimate.summary(prob, kind).rename(columns={"mean": "expected_rank"})
        table = table.drop(columns=["sd", "median"]).assign(**{str(among.name): among})
        table["predicted"] = self.ranked.predicted
        table.insert(0, "name", self.names)
        return table.sort_index().sort_values("expected_rank", kind="stable")

    @property
    def title(self) -> str:
        """What was ranked, and how many areas were too imprecise to rank."""
        title = titled(self.definition, self.estimate.report)
        if not self.imprecise:
            return title
        return f"{title}; " + _("not ranked, as too imprecise: {number}").format(number=number(len(self.imprecise)))
