"""What each published value stands for under a rule, as shown by `check-data` to verify the rule.

Here the two orders of hiding and rounding differ: with fives, hidden below 10 before rounding makes 10 stand for
10..12, and hidden below 10 after rounding makes it stand for 8..12, as hidden below 8 before rounding does.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from bayesmodel.data.publication import highest_hidden, lowest_hidden, lowest_shown, published_bounds, symbols_in_words
from bayesmodel.messages import _
from bayesmodel.study.parts import Publication

NUMBERS = 3
"""Numbers shown above the hidden counts that have a row of their own."""


class PublishedWindow(NamedTuple):
    """What a published value stands for.

    Parameters
    ----------
    published : str
        The value, in words.
    lower, upper : int
        The smallest and largest count; `upper` is None for the whole population.
    cells : tuple of str
        The cells that hold it.
    """

    published: str
    lower: int
    upper: int | None
    cells: tuple[str, ...]


def published_windows(publication: Publication) -> list[PublishedWindow]:
    """Return what each symbol, and each of the smallest numbers, stands for: symbols first, then numbers, ascending.

    Examples
    --------
    >>> rule = Publication(hidden_below=8, rounded_to=5, hidden_symbols=(".",), missing_symbols=("",))
    >>> for window in published_windows(rule):
    ...     print(window.published, "stands for", window_in_words(window.lower, window.upper))
    '.' stands for 0..7
    empty cell stands for 0 up to everyone
    10 stands for 8..12
    15 stands for 13..17
    20 stands for 18..22
    """
    most = publication.secondary_below - 1 if publication.secondary_below else None
    hidden = publication.hidden_symbols if highest_hidden(publication) >= 0 else ()
    kinds: list[tuple[tuple[str, ...], int, int | None]] = [
        (hidden, lowest_hidden(publication), highest_hidden(publication)),
        (publication.secondary_symbols, publication.secondary_from, most),
        (publication.missing_symbols, 0, None),
        (publication.zero_symbols, 0, 0),
    ]
    rows = [PublishedWindow(symbols_in_words(cells), low, high, cells) for cells, low, high in kinds if cells]
    to, first = publication.rounded_to, lowest_shown(publication) or 0
    numbers = np.arange(0, first + NUMBERS * to, to)
    lower, upper = published_bounds(numbers, publication)
    # of those that are shown below the hidden ones the first
    shown = (lower <= upper) & ((numbers >= first) | (numbers < NUMBERS * to))
    each = zip(numbers[shown], lower[shown], upper[shown], strict=True)
    return rows + [PublishedWindow(str(count), int(low), int(high), (str(count),)) for count, low, high in each]


def window_in_words(lower: int, upper: int | None) -> str:
    """Say what a value stands for.

    Examples
    --------
    >>> window_in_words(8, 12), window_in_words(3, 3), window_in_words(0, None)
    ('8..12', '3', '0 up to everyone')
    """
    if upper is None:
        return _("{lower} up to everyone").format(lower=lower)
    return str(lower) if lower == upper else f"{lower}..{upper}"


def larger_in_words(publication: Publication) -> str:
    """Say what larger numbers stand for.

    Examples
    --------
    >>> larger_in_words(Publication(rounded_to=5))
    'up to 2 fewer and 2 more'
    """
    to = publication.rounded_to
    if to == 1:
        return _("themselves")
    far = 1_000_000 * to
    lower, upper = (int(bound[0]) for bound in published_bounds(np.array([far]), publication))
    message = _("up to {fewer} fewer and {more} more")
    if publication.rounding == "random":
        message = _("up to {fewer} fewer and {more} more, the nearer the likelier")
    return message.format(fewer=far - lower, more=upper - far)
