"""Pictures of checks: coverage by class of areas, integral transforms, published against replicated, treatments."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from bayesmodel.checks.calibration import FEWEST_SHOWN, Z_LIMIT, Calibration, Transforms
from bayesmodel.checks.hide_and_seek import TREATMENTS, WINDOW, HideAndSeek
from bayesmodel.checks.predictive import PredictiveCheck
from bayesmodel.format import percent
from bayesmodel.messages import Language, number
from bayesmodel.plots.axes import display_for
from bayesmodel.plots.canvas import axes_for, finish, name_rows, row_height, write_beside
from bayesmodel.plots.style import GREY, INK, PALE, in_house_style
from bayesmodel.study import Label
from bayesmodel.theme import theme

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

COVERAGE = Label(nl="aantallen binnen het interval (%)", en="counts inside the interval (%)")
INSIDE, CHANCE = Label(nl="gevonden", en="found"), Label(nl="wat bij toeval past", en="what chance allows")
NUMBER = Label(nl="aantallen", en="counts")
COVERAGE_MARKS = Label(
    nl="Elke {area} is weggelaten en uit de andere voorspeld; een getoond aantal is vergeleken met wat getoond zou "
    "zijn. Lijn: beloofd ({promised}).",
    en="Each {area} was left out and predicted from the others; a shown count is compared with what would be shown. "
    "Line: promised ({promised}).",
)
POSITION = Label(
    nl="plaats van het aantal in de voorspelling (0: ver eronder, 1: ver erboven)",
    en="where the count lies in its prediction (0: far below, 1: far above)",
)
SHARE = Label(nl="deel van de aantallen (%)", en="share of counts (%)")
HISTOGRAM_MARKS = Label(
    nl="Gelijke balken: het model klopt. Een berg: intervallen te breed; een kuil: te smal; een helling: te hoog of te "
    "laag.",
    en="Level bars: the model is right. A hump: intervals too wide; a dip: too narrow; a slope: too high or too low.",
)
PUBLISHED = Label(nl="gepubliceerd", en="published")
MODEL = Label(nl="volgens het model", en="by the model")
RATIO = Label(nl="gedeeld door wat het model gemiddeld geeft", en="divided by the mean of the model")
PREDICTIVE_MARKS = Label(
    nl="{draws} landen getrokken uit het model, verborgen en afgerond als in de publicatie. Interval: {interval} van "
    "die landen.",
    en="{draws} countries drawn from the model, hidden and rounded as published. Interval: {interval} of those "
    "countries.",
)


@in_house_style
def coverage(result: Calibration, *, axes: Axes | None = None, language: Language | None = None) -> Figure:
    """Draw how often intervals contain the count, by class of areas, with the nominal coverage and what chance allows.

    Parameters
    ----------
    result : Calibration
        Of `bayesmodel.calibration`.

    Returns
    -------
    Figure

    Examples
    --------
    >>> from bayesmodel.checks.calibration import calibration
    >>> from bayesmodel.testing import invented_fit
    >>> coverage(calibration(invented_fit(areas=320)), language="en").axes[0].get_xlabel()
    'counts inside the interval (%)'
    """
    display = display_for(result.study, language)
    table = result.summary()
    kept = (table["shown"] >= FEWEST_SHOWN).to_numpy()
    table = table[kept]
    names = [label[display.language] for (label, _), keep in zip(result.classes, kept, strict=True) if keep]
    axes = axes_for(axes, 1.7 + row_height(names or [""]) * len(names))
    at, promised = np.arange(len(table)), 100 * result.promised
    width = 100 * Z_LIMIT * table["error"].to_numpy()
    allowed = promised - width, np.minimum(promised + width, 100)
    axes.hlines(at, *allowed, colors=PALE, lw=7, label=display.text(CHANCE))
    axes.axvline(promised, color=INK, lw=1)
    axes.plot(100 * table["coverage"], at, "o", ms=5, color=theme().accent, label=display.text(INSIDE))
    name_rows(axes, names)
    write_beside(axes, display.text(NUMBER), [number(int(size), ",", display.language) for size in table["shown"]])
    axes.set_xlabel(display.text(COVERAGE))
    return finish(
        axes,
        display,
        title=result.title_in(display.language),
        caption=(display.text(COVERAGE_MARKS, promised=percent(result.promised, display.language)),),
        alt=" ".join(f"{sentence}." for sentence in result.sentences(display.language)),
        interval=False,
        numbers="x",
    )


@in_house_style
def transforms(result: Transforms, *, axes: Axes | None = None, language: Language | None = None) -> Figure:
    """Draw where shown counts lie in their predictive distributions (probability integral transform), as a histogram.

    Parameters
    ----------
    result : Transforms
        Of `bayesmodel.calibration`, as its ``transforms``.

    Returns
    -------
    Figure

    Examples
    --------
    >>> from bayesmodel.checks.calibration import calibration
    >>> from bayesmodel.testing import invented_fit
    >>> transforms(calibration(invented_fit(areas=320)).transforms, language="en").axes[0].get_ylabel()
    'share of counts (%)'
    """
    display = display_for(result.study, language)
    shares = 100 * result.frame["share"]
    size = len(result.low)
    uniform = 100 / len(shares)
    axes = axes_for(axes, 2.6)
    axes.bar(shares.index + uniform / 200, shares, width=uniform / 108, color=theme().accent)
    chance = Z_LIMIT * 100 * np.sqrt(uniform / 100 * (1 - uniform / 100) / max(size, 1))
    axes.axhspan(uniform - chance, uniform + chance, color=PALE, alpha=0.6, zorder=0, label=display.text(CHANCE))
    axes.axhline(uniform, color=INK, lw=1)
    axes.set_xlim(0, 1)
    axes.set_xlabel(display.text(POSITION))
    axes.set_ylabel(display.text(SHARE))
    bars = ", ".join(number(float(share), ".1f", display.language) for share in shares)
    marks = (display.text(HISTOGRAM_MARKS),)
    title = result.title_in(display.language)
    return finish(
        axes, display, title=title, caption=marks, alt=f"{display.text(SHARE)}: {bars}.", interval=False, numbers="both"
    )


@in_house_style
def replicated(result: PredictiveCheck, *, axes: Axes | None = None, language: Language | None = None) -> Figure:
    """Draw what was published and what the model would have published, both divided by the mean of the model.

    Parameters
    ----------
    result : PredictiveCheck
        Of `bayesmodel.predictive_check`.

    Returns
    -------
    Figure

    Examples
    --------
    >>> from bayesmodel.checks.predictive import predictive_check
    >>> from bayesmodel.testing import invented_fit
    >>> replicated(predictive_check(invented_fit()), language="en").axes[0].get_xlabel()
    'divided by the mean of the model'
    """
    display = display_for(result.study, language)
    kept = (result.frame["mean"] >= 1).to_numpy() | result.frame["quantity"].isin(["within", "between"]).to_numpy()
    table = result.frame[kept]
    labels = [pair for pair, keep in zip(result.labels, kept, strict=True) if keep]
    names = [f"{what[display.language]}, {areas[display.language]}" for what, areas in labels]
    axes = axes_for(axes, 1.9 + max(row_height(names or [""]), 0.27) * len(names))
    mean, at = table["mean"].to_numpy(), np.arange(len(table))
    axes.hlines(
        at,
        table["lower"] / mean,
        table["upper"] / mean,
        colors=theme().accent,
        lw=4,
        alpha=0.5,
        label=display.text(MODEL),
    )
    unusual = table.index.isin(result.unusual.index)
    axes.plot(table["observed"] / mean, at, "x", color=INK, mew=1.4, label=display.text(PUBLISHED))
    if unusual.any():
        axes.plot(table["observed"][unusual] / mean[unusual], at[unusual], "o", ms=9, mfc="none", color=theme().second)
    axes.axvline(1, color=GREY, lw=1)
    name_rows(axes, names)
    axes.set_xlabel(display.text(RATIO))
    interval = percent(result.study.report.interval, display.language)
    draws = number(result.draws, ",", display.language)
    return finish(
        axes,
        display,
        title=result.title_in(display.language),
        caption=(display.text(PREDICTIVE_MARKS, draws=draws, interval=interval),),
        alt=" ".join(f"{sentence}." for sentence in result.sentences(display.language, all_rows=True)),
        interval=False,
        numbers="x",
    )


SCORE = Label(
    nl="gemiddelde fout per {area} (score; lager is beter)", en="mean error per {area} (score; lower is better)"
)
BIAS = Label(nl="gem. afwijking", en="mean deviation")
SEEK_MARKS = Label(
    nl="De score van een ingevuld getal is zijn gemiddelde afstand tot wat het was; een verdeling wordt op dezelfde "
    "schaal beloond als ze dichtbij en terecht onzeker is (CRPS).",
    en="The score of a filled-in number is its mean distance from what it was; a distribution is rewarded on the same "
    "scale for being close and rightly uncertain (CRPS).",
)


@in_house_style
def treatment_scores(result: HideAndSeek, *, axes: Axes | None = None, language: Language | None = None) -> Figure:
    """Draw how far each treatment of hidden counts is from the true counts.

    Parameters
    ----------
    result : HideAndSeek
        Of `bayesmodel.hide_and_seek`.

    Returns
    -------
    Figure

    Examples
    --------
    >>> from bayesmodel import hide_and_seek, load_fit
    >>> treatment_scores(hide_and_seek(load_fit("results/fit.nc")))  # doctest: +SKIP
    """
    display = display_for(result.study, language)
    table = result.frame
    names = [display.text(TREATMENTS[str(name)]) for name in table.index]
    axes = axes_for(axes, 3.1)
    at = np.arange(len(table))
    axes.barh(at, table["score"], 0.6, color=[theme().accent if name == WINDOW else PALE for name in table.index])
    name_rows(axes, names)
    shown = [number(float(bias), "+.2f", display.language) for bias in table["bias"]]
    write_beside(axes, display.text(BIAS), shown)
    axes.set_xlim(0, None)
    axes.set_xlabel(display.text(SCORE))
    how, *rest = result.sentences(display.language)
    alt = " ".join(f"{sentence}." for sentence in rest)
    marks = (how, display.text(SEEK_MARKS))
    return finish(
        axes, display, title=result.title_in(display.language), caption=marks, alt=alt, interval=False, numbers="x"
    )
