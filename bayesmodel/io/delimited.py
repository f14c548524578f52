"""Delimited text files: encoding, separator, header, decimal mark and mark for thousands are detected and reported."""

from __future__ import annotations

import codecs
import csv
import gzip
import re
import zlib
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from bayesmodel.errors import DataError
from bayesmodel.io.grid import Grid, body_of
from bayesmodel.io.numbers import marks_in_words, read_marks
from bayesmodel.io.text_table import BYTES, LETTERS, TextTable, check_size, size_in_words, table_fault, too_many_bytes
from bayesmodel.messages import _, number
from bayesmodel.study.parts import TableForm

SEPARATORS = (",", ";", "\t", "|")
SAMPLE = 200
"""Rows in which the separator is sought."""
SAMPLED = 2_000_000
"""Letters in which it is sought."""
MOST_LINES = 100
"""Lines of one cell, for which somebody pressed Alt and Enter."""


_LINE = re.compile(r"(?=.)([^\r\n]*)(?:\r\n|\r|\n|\Z)", re.DOTALL)


def read_delimited(path: Path, form: TableForm | None = None) -> TextTable:
    """Read a csv file (also gzipped) as text.

    Parameters
    ----------
    path : Path
        The file.
    form : TableForm, optional
        What is known of its form; the rest is found out.

    Returns
    -------
    TextTable
        Its notes say which encoding, separator and marks were found, and which rows were left out.

    Raises
    ------
    DataError
        The encoding or the separator is not clear, there is no header, a column is named twice, or rows differ in
        length.
    """
    form = form or TableForm()
    text, encoding = read_text(path, form.encoding)
    if not text.strip():
        raise table_fault(path.name, _("no header: the file is empty"), _("a first line with the names of the columns"))
    separator = form.separator or separator_of(text, path)
    if form.separator is not None:
        _check_stated(text, form.separator, path)
    grid = _grid(text, separator, path)
    body = body_of(grid, form)
    lines = tuple(grid.numbers[index] for index in body.positions)
    marked = read_marks(body.frame, lines, form, None)
    size = size_in_words(body.frame)
    form_found = [
        _("separated by {separators}").format(separators=_called(separator)),
        *([encoding] if encoding else []),
        marks_in_words(marked),
    ]
    note = f"{path.name}: {size}, {', '.join(form_found)}{''.join(f'; {note}' for note in body.notes)}."
    return TextTable(marked.frame, (note,), marked.doubts, lines, units=marked.units)


def separator_of(text: str, path: Path) -> str:
    """Find the mark that separates the columns: it is in the header, and gives most rows the same number of cells.

    Raises
    ------
    DataError
        No mark does, or two marks do it as well.
    """
    lines, scores = _scores(text)
    if not scores:
        _grid(
            text, max(SEPARATORS, key=text[:SAMPLED].count), path
        )  # says so where the reason is one quote, or one cell without end
        first = next(line.strip() for line in lines if line.strip())
        found = _("one column only ({first!r}): no comma, semicolon, tab or bar separates its rows").format(
            first=first[:60]
        )
        advice = _("Save it again as CSV from the spreadsheet; if it is one, say separator = in [[tables]].")
        raise table_fault(path.name, found, _("at least two columns"), advice)
    best = sorted(mark for mark, score in scores.items() if score == max(scores.values()))
    if len(best) > 1:
        names = _(" or ").join(map(_called, best))
        advice = _(" or ").join(f'separator = "{mark}"' for mark in best)
        raise table_fault(
            path.name,
            _("rows separated by {names}").format(names=names),
            _("one separator"),
            _("Say in [[tables]]: {advice}.").format(advice=advice),
        )
    return best[0]


def _called(mark: str) -> str:
    """Name a separator in words."""
    return {",": _("commas"), ";": _("semicolons"), "\t": _("tabs"), "|": _("bars")}[mark]


def _check_stated(text: str, stated: str, path: Path) -> None:
    """Refuse a stated separator that leaves another one within its cells."""
    lines, scores = _scores(text)
    clean = [mark for mark, score in scores.items() if score[0]]
    if stated in clean or (stated in scores and not clean):
        return
    first = next(line.strip() for line in lines if line.strip())
    found = _("a line {first!r} that is not separated by {separators}").format(
        first=first[:40], separators=_called(stated)
    )
    advice = _("Take separator out of [[tables]] to have it found")
    advice += _(', or say separator = "{clean}".').format(clean=clean[0]) if clean else "."
    raise table_fault(
        path.name,
        found,
        _("columns separated by {separators}, as the study says").format(separators=_called(stated)),
        advice,
    )


def _scores(text: str) -> tuple[list[str], dict[str, tuple[bool, int, float]]]:
    """Return the first lines, and how each mark does as their separator."""
    lines = list(islice(_lines(text[:SAMPLED]), SAMPLE))
    return lines, {mark: score for mark in SEPARATORS if (score := _score(lines, mark)) is not None}


def _score(lines: list[str], mark: str) -> tuple[bool, int, float] | None:
    """Judge a separator: the best has no other within its cells, an early header, and rows of one width."""
    if mark == "," and not any(re.search(r"(?<![0-9]),|,(?![0-9])", line) for line in lines):
        return None  # decimal commas only
    try:
        rows = [[cell.strip() for cell in row] for row in csv.reader(lines, delimiter=mark)]
    except csv.Error:  # a cell that is too long with this mark; another may give shorter ones
        return None
    widths = Counter(len(row) for row in rows if len(row) > 1)
    if not widths:
        return None
    width = max(widths, key=lambda cells: (widths[cells], cells))
    filled = [(number, row) for number, row in enumerate(rows) if any(row)]
    header = next(number for number, row in filled if len(row) >= width)
    body = [row for number, row in filled if number >= header]
    others = [other for other in SEPARATORS if other != mark]
    foreign = sum(any(other in cell and not _number(cell) for cell in row for other in others) for row in body)
    return foreign <= len(body) / 2, -header, widths[width] / len(body)


def _number(cell: str) -> bool:
    """Whether a cell is a number with marks in it."""
    return cell.replace(",", "").replace(".", "").lstrip("+-").isdigit()


def _grid(text: str, separator: str, path: Path) -> Grid:
    """Split a text into cells; a row has the number of the line it ends on.

    Raises
    ------
    DataError
        A cell is longer than any name, a quote takes in other rows, or there are more cells than the limits allow.
    """
    reader = csv.reader(_lines(text), delimiter=separator)
    rows, numbers, cells, before = list[list[str]](), list[int](), 0, 0
    try:
        for row in reader:
            if reader.line_num > before + 1:
                _check_quotes(row, before + 1, separator, len(rows[0]) if rows else 0, path)
            before = reader.line_num
            if row:
                check_size(path.name, len(rows) + 1, len(row), cells := cells + len(row))
                rows.append([cell.strip() for cell in row])
                numbers.append(before)
    except csv.Error:
        below = reader.line_num - before - 1
        raise (_open_quote(before + 1, below, path) if below else _long_cell(before + 1, path)) from None
    return Grid(path.name, rows, numbers, "line")


def _lines(text: str) -> Iterator[str]:
    r"""Yield lines with their ends, which are ``\n``, ``\r\n`` or ``\r``; all of them end in ``\n``."""
    for line in _LINE.finditer(text):  # io.StringIO would hold four bytes for each letter
        yield f"{line.group(1)}\n"


def _check_quotes(row: list[str], line: int, separator: str, width: int, path: Path) -> None:
    """Refuse a cell over several lines that holds what looks like rows of the table: its quote was never closed."""
    enough = max(1, min(len(row), width or len(row)) - 1)
    for cell in row:
        first, *inner = cell.split("\n")
        rows = any(part.count(separator) >= enough for part in inner) or (len(row) < width and separator in first)
        if inner and (rows or len(inner) > MOST_LINES):
            raise _open_quote(line, len(inner), path)
        line += len(inner)


def _open_quote(line: int, lines: int, path: Path) -> DataError:
    """Return the error of a quote that takes the lines below it into one cell."""
    found = _("a quote in line {line} that takes {count} lines below it into one cell").format(
        line=line, count=number(lines)
    )
    advice = _('Remove the quote (") in line {line}, or write it twice within a quoted cell.').format(line=line)
    return table_fault(path.name, found, _("quotes in pairs, within one row"), advice)


def _long_cell(line: int, path: Path) -> DataError:
    """Return the error of a cell that is longer than a table of areas has."""
    found = _("a cell of more than {letters} letters in line {line}").format(letters=number(LETTERS), line=line)
    expected = _("cells of at most {letters} letters").format(letters=number(LETTERS))
    return table_fault(path.name, found, expected, _("Shorten it, or leave its column out."))


MARKS = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
"""Byte-order marks, and what they stand for."""

USUAL = frozenset("áàâäãåéèêëíìîïóòôöõúùûüýÿçñøæßÁÀÂÄÅÉÈÊËÍÌÎÏÓÒÔÖÚÙÛÜÇÑØÆ€‘’“”–—…•·°²³½¼¾§©®«»µ´¨ªº± \u00a0")
"""Letters and signs of Dutch tables, of names from abroad, and of spreadsheet programs."""

LOST = "\ufffd"
TWICE = re.compile("[ÃÂ][\u0080-\u00bf]|Ã[‚ƒ„†‡ˆ‰Š‹Œ‘’“”•–—˜™š›œŸ]")
"""Letters with a sign as UTF-8 looks when it was read as Latin-1 or Windows-1252: é is Ã©."""


def read_text(path: Path, encoding: str | None) -> tuple[str, str]:
    """Read a text file, also gzipped.

    Parameters
    ----------
    path : Path
        The file.
    encoding : str or None
        As the study says it; found out when None.

    Returns
    -------
    tuple of str and str
        The text, and a word about its encoding for the notes (empty for plain UTF-8).

    Raises
    ------
    DataError
        The bytes are not of the stated encoding, or may be of several, or letters were lost before.
    """
    raw = _bytes_of(path)
    mark = next((mark for mark in MARKS if raw.startswith(mark)), None)
    if encoding is not None:
        return _decoded(raw, encoding, path), encoding
    if mark is not None:
        name = _("UTF-8 with a byte-order mark") if mark == codecs.BOM_UTF8 else "UTF-16"
        return _whole(_decoded(raw, MARKS[mark], path), path), name
    if wide := _without_mark(raw):
        return _decoded(raw, wide, path), wide.upper()
    try:
        return _whole(raw.decode("utf-8"), path), ""
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
    try:
        text = raw.decode("cp1252")
    except UnicodeDecodeError:
        text = ""
    unusual = sorted({letter for letter in text if ord(letter) > 127} - USUAL)
    if not text or unusual:
        seen = _(" (as Windows-1252 it would hold {names})").format(names=" ".join(unusual[:5])) if unusual else ""
        found = _("bytes that are not UTF-8, first in line {line}{seen}").format(line=line, seen=seen)
        advice = _(
            'Say in [[tables]] what it is, such as encoding = "latin-1", "cp1252", "cp850" or "mac-roman", '
            "or save it again as UTF-8 (in a spreadsheet program: CSV UTF-8)."
        )
        raise table_fault(path.name, found, _("a text file in UTF-8, or one in Latin-1 that gives words"), advice)
    windows = any(0x80 <= byte < 0xA0 for byte in raw)
    return text, "Windows-1252" if windows else "Latin-1"


def _without_mark(raw: bytes) -> str:
    """Return which UTF-16 a file is in that has no mark: every other byte of plain letters is zero; else nothing."""
    start = raw[:2000]
    zeros = [start[offset::2].count(0) for offset in (0, 1)]
    if max(zeros) < len(start) / 4 or min(zeros) > len(start) / 100:
        return ""
    return "utf-16-be" if zeros[0] > zeros[1] else "utf-16-le"


def _bytes_of(path: Path) -> bytes:
    """Return the bytes of a file, unpacked where it is gzipped, and no more of them than a table may have."""
    try:
        with gzip.open(path) if path.suffix.lower() == ".gz" else path.open("rb") as file:
            raw = file.read(BYTES + 1)
    except (gzip.BadGzipFile, EOFError, zlib.error):
        raise table_fault(
            path.name, _("no whole gzip file"), _("a file packed with gzip"), _("Fetch it again.")
        ) from None
    except OSError as error:
        found = _("a file that cannot be read ({error})").format(error=error.strerror or error)
        raise table_fault(path.name, found, _("a table")) from None
    if len(raw) > BYTES:
        raise too_many_bytes(path.name)
    return raw


def _decoded(raw: bytes, encoding: str, path: Path) -> str:
    """Decode bytes in an encoding that is stated or marked."""
    try:
        return raw.decode(encoding).removeprefix("\ufeff")
    except UnicodeError as error:
        line = raw[: getattr(error, "start", 0)].count(b"\n") + 1
        found = _("bytes that are not {encoding}, first in line {line}").format(encoding=encoding, line=line)
        advice = _("Leave tables.encoding out to have it found, or state another.")
        raise table_fault(path.name, found, _("text in {encoding}").format(encoding=encoding), advice) from None


def _whole(text: str, path: Path) -> str:
    """Refuse text whose letters were damaged before it came here."""
    if LOST not in text and not TWICE.search(text):
        return text
    damaged = [
        (number, line.strip()) for number, line in enumerate(text.splitlines(), 1) if LOST in line or TWICE.search(line)
    ]
    rows = [_("line {number} ({text!r})").format(number=number, text=_around(line)) for number, line in damaged]
    lost = any(LOST in line for _, line in damaged)
    found = (
        _("letters that were lost: Latin-1 was read as UTF-8") if lost else _("UTF-8 that was read as Latin-1 before")
    )
    advice = _("Take the file from its source again; if these letters do not matter, state tables.encoding.")
    raise table_fault(path.name, found, _("letters such as é and ë as they were"), advice, rows)


def _around(line: str) -> str:
    """Show the damaged place of a line."""
    place = line.find(LOST) if LOST in line else next(TWICE.finditer(line)).start()
    return line[max(0, place - 12) : place + 12]
