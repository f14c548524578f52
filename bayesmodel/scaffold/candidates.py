"""Columns that may explain use, why the rest may not, and young people spread over columns of ages."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from bayesmodel.data.named_ages import AGES
from bayesmodel.data.odd_cells import is_broken
from bayesmodel.data.remarks.ages import other_ages
from bayesmodel.data.remarks.coded import CODE, coded_values
from bayesmodel.data.remarks.disguise import Published, disguise_of
from bayesmodel.data.remarks.units import two_units
from bayesmodel.io.column_words import is_numbering, is_share, match, snake
from bayesmodel.messages import _, number
from bayesmodel.scaffold.column_kinds import Column
from bayesmodel.scaffold.roles import Roles
from bayesmodel.sources.known_tables import DeterminantSource

MOST = 20
"""Above this many, the user chooses: so many coefficients say little each."""


@dataclass(frozen=True)
class DeterminantProposal:
    """A column that may explain use.

    Parameters
    ----------
    column : str
        Its name.
    level : str or None
        The level it is measured at; None for the area.
    missing_symbols : tuple of str
        What stands in it for not known.
    against : str
        Why it is not taken; empty where it is.
    broken : tuple of str
        What stands in it and is neither a number nor a symbol: an error, a formula, a date.
    source : DeterminantSource or None
        What is known of it, where it is one of a set.
    share_of : str or None
        The column that it is a share of.
    unit : str
        What its numbers carried in the table.
    """

    column: str
    level: str | None
    missing_symbols: tuple[str, ...]
    against: str = ""
    broken: tuple[str, ...] = ()
    source: DeterminantSource | None = None
    share_of: str | None = None
    unit: str = ""


def propose_determinants(
    columns: Sequence[Column],
    population: pd.Series | None,
    levels: Mapping[str, pd.Series],
    outcome: Published | None = None,
) -> list[DeterminantProposal]:
    """Judge columns of numbers that have no other role.

    Parameters
    ----------
    columns : sequence of Column
        The columns.
    population : Series of float or None
        People over whom is counted.
    levels : mapping of str to Series
        Per level: the group of each area.
    outcome : Published, optional
        The counts, so that a column that is made of them is seen whatever it is called.

    Returns
    -------
    list of DeterminantProposal
        In the order of the columns; those that no model can use with the reason.

    Examples
    --------
    >>> from bayesmodel.scaffold.column_kinds import columns_of
    >>> columns = columns_of(pd.DataFrame({"huur": ["10.5", "."], "een": ["1", "1"]}))
    >>> [(each.column, each.against) for each in propose_determinants(columns, None, {})]
    [('huur', 'one value everywhere'), ('een', 'one value everywhere')]
    """
    proposals, kept = list[DeterminantProposal](), dict[str, pd.Series]()
    for column in columns:
        coded = codes_in(column.numbers)
        values = column.numbers.where(~column.numbers.isin(coded))
        against = _against(column, values, population, kept, outcome)
        broken = tuple(symbol for symbol in column.symbols if symbol and is_broken(symbol))
        symbols = [symbol for symbol in column.symbols if symbol and symbol not in broken]
        symbols += sorted(set(column.cells[column.numbers.isin(coded)]))
        if not against:
            kept[column.name] = values
        level = next((name for name, groups in levels.items() if _constant_within(values, groups)), None)
        proposals.append(DeterminantProposal(column.name, level, tuple(symbols), against, broken, unit=column.unit))
    return proposals


OFTEN = 5
"""Times that a value far from all others occurs from which it is a habit, and no slip."""


def codes_in(numbers: pd.Series) -> list[float]:
    """Return the values of a column that stand for not known; one odd value that looks like no code is not one.

    Examples
    --------
    >>> codes_in(pd.Series([5.0, 12, 33, 21, 17, 8, 29, 14, 25, -99997, 11, 12490]))
    [-99997.0]
    """
    odd = coded_values(numbers.to_numpy(dtype=float))
    return [value for value in odd if CODE.fullmatch(f"{value:.0f}") or int((numbers == value).sum()) >= OFTEN]


def _against(
    column: Column,
    values: pd.Series,
    population: pd.Series | None,
    kept: Mapping[str, pd.Series],
    outcome: Published | None,
) -> str:
    """Return why a column cannot explain use; empty where it may."""
    known = values.dropna()
    if is_numbering(column.name):
        return _("it numbers rows or boundaries")
    if known.nunique() < 2:
        return _("one value everywhere")
    of_count = match(column.name, "count") in (0, 1, 2)
    if of_count and (is_share(column.name) or not column.counts_people):
        return _("a share of what is to be explained")
    if outcome is None and match(column.name, "count") in (0, 1, 2, 4):
        return _("it may be what is to be explained")
    if len(known) < len(values) / 2:
        return _("not known in {number} of {all} areas").format(
            number=number(len(values) - len(known)), all=number(len(values))
        )
    if two_units(values.to_numpy(dtype=float)) is not None:
        return _("it seems to be in two units, such as per cent and fractions: bring all to one")
    disguise = None if outcome is None else disguise_of(values.to_numpy(dtype=float), outcome, column.name)
    if disguise is not None:
        return disguise[1]
    same = next((name for name, other in kept.items() if values.equals(other)), None)
    if same is not None:
        return _("the same as {column}").format(column=same)
    if population is None or is_share(column.name) or column.unit:
        return ""
    both = values.notna() & population.notna()
    grows = float(np.corrcoef(values[both], population[both])[0, 1]) if population[both].std() > 0 else 0.0
    whole = bool((known % 1 == 0).all())
    return _("a number of people or things, not a share: divide it first") if whole and grows > 0.7 else ""


def _constant_within(values: pd.Series, groups: pd.Series) -> bool:
    """Whether a column has one value within each group, in groups of several areas."""
    known = values.notna() & (groups != "")
    if not known.any() or not groups[known].duplicated().any():
        return False
    spans = values[known].groupby(groups[known])
    return bool((spans.max() == spans.min()).all())


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


def doubt_of_the_population(roles: Roles, ages: tuple[str, ...]) -> str:
    """Return why the population is a question: the young stand in several columns, or it is of other ages; or nothing.

    Parameters
    ----------
    roles : Roles
    ages : tuple of str
        As `ages_of_the_young` returns them.
    """
    if ages:
        reason = _(
            "the young stand in several columns: population = [{names}] adds them up. Are those the ages that are "
            "counted?"
        )
        return reason.format(names=", ".join(f'"{name}"' for name in ages))
    count, population = roles.column("count"), roles.column("population")
    why = "" if count is None or population is None else other_ages(count.name, [population.name])
    return why and _("which people are counted? {why}").format(why=why)
