"""What is wrong with the codes of areas: empty, twice, changed by a spreadsheet program, or no code at all."""

from __future__ import annotations

import re
from typing import Literal

import pandas as pd

from bayesmodel.areas.codes import DIGITS, PREFIX, CodeKind, are_codes, normalise_codes
from bayesmodel.errors import Fault
from bayesmodel.messages import _

_MONTH = r"([0-9]{1,2}|[a-z]{3})\.?"
_DATE = (
    rf"[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}( .*)?|[0-9]{{1,2}}[-/ ]{_MONTH}([-/ ][0-9]{{2,4}})?|[a-z]{{3}}[-/ ][0-9]{{2,4}}"
)
_NUMBER = r"[0-9]+[.,][0-9]+(e[+-]?[0-9]+)?|[0-9]+e[+-]?[0-9]+"
_TOTAL = r"(sub)?totaal\b.*|total\b.*|nederland|the netherlands|som|sum|alle wijken|gemiddeld.*"


def code_kind(codes: pd.Series, stated: Literal["text", "wijk", "buurt", "gemeente"], area: str) -> CodeKind | None:
    """Return what codes are codes of: as stated, or as the name of the areas says when most of them are written so.

    Examples
    --------
    >>> code_kind(pd.Series(["WK000300", "Totaal", "WK000301"]), "text", "wijk")
    'wijk'
    """
    if stated != "text":
        return stated
    named = next((kind for kind in PREFIX if kind == area), None)
    return named if named is not None and are_codes(codes, named).mean() > 0.5 else None


def code_faults(codes: pd.Series, kind: CodeKind | None, area: str = "area") -> list[Fault]:
    """Find codes that are empty, given twice, or not written as a code of their kind.

    Parameters
    ----------
    codes : Series of str
        Codes of the areas, named as their column, indexed by the number of their row.
    kind : {"wijk", "buurt", "gemeente"} or None
        What they are codes of; None when any text will do.
    area : str
        What the study calls its areas.

    Returns
    -------
    list of Fault
        Empty when all is well.

    Examples
    --------
    >>> print(code_faults(pd.Series(["WK000300", "WK000300"], index=[2, 3], name="wijk_code"), "wijk")[0])
    wijk_code: found codes given more than once; expected one row for each area.
        in 1: WK000300 (rows 2, 3)
        Keep one row for each code; where the table holds several years, take one with where = { column = "2021" }.
    """
    column, faults = str(codes.name), list[Fault]()
    given = codes[codes != ""]
    if len(given) < len(codes):
        rows = [_("row {number}").format(number=number) for number in codes.index[codes == ""]]
        faults.append(
            Fault(column, _("an empty code"), _("a code in every row"), _advice_to_leave_out(kind, area), rows)
        )
    faults += _twice(given)
    if kind is not None:
        return faults + _wrong(given[~are_codes(given, kind)], kind)
    return [*faults, *_odd_texts(given, area)]


def _twice(codes: pd.Series) -> list[Fault]:
    """Find codes that several rows have."""
    repeated = codes[codes.duplicated(keep=False)]
    if repeated.empty:
        return []
    rows = [
        _("{code} (rows {numbers})").format(
            code=code, numbers=", ".join([*map(str, numbers[:5]), *(["..."] if len(numbers) > 5 else [])])
        )
        for code, numbers in sorted(repeated.groupby(repeated).groups.items())
    ]
    advice = _(
        'Keep one row for each code; where the table holds several years, take one with where = { column = "2021" }.'
    )
    return [Fault(str(codes.name), _("codes given more than once"), _("one row for each area"), advice, rows)]


def _wrong(codes: pd.Series, kind: CodeKind) -> list[Fault]:
    """Sort texts that are no code of their kind by what probably happened to them."""
    prefix, digits = PREFIX[kind], DIGITS[kind]
    dates = codes.str.fullmatch(_DATE, flags=re.IGNORECASE)
    numbers = codes.str.fullmatch(_NUMBER, flags=re.IGNORECASE) & ~dates
    short = codes.str.fullmatch(rf"{prefix}[0-9]{{1,{digits - 1}}}")
    again = _("What it was cannot be seen: take the file from its source again, and read the column as text.")
    zeros = _("Write them with all {digits} digits: {prefix}{example} for {prefix}34001.").format(
        digits=digits, prefix=prefix, example="34001".zfill(digits)
    )
    other = _(
        'Totals and rows of other areas are left out with keep = "codes" in [[tables]]; other codes can '
        'be read with code = "text" and another name than {kind} for the area.'
    ).format(kind=kind)
    kinds = {
        _("codes that became dates"): (dates, again),
        _("codes that became numbers"): (numbers, again),
        _("codes that lost a zero"): (short, zeros),
        _("text that is no code of a {kind}").format(kind=kind): (~(dates | numbers | short), other),
    }
    column = str(codes.name)
    written = _("{prefix} and {digits} digits, or up to {digits} digits").format(prefix=prefix, digits=digits)
    return [
        Fault(column, found, written, advice, _rows(codes[rows]))
        for found, (rows, advice) in kinds.items()
        if rows.any()
    ]


def _odd_texts(codes: pd.Series, area: str) -> list[Fault]:
    """Find bare numbers where codes of wijken are meant, and rows that are totals, among codes of any kind."""
    column, faults = str(codes.name), list[Fault]()
    named = next((kind for kind in PREFIX if kind == area), None)
    if named is not None and len(codes):
        numbers = codes[codes.str.fullmatch(rf"[0-9]{{1,{DIGITS[named]}}}")]
        if len(numbers) > len(codes) / 2:
            example = numbers.iloc[0]
            code = normalise_codes(pd.Series([example]), named).iloc[0]
            advice = _('Say code = "{named}" in [[tables]]: {example} is then read as {code}.').format(
                named=named, example=example, code=code
            )
            found = _("numbers, whose leading zeros may be lost")
            faults.append(
                Fault(column, found, _("codes of a {named} as text").format(named=named), advice, _rows(numbers))
            )
    totals = codes[codes.str.fullmatch(_TOTAL, flags=re.IGNORECASE)]
    if len(totals):
        advice = _advice_to_leave_out(None, area)
        faults.append(
            Fault(column, _("rows of totals"), _("rows of one {area} each").format(area=area), advice, _rows(totals))
        )
    return faults


def _advice_to_leave_out(kind: CodeKind | None, area: str) -> str:
    """Say how rows that are no areas are left out."""
    if kind is not None:
        return _('Fill it in; rows that are no area are left out with keep = "codes" in [[tables]].')
    return _(
        'Take these rows out of the table, or give each {area} a code and say code and keep = "codes" in [[tables]].'
    ).format(area=area)


def _rows(codes: pd.Series) -> list[str]:
    """Return each text with the number of its row."""
    return [_("{code!r} (row {number})").format(code=code, number=number) for number, code in codes.items()]
