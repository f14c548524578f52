"""Area codes as text: CBS notation, the normal form of names and codes, and codes of larger areas among them."""

from __future__ import annotations

import re
import unicodedata
from itertools import combinations
from typing import Literal

import pandas as pd

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


def among(codes: pd.Series, others: pd.Series | pd.Index) -> pd.Series:
    """Return which codes are among others: what `isin` says, which takes twenty times as long over texts.

    Examples
    --------
    >>> among(pd.Series(["GM0001", "GM0002"]), pd.Series(["GM0002", "GM0003"])).tolist()
    [False, True]
    """
    return pd.Series(list(map(set(others.tolist()).__contains__, codes.tolist())), codes.index, dtype=bool)


def gemeente_of(codes: pd.Series) -> pd.Series:
    """Return the gemeente in which a wijk or buurt lies according to its code: ``WKxxxxyy`` lies in ``GMxxxx``.

    Examples
    --------
    >>> import pandas as pd
    >>> gemeente_of(pd.Series(["WK000300"])).tolist()
    ['GM0003']
    """
    return PREFIX["gemeente"] + codes.str[2:6]


_UNUSUAL = r"[^\x21-\x7e ]|  |^ | $"
"""Matches text that may not be in normal form: other than plain ASCII, or superfluous spaces."""
_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u00ad\u200b-\u200f\u2060\ufeff\ud800-\udfff\ufffe\uffff]"
)
"""Signs that nobody sees: control characters, which no file of results can hold, soft hyphens, joiners."""
_SPACES = re.compile("[ \t-\r\x85\u00a0\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+")
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


SAYS_GEMEENTE = r"^(gem(eente|\.)|(jeugd(zorg|hulp)?-?)?regio)\s+(?=[^\W\d]{2})|\(gem(eente|\.)?\)|,\s*gem(eente|\.)?$"
"""What some write beside the name of a gemeente or region: gemeente Goes, Goes (gem.), Goes, gemeente, regio Goes."""
_NUMBER = re.compile(r"0*([0-9]+?)(?:\.0)?")
_LOOKALIKES = str.maketrans(
    "\u0410\u0412\u0415\u041a\u041c\u041d\u041e\u0420\u0421\u0422\u0425\u0430\u0435\u043e\u0440\u0441\u0443\u0445\u0456\u0458\u0391\u0392\u0395\u0397\u0399\u039a\u039c\u039d\u039f\u03a1\u03a4\u03a7\u03bf",
    "ABEKMHOPCTXaeopcyxijABEHIKMNOPTXo",
)
"""Cyrillic and Greek letters that look like Latin ones."""


def folded(text: str) -> str:
    """Return a name without differences in capitals, accents, spaces, punctuation, and letters that look alike.

    Of a number the zeros before it, and a ".0" behind it, make no difference either.

    Examples
    --------
    >>> folded("0340") == folded("340.0") == folded("340")
    True
    >>> folded("’s-Gravenhage") == folded("'S GRAVENHAGE")
    True
    >>> folded("Gemeente 1") == folded("Gemeente 11")
    False
    >>> folded("Regio Zeeland") == folded("Zeeland")
    True
    """
    if (found := _NUMBER.fullmatch(text)) is not None:
        return found[1]
    letters = unicodedata.normalize("NFKD", text.translate(_LOOKALIKES)).casefold()
    bare = re.sub(SAYS_GEMEENTE, " ", letters) if letters.strip() else letters
    return "".join(letter for letter in bare if letter.isalnum())


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


SHORTEST, SHORTEST_OTHER = 6, 9
"""Letters of a word that may be misspelt, and with another letter: shorter ones are two names, as Rheden and Rhenen."""


def one_letter_apart(names: pd.Series) -> list[list[str]]:
    """Return pairs of names that differ in one letter of a long word, the more frequent first.

    Parameters
    ----------
    names : Series of str
        One for each area, so that frequency counts.

    Returns
    -------
    list of list of str
        The letter is left out, put in, another one, or changes place with its neighbour; first letters agree.

    Examples
    --------
    >>> one_letter_apart(pd.Series(["Twente", "Twente", "Twentte", "Zeeland", "Regio 1", "Regio 2"]))
    [['Twente', 'Twentte']]
    """
    sizes = names[names != ""].value_counts()
    shorter = dict[str, list[str]]()
    for name in map(str, sizes.index):
        for cut in {name.casefold(), *_without_a_letter(name.casefold())}:
            shorter.setdefault(cut, []).append(name)
    pairs = dict.fromkeys(pair for those in shorter.values() for pair in combinations(those, 2))
    return [list(pair) for pair in pairs if _misspelt(*(name.casefold() for name in pair))]


def _without_a_letter(name: str) -> list[str]:
    """Return a name without each of its letters but the first."""
    return [name[:place] + name[place + 1 :] for place in range(1, len(name))]


def _misspelt(one: str, other: str) -> bool:
    """Whether two names have the same words but one, which differs in one letter."""
    words = [re.findall(r"\w+", name) for name in (one, other)]
    if len(words[0]) != len(words[1]):
        return False
    apart = [pair for pair in zip(*words, strict=True) if pair[0] != pair[1]]
    if len(apart) != 1 or not all(word.isalpha() for word in apart[0]):
        return False
    short, long = sorted(apart[0], key=len)
    if len(short) < len(long):
        return len(short) >= SHORTEST and short in _without_a_letter(long)
    places = [place for place in range(len(short)) if short[place] != long[place]]
    swapped = len(places) == 2 and [short[place] for place in places] == [long[place] for place in reversed(places)]
    return (swapped and places[1] == places[0] + 1 and len(short) >= SHORTEST) or (
        len(places) == 1 and len(short) >= SHORTEST_OTHER
    )


COUNTRY = "country"
"""Code for all areas of a study together."""
WITHIN: dict[CodeKind, tuple[CodeKind, ...]] = {"buurt": ("wijk", "gemeente"), "wijk": ("gemeente",), "gemeente": ()}
"""The kinds of areas in which areas of a kind lie."""
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
    """Return the codes of the larger areas in which areas lie according to their codes, one column per kind.

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
