"""A report as a Word document: headings, lists, tables with a header row, pictures with their text alternative."""

from __future__ import annotations

import re
from collections.abc import Sequence
from copy import deepcopy
from io import BytesIO
from typing import TYPE_CHECKING, Any
from zipfile import ZipFile

import pandas as pd

from bayesmodel import __version__
from bayesmodel.checks.page import MADE, Section
from bayesmodel.errors import MissingFeatureError, OutputError
from bayesmodel.messages import Language, _
from bayesmodel.theme import theme

if TYPE_CHECKING:
    from matplotlib.figure import Figure

DOTS = 150
"""Dots per inch of a picture."""
LANGUAGES = {"nl": "nl-NL", "en": "en-GB"}
MARGIN, NARROW = 2.0, 1.5
"""Centimetres beside the text, and on a compact page."""
LETTERS, SMALL, SMALLER = "Calibri", 8, 7.5
"""The font without a theme; points of the letters in a table, and on a compact page."""
LETTER, MARGINS = 0.18, 0.4
"""Centimetres of a wide letter in a table, and of both margins of a cell."""
LONGEST_WORD, LONGEST_CELL = 22, 40
"""Letters of a word, and of all of a cell, that a column is made for; longer ones take more lines."""
LONGEST_TITLE = 255
"""Letters of the title among the properties of a document, the most that the format takes."""
FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
"""Marks that no document may hold."""
TABLE = "Light Grid Accent 1"
STYLES = ("Title", "Heading 1", "List Bullet", TABLE)
"""Styles that a document uses; a template that lacks one gets it."""
BLUE, PALE_BLUE = "4F81BD", "D3DFEE"
"""The colours of lines and of rows in the styles of python-docx."""
ROOM, WORDS = 1.0, 2.7
"""Centimetres of the rows of a table whose last column is empty, to write in, and of its first column."""
COMPACT = {"Normal": (8, 1), "List Bullet": (8, 0), "Heading 1": (10.5, 5), "Title": (13, 0)}
"""Points of letters, and before a paragraph, on a compact page."""


def document_of(title: str, sections: Sequence[Section], language: Language, *, compact: bool = False) -> bytes:
    """Return a Word document in the theme of now.

    Parameters
    ----------
    title : str
    sections : sequence of Section
    language : {"nl", "en"}
    compact : bool
        Whether letters and margins are small; the margins of a template stay.

    Returns
    -------
    bytes
        The content of a .docx file.

    Raises
    ------
    MissingFeatureError
        python-docx is not installed.
    OutputError
        The logo is an svg, which Word cannot show.

    Examples
    --------
    >>> document_of("Report", [Section("Summary", ["90 of 100"])], "en")[:2]
    b'PK'
    """
    try:
        import docx
    except ImportError as error:
        raise MissingFeatureError(_("A Word document"), "report") from error
    refuse_svg_logo()
    document = docx.Document()
    if theme().template:
        document = _from_template(theme().template, document)
    else:
        _lay_out(document, NARROW if compact else MARGIN)
    if compact:
        _make_compact(document)
    title = written(title)
    document.core_properties.title = title[:LONGEST_TITLE]
    document.core_properties.language = LANGUAGES[language]
    document.core_properties.author = ""
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
            _add_table(document, table, SMALLER if compact else SMALL)
            if not compact:
                document.add_paragraph()
    document.add_paragraph(MADE[language].format(version=__version__))
    content = BytesIO()
    document.save(content)
    return content.getvalue()


def refuse_svg_logo() -> None:
    """Refuse a logo that Word cannot show: an svg, unless a template brings the logo of its own.

    Raises
    ------
    OutputError
        With what to do.
    """
    if theme().logo and not theme().template and not theme().logo_is_png:
        said = _(
            "Word cannot show the logo, which is an svg. Save it as png too and name that in the house style, or put "
            "the logo in a Word template (word_template)."
        )
        raise OutputError(said)


def _from_template(template: bytes, default: Any) -> Any:
    """Return a document with the styles, margins, headers and footers of a template, and none of its text.

    A template of Word (.dotx) differs from a document in what it calls itself.
    """
    import docx
    from docx.oxml.ns import qn

    called = b"wordprocessingml.template.main+xml", b"wordprocessingml.document.main+xml"
    content = BytesIO()
    with ZipFile(BytesIO(template)) as packed, ZipFile(content, "w") as renamed:
        for part in packed.infolist():
            inside = packed.read(part)
            renamed.writestr(part, inside.replace(*called) if part.filename == "[Content_Types].xml" else inside)
    content.seek(0)
    document = docx.Document(content)
    body = document.element.body
    for child in list(body):
        if child.tag != qn("w:sectPr"):
            body.remove(child)
    known = {style.name for style in document.styles}
    for name in STYLES:
        if name not in known:
            added = deepcopy(default.styles[name].element)
            for numbered in added.findall(f".//{qn('w:numPr')}"):  # of a list that the template does not have
                numbered.getparent().remove(numbered)
            document.styles.element.append(added)
    return document


def _lay_out(document: Any, margin: float) -> None:
    """Set page, letters and colours of a document without a template, and its logo in the header."""
    from docx.oxml.ns import qn
    from docx.shared import Cm, RGBColor

    page = document.sections[0]
    page.page_width, page.page_height = Cm(21), Cm(29.7)
    page.left_margin = page.right_margin = Cm(margin)
    letters, accent = theme().font or LETTERS, RGBColor.from_string(theme().accent.removeprefix("#").upper())
    document.styles["Normal"].font.name = letters
    for name in ("Title", "Heading 1"):
        style = document.styles[name]
        style.font.name, style.font.color.rgb = letters, accent
        fonts = style.element.rPr.rFonts
        for kind in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):  # which would win from the name
            fonts.attrib.pop(qn(f"w:{kind}"), None)
    _colour(document)
    if theme().logo:
        paragraph = page.header.paragraphs[0]
        paragraph.alignment = 2
        shown = paragraph.add_run().add_picture(BytesIO(theme().logo), height=Cm(1.2))
        shown._inline.docPr.set("descr", theme().logo_text)


def _colour(document: Any) -> None:
    """Give lines and tables the colour of the theme, instead of the blue of Word and its tint."""
    from docx.oxml.ns import qn

    accent = theme().accent.removeprefix("#").upper()
    tint = "".join(f"{255 - (255 - int(accent[at : at + 2], 16)) // 6:02X}" for at in (0, 2, 4))
    kinds = [qn(f"w:theme{kind}") for kind in ("Color", "Fill", "FillTint", "Tint", "Shade", "FillShade")]
    for element in document.styles.element.iter():
        for name, value in list(element.attrib.items()):
            if value in (BLUE, PALE_BLUE):
                element.set(name, accent if value == BLUE else tint)
                for kind in kinds:  # which would win from the colour
                    element.attrib.pop(kind, None)


def _make_compact(document: Any) -> None:
    """Make letters and room between paragraphs small, and the margins of a page that has no template."""
    from docx.shared import Cm, Pt

    if not theme().template:
        page = document.sections[0]
        page.top_margin = page.bottom_margin = Cm(NARROW)
        page.header_distance = page.footer_distance = Cm(0.6)
    for name, (size, before) in COMPACT.items():
        style = document.styles[name]
        style.font.size = Pt(size)
        style.paragraph_format.space_before, style.paragraph_format.space_after = Pt(before), Pt(1)
        style.paragraph_format.line_spacing = 1.0


def _speak(document: Any, language: Language) -> None:
    """Set the language in which text is read aloud and spelled."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    found = document.styles["Normal"].element.get_or_add_rPr()
    for other in found.findall(qn("w:lang")):
        found.remove(other)
    spoken = OxmlElement("w:lang")
    spoken.set(qn("w:val"), LANGUAGES[language])
    found.append(spoken)


def _width(document: Any) -> float:
    """Return the centimetres between the margins."""
    from docx.shared import Cm

    page = document.sections[-1]
    return float((page.page_width - page.left_margin - page.right_margin) / Cm(1))


def _add_picture(document: Any, picture: Figure) -> None:
    """Add a picture with its text alternative."""
    from docx.shared import Cm

    content = BytesIO()
    picture.savefig(content, format="png", dpi=DOTS)
    content.seek(0)
    added = document.add_picture(content, width=Cm(_width(document)))
    added._inline.docPr.set("descr", written(str(picture.get_label())))


def column_widths(cells: Sequence[Sequence[str]], wide: float = 17.0) -> list[float]:
    """Return the widths of columns in centimetres, so wide together: no word is broken where there is room.

    Each column gets room for its longest word; what is left is shared by how much text they hold.

    Examples
    --------
    >>> [round(width, 1) for width in column_widths([["wijk", "n"], ["West-Terschelling (WK009300)", "388"]])]
    [15.3, 1.7]
    """
    columns = list(zip(*cells, strict=True))
    words = [max((len(word) for text in column for word in text.split()), default=1) for column in columns]
    least = [LETTER * min(word, LONGEST_WORD) + MARGINS for word in words]
    if (total := sum(least)) >= wide:
        return [wide * each / total for each in least]
    longest = [LETTER * min(max(map(len, column)), LONGEST_CELL) for column in columns]
    wish = [max(length - each, 0.1) for length, each in zip(longest, least, strict=True)]
    return [each + (wide - total) * more / sum(wish) for each, more in zip(least, wish, strict=True)]


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


def _add_table(document: Any, table: pd.DataFrame, points: float) -> None:
    """Add a table with letters of so many points; its header row is marked as such, and comes again on each page."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn
    from docx.shared import Cm

    cells = [[str(table.index.name or ""), *map(str, table.columns)]]
    figures = ([with_minus(str(cell)) for cell in row] for row in table.to_numpy())
    cells += [[str(name), *row] for name, row in zip(table.index, figures, strict=True)]
    to_write = not any(row[-1] for row in cells[1:])
    added = document.add_table(rows=len(cells), cols=len(cells[0]), style=TABLE)
    added.autofit = False
    wide = _width(document)
    widths = [WORDS, 0.42 * wide, 0.58 * wide - WORDS] if to_write else column_widths(cells, wide)
    for column, width in zip(added.columns, widths, strict=True):
        column.width = Cm(width)  # what LibreOffice goes by; Word goes by the cells
    for row, texts in zip(added.rows, cells, strict=True):
        for cell, text, width in zip(row.cells, texts, widths, strict=True):
            cell.text, cell.width = written(text), Cm(width)
            _make_small(cell, points)
        row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
        if to_write and row._index:
            row.height = Cm(ROOM)
    repeated = OxmlElement("w:tblHeader")
    repeated.set(qn("w:val"), "true")
    added.rows[0]._tr.get_or_add_trPr().append(repeated)


def _make_small(cell: Any, points: float) -> None:
    """Give the letters of a cell a size, without room around them."""
    from docx.shared import Pt

    for paragraph in cell.paragraphs:
        paragraph.paragraph_format.space_before = paragraph.paragraph_format.space_after = Pt(0)
        for run in paragraph.runs:
            run.font.size = Pt(points)
