"""Spreadsheets (xlsx, xls, ods): sheet and header are detected and reported; numbers stay what they are stored as.

Errors such as #N/A and formulas without a stored value come out of the reading library as empty cells, and an empty
cell may be read as a hidden count: they are looked up in the file itself and read as what stands there. Of cells merged
over several rows a name holds for all of them; a number may belong to all together and is asked about.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from posixpath import normpath
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree
from zipfile import BadZipFile, ZipFile

import pandas as pd

from bayesmodel.errors import DataError, Fault, FaultKind, listed, suggest
from bayesmodel.files import shortened
from bayesmodel.io.grid import Body, Grid, body_of
from bayesmodel.io.isolated import BINARY, read_apart
from bayesmodel.io.numbers import marks_in_words, read_marks
from bayesmodel.io.packed import check_packed, unreadable, without_panic
from bayesmodel.io.text_table import TextTable, as_text, size_in_words, table_fault
from bayesmodel.messages import _
from bayesmodel.study.parts import TableForm

if TYPE_CHECKING:
    from python_calamine import CalamineSheet, CalamineWorkbook

Cells = Sequence[Sequence[object]]


@dataclass(frozen=True)
class Sheet:
    """A sheet as it is stored.

    Parameters
    ----------
    cells : sequence of sequence of object
        Row by row.
    merged : sequence of Range
        Which cells are merged; only the first of them holds anything.
    """

    cells: Cells
    merged: Sequence[Range] = ()


Sheets = Mapping[str, Sheet]


def read_spreadsheet(path: Path, form: TableForm | None = None) -> TextTable:
    """Read the table of a spreadsheet as text.

    Parameters
    ----------
    path : Path
        The file.
    form : TableForm, optional
        What is known of its form; the rest is found out.

    Returns
    -------
    TextTable
        Its notes say which sheet and marks were found, and which rows were left out.

    Raises
    ------
    DataError
        The file is no spreadsheet, it is not clear which sheet holds the table, or the table is not clear.
    """
    form = form or TableForm()
    sheets = read_sheets(path)
    name = form.sheet or _only_table(sheets, path)
    if name not in sheets:
        raise table_fault(
            path.name, _("no sheet {name}").format(name=name), _("a sheet of the file"), suggest(name, sheets).strip()
        )
    cells = sheets[name].cells
    where = _("{file}, sheet {name}").format(file=path.name, name=name) if len(sheets) > 1 else path.name
    grid = Grid(where, [[as_text(cell) for cell in row] for row in cells], range(1, len(cells) + 1))
    body, merged = filled_down(body_of(grid, form), sheets[name].merged)
    lines = tuple(index + 1 for index in body.positions)
    marked = read_marks(body.frame, lines, form, _typed(cells, body))
    notes = [_("sheet {name} of {count}").format(name=name, count=len(sheets))] if len(sheets) > 1 else []
    size = size_in_words(body.frame)
    note = "; ".join([", ".join([size, *notes, marks_in_words(marked)]), *body.notes])
    return TextTable(marked.frame, (f"{path.name}: {note}.",), marked.doubts | merged, lines, units=marked.units)


def read_sheets(path: Path) -> Sheets:
    """Read the cells of all sheets that are not hidden.

    Raises
    ------
    DataError
        The file is no spreadsheet, or is locked with a password.
    """
    from python_calamine import CalamineError, CalamineWorkbook

    if path.suffix.lower() in BINARY:
        return {name: Sheet(*content) for name, content in read_apart(path).items()}
    check_packed(path)
    with without_panic(path):
        try:
            workbook = CalamineWorkbook.from_path(path)
            found = {name: workbook.get_sheet_by_name(name) for name in _shown(workbook)}
            errors = error_cells(path)
            return {
                name: Sheet(_with_errors(_cells(path, sheet), errors.get(name, {})), sheet.merged_cell_ranges or ())
                for name, sheet in found.items()
            }
        except (CalamineError, OSError) as error:
            raise unreadable(path, shortened(error)) from None


def _with_errors(cells: list[list[Any]], errors: Mapping[Place, str]) -> Cells:
    """Put what is no value where it stands, in place of the empty cell that it is read as."""
    for (row, column), text in errors.items():
        if row >= len(cells) or column >= len(cells[row]):
            continue
        # an error may be stored as the number 0
        if cells[row][column] in ("", None) or (cells[row][column] == 0 and _ERROR.fullmatch(text)):
            cells[row][column] = text
    return cells


def _cells(path: Path, sheet: CalamineSheet) -> list[list[Any]]:
    """Return the cells of a sheet, or say in which row one has the form of a date or time and is none."""
    try:
        return sheet.to_python(skip_empty_area=False)
    except (OverflowError, ValueError):
        row = 0
        try:
            for row, _cells in enumerate(sheet.iter_rows(), sheet.start[0] + 1 if sheet.start else 1):  # noqa: B007
                pass
        except (OverflowError, ValueError):
            row += 1
        where = _("{file}, sheet {name}").format(file=path.name, name=shortened(sheet.name))
        found = _("a number in row {row} that has the form of a date or a time, and is none").format(row=row)
        advice = _("Give the column the form of a number in the spreadsheet program, and save it again.")
        raise table_fault(where, found, _("dates from 1900 to 9999"), advice) from None


def has_table(cells: Cells) -> bool:
    """Whether a sheet holds two rows and two columns at least."""
    return sum(sum(as_text(cell) != "" for cell in row) > 1 for row in cells) > 1


def _shown(workbook: CalamineWorkbook) -> list[str]:
    """Return the names of the sheets that a reader of the file sees."""
    return [sheet.name for sheet in workbook.sheets_metadata if str(sheet.visible).endswith(".Visible")]


def _only_table(sheets: Sheets, path: Path) -> str:
    """Return the one sheet that holds a table."""
    names = [name for name, sheet in sheets.items() if has_table(sheet.cells)]
    if len(names) == 1:
        return names[0]
    if not names:
        raise table_fault(
            path.name, _("no header: no sheet holds a table"), _("a sheet with names of columns and rows")
        )
    advice = _('Say in [[tables]] which: sheet = "{names}".').format(names=names[0])
    found = _("several sheets with a table: {listed}").format(listed=listed(names))
    fault = Fault(path.name, found, _("one table"), advice, kind=FaultKind.SEVERAL_SHEETS)
    raise DataError(_("The table"), [fault])


def _typed(cells: Cells, body: Body) -> pd.DataFrame:
    """Say which cells of the table are stored as numbers."""
    typed = [[isinstance(cells[index][column], int | float) for column in body.columns] for index in body.positions]
    return pd.DataFrame(typed, columns=body.frame.columns, dtype=bool)


Place = tuple[int, int]
"""Row and column, from 0."""

_CELL = re.compile(rb"<(?:\w+:)?c\b([^>]*?)(?:/>|>(.*?)</(?:\w+:)?c>)", re.DOTALL)
_REFERENCE = re.compile(rb'\br="([A-Z]{1,3})([0-9]{1,7})"')
_VALUE = re.compile(rb"<(?:\w+:)?v\b[^>]*>([^<]+)<")
_FORMULA = re.compile(rb"<(?:\w+:)?f\b[^>]*?(?:/>|>([^<]*)<)")
_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}p"
_CALC = "{urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0}value-type"
_KIND_OF_ODS = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}value-type"
_FORMULA_OF_ODS = f"{_OFFICE}formula"
_ERROR = re.compile(r"#[A-Z/0-9_]+[!?]?|Err:[0-9]+", re.IGNORECASE)
_SHOWN_ERROR = re.compile(rb">(#[A-Z/0-9_]+[!?]?|Err:[0-9]+)<", re.IGNORECASE)
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


def error_cells(path: Path) -> Mapping[str, Mapping[Place, str]]:
    """Return the cells of each sheet that hold an error, or a formula without a value, with what stands there.

    Parameters
    ----------
    path : Path
        A spreadsheet; of another kind than xlsx and ods nothing is found.

    Returns
    -------
    mapping of str to mapping
        By name of the sheet: the error (``#N/A``) or the formula (``=SUM(A1;A2)``) by place.
    """
    try:
        with ZipFile(path) as file:
            if "content.xml" in file.namelist():
                return _ods(file.read("content.xml"))
            if "xl/workbook.xml" in file.namelist():
                return {name: dict(_xlsx(file.read(part))) for name, part in _parts(file) if part in file.namelist()}
    except (BadZipFile, ElementTree.ParseError, KeyError, OSError, ValueError):
        return {}  # a broken file is for its reader to refuse
    return {}


def _parts(file: ZipFile) -> Iterator[tuple[str, str]]:
    """Yield the name of each sheet and the file it is in."""
    relations = ElementTree.fromstring(file.read("xl/_rels/workbook.xml.rels"))
    targets = {each.get("Id"): each.get("Target", "") for each in relations}
    for sheet in ElementTree.fromstring(file.read("xl/workbook.xml")).iter():
        if sheet.tag.endswith("}sheet"):
            target = targets.get(sheet.get(_RELATION), "")
            yield sheet.get("name", ""), target.lstrip("/") if target.startswith("/") else normpath(f"xl/{target}")


def _xlsx(data: bytes) -> Iterator[tuple[Place, str]]:
    """Yield places of errors and of formulas without a value in the XML of a sheet."""
    if b't="e"' not in data and b"<f" not in data and b":f" not in data:
        return
    for found in _CELL.finditer(data):
        attributes, inside = found[1], found[2] or b""
        reference = _REFERENCE.search(attributes)
        if reference is None:
            continue
        value, formula = _VALUE.search(inside), _FORMULA.search(inside)
        if b't="e"' in attributes:
            text = value[1].decode("utf-8", "replace") if value else "#ERROR"
        elif formula and value is None and b't="str"' not in attributes:
            text = "=" + (formula[1] or b"").decode("utf-8", "replace")
        else:
            continue
        yield (int(reference[2]) - 1, _column(reference[1])), text


def _column(letters: bytes) -> int:
    """Return the place of a column: A is 0, AA is 26."""
    place = 0
    for letter in letters:
        place = 26 * place + letter - 64
    return place - 1


def _ods(data: bytes) -> dict[str, dict[Place, str]]:
    """Return the places of errors in the sheets of an ods; a row or cell may be repeated."""
    found: dict[str, dict[Place, str]] = {}
    if b"formula=" not in data and b'value-type="error"' not in data and not _SHOWN_ERROR.search(data):
        return found
    for sheet in ElementTree.fromstring(data).iter(f"{_OFFICE}table"):
        cells: dict[Place, str] = {}
        row = 0
        for line in sheet.iter(f"{_OFFICE}table-row"):
            column = 0
            for cell in line:
                if said := _error_in(cell):
                    cells[row, column] = said
                column += int(cell.get(f"{_OFFICE}number-columns-repeated", "1"))
            row += int(line.get(f"{_OFFICE}number-rows-repeated", "1"))
        if cells:
            found[sheet.get(f"{_OFFICE}name", "")] = cells
    return found


def _error_in(cell: ElementTree.Element) -> str:
    """Return the error in a cell of an ods, or its formula where it has no value; else nothing."""
    shown = cell.find(_TEXT)
    text = "" if shown is None else "".join(shown.itertext())
    if cell.get(_CALC) == "error":
        return text or "#ERROR"
    if _ERROR.fullmatch(text):  # stored as the number 0 by some programs
        return text
    formula = cell.get(_FORMULA_OF_ODS)
    return "=" + formula.removeprefix("of:=") if formula and not text and cell.get(_KIND_OF_ODS) is None else ""


Range = tuple[tuple[int, int], tuple[int, int]]
"""First and last cell that are merged, each by the places of its row and column in the sheet."""


def filled_down(body: Body, merged: Sequence[Range]) -> tuple[Body, dict[str, Fault]]:
    """Repeat a text in the rows that it is merged over.

    Parameters
    ----------
    body : Body
        The table, with only the first of merged cells filled.
    merged : sequence of Range
        What is merged in its sheet; what begins above the table is left as it is.

    Returns
    -------
    tuple of Body and dict of str to Fault
        The table, with a note on what was filled in; and the columns in which a number is merged, which is a fault as
        soon as the study uses the column.

    Examples
    --------
    >>> import pandas as pd
    >>> frame = pd.DataFrame({"gemeente": ["Breda", "", "Epe"], "wijk": ["A", "B", "C"]})
    >>> body, doubts = filled_down(Body(frame, [1, 2, 3], [0, 1], []), [((1, 0), (2, 0))])
    >>> body.frame["gemeente"].tolist(), body.notes
    (['Breda', 'Breda', 'Epe'], ['filled in over merged rows: gemeente'])
    """
    frame, filled, doubts = body.frame.copy(), dict[str, None](), dict[str, Fault]()
    rows = {index: row for row, index in enumerate(body.positions)}
    deepest = max(body.positions, default=0)
    for (top, left), (bottom, _right) in merged:
        below = [rows[place] for place in range(top + 1, min(bottom, deepest) + 1) if place in rows]
        if top not in rows or left not in body.columns or not below:
            continue
        column = body.columns.index(left)
        name, text = str(frame.columns[column]), str(frame.iloc[rows[top], column])
        if any(letter.isdigit() for letter in text) and not any(letter.isalpha() for letter in text):
            doubts[name] = _number_fault(name, text, top, bottom)
        elif text:
            frame.iloc[below, column] = text
            filled[name] = None
    notes = [_("filled in over merged rows: {listed}").format(listed=listed(list(filled)))] if filled else []
    return replace(body, frame=frame, notes=[*body.notes, *notes]), doubts


def _number_fault(name: str, text: str, top: int, bottom: int) -> Fault:
    """Return the fault of a number that stands in one cell for several rows."""
    found = _("a number merged over rows {first} to {last}: {value!r}").format(
        first=top + 1, last=bottom + 1, value=text
    )
    advice = _("Split the cells in the spreadsheet and give each row its own number; leave empty what is not known.")
    return Fault(name, found, _("a number in every row"), advice)
