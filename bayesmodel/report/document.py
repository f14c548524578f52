"""A document of sections, written as a web page, as a Word document or as a tagged PDF."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import ClassVar

from bayesmodel.checks.page import Section, page_of
from bayesmodel.errors import MissingFeatureError, OutputError, UnknownNameError
from bayesmodel.files import write_atomic
from bayesmodel.messages import Language, _

FORMATS = ("html", "docx", "pdf")


@dataclass(frozen=True, eq=False)
class Document:
    """Sections under a title, in one language, in the theme in which it is written.

    Parameters
    ----------
    title : str
    sections : sequence of Section
    language : {"nl", "en"}
    """

    css: ClassVar[str] = ""
    """Rules of a page with a layout of its own."""
    compact: ClassVar[bool] = False
    """Whether a Word document has small letters and margins, to stay on one page."""

    title: str
    sections: Sequence[Section]
    language: Language

    @property
    def html(self) -> str:
        """The document as a page that needs no other file."""
        return page_of(self.title, self.sections, self.language, self.css)

    def content(self, form: str) -> bytes:
        """Return the content of a file in one of the `FORMATS`.

        Raises
        ------
        UnknownNameError
            There is no such format.
        MissingFeatureError
            python-docx is not installed, for docx; WeasyPrint is not, for pdf.
        OutputError
            WeasyPrint lacks the Pango that it draws text with; Word cannot show the logo, an svg.
        """
        match form:
            case "html":
                return self.html.encode()
            case "docx":
                from bayesmodel.report.word import document_of

                return document_of(self.title, self.sections, self.language, compact=self.compact)
            case "pdf":
                return pdf_of(self.html)
        raise UnknownNameError(_("format of a report"), form, FORMATS)

    def write(self, path: str | Path) -> Path:
        """Write the document to a file ending in .html, .docx or .pdf, whole or not at all.

        Raises
        ------
        UnknownNameError
            The ending is none of those.
        MissingFeatureError
            A library for it is not installed.
        OutputError
            The file cannot be written.
        """
        path = Path(path)
        if path.suffix.removeprefix(".") not in FORMATS:
            known = [f".{form}" for form in FORMATS]
            raise UnknownNameError(_("ending of a report"), path.suffix or path.name, known)
        write_atomic(path, self.content(path.suffix.removeprefix(".")))
        return path


def formats_named(named: Sequence[str] | None) -> list[str]:
    """Return the formats that a user named, each once; html when none was named.

    Parameters
    ----------
    named : sequence of str, optional
        Each may hold several with commas.

    Raises
    ------
    UnknownNameError
        There is no such format.

    Examples
    --------
    >>> formats_named(["html,docx", "pdf"])
    ['html', 'docx', 'pdf']
    """
    formats = [form.strip().lower() for text in named or ["html"] for form in text.split(",") if form.strip()]
    for form in formats:
        if form not in FORMATS:
            raise UnknownNameError(_("format of a report"), form, FORMATS)
    return list(dict.fromkeys(formats))


def refuse_missing_library(formats: Sequence[str]) -> None:
    """Refuse formats that cannot be written here, before anything is estimated.

    Raises
    ------
    MissingFeatureError
        python-docx is not installed, for docx; WeasyPrint is not, for pdf.
    OutputError
        Word cannot show the logo.
    """
    if "docx" in formats:
        from bayesmodel.report.word import refuse_svg_logo

        if not find_spec("docx"):
            raise MissingFeatureError(_("A Word document"), "report")
        refuse_svg_logo()
    if "pdf" in formats and not find_spec("weasyprint"):
        raise MissingFeatureError(_("A PDF"), "pdf")


def pdf_of(page: str) -> bytes:
    """Return a self-contained page of html as a PDF with tags (PDF/UA-1): headings, header cells, texts of pictures.

    Nothing is fetched: what a page names outside itself comes neither from the network nor from the disk.

    Parameters
    ----------
    page : str

    Returns
    -------
    bytes

    Raises
    ------
    MissingFeatureError
        WeasyPrint is not installed.
    OutputError
        It lacks the Pango that it draws text with.

    Examples
    --------
    >>> pdf_of('<html lang="en"><title>Report</title><h1>Report</h1>')[:5]  # doctest: +SKIP
    b'%PDF-'
    """
    try:
        from weasyprint import HTML
        from weasyprint.urls import URLFetcher
    except ImportError as error:
        raise MissingFeatureError(_("A PDF"), "pdf") from error
    except OSError as error:  # the library is there, Pango is not
        needs = _(
            "A PDF needs Pango, which this computer lacks. On Debian and Ubuntu: apt install libpango-1.0-0 "
            "libpangoft2-1.0-0; on macOS: brew install pango; on Windows: see the installation page of WeasyPrint. "
            "Or take html or docx, and print that to PDF."
        )
        raise OutputError(needs) from error
    fetcher = URLFetcher(allowed_protocols=["data"])
    return bytes(HTML(string=page, url_fetcher=fetcher).write_pdf(pdf_variant="pdf/ua-1"))
