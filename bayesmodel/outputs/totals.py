"""Totals in the table of a level: what is published of its groups, and verdicts that people in no area could turn."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from bayesmodel.counts import Counts
from bayesmodel.estimates.groups import Groups
from bayesmodel.estimates.unplaced import unplaced_of
from bayesmodel.estimates.verdict_rule import VerdictClass, VerdictRule


def has_totals(counts: Counts, level: str) -> bool:
    """Whether a total of any group of a level is known.

    Examples
    --------
    >>> from bayesmodel.testing import invented_fit
    >>> has_totals(invented_fit().counts, "gemeente")
    False
    """
    totals = counts.totals
    return not totals.empty and bool((totals["lower"].notna() & (totals["level"] == level)).any())


def with_totals(
    table: pd.DataFrame, counts: Counts, groups: Groups, ratios: Mapping[str, NDArray[np.float64]]
) -> pd.DataFrame:
    """Return the table of a level with the totals of its groups, and without verdicts that are withheld.

    Parameters
    ----------
    table : DataFrame
        With the verdicts on the areas of each group together.
    counts : Counts
    groups : Groups
        The groups of the level, in the order of the table.
    ratios : mapping of str to ndarray (sample, group)
        Underlying over expected use, by the name of the expectation.

    Returns
    -------
    DataFrame
        A verdict that is withheld is ``not to say``, with the reason in ``flags``.
    """
    unplaced = unplaced_of(counts, groups)
    table, known = table.copy(), unplaced.totals
    table["flags"] = ""
    for end in ("lower", "upper") if has_totals(counts, groups.dim) else ():
        table[f"published_total_{end}"] = known[end].to_numpy()
        table[f"unplaced_share_{end}"] = known[f"share_{end}"].to_numpy()
    for given, ratio in ratios.items():
        classes = [VerdictClass(verdict) for verdict in table[f"verdict_{given}"]]
        reasons = np.array(unplaced.withheld(classes, ratio, counts.study.report.margin, VerdictRule()))
        table.loc[reasons != "", f"verdict_{given}"] = str(VerdictClass.NOT_TO_SAY)
        table["flags"] = np.where(reasons != "", reasons, table["flags"])
    return table
