"""Young people who are spread over columns of ages, where a table has no column of all of them."""

from __future__ import annotations

import re
from dataclasses import replace

from bayesmodel.messages import _
from bayesmodel.sources.propose.roles import QUESTION, Roles
from bayesmodel.sources.propose.words import is_share, snake

AGES = re.compile(r"(?<![0-9])0?([0-9]{1,2})_?(?:tot|tm|t_m|to|_)_?([0-9]{1,2})(?![0-9])")
"""The first and the last age in a name: a_00_14, k_0_tot_15_jaar, inw_15_24."""
YOUNG = re.compile(r"jeugd|jongeren|kind|youth|young|^a_jz|^jz")
"""Names of counts that are of the young."""
EVERYBODY = re.compile(r"inw|bevolking|population|inhabitants|personen")
"""Names of a population of all ages."""
YOUNGEST, OLDEST = 14, 26
"""An age that the young reach to at least, and one that they do not reach."""


def ages_of_the_young(roles: Roles) -> tuple[str, ...]:
    """Return the columns of ages from 0 up to the twenties, where the population is all inhabitants or not known.

    Parameters
    ----------
    roles : Roles
        Of the columns of a table with counts of the young.

    Returns
    -------
    tuple of str
        Columns that join up; none where there is a column of the young, or no such columns.
    """
    count, population = roles.column("count"), roles.column("population")
    if count is None or not YOUNG.search(snake(count.name)):
        return ()
    if population is not None and not re.search(
        r"inw|bevolking|population|inhabitants|personen", snake(population.name)
    ):
        return ()
    spans = dict[int, tuple[int, str]]()
    for column in roles.columns:
        found = AGES.search(re.sub(r"\W+", "_", column.name).lower())
        if found and column.kind == "numbers" and not is_share(column.name) and column.name != count.name:
            spans.setdefault(int(found[1]), (int(found[2]), column.name))
    names, first, last = list[str](), 0, -1
    while first in spans and spans[first][0] < OLDEST:
        last, name = spans[first]
        names.append(name)
        first = last if last in spans else last + 1
    return tuple(names) if len(names) > 1 and last >= YOUNGEST else ()


def asking_for_ages(roles: Roles, ages: tuple[str, ...]) -> Roles:
    """Return roles in which the population is a question, with the sum of ages as what may be meant."""
    listed = ", ".join(f'"{name}"' for name in ages)
    reason = _(
        "the young stand in several columns: population = [{names}] adds them up. Are those the ages that are counted?"
    )
    return replace(
        roles,
        found={**roles.found, "population": QUESTION},
        reasons={**roles.reasons, "population": reason.format(names=listed)},
    )
