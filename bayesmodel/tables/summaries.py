"""Every estimate of the tables, from one pass over the areas in blocks.

Of each block the draws of use and of each expectation are made once; they are summarised per area, and added up to the
groups of every level, before the next block is begun. So memory grows with summaries and with the draws of groups,
not with draws of all areas.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from bayesmodel.data import Counts
from bayesmodel.estimates.definition import Definition
from bayesmodel.estimates.difference import contrast
from bayesmodel.estimates.estimate import Estimate
from bayesmodel.estimates.expectation import expectation_named, expectation_names, main_names, names_of_groups
from bayesmodel.estimates.expected import expected
from bayesmodel.estimates.group_totals import Everybody, everybody_in
from bayesmodel.estimates.groups import Groups, groups_of
from bayesmodel.estimates.leave_out_effects import without_others
from bayesmodel.estimates.parameters import summary_with_size
from bayesmodel.estimates.quantities import named
from bayesmodel.estimates.use import use
from bayesmodel.estimates.verdict_rule import VerdictRule, beyond, classify
from bayesmodel.inference.fit import Fit

Numbers = NDArray[Any]


def summaries(
    actual: Estimate,
    underlying: Estimate,
    expectations: Iterable[tuple[str, Estimate]],
    people: Numbers,
    independent: float | None = None,
    *,
    groups: bool = False,
) -> pd.DataFrame:
    """Return the columns of all estimates of some areas.

    Parameters
    ----------
    actual, underlying : Estimate
        Use as counts, draws (chain, draw, area).
    expectations : iterable of (str, Estimate)
        Name and expected counts, one after the other, so that no more than one need be held.
    people : ndarray (area,)
        Over whom is counted; there is no share and no ratio of nobody (NaN).
    independent : float, optional
        Effective draws of a fit whose draws are independent; measured of every quantity when left out.
    groups : bool
        Whether these are groups of areas.

    Returns
    -------
    DataFrame
        One row per area; ``ess_min`` is the smallest effective sample size in the row.
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
        if given not in main_names(study, groups=groups):
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


def with_verdicts(table: pd.DataFrame, counts: Counts, *, groups: bool = False) -> pd.DataFrame:
    """Return a table with the verdict of each row against each main expectation; all rows are one list.

    Parameters
    ----------
    table : DataFrame
        As `summaries` gives it, of all areas together: how many are listed decides when a verdict is clear.
    counts : Counts
    groups : bool
        Whether these are groups of areas, instead of all areas in order.

    Returns
    -------
    DataFrame
        Of an area without others to hold it against, an expectation from others has no verdict: it is inconclusive.
    """
    study, table = counts.study, table.copy()
    for given in main_names(study, groups=groups):
        higher, within, lower = (table[f"p_{kind}_{given}"].to_numpy() for kind in ("higher", "within", "lower"))
        expectation = expectation_named(study, given)
        if expectation.from_others:
            alone = without_others(counts, expectation.levels[0])
            higher, within, lower = (np.where(alone, np.nan, chance) for chance in (higher, within, lower))
        table[f"verdict_{given}"] = [str(verdict) for verdict in classify(higher, within, lower, VerdictRule())]
    return table


def _three(name: str, summary: pd.DataFrame, factor: Numbers | float = 1.0) -> dict[str, Numbers]:
    """Return the columns of the mean and the interval, times a factor per area."""
    return {
        name + suffix: summary[column].to_numpy() * factor
        for suffix, column in (("", "mean"), ("_lower", "lower"), ("_upper", "upper"))
    }


NUMBERS_AT_ONCE = 2_000_000
"""Draws of areas that are held at the same time: 16 MB a quantity, for 2,000 areas of 1,000 draws."""


@dataclass(frozen=True)
class Estimated:
    """What the tables of areas and levels are made of.

    Parameters
    ----------
    areas : DataFrame
        One row per area: the columns of `summaries`, nothing masked.
    groups : mapping of str to Groups
        The groups of each level.
    totals : mapping of str to list of Estimate
        Per level: draws (chain, draw, group) of actual use, underlying use and each expectation of groups, as counts.
    everybody : mapping of str to Everybody or None
        Per level: those in none of the areas, who are in these draws where totals are in the model.
    """

    areas: pd.DataFrame
    groups: Mapping[str, Groups]
    totals: Mapping[str, list[Estimate]]
    everybody: Mapping[str, Everybody | None]


def estimated(fit: Fit, levels: tuple[str, ...]) -> Estimated:
    """Estimate every quantity of the tables.

    Parameters
    ----------
    fit : Fit
    levels : tuple of str
        Levels to whose groups areas are added up.

    Returns
    -------
    Estimated
    """
    codes = fit.counts.areas.codes
    groups = {level: groups_of(fit.counts, level) for level in levels}
    columns = {
        level: each.codes.get_indexer(pd.Index(fit.counts.areas.levels[level])) for level, each in groups.items()
    }
    whole = {level: everybody_in(fit, each) for level, each in groups.items()}
    sums: dict[str, list[NDArray[Any]]] = {level: [] for level in levels}
    definitions, tables = list[Definition](), list[pd.DataFrame]()
    size = max(1, NUMBERS_AT_ONCE // fit.tree["posterior"]["intercept"].size)
    for start in range(0, len(codes), size):
        rows = np.arange(start, min(start + size, len(codes)))
        block = list(_counts(fit, list(codes[rows])))
        if not definitions:
            definitions = [estimate.definition for estimate in block]
        added = block[: 2 + len(names_of_groups(fit.study))]
        for level in levels:
            if not sums[level]:
                shape = len(block[0].samples), len(groups[level].codes)
                sums[level] = [np.zeros(shape, dtype=estimate.samples.dtype) for estimate in added]
            for total, estimate in zip(sums[level], added, strict=True):
                samples = estimate.samples
                everybody = whole[level]
                if everybody is not None and estimate is added[1]:
                    samples = everybody.raise_areas(samples, rows)
                _add(total, samples, columns[level][rows])
        actual, underlying, *expectations = block
        given = zip(expectation_names(fit.study), expectations, strict=True)
        tables.append(summaries(actual, underlying, given, fit.counts.population[rows], independent_draws(fit)))
    for level, everybody in whole.items():
        if everybody is not None:
            counted, raised, *expected_of = sums[level]
            used = [everybody.actual(counted), everybody.underlying(raised)]
            sums[level] = used + [everybody.expected(each) for each in expected_of]
    totals = {
        level: [
            Estimate(named(fit, total, groups[level]), definition, fit.study)
            for total, definition in zip(sums[level], definitions, strict=False)
        ]
        for level in levels
    }
    return Estimated(pd.concat(tables), groups, totals, whole)


def independent_draws(fit: Fit) -> float | None:
    """Return how many effective draws a fit without chains has; None where chains have to be looked at.

    Draws of the Laplace engine are independent, and its certificate holds the smallest effective number of any of them.
    """
    certificate = fit.diagnostics.certificate
    return None if certificate is None else certificate.effective


def _counts(fit: Fit, codes: list[str]) -> Iterator[Estimate]:
    """Yield actual, underlying and each expected count of some areas."""
    yield use(fit, "actual", areas=codes)
    yield use(fit, "underlying", areas=codes)
    for given in expectation_names(fit.study):
        yield expected(fit, given, areas=codes)


def _add(total: NDArray[Any], samples: NDArray[Any], columns: NDArray[np.intp]) -> None:
    """Add draws of areas (sample, area) to those of the groups they lie in (sample, group)."""
    order = np.argsort(columns, kind="stable")
    groups, starts = np.unique(columns[order], return_index=True)
    total[:, groups] += np.add.reduceat(samples[:, order], starts, axis=1)
