"""A self-contained html page of checks, in Dutch or English, whose pictures have a text alternative."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from bayesmodel import __version__, html
from bayesmodel.files import write_atomic
from bayesmodel.messages import Language
from bayesmodel.study import Label
from bayesmodel.theme import theme

if TYPE_CHECKING:
    from matplotlib.figure import Figure

DOTS, FAST = 130, 3
"""Dots per inch of pictures, and how hard they are compressed: half the time of the usual 6, a tenth larger."""
MADE = Label(nl="Gemaakt met bayesmodel {version}.", en="Made by bayesmodel {version}.")
CONTENTS = Label(nl="Inhoud", en="Contents")
STYLE = (
    "body{font:16px/1.5 var(--font);max-width:52rem;margin:2rem auto;padding:0 1rem;color:#262626}"
    "h1,h2,a{color:var(--accent)}h1{font-size:1.6rem}h2{font-size:1.25rem;margin-top:2.5rem}"
    "img{max-width:100%;height:auto}.logo{float:right;max-width:30%;max-height:4rem;margin-left:1rem}"
    ".wide{overflow:auto;margin-top:1rem}"
    "table{border-collapse:collapse;border:0;font-size:.85rem}th,td{padding:.2rem .6rem;text-align:right;border:0;"
    "border-bottom:1px solid #c9c9c9}th{text-align:left}thead th{border-bottom:2px solid var(--accent)}"
    ".facts table{font-size:1rem}.facts td{text-align:left}.facts th{width:11rem}th,td{vertical-align:top}"
    "pre{white-space:pre-wrap;font-size:.85rem;background:#f5f5f5;padding:.6rem}"
    "@page{size:A4;margin:1.8cm;@bottom-right{content:counter(page) ' / ' counter(pages);font:8pt var(--font)}}"
    "@media print{body{max-width:none;margin:0;padding:0;font-size:10pt}nav{display:none}h2{margin-top:1.2rem;"
    "break-after:avoid}tr,img{break-inside:avoid}img{max-height:11.5cm}.wide{overflow:visible}table{font-size:.8rem}}"
)
"""Style sheet of a page; colours and letters are those of the theme."""


@dataclass(frozen=True, eq=False)
class Section:
    """A part of a page.

    Parameters
    ----------
    heading : str
    texts : sequence of str
        Shown as a list.
    facts : mapping of str to str
        Texts by name.
    preformatted : str
        Text whose line breaks are kept, such as equations.
    tables : sequence of DataFrame
        Shown in full.
    pictures : sequence of Figure
        Their label is the text alternative.
    """

    heading: str
    texts: Sequence[str] = ()
    tables: Sequence[pd.DataFrame] = ()
    pictures: Sequence[Figure] = ()
    facts: Mapping[str, str] = field(default_factory=dict)
    preformatted: str = ""


def page_of(title: str, sections: Sequence[Section], language: Language, css: str = "") -> str:
    """Return a self-contained html page in the theme of now.

    Parameters
    ----------
    title : str
    sections : sequence of Section
    language : {"nl", "en"}
    css : str
        Rules of a page with a layout of its own, which has no contents.

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
    nav = "" if css else f'<nav aria-label="{CONTENTS[language]}"><ul>{contents}</ul></nav>'
    body = "".join(_section(nth, section) for nth, section in enumerate(sections))
    return (
        f'<!doctype html>\n<html lang="{language}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)}</title><style>{theme().css}{STYLE}{css}</style></head>"
        f"<body><main>{theme().image}<h1>{escape(title)}</h1>{nav}{body}"
        f"<p><small>{escape(MADE[language].format(version=__version__))}</small></p></main></body></html>\n"
    )


def markdown_of(title: str, sections: Sequence[Section], language: Language) -> str:
    """Return a page as Markdown, with the text alternative of each picture instead of the picture.

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
    >>> print(markdown_of("Checks", [Section("Coverage", ["90 of 100"])], "en").splitlines()[4])
    - 90 of 100
    """
    parts = [f"# {_marked(title)}"]
    for section in sections:
        parts += [f"## {_marked(section.heading)}", *_markdown_parts(section)]
    return "\n\n".join([*parts, MADE[language].format(version=__version__)]) + "\n"


def _markdown_parts(section: Section) -> Iterator[str]:
    """Yield the blocks of a section."""
    if section.facts:
        yield "\n".join(f"- **{_marked(name)}**: {_marked(text)}" for name, text in section.facts.items())
    if section.texts:
        yield "\n".join(f"- {_marked(text)}" for text in section.texts)
    if section.preformatted:
        yield f"```text\n{section.preformatted}\n```"
    for picture in section.pictures:
        yield _marked(str(picture.get_label()))
    for table in section.tables:
        named = table.reset_index().astype(str)
        rows = [list(map(str, named.columns)), ["---"] * named.shape[1], *named.to_numpy().tolist()]
        yield "\n".join(f"| {' | '.join(map(_marked, cells))} |" for cells in rows)


def _marked(text: str) -> str:
    """Return a text on one line, with Markdown escaped except code."""
    return re.sub(r"([\\*_|<>\[\]])(?=[^`]*(?:`[^`]*`[^`]*)*$)", r"\\\1", " ".join(text.split()))


def write_page(path: str | Path, title: str, sections: Sequence[Section], language: Language) -> Path:
    """Write a page atomically; `OutputError` if it cannot be written.

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
    """Return the html of a section."""
    facts = f'<div class="facts">{html.facts(section.facts)}</div>' if section.facts else ""
    body_text = re.sub(r"`([^`<>]+)`", r"<code>\1</code>", facts + html.bullets(section.texts))
    lines = html.preformatted(section.preformatted) if section.preformatted else ""
    tables = "".join(map(table_of, section.tables))
    pictures = "".join(map(image, section.pictures))
    heading = f'<h2 id="part-{nth}">{escape(section.heading)}</h2>'
    return f"<section>{heading}{body_text}{lines}{pictures}{tables}</section>"


def table_of(table: pd.DataFrame) -> str:
    """Return the html of a full table, with the name of its index in the header row; a keyboard can scroll it sideways.

    It has no styles of its own, which a content security policy would forbid.
    """
    if table.index.nlevels == 1:
        table = table.set_axis(table.index.rename(None)).rename_axis(columns=str(table.index.name or ""))
    plain = (
        html.frame(table, len(table) + 1).replace(' style="text-align: right;"', "").replace("<th></th>", "<td></td>")
    )
    return f'<div class="wide" tabindex="0">{plain}</div>'


def image(picture: Figure) -> str:
    """Return the html of an embedded picture, with its text alternative."""
    content = BytesIO()
    picture.savefig(content, format="png", dpi=DOTS, pil_kwargs={"compress_level": FAST})
    return f"<p>{html.embedded(content.getvalue(), 'png', str(picture.get_label()))}</p>"
