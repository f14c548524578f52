"""A small sound study that every fault starts from: twelve wijken in three gemeenten in two regions."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

HEADER = ["wijk", "naam", "gemeente", "regio", "jongeren", "jeugdhulp", "huur", "inkomen"]
WIJKEN = [
    ["WK034001", "Noord", "GM0340", "JZ01", "1250", "141", "12,5", "24500"],
    ["WK034002", "Oost", "GM0340", "JZ01", "640", "58", "31,0", "21250"],
    ["WK034003", "Zuid", "GM0340", "JZ01", "90", ".", "55,5", "18750"],
    ["WK034004", "West", "GM0340", "JZ01", "410", "45", "40,0", "20500"],
    ["WK034101", "Dorp", "GM0341", "JZ01", "820", "77", "8,5", "29000"],
    ["WK034102", "Polder", "GM0341", "JZ01", "60", ".", "5,0", "31500"],
    ["WK034103", "Haven", "GM0341", "JZ01", "300", "39", "48,5", "19500"],
    ["WK034104", "Duinen", "GM0341", "JZ01", "510", "44", "10,0", "33000"],
    ["WK168001", "Heide", "GM1680", "JZ02", "730", "62", "14,5", "27250"],
    ["WK168002", "Bos", "GM1680", "JZ02", "220", "25", "22,0", "25000"],
    ["WK168003", "Veen", "GM1680", "JZ02", "120", "17", "35,5", "22500"],
    ["WK168004", "Es", "GM1680", "JZ02", "560", "51", "18,0", "26500"],
]
WITHOUT_INFERENCE = """\
name = "wijken"

[outcome]
count = { nl = "jongeren met jeugdhulp", en = "young people in youth care" }
population = { nl = "jongeren", en = "young people" }
year = 2021
vintage = 2021

[[tables]]
path = "wijken.csv"
key = "wijk"
code = "wijk"

[columns]
area = "wijk"
area_name = "naam"
count = "jeugdhulp"
population = "jongeren"

[[levels]]
name = "gemeente"
column = "gemeente"
within = "jeugdzorgregio"

[[levels]]
name = "jeugdzorgregio"
column = "regio"

[publication]
hidden_below = 10
hidden_symbols = ["."]

[[determinants]]
column = "huur"

[[determinants]]
column = "inkomen"
"""
STUDY = f"""{WITHOUT_INFERENCE}
[inference]
draws = 50
tune = 50
"""

Rows = list[list[str]]


def write_world(
    folder: Path,
    table: Callable[[Rows], Rows] = lambda rows: rows,
    study: Callable[[str], str] = lambda text: text,
    separator: str = ";",
    encoding: str = "utf-8",
) -> None:
    """Write the study and its table, each changed in one way.

    Parameters
    ----------
    folder : Path
        Where to.
    table : callable
        Changes the rows, of which the first is the header.
    study : callable
        Changes the text of the study.
    separator, encoding : str
        How the table is written.
    """
    rows = table([row.copy() for row in [HEADER, *WIJKEN]])
    (folder / "wijken.csv").write_bytes("".join(f"{separator.join(row)}\n" for row in rows).encode(encoding))
    (folder / "study.toml").write_text(study(STUDY), encoding="utf-8")


def with_cell(row: int, column: str, value: str) -> Callable[[Rows], Rows]:
    """Return a change of one cell; row 1 is the first wijk."""

    def change(rows: Rows) -> Rows:
        rows[row][HEADER.index(column)] = value
        return rows

    return change


def with_column(column: str, value: Callable[[list[str]], str]) -> Callable[[Rows], Rows]:
    """Return a change of one column: its value from the rest of the row."""

    def change(rows: Rows) -> Rows:
        for row in rows[1:]:
            row[HEADER.index(column)] = value(row)
        return rows

    return change


def with_rows(*extra: list[str]) -> Callable[[Rows], Rows]:
    """Return a change that adds rows."""
    return lambda rows: [*rows, *extra]


def with_spaces(rows: Rows) -> Rows:
    """Add spaces behind every cell."""
    return [[f"{cell}  " for cell in row] for row in rows]


def as_text(rows: Rows) -> str:
    """Write rows with semicolons."""
    return "".join(";".join(row) + "\n" for row in rows)


def with_text(old: str, new: str) -> Callable[[str], str]:
    """Return a change of the study; `old` is there."""

    def change(text: str) -> str:
        if old not in text:
            raise ValueError(f"{old!r} is not in the study")
        return text.replace(old, new)

    return change


def write_sheets(path: Path, sheets: dict[str, list[list[object]]], merged: tuple[str, ...] = ()) -> None:
    """Write a spreadsheet; `merged` are ranges of its first sheet."""
    import openpyxl

    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    for cells in merged:
        book.worksheets[0].merge_cells(cells)
    book.save(path)
