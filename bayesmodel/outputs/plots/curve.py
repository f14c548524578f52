"""Curve: what one would expect at each value of a determinant."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bayesmodel.estimates.effects import label_of
from bayesmodel.estimates.estimate import Estimate
from bayesmodel.messages import Language
from bayesmodel.outputs.plots.canvas import Words, axes_for, finish, write_numbers
from bayesmodel.outputs.plots.caption import interval_sentence
from bayesmodel.outputs.plots.look import BLUE, in_the_look
from bayesmodel.outputs.plots.numbers import three_figures
from bayesmodel.outputs.plots.reading import question, reading_of, remark, rows_of
from bayesmodel.study import Label

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

MARKS = Label(nl="Lijn: gemiddelde; band: interval.", en="Line: mean; band: interval.")
AXIS = Label(nl="verwacht gebruik ({unit})", en="expected use ({unit})")
ALT = Label(nl="Van {first} bij {low} naar {last} bij {high}.", en="From {first} at {low} to {last} at {high}.")


@in_the_look
def curve(found: Estimate, *, axes: Axes | None = None, language: Language | None = None) -> Figure:
    """Draw expected use along one determinant, with the band of its interval.

    Parameters
    ----------
    found : Estimate
        Of `bayesmodel.effect_curve`.
    axes : Axes, optional
        Where to draw; a new picture when left out.
    language : {"nl", "en"}, optional
        The study's when left out.

    Returns
    -------
    Figure
        The caption says that it is no consequence of the determinant.

    Raises
    ------
    MissingFeatureError
        matplotlib is not installed.

    Examples
    --------
    >>> from bayesmodel import effect_curve
    >>> from bayesmodel.testing import invented_fit
    >>> curve(effect_curve(invented_fit(), "poverty", [-1, 0, 1])).axes[0].get_xlabel()
    'poverty'
    """
    reading = reading_of(found, language)
    chosen = reading.language
    rows = rows_of(found, reading)
    axes = axes_for(axes, 3.6)
    axes.fill_between(rows.index, rows["lower"], rows["upper"], color=BLUE, alpha=0.25, lw=0)
    axes.plot(rows.index, rows["mean"], color=BLUE, lw=1.8)
    column = found.definition.name.removeprefix("effect.")
    part = next(part for part in reading.study.determinants if part.column == column)
    axes.set_xlabel(label_of(part)[chosen])
    axes.set_ylabel(AXIS[chosen].format(unit=reading.unit))
    write_numbers(axes, "both", chosen)
    ends = {"first": reading.interval(rows.iloc[0]), "last": reading.interval(rows.iloc[-1])}
    values = {"low": three_figures(float(rows.index[0]), chosen), "high": three_figures(float(rows.index[-1]), chosen)}
    caption = (MARKS[chosen], remark(found, reading), interval_sentence(reading.study, chosen))
    return finish(axes, reading.about, Words(question(found, reading), caption, ALT[chosen].format(**ends, **values)))
