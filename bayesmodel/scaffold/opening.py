"""How tables are read and joined: their sheet, marks, rows to keep and keys, found from what stands in them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pandas as pd

from bayesmodel.data.codes import CodeKind, are_codes, larger_codes, normalise_codes
from bayesmodel.errors import DataError, Fault, FaultKind, listed
from bayesmodel.io.join import FROM_CODE
from bayesmodel.io.spreadsheet import has_table, read_sheets
from bayesmodel.io.study_2017 import WIJK_SHEETS
from bayesmodel.io.table import read_table
from bayesmodel.io.text_table import TextTable
from bayesmodel.messages import _, number, plural
from bayesmodel.scaffold.column_kinds import GROUPED, Column, columns_of
from bayesmodel.scaffold.roles import QUESTION, Roles, roles_of
from bayesmodel.study.parts import TableForm

WANTED = ("area", "count", "population", "gemeente", "region")
HEADER_ROWS = range(2, 8)
"""Rows in which the lower row of a double header is sought."""


@dataclass(frozen=True)
class Opened:
    """A table that was read, and what had to be said to read it.

    Parameters
    ----------
    path : Path
        The file.
    table : TextTable
        What was read.
    roles : Roles
        What its columns are taken for.
    form : mapping of str to object
        Keys of [[tables]] that say how it is written.
    reasons : mapping of str to str
        Per key: why.
    """

    path: Path
    table: TextTable
    roles: Roles
    form: Mapping[str, Any]
    reasons: Mapping[str, str]


def open_table(path: Path, sheet: str | None = None, year: int | None = None) -> Opened:
    """Read a table in the form that gives it sense.

    Parameters
    ----------
    path : Path
        The file.
    sheet : str, optional
        The sheet to take; the one with the most columns that are recognised when left out.
    year : int, optional
        The year whose columns are looked at, of a table that has columns per year.

    Returns
    -------
    Opened
        With the keys that a study needs to read it so.

    Raises
    ------
    DataError
        The file cannot be read, or its sheets fit equally well.
    """
    form, reasons = dict[str, Any](), dict[str, str]()
    if sheet is not None:
        form["sheet"] = sheet
    opened = _first_form(path, form, reasons, year)
    for role in ("count", "population"):
        column = opened.roles.column(role)
        if column is None or column.name not in _doubtful(opened.table) or "thousands" in form:
            continue
        marked = column.cells[column.cells.str.fullmatch(GROUPED)]
        if not column.cells.str.fullmatch(GROUPED + "|[0-9]{0,3}|[^0-9]*").all():
            continue
        form["thousands"] = marked.iloc[0][-4]
        holds = _("{column} holds {cell}; people have no decimals, so it is a thousand")
        reasons["thousands"] = holds.format(column=column.name, cell=marked.iloc[0])
        opened = _opened(path, form, reasons, year)
    doubtful = _doubtful(opened.table)
    if doubtful and "thousands" not in form:
        form["thousands"] = QUESTION
        reasons["thousands"] = " ".join(f"{name}: {fault.found}." for name, fault in doubtful.items())
        opened = Opened(path, opened.table, opened.roles, form, reasons)
    if "thousands" not in form and (asked := _people_in_decimals(opened.roles)):
        form["thousands"], reasons["thousands"] = QUESTION, asked
        opened = Opened(path, opened.table, opened.roles, form, reasons)
    return opened


def _people_in_decimals(roles: Roles) -> str:
    """Ask about people with three decimals, which are thousands in a table whose other columns decided the mark."""
    for column in filter(None, (roles.column("count"), roles.column("population"))):
        marked = column.cells[column.cells.str.fullmatch(GROUPED)]
        if len(marked) and column.cells.str.fullmatch(GROUPED + "|[0-9]{0,3}|[^0-9]*").all():
            said = _(
                "{column} holds {cell}: people have no decimals, so it is a thousand, and other columns have decimals "
                'with the same mark. Write {column} without marks in the table, and thousands = "none" here'
            )
            return said.format(column=column.name, cell=marked.iloc[0])
    return ""


def _doubtful(table: TextTable) -> dict[str, Fault]:
    """Return the columns whose marks have two readings, which a key of [[tables]] decides."""
    return {name: fault for name, fault in table.doubts.items() if fault.kind is FaultKind.TWO_READINGS}


def table_values(opened: Opened, year: int | None) -> tuple[dict[str, Any], dict[str, str]]:
    """Return the keys of [[tables]] for the base table, with reasons.

    Parameters
    ----------
    opened : Opened
        A table with areas.
    year : int or None
        The year to keep of a table of several.

    Returns
    -------
    tuple of dict and dict
        Values ("?" where they are to be chosen) and reasons by key.
    """
    values: dict[str, Any] = {"path": str(opened.path), "key": opened.roles.found.get("area", QUESTION)}
    reasons = dict(opened.reasons)
    reasons["key"] = opened.roles.reasons.get("area", _("which column holds the code of the area?"))
    area, where = opened.roles.column("area"), {**_where(opened, year, reasons), **_land(opened, reasons)}
    if area is not None and area.kind in ("wijk", "buurt"):
        values["code"] = area.kind
        where |= _totals_of_dimensions(opened, area, where, reasons)
        cells = area.cells
        for column, value in where.items():  # what is said is true of the rows that are kept
            cells = cells if value == QUESTION else cells[opened.table.frame[column] == value]
        filled = cells[cells != ""]
        others = cells[~are_codes(normalise_codes(cells, area.kind), area.kind)]
        if filled.str.fullmatch("[0-9]+").any():
            code = normalise_codes(filled, area.kind).iloc[0]
            reasons["code"] = _("{cell} is read as {code}").format(cell=filled.iloc[0], code=code)
        if len(others):
            values["keep"] = "codes"
            shown = listed([repr(cell) for cell in dict.fromkeys(others)])
            reasons["keep"] = _("{rows} no {kind}: {shown}").format(
                rows=plural("{count} row is", "{count} rows are", len(others)), kind=area.kind, shown=shown
            )
            larger = int((larger_codes(cells, area.kind) != "").sum())
            if larger:
                kept = plural(
                    "{count} of them is of a larger area and kept as a total",
                    "{count} of them are of larger areas and kept as totals",
                    larger,
                )
                reasons["keep"] += f"; {kept}"
    if where:
        values["where"] = where
    return values | dict(opened.form), reasons


def _where(opened: Opened, year: int | None, reasons: dict[str, str]) -> dict[str, str]:
    """Return which rows to keep of a table of several years, "?" where that is to be chosen; the reason is added."""
    period = opened.roles.column("period")
    periods = sorted(set(period.cells[period.cells != ""])) if period is not None else []
    if period is None or len(periods) < 2:
        return {}
    reasons["where"] = _("the table holds several years: {years}").format(years=listed(periods))
    fitting = [cell for cell in periods if year is not None and str(year) in cell]
    kept = fitting[0] if len(fitting) == 1 else QUESTION
    if lost := _in_another_year(opened.roles.column("area"), period, kept):
        reasons["where"] += "; " + lost
    return {period.name: kept}


LOST = 0.1
"""Share of the areas without a row in the year that is kept from which other years are of other areas."""


def _in_another_year(area: Column | None, period: Column, kept: str) -> str:
    """Say that a year leaves areas out, where many have rows in another one only; empty where few have."""
    if area is None or area.kind not in ("wijk", "buurt"):
        return ""
    rows = pd.DataFrame({"area": area.cells, "period": period.cells})[_are_areas(area) & (period.cells != "")]
    if kept == QUESTION:
        once = rows.drop_duplicates().groupby("area").size() < 2
        return _("most areas stand in one year only, so that each year leaves out others") if once.mean() > 0.5 else ""
    elsewhere = [
        str(code) for code in dict.fromkeys(rows["area"]) if code not in set(rows["area"][rows["period"] == kept])
    ]
    if len(elsewhere) <= LOST * rows["area"].nunique():
        return ""
    said = _("{lost} of {all} areas have rows of other years than {kept} only, and are left out: {areas}")
    return said.format(
        kept=kept, lost=number(len(elsewhere)), all=number(rows["area"].nunique()), areas=listed(elsewhere)
    )


TOTAL = re.compile(r"(totaal|total)\b.*|T00[0-9]{4}", re.IGNORECASE)
"""What a row is called that is of all kinds together; codes of CBS for it begin so."""
MOST_KINDS = 40
"""Kinds that a table has rows of each area for."""


def _totals_of_dimensions(
    opened: Opened, area: Column, where: Mapping[str, str], reasons: dict[str, str]
) -> dict[str, str]:
    """Return which rows to keep of a table with several for each area, by kind: the total, "?" where none is."""
    frame = opened.table.frame
    kept = pd.Series(True, index=frame.index)
    for name, value in where.items():
        kept &= (frame[name] == value) if value != QUESTION else True
    found, codes = dict[str, str](), area.cells[kept & _are_areas(area)]
    if codes.is_unique or QUESTION in where.values():
        return found
    times = len(codes) / codes.nunique()
    for column in opened.roles.columns:
        kinds = frame.loc[codes.index, column.name]
        if column.kind not in ("text", "empty") or not 1 < kinds.nunique() <= MOST_KINDS or column.name in where:
            continue
        if abs(times - kinds.nunique()) > 0.1 * times or pd.DataFrame({"c": codes, "k": kinds}).duplicated().any():
            continue
        totals = [kind for kind in kinds.unique() if TOTAL.fullmatch(kind)]
        found[column.name] = totals[0] if len(totals) == 1 else QUESTION
        said = _("the table has several rows for each {kind}, by {column}: {kinds}")
        shown = listed([repr(kind) for kind in kinds.unique()])
        said = said.format(kind=area.kind, column=column.name, kinds=shown)
        reasons["where"] = "; ".join(filter(None, [reasons.get("where"), said]))
        break
    return found


def _are_areas(area: Column) -> pd.Series:
    """Return which cells are codes of the kind that most are."""
    kind: CodeKind = "buurt" if area.kind == "buurt" else "wijk"
    return are_codes(normalise_codes(area.cells, kind), kind)


LAND = "NEE"
"""What the column of water says of land, in attributes of the Wijk- en Buurtkaart."""


def _land(opened: Opened, reasons: dict[str, str]) -> dict[str, str]:
    """Return which rows to keep of a table with parts of wijken that are water, and one row abroad."""
    for column in opened.roles.columns:
        kinds = set(column.cells)
        if column.name.lower() == "water" and LAND in kinds and kinds <= {LAND, "JA", "B"} and len(kinds) > 1:
            wet = int((column.cells != LAND).sum())
            said = plural("{count} row is water or abroad", "{count} rows are water or abroad", wet)
            reasons["where"] = "; ".join(filter(None, [reasons.get("where"), said]))
            return {column.name: LAND}
    return {}


def joined_values(opened: Opened, base: Opened, taken: Sequence[str]) -> tuple[dict[str, Any], dict[str, str]] | None:
    """Return the keys of [[tables]] for a table that is joined to the base; None where nothing joins it.

    Parameters
    ----------
    opened, base : Opened
        The table, and the first one.
    taken : sequence of str
        Columns that the tables before it have.

    Returns
    -------
    tuple of dict and dict, or None
        Values and reasons by key.
    """
    values, reasons = {"path": str(opened.path)}, dict(opened.reasons)
    for role in ("area", "gemeente", "region"):
        column, to = opened.roles.column(role), base.roles.column(role)
        if column is None or not column.cells[column.cells != ""].is_unique:
            continue
        values["key"] = column.name
        if role == "area":
            values["code"] = column.kind if column.kind in ("wijk", "buurt") else "text"
        elif role == "gemeente":
            values |= {"on": to.name if to else FROM_CODE, "code": "gemeente"}
        elif to is None:
            continue
        else:
            values["on"] = to.name
        reasons["key"] = _("{reason}, each once: joined on {column} of the first table").format(
            reason=opened.roles.reasons[role], column=values.get("on", base.roles.found.get("area", QUESTION))
        )
        names = [column.name for column in opened.roles.columns]
        if set(names) & set(taken):
            values["columns"] = [name for name in names if name not in {*taken, values["key"]}]  # type: ignore[assignment]
            reasons["columns"] = _("the others are in an earlier table already")
        return values | dict(opened.form), reasons
    return None


def _first_form(path: Path, form: dict[str, Any], reasons: dict[str, str], year: int | None) -> Opened:
    """Read a table; where it has several sheets or a double header, in the one way that gives the most sense."""
    try:
        opened = _opened(path, form, reasons, year)
        return _with_titles(opened, form, reasons, year) if "header_row" not in form else opened
    except DataError as error:
        (fault,) = error.faults[:1]
        if fault.kind is FaultKind.SEVERAL_SHEETS and set(WIJK_SHEETS) <= set(read_sheets(path)):
            form["format"] = "jeugdhulp-2017-workbook"
            reasons["format"] = _("the workbook of the study of 2017, by its sheets")
            return _opened(path, form, reasons, year)
        if fault.kind is FaultKind.SEVERAL_SHEETS:
            return _best_sheet(path, form, reasons, error, year)
        if fault.kind is FaultKind.HEADER:
            return _double_header(path, form, reasons, error, year)
        raise


UNITS = frozenset({"aantal", "%", "code", "naam", "omschrijving"})
"""What stands below the titles of columns in a table of StatLine."""


def _with_titles(opened: Opened, form: dict[str, Any], reasons: dict[str, str], year: int | None) -> Opened:
    """Read a table of StatLine again with the row of titles above that of units, where units were read as names."""
    first = opened.table.lines[0] - 1 if opened.table.lines else 0
    if not {re.sub(r"\W*[0-9]*$", "", name) for name in opened.roles.by_name} & UNITS or first < 2:
        return opened
    try:
        titled = _opened(opened.path, form | {"header_row": first, "header_rows": 2}, reasons, year)
    except DataError:
        return opened
    if not {"area", "count"} <= set(titled.roles.found):
        return opened
    form |= {"header_row": first, "header_rows": 2}
    reasons["header_row"] = _("titles stand above units, as StatLine writes them; both rows are joined")
    return replace(titled, form=form, reasons=reasons)


def _best_sheet(
    path: Path, form: dict[str, Any], reasons: dict[str, str], error: DataError, year: int | None
) -> Opened:
    """Read the sheet with the most columns that are recognised."""
    found = dict[str, Opened]()
    for name in (name for name, sheet in read_sheets(path).items() if has_table(sheet.cells)):
        try:
            found[name] = _first_form(path, form | {"sheet": name}, dict(reasons), year)
        except DataError:
            continue
    scores = {name: sum(role in opened.roles.found for role in WANTED) for name, opened in found.items()}
    best = [name for name, score in scores.items() if score == max(scores.values())]
    if len(best) != 1:
        advice = _('Say which with --sheet, such as --sheet "{name}".').format(name=best[0] if best else _("name"))
        raise DataError(error.subject, [Fault(path.name, error.faults[0].found, _("one table"), advice)])
    form |= found[best[0]].form
    reasons |= found[best[0]].reasons
    reasons["sheet"] = _("of {number} sheets with a table, the one whose columns are recognised best").format(
        number=len(found)
    )
    return replace(found[best[0]], form=form, reasons=reasons)


def _double_header(
    path: Path, form: dict[str, Any], reasons: dict[str, str], error: DataError, year: int | None
) -> Opened:
    """Read a table whose headings stand over two rows."""
    for row in HEADER_ROWS:
        try:
            opened = _opened(path, form | {"header_row": row, "header_rows": 2}, reasons, year)
        except DataError:
            continue
        if {"area", "count"} <= set(opened.roles.found):
            form |= {"header_row": row, "header_rows": 2}
            reasons["header_row"] = _("headings are merged over two rows, which are joined")
            return _opened(path, form, reasons, year)
    raise error


def _opened(path: Path, form: dict[str, Any], reasons: dict[str, str], year: int | None) -> Opened:
    """Read a table in a form, and say what its columns are."""
    stated = {key: value for key, value in form.items() if key != "format"}
    table = read_table(path, form.get("format", "auto"), TableForm.model_validate(stated))
    return Opened(path, table, roles_of(columns_of(table.frame, year, table.units)), form, reasons)
