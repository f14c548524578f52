"""Text that a spreadsheet program would run, with an apostrophe before it; numbers stay numbers, and it is undone."""

from __future__ import annotations

import re
from unicodedata import normalize

import pandas as pd

from bayesmodel.study import Label

NOTE = Label(
    nl="Tekst die een spreadsheetprogramma als formule zou uitvoeren (met =, +, - of @ vooraan, ook na een spatie, "
    "tab, komma of puntkomma) heeft een ' ervoor; die hoort niet bij de tekst. In de Parquet staat de tekst zelf.",
    en="Text that a spreadsheet program would run as a formula (with =, +, - or @ in front, also after a space, tab, "
    "comma or semicolon) has a ' before it, which is no part of the text. The Parquet holds the text itself.",
)

_SIGNS = "=+-@"
_ALIKE = "".join(chr(code) for code in range(0x80, 0x10000) if normalize("NFKC", chr(code)) in [*_SIGNS]) + "\u2212"
_STARTS = f"[{re.escape(_SIGNS + _ALIKE)}]"
# white space, control characters, marks that are not seen, and quotes: what a program passes over before a formula
_BEFORE = "[\\s\"'\x00-\x1f\x7f-\xa0\xad\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff]*"
# a program that splits cells on another mark than the file does sees a cell begin in the middle of a text
_BEGIN = "(^|[,;\t\r\n])"
_LIVE = re.compile(f"{_BEGIN}(?={_BEFORE}{_STARTS})")
_NEUTRALISED = re.compile(f"{_BEGIN}'(?={_BEFORE}{_STARTS})")
_NUMBER = re.compile(r"[+-]?(\d+([.,]\d+)*|[.,]\d+)(e[+-]?\d+)? ?%?", re.ASCII | re.IGNORECASE)


def is_live(text: str) -> bool:
    r"""Return whether a spreadsheet program may run a text as a formula.

    Examples
    --------
    >>> [is_live(text) for text in ("=1+1", "\t@SUM(A1)", "Duin;+1", "'t Zand", "-0,8", "'=1+1")]
    [True, True, True, False, False, False]
    """
    return not _NUMBER.fullmatch(text) and any(not text.startswith("'", at.end()) for at in _LIVE.finditer(text))


def neutral(text: str) -> str:
    """Return a text that no spreadsheet program runs: an apostrophe before what would be a formula.

    Examples
    --------
    >>> neutral("=HYPERLINK(A1)"), neutral("'s-Gravenhage"), neutral("-12")
    ("'=HYPERLINK(A1)", "'s-Gravenhage", '-12')
    """
    return text if _NUMBER.fullmatch(text) else _LIVE.sub(r"\1'", text)


def restored(text: str) -> str:
    """Return the text that was made neutral.

    Examples
    --------
    >>> restored(neutral("'=1+1; @2"))
    "'=1+1; @2"
    """
    return _NEUTRALISED.sub(r"\1", text)


def neutralised(table: pd.DataFrame) -> pd.DataFrame:
    """Return a table whose texts, in cells, index and headings, no spreadsheet program runs.

    Parameters
    ----------
    table : DataFrame
        Numbers and what is not known stay as they are.

    Returns
    -------
    DataFrame

    Examples
    --------
    >>> neutralised(pd.DataFrame({"name": ["=1+1", "Zee"], "difference": [-0.8, 2.0]}))["name"].tolist()
    ["'=1+1", 'Zee']
    """
    safe = table.copy(deep=False)
    for place in range(safe.shape[1]):
        values = safe.iloc[:, place]
        if not pd.api.types.is_numeric_dtype(values.dtype):
            safe.isetitem(place, _texts(values).array)
    safe.columns = _labels(safe.columns)
    safe.index = _labels(safe.index)
    return safe


def _texts(values: pd.Series) -> pd.Series:
    """Return a column with its texts made neutral; the same column where there is nothing to do."""
    changed = {text: neutral(text) for text in values.unique() if isinstance(text, str)}
    changed = {text: safe for text, safe in changed.items() if safe != text}
    if not changed:
        return values
    return values.astype(object).map(lambda value: changed.get(value, value) if isinstance(value, str) else value)


def _labels(labels: pd.Index) -> pd.Index:
    """Return an index with its labels and its names made neutral."""
    names = [neutral(name) if isinstance(name, str) else name for name in labels.names]
    if isinstance(labels, pd.MultiIndex) and len(labels):
        parts = [tuple(neutral(each) if isinstance(each, str) else each for each in code) for code in labels]
        return pd.MultiIndex.from_tuples(parts, names=names)
    if isinstance(labels, pd.MultiIndex):
        return labels.set_names(names)
    if not pd.api.types.is_numeric_dtype(labels.dtype):
        safe = [neutral(each) if isinstance(each, str) else each for each in labels]
        labels = labels if safe == list(labels) else pd.Index(safe, dtype=object)
    return labels.rename(names[0])
