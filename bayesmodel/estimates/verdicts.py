"""Verdicts: whether use is higher or lower than expected by more than the margin; inconclusive by default."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from bayesmodel.estimates.definition import Definition, Kind, titled
from bayesmodel.estimates.estimate import Estimate
from bayesmodel.estimates.expectation import expectation_named
from bayesmodel.estimates.groups import Grouping, groups_of
from bayesmodel.estimates.leave_out_effects import NO_COMPARISON, no_comparison
from bayesmodel.estimates.quantities import estimate_of, quantity_named
from bayesmodel.estimates.result import Result
from bayesmodel.estimates.unplaced import Unplaced, unplaced_of
from bayesmodel.estimates.verdict_rule import VerdictClass, VerdictRule, beyond, classify, from_high_to_low
from bayesmodel.inference.fit import Fit

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False, repr=False)
class Verdicts(Result):
    """What may be concluded about each area or group, relative to an expectation.

    Parameters
    ----------
    ratio : Estimate
        Draws of use over expected use (chain, draw, area).
    probabilities : DataFrame
        ``p_higher``, ``p_within`` and ``p_lower`` per area: the ratio above 1 + margin, within it, below 1 - margin.
    classes : Series of VerdictClass
        The verdict per area.
    rule : VerdictRule
        Including the margin that was used.
    unplaced : Unplaced
        The published totals of groups.
    withheld : Series of str
        Why a verdict is withheld and given as *inconclusive*: ``unplaced`` where people of the group who are in none of
        its areas could change it, ``whole`` for all areas of the study together, ``no_comparison`` where there are no
        other areas to base the expectation on; else "".
    """

    ratio: Estimate
    probabilities: pd.DataFrame
    classes: pd.Series
    rule: VerdictRule
    unplaced: Unplaced
    withheld: pd.Series

    @property
    def definition(self) -> Definition:
        """What was judged."""
        return self.ratio.definition

    @property
    def names(self) -> pd.Series:
        """Display names of the areas, by code."""
        return self.ratio.names

    def listed(self, verdict: VerdictClass) -> pd.Index:
        """Return the codes of the areas with a verdict, in the order of `summary`."""
        order = self._order()
        return order[(self.classes[order] == verdict).to_numpy()]

    def false_discovery_rate(self, verdict: VerdictClass) -> float:
        """Return the expected share of false verdicts among those with a verdict.

        NaN for an empty list, and for ``inconclusive``, which claims nothing.
        """
        if verdict is VerdictClass.INCONCLUSIVE:
            return float("nan")
        column = {"higher": "p_higher", "lower": "p_lower"}.get(verdict.split()[-1], "p_within")
        chosen = self.probabilities.loc[(self.classes == verdict).to_numpy(), column]
        return float(1 - chosen.mean())

    @property
    def counts(self) -> pd.DataFrame:
        """How many areas have each verdict, and the false-discovery rate of each list that claims something."""
        numbers = self.classes.value_counts()
        rows = {
            verdict: {
                "areas": int(numbers.get(verdict, 0)),
                "false_discovery_rate": self.false_discovery_rate(verdict),
            }
            for verdict in VerdictClass
        }
        return pd.DataFrame.from_dict(rows, orient="index").astype({"areas": int}).rename_axis("verdict")

    def summary(self, prob: float | None = None, kind: Kind | None = None) -> pd.DataFrame:
        """Summarise the verdicts, from clearly higher to clearly lower.

        Parameters
        ----------
        prob, kind
            Of the interval, as in `Estimate.summary`.

        Returns
        -------
        DataFrame
            One row per area; columns ``name, verdict, mean, lower, upper`` of the ratio and ``p_higher, p_within,
            p_lower``; ``flags`` where any verdict is withheld, with the reason, or where
            nothing was counted (``predicted``).
            Within a verdict, areas are sorted by probability rounded to one per cent, then by the ratio rounded to
            hundredths, then by code, so that another run of the sampler hardly changes the order.
        """
        table = self.ratio.summary(prob, kind)[["mean", "lower", "upper"]].join(self.probabilities)
        predicted = self.ratio.predicted
        if (self.withheld != "").any() or predicted.any():
            table["flags"] = self.withheld.where(~predicted, ("predicted; " + self.withheld).str.removesuffix("; "))
        table.insert(0, "verdict", [str(verdict) for verdict in self.classes])
        table.insert(0, "name", self.names)
        return table.loc[self._order()]

    def tables(self) -> tuple[pd.DataFrame, ...]:
        """Return the number of areas with each verdict, and the areas."""
        return self.counts, self.summary()

    @property
    def title(self) -> str:
        """What was judged, and the margin within which use counts as expected."""
        return titled(self.definition, self.ratio.report, self.rule.margin_label)

    def _order(self) -> pd.Index:
        """Return the codes from clearly higher to clearly lower."""
        ratio = pd.Series(self.ratio.samples.mean(axis=0), self.ratio.index)
        return from_high_to_low(self.classes, self.probabilities["p_higher"], self.probabilities["p_lower"], ratio)


def verdicts(
    fit: Fit,
    expectation: str = "determinants",
    areas: Grouping = None,
    of: str = "underlying",
    rule: VerdictRule | None = None,
) -> Verdicts:
    """Judge whether the use of each area or group is higher or lower than expected, where the data allow it.

    With p = P(use / expected > 1 + margin): *clearly higher* are the areas with the largest p, as many as possible with
    the mean of 1 - p (the Bayesian false-discovery rate) within `VerdictRule.false_discovery`, each with p of at least
    `VerdictRule.clear`; *probably higher* are the others with p of at least `VerdictRule.probable`. Lower
    likewise. *About as expected* where P(within the margin) is at least `VerdictRule.probable`. All others are
    *inconclusive*; so is a group, such as a gemeente, whose own total is published and includes people who are in none
    of its areas, where these could change the verdict (`Unplaced.withheld`); and so is the only area of a gemeente when
    compared with the others of its gemeente.

    Parameters
    ----------
    fit : Fit
        The posterior.
    expectation : str
        The expectation, named as in `expected`.
    areas : str, sequence of str, mapping, or Series
        As in `aggregate`; defaults to every area. The false-discovery rate is that of the
        lists among these areas, so give all areas you will report on.
    of : {"underlying", "actual"}
        Use without chance variation, or with it.
    rule : VerdictRule, optional
        Defaults to the study's margin, 5 % false discovery, 90 % for clearly and 80 % for probably.

    Returns
    -------
    Verdicts

    Raises
    ------
    UnknownNameError
        There is no such use, expectation, area or group.
    ComparisonError
        A group is empty, or one is given twice.

    Examples
    --------
    >>> from bayesmodel.testing import invented_fit
    >>> verdicts(invented_fit(), "gemeente", rule=VerdictRule(margin=0.02)).counts["areas"].to_dict()["inconclusive"]
    8

    Notes
    -----
    Newton, Noueiry, Sarkar and Ahlquist (2004), Detecting differential gene expression with a semiparametric
    hierarchical mixture method.
    """
    used = (rule or VerdictRule()).with_margin(fit.study)
    margin = used.margin or 0.0
    expected_from = expectation_named(fit.study, expectation)
    quantity = quantity_named(fit.study, f"difference.{of}.{expectation}", "ratio")
    groups = groups_of(fit.counts, fit.study.area if areas is None else areas)
    ratio = estimate_of(fit, quantity, groups)
    higher, within, lower = beyond(ratio.samples, margin)
    no_others = no_comparison(fit.counts, expected_from, groups)
    up, same, down = (np.where(no_others, np.nan, chance) for chance in (higher, within, lower))
    classes = classify(up, same, down, used)
    table = pd.DataFrame({"p_higher": higher, "p_within": within, "p_lower": lower}, index=groups.codes)
    unplaced = unplaced_of(fit.counts, groups)
    unplaced_reasons = unplaced.withheld(classes, ratio.samples, margin, used)
    withheld = [
        NO_COMPARISON if no_other else reason for no_other, reason in zip(no_others, unplaced_reasons, strict=True)
    ]
    final = [
        VerdictClass.INCONCLUSIVE if reason else verdict for verdict, reason in zip(classes, withheld, strict=True)
    ]
    verdicts_by_code = pd.Series(final, groups.codes, name="verdict", dtype=object)
    return Verdicts(ratio, table, verdicts_by_code, used, unplaced, pd.Series(withheld, groups.codes, name="withheld"))
