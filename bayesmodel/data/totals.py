"""Totals published of groups themselves, as intervals, and how many of those people are in none of their areas.

A young person whose address is not known counts in the gemeente and in no wijk: the total of a gemeente minus its
wijken is unplaced, and what is published of both bounds it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from bayesmodel.data.area_table import AreaTable
from bayesmodel.data.codes import COUNTRY
from bayesmodel.data.counts import Counts, Status
from bayesmodel.data.publication import Integers, highest_hidden, published_bounds, published_cells
from bayesmodel.errors import Fault
from bayesmodel.messages import _, language

COVERED = (0.9, 1.1)
"""People of the areas of a group over those of its own row, between which both are about the same people."""


ASIDE = "aside_lower", "aside_upper", "aside_population"
"""Columns on areas of a group that are left out; a fit of before totals were in the model lacks some."""


@dataclass(frozen=True)
class _Bounds:
    """Bounds of counts; NaN where not known."""

    lower: NDArray[np.float64]
    upper: NDArray[np.float64]
    status: NDArray[np.str_]


def interpret_totals(areas: AreaTable, lower: Integers, upper: Integers) -> pd.DataFrame:
    """Read the totals of groups as intervals, and set them beside the sums of their areas.

    The symbols and the rounding are those of the areas; where one total is no multiple of the rounding, totals are not
    rounded. A hidden total of areas that count more than any hidden count tells nothing, and is missing.

    Parameters
    ----------
    areas : AreaTable
        With its totals as published.
    lower, upper : ndarray of int64 (area,)
        Bounds of the counts of its areas.

    Returns
    -------
    DataFrame
        Columns ``level, group, code, name, population, status``; ``lower, upper`` of the total; ``placed_lower,
        placed_upper`` of its areas in the study and ``aside_lower, aside_upper, aside_population`` of those
        that are left out;
        ``unplaced_lower, unplaced_upper`` of people in none of them (NaN where the total is not known); ``covered``,
        people of the areas over those of the row; ``areas``, how many are in the study. A total of the country that is
        of other people than its areas is left out.
    """
    totals, held = areas.totals.reset_index(drop=True), areas.population.to_numpy()
    groups = list(zip(totals["level"], totals["group"], strict=True))
    members = [members_of(areas, level, group) for level, group in groups]
    sums = pd.DataFrame(
        [[len(rows), lower[rows].sum(), upper[rows].sum(), held[rows].sum()] for rows in members],
        columns=["areas", "placed_lower", "placed_upper", "people"],
    ).astype(float)
    least = (sums["placed_lower"] + totals["aside_lower"].astype(float)).to_numpy(dtype=float)
    most = (sums["placed_upper"] + totals["aside_upper"].astype(float)).to_numpy(dtype=float)
    bounds = _bounds(totals["published"], areas, least)
    people = (sums["people"] + totals["aside_population"].astype(float)).to_numpy(dtype=float)
    population = totals["population"].to_numpy(dtype=float)
    with np.errstate(divide="ignore", invalid="ignore"):
        covered = people / population
    table = pd.DataFrame(
        {
            "level": totals["level"],
            "group": totals["group"],
            "code": totals["code"],
            "name": [_name(areas, *group, code) for group, code in zip(groups, totals["code"], strict=True)],
            "areas": sums["areas"],
            "population": population,
            "covered": covered,
            "status": bounds.status,
            "lower": bounds.lower,
            "upper": bounds.upper,
            "placed_lower": sums["placed_lower"],
            "placed_upper": sums["placed_upper"],
            "aside_lower": totals["aside_lower"].astype(float),
            "aside_upper": totals["aside_upper"].astype(float),
            "aside_population": totals["aside_population"].astype(float),
            "unplaced_lower": np.maximum(bounds.lower - most, 0),
            "unplaced_upper": np.maximum(bounds.upper - least, 0),
        }
    )
    other = (table["code"] == "NL") & ~table["covered"].between(*COVERED)
    return table[~other].reset_index(drop=True)


def members_of(areas: AreaTable, level: str, group: str) -> NDArray[np.int64]:
    """Return the places of the areas of a group; all of them of the country."""
    if level == COUNTRY:
        return np.arange(len(areas))
    return np.flatnonzero((areas.levels[level] == group).to_numpy())


def _name(areas: AreaTable, level: str, group: str, code: str) -> str:
    """Return the name of a group, or its code."""
    labels = areas.level_labels.get(level)
    return str(labels[group]) if labels is not None and group in labels.index else code if level == COUNTRY else group


def _bounds(published: pd.Series, areas: AreaTable, least: NDArray[np.float64]) -> _Bounds:
    """Return bounds of totals by the rule of publication; `least` is what their areas count at least."""
    rule = areas.study.publication
    cells = published_cells(published.astype(str), rule)
    exact = bool((cells.numbers[cells.number] % rule.rounded_to != 0).any())
    lower, upper = (cells.numbers, cells.numbers) if exact else published_bounds(cells.numbers, rule)
    highest = highest_hidden(rule)
    hidden = cells.hidden & (least <= highest)
    known = cells.number | cells.zero | hidden
    shown = Status.EXACT if exact or rule.rounded_to == 1 else Status.ROUNDED
    status = np.select([cells.zero, hidden, cells.number], [Status.EXACT, Status.SUPPRESSED, shown], Status.MISSING)
    low = np.select([cells.zero | hidden, cells.number], [0, np.minimum(lower, upper)], 0).astype(float)
    high = np.select([cells.zero, hidden, cells.number], [0, max(highest, 0), upper], 0).astype(float)
    return _Bounds(np.where(known, low, np.nan), np.where(known, high, np.nan), status)


def usable_totals(totals: pd.DataFrame) -> pd.DataFrame:
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


def pooled_unplaced_share(totals: pd.DataFrame) -> float:
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
        share = pooled_unplaced_share(usable_totals(rows))
        general = 1.0 if np.isnan(share) else 1 / (1 - min(share, 0.99))
        low = 1 + rows["unplaced_lower"] / rows["placed_upper"].clip(lower=1)
        high = 1 + rows["unplaced_upper"] / rows["placed_lower"].clip(lower=1)
        result.loc[rows.index, "lower"], result.loc[rows.index, "upper"] = low / general, high / general
    return result


@dataclass(frozen=True, eq=False)
class GroupTotal:
    """A group with what is published of everybody in it.

    Parameters
    ----------
    group : str
        Its code, or its name where the level has names.
    rows : ndarray of int64 (area,)
        Its areas.
    total : (int, int) or None
        Bounds of its total, inclusive; None where it is not known.
    aside : (int, int, float)
        Bounds of what areas that are left out of the study count of it, and how many people live there.
    """

    group: str
    rows: NDArray[np.int64]
    total: tuple[int, int] | None
    aside: tuple[int, int, float] = (0, 0, 0.0)


def totals_in_model(counts: Counts) -> tuple[str, tuple[GroupTotal, ...]] | None:
    """Return the level whose totals are in the model, with all of its groups; None where there is none.

    It is the one whose known totals are of most areas, and of several such the finest: groups of one level share no
    area. A total below what its areas count at least, or over other people than they hold, is not used.

    Parameters
    ----------
    counts : Counts

    Returns
    -------
    (str, tuple of GroupTotal) or None

    Examples
    --------
    >>> from bayesmodel.testing import invented_fit
    >>> totals_in_model(invented_fit().counts) is None
    True
    """
    if not counts.study.totals.use or counts.totals.empty:
        return None
    known = usable_totals(counts.totals)
    known = known.assign(**{name: known.get(name, 0.0) for name in ASIDE})
    known = known[known["placed_lower"] + known["aside_lower"] <= known["upper"]]
    members = {row: members_of(counts.areas, known["level"][row], known["group"][row]) for row in known.index}
    reach = {
        level: (sum(len(members[row]) for row in rows.index), len(rows))
        for level, rows in known.groupby("level", sort=False)
    }
    if not any(areas for areas, _groups in reach.values()):
        return None
    level = str(max(reach, key=lambda name: reach[name]))
    of_level = known[known["level"] == level].drop_duplicates("group").set_index("group")
    rows = of_level[["lower", "upper", *ASIDE]].astype(float).to_dict("index")
    every = [level] if level == COUNTRY else sorted(set(counts.areas.levels[level]))
    found = []
    for group in every:
        total, aside = None, (0, 0, 0.0)
        if group in rows:
            row = rows[group]
            total = int(row["lower"]), int(row["upper"])
            aside = int(row["aside_lower"]), int(row["aside_upper"]), row["aside_population"]
        found.append(GroupTotal(group, members_of(counts.areas, level, group), total, aside))
    return level, tuple(found)


def total_faults(counts: Counts) -> list[Fault]:
    """Return the fault of a study by which areas add up to totals that are more than they can count; or none."""
    found = totals_in_model(counts)
    if found is None or counts.study.totals.unplaced != "none":
        return []
    missed = {
        group.group: group.total[0] - int(counts.upper[group.rows].sum()) - group.aside[1]
        for group in found[1]
        if group.total is not None
    }
    rows = [f"{group} ({least})" for group, least in missed.items() if least > 0]
    words = {"level": found[0], "area": counts.study.area, "areas": counts.study.areas_label[language()]}
    fault = Fault(
        "totals.unplaced",
        _("totals of a {level} above all that its {areas} can count (by how many people)").format(**words),
        _('{areas} that add up to their {level}, as unplaced = "none" says').format(**words),
        _('Use unplaced = "estimated": people whose address is not known are in no {area}.').format(**words),
        rows,
    )
    return [fault] if rows else []
