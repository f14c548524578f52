"""Larger areas among the codes of a table: the gemeente, wijk or country with a row between those of its areas."""

from __future__ import annotations

import pandas as pd

from bayesmodel.areas.codes import DIGITS, PREFIX, CodeKind

COUNTRY = "country"
"""What stands for all areas of a study together."""
WITHIN: dict[CodeKind, tuple[CodeKind, ...]] = {"buurt": ("wijk", "gemeente"), "wijk": ("gemeente",), "gemeente": ()}
"""What areas of a kind lie in."""
COLUMNS = ["level", "group", "code", "published", "population", "aside_lower", "aside_upper", "aside_population"]


def larger_codes(cells: pd.Series, kind: CodeKind) -> pd.Series:
    """Return the code of the larger area that each cell names, or "" where it names none.

    Where the codes of areas are numbers with all their zeros, a number with the digits of a larger area is its code:
    0003 among wijken 000300. Without them no number tells one from the other.

    Parameters
    ----------
    cells : Series of str
        The column of codes of a table.
    kind : {"wijk", "buurt", "gemeente"}
        What its areas are.

    Returns
    -------
    Series of str
        ``GMxxxx``, ``WKxxxxyy`` among buurten, and ``NL`` for the country.

    Examples
    --------
    >>> larger_codes(pd.Series(["WK003400", "gm0034  ", "NL00", "Totaal"]), "wijk").tolist()
    ['', 'GM0034', 'NL', '']
    >>> larger_codes(pd.Series(["003400", "0034", "0035"]), "wijk").tolist()
    ['', 'GM0034', 'GM0035']
    """
    text = cells.str.strip().str.upper()
    found = pd.Series("", index=cells.index).mask(text.str.fullmatch(r"NL[0-9]{0,2}|NEDERLAND|THE NETHERLANDS"), "NL")
    zeros = text.str.fullmatch(rf"0[0-9]{{{DIGITS[kind] - 1}}}").any()
    for larger in WITHIN[kind]:
        prefix, digits = PREFIX[larger], DIGITS[larger]
        found = found.mask(text.str.fullmatch(rf"{prefix}[0-9]{{{digits}}}"), text)
        if zeros:
            found = found.mask(text.str.fullmatch(rf"[0-9]{{{digits}}}"), prefix + text)
    return found


def lying_in(codes: pd.Series, kind: CodeKind) -> pd.DataFrame:
    """Return the codes of the larger areas that the codes of areas say they lie in, one column per kind.

    Examples
    --------
    >>> lying_in(pd.Series(["BU00340102"]), "buurt").iloc[0].to_dict()
    {'wijk': 'WK003401', 'gemeente': 'GM0034'}
    """
    digits = {larger: DIGITS[larger] for larger in WITHIN[kind]}
    found = {larger: PREFIX[larger] + codes.str[2 : 2 + size] for larger, size in digits.items()}
    return pd.DataFrame(found, index=codes.index)


def no_totals() -> pd.DataFrame:
    """Return a table of totals without rows."""
    return pd.DataFrame(columns=COLUMNS)
