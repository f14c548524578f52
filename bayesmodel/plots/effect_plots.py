"""The effect of each determinant in percentage points, and expected use along one determinant."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from bayesmodel.estimates.effects import label_of
from bayesmodel.estimates.estimate import Estimate
from bayesmodel.messages import Language
from bayesmodel.plots.axes import display_of, question, remark, rows_of
from bayesmodel.plots.canvas import (
    axes_for,
    draw_intervals,
    finish,
    name_rows,
    row_height,
    write_beside,
)
from bayesmodel.plots.style import INK, in_house_style, three_figures
from bayesmodel.study import Label
from bayesmodel.theme import theme

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

AXIS = Label(nl="verschil in verwacht gebruik ({unit})", en="difference in expected use ({unit})")
STEP = Label(nl="van → naar", en="from → to")
MARKS = Label(
    nl="Stip: gemiddelde; lijn: interval. Rechts het verschil in het kenmerk waar het effect bij hoort.",
    en="Mark: mean; line: interval. On the right, the difference in the determinant that the effect is for.",
)
ALT = Label(nl="Van groot naar klein: {rows}.", en="From large to small: {rows}.")


@in_house_style
def effects(estimate: Estimate, *, axes: Axes | None = None, language: Language | None = None) -> Figure:
    """Draw the effect of each determinant with its interval, the largest at the top, and the step it is for.

    Parameters
    ----------
    estimate : Estimate
        Of `bayesmodel.effects`.

    Returns
    -------
    Figure
        The caption says that an effect is a difference between areas, not a causal effect.

    Examples
    --------
    >>> from bayesmodel import effects as of_determinants
    >>> from bayesmodel.testing import invented_fit
    >>> effects(of_determinants(invented_fit())).axes[0].get_xlabel()
    'verschil in verwacht gebruik (procentpunt)'
    """
    display = display_of(estimate, language)
    rows = rows_of(estimate, display).assign(
        low=estimate.draws["from"].to_numpy(), high=estimate.draws["to"].to_numpy()
    )
    labels = {part.column: display.text(label_of(part)) for part in display.study.determinants}
    rows = rows.assign(name=[labels[str(code)] for code in rows.index])
    rows = rows.sort_values("mean", key=abs, ascending=False, kind="stable")
    axes = axes_for(axes, 1.9 + row_height(rows["name"].tolist()) * len(rows))
    draw_intervals(axes, np.arange(len(rows)), rows, display)
    axes.axvline(0, color=INK, lw=1)
    name_rows(axes, rows["name"].tolist())
    steps = [
        f"{three_figures(low, display.language)} → {three_figures(high, display.language)}"
        for low, high in zip(rows["low"], rows["high"], strict=True)
    ]
    write_beside(axes, display.text(STEP), steps)
    axes.set_xlabel(display.text(AXIS, unit=display.unit))
    return finish(
        axes,
        display,
        title=question(estimate, display),
        caption=(display.text(MARKS), remark(estimate, display)),
        alt=display.text(ALT, rows=display.listed(rows)),
        numbers="x",
    )


CURVE_MARKS = Label(nl="Lijn: gemiddelde; band: interval.", en="Line: mean; band: interval.")
CURVE_AXIS = Label(nl="verwacht gebruik ({unit})", en="expected use ({unit})")
CURVE_ALT = Label(nl="Van {first} bij {low} naar {last} bij {high}.", en="From {first} at {low} to {last} at {high}.")


@in_house_style
def curve(estimate: Estimate, *, axes: Axes | None = None, language: Language | None = None) -> Figure:
    """Draw expected use along one determinant, with the band of its interval.

    Parameters
    ----------
    estimate : Estimate
        Of `bayesmodel.effect_curve`.

    Returns
    -------
    Figure
        The caption says that this is not a causal effect of the determinant.

    Examples
    --------
    >>> from bayesmodel import effect_curve
    >>> from bayesmodel.testing import invented_fit
    >>> curve(effect_curve(invented_fit(), "poverty", [-1, 0, 1])).axes[0].get_xlabel()
    'poverty'
    """
    display = display_of(estimate, language)
    rows = rows_of(estimate, display)
    axes = axes_for(axes, 3.6)
    axes.fill_between(rows.index, rows["lower"], rows["upper"], color=theme().accent, alpha=0.25, lw=0)
    axes.plot(rows.index, rows["mean"], color=theme().accent, lw=1.8)
    column = estimate.definition.name.removeprefix("effect.")
    part = next(part for part in display.study.determinants if part.column == column)
    axes.set_xlabel(display.text(label_of(part)))
    axes.set_ylabel(display.text(CURVE_AXIS, unit=display.unit))
    first, last = (display.interval(rows.iloc[end]) for end in (0, -1))
    low, high = (three_figures(float(rows.index[end]), display.language) for end in (0, -1))
    return finish(
        axes,
        display,
        title=question(estimate, display),
        caption=(display.text(CURVE_MARKS), remark(estimate, display)),
        alt=display.text(CURVE_ALT, first=first, last=last, low=low, high=high),
        numbers="both",
    )
