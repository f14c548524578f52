"""A report as a Word document: headings, lists, tables with a header row, pictures with their text alternative."""

from __future__ import annotations

import re
from collections.abc import Sequence
from io import BytesIO
from typing import TYPE_CHECKING, Any

import pandas as pd

from bayesmodel import __version__
from bayesmodel.checks.page import MADE, Section
from bayesmodel.errors import MissingFeatureError
from bayesmodel.messages import Language, _

if TYPE_CHECKING:
    from matplotlib.figure import Figure

CENTIMETRES, DOTS = 17.0, 150
"""Width of a picture on a page of A4, and its dots per inch."""
LANGUAGES = {"nl": "nl-NL", "en": "en-GB"}
SMALL = 8
"""Points of the letters in a table."""
LETTER, MARGINS = 0.18, 0.4
"""Centimetres of a wide letter in a table, and of both margins of a cell."""
LONGEST_WORD, LONGEST_CELL = 22, 40
"""Letters of a word, and of all of a cell, that a column is made for; longer ones take more lines."""
LONGEST_TITLE = 255
"""Letters of the title among the properties of a document, the most that the format takes."""
FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
"""Marks that no document may hold."""
LETTERS = "Calibri"


def document_of(title: str, sections: Sequence[Section], language: Language) -> bytes:
    """Return a Word document.

    Parameters
    ----------
    title : str
    sections : sequence of Section
    language : {"nl", "en"}

    Returns
    -------
    bytes
        The content of a .docx file.

    Raises
    ------
    MissingFeatureError
        python-docx is not installed.

    Examples
    --------
    >>> document_of("Report", [Section("Summary", ["90 of 100"])], "en")[:2]
    b'PK'
    """
    try:
        import docx
        from docx.shared import Cm
    except ImportError as error:
        raise MissingFeatureError(_("A Word document"), "report") from error
    document = docx.Document()
    page = document.sections[0]
    page.page_width, page.page_height = Cm(21), Cm(29.7)
    page.left_margin = page.right_margin = Cm((21 - CENTIMETRES) / 2)
    title = written(title)
    document.core_properties.title = title[:LONGEST_TITLE]
    document.core_properties.language = LANGUAGES[language]
    document.core_properties.author = ""
    document.styles["Normal"].font.name = LETTERS
    _speak(document, language)
    document.add_heading(title, level=0)
    for section in sections:
        document.add_heading(written(section.heading), level=1)
        for name, text in section.facts.items():
            paragraph = document.add_paragraph()
            paragraph.add_run(written(f"{name}: ")).bold = True
            paragraph.add_run(written(text))
        for text in section.texts:
            document.add_paragraph(written(text), style="List Bullet")
        for picture in section.pictures:
            _add_picture(document, picture)
        for table in section.tables:
            _add_table(document, table)
    document.add_paragraph(MADE[language].format(version=__version__))
    content = BytesIO()
    document.save(content)
    return content.getvalue()


def _speak(document: Any, language: Language) -> None:
    """Set the language in which text is read aloud and spelled."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    found = document.styles["Normal"].element.get_or_add_rPr()
    spoken = OxmlElement("w:lang")
    spoken.set(qn("w:val"), LANGUAGES[language])
    found.append(spoken)


def _add_picture(document: Any, picture: Figure) -> None:
    """Add a picture with its text alternative."""
    from docx.shared import Cm

    content = BytesIO()
    picture.savefig(content, format="png", dpi=DOTS)
    content.seek(0)
    added = document.add_picture(content, width=Cm(CENTIMETRES))
    added._inline.docPr.set("descr", written(str(picture.get_label())))


def column_widths(cells: Sequence[Sequence[str]]) -> list[float]:
    """Return the widths of columns in centimetres, the page wide together: no word is broken where there is room.

    Each column gets room for its longest word; what is left is shared by how much text they hold.

    Examples
    --------
    >>> [round(width, 1) for width in column_widths([["wijk", "n"], ["West-Terschelling (WK009300)", "388"]])]
    [15.3, 1.7]
    """
    columns = list(zip(*cells, strict=True))
    words = [max((len(word) for text in column for word in text.split()), default=1) for column in columns]
    least = [LETTER * min(word, LONGEST_WORD) + MARGINS for word in words]
    if (total := sum(least)) >= CENTIMETRES:
        return [CENTIMETRES * each / total for each in least]
    longest = [LETTER * min(max(map(len, column)), LONGEST_CELL) for column in columns]
    wish = [max(length - each, 0.1) for length, each in zip(longest, least, strict=True)]
    return [each + (CENTIMETRES - total) * more / sum(wish) for each, more in zip(least, wish, strict=True)]


def written(text: str) -> str:
    r"""Return a text without the marks that no document may hold.

    Examples
    --------
    >>> written("Duin" + chr(7))
    'Duin'
    """
    return FORBIDDEN.sub("", text)


def with_minus(text: str) -> str:
    """Return figures with a minus that stays with its number at the end of a line, as a hyphen does not.

    Examples
    --------
    >>> with_minus("-0.6 (-2.0 to -0.1)"), with_minus("10-12")
    ('−0.6 (−2.0 to −0.1)', '10-12')
    """
    return re.sub(r"(?<![\w.,])-(?=\d)", "\u2212", text)


def _add_table(document: Any, table: pd.DataFrame) -> None:
    """Add a table; its header row is marked as such, and comes again on each page."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn
    from docx.shared import Cm, Pt

    cells = [[str(table.index.name or ""), *map(str, table.columns)]]
    figures = ([with_minus(str(cell)) for cell in row] for row in table.to_numpy())
    cells += [[str(name), *row] for name, row in zip(table.index, figures, strict=True)]
    added = document.add_table(rows=len(cells), cols=len(cells[0]), style="Light Grid Accent 1")
    added.autofit = False
    widths = column_widths(cells)
    for column, width in zip(added.columns, widths, strict=True):
        column.width = Cm(width)  # what LibreOffice goes by; Word goes by the cells
    for row, texts in zip(added.rows, cells, strict=True):
        for cell, text, width in zip(row.cells, texts, widths, strict=True):
            cell.text, cell.width = written(text), Cm(width)
            for run in cell.paragraphs[0].runs:
                run.font.size = Pt(SMALL)
        kept = OxmlElement("w:cantSplit")
        row._tr.get_or_add_trPr().append(kept)
    repeated = OxmlElement("w:tblHeader")
    repeated.set(qn("w:val"), "true")
    added.rows[0]._tr.get_or_add_trPr().append(repeated)
    document.add_paragraph()
