"""Numbers out of text: what is no number and no stated symbol is a fault, never a gap."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from bayesmodel.areas.cells import is_error, mend_cell, rows_of, whole_numbers
from bayesmodel.errors import Fault
from bayesmodel.messages import _


def numbers_in(cells: pd.Series, symbols: Collection[str]) -> tuple[NDArray[np.float64], list[Fault]]:
    """Read numbers; an empty cell and the stated symbols are NaN.

    Parameters
    ----------
    cells : Series of str
        Indexed by the code of the area, named as the column.
    symbols : collection of str
        What is read as not known.

    Returns
    -------
    tuple of ndarray of float and list of Fault
        The values, and a fault when other text stands among them.

    Examples
    --------
    >>> import pandas as pd
    >>> values, faults = numbers_in(pd.Series(["1.5", ".", "x"], index=["A", "B", "C"], name="share"), ["."])
    >>> values.tolist(), faults[0].rows
    ([1.5, nan, nan], ["C ('x')"])
    """
    values = pd.to_numeric(cells, errors="coerce").to_numpy(dtype=float)
    wrong = ~np.isfinite(values) & ~cells.isin(["", *symbols]).to_numpy()
    values = np.where(cells.isin([*symbols]), np.nan, values)
    if not wrong.any():
        return values, []
    advice = _("If it means 'not known', add it to the missing_symbols of this determinant.")
    if is_error(cells[wrong]).any():
        advice = mend_cell()
    elif cells[wrong].str.contains(",", regex=False).any():
        advice = _(
            "The column holds decimal commas and decimal points, or commas for thousands: write decimals in one way."
        )
    return values, [Fault(str(cells.name), _("text that is no number"), _("numbers"), advice, rows_of(cells[wrong]))]


def whole_numbers_in(cells: pd.Series, hidden: Collection[str] = ()) -> tuple[NDArray[np.int64], list[Fault]]:
    """Read whole numbers of people: no symbols, nothing empty, nothing negative, no decimals; 0 where a fault is.

    Parameters
    ----------
    cells : Series of str
        Indexed by the code of the area, named as the column.
    hidden : collection of str
        Symbols of hidden counts, which a population cannot have.

    Returns
    -------
    tuple of ndarray of int64 and list of Fault
        The values, and the faults.

    Examples
    --------
    >>> import pandas as pd
    >>> values, faults = whole_numbers_in(pd.Series(["120", "1.5"], index=["A", "B"], name="youths"))
    >>> values.tolist(), faults[0].rows
    ([120, 0], ["B ('1.5')"])
    """
    values, good = whole_numbers(cells)
    symbol = ~good & cells.isin([*hidden]).to_numpy()
    advice = _("A population must be known: fill it in, or leave these areas out of the table.")
    return values, [
        Fault(str(cells.name), found, _("a whole number of people: 0, 1, 2, ..."), advice, rows_of(cells[wrong]))
        for found, wrong in {
            _("a hidden symbol, or nothing, in the population"): symbol,
            _("no whole number of people"): ~good & ~symbol,
        }.items()
        if wrong.any()
    ]
