"""Faults in codes of areas and in the groups they lie in, each with the rows that show it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from bayesmodel.data.codes import DIGITS, PREFIX, CodeKind, are_codes, gemeente_of, normalise_codes
from bayesmodel.errors import Fault, suggest
from bayesmodel.messages import _
from bayesmodel.study.parts import Level

_NONE = (
    r"n\.?a\.?n?|n/a|n\.?n?\.?b\.?|n\.?v\.?t\.?|null|none|nil|void|not available|missing|leeg|empty|"
    r"(nog )?(onbekend|niet bekend)|unknown|not (yet )?known|geheim|secret|vertrouwelijk|confidential|"
    r"niet van toepassing|not applicable|(nog )?niet (ingedeeld|in te delen|toegewezen|ingevuld|beschikbaar)|"
    r"not (yet )?assigned|unassigned|nog in te (delen|vullen)|(nader|nog) te bepalen|volgt( nog)?|to be determined|tbd|"
    r"blanco|blank|geen|(sub)?totaal|(sub)?total|"
    r"(geen|no) [a-z]*(regio|region|gemeente|municipality|groep|group|wijk|corop|code|opgave|naam|name|gegevens?|data)|"
    r"[a-z]*(regio|gemeente|region|municipality) (onbekend|unknown)|"
    r"(onbekende|unknown) [a-z]*(regio|gemeente|region|municipality)"
)
NO_GROUP = (
    rf"[(\[<]?({_NONE})[)\]>]?|({_NONE}) ?[/,(] ?({_NONE}|[a-z]{{2}})\)?|"
    r"[.\-–—?*_]+|-?9{3,}|-9+[0-9]*|#[a-z/0-9_]+[!?]?|(gm|wk|bu|jz|cr|pv)?9{4,}|(gm|wk|bu)?0000"
)
"""Words and symbols by which tables indicate that an area lies in no group."""
ONLY_AMONG_LONGER = r"x{1,3}|0"
"""The same for letters and numbers, which may be real groups if others are equally short."""
REST_GROUP = (
    r"overige?|overigen|rest|restgroep|diversen|andere?|anders|elders|others?|elsewhere|remainder|buitenland|abroad|"
    r"(overige|andere|other) (regio's|gemeenten|gebieden|wijken|regions|municipalities|areas)|0|"
    r"(jz|cr|pv)00|(jz|cr|pv)?99"
)
"""Words and numbers that may be a real residual group, or the result of a join without a match."""

NOWHERE = (
    r"(wijk|buurt|adres|woonplaats|gebied)?[ -]?(onbekend|niet bekend|unknown)( (wijk|buurt|adres|woonplaats|gebied))?|"
    r"(onbekende|unknown) (wijk|buurt|adres|woonplaats|area|address)|geen (wijk|buurt)|niet (in te delen|ingedeeld)|"
    r"buitenland|abroad|zonder (vaste )?woonplaats"
)
"""Names of rows for people of whom it is not known where they live."""
OF_ANOTHER = r"(waarvan|w\.v\.|wv\.|daarvan|of which|thereof)\s"
"""How the name of a row begins that is a part of another."""
OF_ALL = r"(sub)?totaa?l\b.*|.*\btotaa?l\)?|(hele |gehele )?gemeente .*|alle wijken.*|all areas.*"
"""Names of rows of a whole gemeente; a wijk may be called so too, so people are looked at as well."""


def no_groups(groups: pd.Series) -> pd.Series:
    """Return which groups are words or symbols for no group.

    Parameters
    ----------
    groups : Series of str
        The group of each area.

    Returns
    -------
    Series of bool

    Examples
    --------
    >>> import pandas as pd
    >>> no_groups(pd.Series(["JZ01", "geen regio", "x"])).tolist()
    [False, True, True]
    >>> no_groups(pd.Series(["x", "y", "z"])).any(), no_groups(pd.Series(["0", "1", "2"])).any()
    (np.False_, np.False_)
    """
    none = groups.str.fullmatch(NO_GROUP, flags=re.IGNORECASE)
    short = groups.str.fullmatch(ONLY_AMONG_LONGER, flags=re.IGNORECASE)
    others = groups[~none & ~short & (groups != "")]
    for sign in groups[short].unique():
        alike = others.str.fullmatch(r"[0-9]+" if sign.isdigit() else rf"[a-z]{{1,{len(sign)}}}", flags=re.IGNORECASE)
        if len(others) and not alike.any():
            none |= groups == sign
    return none


def level_faults(codes: pd.Series, levels: pd.DataFrame, definitions: Sequence[Level]) -> list[Fault]:
    """Find areas in no group, in another gemeente than their code says, and groups that lie in two groups.

    Parameters
    ----------
    codes : Series of str
        Codes of the areas.
    levels : DataFrame of str
        One column per level, named as the level: the code of the group each area lies in.
    definitions : sequence of Level
        The levels of the study, in any order.

    Returns
    -------
    list of Fault
        Empty when all is well.

    Examples
    --------
    >>> import pandas as pd
    >>> level = Level(name="gemeente", column="gemeente_code")
    >>> faults = level_faults(pd.Series(["WK000300"]), pd.DataFrame({"gemeente": ["GM0005"]}), [level])
    >>> faults[0].rows
    ['WK000300 (its code says GM0003, its row GM0005)']
    """
    faults = []
    for level in definitions:
        groups = levels[level.name]
        empty = codes[groups == ""].tolist()
        if empty:
            advice = _(
                "Give each area its {name}, or leave it out; a table of groups of an earlier year lacks the "
                "gemeenten that were formed since."
            ).format(name=level.name)
            faults.append(
                Fault(
                    level.column,
                    _("no {name}").format(name=level.name),
                    _("the code of a {name}").format(name=level.name),
                    advice,
                    empty,
                )
            )
        faults += _no_group_faults(codes, groups, level)
        faults += _gemeente_faults(codes, groups, level)
        faults += _unknown_faults(groups, level)
        if level.within is not None:
            faults += _nesting_faults(groups, levels[level.within], level)
    return faults


def _no_group_faults(codes: pd.Series, groups: pd.Series, level: Level) -> list[Fault]:
    """Find words for no group, which would otherwise be taken as a group."""
    none = no_groups(groups)
    if not none.any():
        return []
    rows = [f"{code} ({group!r})" for code, group in zip(codes[none], groups[none], strict=True)]
    advice = _(
        "It would be taken for a {name} of its own. Give each area its {name}, or leave it out; if one is really "
        "called so, write its name in full."
    ).format(name=level.name)
    found = _("a word that says there is no {name}").format(name=level.name)
    return [Fault(level.column, found, _("the code or name of a {name}").format(name=level.name), advice, rows)]


def _gemeente_faults(codes: pd.Series, groups: pd.Series, level: Level) -> list[Fault]:
    """Compare the gemeente in a wijk code with the gemeente of its row; other codes do not contain their gemeente."""
    comparable = (are_codes(codes, "wijk") | are_codes(codes, "buurt")) & are_codes(groups, "gemeente")
    message = gemeente_of(codes)
    wrong = comparable & (message != groups)
    if not wrong.any():
        return []
    rows = [
        _("{code} (its code says {own}, its row {group})").format(code=code, own=own, group=group)
        for code, own, group in zip(codes[wrong], message[wrong], groups[wrong], strict=True)
    ]
    advice = _("Check that codes and boundaries are of the same year; a code is reused in other years.")
    return [
        Fault(level.column, _("another gemeente than the code of the wijk says"), _("WKxxxxyy in GMxxxx"), advice, rows)
    ]


def _unknown_faults(groups: pd.Series, level: Level) -> list[Fault]:
    """Find texts that are not gemeente codes in a column of such codes."""
    known = groups[groups != ""]
    right = are_codes(known, "gemeente")
    if right.all() or right.mean() <= 0.5:
        return []
    wrong = sorted(set(known[~right]))
    advice = _("Write it as the others are.{suggest}").format(suggest=suggest(wrong[0], sorted(set(known[right]))))
    return [Fault(level.column, _("an unknown {name}").format(name=level.name), _("GM and four digits"), advice, wrong)]


def _nesting_faults(groups: pd.Series, parents: pd.Series, level: Level) -> list[Fault]:
    """Find groups that lie in more than one group of the level they are nested in."""
    known = (groups != "") & (parents != "")
    pairs = pd.DataFrame({"group": groups[known], "parent": parents[known]}).drop_duplicates()
    shared = pairs[pairs["group"].duplicated(keep=False)].sort_values(["group", "parent"])
    if shared.empty:
        return []
    rows = [
        _("{group} in {parents}").format(group=group, parents=_(" and ").join(parts["parent"]))
        for group, parts in shared.groupby("group")
    ]
    advice = _("Correct the table, or take `within` out of the level {name} if it is not nested.").format(
        name=level.name
    )
    found, expected = (
        _("a {name} in more than one {within}").format(name=level.name, within=level.within),
        _("each {name} in one {within}").format(name=level.name, within=level.within),
    )
    return [Fault(level.column, found, expected, advice, rows)]


def label_faults(groups: pd.Series, names: pd.Series, level: Level) -> list[Fault]:
    """Find groups without a name (unknown to the table that names them) and groups with two names.

    Parameters
    ----------
    groups, names : Series of str (area,)
        Code and name of the group each area lies in.
    level : Level
        The level, with its `name_column`.

    Returns
    -------
    list of Fault
        Empty when all is well.

    Examples
    --------
    >>> import pandas as pd
    >>> level = Level(name="regio", column="regio_code", name_column="regio_naam")
    >>> print(label_faults(pd.Series(["JZ01", "JZ40"]), pd.Series(["Groningen", ""]), level)[0])
    regio_code: found a regio without a name in regio_naam; expected a regio known to the table of names.
        in 1: JZ40
        Did you mean JZ01?
    """
    pairs = (
        pd.DataFrame({"group": groups, "name": names})[groups != ""].drop_duplicates().sort_values(["group", "name"])
    )
    faults = []
    unknown = pairs.loc[pairs["name"] == "", "group"].tolist()
    if unknown:
        known = sorted(set(pairs.loc[pairs["name"] != "", "group"]))
        found, expected = (
            _("a {name} without a name in {name_column}").format(name=level.name, name_column=level.name_column),
            _("a {name} known to the table of names").format(name=level.name),
        )
        faults.append(Fault(level.column, found, expected, suggest(unknown[0], known).strip(), unknown))
    named = pairs[pairs["name"] != ""]
    twice = named[named["group"].duplicated(keep=False)]
    if len(twice):
        rows = [f"{group} ({', '.join(parts['name'])})" for group, parts in twice.groupby("group")]
        advice = _("Write the name of a group in one way.")
        faults.append(
            Fault(str(level.name_column), _("two names for one group"), _("one name for each group"), advice, rows)
        )
    return faults


_MONTH = r"([0-9]{1,2}|[a-z]{3})\.?"
_DATE = (
    rf"[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}( .*)?|[0-9]{{1,2}}[-/ ]{_MONTH}([-/ ][0-9]{{2,4}})?|[a-z]{{3}}[-/ ][0-9]{{2,4}}"
)
_NUMBER = r"[0-9]+[.,][0-9]+(e[+-]?[0-9]+)?|[0-9]+e[+-]?[0-9]+"
_TOTAL = r"(sub)?totaal\b.*|total\b.*|nederland|the netherlands|som|sum|alle wijken|gemiddeld.*"


def code_kind(codes: pd.Series, stated: Literal["text", "wijk", "buurt", "gemeente"], area: str) -> CodeKind | None:
    """Return the kind of the codes: as stated, or as implied by the name of the areas if most are written that way.

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
    """Classify texts that are not valid codes by what probably happened to them."""
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
    """Return advice on leaving out rows that are not areas."""
    if kind is not None:
        return _('Fill it in; rows that are no area are left out with keep = "codes" in [[tables]].')
    return _(
        'Take these rows out of the table, or give each {area} a code and say code and keep = "codes" in [[tables]].'
    ).format(area=area)


def _rows(codes: pd.Series) -> list[str]:
    """Return each text with the number of its row."""
    return [_("{code!r} (row {number})").format(code=code, number=number) for number, code in codes.items()]


def whole_numbers(cells: pd.Series) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Read whole numbers of 0 and more.

    Parameters
    ----------
    cells : Series of str
        Text, stripped.

    Returns
    -------
    tuple of ndarray of int64 and ndarray of bool
        The numbers (0 where there is none), and which cells hold one.

    Examples
    --------
    >>> import pandas as pd
    >>> values, whole = whole_numbers(pd.Series(["120", "12.0", "1.000", "-3", ""]))
    >>> values.tolist(), whole.tolist()
    ([120, 12, 0, 0, 0], [True, True, False, False, False])
    """
    # "12.0" is a whole number out of a column with gaps; "1.000" may be a thousand written with a point.
    whole = cells.str.fullmatch(r"[0-9]{1,15}(\.0)?").to_numpy(dtype=bool)
    return pd.to_numeric(cells.where(whole, "0")).to_numpy(dtype=np.int64), whole


def rows_of(cells: pd.Series) -> list[str]:
    """Return the code of each area with its cell.

    Examples
    --------
    >>> import pandas as pd
    >>> rows_of(pd.Series(["x"], index=["WK000300"]))
    ["WK000300 ('x')"]
    """
    return [f"{code} ({cell!r})" for code, cell in cells.items()]


def is_error(cells: pd.Series) -> pd.Series:
    """Return which cells contain an error of a spreadsheet program (``#N/A``, ``#N/B``) or a formula.

    Examples
    --------
    >>> import pandas as pd
    >>> is_error(pd.Series(["#DEEL/0!", "=A1+A2", "12", "#"])).tolist()
    [True, True, False, False]
    """
    return cells.str.fullmatch(r"#[A-Z/0-9_]+[!?]?|=.+|Err:[0-9]+", case=False)


def mend_cell() -> str:
    """Return advice on an error of a spreadsheet program."""
    return _("An error or a formula without its value is no number: mend it in the spreadsheet program and save there.")
