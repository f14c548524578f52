"""Cells of text: whole numbers in them, and how they are shown in a fault."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from bayesmodel.messages import _


def whole_numbers(cells: pd.Series) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Read whole numbers of 0 and more.

    Parameters
    ----------
    cells : Series of str
        Text, stripped.

    Returns
    -------
    tuple of ndarray of int64 and ndarray of bool
        The numbers (0 where there is none), and which cells hold one.

    Examples
    --------
    >>> import pandas as pd
    >>> values, whole = whole_numbers(pd.Series(["120", "12.0", "1.000", "-3", ""]))
    >>> values.tolist(), whole.tolist()
    ([120, 12, 0, 0, 0], [True, True, False, False, False])
    """
    # "12.0" is a whole number out of a column with gaps; "1.000" may be a thousand written with a point.
    whole = cells.str.fullmatch(r"[0-9]{1,15}(\.0)?").to_numpy(dtype=bool)
    return pd.to_numeric(cells.where(whole, "0")).to_numpy(dtype=np.int64), whole


def rows_of(cells: pd.Series) -> list[str]:
    """Return the code of each area with what stands there.

    Examples
    --------
    >>> import pandas as pd
    >>> rows_of(pd.Series(["x"], index=["WK000300"]))
    ["WK000300 ('x')"]
    """
    return [f"{code} ({cell!r})" for code, cell in cells.items()]


def is_error(cells: pd.Series) -> pd.Series:
    """Say which cells hold an error of a spreadsheet program (``#N/A``, ``#N/B``) or a formula instead of its value.

    Examples
    --------
    >>> import pandas as pd
    >>> is_error(pd.Series(["#DEEL/0!", "=A1+A2", "12", "#"])).tolist()
    [True, True, False, False]
    """
    return cells.str.fullmatch(r"#[A-Z/0-9_]+[!?]?|=.+|Err:[0-9]+", case=False)


def mend_cell() -> str:
    """Say what to do about an error of a spreadsheet program."""
    return _("An error or a formula without its value is no number: mend it in the spreadsheet program and save there.")
