"""CBS codes as text: how they are written, and what a wijk code says about its gemeente."""

from __future__ import annotations

from typing import Literal

import pandas as pd

from bayesmodel.areas.spelling import upper_codes

CodeKind = Literal["wijk", "buurt", "gemeente"]

PREFIX: dict[CodeKind, str] = {"wijk": "WK", "buurt": "BU", "gemeente": "GM"}
DIGITS: dict[CodeKind, int] = {"wijk": 6, "buurt": 8, "gemeente": 4}


def normalise_codes(codes: pd.Series, kind: CodeKind) -> pd.Series:
    """Write codes as CBS does: in capitals, spaces stripped, a bare number padded and given its prefix.

    What is neither a code nor a number is returned as it stands, for `are_codes` to find. Where numbers have their
    leading zeros, one with fewer digits is a code of another kind (gemeente 0003 among wijken 000300).

    Parameters
    ----------
    codes : Series of str
        Codes or numbers, as text.
    kind : {"wijk", "buurt", "gemeente"}
        What they are codes of.

    Returns
    -------
    Series of str
        ``WKxxxxyy``, ``BUxxxxyyzz`` or ``GMxxxx``, on the same index.

    Examples
    --------
    >>> import pandas as pd
    >>> normalise_codes(pd.Series(["300", "WK168000  ", "Almere"]), "wijk").tolist()
    ['WK000300', 'WK168000', 'Almere']
    >>> normalise_codes(pd.Series(["3"]), "gemeente").tolist()
    ['GM0003']
    """
    # "300.0" is a number out of a column with gaps.
    text = upper_codes(codes.str.strip().str.replace(r"^([0-9]+)\.0$", r"\1", regex=True))
    padded = text.str.fullmatch(r"0[0-9]+").any()
    numbers = text.str.fullmatch(rf"[0-9]{{{DIGITS[kind] if padded else 1},{DIGITS[kind]}}}")
    return text.mask(numbers, PREFIX[kind] + text.str.zfill(DIGITS[kind]))


def are_codes(codes: pd.Series, kind: CodeKind) -> pd.Series:
    """Whether each text is a code of this kind.

    Examples
    --------
    >>> import pandas as pd
    >>> are_codes(pd.Series(["WK000300", "WK0003", "GM0003"]), "wijk").tolist()
    [True, False, False]
    """
    return codes.str.fullmatch(rf"{PREFIX[kind]}[0-9]{{{DIGITS[kind]}}}")


def gemeente_of(codes: pd.Series) -> pd.Series:
    """Gemeente that the code of a wijk or buurt says it lies in: ``WKxxxxyy`` lies in ``GMxxxx``.

    Examples
    --------
    >>> import pandas as pd
    >>> gemeente_of(pd.Series(["WK000300"])).tolist()
    ['GM0003']
    """
    return PREFIX["gemeente"] + codes.str[2:6]
