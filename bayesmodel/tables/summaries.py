"""Summaries: every estimate of some places as columns, for the table per area and the tables per level."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from bayesmodel.estimates.difference import contrast
from bayesmodel.estimates.estimate import Estimate
from bayesmodel.estimates.given import main_names
from bayesmodel.estimates.reliability import summary_with_size
from bayesmodel.estimates.verdict_rule import VerdictRule, classify
from bayesmodel.estimates.verdicts import beyond
from bayesmodel.study import Study

Numbers = NDArray[Any]


def summaries(
    actual: Estimate,
    underlying: Estimate,
    expectations: Iterable[tuple[str, Estimate]],
    people: Numbers,
    independent: float | None = None,
) -> pd.DataFrame:
    """Return the columns of all estimates of some places.

    Parameters
    ----------
    actual, underlying : Estimate
        Use as counts, draws (chain, draw, place).
    expectations : iterable of (str, Estimate)
        Name and expected counts, one after the other, so that no more than one need be held.
    people : ndarray (place,)
        Over whom is counted; there is no share and no ratio of nobody (NaN).
    independent : float, optional
        Effective draws of a fit whose draws are independent; measured of every quantity when left out.

    Returns
    -------
    DataFrame
        One row per place; ``ess_min`` is the smallest effective sample size in the row.
    """
    study = underlying.study
    per_head = 1 / np.where(people > 0, people, np.nan)

    def summary(estimate: Estimate) -> pd.DataFrame:
        return summary_with_size(estimate) if independent is None else estimate.summary().assign(ess_min=independent)

    counted, level = summary(actual), summary(underlying)
    table = _three("actual_count", counted) | _three("underlying_share", level, per_head)
    sizes = [counted["ess_min"], level["ess_min"]]
    for given, expectation in expectations:
        counts = summary(expectation)
        table |= _three(f"expected_{given}_count", counts)
        sizes.append(counts["ess_min"])
        if given not in main_names(study):
            continue
        gap, ratio = (contrast(study, underlying, expectation, scale) for scale in ("count", "ratio"))
        gaps, ratios = summary(gap), summary(ratio)
        table |= _three(f"expected_{given}_share", counts, per_head)
        table |= _three(f"difference_{given}_count", gaps)
        table |= _three(f"difference_{given}_points", gaps, 100 * per_head)
        table |= _three(f"ratio_{given}", ratios)
        for kind, chance in zip(("higher", "within", "lower"), beyond(ratio.samples, study.report.margin), strict=True):
            table[f"p_{kind}_{given}"] = chance
        sizes += [gaps["ess_min"], ratios["ess_min"]]
    return pd.DataFrame(table | {"ess_min": np.fmin.reduce(sizes)}, index=underlying.index)


def with_verdicts(table: pd.DataFrame, study: Study) -> pd.DataFrame:
    """Return a table with the verdict of each row against each main expectation; all rows are one list.

    Parameters
    ----------
    table : DataFrame
        As `summaries` gives it, of all places together: how many are listed decides when a verdict is clear.
    study : Study

    Returns
    -------
    DataFrame
    """
    table = table.copy()
    for given in main_names(study):
        higher, within, lower = (table[f"p_{kind}_{given}"].to_numpy() for kind in ("higher", "within", "lower"))
        table[f"verdict_{given}"] = [str(verdict) for verdict in classify(higher, within, lower, VerdictRule())]
    return table


def _three(name: str, summary: pd.DataFrame, factor: Numbers | float = 1.0) -> dict[str, Numbers]:
    """Return the columns of the mean and the interval, times a factor per place."""
    return {
        name + suffix: summary[column].to_numpy() * factor
        for suffix, column in (("", "mean"), ("_lower", "lower"), ("_upper", "upper"))
    }
