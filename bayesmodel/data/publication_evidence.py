"""Evidence on the publication rule from the numbers of areas that are hidden or show each small count.

Given the expected number of areas at each count, E_0, E_1, ..., a rule turns counts into cells: hidden, or shown as a
number. Over the numbers up to a few above the limit the score of a rule is that of a multinomial,

    log score = sum over cells of N_cell log(E_cell / sum of all E_cell)

so that only the distribution of areas over the cells matters, not their number: an expectation that is off
by the same factor for all small counts has the same score. An area that cannot be hidden has no extra weight.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from bayesmodel.data.publication import (
    are_hidden,
    highest_hidden,
    lowest_hidden,
    published_bounds,
    published_numbers,
    rounding_offsets,
)
from bayesmodel.messages import _
from bayesmodel.study.parts import Publication

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

CLEARLY = float(np.log(1000))
"""Gain in log score from which a rule fits clearly better: under the rule of the study such a gain has a probability of
at most 1 in 1,000 for each other rule (Markov's inequality, as the mean likelihood ratio is one)."""
HARDLY = 3.0
"""Loss in log score within which other rules are listed with the best one."""
ABOVE = 5
"""How many numbers above the smallest shown one are used to predict its frequency."""
LARGEST_LIMIT = 250
"""Largest limit for which the check is made; above it counts are not small."""
HIDDEN = -1
"""The cell of hidden counts."""


@dataclass(frozen=True)
class PublishedNumbers:
    """How many areas are hidden, and how many show each number.

    Parameters
    ----------
    hidden : int
        Areas whose count is hidden.
    shown : Series of int
        How many areas show a number, indexed by that number, ascending; areas without people left out.
    """

    hidden: int
    shown: pd.Series

    @classmethod
    def of(cls, hidden: int, numbers: Integers) -> PublishedNumbers:
        """Count the numbers shown."""
        return cls(int(hidden), pd.Series(numbers, dtype=np.int64).value_counts().sort_index())

    def smallest(self, publication: Publication) -> int:
        """Return the smallest number shown above the hidden counts; 0 where none is.

        Examples
        --------
        >>> PublishedNumbers.of(3, np.array([0, 11, 14])).smallest(Publication(hidden_below=10, hidden_from=1))
        11
        """
        above = self.shown.index[self.shown.index > max(lowest_hidden(publication), 0)]
        return int(above[0]) if len(above) else 0

    def times(self, number: int) -> int:
        """Return how often a number is shown."""
        return int(self.shown.get(number, 0))


def candidate_rules(publication: Publication, smallest: int) -> tuple[Publication, ...]:
    """Return the rules under which the numbers shown can begin at `smallest`, that of the study first.

    They differ in the largest hidden count h: without rounding, counts from h + 1 to `smallest` are shown as
    `smallest`; with rounding it stands for those of its multiple that are above h. Where counts are rounded at random,
    the rounded count may be what is hidden below `smallest`.

    Parameters
    ----------
    publication : Publication
        The rule of the study.
    smallest : int
        The smallest number shown above the hidden counts.

    Returns
    -------
    tuple of Publication
        Only the study's if nothing is hidden or no number is shown.

    Examples
    --------
    >>> rules = candidate_rules(Publication(hidden_below=10), 10)
    >>> [(rule.hidden_below, rule.raised_from) for rule in rules][:4]
    [(10, 0), (10, 1), (10, 2), (10, 3)]
    """
    own, lowest, to = highest_hidden(publication), lowest_hidden(publication), publication.rounded_to
    if own < 0 or not 0 < smallest <= LARGEST_LIMIT:
        return (publication,)
    changes: list[dict[str, object]]
    if to == 1:
        firsts = range(lowest + 1, smallest + 1)
        changes = [{"hidden_below": smallest, "raised_from": first if first < smallest else 0} for first in firsts]
    elif publication.rounding == "random":
        # a count just below `smallest` could be shown as the multiple below it
        changes = [
            {"hidden_below": limit, "hidden_when": "before rounding"} for limit in range(smallest, smallest + to)
        ]
        changes += [{"hidden_below": smallest, "hidden_when": "after rounding"}]
    else:
        # the multiple below is never shown, so what it stands for is hidden
        limits = range(max(smallest - to // 2, lowest + 1), smallest + to - to // 2)
        changes = [{"hidden_below": limit, "hidden_when": "before rounding"} for limit in limits]
    rules = [publication.model_copy(update=change) for change in changes]
    return (publication, *(rule for rule in rules if not _alike(rule, publication)))


def _alike(one: Publication, other: Publication) -> bool:
    """Whether two rules publish every count in the same way, up to well above their limits."""
    counts = np.arange(max(one.hidden_below, other.hidden_below) + 2 * one.rounded_to + 1)
    return all(
        (cells_of(one, counts, offset) == cells_of(other, counts, offset)).all() for offset in rounding_offsets(one)
    )


def cells_of(publication: Publication, counts: Integers, offset: int | None = None) -> Integers:
    """Return how counts are published: as a number, or HIDDEN; at an offset, where rounding is random.

    Examples
    --------
    >>> cells_of(Publication(hidden_below=10, raised_from=8), np.array([0, 7, 8, 10, 11])).tolist()
    [-1, -1, 10, 10, 11]
    """
    return np.where(are_hidden(counts, publication, offset), HIDDEN, published_numbers(counts, publication, offset))


def published_as(publication: Publication, highest: int) -> pd.DataFrame:
    """Return the probability that each count is published in each cell: 0 or 1, unless rounding is random.

    Parameters
    ----------
    publication : Publication
    highest : int
        The largest count.

    Returns
    -------
    DataFrame
        A row for each cell, HIDDEN or a number, ascending; a column for each count, 0 up to and including `highest`.

    Examples
    --------
    >>> published_as(Publication(hidden_below=0, rounded_to=3, rounding="random"), 3).round(2).to_numpy().tolist()
    [[1.0, 0.67, 0.33, 0.0], [0.0, 0.33, 0.67, 1.0]]
    """
    offsets, counts = rounding_offsets(publication), np.arange(highest + 1)
    each = [cells_of(publication, counts, offset) for offset in offsets]
    rows = np.unique(np.concatenate(each))
    times = sum((cells == rows[:, None]).astype(float) for cells in each)
    return pd.DataFrame(times / len(offsets), index=rows, columns=counts)


def highest_looked_at(publication: Publication, smallest: int) -> int:
    """Return the largest number whose frequency is used."""
    return max(smallest, publication.hidden_below) + ABOVE * publication.rounded_to


def rule_scores(expected: Floats, found: PublishedNumbers, rules: tuple[Publication, ...], top: int) -> pd.DataFrame:
    """Return the log score of each rule.

    Parameters
    ----------
    expected : ndarray (count,)
        Expected number of areas at counts 0, 1, ...; at least up to the last count that `top` stands for.
    found : PublishedNumbers
        What is published.
    rules : tuple of Publication
    top : int
        The largest number looked at.

    Returns
    -------
    DataFrame
        A row per rule, in their order: ``hidden`` the largest hidden count; ``score``, over hidden and all numbers up
        to `top`; ``shown``, over those numbers alone. Both minus that of the first rule.

    Notes
    -----
    Shown zeros are left out of both: there may be more of them than any count model expects.
    """
    rows = []
    for rule in rules:
        chance = published_as(rule, len(expected) - 1)
        looked_at = chance[(chance.index <= top) & (chance.index != 0)]
        counted = np.where((looked_at.columns == 0) & bool(rule.zero_symbols), 0.0, expected)
        mass = pd.Series(looked_at.to_numpy() @ counted, looked_at.index)
        times = [found.hidden if cell == HIDDEN else found.times(int(cell)) for cell in mass.index]
        seen = pd.Series(times, mass.index, dtype=float)
        only = mass.index != HIDDEN
        rows.append((highest_hidden(rule), _multinomial(seen, mass), _multinomial(seen[only], mass[only])))
    table = pd.DataFrame(rows, columns=["hidden", "score", "shown"])
    table[["score", "shown"]] -= table[["score", "shown"]].iloc[0]
    return table


def _multinomial(seen: pd.Series, mass: pd.Series) -> float:
    """Return the log-likelihood of numbers of areas given what is expected, without its constant."""
    share = np.maximum(mass.to_numpy() / max(mass.sum(), 1e-300), 1e-300)
    return float(seen.to_numpy() @ np.log(share))


def better_rules(scores: pd.DataFrame) -> list[int]:
    """Return the rules that fit clearly better than the first one, best first; empty if there are none.

    A rule must be clearly better over all cells and over the shown numbers alone: these lie close together, so that
    the conclusion does not depend on the expected number of hidden areas.

    Examples
    --------
    >>> better_rules(pd.DataFrame({"score": [0, 30.0, 28.0, 2.0], "shown": [0, 20.0, 25.0, 1.0]}))
    [1, 2]
    """
    clearly = scores[(scores["score"] >= CLEARLY) & (scores["shown"] >= CLEARLY)]
    close = clearly[clearly["score"] >= clearly["score"].max() - HARDLY]
    return [int(row) for row in close.sort_values("score", ascending=False, kind="stable").index]


def rule_as_toml(rule: Publication) -> str:
    """Return what to write in [publication].

    Examples
    --------
    >>> rule_as_toml(Publication(hidden_below=10, raised_from=8))
    'hidden_below = 10, raised_from = 8'
    """
    keys = ["hidden_below", *(["raised_from"] if rule.raised_from else [])]
    if rule.rounded_to > 1:
        keys += ["rounded_to"]
    message = [f"{key} = {getattr(rule, key)}" for key in keys]
    if rule.rounding == "random":
        message += ['rounding = "random"']
    return ", ".join([*message, f'hidden_when = "{rule.hidden_when}"'] if rule.rounded_to > 1 else message)


def rule_in_words(rule: Publication, smallest: int) -> str:
    """Return in words what hidden and the smallest shown number stand for.

    Examples
    --------
    >>> rule_in_words(Publication(hidden_below=10, raised_from=8), 10)
    'hidden is 0..7, 10 is 8..10'
    """
    lower, upper = (int(bound[0]) for bound in published_bounds(np.array([smallest]), rule))
    window = str(lower) if lower == upper else f"{lower}..{upper}"
    return _("hidden is {lowest}..{highest}, {number} is {window}").format(
        lowest=lowest_hidden(rule), highest=highest_hidden(rule), number=smallest, window=window
    )
