"""Rank plot: on which place each area stands, with how sure that is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from bayesmodel.estimates.ranks import Ranks
from bayesmodel.messages import Language, number
from bayesmodel.outputs.plots.canvas import Words, axes_for, finish, legend, name_rows, write_beside, write_numbers
from bayesmodel.outputs.plots.caption import interval_sentence
from bayesmodel.outputs.plots.intervals import draw_intervals
from bayesmodel.outputs.plots.look import in_the_look
from bayesmodel.outputs.plots.numbers import chance
from bayesmodel.outputs.plots.reading import reading_of, rows_of
from bayesmodel.study import Label

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

TITLE = Label(
    nl="Op welke plaats staat elk gebied, en hoe zeker is dat?", en="Where does each area rank, and how sure is that?"
)
AXIS = Label(nl="plaats (1 is de hoogste van {places})", en="rank (1 is the highest of {places})")
MARKS = Label(
    nl="Stip: de verwachte plaats; lijn: het interval van de plaats. Rechts de kans om bij de {highest} hoogste te "
    "horen. Gebieden waarvan de lijnen overlappen, zijn niet te ordenen.",
    en="Mark: the expected rank; line: between which ranks. On the right the probability of being among the {highest} "
    "highest. Areas whose lines overlap cannot be put in order.",
)
TOP = Label(nl="kans op\ntop {highest}", en="chance of\ntop {highest}")
SHOWN = Label(nl="Getoond: de {shown} hoogste van {places}.", en="Shown: the {shown} highest of {places}.")
ALT = Label(nl="Per regel: {rows}.", en="Row by row: {rows}.")


@in_the_look
def ranks(
    found: Ranks,
    *,
    shown: int = 30,
    highest: int = 10,
    axes: Axes | None = None,
    language: Language | None = None,
) -> Figure:
    """Draw the places with the highest expected rank, each with the interval of its rank: no bare league table.

    Parameters
    ----------
    found : Ranks
        Of `rank`.
    shown : int
        How many places are drawn.
    highest : int
        Beside each stands the probability that it is among so many highest.
    axes : Axes, optional
        Where to draw; a new picture when left out.
    language : {"nl", "en"}, optional
        The study's when left out.

    Returns
    -------
    Figure

    Raises
    ------
    MissingFeatureError
        matplotlib is not installed.

    Examples
    --------
    >>> from bayesmodel import rank
    >>> from bayesmodel.testing import invented_fit
    >>> ranks(rank(invented_fit()), language="en").axes[0].get_xlabel()
    'rank (1 is the highest of 7)'
    """
    reading = reading_of(found.estimate, language)
    chosen, places = reading.language, len(found.names)
    rows = rows_of(found.estimate, reading).sort_values("mean", kind="stable").head(shown)
    highest = min(highest, places)
    among = found.p_among(highest)
    axes = axes_for(axes, 1.9 + 0.2 * len(rows))
    draw_intervals(axes, np.arange(len(rows)), rows, chosen)
    write_beside(axes, TOP[chosen].format(highest=highest), [chance(among[code], chosen) for code in rows.index])
    name_rows(axes, rows["name"].tolist())
    axes.set_xlim(left=1 - 0.02 * float(rows["upper"].max()))
    axes.set_xlabel(AXIS[chosen].format(places=number(places, ",", chosen)))
    write_numbers(axes, "x", chosen)
    legend(axes)
    listed = "; ".join(f"{row['name']} {reading.interval(row)}" for _, row in rows.iterrows())
    part = (SHOWN[chosen].format(shown=len(rows), places=number(places, ",", chosen)),) if len(rows) < places else ()
    caption = (*part, MARKS[chosen].format(highest=highest), interval_sentence(reading.study, chosen))
    return finish(axes, reading.about, Words(TITLE[chosen], caption, ALT[chosen].format(rows=listed)))
