"""Where a faulty cell stands: the row of its file, beside the code of the area."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bayesmodel.errors import Fault
from bayesmodel.messages import _
from bayesmodel.sources.text import TextTable


def placed(faults: Sequence[Fault], table: TextTable, area: str) -> list[Fault]:
    """Add to the areas that show a fault the row they are in, where the column comes from a file.

    Parameters
    ----------
    faults : sequence of Fault
        Each of a column of the table; its rows begin with the code of an area.
    table : TextTable
        The joined table.
    area : str
        Its column of codes.

    Returns
    -------
    list of Fault
        The same faults.

    Examples
    --------
    >>> import pandas as pd
    >>> places = pd.Series(["row 2 of x.csv"])
    >>> table = TextTable(pd.DataFrame({"wijk": ["WK000300"], "n": ["-3"]}), places={"n": places})
    >>> placed([Fault("n", "a negative number", "0 or more", rows=["WK000300 ('-3')"])], table, "wijk")[0].rows
    ["WK000300 ('-3') in row 2 of x.csv"]
    """
    first = {code: place for place, code in reversed(list(enumerate(table.frame[area])))}

    def row(text: str, column: str) -> str:
        place = first.get(text.split(" (", 1)[0])
        return (
            text if place is None else _("{text} in {place}").format(text=text, place=table.places[column].iloc[place])
        )

    return [
        replace(fault, rows=[row(text, fault.where) for text in fault.rows]) if fault.where in table.places else fault
        for fault in faults
    ]
