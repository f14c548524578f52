"""How firm conclusions are: what becomes of verdicts under other models, other priors and other data."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from bayesmodel.checks.multiverse import Multiverse
from bayesmodel.format import percent
from bayesmodel.messages import Language
from bayesmodel.plots.axes import Reading
from bayesmodel.plots.canvas import axes_for, finish, name_rows, row_height, write_beside, write_numbers
from bayesmodel.plots.style import BLUE, GREY, INK, in_house_style
from bayesmodel.study import Label

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

MULTIVERSE = Label(nl="Houden de conclusies stand in andere modellen?", en="Do conclusions stand in other models?")
MULTIVERSE_AXIS = Label(nl="conclusies van de studie die standhouden (%)", en="conclusions of the study that stand (%)")
MULTIVERSE_MARKS = Label(
    nl="Stip: gemiddelde over de modellen met die keuze; streep: over alle {models} modellen. Een conclusie is een "
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
