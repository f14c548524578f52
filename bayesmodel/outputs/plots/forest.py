"""Forest: a few areas by name, each with its interval."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from bayesmodel.estimates.estimate import Estimate
from bayesmodel.messages import Language
from bayesmodel.outputs.plots.canvas import Words, axes_for, finish, legend, name_rows, write_numbers
from bayesmodel.outputs.plots.caption import interval_sentence
from bayesmodel.outputs.plots.intervals import draw_intervals
from bayesmodel.outputs.plots.look import INK, in_the_look
from bayesmodel.outputs.plots.reading import axis_text, no_difference, question, reading_of, remark, rows_of
from bayesmodel.study import Label

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

MARKS = Label(nl="Stip: gemiddelde; lijn: interval.", en="Mark: mean; line: interval.")
ALT = Label(nl="Per regel: {rows}.", en="Row by row: {rows}.")


@in_the_look
def forest(
    estimate: Estimate, *, ordered: bool = True, axes: Axes | None = None, language: Language | None = None
) -> Figure:
    """Draw areas by name, each as a mark with its interval; a hidden one has an open mark and a broken line.

    Parameters
    ----------
    estimate : Estimate
        Of up to about sixty areas or groups; `caterpillar` draws more.
    ordered : bool
        Whether the highest mean comes on top, or the areas stay in their order.
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
    >>> from bayesmodel import use
    >>> from bayesmodel.testing import invented_fit
    >>> picture = forest(use(invented_fit(), scale="share"))
    >>> [text.get_text() for text in picture.axes[0].get_yticklabels()][:2]
    ['Wijk 000202', 'Wijk 000200']
    """
    reading = reading_of(estimate, language)
    rows = rows_of(estimate, reading)
    if ordered:
        rows = rows.sort_values("mean", ascending=False, kind="stable")
    axes = axes_for(axes, 1.7 + 0.2 * len(rows))
    draw_intervals(axes, np.arange(len(rows)), rows, reading.language)
    if (equal := no_difference(estimate, reading)) is not None:
        axes.axvline(equal, color=INK, lw=1)
    name_rows(axes, rows["name"].tolist())
    axes.set_xlabel(axis_text(estimate, reading))
    write_numbers(axes, "x", reading.language)
    legend(axes)
    listed = "; ".join(f"{row['name']} {reading.interval(row)}" for _, row in rows.iterrows())
    words = Words(
        question(estimate, reading),
        (remark(estimate, reading), MARKS[reading.language], interval_sentence(estimate.study, reading.language)),
        ALT[reading.language].format(rows=listed),
    )
    return finish(axes, reading.about, words)
