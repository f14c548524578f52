"""One table given twice, as two years or as two outcomes: every count that both show is the same."""

from __future__ import annotations

from typing import NamedTuple

import pandas as pd

from bayesmodel.data.counts import Counts

ENOUGH = 10
"""Counts above zero that both show, from which it is no chance that all are the same."""
DIFFERENT = 5
"""Different numbers among them: where nearly all are 10 and 20, as rounded ones are, they say little."""


class Twice(NamedTuple):
    """What two studies have in common.

    Parameters
    ----------
    counts : bool
        Whether every count that both show is the same, of enough areas.
    people : bool
        Whether all areas that are in both have the same people.
    areas : tuple of str
        The areas that are in both, as the second study calls them.
    """

    counts: bool
    people: bool
    areas: tuple[str, ...]


def in_both(first: Counts, second: Counts, of_first: pd.Series, of_second: pd.Series) -> Twice:
    """Say whether two studies show the same counts, of the same people.

    Parameters
    ----------
    first, second : Counts
    of_first, of_second : Series of str
        What each area is in both, by its code.

    Returns
    -------
    Twice
        Hidden and missing counts say nothing; at least 10 counts above zero must be shown in both, of 5 sizes or more.

    Examples
    --------
    >>> from bayesmodel import example_study, interpret_counts, read_areas
    >>> counts = interpret_counts(read_areas(example_study(areas=60, gemeenten=8, regions=2)))
    >>> same = pd.Series(counts.areas.codes, counts.areas.codes)
    >>> in_both(counts, counts, same, same)[:2]
    (True, True)
    """
    one, other = _frame(first, of_first), _frame(second, of_second)
    both = one.merge(other, left_index=True, right_index=True, suffixes=("_first", "_second"))
    shown = both[both["shown_first"] & both["shown_second"]]
    positive = shown.loc[shown["lower_second"] > 0, "lower_second"]
    enough = len(positive) >= ENOUGH and positive.nunique() >= DIFFERENT
    alike = all((shown[f"{bound}_first"] == shown[f"{bound}_second"]).all() for bound in ("lower", "upper"))
    people = bool(len(both) and (both["people_first"] == both["people_second"]).all())
    return Twice(bool(enough and alike), people, tuple(both["code_second"]))


def _frame(counts: Counts, identities: pd.Series) -> pd.DataFrame:
    """Return what is published of each area, by what it is in both studies."""
    return pd.DataFrame(
        {
            "code": counts.areas.codes.astype(str),
            "people": counts.population,
            "lower": counts.lower,
            "upper": counts.upper,
            "shown": counts.shown,
        },
        index=pd.Index(identities.astype(str).to_numpy()),
    )
