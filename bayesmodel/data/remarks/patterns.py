"""Patterns that small-area counts do not normally show: gaps, round counts, numbers of whole groups.

Expected numbers are those of Poisson counts at the share of the country. A pattern is remarked where at least `MISSED`
areas should have broken it, so that chance hardly makes one.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from bayesmodel.data.counts import Counts, Status
from bayesmodel.data.remark import Remark, RemarkKind, remark
from bayesmodel.data.remarks.coded import coded_counts, coded_values
from bayesmodel.messages import _, language, number

MISSED = 5.0
"""Areas that are expected where none is seen, from which that is remarked."""
LIMITS = (10, 5)
"""Limits under which publishers hide counts."""
MULTIPLES = (10, 5, 3, 2)
"""Numbers to which publishers round; counts of two years added up, or doubled, are all even."""
ENOUGH = 20
"""Counts that must all be round before that is remarked."""
APART = 4.0
"""Times the share of the country, or one over it, from which a group is looked at twice."""
TELLING = 50.0
"""Users that must be expected in such a group."""


def pattern_remarks(counts: Counts) -> Iterator[Remark]:
    """Yield remarks on patterns in counts and populations."""
    shown = np.isin(counts.status, [Status.EXACT, Status.ROUNDED, Status.ZERO]) & (counts.population > 0)
    people = counts.population[shown].astype(float)
    if shown.sum() < ENOUGH or not counts.lower[shown].any():
        return
    numbers = pd.Series(counts.lower[shown], counts.areas.codes[shown])
    expected = people * float(numbers.sum() / people.sum())
    rounded = list(_round(counts, numbers))
    yield from rounded or _filled_in(counts, numbers, expected)
    yield from _odd_population(counts)
    yield from _of_the_group(counts)
    yield from _odd_groups(counts, shown)


def _filled_in(counts: Counts, numbers: pd.Series, expected: NDArray[np.float64]) -> Iterator[Remark]:
    """Yield a remark if all small counts are one number and none is hidden: it was probably filled in."""
    if (counts.status == Status.SUPPRESSED).any() or counts.study.publication.rounded_to > 1:
        return
    from scipy import special  # imported late: reading a saved fit does not need it

    for limit in LIMITS:
        small = numbers[numbers < limit]
        if len(small) < 3 or small.min() < small.max():
            continue
        value = int(small.iloc[0])
        exactly = np.exp(special.xlogy(value, expected) - expected - special.gammaln(value + 1))
        others = np.sum(special.pdtr(limit - 1, expected) - exactly)
        if others < MISSED:
            continue

        def say(limit: int = limit, value: int = value, size: int = len(small)) -> str:
            message = _(
                "All {size} counts under {limit} are {value}, where several numbers are expected: probably small "
                "counts were hidden and {value} was filled in. Put the publisher's own symbol back, or say "
                'hidden_symbols = ["{value}"] and hidden_below = {limit} in [publication].'
            )
            return message.format(size=number(size), limit=limit, value=value)

        yield remark(RemarkKind.FILLED_IN, counts.study.columns.count, say, small.index)
        return


def _round(counts: Counts, numbers: pd.Series) -> Iterator[Remark]:
    """Yield a remark if all counts are multiples of one number although the study states no rounding."""
    base = next((each for each in MULTIPLES if (numbers % each == 0).all()), None)
    if base is None or counts.study.publication.rounded_to > 1 or numbers.nunique() < 3:
        return

    def say() -> str:
        message = _(
            "All counts are multiples of {base}: if they are rounded, say rounded_to = {base} in [publication]."
        )
        return message.format(base=base)

    yield remark(RemarkKind.ROUND, counts.study.columns.count, say)


def _odd_population(counts: Counts) -> Iterator[Remark]:
    """Yield populations that probably stand for something else, such as 9999999."""
    people = pd.Series(counts.population.astype(float), counts.areas.codes)
    numbers = counts.population[counts.population > 0]
    for often in coded_counts(numbers):

        def say_often(value: int = often) -> str:
            why = coded_counts(numbers)[value]
            message = _("The population {value} occurs {why}. Look whether it was filled in.")
            return message.format(value=number(value), why=why)

        yield remark(RemarkKind.CODED, counts.study.columns.population_name, say_often, people.index[people == often])
    for value in coded_values(people.to_numpy()):

        def say(value: float = value) -> str:
            why = coded_values(people.to_numpy())[value]
            return _("The population {value} occurs {why}. Look whether it is a code for not known.").format(
                value=number(value, ",.0f"), why=why
            )

        yield remark(RemarkKind.CODED, counts.study.columns.population_name, say, people.index[people == value])


def _of_the_group(counts: Counts) -> Iterator[Remark]:
    """Yield a population, or counts, that are one number in all areas of each group: those of the group itself."""
    exact = (counts.lower == counts.upper) & (counts.population > 0)
    columns = {
        counts.study.columns.population_name: pd.Series(counts.population.astype(float)),
        counts.study.columns.count: pd.Series(np.where(exact, counts.lower, np.nan)),
    }
    for level in counts.study.level_names:
        groups = counts.areas.levels[level].to_numpy()
        for column, values in columns.items():
            known = values.groupby(groups)
            several = known.count() > 1
            if (
                several.sum() < MISSED
                or known.first()[several].nunique() < MISSED
                or (known.nunique()[several] > 1).any()
            ):
                continue

            def say(column: str = column, level: str = level) -> str:
                message = _(
                    "{column} is one number in all {areas} of each {level}: probably it is that of the {level}, and "
                    "not of the {area}."
                )
                areas = counts.study.areas_label[language()]
                return message.format(column=column, areas=areas, level=level, area=counts.study.area)

            yield remark(RemarkKind.COPIED, column, say)


def _odd_groups(counts: Counts, shown: NDArray[np.bool_]) -> Iterator[Remark]:
    """Yield groups whose share lies far from that of the country, with many people: a factor in one of both columns."""
    for level in counts.study.level_names[:1]:
        table = pd.DataFrame({"count": counts.lower, "people": counts.population}, counts.areas.codes)[shown]
        sums = table.groupby(counts.areas.levels[level].to_numpy()[shown]).sum()
        share = (sums["count"] / sums["people"]).median()
        ratio = (sums["count"] / sums["people"]) / share
        many = np.maximum(sums["people"] * share, sums["count"]) >= TELLING
        odd = ratio[many & ((ratio > APART) | (ratio < 1 / APART))]
        if odd.empty or len(sums) < 5:
            continue

        def say(level: str = level, odd: pd.Series = odd) -> str:
            message = _(
                "The share of users in a {level} is {times} times that of the median {level}: look whether count and "
                "population of it are of the same people and in the same unit."
            )
            return message.format(level=level, times=number(float(odd.iloc[0]), ".2g"))

        yield remark(RemarkKind.ODD_SHARE, counts.study.columns.count, say, odd.index)
