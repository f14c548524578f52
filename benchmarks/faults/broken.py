"""Files that are broken, or made to take a reader down: larger than any table, in forms that no table has, changed."""

from __future__ import annotations

import gzip
import io
from collections.abc import Callable
from functools import partial
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

from benchmarks.faults.case import CHECK, Case
from benchmarks.faults.readers import reader_of
from benchmarks.faults.world import HEADER, STUDY, WIJKEN, as_text, with_text, write_world

TABLE = [HEADER, *WIJKEN]
NATIONAL = [HEADER, *([f"WK{1000 + row // 10:04d}{row % 10:02d}", *WIJKEN[row % 12][1:]] for row in range(18_000))]
FIRST_CELL = b'<table:table-cell office:value-type="string"><text:p>WK034001'


def _table(folder: Path, content: bytes, name: str) -> None:
    """Write the study, and other bytes as its table."""
    write_world(folder, study=with_text('"wijken.csv"', f'"{name}"'))
    (folder / "wijken.csv").unlink()
    (folder / name).write_bytes(content)


def _broken(name: str, make: Callable[[], bytes], file: str, *says: str) -> Case:
    """Return a fault of the file of the table, made when it is tried."""
    return Case(name, lambda folder: _table(folder, make(), file), says)


def _stray_quote() -> bytes:
    """Return a national table with a quote too many in line 12."""
    return as_text(NATIONAL).replace(";Polder;", ';"Polder;', 1).encode()


def _wide() -> bytes:
    """Return a table of twenty thousand columns."""
    return as_text([[*row, *["1"] * 20_000] for row in TABLE]).encode()


def _bomb() -> bytes:
    """Return a small file that is half a gigabyte when unpacked."""
    return gzip.compress(b"0" * 1_000_000) * 501


def _with_part(kind: str, old: bytes, new: bytes) -> bytes:
    """Return a spreadsheet in which one text of its sheet is another."""
    content = io.BytesIO()
    with ZipFile(io.BytesIO(reader_of(kind).sound())) as sound, ZipFile(content, "w", ZIP_DEFLATED) as changed:
        for name in sound.namelist():
            part = sound.read(name)
            changed.writestr(name, part.replace(old, new, 1) if name.endswith(("sheet1.xml", "content.xml")) else part)
    return content.getvalue()


def _time() -> bytes:
    """Return a spreadsheet with a duration of a billion days."""
    import xlsxwriter

    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        for place, row in enumerate(TABLE):
            sheet.write_row(place, 0, row)
        sheet.write_number(2, 4, 1e9, book.add_format({"num_format": "[h]:mm"}))
    return content.getvalue()


def _parquet(**columns: list[object]) -> bytes:
    """Return the table as Parquet, with other columns."""
    import pyarrow as pa
    from pyarrow.parquet import write_table

    content = io.BytesIO()
    own = {name: [row[place] for row in WIJKEN] for place, name in enumerate(HEADER)}
    write_table(pa.table(own | columns), content)
    return content.getvalue()


def _changed_fit(folder: Path) -> None:
    """Write a fit of which one bit was changed."""
    content = bytearray(reader_of("fit.nc").sound())
    content[len(content) // 2] ^= 1
    (folder / "fit.nc").write_bytes(content)


def _study(name: str, content: Callable[[], bytes], *says: str, code: int = 2) -> Case:
    """Return a fault of the bytes of the study."""

    def make(folder: Path) -> None:
        write_world(folder)
        (folder / "study.toml").write_bytes(content())

    return Case(name, make, says, CHECK, code)


def _changed(name: str, old: str, new: str, *says: str) -> Case:
    """Return a fault of one line of the study."""
    return Case(name, partial(write_world, study=with_text(old, new)), says)


BROKEN = (
    _broken(
        "a cell that has no end",
        lambda: as_text([*TABLE[:3], ["WK034003", "x" * 200_000, *TABLE[3][2:]]]).encode(),
        "wijken.csv",
        "a cell of more than 131,072 letters in line 4",
    ),
    _broken(
        "a quote too many in a national table",
        _stray_quote,
        "wijken.csv",
        "a quote in line 7 that takes",
        "lines below it into one cell",
        'Remove the quote (") in line 7',
    ),
    _broken("twenty thousand columns", _wide, "wijken.csv", "20,008 columns", "at most 5,000 columns"),
    _broken("a gzip bomb", _bomb, "wijken.csv.gz", "more than 500 MB, unpacked"),
    _broken(
        "an ods that repeats a row four billion times",
        lambda: _with_part(
            "ods",
            b"<table:table-row>" + FIRST_CELL,
            b'<table:table-row table:number-rows-repeated="4000000000">' + FIRST_CELL,
        ),
        "wijken.ods",
        "4,000,000,001 rows",
        "at most 2,000,000 rows",
    ),
    _broken(
        "a cell far below and to the right of the table",
        lambda: _with_part("xlsx", b'r="B3"', b'r="ALL1048576"'),
        "wijken.xlsx",
        "1,048,576 rows of 1,000 columns",
        "a forgotten cell far below",
    ),
    _broken(
        "a cell that no sheet has",
        lambda: _with_part("xlsx", b'r="B3"', b'r="ABCDEF3"'),
        "wijken.xlsx",
        "a cell at 'ABCDEF3'",
        "from A1 to XFD1048576",
    ),
    _broken(
        "a time of a billion days", _time, "wijken.xlsx", "a number in row 3 that has the form of a date or a time"
    ),
    _broken(
        "a Parquet file that was cut off",
        lambda: _parquet()[:-20],
        "wijken.parquet",
        "a file that cannot be read",
        "Take it from its source again",
    ),
    _broken(
        "Parquet with lists in its cells",
        lambda: _parquet(huur=[[1.5, 2.0]] * len(WIJKEN)),
        "wijken.parquet",
        "lists or parts in each cell",
        "one value in each cell",
    ),
    _broken(
        "Parquet with one name twice, apart from a space",
        lambda: _parquet(**{" huur": ["1"] * len(WIJKEN)}),
        "wijken.parquet",
        "columns named twice",
        "huur",
    ),
    Case(
        "a fit of which one bit was changed",
        _changed_fit,
        ("fit.nc was changed since it was saved", "fit again"),
        ("show", "fit.nc"),
    ),
    _study("a study saved with a byte-order mark", lambda: b"\xef\xbb\xbf" + STUDY.encode(), "12 areas", code=0),
    _study("a study in UTF-16", lambda: STUDY.encode("utf-16"), "UTF-16", "Save it again as UTF-8"),
    _study("a study nested without end", lambda: b"x = " + b"[" * 5000, "nested more than 20 deep"),
    _changed("a number beyond 64 bits", "draws = 50", "draws = " + "9" * 30, "inference.draws", "at most 64 bits"),
    _changed("an encoding that is none", 'key = "wijk"', 'key = "wijk"\nencoding = "rot13"', "'rot13' is not known"),
    _changed("a path without end", "wijken.csv", "x" * 5000 + ".csv", "a path that no file can have"),
    _changed(
        "a level on the column of the areas",
        'column = "gemeente"',
        'column = "wijk"',
        "columns.area and levels[0].column are both the column wijk",
    ),
    _changed(
        "the count as its own determinant",
        'column = "huur"',
        'column = "jeugdhulp"',
        "columns.count and determinants[0].column are both the column jeugdhulp",
    ),
    _changed(
        "a level that is called after a result",
        'within = "jeugdzorgregio"\n\n[[levels]]\nname = "jeugdzorgregio"',
        'within = "typical"\n\n[[levels]]\nname = "typical"',
        "the name typical is that of something else in the results",
    ),
)
