"""Caterpillar: all areas in the order of their mean, each with its interval."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from bayesmodel.estimates.estimate import Estimate
from bayesmodel.estimates.selection import places
from bayesmodel.messages import Language
from bayesmodel.outputs.plots.canvas import Words, axes_for, finish, legend, write_numbers
from bayesmodel.outputs.plots.caption import interval_sentence
from bayesmodel.outputs.plots.intervals import draw_intervals
from bayesmodel.outputs.plots.look import INK, in_the_look
from bayesmodel.outputs.plots.reading import Reading, axis_text, no_difference, question, reading_of, remark, rows_of
from bayesmodel.study import Label

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

MARKS = Label(
    nl="Elk gebied een stip (gemiddelde) en een lijn (interval). De volgorde is niet zeker: intervallen overlappen.",
    en="Each area a mark (mean) and a line (interval). The order is not certain: intervals overlap.",
)
ORDER = Label(nl="van laag naar hoog", en="from low to high")
ALT = Label(
    nl="{number} gebieden, van {lowest} in {first} tot {highest} in {last}; {hidden} verborgen.",
    en="{number} areas, from {lowest} in {first} to {highest} in {last}; {hidden} hidden.",
)


@in_the_look
def caterpillar(
    estimate: Estimate,
    *,
    highlight: str | Sequence[str] = (),
    axes: Axes | None = None,
    language: Language | None = None,
) -> Figure:
    """Draw any number of areas from the lowest mean to the highest, each with its interval, hidden ones apart.

    Parameters
    ----------
    estimate : Estimate
        Of areas or groups.
    highlight : str or sequence of str
        Codes or names to write in the picture; up to about eight stay readable.
    axes : Axes, optional
        Where to draw; a new picture when left out.
    language : {"nl", "en"}, optional
        The study's when left out.

    Returns
    -------
    Figure

    Raises
    ------
    UnknownNameError
        There is no area to highlight with such a code.
    MissingFeatureError
        matplotlib is not installed.

    Examples
    --------
    >>> from bayesmodel import use
    >>> from bayesmodel.testing import invented_fit
    >>> picture = caterpillar(use(invented_fit(areas=80), scale="share"), highlight="WK000102")
    >>> picture.axes[0].get_xlabel()
    'wijk, van laag naar hoog'
    """
    reading = reading_of(estimate, language)
    rows = rows_of(estimate, reading).sort_values("mean", kind="stable")
    named = rows.iloc[
        places([highlight] if isinstance(highlight, str) else highlight, rows["name"], str(rows.index.name))
    ]
    axes = axes_for(axes, 4.2)
    at = np.arange(len(rows))
    crowd = min(1.0, 60 / len(rows))
    draw_intervals(axes, at, rows, reading.language, along="y", size=1.6 + 2.9 * crowd, alpha=0.3 + 0.7 * crowd)
    if (equal := no_difference(estimate, reading)) is not None:
        axes.axhline(equal, color=INK, lw=1)
    _name(axes, rows, named)
    axes.set_xticks([])
    axes.set_xlabel(f"{estimate.draws.dims[-1]}, {ORDER[reading.language]}")
    axes.set_ylabel(axis_text(estimate, reading))
    write_numbers(axes, "y", reading.language)
    legend(axes)
    caption = (remark(estimate, reading), MARKS[reading.language], interval_sentence(estimate.study, reading.language))
    words = Words(question(estimate, reading), caption, _alt(rows, reading))
    return finish(axes, reading.about, words)


def _name(axes: Axes, rows: pd.DataFrame, named: pd.DataFrame) -> None:
    """Write names beside their mark: of the lower half above it, of the upper half below, so that no two cross."""
    at = np.sort(rows.index.get_indexer(named.index))
    low, high = at[at < len(rows) / 2][::-1], at[at >= len(rows) / 2]
    for half, side, end, away in ((low, "left", "upper", 1), (high, "right", "lower", -1)):
        for number, place in enumerate(half):
            row = rows.iloc[place]
            axes.annotate(
                str(row["name"]),
                (place, row[end]),
                xytext=(6 * away, away * (14 + 11 * (number % 4))),
                textcoords="offset points",
                ha=side,
                va="center",
                arrowprops={"arrowstyle": "-", "color": INK, "lw": 0.7},
            )


def _alt(rows: pd.DataFrame, reading: Reading) -> str:
    """Return how many areas there are and where the lowest and the highest lie."""
    lowest, highest = rows.iloc[0], rows.iloc[-1]
    return ALT[reading.language].format(
        number=len(rows),
        lowest=reading.interval(lowest),
        first=lowest["name"],
        highest=reading.interval(highest),
        last=highest["name"],
        hidden=int((rows["status"] == "suppressed").sum()),
    )
