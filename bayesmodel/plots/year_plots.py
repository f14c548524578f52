"""Use over the years: a line with its interval for each area or group."""

from __future__ import annotations

from dataclasses import replace
from itertools import cycle
from typing import TYPE_CHECKING

from bayesmodel.estimates.trend import Trend
from bayesmodel.messages import Language
from bayesmodel.plots.axes import axis_text, display_of, on_one_line
from bayesmodel.plots.canvas import axes_for, finish
from bayesmodel.plots.style import GREY, in_house_style
from bayesmodel.study import Label

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

TITLE = Label(nl="Hoe veranderde het gebruik over de jaren?", en="How did use change over the years?")
MARKS = Label(nl="Lijn: gemiddelde; band: interval.", en="Line: mean; band: interval.")
ALT = Label(nl="{name}: {first} in {start}, {last} in {end}.", en="{name}: {first} in {start}, {last} in {end}.")
MANY = Label(nl="{number} lijnen: gemiddelden.", en="{number} lines: means.")
YEAR = Label(nl="jaar", en="year")
NAMED = 8
"""Lines that get a name, a colour and a band each."""
COLOURS = ("#00539f", "#b3541e", "#3f7f3f", "#7a4f9a", "#8a6d1d", "#2b7a8c", "#a33a5e", "#262626")
"""Of lines beside each other; all are dark enough to tell from white."""


@in_house_style
def trend(result: Trend, *, axes: Axes | None = None, language: Language | None = None) -> Figure:
    """Draw underlying use in each year, a line for each area or group with a band for its interval.

    Parameters
    ----------
    result : Trend
        Of up to about eight areas or groups; of more the bands and names are left out.

    Returns
    -------
    Figure

    Examples
    --------
    >>> from bayesmodel.estimates.trend import Trend
    >>> from bayesmodel.estimates.use import use
    >>> from bayesmodel.testing import invented_fit
    >>> share = use(invented_fit(), scale="share", areas=["WK000100"])
    >>> trend(Trend({2020: share, 2021: share}), language="en").axes[0].get_xlabel()
    'year'
    """
    period = f"{min(result.estimates)}-{max(result.estimates)}"
    display = replace(display_of(result.last, language), period=period)
    table = result.summary()[["name", "mean", "lower", "upper"]]
    table[["mean", "lower", "upper"]] *= display.factor
    codes = list(dict.fromkeys(table.index.get_level_values(0)))
    names = result.names_in(display.language)
    few = len(codes) <= NAMED
    axes = axes_for(axes, 4.2)
    spoken = list[str]()
    for code, colour in zip(codes, cycle(COLOURS), strict=False):
        rows = table.loc[code].assign(point=True)
        name = on_one_line(str(names.get(code, code)))
        if few:
            axes.fill_between(rows.index, rows["lower"], rows["upper"], color=colour, alpha=0.15, lw=0)
            axes.plot(rows.index, rows["mean"], "o-", lw=1.4, ms=3.5, color=colour, label=name)
        else:
            axes.plot(rows.index, rows["mean"], "-", lw=0.7, color=GREY, alpha=0.4)
        ends = {"first": display.interval(rows.iloc[0]), "last": display.interval(rows.iloc[-1])}
        spoken.append(display.text(ALT, name=name, start=rows.index[0], end=rows.index[-1], **ends))
    axes.set_xticks(sorted(result.estimates))
    axes.set_xlabel(display.text(YEAR))
    axes.set_ylabel(axis_text(result.last, display))
    marks = display.text(MARKS if few else MANY, number=len(codes))
    alt = " ".join(spoken[:NAMED])
    return finish(axes, display, title=display.text(TITLE), caption=(marks,), alt=alt, numbers="y", interval=few)
