"""One page of checks: self-contained html, in Dutch or English, with pictures that carry their text alternative."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from bayesmodel import __version__, html
from bayesmodel.files import write_atomic
from bayesmodel.messages import Language
from bayesmodel.study import Label

if TYPE_CHECKING:
    from matplotlib.figure import Figure

DOTS = 130
MADE = Label(nl="Gemaakt met bayesmodel {version}.", en="Made by bayesmodel {version}.")
CONTENTS = Label(nl="Inhoud", en="Contents")
STYLE = (
    "body{font:16px/1.5 system-ui,sans-serif;max-width:52rem;margin:2rem auto;padding:0 1rem;color:#262626}"
    "h1{font-size:1.6rem}h2{font-size:1.25rem;margin-top:2.5rem}"
    "img{max-width:100%;height:auto}.wide{overflow-x:auto}"
    "table{border-collapse:collapse;font-size:.85rem}th,td{padding:.2rem .6rem;text-align:right;"
    "border-bottom:1px solid #c9c9c9}th{text-align:left}pre{white-space:pre-wrap}"
)


@dataclass(frozen=True, eq=False)
class Section:
    """A part of a page.

    Parameters
    ----------
    heading : str
    texts : sequence of str
        As a list.
    tables : sequence of DataFrame
        Whole.
    pictures : sequence of Figure
        With their text alternative as label.
    """

    heading: str
    texts: Sequence[str] = ()
    tables: Sequence[pd.DataFrame] = ()
    pictures: Sequence[Figure] = ()


def page_of(title: str, sections: Sequence[Section], language: Language) -> str:
    """Return a page of html that needs no other file.

    Parameters
    ----------
    title : str
    sections : sequence of Section
    language : {"nl", "en"}

    Returns
    -------
    str

    Examples
    --------
    >>> page = page_of("Checks", [Section("Coverage", ["90 of 100"])], "en")
    >>> "<li>90 of 100</li>" in page, page.startswith("<!doctype html>")
    (True, True)
    """
    contents = "".join(
        f'<li><a href="#part-{nth}">{escape(section.heading)}</a></li>' for nth, section in enumerate(sections)
    )
    body = "".join(_section(nth, section) for nth, section in enumerate(sections))
    return (
        f'<!doctype html>\n<html lang="{language}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)}</title><style>{STYLE}</style></head><body><main><h1>{escape(title)}</h1>"
        f'<nav aria-label="{CONTENTS[language]}"><ul>{contents}</ul></nav>{body}'
        f"<p><small>{escape(MADE[language].format(version=__version__))}</small></p></main></body></html>\n"
    )


def write_page(path: str | Path, title: str, sections: Sequence[Section], language: Language) -> Path:
    """Write a page, whole or not at all; `OutputError` when it cannot be written.

    Parameters
    ----------
    path : str or Path
    title : str
    sections : sequence of Section
    language : {"nl", "en"}

    Returns
    -------
    Path
        The file.
    """
    write_atomic(Path(path), page_of(title, sections, language))
    return Path(path)


def _section(nth: int, section: Section) -> str:
    """Return a section under its heading."""
    tables = "".join(f'<div class="wide">{html.frame(table, len(table) + 1)}</div>' for table in section.tables)
    pictures = "".join(map(image, section.pictures))
    heading = f'<h2 id="part-{nth}">{escape(section.heading)}</h2>'
    return f"<section>{heading}{html.bullets(section.texts)}{pictures}{tables}</section>"


def image(picture: Figure) -> str:
    """Return a picture as html that holds it, with its text alternative."""
    content = BytesIO()
    picture.savefig(content, format="png", dpi=DOTS)
    held = b64encode(content.getvalue()).decode()
    return f'<p><img alt="{escape(str(picture.get_label()))}" src="data:image/png;base64,{held}"></p>'
