"""All areas as points: by population (funnel, shrinkage), and observed against expected."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from bayesmodel.data import CONCEALED, Status
from bayesmodel.estimates.expected import expected
from bayesmodel.estimates.funnel import Funnel
from bayesmodel.estimates.use import use
from bayesmodel.format import percent
from bayesmodel.inference.fit import Fit
from bayesmodel.messages import Language
from bayesmodel.plots.axes import Display, axis_text, display_of, people_axis, published_rows, rows_of
from bayesmodel.plots.canvas import axes_for, finish
from bayesmodel.plots.style import GREY, HIDDEN, INK, MISSING, PUBLISHED, figures, in_house_style
from bayesmodel.study import Label
from bayesmodel.theme import theme

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

TITLE = Label(
    nl="Welke {areas} wijken meer af dan normaal is voor hun grootte?",
    en="Which {areas} differ more than is usual for their size?",
)
BAND = Label(nl="hier ligt {share} van de {areas} van die grootte", en="{share} of {areas} of that size lie here")
OUTSIDE = Label(nl="daarbuiten", en="outside")
MARKS = Label(
    nl="Kleine {areas} kunnen door toeval ver van verwacht liggen. Erbuiten liggen is een reden om verder te "
    "kijken. Bij een verborgen aantal is alleen het interval getekend (kans {share}).",
    en="Small {areas} can lie far from expected by chance. Lying outside is a reason to look further. For a hidden "
    "count only the interval is drawn (probability {share}).",
)
ALT = Label(
    nl="{number} {areas}, {outside} daarvan buiten de ruimste grens{listed}.",
    en="{number} {areas}, {outside} of them outside the widest limit{listed}.",
)
NAMED = 6
"""Labels of the areas farthest out, at most."""


@in_house_style
def funnel(
    result: Funnel, *, highlight: Sequence[str] = (), axes: Axes | None = None, language: Language | None = None
) -> Figure:
    """Draw the ratio of use to expected use against the number of people, with the limits of usual variation.

    Parameters
    ----------
    result : Funnel
        Of `bayesmodel.funnel`.
    highlight : sequence of str
        Codes of areas to label in addition to those farthest out.

    Returns
    -------
    Figure
        Areas outside the widest limits are filled; up to six of those farthest out are labelled.

    Examples
    --------
    >>> from bayesmodel import funnel as limits
    >>> from bayesmodel.testing import invented_fit
    >>> funnel(limits(invented_fit())).axes[0].get_xlabel()
    'jongeren per wijk (logaritmische schaal)'
    """
    display = display_of(result.ratio, language)
    points = result.points[(result.points["people"] > 0) & (result.points["status"] != Status.MISSING)]
    probabilities = sorted({float(str(name).split("_")[1]) for name in result.limits})
    out = result.outside(probabilities[-1])
    out = out[out["status"] != Status.MISSING]
    axes = axes_for(axes, 4.8)
    crowd = min(1.0, 150 / len(points))
    for probability, shade in zip(probabilities[::-1], np.linspace(0.12, 0.22, len(probabilities)), strict=True):
        lower, upper = result.limits[f"lower_{probability:g}"], result.limits[f"upper_{probability:g}"]
        text = display.text(BAND, share=percent(probability, display.language))
        axes.fill_between(result.limits.index, lower, upper, color=theme().accent, alpha=shade, lw=0, label=text)
    axes.axhline(1, color=INK, lw=1)
    hidden = points[points["status"].isin(CONCEALED)]
    if len(hidden):
        axes.vlines(
            hidden["people"], hidden["lower"], hidden["upper"], colors=HIDDEN.colour, linestyles=HIDDEN.line, lw=0.8,
            alpha=0.3 + 0.7 * crowd, label=display.text(HIDDEN.label),
        )  # fmt: skip
    known = points["ratio"].notna()
    outside = points.index.isin(out.index)
    size = 2 + 2.5 * crowd
    inner, outer = points[known & ~outside], points[known & outside]
    axes.plot(inner["people"], inner["ratio"], "o", ms=size, mfc="white", color=GREY, mew=0.6,
              label=display.text(PUBLISHED.label))  # fmt: skip
    if len(outer):
        axes.plot(outer["people"], outer["ratio"], "o", ms=size + 1, color=theme().accent,
                  label=f"{display.text(PUBLISHED.label)}, {display.text(OUTSIDE)}")  # fmt: skip
    highlighted = points[points.index.isin(highlight)]
    highlighted = highlighted.assign(ratio=highlighted["ratio"].fillna(highlighted["upper"]))
    named = pd.concat([highlighted, _apart(out[out["ratio"].notna() & ~out.index.isin(highlight)])])
    for _, row in named.iterrows():
        axes.annotate(
            str(row["name"]), (row["people"], row["ratio"]), xytext=(5, 3), textcoords="offset points", size=7.5
        )
    axes.set_ylim(0, 1.08 * max(float(points["ratio"].max()), 2.0))
    people_axis(axes, display)
    axes.set_ylabel(axis_text(result.ratio, display))
    listed = ", ".join(f"{row['name']} {figures(row['ratio'], 2, display.language)}" for _, row in named.iterrows())
    return finish(
        axes,
        display,
        title=display.text(TITLE),
        caption=(display.text(MARKS, share=percent(display.study.report.interval, display.language)),),
        alt=display.text(ALT, number=len(points), outside=len(out), listed=f": {listed}" if listed else ""),
        interval=False,
        numbers="y",
        columns=2,
    )


def _apart(out: pd.DataFrame) -> pd.DataFrame:
    """Return the areas farthest out whose labels do not overlap."""
    chosen: list[str] = []
    for code, row in out.iterrows():
        others = out.loc[chosen]
        near = (np.abs(np.log10(others["people"] / row["people"])) < 0.6) & (
            np.abs(others["ratio"] - row["ratio"]) < 0.2
        )
        if not near.any() and len(chosen) < NAMED:
            chosen.append(str(code))
    return out.loc[chosen]


OBSERVED_EXPECTED_TITLE = Label(
    nl="Hoe verhoudt het gebruik zich tot wat te verwachten is?", en="How does use compare with what one would expect?"
)
ABOVE = Label(nl="meer dan verwacht", en="more than expected")
BELOW = Label(nl="minder dan verwacht", en="less than expected")
OBSERVED_EXPECTED_MARKS = Label(
    nl="Op de lijn zijn beide gelijk. Een grote afstand kan ook door toeval komen. Van een verborgen aantal is alleen "
    "het interval getekend waar het in ligt.",
    en="On the line the two are equal. Lying far from it can be chance. For a hidden count only the interval in which "
    "it lies is drawn.",
)
OBSERVED_EXPECTED_ALT = Label(
    nl="{number} {areas}; {above} liggen boven de lijn, {hidden} zijn verborgen.",
    en="{number} {areas}; {above} lie above the line, {hidden} are hidden.",
)
FEW = 60
"""Up to this many areas, intervals can be distinguished."""


@in_house_style
def observed_expected(
    fit: Fit,
    expectation: str = "determinants",
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
    expectation : str
        The expectation, named as in `expected`.
    areas : str or sequence of str, optional
        Codes; defaults to all areas.

    Returns
    -------
    Figure
        A hidden count is drawn as the interval of its estimate; with up to 60 areas, expectations have intervals too.

    Raises
    ------
    UnknownNameError
        There is no such expectation or area.

    Examples
    --------
    >>> from bayesmodel.testing import invented_fit
    >>> observed_expected(invented_fit(), "gemeente").axes[0].get_ylabel()
    'feitelijk gebruik (% van de jongeren)'
    """
    actual, expected_use = use(fit, "actual", "share", areas), expected(fit, expectation, "share", areas)
    display = display_of(actual, language)
    rows = rows_of(actual, display).join(published_rows(fit)[["people", "kind"]])
    rows = rows.join(rows_of(expected_use, display)[["mean", "lower", "upper"]].add_suffix("_expected"))
    axes = axes_for(axes, 6.2)
    crowd = min(1.0, FEW / len(rows))
    for kind, mark in (("published", PUBLISHED), ("hidden", HIDDEN), ("missing", MISSING)):
        part = rows[rows["kind"] == kind]
        if part.empty:
            continue
        thin: dict[str, Any] = {"colors": mark.colour, "lw": 0.4 + 0.8 * crowd, "alpha": 0.3 + 0.7 * crowd}
        name: dict[str, Any] = {} if part["point"].any() else {"label": display.text(mark.label)}
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
                label=display.text(mark.label),
            )
    _line_of_equality(axes, rows, display)
    axes.set_xlabel(axis_text(expected_use, display))
    axes.set_ylabel(axis_text(actual, display))
    above = int((rows["mean"] > rows["mean_expected"]).sum())
    hidden = int((rows["kind"] == "hidden").sum())
    return finish(
        axes,
        display,
        title=display.text(OBSERVED_EXPECTED_TITLE),
        caption=(display.text(OBSERVED_EXPECTED_MARKS),),
        alt=display.text(OBSERVED_EXPECTED_ALT, number=len(rows), above=above, hidden=hidden),
        numbers="both",
    )


def _line_of_equality(axes: Axes, rows: pd.DataFrame, display: Display) -> None:
    """Draw the line where use equals expected use, and label its two sides."""
    centre = float(rows["mean_expected"].mean())
    axes.axline((centre, centre), slope=1, color=INK, lw=1)
    for text, (x, y), side in ((ABOVE, (0.02, 0.97), "left"), (BELOW, (0.98, 0.03), "right")):
        axes.text(x, y, display.text(text), transform=axes.transAxes, ha=side, va="center", color=GREY, style="italic")


SHRINKAGE_TITLE = Label(
    nl="Hoe ver ligt de schatting van het gepubliceerde percentage?",
    en="How far is the estimate from the published percentage?",
)
RAW = Label(nl="gepubliceerd", en="published")
ESTIMATED = Label(nl="geschat", en="estimated")
WINDOW = Label(nl="verborgen: wat mogelijk is, en geschat", en="hidden: what is possible, and estimated")
UNKNOWN = Label(nl="niet geleverd: geschat", en="not delivered: estimated")
SHRINKAGE_MARKS = Label(
    nl="Hoe minder mensen, hoe meer toeval in het gepubliceerde percentage, en hoe dichter de schatting ligt "
    "bij wat te verwachten is. Geschat: gemiddelde van het onderliggend gebruik.",
    en="The fewer people, the more chance there is in the published percentage, and the closer the estimate is to what "
    "one would expect. Estimated: mean of underlying use.",
)
SHRINKAGE_ALT = Label(
    nl="{number} {areas} met een gepubliceerd aantal, {hidden} verborgen. De schatting ligt gemiddeld {shift} "
    "procentpunt van het gepubliceerde percentage.",
    en="{number} {areas} with a published count, {hidden} hidden. The estimate lies {shift} percentage points from the "
    "published percentage on average.",
)


@in_house_style
def shrinkage(
    fit: Fit,
    *,
    areas: str | Sequence[str] | None = None,
    axes: Axes | None = None,
    language: Language | None = None,
) -> Figure:
    """Draw each published percentage and its estimate against the number of people.

    Parameters
    ----------
    fit : Fit
        The posterior.
    areas : str or sequence of str, optional
        Codes; defaults to all areas.

    Returns
    -------
    Figure
        A published percentage is an open circle, its estimate a filled one. For a hidden count the range of possible
        percentages is drawn instead of a published one.

    Raises
    ------
    UnknownNameError
        There is no such area.

    Examples
    --------
    >>> from bayesmodel.testing import invented_fit
    >>> shrinkage(invented_fit()).axes[0].get_xlabel()
    'jongeren per wijk (logaritmische schaal)'
    """
    estimate = use(fit, "underlying", "share", areas)
    display = display_of(estimate, language)
    rows = rows_of(estimate, display).join(published_rows(fit))
    known, hidden, missing = (rows[rows["kind"] == kind] for kind in ("published", "hidden", "missing"))
    axes = axes_for(axes, 4.6)
    crowd = min(1.0, 100 / len(rows))
    size, alpha = 1.5 + 3.5 * crowd, 0.3 + 0.7 * crowd
    axes.vlines(known["people"], known["share"], known["mean"], colors=GREY, lw=0.3 + 0.5 * crowd, alpha=alpha)
    axes.plot(known["people"], known["share"], "o", ms=size, mfc="none", color=GREY, mew=0.6, label=display.text(RAW))
    axes.plot(
        known["people"],
        known["mean"],
        "o",
        ms=size,
        color=theme().accent,
        alpha=alpha,
        mew=0,
        label=display.text(ESTIMATED),
    )
    top = 1.08 * max(known["share"].max(), rows["upper"].max())
    axes.vlines(hidden["people"], hidden["lowest"], hidden["highest"], colors=HIDDEN.colour, lw=0.8, alpha=alpha,
                linestyles=HIDDEN.line)  # fmt: skip
    for part, mark, text in ((hidden, HIDDEN, WINDOW), (missing, MISSING, UNKNOWN)):
        if len(part):
            axes.plot(part["people"], part["mean"], mark.shape, ms=size, mfc="white", color=mark.colour, mew=0.8,
                      label=display.text(text))  # fmt: skip
    axes.set_ylim(0, top)
    people_axis(axes, display)
    axes.set_ylabel(axis_text(estimate, display))
    shift = figures(float(np.abs(known["mean"] - known["share"]).mean()), 1, display.language)
    return finish(
        axes,
        display,
        title=display.text(SHRINKAGE_TITLE),
        caption=(display.text(SHRINKAGE_MARKS),),
        alt=display.text(SHRINKAGE_ALT, number=len(known), hidden=len(hidden), shift=shift),
        numbers="y",
    )
