"""Cells of a spreadsheet that hold no value: errors such as #N/A, and formulas that nobody has computed.

The reader of spreadsheets gives them as empty cells, and an empty cell may be read as a hidden count. They are looked
up in the file itself and read as what stands there, which no column of numbers takes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from posixpath import normpath
from xml.etree import ElementTree
from zipfile import BadZipFile, ZipFile

Place = tuple[int, int]
"""Row and column, from 0."""

_CELL = re.compile(rb"<(?:\w+:)?c\b([^>]*?)(?:/>|>(.*?)</(?:\w+:)?c>)", re.DOTALL)
_REFERENCE = re.compile(rb'\br="([A-Z]{1,3})([0-9]{1,7})"')
_VALUE = re.compile(rb"<(?:\w+:)?v\b[^>]*>([^<]+)<")
_FORMULA = re.compile(rb"<(?:\w+:)?f\b[^>]*?(?:/>|>([^<]*)<)")
_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}p"
_CALC = "{urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0}value-type"
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
    if b'value-type="error"' not in data:
        return found
    for sheet in ElementTree.fromstring(data).iter(f"{_OFFICE}table"):
        cells: dict[Place, str] = {}
        row = 0
        for line in sheet.iter(f"{_OFFICE}table-row"):
            column = 0
            for cell in line:
                if cell.get(_CALC) == "error":
                    shown = cell.find(_TEXT)
                    cells[row, column] = "#ERROR" if shown is None else "".join(shown.itertext())
                column += int(cell.get(f"{_OFFICE}number-columns-repeated", "1"))
            row += int(line.get(f"{_OFFICE}number-rows-repeated", "1"))
        if cells:
            found[sheet.get(f"{_OFFICE}name", "")] = cells
    return found
