"""Columns of a table that a proposed study leaves out, and why: nothing is dropped without a word."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import pandas as pd

from bayesmodel.data.odd_cells import BROKEN, OddCell, advice_on, kinds_of
from bayesmodel.errors import listed
from bayesmodel.messages import _
from bayesmodel.scaffold.column_kinds import NUMBER, Column

EACH = 5
"""Columns left out for one reason up to which each has a line of its own."""
EXAMPLES = 2
"""Cells that are shown of a column."""


def not_taken(columns: Sequence[Column], used: Collection[str], names: Collection[str] = ()) -> list[tuple[str, str]]:
    """Say of columns that hold no numbers, and have no role, why they are left out.

    Parameters
    ----------
    columns : sequence of Column
        The columns that were looked at.
    used : collection of str
        Those that have a role, or are spoken of elsewhere.
    names : collection of str
        All columns of the tables, those of other years included.

    Returns
    -------
    list of tuple of str and str
        A column, or several that are left out for one reason, and the reason.

    Examples
    --------
    >>> from bayesmodel.scaffold.column_kinds import columns_of
    >>> frame = pd.DataFrame({"groen": ["WAAR", "ONWAAR"], "soort": ["stad", "dorp"], "leeg": ["", ""]})
    >>> not_taken(columns_of(frame), ())
    [('groen', "'WAAR', 'ONWAAR'. TRUE and FALSE are no numbers: write 1 and 0"), ('soort', "text, such as 'stad', \
'dorp'"), ('leeg', 'empty')]
    """
    left = [column for column in columns if column.name not in used and column.kind != "numbers"]
    found, reasons = list[tuple[str, str]](), dict[str, str]()
    for column in left:
        if broken := _broken(column):
            found.append((column.name, broken))
        else:
            reasons[column.name] = _reason(column)
    several = {
        "text": _("text"),
        "empty": _("empty"),
        "period": _("years or periods"),
    }
    of_codes = _("codes that no level needs")
    kinds = {column.name: column.kind for column in left if column.name in reasons}
    for kind in dict.fromkeys(kinds.values()):
        own = [name for name, other in kinds.items() if other == kind]
        together = [(listed(own), several.get(kind, of_codes))]
        found += [(name, reasons[name]) for name in own] if len(own) <= EACH else together
    others = [name for name in names if name not in used and name not in {column.name for column in columns}]
    return [*found, *([(listed(others), _("of other years"))] if others else [])]


def _broken(column: Column) -> str:
    """Say what stands in a column that holds errors, dates or such where numbers are meant; empty where it does not."""
    filled = column.cells[column.cells != ""]
    odd = filled[~filled.str.fullmatch(NUMBER)]
    kinds = kinds_of(odd)
    meant = len(filled) - int((kinds == OddCell.TEXT).sum())
    if column.kind != "text" or 2 * meant <= len(filled) or not kinds.isin([*BROKEN, OddCell.MARKS]).any():
        return ""
    cells = odd[(kinds != OddCell.TEXT).to_numpy()]
    return f"{_shown(cells)}. {advice_on(cells, '', _('Write its numbers in one way.'))}".rstrip(".")


def _reason(column: Column) -> str:
    """Say what a column holds, with examples."""
    said = {
        "text": _("text, such as {cells}"),
        "empty": _("empty"),
        "period": _("years or periods, such as {cells}"),
    }.get(column.kind, _("codes that no level needs, such as {cells}"))
    return said.format(cells=_shown(column.cells[column.cells != ""]))


def _shown(cells: pd.Series) -> str:
    """Show the first different cells."""
    return ", ".join(repr(cell) for cell in cells.unique()[:EXAMPLES])
