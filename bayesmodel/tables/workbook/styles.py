"""Look: the formats of cells, and the marks of what was not simply observed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from math import ceil
from typing import TYPE_CHECKING, Any, Literal

from bayesmodel.data import Status
from bayesmodel.study import Label
from bayesmodel.tables.columns import Form

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.format import Format

CellForm = Form | Literal["name", "change", "bounds"]
"""A form of results; a name that may take two lines; a relative difference; a number, or bounds in words."""

NUMBERS: Mapping[CellForm, str] = {
    "text": "@",
    "name": "@",
    "year": "0",
    "count": "#,##0",
    "share": "0.0%",
    "points": "+0.0;-0.0;0.0",
    "ratio": "0.00",
    "chance": "0%",
    "decimal": "0.00",
    "change": "+0%;-0%;0%",
    "bounds": "#,##0",
}

LINE, FILLED = 15.0, 1.05
"""Height of a line in points; characters of words in the width of one digit."""

LONGEST = 32_767
"""Characters of UTF-16 in a cell, the most that Excel takes."""
CUT = " [...]"

MARKS: Mapping[str, tuple[str, Label]] = {
    Status.SUPPRESSED: (
        "#E3D9F2",
        Label(
            nl="verborgen: het aantal is klein en niet gepubliceerd; er staan alleen grenzen (van, tot)",
            en="hidden: the count is small and not published; only bounds are given (from, to)",
        ),
    ),
    Status.ROUNDED: (
        "#DDEBF0",
        Label(
            nl="afgerond: het gepubliceerde aantal staat voor een paar aantallen eromheen",
            en="rounded: the published count stands for a few counts around it",
        ),
    ),
    Status.SECONDARY: (
        "#EFE3F2",
        Label(
            nl="verborgen om een ander: niet gepubliceerd om een ander te beschermen; het hoeft niet klein te zijn",
            en="hidden to protect another: not published so that another stays hidden; it need not be small",
        ),
    ),
    Status.MISSING: (
        "#F4E6CC",
        Label(
            nl="niet geleverd: het aantal is onbekend; wat er staat komt uit het model alleen",
            en="not delivered: the count is not known; what is given comes from the model alone",
        ),
    ),
}
"""Fill and meaning per status; the status stands in words in a column of its own, so that colour is never alone."""


def height(texts: Sequence[str], widths: Sequence[float]) -> float:
    """Return the height of a row, in points, in which wrapped texts fit: not every program works it out itself.

    Examples
    --------
    >>> height(["short", "a text of two lines, as the column is narrow"], [20, 25])
    30.0
    """
    lines = (
        sum(max(1, ceil(len(line) / (FILLED * width))) for line in text.split("\n"))
        for text, width in zip(texts, widths, strict=True)
    )
    return LINE * max(lines)


def fitting(text: str) -> str:
    """Return a text as a cell can hold it: one that is too long is cut, with a mark where.

    Examples
    --------
    >>> fitting("Zee"), len(fitting("a" * 40_000)), fitting("a" * 40_000)[-7:]
    ('Zee', 32767, 'a [...]')
    """
    if 2 * len(text) <= LONGEST:
        return text
    units = text.encode("utf-16-le", "surrogatepass")
    if len(units) <= 2 * LONGEST:
        return text
    return units[: 2 * (LONGEST - len(CUT))].decode("utf-16-le", "ignore") + CUT


_APART: Mapping[CellForm, dict[str, Any]] = {
    "text": {"align": "left", "indent": 1},
    "name": {"text_wrap": True},
    "bounds": {"align": "right"},
}
_HEADER: dict[str, Any] = {
    "bold": True,
    "font_size": 9,
    "text_wrap": True,
    "valign": "bottom",
    "bg_color": "#EDEDED",
    "top": 1,
}


class Styles:
    """The formats of one workbook, each made once.

    Parameters
    ----------
    book : Workbook
        Of XlsxWriter.
    """

    def __init__(self, book: Workbook) -> None:
        self._format = cache(lambda items: book.add_format(dict(items)))

    def cell(self, form: CellForm, mark: str | None = None) -> Format:
        """Return the format of a value, with the fill of a mark."""
        fill = {"bg_color": MARKS[mark][0], "border": 1, "border_color": "#BFBFBF"} if mark else {}
        return self._of({"num_format": NUMBERS[form], "valign": "top"} | _APART.get(form, {}) | fill)

    def heading(self, form: CellForm) -> Format:
        """Return the format of a heading that stands as its values do: text to the left, numbers to the right."""
        side: dict[str, Any] = (
            {"align": "left", "indent": 1} if form == "text" else {"align": "left" if form == "name" else "right"}
        )
        return self._of(_HEADER | side)

    @property
    def header(self) -> Format:
        """A heading for readers."""
        return self._of(_HEADER)

    @property
    def code(self) -> Format:
        """The name of a column for code, under its heading."""
        return self._of({"font_size": 8, "font_color": "#595959", "bg_color": "#EDEDED", "bottom": 1})

    @property
    def title(self) -> Format:
        """The title of a sheet."""
        return self._of({"bold": True, "font_size": 14})

    @property
    def section(self) -> Format:
        """The title of a part of a sheet."""
        return self._of({"bold": True, "font_size": 12, "top": 1})

    @property
    def text(self) -> Format:
        """Running text."""
        return self._of({"text_wrap": True, "valign": "top"})

    @property
    def name(self) -> Format:
        """What stands before running text."""
        return self._of({"bold": True, "text_wrap": True, "valign": "top"})

    @property
    def warning(self) -> Format:
        """What must not be missed."""
        return self._of({"bold": True, "text_wrap": True, "valign": "top", "bg_color": "#FBE3DC", "border": 2})

    @property
    def link(self) -> Format:
        """A link to another sheet."""
        return self._of({"font_color": "#0B5394", "underline": 1, "valign": "top"})

    def _of(self, properties: dict[str, Any]) -> Format:
        """Return the format with these properties."""
        made: Format = self._format(tuple(sorted(properties.items())))
        return made
