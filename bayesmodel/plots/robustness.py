"""How firm conclusions are: what becomes of verdicts under other models, other priors and other data."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.stats import kstwo

from bayesmodel.checks.multiverse import Multiverse
from bayesmodel.checks.sbc import SimulationCalibration
from bayesmodel.format import percent
from bayesmodel.messages import Language
from bayesmodel.plots.axes import Reading
from bayesmodel.plots.canvas import axes_for, finish, legend, name_rows, row_height, write_beside, write_numbers
from bayesmodel.plots.style import BLUE, GREY, INK, in_house_style
from bayesmodel.study import Label

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

MULTIVERSE = Label(nl="Houden de conclusies stand in andere modellen?", en="Do conclusions stand in other models?")
MULTIVERSE_AXIS = Label(nl="conclusies van de studie die standhouden (%)", en="conclusions of the study that stand (%)")
MULTIVERSE_MARKS = Label(
    nl="Stip: gemiddelde over de modellen met die keuze; lijn: over alle {models} modellen. Een conclusie is een "
    "ander oordeel dan ‘niet te zeggen’.",
    en="Mark: mean over the models with that option; line: over all {models} models. A conclusion is a verdict other "
    "than inconclusive.",
)
NUMBER_OF_MODELS = Label(nl="modellen", en="models")
MULTIVERSE_ALT = Label(
    nl="Over alle modellen {all}. Per keuze: {rows}.", en="Over all models {all}. By option: {rows}."
)


@in_house_style
def multiverse(found: Multiverse, *, axes: Axes | None = None, language: Language | None = None) -> Figure:
    """Draw, per option of each choice, the share of the study's conclusions that stand in the models with it.

    Parameters
    ----------
    found : Multiverse
        Of `bayesmodel.multiverse`.

    Returns
    -------
    Figure
        One row per option; the options of a choice stand under each other.

    Examples
    --------
    >>> from bayesmodel import multiverse as of_study
    >>> multiverse(of_study(study)).savefig("multiverse.png")  # doctest: +SKIP
    """
    reading = Reading(found.study, language or found.study.report.language)
    rows = found.by_option
    conclusions = found.stands[found.own != "inconclusive"].to_numpy()
    overall = float(np.nanmean(conclusions)) if np.isfinite(conclusions).any() else float("nan")
    names = [f"{choice}: {option}" for choice, option in rows.index]
    axes = axes_for(axes, 1.9 + row_height(names) * len(names))
    axes.axvline(100 * overall, color=INK, lw=1)
    starts = [row for row in range(1, len(rows)) if rows.index[row][0] != rows.index[row - 1][0]]
    axes.hlines(np.array(starts) - 0.5, 0, 100, colors=GREY, lw=0.5)
    axes.plot(100 * rows["stands"], np.arange(len(rows)), "o", color=BLUE, ms=5)
    axes.set_xlim(0, 102)
    name_rows(axes, names)
    write_beside(axes, reading.say(NUMBER_OF_MODELS), [str(models) for models in rows["models"]])
    axes.set_xlabel(reading.say(MULTIVERSE_AXIS))
    write_numbers(axes, "x", reading)
    shares = [percent(share, reading.language) for share in rows["stands"]]
    listed = "; ".join(f"{name} {share}" for name, share in zip(names, shares, strict=True))
    return finish(
        axes,
        reading,
        title=reading.say(MULTIVERSE),
        caption=(reading.say(MULTIVERSE_MARKS, models=found.verdicts.shape[1]),),
        alt=reading.say(MULTIVERSE_ALT, all=percent(overall, reading.language), rows=listed),
        interval=False,
    )


SBC = Label(nl="Vindt de berekening terug wat er in zit?", en="Does the computation find what is there?")
SBC_AXIS = Label(
    nl="rang van de ware waarde onder de trekkingen (0 = laagste, 1 = hoogste)",
    en="rank of the true value among the draws (0 = lowest, 1 = highest)",
)
SBC_DISTANCE = Label(nl="aandeel eronder min het verwachte", en="share below it, minus what is expected")
SBC_MARKS = Label(
    nl="Per soort grootheid het verschil tussen de verdeling van de rangen en een gelijkmatige, over {replicates} "
    "nabootsingen. Eén goede grootheid blijft met 95% kans overal binnen de grijze band; gemiddelden van vele (tussen "
    "haakjes hun aantal) liggen dichter bij nul.",
    en="Per kind of quantity the distance between the distribution of the ranks and a uniform one, over {replicates} "
    "replicates. One quantity that is right stays within the grey band everywhere with a probability of 95%; means of "
    "many (their number in brackets) lie closer to zero.",
)
SBC_ALT = Label(
    nl="Grootste afstand per soort: {rows}; de band is {band} breed aan elke kant.",
    en="Largest distance by kind: {rows}; the band is {band} wide on either side.",
)
STEPS = 101
"""Points of a curve."""
CURVES = {"sd": "--", "effect": ":", "special": "-."}
"""Line of a variable, by how its name begins."""


@in_house_style
def rank_curves(found: SimulationCalibration, *, axes: Axes | None = None, language: Language | None = None) -> Figure:
    """Draw the distribution of the ranks of each variable, minus the uniform one that is right.

    Parameters
    ----------
    found : SimulationCalibration
        Of `posterior_sbc` or `prior_sbc`.

    Returns
    -------
    Figure
        One line per variable, with the band of Kolmogorov and Smirnov for one quantity.

    Examples
    --------
    >>> from bayesmodel import load_fit, posterior_sbc
    >>> rank_curves(posterior_sbc(load_fit("results/fit.nc")))  # doctest: +SKIP
    """
    reading = Reading(found.study, language or found.study.report.language)
    axes = axes_for(axes, 3.6)
    at = np.linspace(0, 1, STEPS)
    band = float(kstwo.ppf(0.95, len(found.ranks)))
    axes.fill_between(at, -band, band, color=GREY, alpha=0.25, lw=0)
    distances = {}
    for variable, part in found.uniforms.T.groupby(level="variable", sort=False):
        u = np.sort(part.to_numpy().ravel())
        away = np.searchsorted(u, at, side="right") / len(u) - at
        name = f"{variable} ({len(part)})" if len(part) > 1 else str(variable)
        axes.plot(at, away, CURVES.get(str(variable).split("_")[0], "-"), lw=1.2, label=name)
        distances[name] = float(np.abs(away).max())
    axes.axhline(0, color=INK, lw=1)
    axes.set_xlabel(reading.say(SBC_AXIS))
    axes.set_ylabel(reading.say(SBC_DISTANCE))
    write_numbers(axes, "both", reading)
    legend(axes)
    listed = "; ".join(f"{name} {reading.number(distance, 2)}" for name, distance in distances.items())
    return finish(
        axes,
        reading,
        title=reading.say(SBC),
        caption=(reading.say(SBC_MARKS, replicates=len(found.ranks)),),
        alt=reading.say(SBC_ALT, rows=listed, band=reading.number(band, 2)),
        interval=False,
    )
