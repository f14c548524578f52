"""Faults in how a table is written: encodings, separators, marks, spreadsheets."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from benchmarks.faults.case import Case
from benchmarks.faults.world import HEADER, WIJKEN, as_text, with_text, write_sheets, write_world

TABLE = as_text([HEADER, *WIJKEN])
ONE_THOUSAND = as_text([row[:6] for row in [HEADER, *WIJKEN]]).replace(";1250;", ";1.250;")
"""Without the columns of which the decimals decide."""

Sheet = list[list[object]]
HEADED: Sheet = [list(HEADER), *map(list, WIJKEN)]
DATED: Sheet = [*HEADED[:1], *HEADED[2:], ["2021-03-01", *WIJKEN[0][1:]]]
NUMBERED: Sheet = [list(HEADER), *([int(row[0][2:]), *row[1:]] for row in WIJKEN)]
MERGED: Sheet = [
    ["", "", "", "", "Jeugd", "", "Wonen", ""],
    ["wijk", "naam", "gemeente", "regio", "aantal", "hulp", "aantal", "hulp"],
    *map(list, WIJKEN),
]
MERGED_DOWN: Sheet = [
    ["wijk", "naam", "gemeente", "regio", "Jeugd", "", "huur", "inkomen"],
    ["", "", "", "", "jongeren", "jeugdhulp", "", ""],
    *map(list, WIJKEN),
]


def _file(folder: Path, content: bytes, name: str = "wijken.csv") -> None:
    """Write the study, and other bytes as its table."""
    write_world(folder, study=with_text('"wijken.csv"', f'"{name}"'))
    (folder / "wijken.csv").unlink()
    (folder / name).write_bytes(content)


def _sheets(
    folder: Path, sheets: dict[str, Sheet], merged: tuple[str, ...] = (), code: str = 'code = "wijk"\n'
) -> None:
    """Write the study, and a spreadsheet as its table."""
    _file(folder, b"", "wijken.xlsx")
    study = folder / "study.toml"
    study.write_text(study.read_text("utf-8").replace('code = "wijk"\n', code), encoding="utf-8")
    write_sheets(folder / "wijken.xlsx", sheets, merged)


def _bytes(name: str, content: str, *says: str, encoding: str = "utf-8") -> Case:
    """Return a fault of the bytes of the table."""
    return Case(name, partial(_file, content=content.encode(encoding)), says)


TEXT_FILES = (
    _bytes("an empty file", "", "wijken.csv: found no header: the file is empty"),
    _bytes("a file with a header and no rows", as_text([HEADER]), "no rows", "one row for each area"),
    Case(
        "a separator that is none of the usual",
        partial(write_world, separator=":"),
        ("one column only", "no comma, semicolon, tab or bar"),
    ),
    Case(
        "a separator that the study states wrongly",
        partial(write_world, study=with_text('key = "wijk"', 'key = "wijk"\nseparator = ","')),
        ("not separated by commas", 'separator = ";"'),
    ),
    _bytes(
        "decimal commas in a file with commas",
        TABLE.replace(";", ","),
        "rows of another length than the header",
        "line 2 (9 cells)",
        "decimal comma",
    ),
    _bytes(
        "Latin-1 that was read as UTF-8 and saved",
        TABLE.replace("Noord", "N\ufffd\ufffdrd"),
        "letters that were lost: Latin-1 was read as UTF-8",
        "line 2",
        "from its source again",
    ),
    _bytes(
        "UTF-8 that was read as Latin-1 and saved",
        TABLE.replace("Noord", "Café".encode().decode("latin-1")),
        "UTF-8 that was read as Latin-1",
        "line 2",
    ),
    _bytes(
        "an encoding that gives no words",
        TABLE.replace("Noord", "Café"),
        "bytes that are not UTF-8, first in line 2",
        'encoding = "latin-1", "cp1252", "cp850"',
        encoding="cp850",
    ),
    _bytes(
        "a thousand or a decimal number",
        ONE_THOUSAND,
        "column jongeren: found numbers with two readings: '1.250'",
        'thousands = "." or decimal = "."',
    ),
    _bytes(
        "thousands written in two ways",
        ONE_THOUSAND.replace("640", "12345"),
        "column jongeren: found numbers with two readings: '1.250'",
        'thousands = "." or decimal = "."',
    ),
)
SPREADSHEETS = (
    Case(
        "merged headings in a spreadsheet",
        partial(_sheets, sheets={"Blad1": MERGED}, merged=("E1:F1", "G1:H1")),
        ("columns named twice, under merged headings (Jeugd, Wonen)", "header_rows = 2"),
    ),
    Case(
        "headings merged downwards in a spreadsheet",
        partial(_sheets, sheets={"Blad1": MERGED_DOWN}, merged=("E1:F1", "A1:A2")),
        ("columns without a name", "column 6 ('jeugdhulp')", "header_row = 2 and header_rows = 2"),
    ),
    Case(
        "a number merged over several rows in a spreadsheet",
        partial(_sheets, sheets={"Blad1": HEADED}, merged=("F2:F3",)),
        ("column jeugdhulp: found a number merged over rows 2 to 3: '141'", "give each row its own number"),
    ),
    Case(
        "several sheets with a table",
        partial(_sheets, sheets={"2020": HEADED, "2021": HEADED}),
        ("several sheets with a table: 2020, 2021", 'sheet = "2020"'),
    ),
    Case(
        "codes that became numbers in a spreadsheet",
        partial(_sheets, sheets={"Blad1": NUMBERED}, code=""),
        ("numbers, whose leading zeros may be lost", 'code = "wijk" in [[tables]]: 34001 is then read as WK034001'),
    ),
    Case(
        "a code that became a date in a spreadsheet",
        partial(_sheets, sheets={"Blad1": DATED}),
        ("codes that became dates", "'2021-03-01' (row 13)", "from its source again"),
    ),
    Case(
        "a text file that is called xlsx",
        partial(_file, content=TABLE.encode(), name="wijken.xlsx"),
        ("a file that cannot be read", "save it again"),
    ),
)
