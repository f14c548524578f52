"""Variance bars: at which level the differences lie that determinants leave."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from bayesmodel.estimates.variance import Variance, level_names
from bayesmodel.messages import Language
from bayesmodel.outputs.plots.canvas import Words, axes_for, finish, name_rows, write_beside, write_numbers
from bayesmodel.outputs.plots.caption import interval_sentence
from bayesmodel.outputs.plots.look import BLUE, INK, in_the_look
from bayesmodel.outputs.plots.numbers import figures
from bayesmodel.outputs.plots.reading import reading_of, rows_of
from bayesmodel.study import Label

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

TITLE = Label(
    nl="Waar zitten de verschillen die na de kenmerken overblijven?",
    en="Where do the differences lie that the determinants leave?",
)
UNIT = Label(nl="% van de variantie", en="% of the variance")
SPREAD = Label(nl="spreiding", en="spread")
MARKS = Label(
    nl="Balk: gemiddelde; lijn: interval. De aandelen tellen op tot 100%. Spreiding: standaardafwijking in "
    "procentpunt, bij een gebruik van {mean}%.",
    en="Bar: mean; line: interval. The shares add up to 100%. Spread: standard deviation in percentage points, at a "
    "use of {mean}%.",
)
ALT = Label(nl="Per niveau: {rows}.", en="Level by level: {rows}.")


@in_the_look
def variance(found: Variance, *, axes: Axes | None = None, language: Language | None = None) -> Figure:
    """Draw the share of the variance at each level as a bar with its interval, and the spread beside it.

    Parameters
    ----------
    found : Variance
        Of `bayesmodel.variance`.
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
    >>> from bayesmodel import variance as by_level
    >>> from bayesmodel.testing import invented_fit
    >>> variance(by_level(invented_fit())).axes[0].get_xlabel()
    'aandeel in de variantie (% van de variantie)'
    """
    reading = reading_of(found.shares, language)
    chosen = reading.language
    reading = replace(reading, scale="share", unit=UNIT[chosen])
    rows = rows_of(found.shares, reading)
    labels = level_names(reading.study)
    names = [labels[str(code)][chosen] for code in rows.index]
    axes = axes_for(axes, 2.2 + 0.42 * len(rows))
    places = np.arange(len(rows))
    axes.barh(places, rows["mean"], height=0.6, color=BLUE, alpha=0.55)
    axes.hlines(places, rows["lower"], rows["upper"], colors=INK, lw=1.5)
    name_rows(axes, names)
    spreads = found.sds.summary()["mean"].reindex(rows.index)
    write_beside(axes, SPREAD[chosen], [figures(spread, 1, chosen) for spread in spreads])
    axes.set_xlim(0, 100)
    axes.set_xlabel(f"{found.definition.label[chosen]} ({reading.unit})")
    write_numbers(axes, "x", chosen)
    listed = "; ".join(f"{name} {reading.interval(row)}" for name, (_, row) in zip(names, rows.iterrows(), strict=True))
    caption = (
        MARKS[chosen].format(mean=figures(100 * found.mean, 1, chosen)),
        interval_sentence(reading.study, chosen),
    )
    return finish(axes, reading.about, Words(TITLE[chosen], caption, ALT[chosen].format(rows=listed)))
