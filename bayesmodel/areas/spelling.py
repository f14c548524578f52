"""Spelling: one normal form of names and codes everywhere they meet, and names that differ in nothing else."""

from __future__ import annotations

import re
import unicodedata

import pandas as pd

_UNUSUAL = r"[^\x21-\x7e ]|  |^ | $"
"""What a text holds that may not be in its normal form: other than plain ASCII, or spaces too many."""
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff]")
_SPACES = re.compile(r"[ \u00a0\u2000-\u200a\u202f\u205f\u3000]+")
_CODE = r"(?:WK|BU|GM|JZ|CR|PV)[0-9]+"


def normal_text(text: str) -> str:
    """Return a text with composed letters, without invisible signs, with single plain spaces.

    Examples
    --------
    >>> normal_text("Su\u0301dwest\u00a0 Frysla\u0302n ") == "Súdwest Fryslân"
    True
    """
    return _SPACES.sub(" ", _INVISIBLE.sub("", unicodedata.normalize("NFC", text))).strip()


def normal_cells(cells: pd.Series) -> pd.Series:
    """Write cells of text in their normal form; only those that need it are touched.

    Examples
    --------
    >>> normal_cells(pd.Series(["Den Haag", "Den\u00a0 Haag"])).nunique()
    1
    """
    odd = cells.str.contains(_UNUSUAL, regex=True)
    if not odd.any():
        return cells
    known = {text: normal_text(text) for text in cells[odd].unique()}
    return cells.where(~odd, cells.map(known).fillna(""))


def upper_codes(cells: pd.Series) -> pd.Series:
    """Write codes of CBS in capitals: ``wk000300`` is ``WK000300``; other text is left as it is.

    Examples
    --------
    >>> upper_codes(pd.Series(["gm0034", "Almere"])).tolist()
    ['GM0034', 'Almere']
    """
    return cells.mask(cells.str.fullmatch(_CODE, flags=re.IGNORECASE), cells.str.upper())


def folded(text: str) -> str:
    """Return what is left of a name when capitals, accents, spaces and signs do not count.

    Examples
    --------
    >>> folded("’s-Gravenhage") == folded("'S GRAVENHAGE")
    True
    >>> folded("Gemeente 1") == folded("Gemeente 11")
    False
    """
    letters = unicodedata.normalize("NFKD", text).casefold()
    return "".join(letter for letter in letters if letter.isalnum())


def spelled_alike(names: pd.Series) -> list[list[str]]:
    """Return the groups of names that differ in capitals, accents, spaces or signs only, the most frequent first.

    Parameters
    ----------
    names : Series of str
        One for each area, so that frequency counts.

    Returns
    -------
    list of list of str

    Examples
    --------
    >>> spelled_alike(pd.Series(["Goes", "GOES", "Goes", "Tholen"]))
    [['Goes', 'GOES']]
    """
    sizes = names[names != ""].value_counts()
    keys = pd.Series([folded(str(name)) or str(name) for name in sizes.index], index=sizes.index)
    twice = keys[keys.duplicated(keep=False)]
    return [[str(name) for name in group.index] for _, group in twice.groupby(twice, sort=True)]
