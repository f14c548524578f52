"""The data of a study as a report: rows, counts and symbols, levels, determinants, areas left out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from rich.console import Group, RenderableType
from rich.text import Text

from bayesmodel.cli.terminal_table import TerminalTable
from bayesmodel.data import Counts, Status
from bayesmodel.data.published_windows import larger_in_words, published_windows, window_in_words
from bayesmodel.data.totals import pooled_unplaced_share, unplaced_shares, usable_totals
from bayesmodel.errors import SHOWN
from bayesmodel.messages import _, language, number
from bayesmodel.tables.display import STATUSES

BARS = "▁▂▃▄▅▆▇█"
BINS = 16
MOST = 10
"""Most totals of groups to show."""


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
        Headings of the table.
    rows : sequence of sequence of str
        The table.
    words : int
        How many columns from the left are text; the others are numbers or small histograms.
    """

    title: str
    lines: Sequence[str] = ()
    columns: Sequence[str] = ()
    rows: Sequence[Sequence[str]] = ()
    words: int = 1


def data_report(counts: Counts) -> list[Section]:
    """Describe the data of a study.

    Parameters
    ----------
    counts : Counts
        The interpreted counts, with their areas.

    Returns
    -------
    list of Section
        What was read, counts, what a published value stands for, what narrows them, levels, totals of groups,
        determinants, what deserves
        a look, what is left out.
    """
    sections = [
        Section(_("What was read"), counts.areas.notes),
        _counts(counts),
        _windows(counts),
        _narrowed(counts),
        _levels(counts),
        _totals(counts),
        _determinants(counts),
        Section(_("Worth a look"), [str(remark) for remark in counts.remarks]),
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
    """Return the report as a rich renderable."""
    parts: list[RenderableType] = []
    for section in sections:
        parts += ["", Text(section.title, style="bold"), *(Text(f"- {line}") for line in section.lines)]
        if section.rows:
            parts.append(TerminalTable("", section.columns, section.rows, section.words))
    return Group(*parts)


def as_markdown(title: str, sections: Sequence[Section]) -> str:
    """Return the report as Markdown."""
    lines = [f"# {title}"]
    for section in sections:
        lines += ["", f"## {section.title}", "", *(f"- {line}" for line in section.lines)]
        if section.rows:
            rule = ["---", *["---:"] * (len(section.columns) - 1)]
            lines += ["", *(f"| {' | '.join(row)} |" for row in (section.columns, rule, *section.rows))]
    return "\n".join(lines) + "\n"


def _counts(counts: Counts) -> Section:
    """Tabulate areas, people and bounds of the total count per status, with a histogram of the shown shares."""
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
        message = _("share of people, where a count is shown: {low} to {high}, median {median}  {picture}")
        low, median, high = (number(float(np.quantile(share, q)), ".1%") for q in (0, 0.5, 1))
        lines.append(message.format(low=low, high=high, median=median, picture=picture(share)))
    return Section(_("Counts"), lines, headings, rows)


def _windows(counts: Counts) -> Section:
    """Tabulate what symbols and the smallest numbers stand for, and how many areas show them."""
    rule, published = counts.study.publication, counts.areas.published.str.replace(r"\.0+$", "", regex=True)
    rows, looked_at = [], (counts.status != Status.ZERO) & ~counts.areas.codes.isin(list(counts.areas.without_count))
    for window in published_windows(rule):
        here = published.isin(window.cells) & looked_at
        rows.append((window.published, window_in_words(window.lower, window.upper), number(int(here.sum()))))
    rows.append((_("larger numbers"), larger_in_words(rule), ""))
    headings = (_("published"), _("stands for"), _("areas"))
    return Section(_("What a published value stands for"), (), headings, rows, words=2)


def _narrowed(counts: Counts) -> Section:
    """Tabulate by what the intervals of counts were narrowed, and how often; nothing where they were not."""
    rows = []
    for by, steps in counts.trail.groupby("by", sort=False) if len(counts.trail) else ():
        of_counts = steps[steps["column"] == counts.study.columns.count]
        rows.append((str(by), number(of_counts["area"].nunique()), number(len(steps))))
    lines = [_("every step, with the interval before and after: bayesmodel check-data STUDY --trail FILE.csv")]
    headings = (_("by"), _("counts narrowed"), _("steps, those of the parts included"))
    return Section(_("Narrowed by what else is published"), lines if rows else (), headings, rows)


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


def _totals(counts: Counts) -> Section:
    """Tabulate the published totals of groups and the sums over their areas, largest share in no area first."""
    totals = counts.totals[counts.totals["lower"].notna()] if len(counts.totals) else counts.totals
    if totals.empty:
        return Section(_("Totals of groups"))
    area, areas = counts.study.area, counts.study.areas_label[language()]
    shares = unplaced_shares(totals)
    order = shares.mean(axis=1).sort_values(ascending=False, kind="stable").index
    lines = [
        _("in no {area}: {share} of {level}, over {number} totals").format(
            area=area,
            level=level,
            share=number(pooled_unplaced_share(usable_totals(rows)), ".1%"),
            number=number(len(rows)),
        )
        for level, rows in totals.groupby("level", sort=False)
        if len(usable_totals(rows))
    ]
    if len(totals) > MOST:
        lines.append(_("shown are the {number} with the largest share").format(number=number(MOST)))
    rows = []
    for group in order[:MOST]:
        row, share = totals.loc[group], shares.loc[group]
        placed = row[["placed_lower", "placed_upper"]].to_numpy() + row[["aside_lower", "aside_upper"]].to_numpy()
        bounds = (row["lower"], row["upper"]), tuple(placed)
        sizes = [_between(low, high, ",.0f") for low, high in bounds]
        name = f"{row['name']} ({row['code']})" if row["name"] != row["code"] else str(row["code"])
        rows.append((name, *sizes, _between(share["lower"], share["upper"], ".1%")))
    headings = (_("group"), _("its total"), _("its {areas} together").format(areas=areas), _("in none"))
    return Section(_("Totals of groups"), lines, headings, rows)


def _between(low: float, high: float, form: str) -> str:
    """Return two bounds, or one number if they are the same as shown."""
    ends = number(float(low), form), number(float(high), form)
    return ends[0] if ends[0] == ends[1] else f"{ends[0]} .. {ends[1]}"


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


def _left_out(counts: Counts) -> Section:
    """List the areas that are left out, with the reason."""
    left_out: pd.DataFrame = counts.areas.left_out
    lines = [_("{number} areas are left out").format(number=number(len(left_out)))] if len(left_out) > SHOWN else []
    rows = [(str(code), str(row["name"]), str(row["reason"])) for code, row in left_out.head(SHOWN).iterrows()]
    return Section(_("Left out"), lines, (_("area"), _("name"), _("reason")), rows, words=3)
