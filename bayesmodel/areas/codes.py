"""CBS codes as text: how they are written, and what a wijk code says about its gemeente."""

from __future__ import annotations

from typing import Literal

import pandas as pd

CodeKind = Literal["wijk", "gemeente"]

PREFIX: dict[CodeKind, str] = {"wijk": "WK", "gemeente": "GM"}
DIGITS: dict[CodeKind, int] = {"wijk": 6, "gemeente": 4}


def normalise_codes(codes: pd.Series, kind: CodeKind) -> pd.Series:
    """Write codes as CBS does: spaces stripped, a bare number padded and given its prefix.

    What is neither a code nor a number is returned as it stands, for `are_codes` to find.

    Parameters
    ----------
    codes : Series of str
        Codes or numbers, as text.
    kind : {"wijk", "gemeente"}
        What they are codes of.

    Returns
    -------
    Series of str
        ``WKxxxxyy`` or ``GMxxxx``, on the same index.

    Examples
    --------
    >>> import pandas as pd
    >>> normalise_codes(pd.Series(["300", "WK168000  ", "Almere"]), "wijk").tolist()
    ['WK000300', 'WK168000', 'Almere']
    >>> normalise_codes(pd.Series(["3"]), "gemeente").tolist()
    ['GM0003']
    """
    text = codes.str.strip()
    numbers = text.str.fullmatch(rf"[0-9]{{1,{DIGITS[kind]}}}")
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
    """Gemeente that a wijk code says it lies in: ``WKxxxxyy`` lies in ``GMxxxx``.

    Examples
    --------
    >>> import pandas as pd
    >>> gemeente_of(pd.Series(["WK000300"])).tolist()
    ['GM0003']
    """
    return PREFIX["gemeente"] + codes.str[2:6]
