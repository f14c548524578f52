"""The table per group of a level: its areas added up on every draw, beside what is published of the group itself."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from bayesmodel.data import CONCEALED, Counts, Status
from bayesmodel.data.publication import highest_hidden
from bayesmodel.estimates.difference import contrast
from bayesmodel.estimates.expectation import lineage, main_names, names_of_groups
from bayesmodel.estimates.groups import Groups
from bayesmodel.estimates.unplaced import unplaced_of
from bayesmodel.estimates.verdict_rule import VerdictClass, VerdictRule
from bayesmodel.inference.fit import Fit
from bayesmodel.tables.columns import columns_of
from bayesmodel.tables.summaries import Estimated, estimated, independent_draws, summaries, with_verdicts


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
    people = groups.total(fit.counts.population)
    estimates = summaries(actual, underlying, by_name.items(), people, independent_draws(fit), groups=True)
    estimates["actual_count"] = estimates["actual_count"].mask(_gives_away(fit, found.areas, groups))
    table = pd.concat([_facts(fit, level, groups, people), with_verdicts(estimates, fit.counts, groups=True)], axis=1)
    ratios = {
        name: contrast(fit.study, underlying, by_name[name], "ratio").samples
        for name in main_names(fit.study, groups=True)
    }
    table = with_totals(table, fit.counts, groups, ratios)
    names = [column.name for column in columns_of(fit.study, level, totals=has_totals(fit.counts, level))]
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
    table["flags"] = ""
    for end in ("lower", "upper") if has_totals(counts, groups.dim) else ():
        table[f"published_total_{end}"] = known[end].to_numpy()
        table[f"unplaced_share_{end}"] = known[f"share_{end}"].to_numpy()
    for given, ratio in ratios.items():
        classes = [VerdictClass(verdict) for verdict in table[f"verdict_{given}"]]
        reasons = np.array(unplaced.withheld(classes, ratio, counts.study.report.margin, VerdictRule()))
        table.loc[reasons != "", f"verdict_{given}"] = str(VerdictClass.INCONCLUSIVE)
        table["flags"] = np.where(reasons != "", reasons, table["flags"])
    return table
