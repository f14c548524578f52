"""Special areas: their published and underlying use, and what their surroundings would lead one to expect."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from bayesmodel.errors import ComparisonError
from bayesmodel.estimates.expectation import expectation_names
from bayesmodel.estimates.expected import expected
from bayesmodel.estimates.labels import subset_attributes
from bayesmodel.estimates.special import LIKELY, special_probability
from bayesmodel.estimates.use import use
from bayesmodel.format import percent, probability
from bayesmodel.inference.fit import Fit
from bayesmodel.messages import Language, _, number
from bayesmodel.plots.axes import axis_text, display_of, on_one_line, rows_of
from bayesmodel.plots.canvas import axes_for, draw_intervals, finish, name_rows, write_beside
from bayesmodel.plots.style import PALE, in_house_style
from bayesmodel.study import Label

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

TITLE = Label(
    nl="Welke {areas} hebben waarschijnlijk iets eigens?", en="Which {areas} probably have something of their own?"
)
CHANCE = Label(nl="kans op\niets eigens", en="chance of\nbeing special")
MARKS = Label(
    nl="Grijs: wat de kenmerken en de omgeving doen verwachten; stip en lijn: het gebruik zonder toeval. Waar die ver "
    "uit elkaar liggen, is er waarschijnlijk iets dat in geen kenmerk staat: een instelling, of een verkeerde telling.",
    en="Grey: what determinants and surroundings lead one to expect; mark and line: use without chance. Where these "
    "are far apart there is probably something that no determinant captures: an institution, or a wrong count.",
)
SHOWN = Label(
    nl="Getoond: de {shown} met de grootste kans; {likely} van {areas} hebben een kans boven {half}.",
    en="Shown: the {shown} with the highest probability; {likely} of {areas} have a probability above {half}.",
)
ALT = Label(nl="Per regel het gebruik, en de kans: {rows}.", en="Row by row, use and the probability: {rows}.")


@in_house_style
def special_areas(
    fit: Fit,
    areas: Sequence[str] | None = None,
    *,
    shown: int = 20,
    axes: Axes | None = None,
    language: Language | None = None,
) -> Figure:
    """Draw the areas that are most probably special: published, underlying and expected use, and the probability.

    Parameters
    ----------
    fit : Fit
        The posterior, of a model with the two-part area effect.
    areas : sequence of str, optional
        Codes or names of the areas to choose from; defaults to all.
    shown : int
        How many areas are drawn.

    Returns
    -------
    Figure
        The most probable at the top.

    Raises
    ------
    ComparisonError
        The area effect has a single component, so that no area is special.
    UnknownNameError
        There is no such area.

    Examples
    --------
    >>> from bayesmodel.testing import invented_fit
    >>> picture = special_areas(invented_fit(), shown=3, language="en")
    >>> picture.get_suptitle()
    'Which wijken probably have something of their own?'
    """
    if fit.study.model.area_effect != "two-part" or f"sd_{fit.study.area}" not in fit.posterior:
        message = _(
            'No area is special in this fit: that needs area_effect = "two-part" and a family with an own effect.'
        )
        raise ComparisonError(message)
    chances = special_probability(fit, areas).sort_values(ascending=False, kind="stable")
    extent = subset_attributes(fit, fit.study.area, chances.index).get("extent", "")  # of all, not of those drawn
    inhabited = fit.counts.areas.codes[fit.counts.population > 0]
    chances = chances[chances.index.isin(inhabited)]
    codes = list(chances.index[:shown])
    surroundings = expected(fit, expectation_names(fit.study)[-1], "share", codes)
    estimate = use(fit, "underlying", "share", codes)
    display = replace(display_of(estimate, language), extent=on_one_line(extent))
    rows, grey = rows_of(estimate, display), rows_of(surroundings, display)
    at = np.arange(len(rows))
    axes = axes_for(axes, 2.2 + 0.2 * len(rows))
    label = display.text(surroundings.definition.label)
    axes.hlines(at, grey["lower"], grey["upper"], colors=PALE, lw=5, label=label)
    draw_intervals(axes, at, rows, display)
    name_rows(axes, rows["name"].tolist())
    texts = [probability(float(chances[code]), display.language) for code in rows.index]
    write_beside(axes, display.text(CHANCE), texts)
    axes.set_xlabel(axis_text(estimate, display))
    axes.set_xlim(left=0)
    intervals = [display.interval(row) for _code, row in rows.iterrows()]
    listed = "; ".join(map("{} {}, {}".format, rows["name"], intervals, texts))
    counted = {"shown": len(rows), "likely": int((chances > LIKELY).sum()), "areas": len(chances)}
    numbers = {name: number(count, ",", display.language) for name, count in counted.items()}
    return finish(
        axes,
        display,
        title=display.text(TITLE),
        caption=(display.text(MARKS), display.text(SHOWN, half=percent(LIKELY, display.language), **numbers)),
        alt=display.text(ALT, rows=listed),
        numbers="x",
        columns=2,
    )
