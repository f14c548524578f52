"""Publication rules: what is hidden, how the rest is rounded, and the interval that a published cell stands for.

All functions are pure, on integers; f = `hidden_from`, m = `hidden_below`, k = `rounded_to`. To round a count y is to
add an offset and to round down to a multiple of k. The offset is half of k, so that y becomes the nearest multiple
(halves up, which occur for even k only); with random rounding it is one of 0..k-1, equally likely, and nobody knows
which. A count is hidden when f <= y < m ("before rounding") or when its rounded value is in that window ("after").
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.random import Generator
from numpy.typing import NDArray

from bayesmodel.data.counts import Status
from bayesmodel.data.validation import whole_numbers
from bayesmodel.messages import _
from bayesmodel.study.parts import Publication

Integers = NDArray[np.int64]
Floats = NDArray[np.float64]


def rounding_offsets(publication: Publication) -> range:
    """Return the possible offsets added to a count before it is rounded down, all equally likely.

    Examples
    --------
    >>> rounding_offsets(Publication(rounded_to=5)), rounding_offsets(Publication(rounded_to=5, rounding="random"))
    (range(2, 3), range(0, 5))
    """
    to = publication.rounded_to
    return range(to) if publication.rounding == "random" else range(to // 2, to // 2 + 1)


def draw_offsets(publication: Publication, shape: tuple[int, ...], seed: int | Generator) -> Integers:
    """Draw an offset for each count; not random if there is only one."""
    offsets = rounding_offsets(publication)
    if len(offsets) == 1:
        return np.full(shape, offsets[0])
    return np.random.default_rng(seed).integers(offsets[0], offsets[-1] + 1, shape)


def round_counts(counts: Integers, to: int, offset: int | Integers | None = None) -> Integers:
    """Round counts to the nearest multiple, halves up; or add an offset and round down.

    Examples
    --------
    >>> round_counts(np.array([2, 3, 7, 8, 12]), 5).tolist()
    [0, 5, 5, 10, 10]
    """
    return (counts + (to // 2 if offset is None else offset)) // to * to


def published_numbers(counts: Integers, publication: Publication, offset: int | Integers | None = None) -> Integers:
    """Return the numbers as which shown counts are published: rounded, and raised to the limit of hidden counts.

    Examples
    --------
    >>> published_numbers(np.array([8, 9, 10, 11]), Publication(hidden_below=10, raised_from=8)).tolist()
    [10, 10, 10, 11]
    """
    first, limit = publication.raised_from, publication.hidden_below
    raised = (counts >= first) & (counts < limit) & bool(first)
    return np.where(raised, limit, round_counts(counts, publication.rounded_to, offset))


def highest_hidden(publication: Publication) -> int:
    """Return the largest count that can be hidden; -1 where the rule hides nothing.

    Examples
    --------
    >>> highest_hidden(Publication(hidden_below=10))
    9
    >>> highest_hidden(Publication(hidden_below=10, rounded_to=5, hidden_when="after rounding"))
    7
    """
    return int(hidden_bounds(publication, rounding_offsets(publication)[0])[1])


def lowest_hidden(publication: Publication) -> int:
    """Return the smallest count that can be hidden: 0, unless zeros (and perhaps more) are shown.

    Examples
    --------
    >>> lowest_hidden(Publication(hidden_below=10)), lowest_hidden(Publication(hidden_below=10, hidden_from=1))
    (0, 1)
    >>> lowest_hidden(Publication(hidden_below=10, hidden_from=1, rounded_to=5, hidden_when="after rounding"))
    3
    """
    return int(hidden_bounds(publication, rounding_offsets(publication)[-1])[0])


def hidden_bounds(publication: Publication, offset: int | Integers) -> tuple[int | Integers, int | Integers]:
    """Return the smallest and largest count that is hidden, for an offset (or one of each count)."""
    first, below, to = publication.hidden_from, publication.hidden_below, publication.rounded_to
    if below == 0:
        return first, -1
    if publication.raised_from:
        return first, publication.raised_from - 1
    if publication.hidden_when == "before rounding":
        return first, below - 1
    last_hidden_multiple, first_hidden_multiple = (below - 1) // to * to, -(-first // to) * to
    if first_hidden_multiple > last_hidden_multiple:
        return first, -1
    return first_hidden_multiple - offset if first else 0, last_hidden_multiple + to - offset - 1


def are_hidden(counts: Integers, publication: Publication, offset: int | Integers | None = None) -> NDArray[np.bool_]:
    """Return which raw counts the rule hides, at their offsets if rounding is random.

    Examples
    --------
    >>> are_hidden(np.array([0, 1, 9, 10]), Publication(hidden_below=10, hidden_from=1)).tolist()
    [False, True, True, False]
    """
    lowest, highest = hidden_bounds(publication, rounding_offsets(publication)[0] if offset is None else offset)
    return (counts >= lowest) & (counts <= highest)


def lowest_shown(publication: Publication) -> int | None:
    """Return the smallest number that is shown above the hidden counts; None where nothing is hidden.

    Examples
    --------
    >>> lowest_shown(Publication(hidden_below=8, rounded_to=5)), lowest_shown(Publication(hidden_below=0))
    (10, None)
    """
    if highest_hidden(publication) < 0:
        return None
    above = ((offset, hidden_bounds(publication, offset)[1] + 1) for offset in rounding_offsets(publication))
    return min(int(published_numbers(np.asarray(count), publication, offset)) for offset, count in above)


def published_bounds(published: Integers, publication: Publication) -> tuple[Integers, Integers]:
    """Return the smallest and largest count that a published number can stand for.

    Parameters
    ----------
    published : ndarray of int64 (area,)
        Numbers as published, multiples of `rounded_to`.
    publication : Publication
        The rule.

    Returns
    -------
    tuple of ndarray of int64 (area,)
        Lower and upper bound, inclusive, not yet limited to the population. The lower one is above the upper one where
        the rule hides every count that the number could stand for.

    Examples
    --------
    >>> lower, upper = published_bounds(np.array([10, 15]), Publication(hidden_below=10, rounded_to=5))
    >>> lower.tolist(), upper.tolist()
    ([10, 13], [12, 17])
    """
    lower, upper = _shown_bounds(published, publication, rounding_offsets(publication)[0])
    for offset in rounding_offsets(publication)[1:]:
        low, high = _shown_bounds(published, publication, offset)
        some, before = low <= high, lower <= upper
        lower = np.where(some & before, np.minimum(lower, low), np.where(some, low, lower))
        upper = np.where(some & before, np.maximum(upper, high), np.where(some, high, upper))
    return lower, upper


def _shown_bounds(published: Integers, publication: Publication, offset: int) -> tuple[Integers, Integers]:
    """Return the bounds at an offset."""
    to, (lowest, highest) = publication.rounded_to, hidden_bounds(publication, offset)
    lower, upper = np.maximum(published - offset, 0), published + to - offset - 1
    if publication.raised_from:
        lower = np.where(published == publication.hidden_below, publication.raised_from, lower)
        never = (published >= publication.raised_from) & (published < publication.hidden_below)
        return np.where(never, published + 1, np.where(lower < lowest, lower, np.maximum(lower, highest + 1))), upper
    below = lower < lowest
    # a number stands for counts below the hidden ones only if it cannot stand for counts above them
    return np.where(below, lower, np.maximum(lower, highest + 1)), np.where(
        below & (upper <= highest), np.minimum(upper, lowest - 1), upper
    )


Booleans = NDArray[np.bool_]


def intervals(
    numbers: Integers,
    population: Integers,
    publication: Publication,
    *,
    hidden: Booleans,
    missing: Booleans,
    zero: Booleans,
    secondary: Booleans | None = None,
) -> tuple[Integers, Integers, NDArray[np.str_]]:
    """Return bounds and status of published cells.

    Parameters
    ----------
    numbers : ndarray of int64 (..., area)
        Numbers as published; not used where one of the masks holds.
    population : ndarray of int64 (..., area)
        People over whom is counted.
    publication : Publication
        The rule.
    hidden, missing, zero, secondary : ndarray of bool (..., area)
        Which cells hold a symbol instead, and which.

    Returns
    -------
    lower, upper : ndarray of int64 (..., area)
        Bounds, inclusive, within 0..population.
    status : ndarray of str (..., area)
        A `Status` each.

    Notes
    -----
    A hidden count starts at `hidden_from`, 0 unless the study states it: that there is a symbol of zero does not
    mean that every zero was given it.

    Examples
    --------
    >>> no, yes = np.array([False]), np.array([True])
    >>> rule = Publication(hidden_below=10)
    >>> lower, upper, status = intervals(np.array([0]), np.array([100]), rule, hidden=yes, missing=no, zero=no)
    >>> lower.tolist(), upper.tolist(), status.tolist()
    ([0], [9], ['suppressed'])
    """
    lower, upper = published_bounds(numbers, publication)
    protecting = np.zeros_like(hidden) if secondary is None else secondary
    symbols = [zero, hidden, missing, protecting]
    lowest = np.minimum(population, lowest_hidden(publication))
    highest = np.minimum(population, max(highest_hidden(publication), 0))
    least, most = (np.minimum(population, bound) for bound in secondary_bounds(publication, population))
    lower = np.select(symbols, [0, lowest, 0, least], np.clip(lower, 0, population))
    upper = np.select(symbols, [0, highest, population, most], np.clip(upper, 0, population))
    shown = np.where((publication.rounded_to == 1) & (lower == upper), Status.EXACT, Status.ROUNDED)
    kinds = [Status.ZERO, Status.EXACT, Status.SUPPRESSED, Status.MISSING, Status.SECONDARY]
    return lower, upper, np.select([population == 0, zero, hidden, missing, protecting], kinds, shown)


def secondary_bounds(publication: Publication, population: Integers) -> tuple[int, Integers]:
    """Return the smallest and largest count of a cell that is hidden only to protect another one."""
    below = publication.secondary_below
    return publication.secondary_from, np.full_like(population, below - 1) if below else population


def window_weights(
    numbers: Integers, lower: Integers, upper: Integers, status: NDArray[np.str_], publication: Publication
) -> Floats | None:
    """Return the probability that each count in a window is published as its cell, unless it is always one.

    With an offset that is drawn, the probability is the share of offsets at which the count is published so.

    Parameters
    ----------
    numbers : ndarray of int64 (area,)
        Numbers as published, of cells with one.
    lower, upper : ndarray of int64 (area,)
        Of the windows.
    status : ndarray of str (area,)
    publication : Publication

    Returns
    -------
    ndarray (area, width) or None
        Of counts `lower`, `lower` + 1, ...; 0 above `upper`, and 1 of counts beyond the table, which are those of a
        count that is hidden to protect another one. The width follows from the rule alone. None where nothing is
        rounded at random.

    Examples
    --------
    >>> rule = Publication(hidden_below=0, rounded_to=3, rounding="random")
    >>> ten = np.array([9]), np.array([7]), np.array([11]), np.array(["rounded"])
    >>> window_weights(*ten, rule).round(2).tolist()
    [[0.33, 0.67, 1.0, 0.67, 0.33]]
    """
    if publication.rounding == "nearest":
        return None
    offsets, shown, hidden = rounding_offsets(publication), status == Status.ROUNDED, status == Status.SUPPRESSED
    width = max(2 * publication.rounded_to - 1, highest_hidden(publication) - lowest_hidden(publication) + 1)
    k = lower[:, None] + np.arange(width)
    times = np.zeros(k.shape)
    for offset in offsets:
        first, last = _shown_bounds(numbers, publication, offset)
        of_number = (k >= first[:, None]) & (k <= last[:, None])
        times += np.select([shown[:, None], hidden[:, None]], [of_number, are_hidden(k, publication, offset)], True)
    last = np.where(np.isin(status, [Status.MISSING, Status.ZERO]), lower, upper)
    return np.where(k <= last[:, None], times / len(offsets), 0.0)


def shifted_weights(weights: Floats | None, before: Integers, lower: Integers, upper: Integers) -> Floats | None:
    """Return the probabilities of windows that were narrowed, which begin at a higher count or end at a lower one.

    Parameters
    ----------
    weights : ndarray (area, width) or None
        As `window_weights` gives them.
    before : ndarray of int64 (area,)
        Where the windows began.
    lower, upper : ndarray of int64 (area,)
        Of the windows now.

    Returns
    -------
    ndarray (area, width) or None

    Examples
    --------
    >>> shifted_weights(np.array([[0.2, 0.6, 1.0]]), np.array([7]), np.array([8]), np.array([9])).tolist()
    [[0.6, 1.0, 0.0]]
    """
    if weights is None:
        return None
    width = weights.shape[1]
    place = np.arange(width) + (lower - before)[:, None]
    moved = np.take_along_axis(weights, np.minimum(place, width - 1), axis=1)
    moved = np.where(place < width, moved, 1.0)
    return np.where(lower[:, None] + np.arange(width) <= upper[:, None], moved, 0.0)


@dataclass(frozen=True)
class PublishedCells:
    """Published cells, classified.

    Parameters
    ----------
    text : Series of str
        The cells, indexed by the code of the area.
    hidden, missing, zero, secondary, number : ndarray of bool (area,)
        At most one holds for each cell; none where the text is neither a whole number nor a stated symbol.
    numbers : ndarray of int64 (area,)
        The number as published, 0 where there is none.
    """

    text: pd.Series
    hidden: Booleans
    missing: Booleans
    zero: Booleans
    secondary: Booleans
    number: Booleans
    numbers: Integers


def published_cells(text: pd.Series, publication: Publication, without: Collection[str] = ()) -> PublishedCells:
    """Distinguish symbols from numbers; a stated symbol takes precedence, even if it looks like a number.

    For areas `without` a row in the table of counts the count is missing, whatever an empty cell stands for.

    Examples
    --------
    >>> import pandas as pd
    >>> publication = Publication(hidden_symbols=(".",), missing_symbols=("-99999999",))
    >>> cells = published_cells(pd.Series([".", "-99999999", "12"]), publication)
    >>> cells.hidden.tolist(), cells.missing.tolist(), cells.numbers.tolist()
    ([True, False, False], [False, True, False], [0, 0, 12])
    """
    absent = text.index.isin(list(without))
    hidden = text.isin(publication.hidden_symbols).to_numpy(dtype=bool) & ~absent
    missing = text.isin(publication.missing_symbols).to_numpy(dtype=bool) | absent
    zero = text.isin(publication.zero_symbols).to_numpy(dtype=bool) & ~absent
    secondary = text.isin(publication.secondary_symbols).to_numpy(dtype=bool) & ~absent
    numbers, whole = whole_numbers(text)
    symbols = hidden | missing | zero | secondary
    return PublishedCells(text, hidden, missing, zero, secondary, whole & ~symbols, numbers)


def symbols_in_words(symbols: tuple[str, ...]) -> str:
    """Return symbols as text in which an empty one is visible.

    Examples
    --------
    >>> symbols_in_words(("", "."))
    "empty cell, '.'"
    """
    return ", ".join(_("empty cell") if symbol == "" else repr(symbol) for symbol in symbols) or _("none")
