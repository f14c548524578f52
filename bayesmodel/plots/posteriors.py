"""Full posteriors of a few areas, with the probability that one is above another."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from bayesmodel.estimates.compare import Comparison
from bayesmodel.estimates.estimate import Estimate
from bayesmodel.format import probability
from bayesmodel.messages import Language
from bayesmodel.plots.axes import axis_text, display_of, no_difference, nobody_lives, question, remark, rows_of
from bayesmodel.plots.canvas import axes_for, draw_intervals, finish
from bayesmodel.plots.style import INK, in_house_style, mark_of
from bayesmodel.study import Label

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

MARKS = Label(
    nl="Hoe hoger de piek, hoe waarschijnlijker de waarde. Stip: gemiddelde; lijn: interval.",
    en="The higher the curve, the more likely the value. Mark: mean; line: interval.",
)
ALT = Label(nl="Per rij: {rows}.", en="Row by row: {rows}.")
HEIGHT, BINS = 0.75, 60
"""Height of a ridge, as a fraction of the distance between ridges, and its number of bins."""


@in_house_style
def posteriors(
    estimate: Estimate, *, note: str = "", axes: Axes | None = None, language: Language | None = None
) -> Figure:
    """Draw the posteriors of a few areas as ridges above one another, on one axis.

    Parameters
    ----------
    estimate : Estimate
        Of up to about eight areas or groups.
    note : str
        A sentence for the caption, such as the probability that one is above another.

    Returns
    -------
    Figure

    Examples
    --------
    >>> from bayesmodel import use
    >>> from bayesmodel.testing import invented_fit
    >>> two = use(invented_fit(), scale="share", areas=["WK000100", "WK000102"])
    >>> posteriors(two, language="en").axes[0].get_xlabel()
    'underlying use (% of young people)'
    """
    display = display_of(estimate, language)
    rows = rows_of(estimate, display)
    absent = nobody_lives(rows, display)
    axes = axes_for(axes, 1.9 + 0.75 * len(rows))
    positions = np.arange(len(rows))[::-1]
    samples = estimate.samples.reshape(len(estimate.samples), -1) * display.factor
    chosen = estimate.index.get_indexer_for(rows.index)
    edges = _edges(samples[:, chosen])
    for position, column, status in zip(positions, chosen, rows["status"], strict=True):
        share = np.histogram(samples[:, column], edges)[0] / len(samples)
        hill = position + 0.08 + HEIGHT * share / share.max()
        axes.stairs(hill, edges, baseline=position + 0.08, fill=True, color=mark_of(status).colour, alpha=0.35)
    draw_intervals(axes, positions, rows, display, size=5)
    if (equal := no_difference(estimate, display)) is not None:
        axes.axvline(equal, color=INK, lw=1)
    axes.set_yticks(positions, rows["name"])
    axes.set_ylim(-0.4, len(rows) - 0.1)
    axes.grid(visible=False, axis="y")
    axes.set_xlabel(axis_text(estimate, display))
    return finish(
        axes,
        display,
        title=question(estimate, display),
        caption=(note, remark(estimate, display), display.text(MARKS), absent),
        alt=display.text(ALT, rows=display.listed(rows)),
        numbers="x",
    )


def _edges(samples: NDArray[Any]) -> NDArray[np.float64]:
    """Return the bin edges, the same for all areas; for whole numbers they lie halfway between them."""
    lowest, highest = float(samples.min()), float(samples.max())
    if np.issubdtype(samples.dtype, np.integer) or bool((samples == np.rint(samples)).all()):
        step = max(1, int(np.ceil((highest - lowest) / BINS)))
        return np.arange(lowest - 0.5, highest + step + 0.5, step)
    reach = np.quantile(samples, [0.0005, 0.9995])
    return np.linspace(reach[0], reach[1], BINS + 1)


HIGHER = Label(
    nl="De kans dat {area} hoger is dan {other}: {chance}.",
    en="The probability that {area} is above {other}: {chance}.",
)


@in_house_style
def comparison(compared: Comparison, *, axes: Axes | None = None, language: Language | None = None) -> Figure:
    """Draw the posteriors of the compared areas, with the probability that the first is above each other one.

    Parameters
    ----------
    compared : Comparison
        Of `compare`; up to about eight areas.

    Returns
    -------
    Figure
        The probability is computed draw by draw: it can be decisive even where the ridges overlap, because what the
        areas have in common shifts both together.

    Examples
    --------
    >>> from bayesmodel import compare
    >>> from bayesmodel.testing import invented_fit
    >>> picture = comparison(compare(invented_fit(), ["WK000100", "GM0002"]))
    >>> "De kans dat Wijk 000100 hoger is dan Gemeente 0002: 44%." in picture.get_label()
    True
    """
    chosen = language or compared.study.report.language
    names = compared.names
    first, *others = names.index
    note = " ".join(
        HIGHER[chosen].format(
            area=names[first], other=names[other], chance=probability(compared.p_higher.loc[first, other], chosen)
        )
        for other in others
    )
    return posteriors(compared.estimate, note=note, axes=axes, language=chosen)
