"""Published counts interpreted as intervals, and raw counts published: exact, rounded, hidden, missing or zero."""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from bayesmodel.data.area_table import AreaTable
from bayesmodel.data.count_validation import count_faults
from bayesmodel.data.counts import Counts, Status
from bayesmodel.data.other_publications import narrow
from bayesmodel.data.publication import (
    Integers,
    PublishedCells,
    are_hidden,
    draw_offsets,
    highest_hidden,
    intervals,
    lowest_hidden,
    published_cells,
    published_numbers,
    shifted_weights,
    symbols_in_words,
    window_weights,
)
from bayesmodel.data.remarks import remarks_on
from bayesmodel.data.remarks.determinants_in_disguise import own_outcome_faults
from bayesmodel.data.suppression import suppress
from bayesmodel.data.totals import interpret_totals, total_faults
from bayesmodel.errors import DataError, Fault, StudyError, raise_faults
from bayesmodel.messages import _, number
from bayesmodel.study.parts import Publication


def interpret_counts(areas: AreaTable) -> Counts:
    """Interpret the published counts as inclusive integer intervals, by the publication rule of the study.

    A number stands for the counts that would be published as it; a hidden symbol for every count the rule hides; of a
    count hidden to protect another for `secondary_from` and more; a missing symbol for 0 to the population; a symbol of
    zero for 0. An area without people is structurally zero. What else is published of the counts, which the study names
    under `bounds`, then narrows the intervals. Exact counts below the limit of `disclosure` are hidden before all that,
    and others from which they would follow: what is returned holds neither.

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
        the outcome itself; or what is published beside the counts contradicts them; or areas cannot add up to their
        totals where the study says that they do.

    Examples
    --------
    >>> from bayesmodel import example_study, interpret_counts, read_areas
    >>> counts = interpret_counts(read_areas(example_study(areas=60, gemeenten=8, regions=2)))
    >>> bool((counts.lower <= counts.upper).all())
    True
    """
    population = areas.population.to_numpy(dtype=np.int64)
    faults = count_faults(_cells(areas), population, areas.study.publication)
    raise_faults(DataError, _("Column {name}").format(name=areas.study.columns.count), faults)
    areas = suppress(areas)
    publication, cells = areas.study.publication, _cells(areas)
    hidden, missing, zero = cells.hidden, cells.missing, cells.zero
    lower, upper, status = intervals(
        cells.numbers, population, publication, hidden=hidden, missing=missing, zero=zero, secondary=cells.secondary
    )
    totals = interpret_totals(areas, lower, upper)
    narrowed = narrow(areas, lower, upper, status, totals)
    weights = window_weights(cells.numbers, lower, upper, status, publication)
    if len(narrowed.trail):
        totals = interpret_totals(areas, narrowed.lower, narrowed.upper)
        weights = shifted_weights(weights, lower, narrowed.lower, narrowed.upper)
    notes = tuple(filter(None, [_note(cells, status, publication), narrowed.note]))
    bounds = narrowed.lower, narrowed.upper, narrowed.status
    counts = Counts(areas, *bounds, notes, totals=totals, weights=weights, trail=narrowed.trail)
    raise_faults(DataError, _("The list of determinants"), own_outcome_faults(counts))
    raise_faults(DataError, _("The study"), total_faults(counts))
    return replace(counts, remarks=areas.remarks + remarks_on(counts))


def _cells(areas: AreaTable) -> PublishedCells:
    """Tell the cells of the counts apart."""
    published = areas.published.rename(areas.study.columns.count)
    return published_cells(published, areas.study.publication, areas.without_count)


def _note(cells: PublishedCells, status: NDArray[np.str_], publication: Publication) -> str:
    """Return how each symbol was interpreted and how often it occurs."""

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
        *_secondary_note(count(Status.SECONDARY), publication),
        _("{count} missing ({symbols})").format(
            count=count(Status.MISSING), symbols=symbols_in_words(publication.missing_symbols)
        ),
    ]
    if publication.rounded_to > 1:
        message = _("{count} rounded to {rounded_to}")
        if publication.rounding == "random":
            message = _("{count} rounded at random to {rounded_to}")
        parts.append(message.format(count=count(Status.ROUNDED), rounded_to=publication.rounded_to))
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


def _secondary_note(count: str, publication: Publication) -> list[str]:
    """Return how counts hidden to protect another were interpreted, if there is a symbol for them."""
    if not publication.secondary_symbols:
        return []
    message = _("{count} hidden to protect another ({symbols}), read as {lower} up to everyone")
    if publication.secondary_below:
        message = _("{count} hidden to protect another ({symbols}), read as {lower}..{upper}")
    first, last = publication.secondary_from, publication.secondary_below - 1
    symbols = symbols_in_words(publication.secondary_symbols)
    return [message.format(count=count, symbols=symbols, lower=first, upper=last)]


def publish(counts: Integers, publication: Publication, seed: int | Generator = 0) -> NDArray[np.str_]:
    """Return raw counts as they would be published, with the first symbol of each kind.

    A zero gets the symbol of zero where the study states one; otherwise it is treated like any count.

    Parameters
    ----------
    counts : ndarray of int64
        Raw counts, any shape.
    publication : Publication
        The rule.
    seed : int or Generator
        Of random rounding; not used otherwise.

    Returns
    -------
    ndarray of str
        The cells, of the same shape; `interpret_counts` gives intervals that hold the raw counts.

    Raises
    ------
    StudyError
        The rule hides counts and the study has no symbol for hidden.

    Examples
    --------
    >>> import numpy as np
    >>> from bayesmodel.study.parts import Publication
    >>> publish(np.array([7, 8, 14]), Publication(hidden_below=8, rounded_to=5, hidden_symbols=(".",))).tolist()
    ['.', '10', '15']
    """
    numbers, hidden, zero = _told_apart(counts, publication, seed)
    if hidden.any() and not publication.hidden_symbols:
        where, expected = "publication.hidden_symbols", _("the symbol of a hidden count")
        raise StudyError(_("The study"), [Fault(where, _("no symbol"), expected, _("State one, or hidden_below = 0."))])
    cells = numbers.astype(str).astype(object)
    cells[hidden] = next(iter(publication.hidden_symbols), "")
    cells[zero] = next(iter(publication.zero_symbols), "")
    return cells.astype(str)


def mask(
    counts: Integers, population: Integers, publication: Publication, seed: int | Generator = 0
) -> tuple[Integers, Integers, NDArray[np.str_]]:
    """Return what would be known about raw counts once published: bounds and status, without passing through text.

    Parameters
    ----------
    counts : ndarray of int64 (..., area)
        Raw counts, such as draws.
    population : ndarray of int64 (area,)
        People over whom is counted.
    publication : Publication
        The rule.
    seed : int or Generator
        Of random rounding; not used otherwise.

    Returns
    -------
    lower, upper : ndarray of int64 (..., area)
        Bounds, inclusive, within 0..population.
    status : ndarray of str (..., area)
        A `Status` each.

    Examples
    --------
    >>> import numpy as np
    >>> from bayesmodel.study.parts import Publication
    >>> lower, upper, status = mask(np.array([4, 40]), np.array([90, 400]), Publication(hidden_below=10))
    >>> lower.tolist(), upper.tolist(), status.tolist()
    ([0, 40], [9, 40], ['suppressed', 'exact'])
    """
    known = masked(counts, population, publication, seed)
    return known.lower, known.upper, known.status


class Masked(NamedTuple):
    """What `mask` returns, and what each count would be shown as if it were not hidden (..., area)."""

    lower: Integers
    upper: Integers
    status: NDArray[np.str_]
    numbers: Integers


def masked(counts: Integers, population: Integers, publication: Publication, seed: int | Generator = 0) -> Masked:
    """Return the same, and the numbers that the probabilities of counts rounded at random depend on."""
    population = np.broadcast_to(population, counts.shape)
    numbers, hidden, zero = _told_apart(counts, publication, seed)
    missing = np.zeros_like(hidden)
    return Masked(*intervals(numbers, population, publication, hidden=hidden, missing=missing, zero=zero), numbers)


def _told_apart(
    counts: Integers, publication: Publication, seed: int | Generator
) -> tuple[Integers, NDArray[np.bool_], NDArray[np.bool_]]:
    """Return what counts are shown as, which are hidden, and which are published as a symbol of zero."""
    zero = (counts == 0) & bool(publication.zero_symbols)
    offsets = draw_offsets(publication, counts.shape, seed)
    return published_numbers(counts, publication, offsets), are_hidden(counts, publication, offsets) & ~zero, zero
