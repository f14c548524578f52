"""Effects: how much more or less use goes with each determinant, in percentage points."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from bayesmodel.estimates.effects import label_of
from bayesmodel.estimates.estimate import Estimate
from bayesmodel.messages import Language
from bayesmodel.outputs.plots.canvas import Words, axes_for, finish, name_rows, row_height, write_beside, write_numbers
from bayesmodel.outputs.plots.caption import interval_sentence
from bayesmodel.outputs.plots.intervals import draw_intervals
from bayesmodel.outputs.plots.look import INK, in_the_look
from bayesmodel.outputs.plots.numbers import three_figures
from bayesmodel.outputs.plots.reading import question, reading_of, remark, rows_of
from bayesmodel.study import Label

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

AXIS = Label(nl="verschil in verwacht gebruik ({unit})", en="difference in expected use ({unit})")
STEP = Label(nl="van → naar", en="from → to")
MARKS = Label(
    nl="Stip: gemiddelde; lijn: interval. Rechts het verschil in het kenmerk waar het effect bij hoort.",
    en="Mark: mean; line: interval. On the right the difference in the determinant that is meant.",
)
ALT = Label(nl="Van groot naar klein: {rows}.", en="From large to small: {rows}.")


@in_the_look
def effects(found: Estimate, *, axes: Axes | None = None, language: Language | None = None) -> Figure:
    """Draw the effect of each determinant with its interval, the largest on top, and from what to what it is taken.

    Parameters
    ----------
    found : Estimate
        Of `bayesmodel.effects`.
    axes : Axes, optional
        Where to draw; a new picture when left out.
    language : {"nl", "en"}, optional
        The study's when left out.

    Returns
    -------
    Figure
        The caption says that an effect is a difference between areas, and no consequence.

    Raises
    ------
    MissingFeatureError
        matplotlib is not installed.

    Examples
    --------
    >>> from bayesmodel import effects as of_determinants
    >>> from bayesmodel.testing import invented_fit
    >>> effects(of_determinants(invented_fit())).axes[0].get_xlabel()
    'verschil in verwacht gebruik (procentpunt)'
    """
    reading = reading_of(found, language)
    chosen = reading.language
    rows = rows_of(found, reading).assign(low=found.draws["from"].to_numpy(), high=found.draws["to"].to_numpy())
    labels = {part.column: label_of(part)[chosen] for part in reading.study.determinants}
    rows = rows.assign(name=[labels[str(code)] for code in rows.index])
    rows = rows.sort_values("mean", key=abs, ascending=False, kind="stable")
    axes = axes_for(axes, 1.9 + row_height(rows["name"].tolist()) * len(rows))
    draw_intervals(axes, np.arange(len(rows)), rows, chosen)
    axes.axvline(0, color=INK, lw=1)
    name_rows(axes, rows["name"].tolist())
    steps = [
        f"{three_figures(low, chosen)} → {three_figures(high, chosen)}"
        for low, high in zip(rows["low"], rows["high"], strict=True)
    ]
    write_beside(axes, STEP[chosen], steps)
    axes.set_xlabel(AXIS[chosen].format(unit=reading.unit))
    write_numbers(axes, "x", chosen)
    listed = "; ".join(f"{row['name']} {reading.interval(row)}" for _, row in rows.iterrows())
    caption = (MARKS[chosen], remark(found, reading), interval_sentence(reading.study, chosen))
    return finish(axes, reading.about, Words(question(found, reading), caption, ALT[chosen].format(rows=listed)))
