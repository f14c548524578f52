"""Tables as text, so that symbols, codes and the publisher's own digits survive reading."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from bayesmodel.errors import SHOWN, DataError, Fault

_DECIMAL = r"[+-]?[0-9]+{mark}[0-9]+"
_NUMBER = r"[+-]?[0-9]+([.,][0-9]+)?"


@dataclass(frozen=True)
class TextTable:
    """A table of text, and what was assumed while reading it.

    Parameters
    ----------
    frame : DataFrame of str
        Cells stripped of spaces; an empty cell is ``""``; decimals with a point.
    notes : tuple of str
        What was read and how, in sentences.
    """

    frame: pd.DataFrame
    notes: tuple[str, ...] = ()


def table_fault(where: str, found: str, expected: str, advice: str = "") -> DataError:
    """Return the error of a table with one fault."""
    return DataError("The table", [Fault(where, found, expected, advice)])


def point_decimals(frame: pd.DataFrame) -> tuple[pd.DataFrame, list[str]]:
    """Write decimal commas as points, in the columns where every number has commas only.

    A column with both marks is left as it is: the comma may separate thousands there, which only the user can tell.

    Returns
    -------
    tuple of DataFrame and list of str
        The table, and the columns that were changed.

    Examples
    --------
    >>> import pandas as pd
    >>> frame, changed = point_decimals(pd.DataFrame({"a": ["1,5", "."], "b": ["1,5", "1.5"], "c": ["2", "3"]}))
    >>> frame["a"].tolist(), changed
    (['1.5', '.'], ['a'])
    """
    changed = [str(column) for column in frame if _has_decimal_comma(frame[column])]
    return frame.assign(**{column: frame[column].str.replace(",", ".", regex=False) for column in changed}), changed


def decimals_in_words(changed: list[str]) -> str:
    """Say which decimal mark was found, given the columns that had commas.

    Examples
    --------
    >>> decimals_in_words([])
    'decimal point'
    >>> decimals_in_words(list("abcdefg"))
    'decimal comma in a, b, c, d, e and 2 more'
    """
    if not changed:
        return "decimal point"
    more = f" and {len(changed) - SHOWN} more" if len(changed) > SHOWN else ""
    return f"decimal comma in {', '.join(changed[:SHOWN])}{more}"


def _has_decimal_comma(cells: pd.Series) -> bool:
    """Whether a column holds numbers (and symbols without digits) with decimal commas and no decimal points."""
    if not cells.str.contains(",", regex=False).any():
        return False
    cells = cells[cells.str.contains(r"[0-9]")]
    return bool(
        cells.str.fullmatch(_DECIMAL.format(mark=",")).any()
        and not cells.str.fullmatch(_DECIMAL.format(mark=r"\.")).any()
        and cells.str.fullmatch(_NUMBER).all()
    )
