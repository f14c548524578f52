"""Tables as text, so that symbols, codes and the publisher's own digits survive reading."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import pandas as pd

from bayesmodel.errors import SHOWN, DataError, Fault
from bayesmodel.messages import _, number


@dataclass(frozen=True)
class TextTable:
    """A table of text, and what was assumed while reading it.

    Parameters
    ----------
    frame : DataFrame of str
        Cells stripped of spaces; an empty cell is ``""``; decimals with a point.
    notes : tuple of str
        What was read and how, in sentences.
    doubts : mapping of str to Fault
        Per column: why it cannot be read in one way only; a fault as soon as the study uses the column.
    lines : tuple of int
        Number of each row in the file; empty when rows have no number there.
    places : mapping of str to Series
        Of joined tables, per column: where each row stands, such as "row 12" or "row 12 of gm.csv".
    unmatched : mapping of str to Series of bool
        Of joined tables, per column of a later table: the rows it has no row for, whose cells are empty for that
        reason.
    larger : DataFrame of str
        Of joined tables: rows of larger areas, such as gemeenten, indexed by code; they are no rows of `frame`.
    """

    frame: pd.DataFrame
    notes: tuple[str, ...] = ()
    doubts: Mapping[str, Fault] = field(default_factory=dict)
    lines: tuple[int, ...] = ()
    places: Mapping[str, pd.Series] = field(default_factory=dict)
    unmatched: Mapping[str, pd.Series] = field(default_factory=dict)
    larger: pd.DataFrame = field(default_factory=pd.DataFrame)


def table_fault(where: str, found: str, expected: str, advice: str = "", rows: list[str] | None = None) -> DataError:
    """Return the error of a table with one fault."""
    return DataError(_("The table"), [Fault(where, found, expected, advice, rows or [])])


def listed(names: list[str]) -> str:
    """Name the first few, and count the others.

    Examples
    --------
    >>> listed(list("abcdefg"))
    'a, b, c, d, e and 2 more'
    """
    more = _(" and {number} more").format(number=number(len(names) - SHOWN)) if len(names) > SHOWN else ""
    return ", ".join(names[:SHOWN]) + more
