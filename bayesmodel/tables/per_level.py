"""The table per group of a level: its areas added up on every draw, beside what is published of the group itself."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import NDArray

from bayesmodel.data import CONCEALED, Counts, Status
from bayesmodel.data.publication import highest_hidden
from bayesmodel.estimates.difference import contrast
from bayesmodel.estimates.estimate import Estimate
from bayesmodel.estimates.expectation import lineage, main_names, names_of_groups
from bayesmodel.estimates.group_totals import Everybody, whole_groups
from bayesmodel.estimates.groups import Groups, groups_of
from bayesmodel.estimates.unplaced import unplaced_of
from bayesmodel.estimates.verdict_rule import VerdictClass, VerdictRule
from bayesmodel.inference.fit import Fit
from bayesmodel.tables.columns import Column, columns_of
from bayesmodel.tables.summaries import Estimated, estimated, independent_draws, summaries, with_verdicts

PREDICTED = "predicted"
"""Flag of a group in which nothing was counted."""


def level_table(fit: Fit, level: str) -> pd.DataFrame:
    """Return one row per group of a level: its areas added up, every estimate with its interval.

    Parameters
    ----------
    fit : Fit
        The posterior.
    level : str
        A level of the study, such as ``gemeente``.

    Returns
    -------
    DataFrame
        Indexed by the code of the group; the columns that ``codebook(fit, level)`` explains. Where the hidden part of a
        group is small the actual count has bounds only: its mean less the published counts would be a hidden count.

    Raises
    ------
    UnknownNameError
        There is no such level.

    Examples
    --------
    >>> from bayesmodel.testing import invented_fit
    >>> level_table(invented_fit(), "gemeente")["areas_hidden"].tolist()
    [1, 0, 1]
    """
    [table] = level_tables(fit, (level,)).values()
    return table


def level_tables(fit: Fit, levels: tuple[str, ...], found: Estimated | None = None) -> dict[str, pd.DataFrame]:
    """Return the table of each of some levels, estimating the areas only once; or from estimates made already."""
    found = found or estimated(fit, levels)
    return {level: _table(fit, level, found) for level in levels}


def _table(fit: Fit, level: str, found: Estimated) -> pd.DataFrame:
    """Return the table of a level from draws of the counts of its groups (chain, draw, group)."""
    groups = found.groups[level]
    actual, underlying, *expectations = found.totals[level]
    by_name = dict(zip(names_of_groups(fit.study), expectations, strict=True))
    everybody = found.everybody[level]
    people = groups.total(fit.counts.population)
    if everybody is not None:
        people = people + everybody.people.astype(np.int64)
    estimates = summaries(actual, underlying, by_name.items(), people, independent_draws(fit), groups=True)
    small = _gives_away(fit, found.areas, groups)
    if everybody is None:
        estimates["actual_count"] = estimates["actual_count"].mask(small)
    else:
        estimates = pd.concat([estimates, unplaced_summary(actual, everybody, small)], axis=1)
    table = pd.concat([_facts(fit, level, groups, people), with_verdicts(estimates, fit.counts, groups=True)], axis=1)
    ratios = {
        name: contrast(fit.study, underlying, by_name[name], "ratio").samples
        for name in main_names(fit.study, groups=True)
    }
    table = with_totals(table, fit.counts, groups, ratios)
    names = [column.name for column in level_columns(fit.counts, level)]
    return table[names[1:]].rename_axis(level)


def _facts(fit: Fit, level: str, groups: Groups, people: NDArray[np.int64]) -> pd.DataFrame:
    """Return what was known of each group before the model."""
    areas = fit.counts.areas
    table = pd.DataFrame({f"{level}_name": groups.names}, index=groups.codes)
    first = areas.levels.iloc[groups.members[groups.starts]]
    for parent in lineage(fit.study, level)[1:]:
        table[parent] = first[parent].to_numpy()
        table[f"{parent}_name"] = table[parent].map(areas.level_labels[parent])
    return table.assign(
        year=fit.study.outcome.year,
        vintage=fit.study.outcome.vintage,
        areas=groups.total(np.ones(len(fit.counts), dtype=np.int64)),
        areas_hidden=groups.total(np.isin(fit.counts.status, CONCEALED).astype(np.int64)),
        population=people,
    )


def _gives_away(fit: Fit, areas: pd.DataFrame, groups: Groups) -> NDArray[np.bool_]:
    """Whether what is hidden in a group is, on average and added up, no more than one hidden count may be (group,)."""
    hidden = fit.counts.status == Status.SUPPRESSED
    part = groups.total(np.where(hidden, areas["actual_count"].to_numpy(dtype=float), 0.0))
    return np.asarray((part > 0) & (part <= highest_hidden(fit.study.publication)))


def unplaced_summary(actual: Estimate, everybody: Everybody, small: NDArray[np.bool_]) -> pd.DataFrame:
    """Return the count of the areas of each group, and the share of everybody in it that is in no area.

    Parameters
    ----------
    actual : Estimate
        Of everybody, draws (chain, draw, group).
    everybody : Everybody
    small : ndarray of bool (group,)
        Where the count of the areas has bounds only.
    """
    placed = Estimate(actual.draws - everybody.outside.reshape(actual.draws.shape), actual.definition, actual.study)
    share = Estimate(
        xr.zeros_like(actual.draws, dtype=float) + everybody.share.reshape(actual.draws.shape),
        actual.definition,
        actual.study,
    )
    table = pd.DataFrame(index=actual.index)
    for name, estimate in {"placed_count": placed, "unplaced_share": share}.items():
        summary = estimate.summary()
        for suffix, column in (("", "mean"), ("_lower", "lower"), ("_upper", "upper")):
            table[name + suffix] = summary[column].to_numpy()
    return table.assign(placed_count=table["placed_count"].mask(small))


def level_columns(counts: Counts, level: str) -> tuple[Column, ...]:
    """Return the columns of the table of a level."""
    everybody = whole_groups(counts, groups_of(counts, level)) is not None
    return columns_of(counts.study, level, totals=has_totals(counts, level), everybody=everybody)


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
        A verdict that is withheld is ``inconclusive``, with the reason in ``flags``.
    """
    unplaced = unplaced_of(counts, groups)
    table, known = table.copy(), unplaced.totals
    predicted = (groups.total(counts.observed.astype(np.int64)) == 0) & (groups.total(counts.population) > 0)
    table["flags"] = np.where(predicted, PREDICTED, "")
    for end in ("lower", "upper") if has_totals(counts, groups.dim) else ():
        table[f"published_total_{end}"] = known[end].to_numpy()
        if f"unplaced_share_{end}" not in table:
            table[f"unplaced_share_{end}"] = known[f"share_{end}"].to_numpy()
    for given, ratio in ratios.items():
        classes = [VerdictClass(verdict) for verdict in table[f"verdict_{given}"]]
        reasons = np.array(unplaced.withheld(classes, ratio, counts.study.report.margin, VerdictRule()))
        table.loc[reasons != "", f"verdict_{given}"] = str(VerdictClass.INCONCLUSIVE)
        beside = np.where((table["flags"] != "") & (table["flags"] != reasons), table["flags"] + "; ", "")
        table["flags"] = np.where(reasons != "", beside + reasons, table["flags"])
    return table
