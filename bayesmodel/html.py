"""Pieces of html with which objects show themselves in a notebook; all text is escaped, no colour stands alone."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterable, Mapping
from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

ROWS = 10
"""Rows of a table that are shown; the middle ones of a longer table are left out."""


def page(title: str, *pieces: str) -> str:
    """Return pieces under a title.

    Examples
    --------
    >>> page("Study <small>", "<p>text</p>")
    '<div><p><strong>Study &lt;small&gt;</strong></p><p>text</p></div>'
    """
    return f"<div><p><strong>{escape(title)}</strong></p>{''.join(pieces)}</div>"


def facts(lines: Mapping[str, object]) -> str:
    """Return names with what belongs to them, as a table with a heading in each row.

    Examples
    --------
    >>> facts({"areas": 8})
    '<table><tbody><tr><th scope="row">areas</th><td>8</td></tr></tbody></table>'
    """
    rows = "".join(
        f'<tr><th scope="row">{escape(name)}</th><td>{escape(str(value))}</td></tr>' for name, value in lines.items()
    )
    return f"<table><tbody>{rows}</tbody></table>"


def bullets(texts: Iterable[str]) -> str:
    """Return texts as a list, or nothing when there are none.

    Examples
    --------
    >>> bullets(["a & b"]), bullets([])
    ('<ul><li>a &amp; b</li></ul>', '')
    """
    items = "".join(f"<li>{escape(text)}</li>" for text in texts)
    return f"<ul>{items}</ul>" if items else ""


def frame(table: pd.DataFrame, rows: int = ROWS) -> str:
    """Return a table of data, its first and last rows when it is long; names of several lines are put on one."""
    index = table.index.map(lambda name: " ".join(name.split()) if isinstance(name, str) else name)
    index.names = table.index.names
    return str(table.set_axis(index).to_html(max_rows=rows, na_rep=""))


def preformatted(text: str) -> str:
    """Return text in lines as they are, such as equations.

    Examples
    --------
    >>> preformatted("y < n")
    '<pre>y &lt; n</pre>'
    """
    return f"<pre>{escape(text)}</pre>"


def embedded(content: bytes, kind: str, alt: str, of_class: str = "") -> str:
    """Return a picture inside the page, with its text alternative.

    Parameters
    ----------
    content : bytes
    kind : str
        Such as ``png``, or ``svg+xml``.
    alt : str
    of_class : str
        For a style sheet.

    Examples
    --------
    >>> embedded(b"", "png", "a & b")
    '<img alt="a &amp; b" src="data:image/png;base64,">'
    """
    named = f'class="{escape(of_class)}" ' if of_class else ""
    return f'<img {named}alt="{escape(alt)}" src="data:image/{kind};base64,{b64encode(content).decode()}">'
