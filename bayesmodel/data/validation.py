"""What is wrong with what areas lie in: all faults, with the rows that show them."""

from __future__ import annotations

import re
from collections.abc import Sequence

import pandas as pd

from bayesmodel.areas.codes import are_codes, gemeente_of
from bayesmodel.errors import Fault, suggest
from bayesmodel.messages import _
from bayesmodel.study.parts import Level

NO_GROUP = (
    r"n\.?a\.?n?|n/a|n\.?b\.?|n\.?v\.?t\.?|null|none|nil|void|onbekend|unknown|niet bekend|not available|missing|leeg|"
    r"geen|[.\-–—?*_]+|-?9{3,}|-9+[0-9]*|#[a-z/0-9_]+[!?]?|(gm|wk|bu|jz|cr|pv)?9{4,}|(gm|wk|bu)?0000"
)
"""Words and signs with which tables say that an area lies in no group."""


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
    """Find words that say that there is no group, which would otherwise be one."""
    none = groups.str.fullmatch(NO_GROUP, flags=re.IGNORECASE)
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
    """Compare the gemeente in a wijk code with the gemeente of its row; other codes say nothing of their gemeente."""
    comparable = (are_codes(codes, "wijk") | are_codes(codes, "buurt")) & are_codes(groups, "gemeente")
    said = gemeente_of(codes)
    wrong = comparable & (said != groups)
    if not wrong.any():
        return []
    rows = [
        _("{code} (its code says {own}, its row {group})").format(code=code, own=own, group=group)
        for code, own, group in zip(codes[wrong], said[wrong], groups[wrong], strict=True)
    ]
    advice = _("Check that codes and boundaries are of the same year; a code is reused in other years.")
    return [
        Fault(level.column, _("another gemeente than the code of the wijk says"), _("WKxxxxyy in GMxxxx"), advice, rows)
    ]


def _unknown_faults(groups: pd.Series, level: Level) -> list[Fault]:
    """Find texts that are no code of a gemeente in a column that holds such codes."""
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
