"""Write a workbook: its sheets in order, its properties, and on every printed page what must be known."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bayesmodel import __version__
from bayesmodel.errors import MissingFeatureError
from bayesmodel.messages import _
from bayesmodel.study import Label
from bayesmodel.study.parts import SPELLED
from bayesmodel.tables.collect import Tables, file_name
from bayesmodel.tables.workbook.guide import purposes, write_codebook, write_guide, write_left_out, write_method
from bayesmodel.tables.workbook.opening_sheet import write_opening
from bayesmodel.tables.workbook.sheets import write_table
from bayesmodel.tables.workbook.styles import Styles

if TYPE_CHECKING:
    from xlsxwriter import Workbook

RESULTS = Label(nl="Uitkomsten", en="Results")
GUIDE = Label(nl="Leeswijzer", en="Reading guide")
CODEBOOK = Label(nl="Codeboek", en="Codebook")
METHOD = Label(nl="Methode", en="Method")
LEFT_OUT = Label(nl="Weggelaten", en="Left out")
PURPOSES = {
    "results": Label(nl="de totalen, en de uitkomst in acht kolommen", en="totals, and the results in eight columns"),
    "codebook": Label(nl="wat elke kolom is", en="what each column is"),
    "method": Label(
        nl="hoe de uitkomsten zijn gemaakt, en het voorbehoud", en="how the results were made; disclaimers"
    ),
    "left_out": Label(nl="wat is weggelaten, en waarom", en="what was left out, and why"),
}
FOOTER = Label(
    nl="Geen voorspelling; veel gebruik of een groot verschil is geen teken van goed of slecht beleid. Zie Leeswijzer.",
    en="No forecast; high use or a large difference is no sign of good or bad policy. See Reading guide.",
)
FORBIDDEN = str.maketrans(dict.fromkeys("[]:*?/\\", "-"))
HEADER = 150
"""Characters of the title on every page: with the codes around it a header takes 255."""
LONGEST = 31
"""Characters in the name of a sheet, the most that Excel takes."""


def refuse_without_library() -> None:
    """Refuse a workbook when the library that writes it is not installed.

    Raises
    ------
    MissingFeatureError
        With what to install.
    """
    from importlib.util import find_spec

    if find_spec("xlsxwriter") is None:
        raise MissingFeatureError(_("A workbook (xlsx)"), "report")


def write_workbook(tables: Tables, path: Path) -> None:
    """Write all tables to one workbook for a report.

    Parameters
    ----------
    tables : Tables
        With the language of sheets, headings and texts.
    path : Path
        Ends in ``.xlsx``.

    Raises
    ------
    MissingFeatureError
        The library XlsxWriter is not installed.
    """
    refuse_without_library()
    import xlsxwriter

    from bayesmodel.tables.workbook.table_sheet import TableSheet

    language, left_out = tables.language, len(tables.fit.counts.areas.left_out) > 0
    names = sheets_of(tables)
    sheets = {RESULTS[language]: PURPOSES["results"]} | purposes(tables, names)
    sheets |= {CODEBOOK[language]: PURPOSES["codebook"], METHOD[language]: PURPOSES["method"]}
    if left_out:
        sheets[LEFT_OUT[language]] = PURPOSES["left_out"]
    with xlsxwriter.Workbook(path) as book:
        styles = Styles(book)
        book.set_properties(_properties(tables))
        write_opening(book.add_worksheet(RESULTS[language]), styles, tables)
        for name, frame in tables.frames.items():
            sheet = book.add_worksheet(names[name], TableSheet)
            write_table(sheet, styles, frame, tables.columns(name), language)
        write_guide(book.add_worksheet(GUIDE[language]), styles, tables, sheets)
        write_codebook(book.add_worksheet(CODEBOOK[language]), styles, tables, names)
        write_method(book.add_worksheet(METHOD[language]), styles, tables)
        if left_out:
            write_left_out(book.add_worksheet(LEFT_OUT[language]), styles, tables)
        _on_every_page(book, tables)


def _on_every_page(book: Workbook, tables: Tables) -> None:
    """Put the title and the first disclaimer on every printed page."""
    for sheet in book.worksheets():
        # in a header & begins a code, and a size runs on into digits after it
        title = tables.title.replace("&", "&&")[:HEADER].removesuffix("&")
        sheet.set_header(f"&L&8 {title}&R&8&A")
        sheet.set_footer(f"&L&8{FOOTER[tables.language]}&R&8&P / &N")


def sheets_of(tables: Tables) -> dict[str, str]:
    """Return the name of the sheet of each table of a workbook."""
    taken = [each[tables.language] for each in (RESULTS, GUIDE, CODEBOOK, METHOD, LEFT_OUT)]
    return sheet_names(list(tables.frames), taken)


def sheet_names(tables: Sequence[str], taken: Sequence[str]) -> dict[str, str]:
    """Return the name of the sheet of each table: one that Excel takes, and that no other sheet has.

    Examples
    --------
    >>> sheet_names(["wijk", "codebook"], ["Codebook"])
    {'wijk': 'Wijken', 'codebook': 'Codebook 2'}
    """
    used, names = {name.casefold() for name in taken}, {}
    for table in tables:
        plural = file_name(table)
        name = SPELLED.get(plural, plural).capitalize().translate(FORBIDDEN).strip("'")[:LONGEST] or "-"
        number, free = 1, name
        while free.casefold() in used:
            number += 1
            free = f"{name[: LONGEST - 4]} {number}"
        used.add(free.casefold())
        names[table] = free
    return names


def _properties(tables: Tables) -> dict[str, Any]:
    """Return the properties of the document: what it is, and what readers must be told."""
    made = tables.fit.provenance.get("made")
    return {
        "title": tables.title,
        "subject": tables.fit.study.outcome.count[tables.language],
        "author": f"bayesmodel {__version__}",
        "keywords": f"{tables.fit.study.outcome.year}, {tables.fit.study.outcome.vintage}, {tables.fit.study.name}",
        "comments": "\n".join(tables.notes(listing=False)),
        "created": datetime.fromisoformat(made) if made else datetime.now(UTC),
    }
