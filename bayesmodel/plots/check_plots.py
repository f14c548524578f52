"""Pictures of checks: coverage by class of areas, the transform of counts, and what was published beside replicates."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from bayesmodel.checks.calibration import SURE, TELLING, Calibration, Transforms
from bayesmodel.checks.hide_and_seek import TREATMENTS, WINDOW, HideAndSeek
from bayesmodel.checks.predictive import PredictiveCheck
from bayesmodel.format import percent
from bayesmodel.messages import Language, number
from bayesmodel.plots.axes import Reading
from bayesmodel.plots.canvas import axes_for, finish, legend, name_rows, row_height, write_beside, write_numbers
from bayesmodel.plots.style import BLUE, GREY, INK, ORANGE, PALE, in_house_style
from bayesmodel.study import Label

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

COVERAGE = Label(nl="aantallen binnen het interval (%)", en="counts inside the interval (%)")
HELD, CHANCE = Label(nl="gevonden", en="found"), Label(nl="wat bij toeval past", en="what chance allows")
NUMBER = Label(nl="aantallen", en="counts")
COVERAGE_MARKS = Label(
    nl="Elk gebied is weggelaten en uit de andere voorspeld; een getoond aantal is vergeleken met wat getoond zou "
    "zijn. Lijn: beloofd ({promised}).",
    en="Each area was left out and predicted from the others; a shown count is compared with what would be shown. "
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
    en="Even bars: the model is right. A hill: intervals too wide; a valley: too narrow; a slope: too high or too low.",
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
def coverage(found: Calibration, *, axes: Axes | None = None, language: Language | None = None) -> Figure:
    """Draw how often intervals held the count, class by class, beside what they promise and what chance allows.

    Parameters
    ----------
    found : Calibration
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
    reading = Reading(found.study, language or found.study.report.language)
    table = found.summary()
    kept = (table["shown"] >= TELLING).to_numpy()
    table = table[kept]
    names = [label[reading.language] for (label, _), keep in zip(found.classes, kept, strict=True) if keep]
    axes = axes_for(axes, 1.7 + row_height(names or [""]) * len(names))
    at, promised = np.arange(len(table)), 100 * found.promised
    width = 100 * SURE * table["error"].to_numpy()
    allowed = promised - width, np.minimum(promised + width, 100)
    axes.hlines(at, *allowed, colors=PALE, lw=7, label=reading.say(CHANCE))
    axes.axvline(promised, color=INK, lw=1)
    axes.plot(100 * table["coverage"], at, "o", ms=5, color=BLUE, label=reading.say(HELD))
    name_rows(axes, names)
    write_beside(axes, reading.say(NUMBER), [number(int(size), ",", reading.language) for size in table["shown"]])
    axes.set_xlabel(reading.say(COVERAGE))
    write_numbers(axes, "x", reading)
    legend(axes)
    return finish(
        axes,
        reading,
        title=found.title_in(reading.language),
        caption=(reading.say(COVERAGE_MARKS, promised=percent(found.promised, reading.language)),),
        alt=" ".join(f"{said}." for said in found.sentences(reading.language)),
        interval=False,
    )


@in_house_style
def transforms(found: Transforms, *, axes: Axes | None = None, language: Language | None = None) -> Figure:
    """Draw where shown counts lie in what was predicted of them (probability integral transform), as a histogram.

    Parameters
    ----------
    found : Transforms
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
    reading = Reading(found.study, language or found.study.report.language)
    shares = 100 * found.frame["share"]
    size = len(found.low)
    each = 100 / len(shares)
    axes = axes_for(axes, 2.6)
    axes.bar(shares.index + each / 200, shares, width=each / 108, color=BLUE)
    chance = SURE * 100 * np.sqrt(each / 100 * (1 - each / 100) / max(size, 1))
    axes.axhspan(each - chance, each + chance, color=PALE, alpha=0.6, zorder=0, label=reading.say(CHANCE))
    axes.axhline(each, color=INK, lw=1)
    axes.set_xlim(0, 1)
    axes.set_xlabel(reading.say(POSITION))
    axes.set_ylabel(reading.say(SHARE))
    write_numbers(axes, "both", reading)
    legend(axes)
    bars = ", ".join(number(float(share), ".1f", reading.language) for share in shares)
    marks = (reading.say(HISTOGRAM_MARKS),)
    title = found.title_in(reading.language)
    return finish(axes, reading, title=title, caption=marks, alt=f"{reading.say(SHARE)}: {bars}.", interval=False)


@in_house_style
def replicated(found: PredictiveCheck, *, axes: Axes | None = None, language: Language | None = None) -> Figure:
    """Draw what was published beside what the model would have published, both over the mean of the model.

    Parameters
    ----------
    found : PredictiveCheck
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
    reading = Reading(found.study, language or found.study.report.language)
    kept = (found.frame["mean"] >= 1).to_numpy() | found.frame["quantity"].isin(["within", "between"]).to_numpy()
    table = found.frame[kept]
    labels = [pair for pair, keep in zip(found.labels, kept, strict=True) if keep]
    names = [f"{what[reading.language]}, {areas[reading.language]}" for what, areas in labels]
    axes = axes_for(axes, 1.9 + max(row_height(names or [""]), 0.27) * len(names))
    mean, at = table["mean"].to_numpy(), np.arange(len(table))
    axes.hlines(
        at, table["lower"] / mean, table["upper"] / mean, colors=BLUE, lw=4, alpha=0.5, label=reading.say(MODEL)
    )
    odd = table.index.isin(found.unusual.index)
    axes.plot(table["observed"] / mean, at, "x", color=INK, mew=1.4, label=reading.say(PUBLISHED))
    if odd.any():
        axes.plot(table["observed"][odd] / mean[odd], at[odd], "o", ms=9, mfc="none", color=ORANGE)
    axes.axvline(1, color=GREY, lw=1)
    name_rows(axes, names)
    axes.set_xlabel(reading.say(RATIO))
    write_numbers(axes, "x", reading)
    legend(axes)
    interval = percent(found.study.report.interval, reading.language)
    draws = number(found.draws, ",", reading.language)
    return finish(
        axes,
        reading,
        title=found.title_in(reading.language),
        caption=(reading.say(PREDICTIVE_MARKS, draws=draws, interval=interval),),
        alt=" ".join(f"{said}." for said in found.sentences(reading.language, all_rows=True)),
        interval=False,
    )


SCORE = Label(
    nl="gemiddelde fout per gebied (score; lager is beter)", en="mean error per area (score; lower is better)"
)
BIAS = Label(nl="gem. afwijking", en="mean deviation")
SEEK_MARKS = Label(
    nl="De score van een ingevuld getal is zijn gemiddelde afstand tot wat het was; een verdeling wordt op dezelfde "
    "schaal beloond als ze dichtbij en terecht onzeker is (CRPS).",
    en="The score of a filled-in number is its mean distance from what it was; a distribution is rewarded on the same "
    "scale for being close and rightly uncertain (CRPS).",
)


@in_house_style
def found_back(found: HideAndSeek, *, axes: Axes | None = None, language: Language | None = None) -> Figure:
    """Draw how far each way to treat hidden counts is from what they were.

    Parameters
    ----------
    found : HideAndSeek
        Of `bayesmodel.hide_and_seek`.

    Returns
    -------
    Figure

    Examples
    --------
    >>> from bayesmodel import hide_and_seek, load_fit
    >>> found_back(hide_and_seek(load_fit("results/fit.nc")))  # doctest: +SKIP
    """
    reading = Reading(found.study, language or found.study.report.language)
    table = found.frame
    names = [reading.say(TREATMENTS[str(name)]) for name in table.index]
    axes = axes_for(axes, 3.1)
    at = np.arange(len(table))
    axes.barh(at, table["score"], 0.6, color=[BLUE if name == WINDOW else PALE for name in table.index])
    name_rows(axes, names)
    shown = [number(float(bias), "+.2f", reading.language) for bias in table["bias"]]
    write_beside(axes, reading.say(BIAS), shown)
    axes.set_xlim(0, None)
    axes.set_xlabel(reading.say(SCORE))
    write_numbers(axes, "x", reading)
    how, *rest = found.sentences(reading.language)
    alt = " ".join(f"{said}." for said in rest)
    marks = (how, reading.say(SEEK_MARKS))
    return finish(axes, reading, title=found.title_in(reading.language), caption=marks, alt=alt, interval=False)
