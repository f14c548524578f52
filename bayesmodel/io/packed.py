"""How large the sheets of a spreadsheet are, from the file itself: before a library makes room for every cell.

A library makes room for all cells from the first to the last. One cell far below and to the right of a table, or a row
that an ods repeats four billion times, takes the program down before it could say so.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from zipfile import BadZipFile, ZipFile, is_zipfile

from bayesmodel.errors import DataError
from bayesmodel.files import shortened
from bayesmodel.io.text_table import BYTES, check_size, table_fault, too_many_bytes
from bayesmodel.messages import _

CHUNK = 4_000_000
LAST_ROW, LAST_COLUMN = 1_048_576, 16_384
"""Of a sheet of a spreadsheet program."""

_ATTRIBUTE = rb"""\sr\s*=\s*["']([A-Za-z]*)([0-9]*)([^"']*)["']"""
_CELL = re.compile(rb"<(?:\w+:)?c(?=\s)[^<>]*?" + _ATTRIBUTE + rb"[^<>]*(?<!/)>(?!</)")
"""A cell with something in it: one that has a form only is no part of the table."""
_ROW = re.compile(rb"<(?:\w+:)?row(?=\s)[^<>]*?" + _ATTRIBUTE)
_TAG = re.compile(rb"<table:(table-row|table-cell|covered-table-cell|table)(?=[\s/>])([^<>]*)>")
_REPEATED = re.compile(rb"""number-(?:rows|columns)-repeated\s*=\s*["']([0-9]+)["']""")
_FILLED = re.compile(rb"(?:value-type|formula)\s*=")


def check_packed(path: Path) -> None:
    """Refuse an xlsx or ods whose sheets are larger than any table of areas, or that names a cell that cannot be.

    Parameters
    ----------
    path : Path
        The file; what is no zip file is left to the library.

    Raises
    ------
    DataError
        It is too large, unpacked or in cells; a cell has no place; or it is damaged.
    """
    try:
        if not is_zipfile(path):
            return
        size = 0
        with ZipFile(path) as packed:
            for entry in packed.infolist():
                if entry.flag_bits & 1 or not entry.filename.lower().endswith((".xml", ".rels", ".bin")):
                    continue
                size += entry.file_size
                if size > BYTES:
                    raise too_many_bytes(path.name)
                with packed.open(entry) as file:
                    _check_entry(path, entry.filename, iter(lambda: file.read(CHUNK), b""))
    except (BadZipFile, EOFError, OSError, ValueError, LookupError, NotImplementedError, zlib.error) as error:
        raise unreadable(path, shortened(error)) from None


def unreadable(path: Path, why: str) -> DataError:
    """Return the error of a spreadsheet that cannot be read."""
    advice = _("Open it in the spreadsheet program and save it again, without a password.")
    found = _("a file that cannot be read ({error})").format(error=why)
    return table_fault(path.name, found, _("a spreadsheet"), advice)


@contextmanager
def without_panic(path: Path) -> Iterator[None]:
    """Turn a panic of the library, which is no `Exception`, into help."""
    try:
        yield
    except BaseException as error:
        if type(error).__name__ != "PanicException":
            raise
        raise unreadable(path, shortened(error)) from None


def _check_entry(path: Path, name: str, chunks: Iterator[bytes]) -> None:
    """Check one part of a packed file; all of it is read, so that damage is found."""
    if name == "content.xml":
        check_size(path.name, *_size_of_ods(chunks, path))
    elif name.lower().endswith(".xml") and not name.endswith(("calcChain.xml", "sharedStrings.xml", "styles.xml")):
        _check_places(path, chunks)
    else:
        for _chunk in chunks:
            pass


def _whole_tags(chunks: Iterator[bytes]) -> Iterator[bytes]:
    """Yield chunks that end before a tag, so that none is cut in two."""
    rest = b""
    for chunk in chunks:
        chunk = rest + chunk
        end = chunk.rfind(b"<")
        rest = chunk[end:] if end >= 0 and len(chunk) - end < CHUNK else b""
        yield chunk[:end] if rest else chunk
    yield rest


def _check_places(path: Path, chunks: Iterator[bytes]) -> None:
    """Check where the cells of a sheet of an xlsx are."""
    rows, columns = 0, 0
    for chunk in _whole_tags(chunks):
        cells = set(_CELL.findall(chunk))
        for letters, digits, other in {*cells, *_ROW.findall(chunk)}:
            if other or not digits or len(digits) > 7 or len(letters) > 3 or not 0 < int(digits) <= LAST_ROW:
                raise _no_place(path, letters + digits + other)
        rows = max([rows, *map(int, {digits for _, digits, _ in cells})])
        columns = max([columns, *(_column(letters) for letters in {letters for letters, _, _ in cells})])
        if columns > LAST_COLUMN:
            raise _no_place(path, next(letters for letters, _, _ in cells if _column(letters) > LAST_COLUMN))
    check_size(path.name, rows, columns)


def _column(letters: bytes) -> int:
    """Return the number of a column: A is 1, AA is 27.

    Examples
    --------
    >>> _column(b"A"), _column(b"XFD")
    (1, 16384)
    """
    place = 0
    for letter in letters.upper():
        place = 26 * place + letter - 64
    return place


def _no_place(path: Path, reference: bytes) -> DataError:
    """Return the error of a cell that no sheet has."""
    found = _("a cell at {reference}").format(reference=shortened(repr(reference)[1:]))
    advice = _("Open it in the spreadsheet program and save it again.")
    return table_fault(path.name, found, _("cells from A1 to XFD1048576"), advice)


def _size_of_ods(chunks: Iterator[bytes], path: Path) -> tuple[int, int]:
    """Return rows and columns of the largest sheet of an ods, what is repeated counted as often as it is."""
    largest, rows, empty, width, repeat, column, filled = (0, 0), 0, 0, 0, 0, 0, 0
    for chunk in _whole_tags(chunks):
        for kind, attributes in _TAG.findall(chunk):
            if kind in (b"table-row", b"table"):
                # the row before it has ended
                rows, empty = (rows + empty + repeat, 0) if filled else (rows, empty + repeat)
                width = max(width, filled)
                check_size(path.name, rows, width)
                largest = max(largest, (rows, width), key=lambda size: size[0] * size[1])
                column = filled = repeat = 0
                if kind == b"table":
                    rows = empty = width = 0
                else:
                    repeat = _repeats(attributes)
            else:
                column += _repeats(attributes)
                filled = column if _FILLED.search(attributes) else filled
    rows, width = (rows + empty + repeat, max(width, filled)) if filled else (rows, width)
    return max(largest, (rows, width), key=lambda size: size[0] * size[1])


def _repeats(attributes: bytes) -> int:
    """Return how often a row or a cell stands there."""
    found = _REPEATED.search(attributes) if b"repeated" in attributes else None
    return int(found.group(1)[:15]) if found else 1
