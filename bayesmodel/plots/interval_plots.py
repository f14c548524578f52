"""Areas with their intervals: all of them in order (caterpillar), a few by name (forest), or ranked."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from bayesmodel.estimates.estimate import Estimate
from bayesmodel.estimates.lookup import indices_of
from bayesmodel.estimates.rank import Ranks
from bayesmodel.format import probability
from bayesmodel.messages import Language, number
from bayesmodel.plots.axes import Display, axis_text, display_of, no_difference, nobody_lives, question, remark, rows_of
from bayesmodel.plots.canvas import (
    axes_for,
    draw_intervals,
    finish,
    name_rows,
    write_beside,
)
from bayesmodel.plots.style import INK, in_house_style
from bayesmodel.study import Label

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

MARKS = Label(
    nl="Stip: gemiddelde; lijn: interval. De volgorde is niet zeker: intervallen overlappen.",
    en="Mark: mean; line: interval. The order is uncertain: intervals overlap.",
)
ORDER = Label(nl="van laag naar hoog", en="from low to high")
ALT = Label(
    nl="{number} rijen, van {lowest} in {first} tot {highest} in {last}; {hidden} verborgen.",
    en="{number} rows, from {lowest} in {first} to {highest} in {last}; {hidden} hidden.",
)


@in_house_style
def caterpillar(
    estimate: Estimate,
    *,
    highlight: str | Sequence[str] = (),
    axes: Axes | None = None,
    language: Language | None = None,
) -> Figure:
    """Draw any number of areas from the lowest mean to the highest, with intervals, hidden ones marked differently.

    Parameters
    ----------
    estimate : Estimate
        Of areas or groups.
    highlight : str or sequence of str
        Codes or names of areas to label; up to about eight labels stay readable.

    Returns
    -------
    Figure

    Raises
    ------
    UnknownNameError
        There is no area to highlight with that code or name.

    Examples
    --------
    >>> from bayesmodel import use
    >>> from bayesmodel.testing import invented_fit
    >>> picture = caterpillar(use(invented_fit(areas=80), scale="share"), highlight="WK000102")
    >>> picture.axes[0].get_xlabel()
    'wijk, van laag naar hoog'
    """
    display = display_of(estimate, language)
    rows = rows_of(estimate, display)
    absent = nobody_lives(rows, display)
    rows = rows.sort_values("mean", kind="stable")
    named = rows.iloc[
        indices_of([highlight] if isinstance(highlight, str) else highlight, rows["name"], str(rows.index.name))
    ]
    axes = axes_for(axes, 4.2)
    at = np.arange(len(rows))
    crowd = min(1.0, 60 / len(rows))
    draw_intervals(axes, at, rows, display, along="y", size=1.6 + 2.9 * crowd, alpha=0.3 + 0.7 * crowd)
    if (equal := no_difference(estimate, display)) is not None:
        axes.axhline(equal, color=INK, lw=1)
    _name(axes, rows, named)
    axes.set_xticks([])
    axes.set_xlabel(f"{estimate.draws.dims[-1]}, {display.text(ORDER)}")
    axes.set_ylabel(axis_text(estimate, display))
    return finish(
        axes,
        display,
        title=question(estimate, display),
        caption=(remark(estimate, display), display.text(MARKS), absent),
        alt=_alt(rows, display),
        numbers="y",
    )


def _name(axes: Axes, rows: pd.DataFrame, named: pd.DataFrame) -> None:
    """Label areas: above the mark in the lower half, below it in the upper half, so that labels do not cross."""
    at = np.sort(rows.index.get_indexer(named.index))
    low, high = at[at < len(rows) / 2][::-1], at[at >= len(rows) / 2]
    for half, side, end, sign in ((low, "left", "upper", 1), (high, "right", "lower", -1)):
        for nth, position in enumerate(half):
            row = rows.iloc[position]
            axes.annotate(
                str(row["name"]),
                (position, row[end]),
                xytext=(6 * sign, sign * (14 + 11 * (nth % 4))),
                textcoords="offset points",
                ha=side,
                va="center",
                arrowprops={"arrowstyle": "-", "color": INK, "lw": 0.7},
            )


def _alt(rows: pd.DataFrame, display: Display) -> str:
    """Return the number of areas, and the lowest and the highest of them."""
    lowest, highest = rows.iloc[0], rows.iloc[-1]
    return display.text(
        ALT,
        number=len(rows),
        lowest=display.interval(lowest),
        first=lowest["name"],
        highest=display.interval(highest),
        last=highest["name"],
        hidden=int((rows["status"] == "suppressed").sum()),
    )


FOREST_MARKS = Label(nl="Stip: gemiddelde; lijn: interval.", en="Mark: mean; line: interval.")
FOREST_ALT = Label(nl="Per regel: {rows}.", en="Row by row: {rows}.")


@in_house_style
def forest(
    estimate: Estimate, *, ordered: bool = True, axes: Axes | None = None, language: Language | None = None
) -> Figure:
    """Draw areas with their names, each as a mark with its interval; hidden ones have an open mark and a dashed line.

    Parameters
    ----------
    estimate : Estimate
        Of up to about sixty areas or groups; `caterpillar` draws more.
    ordered : bool
        Whether to sort by mean, the highest at the top; otherwise the areas keep their order.

    Returns
    -------
    Figure

    Examples
    --------
    >>> from bayesmodel import use
    >>> from bayesmodel.testing import invented_fit
    >>> picture = forest(use(invented_fit(), scale="share"))
    >>> [text.get_text() for text in picture.axes[0].get_yticklabels()][:2]
    ['Wijk 000202', 'Wijk 000200']
    """
    display = display_of(estimate, language)
    rows = rows_of(estimate, display)
    absent = nobody_lives(rows, display)
    if ordered:
        rows = rows.sort_values("mean", ascending=False, kind="stable")
    axes = axes_for(axes, 1.7 + 0.2 * len(rows))
    draw_intervals(axes, np.arange(len(rows)), rows, display)
    if (equal := no_difference(estimate, display)) is not None:
        axes.axvline(equal, color=INK, lw=1)
    name_rows(axes, rows["name"].tolist())
    axes.set_xlabel(axis_text(estimate, display))
    return finish(
        axes,
        display,
        title=question(estimate, display),
        caption=(remark(estimate, display), display.text(FOREST_MARKS), absent),
        alt=display.text(FOREST_ALT, rows=display.listed(rows)),
        numbers="x",
    )


TITLE = Label(
    nl="Op welke plaats staat elk ervan, en hoe zeker is dat?", en="Where does each rank, and how certain is it?"
)
AXIS = Label(nl="plaats (1 is de hoogste van {areas})", en="rank (1 is the highest of {areas})")
RANKS_MARKS = Label(
    nl="Stip: de verwachte plaats; lijn: het interval van de plaats. Rechts de kans om bij de {highest} hoogste te "
    "horen. Wat overlappende lijnen heeft, is niet te ordenen.",
    en="Mark: the expected rank; line: the interval of the rank. On the right, the probability of being among the "
    "{highest} highest. Lines that overlap cannot be put in order.",
)
TOP = Label(nl="kans op\ntop {highest}", en="chance of\ntop {highest}")
SHOWN = Label(nl="Getoond: de {shown} hoogste van {areas}.", en="Shown: the {shown} highest of {areas}.")


@in_house_style
def ranks(
    result: Ranks,
    *,
    shown: int = 30,
    highest: int = 10,
    axes: Axes | None = None,
    language: Language | None = None,
) -> Figure:
    """Draw the areas with the highest expected rank, each with the interval of its rank.

    Parameters
    ----------
    result : Ranks
        Of `rank`.
    shown : int
        How many areas are drawn.
    highest : int
        Each row gives the probability of being among this many highest areas.

    Returns
    -------
    Figure

    Examples
    --------
    >>> from bayesmodel import rank
    >>> from bayesmodel.testing import invented_fit
    >>> ranks(rank(invented_fit()), language="en").axes[0].get_xlabel()
    'rank (1 is the highest of 7)'
    """
    display = display_of(result.estimate, language)
    total = len(result.names)
    rows = rows_of(result.estimate, display).sort_values("mean", kind="stable").head(shown)
    highest = min(highest, total)
    among = result.p_among(highest)
    axes = axes_for(axes, 1.9 + 0.2 * len(rows))
    draw_intervals(axes, np.arange(len(rows)), rows, display)
    chances = [probability(among[code], display.language) for code in rows.index]
    write_beside(axes, display.text(TOP, highest=highest), chances)
    name_rows(axes, rows["name"].tolist())
    axes.set_xlim(left=1 - 0.02 * float(rows["upper"].max()))
    areas = number(total, ",", display.language)
    axes.set_xlabel(display.text(AXIS, areas=areas))
    part = (display.text(SHOWN, shown=len(rows), areas=areas),) if len(rows) < total else ()
    return finish(
        axes,
        display,
        title=display.text(TITLE),
        caption=(*part, display.text(RANKS_MARKS, highest=highest)),
        alt=display.text(FOREST_ALT, rows=display.listed(rows)),
        numbers="x",
    )
