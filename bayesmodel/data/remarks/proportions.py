"""Counts and populations that do not match: equal, far apart in one area, or counts that are rates.

People in care are more where more people live. What is expected is worked out as for hidden counts: people times the
share of the smallest group that tells it, with the variation between areas of one gemeente.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from bayesmodel.data.count_validation import BASE, MIN_MULTIPLES
from bayesmodel.data.counts import Counts, Status
from bayesmodel.data.remark import Remark, RemarkKind, remark
from bayesmodel.data.remarks.hidden import shares_around
from bayesmodel.messages import _, number, plural

Floats = NDArray[np.float64]

MIN_EQUAL_AREAS = 3
"""Areas in which everybody uses care, where few do elsewhere, from which that is remarked."""
MIN_PEOPLE = 20
"""People that such an area has at least."""
MAX_COMMON_SHARE = 1 / 3
"""Share of users in all areas up to which nobody expects them to be everybody anywhere."""
MAX_RATIO = 1 / 4
"""Times what is expected, up to which a count that is shown is looked at twice."""
MIN_EXPECTED = 30.0
"""Users expected in such an area."""
MIN_RATIO = 4.0
"""Times what is expected, from which a count that is shown is looked at twice."""
MIN_FOUND = 40.0
"""Users counted in such an area."""
MAX_SLOPE = 0.4
"""Slope of the logarithms of counts on those of populations, up to which counts do not grow with the population."""
MIN_STANDARD_ERRORS = 5.0
"""Standard errors by which such a slope is below 1, the slope of a constant share."""
MIN_LOG_SD = 0.4
"""Sd of the logarithms of populations, from which counts can be seen to grow."""
MIN_AREAS = 8
"""Areas of a group from which that is looked at."""
COARSE = (1000, 500, 100, 50, BASE)
"""What populations may be rounded to multiples of."""
FINE = BASE
"""Of these multiples, up to which the rounding changes shares less than chance does."""
FEW_BASES = 4
"""Of these multiples, below which the rounding shows in numbers of users (docs/decisions/population-noise.md)."""


def proportion_remarks(counts: Counts) -> Iterator[Remark]:
    """Yield remarks on tiny populations that are rounded, and where count and population do not match."""
    yield from _rounded_populations(counts)
    shown = np.isin(counts.status, [Status.EXACT, Status.ROUNDED, Status.ZERO]) & (counts.population > 0)
    if not counts.lower[shown].any():
        return
    yield from _everybody(counts, shown)
    yield from _far_off(counts, shown)
    yield from _rates(counts, shown)


def _rounded_populations(counts: Counts) -> Iterator[Remark]:
    """Yield the areas of so few people that the rounding of populations shows in numbers of users."""
    people = counts.population
    lived = people > 0
    base = next((each for each in COARSE if not (people % each).any()), 0)
    few = lived & (people < FEW_BASES * base)
    if lived.sum() < MIN_MULTIPLES or not few.any():
        return

    def say() -> str:
        message = _(
            "Populations are all multiples of {base}, so rounded. Under {few} people that makes numbers of users less "
            "certain than their intervals say; shares and verdicts hardly change. Look at shares there, or leave such "
            "areas out with [[exclusions]]."
        )
        if base > FINE:
            message = _(
                "Populations are all multiples of {base}, so rounded. Under {few} people a share may be off by "
                "{percent} and more from that alone, which no interval says. Take populations that are not rounded, or "
                "leave such areas out with [[exclusions]]."
            )
        return message.format(base=base, few=number(FEW_BASES * base), percent=number(0.5 / FEW_BASES, ".0%"))

    yield remark(RemarkKind.ROUNDED_POPULATION, counts.study.columns.population_name, say, counts.areas.codes[few])


def _everybody(counts: Counts, shown: NDArray[np.bool_]) -> Iterator[Remark]:
    """Yield areas in which the count is the population."""
    people = counts.population
    all_of_them = shown & (counts.lower == people) & (people >= MIN_PEOPLE)
    share = counts.lower[shown & ~all_of_them].sum() / max(people[shown & ~all_of_them].sum(), 1)
    if all_of_them.sum() < MIN_EQUAL_AREAS or share > MAX_COMMON_SHARE:
        return

    def say() -> str:
        message = _(
            "In {size} areas the count is the population itself, where {share} is counted elsewhere: look whether the "
            "right column was copied there."
        )
        return message.format(size=number(int(all_of_them.sum())), share=number(share, ".1%"))

    codes = counts.areas.codes[all_of_them]
    yield remark(RemarkKind.COUNT_IS_POPULATION, counts.study.columns.count, say, codes)


def _far_off(counts: Counts, shown: NDArray[np.bool_]) -> Iterator[Remark]:
    """Yield areas that show a quarter of what is expected or less, or four times or more: zero or 888 for not known."""
    people = np.where(shown, counts.population.astype(float), 0.0)
    midpoint = np.where(shown, (counts.lower + counts.upper) / 2, 0.0)
    around, of_all = shares_around(counts, midpoint, people), midpoint.sum() / people.sum()
    # beside a few others of its gemeente an area may well be far off: it must be so in the country as well
    least, most = np.minimum(around, of_all) * people, np.maximum(around, of_all) * people
    low = shown & (least >= MIN_EXPECTED) & (midpoint <= MAX_RATIO * least)
    high = shown & (most > 0) & (midpoint >= MIN_FOUND) & (midpoint >= MIN_RATIO * most)
    for rows, expected, rank, is_low in ((low, least, least, True), (high, most, midpoint, False)):
        if not rows.any():
            continue
        index = int(np.argmax(np.where(rows, rank, 0.0)))

        def say(
            rows: NDArray[np.bool_] = rows, index: int = index, is_low: bool = is_low, expected: Floats = expected
        ) -> str:
            size = int(rows.sum())
            message = (
                plural(
                    "In {count} area a quarter or less is counted of what the share around it gives (such as "
                    "{{found}} where {{expected}} would be usual).",
                    "In {count} areas a quarter or less is counted of what the share around them gives (such as "
                    "{{found}} where {{expected}} would be usual).",
                    size,
                )
                if is_low
                else plural(
                    "In {count} area four times or more is counted of what the share around it gives (such as "
                    "{{found}} where {{expected}} would be usual).",
                    "In {count} areas four times or more is counted of what the share around them gives (such as "
                    "{{found}} where {{expected}} would be usual).",
                    size,
                )
            )
            ask = (
                _("Look whether it is the count, or stands for not known, or lost a digit, and at the population.")
                if is_low
                else _(
                    "Look whether it is the count, or a code, or has a digit too many, and at the population; where an "
                    "institution is, it may be so."
                )
            )
            filled = message.format(found=number(midpoint[index], ",.0f"), expected=number(expected[index], ",.0f"))
            return f"{filled} {ask}"

        yield remark(RemarkKind.ODD_SHARE, counts.study.columns.count, say, counts.areas.codes[rows])


def _rates(counts: Counts, shown: NDArray[np.bool_]) -> Iterator[Remark]:
    """Yield groups, or the country, whose counts do not grow with the population: percentages, or numbers per 1,000."""
    telling = shown & (counts.lower == counts.upper) & (counts.lower > 0)
    table = pd.DataFrame(
        {"count": np.log(np.maximum(counts.lower, 1)), "people": np.log(np.maximum(counts.population, 1))}
    )
    column, codes = counts.study.columns.count, counts.areas.codes
    if _is_rate(table[telling]):

        def everywhere() -> str:
            return _(
                "Counts are no higher where more people live: look whether the column holds percentages, or numbers "
                "per 1,000, instead of people."
            )

        yield remark(RemarkKind.NO_COUNTS, column, everywhere)
        return
    for level in counts.study.level_names[:1]:
        groups = counts.areas.levels[level].to_numpy()
        odd = [str(group) for group, part in table[telling].groupby(groups[telling]) if _is_rate(part)]
        if not odd:
            continue

        def inside(level: str = level) -> str:
            message = _(
                "In this {level} counts are no higher where more people live: look whether its numbers are "
                "percentages, or per 1,000, instead of people."
            )
            return message.format(level=level)

        yield remark(RemarkKind.NO_COUNTS, column, inside, codes[np.isin(groups, odd) & telling])


def _is_rate(part: pd.DataFrame) -> bool:
    """Whether counts hardly grow with populations that differ much."""
    if len(part) < MIN_AREAS or part["people"].std() < MIN_LOG_SD:
        return False
    x, y = (part[name] - part[name].mean() for name in ("people", "count"))
    slope = float((x * y).sum() / (x**2).sum())
    error = float(np.sqrt(((y - slope * x) ** 2).sum() / (len(part) - 2) / (x**2).sum()))
    return slope <= MAX_SLOPE and 1 - slope > MIN_STANDARD_ERRORS * error
