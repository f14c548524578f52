"""Several outcomes: the ratio of one to what is expected against that of another, and how they go together."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from bayesmodel.errors import UnknownNameError
from bayesmodel.estimates.accumulation import IN_ALL, Accumulation
from bayesmodel.estimates.correlation import Correlations
from bayesmodel.estimates.verdict_rule import VerdictClass
from bayesmodel.format import percent
from bayesmodel.messages import Language, _
from bayesmodel.plots.axes import display_of, on_one_line
from bayesmodel.plots.canvas import axes_for, finish
from bayesmodel.plots.interval_plots import forest
from bayesmodel.plots.style import GREY, INK, in_house_style
from bayesmodel.study import Label
from bayesmodel.tables.collect import file_name
from bayesmodel.theme import theme

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

TITLE = Label(
    nl="In welke {many} wijkt het gebruik van {names} tegelijk af van verwacht?",
    en="In which {many} does use of {names} differ from what is expected at once?",
)
AXIS = Label(nl="{name}: gebruik gedeeld door verwacht", en="{name}: use over expected")
MARKS = Label(
    nl="Elk punt is een van de {number} {many}: het gemiddelde van beide verhoudingen. Grijze banden: binnen de marge "
    "van {margin}. Een gekleurd punt zegt iets over alle uitkomsten tegelijk ({all}). Geteld zijn gebieden, geen "
    "personen.",
    en="Each point is one of {number} {many}: the mean of both ratios. Grey bands: within the margin of {margin}. A "
    "coloured point says something of all outcomes at once ({all}). Areas are counted, not persons.",
)
ALT = Label(
    nl="{number} {many}; {high} zijn duidelijk hoger bij alle uitkomsten{listed}, {low} duidelijk lager.",
    en="{number} {many}; {high} are clearly higher in all outcomes{listed}, {low} clearly lower.",
)
OTHERS = Label(nl="overige", en="others")
NAMED = 8
"""Labels of the areas that are most surely higher in all, at most."""
NEAR = 0.05
"""Labels are left out of areas nearer to a labelled one than this part of the picture, in both directions."""


@in_house_style
def accumulation(
    result: Accumulation,
    pair: tuple[str, str] | None = None,
    *,
    axes: Axes | None = None,
    language: Language | None = None,
) -> Figure:
    """Draw the ratio of use to expected use of one outcome against that of another, areas high in all marked.

    Parameters
    ----------
    result : Accumulation
    pair : tuple of str, optional
        Names of two outcomes; the first two when left out.

    Returns
    -------
    Figure
        Up to eight of the areas that are most surely higher in all are labelled.

    Raises
    ------
    UnknownNameError
        There is no such outcome.

    Examples
    --------
    >>> from bayesmodel import accumulation, load_fit
    >>> accumulation({name: load_fit(f"together/{name}/fit.nc") for name in ("youth", "wmo")}).plot()  # doctest: +SKIP
    """
    chosen = pair or tuple(result.ratios)[:2]
    for name in chosen:
        if name not in result.ratios:
            raise UnknownNameError(_("outcome"), name, result.ratios)
    first, second = chosen
    display = display_of(result.higher, language)
    margin, accent = result.rule.margin or 0.0, theme().accent
    table = pd.DataFrame({"name": result.higher.names, "verdict": result.classes})
    table["x"], table["y"] = (result.ratios[name].samples.mean(axis=0) for name in (first, second))
    dim = str(result.higher.draws.dims[-1])
    many = display.text(display.study.areas_label) if dim == display.study.area else file_name(dim)
    axes = axes_for(axes, 6.0)
    for band in (axes.axvspan, axes.axhspan):
        band(1 - margin, 1 + margin, color=GREY, alpha=0.12, lw=0)
    axes.axvline(1, color=INK, lw=0.8)
    axes.axhline(1, color=INK, lw=0.8)
    crowd = min(1.0, 150 / max(len(table), 1))
    size = 2.5 + 2.5 * crowd
    marks = {
        VerdictClass.CLEARLY_HIGHER: ("o", accent, accent),
        VerdictClass.PROBABLY_HIGHER: ("o", accent, "white"),
        VerdictClass.CLEARLY_LOWER: ("v", theme().second, theme().second),
        VerdictClass.PROBABLY_LOWER: ("v", theme().second, "white"),
    }
    rest = table[~table["verdict"].isin(list(marks))]
    axes.plot(
        rest["x"], rest["y"], ".", ms=size, color=GREY, alpha=0.3 + 0.4 * crowd, mew=0, label=display.text(OTHERS)
    )
    for verdict, (shape, edge, inside) in marks.items():
        part = table[table["verdict"] == verdict]
        if len(part):
            label = display.text(IN_ALL[verdict])
            axes.plot(part["x"], part["y"], shape, ms=size + 1, color=edge, mfc=inside, mew=0.9, label=label)
    high = table.loc[result.summary().index].query("verdict == @VerdictClass.CLEARLY_HIGHER")
    begin, end = axes.get_xlim()
    for point in _apart(high, axes):
        left = bool(point["x"] > end - (end - begin) / 5)  # so that the label stays inside
        axes.annotate(
            on_one_line(str(point["name"])),
            (point["x"], point["y"]),
            xytext=(-5 if left else 5, 4),
            textcoords="offset points",
            ha="right" if left else "left",
            size=7.5,
        )
    axes.set_xlabel(display.text(AXIS, name=first))
    axes.set_ylabel(display.text(AXIS, name=second))
    listed = ", ".join(on_one_line(str(name)) for name in high["name"].head(NAMED))
    low = int((table["verdict"] == VerdictClass.CLEARLY_LOWER).sum())
    known = {"number": len(table), "many": many}
    within = percent(margin, display.language)
    return finish(
        axes,
        display,
        title=display.text(TITLE, many=many, names=f"{first} {_and(display.language)} {second}"),
        caption=(display.text(MARKS, **known, margin=within, all=", ".join(result.ratios)),),
        alt=display.text(
            ALT, number=len(table), many=many, high=len(high), low=low, listed=f": {listed}" if listed else ""
        ),
        interval=False,
        numbers="both",
        columns=3,
    )


def _and(language: Language) -> str:
    """Return the word between two names."""
    return "en" if language == "nl" else "and"


def _apart(high: pd.DataFrame, axes: Axes) -> list[pd.Series]:
    """Return the areas to label, the surest first: those whose labels do not overlap."""
    (left, right), (low, top) = axes.get_xlim(), axes.get_ylim()
    chosen = list[pd.Series]()
    for _code, row in high.iterrows():
        near = any(
            abs(row["x"] - other["x"]) < 5 * NEAR * (right - left) and abs(row["y"] - other["y"]) < NEAR * (top - low)
            for other in chosen
        )
        if not near and len(chosen) < NAMED:
            chosen.append(row)
    return chosen


@in_house_style
def correlations(result: Correlations, *, axes: Axes | None = None, language: Language | None = None) -> Figure:
    """Draw the correlation of each two outcomes with its interval, of areas and of the groups of each level.

    Parameters
    ----------
    result : Correlations

    Returns
    -------
    Figure

    Examples
    --------
    >>> from bayesmodel import correlations, fit_outcomes
    >>> correlations(fit_outcomes(counts)).plot()  # doctest: +SKIP
    """
    picture = forest(result.estimate, ordered=False, axes=axes, language=language)
    for each in picture.axes if axes is None else [axes]:
        each.set_xlim(-1, 1)
    return picture
