"""Unplaced: people who count in a group and in none of its areas, as a share, and against what is so elsewhere."""

from __future__ import annotations

import numpy as np
import pandas as pd

from bayesmodel.counts.totals import COVERED


def told(totals: pd.DataFrame) -> pd.DataFrame:
    """Return the totals that are known and of the same people as their areas, as far as can be seen."""
    same = totals["covered"].isna() | totals["covered"].between(*COVERED)
    return totals[same & totals["lower"].notna() & (totals["upper"] > 0)]


def unplaced_shares(totals: pd.DataFrame) -> pd.DataFrame:
    """Return the least and the largest share of a total that can be in none of its areas (NaN where not known).

    Examples
    --------
    >>> import pandas as pd
    >>> row = {"lower": 100, "upper": 100, "unplaced_lower": 20, "unplaced_upper": 25}
    >>> unplaced_shares(pd.DataFrame([row])).to_numpy().tolist()
    [[0.2, 0.25]]
    """
    lower = totals["unplaced_lower"] / totals["upper"].where(totals["upper"] > 0)
    upper = totals["unplaced_upper"] / totals["upper"].where(totals["upper"] > 0)
    return pd.DataFrame({"lower": lower, "upper": upper})


def elsewhere(totals: pd.DataFrame) -> float:
    """Return the share of all these totals that is in no area, at the middle of its bounds; NaN of none."""
    unplaced = (totals["unplaced_lower"] + totals["unplaced_upper"]).sum()
    total = (totals["lower"] + totals["upper"]).sum()
    return float(unplaced / total) if total > 0 else float("nan")


def inflation(totals: pd.DataFrame) -> pd.DataFrame:
    """Return by what use against an expectation changes at least and at most when people in no area are counted too.

    (1 + unplaced / placed) of the group over that of all groups of its level: what is expected of a group is learned
    from what is placed everywhere, so only a share that differs from the others' matters.

    Parameters
    ----------
    totals : DataFrame
        As `interpret_totals` gives them.

    Returns
    -------
    DataFrame
        Columns ``lower, upper``, of each total; NaN where it is not known.

    Examples
    --------
    >>> import pandas as pd
    >>> rows = pd.DataFrame({"level": "gemeente", "lower": [100, 100], "upper": [100, 100], "covered": 1.0})
    >>> rows = rows.assign(placed_lower=[100, 60], placed_upper=[100, 60], unplaced_lower=[0, 40])
    >>> inflation(rows.assign(unplaced_upper=[0, 40])).round(2).to_numpy().tolist()
    [[0.8, 0.8], [1.33, 1.33]]
    """
    result = pd.DataFrame({"lower": np.nan, "upper": np.nan}, index=totals.index)
    for _level, rows in totals.groupby("level"):
        share = elsewhere(told(rows))
        general = 1.0 if np.isnan(share) else 1 / (1 - min(share, 0.99))
        low = 1 + rows["unplaced_lower"] / rows["placed_upper"].clip(lower=1)
        high = 1 + rows["unplaced_upper"] / rows["placed_lower"].clip(lower=1)
        result.loc[rows.index, "lower"], result.loc[rows.index, "upper"] = low / general, high / general
    return result
