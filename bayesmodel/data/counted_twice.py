"""Outcomes that are to be added up, and that may count the same people: by their ages, their people, their counts."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import combinations, permutations

import pandas as pd

from bayesmodel.data.counts import Counts
from bayesmodel.data.named_ages import overlapping_ages
from bayesmodel.errors import Fault, StudyError, raise_faults
from bayesmodel.messages import _

NEARLY_ALL = 0.99
"""Share of the areas in which the whole has as many people, and as many users, as its part."""
MOST = 1.5
"""How many times the people, and the users, of the part the whole has in the middle area: of two age groups that are
further apart one is the larger nearly everywhere, whatever they are."""
ENOUGH = 30
"""Areas in which users of both are shown."""


def refuse_overlapping_ages(of_outcomes: Mapping[str, Counts]) -> None:
    """Refuse to add up outcomes of ages that overlap, by their own names or those of their columns of counts.

    Parameters
    ----------
    of_outcomes : mapping of str to Counts
        By the name of the outcome.

    Raises
    ------
    StudyError
        Two of them are of ages that overlap.

    Examples
    --------
    >>> from bayesmodel.testing import invented_fit
    >>> counts = invented_fit().counts
    >>> refuse_overlapping_ages({"0-17": counts, "18-64": counts})
    >>> refuse_overlapping_ages({"0-17": counts, "12-22": counts})
    Traceback (most recent call last):
    bayesmodel.errors.StudyError: ...
    """
    columns = dict.fromkeys(counts.study.columns.count for counts in of_outcomes.values())
    pairs = [pair for names in (list(of_outcomes), list(columns)) for pair in overlapping_ages(names)]
    found, advice = (
        _("{second}, which has ages that {first} has too"),
        _("Leave it out, or do not add them up (--sum)."),
    )
    faults = [
        Fault(
            _("outcomes to add up"),
            found.format(first=first, second=second),
            _("outcomes that each count other people"),
            advice,
        )
        for first, second in dict.fromkeys(pairs)
    ]
    raise_faults(StudyError, _("The list of outcomes"), faults)


def same_people(of_outcomes: Mapping[str, Counts]) -> tuple[str, ...]:
    """Return outcomes that have as many people in every area as another one.

    Examples
    --------
    >>> from bayesmodel.testing import invented_fit
    >>> same_people({"youth": invented_fit().counts, "wmo": invented_fit().counts})
    ('youth', 'wmo')
    """
    people = {name: counts.areas.population for name, counts in of_outcomes.items()}
    alike = [{one, other} for one, other in combinations(people, 2) if people[one].equals(people[other])]
    return tuple(name for name in people if any(name in pair for pair in alike))


def contained(of_outcomes: Mapping[str, Counts]) -> tuple[tuple[str, str], ...]:
    """Return pairs of outcomes of which the second may hold all people of the first.

    Parameters
    ----------
    of_outcomes : mapping of str to Counts
        By the name of the outcome.

    Returns
    -------
    tuple of (str, str)
        The part, and the whole: it has as many people, and as many users, in nearly all areas, though not many more in
        most of them. Outcomes of exactly the same people are not among them: `same_people` names these.

    Examples
    --------
    >>> from bayesmodel.testing import invented_fit
    >>> contained({"youth": invented_fit().counts, "wmo": invented_fit().counts})
    ()
    """
    return tuple(
        (part, whole) for part, whole in permutations(of_outcomes, 2) if _holds(of_outcomes[part], of_outcomes[whole])
    )


def _holds(part: Counts, whole: Counts) -> bool:
    """Whether an outcome may hold all people, and all users, of another one."""
    both = _frame(part).merge(_frame(whole), left_index=True, right_index=True, suffixes=("_part", "_whole"))
    both = both[both["people_part"] > 0]
    shown = both[both["shown_part"] & both["shown_whole"] & (both["lower_part"] > 0)]
    if len(shown) < ENOUGH or (both["people_part"] == both["people_whole"]).all():
        return False
    possible = (both["people_whole"] >= both["people_part"]) & (both["upper_whole"] >= both["lower_part"])
    times = [(shown[f"{what}_whole"] / shown[f"{what}_part"]).median() for what in ("people", "lower")]
    return bool(possible.mean() >= NEARLY_ALL and max(times) <= MOST)


def _frame(counts: Counts) -> pd.DataFrame:
    """Return people and bounds of the count of each area, by code."""
    values = {"people": counts.population, "lower": counts.lower, "upper": counts.upper}
    return pd.DataFrame(values | {"shown": counts.shown}, counts.areas.codes)
