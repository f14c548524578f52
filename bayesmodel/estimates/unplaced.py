"""Unplaced people: counted in a group but in none of its areas, and which verdicts on the group they could change."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from bayesmodel.data import Counts
from bayesmodel.data.totals import inflation, members_of, pooled_unplaced_share, unplaced_shares, usable_totals
from bayesmodel.estimates.group_totals import whole_groups
from bayesmodel.estimates.groups import Groups
from bayesmodel.estimates.verdict_rule import VerdictClass, VerdictRule

Floats = NDArray[np.float64]
UNPLACED, WHOLE = "unplaced", "whole"
"""Reasons to withhold a verdict."""


@dataclass(frozen=True, eq=False)
class Unplaced:
    """Published totals of groups, compared with the sum of their areas.

    Parameters
    ----------
    totals : DataFrame
        Indexed as the groups: ``lower, upper`` of the total, ``share_lower, share_upper`` of it in no area,
        ``pooled_share`` (that share in all groups of the level together), and ``least, most``: the factors by which use
        over expected use changes when people in no area are counted everywhere; NaN where no total is known.
        ``whole``: whether the group holds all areas of the study.
    """

    totals: pd.DataFrame

    @property
    def any(self) -> bool:
        """Whether the total of any of the groups is known."""
        return bool(self.totals["lower"].notna().any())

    def withheld(self, classes: list[VerdictClass], ratio: Floats, margin: float, rule: VerdictRule) -> list[str]:
        """Return why the verdict on each group is withheld; "" where it is not, or where there is no verdict.

        ``unplaced``: the verdict is no longer probable once people in no area are counted, both in the group and in
        what is expected of it: *lower* with as many of them as possible, *higher* with as few, *about as expected* with
        either. ``whole``: the expectation for all areas together is estimated from those same areas.

        Parameters
        ----------
        classes : list of VerdictClass
        ratio : ndarray (sample, group)
            Use over expected use.
        margin : float
        rule : VerdictRule
        """
        least, most = (self.totals[side].to_numpy(dtype=float) for side in ("least", "most"))
        whole, reasons = self.totals["whole"].to_numpy(dtype=bool), [""] * len(classes)
        for row in np.flatnonzero(whole | ~np.isnan(least)):
            draws, verdict = ratio[:, row], classes[row]
            if whole[row]:
                reasons[row] = "" if verdict is VerdictClass.INCONCLUSIVE else WHOLE
                continue
            low, high = draws * least[row], draws * most[row]
            match verdict:
                case VerdictClass.CLEARLY_HIGHER | VerdictClass.PROBABLY_HIGHER:
                    stands = (low > 1 + margin).mean()
                case VerdictClass.CLEARLY_LOWER | VerdictClass.PROBABLY_LOWER:
                    stands = (high < 1 - margin).mean()
                case VerdictClass.AS_EXPECTED:
                    stands = ((low >= 1 - margin) & (high <= 1 + margin)).mean()
                case _:
                    continue
            reasons[row] = UNPLACED if stands < rule.probable else ""
        return reasons


def unplaced_of(counts: Counts, groups: Groups) -> Unplaced:
    """Return the published totals of groups.

    A user-defined group gets the total of the gemeente that consists of the same areas, if there is one.

    Parameters
    ----------
    counts : Counts
    groups : Groups

    Returns
    -------
    Unplaced

    Examples
    --------
    >>> from bayesmodel.estimates.groups import groups_of
    >>> from bayesmodel.testing import invented_fit
    >>> counts = invented_fit().counts
    >>> unplaced_of(counts, groups_of(counts, "gemeente")).any
    False
    """
    columns = ["lower", "upper", "share_lower", "share_upper", "pooled_share", "least", "most"]
    totals = counts.totals
    whole = [len(rows) == len(counts) for rows in groups.rows_of_each]
    if totals.empty or groups.dim == counts.study.area:
        return Unplaced(pd.DataFrame(np.nan, groups.codes, columns).assign(whole=whole))
    shares, changes = unplaced_shares(totals), inflation(totals)
    found = dict[bytes, list[float]]()
    for level, rows in totals.groupby("level", sort=False):
        general = pooled_unplaced_share(usable_totals(rows))
        for row in rows.index[rows["lower"].notna()]:
            members = members_of(counts.areas, str(level), str(totals["group"][row]))
            values = [totals["lower"], totals["upper"], shares["lower"], shares["upper"]]
            numbers = [*(each[row] for each in values), general, changes["lower"][row], changes["upper"][row]]
            found.setdefault(members.tobytes(), numbers)
    unknown = [np.nan] * len(columns)
    keys = [np.sort(rows).astype(np.int64).tobytes() for rows in groups.rows_of_each]
    table = pd.DataFrame([found.get(key, unknown) for key in keys], groups.codes, columns)
    if whole_groups(counts, groups) is not None:  # everybody is counted: nothing is left that could turn a verdict
        table[["least", "most"]] = np.nan
    return Unplaced(table.assign(whole=whole))
