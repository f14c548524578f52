"""Save a picture with its text alternative inside, whole or not at all."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

from bayesmodel.errors import OutputError, UnknownNameError
from bayesmodel.outputs.plots.look import in_the_look

if TYPE_CHECKING:
    from matplotlib.figure import Figure

METADATA = {"png": "Description", "svg": "Description", "pdf": "Subject"}
"""Kinds of file, and where each keeps the text alternative."""
DOTS = 200
"""Per inch in a PNG: sharp on paper, and about 100 kB."""


@in_the_look
def save(figure: Figure, path: str | Path) -> Path:
    """Write a picture to a PNG, SVG or PDF file, with its text alternative in the file.

    Parameters
    ----------
    figure : Figure
        As a function of `bayesmodel.plots` gives it.
    path : str or Path
        Its ending says which kind of file.

    Returns
    -------
    Path
        The file.

    Raises
    ------
    UnknownNameError
        The ending is none of those.
    OutputError
        The file cannot be written; nothing is left behind.

    Examples
    --------
    >>> from bayesmodel import plots, use
    >>> plots.save(plots.forest(use(fit, scale="share")), "wijken.svg")  # doctest: +SKIP
    """
    path, text = Path(path), str(figure.get_label())
    kind = path.suffix.lower().removeprefix(".")
    if kind not in METADATA:
        raise UnknownNameError("kind of picture", path.suffix or "(no ending)", [f".{name}" for name in METADATA])
    dates = {"svg": {"Date": None}, "pdf": {"CreationDate": None}, "png": {}}
    try:
        with TemporaryDirectory(dir=path.parent, prefix=f".{path.name}-") as scratch:
            draft = Path(scratch) / path.name
            figure.savefig(draft, format=kind, dpi=DOTS, metadata={METADATA[kind]: text} | dates[kind])
            if kind == "svg":
                draft.write_text(_spoken(draft.read_text(encoding="utf-8"), text), encoding="utf-8")
            draft.replace(path)
    except OSError as error:
        raise OutputError(
            f"The picture could not be written to {path}: {error.strerror or error}. Nothing was left behind."
        ) from error
    return path


def _spoken(svg: str, text: str) -> str:
    """Return an SVG that a screen reader reads as one image with a description, as WCAG asks."""
    head, tag, rest = svg.partition("<svg ")
    inside, close, content = rest.partition(">")
    return (
        f'{head}{tag}role="img" aria-labelledby="alt" {inside}{close}\n <title id="alt">{escape(text)}</title>{content}'
    )
