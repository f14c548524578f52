"""Columns that are the outcome, the population or an identifier in disguise: looked at by value, not by name.

A column that is the count, its share at any scale, or what is left of either, explains the outcome by itself: areas
then differ from nothing. Measured on the file of 2017 no determinant of a study correlates above .44 with the share,
where the share of another year reaches .9; see docs/decisions/sense-checks.md.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import partial

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from bayesmodel.messages import _, number

Floats = NDArray[np.float64]

SCALES = (1.0, 100.0, 1_000.0, 10_000.0, 100_000.0)
"""What a share may have been multiplied by: a fraction, per cent, per thousand, ..."""
REMADE = 0.9
"""Share of the areas shown in which the outcome gives the column, within its rounding, from which it is made of it."""
BY_CHANCE = 0.5
"""Share of areas that may agree after the column is shifted to other areas: above this, agreement says nothing."""
CLOSE = 0.85
"""Correlation with the share, over areas with a count large enough to tell, from which a column is too close to it."""
CLOSE_BY_NAME = 0.6
"""The same of a column that is called as the counts are: the share of a year before correlates .76 to .85 in Almere."""
TELLING = 30
"""Count from which the share of an area tells more than chance."""
FEWEST = 3
"""Groups from which a column that has the digits of their codes is their number."""
OF_NUMBERS = re.compile(
    r"(nr|nummer|number|code|(^|_|\W)(id|pc[46]))$|^(nr|nummer|code|postcode|id|pc[46])(_|\b)", re.I
)
"""Names of columns of numbers that name something, where each area or group has one of its own."""
ENOUGH = 12
"""Areas from which a correlation or an agreement is looked at."""
SAME_SIZE = 0.995
"""Correlation of logarithms with the population from which a column is the population."""
OF_COUNT, PART_OF_COUNT = 0.98, 0.6
"""Correlation of ranks with the count from which a column is the count in other words; and of what the population does
not say of either, from which a column that is never above the count is a part of it."""
GROUPS, OF_GROUPS = 8, 0.95
"""Groups of which a share is known, and correlation with it from which a column is that share."""
OF_MANY_GROUPS, SURE = 0.75, 2.3
"""The same of groups so many that the correlation is surely higher than this: by so many errors of Fisher's z."""
WITHIN = 0.9
"""Correlation with the share within groups from which a column is the share of an area beside that of its group."""


class Disguise(StrEnum):
    """What a column is in truth."""

    OUTCOME = "outcome"
    NEAR_OUTCOME = "near_outcome"
    POPULATION = "population"
    IDENTIFIER = "identifier"


@dataclass(frozen=True)
class Published:
    """The outcome as far as it is known.

    Parameters
    ----------
    lower, upper : ndarray (area,)
        Bounds of the count; NaN where nothing is shown.
    population : ndarray (area,)
        People over whom is counted; NaN where not known.
    codes : Series of str
        Code of each area.
    groups : DataFrame of str
        Group of each area per level.
    name : str
        Of the column of counts.
    """

    lower: Floats
    upper: Floats
    population: Floats
    codes: pd.Series
    groups: pd.DataFrame
    name: str = ""

    @property
    def share(self) -> Floats:
        """Middle of the share of each area; NaN where it is not shown."""
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.where(self.population > 0, (self.lower + self.upper) / 2 / self.population, np.nan)


def disguise_of(values: Floats, published: Published, name: str = "") -> tuple[Disguise, str] | None:
    """Return what a column is in truth, and how that was seen; None where it may be a determinant.

    Parameters
    ----------
    values : ndarray of float (area,)
        The column; NaN where not known.
    published : Published
    name : str
        Of the column: one that shares a word with that of the counts is suspected sooner.

    Returns
    -------
    tuple of Disguise and str, or None
        The sentence is in the language of the user.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> people = rng.integers(100, 2000, 40).astype(float)
    >>> count = rng.binomial(people.astype(int), 0.1).astype(float)
    >>> codes = pd.Series([f"WK{i:06d}" for i in rng.permutation(40)])
    >>> known = Published(count, count, people, codes, pd.DataFrame(index=range(40)))
    >>> disguise_of(np.round(100 * count / people), known)[0].value
    'outcome'
    >>> disguise_of(rng.normal(30, 5, 40).round(1), known) is None
    True
    """
    for look in (_remade, partial(_identifier, name=name), _population, _of_count, _of_groups, _within_groups):
        found = look(values, published)
        if found is not None:
            return found
    return _close(values, published, CLOSE_BY_NAME if _share_a_word(name, published.name) else CLOSE)


def _remade(values: Floats, published: Published) -> tuple[Disguise, str] | None:
    """See whether the outcome gives the column in nearly every area, within the rounding of both."""
    known = np.isfinite(values) & np.isfinite(published.lower) & (published.population > 0)
    if known.sum() < ENOUGH or np.ptp(values[known]) == 0:
        return None
    value, lower, upper = values[known], published.lower[known], published.upper[known]
    people = published.population[known]
    half = _half_unit(value)
    forms = {_("the count itself"): (lower, upper), _("the people without care"): (people - upper, people - lower)}
    for scale in SCALES:
        of = number(scale, ",.0f")
        forms[_("the count per {scale} people").format(scale=of)] = (scale * lower / people, scale * upper / people)
        forms[_("what is left of {scale} after the count per {scale} people").format(scale=of)] = (
            scale - scale * upper / people,
            scale - scale * lower / people,
        )
    for said, (low, high) in forms.items():
        agrees = _agree(value, low, high, half)
        if agrees >= REMADE and max(_agree(np.roll(value, shift), low, high, half) for shift in (1, 7)) <= BY_CHANCE:
            text = _("it is {what}, in {percent} of the areas where a count is shown")
            return Disguise.OUTCOME, text.format(what=said, percent=number(agrees, ".0%"))
    return None


def _agree(value: Floats, low: Floats, high: Floats, half: float) -> float:
    """Return the share of areas in which a value is what an interval gives, within half a unit of its last digit."""
    slack = half + 1e-9 * np.abs(value)
    return float(((value >= low - slack) & (value <= high + slack)).mean())


def _half_unit(values: Floats) -> float:
    """Return half of the last digit that values are given in."""
    for digits in range(7):
        if np.allclose(values, np.round(values, digits), rtol=0, atol=1e-9):
            return float(0.5 * 10.0**-digits)
    return 1e-6


def _identifier(values: Floats, published: Published, name: str = "") -> tuple[Disguise, str] | None:
    """See whether a column numbers the areas or their groups."""
    if not np.isfinite(values).all() or (values % 1 != 0).any() or len(values) < ENOUGH:
        return None
    whole, called = values.astype(np.int64), name
    sets = {_("areas"): published.codes} | {str(name): published.groups[name] for name in published.groups}
    for name, codes in sets.items():
        table = pd.DataFrame({"code": codes.to_numpy(), "value": whole}).drop_duplicates()
        if len(table) < FEWEST or not (table["code"].is_unique and table["value"].is_unique):
            continue
        digits = pd.to_numeric(table["code"].str.replace(r"[^0-9]", "", regex=True), errors="coerce")
        counted = np.ptp(table["value"]) + 1 == len(table)
        ordered = table.sort_values("code")["value"].is_monotonic_increasing
        if len(table) >= ENOUGH and (counted or ordered or OF_NUMBERS.search(called)):
            return Disguise.IDENTIFIER, _("it numbers the {what}").format(what=name)
        if bool((digits == table["value"]).all()):
            return Disguise.IDENTIFIER, _("it numbers the {what}").format(what=name)
    return None


def _population(values: Floats, published: Published) -> tuple[Disguise, str] | None:
    """See whether a column is the population, or nearly."""
    known = np.isfinite(values) & (published.population > 0)
    if known.sum() < max(ENOUGH, len(values) / 2):
        return None
    people, sizes = np.log(published.population[known]), [0.0]
    sizes.append(abs(_correlation(values[known], people)))  # its logarithm
    if (positive := values[known] > 0).mean() > 1 / 2:
        sizes.append(_correlation(np.log(values[known][positive]), people[positive]))
    size = max(sizes)
    if size < SAME_SIZE:
        return None
    return Disguise.POPULATION, _("it is the population, or grows with it (correlation {size})").format(
        size=number(size, ".3f")
    )


def _of_count(values: Floats, published: Published) -> tuple[Disguise, str] | None:
    """See whether a column rises with the count itself, as its logarithm does, or is a part of it."""
    count, people = published.lower, published.population
    known = np.isfinite(values) & np.isfinite(count) & (count >= TELLING) & (people > 0)
    if known.sum() < 2 * ENOUGH or np.ptp(values[known]) == 0 or np.ptp(people[known]) == 0:
        return None
    ranks = [np.asarray(pd.Series(part[known]).rank(), dtype=np.float64) for part in (values, count, people)]
    size = _correlation(ranks[0], ranks[1])
    if size >= OF_COUNT and size > _correlation(ranks[0], ranks[2]) + (1 - OF_COUNT) / 4:
        text = _("it rises with the count that is to be explained (correlation {size})")
        return Disguise.NEAR_OUTCOME, text.format(size=number(size, ".2f"))
    telling = known & (values > 0)
    if (values[known] > count[known]).any() or (values[known] % 1 != 0).any() or telling.sum() < 2 * ENOUGH:
        return None
    column, counted, size_of = (np.log(part[telling]) for part in (values, count, people))
    rest = _correlation(_beside(column, size_of), _beside(counted, size_of))
    if rest < PART_OF_COUNT or _correlation(column, counted) < CLOSE:
        return None
    text = _(
        "it is never above the count that is to be explained, and rises with it (correlation {size}), as a part does"
    )
    return Disguise.NEAR_OUTCOME, text.format(size=number(_correlation(column, counted), ".2f"))


def _beside(values: Floats, other: Floats) -> Floats:
    """Return what is left of values after a straight line in another column."""
    return np.asarray(values - np.polyval(np.polyfit(other, values, 1), other), dtype=np.float64)


def _of_groups(values: Floats, published: Published) -> tuple[Disguise, str] | None:
    """See whether a column is the outcome of the groups that the areas lie in, or their order by it."""
    known = np.isfinite(values) & np.isfinite(published.lower) & (published.population > 0)
    midpoint = (published.lower + published.upper) / 2
    for name in published.groups:
        table = pd.DataFrame({"value": values, "count": midpoint, "people": published.population})[known]
        groups = published.groups[name].to_numpy()[known]
        if table["value"].groupby(groups).nunique().max() != 1:
            continue
        sums = table[["count", "people"]].groupby(groups).sum()
        value, share = table["value"].groupby(groups).first(), sums["count"] / sums["people"]
        if len(share) < GROUPS or value.nunique() < GROUPS / 2:
            continue
        x, y = value.to_numpy(dtype=np.float64), share.to_numpy(dtype=np.float64)
        ranks = [np.asarray(each.rank(), dtype=np.float64) for each in (value, share)]
        size = max(abs(_correlation(x, y)), abs(_correlation(ranks[0], ranks[1])))
        if size >= OF_GROUPS or np.arctanh(size) - SURE / np.sqrt(len(share) - 3) >= np.arctanh(OF_MANY_GROUPS):
            text = _("it is the share of each {level} that is to be explained, or follows it (correlation {size})")
            return Disguise.NEAR_OUTCOME, text.format(level=name, size=number(size, ".2f"))
    return None


def _within_groups(values: Floats, published: Published) -> tuple[Disguise, str] | None:
    """See whether a column is the share of an area less that of its group, or over it."""
    share, people = published.share, published.population
    known = np.isfinite(values) & np.isfinite(share) & (published.lower >= TELLING)
    for name in published.groups:
        groups = published.groups[name].to_numpy()[known]
        if known.sum() - len(np.unique(groups)) < 2 * ENOUGH:
            continue
        table = pd.DataFrame({"value": values, "share": share, "people": people})[known]
        sums = table.mul(table["people"], axis=0).assign(people=table["people"]).groupby(groups).transform("sum")
        value, own = (
            (table[part] - sums[part] / sums["people"]).to_numpy(dtype=np.float64) for part in ("value", "share")
        )
        size = abs(_correlation(value, own, people[known]))
        if size >= WITHIN:
            text = _("within each {level} it follows the share that is to be explained (correlation {size})")
            return Disguise.NEAR_OUTCOME, text.format(level=name, size=number(size, ".2f"))
    return None


def _share_a_word(name: str, other: str) -> bool:
    """Whether two names of columns have a word of five letters or more in common."""
    first, second = (set(re.findall(r"[^\W\d_]{5,}", text.lower())) for text in (name, other))
    return any(word in part or part in word for word in first for part in second)


def _close(values: Floats, published: Published, limit: float) -> tuple[Disguise, str] | None:
    """See whether a column is closer to the share than a determinant can be: another year, another way of counting."""
    share, count = published.share, published.lower
    for value in (values, values / np.where(published.population > 0, published.population, np.nan)):
        known = np.isfinite(value) & np.isfinite(share) & (count >= TELLING)
        if known.sum() < 2 * ENOUGH or np.ptp(value[known]) == 0 or np.ptp(share[known]) == 0:
            continue
        ranks = [np.asarray(pd.Series(part[known]).rank(), dtype=np.float64) for part in (value, share)]
        size = max(
            abs(_correlation(value[known], share[known], published.population[known])),
            abs(_correlation(ranks[0], ranks[1])),
        )
        if size >= limit:
            text = _(
                "it follows the share that is to be explained (correlation {size}), as the same of another year does"
            )
            return Disguise.NEAR_OUTCOME, text.format(size=number(size, ".2f"))
    return None


def _correlation(x: Floats, y: Floats, weights: Floats | None = None) -> float:
    """Return a weighted correlation; 0 where one of the two does not vary."""
    x, y = x - np.average(x, weights=weights), y - np.average(y, weights=weights)
    both = np.average(x * x, weights=weights) * np.average(y * y, weights=weights)
    return float(np.average(x * y, weights=weights) / np.sqrt(both)) if both > 0 else 0.0
