"""Publication rules: what is hidden, how the rest is rounded, and what a published count stands for.

All functions are pure, on integers; f = `hidden_from`, m = `hidden_below`, k = `rounded_to`. A count y is rounded to
the nearest multiple of k (halves up, which occur for even k only), and hidden when f <= y < m ("before rounding") or
when its rounded value is in that window ("after rounding").
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from bayesmodel.study.parts import Publication

Integers = NDArray[np.int64]


def round_counts(counts: Integers, to: int) -> Integers:
    """Round counts to the nearest multiple, halves up.

    Examples
    --------
    >>> round_counts(np.array([2, 3, 7, 8, 12]), 5).tolist()
    [0, 5, 5, 10, 10]
    """
    return (counts + to // 2) // to * to


def highest_hidden(publication: Publication) -> int:
    """Return the largest count that is hidden; -1 where the rule hides nothing.

    Examples
    --------
    >>> highest_hidden(Publication(hidden_below=10))
    9
    >>> highest_hidden(Publication(hidden_below=10, rounded_to=5, hidden_when="after rounding"))
    7
    """
    below, to = publication.hidden_below, publication.rounded_to
    if below == 0:
        return -1
    if publication.hidden_when == "before rounding":
        return below - 1
    last_hidden_multiple = (below - 1) // to * to
    return last_hidden_multiple + to - to // 2 - 1


def lowest_hidden(publication: Publication) -> int:
    """Return the smallest count that is hidden: 0, unless zeros (and perhaps more) are shown.

    Examples
    --------
    >>> lowest_hidden(Publication(hidden_below=10)), lowest_hidden(Publication(hidden_below=10, hidden_from=1))
    (0, 1)
    >>> lowest_hidden(Publication(hidden_below=10, hidden_from=1, rounded_to=5, hidden_when="after rounding"))
    3
    """
    first, to = publication.hidden_from, publication.rounded_to
    if first == 0 or publication.hidden_when == "before rounding":
        return first
    return -(-first // to) * to - to // 2


def are_hidden(counts: Integers, publication: Publication) -> NDArray[np.bool_]:
    """Say which raw counts the rule hides.

    Examples
    --------
    >>> are_hidden(np.array([0, 1, 9, 10]), Publication(hidden_below=10, hidden_from=1)).tolist()
    [False, True, True, False]
    """
    return (counts >= lowest_hidden(publication)) & (counts <= highest_hidden(publication))


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
    to, lowest, highest = publication.rounded_to, lowest_hidden(publication), highest_hidden(publication)
    lower, upper = np.maximum(published - to // 2, 0), published + to - to // 2 - 1
    below = lower < lowest
    # a number that can stand for counts below the hidden ones stands for those, where it can stand for none above
    return np.where(below, lower, np.maximum(lower, highest + 1)), np.where(
        below & (upper <= highest), np.minimum(upper, lowest - 1), upper
    )
