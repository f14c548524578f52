"""A report as a Word document: headings, lists, tables with a header row, pictures with their text alternative."""

from __future__ import annotations

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

CENTIMETRES, DOTS = 16.0, 150
"""Width of a picture on a page of A4, and its dots per inch."""
LANGUAGES = {"nl": "nl-NL", "en": "en-GB"}
SMALL, NAMES = 8.5, 3.6
"""Points of the letters in a table, and centimetres of its first column."""
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
    page.left_margin = page.right_margin = Cm(2.5)
    document.core_properties.title, document.core_properties.language = title, LANGUAGES[language]
    document.core_properties.author = ""
    document.styles["Normal"].font.name = LETTERS
    _speak(document, language)
    document.add_heading(title, level=0)
    for section in sections:
        document.add_heading(section.heading, level=1)
        for name, text in section.facts.items():
            paragraph = document.add_paragraph()
            paragraph.add_run(f"{name}: ").bold = True
            paragraph.add_run(text)
        for text in section.texts:
            document.add_paragraph(text, style="List Bullet")
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
    added._inline.docPr.set("descr", str(picture.get_label()))


def _add_table(document: Any, table: pd.DataFrame) -> None:
    """Add a table; its header row is marked as such, and comes again on each page."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn
    from docx.shared import Cm, Pt

    cells = [[str(table.index.name or ""), *map(str, table.columns)]]
    cells += [[str(name), *map(str, row)] for name, row in zip(table.index, table.to_numpy(), strict=True)]
    added = document.add_table(rows=len(cells), cols=len(cells[0]), style="Light Grid Accent 1")
    added.autofit = False
    first = max(NAMES, CENTIMETRES / len(cells[0]))
    widths = [first, *[(CENTIMETRES - first) / (len(cells[0]) - 1)] * (len(cells[0]) - 1)]
    for row, texts in zip(added.rows, cells, strict=True):
        for cell, text, width in zip(row.cells, texts, widths, strict=True):
            cell.text, cell.width = text, Cm(width)
            for run in cell.paragraphs[0].runs:
                run.font.size = Pt(SMALL)
        kept = OxmlElement("w:cantSplit")
        row._tr.get_or_add_trPr().append(kept)
    repeated = OxmlElement("w:tblHeader")
    repeated.set(qn("w:val"), "true")
    added.rows[0]._tr.get_or_add_trPr().append(repeated)
    document.add_paragraph()
