"""Funnel: how far from expected an area of its size may lie by chance and ordinary differences."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from bayesmodel.counts import Status
from bayesmodel.estimates.funnel import Funnel
from bayesmodel.messages import Language, number
from bayesmodel.outputs.plots.canvas import Words, axes_for, finish, legend, write_numbers
from bayesmodel.outputs.plots.look import BLUE, GREY, HIDDEN, INK, PUBLISHED, in_the_look
from bayesmodel.outputs.plots.numbers import figures
from bayesmodel.outputs.plots.people import people_axis
from bayesmodel.outputs.plots.reading import axis_text, reading_of
from bayesmodel.study import Label

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

TITLE = Label(
    nl="Welke gebieden wijken meer af dan normaal is voor hun grootte?",
    en="Which areas differ more than is ordinary for their size?",
)
BAND = Label(nl="hier ligt {share}% van de gebieden van die grootte", en="{share}% of areas of that size lie here")
OUTSIDE = Label(nl="daarbuiten", en="outside")
MARKS = Label(
    nl="Kleine gebieden kunnen door toeval ver van verwacht liggen. Een gebied erbuiten is een reden om verder te "
    "kijken. Bij een verborgen aantal is alleen het interval getekend (kans {share}%).",
    en="Small areas can lie far from expected by chance. To lie outside is a reason to look further. Of a hidden count "
    "only the interval is drawn (probability {share}%).",
)
ALT = Label(
    nl="{number} gebieden, {outside} daarvan buiten de ruimste grens{listed}.",
    en="{number} areas, {outside} of them outside the widest limit{listed}.",
)
NAMED = 6
"""Areas farthest out that are named."""


@in_the_look
def funnel(
    found: Funnel, *, highlight: Sequence[str] = (), axes: Axes | None = None, language: Language | None = None
) -> Figure:
    """Draw use over expected use against the number of people, between the limits of what is ordinary.

    Parameters
    ----------
    found : Funnel
        Of `bayesmodel.funnel`.
    highlight : sequence of str
        Codes of areas to name besides those farthest out.
    axes : Axes, optional
        Where to draw; a new picture when left out.
    language : {"nl", "en"}, optional
        The study's when left out.

    Returns
    -------
    Figure
        Areas outside the widest limit are filled; up to six of those farthest out are named.

    Raises
    ------
    MissingFeatureError
        matplotlib is not installed.

    Examples
    --------
    >>> from bayesmodel import funnel as limits
    >>> from bayesmodel.testing import invented_fit
    >>> funnel(limits(invented_fit())).axes[0].get_xlabel()
    'jongeren in het gebied (logaritmische schaal)'
    """
    reading = reading_of(found.ratio, language)
    chosen = reading.language
    points = found.points[(found.points["people"] > 0) & (found.points["status"] != Status.MISSING)]
    probabilities = sorted({float(str(name).split("_")[1]) for name in found.limits})
    out = found.outside(probabilities[-1])
    out = out[out["status"] != Status.MISSING]
    axes = axes_for(axes, 4.8)
    crowd = min(1.0, 150 / len(points))
    for probability, shade in zip(probabilities[::-1], np.linspace(0.12, 0.22, len(probabilities)), strict=True):
        lower, upper = found.limits[f"lower_{probability:g}"], found.limits[f"upper_{probability:g}"]
        text = BAND[chosen].format(share=number(100 * probability, "g", chosen))
        axes.fill_between(found.limits.index, lower, upper, color=BLUE, alpha=shade, lw=0, label=text)
    axes.axhline(1, color=INK, lw=1)
    hidden = points[points["status"] == Status.SUPPRESSED]
    if len(hidden):
        axes.vlines(
            hidden["people"], hidden["lower"], hidden["upper"], colors=HIDDEN.colour, linestyles=HIDDEN.line, lw=0.8,
            alpha=0.3 + 0.7 * crowd, label=HIDDEN.label[chosen],
        )  # fmt: skip
    known = points["ratio"].notna()
    far = points.index.isin(out.index)
    size = 2 + 2.5 * crowd
    axes.plot(points["people"][known & ~far], points["ratio"][known & ~far], "o", ms=size, mfc="white", color=GREY,
              mew=0.6, label=PUBLISHED.label[chosen])  # fmt: skip
    if (known & far).any():
        axes.plot(points["people"][known & far], points["ratio"][known & far], "o", ms=size + 1, color=BLUE,
                  label=f"{PUBLISHED.label[chosen]}, {OUTSIDE[chosen]}")  # fmt: skip
    asked = points[points.index.isin(highlight)]
    asked = asked.assign(ratio=asked["ratio"].fillna(asked["upper"]))
    named = pd.concat([asked, _apart(out[out["ratio"].notna() & ~out.index.isin(highlight)])])
    for _, row in named.iterrows():
        axes.annotate(
            str(row["name"]), (row["people"], row["ratio"]), xytext=(5, 3), textcoords="offset points", size=7.5
        )
    axes.set_ylim(0, 1.08 * max(float(points["ratio"].max()), 2.0))
    people_axis(axes, reading.study, chosen)
    axes.set_ylabel(axis_text(found.ratio, reading))
    write_numbers(axes, "y", chosen)
    legend(axes, columns=2)
    told = ", ".join(f"{row['name']} {figures(row['ratio'], 2, chosen)}" for _, row in named.iterrows())
    alt = ALT[chosen].format(number=len(points), outside=len(out), listed=f": {told}" if told else "")
    share = number(100 * reading.study.report.interval, "g", chosen)
    return finish(axes, reading.about, Words(TITLE[chosen], (MARKS[chosen].format(share=share),), alt))


def _apart(out: pd.DataFrame) -> pd.DataFrame:
    """Return the areas farthest out whose names do not cover each other."""
    chosen: list[str] = []
    for code, row in out.iterrows():
        others = out.loc[chosen]
        near = (np.abs(np.log10(others["people"] / row["people"])) < 0.6) & (
            np.abs(others["ratio"] - row["ratio"]) < 0.2
        )
        if not near.any() and len(chosen) < NAMED:
            chosen.append(str(code))
    return out.loc[chosen]
