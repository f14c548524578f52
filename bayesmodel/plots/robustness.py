"""Pictures of robustness: multiverse, simulation-based calibration, power-scaling, cross-validation."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from bayesmodel.checks.cross_validation import CrossValidation
from bayesmodel.checks.multiverse import Multiverse
from bayesmodel.checks.sbc import SimulationCalibration
from bayesmodel.checks.sensitivity import SENSITIVE, Sensitivity
from bayesmodel.format import percent
from bayesmodel.messages import Language
from bayesmodel.plots.axes import display_for, plain_numbers
from bayesmodel.plots.canvas import axes_for, finish, name_rows, row_height, write_beside
from bayesmodel.plots.style import GREY, INK, in_house_style
from bayesmodel.study import Label
from bayesmodel.theme import theme

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

MULTIVERSE = Label(nl="Houden de conclusies stand in andere modellen?", en="Do the conclusions hold in other models?")
MULTIVERSE_AXIS = Label(nl="conclusies van de studie die standhouden (%)", en="conclusions of the study that hold (%)")
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
def multiverse(result: Multiverse, *, axes: Axes | None = None, language: Language | None = None) -> Figure:
    """Draw, for each option of each choice, the share of the study's conclusions that hold in the models with it.

    Parameters
    ----------
    result : Multiverse
        Of `bayesmodel.multiverse`.

    Returns
    -------
    Figure
        One row per option, grouped by choice.

    Examples
    --------
    >>> from bayesmodel import multiverse as of_study
    >>> multiverse(of_study(study)).savefig("multiverse.png")  # doctest: +SKIP
    """
    display = display_for(result.study, language)
    rows = result.by_option
    conclusions = result.stands[result.own != "inconclusive"].to_numpy()
    overall = float(np.nanmean(conclusions)) if np.isfinite(conclusions).any() else float("nan")
    names = [f"{choice}: {option}" for choice, option in rows.index]
    axes = axes_for(axes, 1.9 + row_height(names) * len(names))
    axes.axvline(100 * overall, color=INK, lw=1)
    starts = [row for row in range(1, len(rows)) if rows.index[row][0] != rows.index[row - 1][0]]
    axes.hlines(np.array(starts) - 0.5, 0, 100, colors=GREY, lw=0.5)
    axes.plot(100 * rows["stands"], np.arange(len(rows)), "o", color=theme().accent, ms=5)
    axes.set_xlim(0, 102)
    name_rows(axes, names)
    write_beside(axes, display.text(NUMBER_OF_MODELS), [str(models) for models in rows["models"]])
    axes.set_xlabel(display.text(MULTIVERSE_AXIS))
    shares = [percent(share, display.language) for share in rows["stands"]]
    listed = "; ".join(f"{name} {share}" for name, share in zip(names, shares, strict=True))
    return finish(
        axes,
        display,
        title=display.text(MULTIVERSE),
        caption=(display.text(MULTIVERSE_MARKS, models=result.verdicts.shape[1]),),
        alt=display.text(MULTIVERSE_ALT, all=percent(overall, display.language), rows=listed),
        interval=False,
        numbers="x",
    )


SBC = Label(nl="Vindt de berekening terug wat er in zit?", en="Does the computation recover the truth?")
SBC_AXIS = Label(
    nl="rang van de ware waarde onder de trekkingen (0 = laagste, 1 = hoogste)",
    en="rank of the true value among the draws (0 = lowest, 1 = highest)",
)
SBC_DISTANCE = Label(nl="aandeel eronder min het verwachte", en="share below it, minus what is expected")
SBC_MARKS = Label(
    nl="Per soort grootheid het verschil tussen de verdeling van de rangen en een gelijkmatige, over {replicates} "
    "nabootsingen. Eén goede grootheid blijft met 95% kans overal binnen de grijze band; gemiddelden van vele "
    "(tussen haakjes hun aantal) liggen dichter bij nul.",
    en="By kind of quantity, the distance between the distribution of the ranks and a uniform one, over {replicates} "
    "replicates. The curve of a single correct quantity stays within the grey band everywhere with a probability of "
    "95%; averages over many (their number in brackets) lie closer to zero.",
)
SBC_ALT = Label(
    nl="Grootste afstand per soort: {rows}; de band is {band} breed aan elke kant.",
    en="Largest distance by kind: {rows}; the band is {band} wide on either side.",
)
STEPS = 101
"""Points of a curve."""
CURVES = {"sd": "--", "effect": ":", "special": "-."}
"""Line style of a variable, by the first part of its name."""


@in_house_style
def rank_curves(result: SimulationCalibration, *, axes: Axes | None = None, language: Language | None = None) -> Figure:
    """Draw the distribution of the ranks of each variable, minus the uniform distribution that is expected.

    Parameters
    ----------
    result : SimulationCalibration
        Of `posterior_sbc` or `prior_sbc`.

    Returns
    -------
    Figure
        One line per variable, with the Kolmogorov-Smirnov band for a single quantity.

    Examples
    --------
    >>> from bayesmodel import load_fit, posterior_sbc
    >>> rank_curves(posterior_sbc(load_fit("results/fit.nc")))  # doctest: +SKIP
    """
    from scipy.stats import kstwo

    display = display_for(result.study, language)
    axes = axes_for(axes, 3.6)
    at = np.linspace(0, 1, STEPS)
    band = float(kstwo.ppf(0.95, len(result.ranks)))
    axes.fill_between(at, -band, band, color=GREY, alpha=0.25, lw=0)
    distances = {}
    for variable, part in result.uniforms.T.groupby(level="variable", sort=False):
        u = np.sort(part.to_numpy().ravel())
        difference = np.searchsorted(u, at, side="right") / len(u) - at
        name = f"{variable} ({len(part)})" if len(part) > 1 else str(variable)
        axes.plot(at, difference, CURVES.get(str(variable).split("_")[0], "-"), lw=1.2, label=name)
        distances[name] = float(np.abs(difference).max())
    axes.axhline(0, color=INK, lw=1)
    axes.set_xlabel(display.text(SBC_AXIS))
    axes.set_ylabel(display.text(SBC_DISTANCE))
    listed = "; ".join(f"{name} {display.number(distance, 2)}" for name, distance in distances.items())
    return finish(
        axes,
        display,
        title=display.text(SBC),
        caption=(display.text(SBC_MARKS, replicates=len(result.ranks)),),
        alt=display.text(SBC_ALT, rows=listed, band=display.number(band, 2)),
        interval=False,
        numbers="both",
    )


SMALLEST_SHIFT = 1e-4
"""Left end of the axis; smaller shifts are drawn here."""
SCALING = Label(nl="Rust de uitkomst op de prior?", en="Does the outcome depend on the prior?")
SCALING_AXIS = Label(
    nl="verschuiving van de posterior per verdubbeling van het gewicht",
    en="shift of the posterior per doubling of its power",
)
SCALING_NAMES = {
    "prior": Label(nl="van de prior", en="of the prior"),
    "likelihood": Label(nl="van de likelihood", en="of the likelihood"),
}
SCALING_MARKS = Label(
    nl="Lijn: {limit}. Een stip rechts ervan: die parameter rust mede op zijn prior. Een streep links ervan: de "
    "aantallen leren er weinig over.",
    en="Line: {limit}. A mark to the right of it: that parameter depends on its prior too. A dash to the left of it: "
    "the counts contain little information about it.",
)
SCALING_ALT = Label(nl="Per parameter prior en likelihood: {rows}.", en="By parameter, prior and likelihood: {rows}.")


@in_house_style
def power_scaling(result: Sensitivity, *, axes: Axes | None = None, language: Language | None = None) -> Figure:
    """Draw how far the posterior of each parameter shifts when the prior, or the likelihood, is given more weight.

    Parameters
    ----------
    result : Sensitivity
        Of `bayesmodel.sensitivity`.

    Returns
    -------
    Figure
        One row per parameter; the caption gives the number of conclusions that change.

    Examples
    --------
    >>> from bayesmodel import sensitivity
    >>> from bayesmodel.testing import invented_fit
    >>> power_scaling(sensitivity(invented_fit(), "gemeente"), language="en").axes[0].get_xscale()
    'log'
    """
    display = display_for(result.study, language)
    rows = result.parameters
    axes = axes_for(axes, 1.9 + 0.22 * len(rows))
    positions = np.arange(len(rows))
    for component, shape, colour in (("prior", "o", theme().accent), ("likelihood", "|", INK)):
        shifts = np.maximum(rows[component], SMALLEST_SHIFT)
        axes.plot(shifts, positions, shape, color=colour, ms=6, label=display.text(SCALING_NAMES[component]))
    axes.axvline(SENSITIVE, color=GREY, lw=1)
    axes.set_xscale("log")
    plain_numbers(axes.xaxis, display)
    name_rows(axes, [str(name) for name in rows.index])
    axes.set_xlabel(display.text(SCALING_AXIS))
    listed = "; ".join(
        f"{name} {display.number(row['prior'], 2)}, {display.number(row['likelihood'], 2)}"
        for name, row in rows.iterrows()
    )
    return finish(
        axes,
        display,
        title=display.text(SCALING),
        caption=(
            display.text(SCALING_MARKS, limit=display.number(SENSITIVE, 2)),
            *result.sentences(display.language)[:-1],
        ),
        alt=display.text(SCALING_ALT, rows=listed),
        interval=False,
    )


GROUPS = Label(nl="Wat wordt slecht voorspeld uit de rest?", en="What is poorly predicted from the rest?")
GROUPS_ORDER = Label(nl="rang, van slechtst naar best voorspeld", en="rank, from worst to best predicted")
GROUPS_AXIS = Label(nl="log-kans per {area}", en="log probability per {area}")
GROUPS_MARKS = Label(
    nl="Lager is slechter voorspeld; de slechtste zijn genoemd. Kruis: Pareto k te groot en niet opnieuw geschat.",
    en="Lower means worse predicted; the worst are named. Cross: Pareto k too large and not refitted.",
)
GROUPS_ALT = Label(nl="Het slechtst voorspeld: {rows}.", en="Worst predicted: {rows}.")
NAMED = 3
"""Units that are named."""
LINE = 11
"""Points between two names."""


@in_house_style
def predicted_units(result: CrossValidation, *, axes: Axes | None = None, language: Language | None = None) -> Figure:
    """Draw how well each left-out unit is predicted from the rest, with the worst ones named.

    Parameters
    ----------
    result : CrossValidation
        Of `bayesmodel.cross_validate`.

    Returns
    -------
    Figure
        One mark per unit, from worst to best: its log probability divided by its number of areas.

    Examples
    --------
    >>> from bayesmodel import cross_validate
    >>> from bayesmodel.testing import invented_fit
    >>> len(predicted_units(cross_validate(invented_fit(), refits=0)).axes[0].texts)
    3
    """
    display = display_for(result.study, language)
    rows = result.summary()
    scores, poor = (rows["elpd"] / rows["areas"]).to_numpy(), rows.index.isin(result.poor)
    axes, ranks = axes_for(axes, 3.6), np.arange(1, len(rows) + 1)
    axes.plot(ranks[~poor], scores[~poor], "o", color=theme().accent, ms=4)
    axes.plot(ranks[poor], scores[poor], "x", color=INK, ms=6)
    worst = [(rank, str(code), score) for rank, code, score in zip(ranks[:NAMED], rows.index, scores, strict=False)]
    reached, _limits = -np.inf, axes.get_ylim()  # which are set by asking for them
    for rank, code, score in worst:  # from low to high: a label that would overlap the one below it moves up
        point = axes.transData.transform((rank, score))[1] * 72 / axes.figure.dpi
        reached = max(point, reached + LINE)
        axes.annotate(code, (rank, score), xytext=(6, reached - point), textcoords="offset points", va="center")
    axes.set_xlabel(display.text(GROUPS_ORDER))
    axes.set_ylabel(display.text(GROUPS_AXIS))
    listed = "; ".join(f"{code} {display.number(score, 2)}" for _rank, code, score in worst)
    return finish(
        axes,
        display,
        title=display.text(GROUPS),
        caption=(display.text(GROUPS_MARKS), result.sentences(display.language)[0]),
        alt=display.text(GROUPS_ALT, rows=listed),
        interval=False,
        numbers="both",
    )
