"""Levels that may be wrong: names nearly the same, rests, groups in several groups of another level, few groups."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import permutations

import pandas as pd

from bayesmodel.data.area_table import idle_levels
from bayesmodel.data.codes import are_codes, folded, gemeente_of, one_letter_apart, spelled_alike
from bayesmodel.data.counts import Counts
from bayesmodel.data.remark import Remark, RemarkKind, remark
from bayesmodel.data.validation import REST_GROUP, no_groups
from bayesmodel.errors import listed
from bayesmodel.messages import _, number, plural
from bayesmodel.study.model_parts import FEW_GROUPS
from bayesmodel.study.parts import Level

FEW_STRADDLE = 0.1
"""Share of groups that lie in several groups of a level up to which the levels are taken to be meant as nested."""


def spelling_remarks(counts: Counts) -> Iterator[Remark]:
    """Yield groups of a level whose names differ in capitals, accents, spaces or signs only."""
    for level in counts.study.levels:
        for names in spelled_alike(counts.areas.levels[level.name]):

            def say(names: list[str] = names, name: str = level.name) -> str:
                said = _(
                    "{names} are taken for different groups of level {level}, and differ in spelling only. Write the "
                    "name of a group in one way."
                )
                return said.format(names=_(" and ").join(repr(each) for each in names), level=name)

            yield remark(RemarkKind.SPELLING, level.column, say, names)
        for names in one_letter_apart(counts.areas.levels[level.name]):

            def nearly(names: list[str] = names, name: str = level.name) -> str:
                said = _(
                    "{names} are taken for different groups of level {level}, and differ in one letter only: if they "
                    "are one, write its name in one way."
                )
                return said.format(names=_(" and ").join(repr(each) for each in names), level=name)

            yield remark(RemarkKind.SPELLING, level.column, nearly, names)
        labels = counts.areas.level_labels[level.name]
        shared = labels[(labels != "") & (labels != labels.index) & labels.duplicated(keep=False)]
        for label, codes in shared.groupby(shared).groups.items():

            def one_name(label: object = label, codes: pd.Index = codes, name: str = level.name) -> str:
                said = _(
                    "{codes} of level {level} are all called {name}, and taken for different ones: if they are one, "
                    "give it one code."
                )
                return said.format(codes=listed(list(map(str, codes))), level=name, name=label)

            yield remark(RemarkKind.SAME_NAME, level.name_column or level.column, one_name, codes)


def rest_remarks(counts: Counts) -> Iterator[Remark]:
    """Yield groups that may be what was left over: "overig", "rest", 0 or 99 among numbers."""
    for level in counts.study.levels:
        groups = counts.areas.levels[level.name]
        named = groups.map(counts.areas.level_labels[level.name]).fillna("")
        rest = groups.str.fullmatch(REST_GROUP, flags=re.IGNORECASE) & ~_counts_through(groups)
        rest |= named.str.fullmatch(REST_GROUP, flags=re.IGNORECASE) | (no_groups(named) & (named != ""))
        for group in sorted(set(groups[rest])):
            called = named[groups == group].iloc[0]

            def say(group: str = group, called: str = called, name: str = level.name) -> str:
                said = _(
                    "{group} is taken for a {level} as any other. If it stands for areas of which the {level} is not "
                    "known, their figures borrow from each other for no reason: give each its {level}, or leave them "
                    "out."
                )
                shown = repr(group) if called in ("", group) else f"{group} ({called})"
                return said.format(group=shown, level=name)

            yield remark(RemarkKind.REST_GROUP, level.column, say, groups.index[groups == group])


def _counts_through(groups: pd.Series) -> pd.Series:
    """Return which groups are numbers in a row that leads to them: 99 after 98 is the ninety-ninth, and no code."""
    digits = groups.str.extract(r"([0-9]+)$")[0].astype(float)
    known = set(digits.dropna())
    return digits.isin(known) & (digits > 0) & (digits - 1).isin(known)


SHIFT = 5
"""Rows by which a column may have been moved against the others."""


def rows_shifted(groups: pd.Series, parents: pd.Series) -> int:
    """Return by how many rows the column of parents was moved, where that tells why most groups have several.

    Parameters
    ----------
    groups, parents : Series of str
        The group of each row in two levels, in the order of the table.

    Returns
    -------
    int
        0 where most groups have one parent, or no move gives nearly each of them one.

    Examples
    --------
    >>> groups = pd.Series(list("aaabbbccc"))
    >>> rows_shifted(groups, pd.Series(list("xxxyyyzzz"))), rows_shifted(groups, pd.Series(list("xxxxyyyzz")))
    (0, 1)
    """
    if not _straddle(groups, parents) > MOST_STRADDLE:
        return 0
    for rows in sorted((rows for rows in range(-SHIFT, SHIFT + 1) if rows), key=abs):
        back = parents.shift(-rows).fillna("")
        if _straddle(groups, back) <= FEW_STRADDLE and (parents == back).mean() < 1:
            return rows
    return 0


MOST_STRADDLE = 0.5
"""Share of groups that lie in several of another level from which something is wrong, or the levels cross."""


def _straddle(groups: pd.Series, parents: pd.Series) -> float:
    """Return the share of the groups of several areas that lie in several parents."""
    known = (groups != "") & (parents != "")
    sizes = parents[known].groupby(groups[known]).agg(["size", "nunique"])
    several = sizes[sizes["size"] > 1]
    return float((several["nunique"] > 1).mean()) if len(several) else 0.0


REGION = re.compile(r"regio|corop|provinc", re.IGNORECASE)
"""Levels in which a gemeente lies as a whole."""


def shift_remarks(counts: Counts) -> Iterator[Remark]:
    """Yield that most gemeenten, or groups of another level, lie in several of one that was probably moved."""
    study, table = counts.study, counts.areas.levels
    lineage = {level.name: level.within for level in study.levels}
    for inner, outer in permutations(study.levels, 2):
        groups, parents = table[inner.name], table[outer.name]
        if lineage[inner.name] is not None or groups.nunique() <= parents.nunique():
            continue
        if _is_within(outer.name, inner.name, lineage) or not _straddle(groups, parents) > MOST_STRADDLE:
            continue
        rows = rows_shifted(groups, parents)
        of_gemeenten = inner.name == "gemeente" or bool(are_codes(groups, "gemeente").all())
        if not rows and not (of_gemeenten and REGION.search(outer.name)):
            continue
        pairs = table[[inner.name, outer.name]].drop_duplicates()
        sizes = pairs.groupby(inner.name)[outer.name].nunique()
        several = sizes.index[sizes > 1]
        found = _in_several(pairs, inner.name, outer.name, several)

        def say(
            found: list[str] = found, inner: Level = inner, outer: Level = outer, rows: int = rows, of: int = len(sizes)
        ) -> str:
            said = _("{number} of {all} groups of level {inner} lie in several of level {outer}: {found}.")
            words = {"inner": inner.name, "outer": outer.name, "column": outer.column}
            parts = [said.format(number=number(len(found)), all=number(of), found=listed(found), **words)]
            asked = _("Look whether {column} was moved, sorted or filled in apart from the other columns.")
            if rows:
                parts.append(shift_in_words(rows, outer.column))
                asked = _("Correct the table, and say within = {outer!r} of the level {inner}.")
            return " ".join([*parts, asked.format(**words)])

        yield remark(RemarkKind.STRADDLING, outer.column, say)


def shift_in_words(rows: int, column: str) -> str:
    """Say by how many rows a column was moved.

    Examples
    --------
    >>> shift_in_words(-1, "regio")
    'Moved down by 1 row, regio puts nearly each in one: it was probably moved against the other columns.'
    """
    said = (
        _("Moved up by {rows}, {column} puts nearly each in one: it was probably moved against the other columns.")
        if rows > 0
        else _(
            "Moved down by {rows}, {column} puts nearly each in one: it was probably moved against the other columns."
        )
    )
    return said.format(rows=plural("{count} row", "{count} rows", abs(rows)), column=column)


def straddling_remarks(counts: Counts) -> Iterator[Remark]:
    """Yield groups that lie in several groups of another level, where nearly all others lie in one."""
    study, table = counts.study, counts.areas.levels
    lineage = {level.name: level.within for level in study.levels}
    for inner, outer in permutations(study.level_names, 2):
        if lineage[inner] is not None or _is_within(outer, inner, lineage):
            continue
        pairs = table[[inner, outer]].drop_duplicates()
        sizes = pairs.groupby(inner)[outer].nunique()
        several = sizes.index[sizes > 1]
        # a finer level has more groups; of a level that crosses another most groups straddle
        if not len(several) or len(sizes) <= pairs[outer].nunique() or len(several) > FEW_STRADDLE * len(sizes):
            continue
        found = _in_several(pairs, inner, outer, several)

        def say(found: list[str] = found, inner: str = inner, outer: str = outer) -> str:
            said = _(
                "{found}, while every other {inner} lies in one {outer}. If they are different ones of one name, give "
                "them codes or different names: here they are taken for one. Then say within = {outer!r} of the level "
                "{inner}."
            )
            return said.format(found=listed(found), inner=inner, outer=outer)

        yield remark(RemarkKind.STRADDLING, study.levels[study.level_names.index(inner)].column, say, several)


ENOUGH = 5
"""Gemeenten, or groups, from which that nearly all keep to a rule says something of the few that do not."""


def code_remarks(counts: Counts) -> Iterator[Remark]:
    """Yield groups that do not go with the gemeente that the codes of areas say, where nearly all do."""
    codes, levels = counts.areas.codes.to_series(), counts.areas.levels
    if not (are_codes(codes, "wijk") | are_codes(codes, "buurt")).all():
        return
    if any(are_codes(levels[name], "gemeente").all() for name in levels):
        return  # these are held against the codes of areas, and other levels against them
    for level in counts.study.levels:
        pairs = pd.DataFrame({"code": gemeente_of(codes), "group": levels[level.name]}).drop_duplicates()
        for inner, outer in (("code", "group"), ("group", "code")):
            sizes = pairs.groupby(inner)[outer].nunique()
            several = sizes.index[sizes > 1]
            if inner == "code":  # spellings that are nearly the same are remarked on as such
                spelled = pairs["group"].map(folded).groupby(pairs["code"]).nunique()
                several = several[(spelled[several] > 1).to_numpy()]
            if not len(several) or len(sizes) < ENOUGH or len(several) > max(FEW_STRADDLE * len(sizes), 1):
                continue
            found = [f"{each}: {_(' and ').join(sorted(pairs.loc[pairs[inner] == each, outer]))}" for each in several]

            def say(found: list[str] = found, name: str = level.name, one: bool = inner == "code") -> str:
                said = (
                    _(
                        "The codes say that these areas lie in one gemeente, and the {level} differs ({found}), where "
                        "all others have one: look for two spellings, or rows in the wrong {level}."
                    )
                    if one
                    else _(
                        "The codes say that these areas lie in different gemeenten, and the {level} is one ({found}), "
                        "where each other is of one gemeente: if two are called the same, give them codes or different "
                        "names."
                    )
                )
                return said.format(level=name, found=listed(found))

            yield remark(RemarkKind.STRADDLING, level.column, say, several)


def _is_within(inner: str, outer: str, lineage: dict[str, str | None]) -> bool:
    """Whether a level is said to lie in another, at whatever distance."""
    parent = lineage.get(inner)
    while parent is not None:
        if parent == outer:
            return True
        parent = lineage.get(parent)
    return False


def _in_several(pairs: pd.DataFrame, inner: str, outer: str, several: pd.Index) -> list[str]:
    """Say of each group in which groups it lies."""
    said = []
    for group in several:
        parents = sorted(pairs.loc[pairs[inner] == group, outer])
        said.append(_("{group} lies in {parents}").format(group=group, parents=_(" and ").join(parents)))
    return said


def number_remarks(counts: Counts) -> Iterator[Remark]:
    """Yield levels of which the groups are numbers with decimals, or the values of a determinant."""
    for level in counts.study.levels:
        groups = counts.areas.levels[level.name].drop_duplicates()
        decimals = groups.str.fullmatch(r"-?[0-9]+[.,][0-9]*[1-9][0-9]*")
        if decimals.mean() <= 1 / 2 and level.column not in counts.study.determinant_names:
            continue

        def say(level: Level = level, groups: pd.Series = groups, measured: bool = decimals.mean() > 1 / 2) -> str:
            said = _(
                "{column} is the column of level {level} and a determinant too: what it explains cannot be told from "
                "how its groups differ. Take it out of one of both."
            )
            if measured:
                said = _(
                    "The groups of level {level} are numbers with decimals, such as {examples}: {column} measures "
                    "something, and names no group. Take the column that names the {level}, or leave the level out."
                )
            return said.format(column=level.column, level=level.name, examples=listed(list(groups[:3])))

        yield remark(RemarkKind.CODED, level.column, say)


def level_remarks(counts: Counts) -> Iterator[Remark]:
    """Yield remarks on levels without information, which leave the model, and on levels of fewer than five groups."""
    idle = idle_levels(counts.study, counts.areas.levels)
    for level in counts.study.levels:
        groups = sorted(set(counts.areas.levels[level.name]))
        if level.name in idle and not level.effect:
            kind, shown = idle[level.name]

            def carries_nothing(level: Level = level, kind: str = kind, shown: str = shown) -> str:
                said = {
                    "lone": _("All areas lie in one {level} ({shown}): there is no other to differ from."),
                    "areas": _("Each {level} holds one {shown}: what is its own cannot be told from the area's own."),
                    "same": _("Level {level} has the same groups of areas as {shown}: they cannot be told apart."),
                }[kind]
                left_out = _("This level is left out of the model; areas are still added up to it in the tables.")
                return f"{said.format(level=level.name, shown=shown)} {left_out}"

            yield remark(RemarkKind.IDLE_LEVEL, level.column, carries_nothing)
        elif 1 < len(groups) < FEW_GROUPS and level.effect:

            def few(level: Level = level, size: int = len(groups)) -> str:
                said = _(
                    "Level {level} has only {size} groups, which tell little of how much such groups differ: the prior "
                    "of its standard deviation, P(sd > {limit}) = {probability}, decides much. Another is chosen with "
                    "model.priors.sd_of; effect = false at the level leaves it out of the model."
                )
                prior = counts.study.model.priors.of_level(level.name, size)
                return said.format(
                    level=level.name,
                    size=number(size),
                    limit=number(prior.exceeds, "g"),
                    probability=number(prior.probability, "g"),
                )

            yield remark(RemarkKind.FEW_GROUPS, level.column, few, groups)
