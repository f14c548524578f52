"""Determinants that hold codes, are mostly unknown, repeat another one, or follow from several others."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from bayesmodel.data.counts import Counts, Status
from bayesmodel.data.publication import lowest_shown
from bayesmodel.data.remark import Remark, RemarkKind, remark
from bayesmodel.data.remarks.coded import coded_counts, coded_values
from bayesmodel.data.remarks.disguise import Disguise, Published, disguise_of
from bayesmodel.data.validation import whole_numbers
from bayesmodel.errors import Fault, listed
from bayesmodel.messages import _, number

Floats = NDArray[np.float64]

ALIKE = 0.95
"""Correlation from which two determinants tell nearly the same."""
MOSTLY = 1 / 3
"""Share of areas in which a determinant is not known, from which that is remarked."""


def determinant_remarks(counts: Counts) -> Iterator[Remark]:
    """Yield determinants that are not known in many areas, and pairs that correlate nearly perfectly."""
    determinants = counts.areas.determinants
    gaps = determinants.isna().mean()
    for name, share in gaps[gaps > MOSTLY].items():

        def unknown(name: object = name, share: float = float(share)) -> str:
            message = _("{column} is not known in {percent} of the areas.")
            return message.format(column=name, percent=number(share, ".0%"))

        yield remark(RemarkKind.MOSTLY_UNKNOWN, str(name), unknown)
    related = determinants.corr().abs()
    for first, second in combinations(determinants.columns, 2):
        size = float(related[first][second])
        if size >= ALIKE:

            def alike(first: str = first, second: str = second, size: float = size) -> str:
                message = _("{first} and {second} tell nearly the same (correlation {size}).")
                return message.format(first=first, second=second, size=number(size, ".2f"))

            yield remark(RemarkKind.ALIKE, str(second), alike)


def disguise_remarks(counts: Counts) -> Iterator[Remark]:
    """Yield determinants that are nearly the outcome, the population, or a number of the area or its group."""
    kinds = {
        Disguise.OUTCOME: RemarkKind.OWN_OUTCOME,
        Disguise.NEAR_OUTCOME: RemarkKind.OWN_OUTCOME,
        Disguise.POPULATION: RemarkKind.POPULATION,
        Disguise.IDENTIFIER: RemarkKind.IDENTIFIER,
    }
    published = published_outcome(counts)
    for name, values in counts.areas.determinants.items():
        found = disguise_of(values.to_numpy(dtype=float), published, str(name))
        if found is None or found[0] is Disguise.OUTCOME:  # that is a fault
            continue

        def say(name: object = name, values: pd.Series = values) -> str:
            kind, why = disguise_of(values.to_numpy(dtype=float), published, str(name)) or (None, "")
            if kind is Disguise.NEAR_OUTCOME:
                message = _(
                    "Look whether {column} is a determinant: {why}. If it is the same outcome of another year or "
                    "source, take it out of [[determinants]]."
                )
            else:
                message = _("{column} is no determinant: {why}. Take it out of [[determinants]].")
            return message.format(column=name, why=why)

        yield remark(kinds[found[0]], str(name), say)


def own_outcome_faults(counts: Counts) -> list[Fault]:
    """Find determinants that are made of the outcome: they explain everything, and no area differs from them."""
    published, faults = published_outcome(counts), list[Fault]()
    for name, values in counts.areas.determinants.items():
        found = disguise_of(values.to_numpy(dtype=float), published)
        if found is not None and found[0] is Disguise.OUTCOME:
            advice = _("It explains the counts by themselves: take it out of [[determinants]].")
            what = _("the outcome itself: {why}").format(why=found[1])
            faults.append(Fault(str(name), what, _("a trait that is not made of the count"), advice))
    return faults


def published_outcome(counts: Counts) -> Published:
    """Return what is known of the outcome of each area, for `disguise_of`."""
    shown = np.isin(counts.status, [Status.EXACT, Status.ROUNDED]) & (counts.population > 0)
    lower, upper = (np.where(shown, bound, np.nan) for bound in (counts.lower, counts.upper))
    codes = counts.areas.codes.to_series()
    people = counts.population.astype(float)
    return Published(lower, upper, people, codes, counts.areas.levels, counts.study.columns.count)


def coded_remarks(counts: Counts) -> Iterator[Remark]:
    """Yield values of determinants, and counts, that probably stand for something else."""
    for name, values in counts.areas.determinants.items():
        told = _once_for_each_group(values, counts.areas.levels)
        for value in coded_values(told):

            def say(name: object = name, told: Floats = told, value: float = value) -> str:
                why = coded_values(told)[value]
                message = _(
                    "{column} holds {value} {why}. If that means not known, add it to the missing_symbols of this "
                    "determinant."
                )
                return message.format(column=name, value=f"{value:.10g}", why=why)

            yield remark(RemarkKind.CODED, str(name), say, values.index[values == value])
    rule, column = counts.study.publication, counts.study.columns.count
    numbers = pd.Series(whole_numbers(counts.areas.published)[0], counts.areas.codes)
    shown = numbers[np.isin(counts.status, [Status.EXACT, Status.ROUNDED]) & (counts.population > 0)]
    for value in coded_counts(shown.to_numpy(), lowest_shown(rule)):

        def say_count(value: int = value) -> str:
            smallest = lowest_shown(rule)
            why = coded_counts(shown.to_numpy(), smallest)[value]
            message = _(
                "The count {value} occurs {why}. If it is a code, or was filled in, add it to hidden_symbols or "
                "missing_symbols in [publication]."
            )
            return message.format(value=value, why=why)

        yield remark(RemarkKind.CODED, column, say_count, shown.index[shown == value])


def _once_for_each_group(values: pd.Series, levels: pd.DataFrame) -> Floats:
    """Return a column that is the same within each group of a level once for each group, else as it is."""
    for name in levels:
        groups = values.groupby(levels[name].to_numpy())
        spans = groups.max() - groups.min()
        if 2 * groups.ngroups <= len(values) and not (spans > 0).any():
            return groups.first().to_numpy(dtype=np.float64)
    return values.to_numpy(dtype=np.float64)


FOLLOWS = 0.995
"""Share of the variance of a determinant that others explain, from which it follows from them. The most in the file of
2017 is .94."""
MATTERS = 0.02
"""Standardised coefficient from which a determinant takes part in such a relation."""
EXACT = 1e-6
"""Thousandths of the variance that rounding may take from a determinant that follows exactly."""
AT_MOST = 20_000
"""Areas that are looked at: of more, evenly spaced ones."""


def dependence_remarks(counts: Counts) -> Iterator[Remark]:
    """Yield determinants that follow from two or more of those before them, as a sum of parts does."""
    table = counts.areas.determinants.iloc[:: max(1, len(counts) // AT_MOST)].dropna()
    names = [str(name) for name in table if table[name].std() > 0]
    if len(names) < 3 or len(table) < len(names) + 5:
        return
    values = table[names].to_numpy(float)
    correlations = np.corrcoef(values, rowvar=False)
    free = list[int]()  # none of which follows from the others: their correlations can be inverted
    for index, name in enumerate(names):
        slopes = np.linalg.solve(correlations[np.ix_(free, free)], correlations[free, index])
        explained = float(correlations[index, free] @ slopes)
        parts = [names[j] for j, slope in zip(free, slopes, strict=True) if abs(slope) > MATTERS]
        if explained < FOLLOWS:
            free.append(index)
        elif len(parts) > 1:

            def say(name: str = name, parts: list[str] = parts, explained: float = explained) -> str:
                message = _(
                    "{name} follows from {parts} ({percent} of its variance), as the sum or the rest of parts does: "
                    "their coefficients cannot be told apart. Leave one of them out."
                )
                percent = number(np.floor(1000 * explained + EXACT) / 1000, ".1%")  # 100.0% is all of it
                return message.format(name=name, parts=listed(parts), percent=percent)

            yield remark(RemarkKind.DEPENDENT, name, say)
