"""Hidden counts in areas where far more are expected than the rule hides: the symbol probably means something else.

Before the fit: mu = people times the share of the gemeente (of the country where the gemeente shows too little), and

    P(Y <= highest) with Y ~ NegativeBinomial(mu, variance mu + d mu^2)

with d the variation between areas of one gemeente, by moments from the counts that are shown.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from bayesmodel.data.counts import Counts, Status
from bayesmodel.data.publication import highest_hidden
from bayesmodel.data.remark import Remark, RemarkKind, remark
from bayesmodel.messages import _, number, plural

Floats = NDArray[np.float64]

UNLIKELY = 0.001
"""Probability below which a hidden count is implausible."""
TELLING = 50
"""People in care whom the shown areas of a group need, for its own share to be used."""
VARIATION = (0.005, 0.03)
"""Bounds of d: a few special areas must not make everything plausible."""


def crude_expectation(counts: Counts) -> tuple[Floats, float]:
    """Return the expected count of each area by the crude share of its group (area,), and the size parameter.

    The count is around it as a negative binomial: variance mean + mean^2 / size.
    """
    population = counts.population.astype(float)
    shown = np.isin(counts.status, [Status.EXACT, Status.ROUNDED]) & (population > 0)
    midpoint = np.where(shown, (counts.lower + counts.upper) / 2, 0.0)
    mean = crude_shares(counts, midpoint, np.where(shown, population, 0.0)) * population
    excess = float(np.sum((midpoint - mean)[shown] ** 2 - mean[shown]) / max(np.sum(mean[shown] ** 2), 1e-9))
    return mean, float(1 / np.clip(excess, *VARIATION))


def chance_of_hidden(counts: Counts) -> pd.DataFrame:
    """Return the expected count of each hidden area from the crude shares, and how plausible its symbol is.

    Parameters
    ----------
    counts : Counts

    Returns
    -------
    DataFrame
        Indexed by the code of each hidden area: ``people``, ``expected``, ``probability`` of a count that the rule
        hides.
    """
    from scipy import special

    population = counts.population.astype(float)
    shown = np.isin(counts.status, [Status.EXACT, Status.ROUNDED]) & (population > 0)
    hidden = (counts.status == Status.SUPPRESSED) & (population > 0)
    if not shown.any() or not hidden.any():
        return pd.DataFrame({"people": [], "expected": [], "probability": []}, dtype=float)
    mean, size = crude_expectation(counts)
    highest = highest_hidden(counts.study.publication)
    # of a negative binomial
    probability = special.betainc(size, highest + 1, size / (size + mean[hidden]))
    return pd.DataFrame(
        {"people": population[hidden], "expected": mean[hidden], "probability": probability},
        index=counts.areas.codes[hidden],
    )


def hidden_remarks(counts: Counts) -> Iterator[Remark]:
    """Yield the hidden areas in which far more are expected than the rule hides."""
    table = chance_of_hidden(counts)
    odd = table[table["probability"] < UNLIKELY].sort_values("expected", ascending=False)
    silent = silent_groups(counts, odd)
    if len(silent):
        level = counts.areas.levels[counts.study.delivery.level]
        inside = level[odd.index].isin(silent.index).to_numpy()
        yield _not_delivered(counts, silent, odd.index[inside])
        odd = odd[~inside]
    if odd.empty:
        return

    def say() -> str:
        message = _(
            "The count is hidden, so read as at most {highest}, where many more are expected by the share around it "
            "(number of areas: {number}; up to {expected} of {people} people). The symbol may also mean not known or "
            "unreliable: if so, state it in missing_symbols, or leave these areas out."
        )
        return message.format(
            highest=highest_hidden(counts.study.publication),
            number=number(len(odd)),
            expected=number(float(odd["expected"].iloc[0]), ",.0f"),
            people=number(float(odd["people"].iloc[0]), ",.0f"),
        )

    yield remark(RemarkKind.HIDDEN_UNLIKELY, counts.study.columns.count, say, odd.index)


def silent_groups(counts: Counts, odd: pd.DataFrame) -> pd.DataFrame:
    """Return the groups that show no count, of no area and not in their own row, with one that is hidden implausibly.

    Parameters
    ----------
    counts : Counts
    odd : DataFrame
        Hidden areas in which far more are expected, as `chance_of_hidden` has them.

    Returns
    -------
    DataFrame
        Indexed by group of the level that `delivery` is about: ``people``, ``expected``; the most expected first.
    """
    level = counts.study.delivery.level
    if level not in counts.areas.levels or odd.empty:
        return pd.DataFrame({"people": [], "expected": []}, dtype=float)
    groups = counts.areas.levels[level].to_numpy()
    nothing = np.isin(counts.status, [Status.SUPPRESSED, Status.MISSING]) | (counts.population == 0)
    table = pd.DataFrame({
        "nothing": nothing,
        "odd": counts.areas.codes.isin(odd.index),
        "people": counts.population.astype(float),
        "expected": crude_expectation(counts)[0],
    })  # fmt: skip
    found = table.groupby(groups).agg({"nothing": "all", "odd": "any", "people": "sum", "expected": "sum"})
    totals = counts.totals
    if len(totals):
        shown = totals["status"].isin([Status.EXACT, Status.ROUNDED]) & (totals["level"] == level)
        found = found[~found.index.isin(totals.loc[shown, "group"])]
    return found.loc[found["nothing"] & found["odd"], ["people", "expected"]].sort_values("expected", ascending=False)


def _not_delivered(counts: Counts, groups: pd.DataFrame, areas: pd.Index) -> Remark:
    """Return the remark that groups seem to have delivered nothing, with the lines of the study that say so."""

    def say() -> str:
        message = _(
            "No count at all is shown of {groups} where many are expected: in {first} about {expected} of {people} "
            "people. Most likely they were not delivered, but they are read as hidden, so at most {highest} in each "
            "{area}, and spoil the model. Then say under [delivery]: none = [{names}]; they are predicted."
        )
        first = groups.iloc[0]
        return message.format(
            groups=f"{number(len(groups))} x {counts.study.delivery.level}",
            first=groups.index[0],
            expected=number(float(first["expected"]), ",.0f"),
            people=number(float(first["people"]), ",.0f"),
            highest=highest_hidden(counts.study.publication),
            area=counts.study.area,
            names=", ".join(f'"{name}"' for name in groups.index),
        )

    return remark(RemarkKind.NOT_DELIVERED, counts.study.columns.count, say, areas)


HIGHEST_LIMIT = 100
"""No publisher hides counts above it because they are small."""
MISSED = 5.0
"""Areas that are expected to show a count between the limit and the smallest count shown, from which none is odd."""


def limit_remarks(counts: Counts) -> Iterator[Remark]:
    """Remark if no count just above the limit is shown: more is hidden than stated, so use is underestimated."""
    rule = counts.study.publication
    population, highest = counts.population.astype(float), highest_hidden(rule)
    shown = (counts.status == Status.EXACT) & (population > 0)
    hidden = (counts.status == Status.SUPPRESSED) & (population > 0)
    if rule.rounded_to > 1 or rule.raised_from or shown.sum() < MISSED or not hidden.any():
        return
    smallest = int(counts.lower[shown & (counts.lower > highest)].min(initial=np.iinfo(np.int64).max))
    if not highest + 1 < smallest <= HIGHEST_LIMIT:
        return
    from scipy import special

    midpoint = np.where(shown, counts.lower, 0.0)
    mean = crude_shares(counts, midpoint, np.where(shown, population, 0.0)) * population
    mean = mean[(shown | hidden) & (mean > 0)]
    size = 1 / VARIATION[1]
    below, up_to = (1 - special.betainc(k + 1, size, mean / (size + mean)) for k in (highest, smallest - 1))
    expected = float(np.sum(up_to - below))
    if expected < MISSED:
        return

    def say() -> str:
        message = _(
            "No count from {first} to {last} is shown, where about {expected} areas are expected to have one: probably "
            "all counts under {smallest} are hidden, and not only up to {highest}. Then say hidden_below = {smallest}; "
            "else hidden counts are read too low."
        )
        return message.format(
            first=highest + 1,
            last=smallest - 1,
            expected=number(expected, ",.0f"),
            smallest=smallest,
            highest=highest,
        )

    yield remark(RemarkKind.HIDING_LIMIT, "publication.hidden_below", say)


LEAST_MISSING = 5
"""Missing counts from which it is looked whether they are hidden, and the smallest count that is shown at least."""


def missing_remarks(counts: Counts) -> Iterator[Remark]:
    """Remark if no small count is shown or hidden: they are missing where few are expected, or raised, or left out."""
    population = counts.population.astype(float)
    shown = np.isin(counts.status, [Status.EXACT, Status.ROUNDED]) & (population > 0)
    missing = (counts.status == Status.MISSING) & (population > 0)
    missing &= ~counts.areas.codes.isin(list(counts.areas.without_count))
    positive = counts.lower[shown & (counts.upper > 0)]
    if (counts.status == Status.SUPPRESSED).any() or not len(positive):
        return
    smallest = int(positive.min())
    mean, size = crude_expectation(counts)
    few, small = missing.sum() < LEAST_MISSING, missing & (mean <= 2 * smallest)
    if not LEAST_MISSING <= smallest <= HIGHEST_LIMIT or not (few or 2 * small.sum() >= missing.sum()):
        return
    from scipy import special

    known = mean[(shown | missing) & (mean > 0)]
    expected = float(np.sum(special.betainc(size, smallest, size / (size + known))))
    if expected < MISSED:
        return

    def say() -> str:
        message = _(
            "No count under {smallest} is shown, where about {expected} areas are expected to have one, and {size} "
            "counts are missing where few are expected: probably their symbol means hidden. Then state it in "
            "hidden_symbols, with hidden_below = {smallest}; read as missing, small counts are predicted too high."
        )
        if few:
            message = _(
                "No count under {smallest} is shown, where about {expected} areas are expected to have one, and none "
                "is hidden or missing: probably small counts were raised to {smallest}, or these areas were left out. "
                "Look how they are published, and say so in [publication]."
            )
        if few and missing.any():
            message = _(
                "No count under {smallest} is shown, where about {expected} areas are expected to have one, none is "
                "hidden, and {missing}: probably small counts were raised to {smallest}, or these areas were left out. "
                "Look how they are published, and say so in [publication]."
            )
        filled = {"smallest": smallest, "expected": number(expected, ",.0f"), "size": number(int(small.sum()))}
        filled |= {"missing": plural("{count} is missing", "{count} are missing", int(missing.sum()))}
        return message.format(**filled)

    where = "publication.hidden_below" if few else "publication.missing_symbols"
    yield remark(RemarkKind.HIDING_LIMIT, where, say, counts.areas.codes[small & (not few)])


def crude_shares(counts: Counts, midpoint: Floats, people: Floats) -> Floats:
    """Return the crude share of the smallest group with enough counts, for each area; otherwise that of all areas."""
    return _shares(counts, midpoint, people, without=0.0)


def shares_around(counts: Counts, midpoint: Floats, people: Floats) -> Floats:
    """Return the same without the area itself, whose own count and population are what is looked at."""
    return _shares(counts, midpoint, people, without=1.0)


def _shares(counts: Counts, midpoint: Floats, people: Floats, without: float) -> Floats:
    """Return the share of the smallest group, less the area itself `without` times."""
    own, own_people = without * midpoint, without * people
    share = (midpoint.sum() - own) / np.maximum(people.sum() - own_people, 1.0)
    levels = counts.areas.levels
    # from the coarsest level to the finest, which takes precedence if it has enough counts
    for name in sorted(levels, key=lambda level: levels[level].nunique()):
        groups = pd.DataFrame({"group": levels[name].to_numpy(), "count": midpoint, "people": people}).groupby("group")
        sums = groups[["count", "people"]].transform("sum")
        count, held = sums["count"].to_numpy() - own, sums["people"].to_numpy() - own_people
        share = np.where(count >= TELLING, count / np.maximum(held, 1.0), share)
    return np.asarray(share, dtype=np.float64)
