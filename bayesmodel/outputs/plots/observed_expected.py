"""Observed against expected: who lies above and who below the line of equality."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import pandas as pd

from bayesmodel.estimates.expected import expected
from bayesmodel.estimates.use import use
from bayesmodel.inference.fit import Fit
from bayesmodel.messages import Language
from bayesmodel.outputs.plots.canvas import Words, axes_for, finish, legend, write_numbers
from bayesmodel.outputs.plots.caption import interval_sentence
from bayesmodel.outputs.plots.look import GREY, HIDDEN, INK, MISSING, PUBLISHED, in_the_look
from bayesmodel.outputs.plots.published import published_rows
from bayesmodel.outputs.plots.reading import Reading, axis_text, reading_of, rows_of
from bayesmodel.study import Label

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

TITLE = Label(
    nl="Hoe verhoudt het gebruik zich tot wat te verwachten is?", en="How does use compare with what one would expect?"
)
ABOVE = Label(nl="meer dan verwacht", en="more than expected")
BELOW = Label(nl="minder dan verwacht", en="less than expected")
MARKS = Label(
    nl="Op de lijn zijn beide gelijk. Een grote afstand kan ook door toeval komen. Van een verborgen aantal is alleen "
    "het interval getekend waar het in ligt.",
    en="On the line both are equal. To lie far from it can be chance as well. Of a hidden count only the interval it "
    "lies in is drawn.",
)
ALT = Label(
    nl="{number} gebieden; {above} liggen boven de lijn, {hidden} zijn verborgen.",
    en="{number} areas; {above} lie above the line, {hidden} are hidden.",
)
FEW = 60
"""Up to so many areas their intervals can be told apart."""


@in_the_look
def observed_expected(
    fit: Fit,
    given: str = "determinants",
    *,
    areas: str | Sequence[str] | None = None,
    axes: Axes | None = None,
    language: Language | None = None,
) -> Figure:
    """Draw the actual use of each area against its expected use.

    Parameters
    ----------
    fit : Fit
        The posterior.
    given : str
        The expectation, named as in `expected`.
    areas : str or sequence of str, optional
        Codes; all areas when left out.
    axes : Axes, optional
        Where to draw; a new picture when left out.
    language : {"nl", "en"}, optional
        The study's when left out.

    Returns
    -------
    Figure
        A hidden count has the interval it is estimated in; up to 60 areas have that of their expectation too.

    Raises
    ------
    UnknownNameError
        There is no such expectation or area.
    MissingFeatureError
        matplotlib is not installed.

    Examples
    --------
    >>> from bayesmodel.testing import invented_fit
    >>> observed_expected(invented_fit(), "gemeente").axes[0].get_ylabel()
    'feitelijk gebruik (% van de jongeren)'
    """
    actual, expectation = use(fit, "actual", "share", areas), expected(fit, given, "share", areas)
    reading = reading_of(actual, language)
    rows = rows_of(actual, reading).join(published_rows(fit)[["people", "kind"]])
    rows = rows.join(rows_of(expectation, reading)[["mean", "lower", "upper"]].add_suffix("_expected"))
    axes = axes_for(axes, 6.2)
    crowd = min(1.0, FEW / len(rows))
    for kind, mark in (("published", PUBLISHED), ("hidden", HIDDEN), ("missing", MISSING)):
        part = rows[rows["kind"] == kind]
        if part.empty:
            continue
        thin: dict[str, Any] = {"colors": mark.colour, "lw": 0.4 + 0.8 * crowd, "alpha": 0.3 + 0.7 * crowd}
        name: dict[str, Any] = {} if part["point"].any() else {"label": mark.label[reading.language]}
        axes.vlines(part["mean_expected"], part["lower"], part["upper"], linestyles=mark.line, **thin, **name)
        if len(rows) <= FEW:
            axes.hlines(part["mean"], part["lower_expected"], part["upper_expected"], linestyles=mark.line, **thin)
        if part["point"].any():
            axes.plot(
                part["mean_expected"],
                part["mean"],
                mark.shape,
                ms=1.8 + 3 * crowd,
                color=mark.colour,
                mfc=mark.colour if mark.filled else "white",
                mew=0.7,
                alpha=0.5 + 0.5 * crowd,
                label=mark.label[reading.language],
            )
    _line_of_equality(axes, rows, reading)
    axes.set_xlabel(axis_text(expectation, reading))
    axes.set_ylabel(axis_text(actual, reading))
    write_numbers(axes, "both", reading.language)
    legend(axes)
    above = int((rows["mean"] > rows["mean_expected"]).sum())
    alt = ALT[reading.language].format(number=len(rows), above=above, hidden=int((rows["kind"] == "hidden").sum()))
    caption = (MARKS[reading.language], interval_sentence(fit.study, reading.language))
    return finish(axes, reading.about, Words(TITLE[reading.language], caption, alt))


def _line_of_equality(axes: Axes, rows: pd.DataFrame, reading: Reading) -> None:
    """Draw where use equals expected use, and say what each side of it means."""
    middle = float(rows["mean_expected"].mean())
    axes.axline((middle, middle), slope=1, color=INK, lw=1)
    for text, (x, y), side in ((ABOVE, (0.02, 0.97), "left"), (BELOW, (0.98, 0.03), "right")):
        axes.text(
            x, y, text[reading.language], transform=axes.transAxes, ha=side, va="center", color=GREY, style="italic"
        )
