"""Published cells: which are which symbol, and the numbers in the others."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from bayesmodel.areas.cells import whole_numbers
from bayesmodel.counts.rules import Integers
from bayesmodel.messages import _
from bayesmodel.study.parts import Publication

Booleans = NDArray[np.bool_]


@dataclass(frozen=True)
class PublishedCells:
    """Published cells, told apart.

    Parameters
    ----------
    text : Series of str
        The cells, indexed by the code of the area.
    hidden, missing, zero, number : ndarray of bool (area,)
        At most one holds for each cell; none where the text is neither a whole number nor a stated symbol.
    numbers : ndarray of int64 (area,)
        The number as published, 0 where there is none.
    """

    text: pd.Series
    hidden: Booleans
    missing: Booleans
    zero: Booleans
    number: Booleans
    numbers: Integers


def published_cells(text: pd.Series, publication: Publication, without: Collection[str] = ()) -> PublishedCells:
    """Tell symbols from numbers; a stated symbol wins, also where it looks like a number.

    Of the areas `without` a row in the table of counts the count is missing, whatever an empty cell stands for.

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
    numbers, whole = whole_numbers(text)
    return PublishedCells(text, hidden, missing, zero, whole & ~(hidden | missing | zero), numbers)


def symbols_in_words(symbols: tuple[str, ...]) -> str:
    """Name symbols so that an empty one can be seen.

    Examples
    --------
    >>> symbols_in_words(("", "."))
    "empty cell, '.'"
    """
    return ", ".join(_("empty cell") if symbol == "" else repr(symbol) for symbol in symbols) or _("none")
