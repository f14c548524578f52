"""A study proposed from tables: every key with what it rests on, and "?" where only the user can say."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import pandas as pd

from bayesmodel.data.codes import gemeente_of
from bayesmodel.data.remarks.disguise import Published
from bayesmodel.data.remarks.grouping import FEW_STRADDLE, rows_shifted, shift_in_words
from bayesmodel.data.validation import whole_numbers
from bayesmodel.errors import DataError, Fault, listed
from bayesmodel.io.cbs_columns import is_cbs
from bayesmodel.io.join import FROM_CODE, join_tables
from bayesmodel.io.text_table import TextTable
from bayesmodel.messages import _, number
from bayesmodel.scaffold.candidates import (
    DeterminantProposal,
    ages_of_the_young,
    doubt_of_the_population,
    propose_determinants,
)
from bayesmodel.scaffold.column_kinds import Column, columns_of
from bayesmodel.scaffold.not_taken import not_taken
from bayesmodel.scaffold.opening import Opened, joined_values, open_table, table_values
from bayesmodel.scaffold.publication_rule import (
    PublicationProposal,
    propose_publication,
    with_known_rule,
    without_delivery,
)
from bayesmodel.scaffold.published_columns import Recognised, recognise
from bayesmodel.scaffold.roles import QUESTION, Roles, roles_of
from bayesmodel.sources.known_tables import Registry, read_registry
from bayesmodel.study import Study, study_from

Part = tuple[dict[str, Any], dict[str, str]]
"""Values of keys, and reasons by key."""
FEW_FIGURES = 5
"""Columns of key figures of CBS from which a table is one of them."""


@dataclass(frozen=True)
class StudyProposal:
    """What a study of these tables may say.

    Parameters
    ----------
    name, area : str
        As in a study.
    year : int or str
        The year; "?" where it was not found.
    year_reason : str
        Where it was found, or what hints at it.
    tables : list of Part
        The keys of each table.
    roles : Roles
        What the columns of the joined tables are taken for.
    levels : list of dict
        The keys of each level.
    publication : PublicationProposal or None
        The rule; None where the column of counts is not known.
    determinants : list of DeterminantProposal
        Columns that may explain use.
    recognised : Recognised
        What is known of the tables by their columns, where they are CBS's.
    not_delivered : dict of str to str
        Gemeenten whose own row has no count, by code, with their names.
    blocks : dict of str to dict
        Labels of the blocks that determinants of the set are in.
    whole : TextTable
        The tables, joined.
    others : int
        Columns of key figures that are not in the set of determinants.
    not_taken : sequence of tuple of str and str
        Columns without numbers that are left out, and why.
    notes : list of str
        What was left out of the proposal.
    """

    name: str
    area: str
    year: int | str
    year_reason: str
    tables: list[Part]
    roles: Roles
    levels: list[dict[str, str]]
    publication: PublicationProposal | None
    determinants: list[DeterminantProposal]
    notes: list[str]
    recognised: Recognised
    not_delivered: dict[str, str]
    blocks: dict[str, dict[str, str]]
    whole: TextTable
    others: int = 0
    not_taken: Sequence[tuple[str, str]] = ()


def propose_study(
    paths: Sequence[Path],
    year: int | None = None,
    sheet: str | None = None,
    subject: str | None = None,
    registry: Registry | None = None,
) -> StudyProposal:
    """Propose a study from tables.

    Parameters
    ----------
    paths : sequence of Path
        The tables, in any order; the one with the counts becomes the base.
    year : int, optional
        The year of the counts.
    sheet : str, optional
        The sheet of the spreadsheets.
    subject : str, optional
        What is counted, such as ``wmo``, where the tables have counts of several subjects.
    registry : Registry, optional
        What is known of the tables of publishers; that of the package when left out.

    Returns
    -------
    StudyProposal
        With a reason for each choice.

    Raises
    ------
    DataError
        A table cannot be read, or none has a column of areas.
    UnknownNameError
        There is no such subject.
    """
    registry = read_registry() if registry is None else registry
    base, others = _base_first([open_table(path, sheet, year) for path in paths])
    tables, notes = [table_values(base, year)], list[str]()
    taken = [column.name for column in base.roles.columns]
    for other in others:
        joined = joined_values(other, base, taken)
        if joined is None:
            note = _("{file} is left out: no column of codes that the first table has too, each once.")
            notes.append(note.format(file=other.path.name))
        else:
            tables.append(joined)
            taken += [column.name for column in other.roles.columns]
    whole = _joined(base, tables)
    frame, own = whole.frame, roles_of(columns_of(whole.frame, year, whole.units))
    found, reason = _year(base, own, year)
    recognised = recognise(own, registry, found if isinstance(found, int) else None, subject)
    roles, count = recognised.roles, recognised.roles.column("count")
    levels = _levels(frame, roles)
    groups = {level["name"]: frame[level["column"]] for level in levels}
    parts = recognised.population or tuple(each.name for each in [roles.column("population")] if each is not None)
    ages = () if recognised.population else ages_of_the_young(roles)
    if not recognised.population and (doubt := doubt_of_the_population(roles, ages)):
        parts, roles = ages or parts, roles.asking("population", doubt)
    people = None if not parts else _added_up([roles.by_name[name].people for name in parts])
    used = {*roles.found.values(), FROM_CODE, *parts}
    rest = [column for column in roles.columns if column.kind == "numbers" and column.name not in used]
    published = _figures_of_cbs([base, *others]) if recognised.determinants else set()
    spoken_of = used | published | _keys_of(tables)
    of_users = [column for column in rest if column.name not in published]
    published &= {column.name for column in rest}
    published -= {name for each in recognised.determinants for name in (each.column, each.share_of)}
    outcome = _outcome(frame, roles, people, groups)
    absent = {} if count is None else without_delivery(whole.larger, count.name, parts, roles)
    return StudyProposal(
        name=re.sub(r"[^\w-]+", "-", base.path.name.split(".")[0]).strip("-") or "study",
        area=_area(base),
        year=found,
        year_reason=reason,
        tables=tables,
        roles=roles,
        levels=levels,
        publication=None if count is None else _publication(count, people, frame, absent, recognised, registry, found),
        determinants=[*recognised.determinants, *propose_determinants(of_users, people, groups, outcome)],
        notes=[*notes, *_notes(base, roles, recognised)],
        recognised=recognised,
        not_delivered=_groups_of(absent, roles, groups),
        blocks=_blocks(recognised, registry),
        whole=whole,
        others=len(published),
        not_taken=not_taken(roles.columns, spoken_of, [str(name) for name in frame]),
    )


def _keys_of(tables: Sequence[Part]) -> set[str]:
    """Return the columns by which tables are joined, and by which rows are kept."""
    keys = set[str]()
    for values, _reasons in tables:
        keys |= {values["key"], *values.get("where", {}), *([values["on"]] if "on" in values else [])}
    return keys


def _groups_of(absent: Mapping[str, str], roles: Roles, groups: Mapping[str, pd.Series]) -> dict[str, str]:
    """Return the groups of the level of gemeenten that did not deliver, as the study's column calls them."""
    area, named = roles.column("area"), groups.get("gemeente")
    if area is None or named is None:
        return {}
    codes = gemeente_of(area.cells)
    found = {str(group): absent[code] for code, group in zip(codes, named, strict=True) if code in absent}
    return {group: "" if name == group else name for group, name in found.items()}


def _blocks(recognised: Recognised, registry: Registry) -> dict[str, dict[str, str]]:
    """Return the labels of the blocks that determinants are in."""
    used = {each.source.block for each in recognised.determinants if each.source is not None and not each.against}
    return {name: label.model_dump() for name, label in registry.blocks.items() if name in used}


def _added_up(columns: Sequence[pd.Series]) -> pd.Series:
    """Add columns up; not known where one is not."""
    return pd.concat(columns, axis=1).sum(axis=1, min_count=len(columns))


def _figures_of_cbs(opened: Sequence[Opened]) -> set[str]:
    """Return the columns of the tables that are key figures of CBS."""
    return {
        column.name
        for each in opened
        if sum(map(is_cbs, each.roles.by_name)) > FEW_FIGURES
        for column in each.roles.columns
    }


def _publication(
    count: Column,
    people: pd.Series | None,
    frame: pd.DataFrame,
    absent: Mapping[str, str],
    recognised: Recognised,
    registry: Registry,
    year: int | str,
) -> PublicationProposal:
    """Propose how counts are published: by what is known, and what they show but for gemeenten without a delivery."""
    codes = recognised.roles.column("area")
    kept = pd.Series(True, index=count.cells.index)
    if absent and codes is not None:
        kept = ~gemeente_of(codes.cells).isin(list(absent))
    proposed = propose_publication(count.cells[kept], _people(people, count.cells)[kept])
    if recognised.subject is None:
        return proposed
    known = registry.publication_of(recognised.subject, year if isinstance(year, int) else None)
    return proposed if known is None else with_known_rule(proposed, count.cells[kept], known)


def _notes(base: Opened, roles: Roles, recognised: Recognised) -> list[str]:
    """Say what the user should know of the tables as a whole: other subjects in them, no names, lost decimals."""
    notes = list[str]()
    if base.form.get("format") == "jeugdhulp-2017-workbook":
        notes.append(
            _(
                "This workbook has percentages and no counts. A complete study of it, with counts derived from them: "
                "data/jeugdhulp-2017/study.toml in the project."
            )
        )
    if recognised.subject is not None and recognised.others:
        others = ", ".join(f"{name} ({column})" for name, column in recognised.others.items())
        said = _("The study is of {subject}. The tables have counts of {others} too: --subject takes another.")
        notes.append(said.format(subject=recognised.subject, others=others))
    if "area_name" not in roles.found and "count" in roles.found:
        notes.append(
            _("No table has names of the areas, so that results show codes: give a table with codes and names as well.")
        )
    lost = [each.column for each in recognised.determinants if each.against]
    if lost:
        said = _("Not taken, for a reason that the file gives: {names}.")
        notes.append(said.format(names=listed(lost)))
    return notes


def _outcome(
    frame: pd.DataFrame, roles: Roles, people: pd.Series | None, groups: Mapping[str, pd.Series]
) -> Published | None:
    """Return what is known of the counts, to hold every other column against; None where they are not known."""
    area, count = (roles.column(role) for role in ("area", "count"))
    if area is None or count is None or people is None:
        return None
    shown = whole_numbers(count.cells)[1]
    number = count.numbers.where(shown).to_numpy(dtype=float)
    table = pd.DataFrame(dict(groups), index=frame.index)
    return Published(number, number, people.to_numpy(dtype=float), area.cells, table, count.name)


def _people(people: pd.Series | None, cells: pd.Series) -> pd.Series:
    """Return the population, unknown everywhere where there is no column of it."""
    return pd.Series(float("nan"), index=cells.index) if people is None else people


def _base_first(opened: Sequence[Opened]) -> tuple[Opened, list[Opened]]:
    """Return the table with areas and counts, and the others."""
    with_areas = [table for table in opened if "area" in table.roles.found]
    if not with_areas:
        names = ", ".join(column.name for column in opened[0].roles.columns[:8])
        found = _("no column of wijken or buurten (columns: {names})").format(names=names)
        expected = _("a column with their codes (WK034001) or with a name for each")
        advice = _("Give the column a name such as wijkcode, or write the study by hand from data/example/study.toml.")
        raise DataError(_("The table"), [Fault(opened[0].path.name, found, expected, advice)])
    base = next((table for table in with_areas if "count" in table.roles.found), with_areas[0])
    return base, [table for table in opened if table is not base]


def _area(base: Opened) -> str:
    """Return what the areas are called."""
    column = base.roles.column("area")
    return column.kind if column is not None and column.kind in ("wijk", "buurt") else "wijk"


def _joined(base: Opened, tables: Sequence[Part]) -> TextTable:
    """Join the tables as proposed, to look at their columns together; of several years the last one that is filled."""
    values = [_answered(dict(part), base) for part, _ in tables]
    levels = [] if base.roles.column("gemeente") else [{"name": "gemeente", "column": FROM_CODE}]
    nameless = {"nl": "", "en": ""}
    study: Study = study_from({
        "name": "proposal",
        "outcome": {"count": nameless, "population": nameless, "year": 2000, "vintage": 2000},
        "tables": [{**part, "path": str(Path(part["path"]).absolute())} for part in values],
        "columns": {"area": values[0]["key"], "count": "", "population": ""},
        "levels": levels,
    })  # fmt: skip
    return join_tables(study)


def _answered(values: dict[str, Any], base: Opened) -> dict[str, Any]:
    """Answer open questions for the time being."""
    if values.get("thousands") == QUESTION:
        del values["thousands"]
    for column, value in values.get("where", {}).items():
        if value == QUESTION:
            count = base.roles.column("count")
            filled = base.table.frame[column]
            if count is not None:
                filled = filled[whole_numbers(count.cells)[1]]
            values["where"] = {column: max(filled, key=_year_in)}
    return values


def _year_in(text: str) -> int:
    """Return the year in a text; 0 where there is none."""
    found = re.search(r"(?:19|20)[0-9]{2}", text)
    return int(found[0]) if found else 0


def _year(base: Opened, roles: Roles, year: int | None) -> tuple[int | str, str]:
    """Return the year of the counts, and where it was found."""
    if year is not None:
        return year, _("as given")
    period = base.roles.column("period")
    years = {_year_in(cell) for cell in period.cells if cell} if period is not None else set()
    if period is not None and len(years) == 1:
        reason = _("column {name}").format(name=period.name)
        if period.cells.str.contains("*", regex=False).any():
            reason += "; " + _("marked as provisional (*) or nearly final (**)")
        return years.pop(), reason
    title = " ".join([base.path.name, *base.table.notes])
    hints = sorted(set(re.findall(r"(?<![0-9])20[0-9]{2}(?![0-9])", title)))
    if not hints:
        return QUESTION, _("nothing in the table says it")
    return QUESTION, _("the name of the file or its title says {years}").format(years=_(" and ").join(hints))


def _levels(frame: pd.DataFrame, roles: Roles) -> list[dict[str, str]]:
    """Return the levels whose groups hold several areas, or several groups of the level within, the inner one first."""
    gemeente = roles.column("gemeente") or roles.column("gemeente_name")
    region = roles.column("region") or roles.column("region_name")
    levels, groups_within = list[dict[str, str]](), len(frame)
    for name, column, names in (
        ("wijk", roles.column("wijk"), None),
        ("gemeente", gemeente, roles.column("gemeente_name")),
        (_region_name(roles), region, roles.column("region_name")),
    ):
        if column is None or not 1 < column.cells[column.cells != ""].nunique() < groups_within:
            continue
        groups_within = column.cells.nunique()
        level = {"name": name, "column": column.name}
        if names is not None and names is not column and _nested(column.cells, names.cells):
            level["name_column"] = names.name
        levels.append(level)
    for inner, outer in pairwise(levels):
        groups, parents = frame[inner["column"]], frame[outer["column"]]
        if _nested(groups, parents):
            inner["within"] = outer["name"]
        elif straddling := _straddling(groups, parents):
            inner["within"] = QUESTION
            inner["reason"] = straddling
    return levels


def _straddling(groups: pd.Series, parents: pd.Series) -> str:
    """Ask about groups that lie in several: two groups of one name, or a column that was moved against the others."""
    pairs = pd.DataFrame({"group": groups, "parent": parents})[(groups != "") & (parents != "")].drop_duplicates()
    sizes = pairs.groupby("group")["parent"].nunique()
    several = sizes.index[sizes > 1]
    found = [
        _("{group} lies in {parents}").format(
            group=group, parents=_(" and ").join(sorted(pairs.loc[pairs["group"] == group, "parent"]))
        )
        for group in several
    ]
    if len(several) > FEW_STRADDLE * len(sizes):
        rows = rows_shifted(groups, parents)
        said = _(
            "{number} of {all} in {groups} lie in several of {column}: {found}. {moved} Look whether the column is "
            "right. Then say here what they lie in; take this line away if the level is not nested"
        )
        return said.format(
            number=number(len(several)),
            all=number(len(sizes)),
            found=listed(found),
            moved=shift_in_words(rows, str(parents.name)) if rows else "",
            groups=groups.name,
            column=parents.name,
        )
    said = _(
        "{found}: are they different ones of one name? Then give them codes or different names in the table, and say "
        "here what they lie in; take this line away if the level is not nested"
    )
    return said.format(found=listed(found))


def _region_name(roles: Roles) -> str:
    """Return what the regions are called."""
    column = roles.column("region") or roles.column("region_name")
    is_corop = column is not None and ("corop" in column.name.lower() or column.cells.str.startswith("CR").mean() > 0.5)
    return "corop" if is_corop else "jeugdzorgregio"


def _nested(groups: pd.Series, parents: pd.Series) -> bool:
    """Whether each group has one parent."""
    pairs = pd.DataFrame({"group": groups, "parent": parents})[groups != ""].drop_duplicates()
    return bool(pairs["group"].is_unique)
