"""Cells that hold no plain number where one is expected: what they are, and what to do about each kind."""

from __future__ import annotations

import re
from enum import StrEnum

import pandas as pd

from bayesmodel.data.validation import is_error, mend_cell
from bayesmodel.messages import _


class OddCell(StrEnum):
    """What a cell is that holds no plain number."""

    ERROR = "error"
    WIDE = "wide"
    DATE = "date"
    TRUTH = "truth"
    EXPONENT = "exponent"
    MARKS = "marks"
    UNIT = "unit"
    TEXT = "text"


_MONTH = (
    r"(jan(uari|uary)?|feb(ruari|ruary)?|mrt|maart|mar(ch)?|apr(il)?|mei|may|jun[ie]?|jul[iy]?|aug(ustus|ust)?|"
    r"sept?(ember)?|o[kc]t(ober)?|nov(ember)?|dec(ember)?)\.?"
)
_YEAR = r"([0-9]{2}|[0-9]{4})"
_NUMBER = r"[+-]?[0-9]+([.,][0-9]+)*"
UNITS = ("%", "‰", "€", "EUR", "euro")
"""Units that are read where every number of a column has the same one."""
_UNIT = "|".join([*map(re.escape, UNITS), "procent", "percent", "pct", "km2?", "km²", "m[23]?", "m[²³]", "ha", "jaar"])

FORMS: dict[OddCell, str] = {
    OddCell.WIDE: r"#{2,}",
    OddCell.DATE: (
        rf"[0-9]{{4}}-[0-9]{{1,2}}-[0-9]{{1,2}}([ T].*)?|[0-9]{{1,2}}(?P<mark>[-/.])[0-9]{{1,2}}(?P=mark){_YEAR}( .*)?|"
        rf"[0-9]{{1,2}}[-/ .]{_MONTH}([-/ .]{_YEAR})?|{_MONTH}[-/ ]{_YEAR}|"
        r"([0-9]+\s[a-z]+,?\s)?[0-9]{1,2}:[0-9]{2}(:[0-9]{2}([.,][0-9]+)?)?(\s?[ap]m)?"
    ),
    OddCell.TRUTH: r"true|false|waar|onwaar",
    OddCell.EXPONENT: r"[+-]?[0-9]+([.,][0-9]+)?e[+-]?[0-9]+",
    OddCell.MARKS: r"[+-]?[0-9]+[.,][0-9.,]*",
    OddCell.UNIT: rf"[+-]?({_UNIT})\s*{_NUMBER}(,-+)?|{_NUMBER}\s*({_UNIT})",
}
"""How each kind is written; errors of a spreadsheet program come before, and all else is text."""
BROKEN = frozenset({OddCell.ERROR, OddCell.WIDE, OddCell.DATE, OddCell.TRUTH, OddCell.UNIT})
"""Kinds that are no number as they stand, and no symbol that a publisher chose."""


def kinds_of(cells: pd.Series) -> pd.Series:
    """Say of cells that hold no plain number what they are.

    Parameters
    ----------
    cells : Series of str
        Text, stripped.

    Returns
    -------
    Series of OddCell

    Examples
    --------
    >>> cells = pd.Series(["#N/A", "#####", "5 mrt", "12:30:00", "WAAR", "4,56E+02", "1.652", "12 %", "geheim", "0-4"])
    >>> [str(kind) for kind in kinds_of(cells)]
    ['error', 'wide', 'date', 'date', 'truth', 'exponent', 'marks', 'unit', 'text', 'text']
    """
    kinds = pd.Series([OddCell.TEXT] * len(cells), cells.index, dtype=object)
    for kind, form in reversed(FORMS.items()):
        kinds[cells.str.fullmatch(form, flags=re.IGNORECASE)] = kind
    kinds[is_error(cells)] = OddCell.ERROR
    return kinds


def is_broken(cell: str) -> bool:
    """Whether a cell among numbers is an error, a date or such: it stands for no symbol that a publisher chose.

    Examples
    --------
    >>> [is_broken(cell) for cell in ("=1+1", "#N/A", "12-03-2021", "5 mrt", "<5", "-99997", "geheim", ".")]
    [True, True, True, True, False, False, False, False]
    """
    return kinds_of(pd.Series([cell])).iloc[0] in BROKEN


def advice_on(cells: pd.Series, text: str, marks: str) -> str:
    """Return what to do about cells that hold no plain number, a sentence or two for each kind of them.

    Parameters
    ----------
    cells : Series of str
        These cells, and no others.
    text, marks : str
        What to do about text, and about numbers with marks: that depends on what the column holds.

    Returns
    -------
    str

    Examples
    --------
    >>> advice_on(pd.Series(["TRUE", "x"]), "State which symbol it is.", "")
    'TRUE and FALSE are no numbers: write 1 and 0. State which symbol it is.'
    """
    found = set(kinds_of(cells))
    advice = {
        OddCell.ERROR: mend_cell(),
        OddCell.WIDE: _(
            "A row of # is what a spreadsheet program shows of a number that its column is too narrow for: widen the "
            "column, and save the table again."
        ),
        OddCell.DATE: _(
            "A date or a time is no number: a spreadsheet program makes one of 3-4 or 12:30. What it was cannot be "
            "seen: take these cells from their source again, and read the column as text."
        ),
        OddCell.TRUTH: _("TRUE and FALSE are no numbers: write 1 and 0."),
        OddCell.EXPONENT: _(
            "A number with an E is shortened, and digits may be lost: show all digits of the column in the spreadsheet "
            "program, and save the table again."
        ),
        OddCell.MARKS: marks,
        OddCell.UNIT: _(
            "A unit is read where every number of a column has the same one (12%, 8%): write them all in one unit, "
            "with it or without."
        ),
        OddCell.TEXT: text,
    }
    return " ".join(dict.fromkeys(said for kind, said in advice.items() if kind in found))
