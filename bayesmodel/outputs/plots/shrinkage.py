"""Shrinkage: from the published share to the estimated one, the more the fewer people there are."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from bayesmodel.estimates.use import use
from bayesmodel.inference.fit import Fit
from bayesmodel.messages import Language
from bayesmodel.outputs.plots.canvas import Words, axes_for, finish, legend, write_numbers
from bayesmodel.outputs.plots.caption import interval_sentence
from bayesmodel.outputs.plots.look import BLUE, GREY, HIDDEN, MISSING, in_the_look
from bayesmodel.outputs.plots.numbers import figures
from bayesmodel.outputs.plots.people import people_axis
from bayesmodel.outputs.plots.published import published_rows
from bayesmodel.outputs.plots.reading import axis_text, reading_of, rows_of
from bayesmodel.study import Label

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

TITLE = Label(
    nl="Hoe ver ligt de schatting van het gepubliceerde percentage?",
    en="How far is the estimate from the published percentage?",
)
RAW = Label(nl="gepubliceerd", en="published")
ESTIMATED = Label(nl="geschat", en="estimated")
WINDOW = Label(nl="verborgen: wat mogelijk is, en geschat", en="hidden: what is possible, and estimated")
UNKNOWN = Label(nl="niet geleverd: geschat", en="not delivered: estimated")
MARKS = Label(
    nl="Hoe minder mensen, hoe meer toeval in het gepubliceerde percentage, en hoe dichter de schatting ligt "
    "bij wat te verwachten is. Geschat: gemiddelde van het onderliggend gebruik.",
    en="The fewer people, the more chance in the published percentage, and the more the estimate draws it to what one "
    "would expect. Estimated: mean of underlying use.",
)
ALT = Label(
    nl="{number} gebieden met een gepubliceerd aantal, {hidden} verborgen. De schatting ligt gemiddeld {shift} "
    "procentpunt van het gepubliceerde percentage.",
    en="{number} areas with a published count, {hidden} hidden. The estimate lies {shift} percentage points from the "
    "published percentage on average.",
)


@in_the_look
def shrinkage(
    fit: Fit,
    *,
    areas: str | Sequence[str] | None = None,
    axes: Axes | None = None,
    language: Language | None = None,
) -> Figure:
    """Draw each published percentage and the estimate of it against the number of people.

    Parameters
    ----------
    fit : Fit
        The posterior.
    areas : str or sequence of str, optional
        Codes; all areas when left out.
    axes : Axes, optional
        Where to draw; a new picture when left out.
    language : {"nl", "en"}, optional
        The study's when left out.

    Returns
    -------
    Figure
        A published percentage is an open circle, its estimate a filled one. Of a hidden count the whole window of what
        is possible is drawn, and no published percentage.

    Raises
    ------
    UnknownNameError
        There is no such area.
    MissingFeatureError
        matplotlib is not installed.

    Examples
    --------
    >>> from bayesmodel.testing import invented_fit
    >>> shrinkage(invented_fit()).axes[0].get_xlabel()
    'jongeren in het gebied (logaritmische schaal)'
    """
    estimate = use(fit, "underlying", "share", areas)
    reading = reading_of(estimate, language)
    rows = rows_of(estimate, reading).join(published_rows(fit))
    known, hidden, missing = (rows[rows["kind"] == kind] for kind in ("published", "hidden", "missing"))
    axes = axes_for(axes, 4.6)
    crowd = min(1.0, 100 / len(rows))
    size, alpha = 1.5 + 3.5 * crowd, 0.3 + 0.7 * crowd
    axes.vlines(known["people"], known["share"], known["mean"], colors=GREY, lw=0.3 + 0.5 * crowd, alpha=alpha)
    axes.plot(
        known["people"], known["share"], "o", ms=size, mfc="none", color=GREY, mew=0.6, label=RAW[reading.language]
    )
    axes.plot(
        known["people"], known["mean"], "o", ms=size, color=BLUE, alpha=alpha, mew=0, label=ESTIMATED[reading.language]
    )
    top = 1.08 * max(known["share"].max(), rows["upper"].max())
    axes.vlines(hidden["people"], hidden["lowest"], hidden["highest"], colors=HIDDEN.colour, lw=0.8, alpha=alpha,
                linestyles=HIDDEN.line)  # fmt: skip
    for part, mark, text in ((hidden, HIDDEN, WINDOW), (missing, MISSING, UNKNOWN)):
        if len(part):
            axes.plot(part["people"], part["mean"], mark.shape, ms=size, mfc="white", color=mark.colour, mew=0.8,
                      label=text[reading.language])  # fmt: skip
    axes.set_ylim(0, top)
    people_axis(axes, fit.study, reading.language)
    axes.set_ylabel(axis_text(estimate, reading))
    write_numbers(axes, "y", reading.language)
    legend(axes)
    caption = (MARKS[reading.language], interval_sentence(fit.study, reading.language))
    words = Words(TITLE[reading.language], caption, _alt(known, hidden, reading.language))
    return finish(axes, reading.about, words)


def _alt(known: pd.DataFrame, hidden: pd.DataFrame, language: Language) -> str:
    """Return how many areas there are and how far estimates lie from what was published."""
    shift = float(np.abs(known["mean"] - known["share"]).mean())
    return ALT[language].format(number=len(known), hidden=len(hidden), shift=figures(shift, 1, language))
