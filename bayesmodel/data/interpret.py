"""Published counts read as intervals: exact, rounded, hidden, missing and zero are never mixed."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from bayesmodel.areas.table import AreaTable
from bayesmodel.counts.cells import PublishedCells, published_cells, symbols_in_words
from bayesmodel.counts.check import count_faults
from bayesmodel.counts.counts import Counts, Status
from bayesmodel.counts.intervals import intervals
from bayesmodel.counts.remarks import remarks_on
from bayesmodel.counts.remarks.determinants import own_outcome_faults
from bayesmodel.counts.rules import highest_hidden, lowest_hidden
from bayesmodel.counts.totals import interpret_totals
from bayesmodel.errors import DataError, raise_faults
from bayesmodel.messages import _, number
from bayesmodel.study.parts import Publication


def interpret_counts(areas: AreaTable) -> Counts:
    """Read the published counts as inclusive integer intervals, by the publication rule of the study.

    A number stands for the counts that would be published so; a hidden symbol for every count the rule hides; a missing
    symbol for 0 to the population; a symbol of zero for 0. An area without people is structurally zero.

    Parameters
    ----------
    areas : AreaTable
        With the counts as published.

    Returns
    -------
    Counts
        Bounds and a status per area; its notes say how each symbol was read, and how often it occurs; its remarks what
        may not be meant.

    Raises
    ------
    DataError
        A cell is no number and no known symbol, is negative or has decimals, is above the population, is no multiple of
        the rounding, or should have been hidden by the rule: all faults at once, with the areas. Or a determinant is
        the outcome itself.

    Examples
    --------
    >>> from bayesmodel import example_study, interpret_counts, read_areas
    >>> counts = interpret_counts(read_areas(example_study(areas=60, gemeenten=8, regions=2)))
    >>> bool((counts.lower <= counts.upper).all())
    True
    """
    publication = areas.study.publication
    population = areas.population.to_numpy(dtype=np.int64)
    published = areas.published.rename(areas.study.columns.count)
    cells = published_cells(published, publication, areas.without_count)
    faults = count_faults(cells, population, publication)
    raise_faults(DataError, _("Column {name}").format(name=areas.study.columns.count), faults)
    hidden, missing, zero = cells.hidden, cells.missing, cells.zero
    lower, upper, status = intervals(cells.numbers, population, publication, hidden=hidden, missing=missing, zero=zero)
    totals = interpret_totals(areas, lower, upper)
    counts = Counts(areas, lower, upper, status, (_note(cells, status, publication),), totals=totals)
    raise_faults(DataError, _("The determinants"), own_outcome_faults(counts))
    return replace(counts, remarks=areas.remarks + remarks_on(counts))


def _note(cells: PublishedCells, status: NDArray[np.str_], publication: Publication) -> str:
    """Say how each symbol was read and how often it occurs."""

    def count(wanted: Status) -> str:
        return number((status == wanted).sum())

    highest = highest_hidden(publication)
    hidden = _("{count} hidden ({symbols})").format(
        count=count(Status.SUPPRESSED), symbols=symbols_in_words(publication.hidden_symbols)
    )
    parts = [
        _("{hidden}, read as {lowest}..{highest}").format(
            hidden=hidden, lowest=lowest_hidden(publication), highest=highest
        )
        if highest >= 0
        else hidden,
        _("{count} missing ({symbols})").format(
            count=count(Status.MISSING), symbols=symbols_in_words(publication.missing_symbols)
        ),
    ]
    if publication.rounded_to > 1:
        parts.append(
            _("{count} rounded to {rounded_to}").format(count=count(Status.ROUNDED), rounded_to=publication.rounded_to)
        )
    parts.append(_("{count} exact").format(count=count(Status.EXACT)))
    zeros = int((cells.zero & (status == Status.EXACT)).sum())
    if zeros:
        parts.append(
            _("{zeros} of them a symbol of zero ({symbols})").format(
                zeros=number(zeros), symbols=symbols_in_words(publication.zero_symbols)
            )
        )
    if (status == Status.ZERO).any():
        parts.append(_("{count} without people, left out of the fit").format(count=count(Status.ZERO)))
    return "; ".join(parts) + "."
