"""What is in the data of a study, for the eye: rows, counts and symbols, levels, determinants, what is left out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from textwrap import fill

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from rich.box import SIMPLE_HEAD
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from bayesmodel.counts import Counts, Status
from bayesmodel.errors import SHOWN
from bayesmodel.messages import _, language, number
from bayesmodel.outputs.words import STATUSES

BARS = "▁▂▃▄▅▆▇█"
BINS = 16
ALIKE = 0.95
"""Correlation from which two determinants tell nearly the same."""


@dataclass(frozen=True)
class Section:
    """A part of the report: lines, and a table where there is one.

    Parameters
    ----------
    title : str
        Its heading.
    lines : sequence of str
        Sentences.
    columns : sequence of str
        Headings of the table; the first column is text, the others are numbers or pictures.
    rows : sequence of sequence of str
        The table.
    """

    title: str
    lines: Sequence[str] = ()
    columns: Sequence[str] = ()
    rows: Sequence[Sequence[str]] = ()


def data_report(counts: Counts) -> list[Section]:
    """Describe the data of a study.

    Parameters
    ----------
    counts : Counts
        The interpreted counts, with their areas.

    Returns
    -------
    list of Section
        What was read, counts, levels, determinants, what deserves a look, what is left out.
    """
    sections = [
        Section(_("What was read"), counts.areas.notes),
        _counts(counts),
        _levels(counts),
        _determinants(counts),
        Section(_("Worth a look"), _remarks(counts)),
        _left_out(counts),
    ]
    return [section for section in sections if section.lines or section.rows]


def picture(values: NDArray[np.float64]) -> str:
    """Return a small histogram: a bar for each of 16 equal parts of the range, as high as the number in it.

    Examples
    --------
    >>> picture(np.array([0.0, 0.0, 0.0, 0.0, 1.0, 2.0]))
    '█       ▃      ▃'
    """
    known = values[np.isfinite(values)]
    if not len(known):
        return ""
    sizes = np.histogram(known, bins=BINS)[0]
    heights = np.ceil(sizes / sizes.max() * (len(BARS) - 1)).astype(int)
    return "".join(BARS[height] if size else " " for height, size in zip(heights, sizes, strict=True))


def for_terminal(sections: Sequence[Section]) -> RenderableType:
    """Return the report as something rich can print."""
    parts: list[RenderableType] = []
    for section in sections:
        parts += ["", Text(section.title, style="bold"), *(Text(f"- {line}") for line in section.lines)]
        if section.rows:
            table = Table(box=SIMPLE_HEAD, pad_edge=False)
            for place, heading in enumerate(section.columns):
                # a heading is broken between its words and a number never; what gives way is the name in front
                width = max(len(word) for word in (*heading.split(), *(row[place] for row in section.rows)))
                broken = fill(heading, width, break_long_words=False)
                table.add_column(broken, justify="right" if place else "left", no_wrap=place > 0, overflow="fold")
            for row in section.rows:
                table.add_row(*map(Text, row))
            parts.append(table)
    return Group(*parts)


def as_markdown(title: str, sections: Sequence[Section]) -> str:
    """Return the report as Markdown, which reads as plain text too."""
    lines = [f"# {title}"]
    for section in sections:
        lines += ["", f"## {section.title}", "", *(f"- {line}" for line in section.lines)]
        if section.rows:
            rule = ["---", *["---:"] * (len(section.columns) - 1)]
            lines += ["", *(f"| {' | '.join(row)} |" for row in (section.columns, rule, *section.rows))]
    return "\n".join(lines) + "\n"


def _counts(counts: Counts) -> Section:
    """Tabulate areas, people and bounds of the total count per status, and picture the shares that are shown."""
    rows = []
    for status in np.unique(counts.status):
        those = counts.status == status
        sizes = (those.sum(), counts.population[those].sum(), counts.lower[those].sum(), counts.upper[those].sum())
        rows.append((STATUSES[str(status)][language()], *map(number, sizes)))
    headings = (_("status"), _("areas"), _("people"), _("count, at least"), _("at most"))
    lines = list(counts.notes)
    shown = np.isin(counts.status, [Status.EXACT, Status.ROUNDED]) & (counts.population > 0)
    if shown.any():
        share = (counts.lower + counts.upper)[shown] / 2 / counts.population[shown]
        said = _("share of people, where a count is shown: {low} to {high}, median {middle}  {picture}")
        low, middle, high = (number(float(np.quantile(share, q)), ".1%") for q in (0, 0.5, 1))
        lines.append(said.format(low=low, high=high, middle=middle, picture=picture(share)))
    return Section(_("Counts"), lines, headings, rows)


def _levels(counts: Counts) -> Section:
    """Tabulate the groups of each level and how many areas they hold."""
    rows = []
    for name, codes in counts.areas.levels.items():
        sizes = codes.value_counts().to_numpy()
        median = number(float(np.median(sizes)), ".1f" if np.median(sizes) % 1 else ",.0f")
        ends = number(int(sizes.min())), median, number(int(sizes.max())), number(int((sizes == 1).sum()))
        rows.append((str(name), number(len(sizes)), *ends))
    headings = (_("level"), _("groups"), _("fewest areas"), _("median"), _("most areas"), _("of one area"))
    return Section(_("Levels"), (), headings, rows)


def _determinants(counts: Counts) -> Section:
    """Tabulate what is known of each determinant, with its distribution."""
    rows = []
    for name, values in counts.areas.determinants.items():
        known = values.dropna()
        spread = (known.min(), known.median(), known.max())
        missing = number(len(values) - len(known))
        figures = (number(float(each), ",.0f" if abs(each) >= 1000 else ".4g") for each in spread)
        rows.append((str(name), missing, *figures, picture(values.to_numpy(dtype=float))))
    headings = (_("determinant"), _("not known"), _("least"), _("median"), _("most"), _("distribution"))
    return Section(_("Determinants"), (), headings, rows)


def _remarks(counts: Counts) -> list[str]:
    """Say what is no fault and may still not be meant."""
    determinants, remarks = counts.areas.determinants, list[str]()
    gaps = determinants.isna().mean()
    for name, share in gaps[gaps > 1 / 3].items():
        said = _("{column} is not known in {percent} of the areas")
        remarks.append(said.format(column=name, percent=number(float(share), ".0%")))
    related = determinants.corr().abs()
    for first, second in combinations(determinants.columns, 2):
        size = float(related[first][second])
        if size >= ALIKE:
            said = _("{first} and {second} tell nearly the same (correlation {size})")
            remarks.append(said.format(first=first, second=second, size=number(size, ".2f")))
    hidden = np.isin(counts.status, [Status.SUPPRESSED, Status.MISSING])
    if len(counts) and hidden.mean() > 1 / 2:
        remarks.append(_("in more than half of the areas no count is shown"))
    names = counts.areas.names
    twice = names[names.duplicated(keep=False)]
    if len(twice):
        said = _("{number} areas have a name that another has too, such as {name}; codes tell them apart")
        remarks.append(said.format(number=number(len(twice)), name=twice.iloc[0]))
    return remarks


def _left_out(counts: Counts) -> Section:
    """List the areas that are left out, with the reason."""
    left_out: pd.DataFrame = counts.areas.left_out
    lines = [_("{number} areas are left out").format(number=number(len(left_out)))] if len(left_out) > SHOWN else []
    rows = [(str(code), str(row["name"]), str(row["reason"])) for code, row in left_out.head(SHOWN).iterrows()]
    return Section(_("Left out"), lines, (_("area"), _("name"), _("reason")), rows)
