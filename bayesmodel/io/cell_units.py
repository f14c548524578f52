"""Units inside cells: "12,5 %" and "€ 307.000", where every number of a column carries the same one.

The unit is taken off and said. Where some numbers of a column have it and others do not, or another, what is meant
cannot be seen, and the column stays text, which is a fault as soon as the study uses it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

import pandas as pd

from bayesmodel.data.odd_cells import UNITS
from bayesmodel.data.validation import is_error
from bayesmodel.errors import listed
from bayesmodel.messages import _

EURO = "€"
SAME = {"eur": EURO, "euro": EURO}
"""Other ways to write a unit."""
_ANY = "|".join(map(re.escape, UNITS))
_SPACE = "[ \u00a0\u202f]*"
_NUMBER = "[+-]?[0-9](?:[0-9., \u00a0\u202f]*[0-9])?(?:[eE][+-]?[0-9]+)?"
WITH_UNIT = re.compile(
    rf"(?P<sign>[+-]?)(?P<before>{_ANY}){_SPACE}(?P<amount>{_NUMBER})(,-+)?|(?P<number>{_NUMBER}){_SPACE}(?P<after>{_ANY})",
    re.IGNORECASE,
)
"""A number with a unit before or after it; an amount in euros may end in ",-"."""


def without_units(frame: pd.DataFrame) -> tuple[pd.DataFrame, dict[str, str]]:
    """Take the unit off columns in which every number has the same one.

    Parameters
    ----------
    frame : DataFrame of str
        Cells as written, stripped.

    Returns
    -------
    tuple of DataFrame and dict of str to str
        The table, and the unit by column.

    Examples
    --------
    >>> frame = pd.DataFrame({"huur": ["€ 612,-", "."], "werk": ["12,5 %", "8%"], "mix": ["5%", "8"]})
    >>> plain, units = without_units(frame)
    >>> plain["huur"].tolist(), plain["werk"].tolist(), units
    (['612', '.'], ['12,5', '8'], {'huur': '€', 'werk': '%'})
    """
    changed, units = dict[str, pd.Series](), dict[str, str]()
    for name in map(str, frame):
        first = next((cell for cell in frame[name] if any(map(str.isdigit, cell)) and cell[:1] != "#"), "")
        if not WITH_UNIT.fullmatch(first):
            continue
        cells = frame[name]
        numbers = cells[cells.str.contains(r"[0-9]") & ~is_error(cells)]
        found = [WITH_UNIT.fullmatch(cell) for cell in numbers]
        kinds = {None if each is None else _unit_of(each) for each in found}
        if len(kinds) == 1 and (unit := kinds.pop()) is not None:
            plain = [_number_in(each) for each in found if each is not None]
            changed[name] = cells.where(~cells.index.isin(numbers.index), pd.Series(plain, numbers.index))
            units[name] = unit
    return frame.assign(**changed), units


def _unit_of(found: re.Match[str]) -> str:
    """Return the unit of a number, in one way of writing."""
    unit = (found["before"] or found["after"]).lower()
    return SAME.get(unit, unit)


def _number_in(found: re.Match[str]) -> str:
    """Return the number alone."""
    return found["number"] or found["sign"] + found["amount"]


def units_in_words(units: Mapping[str, str]) -> list[str]:
    """Say which units were read, each with its columns.

    Examples
    --------
    >>> units_in_words({"huur": "€", "werk": "%", "koop": "€"})
    ['€ in every number of huur, koop', '% in every number of werk']
    """
    said = _("{unit} in every number of {columns}")
    columns = {unit: [name for name, own in units.items() if own == unit] for unit in dict.fromkeys(units.values())}
    return [said.format(unit=unit, columns=listed(names)) for unit, names in columns.items()]
