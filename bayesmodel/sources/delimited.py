"""Delimited text files: encoding, separator, header, decimal mark and mark for thousands are found and reported."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from pathlib import Path

from bayesmodel.messages import _, number
from bayesmodel.sources.encoding import read_text
from bayesmodel.sources.grid import Grid, body_of
from bayesmodel.sources.marks import marks_in_words, read_marks
from bayesmodel.sources.text import TextTable, table_fault
from bayesmodel.study.parts import TableForm

SEPARATORS = (",", ";", "\t", "|")
SAMPLE = 200
"""Rows in which the separator is sought."""


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
    lines = tuple(grid.numbers[place] for place in body.places)
    marked = read_marks(body.frame, lines, form, None)
    size = _("{count} rows, {columns} columns").format(count=number(len(body.frame)), columns=body.frame.shape[1])
    form_found = [
        _("separated by {separators}").format(separators=_called(separator)),
        *([encoding] if encoding else []),
        marks_in_words(marked),
    ]
    note = f"{path.name}: {size}, {', '.join(form_found)}{''.join(f'; {note}' for note in body.notes)}."
    return TextTable(marked.frame, (note,), marked.doubts, lines)


def separator_of(text: str, path: Path) -> str:
    """Find the mark that separates the columns: it is in the header, and gives most rows the same number of cells.

    Raises
    ------
    DataError
        No mark does, or two marks do it as well.
    """
    lines, scores = _scores(text)
    if not scores:
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
    lines = text.splitlines(keepends=True)[:SAMPLE]
    return lines, {mark: score for mark in SEPARATORS if (score := _score(lines, mark)) is not None}


def _score(lines: list[str], mark: str) -> tuple[bool, int, float] | None:
    """Judge a separator: the best has no other within its cells, an early header, and rows of one width."""
    if mark == "," and not any(re.search(r"(?<![0-9]),|,(?![0-9])", line) for line in lines):
        return None  # decimal commas only
    rows = [[cell.strip() for cell in row] for row in csv.reader(lines, delimiter=mark)]
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
    """Split a text into cells; a row has the number of the line it ends on."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    rows = [(reader.line_num, [cell.strip() for cell in row]) for row in reader if row]
    return Grid(path.name, [row for _, row in rows], [number for number, _ in rows], "line")
