"""Delimited text files: the separator and the decimal mark are found in the file and reported."""

from __future__ import annotations

import csv
import gzip
import io
import zlib
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from bayesmodel.errors import DataError, Fault, raise_faults
from bayesmodel.sources.text import TextTable, decimals_in_words, point_decimals, table_fault

if TYPE_CHECKING:
    from _csv import Reader

SEPARATORS = {",": "commas", ";": "semicolons", "\t": "tabs"}


def read_delimited(path: Path) -> TextTable:
    """Read a csv file (also gzipped), UTF-8 with or without byte-order mark, as text.

    Parameters
    ----------
    path : Path
        The file.

    Returns
    -------
    TextTable
        Its notes say which separator and decimal mark were found.

    Raises
    ------
    DataError
        The bytes are not UTF-8, there is no header, a column is named twice, or rows differ in length.
    """
    lines = io.StringIO(_text_of(path), newline="")
    header = lines.readline()
    if not header.strip():
        raise table_fault(path.name, "no header", "a first line with the names of the columns")
    separator = max(SEPARATORS, key=lambda mark: len(next(csv.reader([header], delimiter=mark))))
    lines.seek(0)
    rows = [(number, row) for number, row in _numbered(csv.reader(lines, delimiter=separator)) if row]
    names = [name.strip() for name in rows[0][1]]
    raise_faults(DataError, f"The table {path.name}", [*_name_faults(names), *_length_faults(rows, separator)])
    cells = [[cell.strip() for cell in row] for _, row in rows[1:]]
    frame, commas = point_decimals(pd.DataFrame(cells, columns=names, dtype=str))
    mark = decimals_in_words(commas)
    note = f"{path.name}: {len(frame):,} rows, {len(names)} columns, separated by {SEPARATORS[separator]}, {mark}."
    return TextTable(frame, (note,))


def _numbered(reader: Reader) -> list[tuple[int, list[str]]]:
    """Return each row with the number of the line it ends on."""
    return [(reader.line_num, row) for row in reader]


def _text_of(path: Path) -> str:
    """Return the text of a file, unpacked where it is gzipped."""
    raw = path.read_bytes()
    try:
        return (gzip.decompress(raw) if path.suffix == ".gz" else raw).decode("utf-8-sig")
    except UnicodeDecodeError:
        advice = "Save it again as UTF-8 (in a spreadsheet program: CSV UTF-8)."
        raise table_fault(path.name, "bytes that are not UTF-8", "a text file in UTF-8", advice) from None
    except (gzip.BadGzipFile, EOFError, zlib.error):
        raise table_fault(path.name, "no whole gzip file", "a file packed with gzip", "Fetch it again.") from None


def _name_faults(names: list[str]) -> list[Fault]:
    """Find columns named twice."""
    twice = sorted({name for name in names if names.count(name) > 1})
    return [Fault("header", "columns named twice", "each name once", "Rename them.", twice)] if twice else []


def _length_faults(rows: list[tuple[int, list[str]]], separator: str) -> list[Fault]:
    """Find rows with more or fewer cells than the header."""
    width = len(rows[0][1])
    wrong = [f"line {number} ({len(row)} cells)" for number, row in rows if len(row) != width]
    if not wrong:
        return []
    advice = f"The file was read as separated by {SEPARATORS[separator]}; put quotes around cells that hold one."
    return [Fault("rows", "rows of another length than the header", f"{width} cells in each row", advice, wrong)]
