"""Cells merged over several rows: a name holds for all of them, a number may be of all together and is asked about."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bayesmodel.errors import Fault
from bayesmodel.messages import _
from bayesmodel.sources.grid import Body
from bayesmodel.sources.text import listed

Range = tuple[tuple[int, int], tuple[int, int]]
"""First and last cell that are merged, each by the places of its row and column in the sheet."""


def filled_down(body: Body, merged: Sequence[Range]) -> tuple[Body, dict[str, Fault]]:
    """Repeat a text in the rows that it is merged over.

    Parameters
    ----------
    body : Body
        The table, with only the first of merged cells filled.
    merged : sequence of Range
        What is merged in its sheet; what begins above the table is left as it is.

    Returns
    -------
    tuple of Body and dict of str to Fault
        The table, with a note on what was filled in; and the columns in which a number is merged, which is a fault as
        soon as the study uses the column.

    Examples
    --------
    >>> import pandas as pd
    >>> frame = pd.DataFrame({"gemeente": ["Breda", "", "Epe"], "wijk": ["A", "B", "C"]})
    >>> body, doubts = filled_down(Body(frame, [1, 2, 3], [0, 1], []), [((1, 0), (2, 0))])
    >>> body.frame["gemeente"].tolist(), body.notes
    (['Breda', 'Breda', 'Epe'], ['filled in over merged rows: gemeente'])
    """
    frame, filled, doubts = body.frame.copy(), dict[str, None](), dict[str, Fault]()
    rows = {place: row for row, place in enumerate(body.places)}
    deepest = max(body.places, default=0)
    for (top, left), (bottom, _right) in merged:
        below = [rows[place] for place in range(top + 1, min(bottom, deepest) + 1) if place in rows]
        if top not in rows or left not in body.columns or not below:
            continue
        column = body.columns.index(left)
        name, text = str(frame.columns[column]), str(frame.iat[rows[top], column])
        if any(letter.isdigit() for letter in text) and not any(letter.isalpha() for letter in text):
            doubts[name] = _number_fault(name, text, top, bottom)
        elif text:
            frame.iloc[below, column] = text
            filled[name] = None
    notes = [_("filled in over merged rows: {listed}").format(listed=listed(list(filled)))] if filled else []
    return replace(body, frame=frame, notes=[*body.notes, *notes]), doubts


def _number_fault(name: str, text: str, top: int, bottom: int) -> Fault:
    """Return the fault of a number that stands in one cell for several rows."""
    found = _("a number merged over rows {first} to {last}: {value!r}").format(
        first=top + 1, last=bottom + 1, value=text
    )
    advice = _("Split the cells in the spreadsheet and give each row its own number; leave empty what is not known.")
    return Fault(name, found, _("a number in every row"), advice)
