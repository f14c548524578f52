"""Save a picture, with its text alternative in the file; the file is complete or absent."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

from bayesmodel.errors import UnknownNameError
from bayesmodel.files import write_atomic
from bayesmodel.messages import _
from bayesmodel.plots.style import house_style

if TYPE_CHECKING:
    from matplotlib.figure import Figure

METADATA = {"png": "Description", "svg": "Description", "pdf": "Subject"}
"""File formats, and the metadata field for the text alternative."""
DOTS = 200
"""Dots per inch in a PNG: sharp on paper, about 100 kB."""


def save(figure: Figure, path: str | Path, *, dots: int = DOTS) -> Path:
    """Write a picture to a PNG, SVG or PDF file, with its text alternative in the file.

    Parameters
    ----------
    figure : Figure
        As a function of `bayesmodel.plots` returns it.
    path : str or Path
        Its ending selects the format: ``.png``, ``.svg`` or ``.pdf``.
    dots : int
        Dots per inch of a PNG.

    Returns
    -------
    Path
        The file.

    Raises
    ------
    UnknownNameError
        The ending is none of these.
    OutputError
        The file cannot be written; nothing is left behind.

    Examples
    --------
    >>> from bayesmodel import plots, use
    >>> plots.save(plots.forest(use(fit, scale="share")), "wijken.svg")  # doctest: +SKIP
    """
    path, text = Path(path), str(figure.get_label())
    kind = kind_of_file(path)
    content, dates = BytesIO(), {"svg": {"Date": None}, "pdf": {"CreationDate": None}, "png": {}}
    with house_style():
        figure.savefig(content, format=kind, dpi=dots, metadata={METADATA[kind]: text} | dates[kind])
    write_atomic(path, _spoken(content.getvalue().decode("utf-8"), text) if kind == "svg" else content.getvalue())
    return path


def kind_of_file(path: Path) -> str:
    """Return the file format that the ending of a path selects.

    Raises
    ------
    UnknownNameError
        There is no such format.
    """
    kind = path.suffix.lower().removeprefix(".")
    if kind not in METADATA:
        raise UnknownNameError(_("ending of a picture"), path.suffix or _("(none)"), [f".{name}" for name in METADATA])
    return kind


def _spoken(svg: str, text: str) -> str:
    """Return an SVG that a screen reader treats as one image with a description, as WCAG requires."""
    head, tag, rest = svg.partition("<svg ")
    inside, close, content = rest.partition(">")
    return (
        f'{head}{tag}role="img" aria-labelledby="alt" {inside}{close}\n <title id="alt">{escape(text)}</title>{content}'
    )
